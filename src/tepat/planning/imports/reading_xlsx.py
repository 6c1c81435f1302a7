"""XLSX through openpyxl: values, results of formulas, merged ranges, hidden rows, columns and sheets."""

import io
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tepat.common.errors import Refused
from tepat.planning.imports.reading_calamine import cached_values
from tepat.planning.imports.sheets import Book, Merge, Sheet, Value, column_index, settle, trimmed

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


def read_xlsx(data: bytes) -> Book:
    """Return the sheets of an XLSX file.

    Args:
        data: The whole file, its unpacked size checked by the caller.

    Raises:
        Refused: IMPORT-FILE-BROKEN.
    """
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and validations that openpyxl does not know
            workbook = openpyxl.load_workbook(io.BytesIO(data))
        try:
            formulas = any(_formula_cells(sheet) for sheet in workbook.worksheets)
            results = cached_values(data) if formulas else {}
            sheets = [_read_sheet(sheet, results.get(sheet.title)) for sheet in workbook.worksheets]
        finally:
            workbook.close()
    except Exception as error:
        raise Refused("IMPORT-FILE-BROKEN") from error
    return Book("xlsx", sheets)


def _formula_cells(sheet: "Worksheet") -> list[tuple[int, int]]:
    return [(row - 1, column - 1) for (row, column), cell in _cells(sheet).items() if cell.data_type == "f"]


def _cells(sheet: "Worksheet") -> dict[tuple[int, int], Any]:
    # Only cells that are in the file: asking by row and column would make the empty ones up.
    cells: dict[tuple[int, int], Any] = sheet._cells  # noqa: SLF001 (openpyxl has no public way to the cells as stored)
    return cells


def _read_sheet(sheet: "Worksheet", results: Sequence[Sequence[object]] | None) -> Sheet:
    rows: dict[int, dict[int, Value]] = {}
    for (row, column), cell in _cells(sheet).items():
        value = settle(cell.value) if cell.data_type != "f" else None
        if value is not None:
            rows.setdefault(row - 1, {})[column - 1] = value
    lost = set()
    for row, column in _formula_cells(sheet):
        value = _result(results, row, column)
        rows.setdefault(row, {})[column] = value
        if value is None:
            lost.add((row, column))
    return Sheet(
        name=sheet.title,
        rows=trimmed(_dense(rows)),
        hidden=sheet.sheet_state != "visible",
        merges=tuple(
            Merge(area.min_row - 1, area.min_col - 1, area.max_row - 1, area.max_col - 1)
            for area in sheet.merged_cells.ranges
        ),
        hidden_rows=frozenset(number - 1 for number, row in sheet.row_dimensions.items() if row.hidden),
        hidden_columns=_hidden_columns(sheet),
        no_cached_value=frozenset(lost),
    )


def _result(results: Sequence[Sequence[object]] | None, row: int, column: int) -> Value:
    if results is None or row >= len(results) or column >= len(results[row]):
        return None
    return settle(results[row][column])


def _dense(rows: dict[int, dict[int, Value]]) -> list[list[Value]]:
    dense: list[list[Value]] = []
    for row in range(max(rows, default=-1) + 1):
        cells = rows.get(row, {})
        dense.append([cells.get(column) for column in range(max(cells, default=-1) + 1)])
    return dense


def _hidden_columns(sheet: "Worksheet") -> frozenset[int]:
    hidden: set[int] = set()
    for letters, dimension in sheet.column_dimensions.items():
        first = dimension.min or (column_index(letters) or 0) + 1
        last = dimension.max or first
        if dimension.hidden:
            hidden.update(range(first - 1, last))
    return frozenset(hidden)
