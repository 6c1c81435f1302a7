"""A search repairs what was edited: pins, locks and moves stay, and it touches as little as will do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.distribution.editing.scenes import codes, scene, trip_of

from tepat.common.errors import Refused
from tepat.distribution.checker import check
from tepat.distribution.documents import sha256
from tepat.distribution.editing.applying import edited
from tepat.distribution.editing.changes import (
    LockTrip,
    Move,
    OwnTrip,
    PinUnits,
    Repaired,
    SwapStops,
    SwapVehicles,
    ToTrip,
)
from tepat.distribution.editing.repairing import blamed, held_pins, repaired


def repair(chosen, *changes):
    found = chosen.edit(*changes)
    problem, plan = repaired(found, changes, chosen.matrices, chosen.search)
    return found, problem, plan, check(problem, plan, chosen.matrices)


def bringer(plan, unit):
    return [trip for trip in plan.trips if any(unit in stop.units for stop in trip.stops)][-1]


def test_a_broken_pin_is_mended_and_trips_without_fault_stay(direct):
    trip = direct.plan.trips[0]
    units = trip.stops[0].units
    other = next(each for each in direct.plan.trips if each.vehicle != trip.vehicle)
    found, problem, plan, verdict = repair(
        direct, PinUnits(units=units, vehicle=other.vehicle, reason="janji")
    )
    assert not found.verdict.accepted
    assert verdict.accepted
    assert {bringer(plan, unit).vehicle for unit in units} == {other.vehicle}
    assert plan.problem_sha256 == sha256(problem)
    for each in direct.plan.trips:
        if each.id not in blamed(found):
            assert trip_of(plan, each.id) == each


def test_a_move_that_overloads_a_truck_stays_and_the_rest_gives_way(direct):
    trip = direct.plan.trips[0]
    other = next(each for each in direct.plan.trips if each.vehicle != trip.vehicle)
    stop = trip.stops[0]
    move = Move(trip=trip.id, place=stop.place, units=stop.units, to=ToTrip(trip=other.id, position=1))
    found, _, plan, verdict = repair(direct, move)
    assert codes(found) & {"CHECK-BOXES", "CHECK-VOLUME", "CHECK-WEIGHT"}
    assert verdict.accepted
    for unit in stop.units:
        assert (bringer(plan, unit).vehicle, bringer(plan, unit).date) == (other.vehicle, other.date)


def test_a_locked_trip_stands_through_a_repair(direct):
    first, *others = direct.plan.trips
    other = next(each for each in others if each.vehicle != first.vehicle)
    units = other.stops[0].units
    _, problem, plan, verdict = repair(
        direct,
        LockTrip(trip=first.id),
        PinUnits(units=units, vehicle=first.vehicle, reason="janji"),
    )
    assert trip_of(plan, first.id) == first
    assert [lock.trip for lock in problem.locks] == [first.id]
    assert verdict.status != "breached"


def test_what_was_moved_by_hand_is_held_and_swaps_until_the_next_repair(direct):
    trip, other = direct.plan.trips[0], direct.plan.trips[1]
    units = trip.stops[0].units
    changes = [
        Move(
            trip=trip.id,
            place=trip.stops[0].place,
            units=units,
            to=OwnTrip(vehicle="PIKAP-1", date=trip.date),
        ),
        SwapVehicles(
            trip=trip.id, other_trip=next(t.id for t in direct.plan.trips if t.vehicle != trip.vehicle)
        ),
    ]
    found = direct.edit(*changes)
    held = {pin.unit for pin in held_pins(found.sketch, changes)}
    assert held >= set(units)
    later = held_pins(found.sketch, [*changes, Repaired(problem_sha256="", plan_sha256="")])
    assert {pin.unit for pin in later} == set(units)
    swap = SwapStops(
        trip=trip.id, place=trip.stops[0].place, other_trip=other.id, other_place=other.stops[0].place
    )
    swapped = direct.edit(swap)
    assert {pin.unit for pin in held_pins(swapped.sketch, [swap])} >= {*units, *other.stops[0].units}


def test_changes_go_on_from_a_repair(direct):
    trip = direct.plan.trips[0]
    units = trip.stops[0].units
    pin = PinUnits(units=units, vehicle=trip.vehicle, reason="janji")
    _, problem, plan, _ = repair(direct, pin)
    mark = Repaired(problem_sha256="a", plan_sha256="b")
    lock = LockTrip(trip=plan.trips[0].id)
    found = edited(
        (direct.problem, direct.plan), direct.matrices, [pin, mark, lock], lambda _: (problem, plan)
    )
    assert found.problem.pins == problem.pins
    assert [each.trip for each in found.problem.locks] == [lock.trip]
    assert found.plan.trips == plan.trips


def test_what_goes_on_from_a_ppk_is_freed_with_what_brings_it_there(over_ppk):
    kinds = {place.id: place.kind for place in over_ppk.problem.places}
    trip = next(each for each in over_ppk.plan.trips if kinds[each.origin] == "gudang")
    unit = next(
        unit
        for stop in trip.stops
        for unit in stop.units
        if next(one.place for one in over_ppk.problem.units if one.id == unit) != stop.place
    )
    narrow = replace(
        over_ppk.problem,
        places=tuple(
            replace(place, access=("motor",)) if place.id == trip.stops[0].place else place
            for place in over_ppk.problem.places
        ),
    )
    found = edited((narrow, over_ppk.plan), over_ppk.matrices, [], None)
    freed = blamed(found)
    assert trip.id in freed
    onward = [each for each in over_ppk.plan.trips if kinds[each.origin] == "ppk"]
    carrying = {each.id for each in onward if any(unit in stop.units for stop in each.stops)}
    assert not carrying or carrying <= freed


@pytest.mark.parametrize("strategy", ["langsung", "lewat-ppk", "campuran"])
@given(data=st.data())
def test_a_repair_never_breaks_a_rule_that_was_kept_nor_a_lock(strategy, data):
    chosen = scene(data.draw(st.integers(0, 5)), strategy)
    trips = chosen.plan.trips
    trip = trips[data.draw(st.integers(0, len(trips) - 1))]
    locked = trips[data.draw(st.integers(0, len(trips) - 1))]
    stop = trip.stops[data.draw(st.integers(0, len(trip.stops) - 1))]
    vehicle = data.draw(st.sampled_from(chosen.plan.trips)).vehicle
    changes = [LockTrip(trip=locked.id), PinUnits(units=stop.units[:2], vehicle=vehicle, reason="uji")]
    try:
        found = chosen.edit(*changes)
    except Refused:
        return
    problem, plan = repaired(found, changes, chosen.matrices, chosen.search)
    verdict = check(problem, plan, chosen.matrices)
    assert verdict.status in {"accepted", "incomplete"}, [one.code for one in verdict.findings]
    assert trip_of(plan, locked.id) == locked
