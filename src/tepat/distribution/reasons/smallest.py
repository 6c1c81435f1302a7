"""The fewest decisions that serve what a plan left behind: none, each alone, pairs, one many times over."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from msgspec import Struct

from tepat.common.errors import Refused
from tepat.distribution.case import Case
from tepat.distribution.plans import Plan
from tepat.distribution.reasons.relaxing import Relaxation, relaxations, relaxed
from tepat.distribution.reasons.subjects import Subject
from tepat.distribution.reasons.trying import Search, Trial, Tried, attempt, scopes

PAIRS_MAX = 40
"""Pairs of different decisions tried for one question, the most promising first."""

PAIRS_SEARCHED_MAX = 12
"""Of these, pairs that take a search; the others are proved useless at once."""

COPIES_MAX = 8
"""How often the same decision is tried over, such as one more truck."""

type Told = Callable[[str, int, int], None]
"""Hears what is tried, how many were tried, and how many there are at most."""


class Way(Struct, frozen=True, kw_only=True):
    """A set of decisions that was tried.

    Args:
        decisions: In the office's words; none: the plan as it is, searched once more.
        unpriced: Those of them that the price list does not know, so that their own price is missing.
        tried: What came of it.
    """

    decisions: tuple[str, ...]
    unpriced: tuple[str, ...]
    tried: Tried


class Remedy(Struct, frozen=True, kw_only=True):
    """What would serve what a plan left behind.

    Args:
        units: The units asked for.
        ways: The smallest sets of decisions that serve them all, the cheapest first.
        others: Every other set that was tried, in the order of trying.
        size: How many decisions each of `ways` has; None if nothing that was tried serves them.
        untried: Pairs left out because `PAIRS_MAX` or `PAIRS_SEARCHED_MAX` was reached.
        effort: How long each was searched.
    """

    units: tuple[str, ...]
    ways: tuple[Way, ...]
    others: tuple[Way, ...]
    size: int | None
    untried: int
    effort: str


def left_behind(case: Case, plan: Plan, subject: Subject) -> tuple[str, ...]:
    """Return the units of a subject that a plan leaves behind, in the problem's order."""
    left = [each.unit for each in plan.unserved]
    if subject.kind == "rencana":
        return tuple(left)
    if subject.kind == "set":
        return tuple(unit for unit in left if unit == subject.id)
    if subject.kind not in {"tempat", "jalur"}:
        return ()
    inside = {subject.id, *(place.id for place in case.problem.places if place.parent == subject.id)}
    return tuple(unit for unit in left if case.unit[unit].place in inside)


def unserved_of(case: Case, plan: Plan, subject: Subject) -> tuple[str, ...]:
    """Return the units of a subject that a plan leaves behind.

    Raises:
        Refused: REASON-NOTHING-LEFT, REASON-NOT-A-PLACE (only places, sets and the whole plan have any).
    """
    if subject.kind not in {"rencana", "set", "tempat", "jalur"}:
        raise Refused("REASON-NOT-A-PLACE", subject=subject.id)
    found = left_behind(case, plan, subject)
    if not found:
        raise Refused("REASON-NOTHING-LEFT", subject=subject.id)
    return found


def smallest_remedy(
    case: Case, plan: Plan, units: Sequence[str], search: Search, tell: Told | None = None
) -> Remedy:
    """Return the smallest sets of decisions that serve units left behind, found by solving.

    The empty set is tried first, then each decision alone, then pairs, then one decision three times over
    and more; it ends where something serves them. So each part of a set that is named was tried and did not.

    Args:
        case: The plan's problem and strategy.
        plan: The plan.
        units: Units it leaves behind.
        search: How each set is searched.
        tell: Hears of each try.

    Raises:
        SearchStopped: The caller ended the engine's search.
    """
    work = _Work(case, plan, tuple(units), search, tell)
    good: list[Way] = []
    for sets in work.levels():
        good = [way for chosen in sets if (way := work.tried(chosen)).tried.outcome == "ditemukan"]
        if good:
            break
    good.sort(key=lambda way: (way.tried.rupiah or 0, way.decisions))
    return Remedy(
        units=work.units,
        ways=tuple(good),
        others=tuple(way for way in work.ways if way not in good),
        size=len(good[0].decisions) if good else None,
        untried=work.untried,
        effort=search.effort,
    )


