"""PINs: set at the office, and compared when they came sealed beside a receipt. Never seen, never stored."""

from datetime import datetime

from django.conf import settings

from tepat.common import ledger
from tepat.common.acting import Actor, action, system_actor
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Event
from tepat.common.permissions import Permission
from tepat.custody import identities, indexing, signing
from tepat.custody.models import Card, PinToCheck

PINS_AT_ONCE_MAX = 20

PIN_SET = ledger.kind("identity.pin-set")


@action(Permission.CARDS_ISSUE)
def set_pin(*, by: Actor, at: datetime, number: str, pin_hash: str) -> Card:
    """Set the PIN that a person has chosen at the office; the PIN itself never comes here.

    Args:
        by: Who helps.
        at: When.
        number: The card.
        pin_hash: `identities.hash_pin` of six digits.

    Raises:
        NotAllowed: No such card in the actor's area.
        Refused: CARDS-REVOKED.
    """
    card: Card | None = Card.objects.filter(pk=number).first()
    if card is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    by.require(Permission.CARDS_ISSUE, card.area_code)
    if card.revoked_at:
        raise Refused("CARDS-REVOKED", number=number)
    Card.objects.filter(pk=number).update(pin_hash=pin_hash, pin_set_at=at)
    about = ledger.About((f"kartu:{number}", f"orang:{card.person_id}"), card.area_code)
    ledger.record(PIN_SET, {"number": number}, by=by, at=at, about=about)
    card.refresh_from_db()
    return card


def check_pins(*, at: datetime, most: int = PINS_AT_ONCE_MAX) -> int:
    """Open the PINs that came sealed and write down whether each was right; return how many.

    Outside the intake's transaction, for a PIN's hash is slow by design. A PIN that cannot be opened, or a
    card without one, counts as wrong: the receipt stands and is marked.

    Args:
        at: When.
        most: No more than these at once.
    """
    waiting = list(PinToCheck.objects.select_related("event").order_by("pk")[:most])
    for one in waiting:
        # The worker and a phone's own sending may come to the same PIN at once; it is noted once.
        _note_pin(by=system_actor(), at=at, event=one.event, result=_result(one), key=f"pin-{one.event_id}")
    return len(waiting)


def _result(one: PinToCheck) -> str:
    opened = signing.open_pin(
        str(settings.SECRET_KEY),
        key=one.sealed["key"],
        iv=signing.decode(one.sealed["iv"]),
        box=signing.decode(one.sealed["box"]),
        about=str(one.event_id),
    )
    receiver = one.event.payload.get("receiver", "")
    card = Card.objects.filter(pk=opened.card).first() if opened else None
    if opened is None or card is None or str(card.person_id) != receiver:
        return "salah"
    return "benar" if identities.pin_fits(card, opened.pin) else "salah"


@action(Permission.CARDS_ISSUE)
def _note_pin(*, by: Actor, at: datetime, event: Event, result: str) -> None:
    PinToCheck.objects.filter(pk=event.pk).delete()
    about = ledger.About(tuple(event.objects_named), event.place)
    ledger.record(indexing.PIN_CHECKED, {"event": str(event.pk), "pin": result}, by=by, at=at, about=about)
