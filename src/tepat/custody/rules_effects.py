"""What each kind of event does to an object's hands: one function a kind (docs/decisions/0009-custody.md)."""

from collections.abc import Callable, Iterator, Sequence
from typing import cast

from tepat.custody import events
from tepat.custody.facts import Fact
from tepat.custody.rules_hands import Hands
from tepat.custody.rules_states import ClaimReason, Flag, Missing, Refusal

_PIN_FLAGS = {"lupa": Flag.PIN_FORGOTTEN, "salah": Flag.PIN_WRONG, "tersegel": Flag.PIN_UNCHECKED}


def walk(hands: Hands, fact: Fact, at_us: int, *, seals: Sequence[Flag] = ()) -> None:
    """Take in one event.

    Args:
        hands: How the object stands.
        fact: The next in the order of `rules_order`.
        at_us: When it is taken to have occurred.
        seals: What it says of the object's seals (`rules_seals.walk_seals`).
    """
    holder = hands.holder
    hands.begin(fact, at_us)
    _EFFECTS[fact.kind](hands, fact)
    hands.flags.update(seals)
    hands.end(fact, holder)


def named_apart(fact: Fact) -> Iterator[str]:
    """Yield the objects of which an event says something else than of its others, but for their seals."""
    payload = fact.payload
    if isinstance(payload, (events.Accepted, events.CountDiffers)):
        yield from payload.missing
        yield from payload.extra
    if isinstance(payload, (events.Accepted, events.Refused)):
        yield from (each.object for each in payload.refused)


def _registered(hands: Hands, fact: Fact) -> None:
    payload = cast("events.Registered", fact.payload)
    if not hands.holder:
        hands.take(payload.holder, payload.post)
    elif payload.holder != hands.holder:
        hands.claim(fact, payload.holder, payload.post, "dua klaim")


def _offered(hands: Hands, fact: Fact) -> None:
    hands.offered(fact)


def _accepted(hands: Hands, fact: Fact) -> None:
    payload = cast("events.Accepted", fact.payload)
    if payload.confirms:
        _paper_confirmed(hands)
        return
    if payload.missing and hands.object_id in payload.missing:
        _not_found(hands, fact, payload)
        return
    refused = [each for each in payload.refused if each.object == hands.object_id]
    if refused:
        _not_taken(hands, fact, payload, refused[0])
        return
    hands.flags |= _how(hands, fact, payload)
    if payload.receiver == hands.holder:
        _confirmed(hands, fact, payload)
        return
    broken = _broken(hands, payload)
    if broken is None:
        _taken(hands, fact, payload)
    elif hands.claim(fact, payload.receiver, payload.post, broken):
        hands.decide(payload.offer, "sengketa", fact, payload.receiver)
    elif hands.outcome_of(payload.offer) == "terbuka":
        hands.decide(payload.offer, "gugur", fact, payload.receiver)


def _taken(hands: Hands, fact: Fact, payload: events.Accepted) -> None:
    """Give it to the receiver; one-sided without an offer, or where the giver alone says so."""
    if not hands.holder:
        hands.flags.add(Flag.NOT_REGISTERED)
    hands.decide(payload.offer, "diterima", fact, payload.receiver)
    hands.take(payload.receiver, payload.post, offer=payload.offer)
    if fact.id in hands.signed:
        hands.flags.add(Flag.BOTH_SIGNED)
    else:
        hands.one_sided = payload.offer not in hands.offers or Flag.ALONE in hands.flags


def _paper_confirmed(hands: Hands) -> None:
    """Take in that a second person saw both signatures: the receipt itself counts it."""
    hands.evidence = False
    hands.flags.add(Flag.ON_PAPER)


def _confirmed(hands: Hands, fact: Fact, payload: events.Accepted) -> None:
    """Take in a receipt by who holds it already: sent again, or from both phones."""
    hands.missing = None
    known = payload.offer in hands.offers
    if known and hands.outcome_of(payload.offer) != "diterima":
        hands.decide(payload.offer, "diterima", fact, payload.receiver)
    if known and Flag.ALONE not in hands.flags and hands.has_held(hands.givers[payload.offer]):
        hands.one_sided = False


def _broken(hands: Hands, payload: events.Accepted) -> ClaimReason | None:
    """Return why no chain leads from the holder to this receipt, or None."""
    if not hands.holder:
        return None
    giver = hands.giver_of(payload.offer, payload.giver)
    if giver != hands.holder:
        return "dua klaim" if hands.has_held(giver) else "rantai putus"
    if hands.claims:
        return "dua klaim"
    if hands.outcome_of(payload.offer) == "ditarik":
        return "rantai putus"
    offer = hands.offers.get(payload.offer)
    if offer is not None and cast("events.Offered", offer.payload).list_hash != payload.list_hash:
        return "daftar beda"
    return None


def _how(hands: Hands, fact: Fact, payload: events.Accepted) -> set[Flag]:
    """Return how a receipt came about."""
    flags = set()
    if payload.one_phone:
        flags.add(Flag.ONE_PHONE)
    if payload.pin in _PIN_FLAGS:
        flags.add(_PIN_FLAGS[payload.pin])
    if payload.proof == "kertas":
        flags.add(Flag.ON_PAPER)
    if payload.extra and hands.object_id in payload.extra:
        flags.add(Flag.NOT_LISTED)
    alone = fact.actor == payload.giver and payload.proof == "perangkat" and not payload.one_phone
    if alone or payload.giver == payload.receiver:
        flags.add(Flag.ALONE)
    offer = hands.offers.get(payload.offer)
    return flags if offer is None else flags | _unlike(hands, offer, payload)


