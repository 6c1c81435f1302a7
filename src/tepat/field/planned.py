"""The published plan as a device reads it: legs that begin or end at its post, or pass through its area."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from tepat.common.permissions import Role, covers
from tepat.custody.models import Device
from tepat.custody.parties import PREFIXES
from tepat.distribution.archive import plan_of, problem_of
from tepat.distribution.models import PlanVersion, PrintedPaper
from tepat.distribution.plans import Plan, Trip
from tepat.distribution.problems import Place, Problem


@dataclass(frozen=True)
class Leg:
    """One planned change of hands.

    Args:
        id: Its name, the same on both sides.
        direction: What this device does.
        other_post: Who is on the other side.
        other_word: The other side in words.
        units: The planned units.
        boxes: How many boxes the plan counts.
        at: When it should be received.
        trip: The trip, or empty.
        place: Where, by its area code.
        place_word: Where, in words.
        vehicle: The vehicle in words.
        paper: The number of the printed paper, or empty.
        objects: What it is about, where the plan names objects and not units.
    """

    id: str
    direction: Literal["terima", "serahkan", "hadir"]
    other_post: str
    other_word: str
    units: tuple[str, ...]
    boxes: int
    at: datetime
    trip: str = ""
    place: str = ""
    place_word: str = ""
    vehicle: str = ""
    paper: str = ""
    objects: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Reading:
    """One published plan with what is asked again and again."""

    problem: Problem
    plan: Plan
    places: dict[str, Place]
    boxes: dict[str, int]
    papers: dict[str, str]

    def word(self, trip: Trip) -> str:
        """Return the vehicle of a trip in words."""
        types = {kind.id: kind.name for kind in self.problem.vehicle_types}
        kind = next((each.type for each in self.problem.vehicles if each.id == trip.vehicle), "")
        return f"{types.get(kind, '')} {trip.vehicle}".strip()


def legs_for(device: Device, days: Collection[date]) -> list[Leg]:
    """Return the planned legs of a device on some days, by time.

    Args:
        device: At which post.
        days: Local dates.
    """
    legs: list[Leg] = []
    for row in PlanVersion.objects.filter(state=PlanVersion.State.PUBLISHED).select_related("problem"):
        reading = _read(row)
        for trip in reading.plan.trips:
            if trip.date in days:
                legs += _of_trip(device, reading, trip)
        legs += _deliveries(device, reading, days)
    return sorted(legs, key=lambda leg: (leg.at, leg.id))


def _read(row: PlanVersion) -> _Reading:
    problem, plan = problem_of(row.problem.sha256), plan_of(row.sha256)
    papers = PrintedPaper.objects.filter(plan=row, kind=PrintedPaper.Kind.SURAT_JALAN, draft=False)
    return _Reading(
        problem=problem,
        plan=plan,
        places={place.id: place for place in problem.places},
        boxes={unit.id: unit.boxes for unit in problem.units},
        papers=dict(papers.values_list("trip", "number")),
    )


@dataclass(frozen=True)
class _Halt:
    """Where a trip loads or unloads."""

    place: Place
    units: tuple[str, ...]
    at: datetime


def _of_trip(device: Device, reading: _Reading, trip: Trip) -> Iterator[Leg]:
    mine = str(device.person_id) in {trip.driver, trip.in_charge, trip.deputy}
    vehicle = (f"angkutan:{trip.id}", reading.word(trip))
    origin = reading.places[trip.origin]
    loading = _Halt(origin, tuple(unit for stop in trip.stops for unit in stop.units), trip.depart_at)
    if mine:
        yield _leg(reading, trip, loading, "terima", (post_of(origin), origin.name))
    elif _is_at(device, origin):
        yield _leg(reading, trip, loading, "serahkan", vehicle)
    for stop in trip.stops:
        place = reading.places[stop.place]
        halt = _Halt(place, stop.units, stop.done_at)
        if mine:
            yield _leg(reading, trip, halt, "serahkan", (post_of(place), place.name))
        elif _is_at(device, place):
            yield _leg(reading, trip, halt, "terima", vehicle)
        elif _watches(device, place):
            yield _leg(reading, trip, halt, "hadir", (post_of(place), place.name))


def _leg(
    reading: _Reading,
    trip: Trip,
    halt: _Halt,
    direction: Literal["terima", "serahkan", "hadir"],
    other: tuple[str, str],
) -> Leg:
    loading = halt.place.id == trip.origin
    return Leg(
        id=f"{trip.id}:{'muat' if loading else halt.place.id}",
        direction=direction,
        other_post=other[0],
        other_word=other[1],
        units=halt.units,
        boxes=sum(reading.boxes.get(unit, 0) for unit in halt.units),
        at=halt.at,
        trip=trip.id,
        place=halt.place.code,
        place_word=halt.place.name,
        vehicle=reading.word(trip),
        paper=reading.papers.get(trip.id, ""),
    )


def post_of(place: Place) -> str:
    """Return the post at a planned place; warehouses have their own code."""
    return f"{place.kind}:{place.id if place.kind == 'gudang' else place.code}"


def _is_at(device: Device, place: Place) -> bool:
    if device.post:
        return device.post == post_of(place)
    return PREFIXES.get(Role[device.role]) == place.kind == "gudang"


def _watches(device: Device, place: Place) -> bool:
    """Return whether a device's person is to be there without holding anything."""
    seeing = device.role in {Role.PPK.name, Role.PANWASCAM.name, Role.PKD.name, Role.POLRI.name}
    return seeing and bool(place.code) and place.kind == "pps" and covers(device.area_code, place.code)


def _deliveries(device: Device, reading: _Reading, days: Collection[date]) -> Iterator[Leg]:
    """Yield the last leg, PPS to KPPS, from whichever of the two sides asks."""
    kind = PREFIXES.get(Role[device.role])
    if kind not in {"pps", "kpps"}:
        return
    start = f"TPS-{device.area_code}-"
    for delivery in reading.plan.deliveries:
        if not delivery.unit.startswith(start) or delivery.done_at.date() not in days:
            continue
        number = delivery.unit.removeprefix(start)
        kpps = f"kpps:{device.area_code}-{number}"
        gives = kind == "pps"
        if not gives and device.post not in {"", kpps}:
            continue
        yield Leg(
            id=f"antar:{delivery.unit}",
            direction="serahkan" if gives else "terima",
            other_post=kpps if gives else f"pps:{device.area_code}",
            other_word=f"KPPS TPS {number}" if gives else "PPS",
            units=(delivery.unit,),
            boxes=reading.boxes.get(delivery.unit, 0),
            at=delivery.done_at,
            place=device.area_code,
            place_word=f"TPS {number}",
        )
