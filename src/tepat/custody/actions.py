"""Hand-overs at the office's own screens; phones sign the same events themselves (`field/intake.py`).

No box moves by a click: who gives has it, who receives is another person and names what was counted, and a
dispute is ended only by a third person who scanned the thing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from tepat.common import ledger
from tepat.common.acting import Actor, action, actor_of, known
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Event
from tepat.common.permissions import Permission
from tepat.custody import events, holdings
from tepat.custody.models import Offer
from tepat.custody.parties import label_of, read_post
from tepat.custody.rules import State

OBJECTS_PER_ACTION_MAX = 20_000
NAMED_IN_REFUSAL = 5

ACT, SETTLE = Permission.CUSTODY_ACT, Permission.CUSTODY_SETTLE
REGISTERED = ledger.kind("custody.registered")
OFFERED = ledger.kind("custody.offered")
ACCEPTED = ledger.kind("custody.accepted")
REFUSED = ledger.kind("custody.refused")
WITHDRAWN = ledger.kind("custody.withdrawn")
DIFFERS = ledger.kind("custody.count-differs")
SEEN = ledger.kind("custody.seen")
SETTLED = ledger.kind("custody.settled")
TAKEN_OVER = ledger.kind("custody.taken-over")
PRESENT = ledger.kind("custody.present")


@dataclass(frozen=True)
class Hands:
    """In whose hands something is.

    Args:
        person: The person.
        post: At which post.
        place: Where, by the code of a place or an area; may be empty.
    """

    person: UUID
    post: str
    place: str = ""


@dataclass(frozen=True)
class To:
    """For whom an offer is.

    Args:
        post: The receiving post.
        person: The person meant, or None for anybody at the post.
        leg: The leg of the plan, or empty.
        expected_at: When the plan has the receipt, or None.
        place: Where it happens, or empty.
        read: How the objects were read; None: nobody noted it.
    """

    post: str
    person: UUID | None = None
    leg: str = ""
    expected_at: datetime | None = None
    place: str = ""
    read: "Read | None" = None


@dataclass(frozen=True)
class Read:
    """How the objects of an offer were read.

    Args:
        typed: Those that were typed and not scanned.
        unread: Those that were taken over from the plan's list.
    """

    typed: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Count:
    """What the receiver found.

    Args:
        missing: Offered and not there.
        refused: There and not taken, each with its reason.
        extra: Taken and not on the list.
        seals: The seals that were read.
        proof: How the other person's yes is known.
        pin: What the office found of the PIN that was typed on its own screen; empty without one.
        typed: Those of the list that were typed and not scanned; None: nobody noted it.
    """

    missing: tuple[str, ...] = ()
    refused: tuple[events.RefusedObject, ...] = ()
    extra: tuple[str, ...] = ()
    seals: tuple[events.SealRead, ...] = ()
    proof: events.Proof = "perangkat"
    pin: Literal["", "benar", "lupa"] = ""
    typed: tuple[str, ...] | None = None


def write_events(
    kind: str, payload: events.Payload, objects: Iterable[str], *, by: Actor, at: datetime, place: str = ""
) -> list[Event]:
    """Record one event, or one for each part where there are more objects than one may name."""
    plain = msgspec.to_builtins(payload)
    listed = sorted(set(objects))
    parts = [
        listed[start : start + ledger.OBJECTS_MAX] for start in range(0, len(listed), ledger.OBJECTS_MAX)
    ]
    entries = [
        ledger.Entry(kind, plain, ledger.About(objects=tuple(part), place=place)) for part in parts or [[]]
    ]
    return ledger.record_all(entries, by=by, at=at)


def named_labels(objects: Collection[str]) -> str:
    """Return some labels in words, the first few by name."""
    labels = [label_of(name) for name in sorted(objects)]
    rest = len(labels) - NAMED_IN_REFUSAL
    return ", ".join(labels[:NAMED_IN_REFUSAL]) + (f" dan {rest} lagi" if rest > 0 else "")


def require_objects(objects: Sequence[str]) -> None:
    if not objects:
        raise Refused("CUSTODY-NO-OBJECTS")
    if len(objects) > OBJECTS_PER_ACTION_MAX:
        raise Refused("CUSTODY-TOO-MANY", count=len(objects), limit=OBJECTS_PER_ACTION_MAX)


def states_now(objects: Sequence[str]) -> dict[str, State]:
    """Return how things stand at this moment, with every event read."""
    if holdings.dirty_of(objects):
        holdings.refold(objects)
    return holdings.state_of(objects)


def require_post(post: str, by: Actor, permission: Permission) -> None:
    found = read_post(post)
    if found is None:
        raise Refused("CUSTODY-POST", post=post)
    by.require(permission, found.area_code or None)


def require_person(person: UUID) -> None:
    if not known(person):
        raise Refused("CUSTODY-PERSON")


def require_person_id(text: str) -> None:
    """Refuse what is no id of somebody in the register."""
    try:
        person = UUID(text)
    except ValueError:
        raise Refused("CUSTODY-PERSON") from None
    require_person(person)


@action(ACT)
def register_objects(*, by: Actor, at: datetime, objects: Sequence[str], hands: Hands) -> int:
    """Say that objects are closed and in somebody's hands: here their custody begins.

    Args:
        by: Who says it; the packing table.
        at: When.
        objects: Object ids; those that somebody holds already are left alone.
        hands: Who holds them.

    Returns:
        How many are new.

    Raises:
        Refused: CUSTODY-NO-OBJECTS, CUSTODY-TOO-MANY, CUSTODY-POST, CUSTODY-PERSON, CUSTODY-HELD-BY-OTHER.
    """
    require_objects(objects)
    require_post(hands.post, by, ACT)
    require_person(hands.person)
    states = states_now(objects)
    others = [name for name, state in states.items() if state.holder not in {"", str(hands.person)}]
    if others:
        raise Refused("CUSTODY-HELD-BY-OTHER", count=len(others), labels=named_labels(others))
    new = [name for name, state in states.items() if not state.holder]
    if not new:
        raise Refused("CUSTODY-REGISTERED", count=len(states))
    payload = events.Registered(holder=str(hands.person), post=hands.post)
    write_events(REGISTERED, payload, new, by=by, at=at, place=hands.place)
    return len(new)


@action(ACT)
def offer(*, by: Actor, at: datetime, objects: Sequence[str], to: To) -> list[str]:
    """Offer what one holds; until it is accepted, the giver answers for it.

    Args:
        by: The giver, who must hold all of it.
        at: When.
        objects: Object ids.
        to: For whom.

    Returns:
        The offers' ids: one for each 500 objects.

    Raises:
        Refused: CUSTODY-NO-OBJECTS, CUSTODY-TOO-MANY, CUSTODY-POST, CUSTODY-NOT-HOLDER, CUSTODY-OFFERED.
    """
    require_objects(objects)
    if read_post(to.post) is None:
        raise Refused("CUSTODY-POST", post=to.post)
    states = states_now(objects)
    foreign = [name for name, state in states.items() if state.holder != str(by.person)]
    if foreign:
        raise Refused("CUSTODY-NOT-HOLDER", count=len(foreign), labels=named_labels(foreign))
    open_ones = [name for name, state in states.items() if state.offer is not None]
    if open_ones:
        raise Refused("CUSTODY-OFFERED", count=len(open_ones), labels=named_labels(open_ones))
    made = []
    listed = sorted(set(objects))
    for start in range(0, len(listed), ledger.OBJECTS_MAX):
        part = listed[start : start + ledger.OBJECTS_MAX]
        payload = events.Offered(
            to_post=to.post,
            list_hash=events.list_hash(part),
            to_person=str(to.person or ""),
            leg=to.leg,
            expected_at=ledger.moment(to.expected_at) if to.expected_at else "",
            how=events.how_read(part, typed=to.read.typed, unread=to.read.unread) if to.read else "",
        )
        made += write_events(OFFERED, payload, part, by=by, at=at, place=to.place)
    return [str(event.pk) for event in made]


def _open_offer(pk: UUID) -> Offer:
    """Return an offer that nobody has answered.

    Raises:
        NotAllowed: No such offer.
        Refused: CUSTODY-ANSWERED.
    """
    holdings.refold_offer(str(pk))
    row = Offer.objects.filter(pk=pk).first()
    if row is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    if row.state != Offer.State.OPEN:
        raise Refused("CUSTODY-ANSWERED", state=row.get_state_display())
    return row


def _require_receiver(row: Offer, by: Actor, hands: Hands, at: datetime) -> None:
    """Check that the receiver may receive and is not the giver, also on the giver's own screen."""
    require_person(hands.person)
    require_post(hands.post, by if by.person == hands.person else actor_of(hands.person, at), ACT)
    if str(hands.person) == row.giver:
        raise Refused("CUSTODY-SAME-PERSON")
    if str(by.person) not in {row.giver, str(hands.person)}:
        raise Refused("CUSTODY-NOT-PARTY")
    if hands.post != row.to_post:
        raise Refused("CUSTODY-OTHER-POST", post=row.to_post)


