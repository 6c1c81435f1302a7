"""How many objects stood at one moment: the projection where nothing came later, folded again where it did.

What is asked of the past is asked in two ways: as it is known now, and as it was known then. The second
leaves out what was recorded later, such as the receipts of a phone that was without signal.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

import msgspec

from tepat.common.frame import lies_in
from tepat.common.models import Event
from tepat.custody import holdings
from tepat.custody.facts import Fact, microseconds
from tepat.custody.models import Holding, Offer
from tepat.custody.rules import History, State, fold_each
from tepat.custody.timeline_sweep import facts_until, objects_after

FOLDED_AT_ONCE = 4_000
SWEPT_FROM = 500  # for so many objects the ledger is read in one sweep
REFRESH_MAX = 4_000
PAST_CACHED_MAX = 4
HELD = ("dipegang", "ditawarkan")
DOUBTING = ("identity.revoked", "identity.confirmed", "identity.pin-checked")


@dataclass(frozen=True)
class Instant:
    """The moment at which one looks.

    Args:
        at: What occurred until then counts; None: until this moment, and then `known` is None too.
        known: What was recorded until then counts; None: whatever is known by now.
    """

    at: datetime | None = None
    known: datetime | None = None

    @property
    def live(self) -> bool:
        """Whether it is this moment."""
        return self.at is None and self.known is None


NOW = Instant()


@dataclass(frozen=True)
class Arrival:
    """When an object first came into the hands of a KPPS, undisputed: at which post, in microseconds."""

    post: str
    at_us: int


@dataclass(frozen=True)
class Standings:
    """How objects stand.

    Args:
        states: By object.
        received: By object, for those that a KPPS has taken.
    """

    states: dict[str, State] = field(default_factory=dict)
    received: dict[str, Arrival] = field(default_factory=dict)


def standings(
    election: str, areas: Collection[str], instant: Instant = NOW, *, arrivals: bool = True
) -> Standings:
    """Return how every object of an election in some areas stands at a moment.

    Args:
        election: The election's code.
        areas: Area codes; an empty one is the nation.
        instant: The moment.
        arrivals: Whether it must be known what a KPPS had and gave back; without it that is faster.
    """
    if instant.live:
        holdings.refresh(most=REFRESH_MAX)
        return _read(election, tuple(sorted(areas)), instant, arrivals=arrivals)
    return _past(election, tuple(sorted(areas)), instant, _stamp(instant))


def _stamp(instant: Instant) -> tuple[int, int]:
    """Return what tells whether a past moment may look different now: late events, and doubted identities."""
    assert instant.at is not None
    late = 0
    if instant.known is None:
        after = Event.objects.filter(recorded_at__gt=instant.at, occurred_at__lte=instant.at)
        late = after.filter(kind__in=holdings.CUSTODY_KINDS).count()
    return late, Event.objects.filter(kind__in=DOUBTING).count()


@lru_cache(maxsize=PAST_CACHED_MAX)
def _past(election: str, areas: tuple[str, ...], instant: Instant, stamp: tuple[int, int]) -> Standings:
    """Return a past moment; with another stamp it is folded again."""
    assert stamp
    return _read(election, areas, instant, arrivals=True)


def _read(election: str, areas: tuple[str, ...], instant: Instant, *, arrivals: bool) -> Standings:
    mine = Holding.objects.filter(lies_in("area_code", areas), object_id__contains=f":{election}:")
    rows = dict(mine.values_list("object_id", "state").iterator(FOLDED_AT_ONCE))
    decoder = msgspec.json.Decoder(State)
    states = {name: decoder.decode(text) for name, text in rows.items()}
    again = (_changed_after(instant) | (_moved_on(states) if arrivals else set())) & states.keys()
    received = {
        name: Arrival(state.post, state.since_us)
        for name, state in states.items()
        if name not in again and state.post.startswith("kpps:") and state.status in HELD
    }
    for name, history in _histories(sorted(again), instant):
        states[name] = history.state
        if arrival := arrival_of(history):
            received[name] = arrival
    return Standings(states, received)


def _moved_on(states: dict[str, State]) -> set[str]:
    """Return what a KPPS has once answered for and does not hold now: only its history tells more."""
    answered = Offer.objects.filter(to_post__startswith="kpps:").exclude(state=Offer.State.OPEN)
    named = {name for objects in answered.values_list("objects_named", flat=True) for name in objects}
    return {name for name in named if name in states and not states[name].post.startswith("kpps:")}


def _changed_after(instant: Instant) -> set[str]:
    """Return what has events that do not count yet at this moment."""
    return set() if instant.live else objects_after(instant.at, instant.known)


def _histories(names: list[str], instant: Instant) -> Iterable[tuple[str, History]]:
    about: Mapping[str, list[Fact]] = {}
    if swept := len(names) >= SWEPT_FROM:
        about = facts_until(names, at=instant.at, known=instant.known)
    for start in range(0, len(names), FOLDED_AT_ONCE):
        some = names[start : start + FOLDED_AT_ONCE]
        facts = {name: about[name] for name in some} if swept else _looked_up(some, instant)
        yield from fold_each(facts).items()


def _looked_up(names: list[str], instant: Instant) -> dict[str, list[Fact]]:
    return {name: counted(facts, instant) for name, facts in holdings.facts_of(names).items()}


def counted(facts: Iterable[Fact], instant: Instant) -> list[Fact]:
    """Return the facts that count at a moment."""
    until_us = microseconds(instant.at) if instant.at else None
    known_us = microseconds(instant.known) if instant.known else None
    return [
        fact
        for fact in facts
        if (until_us is None or fact.at_us <= until_us) and (known_us is None or fact.recorded_us <= known_us)
    ]


def arrival_of(history: History) -> Arrival | None:
    """Return when a KPPS first held an object undisputed; None while none has."""
    for moment in history.moments:
        if moment.post.startswith("kpps:") and moment.status in HELD:
            return Arrival(moment.post, moment.at_us)
    return None
