"""What ends a difference, a dispute or an absence: signed as it is, scanned by a third person, taken over."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tepat.common.acting import Actor, action
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Event
from tepat.custody import events, holdings
from tepat.custody.actions import (
    ACT,
    DIFFERS,
    PRESENT,
    SEEN,
    SETTLE,
    SETTLED,
    TAKEN_OVER,
    Hands,
    named_labels,
    require_objects,
    require_person,
    require_post,
    states_now,
    write_events,
)
from tepat.custody.handing_reading import receiver_at
from tepat.custody.models import Offer
from tepat.custody.rules import State

NOTE_LENGTH_MAX = 200


@action(ACT)
def sign_difference(
    *, by: Actor, at: datetime, offer_id: UUID, receiver: UUID, counted: int, missing: Sequence[str]
) -> Event:
    """Write down, for both sides, how a count differs from the offer; the holder does not change by it.

    Args:
        by: One of the two.
        at: When.
        offer_id: Which offer.
        receiver: The other side.
        counted: How many were counted.
        missing: Which of the list were not there.

    Raises:
        NotAllowed: No such offer.
        Refused: CUSTODY-NOT-PARTY, CUSTODY-NOT-LISTED, CUSTODY-NO-DIFFERENCE, CUSTODY-SAME-PERSON.
    """
    holdings.refold_offer(str(offer_id))
    row = Offer.objects.filter(pk=offer_id).first()
    if row is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    require_person(receiver)
    if str(receiver) == row.giver:
        raise Refused("CUSTODY-SAME-PERSON")
    if str(by.person) not in {row.giver, str(receiver)}:
        raise Refused("CUSTODY-NOT-PARTY")
    foreign = set(missing) - set(row.objects_named)
    if foreign:
        raise Refused("CUSTODY-NOT-LISTED", labels=named_labels(foreign))
    if counted == row.count and not missing:
        raise Refused("CUSTODY-NO-DIFFERENCE", count=row.count)
    payload = events.CountDiffers(
        offer=str(row.pk),
        offered=row.count,
        counted=counted,
        giver=row.giver,
        receiver=str(receiver),
        missing=tuple(sorted(missing)),
    )
    return write_events(DIFFERS, payload, row.objects_named, by=by, at=at)[0]


@action(SETTLE)
def settle(*, by: Actor, at: datetime, objects: Sequence[str], hands: Hands, note: str) -> int:
    """End a dispute or a search: a third person scanned the things and says in whose hands they are.

    Args:
        by: Who scanned them; neither the holder nor one of those who claim them.
        at: When.
        objects: What was scanned.
        hands: In whose hands it is.
        note: How it came about; no names.

    Returns:
        How many were settled.

    Raises:
        NotAllowed: Outside the actor's area.
        Refused: CUSTODY-NO-OBJECTS, CUSTODY-TOO-MANY, CUSTODY-POST, CUSTODY-PERSON, CUSTODY-NOT-THIRD,
            CUSTODY-NOTHING-TO-SETTLE, CUSTODY-UNKNOWN-OBJECTS.
    """
    require_objects(objects)
    require_post(hands.post, by, SETTLE)
    require_person(hands.person)
    states = states_now(objects)
    unknown = [name for name, state in states.items() if state.status == "belum_ada"]
    if unknown:
        raise Refused("CUSTODY-UNKNOWN-OBJECTS", count=len(unknown), labels=named_labels(unknown))
    me = str(by.person)
    if me == str(hands.person) or any(me in _sides(state) for state in states.values()):
        raise Refused("CUSTODY-NOT-THIRD")
    calm = [name for name, state in states.items() if state.status not in {"sengketa", "belum_terlihat"}]
    if calm:
        raise Refused("CUSTODY-NOTHING-TO-SETTLE", count=len(calm), labels=named_labels(calm))
    payload = events.Settled(holder=str(hands.person), post=hands.post, note=note.strip()[:NOTE_LENGTH_MAX])
    write_events(SETTLED, payload, states, by=by, at=at, place=hands.place)
    return len(states)


def _sides(state: State) -> set[str]:
    return {state.holder, *(claim.claimant for claim in state.claims)}


@action(ACT)
def take_over(*, by: Actor, at: datetime, from_person: UUID, hands: Hands, reason: str) -> int:
    """Let the deputy take over whatever a person in charge holds at a post.

    Args:
        by: The deputy, or the person in charge who hands over.
        at: When.
        from_person: The person in charge.
        hands: The deputy, and the post.
        reason: Why; no names, no illness.

    Returns:
        How many things were taken over.

    Raises:
        Refused: CUSTODY-POST, CUSTODY-PERSON, CUSTODY-NOT-PARTY, CUSTODY-SAME-PERSON, CUSTODY-HOLDS-NOTHING,
            CUSTODY-NOT-AT-POST where the register gives the deputy no duty at that post.
    """
    require_post(hands.post, by, ACT)
    require_person(hands.person)
    receiver_at(hands.person, hands.post, at)
    if from_person == hands.person:
        raise Refused("CUSTODY-SAME-PERSON")
    if by.person not in {from_person, hands.person}:
        raise Refused("CUSTODY-NOT-PARTY")
    holdings.refresh()
    held = holdings.held_by(str(from_person)).filter(post=hands.post)
    objects = list(held.values_list("object_id", flat=True))
    if not objects:
        raise Refused("CUSTODY-HOLDS-NOTHING", post=hands.post)
    payload = events.TakenOver(
        from_person=str(from_person),
        to_person=str(hands.person),
        post=hands.post,
        reason=reason.strip()[:NOTE_LENGTH_MAX],
    )
    write_events(TAKEN_OVER, payload, objects, by=by, at=at, place=hands.place)
    return len(objects)


@action(ACT)
def note_seen(*, by: Actor, at: datetime, objects: Sequence[str], hands: Hands, found: bool) -> int:
    """Write down that somebody scanned things in somebody's hands: fresh evidence, or a find.

    Args:
        by: Who scanned.
        at: When.
        objects: What.
        hands: In whose hands.
        found: Whether it had been missing and was found.

    Returns:
        How many things were scanned.

    Raises:
        Refused: CUSTODY-NO-OBJECTS, CUSTODY-TOO-MANY, CUSTODY-POST, CUSTODY-PERSON.
    """
    require_objects(objects)
    require_post(hands.post, by, ACT)
    require_person(hands.person)
    payload = events.Seen(
        with_person=str(hands.person), post=hands.post, purpose="temuan" if found else "periksa"
    )
    write_events(SEEN, payload, objects, by=by, at=at, place=hands.place)
    return len(set(objects))


@action(ACT)
def note_presence(
    *, by: Actor, at: datetime, objects: Sequence[str], presence: events.Present, place: str = ""
) -> Event:
    """Write down that PPK, Panwascam, PKD or police are there, or are not; they hold nothing by it.

    Args:
        by: Who writes it down.
        at: When.
        objects: What it is about; may be empty for a place.
        presence: Who, for which offer or leg.
        place: Where.
    """
    return write_events(PRESENT, presence, objects, by=by, at=at, place=place)[0]
