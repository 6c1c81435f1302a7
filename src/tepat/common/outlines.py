"""Whether a point lies in the area it is said to be in, where there are polygons to tell."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from tepat.common.areas import boundaries

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SLACK_DEGREES = 0.003
"""About 330 m: the polygons are simplified, and an office may stand just over the line."""

METRES_PER_DEGREE = 111_195
OFFICES_KEPT_MAX = 4


@dataclass(frozen=True)
class Point:
    """A point and the area it is said to be in.

    Args:
        code: An official code of a kabupaten/kota, kecamatan or desa.
        lat: Latitude in degrees WGS84.
        lon: Longitude in degrees WGS84.
    """

    code: str
    lat: float
    lon: float


def metres_outside(points: Iterable[Point]) -> dict[Point, int]:
    """Return how far each point lies outside its own area, in metres.

    Points in their area, beside it within the slack, or in an area without a polygon are left out.
    """
    import shapely

    outside: dict[Point, int] = {}
    for point in points:
        shape = _shapes(".".join(point.code.split(".")[:2])).get(point.code)
        degrees = shape.distance(shapely.Point(point.lon, point.lat)) if shape else 0.0
        if degrees > SLACK_DEGREES:
            outside[point] = round(degrees * METRES_PER_DEGREE)
    return outside


@lru_cache(maxsize=OFFICES_KEPT_MAX)
def _shapes(office: str) -> "dict[str, BaseGeometry]":
    import shapely

    collection = boundaries(office) or {"features": []}
    return {
        feature["properties"]["kode"]: shapely.make_valid(
            shapely.from_geojson(json.dumps(feature["geometry"]))
        )
        for feature in collection["features"]
    }
