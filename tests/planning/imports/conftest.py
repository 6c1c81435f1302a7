"""Writers of small spreadsheets in every form, and Blora's register."""

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tepat.common.areas import Area, load_area
from tepat.planning.imports.desa_register import DesaRegister
from tepat.planning.imports.engine import ImportResult, read_import
from tepat.planning.imports.entries import ImportOptions
from tepat.planning.imports.kinds import KINDS

type Rows = Sequence[Sequence[Any]]


def as_xlsx(sheets: dict[str, Rows]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def as_xls(sheets: dict[str, Rows]) -> bytes:
    import xlwt

    book = xlwt.Workbook()
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(at, column, value)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def as_ods(sheets: dict[str, Rows]) -> bytes:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        table = Table(name=name)
        for row in rows:
            line = TableRow()
            for value in row:
                number = isinstance(value, int | float)
                cell = (
                    TableCell(valuetype="float", value=str(value))
                    if number
                    else TableCell(valuetype="string")
                )
                if value is not None:
                    cell.addElement(P(text=str(value)))
                line.addElement(cell)
            table.addElement(line)
        book.spreadsheet.addElement(table)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def as_csv(rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


HEADER = ("No", "Kecamatan", "Desa", "TPS", "L", "P", "L+P", "Dapil")


@pytest.fixture(scope="session")
def blora() -> Area:
    return load_area("blora")


@pytest.fixture(scope="session")
def register(blora: Area) -> DesaRegister:
    return DesaRegister.of_area(blora)


@pytest.fixture(scope="session")
def read(register: DesaRegister) -> Callable[..., ImportResult]:
    """Read a file of a kind with the rules of Pemilu 2024 unless told otherwise."""

    def read(data: bytes | Rows, kind: str = "tps", **options: Any) -> ImportResult:
        chosen = ImportOptions(**({"voters_max": 300, "dapil_needed": True} | options))
        content = data if isinstance(data, bytes) else as_xlsx({"Daftar": data})
        return read_import(content, KINDS[kind], register, chosen)

    return read


@pytest.fixture
def rows() -> list[list[Any]]:
    """Six clean rows: Cepu and Jati, two desa."""
    listed: list[list[Any]] = [list(HEADER)]
    places = [("Cepu", "Cabean", n) for n in (1, 2, 3)] + [("Jati", "Doplang", n) for n in (1, 2, 3)]
    for number, (kecamatan, desa, tps) in enumerate(places, 1):
        male, female = 100 + tps, 110 + number
        listed.append([number, kecamatan, desa, tps, male, female, male + female, "Blora 3"])
    return listed


@pytest.fixture(scope="session")
def forms() -> dict[str, Callable[..., bytes]]:
    """Writers by form; CSV takes one sheet."""
    return {"xlsx": as_xlsx, "xls": as_xls, "ods": as_ods, "csv": as_csv}


def kinds_at(result: ImportResult) -> dict[str, list[str]]:
    """Kinds of findings by cell."""
    found: dict[str, list[str]] = {}
    for one in result.findings:
        found.setdefault(one.cell, []).append(one.kind)
    return found


@pytest.fixture(scope="session")
def at() -> Callable[[ImportResult], dict[str, list[str]]]:
    return kinds_at
