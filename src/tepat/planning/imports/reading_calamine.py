"""XLS, XLSB and ODS through python-calamine: values and merged ranges where offered; no hidden rows."""

import io
from collections.abc import Mapping, Sequence

import python_calamine

from tepat.common.errors import Refused
from tepat.planning.imports.sheets import Book, Merge, Sheet, settle, trimmed


def read_calamine(data: bytes, form: str) -> Book:
    """Return the sheets of a workbook that openpyxl does not read.

    Args:
        data: The whole file.
        form: ``xls``, ``xlsb`` or ``ods``.

    Raises:
        Refused: IMPORT-FILE-PASSWORD, IMPORT-FILE-BROKEN.
    """
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheets = [
                _read_sheet(
                    book, entry.name, hidden=entry.visible != python_calamine.SheetVisibleEnum.Visible
                )
                for entry in book.sheets_metadata
                if entry.typ == python_calamine.SheetTypeEnum.WorkSheet
            ]
    except python_calamine.PasswordError as error:
        raise Refused("IMPORT-FILE-PASSWORD") from error
    except Exception as error:
        raise Refused("IMPORT-FILE-BROKEN") from error
    remarks = ["no_hidden_rows"] + (["no_merged_cells"] if form != "xls" else [])
    return Book(form, sheets, tuple(remarks))


def _read_sheet(book: python_calamine.CalamineWorkbook, name: str, *, hidden: bool) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    rows = sheet.to_python(skip_empty_area=False)
    ranges = sheet.merged_cell_ranges or []
    return Sheet(
        name=name,
        rows=trimmed([[settle(value) for value in row] for row in rows]),
        hidden=hidden,
        merges=tuple(
            Merge(top, left, bottom, right)
            for (top, left), (bottom, right) in ranges
            if (top, left) != (bottom, right)
        ),
    )


def cached_values(data: bytes) -> Mapping[str, Sequence[Sequence[object]]]:
    """Return the stored results of formulas by sheet, which openpyxl gives only on a second reading."""
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        return {
            entry.name: book.get_sheet_by_name(entry.name).to_python(skip_empty_area=False)
            for entry in book.sheets_metadata
            if entry.typ == python_calamine.SheetTypeEnum.WorkSheet
        }
