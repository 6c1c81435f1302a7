"""The second person at a table, a seal or an opening: somebody else, allowed here, and how that is known."""

from datetime import datetime
from uuid import UUID

from tepat.common.acting import Actor, actor_of
from tepat.common.errors import Refused
from tepat.common.models import Office
from tepat.common.permissions import Permission
from tepat.custody.events import SecondProof
from tepat.custody.models import Card
from tepat.packing.rules_seals import card_number, check_two


def check_second(by: Actor, second: UUID, area_code: str, at: datetime, card: str = "") -> SecondProof:
    """Refuse a second person who is the first, or who may not pack here; return how their presence is known.

    Args:
        by: The first person.
        second: The second.
        area_code: Where.
        at: When.
        card: What the second person's card says when it is scanned, or empty.

    Raises:
        Refused: SEAL-ONE-PERSON, PACK-SECOND-MAY-NOT, SECOND-CARD, SECOND-CARD-UNKNOWN, SECOND-CARD-OTHER.
    """
    check_two((str(by.person), str(second)))
    if not actor_of(second, at).may(Permission.PACKING_DO, area_code):
        raise Refused("PACK-SECOND-MAY-NOT")
    if not card.strip():
        return "tanpa-bukti"
    if card_holder(card, at) != second:
        raise Refused("SECOND-CARD-OTHER", number=card_number(card, office=_office()))
    return "kartu"


def card_holder(card: str, at: datetime) -> UUID:
    """Return whose card was scanned.

    Args:
        card: Its QR, or its number typed.
        at: When.

    Raises:
        Refused: SECOND-CARD, SECOND-CARD-UNKNOWN.
    """
    number = card_number(card, office=_office())
    holder = Card.objects.valid_at(at).filter(number=number).values_list("person_id", flat=True).first()
    if holder is None:
        raise Refused("SECOND-CARD-UNKNOWN", number=number)
    return UUID(str(holder))


def _office() -> str:
    return Office.objects.get().area_code