@action(ACT)
def accept(*, by: Actor, at: datetime, offer_id: UUID, hands: Hands, count: Count) -> Event:
    """Take an offer, whole or in part; what was taken is the receiver's from now on.

    Args:
        by: The receiver; or the giver on whose screen the receiver shows card or signature.
        at: When.
        offer_id: Which offer.
        hands: The receiver.
        count: What was found.

    Raises:
        NotAllowed: No such offer.
        Refused: CUSTODY-ANSWERED, CUSTODY-SAME-PERSON, CUSTODY-NOT-PARTY, CUSTODY-OTHER-POST, CUSTODY-PERSON,
            CUSTODY-NOT-LISTED, CUSTODY-NOTHING-TAKEN, CUSTODY-NO-PROOF.
    """
    row = _open_offer(offer_id)
    _require_receiver(row, by, hands, at)
    listed = set(row.objects_named)
    left = {*count.missing, *(entry.object for entry in count.refused)}
    if not left <= listed:
        raise Refused("CUSTODY-NOT-LISTED", labels=named_labels(left - listed))
    if left == listed and not count.extra:
        raise Refused("CUSTODY-NOTHING-TAKEN")
    for read in count.seals:
        if read.second:
            require_person_id(read.second)
    one_phone = by.person != hands.person
    if one_phone and count.proof == "perangkat":
        raise Refused("CUSTODY-NO-PROOF")
    payload = events.Accepted(
        offer=str(row.pk),
        list_hash=row.list_hash,
        giver=row.giver,
        receiver=str(hands.person),
        post=hands.post,
        missing=tuple(sorted(count.missing)),
        refused=count.refused,
        extra=tuple(sorted(count.extra)),
        seals=count.seals,
        proof=count.proof,
        one_phone=one_phone,
        pin=count.pin,
        how=_how(sorted({*listed, *count.extra}), left, count),
    )
    return write_events(ACCEPTED, payload, {*listed, *count.extra}, by=by, at=at, place=hands.place)[0]


