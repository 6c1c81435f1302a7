"""Plan A and plan B into areas that only certain ways reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tepat.common.quantities import clock, kilometres
from tepat.roads.matrix import Finding, Table, VehicleClass, Weather
from tepat.roads.model import SPEEDS, road_s
from tepat.roads.notes import HardArea, Way, covers
from tepat.roads.places import Place


@dataclass(frozen=True)
class Access:
    """How one vehicle class comes into a hard area in one weather.

    Args:
        area: The hard area.
        way: The way taken; None = no way is passable.
        plan: ``rencana_a`` for the office's first way, ``rencana_b`` for another, ``tutup`` for none.
        duration_s: From the gate into the area, in seconds; -1 without a way.
        distance_m: Likewise, in metres.
    """

    area: HardArea
    way: Way | None
    plan: str
    duration_s: int
    distance_m: int

    @property
    def finding(self) -> Finding:
        """What a person should know about it."""
        if self.way is None:
            return Finding("ROADS-NO-WAY", {"area": self.area.id})
        return Finding(
            "ROADS-WAY-USED",
            {
                "area": self.area.id,
                "way": self.way.text or self.way.id,
                "gate": self.area.gate_name,
                "distance": kilometres(self.distance_m),
                "duration": clock(self.duration_s),
                "contoh": " (contoh)" if self.way.duration_contoh or self.way.duration_s is None else "",
                "source": self.area.source,
            },
        )


def way_seconds(way: Way, vehicle_class: VehicleClass, weather: Weather) -> int:
    """Return a way's time in seconds: the office's, slower in the wet, or the model's for its length."""
    if way.duration_s is None:
        return int(np.rint(road_s(np.array(float(way.distance_m)), vehicle_class, weather)))
    if weather == "hujan":
        return -(-way.duration_s * 100 // SPEEDS[vehicle_class].wet_percent)
    return way.duration_s


def ways_for(area: HardArea, vehicle_class: VehicleClass, weather: Weather) -> tuple[Access, ...]:
    """Return all ways into an area that this class may use in this weather, the office's first choice first.

    Args:
        area: The hard area.
        vehicle_class: ``truk``, ``pikap`` or ``motor``.
        weather: ``kering`` or ``hujan``.
    """
    return tuple(
        Access(
            area=area,
            way=way,
            plan="rencana_b" if number else "rencana_a",
            duration_s=way_seconds(way, vehicle_class, weather),
            distance_m=way.distance_m,
        )
        for number, way in enumerate(area.ways)
        if vehicle_class in way.classes and weather in way.passable_when
    )


def accesses(
    areas: Sequence[HardArea], vehicle_class: VehicleClass, weather: Weather, on_date: date
) -> tuple[Access, ...]:
    """Return the way taken into each hard area that holds on a day."""
    return tuple(chosen_way(area, vehicle_class, weather) for area in areas if area.holds(on_date))


def chosen_way(area: HardArea, vehicle_class: VehicleClass, weather: Weather) -> Access:
    """Return the way taken into an area: the office's first open one, or the quickest where it says so."""
    found = ways_for(area, vehicle_class, weather)
    if not found:
        return Access(area, None, "tutup", -1, -1)
    return min(found, key=lambda access: access.duration_s) if area.choose == "tercepat" else found[0]


def gates(found: Sequence[Access]) -> tuple[Place, ...]:
    """Return the gates as places, to be asked for beside the others; their ids can't be an office's."""
    return tuple(
        Place(f"\0{access.area.id}", access.area.gate_lat, access.area.gate_lon, access.area.gate_name)
        for access in found
    )


@dataclass(frozen=True)
class Portals:
    """For each place, where it meets the open road, and what that costs.

    Args:
        group: Number of its hard area, -1 outside, shape (N,).
        portal: Row of the base table where it meets the open road: itself, or its area's gate.
        duration_s: Seconds to there; -1 = no way.
        distance_m: Metres to there.
    """

    group: Table
    portal: Table
    duration_s: Table
    distance_m: Table


def portals(places: Sequence[Place], found: Sequence[Access]) -> Portals:
    """Return the portals of places whose base table has the gates of `found` behind them, in that order."""
    count = len(places)
    group = np.full(count, -1, dtype=np.int32)
    portal = np.arange(count, dtype=np.int32)
    duration = np.zeros(count, dtype=np.int32)
    distance = np.zeros(count, dtype=np.int32)
    for number, access in enumerate(found):
        inside = np.array([covers(access.area.areas, place.area) for place in places], dtype=bool)
        group[inside], portal[inside] = number, count + number
        duration[inside], distance[inside] = access.duration_s, access.distance_m
    return Portals(group, portal, duration, distance)
