"""A deliberately messy workbook: what offices really send, with every fault known beforehand.

For the demonstration and the tests. TPS per desa are real, voters are ``contoh``; the same area and seed give
the same bytes. Each kecamatan has its sheet; each fault is planted and returned with its address.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tepat.common.areas import Area, load_area
from tepat.common.samples import SampleTps, sample_tps, spread
from tepat.planning.imports.messy_faults import plant_faults
from tepat.planning.imports.messy_pages import DATA, HEADER, LABELS, TITLE_ROWS, Line, Page

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ELECTION = "pemilu-2024"
FIXED_ZIP_TIME = (2024, 2, 1, 0, 0, 0)
FIXED_TIME = b"2024-02-01T00:00:00Z"

PLAIN_COLUMNS = tuple(name for name in LABELS if name != "desa_code")


@dataclass(frozen=True)
class PlantedFault:
    """One fault and where it was put.

    Args:
        kind: The finding's kind.
        sheet: The sheet.
        cell: The A1 address; empty where the finding is about a whole sheet's kecamatan.
    """

    kind: str
    sheet: str
    cell: str


def pages_of(area: Area, sample: Sequence[SampleTps] | None = None) -> list[Page]:
    """Return a clean sheet for each kecamatan of an area.

    Args:
        area: The kabupaten/kota.
        sample: Its TPS; made where not given.
    """
    names = {place.code: place for place in area.desa}
    by_kecamatan: dict[str, list[SampleTps]] = {code: [] for code in area.kecamatan}
    for tps in sample or sample_tps(area, ELECTION):
        by_kecamatan[names[tps.desa].kecamatan].append(tps)
    pages = []
    for code, rows in by_kecamatan.items():
        lines = [_line(tps, names[tps.desa].name, number) for number, tps in enumerate(rows, 1)]
        name = area.kecamatan[code]
        titles = ["DAFTAR PEMILIH TETAP (contoh)", f"KECAMATAN {name.upper()} {area.name.upper()}"]
        if lines:
            pages.append(Page(name, titles, list(PLAIN_COLUMNS), lines))
    return pages


def _line(tps: SampleTps, desa: str, number: int) -> Line:
    male = tps.dpt * spread("laki", tps.desa, tps.number, low=480, high=520) // 1000
    return Line(
        DATA,
        {
            "number": number,
            "desa_code": tps.desa,
            "desa": desa,
            "tps": tps.number,
            "dpt_male": male,
            "dpt_female": tps.dpt - male,
            "dpt": tps.dpt,
            "dptb": tps.dptb,
            "dapil": "Blora " + tps.dapil["DPRDK"].split("-")[-2],
            **{f"disability_{name}": count for name, count in tps.disabilities.items()},
        },
    )


def write_messy_workbook(path: Path, area: Area | str, seed: int) -> list[PlantedFault]:
    """Write a messy workbook and return what is wrong with it.

    Args:
        path: Where to write it.
        area: A kabupaten/kota with at least 16 kecamatan, or its code.
        seed: Chooses the rows; the same seed gives the same bytes.

    Returns:
        Every planted fault with its sheet and cell, in the order of the sheets.
    """
    loaded = load_area(area) if isinstance(area, str) else area
    pages = plant_faults(pages_of(loaded), loaded, seed)
    path.write_bytes(workbook_bytes(pages))
    planted = []
    for page in pages:
        planted += [PlantedFault(kind, page.name, cell) for kind, cell in page.sheet_marks]
        planted += [PlantedFault(kind, page.name, page.where(line, name)) for kind, line, name in page.marks]
    return planted


def workbook_bytes(pages: Sequence[Page]) -> bytes:
    """Return an XLSX of sheets; the same sheets give the same bytes."""
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for page in pages:
        _write_page(workbook.create_sheet(page.name), page)
    packed = io.BytesIO()
    workbook.save(packed)
    return _without_clock(packed.getvalue())


def _write_page(sheet: "Worksheet", page: Page) -> None:
    for row, title in enumerate(page.titles, 1):
        sheet.cell(row, 1, title)
        if title:
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(page.columns))
    _write_header(sheet, page)
    for line in page.lines:
        row = TITLE_ROWS + page.header_rows + page.lines.index(line) + 1
        cells = {name: page.label(name) for name in page.columns} if line.role == HEADER else line.cells
        for column, name in enumerate(page.columns, 1):
            if cells.get(name) is not None:
                sheet.cell(row, column, cells[name])
        sheet.row_dimensions[row].hidden = line.hidden
    for first, last, name in page.merges:
        sheet.merge_cells(f"{page.where(first, name)}:{page.where(last, name)}")
    sheet.sheet_state = "hidden" if page.hidden else "visible"


def _write_header(sheet: "Worksheet", page: Page) -> None:
    top = TITLE_ROWS + 1
    for column, name in enumerate(page.columns, 1):
        inner = page.grouped and name in {"dpt_male", "dpt_female", "dpt"}
        sheet.cell(top + 1 if inner else top, column, page.label(name))
        if page.grouped and not inner:
            sheet.merge_cells(start_row=top, end_row=top + 1, start_column=column, end_column=column)
    if page.grouped:
        first = page.columns.index("dpt_male") + 1
        sheet.cell(top, first, "Jumlah Pemilih")
        sheet.merge_cells(start_row=top, end_row=top, start_column=first, end_column=first + 2)


def _without_clock(data: bytes) -> bytes:
    """Return the same archive with one fixed time everywhere."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            content = old.read(member)
            if member.filename == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", FIXED_TIME, content)
            entry = zipfile.ZipInfo(member.filename, FIXED_ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return packed.getvalue()
