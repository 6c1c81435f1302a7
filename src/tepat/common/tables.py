"""A table as data: one object becomes rows on a screen, an Excel sheet, a CSV file, a page for print. Pure.

A screen builds a `Table`; how a number is written stands here once.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from tepat.common.quantities import clock, decimal_comma, grouped, rupiah

ZONE_NAMES = {7 * 3600: "WIB", 8 * 3600: "WITA", 9 * 3600: "WIT"}
MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
UNKNOWN = "–"
TABLE_ROWS_MAX = 20_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SHEET_NAME_MAX = 31
COLUMN_WIDTH_MAX = 60

type Value = str | int | bool | date | datetime | None


class Kind(StrEnum):
    """What a column holds; numbers stand to the right."""

    TEXT = "teks"
    CODE = "kode"
    COUNT = "jumlah"
    RUPIAH = "rupiah"
    METRES = "meter"
    SECONDS = "detik"
    BASIS_POINTS = "perseratus"
    MOMENT = "saat"
    CLOCK = "jam"
    DATE = "tanggal"
    YES_NO = "ya-tidak"
    STATE = "keadaan"


NUMBERS = frozenset({Kind.COUNT, Kind.RUPIAH, Kind.METRES, Kind.SECONDS, Kind.BASIS_POINTS})
STATES = {"aman": "AMAN", "perhatikan": "PERHATIKAN", "gawat": "GAWAT", "belum": "BELUM ADA BUKTI"}


@dataclass(frozen=True)
class Why:
    """Where a number comes from.

    Args:
        rule: The rule in words.
        formula: The rule with this number's inputs filled in.
        source: The regulation or paper.
        mark: How certain that is, or empty.
    """

    rule: str
    formula: str
    source: str
    mark: str = ""


@dataclass(frozen=True)
class Cell:
    """A value with something beside it.

    Args:
        value: The value; a state's key in a column of states.
        href: Where it leads, or empty.
        why: Its derivation, or None.
        note: A short remark under it.
        best: The best of its row or column.
        word: Another word for a state than its own.
        kind: What it holds, where that differs from its column.
    """

    value: Value
    href: str = ""
    why: Why | None = None
    note: str = ""
    best: bool = False
    word: str = ""
    kind: Kind | None = None


@dataclass(frozen=True)
class Column:
    """One column: its title, what it holds, and a remark in its head."""

    title: str
    kind: Kind = Kind.TEXT
    hint: str = ""


@dataclass(frozen=True)
class Table:
    """A table that can be read, downloaded and printed.

    Args:
        id: Its name in the address, unique on a screen.
        title: Its heading.
        columns: From left to right.
        rows: Values or cells, one for each column.
        totals: The last line, or empty.
        note: A sentence under the heading, such as where the figures come from.
        contoh: What in it is not real, or empty.
        empty: What to read where there is no row.
        zone: The office's zone, for moments.
        passing: Shown in answer to a form: it has no address of its own to be downloaded from.
        across: Whether the columns are what is compared, so that one row holds like things.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value | Cell]]
    totals: Sequence[Value | Cell] = ()
    note: str = ""
    contoh: str = ""
    empty: str = "Belum ada baris."
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Jakarta"))
    passing: bool = False
    across: bool = False

    def __post_init__(self) -> None:
        width = len(self.columns)
        assert all(len(row) == width for row in self.rows), f"{self.id}: a row of another width"
        assert not self.totals or len(self.totals) == width, f"{self.id}: totals of another width"


def cell(value: Value | Cell) -> Cell:
    """Return a value as a cell."""
    return value if isinstance(value, Cell) else Cell(value)


def shown(value: Value, kind: Kind, zone: ZoneInfo) -> str:
    """Return a value as people read it.

    Args:
        value: As stored.
        kind: What its column holds.
        zone: The office's zone, for moments.
    """
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, datetime):
        return day_and_clock(value, zone) if kind is Kind.CLOCK else moment(value, zone)
    if isinstance(value, date):
        return short_date(value)
    if kind is Kind.STATE:
        return STATES[str(value)]
    return _number(value, kind) if isinstance(value, int) else value


def _number(value: int, kind: Kind) -> str:
    if kind is Kind.RUPIAH:
        return rupiah(value)
    if kind is Kind.METRES:
        return decimal_comma(value / 1000, 1)
    if kind is Kind.SECONDS:
        return ("−" if value < 0 else "") + clock(abs(value))
    if kind is Kind.BASIS_POINTS:
        return f"{decimal_comma(value / 100, 1)} %"
    return str(value) if kind in {Kind.TEXT, Kind.CODE} else grouped(value).replace("-", "−")