def _how(objects: Sequence[str], left: Collection[str], count: Count) -> str:
    """Return how the objects of a receipt were read; what was left was not scanned into the count."""
    return "" if count.typed is None else events.how_read(objects, typed=count.typed, unread=left)


@action(ACT)
def refuse(
    *, by: Actor, at: datetime, offer_id: UUID, hands: Hands, refused: Sequence[events.RefusedObject]
) -> Event:
    """Take nothing of an offer; the giver keeps answering for it.

    Args:
        by: The receiver, or the giver on whose screen it is written down.
        at: When.
        offer_id: Which offer.
        hands: The receiver.
        refused: What was refused, each with its reason; not empty.

    Raises:
        NotAllowed: No such offer.
        Refused: As `accept`, and CUSTODY-NO-REASON.
    """
    row = _open_offer(offer_id)
    _require_receiver(row, by, hands, at)
    if not refused:
        raise Refused("CUSTODY-NO-REASON")
    foreign = {entry.object for entry in refused} - set(row.objects_named)
    if foreign:
        raise Refused("CUSTODY-NOT-LISTED", labels=named_labels(foreign))
    payload = events.Refused(
        offer=str(row.pk),
        list_hash=row.list_hash,
        giver=row.giver,
        receiver=str(hands.person),
        post=hands.post,
        refused=tuple(refused),
    )
    return write_events(REFUSED, payload, row.objects_named, by=by, at=at, place=hands.place)[0]


@action(ACT)
def withdraw(*, by: Actor, at: datetime, offer_id: UUID) -> Event:
    """Take an offer back before anybody accepted it.

    Raises:
        NotAllowed: No such offer of this person.
        Refused: CUSTODY-ANSWERED.
    """
    row = _open_offer(offer_id)
    if row.giver != str(by.person):
        raise NotAllowed("COMMON-NOT-FOUND")
    payload = events.Withdrawn(offer=str(row.pk))
    return write_events(WITHDRAWN, payload, row.objects_named, by=by, at=at)[0]
