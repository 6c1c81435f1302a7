"""What is known of how an area really distributed: a file in `distribution/areas/`."""

import tomllib
from datetime import date
from functools import cache
from importlib import resources

import msgspec

from tepat.distribution.building.fleet import Counts
from tepat.distribution.problems import Path


class Arrivals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """On one date, the kecamatan that got their goods, at the PPK or straight at the PPS."""

    date: date
    path: Path
    kecamatan: tuple[str, ...]


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A distribution that happened.

    Args:
        name: The strategy's name.
        title: As shown.
        note: What in it is not known.
        cdd: CDD that may be used (contoh where unpublished).
        cde: CDE.
        pikap: Pick-ups.
        arrivals: Which kecamatan on which date.
    """

    name: str
    title: str
    note: str
    cdd: int
    cde: int
    pikap: int
    arrivals: tuple[Arrivals, ...]


class WarehouseName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The known name of the warehouse and what is not known of it."""

    name: str
    note: str


class KnownArea(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of one area and election beside the register."""

    area: str
    election: str
    source: str
    fleet: Counts | None = None
    warehouse: WarehouseName | None = None
    baseline: Baseline | None = None


@cache
def known_area(area: str, election: str) -> KnownArea | None:
    """Return what is known of an area and election, or None.

    Args:
        area: The code of the kabupaten/kota.
        election: The election's code.
    """
    folder = resources.files("tepat.distribution.areas")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        known = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), KnownArea)
        if (known.area, known.election) == (area, election):
            return known
    return None
