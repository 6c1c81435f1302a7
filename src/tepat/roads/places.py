"""The places between which people drive, and reading them from a CSV file."""

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tepat.common.errors import Refused
from tepat.common.whole_files import reason_of

PLACES_MAX = 4_000
"""Places in one matrix: 4,000 make a file of 128 MB."""

PLACES_FILE_MAX = 4 * 1024 * 1024
"""Bytes of a places or office matrix file."""

INDONESIA_LON = (90.0, 145.0)
INDONESIA_LAT = (-15.0, 10.0)


@dataclass(frozen=True)
class Place:
    """A point on the map.

    Args:
        id: The name other files use for it; unique in a matrix.
        lat: Latitude in degrees WGS84.
        lon: Longitude in degrees WGS84.
        name: What people call it.
        area: Its official area code, such as ``33.16.03.2001``; empty where unknown. Notes find it by this.
    """

    id: str
    lat: float
    lon: float
    name: str = ""
    area: str = ""

    def __post_init__(self) -> None:
        assert self.id, "a place without an id"
        assert -90 <= self.lat <= 90, (self.id, self.lat)
        assert -180 <= self.lon <= 180, (self.id, self.lon)


def check_places(places: Iterable[Place]) -> tuple[Place, ...]:
    """Return the places as a tuple that a matrix can be made for.

    Raises:
        Refused: ROADS-NO-PLACES, ROADS-TOO-MANY-PLACES, ROADS-DUPLICATE-PLACE.
    """
    found = tuple(places)
    if not found:
        raise Refused("ROADS-NO-PLACES")
    if len(found) > PLACES_MAX:
        raise Refused("ROADS-TOO-MANY-PLACES", count=len(found), limit=PLACES_MAX)
    seen: set[str] = set()
    for place in found:
        if place.id in seen:
            raise Refused("ROADS-DUPLICATE-PLACE", place=place.id)
        seen.add(place.id)
    return found


def read_table(path: Path, needed: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a small CSV file with the line of each; the delimiter may be ``,`` or ``;``.

    Args:
        path: The file.
        needed: Columns that must be there, in small letters.

    Raises:
        Refused: ROADS-FILE-UNREADABLE, ROADS-FILE-TOO-LARGE, ROADS-NO-COLUMN, ROADS-ROW-WIDTH.
    """
    try:
        size = path.stat().st_size
        if size > PLACES_FILE_MAX:
            raise Refused("ROADS-FILE-TOO-LARGE", file=path.name, size=size, limit=PLACES_FILE_MAX)
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Refused("ROADS-FILE-UNREADABLE", file=path.name, reason=reason_of(error)) from error
    except UnicodeDecodeError as error:
        raise Refused("ROADS-FILE-UNREADABLE", file=path.name, reason="bukan teks UTF-8") from error
    header = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if header.count(";") > header.count(",") else ",")
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
        for name in needed:
            if name not in columns:
                raise Refused("ROADS-NO-COLUMN", file=path.name, column=name, found=", ".join(columns) or "–")
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise Refused("ROADS-FILE-UNREADABLE", file=path.name, reason=f"baris {reader.line_num}") from error
    _check_width(rows, len(columns), path.name)
    return [(line, dict(zip(columns, row, strict=False))) for line, row in rows if any(row)]


def _check_width(rows: list[tuple[int, list[str]]], width: int, file: str) -> None:
    """Refuse a row with more cells than titles: a decimal comma has cut a number in two."""
    for line, row in rows:
        if any(row[width:]):
            raise Refused("ROADS-ROW-WIDTH", file=file, line=line, found=len(row), expected=width)


def read_places(path: Path) -> tuple[Place, ...]:
    """Return the places of a CSV file with the columns ``id,lat,lon`` and perhaps ``name,area``.

    Raises:
        Refused: The file or one of its lines is wrong; the sentence names the line.
    """
    found: dict[str, int] = {}
    places = []
    for line, row in read_table(path, ("id", "lat", "lon")):
        place_id = row.get("id", "")
        if not place_id:
            raise Refused("ROADS-NO-ID", file=path.name, line=line)
        if place_id in found:
            raise Refused(
                "ROADS-DUPLICATE-LINE", file=path.name, line=line, place=place_id, first=found[place_id]
            )
        found[place_id] = line
        lat = _degrees(row.get("lat", ""), "lat", path.name, line)
        lon = _degrees(row.get("lon", ""), "lon", path.name, line)
        _check_coordinate(lat, lon, path.name, line)
        places.append(Place(place_id, lat, lon, row.get("name", ""), row.get("area", "")))
    return check_places(places)


def _degrees(text: str, column: str, file: str, line: int) -> float:
    try:
        degrees = float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        degrees = math.nan
    if not math.isfinite(degrees):
        raise Refused("ROADS-NO-NUMBER", file=file, line=line, column=column, value=text)
    return degrees


def _check_coordinate(lat: float, lon: float, file: str, line: int) -> None:
    """Refuse what is no coordinate; latitude and longitude of Indonesia can't be confused, so name a swap."""
    swapped = INDONESIA_LON[0] <= lat <= INDONESIA_LON[1] and INDONESIA_LAT[0] <= lon <= INDONESIA_LAT[1]
    if swapped:
        raise Refused("ROADS-SWAPPED", file=file, line=line, lat=lat, lon=lon)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Refused("ROADS-OUTSIDE", file=file, line=line, lat=lat, lon=lon)
