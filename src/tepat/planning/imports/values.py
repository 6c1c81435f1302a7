"""Cells that are no numbers: yes and no, choices, dates; and how well a column's content fits a field."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime

from tepat.planning.imports.desa_register import DesaRegister, plain_name
from tepat.planning.imports.fields import Field, Type
from tepat.planning.imports.headings import plain
from tepat.planning.imports.numbers import read_degrees, read_number, read_tps
from tepat.planning.imports.sheets import Value, is_blank, shown

EVIDENCE_CELLS_MAX = 200
HALF_FIT = 0.7
EMPTY_FIT = 0.9

UNKNOWN = frozenset(
    {
        *(
            "-",
            "–",
            "—",
            "?",
            "n/a",
            "na",
            "belum dilihat",
            "belum diperiksa",
            "belum dicek",
            "belum diketahui",
        ),
        *("belum disurvei", "belum tahu", "tidak tahu", "tdk tahu", "tidak diketahui"),
    }
)
YES = frozenset(
    {"ya", "y", "v", "x", "✓", "✔", "√", "ada", "1", "true", "sudah", "benar", "bisa", "yes", "tersedia"}
)
NO = frozenset(
    {"tidak", "t", "tdk", "belum", "0", "false", "tidak ada", "tdk ada", "no", "n", "✗", "✘"}
    | {"tidak tersedia", "tdk"}
)
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january",
            "februari feb february pebruari",
            "maret mar march",
            "april apr",
            "mei may",
            "juni jun june",
            "juli jul july",
            "agustus agu ags aug august",
            "september sep sept",
            "oktober okt oct october",
            "november nov nopember",
            "desember des dec december",
        ),
        1,
    )
    for name in names.split()
}
DAY_FIRST = re.compile(r"(\d{1,2})[\s/.\-]+(\d{1,2}|[A-Za-z]+)[\s/.\-]+(\d{4}|\d{2})")
YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
CENTURY = 2000
KECAMATAN_IN_TITLE = re.compile(r"\b(?:kecamatan|kec)\b[\s.:]*([^\W\d_][\w'. -]*)", re.IGNORECASE)
DESA_IN_TITLE = re.compile(
    r"\b(?:desa|kelurahan|kel)\b(?:\s*/\s*(?:desa|kelurahan|kel))?[\s.:]*([^\W\d_][\w'. -]*)", re.IGNORECASE
)


def read_yes_no(value: Value) -> bool | None:
    """Return what a cell of a yes-no column says; a dash and what nobody looked at say neither."""
    if isinstance(value, bool):
        return value
    text = shown(value).strip().lower()
    return True if text in YES else False if text in NO else None


def unknown(value: Value) -> bool:
    """Return whether a cell says that nobody knows: a dash, a question mark, "belum dilihat"."""
    return " ".join(shown(value).lower().split()) in UNKNOWN


def read_choice(value: Value, field: Field) -> str | None:
    """Return the stored word for a cell of a choice, None where no choice is meant."""
    text = plain(shown(value))
    for stored, words in field.choices:
        if text == stored or text in words:
            return stored
    spaced = f" {text} "
    for stored, words in field.choices:
        if any(f" {word} " in spaced for word in (stored, *words)):
            return stored
    return None


def read_date(value: Value) -> date | None:
    """Return the date in a cell, None where there is none; the day stands before the month."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = shown(value).strip()
    if match := YEAR_FIRST.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := DAY_FIRST.fullmatch(text):
        month = int(match[2]) if match[2].isdigit() else MONTHS.get(match[2].lower(), 0)
        year = int(match[3])
        return _date(year + CENTURY if year < 100 else year, month, int(match[1]))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def evidence_for(register: DesaRegister) -> Callable[[Field, Sequence[Value]], float]:
    """Return the function that says which share of some values fits a field, from 0 to 1."""

    def evidence(field: Field, values: Sequence[Value]) -> float:
        filled = [value for value in values if not is_blank(value)][:EVIDENCE_CELLS_MAX]
        if not filled:
            return EMPTY_FIT
        return sum(_fit(field, value, register) for value in filled) / len(filled)

    return evidence


def _number_fit(field: Field, value: Value, register: DesaRegister) -> float:
    del register
    reading = read_number(value, thousands=field.type is Type.RUPIAH)
    return float(reading.value is not None or reading.problem not in {"unreadable_number", ""})


FITS: dict[Type, Callable[[Field, Value, DesaRegister], float]] = {
    Type.COUNT: _number_fit,
    Type.RUPIAH: _number_fit,
    Type.MEASURE: _number_fit,
    Type.DEGREES: lambda _, value, __: float(not read_degrees(value).problem),
    Type.TPS: lambda _, value, __: float(read_tps(value).value is not None),
    Type.DESA_CODE: lambda _, value, register: _code_fit(shown(value).strip(), register),
    Type.DESA: lambda _, value, register: 1.0 if register.known(shown(value)) else _wordlike(value),
    Type.KECAMATAN: lambda _, value, register: (
        1.0 if register.match_kecamatan(shown(value).strip()).code else _wordlike(value)
    ),
    # A word that says neither is named at its cell; it does not make the column another.
    Type.YES_NO: lambda _, value, __: 1.0 if read_yes_no(value) is not None or unknown(value) else HALF_FIT,
    Type.CHOICE: lambda field, value, _: 1.0 if read_choice(value, field) else 0.5,
    Type.DATE: lambda _, value, __: float(read_date(value) is not None),
    Type.TEXT: lambda _, value, __: 1.0 if isinstance(value, str) else HALF_FIT,
    Type.DAPIL: lambda *_: 1.0,
    Type.CODE: lambda *_: 1.0,
}


def _fit(field: Field, value: Value, register: DesaRegister) -> float:
    return FITS[field.type](field, value, register)


def _wordlike(value: Value) -> float:
    return HALF_FIT if isinstance(value, str) and re.search(r"[^\W\d_]{3}", value) else 0.0


def _code_fit(text: str, register: DesaRegister) -> float:
    if register.code_in(text):
        return 1.0
    return HALF_FIT if re.fullmatch(r"[123]\d{3}", text) else 0.0


def kecamatan_in(text: str, register: DesaRegister) -> str | None:
    """Return the code of the kecamatan that a sheet's name or a title speaks of, None for none."""
    names = {plain_name(name): code for code, name in register.kecamatan.items()}
    if match := KECAMATAN_IN_TITLE.search(text):
        words = match[1].split()
        for count in range(min(3, len(words)), 0, -1):
            found = names.get(plain_name(" ".join(words[:count])))
            if found:
                return found
    return names.get(plain_name(re.sub(r"^[\d\s.)_-]+|[\s_-]*\(?\d+\)?\s*$", "", text)))
