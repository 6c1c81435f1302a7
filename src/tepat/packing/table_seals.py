"""Seals scanned at a packing table: each sealing once; what the table could not know is flagged."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tepat.common import ledger
from tepat.common.acting import Actor, action
from tepat.common.errors import Refused, TepatError
from tepat.common.messages import say
from tepat.common.models import Election
from tepat.common.permissions import Permission
from tepat.custody.events import SEALS_PER_OBJECT_MAX, SecondProof
from tepat.packing.models import PackedObject, PackingSession, PackingSet, ScanReceipt, Seal
from tepat.packing.rules_seals import SEAL_LENGTH_MAX, Sealing
from tepat.packing.scan_actions import ScanAnswer, answered_before, session_of
from tepat.packing.seal_actions import Pair, complete_set, put_seals, ready
from tepat.packing.seal_runs import Runs, runs

REFUSED = ledger.kind("packing.seal-refused")

SEALS_TOLD_MAX = 500


@dataclass(frozen=True)
class TableSealing:
    """Seals that were scanned for one box at a table.

    Args:
        id: Made by the page; the same id counts once.
        box: The box's label code.
        numbers: The seals, as they were scanned.
        sealed_at: By the table's own clock.
    """

    id: UUID
    box: str
    numbers: tuple[str, ...]
    sealed_at: datetime


@action(Permission.PACKING_DO, silent=True)
def take_sealings(
    *, by: Actor, at: datetime, session: int, sealings: tuple[TableSealing, ...]
) -> list[ScanAnswer]:
    """Take the seals that a table put on, in its order; each sealing counts once.

    The second person is the other one of the table's two. A sealing that cannot be taken leaves an event
    that says so: the seal is on the box, and somebody has to look.

    Args:
        by: One of the two people at the table.
        at: When it arrived.
        session: The table's session.
        sealings: At most `SCANS_AT_ONCE_MAX`.

    Raises:
        NotAllowed: No such session in the actor's area.
        Refused: PACK-SESSION-ENDED, PACK-OTHER-SESSION, PACK-MANY-SCANS.
    """
    row = session_of(session, by, [(each.id, each.sealed_at) for each in sealings])
    answers: list[ScanAnswer] = []
    for each in sealings:
        answer = answered_before(each.id)
        if answer is None:
            answer = _take(row, each, by, at)
            ScanReceipt.objects.create(id=each.id, session=row, answer=answer.__dict__)
        answers.append(answer)
    return answers


def _take(session: PackingSession, sealing: TableSealing, by: Actor, at: datetime) -> ScanAnswer:
    second = session.second if by.person == session.first else session.first
    sealed_at = max(min(sealing.sealed_at, at), session.opened_at)
    pair = Pair(by, second, _proof(session, by), sealed_at, at)
    try:
        row = _set_of(session, sealing.box)
        with transaction.atomic():
            put_seals(row, [Sealing(sealing.box, sealing.numbers)], pair)
    except Refused as refused:
        return _refused(session, sealing, refused, pair)
    return ScanAnswer(str(sealing.id), "diterima", text=_completed(row, by, at), box=sealing.box)


def _proof(session: PackingSession, by: Actor) -> SecondProof:
    """Return what is known of the other one's presence; the card was the second's, shown on sitting down."""
    carded = session.second_proof == "kartu" and by.person == session.first
    return "kartu-giliran" if carded else "tanpa-bukti"


def _set_of(session: PackingSession, box: str) -> PackingSet:
    rows = PackedObject.objects.in_area(session.area_code).filter(election=session.election, code=box)
    found = rows.select_related("set__election").first()
    if found is None:
        raise Refused("SEAL-BOX-UNKNOWN", box=box[:SEAL_LENGTH_MAX], unit="–")
    return PackingSet.objects.select_for_update().select_related("election").get(pk=found.set_id)


def _refused(session: PackingSession, sealing: TableSealing, refused: Refused, pair: Pair) -> ScanAnswer:
    numbers = [number[:SEAL_LENGTH_MAX] for number in sealing.numbers[:SEALS_PER_OBJECT_MAX]]
    payload = {
        "session": session.pk,
        "table": session.table.name,
        "box": sealing.box[:SEAL_LENGTH_MAX],
        "numbers": numbers,
        "code": refused.code,
        "second": str(pair.second),
    }
    rows = PackedObject.objects.in_area(session.area_code).filter(election=session.election, code=sealing.box)
    objects = tuple(rows.values_list("object_id", flat=True))
    about = ledger.About(objects=objects, place=session.table.area_code, occurred_at=pair.sealed_at)
    ledger.record(REFUSED, payload, by=pair.by, at=pair.at, about=about)
    text = say(refused.code, refused.facts).text
    return ScanAnswer(str(sealing.id), "ditolak", refused.code, text, sealing.box)


def _completed(row: PackingSet, by: Actor, at: datetime) -> str:
    """Call the set complete if this was its last seal; return what to say about it."""
    fresh = PackingSet.objects.get(pk=row.pk)
    if not ready(fresh):
        return ""
    try:
        complete_set(by=by, at=at, packing_set=row.pk)
    except TepatError:
        return f"Segel tercatat. Nyatakan set {row.unit} lengkap di halaman setnya."
    return f"Set {row.unit} lengkap dan tersegel; Anda memegang tanggung jawabnya sampai diserahkan."


@dataclass(frozen=True)
class UsedSeals:
    """The seals that an office has used, for the page of a table.

    Args:
        upto: The last one's row; what came after it is asked for with this.
        runs: Their numbers.
    """

    upto: int
    runs: Runs


def used_seals(election: Election) -> UsedSeals:
    """Return every seal number of an election that is on a box or travels in one."""
    known = Seal.objects.filter(election=election).exclude(number="").order_by()
    rows = list(known.values_list("pk", "number"))
    return UsedSeals(max((pk for pk, _ in rows), default=0), runs(number for _, number in rows))


def seals_since(election: Election, upto: int) -> tuple[int, list[str]]:
    """Return the seal numbers after a row, `SEALS_TOLD_MAX` at most, and the last one's row."""
    rows = Seal.objects.filter(election=election, pk__gt=upto).exclude(number="").order_by("pk")
    told = list(rows.values_list("pk", "number")[:SEALS_TOLD_MAX])
    return (told[-1][0] if told else upto), [number for _, number in told]
