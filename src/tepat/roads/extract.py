"""Reading an OpenStreetMap extract: which roads it has, cut to an office's area. Runs in a child process.

Needs the `roads` extra (pyosmium). A broken file can bring the C++ reader down; then only the child dies.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely

from tepat.roads.outline import DEGREE_UNITS

LIMIT_TAGS = ("maxheight", "maxweight", "maxweightrating", "maxwidth", "maxlength", "maxaxleload", "hgv")
WAYS_MAX = 5_000_000
"""Roads and ferries in one extract; Java has about three million."""


@dataclass
class Roads:
    """The roads found in an extract.

    Args:
        ways: Number of roads and ferries.
        limits: Those with a limit for heavy vehicles.
        surfaces: Those whose surface is tagged.
        bounds: Of all roads: west, south, east, north, in degrees.
        kept: Ids of the ways inside the polygon; all where there is none.
        nodes: Ids of their nodes.
        segments: Rows of way id, node id, node id.
        ends: Rows of lon, lat, lon, lat of the segments, in 1e-7 degrees.
    """

    ways: int = 0
    limits: int = 0
    surfaces: int = 0
    bounds: list[float] = field(default_factory=lambda: [180.0, 90.0, -180.0, -90.0])
    kept: set[int] = field(default_factory=set)
    nodes: set[int] = field(default_factory=set)
    segments: list[tuple[int, int, int]] = field(default_factory=list)
    ends: list[tuple[int, int, int, int]] = field(default_factory=list)

    @property
    def summary(self) -> dict[str, Any]:
        """The figures that go into the folder's index."""
        return {
            "ways": len(self.kept),
            "ways_in_extract": self.ways,
            "limits": self.limits,
            "surfaces": self.surfaces,
            "bounds": self.bounds,
        }


def find_roads(file: Path, polygon: shapely.Geometry | None) -> Roads:
    """Return the roads of an extract, those that touch the polygon where there is one.

    Args:
        file: `.osm.pbf`, `.osm` or `.osm.bz2`.
        polygon: Office area with its margin, in degrees (lon, lat).

    Raises:
        RuntimeError: The file is corrupt.
    """
    roads = Roads()
    if polygon is not None:
        shapely.prepare(polygon)
    reader = osmium.FileProcessor(str(file), osmium.osm.NODE | osmium.osm.WAY)
    for way in reader.with_locations().with_filter(osmium.filter.KeyFilter("highway", "route")):
        if not isinstance(way, osmium.osm.Way) or not (
            "highway" in way.tags or way.tags.get("route") == "ferry"
        ):
            continue
        corners = [
            (node.ref, node.location.x, node.location.y) for node in way.nodes if node.location.valid()
        ]
        if len(corners) >= 2:
            _take(roads, way, corners, polygon)
    return roads


def _take(
    roads: Roads, way: Any, corners: list[tuple[int, int, int]], polygon: shapely.Geometry | None
) -> None:
    roads.ways += 1
    if roads.ways > WAYS_MAX:
        raise RuntimeError(f"lebih dari {WAYS_MAX} ruas")
    lon = [x / DEGREE_UNITS for _, x, _ in corners]
    lat = [y / DEGREE_UNITS for _, _, y in corners]
    west, south, east, north = roads.bounds
    roads.bounds = [min(west, *lon), min(south, *lat), max(east, *lon), max(north, *lat)]
    if polygon is not None and not shapely.contains_xy(polygon, lon, lat).any():
        return
    roads.kept.add(way.id)
    roads.limits += any(tag in way.tags for tag in LIMIT_TAGS)
    roads.surfaces += "surface" in way.tags or "tracktype" in way.tags
    roads.nodes.update(node for node, _, _ in corners)
    for (start, x1, y1), (end, x2, y2) in pairwise(corners):
        roads.segments.append((way.id, start, end))
        roads.ends.append((x1, y1, x2, y2))


def write_clip(file: Path, roads: Roads, out: Path) -> None:
    """Write the kept roads, their nodes and the turn restrictions between them as a new extract.

    Args:
        file: The extract they were found in.
        roads: What to keep.
        out: A `.osm.pbf` that is not there yet.
    """
    writer = osmium.SimpleWriter(str(out))
    try:
        for node in osmium.FileProcessor(str(file), osmium.osm.NODE).with_filter(
            osmium.filter.IdFilter(roads.nodes)
        ):
            writer.add_node(node)
        for way in osmium.FileProcessor(str(file), osmium.osm.WAY).with_filter(
            osmium.filter.IdFilter(roads.kept)
        ):
            writer.add_way(way)
        restrictions = osmium.filter.TagFilter(("type", "restriction"))
        for relation in osmium.FileProcessor(str(file), osmium.osm.RELATION).with_filter(restrictions):
            assert isinstance(relation, osmium.osm.Relation), "a relation reader read something else"
            if all(member.type != "w" or member.ref in roads.kept for member in relation.members):
                writer.add_relation(relation)
    finally:
        writer.close()


def write_segments(roads: Roads, out: Path) -> None:
    """Write the segments, so that notes on roads find them later without the extract."""
    np.savez(
        out,
        segments=np.array(roads.segments, dtype="<i8").reshape(-1, 3),
        ends=np.array(roads.ends, dtype="<i4").reshape(-1, 4),
    )
