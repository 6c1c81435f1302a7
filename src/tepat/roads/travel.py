"""The one function others call for travel times, and the port that every source of them meets.

Providers stack up: `layers.Layered(ModelRoads(), on_date, notes, office)` is the model with the office's
notes and its own figures over it; `osrm.OsrmRoads(folder)` may stand in the model's place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tepat.common.outlines import Point, metres_outside
from tepat.common.quantities import kilometres
from tepat.roads.matrix import Finding, Matrix, VehicleClass, Weather
from tepat.roads.model import model_matrix
from tepat.roads.notes import Note
from tepat.roads.places import Place, check_places


class RoadProvider(Protocol):
    """Anything that knows how long a drive takes: the model, a road map, or a layer over another provider."""

    def matrix(
        self,
        places: Sequence[Place],
        vehicle_class: VehicleClass,
        weather: Weather,
        *,
        barriers: Sequence[Note] = (),
    ) -> Matrix:
        """Return times and distances between all places.

        Args:
            places: Rows and columns, in this order; ids unique.
            vehicle_class: ``truk``, ``pikap`` or ``motor``.
            weather: ``kering`` or ``hujan``.
            barriers: Notes on roads and polygons that hold on the day, for this class, in this weather.
        """
        ...


def travel(
    places: Sequence[Place],
    vehicle_class: VehicleClass,
    weather: Weather,
    *,
    provider: RoadProvider,
) -> Matrix:
    """Return travel times and distances between all places for a vehicle class in a weather.

    Args:
        places: Rows and columns, in this order.
        vehicle_class: ``truk``, ``pikap`` or ``motor``.
        weather: ``kering`` or ``hujan``.
        provider: Where the figures come from.

    Returns:
        Whole seconds and metres, with their source, error band and findings.

    Raises:
        Refused: ROADS-NO-PLACES, ROADS-TOO-MANY-PLACES, ROADS-DUPLICATE-PLACE, or what the provider refuses.
    """
    found = check_places(places)
    matrix = provider.matrix(found, vehicle_class, weather)
    assert matrix.places == tuple(place.id for place in found), "a provider changed the order of places"
    assert matrix.vehicle_class == vehicle_class, matrix.vehicle_class
    assert matrix.weather == weather, matrix.weather
    return matrix


def elsewhere(places: Sequence[Place]) -> tuple[Finding, ...]:
    """Return a finding for each place outside the area it names, where a polygon can tell."""
    points = {place.id: Point(place.area, place.lat, place.lon) for place in places if place.area}
    outside = metres_outside(points.values())
    return tuple(
        Finding(
            "ROADS-OUTSIDE-AREA",
            {
                "place": place.name or place.id,
                "lat": place.lat,
                "lon": place.lon,
                "distance": kilometres(outside[points[place.id]]),
                "area": place.area,
            },
        )
        for place in places
        if place.area and points[place.id] in outside
    )


@dataclass(frozen=True)
class ModelRoads:
    """Great circle × circuity ÷ speed; needs no map."""

    def matrix(
        self,
        places: Sequence[Place],
        vehicle_class: VehicleClass,
        weather: Weather,
        *,
        barriers: Sequence[Note] = (),
    ) -> Matrix:
        """Return the model's matrix; a pair whose straight line meets a barrier goes round it, or slower."""
        matrix = model_matrix(places, vehicle_class, weather)
        if not any(note.on_roads for note in barriers):
            return matrix
        from tepat.roads.barriers import apply_barriers

        return apply_barriers(matrix, places, barriers)
