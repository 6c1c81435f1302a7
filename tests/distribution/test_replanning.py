"""Planning on from the middle of a day: what has left stays, the rest finds its way, the checker agrees."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.distribution.engines import FirstAnswer
from tests.distribution.small import POLLING, Size, clock, small_problem

from tepat.common.errors import Refused
from tepat.distribution.checker import check
from tepat.distribution.problems import Pin
from tepat.distribution.replanning import (
    WAYS,
    Setback,
    both_ways,
    changes,
    departed,
    kept_trips,
    locked_problem,
    replan,
)
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve

BUDGET = Budget(iterations=20)


def planned(seed, strategy, size=None):
    problem, matrices = small_problem(seed, size)
    plan = solve(problem, strategy, matrices, engine=FirstAnswer(), seed=1, budget=BUDGET)
    return problem, matrices, plan


def again(problem, matrices, plan, setback, way):
    new = replan(
        problem, plan, matrices, setback=setback, way=way, engine=FirstAnswer(), seed=1, budget=BUDGET
    )
    return new, check(locked_problem(problem, plan, setback.at), new, matrices)


def middle(plan):
    """The moment just after half of the trips have begun to load."""
    loads = sorted(trip.load_at for trip in plan.trips)
    return loads[len(loads) // 2 - 1]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("strategy", ["langsung", "lewat-ppk", "campuran"])
@pytest.mark.parametrize("seed", [3, 8])
def test_the_rest_of_a_plan_is_accepted_with_what_has_left_locked(seed, strategy, way):
    problem, matrices, plan = planned(seed, strategy)
    setback = Setback(middle(plan))
    new, verdict = again(problem, matrices, plan, setback, way)
    assert verdict.status == "accepted", verdict.findings
    assert set(departed(plan, setback.at)) <= set(new.trips)
    assert new.strategy == f"{strategy}-{way}"
    if way == "tetap":
        assert new.trips == plan.trips
        assert new.totals == plan.totals


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("strategy", ["langsung", "lewat-ppk"])
def test_a_lost_vehicle_drives_no_more_and_its_load_finds_another(strategy, way):
    problem, matrices, plan = planned(4, strategy, Size(trucks=3, pickups=2))
    at = min(trip.load_at for trip in plan.trips)
    later = [trip for trip in plan.trips if trip.load_at > at]
    lost = later[0].vehicle
    setback = Setback(at, (lost,))
    new, verdict = again(problem, matrices, plan, setback, way)
    assert verdict.status in {"accepted", "incomplete"}, verdict.findings
    assert not any(trip.vehicle == lost and trip.load_at > at for trip in new.trips)
    found = changes(plan, new, setback)
    assert found.unserved == len(new.unserved)
    if way == "tetap":
        assert found.moved == 0
        assert set(kept_trips(plan, setback, "tetap")) <= set(new.trips)


def test_keeping_moves_less_than_the_cheapest_and_never_costs_less():
    problem, matrices, plan = planned(9, "langsung", Size(ppk=3, trucks=3, pickups=2))
    at = min(trip.load_at for trip in plan.trips)
    setback = Setback(at, (next(trip.vehicle for trip in plan.trips if trip.load_at > at),))
    kept, _ = again(problem, matrices, plan, setback, "tetap")
    assert changes(plan, kept, setback).moved == 0
    cheapest, verdict = again(problem, matrices, plan, setback, "termurah")
    assert verdict.status != "breached", verdict.findings
    assert changes(plan, cheapest, setback).units == changes(plan, kept, setback).units


def test_the_cheapest_is_never_dearer_than_keeping():
    problem, matrices, plan = planned(9, "langsung", Size(ppk=3, trucks=3, pickups=2))
    at = min(trip.load_at for trip in plan.trips)
    setback = Setback(at, (next(trip.vehicle for trip in plan.trips if trip.load_at > at),))
    found = both_ways(problem, plan, matrices, setback=setback, engine=FirstAnswer(), budget=BUDGET)
    assert list(found) == list(WAYS)
    assert found["termurah"].totals.cost_rupiah <= found["tetap"].totals.cost_rupiah
    locked = locked_problem(problem, plan, at)
    assert all(check(locked, new, matrices).status != "breached" for new in found.values())
    assert {new.strategy for new in found.values()} == {each.name for each in locked.strategies}


def test_what_waits_at_a_ppk_keeps_the_vehicle_it_was_pinned_to():
    problem, _, plan = planned(3, "lewat-ppk")
    origins = {place.id for place in problem.places if place.kind == "ppk"}
    pins = tuple(
        Pin(unit=unit, vehicle=trip.vehicle, reason="janji")
        for trip in plan.trips
        if trip.origin in origins
        for stop in trip.stops
        for unit in stop.units[:1]
    )
    asked = replace(problem, pins=pins)
    _, matrices = small_problem(3)
    plan = solve(asked, "lewat-ppk", matrices, engine=FirstAnswer(), seed=1, budget=BUDGET)
    setback = Setback(max(trip.load_at for trip in plan.trips if trip.origin not in origins))
    new, verdict = again(asked, matrices, plan, setback, "termurah")
    assert verdict.status == "accepted", verdict.findings
    bringer = {
        unit: trip.vehicle
        for trip in sorted(new.trips, key=lambda each: each.load_at)
        for stop in trip.stops
        for unit in stop.units
    }
    assert {pin.unit: bringer[pin.unit] for pin in pins} == {pin.unit: pin.vehicle for pin in pins}


def test_a_second_setback_starts_from_the_new_plan():
    problem, matrices, plan = planned(3, "langsung", Size(trucks=3))
    first = Setback(min(trip.load_at for trip in plan.trips))
    new, _ = again(problem, matrices, plan, first, "termurah")
    locked = locked_problem(problem, plan, first.at)
    later = Setback(middle(new) - timedelta(seconds=1))
    third, verdict = again(locked, matrices, new, later, "tetap")
    assert verdict.status == "accepted", verdict.findings
    assert third.trips == new.trips


def test_a_trip_that_was_changed_after_it_left_is_refused_by_the_checker():
    problem, matrices, plan = planned(3, "langsung")
    setback = Setback(middle(plan))
    new, _ = again(problem, matrices, plan, setback, "tetap")
    gone = departed(plan, setback.at)[0]
    other = next(each for each in problem.people if each.id not in {gone.driver, gone.in_charge, gone.deputy})
    forged = replace(
        new, trips=tuple(replace(trip, driver=other.id) if trip == gone else trip for trip in new.trips)
    )
    codes = {
        found.code for found in check(locked_problem(problem, plan, setback.at), forged, matrices).findings
    }
    assert "CHECK-LOCK-CHANGED" in codes


@pytest.mark.parametrize(
    ("setback", "code"),
    [
        (Setback(clock(POLLING, 0)), "REPLAN-OVER"),
        (Setback(clock(POLLING - timedelta(days=6), 9), ("ENTAH",)), "REPLAN-VEHICLE"),
    ],
)
def test_a_setback_without_sense_is_refused(setback, code):
    problem, matrices, plan = planned(3, "langsung")
    with pytest.raises(Refused) as refused:
        again(problem, matrices, plan, setback, "tetap")
    assert refused.value.code == code


def test_a_plan_of_another_problem_is_refused():
    problem, matrices, plan = planned(3, "langsung")
    with pytest.raises(Refused) as refused:
        again(replace(problem, title="lain"), matrices, plan, Setback(middle(plan)), "tetap")
    assert refused.value.code == "REPLAN-OTHER-PROBLEM"


def test_a_set_that_waits_at_a_ppk_keeps_its_pin():
    problem, matrices, plan = planned(9, "lewat-ppk")
    last = next(trip for trip in plan.trips if trip.origin == "PPK-1")
    other = next(each for each in problem.vehicles if each.home == "PPK-1" and each.id != last.vehicle)
    pins = (Pin(unit=last.stops[0].units[0], vehicle=other.id, date=last.date, reason="janji camat"),)
    problem = replace(problem, pins=pins)
    plan = solve(problem, "lewat-ppk", matrices, engine=FirstAnswer(), seed=1, budget=BUDGET)
    arrived = max(trip.return_at for trip in plan.trips if trip.origin == "GUDANG-1")
    new, verdict = again(problem, matrices, plan, Setback(arrived), "termurah")
    assert verdict.status == "accepted", verdict.findings
    brought = next(trip for trip in new.trips if trip.origin == "PPK-1" and pins[0].unit in trip.load_order)
    assert (brought.vehicle, brought.date) == (other.id, last.date)
