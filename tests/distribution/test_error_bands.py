"""How far a plan's clock may be off: the model's band, carried along each trip."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.distribution.small import small_problem

from tepat.distribution.case import open_case
from tepat.distribution.error_bands import Band, bands_of, last_bands, widest
from tepat.distribution.reasons.explaining import explain
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.solvers.pyvrp_engine import PyvrpEngine


@pytest.fixture(scope="module")
def solved():
    """A small problem whose model may be 20 % short and 60 % long, with a plan over the PPK."""
    problem, matrices = small_problem(9)
    problem = replace(
        problem,
        matrices=tuple(
            replace(each, error_low_percent=20, error_high_percent=60) for each in problem.matrices
        ),
    )
    name = next(strategy.name for strategy in problem.strategies if strategy.path == "lewat-ppk")
    plan = solve(problem, name, matrices, engine=PyvrpEngine(), seed=1, budget=Budget(iterations=20))
    return problem, matrices, plan


@pytest.mark.parametrize(
    ("early_s", "late_s", "text"),
    [
        (0, 0, ""),
        (60, 60, "±1 menit"),
        (1, 1, "±1 menit"),
        (720, 1920, "−12/+32 menit"),
        (0, 61, "−0/+2 menit"),
        (61, 0, "−2/+0 menit"),
        (2400, 7199, "−40 m/+2 j 00 m"),
        (2940, 7800, "−49 m/+2 j 10 m"),
        (7200, 7200, "±2 j 00 m"),
    ],
)
def test_a_band_is_short_and_never_narrower_than_it_is(early_s, late_s, text):
    band = Band(early_s, late_s)
    assert band.text == text
    assert band.said == (f"bisa meleset {text}" if text else "")
    assert band.aside == (f" (bisa meleset {text})" if text else "")


def test_a_drive_of_forty_minutes_widens_the_band_by_its_share():
    assert Band().driven(2400, (30, 80)) == Band(720, 1920)


def test_waiting_for_a_gate_to_open_eats_lateness_up_and_ends_earliness():
    assert Band(600, 1200).waited(0) == Band(600, 1200)
    assert Band(600, 1200).waited(300) == Band(0, 900)
    assert Band(600, 1200).waited(3600) == Band(0, 0)


@given(
    early=st.integers(0, 36_000),
    late=st.integers(0, 36_000),
    drive_s=st.integers(0, 36_000),
    low=st.integers(0, 99),
    high=st.integers(0, 200),
)
def test_driving_never_makes_a_band_narrower(early, late, drive_s, low, high):
    before = Band(early, late)
    after = before.driven(drive_s, (low, high))
    assert widest((before, after)) == after
    assert after.late_s * 100 >= late * 100 + drive_s * high


def test_along_a_trip_the_band_grows_with_the_driving(solved):
    problem, _, plan = solved
    bands = bands_of(problem, plan)
    assert plan.trips
    for trip in plan.trips:
        arrive, done = bands.arrive[trip.id], bands.done[trip.id]
        assert len(arrive) == len(done) == len(trip.stops)
        drive_s = (trip.stops[0].arrive_at - trip.depart_at).total_seconds()
        assert 0 < arrive[0].early_s <= -(-drive_s * 20 // 100)
        for before, after in pairwise(range(len(trip.stops))):
            assert arrive[after].late_s > done[before].late_s
        assert bands.back[trip.id].late_s > done[-1].late_s


def test_what_comes_late_to_the_ppk_leaves_it_late(solved):
    """Held up: the set of a second echelon leaves as late as its first arrival may be past its loading."""
    problem, _, plan = solved
    kinds = {place.id: place.kind for place in problem.places}
    onward = next(trip for trip in plan.trips if kinds[trip.origin] == "ppk")
    carried = {unit for stop in onward.stops for unit in stop.units}
    before = [
        (trip, stop)
        for trip in plan.trips
        for stop in trip.stops
        if carried & set(stop.units) and trip.id != onward.id
    ]
    assert before
    slower = replace(
        problem, matrices=tuple(replace(each, error_high_percent=100_000) for each in problem.matrices)
    )
    late = bands_of(slower, plan)
    latest = max(
        (stop.done_at - onward.load_at).total_seconds() + late.done[trip.id][trip.stops.index(stop)].late_s
        for trip, stop in before
    )
    assert latest > 0
    assert late.arrive[onward.id][0].late_s >= latest


def test_the_office_s_own_figures_need_no_band(solved):
    problem, _, plan = solved
    exact = replace(
        problem,
        matrices=tuple(replace(each, error_low_percent=0, error_high_percent=0) for each in problem.matrices),
    )
    bands = bands_of(exact, plan)
    every = [*bands.back.values(), *bands.place.values(), *bands.delivery.values()]
    assert {band.text for band in every} == {""}
    assert [band.text for band in last_bands(plan, exact, bands)] == ["", "", ""]


def test_a_break_on_the_way_is_no_driving(solved):
    """The same clock with an hour of rest in it holds an hour less to be wrong about."""
    problem, _, plan = solved
    trip = plan.trips[0]
    hours = next(vehicle.hours for vehicle in problem.vehicles if vehicle.id == trip.vehicle)
    before = bands_of(problem, plan).arrive[trip.id][0]
    middle = trip.depart_at + (trip.stops[0].arrive_at - trip.depart_at) / 2
    rest = timedelta(seconds=60)
    cut = []
    for one in problem.hours[hours]:
        if one.opens_at < middle < one.closes_at:
            cut += [replace(one, closes_at=middle - rest / 2), replace(one, opens_at=middle + rest / 2)]
        else:
            cut.append(one)
    rested = replace(problem, hours={**problem.hours, hours: tuple(cut)})
    after = bands_of(rested, plan).arrive[trip.id][0]
    assert (before.early_s - after.early_s, before.late_s - after.late_s) == (12, 36)


def test_a_hand_over_to_the_kpps_moves_only_where_its_set_may_come_after_it(solved):
    problem, _, plan = solved
    days = timedelta(days=3)
    later = tuple(
        replace(each, start_at=each.start_at + days, done_at=each.done_at + days) for each in plan.deliveries
    )
    assert bands_of(problem, replace(plan, deliveries=later)).delivery == {}
    first = min(plan.deliveries, key=lambda each: each.start_at)
    there = max(stop.done_at for trip in plan.trips for stop in trip.stops if first.unit in stop.units)
    early = replace(plan, deliveries=(replace(first, start_at=there, done_at=there + timedelta(minutes=30)),))
    band = bands_of(problem, early).delivery[first.unit]
    assert band.early_s == 0
    assert band.late_s > 0
    assert last_bands(early, problem, bands_of(problem, early))[2] == band


def test_the_explanation_says_it_beside_each_time(solved):
    problem, matrices, plan = solved
    stop = plan.trips[0].stops[0]
    for subject in (stop.place, stop.units[0], plan.trips[0].vehicle):
        says = explain(open_case(problem, plan.strategy, matrices), plan, subject).says
        assert any("bisa meleset" in sentence for sentence in says), (subject, says)
