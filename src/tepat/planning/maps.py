"""What a map shows, as GeoJSON from our own polygons: simplified so that a kabupaten is light, and cached."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from tepat.common.models import Area, AreaShape

# About 80 m: a pixel on a screen that shows a whole kabupaten.
TOLERANCE_DEGREES = {"kabkota": 0.0006, "kecamatan": 0.0006, "desa": 0.0009}
GRID_DEGREES = 0.0001
MARGIN_DEGREES = 0.01
SHAPES_CACHED_MAX = 64
INDONESIA = (94.0, -11.5, 142.0, 6.5)
# Light to dark; each class is named in the legend.
STEPS = ("#e6f1ef", "#bfdcd8", "#8fc2bb", "#58a09a", "#2a7873")


@dataclass(frozen=True)
class Shape:
    """One area's outline.

    Args:
        code: The official code.
        name: The name.
        level: ``kabkota``, ``kecamatan`` or ``desa``.
        geometry: A GeoJSON geometry.
        bounds: West, south, east, north.
        label_at: A point inside, as (lon, lat).
    """

    code: str
    name: str
    level: str
    geometry: dict[str, Any]
    bounds: tuple[float, float, float, float]
    label_at: tuple[float, float]


@dataclass(frozen=True)
class Fill:
    """How an area is painted and what is said about it."""

    color: str | None
    text: str


@dataclass(frozen=True)
class Dot:
    """A place on a map: where, what kind, how it is painted, what is said, and a label if it has one."""

    lat: float
    lon: float
    name: str
    kind: str
    color: str
    text: str
    label: str | None = None


@dataclass(frozen=True)
class Line:
    """A way on a map, as points of (lat, lon); `group` is what the map's choice filters by."""

    points: tuple[tuple[float, float], ...]
    group: str
    color: str
    text: str


@dataclass
class MapContents:
    """All that one map shows."""

    shapes: list[tuple[Shape, Fill]] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    groups: list[tuple[str, str]] = field(default_factory=list)
    labelled: str = "kecamatan"

    def as_json(self) -> dict[str, Any]:
        """Return what `frontend/src/isi-peta.ts` describes."""
        return {
            "bbox": self.bbox(),
            "areas": _collection(_area(shape, fill) for shape, fill in self.shapes),
            "places": _collection(_dot(dot) for dot in self.dots),
            "lines": _collection(_line(line) for line in self.lines),
            "labels": _collection(
                _feature({"type": "Point", "coordinates": shape.label_at}, {"name": shape.name})
                for shape, _ in self.shapes
                if shape.level == self.labelled
            ),
            "groups": [{"id": key, "name": name} for key, name in self.groups],
        }

    def bbox(self) -> tuple[float, float, float, float]:
        """Return what has to be in sight: all shapes and dots; the nation where there is nothing."""
        boxes = [shape.bounds for shape, _ in self.shapes]
        boxes += [(dot.lon, dot.lat, dot.lon, dot.lat) for dot in self.dots]
        if not boxes:
            return INDONESIA
        west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
        east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
        return (west - MARGIN_DEGREES, south - MARGIN_DEGREES, east + MARGIN_DEGREES, north + MARGIN_DEGREES)


def shapes(area_code: str, level: str) -> tuple[Shape, ...]:
    """Return the simplified outlines of one level within an area, by code; empty where none is known."""
    rows = AreaShape.objects.filter(area__level=level, area__valid_to__isnull=True)
    rows = rows.filter(area__in=Area.objects.in_area(area_code))
    return _simplified(area_code, level, rows.count())


@lru_cache(maxsize=SHAPES_CACHED_MAX)
def _simplified(area_code: str, level: str, count: int) -> tuple[Shape, ...]:
    """Simplify a coverage at once, so that neighbours keep their common border; `count` renews the cache."""
    if not count:
        return ()
    import shapely

    rows = list(
        AreaShape.objects.filter(
            area__level=level, area__valid_to__isnull=True, area__in=Area.objects.in_area(area_code)
        )
        .order_by("area__code")
        .values_list("area__code", "area__name", "polygon")
    )
    outlines = shapely.from_geojson([polygon for _, _, polygon in rows])
    simple = shapely.coverage_simplify(outlines, TOLERANCE_DEGREES[level])
    found = []
    for (code, name, _), outline, before in zip(rows, simple, outlines, strict=True):
        drawn = shapely.set_precision(outline, GRID_DEGREES)
        kept = drawn if not drawn.is_empty else before
        inside = shapely.get_point(shapely.maximum_inscribed_circle(kept, GRID_DEGREES * 10), 0)
        geometry = json.loads(shapely.to_geojson(kept))
        label_at = (round(inside.x, 4), round(inside.y, 4))
        found.append(Shape(code, name, level, geometry, tuple(kept.bounds), label_at))
    return tuple(found)


def classes(values: Mapping[str, int]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Sort numbers into at most five classes of equal width.

    Args:
        values: A number for each code.

    Returns:
        The colour of each code, and the legend as (colour, ``10–19``).
    """
    from tepat.common.quantities import grouped

    if not values:
        return {}, []
    low, high = min(values.values()), max(values.values())
    width = max(1, -(-(high - low + 1) // len(STEPS)))
    colors = {code: STEPS[min(len(STEPS) - 1, (value - low) // width)] for code, value in values.items()}
    legend = []
    for number, color in enumerate(STEPS):
        first, last = low + number * width, min(high, low + (number + 1) * width - 1)
        if first <= high:
            legend.append((color, f"{grouped(first)}–{grouped(last)}" if first < last else grouped(first)))
    return colors, legend


def outside_m(polygon: str, lat: float, lon: float) -> int:
    """Return how far a point lies outside a polygon, in metres; 0 inside.

    Args:
        polygon: A GeoJSON geometry in WGS84.
        lat: Latitude in degrees.
        lon: Longitude in degrees.
    """
    import math

    import shapely

    outline = shapely.from_geojson(polygon)
    degrees_to_m = 111_320
    shrink = math.cos(math.radians(lat))
    flat = shapely.transform(outline, lambda points: points * [shrink, 1])
    return round(shapely.distance(flat, shapely.Point(lon * shrink, lat)) * degrees_to_m)


def _collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def _feature(geometry: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _area(shape: Shape, fill: Fill) -> dict[str, Any]:
    about = {"name": shape.name, "level": shape.level, "color": fill.color, "text": fill.text}
    return _feature(shape.geometry, about)


def _dot(dot: Dot) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [round(dot.lon, 5), round(dot.lat, 5)]}
    about = {"name": dot.name, "kind": dot.kind, "color": dot.color, "text": dot.text, "label": dot.label}
    return _feature(point, about)


def _line(line: Line) -> dict[str, Any]:
    path: Sequence[list[float]] = [[round(lon, 4), round(lat, 4)] for lat, lon in line.points]
    about = {"group": line.group, "color": line.color, "text": line.text}
    return _feature({"type": "LineString", "coordinates": path}, about)
