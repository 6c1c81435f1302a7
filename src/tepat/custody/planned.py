"""Legs that a plan expects, as custody knows them; whoever plans registers a source (`listen`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PlannedLeg:
    """One planned change of hands.

    Args:
        id: Its name, such as ``T-0214-03:muat``; events name it as their leg.
        word: What it is, in words.
        from_post: The giving post.
        to_post: The receiving post.
        labels: How the labels of what it carries begin.
        at: When it should be received.
        place: Where, by the code of an area, or empty.
        before: The posts of the trip's earlier stops, in order; empty for the loading.
        loaded_at: The post where the trip was loaded.
    """

    id: str
    word: str
    from_post: str
    to_post: str
    labels: tuple[str, ...]
    at: datetime
    place: str = ""
    before: tuple[str, ...] = ()
    loaded_at: str = ""


type Source = Callable[[], Sequence[PlannedLeg]]

_sources: list[Source] = []


def listen(source: Source) -> None:
    """Register who knows planned legs; twice is once."""
    if source not in _sources:
        _sources.append(source)


def planned_legs() -> list[PlannedLeg]:
    """Return all planned legs, by time."""
    found = [leg for source in _sources for leg in source()]
    return sorted(found, key=lambda leg: (leg.at, leg.id))


def leg_of(leg_id: str) -> PlannedLeg | None:
    """Return one planned leg, or None where no plan has it."""
    return next((leg for leg in planned_legs() if leg.id == leg_id), None) if leg_id else None
