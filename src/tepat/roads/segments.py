"""Notes on roads, as speeds of the segments of a road map."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from tepat.common.errors import Refused
from tepat.roads.matrix import Finding
from tepat.roads.notes import Note
from tepat.roads.outline import DEGREE_UNITS

CLOSED_KM_H = 0


def segment_speeds(folder: Path, notes: Sequence[Note]) -> tuple[str, list[Finding]]:
    """Return what `osrm-customize --segment-speed-file` reads for these notes, and what they did.

    Where several notes meet on one segment, the slowest counts.

    Args:
        folder: The folder with `ruas.npz`.
        notes: Notes that hold, on roads or polygons.

    Returns:
        Lines ``node,node,km/h`` in both directions, sorted, and the findings.

    Raises:
        Refused: ROADS-NOT-A-FOLDER: the table is missing or broken.
    """
    try:
        with np.load(folder / "ruas.npz", allow_pickle=False) as table:
            segments, ends = table["segments"], table["ends"] / DEGREE_UNITS
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise Refused("ROADS-NOT-A-FOLDER", folder=folder.parent.name, reason="ruas.npz rusak") from error
    speed_of: dict[tuple[int, int], int] = {}
    findings = []
    for note in notes:
        if note.kind == "lambat" and note.speed_km_h is None:
            findings.append(Finding("ROADS-NOTE-NEEDS-SPEED", {"note": note.id}))
            continue
        met = np.isin(segments[:, 0], note.ways) | _met(note, ends)
        findings.append(Finding("ROADS-SEGMENTS-NOTED", {"note": note.id, "count": int(met.sum())}))
        speed = CLOSED_KM_H if note.kind == "tutup" else (note.speed_km_h or CLOSED_KM_H)
        for start, end in segments[met, 1:].tolist():
            for pair in ((start, end), (end, start)):
                speed_of[pair] = min(speed, speed_of.get(pair, speed))
    return "".join(f"{a},{b},{speed}\n" for (a, b), speed in sorted(speed_of.items())), findings


def _met(note: Note, ends: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which segments meet the note's line or polygon."""
    met = np.zeros(len(ends), dtype=bool)
    shapes: list[shapely.Geometry] = []
    if note.line:
        shapes.append(shapely.LineString(note.line))
    if note.polygon:
        shapes.append(shapely.make_valid(shapely.Polygon(note.polygon)))
    for shape in shapes:
        west, south, east, north = shapely.bounds(shape)
        near = (ends[:, [0, 2]].min(axis=1) <= east) & (ends[:, [0, 2]].max(axis=1) >= west)
        near &= (ends[:, [1, 3]].min(axis=1) <= north) & (ends[:, [1, 3]].max(axis=1) >= south)
        shapely.prepare(shape)
        met[near] |= shapely.intersects(shape, shapely.linestrings(ends[near].reshape(-1, 2, 2)))
    return met
