"""What the office knows about its roads: what is closed, slow or forbidden, until when, and the way round.

The file is TOML; each part is described in docs/decisions/0004-road-engine.md.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from tepat.common.errors import Refused
from tepat.common.unread import why_unread
from tepat.common.whole_files import reason_of
from tepat.roads.matrix import VEHICLE_CLASSES, VehicleClass, Weather
from tepat.roads.places import Place

NOTES_VERSION = 1
NOTES_MAX = 2_000
NOTES_FILE_MAX = 4 * 1024 * 1024
POINTS_MAX = 2_000
"""Corners of one note's line or polygon."""

SLOW_REACH_M = 10_000
"""Straight-line metres around a slow place on which its roads are slow, unless the note says otherwise."""

Lon = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Lat = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Point = tuple[Lon, Lat]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class NotePart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the notes file; a misspelt field is refused, never dropped."""


class Note(NotePart, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing about some places or roads.

    Args:
        id: Its name in findings.
        kind: ``tutup`` (nobody of these classes passes) or ``lambat`` (slower).
        source: Who said so, and when.
        text: What a person reads.
        places: Place ids it is about.
        areas: Official area codes it is about; a kecamatan's code covers its desa.
        line: A line across roads, (lon, lat) by corner: a broken bridge, a landslide, a flooded river.
        polygon: An area as drawn, (lon, lat) by corner.
        ways: OpenStreetMap way ids; only a road map knows them.
        classes: The vehicle classes it concerns; all where empty is not said.
        only_when: Only in this weather; None = always.
        speed_percent: For ``lambat``: speed left, in percent; what the model and slow places use.
        speed_km_h: For ``lambat`` on roads: the speed driven there, in km/h; what a road map uses.
        reach_m: For ``lambat`` on places: the straight-line metres around them on which it is slow.
        valid_from: First day it holds; None = always did.
        valid_to: Last day it holds; None = until somebody ends it.
        contoh: Its numbers are examples, not facts.
    """

    id: Text
    kind: Literal["tutup", "lambat"]
    source: Text
    text: str = ""
    places: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    line: tuple[Point, ...] = ()
    polygon: tuple[Point, ...] = ()
    ways: tuple[int, ...] = ()
    classes: tuple[VehicleClass, ...] = VEHICLE_CLASSES
    only_when: Weather | None = None
    speed_percent: Annotated[int, msgspec.Meta(ge=1, le=100)] | None = None
    speed_km_h: Annotated[int, msgspec.Meta(ge=1, le=60)] | None = None
    reach_m: Annotated[int, msgspec.Meta(ge=1, le=200_000)] = SLOW_REACH_M
    valid_from: date | None = None
    valid_to: date | None = None
    contoh: bool = False

    @property
    def on_roads(self) -> bool:
        """Whether it is about roads or a drawn area, not about places."""
        return bool(self.line or self.polygon or self.ways)

    def holds(self, on_date: date, vehicle_class: VehicleClass, weather: Weather) -> bool:
        """Return whether it counts on this day, for this class, in this weather."""
        return (
            (self.valid_from is None or self.valid_from <= on_date)
            and (self.valid_to is None or on_date <= self.valid_to)
            and vehicle_class in self.classes
            and self.only_when in (None, weather)
        )


class Way(NotePart, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way into a hard area, from its gate.

    Args:
        id: Its name in findings.
        distance_m: From the gate to the area, in metres.
        duration_s: Driving time in dry weather, in seconds; None = what the model says for the distance.
        duration_contoh: The time is an example, not a fact.
        classes: Vehicle classes that may use it.
        passable_when: Weathers in which it can be driven.
        text: What a person reads.
    """

    id: Text
    distance_m: Annotated[int, msgspec.Meta(ge=1, le=2_000_000)]
    duration_s: Annotated[int, msgspec.Meta(ge=1, le=604_800)] | None = None
    duration_contoh: bool = False
    classes: tuple[VehicleClass, ...] = VEHICLE_CLASSES
    passable_when: tuple[Weather, ...] = ("kering", "hujan")
    text: str = ""


class HardArea(NotePart, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Desa that are reached only by the ways named here: the first that serves is plan A, the next plan B.

    Args:
        id: Its name in findings.
        areas: The official desa codes inside.
        gate_lat: Where the ways begin, in degrees.
        gate_lon: Likewise.
        gate_name: What people call the gate.
        gate_contoh: The gate is our assumption.
        ways: The ways, the preferred one first.
        choose: ``urutan``: the first open to the vehicle in the weather; ``tercepat``: the quickest of those.
        source: Who said so, and when.
        valid_from: First day it holds.
        valid_to: Last day it holds.
    """

    id: Text
    areas: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    gate_lat: Lat
    gate_lon: Lon
    gate_name: Text
    gate_contoh: bool = False
    ways: Annotated[tuple[Way, ...], msgspec.Meta(min_length=1, max_length=8)]
    choose: Literal["urutan", "tercepat"] = "urutan"
    source: Text
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, on_date: date) -> bool:
        """Return whether it counts on this day."""
        return (self.valid_from is None or self.valid_from <= on_date) and (
            self.valid_to is None or on_date <= self.valid_to
        )


