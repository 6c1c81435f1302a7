"""The needs as a workbook: one sheet per kecamatan, a summary, and why each number is what it is."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tepat.planning.columns import NO_DAPIL
from tepat.planning.explain import LEVEL_NAMES, UNVERIFIED, explain, explain_boxes
from tepat.planning.findings import Finding
from tepat.planning.needs import QUANTITIES, Needs, Quantity
from tepat.planning.rules import Item
from tepat.planning.silog import not_in_silog

SHEETS_MAX = 200
TITLE_CHARACTERS_MAX = 31
FORBIDDEN_IN_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
ELSEWHERE = "Tanpa kode kecamatan"
KEY_COLUMNS = ("Kode desa", "Desa", "TPS", "DPT", "DPTb")
QUANTITY_NAMES: Mapping[Quantity, str] = {"cetak": "cetak", "alokasi": "alokasi"}

Row = Sequence[str | int | None]


@dataclass(frozen=True)
class Labels:
    """What people want to read beside the codes.

    Args:
        desa: Names by desa code.
        kecamatan: Names by kecamatan code.
        voters_source: Where the voters come from, such as ``contoh`` for numbers that are not real; empty for
            the office's own list.
    """

    desa: Mapping[str, str]
    kecamatan: Mapping[str, str]
    voters_source: str = ""


def needs_workbook(needs: Needs, labels: Labels, findings: Iterable[Finding] = ()) -> bytes:
    """Return the needs as XLSX bytes, whole numbers as numbers.

    Args:
        needs: The needs.
        labels: Names beside the codes.
        findings: What is wrong with the list, for a sheet of its own.
    """
    book = _Book()
    book.sheet("Ringkasan", _summary(needs, labels), frozen="B5", bold=4)
    for title, members in _kecamatan(needs, labels):
        book.sheet(title, _tps_rows(needs, labels, members), frozen="D6", bold=5, total=True)
    book.sheet("Penjelasan", _explanations(needs), frozen="B2", bold=1)
    book.sheet("Belum masuk SILOG", _silog_rows(needs), frozen="B2", bold=1)
    book.sheet("Temuan", _finding_rows(findings), frozen="A2", bold=1)
    return book.bytes()


def needs_csv(needs: Needs, labels: Labels, separator: str = ",") -> bytes:
    """Return one row per TPS as CSV with a BOM, so that Excel reads it as UTF-8.

    Args:
        needs: The needs.
        labels: Names beside the codes.
        separator: ``,``, or ``;`` for Excel with Indonesian settings.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    columns = _item_columns(needs)
    writer.writerow([*KEY_COLUMNS, *(f"{item.code} {quantity}" for item, quantity in columns)])
    for row in _rows_of(needs, labels, np.arange(len(needs.tps)), columns):
        writer.writerow([_inert(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def write_sheets(sheets: Iterable[tuple[str, Iterable[Row]]]) -> bytes:
    """Return a plain workbook: one header row per sheet, frozen.

    Args:
        sheets: Title and rows of each sheet.
    """
    book = _Book()
    for title, rows in sheets:
        book.sheet(title, rows, frozen="A2", bold=1)
    return book.bytes()


class _Book:
    """A workbook that is written once, sheet after sheet."""

    def __init__(self) -> None:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font

        self.book = Workbook(write_only=True)
        self._cell = WriteOnlyCell
        self._font = Font(bold=True)
        self._titles: set[str] = set()

    def sheet(self, title: str, rows: Iterable[Row], *, frozen: str, bold: int, total: bool = False) -> None:
        """Write one sheet; the first rows and, with ``total``, the last are bold."""
        assert len(self._titles) < SHEETS_MAX, title
        sheet = self.book.create_sheet(self._title(title))
        sheet.freeze_panes = frozen
        kept = list(rows)
        for column, width in _widths(kept):
            sheet.column_dimensions[column].width = width
        for number, row in enumerate(kept, 1):
            strong = number <= bold or (total and number == len(kept))
            sheet.append([self._written(sheet, value, strong=strong) for value in row])

    def _written(self, sheet: Any, value: str | int | None, *, strong: bool) -> Any:
        formula = isinstance(value, str) and value.startswith("=")
        if not strong and not formula:
            return value
        cell = self._cell(sheet, value=value)
        if strong:
            cell.font = self._font
        if formula:
            # A text that looks like a formula stays a text.
            cell.data_type = "s"
        return cell

    def _title(self, wanted: str) -> str:
        base = wanted.translate(FORBIDDEN_IN_TITLE).strip()[:TITLE_CHARACTERS_MAX] or "Lembar"
        title, number = base, 1
        while title.casefold() in self._titles:
            number += 1
            title = f"{base[: TITLE_CHARACTERS_MAX - 4]} {number}"
        self._titles.add(title.casefold())
        return title

    def bytes(self) -> bytes:
        """Return the finished file."""
        stream = io.BytesIO()
        self.book.save(stream)
        return stream.getvalue()


def _widths(rows: Sequence[Row]) -> Iterable[tuple[str, int]]:
    from openpyxl.utils import get_column_letter

    sample = rows[1:40]
    for place in range(max(map(len, rows), default=0)):
        shown = [str(row[place]) for row in sample if place < len(row) and row[place] is not None]
        longest = max(map(len, shown), default=8)
        yield get_column_letter(place + 1), min(60, max(9, longest + 2))


def _inert(cell: str | int | None) -> str | int | None:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS) else cell


def _item_columns(needs: Needs) -> list[tuple[Item, Quantity]]:
    """Return the columns of a TPS: print need and allocation apart where they are ruled apart."""
    return [
        (item, quantity)
        for item in needs.tps_items
        for quantity in QUANTITIES
        if quantity == "cetak" or item.allocation.text != item.formula.text
    ]


def _kecamatan(needs: Needs, labels: Labels) -> Iterable[tuple[str, Any]]:
    kecamatan = needs.tps.kecamatan
    for place, code in enumerate(kecamatan.names):
        name = labels.kecamatan.get(code, "")
        yield f"{code} {name}".strip(), np.flatnonzero(kecamatan.index == place)
    stray = np.flatnonzero(kecamatan.index == NO_DAPIL)
    if len(stray):
        yield ELSEWHERE, stray


def _rows_of(
    needs: Needs,
    labels: Labels,
    members: Any,
    columns: Sequence[tuple[Item, Quantity]],
) -> Iterable[list[str | int | None]]:
    tps = needs.tps
    amounts = [needs.per_tps(item.code, quantity)[members].tolist() for item, quantity in columns]
    heads = zip(
        tps.desa_index[members].tolist(),
        tps.number[members].tolist(),
        tps.dpt[members].tolist(),
        tps.dptb[members].tolist(),
        strict=True,
    )
    for (desa, number, dpt, dptb), *cells in zip(heads, *amounts, strict=True):
        code = tps.desa_codes[desa]
        yield [code, labels.desa.get(code, ""), number, dpt, dptb, *cells]


def _tps_rows(needs: Needs, labels: Labels, members: Any) -> Iterable[Row]:
    columns = _item_columns(needs)
    blank = [""] * len(KEY_COLUMNS)
    voters = f"Pemilih: {labels.voters_source}" if labels.voters_source else "Pemilih: daftar kantor"
    yield [f"{needs.rule_set.name} — kebutuhan per TPS", "", "", "", "", voters]
    yield [*blank, *(item.code for item, _ in columns)]
    yield [*blank, *(item.name for item, _ in columns)]
    yield [*blank, *(_mark(needs, item) for item, _ in columns)]
    yield [*KEY_COLUMNS, *(f"{item.unit}, {QUANTITY_NAMES[quantity]}" for item, quantity in columns)]
    sums = [0] * (2 + len(columns))
    for row in _rows_of(needs, labels, members, columns):
        yield row
        sums = [total + int(cell or 0) for total, cell in zip(sums, row[3:], strict=True)]
    yield ["Jumlah", f"{len(members)} TPS", None, *sums]


def _mark(needs: Needs, item: Item) -> str:
    return explain(needs, item.code).status


def _summary(needs: Needs, labels: Labels) -> Iterable[Row]:
    rules, tps = needs.rule_set, needs.tps
    voters = int(tps.dpt.sum())
    source = labels.voters_source or "daftar kantor"
    yield [f"Kebutuhan logistik {rules.name}"]
    yield [rules.law]
    yield [f"{len(tps)} TPS, {voters} pemilih ({source}); kotak: {explain_boxes(needs)}"]
    yield [
        "Kode", "Barang", "Satuan", "Kelas", "Tingkat", "Banyak unit", "Kebutuhan cetak", "Alokasi",
        "Bila dibulatkan sekali per kab.", "Gelombang", "Tenggat (H-)", "Pemilik", "Tanda", "Sumber",
    ]  # fmt: skip
    once = needs.rounded_per_kab()
    for item in rules.items:
        explanation = explain(needs, item.code)
        yield [
            item.code, item.name, item.unit, item.item_class, LEVEL_NAMES[item.level],
            needs.units(item.level, item.ballot), explanation.amount, needs.total(item.code, "alokasi"),
            once.get(item.code), item.wave, item.deadline_days, item.owner, explanation.status, item.source,
        ]  # fmt: skip


def _explanations(needs: Needs) -> Iterable[Row]:
    yield [
        "Kode",
        "Barang",
        "Besaran",
        "Hitungan",
        "Aturan",
        "Rumus",
        "Masukan",
        "Sumber",
        "Tanda",
        "Di sampingnya",
    ]
    for item in needs.rule_set.items:
        for quantity in QUANTITIES:
            if quantity == "alokasi" and item.allocation.text == item.formula.text:
                continue
            why = explain(needs, item.code, quantity=quantity)
            inputs = "; ".join(f"{entry.name} = {entry.value} ({entry.source})" for entry in why.inputs)
            yield [
                why.item, why.name, quantity, why.filled, why.rule, why.formula, inputs, why.source,
                why.mark if why.verified else f"{why.mark}, {UNVERIFIED}", why.beside,
            ]  # fmt: skip


def _silog_rows(needs: Needs) -> Iterable[Row]:
    yield ["Kode", "Barang", "Jumlah", "Satuan", "Tenggat (H-)", "Tanggal", "Pemilik", "Sebab"]
    for row in not_in_silog(needs):
        day = row.deadline_date.isoformat() if row.deadline_date else ""
        yield [row.item, row.name, row.amount, row.unit, row.deadline_days, day, row.owner, row.reason]


def _finding_rows(findings: Iterable[Finding]) -> Iterable[Row]:
    yield ["Sifat", "Baris", "Kolom", "TPS", "Temuan"]
    for finding in findings:
        yield [finding.severity, finding.line, finding.column, finding.tps, finding.message]
