"""The planned trips home as a device reads them: loading at the PPK, unloading at the warehouse."""

from collections.abc import Collection
from datetime import date

from tepat.common.models import Office
from tepat.common.permissions import Role
from tepat.custody.models import Device
from tepat.custody.parties import PREFIXES
from tepat.field.planned import Leg
from tepat.returns.models import FieldPaper, ReturnTrip
from tepat.returns.trip_reading import LOADING, UNLOADING


def home_legs(device: Device, office: Office, days: Collection[date]) -> list[Leg]:
    """Return the legs of trips home that begin or end at a device's post, or that its person drives.

    Args:
        device: At which post.
        office: The office.
        days: Local dates.
    """
    rows = ReturnTrip.objects.filter(cancelled_at__isnull=True)
    trips = [trip for trip in rows if trip.depart_at.astimezone(office.zone).date() in days]
    events = [trip.event for trip in trips]
    papers = dict(FieldPaper.objects.filter(event__in=events).values_list("event", "number"))
    return [leg for trip in trips for leg in _of_trip(device, trip, papers.get(trip.event, ""))]


def _of_trip(device: Device, trip: ReturnTrip, paper: str) -> list[Leg]:
    mine = device.person_id is not None and device.person_id == trip.driver_id
    ppk = f"ppk:{trip.area_code}"
    vehicle = trip.post, trip.vehicle
    legs = []
    if mine or device.post == ppk:
        other = (ppk, "PPK") if mine else vehicle
        legs.append(_leg(trip, paper, LOADING, receives=mine, other=other))
    if mine or _at_warehouse(device, trip):
        other = (trip.to_post, "Gudang") if mine else vehicle
        legs.append(_leg(trip, paper, UNLOADING, receives=not mine, other=other))
    return legs


def _at_warehouse(device: Device, trip: ReturnTrip) -> bool:
    if device.post:
        return device.post == trip.to_post
    return PREFIXES.get(Role[device.role]) == "gudang"


def _leg(trip: ReturnTrip, paper: str, name: str, *, receives: bool, other: tuple[str, str]) -> Leg:
    loading = name == LOADING
    return Leg(
        id=f"{trip.pk}:{name}",
        direction="terima" if receives else "serahkan",
        other_post=other[0],
        other_word=other[1],
        units=(),
        boxes=trip.boxes,
        at=trip.depart_at if loading else trip.arrive_at,
        trip=trip.pk,
        place=trip.area_code if loading else "",
        place_word="PPK" if loading else "Gudang",
        vehicle=trip.vehicle,
        paper=paper,
        objects=tuple(sorted(trip.things)),
    )
