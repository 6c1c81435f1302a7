"""Plans of small problems by the real engine, each judged by the checker that did not make them."""

import itertools
from collections import Counter
from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.distribution.small import POLLING, Size, clock, days_before, small_problem

from tepat.common.errors import Refused
from tepat.distribution.checker import check
from tepat.distribution.documents import encode
from tepat.distribution.problems import Escort, Interval, Lock, Pin, Rules
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.solvers.pyvrp_engine import PyvrpEngine

BUDGET = Budget(iterations=30)


def solved(problem, matrices, strategy, budget=BUDGET):
    plan = solve(problem, strategy, matrices, engine=PyvrpEngine(), seed=1, budget=budget)
    return plan, check(problem, plan, matrices)


def with_strategy(problem, name, **changes):
    return replace(
        problem,
        strategies=tuple(
            replace(each, **changes) if each.name == name else each for each in problem.strategies
        ),
    )


@pytest.mark.parametrize("strategy", ["langsung", "lewat-ppk", "campuran", "nyata"])
@pytest.mark.parametrize("seed", [3, 4])
def test_every_strategy_of_a_small_problem_is_accepted_by_the_checker(seed, strategy):
    problem, matrices = small_problem(seed)
    plan, verdict = solved(problem, matrices, strategy)
    assert verdict.status == "accepted", verdict.findings
    assert plan.totals.units_served == len(problem.units)
    assert plan.totals.cost_rupiah == sum(line.amount_rupiah for line in plan.costs)


def test_the_same_seed_and_iterations_give_the_same_bytes():
    problem, matrices = small_problem(5)
    one, _ = solved(problem, matrices, "lewat-ppk")
    other, _ = solved(problem, matrices, "lewat-ppk")
    assert encode(one) == encode(other)


def test_seconds_are_a_budget_too():
    problem, matrices = small_problem(5)
    plan, verdict = solved(problem, matrices, "langsung", Budget(seconds=2))
    assert verdict.accepted
    assert (plan.solver.seconds, plan.solver.iterations) == (2, None)


def test_a_unit_leaves_the_ppk_only_after_it_arrived_there():
    problem, matrices = small_problem(6)
    plan, _ = solved(problem, matrices, "lewat-ppk")
    arrived = {unit: stop.done_at for trip in plan.trips for stop in trip.stops for unit in stop.units
               if trip.origin == "GUDANG-1"}  # fmt: skip
    onward = [(unit, trip.load_at) for trip in plan.trips if trip.origin != "GUDANG-1" for stop in trip.stops
              for unit in stop.units]  # fmt: skip
    assert onward
    assert all(arrived[unit] <= load_at for unit, load_at in onward)


def test_a_pps_larger_than_the_truck_is_served_by_several_trips():
    problem, matrices = small_problem(7, Size(ppk=2, pps_per_ppk=2, tps_max=60, trucks=3))
    plan, verdict = solved(problem, matrices, "langsung")
    boxes = Counter(unit.place for unit in problem.units for _ in range(unit.boxes))
    large, needed = boxes.most_common(1)[0]
    trips = {trip.id for trip in plan.trips for stop in trip.stops if stop.place == large}
    assert needed > 120
    assert len(trips) >= 2
    assert verdict.accepted


def test_a_fixed_date_is_kept_by_trips_from_the_warehouse():
    problem, matrices = small_problem(3)
    plan, _ = solved(problem, matrices, "nyata")
    fixed = problem.strategies[3].date_by_place
    dates = {(stop.place, trip.date) for trip in plan.trips for stop in trip.stops if stop.place in fixed}
    assert dates == set(fixed.items())


def test_pins_bind_vehicle_and_date():
    problem, matrices = small_problem(3)
    unit = next(unit.id for unit in problem.units if unit.kind == "tps")
    day = days_before(4)[0]
    problem = replace(problem, pins=(Pin(unit=unit, vehicle="TRUK-2", date=day, reason="contoh"),))
    plan, verdict = solved(problem, matrices, "langsung")
    (trip,) = [trip for trip in plan.trips for stop in trip.stops if unit in stop.units]
    assert (trip.vehicle, trip.date) == ("TRUK-2", day)
    assert verdict.accepted


def test_no_vehicle_without_an_escort_leaves_when_the_office_wants_escorts():
    problem, matrices = small_problem(3)
    vehicles = tuple(
        replace(each, escort="REGU-1") if each.id == "TRUK-1" else each for each in problem.vehicles
    )
    escorts = (Escort(id="REGU-1", label="Regu contoh"),)
    problem = replace(problem, vehicles=vehicles, escorts=escorts, rules=Rules(escort_required=True))
    plan, verdict = solved(problem, matrices, "langsung")
    assert {trip.vehicle for trip in plan.trips} == {"TRUK-1"}
    assert verdict.accepted


def test_docks_are_taken_in_turn_where_the_office_counts_them():
    problem, matrices = small_problem(3, Size(ppk=2, pps_per_ppk=4, tps_max=40, trucks=3))
    places = tuple(replace(each, docks=1) if each.id == "GUDANG-1" else each for each in problem.places)
    problem = replace(problem, places=places, rules=Rules(docks_apply=True))
    plan, verdict = solved(problem, matrices, "langsung")
    loading = sorted((trip.load_at, trip.depart_at) for trip in plan.trips)
    assert all(first[1] <= then[0] for first, then in itertools.pairwise(loading))
    assert verdict.status != "breached", verdict.findings


