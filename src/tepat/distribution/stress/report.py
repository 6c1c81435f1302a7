"""A stress test from end to end: problem, plan and scenarios in, a document with chances and remedies out."""

from typing import Literal

from msgspec import Struct

from tepat.common.errors import Refused
from tepat.distribution.case import Case, Matrices, open_case
from tepat.distribution.checker import check
from tepat.distribution.documents import sha256
from tepat.distribution.plans import Plan
from tepat.distribution.problems import Problem
from tepat.distribution.stress.draws import Draws
from tepat.distribution.stress.remedies import Held, Look, State, Tell, Trial, cheapest, hold, tried
from tepat.distribution.stress.results import WEAKEST_SHOWN, PlaceChance, chances
from tepat.distribution.stress.scenarios import Scenarios

REPORT_VERSION = 1
REPLAYS = 1000
REPLAYS_MAX = 5_000
PROMISE_PERCENT = 95
"""What a remedy is measured by where no promise is asked for."""


class Terms(Struct, frozen=True, kw_only=True):
    """How a plan is tested.

    Args:
        replays: How often it is carried out.
        seed: The same seed gives the same answer.
        scenarios: What may go wrong.
        hold_percent: How often each PPS is to be in time; None = only measure.
    """

    replays: int
    seed: int
    scenarios: Scenarios
    hold_percent: int | None = None


class Weak(Struct, frozen=True, kw_only=True):
    """One of the weakest PPS, with the cheapest remedy found; None where nothing that was tried helps."""

    chance: PlaceChance
    remedy: Trial | None
    looks: tuple[Look, ...]


class StressReport(Struct, frozen=True, kw_only=True):
    """The answer; see docs/decisions/0014-stress.md."""

    schema: Literal["tepat/stress"]
    schema_version: int
    problem_sha256: str
    plan_sha256: str
    strategy: str
    terms: Terms
    places: tuple[PlaceChance, ...]
    weakest: tuple[Weak, ...]
    held: Held | None


def stress(
    problem: Problem, plan: Plan, matrices: Matrices, terms: Terms, tell: Tell | None = None
) -> StressReport:
    """Return how a plan stands up to what may go wrong, and what would help.

    Args:
        problem: The problem.
        plan: An accepted plan of exactly this problem.
        matrices: Travel by vehicle class and weather.
        terms: How it is tested.
        tell: Hears what is being done, in words.

    Raises:
        Refused: STRESS-OTHER-PROBLEM, STRESS-NOT-ACCEPTED, STRESS-REPLAYS, STRESS-HOLD.
    """
    require_terms(terms)
    case = _case(problem, plan, matrices)
    _say(tell, f"Mengulang rencana {terms.replays} kali")
    state = State(case, plan, Draws(case, terms.scenarios, terms.seed, terms.replays))
    places = chances(case, state.result)
    promise = terms.hold_percent or PROMISE_PERCENT
    weakest = [_weak(state, place, promise, tell) for place in places[:WEAKEST_SHOWN]]
    held = hold(state, terms.hold_percent, tell)[0] if terms.hold_percent is not None else None
    return StressReport(
        schema="tepat/stress",
        schema_version=REPORT_VERSION,
        problem_sha256=plan.problem_sha256,
        plan_sha256=sha256(plan),
        strategy=plan.strategy,
        terms=terms,
        places=tuple(places),
        weakest=tuple(weakest),
        held=held,
    )


def require_terms(terms: Terms) -> None:
    """Refuse terms under which nothing can be measured.

    Raises:
        Refused: STRESS-REPLAYS, STRESS-HOLD.
    """
    if not 0 < terms.replays <= REPLAYS_MAX:
        raise Refused("STRESS-REPLAYS", replays=terms.replays, limit=REPLAYS_MAX)
    if terms.hold_percent is not None and not 0 < terms.hold_percent <= 100:
        raise Refused("STRESS-HOLD", percent=terms.hold_percent)


def _case(problem: Problem, plan: Plan, matrices: Matrices) -> Case:
    found = sha256(problem)
    if plan.problem_sha256 != found:
        raise Refused("STRESS-OTHER-PROBLEM", plan=plan.problem_sha256[:12], problem=found[:12])
    verdict = check(problem, plan, matrices)
    if verdict.status != "accepted":
        first = next((each for each in verdict.findings if each.severity != "warning"), None)
        raise Refused("STRESS-NOT-ACCEPTED", first=first.as_json()["message"] if first else verdict.status)
    return open_case(problem, plan.strategy, matrices)


def _weak(state: State, place: PlaceChance, promise: int, tell: Tell | None) -> Weak:
    if place.on_time.times == place.on_time.replays:
        return Weak(chance=place, remedy=None, looks=())
    _say(tell, f"Mencari jalan keluar untuk {place.name}")
    if 100 * place.on_time.times >= promise * place.on_time.replays:
        promise = 100
    found, looks = tried(state, place.place, promise, tell)
    best = cheapest(found, state, promise)
    return Weak(chance=place, remedy=best.trial if best else None, looks=looks)


def _say(tell: Tell | None, words: str) -> None:
    if tell is not None:
        tell(words)
