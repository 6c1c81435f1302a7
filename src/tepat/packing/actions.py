"""What changes before anything is packed: sets from the needs, cartons of ballots, tables and people."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Max

from tepat.common import ledger
from tepat.common.acting import Actor, action, load_or_refuse
from tepat.common.errors import Refused
from tepat.common.models import Election, Place
from tepat.common.permissions import Permission
from tepat.packing.codes import BALLOTS, LOT_NUMBER_MAX, lot_code, object_id
from tepat.packing.contents import PlannedObject, PlannedSet, plan_sets
from tepat.packing.models import BallotLot, PackedObject, PackingSession, PackingSet, PackingTable
from tepat.packing.second_person import check_second
from tepat.planning.office_needs import needs_in_area

PREPARED = ledger.kind("packing.sets-prepared")
LOTS_ADDED = ledger.kind("packing.lots-added")
TABLE_ADDED = ledger.kind("packing.table-added")
SESSION_OPENED = ledger.kind("packing.session-opened")
SESSION_CLOSED = ledger.kind("packing.session-closed")

ROWS_A_STATEMENT = 500
SHEETS_A_LOT_MAX = 20_000
LOTS_AT_ONCE_MAX = 500
TABLE_NAME_LENGTH_MAX = 40
ORIGIN_LENGTH_MAX = 120
WAITING = PackingSet.State.WAITING


@dataclass(frozen=True)
class Prepared:
    """What a preparation did.

    Args:
        sets: Sets there are now.
        objects: Their boxes and bundles.
        new: Sets that were not there before.
        updated: Sets whose contents changed before anything was packed.
        changed: Sets whose needs changed although packing had begun; they are only marked.
        removed: Sets of units that are no longer on the list, nothing packed.
    """

    sets: int
    objects: int
    new: int
    updated: int
    changed: int
    removed: int


@action(Permission.PACKING_DO, area="area_code")
def prepare_sets(*, by: Actor, at: datetime, area_code: str, election: str) -> Prepared:
    """Make or renew the sets of all TPS, PPS and PPK of an office from its needs.

    A set in which something lies already keeps its contents and is marked where the needs differ now.

    Args:
        by: Who prepares.
        at: When.
        area_code: The office's area.
        election: The election's code.

    Raises:
        Refused: PACK-NO-TPS, PACK-DAPIL-MANY, and those of the needs.
    """
    row = Election.objects.get(code=election)
    planned = plan_sets(needs_in_area(row, area_code))
    if not planned:
        raise Refused("PACK-NO-TPS", election=row.name)
    known = {found.unit: found for found in PackingSet.objects.in_area(area_code).filter(election=row)}
    shapes = _stored_shapes(row, area_code)
    wanted = {each.unit: _shape(each) for each in planned}
    new = [each for each in planned if each.unit not in known]
    differ = [each for each in planned if each.unit in known and shapes[each.unit] != wanted[each.unit]]
    free = [(known[each.unit], each) for each in differ if known[each.unit].state == WAITING]
    marked = [known[each.unit].pk for each in differ if known[each.unit].state != WAITING]
    gone = [found for unit, found in known.items() if unit not in wanted]
    loose = [found.pk for found in gone if found.state == WAITING]
    marked += [found.pk for found in gone if found.state != WAITING]
    _delete(loose)
    _renew(free)
    objects = _create(row, new)
    _mark(row, area_code, marked)
    done = Prepared(
        sets=len(planned),
        objects=sum(len(each.objects) for each in planned),
        new=len(new),
        updated=len(free),
        changed=len(marked),
        removed=len(loose),
    )
    digest = hashlib.sha256(msgspec.json.encode(wanted, order="sorted")).hexdigest()
    payload = {**done.__dict__, "election": election, "written": objects, "contents_sha256": digest}
    about = ledger.About(objects=(f"pemilihan:{election}",), place=area_code)
    ledger.record(PREPARED, payload, by=by, at=at, about=about)
    return done


def _shape(planned: PlannedSet) -> list[Any]:
    """Return everything about a set that its labels and checklists show, as stored values."""
    return [
        [list(pair) for pair in planned.kit],
        [
            [each.slot, each.ballot, each.dapil, each.mark, [list(pair) for pair in each.contents]]
            for each in planned.objects
        ],
    ]


def _stored_shapes(election: Election, area_code: str) -> dict[str, list[Any]]:
    kits = PackingSet.objects.in_area(area_code).filter(election=election).values_list("unit", "kit")
    shapes: dict[str, list[Any]] = {unit: [kit, []] for unit, kit in kits}
    rows = PackedObject.objects.in_area(area_code).filter(election=election).order_by("set", "is_box", "slot")
    fields = ("set__unit", "slot", "ballot", "dapil", "mark", "contents", "is_box")
    for unit, slot, ballot, dapil, mark, contents, is_box in rows.values_list(*fields):
        part = [slot, ballot, dapil, mark, contents]
        # Boxes come first, as they are planned; a database sorts false before true or after it.
        boxes = sum(1 for known in shapes[unit][1] if known[0].isdigit())
        shapes[unit][1].insert(boxes if is_box else len(shapes[unit][1]), part)
    return shapes


def _delete(pks: Sequence[int]) -> None:
    for first in range(0, len(pks), ROWS_A_STATEMENT):
        PackingSet.objects.filter(pk__in=pks[first : first + ROWS_A_STATEMENT]).delete()


def _create(election: Election, planned: Sequence[PlannedSet]) -> int:
    made = PackingSet.objects.bulk_create(
        [
            PackingSet(
                election=election,
                area_code=each.area_code,
                level=each.level,
                tps_number=each.tps,
                unit=each.unit,
                kit=each.kit,
            )
            for each in planned
        ],
        batch_size=ROWS_A_STATEMENT,
    )
    rows = [_object(row, each) for row, set_ in zip(made, planned, strict=True) for each in set_.objects]
    return len(PackedObject.objects.bulk_create(rows, batch_size=ROWS_A_STATEMENT))


def _object(row: PackingSet, planned: PlannedObject) -> PackedObject:
    return PackedObject(
        set=row,
        election=row.election,
        code=planned.code,
        object_id=object_id(row.election.code, planned.code),
        slot=planned.slot,
        is_box=planned.is_box,
        ballot=planned.ballot,
        dapil=planned.dapil,
        mark=planned.mark,
        sheets=planned.sheets,
        contents=planned.contents,
    )


def _renew(pairs: Sequence[tuple[PackingSet, PlannedSet]]) -> None:
    """Give sets in which nothing lies their new contents; what was once scanned into them is kept."""
    for row, planned in pairs:
        row.kit = list(planned.kit)
        row.save(update_fields=["kit"])
        known = {each.slot: each for each in row.packed.all()}
        for each in planned.objects:
            fresh = _object(row, each)
            if each.slot in known:
                fresh.pk = known.pop(each.slot).pk
            fresh.save()
        row.packed.filter(slot__in=list(known)).delete()


def _mark(election: Election, area_code: str, pks: Iterable[int]) -> None:
    """Mark exactly the sets whose needs differ now; one that fits again loses its mark."""
    marked = set(pks)
    rows = PackingSet.objects.in_area(area_code).filter(election=election)
    rows.filter(needs_changed=True).exclude(pk__in=marked).update(needs_changed=False)
    rows.filter(pk__in=marked).update(needs_changed=True)


@dataclass(frozen=True)
class NewLots:
    """Cartons of one ballot and dapil that came in and were sorted.

    Args:
        ballot: Such as ``DPRDK``.
        mark: The dapil's mark, or empty where the ballot is the same everywhere.
        cartons: How many cartons.
        sheets: Good ballots in each, in sheets.
        origin: The delivery or carton they came from.
    """

    ballot: str
    mark: str
    cartons: int
    sheets: int
    origin: str


@action(Permission.PACKING_DO, area="area_code")
def add_lots(*, by: Actor, at: datetime, area_code: str, election: str, lots: NewLots) -> list[str]:
    """Give cartons of ballots their numbers, so that each gets a label of its own.

    Returns:
        Their codes, such as ``DPRDK-3-0007``.

    Raises:
        Refused: LOT-NO-SUCH-DAPIL, LOT-COUNT, LOT-NO-ORIGIN.
    """
    row = Election.objects.get(code=election)
    dapil = _dapil_of(row, area_code, lots)
    if not (0 < lots.cartons <= LOTS_AT_ONCE_MAX and 0 < lots.sheets <= SHEETS_A_LOT_MAX):
        raise Refused("LOT-COUNT", cartons=LOTS_AT_ONCE_MAX, sheets=SHEETS_A_LOT_MAX)
    origin = " ".join(lots.origin.split())[:ORIGIN_LENGTH_MAX]
    if not origin:
        raise Refused("LOT-NO-ORIGIN")
    same = BallotLot.objects.filter(election=row, ballot=lots.ballot, mark=lots.mark)
    last = same.aggregate(last=Max("number"))["last"] or 0
    if last + lots.cartons > LOT_NUMBER_MAX:
        raise Refused("LOT-COUNT", cartons=LOT_NUMBER_MAX - last, sheets=SHEETS_A_LOT_MAX)
    made = BallotLot.objects.bulk_create(
        BallotLot(
            election=row,
            area_code=area_code,
            code=lot_code(lots.ballot, lots.mark, number),
            ballot=lots.ballot,
            dapil=dapil,
            mark=lots.mark,
            number=number,
            sheets=lots.sheets,
            origin=origin,
            received_at=at,
            received_by=by.person,
        )
        for number in range(last + 1, last + lots.cartons + 1)
    )
    codes = [lot.code for lot in made]
    payload = {"first": codes[0], "last": codes[-1], "sheets_each": lots.sheets, "origin": origin}
    about = ledger.About(objects=tuple(f"lot:{election}:{code}" for code in codes), place=area_code)
    ledger.record(LOTS_ADDED, payload, by=by, at=at, about=about)
    return codes


def _dapil_of(election: Election, area_code: str, lots: NewLots) -> str:
    rows = PackedObject.objects.in_area(area_code).filter(
        election=election, ballot=lots.ballot, mark=lots.mark
    )
    first = rows.first()
    if lots.ballot not in BALLOTS or first is None:
        raise Refused("LOT-NO-SUCH-DAPIL", ballot=lots.ballot, mark=lots.mark or "–")
    return first.dapil


@action(Permission.PACKING_DO, area="area_code")
def add_table(*, by: Actor, at: datetime, area_code: str, name: str, place: int | None) -> PackingTable:
    """Set up a table in a warehouse.

    Args:
        by: Who sets it up.
        at: When.
        area_code: The office's area.
        name: What people call it, such as ``Meja 3``.
        place: The warehouse's row, or None.

    Raises:
        Refused: TABLE-NAME.
    """
    plain = " ".join(name.split())
    if not 0 < len(plain) <= TABLE_NAME_LENGTH_MAX:
        raise Refused("TABLE-NAME", most=TABLE_NAME_LENGTH_MAX)
    if PackingTable.objects.filter(area_code=area_code, name=plain).exists():
        raise Refused("TABLE-KNOWN", name=plain)
    warehouses = Place.objects.in_area(area_code).filter(kind=Place.Kind.GUDANG)
    where = warehouses.filter(pk=place).first() if place else None
    table = PackingTable.objects.create(area_code=area_code, name=plain, place=where)
    payload = {"name": plain, "warehouse": where.code if where else ""}
    about = ledger.About(objects=(f"meja:{table.pk}",), place=area_code)
    ledger.record(TABLE_ADDED, payload, by=by, at=at, about=about)
    return table


@action(Permission.PACKING_DO)
def open_session(
    *, by: Actor, at: datetime, table: int, election: str, second: UUID, card: str = ""
) -> PackingSession:
    """Sit down at a table with a second person; a session that was left open there ends.

    Args:
        by: Who scans and answers for the table.
        at: When.
        table: The table's row.
        election: The election that is packed.
        second: The second person at the table.
        card: What the second person's card says when it is scanned, or empty.

    Raises:
        NotAllowed: No such table in the actor's area.
        Refused: SEAL-ONE-PERSON, PACK-SECOND-MAY-NOT, SECOND-CARD, SECOND-CARD-UNKNOWN, SECOND-CARD-OTHER.
    """
    row = load_or_refuse(PackingTable, table, by=by, permission=Permission.PACKING_DO, lock=True)
    proof = check_second(by, second, row.area_code, at, card)
    open_now = PackingSession.objects.filter(table=row, closed_at__isnull=True).first()
    if open_now:
        _close(open_now, by, at)
    session = PackingSession.objects.create(
        table=row,
        election=Election.objects.get(code=election),
        first=by.person,
        second=second,
        second_proof=proof,
        opened_at=at,
    )
    payload = {"table": row.name, "election": election, "second": str(second), "second_proof": proof}
    ledger.record(SESSION_OPENED, payload, by=by, at=at, about=_about(session))
    return session


@action(Permission.PACKING_DO)
def close_session(*, by: Actor, at: datetime, session: int) -> PackingSession:
    """Get up from a table.

    Raises:
        NotAllowed: No such session in the actor's area.
        Refused: PACK-SESSION-ENDED.
    """
    row = load_or_refuse(PackingSession, session, by=by, permission=Permission.PACKING_DO, lock=True)
    if row.closed_at:
        raise Refused("PACK-SESSION-ENDED", table=row.table.name)
    _close(row, by, at)
    return row


def _close(session: PackingSession, by: Actor, at: datetime) -> None:
    session.closed_at = at
    session.save(update_fields=["closed_at"])
    ledger.record(SESSION_CLOSED, {"table": session.table.name}, by=by, at=at, about=_about(session))


def _about(session: PackingSession) -> ledger.About:
    return ledger.About(
        objects=(f"meja:{session.table_id}", f"sesi:{session.pk}"), place=session.table.area_code
    )
