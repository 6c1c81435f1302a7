"""Changes by hand: what moves is moved, the rest stays to the second, the checker has the last word."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.distribution.editing.scenes import carried, codes, first_stop, refused_code, scene, trip_of
from tests.distribution.small import POLLING

from tepat.common.errors import Refused
from tepat.distribution.documents import sha256
from tepat.distribution.editing.applying import SOLVER_MARK, TITLE_MARK, edited
from tepat.distribution.editing.changes import (
    Forbid,
    LockTrip,
    Move,
    OwnTrip,
    PinUnits,
    SwapStops,
    SwapVehicles,
    ToTrip,
    UnlockTrip,
    UnpinUnits,
    plain,
    read,
)
from tepat.distribution.editing.saying import Names, words
from tepat.distribution.plans import Unserved


def test_without_changes_the_plan_is_the_plan(direct):
    found = direct.edit()
    assert found.plan is direct.plan
    assert found.problem is direct.problem
    assert found.verdict.accepted


def test_a_stop_moves_into_another_trip_and_only_these_two_change(direct):
    trip, stop = first_stop(direct)
    other = direct.plan.trips[2]
    found = direct.edit(
        Move(trip=trip.id, place=stop.place, units=stop.units, to=ToTrip(trip=other.id, position=2))
    )
    after = trip_of(found.plan, other.id)
    assert (after.stops[1].place, after.stops[1].units) == (stop.place, stop.units)
    assert not any(each.place == stop.place for each in trip_of(found.plan, trip.id).stops)
    assert carried(found.plan) == carried(direct.plan)
    posts = {(each.vehicle, each.date) for each in (trip, other)}
    for each in direct.plan.trips:
        if (each.vehicle, each.date) not in posts:
            assert trip_of(found.plan, each.id) == each
    assert codes(found) <= {"CHECK-BOXES", "CHECK-VOLUME", "CHECK-WEIGHT"}
    assert found.plan.solver.name.endswith(SOLVER_MARK)
    assert found.problem is direct.problem


def test_part_of_a_stop_gets_a_trip_of_its_own(direct):
    trip, stop = first_stop(direct)
    day = POLLING - timedelta(days=3)
    found = direct.edit(
        Move(trip=trip.id, place=stop.place, units=stop.units[:1], to=OwnTrip(vehicle="PIKAP-1", date=day))
    )
    assert found.verdict.accepted
    new = [each for each in found.plan.trips if each.id not in {one.id for one in direct.plan.trips}]
    assert [(each.vehicle, each.date, each.stops[0].units) for each in new] == [
        ("PIKAP-1", day, stop.units[:1])
    ]
    assert found.plan.totals.cost_rupiah > direct.plan.totals.cost_rupiah
    assert new[0].driver == "orang-PIKAP-1-sopir"


def test_the_last_stop_takes_its_trip_along(direct):
    trip = min(direct.plan.trips, key=lambda each: len(each.stops))
    changes = [
        Move(
            trip=trip.id,
            place=stop.place,
            units=stop.units,
            to=OwnTrip(vehicle="PIKAP-2", date=POLLING - timedelta(days=3)),
        )
        for stop in trip.stops[:1]
    ]
    changes += [
        Move(trip=trip.id, place=stop.place, units=stop.units, to=ToTrip(trip="T-001", position=1))
        for stop in trip.stops[1:]
        if trip.id != "T-001"
    ]
    found = direct.edit(*changes)
    assert trip_of(found.plan, trip.id) is None
    assert carried(found.plan) == carried(direct.plan)


def test_a_stop_at_another_turn_of_its_trip(direct):
    trip = max(direct.plan.trips, key=lambda each: len(each.stops))
    stop = trip.stops[0]
    found = direct.edit(
        Move(trip=trip.id, place=stop.place, units=stop.units, to=ToTrip(trip=trip.id, position=3))
    )
    assert [each.place for each in trip_of(found.plan, trip.id).stops][2] == stop.place
    assert found.verdict.accepted
    back = direct.edit(
        Move(trip=trip.id, place=stop.place, units=stop.units, to=ToTrip(trip=trip.id, position=3)),
        Move(trip=trip.id, place=stop.place, units=stop.units, to=ToTrip(trip=trip.id, position=1)),
    )
    assert back.plan.trips == direct.plan.trips
    assert back.plan.totals == direct.plan.totals


def test_two_stops_change_places(direct):
    one, mine = first_stop(direct)
    other, theirs = first_stop(direct, 1)
    found = direct.edit(
        SwapStops(trip=one.id, place=mine.place, other_trip=other.id, other_place=theirs.place)
    )
    assert theirs.units[0] in {unit for stop in trip_of(found.plan, one.id).stops for unit in stop.units}
    assert mine.units[0] in {unit for stop in trip_of(found.plan, other.id).stops for unit in stop.units}
    assert carried(found.plan) == carried(direct.plan)


def test_two_trips_change_vehicles_and_people(direct):
    one = direct.plan.trips[0]
    other = next(trip for trip in direct.plan.trips if trip.vehicle != one.vehicle)
    found = direct.edit(SwapVehicles(trip=one.id, other_trip=other.id))
    after = trip_of(found.plan, one.id)
    assert (after.vehicle, after.driver) == (other.vehicle, f"orang-{other.vehicle}-sopir")
    assert found.verdict.accepted


def test_what_waits_at_a_ppk_follows_a_later_first_leg(over_ppk):
    kinds = {place.id: place.kind for place in over_ppk.problem.places}
    trip = next(each for each in over_ppk.plan.trips if kinds[each.origin] == "gudang")
    last = max(one.date for one in over_ppk.plan.trips if kinds[one.origin] == "gudang")
    stop = trip.stops[0]
    found = over_ppk.edit(
        Move(trip=trip.id, place=stop.place, units=stop.units, to=OwnTrip(vehicle="PIKAP-1", date=last))
    )
    assert "CHECK-ONWARD-EARLY" not in codes(found)
    assert carried(found.plan) == carried(over_ppk.plan)


def test_goods_do_not_leave_a_ppk_before_they_came():
    """A vehicle cannot bring to the PPK in the afternoon what it took from there in the morning."""
    chosen = scene(0, "lewat-ppk")
    trip = chosen.plan.trips[0]
    stop = trip.stops[1 % len(trip.stops)]
    unit = stop.units[0]
    onward = next(
        each
        for each in chosen.plan.trips
        if each is not trip and any(unit in one.units for one in each.stops)
    )
    late = OwnTrip(vehicle=onward.vehicle, date=onward.date)
    refused = refused_code(chosen, Move(trip=trip.id, place=stop.place, units=(unit,), to=late))
    assert refused.code == "EDIT-ONWARD"
    assert onward.id in str(refused)


def test_a_pin_that_the_plan_does_not_keep_is_said_by_the_checker_and_the_trips_stay(direct):
    trip, stop = first_stop(direct)
    other = next(each for each in direct.plan.trips if each.vehicle != trip.vehicle)
    found = direct.edit(PinUnits(units=stop.units, vehicle=other.vehicle, reason="jembatan sempit"))
    assert codes(found) == {"CHECK-PIN"}
    assert found.plan.trips == direct.plan.trips
    assert found.problem.title.endswith(TITLE_MARK)
    assert found.plan.problem_sha256 == sha256(found.problem)


def test_a_kept_pin_costs_nothing_and_stands_in_the_problem(direct):
    trip, stop = first_stop(direct)
    found = direct.edit(PinUnits(units=stop.units, vehicle=trip.vehicle, date=trip.date, reason="janji"))
    assert found.verdict.accepted
    assert {pin.unit for pin in found.problem.pins} == set(stop.units)
    freed = direct.edit(
        PinUnits(units=stop.units, vehicle=trip.vehicle, date=trip.date, reason="janji"),
        UnpinUnits(units=stop.units),
    )
    assert freed.problem is direct.problem


def test_pins_that_contradict_each_other_are_refused_with_both_named(direct):
    trip, stop = first_stop(direct)
    other = next(each for each in direct.plan.trips if each.vehicle != trip.vehicle)
    refused = refused_code(
        direct,
        PinUnits(units=stop.units, vehicle=trip.vehicle, reason="janji"),
        PinUnits(units=stop.units[:1], vehicle=other.vehicle, reason="lain"),
    )
    assert refused.code == "EDIT-PIN-TWICE"
    assert trip.vehicle in str(refused)
    assert other.vehicle in str(refused)


def test_a_vehicle_and_a_date_are_one_pin(direct):
    trip, stop = first_stop(direct)
    found = direct.edit(
        PinUnits(units=stop.units, vehicle=trip.vehicle, reason="janji"),
        PinUnits(units=stop.units, date=trip.date, reason="janji camat"),
    )
    assert {(pin.vehicle, pin.date, pin.reason) for pin in found.problem.pins} == {
        (trip.vehicle, trip.date, "janji camat")
    }


def test_a_pin_to_what_cannot_reach_the_place_says_why(direct):
    trip, stop = first_stop(direct)
    narrow = replace(
        direct.problem,
        places=tuple(
            replace(place, access=("pikap",)) if place.id == stop.place else place
            for place in direct.problem.places
        ),
    )
    with pytest.raises(Refused) as refused:
        edited(
            (narrow, direct.plan),
            direct.matrices,
            [PinUnits(units=stop.units, vehicle=trip.vehicle, reason="x")],
            None,
        )
    assert refused.value.code == "EDIT-PIN-IMPOSSIBLE"
    assert "pikap" in str(refused.value)


def test_a_pin_to_a_day_without_driving_is_refused(direct):
    _, stop = first_stop(direct)
    refused = refused_code(direct, PinUnits(units=stop.units, date=POLLING, reason="x"))
    assert refused.code == "EDIT-PIN-IMPOSSIBLE"


def test_a_pinned_set_is_not_moved_away_from_its_pin(direct):
    trip, stop = first_stop(direct)
    other = next(each for each in direct.plan.trips if each.vehicle != trip.vehicle)
    refused = refused_code(
        direct,
        PinUnits(units=stop.units, vehicle=trip.vehicle, reason="janji camat"),
        Move(trip=trip.id, place=stop.place, units=stop.units, to=ToTrip(trip=other.id, position=1)),
    )
    assert refused.code == "EDIT-PINNED"
    assert "janji camat" in str(refused)


def test_a_locked_trip_is_neither_changed_nor_pushed(direct):
    trip, stop = first_stop(direct)
    other = next(each for each in direct.plan.trips if each.vehicle != trip.vehicle)
    move = Move(trip=trip.id, place=stop.place, units=stop.units, to=ToTrip(trip=other.id, position=1))
    assert refused_code(direct, LockTrip(trip=trip.id), move).code == "EDIT-LOCKED"
    assert refused_code(direct, LockTrip(trip=other.id), move).code == "EDIT-LOCKED"
    found = direct.edit(LockTrip(trip=trip.id))
    assert found.verdict.accepted
    assert [lock.trip for lock in found.problem.locks] == [trip.id]
    assert direct.edit(LockTrip(trip=trip.id), UnlockTrip(trip=trip.id), move).plan.trips != direct.plan.trips
    second = next(
        (each, later)
        for each in direct.plan.trips
        for later in direct.plan.trips
        if (each.vehicle, each.date) == (later.vehicle, later.date) and each.load_at < later.load_at
    )
    guest = next(each for each in direct.plan.trips if each.vehicle != second[0].vehicle)
    pushed = refused_code(
        direct,
        LockTrip(trip=second[1].id),
        Move(
            trip=guest.id,
            place=guest.stops[0].place,
            units=guest.stops[0].units,
            to=ToTrip(trip=second[0].id, position=1),
        ),
    )
    assert pushed.code == "EDIT-LOCK-PUSHED"


def test_a_lock_from_before_is_not_opened_here(direct):
    locked = direct.edit(LockTrip(trip="T-001"))
    with pytest.raises(Refused) as refused:
        edited((locked.problem, locked.plan), direct.matrices, [UnlockTrip(trip="T-001")], None)
    assert refused.value.code == "EDIT-OLD-LOCK"


def test_a_class_that_may_no_more_go_to_a_place(direct):
    trip = next(each for each in direct.plan.trips if each.vehicle.startswith("TRUK"))
    place = trip.stops[0].place
    found = direct.edit(Forbid(place=place, vehicle_class="truk", reason="jembatan 5 ton"))
    assert codes(found) == {"CHECK-ACCESS"}
    shut = next(each for each in found.problem.places if each.id == place)
    assert (shut.access, "jembatan 5 ton" in shut.note) == (("pikap",), True)
    again = refused_code(
        direct,
        Forbid(place=place, vehicle_class="truk", reason="a"),
        Forbid(place=place, vehicle_class="pikap", reason="b"),
    )
    assert again.code == "EDIT-FORBID-LAST"
    pinned = refused_code(
        direct,
        PinUnits(units=trip.stops[0].units, vehicle=trip.vehicle, reason="janji"),
        Forbid(place=place, vehicle_class="truk", reason="a"),
    )
    assert pinned.code == "EDIT-FORBID-PIN"


def test_left_sets_find_a_trip_by_hand():
    problem, plan, matrices = (scene(3, "langsung").problem, scene(3, "langsung").plan, None)
    matrices = scene(3, "langsung").matrices
    trip = plan.trips[0]
    stop = trip.stops[0]
    left = tuple(Unserved(unit=unit, code="SOLVE-UNIT-NOT-FOUND", reason="contoh") for unit in stop.units)
    without = edited(
        (problem, plan),
        matrices,
        [
            Move(
                trip=trip.id,
                place=stop.place,
                units=stop.units,
                to=OwnTrip(vehicle="PIKAP-1", date=trip.date),
            )
        ],
        None,
    ).plan
    own = next(each for each in without.trips if each.vehicle == "PIKAP-1")
    kept = tuple(each for each in without.trips if each is not own)
    incomplete = replace(without, trips=kept, unserved=left)
    found = edited(
        (problem, incomplete),
        matrices,
        [Move(trip="", place=stop.place, units=stop.units, to=ToTrip(trip=trip.id, position=1))],
        None,
    )
    assert found.plan.unserved == ()
    assert found.plan.totals.units_unserved == 0
    assert found.verdict.accepted


def test_every_change_survives_being_kept_and_is_said_in_words(direct):
    trip, stop = first_stop(direct)
    names = Names(direct.problem)
    for change in (
        Move(trip=trip.id, place=stop.place, units=stop.units, to=ToTrip(trip="T-002", position=1)),
        Move(trip="", place=stop.place, units=stop.units, to=OwnTrip(vehicle="TRUK-1", date=POLLING)),
        SwapStops(trip="T-001", place=stop.place, other_trip="T-002", other_place="PPS-1.1"),
        SwapVehicles(trip="T-001", other_trip="T-002"),
        PinUnits(units=stop.units, date=POLLING, reason="janji"),
        UnpinUnits(units=stop.units),
        LockTrip(trip="T-001"),
        UnlockTrip(trip="T-001"),
        Forbid(place=stop.place, vehicle_class="truk", reason="sempit"),
    ):
        assert read(plain(change)) == change
        assert len(words(change, names)) > 8
