"""A receipt at the office's own laptop: taken, refused and signed for in one step, with both people there."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from tepat.common.acting import Actor, action
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Event
from tepat.custody import actions, events, holdings
from tepat.custody.actions import ACT, DIFFERS, Count, Hands, write_events
from tepat.custody.facts import Fact
from tepat.custody.handing_reading import receiver_at
from tepat.custody.models import Offer


# Silent: the entries are written by the actions within, in this one transaction.
@action(ACT, silent=True)
def receive(*, by: Actor, at: datetime, offer_id: UUID, hands: Hands, count: Count) -> Event:
    """Take an offer as it was counted here, or refuse it; a count that differs is signed in the same step.

    Args:
        by: The receiver; or the giver at whose laptop the receiver showed a card.
        at: When.
        offer_id: Which offer.
        hands: The receiver, at the offer's post.
        count: What was counted; where nothing of the list was taken, every refused object has its reason.

    Returns:
        The receipt, or the refusal.

    Raises:
        NotAllowed: No such offer.
        Refused: As `actions.accept` and `actions.refuse`; CUSTODY-NOT-AT-POST.
    """
    receiver_at(hands.person, hands.post, at)
    holdings.refold_offer(str(offer_id))
    row = Offer.objects.filter(pk=offer_id).first()
    if row is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    left = {*count.missing, *(entry.object for entry in count.refused)}
    taken = set(row.objects_named) - left | set(count.extra)
    if taken:
        answered = actions.accept(by=by, at=at, offer_id=offer_id, hands=hands, count=count)
    elif count.refused:
        answered = actions.refuse(by=by, at=at, offer_id=offer_id, hands=hands, refused=count.refused)
    else:
        raise Refused("CUSTODY-NOTHING-TAKEN")
    if count.missing or count.extra:
        _sign(row, by, at, hands.person, count)
    return answered


def _sign(row: Offer, by: Actor, at: datetime, receiver: UUID, count: Count) -> None:
    there = row.count - len(count.missing) + len(count.extra)
    payload = events.CountDiffers(
        offer=str(row.pk),
        offered=row.count,
        counted=there,
        giver=row.giver,
        receiver=str(receiver),
        missing=tuple(sorted(count.missing)),
        extra=tuple(sorted(count.extra)),
    )
    write_events(DIFFERS, payload, {*row.objects_named, *count.extra}, by=by, at=at)


def signed_by(facts: Collection[Fact]) -> set[str]:
    """Return who signed the difference of an offer, by the events about it.

    A receiver at the giver's laptop signed by showing a card there: the receipt names what is missing.

    Args:
        facts: `holdings.offer_facts` of it.
    """
    people: set[str] = set()
    for fact in facts:
        said = fact.payload
        if isinstance(said, events.CountDiffers):
            people.add(fact.actor)
        elif isinstance(said, events.Accepted) and (said.missing or said.extra):
            people.add(said.receiver)
    return people
