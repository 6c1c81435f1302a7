"""The main job on an area as it was: needs, problem, a checked plan for each strategy, papers, and a summary.

No database and no Django here; showing the result on the office's screens is `demo_office.py`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import Struct
from msgspec import json as fast_json

from tepat.common.areas import Area, load_area
from tepat.common.errors import TepatError
from tepat.common.samples import PUBLISHED, SampleTps, sample_tps
from tepat.common.whole_files import write_whole
from tepat.distribution import documents
from tepat.distribution.building import Built, Choices, columns_of, problem_from_needs
from tepat.distribution.checker import Verdict, check, load_matrices
from tepat.distribution.papers import Book, paper_settings, print_papers
from tepat.distribution.papers.checklist import checklists
from tepat.distribution.plans import Plan
from tepat.distribution.problems import Problem
from tepat.distribution.routing import Budget, Listener, RoutingEngine
from tepat.distribution.solving import solve
from tepat.planning.needs import Needs, compute_needs
from tepat.planning.rulesets import load_rule_set
from tepat.planning.workbook import Labels, needs_workbook

SUMMARY_FILE = "summary.json"
PAPERS_FOLDER = "kertas"
TPS_SOURCE = "daftar TPS KPU, Februari 2024 (kawalpemilu.org)"
MEAN_SOURCE = "perkiraan: rata-rata nasional pemilih per TPS"

Tell = Callable[[str], None]


class Outcome(Struct, frozen=True, kw_only=True):
    """One strategy in the summary; figures are None where there is no plan."""

    name: str
    title: str
    feasible: bool
    cost_rupiah: int | None
    km: float | None
    vehicle_days: int | None
    trips: int | None
    unserved: int | None
    handovers: int | None
    guard_nights: int | None
    seconds: float
    reason: str = ""


class Summary(Struct, frozen=True, kw_only=True):
    """What the demo found; `contoh` names what is not real."""

    area: str
    name: str
    election: str
    tps: int
    tps_source: str
    voters: int
    voters_source: str
    boxes_tps: int
    boxes_total: int
    booths: int
    aside: tuple[str, ...]
    contoh: tuple[str, ...]
    strategies: tuple[Outcome, ...]
    papers: tuple[str, ...]


@dataclass(frozen=True)
class Effort:
    """How long and from which seed each strategy is searched.

    Args:
        seconds: Seconds of search for each strategy.
        seed: The random seed.
    """

    seconds: int
    seed: int


@dataclass
class Run:
    """One run of the main job.

    Args:
        area: The kabupaten or kota.
        election: The election's code.
        out: Where the files go.
        tell: Hears a sentence at each step.
    """

    area: Area
    election: str
    out: Path
    tell: Tell
    sample: list[SampleTps] = field(init=False)
    needs: Needs = field(init=False)
    built: Built = field(init=False)
    plans: dict[str, tuple[Plan, Verdict]] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    papers: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Work out the needs: everything else starts there."""
        self.sample = sample_tps(self.area, self.election)
        self.needs = compute_needs(columns_of(self.sample), load_rule_set(self.election))

    @property
    def problem(self) -> Problem:
        """The problem that was built."""
        return self.built.problem

    def write_workbook(self) -> Path:
        """Write the needs workbook."""
        labels = Labels(
            desa={desa.code: desa.name for desa in self.area.desa},
            kecamatan=self.area.kecamatan,
            voters_source=", ".join(sorted(self._sources())),
        )
        file = self.out / f"kebutuhan-{self.area.code}.xlsx"
        write_whole(file, needs_workbook(self.needs, labels))
        return file

    def write_problem(self) -> Path:
        """Build the problem and write it with its matrices."""
        choices = Choices(voters_sources=frozenset(self._sources()))
        self.built = problem_from_needs(self.area, self.election, self.needs, choices)
        return self.built.write(self.out)

    def solve_all(self, engine: RoutingEngine, effort: Effort, progress: Listener | None = None) -> None:
        """Solve each strategy, check each plan, write those that break no rule."""
        matrices = load_matrices(self.problem, self.out)
        for strategy in self.problem.strategies:
            started = time.monotonic()
            try:
                plan = solve(
                    self.problem,
                    strategy.name,
                    matrices,
                    engine=engine,
                    seed=effort.seed,
                    budget=Budget(seconds=effort.seconds),
                    progress=progress,
                )
            except TepatError as error:
                self._note(strategy.name, strategy.title, None, started, str(error))
                continue
            verdict = check(self.problem, plan, matrices)
            if verdict.status == "breached":
                self._note(strategy.name, strategy.title, None, started, "Pemeriksa menolak rencana ini.")
                continue
            documents.write(plan, self.out / f"plan-{strategy.name}.json")
            self.plans[strategy.name] = (plan, verdict)
            reason = plan.unserved[0].reason if plan.unserved else ""
            self._note(strategy.name, strategy.title, plan, started, reason)

    def cheapest(self) -> tuple[Plan, Verdict] | None:
        """Return the cheapest accepted plan that is not the baseline."""
        baselines = {strategy.name for strategy in self.problem.strategies if strategy.baseline}
        accepted = [
            (plan, verdict)
            for name, (plan, verdict) in self.plans.items()
            if verdict.accepted and name not in baselines
        ]
        return min(accepted, key=lambda pair: pair[0].totals.cost_rupiah, default=None)

    def print_papers(self, progress: Callable[[int, int], None]) -> None:
        """Print the papers of the cheapest accepted plan."""
        best = self.cheapest()
        if best is None:
            return
        plan, verdict = best
        assert verdict.accepted
        settings = paper_settings(self.problem.office.name)
        book = Book(self.problem, plan, documents.sha256(plan), settings, draft=True)
        self.papers = print_papers(book, checklists(self.needs), self.out / PAPERS_FOLDER, progress=progress)

    def write_summary(self) -> Summary:
        """Write `summary.json` and return it."""
        published = PUBLISHED.get((self.area.code, self.election))
        totals = self.needs.totals("alokasi")
        summary = Summary(
            area=self.area.code,
            name=self.area.name,
            election=self.election,
            tps=len(self.sample),
            tps_source=TPS_SOURCE if self.election == "pemilu-2024" else "contoh",
            voters=sum(tps.dpt for tps in self.sample),
            voters_source=f"{published.source}; per TPS contoh" if published else MEAN_SOURCE,
            boxes_tps=totals["KOTAK-TPS"],
            boxes_total=totals["KOTAK-TPS"] + totals["KOTAK-PPK"],
            booths=totals["BILIK"],
            aside=tuple(
                f"{aside.code} {aside.kecamatan}: {', '.join(aside.desa)}" for aside in self.built.aside
            ),
            contoh=self.problem.contoh,
            strategies=tuple(self.outcomes),
            papers=tuple(str(file.relative_to(self.out)) for file in self.papers),
        )
        write_whole(self.out / SUMMARY_FILE, fast_json.format(fast_json.encode(summary), indent=1) + b"\n")
        return summary

    def _sources(self) -> set[str]:
        return {tps.voters_source for tps in self.sample}

    def _note(self, name: str, title: str, plan: Plan | None, started: float, reason: str) -> None:
        totals = plan.totals if plan else None
        outcome = Outcome(
            name=name,
            title=title,
            feasible=plan is not None and not plan.unserved,
            cost_rupiah=totals.cost_rupiah if totals else None,
            km=round(totals.distance_m / 1000, 1) if totals else None,
            vehicle_days=totals.vehicle_days if totals else None,
            trips=totals.trips if totals else None,
            unserved=totals.units_unserved if totals else None,
            handovers=totals.handovers if totals else None,
            guard_nights=totals.guard_nights if totals else None,
            seconds=round(time.monotonic() - started, 1),
            reason=reason,
        )
        self.outcomes.append(outcome)
        self.tell(outcome_sentence(outcome))


def outcome_sentence(outcome: Outcome) -> str:
    """Return one strategy's outcome on one line."""
    from tepat.common.quantities import decimal_comma, grouped, rupiah

    if outcome.cost_rupiah is None:
        return f"{outcome.title}: tidak ada rencana. {outcome.reason}"
    left = f", {grouped(outcome.unserved or 0)} set tertinggal ({outcome.reason})" if outcome.unserved else ""
    return (
        f"{outcome.title}: {rupiah(outcome.cost_rupiah)}, {decimal_comma(outcome.km or 0, 1)} km, "
        f"{outcome.vehicle_days} hari kendaraan, {outcome.handovers} serah terima, "
        f"{outcome.guard_nights} malam jaga{left}"
    )


def open_run(area: str, election: str, out: Path, tell: Tell) -> Run:
    """Return a run on an area, with its needs worked out; nothing is written yet.

    Raises:
        Refused: COMMON-UNKNOWN-AREA, COMMON-UNKNOWN-ELECTION.
    """
    return Run(load_area(area), election, out, tell)
