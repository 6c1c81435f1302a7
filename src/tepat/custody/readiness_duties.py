"""Who has acknowledged their duty: by a phone bound to their card, or called by the office."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from tepat.common.models import Event
from tepat.custody.duty_actions import ACKNOWLEDGED
from tepat.custody.models import Device, Invitation


def acknowledged(people: Collection[UUID], at: datetime) -> set[UUID]:
    """Return which of some people have acknowledged their duty by a card that is valid at a moment.

    Args:
        people: Whom.
        at: The moment; what was said later does not count.
    """
    phones = Device.objects.filter(bound_at__lte=at, valid_to__gt=at, person__isnull=False)
    found = set(phones.exclude(revoked_at__lte=at).values_list("person_id", flat=True))
    called = called_numbers(at)
    cards = Invitation.objects.filter(valid_to__gt=at, person__isnull=False).exclude(revoked_at__lte=at)
    numbers = cards.values_list("number", "person_id") if called else ()
    found |= {person for number, person in numbers if number in called}
    return found & set(people)


def acknowledged_since(since: Mapping[UUID, datetime], at: datetime) -> set[UUID]:
    """Return who has acknowledged their duty by a valid card not before a moment of their own.

    Args:
        since: By person, the moment; what was said before it was said to something else.
        at: Now.
    """
    found = acknowledged(since.keys(), at)
    said: dict[UUID, datetime] = {}
    phones = Device.objects.filter(person__in=found, bound_at__lte=at).values_list("person_id", "bound_at")
    cards = dict(Invitation.objects.filter(person__in=found).values_list("number", "person_id"))
    calls = Event.objects.filter(kind=ACKNOWLEDGED, recorded_at__lte=at, payload__number__in=list(cards))
    called = (
        (cards[number], moment) for number, moment in calls.values_list("payload__number", "recorded_at")
    )
    for person, moment in (*phones, *called):
        if person is not None:
            said[person] = max(moment, said.get(person, moment))
    return {person for person in found if person in said and said[person] >= since[person]}


def called_numbers(at: datetime) -> set[str]:
    """Return the cards whose owners the office has called until a moment."""
    rows = Event.objects.filter(kind=ACKNOWLEDGED, recorded_at__lte=at).order_by()
    return set(rows.values_list("payload__number", flat=True))


def call_of(number: str) -> Event | None:
    """Return the call in which the owner of a card acknowledged their duty, or None."""
    return Event.objects.filter(kind=ACKNOWLEDGED, payload__number=number).order_by("recorded_at").first()
