"""An identity is revoked: everything it did is flagged and left out, until somebody has looked at it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tepat.common import ledger
from tepat.common.acting import Actor, action
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Event
from tepat.common.permissions import Permission
from tepat.custody import indexing
from tepat.custody.models import Card, ConfirmedEvent, Device, Invitation

REASON_LENGTH_MAX = 200

REVOKED = ledger.kind("identity.revoked")
CONFIRMED = ledger.kind("identity.confirmed")


@action(Permission.CARDS_ISSUE)
def revoke(*, by: Actor, at: datetime, number: str, reason: str) -> int:
    """Revoke a card with its invitation and device; flag everything that this identity did.

    Args:
        by: Who revokes.
        at: When.
        number: The card's number.
        reason: Why, in words; no names.

    Returns:
        How many events are left out from now on, until somebody confirms them.

    Raises:
        NotAllowed: No such card in the actor's area.
        Refused: CARDS-REVOKED, CARDS-NO-REASON.
    """
    invitation = Invitation.objects.filter(number=number).first()
    if invitation is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    by.require(Permission.CARDS_ISSUE, invitation.area_code)
    if invitation.revoked_at:
        raise Refused("CARDS-REVOKED", number=number)
    if not reason.strip():
        raise Refused("CARDS-NO-REASON")
    return _revoke(invitation, by, at, reason.strip()[:REASON_LENGTH_MAX])


def _revoke(invitation: Invitation, by: Actor, at: datetime, reason: str) -> int:
    Invitation.objects.filter(pk=invitation.pk).update(revoked_at=at)
    Card.objects.filter(pk=invitation.card_id).update(revoked_at=at)
    device = Device.objects.filter(invitation=invitation).first()
    events: list[Event] = []
    if device is not None:
        Device.objects.filter(pk=device.pk).update(revoked_at=at, revoked_reason=reason)
        events = list(Event.objects.filter(device=device.pk).exclude(device=""))
        indexing.mark_events(events)
    objects: tuple[str, ...] = (f"kartu:{invitation.number}",)
    if invitation.person_id:
        objects += (f"orang:{invitation.person_id}",)
    payload = {"number": invitation.number, "device": device.pk if device else "", "events": len(events)}
    ledger.record(REVOKED, payload, by=by, at=at, about=ledger.About(objects, invitation.area_code))
    return len(events)


def revoke_all(people: Sequence[UUID], *, by: Actor, at: datetime, reason: str) -> int:
    """Revoke every card of some people, inside the action that replaces them; return how many."""
    found = list(Invitation.objects.filter(person__in=people, revoked_at__isnull=True))
    for invitation in found:
        _revoke(invitation, by, at, reason)
    return len(found)


@action(Permission.CUSTODY_SETTLE)
def confirm_events(*, by: Actor, at: datetime, device: str, events: Sequence[UUID]) -> int:
    """Confirm events of a revoked identity after looking at them; they count again.

    Args:
        by: Who confirms; not the revoked person.
        at: When.
        device: The revoked device.
        events: Which of its events.

    Returns:
        How many were confirmed now.

    Raises:
        NotAllowed: No such device in the actor's area.
        Refused: CARDS-NOT-REVOKED, CARDS-OWN-EVENTS.
    """
    row = Device.objects.filter(pk=device).first()
    if row is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    by.require(Permission.CUSTODY_SETTLE, row.area_code)
    if row.revoked_at is None:
        raise Refused("CARDS-NOT-REVOKED")
    if row.person_id == by.person:
        raise Refused("CARDS-OWN-EVENTS")
    found = list(Event.objects.filter(device=device, pk__in=list(events), confirmed__isnull=True))
    ConfirmedEvent.objects.bulk_create(
        [ConfirmedEvent(event=event, confirmed_by=by.person, confirmed_at=at) for event in found]
    )
    indexing.mark_events(found)
    for start in range(0, max(1, len(found)), ledger.OBJECTS_MAX):
        some = [str(event.pk) for event in found[start : start + ledger.OBJECTS_MAX]]
        about = ledger.About((f"kartu:{row.invitation.number}",), row.area_code)
        ledger.record(CONFIRMED, {"device": device, "events": some}, by=by, at=at, about=about)
    return len(found)
