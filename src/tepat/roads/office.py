"""(c) The office's own matrix: minutes and kilometres that people who drove there filled in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

from tepat.common.errors import Refused
from tepat.roads.matrix import NO_ROAD, VEHICLE_CLASSES, WEATHERS, VehicleClass, Weather
from tepat.roads.places import read_table

CLOSED_WORDS = ("-", "tutup", "tidak ada")
CLASS_WORDS: dict[str, VehicleClass] = {
    "truck": "truk",
    "pick-up": "pikap",
    "pickup": "pikap",
    "sepeda motor": "motor",
}
SPEED_KM_H_MAX = 120
"""Faster than this between two places is a slip of the pen."""

MINUTES_MAX = 7 * 24 * 60
KILOMETRES_MAX = 2_000


@dataclass(frozen=True)
class OfficePair:
    """What the office knows of one drive, in one direction.

    Args:
        origin: Place id.
        destination: Place id.
        duration_s: Seconds; -1 = no road.
        distance_m: Metres; -1 = no road.
        vehicle_class: For this class only; None = for all.
        weather: In this weather only; None = the figure is for dry weather, and the wet slows it.
        line: Where it stands in the file.
    """

    origin: str
    destination: str
    duration_s: int
    distance_m: int
    vehicle_class: VehicleClass | None = None
    weather: Weather | None = None
    line: int = 0

    def fits(self, vehicle_class: VehicleClass, weather: Weather) -> bool:
        """Return whether it counts for this class in this weather."""
        return self.vehicle_class in (None, vehicle_class) and self.weather in (None, weather)

    @property
    def precision(self) -> tuple[bool, bool]:
        """Sorts the general before the particular, which then wins."""
        return self.vehicle_class is not None, self.weather is not None


def vehicle_class_of(text: str) -> VehicleClass | None:
    """Return the vehicle class that a word names, or None."""
    word = text.strip().lower()
    return CLASS_WORDS.get(word) or next((known for known in VEHICLE_CLASSES if known == word), None)


def read_office_matrix(path: Path, place_ids: Sequence[str]) -> tuple[OfficePair, ...]:
    """Return the office's pairs from a CSV file.

    Columns: ``dari,ke,menit,km`` and perhaps ``kelas``, ``cuaca``, ``dua_arah`` (``ya``: the same both ways).
    ``menit`` = ``tutup``: there is no road.

    Args:
        path: The file.
        place_ids: The places that may be named.

    Raises:
        Refused: The file or one of its lines is wrong; the sentence names the line.
    """
    known = set(place_ids)
    pairs: list[OfficePair] = []
    seen: dict[tuple[str, str, str | None, str | None], int] = {}
    for line, row in read_table(path, ("dari", "ke", "menit", "km")):
        for pair in _pairs(path.name, line, row, known):
            key = (pair.origin, pair.destination, pair.vehicle_class, pair.weather)
            if key in seen:
                raise Refused(
                    "ROADS-PAIR-TWICE",
                    file=path.name,
                    line=line,
                    first=seen[key],
                    origin=pair.origin,
                    destination=pair.destination,
                )
            seen[key] = line
            pairs.append(pair)
    return tuple(pairs)


def _pairs(file: str, line: int, row: dict[str, str], known: set[str]) -> list[OfficePair]:
    origin, destination = row.get("dari", ""), row.get("ke", "")
    for place in (origin, destination):
        if place not in known:
            raise Refused("ROADS-UNKNOWN-PLACE", file=file, line=line, place=place)
    if origin == destination:
        raise Refused("ROADS-PAIR-OF-ONE", file=file, line=line, place=origin)
    duration_s, distance_m = _figures(file, line, row)
    vehicle_class = _word(file, line, row, "kelas", VEHICLE_CLASSES)
    weather = _word(file, line, row, "cuaca", WEATHERS)
    both = _word(file, line, row, "dua_arah", ("ya", "tidak")) == "ya"
    ends = [(origin, destination), (destination, origin)][: 1 + both]
    return [
        OfficePair(
            origin=start,
            destination=end,
            duration_s=duration_s,
            distance_m=distance_m,
            vehicle_class=cast("VehicleClass | None", vehicle_class),
            weather=cast("Weather | None", weather),
            line=line,
        )
        for start, end in ends
    ]


def _figures(file: str, line: int, row: dict[str, str]) -> tuple[int, int]:
    if row.get("menit", "").lower() in CLOSED_WORDS:
        return NO_ROAD, NO_ROAD
    minutes = _number(file, line, row, "menit", MINUTES_MAX)
    km = _number(file, line, row, "km", KILOMETRES_MAX)
    if km * 60 > SPEED_KM_H_MAX * minutes:
        raise Refused(
            "ROADS-TOO-FAST", file=file, line=line, minutes=row["menit"], km=row["km"], limit=SPEED_KM_H_MAX
        )
    return round(minutes * 60), round(km * 1000)


def _number(file: str, line: int, row: dict[str, str], column: str, limit: int) -> Fraction:
    text = row.get(column, "")
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", text):
        raise Refused("ROADS-AMBIGUOUS-NUMBER", file=file, line=line, column=column, value=text)
    if not re.fullmatch(r"\d{1,7}([.,]\d{1,6})?", text):
        raise Refused("ROADS-NO-NUMBER", file=file, line=line, column=column, value=text)
    number = Fraction(text.replace(",", "."))
    if number > limit:
        raise Refused("ROADS-NUMBER-TOO-LARGE", file=file, line=line, column=column, value=text, limit=limit)
    return number


def _word(file: str, line: int, row: dict[str, str], column: str, allowed: Sequence[str]) -> str | None:
    text = row.get(column, "").lower()
    if not text:
        return None
    word = (vehicle_class_of(text) or text) if column == "kelas" else text
    if word not in allowed:
        raise Refused(
            "ROADS-UNKNOWN-WORD", file=file, line=line, column=column, value=text, allowed=", ".join(allowed)
        )
    return word
