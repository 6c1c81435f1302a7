"""Two versions side by side in plain words."""

from msgspec.structs import replace
from tests.distribution.editing.scenes import trip_of

from tepat.distribution.editing.changes import Forbid, LockTrip, Move, OwnTrip, PinUnits, ToTrip
from tepat.distribution.editing.differences import NOWHERE, differences
from tepat.distribution.plans import Unserved


def both(chosen, *changes):
    found = chosen.edit(*changes)
    return found, differences((chosen.problem, chosen.plan), (found.problem, found.plan))


def test_the_same_plan_does_not_differ(direct):
    _, found = both(direct)
    assert (found.places, found.lines, found.cost_rupiah, found.terms) == ((), (), 0, ())


def test_a_moved_set_is_said_with_both_vehicles_both_dates_and_both_hours(direct):
    trip = direct.plan.trips[0]
    stop = trip.stops[-1]
    new, found = both(
        direct,
        Move(trip=trip.id, place=stop.place, units=stop.units, to=OwnTrip(vehicle="PIKAP-1", date=trip.date)),
    )
    mine = next(each for each in found.places if each.place == stop.place)
    assert mine.before == f"{trip.vehicle} tanggal {trip.date:%d-%m-%Y}"
    assert mine.after == f"PIKAP-1 tanggal {trip.date:%d-%m-%Y}"
    assert mine.units == len(stop.units)
    assert "→" in mine.sentence
    assert mine.sentence.startswith(mine.name)
    assert found.moved == len(stop.units)
    assert found.cost_rupiah == new.plan.totals.cost_rupiah - direct.plan.totals.cost_rupiah
    assert sum(after - before for _, before, after in found.lines) == found.cost_rupiah


def test_only_another_hour_is_no_move(direct):
    trip = max(direct.plan.trips, key=lambda each: len(each.stops))
    stop = trip.stops[0]
    new, found = both(
        direct, Move(trip=trip.id, place=stop.place, units=stop.units, to=ToTrip(trip=trip.id, position=2))
    )
    assert found.moved == 0
    assert {each.place for each in found.places} >= {stop.place}
    assert all(each.before == each.after and "tetap" in each.sentence for each in found.places)
    assert trip_of(new.plan, trip.id).stops[1].place == stop.place


def test_sets_left_behind_are_said_so(direct):
    unit = direct.plan.trips[0].stops[0].units[0]
    trips = tuple(
        replace(
            trip,
            stops=tuple(
                replace(stop, units=tuple(each for each in stop.units if each != unit)) for stop in trip.stops
            ),
        )
        for trip in direct.plan.trips
    )
    less = replace(direct.plan, trips=trips, unserved=(Unserved(unit=unit, code="X", reason="contoh"),))
    found = differences((direct.problem, direct.plan), (direct.problem, less))
    assert [(each.after, each.units, each.arrived_after) for each in found.places] == [(NOWHERE, 1, "–")]
    back = differences((direct.problem, less), (direct.problem, direct.plan))
    assert back.places[0].before == NOWHERE


def test_new_terms_are_named(direct):
    trip = direct.plan.trips[0]
    stop = trip.stops[0]
    _, found = both(
        direct,
        PinUnits(units=stop.units[:1], vehicle=trip.vehicle, reason="janji"),
        LockTrip(trip="T-002"),
        Forbid(place=direct.plan.trips[1].stops[-1].place, vehicle_class="pikap", reason="lumpur"),
    )
    said = " | ".join(found.terms)
    assert "sematan: " in said
    assert "dikunci: T-002" in said
    assert "pikap dilarang ke" in said
