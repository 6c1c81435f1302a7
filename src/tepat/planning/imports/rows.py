"""What each row below a header is: of the list, a total, a header again, a title, or something else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from tepat.planning.imports.desa_register import DesaRegister, plain_name
from tepat.planning.imports.fields import NOT_FILLED, NUMERIC, Kind, Type
from tepat.planning.imports.headings import Header, heading_score, plain
from tepat.planning.imports.headings import Heading as Head
from tepat.planning.imports.numbers import read_number, read_tps
from tepat.planning.imports.sheets import Sheet, Value, is_blank, shown
from tepat.planning.imports.values import DESA_IN_TITLE, kecamatan_in

TOTAL_WORDS = re.compile(
    r"^\W*(sub\s*-?\s*total|grand\s*total|jumlah|jml|total|rekap|rekapitulasi)\b", re.IGNORECASE
)
HEADER_AGAIN_SHARE = 0.6
HEADER_CELLS_MIN = 3
NUMBERING_CELLS_MIN = 3


@dataclass
class Shape:
    """The rows of a sheet by what they are; rows count from 0.

    Args:
        data: Rows of the list.
        totals: Total rows with the column of their words and their scope.
        again: Rows that repeat the header.
        changed: Rows that look like another header.
        outside: Rows with something in them that belong to nothing.
        sections: For each row of the list below a section title: field to (title's row, column, text).
    """

    data: list[int] = field(default_factory=list)
    totals: dict[int, tuple[int, str]] = field(default_factory=dict)
    again: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    outside: list[int] = field(default_factory=list)
    sections: dict[int, dict[str, tuple[int, int, str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Grid:
    """A sheet with its header, its columns and its merged cells filled where that is right."""

    sheet: Sheet
    header: Header
    kind: Kind
    columns: Mapping[str, int]
    register: DesaRegister
    filled: Mapping[tuple[int, int], Value]

    def value(self, row: int, column: int) -> Value:
        """Return a cell, or what its merged range holds."""
        own = self.sheet.at(row, column)
        return self.filled.get((row, column), own) if is_blank(own) else own

    def mapped(self, row: int) -> dict[str, Value]:
        """Return the non-blank cells of a row by field."""
        cells = {name: self.value(row, column) for name, column in self.columns.items()}
        return {name: value for name, value in cells.items() if not is_blank(value)}

    def texts(self, row: int) -> list[tuple[int, str]]:
        """Return the texts of a row with their columns."""
        cells = self.sheet.rows[row]
        return [
            (c, value.strip()) for c, value in enumerate(cells) if isinstance(value, str) and value.strip()
        ]


def shape_of(grid: Grid) -> Shape:
    """Return what each row below the header is."""
    shape = Shape()
    context: dict[str, tuple[int, int, str]] = {}
    for row in range(grid.header.bottom + 1, len(grid.sheet.rows)):
        if all(is_blank(value) for value in grid.sheet.rows[row]):
            if _inside(grid, row):
                shape.data.append(row)
        elif section := _section(grid, row):
            context = section if "kecamatan" in section else {**context, **section}
        elif label := _total_label(grid, row):
            shape.totals[row] = label
        else:
            _sort_row(grid, row, shape)
            if context:
                shape.sections[row] = context
    _cut_tail(grid, shape)
    return shape


def _sort_row(grid: Grid, row: int, shape: Shape) -> None:
    """Put a row that is neither title nor total where it belongs."""
    if _is_numbering(grid, row):
        return
    if _repeats_header(grid, row):
        shape.again.append(row)
    elif _is_other_header(grid, row):
        shape.changed.append(row)
    elif _has_core(grid, row):
        shape.data.append(row)
    else:
        shape.outside.append(row)


def _inside(grid: Grid, row: int) -> bool:
    """Return whether a row that is blank but for merged cells is a row of the list all the same."""
    return any(name in grid.kind.core for name in grid.mapped(row))


def _is_numbering(grid: Grid, row: int) -> bool:
    """Return whether a row counts the columns: (1) (2) (3) under a header."""
    cells = [shown(value).strip() for value in grid.sheet.rows[row] if not is_blank(value)]
    if len(cells) < NUMBERING_CELLS_MIN:
        return False
    numbers = [re.fullmatch(r"\(?\s*(\d{1,3})\s*[).]?", cell) for cell in cells]
    if not all(numbers):
        return False
    counted = [int(match[1]) for match in numbers if match]
    if counted[0] > 2 or any(after != before + 1 for before, after in pairwise(counted)):
        return False
    words = grid.kind.named(list(grid.columns), Type.KECAMATAN, Type.DESA, Type.TEXT, Type.CHOICE)
    bracketed = all(cell.startswith("(") for cell in cells)
    return bracketed or any(
        re.fullmatch(r"\d{1,3}", shown(grid.mapped(row).get(name, "")).strip()) for name in words
    )


def _repeats_header(grid: Grid, row: int) -> bool:
    cells = [(column, plain(text)) for column, text in grid.texts(row)]
    filled = sum(not is_blank(value) for value in grid.sheet.rows[row])
    same = [
        column
        for column, text in cells
        if column in grid.header.headings
        and text in {plain(line) for line in grid.header.headings[column].lines}
    ]
    return len(same) >= 2 and len(same) >= HEADER_AGAIN_SHARE * filled


def _is_other_header(grid: Grid, row: int) -> bool:
    """Return whether a row holds the words of a header in other places than the header above."""
    cells = [value for value in grid.sheet.rows[row] if not is_blank(value)]
    if len(cells) < HEADER_CELLS_MIN or not all(isinstance(value, str) for value in cells):
        return False
    scores = {
        entry.name
        for _, text in grid.texts(row)
        for entry in grid.kind.fields
        if len(text) > 1 and heading_score(entry, Head((text,))) >= 97
    }
    return len(scores) >= HEADER_CELLS_MIN


def _first_number_column(grid: Grid) -> int:
    columns = [grid.columns[name] for name in grid.kind.named(list(grid.columns), *NUMERIC)]
    return min(columns, default=grid.sheet.width)


def _total_label(grid: Grid, row: int) -> tuple[int, str] | None:
    """Return column and scope of the words that make a row a total, None where it is none."""
    for column, text in grid.texts(row):
        if column < _first_number_column(grid) and TOTAL_WORDS.match(text):
            return column, _scope(text, grid)
    return None


def _scope(text: str, grid: Grid) -> str:
    words = text.lower()
    if re.search(r"\b(desa|kelurahan|kel)\b", words):
        return "desa"
    if re.search(r"\b(kecamatan|kec)\b", words):
        return "kecamatan"
    if re.search(r"\b(kabupaten|kab|kota|seluruh|semua|akhir|grand)\b", words):
        return "all"
    rest = plain_name(TOTAL_WORDS.sub("", text))
    if rest and any(plain_name(name) == rest for name in grid.register.kecamatan.values()):
        return "kecamatan"
    return "desa" if rest and rest in grid.register.plain_names else ""


def _section(grid: Grid, row: int) -> dict[str, tuple[int, int, str]] | None:
    """Return what a title between the rows says of those below it, None where the row is no title."""
    texts = grid.texts(row)
    others = any(not is_blank(value) and not isinstance(value, str) for value in grid.sheet.rows[row])
    if others or len({text for _, text in texts}) != 1 or not texts:
        return None
    column, text = texts[0]
    if kecamatan_in(text, grid.register) and re.search(r"(?i)\bkec", text):
        return {"kecamatan": (row, column, text)}
    if match := DESA_IN_TITLE.match(text):
        return {"desa": (row, column, match[1].strip())}
    return None


def _has_core(grid: Grid, row: int) -> bool:
    mapped = grid.mapped(row)
    if any(name in grid.kind.core for name in mapped):
        return True
    return len(mapped) >= 2 and any(name in mapped for name in ("desa", "desa_code"))


def _is_solid(grid: Grid, row: int) -> bool:
    """Return whether a row is surely one of the list, however many faults it has."""
    mapped = grid.mapped(row)
    if grid.kind.anchor == "tps":
        if read_tps(mapped.get("tps")).value is not None:
            return True
        numbers = grid.kind.named(list(mapped), *NUMERIC)
        return any(read_number(mapped[name]).value is not None for name in numbers)
    required = [entry.name for entry in grid.kind.fields if entry.required and entry.name in grid.columns]
    return sum(name in mapped for name in required) * 2 > len(required)


def _cut_tail(grid: Grid, shape: Shape) -> None:
    """Put what stands below the last row or total outside: place and date, signatures, remarks."""
    last_total = max(shape.totals, default=-1)
    while shape.data and shape.data[-1] > last_total and not _is_solid(grid, shape.data[-1]):
        shape.outside.append(shape.data.pop())
    shape.outside.sort()


def fill_merged(
    sheet: Sheet, header: Header, kind: Kind, columns: Mapping[str, int]
) -> dict[tuple[int, int], Value]:
    """Return what merged ranges below the header put into their blank cells.

    Only places and other words are filled: one number over several rows belongs to none of them.
    """
    by_column = {column: kind.field(name).type for name, column in columns.items()}
    filled = {}
    for merge in sheet.merges:
        kind_of = by_column.get(merge.left)
        if (
            merge.top <= header.bottom
            or merge.top == merge.bottom
            or kind_of in NOT_FILLED
            or kind_of is None
        ):
            continue
        value = sheet.at(merge.top, merge.left)
        for row in range(merge.top + 1, min(merge.bottom + 1, len(sheet.rows))):
            filled[row, merge.left] = value
    return filled
