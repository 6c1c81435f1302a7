"""A small plan drawn by hand ("contoh"): a direct trip to a PPS, one to a PPK, one onward from the PPK."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.distribution.small import small_problem

from tepat.distribution.documents import sha256
from tepat.distribution.papers import Book, paper_settings
from tepat.distribution.plans import Delivery, Plan, Solver, Stop, Totals, Trip

START = datetime(2024, 2, 10, 0, 0, tzinfo=UTC)


def minutes(number):
    return START + timedelta(minutes=number)


def trip(problem, name, origin, place, units):
    vehicle = problem.vehicles[0]
    return Trip(
        id=name,
        vehicle=vehicle.id,
        date=START.date(),
        origin=origin,
        load_at=minutes(0),
        depart_at=minutes(30),
        stops=(
            Stop(
                place=place, arrive_at=minutes(70), unload_at=minutes(75), done_at=minutes(100), units=units
            ),
        ),
        return_at=minutes(150),
        distance_m=25_300,
        driver=vehicle.driver,
        in_charge=vehicle.in_charge,
        deputy=vehicle.deputy,
        escort=vehicle.escort,
    )


@pytest.fixture(scope="session")
def book():
    problem = small_problem(1)[0]
    warehouse = next(place.id for place in problem.places if place.kind == "gudang")
    pps = next(place for place in problem.places if place.kind == "pps")
    units = tuple(unit.id for unit in problem.units if unit.place == pps.id)
    trips = (
        trip(problem, "T-001", warehouse, pps.id, units),
        trip(problem, "T-002", warehouse, pps.parent, units),
        trip(problem, "T-003", pps.parent, pps.id, units),
    )
    deliveries = tuple(
        Delivery(unit=unit.id, team=1, start_at=minutes(4000), done_at=minutes(4020))
        for unit in problem.units
        if unit.kind == "tps" and unit.place == pps.id
    )
    plan = Plan(
        schema="tepat/plan",
        schema_version=1,
        problem_id=problem.id,
        problem_sha256=sha256(problem),
        strategy=problem.strategies[0].name,
        solver=Solver(name="tangan", version="1", seed=0, iterations=0, seconds=None),
        trips=trips,
        deliveries=deliveries,
        unserved=(),
        costs=(),
        totals=Totals(
            cost_rupiah=0,
            distance_m=0,
            vehicle_days=1,
            trips=3,
            handovers=3,
            guard_nights=0,
            units_served=0,
            units_unserved=0,
            last_ppk_at=None,
            last_pps_at=None,
            last_kpps_at=None,
            slack_s=None,
        ),
    )
    return Book(problem, plan, sha256(plan), paper_settings(problem.office.name))
