"""What papers say about boxes that were sent, written down at the office afterwards; both times are kept.

KPPS open the boxes on polling day before witnesses and put the return seals on after the count; PPK open them
at the recapitulation. Normally their phones say so; this is for those who had only paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from tepat.common import ledger
from tepat.common.acting import Actor, action, load_or_refuse
from tepat.common.errors import Refused
from tepat.common.models import Document
from tepat.common.permissions import Permission
from tepat.custody.events import Opened, Sealed
from tepat.packing.codes import set_id
from tepat.packing.models import Opening, PackedObject, PackingSet, Seal
from tepat.packing.people import is_on_duty
from tepat.packing.rules_later import REASONS, Occasion, Sent, Step, check_later
from tepat.packing.rules_seals import Sealing, check_reason, check_seals, check_two
from tepat.packing.seal_actions import OPENED, SEALED, plain_seals

Later = PackedObject.Later
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Paper:
    """What a paper says about who and when.

    Args:
        happened_at: When it happened, in the office's zone.
        first: Who did it.
        second: The second person, or None where only the paper names them.
        photo: SHA-256 of the paper's photo, or empty.
    """

    happened_at: datetime
    first: UUID
    second: UUID | None = None
    photo: str = ""


@dataclass(frozen=True)
class NotedOpening:
    """How boxes that were sent were opened.

    Args:
        boxes: Their label codes.
        occasion: Why.
        reason: Why in words; needed where it was none of the planned occasions.
        panwascam: Whether Panwascam, or its supervisor of the TPS, was there.
        polri: Whether the police were there.
    """

    boxes: tuple[str, ...]
    occasion: Occasion
    reason: str
    panwascam: bool
    polri: bool


@action(Permission.PACKING_DO)
def note_opening(
    *, by: Actor, at: datetime, packing_set: int, opening: NotedOpening, paper: Paper
) -> PackingSet:
    """Write down from paper that boxes of a sent set were opened; one event for all of them.

    Args:
        by: Who writes it down.
        at: When it is written down.
        packing_set: The set's row.
        opening: Which boxes, and why.
        paper: Who opened them, and when.

    Raises:
        NotAllowed: No such set in the actor's area.
        Refused: LATER-NOTHING, LATER-NOT-SENT, LATER-OPEN, LATER-TIME, LATER-PERSON, SEAL-ONE-PERSON,
            SEAL-BOX-UNKNOWN, OPEN-NO-REASON, SEAL-NO-PHOTO.
    """
    row = load_or_refuse(PackingSet, packing_set, by=by, permission=Permission.PACKING_DO, lock=True)
    _check_paper(row, paper, at)
    planned = opening.occasion is not Occasion.OTHER
    reason = REASONS[opening.occasion] if planned else check_reason(opening.reason)
    boxes = _boxes(row, opening.boxes)
    for box in boxes:
        check_later(_sent(box, row), Step.OPENED, happened_at=paper.happened_at, at=at)
    payload = Opened(
        second=str(paper.second or ""),
        reason=reason,
        panwascam=opening.panwascam,
        polri=opening.polri,
        planned=planned,
        second_proof="kertas",
        first=str(paper.first),
    )
    about = _about(row, boxes, paper)
    event = ledger.record(OPENED, msgspec.to_builtins(payload), by=by, at=at, about=about)
    for box in boxes:
        Opening.objects.create(
            object=box,
            event=event.pk,
            first=paper.first,
            second=paper.second,
            second_proof="kertas",
            reason=reason,
            panwascam=opening.panwascam,
            polri=opening.polri,
            old_seals=_take_off(box, paper.happened_at, planned=planned),
            opened_at=paper.happened_at,
            planned=planned,
            noted_at=at,
            paper=paper.photo,
        )
        _now(box, Later.OPENED)
    return row


@action(Permission.PACKING_DO)
def note_return_seals(
    *, by: Actor, at: datetime, packing_set: int, sealings: tuple[Sealing, ...], paper: Paper
) -> PackingSet:
    """Write down from paper that return seals were put on boxes; one event for each box.

    A seal that was given to another set is taken from that set's list: the paper says where it is.

    Args:
        by: Who writes it down.
        at: When it is written down.
        packing_set: The set's row.
        sealings: The boxes and their seals.
        paper: Who put them on, and when.

    Raises:
        NotAllowed: No such set in the actor's area.
        Refused: SEAL-NONE, SEAL-MANY, SEAL-TWICE, SEAL-USED, SEAL-UNREADABLE, SEAL-NO-PHOTO,
            SEAL-BOX-UNKNOWN, SEAL-ONE-PERSON, LATER-NOT-SENT, LATER-CLOSED, LATER-TIME, LATER-PERSON.
    """
    row = load_or_refuse(PackingSet, packing_set, by=by, permission=Permission.PACKING_DO, lock=True)
    _check_paper(row, paper, at)
    plain = plain_seals(sealings)
    boxes = {box.code: box for box in _boxes(row, [sealing.code for sealing in plain])}
    known = _known(row, plain)
    on_boxes = {number: seal.object.code for number, seal in known.items() if not seal.waiting}
    for sealing in plain:
        box = boxes[sealing.code]
        check_later(_sent(box, row), Step.SEALED, happened_at=paper.happened_at, at=at)
        check_seals(sealing, on_boxes)
        _put_on(box, sealing, paper, (known, at))
        payload = Sealed(
            seals={box.object_id: sealing.numbers},
            second=str(paper.second or ""),
            seal_set="kembali",
            unnumbered=(box.object_id,) if sealing.unnumbered else (),
            second_proof="kertas",
            first=str(paper.first),
        )
        about = _about(row, [box], paper)
        ledger.record(SEALED, msgspec.to_builtins(payload), by=by, at=at, about=about)
        _now(box, Later.RETURN)
    return row


def _check_paper(row: PackingSet, paper: Paper, at: datetime) -> None:
    if paper.second is not None:
        check_two((str(paper.first), str(paper.second)))
    people = [paper.first] if paper.second is None else [paper.first, paper.second]
    if not all(is_on_duty(person, row.area_code, at) for person in people):
        raise Refused("LATER-PERSON")
    if paper.photo and not Document.objects.filter(sha256=paper.photo).exists():
        raise Refused("SEAL-NO-PHOTO", box=row.unit)


def _boxes(row: PackingSet, codes: Sequence[str]) -> list[PackedObject]:
    if not codes:
        raise Refused("LATER-NOTHING")
    known = {box.code: box for box in row.packed.select_for_update().filter(is_box=True)}
    for code in codes:
        if code not in known:
            raise Refused("SEAL-BOX-UNKNOWN", box=code, unit=row.unit)
    return [known[code] for code in dict.fromkeys(codes)]


def _sent(box: PackedObject, row: PackingSet) -> Sent:
    """Return a box as the rules see it."""
    sent = row.state == PackingSet.State.COMPLETE and box.state == PackedObject.State.SEALED
    moments = [box.sealed_at, *box.openings.values_list("opened_at", flat=True)]
    moments += box.seals.filter(waiting=False).values_list("put_at", flat=True)
    known = [moment for moment in moments if moment is not None]
    assert known or not sent, box
    return Sent(box.code, sent, box.later, max(known, default=NEVER))


def _known(row: PackingSet, sealings: list[Sealing]) -> dict[str, Seal]:
    numbers = [number for sealing in sealings for number in sealing.numbers]
    rows = Seal.objects.filter(election=row.election, number__in=numbers).exclude(number="")
    return {seal.number: seal for seal in rows.select_related("object")}


def _put_on(
    box: PackedObject, sealing: Sealing, paper: Paper, known_at: tuple[dict[str, Seal], datetime]
) -> None:
    known, at = known_at
    for number in sealing.numbers or ("",):
        seal = known.get(number) or Seal(election=box.election, number=number, seal_set=Seal.SealSet.BACK)
        seal.object, seal.waiting = box, False
        seal.first, seal.second, seal.second_proof = paper.first, paper.second, "kertas"
        seal.photo = sealing.photo if not number else ""
        seal.put_at, seal.noted_at = paper.happened_at, at
        seal.save()


def _take_off(box: PackedObject, at: datetime, *, planned: bool) -> list[str]:
    """Take off what was on a box; return the numbers."""
    on = box.seals.filter(waiting=False, removed_at__isnull=True)
    numbers = [seal.number for seal in on]
    on.update(removed_at=at, removed_as_planned=planned)
    return numbers


def _now(box: PackedObject, later: Later) -> None:
    box.later = later
    box.save(update_fields=["later"])


def _about(row: PackingSet, boxes: list[PackedObject], paper: Paper) -> ledger.About:
    return ledger.About(
        objects=(*(box.object_id for box in boxes), set_id(row.election.code, row.unit)),
        place=row.area_code,
        evidence=(paper.photo,) if paper.photo else (),
        occurred_at=paper.happened_at,
    )