@dataclass
class _Work:
    """Tries for one question."""

    case: Case
    plan: Plan
    units: tuple[str, ...]
    search: Search
    tell: Told | None
    ways: list[Way] = field(default_factory=list)
    alone: list[tuple[Relaxation, Way]] = field(default_factory=list)
    untried: int = 0

    @cached_property
    def decisions(self) -> tuple[Relaxation, ...]:
        """What the office could decide."""
        return relaxations(self.case, self.units)

    def levels(self) -> Iterator[Iterator[tuple[Relaxation, ...]]]:
        """Yield sets of decisions, the smaller first."""
        yield iter([()])
        yield self.singles()
        yield self.pairs()
        for copies in range(3, COPIES_MAX + 1):
            yield iter([(each,) * copies for each, way in self.alone if each.again and self._helps(way)])

    def singles(self) -> Iterator[tuple[Relaxation, ...]]:
        """Yield each decision alone."""
        yield from ((each,) for each in self.decisions)

    def pairs(self) -> Iterator[tuple[Relaxation, ...]]:
        """Yield each decision twice over, where that makes sense, then two different ones.

        Of different ones those come first of which a part alone served the most, then those of which a part
        alone led at least to another obstacle than the first.
        """
        helps = {id(each): (way.tried.served, self._helps(way)) for each, way in self.alone}
        chosen = [each for each, _ in self.alone]

        def rank(pair: tuple[Relaxation, Relaxation]) -> tuple[int, int]:
            one, other = (helps[id(each)] for each in pair)
            return -one[0] - other[0], -one[1] - other[1]

        yield from ((each, each) for each in chosen if each.again)
        both, before = sorted(combinations(chosen, 2), key=rank), len(self.ways)
        for number, pair in enumerate(both):
            searched = sum(way.tried.outcome != "mustahil" for way in self.ways[before:])
            if number >= PAIRS_MAX or searched >= PAIRS_SEARCHED_MAX:
                self.untried = len(both) - number
                return
            yield pair

    def _helps(self, way: Way) -> bool:
        """Tell whether a set serves something, or meets another obstacle than the plan as it is."""
        return way.tried.served > 0 or way.tried.reason != self.ways[0].tried.reason

    def tried(self, chosen: tuple[Relaxation, ...]) -> Way:
        """Return what comes of a set of decisions."""
        says = _words(chosen)
        if self.tell is not None:
            most = 1 + len(self.decisions) + PAIRS_MAX
            self.tell(f"Mencoba: {says}", len(self.ways), max(most, len(self.ways) + 1))
        problem = relaxed(self.case.problem, chosen)
        trial = Trial("pelonggaran", says, problem, self._scopes(chosen), frozenset(self.units))
        way = Way(
            decisions=tuple(each.says for each in chosen),
            unpriced=tuple(each.says for each in chosen if not each.priced),
            tried=attempt(self.case, self.plan, trial, self.search),
        )
        self.ways.append(way)
        if len(chosen) == 1:
            self.alone.append((chosen[0], way))
        return way

    def _scopes(self, chosen: tuple[Relaxation, ...]) -> tuple[frozenset[str], ...]:
        """Return first no trip, then those around; all at once where another path or warehouse is tried."""
        places = list(dict.fromkeys(self.case.unit[unit].place for unit in self.units))
        if any(each.kind in {"gudang", "jalur"} for each in chosen):
            served = [
                trip.id
                for trip in self.plan.trips
                if any(self.case.unit[unit].place in places for stop in trip.stops for unit in stop.units)
            ]
            if any(each.kind == "gudang" for each in chosen):
                served = [trip.id for trip in self.plan.trips]
            return scopes(self.case, self.plan, served, places)
        return scopes(self.case, self.plan, (), places)


def _words(chosen: Sequence[Relaxation]) -> str:
    if not chosen:
        return "tanpa mengubah apa pun"
    if len(chosen) > 1 and all(each is chosen[0] for each in chosen):
        return f"{len(chosen)} kali: {chosen[0].says}"
    return " dan ".join(each.says for each in chosen)
