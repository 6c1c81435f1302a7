"""(a) From an OpenStreetMap extract to a folder of road graphs, one per vehicle class.

Everything lies under the hash of what it was made from, and appears whole or not at all: importing again is
free, and an import that is killed leaves nothing half done.
"""

import dataclasses
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from tepat.common.errors import Refused
from tepat.common.whole_files import reason_of, write_whole
from tepat.roads.engine import (
    IMPORT_SECONDS_MAX,
    ChildFailedError,
    engine_version,
    need_engine,
    run_child,
    run_tool,
)
from tepat.roads.matrix import VEHICLE_CLASSES, Finding, VehicleClass

GRAPHS_VERSION = 1
INDEX = "jalan.json"
GRAPH = "jalan.osrm"
EXTRACT_BYTES_MAX = 4 * 1024**3
EXTRACT_SUFFIXES = (".osm.pbf", ".osm", ".osm.bz2")
MARGIN_KM_MAX = 200
INDEX_BYTES_MAX = 1024 * 1024

Progress = Callable[[str], None]


class GraphIndex(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What lies in a folder of road graphs (`jalan.json`).

    Args:
        schema: Always ``tepat/roads``.
        schema_version: 1.
        extract: Name of the extract's file.
        extract_sha256: Its content's hash.
        area: Code of the area it was cut to; empty = not cut.
        margin_km: Margin around the area.
        engine: Version of the road engine.
        roads: Counts and bounds of the roads.
        segments: Folder of the segments table.
        graphs: Folder of each vehicle class's graph.
    """

    schema: str
    schema_version: int
    extract: str
    extract_sha256: str
    area: str
    margin_km: int
    engine: str
    roads: dict[str, Any]
    segments: str
    graphs: dict[str, str]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a person should know about this road map."""
        if self.roads["limits"] == 0:
            return (Finding("ROADS-EXTRACT-POOR", {"file": self.extract, "ways": self.roads["ways"]}),)
        return ()


@dataclass(frozen=True)
class TruckSize:
    """Sizes from a truck's own papers; None = what `profiles/truk.lua` assumes.

    Args:
        height_cm: Height with the box, in centimetres.
        width_cm: Width.
        length_cm: Length.
        weight_kg: Weight with its load, in kilograms.
        axle_kg: Weight on its heaviest axle.
    """

    height_cm: int | None = None
    width_cm: int | None = None
    length_cm: int | None = None
    weight_kg: int | None = None
    axle_kg: int | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the profile reads."""
        given = dataclasses.asdict(self).items()
        return {f"TEPAT_{name.upper()}": str(size) for name, size in given if size is not None}


@dataclass(frozen=True)
class ImportRequest:
    """What to make road graphs of.

    Args:
        file: The extract.
        out: The folder to make or add to.
        area: Code of a kabupaten/kota to cut it to; empty = take it whole.
        margin_km: Kilometres kept around the area, so that a way round through a neighbour stays.
        vehicle_classes: Which graphs to make.
        truck: Sizes of the office's largest truck.
    """

    file: Path
    out: Path
    area: str = ""
    margin_km: int = 15
    vehicle_classes: Sequence[VehicleClass] = VEHICLE_CLASSES
    truck: TruckSize = TruckSize()


def import_extract(request: ImportRequest, progress: Progress = lambda _: None) -> GraphIndex:
    """Make a folder of road graphs from an extract, or find it made already.

    Args:
        request: File, folder, area and classes.
        progress: Told each step before it starts.

    Returns:
        The folder's index.

    Raises:
        Refused: ROADS-NO-ENGINE, ROADS-FILE-UNREADABLE, ROADS-FILE-TOO-LARGE, ROADS-NOT-AN-EXTRACT,
            ROADS-EXTRACT-CORRUPT, ROADS-EXTRACT-NO-ROADS, ROADS-EXTRACT-ELSEWHERE, ROADS-NO-POLYGON,
            ROADS-MARGIN, ROADS-TIMEOUT, ROADS-ENGINE-FAILED, ROADS-NOT-WRITTEN.
    """
    need_engine()
    progress("membaca berkas")
    digest = _extract_sha256(request.file)
    polygon = _office_polygon(request)
    with refusing_unwritable(request.out):
        return _import(request, digest, polygon, progress)


def _import(request: ImportRequest, digest: str, polygon: str, progress: Progress) -> GraphIndex:
    recipe = f"{GRAPHS_VERSION}|{digest}|{request.area}|{request.margin_km if request.area else 0}"
    roads_folder = request.out / f"ruas-{_key(recipe)}"
    progress("mencari ruas jalan")
    if not roads_folder.is_dir():
        with whole_folder(roads_folder) as half:
            _find_roads(request, polygon, half)
    roads = msgspec.json.decode((roads_folder / "ruas.json").read_bytes())
    graphs: dict[str, str] = {
        vehicle_class: _graph(request, recipe, roads_folder, vehicle_class, progress)
        for vehicle_class in request.vehicle_classes
    }
    index = GraphIndex(
        schema="tepat/roads",
        schema_version=GRAPHS_VERSION,
        extract=request.file.name,
        extract_sha256=digest,
        area=request.area,
        margin_km=request.margin_km if request.area else 0,
        engine=engine_version(),
        roads=roads,
        segments=roads_folder.name,
        graphs=graphs,
    )
    write_whole(request.out / INDEX, msgspec.json.format(msgspec.json.encode(index), indent=1))
    return index


def _graph(
    request: ImportRequest, recipe: str, roads_folder: Path, vehicle_class: VehicleClass, progress: Progress
) -> str:
    """Make the graph of one vehicle class where it is not there yet, and return its folder's name."""
    size = request.truck.environment if vehicle_class == "truk" else {}
    made_of = (recipe, engine_version(), profile_sha256(vehicle_class), str(sorted(size.items())))
    folder = request.out / f"{vehicle_class}-{_key('|'.join(made_of))}"
    progress(f"menyusun graf {vehicle_class}")
    if not folder.is_dir():
        clip = roads_folder / "klip.osm.pbf"
        with whole_folder(folder) as half:
            build_graph(
                clip if clip.exists() else request.file,
                vehicle_class,
                half,
                size=size,
                name=request.file.name,
            )
    return folder.name


def build_graph(
    extract: Path, vehicle_class: VehicleClass, folder: Path, *, size: dict[str, str], name: str
) -> None:
    """Write the graph of one vehicle class into a folder.

    Args:
        extract: The roads.
        vehicle_class: Whose profile.
        folder: An empty folder.
        size: Variables with the vehicle's own sizes.
        name: What the user calls the extract.

    Raises:
        Refused: ROADS-EXTRACT-NO-ROADS, ROADS-ENGINE-FAILED, ROADS-TIMEOUT.
    """
    graph = str(folder / GRAPH)
    with resources.as_file(resources.files("tepat.roads") / "profiles" / f"{vehicle_class}.lua") as profile:
        try:
            run_tool("osrm-extract", "-p", str(profile), str(extract), "-o", graph, environment=size)
            run_tool("osrm-partition", graph)
            run_tool("osrm-customize", graph)
        except ChildFailedError as error:
            raise Refused("ROADS-ENGINE-FAILED", file=name, step=error.step, reason=error.reason) from error


def read_index(folder: Path) -> GraphIndex:
    """Return the index of a folder of road graphs.

    Raises:
        Refused: ROADS-NOT-A-FOLDER.
    """
    file = folder / INDEX
    try:
        if file.stat().st_size > INDEX_BYTES_MAX:
            raise Refused("ROADS-NOT-A-FOLDER", folder=folder.name, reason=f"{INDEX} terlalu besar")
        index = msgspec.json.decode(file.read_bytes(), type=GraphIndex)
    except OSError as error:
        raise Refused("ROADS-NOT-A-FOLDER", folder=folder.name, reason=f"{INDEX} tidak ada") from error
    except msgspec.MsgspecError as error:
        raise Refused("ROADS-NOT-A-FOLDER", folder=folder.name, reason=f"{INDEX} rusak") from error
    if index.schema != "tepat/roads" or index.schema_version != GRAPHS_VERSION:
        raise Refused("ROADS-NOT-A-FOLDER", folder=folder.name, reason=f"versi {index.schema_version}")
    return index


def profile_sha256(vehicle_class: VehicleClass) -> str:
    """Return the hash of all that makes a profile: its own file and the one the profiles share."""
    profiles = resources.files("tepat.roads") / "profiles"
    content = b"\0".join((profiles / f"{name}.lua").read_bytes() for name in (vehicle_class, "tepat_jalan"))
    return hashlib.sha256(content).hexdigest()


def _key(recipe: str) -> str:
    return hashlib.sha256(recipe.encode()).hexdigest()[:20]


@contextmanager
def refusing_unwritable(folder: Path) -> Iterator[None]:
    """Say in the user's words that a folder of road graphs cannot be written.

    Raises:
        Refused: ROADS-NOT-WRITTEN.
    """
    try:
        yield
    except OSError as error:
        raise Refused("ROADS-NOT-WRITTEN", file=folder.name, reason=reason_of(error)) from error


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give a folder beside this one to write to; it takes this one's name only when all went well."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield half
        try:
            half.rename(folder)
        except OSError:
            if not folder.is_dir():  # somebody else finished the same one first: theirs is as good
                raise
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _extract_sha256(file: Path) -> str:
    if not file.name.lower().endswith(EXTRACT_SUFFIXES):
        raise Refused("ROADS-NOT-AN-EXTRACT", file=file.name, suffixes=", ".join(EXTRACT_SUFFIXES))
    try:
        size = file.stat().st_size
        if size > EXTRACT_BYTES_MAX:
            raise Refused("ROADS-FILE-TOO-LARGE", file=file.name, size=size, limit=EXTRACT_BYTES_MAX)
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise Refused("ROADS-FILE-UNREADABLE", file=file.name, reason=reason_of(error)) from error


def _office_polygon(request: ImportRequest) -> str:
    """Return the office's desa with the margin around them as WKT, empty where the extract is taken whole."""
    if not request.area:
        return ""
    if not 0 <= request.margin_km <= MARGIN_KM_MAX:
        raise Refused("ROADS-MARGIN", margin=request.margin_km, limit=MARGIN_KM_MAX)
    from tepat.common.areas import boundaries
    from tepat.roads.outline import with_margin

    collection = boundaries(request.area)
    if collection is None:
        raise Refused("ROADS-NO-POLYGON", area=request.area)
    return with_margin(collection, request.margin_km * 1000)


def _find_roads(request: ImportRequest, polygon: str, folder: Path) -> None:
    try:
        roads = run_child(
            {"task": "clip", "file": str(request.file), "polygon": polygon, "out": str(folder)},
            seconds=IMPORT_SECONDS_MAX,
        )
    except ChildFailedError as error:
        raise Refused("ROADS-EXTRACT-CORRUPT", file=request.file.name, reason=error.reason) from error
    if not roads["ways_in_extract"]:
        raise Refused("ROADS-EXTRACT-NO-ROADS", file=request.file.name)
    if not roads["ways"]:
        west, south, east, north = roads["bounds"]
        bounds = f"{west:.2f}–{east:.2f} BT, {south:.2f}–{north:.2f} LU"
        raise Refused("ROADS-EXTRACT-ELSEWHERE", file=request.file.name, area=request.area, bounds=bounds)
    (folder / "ruas.json").write_bytes(msgspec.json.encode(roads))
