"""A spreadsheet as plain values, whatever file it came from."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property, lru_cache

type Value = str | int | float | bool | date | datetime | time | None

EXACT_FLOAT_MAX = 10**16  # sixteen digits: a NIK that Excel turned into a number is still recognised

LETTERS = 26


@lru_cache(maxsize=1024)
def column_letter(column: int) -> str:
    """Return the letters of a column counted from 0, such as ``A`` or ``AB``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letters: str) -> int | None:
    """Return the column counted from 0 of letters such as ``AB``; None for anything else."""
    index = 0
    for letter in letters.strip().upper():
        if not "A" <= letter <= "Z":
            return None
        index = index * LETTERS + ord(letter) - ord("A") + 1
    return index - 1 if index else None


def address(row: int, column: int) -> str:
    """Return the A1 address of a cell whose row and column are counted from 0."""
    return f"{column_letter(column)}{row + 1}"


@dataclass(frozen=True)
class Merge:
    """A merged range; rows and columns count from 0, both ends are inside."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def name(self) -> str:
        """The range as Excel writes it, such as ``B4:B9``."""
        return f"{address(self.top, self.left)}:{address(self.bottom, self.right)}"

    def cells(self) -> Iterator[tuple[int, int]]:
        """Yield every cell of the range."""
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, self.right + 1):
                yield row, column


@dataclass
class Sheet:
    """One sheet; its rows are not changed once they are read.

    Args:
        name: As on its tab.
        rows: Values by row and column, both from 0; rows may be of unequal length.
        hidden: Whether the tab is hidden.
        merges: Merged ranges.
        hidden_rows: Rows that Excel does not show.
        hidden_columns: Columns that Excel does not show.
        no_cached_value: Cells with a formula whose result is not in the file.
    """

    name: str
    rows: list[list[Value]]
    hidden: bool = False
    merges: tuple[Merge, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    no_cached_value: frozenset[tuple[int, int]] = frozenset()

    @cached_property
    def width(self) -> int:
        """Columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)

    def at(self, row: int, column: int) -> Value:
        """Return the value of a cell, None outside the sheet."""
        if row < len(self.rows) and column < len(self.rows[row]):
            return self.rows[row][column]
        return None

    @cached_property
    def empty(self) -> bool:
        """Whether no cell holds anything."""
        return not any(not is_blank(value) for row in self.rows for value in row)


@dataclass
class Book:
    """A whole file.

    Args:
        form: ``xlsx``, ``xls``, ``xlsb``, ``ods`` or ``csv``.
        sheets: In the order of the tabs.
        remarks: What this form of file does not tell, such as ``no_hidden_rows``.
    """

    form: str
    sheets: list[Sheet]
    remarks: tuple[str, ...] = field(default=())


def is_blank(value: Value) -> bool:
    """Return whether a cell looks empty to a person."""
    return value is None or (type(value) is str and not value.strip())


def settle(value: object) -> Value:
    """Return a cell's value in one shape for all kinds of file: whole floats become whole numbers."""
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < EXACT_FLOAT_MAX
        return int(value) if whole else value
    if value is None or isinstance(value, str | int | bool | date | datetime | time):
        return value if value != "" else None
    return str(value)


def shown(value: Value) -> str:
    """Return a value as a person would read it in the cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


def trimmed(rows: list[list[Value]]) -> list[list[Value]]:
    """Return rows without blank cells at their ends and without blank rows at the end."""
    kept = []
    for row in rows:
        end = len(row)
        while end and is_blank(row[end - 1]):
            end -= 1
        kept.append(row[:end])
    while kept and not kept[-1]:
        kept.pop()
    return kept
