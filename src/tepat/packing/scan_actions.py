"""What a packing table sends: scans, each once, in order; and goods taken out again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from tepat.common import ledger
from tepat.common.acting import Actor, action, load_or_refuse
from tepat.common.errors import NotAllowed, Refused
from tepat.common.messages import say
from tepat.common.models import Office
from tepat.common.permissions import Permission
from tepat.packing.codes import Code, read
from tepat.packing.models import (
    BallotLot,
    PackedLine,
    PackedObject,
    PackingSession,
    PackingSet,
    ScanReceipt,
    Seal,
)
from tepat.packing.rules import Bench, Outcome, Verdict, after, judge
from tepat.packing.rules_seals import REASON_LENGTH_MAX, REASON_LENGTH_MIN

SCANNED = ledger.kind("packing.scanned")
TAKEN_OUT = ledger.kind("packing.taken-out")

SCANS_AT_ONCE_MAX = 100
State = PackedObject.State


@dataclass(frozen=True)
class Scan:
    """One scan as the page of a table sends it.

    Args:
        id: Made by the page; the same id counts once.
        box: The code of the box that lay open, or empty.
        text: What the scanner read or somebody typed.
        count: How many were put in, or None for all that was missing.
        scanned_at: By the table's own clock.
    """

    id: UUID
    box: str
    text: str
    count: int | None
    scanned_at: datetime


@dataclass(frozen=True)
class ScanAnswer:
    """What became of one scan.

    Args:
        id: The scan.
        answer: ``diterima``, ``sudah`` (it was answered before) or ``ditolak``.
        code: The message's code of a refusal, or empty.
        text: The sentence of a refusal, or empty.
        box: The box it was about, or empty.
    """

    id: str
    answer: str
    code: str = ""
    text: str = ""
    box: str = ""


@action(Permission.PACKING_DO, silent=True)
def take_scans(*, by: Actor, at: datetime, session: int, scans: tuple[Scan, ...]) -> list[ScanAnswer]:
    """Take what a table scanned, in its order; each scan counts once, and a stop changes nothing.

    One event holds the whole batch: what went in, what was closed, and what was stopped in time. A batch
    that was all answered before leaves none.

    Args:
        by: One of the two people at the table.
        at: When it arrived.
        session: The table's session.
        scans: At most `SCANS_AT_ONCE_MAX`.

    Raises:
        NotAllowed: No such session in the actor's area.
        Refused: PACK-SESSION-ENDED, PACK-OTHER-SESSION, PACK-MANY-SCANS.
    """
    row = session_of(session, by, [(scan.id, scan.scanned_at) for scan in scans])
    known = {str(each.pk): each.answer for each in ScanReceipt.objects.filter(pk__in=[s.id for s in scans])}
    intake = _Intake(row, scans, at)
    answers = [
        _again(known[str(scan.id)], scan) if str(scan.id) in known else intake.take(scan) for scan in scans
    ]
    if intake.new:
        intake.store(by)
    return answers


def session_of(session: int, by: Actor, sent: Sequence[tuple[UUID, datetime]]) -> PackingSession:
    """Return the session that a table's batch is for, locked.

    Args:
        session: Its row.
        by: Who sends.
        sent: What is sent: ids, and when it happened by the table's clock.

    Raises:
        NotAllowed: No such session in the actor's area.
        Refused: PACK-OTHER-SESSION, PACK-MANY-SCANS, PACK-SESSION-ENDED.
    """
    row = load_or_refuse(PackingSession, session, by=by, permission=Permission.PACKING_DO, lock=True)
    if by.person not in {row.first, row.second}:
        raise Refused("PACK-OTHER-SESSION", table=row.table.name)
    if len(sent) > SCANS_AT_ONCE_MAX:
        raise Refused("PACK-MANY-SCANS", most=SCANS_AT_ONCE_MAX)
    # What was scanned before the session ended may arrive later: its time decides, not the arrival.
    late = [id_ for id_, at in sent if row.closed_at and at > row.closed_at]
    if late and ScanReceipt.objects.filter(pk__in=late).count() < len(set(late)):
        raise Refused("PACK-SESSION-ENDED", table=row.table.name)
    return row


def answered_before(id_: UUID) -> ScanAnswer | None:
    """Return the answer that something sent by a table was given before, as ``sudah``; None if none was."""
    stored = ScanReceipt.objects.filter(pk=id_).values_list("answer", flat=True).first()
    return None if stored is None else ScanAnswer(**{**stored, "id": str(id_), "answer": "sudah"})


def _again(stored: dict[str, Any], scan: Scan) -> ScanAnswer:
    return ScanAnswer(**{**stored, "id": str(scan.id), "answer": "sudah"})


class _Intake:
    """One batch on its way from texts to rows."""

    def __init__(self, session: PackingSession, scans: Sequence[Scan], at: datetime) -> None:
        self.session, self.at = session, at
        self.election = session.election
        self.office = Office.objects.get()
        units = {scan.box.rpartition("-")[0] for scan in scans if scan.box}
        rows = (
            PackedObject.objects.in_area(session.table.area_code)
            .filter(election=self.election, set__unit__in=units)
            .select_for_update(of=("self",))
        )
        self.rows = {row.code: row for row in rows.select_related("set")}
        self.bench = Bench({code: row.as_box() for code, row in self.rows.items()})
        self.seen: dict[str, ScanAnswer] = {}
        self.lines: list[PackedLine] = []
        self.closed: list[str] = []
        self.stops: list[dict[str, str]] = []
        self.new: list[tuple[Scan, ScanAnswer]] = []

    def take(self, scan: Scan) -> ScanAnswer:
        """Judge one scan and remember what it changes."""
        if str(scan.id) in self.seen:
            return _again(self.seen[str(scan.id)].__dict__, scan)
        try:
            answer = self._judged(scan)
        except Refused as refused:
            answer = self._stopped(scan, refused.code, refused.facts)
        self.seen[str(scan.id)] = answer
        self.new.append((scan, answer))
        return answer

    def _judged(self, scan: Scan) -> ScanAnswer:
        code = read(
            scan.text,
            office=self.office.area_code,
            election=self.election.code,
            rehearsal=settings.LATIHAN,
        )
        current = scan.box if scan.box in self.rows else ""
        bench = Bench(self.bench.boxes, current)
        verdict = judge(bench, code, scan.count)
        if not verdict.good:
            return self._stopped(scan, verdict.outcome.value, verdict.facts)
        lot = self._lot(code) if code.kind == "lot" else None
        self.bench = after(bench, verdict)
        self._note(scan, verdict, lot)
        return ScanAnswer(str(scan.id), "diterima", box=verdict.box)

    def _lot(self, code: Code) -> BallotLot:
        lot = BallotLot.objects.filter(election=self.election, code=code.text).first()
        if lot is None:
            raise Refused("PACK-LOT-UNKNOWN", lot=code.text)
        return lot

    def _note(self, scan: Scan, verdict: Verdict, lot: BallotLot | None) -> None:
        if verdict.outcome is Outcome.CLOSED:
            self.closed.append(verdict.box)
        elif verdict.outcome is Outcome.TAKEN:
            self.lines.append(
                PackedLine(
                    id=scan.id,
                    object=self.rows[verdict.box],
                    session=self.session,
                    item=verdict.item,
                    count=verdict.count,
                    lot=lot,
                    scanned_at=max(min(scan.scanned_at, self.at), self.session.opened_at),
                )
            )

    def _stopped(self, scan: Scan, code: str, facts: Any) -> ScanAnswer:
        self.stops.append({"box": scan.box, "text": scan.text[:60], "code": code})
        return ScanAnswer(str(scan.id), "ditolak", code, say(code, facts).text, scan.box)

    def store(self, by: Actor) -> None:
        """Write boxes, lines, receipts and the one event."""
        self._save_boxes(by)
        PackedLine.objects.bulk_create(self.lines)
        ScanReceipt.objects.bulk_create(
            ScanReceipt(id=scan.id, session=self.session, answer=answer.__dict__) for scan, answer in self.new
        )
        codes = dict.fromkeys([line.object.code for line in self.lines] + self.closed)
        lots = {line.lot.code for line in self.lines if line.lot}
        objects = [self.rows[code].object_id for code in codes]
        objects += [f"lot:{self.election.code}:{code}" for code in sorted(lots)]
        payload = {
            "session": self.session.pk,
            "table": self.session.table.name,
            "in": [
                [line.object.code, line.item, line.count, line.lot.code if line.lot else ""]
                for line in self.lines
            ],
            "closed": self.closed,
            "stops": self.stops,
        }
        about = ledger.About(objects=tuple(objects), place=self.session.table.area_code)
        ledger.record(SCANNED, payload, by=by, at=self.at, about=about)

    def _save_boxes(self, by: Actor) -> None:
        changed = {line.object.code for line in self.lines} | set(self.closed)
        for code in changed:
            row, box = self.rows[code], self.bench.boxes[code]
            row.packed = dict(box.packed)
            row.state = State.CLOSED if box.closed else State.FILLING
            if code in self.closed:
                row.closed_at, row.closed_by = self.at, by.person
        PackedObject.objects.bulk_update(
            [self.rows[code] for code in changed], ["packed", "state", "closed_at", "closed_by"]
        )
        sets = {self.rows[code].set_id for code in changed}
        PackingSet.objects.filter(pk__in=sets, state=PackingSet.State.WAITING).update(
            state=PackingSet.State.BEGUN
        )


@action(Permission.PACKING_DO)
def take_out(*, by: Actor, at: datetime, packed: int, item: str, reason: str) -> PackedObject:
    """Take goods out of a box that is not sealed: a wrong scan, a damaged sheet; it has to be closed again.

    Raises:
        NotAllowed: No such box in the actor's area.
        Refused: PACK-SEALED-STAYS, PACK-NOT-INSIDE, OPEN-NO-REASON.
    """
    row = load_or_refuse(PackedObject, packed, by=by, permission=Permission.PACKING_DO, lock=True)
    plain = " ".join(reason.split())
    if row.state == State.SEALED:
        raise Refused("PACK-SEALED-STAYS", box=row.code)
    if item not in row.packed:
        raise Refused("PACK-NOT-INSIDE", box=row.code, item=item)
    if not REASON_LENGTH_MIN <= len(plain) <= REASON_LENGTH_MAX:
        raise Refused("OPEN-NO-REASON", least=REASON_LENGTH_MIN, most=REASON_LENGTH_MAX)
    count = row.packed.pop(item)
    row.state = State.FILLING if row.packed else State.WAITING
    row.closed_at = row.closed_by = None
    row.save(update_fields=["packed", "state", "closed_at", "closed_by"])
    _set_is_empty_again(row.set)
    payload = {"box": row.code, "item": item, "count": count, "reason": plain}
    about = ledger.About(objects=(row.object_id,), place=row.area_code)
    ledger.record(TAKEN_OUT, payload, by=by, at=at, about=about)
    return row


def _set_is_empty_again(row: PackingSet) -> None:
    """Let a set in which nothing lies any more take new contents from changed needs."""
    begun = any(each.packed or each.closed for each in row.packed.all())
    if not begun and not Seal.objects.filter(object__set=row).exists():
        PackingSet.objects.filter(pk=row.pk).update(state=PackingSet.State.WAITING)


def boxes_now(session: PackingSession, codes: Sequence[str], by: Actor) -> dict[str, dict[str, Any]]:
    """Return boxes as the server has them, for the page that sent scans about them."""
    if not by.may(Permission.PACKING_DO, session.area_code):
        raise NotAllowed("COMMON-NOT-FOUND")
    rows = PackedObject.objects.in_area(session.area_code).filter(election=session.election, code__in=codes)
    return {
        row.code: {"packed": row.packed, "closed": row.closed, "sealed": row.state == State.SEALED}
        for row in rows
    }
