"""The trips from a PPK to the warehouse: which things on which vehicle, and when it leaves. Pure.

What carries results goes first. A vehicle takes in that order whatever still fits, so that it leaves full; it
drives to and fro within the hours of a day, and goes on the next day it can be had. A set may be split: on
the way back each box is received for itself.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

LAST_DEPARTURE_AT = time(16)
"""No vehicle leaves a PPK later: boxes reach the warehouse by daylight (ours, until an office decides)."""
DAYS_AHEAD_MAX = 14

type TripState = Literal["direncanakan", "berangkat", "tiba", "diterima", "batal"]


@dataclass(frozen=True, slots=True)
class Cargo:
    """One box or bundle that lies at the PPK.

    Args:
        object_id: Which.
        unit: Its set.
        critical: It carries results.
        is_box: It is a box; it then takes an upright place.
        volume_ml: Its volume.
        weight_g: Its weight.
    """

    object_id: str
    unit: str
    critical: bool
    is_box: bool
    volume_ml: int
    weight_g: int


@dataclass(frozen=True)
class Truck:
    """One vehicle of the office's list, and how long it takes on this road.

    Args:
        plate: Its number plate.
        boxes_max: Upright boxes that it carries.
        volume_ml: Volume of its bed.
        weight_g: What it may carry.
        drive_s: From the PPK to the warehouse, and as long back.
        load_s_per_box: To load one box.
        unload_s_per_box: To unload one.
        days: Dates on which it can be had; empty: all.
    """

    plate: str
    boxes_max: int
    volume_ml: int
    weight_g: int
    drive_s: int
    load_s_per_box: int = 0
    unload_s_per_box: int = 0
    days: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Run:
    """One trip: what is on it, when it leaves and when it arrives.

    Args:
        truck: By what.
        cargo: In the order of loading.
        depart_at: When it leaves the PPK.
        arrive_at: When it reaches the warehouse.
    """

    truck: Truck
    cargo: tuple[Cargo, ...]
    depart_at: datetime
    arrive_at: datetime


@dataclass
class _Free:
    truck: Truck
    at: datetime | None


@dataclass
class _Room:
    truck: Truck
    boxes: int = 0
    volume_ml: int = 0
    weight_g: int = 0
    taken: list[Cargo] = field(default_factory=list)

    def takes(self, one: Cargo) -> bool:
        """Take a thing where it fits; return whether it did."""
        boxes, volume = self.boxes + one.is_box, self.volume_ml + one.volume_ml
        weight = self.weight_g + one.weight_g
        truck = self.truck
        if boxes > truck.boxes_max or volume > truck.volume_ml or weight > truck.weight_g:
            return False
        self.boxes, self.volume_ml, self.weight_g = boxes, volume, weight
        self.taken.append(one)
        return True


def plan_runs(
    cargo: Collection[Cargo], trucks: Sequence[Truck], *, first_at: datetime, things_max: int
) -> tuple[list[Run], list[Cargo]]:
    """Return the trips that bring everything home, and what no vehicle can take.

    Args:
        cargo: What lies at the PPK.
        trucks: The vehicles.
        first_at: When the first ones leave, by the office's clock; later days begin at the same hour.
        things_max: Things on one trip at most.
    """
    rest = sorted(cargo, key=lambda one: (not one.critical, one.unit, not one.is_box, one.object_id))
    free = [_Free(truck, _next_start(truck, first_at, first_at)) for truck in trucks]
    runs: list[Run] = []
    while rest:
        able = [each for each in free if each.at is not None]
        if not able:
            break
        turn = _turn(able, rest, things_max)
        depart_at = turn.at
        assert depart_at is not None
        loaded = _fill(turn.truck, rest, things_max)
        if not loaded:
            turn.at = None
            continue
        runs.append(_run(turn.truck, loaded, depart_at))
        gone = {one.object_id for one in loaded}
        rest = [one for one in rest if one.object_id not in gone]
        turn.at = _next_start(turn.truck, _back_at(turn.truck, runs[-1]), first_at)
    return sorted(runs, key=lambda run: (run.depart_at, run.truck.plate)), rest


def _turn(able: Sequence[_Free], rest: Sequence[Cargo], things_max: int) -> _Free:
    """Return whose turn it is: of the earliest the smallest that takes all, else the one that takes most."""
    earliest = min(each.at for each in able if each.at is not None)
    now = [each for each in able if each.at == earliest]
    taken = {id(each): len(_fill(each.truck, rest, things_max)) for each in now}
    whole = [each for each in now if taken[id(each)] == len(rest)]
    if whole:
        return min(whole, key=lambda each: (each.truck.boxes_max, each.truck.volume_ml, each.truck.plate))
    return min(now, key=lambda each: (-taken[id(each)], each.truck.plate))


def _fill(truck: Truck, rest: Sequence[Cargo], things_max: int) -> list[Cargo]:
    room = _Room(truck)
    for one in rest:
        if len(room.taken) == things_max:
            break
        room.takes(one)
    return room.taken


def _run(truck: Truck, loaded: list[Cargo], depart_at: datetime) -> Run:
    return Run(truck, tuple(loaded), depart_at, depart_at + timedelta(seconds=truck.drive_s))


def _back_at(truck: Truck, run: Run) -> datetime:
    """Return when the vehicle is back, unloaded and loaded again with as many boxes."""
    boxes = sum(one.is_box for one in run.cargo)
    handling_s = boxes * (truck.load_s_per_box + truck.unload_s_per_box)
    return run.arrive_at + timedelta(seconds=truck.drive_s + handling_s)


def _next_start(truck: Truck, at: datetime, first_at: datetime) -> datetime | None:
    """Return the next moment at which a vehicle may leave, or None where it cannot be had any more."""
    day = at
    for _ in range(DAYS_AHEAD_MAX):
        late = day != first_at and day.time() > LAST_DEPARTURE_AT
        if not late and (not truck.days or day.date() in truck.days):
            return day
        next_day = day.date() + timedelta(days=1)
        day = datetime.combine(next_day, first_at.timetz())
    return None


def trip_state(
    *, things: int, aboard: int, received: int, departed: bool, arrived: bool, cancelled: bool
) -> TripState:
    """Return how far a trip is, by who holds what is on it and by what its driver's phone said.

    Args:
        things: What the trip is to carry.
        aboard: Of these in the vehicle's hands.
        received: Of these received at the warehouse.
        departed: A phone said that it left.
        arrived: A phone said that it came.
        cancelled: The trip was called off.
    """
    if cancelled:
        return "batal"
    if received >= things:
        return "diterima"
    if arrived or received:
        return "tiba"
    return "berangkat" if departed or aboard else "direncanakan"
