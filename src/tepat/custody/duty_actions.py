"""Somebody without a phone of their own acknowledges their duty on the telephone; the office notes it."""

from datetime import datetime

from tepat.common import ledger
from tepat.common.acting import Actor, action
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Event
from tepat.common.permissions import Permission
from tepat.custody.models import Device, Invitation

ACKNOWLEDGED = ledger.kind("identity.acknowledged")


@action(Permission.DUTY_CONFIRM)
def note_ready(*, by: Actor, at: datetime, number: str) -> None:
    """Note that the owner of a card was called and acknowledged their duty; a new card asks for a new call.

    Args:
        by: Who called; not the owner.
        at: When.
        number: The card's number.

    Raises:
        NotAllowed: No such card in the actor's area.
        Refused: CARDS-REVOKED, CARDS-LAPSED, SPARE-UNKNOWN (nobody's card yet), DUTY-OWN, DUTY-KNOWN.
    """
    row = Invitation.objects.select_for_update().filter(number=number).first()
    if row is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    by.require(Permission.DUTY_CONFIRM, row.area_code)
    if row.revoked_at:
        raise Refused("CARDS-REVOKED", number=number)
    if row.person_id is None:
        raise Refused("SPARE-UNKNOWN", number=number)
    if at >= row.valid_to:
        raise Refused("CARDS-LAPSED", number=number)
    if row.person_id == by.person:
        raise Refused("DUTY-OWN", number=number)
    bound = Device.objects.filter(invitation=row, revoked_at=None).exists()
    if bound or Event.objects.filter(kind=ACKNOWLEDGED, payload__number=number).exists():
        raise Refused("DUTY-KNOWN", number=number)
    payload = {"number": number, "role": row.role, "how": "telepon"}
    about = ledger.About((f"kartu:{number}", f"orang:{row.person_id}"), row.area_code)
    ledger.record(ACKNOWLEDGED, payload, by=by, at=at, about=about)
