"""Travel time and distance without a road map: great circle × circuity, then a speed by vehicle class.

The numbers and where they come from: docs/decisions/0004-road-engine.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tepat.roads.matrix import ErrorBand, Matrix, VehicleClass, Weather, all_from
from tepat.roads.places import Place, check_places

EARTH_RADIUS_M = 6_371_009

CIRCUITY = ((0, 180), (1_000, 175), (2_000, 168), (5_000, 155), (10_000, 142), (30_000, 132), (100_000, 125))
"""Straight-line metres and road metres per hundred of them; between the points the ratio runs straight."""

VILLAGE_M = 4_000
DISTRICT_M = 20_000
"""Road metres of a trip on village roads (both ends together), then on kabupaten roads; the rest is main."""


@dataclass(frozen=True)
class Speeds:
    """What a vehicle class reaches on the average in dry weather, stops at crossings and markets included.

    Args:
        village_km_h: On desa roads, in km/h.
        district_km_h: On kabupaten roads.
        main_km_h: On provincial and national roads.
        wet_percent: Speed in the wet, in percent of the speed in the dry.
    """

    village_km_h: int
    district_km_h: int
    main_km_h: int
    wet_percent: int


SPEEDS: MappingProxyType[VehicleClass, Speeds] = MappingProxyType(
    {
        "truk": Speeds(village_km_h=18, district_km_h=30, main_km_h=40, wet_percent=75),
        "pikap": Speeds(village_km_h=22, district_km_h=36, main_km_h=48, wet_percent=80),
        "motor": Speeds(village_km_h=25, district_km_h=38, main_km_h=45, wet_percent=70),
    },
)

ERROR_BANDS = ((0, 50, 130), (2_000, 50, 100), (5_000, 40, 90), (10_000, 30, 80))
"""From this median straight-line distance in metres: percent shorter, percent longer, nine times in ten."""


def straight_m(places: Sequence[Place]) -> NDArray[np.float64]:
    """Return great-circle distances between all places, in metres, shape (N, N).

    Args:
        places: At least one place.
    """
    vectors = np.array([_unit(place.lat, place.lon) for place in places])
    chord_squared = np.zeros((len(places), len(places)))
    for axis in vectors.T:
        chord_squared += (axis[:, None] - axis[None, :]) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.minimum(np.sqrt(chord_squared) / 2, 1)))


def _unit(lat: float, lon: float) -> tuple[float, float, float]:
    phi, theta = math.radians(lat), math.radians(lon)
    return math.cos(phi) * math.cos(theta), math.cos(phi) * math.sin(theta), math.sin(phi)


def road_m(straight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the likely road distance in metres for straight-line distances in metres."""
    at, ratio = np.array(CIRCUITY, dtype=np.float64).T
    return np.asarray(straight * np.interp(straight, at, ratio) / 100)


def road_s(
    distance_m: NDArray[np.float64], vehicle_class: VehicleClass, weather: Weather
) -> NDArray[np.float64]:
    """Return the likely driving time in seconds for road distances in metres.

    Args:
        distance_m: Road metres.
        vehicle_class: Whose speeds.
        weather: ``hujan`` slows every road.
    """
    speeds = SPEEDS[vehicle_class]
    village = np.minimum(distance_m, VILLAGE_M)
    district = np.clip(distance_m - VILLAGE_M, 0, DISTRICT_M - VILLAGE_M)
    main = np.maximum(distance_m - DISTRICT_M, 0)
    hours_per_km = village / speeds.village_km_h + district / speeds.district_km_h + main / speeds.main_km_h
    wet = 100 / speeds.wet_percent if weather == "hujan" else 1.0
    return np.asarray(hours_per_km * 3.6 * wet)


def error_band(straight: NDArray[np.float64]) -> ErrorBand:
    """Return how far the model's times may be off for these straight-line distances in metres."""
    apart = straight[straight > 0]
    middle = float(np.median(apart)) if apart.size else 0.0
    low, high = next((low, high) for at, low, high in reversed(ERROR_BANDS) if middle >= at)
    return ErrorBand(low, high)


def model_matrix(places: Sequence[Place], vehicle_class: VehicleClass, weather: Weather) -> Matrix:
    """Return the model's matrix, the same for the same places on every run.

    Args:
        places: Rows and columns, in this order.
        vehicle_class: ``truk``, ``pikap`` or ``motor``.
        weather: ``kering`` or ``hujan``.

    Raises:
        Refused: ROADS-NO-PLACES, ROADS-TOO-MANY-PLACES, ROADS-DUPLICATE-PLACE.
    """
    found = check_places(places)
    straight = straight_m(found)
    distance = np.rint(road_m(straight))
    return Matrix(
        places=tuple(place.id for place in found),
        duration_s=np.rint(road_s(distance, vehicle_class, weather)).astype(np.int32),
        distance_m=distance.astype(np.int32),
        vehicle_class=vehicle_class,
        weather=weather,
        source="model",
        error_band=error_band(straight),
        origin=all_from("model", len(found)),
    )
