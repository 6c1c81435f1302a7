"""What the timelines show: a box's segments, the things of a TPS, a person's and a trip's hand-overs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time

from django.db.models import Q, QuerySet

from tepat.common.models import Election, Event, Office
from tepat.custody import holdings
from tepat.custody.facts import microseconds
from tepat.custody.models import Holding, Offer
from tepat.custody.rules import History, fold_each
from tepat.custody.tiling import Segment, Tolerances, tile
from tepat.custody.timeline import ended, has_ended
from tepat.custody.words import read_words

HAND_OVERS_SHOWN_MAX = 2_000
HELD_SHOWN_MAX = 2_000
MOVES = ("custody.departed", "custody.arrived")


@dataclass(frozen=True)
class Line:
    """One object with its history and its time laid out.

    Args:
        object_id: Which.
        history: Its history.
        segments: Its time, from the registration to now, or to the end of its way (`timeline.ended`).
        read: For each event of which it is known how its objects were read, in words.
    """

    object_id: str
    history: History
    segments: tuple[Segment, ...]
    read: Mapping[str, str] = field(default_factory=dict)


def lines_of(objects: Sequence[str], *, now_us: int) -> list[Line]:
    """Return the timelines of some objects, folded from the ledger now.

    Args:
        objects: Object ids.
        now_us: This moment, in microseconds since 1970.
    """
    facts = holdings.facts_of(list(objects))
    histories = fold_each(facts)
    polling = _polling_us()
    read = {fact.id: said for some in facts.values() for fact in some if (said := read_words(fact.payload))}
    return [
        Line(name, history, _segments(history, polling.get(_election_of(name), now_us), now_us), read)
        for name, history in sorted(histories.items())
    ]


def _segments(history: History, polling_us: int, now_us: int) -> tuple[Segment, ...]:
    found = tile(history, now_us=now_us, tolerances=Tolerances())
    if not history.moments or not has_ended(history, polling_us=polling_us, now_us=now_us):
        return found
    return ended(found, last_us=min(history.moments[-1].at_us, now_us))


def _election_of(name: str) -> str:
    return name.partition(":")[2].partition(":")[0]


def _polling_us() -> dict[str, int]:
    """Return the beginning of each election's polling day, by code."""
    office = Office.objects.first()
    zone = office.zone if office else UTC
    days = Election.objects.values_list("code", "polling_date")
    return {code: microseconds(datetime.combine(day, time(), zone)) for code, day in days}


def objects_of_unit(rows: QuerySet[Holding], unit: str) -> list[str]:
    """Return the objects of a set among those that the reader may see.

    Args:
        rows: What the reader may see.
        unit: Such as ``091015-001``.
    """
    found = rows.filter(object_id__contains=f":{unit}-").order_by("object_id")
    return list(found.values_list("object_id", flat=True))


def of_person(rows: QuerySet[Offer], person: str) -> list[Offer]:
    """Return the hand-overs in which somebody gave or received, the newest first."""
    mine = rows.filter(Q(giver=person) | Q(receiver=person) | Q(to_person=person))
    return list(mine.order_by("-offered_us", "-answered_us", "pk")[:HAND_OVERS_SHOWN_MAX])


def held(rows: QuerySet[Holding], person: str) -> list[Holding]:
    """Return what somebody answers for now."""
    return list(rows.filter(holder=person).order_by("object_id")[:HELD_SHOWN_MAX])


def of_trip(rows: QuerySet[Offer], trip: str) -> list[Offer]:
    """Return the hand-overs at the beginning and at the stops of a trip, in their order."""
    mine = rows.filter(Q(to_post=f"angkutan:{trip}") | Q(leg__startswith=f"{trip}:"))
    return list(mine.order_by("offered_us", "answered_us", "pk")[:HAND_OVERS_SHOWN_MAX])


def aboard(rows: QuerySet[Holding], trip: str) -> list[Holding]:
    """Return what is on a trip's vehicle now."""
    return list(rows.filter(post=f"angkutan:{trip}").order_by("object_id")[:HELD_SHOWN_MAX])


@dataclass(frozen=True)
class Move:
    """A departure or an arrival, as somebody said it: in microseconds, by whom, where."""

    kind: str
    at_us: int
    actor: str
    place: str


def moves_of(trip: str) -> list[Move]:
    """Return when a trip left and came, in their order."""
    rows = Event.objects.filter(kind__in=MOVES, payload__trip=trip).order_by("occurred_at", "id")
    columns = rows.values_list("kind", "occurred_at", "actor", "place")[:HAND_OVERS_SHOWN_MAX]
    return [Move(kind, microseconds(at), str(actor), place) for kind, at, actor, place in columns]
