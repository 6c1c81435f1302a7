"""A matrix of travel times and distances, what it was made from, and its file."""

import hashlib
import io
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from tepat.common.errors import Refused
from tepat.common.messages import say
from tepat.common.whole_files import reason_of, write_whole
from tepat.roads.places import PLACES_MAX

VehicleClass = Literal["truk", "pikap", "motor"]
Weather = Literal["kering", "hujan"]
Source = Literal["model", "osrm", "kantor"]
Table = NDArray[np.int32]

VEHICLE_CLASSES: tuple[VehicleClass, ...] = get_args(VehicleClass)
WEATHERS: tuple[Weather, ...] = get_args(Weather)
ORIGINS = ("model", "osrm", "kantor", "memutar", "rencana_a", "rencana_b", "tutup")
"""What one pair may come from: the distance model, a road map, the office's own figure, a way round a closed
road over other places, the office's first or another way into a hard area, or nothing: no road."""

NO_ROAD = -1
MATRIX_FILE_MAX = 2 * 4 * PLACES_MAX * PLACES_MAX + 1024
"""Bytes of a matrix file."""


@dataclass(frozen=True)
class ErrorBand:
    """How far a true time may lie from the one shown, nine times in ten.

    Args:
        low_percent: The true time may be this much shorter, in percent of the time shown.
        high_percent: The true time may be this much longer.
    """

    low_percent: int
    high_percent: int

    @property
    def sentence(self) -> str:
        """What stands beside a time on screens and paper."""
        if not self.low_percent and not self.high_percent:
            return "angka kantor"
        if self.low_percent == self.high_percent:
            return f"perkiraan, ±{self.high_percent}%"
        return f"perkiraan, −{self.low_percent}% sampai +{self.high_percent}%"


@dataclass(frozen=True)
class Finding:
    """Something a person should know about a matrix.

    Args:
        code: The message's key in `common/messages/roads.toml`.
        facts: What its sentence needs.
    """

    code: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The finding as one Indonesian sentence."""
        return say(self.code, self.facts).text


def all_from(origin: str, count: int) -> NDArray[np.uint8]:
    """Return the origins of a matrix of `count` places whose every pair comes from one source."""
    return np.full((count, count), ORIGINS.index(origin), dtype=np.uint8)


@dataclass(frozen=True, eq=False)
class Matrix:
    """Travel times and distances between places, for one vehicle class in one weather.

    Args:
        places: Ids, in the order of rows (from) and columns (to).
        duration_s: Whole seconds, int32, shape (N, N); -1 = no road; zero on the diagonal.
        distance_m: Whole metres, likewise, -1 at the same pairs.
        vehicle_class: ``truk``, ``pikap`` or ``motor``.
        weather: ``kering`` or ``hujan``.
        source: What most pairs come from.
        error_band: How far the times may be off.
        origin: For each pair its place in `ORIGINS`, shape (N, N); the diagonal says nothing.
        findings: What a person should know, such as places without a road.
    """

    places: tuple[str, ...]
    duration_s: Table
    distance_m: Table
    vehicle_class: VehicleClass
    weather: Weather
    source: Source
    error_band: ErrorBand
    origin: NDArray[np.uint8]
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        shape = (len(self.places), len(self.places))
        assert len(set(self.places)) == len(self.places), "a place stands twice"
        for table in (self.duration_s, self.distance_m):
            assert table.shape == shape, (table.shape, shape)
            assert table.dtype == np.int32, table.dtype
            assert int(table.min(initial=0)) >= NO_ROAD, "a negative time or distance"
            assert not table.diagonal().any(), "a place away from itself"
        assert np.array_equal(self.duration_s == NO_ROAD, self.distance_m == NO_ROAD), "half a road"
        assert self.vehicle_class in VEHICLE_CLASSES, self.vehicle_class
        assert self.weather in WEATHERS, self.weather
        assert self.origin.shape == shape, self.origin.shape
        assert int(self.origin.max(initial=0)) < len(ORIGINS), "an unknown origin"

    @property
    def sentence(self) -> str:
        """What stands beside the times of this matrix on screens and paper."""
        return self.error_band.sentence

    @property
    def provenance(self) -> dict[str, int]:
        """Ordered pairs of different places by what they come from; kinds that do not occur are left out."""
        apart = self.origin[~np.eye(len(self.places), dtype=bool)]
        counts = np.bincount(apart, minlength=len(ORIGINS))
        return {name: int(count) for name, count in zip(ORIGINS, counts, strict=True) if count}

    @property
    def unreachable(self) -> int:
        """The number of ordered pairs without a road."""
        return int(np.count_nonzero(self.duration_s == NO_ROAD))

    def between(self, origin: str, destination: str) -> tuple[int, int] | None:
        """Return seconds and metres from one place to another, or None where there is no road."""
        row, column = self.places.index(origin), self.places.index(destination)
        seconds, metres = int(self.duration_s[row, column]), int(self.distance_m[row, column])
        return None if seconds == NO_ROAD else (seconds, metres)

    def with_findings(self, *findings: Finding) -> Self:
        """Return the same matrix with more findings."""
        return replace(self, findings=self.findings + findings)

    def to_bytes(self) -> bytes:
        """Return the `.npy` file: little-endian int32, shape (2, N, N), seconds then metres."""
        buffer = io.BytesIO()
        np.lib.format.write_array(
            buffer,
            np.ascontiguousarray(np.stack((self.duration_s, self.distance_m)), dtype="<i4"),
            version=(1, 0),
            allow_pickle=False,
        )
        return buffer.getvalue()

    def save(self, folder: Path) -> tuple[Path, str]:
        """Write the matrix to a folder under the name of its content; an equal file there is kept.

        Args:
            folder: Where it goes; made if it is not there.

        Returns:
            The file and its SHA-256 in hexadecimal.
        """
        content = self.to_bytes()
        digest = hashlib.sha256(content).hexdigest()
        path = folder / f"{digest}.npy"
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != content:
            write_whole(path, content)
        return path, digest


def load_tables(path: Path, *, places: int, sha256: str | None = None) -> tuple[Table, Table]:
    """Return seconds and metres of a matrix file.

    Args:
        path: A `.npy` file as `Matrix.save` writes it.
        places: The number of places it must be for.
        sha256: Its content's hash in hexadecimal, if the reader knows it.

    Returns:
        Two int32 arrays of shape (places, places).

    Raises:
        Refused: ROADS-FILE-UNREADABLE, ROADS-FILE-TOO-LARGE, ROADS-MATRIX-CHANGED, ROADS-MATRIX-SHAPE.
    """
    try:
        size = path.stat().st_size
        if size > MATRIX_FILE_MAX:
            raise Refused("ROADS-FILE-TOO-LARGE", file=path.name, size=size, limit=MATRIX_FILE_MAX)
        content = path.read_bytes()
    except OSError as error:
        raise Refused("ROADS-FILE-UNREADABLE", file=path.name, reason=reason_of(error)) from error
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise Refused("ROADS-MATRIX-CHANGED", file=path.name, sha256=sha256)
    try:
        tables = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise Refused("ROADS-FILE-UNREADABLE", file=path.name, reason="bukan matriks .npy") from error
    if tables.shape != (2, places, places) or tables.dtype != np.dtype("<i4"):
        raise Refused("ROADS-MATRIX-SHAPE", file=path.name, found=str(tables.shape), places=places)
    duration_s, distance_m = tables.astype(np.int32)
    return duration_s, distance_m
