"""What could bind, with numbers; and each kind of subject explained."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.distribution.reasons.made import locked, planned, small
from tests.distribution.small import small_problem

from tepat.distribution.problems import Escort, Pin, Rules
from tepat.distribution.reasons.explaining import explain
from tepat.distribution.reasons.limits import trip_limits


def named(limits, word):
    return [limit for limit in limits if limit.name.startswith(word)]


def test_a_trip_says_its_room_its_hours_and_its_ends():
    case, plan = small()
    trip = max(plan.trips, key=lambda each: len(each.load_order))
    limits = trip_limits(case, plan, trip)
    (boxes,) = named(limits, "muatan (kotak)")
    carried = sum(case.unit[unit].boxes for unit in trip.load_order)
    room = case.type_of(trip.vehicle).boxes_max
    assert boxes.used.startswith(f"{carried} kotak")
    assert (boxes.limit, boxes.left) == (f"{room} kotak", f"{room - carried} kotak")
    assert boxes.binds == (100 * carried >= 95 * room)
    (hours,) = named(limits, "jam ")[:1]
    assert hours.limit == "9 j 15 m"
    assert len(named(limits, "jam terima")) == len(named(limits, "batas tiba")) == 1


def test_what_somebody_decided_binds():
    case, plan = small()
    unit = plan.trips[0].stops[0].units[0]
    pins = (Pin(unit=unit, date=plan.trips[0].date, reason="pasar malam"),)
    case, plan = planned(replace(case.problem, pins=pins), case.matrices, "langsung")
    trip = next(each for each in plan.trips if unit in each.load_order)
    case, plan = locked(case, plan, {trip.id})
    found = explain(case, plan, trip.id)
    assert {"sematan", "kunci"} <= set(found.binds)
    assert any("pasar malam" in limit.limit for limit in found.limits)


def test_escorts_and_docks_bind_where_the_office_counts_them():
    problem, matrices = small_problem(9)
    vehicles = tuple(
        replace(each, escort="KAWAL-1") if each.id == "TRUK-1" else each for each in problem.vehicles
    )
    places = tuple(replace(each, docks=1) if each.kind == "gudang" else each for each in problem.places)
    strict = replace(
        problem,
        vehicles=vehicles,
        places=places,
        escorts=(Escort(id="KAWAL-1", label="Pengawal 1 (contoh)"),),
        rules=Rules(escort_required=True, docks_apply=True),
    )
    case, plan = planned(strict, matrices, "langsung")
    found = explain(case, plan, plan.trips[0].id)
    assert any(each.startswith("pengawal") for each in found.binds)
    assert any(each.startswith("tempat bongkar muat") for each in found.binds)


def test_a_road_for_small_vehicles_only_is_named():
    problem, matrices = small_problem(9)
    places = tuple(
        replace(each, access=("pikap",)) if each.id == "PPS-1.1" else each for each in problem.places
    )
    case, plan = planned(replace(problem, places=places), matrices, "langsung")
    found = explain(case, plan, "PPS-1.1")
    assert "jalan ke PPS-1.1 (contoh)" in found.binds


@pytest.mark.parametrize("strategy", ["langsung", "lewat-ppk", "campuran", "nyata"])
def test_dates_warehouses_and_paths_are_explained_too(strategy):
    case, plan = small(strategy=strategy)
    for subject in ("2024-02-10", "GUDANG-1", "GUDANG-2", "jalur:PPK-1"):
        found = explain(case, plan, subject)
        assert all(found.says), subject
    day = explain(case, plan, plan.trips[0].date.isoformat())
    at_work = {trip.vehicle for trip in plan.trips if trip.date == plan.trips[0].date}
    assert f"dengan {len(at_work)} kendaraan" in day.says[0]
    over = explain(case, plan, "jalur:PPK-2").says[0]
    assert ("lewat PPK" in over) == (strategy != "langsung")


@given(st.integers(0, 10_000), st.sampled_from(["langsung", "lewat-ppk", "campuran"]))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_an_accepted_plan_uses_is_never_more_than_there_is(seed, strategy):
    case, plan = small(seed, strategy)
    for trip in plan.trips:
        for limit in trip_limits(case, plan, trip):
            assert not limit.left.startswith(("-", "lewat")), limit
