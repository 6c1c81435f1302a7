"""What an office decides about its papers: letterhead, numbers, signatories, size; a TOML file."""

import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from string import Formatter
from typing import Any, Literal

import msgspec

from tepat.common.errors import Refused
from tepat.common.unread import why_unread

SERIES_FIELDS = frozenset({"n", "code", "month", "year"})
SERIES_LENGTH_MAX = 60
LINE_LENGTH_MAX = 80
NOTE_LENGTH_MAX = 250
LINES_MAX = {
    "letterhead": 4,
    "warehouse_witness": 4,
    "district_witness": 4,
    "village_witness": 4,
    "notes": 5,
}
PLAN_SERIES = {
    "strategi": "{n}/NS-LOG/{code}/{month}/{year}",
    "rab": "{n}/RAB-LOG/{code}/{month}/{year}",
    "pengawalan": "{n}/RP-LOG/{code}/{month}/{year}",
    "petikan": "{n}/PR-LOG/{code}/{month}/{year}",
    "jadwal": "{n}/JD-LOG/{code}/{month}/{year}",
    "surat-tugas": "{n}/ST-LOG/{code}/{month}/{year}",
}
"""Patterns that hold where an office set none of its own: its settings may be older than these papers.

Nobody waits for papers of these kinds to come back.
"""

KINDS = {
    "surat-jalan": "surat jalan",
    "bast": "BAST",
    "tanda-terima": "tanda terima",
    "strategi": "naskah strategi",
    "rab": "RAB",
    "pengawalan": "rencana pengawalan",
    "petikan": "petikan rencana",
    "jadwal": "jadwal untuk Bawaslu",
    "surat-tugas": "surat tugas",
}


class PaperSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The office's settings for printed papers.

    Args:
        size: ``a4`` (210 × 297 mm) or ``f4`` (215 × 330 mm).
        letterhead: Lines at the head of each paper, the first in capitals.
        address: One line below the letterhead.
        city: Where papers are signed.
        series: Number pattern for each kind of paper; `{n}` running number, `{code}` area code, `{month}`
            Roman month, `{year}` year.
        giver: The post that hands over at the warehouse.
        warehouse_witness: Posts that sign beside giver and receiver at the warehouse.
        village_witness: Posts that sign beside giver and receiver at a PPS.
        district_witness: Posts that sign beside giver and receiver at a PPK.
        notes: Sentences printed below the figures, such as what to do when a count differs.
    """

    size: Literal["a4", "f4"]
    letterhead: tuple[str, ...]
    address: str
    city: str
    series: dict[str, str]
    giver: str
    warehouse_witness: tuple[str, ...]
    village_witness: tuple[str, ...]
    district_witness: tuple[str, ...]
    notes: tuple[str, ...]


def paper_settings(office: str, *, path: Path | None = None) -> PaperSettings:
    """Return the office's settings, or the defaults with the office's name in the letterhead.

    Args:
        office: The office's name, such as ``Kabupaten Blora``.
        path: A TOML file of the office; None = the defaults beside this module.

    Raises:
        Refused: PAPER-SETTINGS, naming the field that is wrong.
    """
    file = path or resources.files(__package__) / "settings.toml"
    try:
        raw = (
            file.read_text(encoding="utf-8")
            .replace("{KANTOR}", _area(office).upper())
            .replace("{Kota}", _town(office))
        )
        return settings_from(tomllib.loads(raw))
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError, ValueError) as error:
        raise Refused(
            "PAPER-SETTINGS", file=str(getattr(file, "name", file)), reason=why_unread(error)
        ) from error


def settings_from(values: dict[str, Any]) -> PaperSettings:
    """Return settings from plain values, checked so that every paper can be printed with them.

    Args:
        values: One entry for each field of `PaperSettings`.

    Raises:
        ValueError: In Indonesian, naming the first thing that is wrong.
    """
    series = values.get("series")
    if isinstance(series, dict):
        values = values | {"series": PLAN_SERIES | series}
    made = msgspec.convert(values, PaperSettings)
    if fault := next(faults(made), None):
        raise ValueError(fault)
    return made


def faults(given: PaperSettings) -> Iterator[str]:
    """Yield what would keep a paper from being printed with these settings, in Indonesian."""
    yield from _series_faults(given.series)
    for name, lines_max in LINES_MAX.items():
        lines = getattr(given, name)
        length_max = NOTE_LENGTH_MAX if name == "notes" else LINE_LENGTH_MAX
        if len(lines) > lines_max:
            yield f"{name}: {len(lines)} baris, paling banyak {lines_max}"
        if any(not 0 < len(line.strip()) <= length_max for line in lines):
            yield f"{name}: tiap baris 1 sampai {length_max} huruf"
    if not given.letterhead:
        yield "letterhead: kop surat belum diisi"
    for name in ("address", "city", "giver"):
        if not 0 < len(getattr(given, name).strip()) <= LINE_LENGTH_MAX:
            yield f"{name}: 1 sampai {LINE_LENGTH_MAX} huruf"


def _series_faults(series: dict[str, str]) -> Iterator[str]:
    if set(series) != set(KINDS):
        yield f"series: perlu tepat {', '.join(KINDS)}"
        return
    for kind, pattern in series.items():
        if fault := _pattern_fault(pattern):
            yield f"nomor {KINDS[kind]} {pattern!r}: {fault}"
    if len(set(series.values())) < len(series):
        yield "series: dua jenis dokumen memakai pola nomor yang sama"


def _pattern_fault(pattern: str) -> str:
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError:
        return "kurung kurawal tidak berpasangan"
    fields = [(name, spec, conversion) for _, name, spec, conversion in parts if name is not None]
    if any(name not in SERIES_FIELDS or spec or conversion for name, spec, conversion in fields):
        return "yang dikenal hanya {n}, {code}, {month}, {year}"
    if "n" not in {name for name, _, _ in fields}:
        return "harus memuat {n}, nomor urut"
    return "" if len(pattern) <= SERIES_LENGTH_MAX else f"paling panjang {SERIES_LENGTH_MAX} huruf"


def _area(office: str) -> str:
    return office.removeprefix("KPU ")


def _town(office: str) -> str:
    return _area(office).removeprefix("Kabupaten ").removeprefix("Kota ")
