"""The stress test: with nothing wrong it is the plan itself; else what was worked out by hand."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import numpy as np
import pytest
from tests.distribution.small import Size, small_problem

from tepat.common.errors import Refused
from tepat.distribution.case import open_case
from tepat.distribution.checker import load_matrices
from tepat.distribution.documents import read_plan, read_problem, sha256
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.distribution.stress.axis import NEVER, Axis
from tepat.distribution.stress.draws import Draws, quiet
from tepat.distribution.stress.jobs import script_of
from tepat.distribution.stress.replay import replay
from tepat.distribution.stress.report import Terms, stress
from tepat.distribution.stress.results import chance, outcome
from tepat.distribution.stress.scenarios import Scenario, Scenarios, example_scenarios, read
from tepat.distribution.working_time import Shift, moment, second
from tepat.solvers.pyvrp_engine import PyvrpEngine


def planned(seed=0, strategy="langsung", size=None, change=lambda problem: problem):
    """Return a small case and its plan."""
    problem, matrices = small_problem(seed, size)
    problem = change(problem)
    plan = solve(problem, strategy, matrices, engine=PyvrpEngine(), seed=1, budget=Budget(iterations=5))
    assert not plan.unserved
    return open_case(problem, strategy, matrices), plan


def scenarios(*each, overtime_s=7200):
    return Scenarios(scenario=each, overtime_s=overtime_s)


def scenario(kind, chance_=1.0, **more):
    return Scenario(name=f"{kind}-contoh", kind=kind, title=kind, chance=chance_, **more)


def moments(trip):
    return [
        trip.load_at,
        trip.depart_at,
        *(stop.arrive_at for stop in trip.stops),
        *(stop.unload_at for stop in trip.stops),
        *(stop.done_at for stop in trip.stops),
        trip.return_at,
    ]


def replayed_moments(timing):
    every = [timing.load, timing.depart, *timing.arrive, *timing.unload, *timing.done, timing.back]
    return [set(each.tolist()) for each in every]


def assert_is_the_plan(case, plan):
    found = replay(case, plan, quiet(case, replays=2))
    for trip in plan.trips:
        assert replayed_moments(found.timings[trip.id]) == [{second(at)} for at in moments(trip)], trip.id


@pytest.mark.parametrize("strategy", ["langsung", "lewat-ppk", "campuran", "nyata"])
@pytest.mark.parametrize("seed", [0, 3])
def test_with_nothing_wrong_a_replay_is_the_plan_to_the_second(seed, strategy):
    assert_is_the_plan(*planned(seed, strategy))


def test_so_it_is_for_every_strategy_of_a_real_city(solved):
    problem = read_problem(solved / "problem.json")
    matrices = load_matrices(problem, solved)
    files = sorted(solved.glob("plan-*.json"))
    for file in files:
        plan = read_plan(file)
        assert_is_the_plan(open_case(problem, plan.strategy, matrices), plan)
    assert len(files) == 3


def test_so_it_is_where_docks_are_counted():
    def one_dock(problem):
        places = tuple(
            msgspec.structs.replace(place, docks=1 if place.kind == "gudang" else None)
            for place in problem.places
        )
        rules = msgspec.structs.replace(problem.rules, docks_apply=True)
        return msgspec.structs.replace(problem, places=places, rules=rules)

    assert_is_the_plan(*planned(1, change=one_dock))


def test_a_wait_that_the_plan_makes_on_purpose_is_kept():
    case, plan = planned()
    last = plan.trips[-1]
    stop = last.stops[-1]
    wait = timedelta(minutes=20)
    later = msgspec.structs.replace(stop, unload_at=stop.unload_at + wait, done_at=stop.done_at + wait)
    trip = msgspec.structs.replace(last, stops=(*last.stops[:-1], later))
    found = replay(case, msgspec.structs.replace(plan, trips=(*plan.trips[:-1], trip)), quiet(case))
    assert found.timings[trip.id].unload[-1].tolist() == [second(later.unload_at)]


def test_one_truck_that_breaks_down_loses_what_it_had_not_yet_driven_that_day():
    """One truck, no other: what lies in a round is late when the truck breaks before it or earlier."""
    case, plan = planned(2, size=Size(trucks=1, pickups=0, tps_max=8))
    share, count = 0.3, 20_000
    draws = Draws(case, scenarios(scenario("breakdown", share)), 5, count)
    result = outcome(case, plan, replay(case, plan, draws))
    rounds = {round_.name: round_ for round_ in script_of(case, plan).rounds}
    for place, rows in result.on_time.items():
        days = {}
        for trip in plan.trips:
            if any(stop.place == place for stop in trip.stops):
                round_ = rounds[trip.id]
                days[trip.date] = max(days.get(trip.date, 0), (round_.turn + 1) / round_.rounds)
        expected = np.prod([1 - share * part for part in days.values()])
        assert rows.mean() == pytest.approx(expected, abs=0.015), place


def test_another_truck_of_the_kind_steps_in_the_same_day():
    case, plan = planned(2, size=Size(trucks=4, pickups=0, tps_max=3))
    used = {trip.vehicle for trip in plan.trips if trip.date == plan.trips[0].date}
    assert len(used) < 4
    draws = Draws(case, scenarios(scenario("breakdown", 0.05)), 5, 400)
    found = replay(case, plan, draws)
    broken = draws.breaks_before(plan.trips[0].vehicle, plan.trips[0].date, 1) == 0
    assert 5 < broken.sum() < 50
    result = outcome(case, plan, found)
    assert all(rows.all() for rows in result.on_time.values())


@pytest.mark.parametrize("strategy", ["langsung", "lewat-ppk"])
def test_more_rain_is_never_earlier(strategy):
    case, plan = planned(1, strategy)
    noise = scenario("noise")
    less, more, slower = (
        replay(
            case, plan, Draws(case, scenarios(noise, scenario("rain", part, slower_percent=percent)), 3, 200)
        )
        for part, percent in ((0.2, 40), (0.6, 40), (0.6, 90))
    )
    assert less.done.keys() == more.done.keys() == slower.done.keys()
    for key, done in less.done.items():
        assert (more.done[key] >= done).all(), key
        assert (slower.done[key] >= more.done[key]).all(), key
    assert any((more.done[key] > done).any() for key, done in less.done.items())


def test_a_place_that_closes_early_is_served_another_day():
    case, plan = planned(1)
    late = [
        (trip.id, number)
        for trip in plan.trips
        for number, stop in enumerate(trip.stops)
        if stop.done_at.astimezone(case.zone).hour >= 12
    ]
    assert late
    found = replay(case, plan, Draws(case, scenarios(scenario("hours", closes="11:00")), 1, 3))
    dates = {trip.id: trip.date for trip in plan.trips}
    for name, number in late:
        assert all(
            at == NEVER or case.local_date(moment(at)) > dates[name]
            for at in found.done[name, number].tolist()
        )


def test_a_shut_bridge_lengthens_only_what_crosses_it():
    case, plan = planned(1)
    fates = scenarios(scenario("bridge", detour_s=1800, days=9, area="PPK-1"))
    problem = msgspec.structs.replace(
        case.problem,
        places=tuple(
            msgspec.structs.replace(
                place, code=f"PPK-1.{place.id}" if place.parent == "PPK-1" else place.code
            )
            for place in case.problem.places
        ),
    )
    case = replace(case, problem=problem)
    draws = Draws(case, fates, 1, 50)
    begun = (draws.uniform("bridge-contoh/hari") * len(draws.dates)).astype(int)
    found = replay(case, plan, draws)
    trip = plan.trips[0]
    inside = case.place[trip.stops[0].place].parent == "PPK-1"
    late = found.timings[trip.id].arrive[0] - second(trip.stops[0].arrive_at)
    there = begun <= draws.dates.index(trip.date)
    assert (late[~there] == 0).all()
    assert (late[there] >= (1800 if inside else 0)).all()


def test_more_goods_overflow_full_trucks_and_they_drive_again():
    case, plan = planned(1)
    script = script_of(case, plan, [15])
    extra = [round_ for round_ in script.rounds if round_.more]
    full = {
        trip.id
        for trip in plan.trips
        if sum(case.unit[unit].boxes for stop in trip.stops for unit in stop.units) * 1.15
        > case.type_of(trip.vehicle).boxes_max
    }
    assert full
    assert {round_.name for round_ in extra} >= {f"{name}+15" for name in full}
    found = replay(case, plan, Draws(case, scenarios(scenario("demand", 0.5, more_percent=15)), 1, 200))
    moved = next(unit for unit, keys in script.last.items() if len(keys) == 2)
    grown = found.at_place(moved)
    assert len(np.unique(grown)) > 1
    assert grown.min() == second(
        next(stop.done_at for trip in plan.trips for stop in trip.stops if moved in stop.units)
    )


def test_working_time_for_many_moments_is_that_of_one():
    shift = Shift(((100, 200), (250, 300), (400, 500)))
    axis = Axis(shift, 0)
    for at in range(90, 500, 7):
        for lasts in (0, 1, 30, 100, 130):
            one = shift.advance(at, lasts)
            if one is not None:
                many = axis.advance(np.array([at, at]), np.array([lasts, lasts]))
                assert many.tolist() == [one, one], (at, lasts)
        assert axis.snap(np.array([at])).tolist() == [shift.snap(at)]


def test_wilsons_interval_is_the_published_one():
    """Brown, Cai and DasGupta (2001) and any table: 8 of 10 gives 0.4902 to 0.9433."""
    found = chance(8, 10)
    assert (found.low_basis_points, found.high_basis_points) == (4901, 9434)
    assert chance(10, 10).high_basis_points == 10_000
    assert chance(0, 10).low_basis_points == 0


def test_the_same_seed_gives_the_same_report_and_another_seed_another():
    case, plan = planned(1)
    terms = Terms(replays=100, seed=4, scenarios=example_scenarios())
    once, again = (stress(case.problem, plan, case.matrices, terms) for _ in range(2))
    other = stress(case.problem, plan, case.matrices, msgspec.structs.replace(terms, seed=5))
    assert once == again
    assert once.places != other.places
    assert msgspec.json.decode(msgspec.json.encode(once), type=type(once)) == once


def test_a_promise_is_kept_by_remedies_with_their_price(solved):
    problem, plan = read_problem(solved / "problem.json"), read_plan(solved / "plan-langsung-pps.json")
    matrices = load_matrices(problem, solved)
    terms = Terms(replays=100, seed=1, scenarios=example_scenarios(), hold_percent=90)
    report = stress(problem, plan, matrices, terms)
    held = report.held

    assert held.below_after == len(held.beyond) + len(held.untried) < held.below_before
    assert held.rupiah == sum(step.rupiah for step in held.steps)
    assert all(step.after.times > step.before.times for step in held.steps)
    weakest = report.weakest[0]
    assert weakest.chance == report.places[0]
    assert weakest.remedy.after.times > weakest.chance.on_time.times


def test_a_promise_that_nothing_keeps_names_all_that_was_tried():
    case, plan = planned(1)
    fates = scenarios(scenario("breakdown", 0.3))
    terms = Terms(replays=200, seed=1, scenarios=fates, hold_percent=100)
    held = stress(case.problem, plan, case.matrices, terms).held
    assert held.beyond
    assert held.below_after == len(held.beyond) + len(held.untried)
    for looks in held.beyond.values():
        assert any("mulai 1 jam lebih awal" in look.says for look in looks)
        assert len(looks) > 2


def test_a_plan_of_another_version_of_the_problem_is_refused():
    case, plan = planned()
    other = msgspec.structs.replace(case.problem, title="Versi lain")
    terms = Terms(replays=10, seed=1, scenarios=example_scenarios())
    with pytest.raises(Refused) as refused:
        stress(other, plan, case.matrices, terms)
    assert refused.value.code == "STRESS-OTHER-PROBLEM"
    assert refused.value.facts["problem"] == sha256(other)[:12]


def test_a_plan_that_the_checker_does_not_accept_is_refused():
    case, plan = planned()
    false = msgspec.structs.replace(
        plan, totals=msgspec.structs.replace(plan.totals, cost_rupiah=plan.totals.cost_rupiah + 1)
    )
    with pytest.raises(Refused) as refused:
        stress(case.problem, false, case.matrices, Terms(replays=10, seed=1, scenarios=example_scenarios()))
    assert refused.value.code == "STRESS-NOT-ACCEPTED"


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"replays": 0}, "STRESS-REPLAYS"),
        ({"replays": 10**9}, "STRESS-REPLAYS"),
        ({"replays": 10, "hold_percent": 101}, "STRESS-HOLD"),
    ],
)
def test_terms_that_measure_nothing_are_refused(terms, code):
    case, plan = planned()
    with pytest.raises(Refused) as refused:
        stress(case.problem, plan, case.matrices, Terms(seed=1, scenarios=example_scenarios(), **terms))
    assert refused.value.code == code


RAIN = '[[scenario]]\nname = "h"\nkind = "rain"\ntitle = "Hujan"\nchance = '


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{RAIN}1.5", "STRESS-CHANCE"),
        (f"{RAIN}-0.1", "STRESS-CHANCE"),
        (f"{RAIN}nan", "STRESS-CHANCE"),
        (f'{RAIN}0.1\ncloses = "25:00"', "STRESS-SCENARIOS"),
        (f'{RAIN}0.1\ncloses = "siang"', "STRESS-SCENARIOS"),
        (f"{RAIN}0.1\nmore_percent = 101", "STRESS-SCENARIOS"),
        (f"{RAIN}0.1\nslower_percent = -1", "STRESS-SCENARIOS"),
        (f"{RAIN}0.1\nseberapa = 1", "STRESS-SCENARIOS"),
        (f"{RAIN}0.1\n{RAIN}0.1", "STRESS-SCENARIOS"),
        ("scenario = []", "STRESS-SCENARIOS"),
        (f"overtime_s = -1\n{RAIN}0.1", "STRESS-SCENARIOS"),
        ("bukan toml", "STRESS-SCENARIOS"),
        ("# " + "x" * 200_000, "STRESS-SCENARIOS"),
    ],
)
def test_a_faulty_list_of_scenarios_is_one_sentence(text, code):
    with pytest.raises(Refused) as refused:
        read(text.encode(), name="gangguan.toml")
    assert refused.value.code == code


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    from tepat.distribution.stress.scenarios import read_scenarios

    with pytest.raises(Refused) as refused:
        read_scenarios(tmp_path / "tidak-ada.toml")
    assert refused.value.code == "STRESS-SCENARIOS"
