"""A deliberately messy workbook: what offices really send, with every fault known beforehand.

For the demonstration and the tests. TPS per desa are real, voters are ``contoh``; the same area and seed give
the same bytes. Each kecamatan has its sheet; each fault is planted and returned with its address.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tepat.common.areas import Area, load_area
from tepat.common.samples import DISABILITIES, SampleTps, sample_tps, spread
from tepat.planning.imports.sheets import address

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ELECTION = "pemilu-2024"
FIXED_ZIP_TIME = (2024, 2, 1, 0, 0, 0)
FIXED_TIME = b"2024-02-01T00:00:00Z"
TITLE_ROWS = 3

LABELS = {
    "number": "No",
    "desa_code": "Kode Desa",
    "desa": "Desa/Kelurahan",
    "tps": "TPS",
    "dpt_male": "L",
    "dpt_female": "P",
    "dpt": "L+P",
    "dptb": "DPTb",
    "dapil": "Dapil",
    **{f"disability_{name}": f"Disabilitas {name.capitalize()}" for name in DISABILITIES},
}
PLAIN_COLUMNS = tuple(name for name in LABELS if name != "desa_code")
SUMMED = ("dpt_male", "dpt_female", "dpt", "dptb", *(f"disability_{name}" for name in DISABILITIES))

DATA = "data"
HEADER = "header"
TOTAL = "total"
FREE = "free"


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


@dataclass(eq=False)
class Line:
    """One row to be written.

    Args:
        role: What it is.
        cells: What is written, by column name.
        hidden: Whether Excel hides it.
        truth: Numbers that a fault has made unreadable; the office added them up all the same.
    """

    role: str
    cells: dict[str, Any] = field(default_factory=dict)
    hidden: bool = False
    truth: dict[str, int] = field(default_factory=dict)


@dataclass(eq=False)
class Page:
    """One sheet to be written.

    Args:
        name: Its tab.
        titles: The rows above the header; the kecamatan stands in the second.
        columns: Field names, or new names with a label in `labels`.
        lines: What stands below the header.
        labels: Header texts that differ from the usual.
        grouped: Two header lines, with L, P and L+P under "Jumlah Pemilih".
        hidden: A hidden tab.
        marks: Planted faults by line and column name.
        merges: Lines whose cells of one column are merged.
        sheet_marks: Planted faults of the whole sheet: kind and A1 address.
    """

    name: str
    titles: list[str]
    columns: list[str]
    lines: list[Line]
    labels: dict[str, str] = field(default_factory=dict)
    grouped: bool = False
    hidden: bool = False
    marks: list[tuple[str, Line, str]] = field(default_factory=list)
    merges: list[tuple[Line, Line, str]] = field(default_factory=list)
    sheet_marks: list[tuple[str, str]] = field(default_factory=list)

    @property
    def header_rows(self) -> int:
        """Lines of the header."""
        return 2 if self.grouped else 1

    @property
    def data(self) -> list[Line]:
        """The lines of the list."""
        return [line for line in self.lines if line.role == DATA]

    def label(self, name: str) -> str:
        """Return the header of a column."""
        return self.labels.get(name) or LABELS[name]

    def where(self, line: Line, name: str) -> str:
        """Return the address of a cell."""
        row = TITLE_ROWS + self.header_rows + self.lines.index(line)
        return address(row, self.columns.index(name))

    def header_cell(self, name: str) -> str:
        """Return the address of a column's lowest header line."""
        return address(TITLE_ROWS + self.header_rows - 1, self.columns.index(name))

    def mark(self, kind: str, line: Line, name: str) -> None:
        """Note a planted fault at a cell; its address is known once all lines are in place."""
        self.marks.append((kind, line, name))

    def desa_run(self, at: int, *, least: int = 3) -> list[Line]:
        """Return all lines of one desa, counted round from a place in the sheet."""
        names = list(dict.fromkeys(line.cells["desa"] for line in self.data))
        for step in range(len(names)):
            name = names[(at + step) % len(names)]
            run = [line for line in self.data if line.cells["desa"] == name]
            if len(run) >= least:
                return run
        return self.data[:least]


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


def add_total(page: Page, *, off: int = 0) -> Line:
    """Append a total row to a sheet; `off` makes its L+P wrong by so many voters."""
    cells: dict[str, Any] = {"desa": "JUMLAH"}
    for name in SUMMED:
        if name in page.columns:
            cells[name] = sum(_number(line, name) for line in page.data)
    cells["dpt"] += off
    total = Line(TOTAL, cells)
    page.lines.append(total)
    page.mark("total_row", total, "desa")
    if off:
        page.mark("total_mismatch", total, "dpt")
    return total


def _number(line: Line, name: str) -> int:
    written = line.cells.get(name)
    return written if isinstance(written, int) and written >= 0 else line.truth[name]


def write_messy_workbook(path: Path, area: Area | str, seed: int) -> list[PlantedFault]:
    """Write a messy workbook and return what is wrong with it.

    Args:
        path: Where to write it.
        area: A kabupaten/kota with at least 16 kecamatan, or its code.
        seed: Chooses the rows; the same seed gives the same bytes.

    Returns:
        Every planted fault with its sheet and cell, in the order of the sheets.
    """
    from tepat.planning.imports.messy_faults import plant_faults

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
