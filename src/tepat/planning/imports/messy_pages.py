"""The sheets of a messy workbook before they are written: their lines, headers and planted faults."""

from dataclasses import dataclass, field
from typing import Any

from tepat.common.samples import DISABILITIES
from tepat.planning.imports.sheets import address

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
SUMMED = ("dpt_male", "dpt_female", "dpt", "dptb", *(f"disability_{name}" for name in DISABILITIES))

DATA = "data"
HEADER = "header"
TOTAL = "total"
FREE = "free"


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
