"""Which people a plan needs: for each trip who travels with it, for each halt who receives. Pure."""

from collections.abc import Collection

from tepat.distribution.plans import Plan, Stop, Trip
from tepat.distribution.problems import Place, Problem, VehicleClass
from tepat.distribution.roster.shapes import SEATS_MAX, Part, Seat
from tepat.distribution.working_time import second

LICENCES: dict[VehicleClass, str] = {"truk": "B1", "pikap": "A", "motor": "C"}
"""The least licence for a vehicle of a class. Source: UU 22/2009 pasal 80."""

RECEIVES: tuple[Part, ...] = ("penerima", "wakil-penerima")


def seats_of(problem: Problem, plan: Plan, known: Collection[str] = ()) -> tuple[Seat, ...]:
    """Return every seat of a plan, trip by trip.

    Args:
        problem: The plan's problem.
        plan: The plan.
        known: Ids of real people; whom the plan names among them is wanted in that seat.
    """
    places = {place.id: place for place in problem.places}
    types = {kind.id: kind for kind in problem.vehicle_types}
    classes = {vehicle.id: types[vehicle.type].vehicle_class for vehicle in problem.vehicles}
    made: list[Seat] = []
    for trip in plan.trips:
        origin = places[trip.origin]
        for part, named in _crew(trip, escorted=problem.rules.escort_required):
            made.append(
                Seat(
                    id=f"{trip.id}:{part}",
                    part=part,
                    trip=trip.id,
                    halt=0,
                    place=origin.id,
                    area_code=_area(origin, problem.office.code),
                    kind=origin.kind,
                    day=trip.date,
                    start_s=second(trip.load_at),
                    end_s=second(trip.return_at),
                    turn=f"{trip.vehicle}:{trip.date}",
                    licence=LICENCES[classes[trip.vehicle]] if part == "pengemudi" else "",
                    wanted=named if named in known else "",
                )
            )
        for number, stop in enumerate(trip.stops, 1):
            made += _halt(trip, number, stop, places[stop.place])
    assert len(made) <= SEATS_MAX, len(made)
    return tuple(made)


def _crew(trip: Trip, *, escorted: bool) -> list[tuple[Part, str]]:
    crew: list[tuple[Part, str]] = [
        ("penanggung-jawab", trip.in_charge or ""),
        ("wakil", trip.deputy or ""),
        ("pengemudi", trip.driver or ""),
    ]
    if escorted or trip.escort is not None:
        crew.append(("pengawal", ""))
    return crew


def _halt(trip: Trip, number: int, stop: Stop, place: Place) -> list[Seat]:
    if place.kind == "gudang":
        return []
    return [
        Seat(
            id=f"{trip.id}:{number}:{part}",
            part=part,
            trip=trip.id,
            halt=number,
            place=place.id,
            area_code=place.code,
            kind=place.kind,
            day=trip.date,
            start_s=second(stop.arrive_at),
            end_s=second(stop.done_at),
            turn=f"{place.id}:{trip.date}",
        )
        for part in RECEIVES
    ]


def _area(place: Place, office: str) -> str:
    return office if place.kind == "gudang" else place.code