def _unlike(hands: Hands, offer: Fact, payload: events.Accepted) -> set[Flag]:
    """Return where a receipt is not what was offered."""
    offered = cast("events.Offered", offer.payload)
    flags = set()
    if payload.post != offered.to_post:
        flags.add(Flag.OTHER_POST)
    if offered.to_person not in ("", payload.receiver):
        flags.add(Flag.OTHER_RECEIVER)
    if payload.giver not in (offer.actor, hands.givers[offer.id]):
        flags.add(Flag.OTHER_GIVER)
    return flags


def _not_found(hands: Hands, fact: Fact, payload: events.Accepted | events.CountDiffers) -> None:
    """The receiver counted, and it was not there; the giver stays accountable."""
    hands.evidence = False
    if hands.outcome_of(payload.offer) == "diterima":
        hands.flags.add(Flag.TOO_LATE)
        return
    hands.decide(payload.offer, "belum_terlihat", fact, payload.receiver)
    if hands.giver_of(payload.offer, payload.giver) != hands.holder:
        hands.flags.add(Flag.NOT_HELD)
    elif hands.missing is None and not hands.claims:
        hands.missing = Missing(fact.id, payload.offer, payload.receiver, hands.at_us)


def _not_taken(
    hands: Hands, fact: Fact, payload: events.Accepted | events.Refused, refused: events.RefusedObject
) -> None:
    """The receiver did not take it; the giver stays accountable."""
    if hands.outcome_of(payload.offer) == "diterima":
        hands.flags.add(Flag.TOO_LATE)
        return
    hands.decide(payload.offer, "ditolak", fact, payload.receiver)
    if hands.giver_of(payload.offer, payload.giver) != hands.holder:
        hands.flags.add(Flag.NOT_HELD)
        return
    hands.missing = None
    hands.refused = Refusal(
        event=fact.id,
        offer=payload.offer,
        by=payload.receiver,
        reason=refused.reason,
        note=refused.note,
        photo=refused.photo,
        at_us=hands.at_us,
    )


def _refused(hands: Hands, fact: Fact) -> None:
    payload = cast("events.Refused", fact.payload)
    named = [each for each in payload.refused if each.object == hands.object_id]
    _not_taken(hands, fact, payload, (named or [events.RefusedObject(hands.object_id, "lain")])[0])


def _withdrawn(hands: Hands, fact: Fact) -> None:
    offer = cast("events.Withdrawn", fact.payload).offer
    if offer not in hands.offers:
        return
    if fact.actor not in (hands.givers[offer], hands.offers[offer].actor):
        hands.flags.add(Flag.OTHER_GIVER)
    elif hands.outcome_of(offer) != "terbuka":
        hands.flags.add(Flag.TOO_LATE)
    else:
        hands.decide(offer, "ditarik", fact, fact.actor)


def _count_differs(hands: Hands, fact: Fact) -> None:
    payload = cast("events.CountDiffers", fact.payload)
    if hands.object_id in payload.missing:
        _not_found(hands, fact, payload)
    elif hands.object_id in payload.extra and payload.receiver != hands.holder:
        hands.flags.add(Flag.NOT_LISTED)
        if hands.holder and hands.answers_now(payload.giver) != hands.holder:
            offer = hands.offers.get(payload.offer)
            post = "" if offer is None else cast("events.Offered", offer.payload).to_post
            hands.claim(fact, payload.receiver, post, "daftar beda")


def _seen(hands: Hands, fact: Fact) -> None:
    payload = cast("events.Seen", fact.payload)
    _found_with(hands, fact, payload.with_person, payload.post)


def _found_with(hands: Hands, fact: Fact, person: str, post: str) -> None:
    """Somebody scanned it in a person's hands: the holder's, the receiver's, or a find."""
    offer = hands.offer
    if not hands.holder:
        hands.flags.add(Flag.NOT_REGISTERED)
    elif hands.answers_now(person) == hands.holder:
        hands.missing = None
    elif offer is not None and (person == offer.to_person or (post and post == offer.to_post)):
        hands.flags.add(Flag.WITH_RECEIVER)
    else:
        hands.claim(fact, person, post, "temuan")


def _settled(hands: Hands, fact: Fact) -> None:
    payload = cast("events.Settled", fact.payload)
    parties = {hands.holder, payload.holder, *(claim.claimant for claim in hands.claims)}
    if fact.actor in parties:
        hands.flags.add(Flag.NOT_THIRD)
        _found_with(hands, fact, payload.holder, payload.post)
        return
    undisputed = payload.holder != hands.holder and not hands.claims and hands.missing is None
    hands.settle(fact, payload.holder, payload.post)
    if undisputed:
        hands.one_sided = True
        hands.flags.add(Flag.UNDISPUTED)


def _taken_over(hands: Hands, fact: Fact) -> None:
    payload = cast("events.TakenOver", fact.payload)
    if payload.from_person != hands.holder:
        hands.flags.add(Flag.NOT_HELD)
    elif payload.to_person != hands.holder:
        hands.take_over(payload.to_person, payload.post)


def _witnessed(hands: Hands, fact: Fact) -> None:
    """Take in what changes nobody's hands: presence, departure, arrival, seals on and off."""


_EFFECTS: dict[str, Callable[[Hands, Fact], None]] = {
    "custody.registered": _registered,
    "custody.offered": _offered,
    "custody.accepted": _accepted,
    "custody.refused": _refused,
    "custody.withdrawn": _withdrawn,
    "custody.count-differs": _count_differs,
    "custody.seen": _seen,
    "custody.settled": _settled,
    "custody.taken-over": _taken_over,
    "custody.present": _witnessed,
    "custody.departed": _witnessed,
    "custody.arrived": _witnessed,
    "packing.sealed": _witnessed,
    "packing.opened": _witnessed,
}
