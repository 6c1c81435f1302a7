"""(a) The road engine as a provider: a folder that `tepat roads import` made."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tepat.common.errors import Refused
from tepat.common.quantities import kilometres
from tepat.roads.engine import TABLE_SECONDS_MAX, ChildFailedError, need_engine, run_child, run_tool
from tepat.roads.graphs import GRAPH, GraphIndex, read_index, refusing_unwritable, whole_folder
from tepat.roads.matrix import (
    NO_ROAD,
    ORIGINS,
    ErrorBand,
    Finding,
    Matrix,
    Table,
    VehicleClass,
    Weather,
    all_from,
)
from tepat.roads.model import SPEEDS
from tepat.roads.notes import Note
from tepat.roads.places import Place, check_places

SNAP_M_MAX = 1_000
"""Straight-line metres between a place and the road its journey starts on."""

OSRM_BAND = ErrorBand(25, 30)
"""Two engines on the same extracts differed by 21 to 29 % (median) in time: true roads, assumed speeds."""

VARIANTS_MAX = 24
"""Graphs with closed roads kept beside the plain ones; the oldest goes first."""

FINDINGS_MAX = 50


@dataclass(frozen=True)
class OsrmRoads:
    """A folder of road graphs.

    Args:
        folder: What `tepat roads import --out` made.
        snap_m_max: Metres beyond which a place has no road.
    """

    folder: Path
    snap_m_max: int = SNAP_M_MAX

    def matrix(
        self,
        places: Sequence[Place],
        vehicle_class: VehicleClass,
        weather: Weather,
        *,
        barriers: Sequence[Note] = (),
    ) -> Matrix:
        """Return the engine's matrix, closed roads left out; the wet slows every road alike.

        Raises:
            Refused: ROADS-NO-ENGINE, ROADS-NOT-A-FOLDER, ROADS-NO-CLASS, ROADS-TABLE-FAILED, ROADS-TIMEOUT,
                ROADS-NOT-WRITTEN.
        """
        need_engine()
        found = check_places(places)
        index = read_index(self.folder)
        if vehicle_class not in index.graphs:
            known = ", ".join(index.graphs)
            raise Refused("ROADS-NO-CLASS", folder=self.folder.name, vehicle_class=vehicle_class, known=known)
        graph, findings = self._graph(index, vehicle_class, barriers)
        tables, snapped_m = _table(graph, found, self.folder.name)
        far = np.array(snapped_m) > self.snap_m_max
        cut = far[:, None] | far[None, :]
        np.fill_diagonal(cut, val=False)
        duration_s, distance_m = (np.where(cut, NO_ROAD, table).astype(np.int32) for table in tables)
        if weather == "hujan":
            wet = np.rint(duration_s * (100 / SPEEDS[vehicle_class].wet_percent)).astype(np.int32)
            duration_s = np.where(duration_s == NO_ROAD, NO_ROAD, wet).astype(np.int32)
        origin = all_from("osrm", len(found))
        origin[duration_s == NO_ROAD] = ORIGINS.index("tutup")
        return Matrix(
            places=tuple(place.id for place in found),
            duration_s=duration_s,
            distance_m=distance_m,
            vehicle_class=vehicle_class,
            weather=weather,
            source="osrm",
            error_band=OSRM_BAND,
            origin=origin,
            findings=(*index.findings, *findings, *self._far_places(found, snapped_m)),
        )

    def _far_places(self, places: Sequence[Place], snapped_m: Sequence[float]) -> list[Finding]:
        far = [(p, m) for p, m in zip(places, snapped_m, strict=True) if m > self.snap_m_max]
        limit = kilometres(self.snap_m_max)
        named = [
            Finding(
                "ROADS-NO-ROAD-NEAR",
                {"place": place.name or place.id, "distance": kilometres(round(metres)), "limit": limit},
            )
            for place, metres in far[:FINDINGS_MAX]
        ]
        if len(far) > FINDINGS_MAX:
            named.append(
                Finding("ROADS-NO-ROAD-NEAR-MORE", {"count": len(far) - FINDINGS_MAX, "limit": limit})
            )
        return named

    def _graph(
        self, index: GraphIndex, vehicle_class: VehicleClass, barriers: Sequence[Note]
    ) -> tuple[Path, list[Finding]]:
        """Return the graph to ask: the plain one, or one with the noted roads closed or slowed."""
        plain = self.folder / index.graphs[vehicle_class]
        notes = [note for note in barriers if note.on_roads]
        if not notes:
            return plain, []
        from tepat.roads.segments import segment_speeds

        speeds, findings = segment_speeds(self.folder / index.segments, notes)
        if not speeds:
            return plain, findings
        key = hashlib.sha256(f"{plain.name}\n{speeds}".encode()).hexdigest()[:20]
        variant = self.folder / f"{vehicle_class}-catatan-{key}"
        if not variant.is_dir():
            self._forget_old_variants(vehicle_class)
            with refusing_unwritable(self.folder), whole_folder(variant) as half:
                _customize(plain, half, speeds, self.folder.name)
        return variant, findings

    def _forget_old_variants(self, vehicle_class: VehicleClass) -> None:
        variants = sorted(
            self.folder.glob(f"{vehicle_class}-catatan-*"),
            key=lambda found: (found.stat().st_mtime_ns, found.name),
        )
        for old in variants[: max(0, len(variants) - VARIANTS_MAX + 1)]:
            shutil.rmtree(old, ignore_errors=True)


def _customize(plain: Path, folder: Path, speeds: str, name: str) -> None:
    """Copy a graph and write new speeds into the copy; a speed of 0 closes a segment."""
    for part in plain.iterdir():
        shutil.copyfile(part, folder / part.name)
    table = folder / "kecepatan.csv"
    table.write_text(speeds, encoding="ascii")
    try:
        run_tool("osrm-customize", str(folder / GRAPH), "--segment-speed-file", str(table))
    except ChildFailedError as error:
        raise Refused("ROADS-TABLE-FAILED", folder=name, reason=error.reason) from error


def _table(graph: Path, places: Sequence[Place], name: str) -> tuple[tuple[Table, Table], list[float]]:
    """Return seconds and metres of all pairs, and how far each place lies from its road, in metres."""
    handle, out = tempfile.mkstemp(suffix=".npy", prefix="tepat-jalan-")
    os.close(handle)
    try:
        answer = run_child(
            {
                "task": "table",
                "graph": str(graph / GRAPH),
                "coordinates": [(place.lon, place.lat) for place in places],
                "out": out,
            },
            seconds=TABLE_SECONDS_MAX,
        )
        tables = np.load(out, allow_pickle=False)
    except ChildFailedError as error:
        raise Refused("ROADS-TABLE-FAILED", folder=name, reason=error.reason) from error
    finally:
        Path(out).unlink(missing_ok=True)
    return (tables[0], tables[1]), [float(metres) for metres in answer["snapped_m"]]