class RoadNotes(NotePart, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that an office noted about its roads."""

    schema: Literal["tepat/road-notes"]
    schema_version: int
    note: Annotated[tuple[Note, ...], msgspec.Meta(max_length=NOTES_MAX)] = ()
    hard_area: Annotated[tuple[HardArea, ...], msgspec.Meta(max_length=NOTES_MAX)] = ()


NO_NOTES = RoadNotes(schema="tepat/road-notes", schema_version=NOTES_VERSION)


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a notes file, in words."""

    where: str
    reason: str


def parse_notes(text: str, *, file: str) -> RoadNotes:
    """Return the notes of a file's text.

    Args:
        text: TOML.
        file: The file's name, for the sentence.

    Raises:
        Refused: ROADS-NOTES-UNREADABLE, naming the part that is wrong.
    """
    try:
        notes = msgspec.convert(_with_dates(tomllib.loads(text)), RoadNotes)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Refused("ROADS-NOTES-UNREADABLE", file=file, reason=why_unread(error)) from error
    if notes.schema_version != NOTES_VERSION:
        reason = f"versi {notes.schema_version}, seharusnya {NOTES_VERSION}"
        raise Refused("ROADS-NOTES-UNREADABLE", file=file, reason=reason)
    trouble = next(iter(_troubles(notes)), None)
    if trouble is not None:
        raise Refused("ROADS-NOTES-UNREADABLE", file=file, reason=f"{trouble.where}: {trouble.reason}")
    return notes


def read_notes(path: Path) -> RoadNotes:
    """Return the notes of a TOML file.

    Raises:
        Refused: ROADS-FILE-UNREADABLE, ROADS-FILE-TOO-LARGE, ROADS-NOTES-UNREADABLE.
    """
    try:
        size = path.stat().st_size
        if size > NOTES_FILE_MAX:
            raise Refused("ROADS-FILE-TOO-LARGE", file=path.name, size=size, limit=NOTES_FILE_MAX)
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise Refused("ROADS-FILE-UNREADABLE", file=path.name, reason=reason_of(error)) from error
    except UnicodeDecodeError as error:
        raise Refused("ROADS-FILE-UNREADABLE", file=path.name, reason="bukan teks UTF-8") from error
    return parse_notes(text, file=path.name)


def _with_dates(value: Any) -> Any:
    """TOML knows dates and moments; a note holds by day, so a moment stays one and is refused by its type."""
    if isinstance(value, dict):
        return {key: _with_dates(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_dates(inner) for inner in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value


def _troubles(notes: RoadNotes) -> list[Trouble]:
    """Return what msgspec's types cannot say."""
    found = []
    ids = [note.id for note in notes.note] + [area.id for area in notes.hard_area]
    found += [Trouble(name, "id dipakai dua kali") for name in sorted({n for n in ids if ids.count(n) > 1})]
    for note in notes.note:
        found += [Trouble(note.id, reason) for reason in _note_troubles(note)]
    owner: dict[str, str] = {}
    for area in notes.hard_area:
        found += [Trouble(area.id, reason) for reason in _date_troubles(area.valid_from, area.valid_to)]
        for code in area.areas:
            if owner.setdefault(code, area.id) != area.id:
                found.append(Trouble(area.id, f"desa {code} sudah ada di {owner[code]}"))
    return found


def _note_troubles(note: Note) -> list[str]:
    found = _date_troubles(note.valid_from, note.valid_to)
    if not (note.places or note.areas or note.on_roads):
        found.append("tidak menyebut tempat, wilayah, ruas atau poligon")
    if (note.kind == "lambat") != (note.speed_percent is not None):
        found.append("speed_percent ada jika dan hanya jika kind = lambat")
    if note.speed_km_h is not None and not (note.kind == "lambat" and note.on_roads):
        found.append("speed_km_h hanya untuk kind = lambat pada ruas, garis atau poligon")
    if note.line and not 2 <= len(note.line) <= POINTS_MAX:
        found.append(f"garis berisi {len(note.line)} titik; boleh 2 sampai {POINTS_MAX}")
    if note.polygon and not 3 <= len(note.polygon) <= POINTS_MAX:
        found.append(f"poligon berisi {len(note.polygon)} titik; boleh 3 sampai {POINTS_MAX}")
    return found


def _date_troubles(first: date | None, last: date | None) -> list[str]:
    return ["valid_to lebih awal dari valid_from"] if first and last and last < first else []


def covers(areas: Sequence[str], code: str) -> bool:
    """Return whether an official code is one of these areas or lies in one of them."""
    return any(code == area or code.startswith(f"{area}.") for area in areas)


def named_places(note: Note, places: Sequence[Place]) -> NDArray[np.bool_]:
    """Return which places a note names, by id or by area code."""
    return np.array(
        [place.id in note.places or covers(note.areas, place.area) for place in places], dtype=bool
    )
