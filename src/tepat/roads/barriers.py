"""Closed and slow roads for the distance model, which knows no roads: what a straight line meets counts."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tepat.roads.matrix import NO_ROAD, ORIGINS, Finding, Matrix, Table
from tepat.roads.notes import Note, named_places
from tepat.roads.places import Place

DETOUR_PLACES_MAX = 800
"""Places up to which a way round a closed line is sought over the other places."""


def apply_barriers(matrix: Matrix, places: Sequence[Place], notes: Sequence[Note]) -> Matrix:
    """Return the model's matrix with the notes on roads and polygons in it.

    A pair whose straight line meets a closed line or polygon loses its direct road and is led over another
    place where that is possible. Inside a slow polygon the straight line is driven slower.

    Args:
        matrix: The model's matrix.
        places: Its places, in its order.
        notes: Notes that hold; those that name places only keep traffic from passing through them.
    """
    blocked = np.zeros(matrix.duration_s.shape, dtype=bool)
    slowness = np.ones(matrix.duration_s.shape)
    findings: list[Finding] = []
    lines = _lines(places) if any(note.line or note.polygon for note in notes) else None
    for note in notes:
        if note.ways or (note.line and note.kind == "lambat"):
            findings.append(Finding("ROADS-NOTE-NEEDS-MAP", {"note": note.id}))
        for shape in _shapes(note):
            if note.kind == "tutup":
                met = shapely.intersects(shape, lines)
                findings.append(Finding("ROADS-LINE-CLOSED", {"note": note.id, "pairs": int(met.sum())}))
                blocked |= met
            elif note.polygon:
                assert note.speed_percent is not None, note.id
                inside = _share_inside(shape, lines)
                slowness = np.maximum(slowness, 1 + inside * (100 / note.speed_percent - 1))
    np.fill_diagonal(blocked, val=False)
    slow_s = np.rint(matrix.duration_s * slowness).astype(np.int32)
    shut = np.zeros(len(places), dtype=bool)
    for note in notes:
        if note.kind == "tutup":
            shut |= named_places(note, places)
    duration_s, distance_m = lead_round(slow_s, matrix.distance_m, blocked, shut)
    origin = matrix.origin.copy()
    origin[blocked] = ORIGINS.index("memutar")
    origin[blocked & (duration_s == NO_ROAD)] = ORIGINS.index("tutup")
    return replace(
        matrix,
        duration_s=duration_s,
        distance_m=distance_m,
        origin=origin,
        findings=(*matrix.findings, *findings),
    )


def lead_round(
    duration_s: Table, distance_m: Table, blocked: NDArray[np.bool_], shut: NDArray[np.bool_]
) -> tuple[Table, Table]:
    """Return the tables with blocked pairs led over other places by the quickest way, or without a road.

    Args:
        duration_s: Seconds, shape (N, N).
        distance_m: Metres, likewise.
        blocked: Pairs without a direct road.
        shut: Places nobody may pass through, shape (N,).
    """
    far = np.iinfo(np.int64).max // 4
    closed = blocked | (duration_s == NO_ROAD)
    quickest = np.where(closed, far, duration_s.astype(np.int64))
    metres = np.where(closed, far, distance_m.astype(np.int64))
    if blocked.any() and len(shut) <= DETOUR_PLACES_MAX:
        for over in np.flatnonzero(~shut):
            through = quickest[:, over, None] + quickest[None, over, :]
            better = through < quickest
            metres = np.where(better, metres[:, over, None] + metres[None, over, :], metres)
            quickest = np.where(better, through, quickest)
    found = blocked & (quickest < far)
    seconds_out = np.where(found, quickest, np.where(blocked, NO_ROAD, duration_s))
    metres_out = np.where(found, metres, np.where(blocked, NO_ROAD, distance_m))
    return seconds_out.astype(np.int32), metres_out.astype(np.int32)


def _lines(places: Sequence[Place]) -> NDArray[Any]:
    """Return the straight lines between all places on the flat map, an object array of shape (N, N)."""
    points = np.array([(place.lon, place.lat) for place in places])
    count = len(points)
    ends = np.stack((np.repeat(points, count, axis=0), np.tile(points, (count, 1))), axis=1)
    return np.asarray(shapely.linestrings(ends)).reshape(count, count)


def _shapes(note: Note) -> list[shapely.Geometry]:
    shapes: list[shapely.Geometry] = []
    if note.line:
        shapes.append(shapely.LineString(note.line))
    if note.polygon:
        shapes.append(shapely.make_valid(shapely.Polygon(note.polygon)))
    for shape in shapes:
        shapely.prepare(shape)
    return shapes


def _share_inside(shape: shapely.Geometry, lines: NDArray[Any] | None) -> NDArray[np.float64]:
    """Return which share of each straight line lies inside a polygon, 0 to 1."""
    assert lines is not None, "a polygon without lines"
    share = np.zeros(lines.shape)
    met = shapely.intersects(shape, lines)
    length = shapely.length(lines[met])
    inside = shapely.length(shapely.intersection(lines[met], shape))
    share[met] = np.divide(inside, length, out=np.ones_like(length), where=length > 0)
    return np.clip(share, 0, 1)
