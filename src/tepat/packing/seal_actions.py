"""Seals on, sets complete, custody begun; seals off again, with two people, a reason and minutes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from tepat.common import ledger
from tepat.common.acting import Actor, action, load_or_refuse
from tepat.common.errors import Refused
from tepat.common.models import Document, Place
from tepat.common.permissions import Permission
from tepat.custody.actions import Hands, register_objects
from tepat.custody.events import Opened, Sealed, SecondProof
from tepat.packing.codes import set_id
from tepat.packing.models import Opening, PackedObject, PackingSet, Seal
from tepat.packing.rules import complete
from tepat.packing.rules_seals import Sealing, check_opening, check_sealing, repeated, seal_number
from tepat.packing.second_person import check_second
from tepat.packing.whereabouts import away

SEALED = ledger.kind("packing.sealed")
OPENED = ledger.kind("packing.opened")
COMPLETED = ledger.kind("packing.set-completed")
RETURN_SEALS = ledger.kind("packing.return-seals-given")

State = PackedObject.State


@dataclass(frozen=True)
class Pair:
    """Two people who seal, and when.

    Args:
        by: Who does it.
        second: The second person.
        proof: How the second person's presence is known.
        sealed_at: When they did it.
        at: When it is written down.
    """

    by: Actor
    second: UUID
    proof: SecondProof
    sealed_at: datetime
    at: datetime


@action(Permission.PACKING_DO)
def seal_boxes(
    *,
    by: Actor,
    at: datetime,
    packing_set: int,
    sealings: tuple[Sealing, ...],
    second: UUID,
    card: str = "",
) -> PackingSet:
    """Put outbound seals on closed boxes of one set; one event for each box.

    Args:
        by: Who seals.
        at: When.
        packing_set: The set's row.
        sealings: Its boxes and their seals, numbers as printed.
        second: The second person.
        card: What the second person's card says when it is scanned, or empty.

    Raises:
        NotAllowed: No such set in the actor's area.
        Refused: SEAL-BOX-UNKNOWN, SEAL-BOX-NOT-CLOSED, SEAL-ONE-PERSON, PACK-SECOND-MAY-NOT, SECOND-CARD,
            SECOND-CARD-UNKNOWN, SECOND-CARD-OTHER, SEAL-NONE, SEAL-MANY, SEAL-TWICE, SEAL-USED,
            SEAL-NO-PHOTO, SEAL-UNREADABLE.
    """
    row = load_or_refuse(PackingSet, packing_set, by=by, permission=Permission.PACKING_DO, lock=True)
    proof = check_second(by, second, row.area_code, at, card)
    put_seals(row, sealings, Pair(by, second, proof, at, at))
    return row


def put_seals(row: PackingSet, sealings: Sequence[Sealing], pair: Pair) -> None:
    """Write seals and their events, inside an action; nothing is written before a box's seals are checked.

    Raises:
        Refused: As `seal_boxes`, but for the second person's right to be there.
    """
    plain = plain_seals(sealings)
    boxes = {each.code: each for each in row.packed.select_for_update().filter(is_box=True)}
    used = seals_in_use(row, plain)
    people = (str(pair.by.person), str(pair.second))
    for sealing in plain:
        box = boxes.get(sealing.code)
        if box is None:
            raise Refused("SEAL-BOX-UNKNOWN", box=sealing.code, unit=row.unit)
        check_sealing(sealing, state=box.state, used=used, people=people)
        _photo_is_kept(sealing)
        _put(box, sealing, pair)
        payload = Sealed(
            seals={box.object_id: sealing.numbers},
            second=str(pair.second),
            unnumbered=(box.object_id,) if sealing.unnumbered else (),
            second_proof=pair.proof,
        )
        about = ledger.About(
            objects=(box.object_id, set_id(row.election.code, row.unit)),
            place=row.area_code,
            evidence=(sealing.photo,) if sealing.photo else (),
            occurred_at=pair.sealed_at,
        )
        ledger.record(SEALED, msgspec.to_builtins(payload), by=pair.by, at=pair.at, about=about)


def plain_seals(sealings: Sequence[Sealing]) -> list[Sealing]:
    """Return seals with their numbers as they are compared; the same number on two boxes is refused."""
    plain = [
        Sealing(each.code, tuple(seal_number(text) for text in each.numbers), each.photo, each.unnumbered)
        for each in sealings
    ]
    if not plain:
        raise Refused("SEAL-NONE", box="–")
    for number, codes in repeated(plain).items():
        raise Refused("SEAL-USED", number=number, box=codes[1], other=codes[0])
    return plain


def seals_in_use(row: PackingSet, sealings: Sequence[Sealing]) -> dict[str, str]:
    """Return the boxes on which some seals already are, or in which they travel, by number."""
    numbers = [number for sealing in sealings for number in sealing.numbers]
    known = Seal.objects.filter(election=row.election, number__in=numbers)
    return dict(known.values_list("number", "object__code"))


def _photo_is_kept(sealing: Sealing) -> None:
    if sealing.photo and not Document.objects.filter(sha256=sealing.photo).exists():
        raise Refused("SEAL-NO-PHOTO", box=sealing.code)


def _put(box: PackedObject, sealing: Sealing, pair: Pair) -> None:
    _create(
        Seal(
            object=box,
            election=box.election,
            number=number,
            first=pair.by.person,
            second=pair.second,
            second_proof=pair.proof,
            photo=sealing.photo,
            put_at=pair.sealed_at,
        )
        for number in (sealing.numbers or ("",))
    )
    box.state, box.sealed_at = State.SEALED, pair.sealed_at
    box.save(update_fields=["state", "sealed_at"])


def _create(seals: Iterable[Seal]) -> None:
    """Write seals; another table may have put one of them on in this very moment."""
    listed = list(seals)
    try:
        with transaction.atomic():
            Seal.objects.bulk_create(listed)
    except IntegrityError as twice:
        numbers = ", ".join(seal.number for seal in listed)
        raise Refused("SEAL-USED", number=numbers, box=listed[0].object.code, other="lain") from twice


@action(Permission.PACKING_DO)
def give_return_seals(
    *, by: Actor, at: datetime, packing_set: int, numbers: tuple[str, ...], second: UUID, card: str = ""
) -> PackingSet:
    """Note which seals travel in box 1 for the way back; KPPS put them on after the count.

    Args:
        by: Who puts them in.
        at: When.
        packing_set: The set's row.
        numbers: The seals' numbers as printed.
        second: The second person.
        card: What the second person's card says when it is scanned, or empty.

    Raises:
        NotAllowed: No such set in the actor's area.
        Refused: SEAL-ONE-PERSON, PACK-SECOND-MAY-NOT, SECOND-CARD, SECOND-CARD-UNKNOWN, SECOND-CARD-OTHER,
            SEAL-NONE, SEAL-TWICE, SEAL-USED, SEAL-UNREADABLE, SEAL-BOX-UNKNOWN.
    """
    row = load_or_refuse(PackingSet, packing_set, by=by, permission=Permission.PACKING_DO, lock=True)
    proof = check_second(by, second, row.area_code, at, card)
    box = row.packed.filter(is_box=True).first()
    if box is None:
        raise Refused("SEAL-BOX-UNKNOWN", box=f"{row.unit}-1", unit=row.unit)
    (plain,) = plain_seals([Sealing(box.code, numbers)])
    people = (str(by.person), str(second))
    check_sealing(plain, state=State.CLOSED, used=seals_in_use(row, [plain]), people=people)
    _create(
        Seal(
            object=box,
            election=row.election,
            number=number,
            seal_set=Seal.SealSet.BACK,
            waiting=True,
            first=by.person,
            second=second,
            second_proof=proof,
            put_at=at,
        )
        for number in plain.numbers
    )
    payload = {"numbers": list(plain.numbers), "second": str(second), "second_proof": proof}
    about = ledger.About(objects=(set_id(row.election.code, row.unit), box.object_id), place=row.area_code)
    ledger.record(RETURN_SEALS, payload, by=by, at=at, about=about)
    return row


@action(Permission.PACKING_DO)
def complete_set(*, by: Actor, at: datetime, packing_set: int) -> PackingSet:
    """Say that a set is complete and sealed: from here on one named person answers for each of its objects.

    A set that was opened and sealed again is complete again; its custody goes on as it was.

    Raises:
        NotAllowed: No such set in the actor's area.
        Refused: SET-COMPLETE-ALREADY, SET-NOT-COMPLETE, and those of beginning custody.
    """
    row = load_or_refuse(PackingSet, packing_set, by=by, permission=Permission.PACKING_DO, lock=True)
    if row.state == PackingSet.State.COMPLETE:
        raise Refused("SET-COMPLETE-ALREADY", unit=row.unit)
    every = list(row.packed.select_for_update())
    open_ones = [each for each in every if each.state != (State.SEALED if each.is_box else State.CLOSED)]
    if open_ones or not complete(each.as_box() for each in every):
        waiting = ", ".join(each.code for each in open_ones) or "–"
        raise Refused("SET-NOT-COMPLETE", unit=row.unit, waiting=waiting)
    row.state, row.completed_at, row.completed_by = PackingSet.State.COMPLETE, at, by.person
    first_time = row.registered_at is None
    row.registered_at = row.registered_at or at
    row.save(update_fields=["state", "completed_at", "completed_by", "registered_at"])
    ids = tuple(each.object_id for each in every)
    own = set_id(row.election.code, row.unit)
    ledger.record(
        COMPLETED,
        {"unit": row.unit, "again": not first_time},
        by=by,
        at=at,
        about=ledger.About(objects=(own, *ids), place=row.area_code),
    )
    if first_time:
        hands = Hands(by.person, warehouse_post(row), place=row.area_code)
        register_objects(by=by, at=at, objects=ids, hands=hands)
    return row


def ready(row: PackingSet) -> bool:
    """Return whether a set may be called complete: everything in it, closed and sealed."""
    packed = list(row.packed.all())
    shut = all(each.state == (State.SEALED if each.is_box else State.CLOSED) for each in packed)
    return row.state != PackingSet.State.COMPLETE and shut and complete(each.as_box() for each in packed)


def warehouse_post(row: PackingSet) -> str:
    """Return the post of the warehouse that a set was packed in, such as ``gudang:gudang-33.16``."""
    last = row.packed.filter(lines__session__table__place__isnull=False).order_by("-lines__scanned_at")
    code = last.values_list("lines__session__table__place__code", flat=True).first()
    if code is None:
        office = row.area_code[: len("33.16")]
        places = Place.objects.in_area(office).filter(kind=Place.Kind.GUDANG)
        code = places.values_list("code", flat=True).first() or office
    return f"gudang:{code}"


@dataclass(frozen=True)
class OpeningNote:
    """How a sealed box was opened.

    Args:
        second: The second person.
        reason: Why.
        panwascam: Whether Panwascam was there.
        polri: Whether the police were there.
        card: What the second person's card says when it is scanned, or empty.
    """

    second: UUID
    reason: str
    panwascam: bool
    polri: bool
    card: str = ""


@action(Permission.PACKING_DO)
def open_box(*, by: Actor, at: datetime, packed: int, note: OpeningNote) -> Opening:
    """Open a sealed box before its day; its old seals are spent, its set is no longer complete.

    Args:
        by: Who opens.
        at: When.
        packed: The box's row.
        note: Second person, reason, who was there.

    Raises:
        NotAllowed: No such box in the actor's area.
        Refused: OPEN-NOT-SEALED, OPEN-AFTER-SENT, OPEN-AWAY, SEAL-ONE-PERSON, PACK-SECOND-MAY-NOT,
            SECOND-CARD, SECOND-CARD-UNKNOWN, SECOND-CARD-OTHER, OPEN-NO-REASON.
    """
    row = load_or_refuse(PackedObject, packed, by=by, permission=Permission.PACKING_DO, lock=True)
    reason = check_opening(
        state=row.state, code=row.code, reason=note.reason, people=(str(by.person), str(note.second))
    )
    if row.later:
        raise Refused("OPEN-AFTER-SENT", box=row.code)
    if away([row.object_id]):
        raise Refused("OPEN-AWAY", box=row.code)
    proof = check_second(by, note.second, row.area_code, at, note.card)
    old = row.seals.filter(seal_set=Seal.SealSet.OUT, removed_at__isnull=True)
    numbers = [seal.number for seal in old]
    old.update(removed_at=at)
    row.state, row.sealed_at = State.OPENED, None
    row.closed_at = row.closed_by = None
    row.save(update_fields=["state", "sealed_at", "closed_at", "closed_by"])
    PackingSet.objects.filter(pk=row.set_id).update(
        state=PackingSet.State.BEGUN, completed_at=None, completed_by=None
    )
    payload = Opened(
        second=str(note.second),
        reason=reason,
        panwascam=note.panwascam,
        polri=note.polri,
        planned=False,
        second_proof=proof,
    )
    objects = (row.object_id, set_id(row.election.code, row.set.unit))
    event = ledger.record(
        OPENED,
        msgspec.to_builtins(payload),
        by=by,
        at=at,
        about=ledger.About(objects=objects, place=row.area_code),
    )
    return Opening.objects.create(
        object=row,
        event=event.pk,
        first=by.person,
        second=note.second,
        second_proof=proof,
        reason=reason,
        panwascam=note.panwascam,
        polri=note.polri,
        old_seals=numbers,
        opened_at=at,
    )
