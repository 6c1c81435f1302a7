"""Which kecamatan are served over their PPK and which straight: tried by solving, one after another.

Both ways for all are planned first; the cheaper one is the start. Then each kecamatan changes its way by
itself, the whole is planned anew with equal effort, and what is cheaper stays. What a kecamatan's other way
would cost is therefore a difference between two plans, not an estimate. A short search is noisy, so at the
end start and choice are searched longer side by side, and the start stands where the choice does not win.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from msgspec.structs import replace

from tepat.common.errors import Refused
from tepat.common.quantities import rupiah
from tepat.distribution.case import Matrices
from tepat.distribution.documents import sha256
from tepat.distribution.plans import Plan
from tepat.distribution.problems import Path, Place, PlaceKind, Problem, Strategy
from tepat.distribution.routing import Budget, Listener, RoutingEngine
from tepat.distribution.solving import solve

NAME = "pilihan-tepat"
TITLE = "Tepat memilih jalur tiap kecamatan"
OVER, STRAIGHT = "lewat-ppk", "langsung-pps"
"""The strategies whose vehicles and days are joined."""

OTHER: dict[Path, Path] = {"langsung": "lewat-ppk", "lewat-ppk": "langsung"}
WORDS: dict[Path, str] = {"langsung": "langsung ke PPS", "lewat-ppk": "lewat PPK"}

LAST_SHARES = 6
"""How much longer than each trial the last searches may take together."""

TRIAL_S_MIN = 0.5
"""Seconds below which a trial says nothing."""


@dataclass(frozen=True)
class Trial:
    """What the other way of one kecamatan would have meant, found by planning it.

    Args:
        place: The PPK.
        name: Its name.
        path: The way chosen.
        fixed: The office said so, nothing was tried.
        other_rupiah: What the other way costs more; None: not tried, it leaves more sets behind, or it was
            cheaper in a short search and not in a longer one.
        other_unserved: Sets that the other way leaves behind beyond those left behind anyway.
    """

    place: str
    name: str
    path: Path
    fixed: bool = False
    other_rupiah: int | None = None
    other_unserved: int = 0


@dataclass(frozen=True)
class Chosen:
    """What was chosen.

    Args:
        problem: The problem with the strategy `NAME` added.
        plan: Its plan.
        trials: One for each kecamatan, in the order of the places.
    """

    problem: Problem
    plan: Plan
    trials: tuple[Trial, ...]


def choose_paths(  # noqa: PLR0913 - two documents in, what the office fixed, and the terms of the search
    problem: Problem,
    matrices: Matrices,
    *,
    engine: RoutingEngine,
    seed: int = 0,
    budget: Budget,
    fixed: Mapping[str, Path] | None = None,
    progress: Listener | None = None,
) -> Chosen:
    """Choose the path of each kecamatan.

    Args:
        problem: The problem; it has the strategies `OVER` and `STRAIGHT`.
        matrices: As in `solve`.
        engine: Whoever routes.
        seed: With iterations it fixes the answer.
        budget: Iterations for each trial, or seconds for all of them and the last search together.
        fixed: The path of each PPK that the office does not leave open.
        progress: Hears of each search.

    Raises:
        Refused: PATHS-NO-STRATEGY, PATHS-UNKNOWN-PLACE, PATHS-SHORT, and as `solve`.
    """
    given = dict(fixed or {})
    groups = _groups(problem)
    strategy = _joined(problem)
    if unknown := [place for place in given if place not in groups]:
        raise Refused("PATHS-UNKNOWN-PLACE", place=", ".join(sorted(unknown)))
    search = _Search(problem, matrices, engine, seed, strategy, groups, progress)
    return search.run(given, _trial_budget(budget, problem))


def _groups(problem: Problem) -> dict[str, tuple[Place, ...]]:
    """Return the PPS of each PPK that has any."""
    ppk = [place.id for place in problem.places if place.kind == "ppk"]
    found = {
        each: tuple(place for place in problem.places if place.kind == "pps" and place.parent == each)
        for each in ppk
    }
    return {each: pps for each, pps in found.items() if pps}


def _joined(problem: Problem) -> Strategy:
    """Return a strategy with the vehicles and the days of both ways."""
    known = {strategy.name: strategy for strategy in problem.strategies}
    if OVER not in known or STRAIGHT not in known:
        raise Refused("PATHS-NO-STRATEGY", needed=f"{OVER}, {STRAIGHT}")
    over, straight = known[OVER], known[STRAIGHT]
    kinds: list[PlaceKind] = list({**over.dates_by_origin, **straight.dates_by_origin})
    days = {
        kind: tuple(sorted({*over.dates_by_origin.get(kind, ()), *straight.dates_by_origin.get(kind, ())}))
        for kind in kinds
    }
    vehicles = tuple(dict.fromkeys((*over.vehicles, *straight.vehicles)))
    return replace(over, name=NAME, title=TITLE, vehicles=vehicles, dates_by_origin=days, note="")


def seconds_min(problem: Problem) -> int:
    """Return the fewest seconds in which the paths of a problem can be chosen."""
    return ceil(TRIAL_S_MIN * _shares(len(_groups(problem))))


def _shares(groups: int) -> int:
    """Return how many equal shares of time a choice needs."""
    return 2 + groups + LAST_SHARES


def _trial_budget(budget: Budget, problem: Problem) -> Budget:
    if budget.seconds is None:
        return budget
    if budget.seconds < seconds_min(problem):
        groups = len(_groups(problem))
        raise Refused(
            "PATHS-SHORT", seconds=f"{budget.seconds:g}", needed=seconds_min(problem), groups=groups
        )
    return Budget(seconds=budget.seconds / _shares(len(_groups(problem))))


@dataclass
class _Search:
    """One choice on its way."""

    problem: Problem
    matrices: Matrices
    engine: RoutingEngine
    seed: int
    strategy: Strategy
    groups: Mapping[str, Sequence[Place]]
    progress: Listener | None

    def run(self, fixed: Mapping[str, Path], budget: Budget) -> Chosen:
        """Try both ways for all, then each kecamatan by itself, then search longer for what was chosen."""
        open_ones = [place for place in self.groups if place not in fixed]
        starts: list[dict[str, Path]] = [
            {place: fixed.get(place, path) for place in self.groups} for path in WORDS
        ]
        plans = [self.plan(paths, budget) for paths in (starts if open_ones else starts[:1])]
        best, start = min(zip(plans, starts, strict=False), key=lambda each: _worth(each[0]))
        paths = start
        dearer: dict[str, tuple[int, int]] = {}
        for place in open_ones:
            turned = {**paths, place: OTHER[paths[place]]}
            plan = self.plan(turned, budget)
            if _worth(plan) < _worth(best):
                best, paths, plan = plan, turned, best
            left, money = (theirs - ours for theirs, ours in zip(_worth(plan), _worth(best), strict=True))
            dearer[place] = left, money
        finalists = [paths] if paths == start else [paths, start]
        longer = _longer(budget, LAST_SHARES / len(finalists))
        searched = [(self.plan(one, longer), one) for one in finalists]
        if paths == start:
            searched.append((best, paths))
        best, won = min(searched, key=lambda each: _worth(each[0]))
        for place in won:
            if won[place] != paths[place]:
                dearer[place] = 0, 0
        return self.chosen(won, best, tuple(self.trial(*each, dearer.get(each[0])) for each in won.items()))

    def plan(self, paths: Mapping[str, Path], budget: Budget) -> Plan:
        """Return the plan of one set of paths."""
        return solve(
            self.with_paths(paths),
            NAME,
            self.matrices,
            engine=self.engine,
            seed=self.seed,
            budget=budget,
            progress=self.progress,
        )

    def with_paths(self, paths: Mapping[str, Path], note: str = "") -> Problem:
        """Return the problem with the strategy of these paths."""
        straight = [
            pps.id for place, path in paths.items() if path == "langsung" for pps in self.groups[place]
        ]
        strategy = replace(
            self.strategy,
            path_by_place={**self.strategy.path_by_place, **dict.fromkeys(straight, "langsung")},
            note=note,
        )
        kept = tuple(each for each in self.problem.strategies if each.name != NAME)
        return replace(self.problem, strategies=(*kept, strategy))

    def trial(self, place: str, path: Path, dearer: tuple[int, int] | None) -> Trial:
        """Return what was found out about a kecamatan: its other way against the best plan at that time."""
        name = next(each.name for each in self.problem.places if each.id == place)
        if dearer is None:
            return Trial(place, name, path, fixed=True)
        left, money = dearer
        return Trial(
            place, name, path, other_rupiah=money if money > 0 and not left else None, other_unserved=left
        )

    def chosen(self, paths: Mapping[str, Path], plan: Plan, trials: tuple[Trial, ...]) -> Chosen:
        """Return the choice; the plan answers the problem whose strategy says why."""
        problem = self.with_paths(paths, _note(trials))
        return Chosen(problem, replace(plan, problem_sha256=sha256(problem)), trials)


def _worth(plan: Plan) -> tuple[int, int]:
    """Return what is compared: first the sets left behind, then the money."""
    return len(plan.unserved), plan.totals.cost_rupiah


def _longer(budget: Budget, times: float) -> Budget:
    if budget.seconds is None:
        return budget
    return Budget(seconds=budget.seconds * times)


def _note(trials: Sequence[Trial]) -> str:
    """Return the choice in one or two sentences, for the comparison and the strategy paper."""
    return " ".join(
        _way(path, some) for path in WORDS if (some := [trial for trial in trials if trial.path == path])
    )


def _way(path: Path, trials: Sequence[Trial]) -> str:
    names = ", ".join(trial.name for trial in trials)
    prices = [trial.other_rupiah for trial in trials if trial.other_rupiah is not None]
    said = f"{len(trials)} kecamatan {WORDS[path]}: {names}"
    if not prices:
        return f"{said}."
    low, high = rupiah(min(prices)), rupiah(max(prices))
    more = low if low == high else f"{low} sampai {high}"
    return f"{said} (jalur lain, dihitung satu per satu: {more} lebih mahal)."
