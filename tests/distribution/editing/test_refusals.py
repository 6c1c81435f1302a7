"""What cannot be done by hand is refused at once, with what stands in the way named."""

import pytest
from msgspec.structs import replace
from tests.distribution.editing.scenes import first_stop, refused_code
from tests.distribution.small import POLLING

from tepat.common.errors import Refused
from tepat.distribution.editing.applying import edited
from tepat.distribution.editing.changes import (
    Forbid,
    Move,
    OwnTrip,
    PinUnits,
    SwapStops,
    SwapVehicles,
    ToTrip,
    UnlockTrip,
    UnpinUnits,
)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Move(trip="T-999", place="x", units=("a",), to=ToTrip(trip="T-001", position=1)), "EDIT-NO-TRIP"),
        (Move(trip="T-001", place="x", units=("a",), to=ToTrip(trip="T-002", position=1)), "EDIT-NO-STOP"),
        (SwapVehicles(trip="T-001", other_trip="T-001"), "EDIT-SAME-VEHICLE"),
        (SwapStops(trip="T-001", place="x", other_trip="T-001", other_place="y"), "EDIT-SAME"),
        (PinUnits(units=("a",), vehicle="TRUK-1", reason="x"), "EDIT-NO-SETS"),
        (UnpinUnits(units=("a",)), "EDIT-NO-PIN"),
        (UnlockTrip(trip="T-001"), "EDIT-NO-LOCK"),
        (Forbid(place="x", vehicle_class="truk", reason="x"), "EDIT-NO-STOP"),
    ],
)
def test_what_cannot_be_meant_is_refused(direct, change, code):
    assert refused_code(direct, change).code == code


def test_sets_that_are_not_there_a_wish_without_words_and_a_vehicle_without_hours_are_refused(direct):
    trip, stop = first_stop(direct)
    own = OwnTrip(vehicle="TRUK-1", date=POLLING)
    for change, code in (
        (Move(trip=trip.id, place=stop.place, units=(), to=own), "EDIT-NO-SETS"),
        (Move(trip=trip.id, place=stop.place, units=("SET-PPK-1x",), to=own), "EDIT-NO-SETS"),
        (Move(trip=trip.id, place=stop.place, units=stop.units, to=own), "EDIT-NO-DAY"),
        (PinUnits(units=stop.units, reason="x"), "EDIT-PIN-EMPTY"),
        (PinUnits(units=stop.units, vehicle="TRUK-1", reason=" "), "EDIT-NO-REASON"),
        (PinUnits(units=stop.units, vehicle="ENTAH", reason="x"), "EDIT-NO-VEHICLE"),
        (Forbid(place=stop.place, vehicle_class="truk", reason=""), "EDIT-NO-REASON"),
        (
            Move(trip=trip.id, place=stop.place, units=stop.units, to=ToTrip(trip=trip.id, position=1)),
            "EDIT-SAME",
        ),
        (
            Move(
                trip=trip.id,
                place=stop.place,
                units=stop.units,
                to=OwnTrip(vehicle="ENTAH", date=trip.date),
            ),
            "EDIT-NO-VEHICLE",
        ),
    ):
        assert refused_code(direct, change).code == code


def test_a_trip_that_does_not_fit_its_day_says_when_it_would_be_back(direct):
    trips = [each for each in direct.plan.trips if len(each.stops) > 1]
    target = trips[0]
    changes = [
        Move(trip=each.id, place=stop.place, units=stop.units, to=ToTrip(trip=target.id, position=99))
        for each in direct.plan.trips
        if each.id != target.id
        for stop in each.stops
    ]
    slow = tuple(
        replace(kind, unload_s_per_box=60) if kind.id == "CDD" else kind
        for kind in direct.problem.vehicle_types
    )
    problem = replace(direct.problem, vehicle_types=slow)
    with pytest.raises(Refused) as refused:
        edited((problem, direct.plan), direct.matrices, changes, None)
    assert refused.value.code == "EDIT-NO-TIME"
    assert "kembali" in str(refused.value)


def test_a_road_that_is_not_there_is_named(direct):
    trip, stop = first_stop(direct)
    row = next(number for number, place in enumerate(direct.problem.places) if place.id == stop.place)
    cut = {key: table.copy() for key, table in direct.matrices.items()}
    cut["pikap", "kering"][:, :, row] = -1
    with pytest.raises(Refused) as refused:
        edited(
            (direct.problem, direct.plan),
            cut,
            [
                Move(
                    trip=trip.id,
                    place=stop.place,
                    units=stop.units[:1],
                    to=OwnTrip(vehicle="PIKAP-1", date=trip.date),
                )
            ],
            None,
        )
    assert refused.value.code == "EDIT-NO-ROAD"
    assert stop.place in str(refused.value)