def zone_name(at: datetime) -> str:
    """Return WIB, WITA or WIT for a local moment, else its offset."""
    offset = at.utcoffset()
    assert offset is not None, at
    return ZONE_NAMES.get(int(offset.total_seconds()), at.strftime("%z"))


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Return a moment as ``13 Feb 2024 14.05 WIB``."""
    local = at.astimezone(zone)
    return f"{short_date(local.date())} {local:%H.%M} {zone_name(local)}"


def day_and_clock(at: datetime, zone: ZoneInfo) -> str:
    """Return a moment as ``13 Feb 14.05``, for columns whose head names the zone."""
    local = at.astimezone(zone)
    return f"{local.day} {MONTHS[local.month]} {local:%H.%M}"


def zone_word(zone: ZoneInfo, at: datetime) -> str:
    """Return what the clocks of a zone are called at a moment, such as ``WIB``."""
    return zone_name(at.astimezone(zone))


def short_date(day: date) -> str:
    """Return a date as ``13 Feb 2024``."""
    return f"{day.day} {MONTHS[day.month]} {day.year}"


def long_date(day: date) -> str:
    """Return a date as ``Selasa, 13 Feb 2024``."""
    return f"{DAYS[day.weekday()]}, {short_date(day)}"


def as_csv(table: Table, *, separator: str = ";") -> bytes:
    """Return a table as CSV that Indonesian Excel opens well: byte-order mark, semicolons, plain numbers.

    Args:
        table: What to write.
        separator: ``;`` or ``,``.
    """
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=separator, lineterminator="\r\n")
    writer.writerow([column.title for column in table.columns])
    for row in _all_rows(table):
        writer.writerow([_csv_value(cell(value), column, table.zone) for value, column in _pairs(row, table)])
    return ("\ufeff" + sheet.getvalue()).encode()


def as_xlsx(table: Table, heading: Sequence[str]) -> bytes:
    """Return a table as an Excel workbook: real numbers, frozen head, where the figures come from above it.

    Args:
        table: What to write.
        heading: Lines above the table, such as the office and the moment.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(table.title))
    above = (table.title, *heading, table.note, table.contoh and f"Contoh: {table.contoh}")
    lines = [line for line in above if line]
    sheet.freeze_panes = f"A{len(lines) + 3}"
    for number, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _width(table, number - 1, column)
    for number, line in enumerate(lines):
        top = WriteOnlyCell(sheet, line)
        top.data_type = "s"
        top.font = Font(bold=number == 0, size=14 if number == 0 else 10)
        sheet.append([top])
    sheet.append([])
    heads = []
    for column in table.columns:
        head = WriteOnlyCell(sheet, column.title)
        head.data_type = "s"
        head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        heads.append(head)
    sheet.append(heads)
    for row in _all_rows(table):
        sheet.append(
            [_xlsx_cell(sheet, cell(value), column, table.zone) for value, column in _pairs(row, table)]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _all_rows(table: Table) -> list[Sequence[Value | Cell]]:
    assert len(table.rows) <= TABLE_ROWS_MAX, f"{table.id}: {len(table.rows)} rows"
    return [*table.rows, *([table.totals] if table.totals else [])]


def _pairs(row: Sequence[Value | Cell], table: Table) -> list[tuple[Value | Cell, Column]]:
    return list(zip(row, table.columns, strict=True))


def kind_of(content: Cell, column: Column) -> Kind:
    """Return what a cell holds: its own kind, or its column's."""
    return content.kind or column.kind


def _is_number(content: Cell, column: Column) -> bool:
    whole = isinstance(content.value, int) and not isinstance(content.value, bool)
    return whole and kind_of(content, column) is not Kind.STATE


def _text(content: Cell, column: Column, zone: ZoneInfo) -> str:
    if content.value is None:
        return ""
    if isinstance(content.value, datetime):
        return content.word or moment(content.value, zone)
    return content.word or shown(content.value, kind_of(content, column), zone)


def _csv_value(content: Cell, column: Column, zone: ZoneInfo) -> str | int:
    """Return a number as Indonesian Excel reads it; text that would run as a formula is quoted."""
    value = content.value
    if _is_number(content, column):
        assert isinstance(value, int)
        kind = kind_of(content, column)
        if kind is Kind.METRES:
            return decimal_comma(value / 1000, 3).replace(".", "")
        if kind is Kind.SECONDS:
            return f"{value // 3600}:{value % 3600 // 60:02d}"
        if kind is not Kind.BASIS_POINTS:
            return value
    text = _text(content, column, zone)
    return "'" + text if text.startswith(FORMULA_STARTS) else text


SCALES: dict[Kind, tuple[int, str]] = {
    Kind.RUPIAH: (1, '"Rp"#,##0'),
    Kind.METRES: (1000, "#,##0.0"),
    Kind.SECONDS: (86_400, "[h]:mm"),
    Kind.BASIS_POINTS: (10_000, "0.0%"),
    Kind.COUNT: (1, "#,##0"),
}


def _xlsx_cell(sheet: Any, content: Cell, column: Column, zone: ZoneInfo) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if _is_number(content, column):
        assert isinstance(content.value, int)
        scale, number_format = SCALES.get(kind_of(content, column), (1, "0"))
        made = WriteOnlyCell(sheet, content.value if scale == 1 else content.value / scale)
        made.number_format = number_format
        return made
    made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", _text(content, column, zone)))
    made.data_type = "s"
    return made


def _sheet_name(title: str) -> str:
    kept = "".join(" " if letter in "[]:*?/\\" else letter for letter in title)
    return kept[:SHEET_NAME_MAX].strip(" '") or "Tabel"


def _width(table: Table, at: int, column: Column) -> float:
    sample = [shown(cell(row[at]).value, column.kind, table.zone) for row in table.rows[:200]]
    longest = max((len(text) for text in sample), default=0)
    return min(COLUMN_WIDTH_MAX, max(9, longest + 2, min(len(column.title), 18) + 2))
