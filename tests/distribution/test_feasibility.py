"""What is proved impossible, rule by rule, before any search."""

from datetime import timedelta

import numpy as np
import pytest
from msgspec.structs import replace
from tests.distribution.small import POLLING, Size, clock, days_before, small_problem

from tepat.common.messages import say
from tepat.distribution.case import open_case
from tepat.distribution.legs import build_legs
from tepat.distribution.problems import Interval, LastMile, Pin

PPS = "PPS-1.1"


def proofs(problem, matrices, strategy="langsung"):
    legs = build_legs(open_case(problem, strategy, matrices))
    for proof in legs.proofs.values():
        assert say(proof.code, proof.facts).happened
    return {unit: proof.code for unit, proof in legs.proofs.items()}


def with_place(problem, name, **changes):
    return replace(
        problem,
        places=tuple(replace(each, **changes) if each.id == name else each for each in problem.places),
    )


def with_strategy(problem, name, **changes):
    return replace(
        problem,
        strategies=tuple(
            replace(each, **changes) if each.name == name else each for each in problem.strategies
        ),
    )


def units_of(problem, place):
    return {unit.id for unit in problem.units if unit.place == place}


def test_a_solvable_problem_has_no_proof_against_it():
    problem, matrices = small_problem()
    for strategy in problem.strategies:
        assert proofs(problem, matrices, strategy.name) == {}


def test_a_place_that_no_class_may_enter():
    problem, matrices = small_problem()
    found = proofs(with_place(problem, PPS, access=("motor",)), matrices)
    assert found == dict.fromkeys(units_of(problem, PPS), "SOLVE-UNIT-NO-ACCESS")


def test_a_closed_ppk_strands_every_unit_that_goes_over_it():
    problem, matrices = small_problem()
    found = proofs(with_place(problem, "PPK-1", access=("motor",)), matrices, "lewat-ppk")
    beyond = {unit.id for unit in problem.units if unit.place == "PPK-1" or unit.place.startswith("PPS-1.")}
    assert set(found) == beyond


def test_a_place_without_a_road():
    problem, matrices = small_problem()
    row = next(index for index, place in enumerate(problem.places) if place.id == PPS)
    cut = {}
    for key, table in matrices.items():
        cut[key] = table.copy()
        cut[key][:, row, :] = -1
    found = proofs(problem, cut)
    assert found == dict.fromkeys(units_of(problem, PPS), "SOLVE-UNIT-NO-ROAD")


@pytest.mark.parametrize("measure", ["boxes", "volume_ml", "weight_g"])
def test_a_unit_larger_than_every_vehicle(measure):
    problem, matrices = small_problem()
    large = problem.units[0].id
    units = tuple(replace(each, **{measure: 10**9}) if each.id == large else each for each in problem.units)
    assert proofs(replace(problem, units=units), matrices) == {large: "SOLVE-UNIT-TOO-LARGE"}


def test_a_date_on_which_nothing_drives():
    problem, matrices = small_problem()
    found = proofs(with_strategy(problem, "langsung", date_by_place={PPS: days_before(1)[0]}), matrices)
    assert found == dict.fromkeys(units_of(problem, PPS), "SOLVE-UNIT-NO-DATE")


def test_receiving_hours_that_miss_the_vehicles_hours():
    problem, matrices = small_problem()
    night = tuple(
        Interval(opens_at=clock(day, 19), closes_at=clock(day, 22)) for day in days_before(5, 4, 3, 2)
    )
    problem = with_place(replace(problem, hours=problem.hours | {"malam": night}), PPS, hours="malam")
    assert proofs(problem, matrices) == dict.fromkeys(units_of(problem, PPS), "SOLVE-UNIT-NO-WINDOW")


def test_a_drive_longer_than_a_working_day():
    problem, matrices = small_problem()
    far = {
        key: np.where(table > 0, table * [[[40]], [[1]]], table).astype("<i4")
        for key, table in matrices.items()
    }
    assert "SOLVE-UNIT-NO-TIME" in set(proofs(problem, far).values())


def test_no_vehicle_at_the_ppk():
    problem, matrices = small_problem()
    vehicles = tuple(vehicle.id for vehicle in problem.vehicles if vehicle.home is None)
    found = proofs(with_strategy(problem, "lewat-ppk", vehicles=vehicles), matrices, "lewat-ppk")
    assert set(found.values()) == {"SOLVE-UNIT-NO-VEHICLE"}
    assert not any(unit.startswith("SET-PPK") for unit in found)


def test_a_pin_on_a_vehicle_that_is_not_in_the_strategy():
    problem, matrices = small_problem()
    unit = problem.units[1].id
    problem = replace(problem, pins=(Pin(unit=unit, vehicle="LOKAL-1.1"),))
    assert proofs(problem, matrices) == {unit: "SOLVE-UNIT-PIN"}


def test_no_open_warehouse():
    problem, matrices = small_problem()
    found = proofs(with_strategy(problem, "langsung", warehouses=()), matrices)
    assert set(found.values()) == {"SOLVE-UNIT-NO-ORIGIN"}
    assert len(found) == len(problem.units)


def test_more_sets_than_the_teams_can_hand_over_before_the_law_ends():
    problem, matrices = small_problem()
    eve = POLLING - timedelta(days=1)
    hours = problem.hours | {"kpps": (Interval(opens_at=clock(eve, 7), closes_at=clock(eve, 9)),)}
    problem = replace(problem, hours=hours, last_mile=LastMile(hours="kpps", teams=1, handover_s=3600))
    found = proofs(problem, matrices)
    for place in problem.places:
        tps = [unit.id for unit in problem.units if unit.place == place.id and unit.kind == "tps"]
        assert [unit for unit in tps if unit not in found] == tps[:2]
    assert set(found.values()) == {"SOLVE-UNIT-LAST-MILE"}


def test_hours_are_proved_short_with_both_numbers():
    problem, matrices = small_problem(8, Size(ppk=2, pps_per_ppk=8, tps_max=40, trucks=1, pickups=0))
    problem = with_strategy(problem, "langsung", dates_by_origin={"gudang": days_before(2)})
    (leg,) = build_legs(open_case(problem, "langsung", matrices)).legs
    assert leg.proof.code == "SOLVE-UNIT-NO-HOURS"
    assert leg.proof.facts["has"] == "9,2"  # 9 h 15 m of one truck
    assert float(leg.proof.facts["needs"].replace(",", ".")) > 9.3
