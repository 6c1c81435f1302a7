"""What changes with the trips from a PPK to the warehouse: planned after its recapitulation, called off."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tepat.common import ledger
from tepat.common.acting import Actor, action, known
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Election, Office
from tepat.common.permissions import Permission
from tepat.custody.actions import states_now
from tepat.custody.facts import microseconds
from tepat.custody.parties import read_post
from tepat.custody.timeline_states import Instant
from tepat.returns.models import Recap, ReturnTrip
from tepat.returns.reading import hours_of, sets_on_the_way
from tepat.returns.rules_returns import HOME_TRIP
from tepat.returns.rules_trips import Run, Truck, plan_runs
from tepat.returns.trip_reading import FleetVehicle, cargo_of, fleet, planned_things, waiting_at, warehouses
from tepat.returns.trip_roads import SAID, Road, road_between

PLANNED = ledger.kind("returns.trip-planned")
CANCELLED = ledger.kind("returns.trip-cancelled")

PLAN = Permission.PLAN_EDIT
TRIPS_AT_ONCE_MAX = 60
THINGS_MAX = 400
"""On one trip: as many as a phone shows of one task, and one offer may name."""
MINUTES_MAX = 600


@dataclass(frozen=True)
class Wish:
    """How the boxes of a PPK are to come home.

    Args:
        plates: The vehicles that may be used.
        first_at: When the first ones leave.
        to_post: The warehouse.
        driver: Who drives a vehicle whose driver the list does not name, or None.
        escort: The escort, or None.
        minutes: Minutes on the road as the office knows them; 0: as matrix or model have them.
    """

    plates: tuple[str, ...]
    first_at: datetime
    to_post: str
    driver: UUID | None = None
    escort: UUID | None = None
    minutes: int = 0


@action(PLAN, area="area_code")
def plan_trips(*, by: Actor, at: datetime, area_code: str, election: str, wish: Wish) -> list[str]:
    """Plan the trips that bring home what lies at a PPK: results first, each vehicle as full as it goes.

    Args:
        by: KUL.
        at: When.
        area_code: The kecamatan.
        election: The election's code.
        wish: By what, when and where to.

    Returns:
        The trips' ids, by departure.

    Raises:
        NotAllowed: Outside the actor's area.
        Refused: RETURN-TRIP-RECAP, RETURN-TRIP-NO-VEHICLE, RETURN-TRIP-EARLY, RETURN-TRIP-NOTHING,
            RETURN-TRIP-NO-ROAD, RETURN-TRIP-NO-ROOM, RETURN-TRIP-MANY, CUSTODY-POST, CUSTODY-PERSON.
    """
    row = Election.objects.get(code=election)
    office = Office.objects.get()
    _check(row, area_code, wish, office, at)
    hours = hours_of(row, office, at)
    rows = sets_on_the_way(row, (area_code,), Instant(), hours)
    things = waiting_at(rows, area_code, polling_us=hours.polling_us)
    taken = planned_things(row)
    cargo = cargo_of(row, [thing for thing in things if thing.object_id not in taken])
    if not cargo:
        raise Refused("RETURN-TRIP-NOTHING")
    vehicles = {one.own.plate: one for one in fleet(office.area_code) if one.own.plate in set(wish.plates)}
    roads = {plate: _road(area_code, one, wish, office) for plate, one in vehicles.items()}
    trucks = [_truck(one, roads[plate]) for plate, one in vehicles.items()]
    first_at = wish.first_at.astimezone(office.zone)
    runs, left = plan_runs(cargo, trucks, first_at=first_at, things_max=THINGS_MAX)
    if left:
        raise Refused("RETURN-TRIP-NO-ROOM", count=len(left), label=left[0].object_id.rpartition(":")[2])
    if len(runs) > TRIPS_AT_ONCE_MAX:
        raise Refused("RETURN-TRIP-MANY", count=len(runs), limit=TRIPS_AT_ONCE_MAX)
    last = ReturnTrip.objects.filter(area_code=area_code).count()
    made = []
    for number, run in enumerate(runs, last + 1):
        trip = _trip(f"{HOME_TRIP}{area_code}-{number}", run, vehicles[run.truck.plate], wish)
        trip.election, trip.area_code = row, area_code
        trip.road_source = roads[run.truck.plate].source
        made.append(_keep(trip, by, at))
    return made


def _check(election: Election, area_code: str, wish: Wish, office: Office, at: datetime) -> None:
    if not Recap.objects.select_for_update().filter(election=election, area_code=area_code).exists():
        raise Refused("RETURN-TRIP-RECAP")
    plates = {one.own.plate for one in fleet(office.area_code)}
    if not wish.plates or not set(wish.plates) <= plates:
        raise Refused("RETURN-TRIP-NO-VEHICLE")
    if wish.first_at <= at:
        raise Refused("RETURN-TRIP-EARLY")
    if read_post(wish.to_post) is None or wish.to_post not in warehouses(office):
        raise Refused("CUSTODY-POST", post=wish.to_post)
    for person in (wish.driver, wish.escort):
        if person and not known(person):
            raise Refused("CUSTODY-PERSON")


def _road(area_code: str, vehicle: FleetVehicle, wish: Wish, office: Office) -> Road:
    if wish.minutes:
        return Road(min(wish.minutes, MINUTES_MAX) * 60, SAID)
    place = warehouses(office)[wish.to_post]
    found = road_between(area_code, place, vehicle.own.vehicle_class, office=office.area_code)
    if found is None:
        raise Refused("RETURN-TRIP-NO-ROAD")
    return found


def _truck(vehicle: FleetVehicle, road: Road) -> Truck:
    return Truck(
        plate=vehicle.own.plate,
        boxes_max=vehicle.own.boxes_max,
        volume_ml=vehicle.volume_ml,
        weight_g=vehicle.weight_g,
        drive_s=road.drive_s,
        load_s_per_box=vehicle.like.load_s_per_box,
        unload_s_per_box=vehicle.like.unload_s_per_box,
        days=vehicle.days,
    )


def _trip(pk: str, run: Run, vehicle: FleetVehicle, wish: Wish) -> ReturnTrip:
    driver = UUID(vehicle.own.driver) if vehicle.own.driver else wish.driver
    return ReturnTrip(
        pk=pk,
        to_post=wish.to_post,
        vehicle=run.truck.plate,
        boxes_max=run.truck.boxes_max,
        driver_id=driver,
        escort_id=wish.escort,
        depart_at=run.depart_at,
        arrive_at=run.arrive_at,
        things=[one.object_id for one in run.cargo],
        boxes=sum(one.is_box for one in run.cargo),
        critical=sum(one.critical for one in run.cargo),
        volume_ml=sum(one.volume_ml for one in run.cargo),
        weight_g=sum(one.weight_g for one in run.cargo),
    )


def _keep(trip: ReturnTrip, by: Actor, at: datetime) -> str:
    payload: dict[str, object] = {
        "trip": trip.pk,
        "vehicle": trip.vehicle,
        "driver": str(trip.driver_id or ""),
        "escort": str(trip.escort_id or ""),
        "depart_at": ledger.moment(trip.depart_at),
        "arrive_at": ledger.moment(trip.arrive_at),
        "to_post": trip.to_post,
        "road": trip.road_source,
        "boxes": trip.boxes,
    }
    about = ledger.About(objects=tuple(sorted(trip.things)), place=trip.area_code)
    event = ledger.record(PLANNED, payload, by=by, at=at, about=about)
    trip.event, trip.planned_at, trip.planned_by = event.pk, at, by.person
    trip.save(force_insert=True)
    return trip.pk


@action(PLAN)
def cancel_trip(*, by: Actor, at: datetime, trip: str) -> ReturnTrip:
    """Call a trip off, while nothing of it is in the vehicle; its boxes can be planned again.

    Args:
        by: KUL.
        at: When.
        trip: The trip's id.

    Raises:
        NotAllowed: No such trip in the actor's area.
        Refused: RETURN-TRIP-OFF where it was called off, RETURN-TRIP-LOADED where something was handed over.
    """
    row = ReturnTrip.objects.select_for_update().filter(pk=trip).first()
    if row is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    by.require(PLAN, row.area_code)
    if row.cancelled_at:
        raise Refused("RETURN-TRIP-OFF", trip=row.pk)
    planned_us = microseconds(row.planned_at)
    states = states_now(row.things).values()
    gone = sum(
        state.post == row.post or (state.post.startswith("gudang:") and state.since_us >= planned_us)
        for state in states
    )
    if gone:
        raise Refused("RETURN-TRIP-LOADED", trip=row.pk, count=gone)
    row.cancelled_at = at
    row.save(update_fields=["cancelled_at"])
    about = ledger.About(objects=tuple(sorted(row.things)), place=row.area_code)
    ledger.record(CANCELLED, {"trip": row.pk}, by=by, at=at, about=about)
    return row