def test_wet_days_are_driven_by_the_wet_matrix():
    problem, matrices = small_problem(3)
    wet = {(vehicle_class, "hujan"): (table * [[[2]], [[1]]]).astype("<i4")
           for (vehicle_class, _), table in matrices.items()}  # fmt: skip
    files = problem.matrices + tuple(replace(each, weather="hujan") for each in problem.matrices)
    problem = replace(
        problem, matrices=files, days=tuple(replace(day, weather="hujan") for day in problem.days)
    )
    plan, verdict = solved(problem, matrices | wet, "langsung")
    assert verdict.accepted
    assert plan.trips


def test_deliveries_follow_the_arrival_and_end_before_the_target():
    problem, matrices = small_problem(4)
    plan, _ = solved(problem, matrices, "lewat-ppk")
    assert {delivery.unit for delivery in plan.deliveries} == {u.id for u in problem.units if u.kind == "tps"}
    assert all(delivery.done_at <= problem.target_at for delivery in plan.deliveries)
    assert plan.totals.slack_s >= 0


def test_too_few_vehicles_give_a_partial_plan_that_says_why():
    problem, matrices = small_problem(8, Size(ppk=2, pps_per_ppk=8, tps_max=40, trucks=1, pickups=0))
    problem = with_strategy(problem, "langsung", dates_by_origin={"gudang": days_before(2)})
    plan, verdict = solved(problem, matrices, "langsung")
    assert verdict.status == "incomplete", verdict.findings
    assert {each.code for each in plan.unserved} == {"SOLVE-UNIT-NO-HOURS"}
    assert plan.trips
    assert plan.totals.units_served + plan.totals.units_unserved == len(problem.units)


def test_an_unknown_strategy_is_refused_with_the_known_ones():
    problem, matrices = small_problem()
    with pytest.raises(Refused, match="langsung, lewat-ppk"):
        solved(problem, matrices, "terbang")


def test_locked_trips_are_refused_rather_than_lost():
    problem, matrices = small_problem()
    with pytest.raises(Refused, match="SOLVE-LOCKS"):
        solved(replace(problem, locks=(Lock(trip="T-001", sha256="0" * 64),)), matrices, "langsung")


def test_a_missing_matrix_is_refused_by_class_and_weather():
    problem, matrices = small_problem()
    with pytest.raises(Refused, match="pikap"):
        solved(problem, {key: table for key, table in matrices.items() if key[0] == "truk"}, "langsung")


def test_rest_between_two_days_is_kept():
    problem, matrices = small_problem(3)
    problem = replace(problem, rules=Rules(rest_s_min=16 * 3600))
    plan, verdict = solved(problem, matrices, "langsung")
    assert verdict.accepted, verdict.findings
    assert all(trip.return_at + timedelta(hours=16) <= other.load_at
               for trip in plan.trips for other in plan.trips
               if other.vehicle == trip.vehicle and other.date > trip.date)  # fmt: skip


def test_a_full_store_leaves_sets_behind_rather_than_in_the_rain():
    problem, matrices = small_problem(3)
    places = tuple(replace(each, boxes_max=7) if each.id == "PPS-1.1" else each for each in problem.places)
    plan, verdict = solved(replace(problem, places=places), matrices, "langsung")
    assert verdict.status == "incomplete", verdict.findings
    assert {each.code for each in plan.unserved} == {"SOLVE-UNIT-STORE"}
    tps = [unit.id for unit in problem.units if unit.place == "PPS-1.1" and unit.kind == "tps"]
    assert len(plan.unserved) == len(tps) - 1


def test_two_vehicles_with_one_driver_never_drive_on_one_date():
    problem, matrices = small_problem(3, Size(tps_max=40))
    vehicles = tuple(
        replace(each, driver="orang-TRUK-1-sopir") if each.id == "TRUK-2" else each
        for each in problem.vehicles
    )
    plan, verdict = solved(replace(problem, vehicles=vehicles), matrices, "langsung")
    drives = {(trip.date, trip.vehicle) for trip in plan.trips if trip.driver == "orang-TRUK-1-sopir"}
    assert len(drives) == len({day for day, _ in drives})
    assert verdict.status != "breached", verdict.findings


def test_a_vehicle_with_nobody_in_charge_stays_at_home():
    problem, matrices = small_problem(3)
    vehicles = tuple(
        replace(each, in_charge=None) if each.id == "TRUK-1" else each for each in problem.vehicles
    )
    plan, verdict = solved(replace(problem, vehicles=vehicles), matrices, "langsung")
    assert "TRUK-1" not in {trip.vehicle for trip in plan.trips}
    assert verdict.accepted


def test_loading_waits_for_the_warehouse_to_open():
    problem, matrices = small_problem(3)
    late = tuple(
        Interval(opens_at=clock(day, 9), closes_at=clock(day, 16)) for day in days_before(5, 4, 3, 2)
    )
    places = tuple(replace(each, hours="siang") if each.id == "GUDANG-1" else each for each in problem.places)
    problem = replace(problem, hours=problem.hours | {"siang": late}, places=places)
    plan, verdict = solved(problem, matrices, "langsung")
    assert verdict.accepted, verdict.findings
    assert all(trip.load_at >= clock(trip.date, 9) for trip in plan.trips)


def test_the_polling_day_is_never_driven():
    problem, matrices = small_problem(3)
    plan, _ = solved(problem, matrices, "lewat-ppk")
    assert all(trip.date < POLLING for trip in plan.trips)
