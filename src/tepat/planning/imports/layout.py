"""From a book to what is kept of it: header, columns and rows of each sheet, a finding for each oddity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from tepat.planning.imports import privacy
from tepat.planning.imports.columns import ColumnMapping, ColumnMemory, Columns, map_columns
from tepat.planning.imports.desa_register import DesaRegister
from tepat.planning.imports.fields import NUMERIC, Kind, Type
from tepat.planning.imports.findings import DROP, KEEP, SKIP, Finding, finding
from tepat.planning.imports.headings import Header, find_header
from tepat.planning.imports.numbers import DASHES
from tepat.planning.imports.reduced import DATA, TOTAL, Cell, RawRow, RawSheet
from tepat.planning.imports.rows import Grid, Shape, fill_merged, shape_of
from tepat.planning.imports.sheets import Book, Sheet, Value, address, column_letter, is_blank, shown
from tepat.planning.imports.values import DESA_IN_TITLE, kecamatan_in

TITLE_ROWS_MAX = 60


@dataclass(frozen=True)
class SheetReading:
    """How one sheet was read, for the screen that shows the mapping.

    Args:
        name: The sheet.
        used: Whether rows were taken from it.
        header_rows: First and last row of the header as Excel counts them; empty where none was found.
        mapping: The columns; None where none was found.
        kecamatan: The kecamatan that its name or title gives.
        rows: Rows of the list.
        merged: Merged ranges that were filled, to be tinted.
    """

    name: str
    used: bool
    header_rows: tuple[int, ...] = ()
    mapping: ColumnMapping | None = None
    kecamatan: str = ""
    rows: int = 0
    merged: tuple[str, ...] = ()


@dataclass
class Layout:
    """What is kept of a book, and how it was read."""

    sheets: list[RawSheet] = field(default_factory=list)
    readings: list[SheetReading] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def lay_out(
    book: Book, kind: Kind, register: DesaRegister, memory: ColumnMemory, answers: Mapping[str, str]
) -> Layout:
    """Return what is kept of a book.

    Args:
        book: The sheets.
        kind: The kind of list.
        register: The valid desa.
        memory: What was told and remembered of columns.
        answers: Answers of the user by ``Sheet!A1``; ``pakai`` at a hidden sheet's A1 reads it.

    Raises:
        Refused: IMPORT-MAP-UNKNOWN-COLUMN.
    """
    layout = Layout()
    if "no_hidden_rows" in book.remarks:
        layout.findings.append(finding("hidden_unknown", "", "", form=book.form.upper()))
    pending = []
    for sheet in book.sheets:
        if sheet.empty:
            continue
        answer = answers.get(f"{sheet.name}!A1", "")
        header = find_header(sheet, kind.fields)
        if sheet.hidden and header and answer != KEEP:
            layout.readings.append(SheetReading(_name(sheet), used=False))
            layout.findings.append(
                finding(
                    "hidden_sheet",
                    _name(sheet),
                    "A1",
                    proposal=SKIP,
                    severity="note" if answer == SKIP else None,
                )
            )
            continue
        if header is None:
            layout.readings.append(SheetReading(_name(sheet), used=False))
            layout.findings.append(finding("sheet_without_table", _name(sheet), "A1"))
            continue
        columns = map_columns(sheet, header, kind, register, memory)
        pending.append((sheet, header, columns))
    memory.check_used()
    _take_sheets(pending, kind, register, layout)
    order = [_name(sheet) for sheet in book.sheets]
    layout.readings.sort(key=lambda reading: order.index(reading.name))
    return layout


def _name(sheet: Sheet) -> str:
    return _safe_name(sheet.name)


@lru_cache(maxsize=512)
def _safe_name(name: str) -> str:
    return shown(privacy.masked(name))


def _take_sheets(
    pending: list[tuple[Sheet, Header, Columns]], kind: Kind, register: DesaRegister, layout: Layout
) -> None:
    anchored = [entry for entry in pending if kind.anchor in entry[2].by_field]
    for sheet, header, columns in pending:
        rows = (header.top + 1, header.bottom + 1)
        if kind.anchor not in columns.by_field and anchored:
            layout.readings.append(
                SheetReading(_name(sheet), used=False, header_rows=rows, mapping=columns.mapping)
            )
            layout.findings.append(finding("recap_sheet", _name(sheet), address(header.top, 0)))
            continue
        layout.findings += columns.findings
        _take_sheet(sheet, header, columns, (kind, register), layout)
    if not pending:
        layout.findings.append(finding("no_table", "", "", label=kind.label))


def _take_sheet(
    sheet: Sheet, header: Header, columns: Columns, known: tuple[Kind, DesaRegister], layout: Layout
) -> None:
    kind, register = known
    filled = fill_merged(sheet, header, kind, columns.by_field)
    grid = Grid(sheet, header, kind, columns.by_field, register, filled)
    shape = shape_of(grid)
    kecamatan = _kecamatan_of(sheet, header, register)
    layout.findings += _missing_columns(sheet, header, columns, kind)
    layout.findings += _oddities(grid, shape)
    rows = _raw_rows(grid, shape, layout.findings)
    name = _name(sheet)
    layout.sheets.append(
        RawSheet(
            name=name,
            columns={entry: address(header.bottom, column) for entry, column in columns.by_field.items()},
            kecamatan=kecamatan,
            rows=rows,
        ),
    )
    layout.readings.append(
        SheetReading(
            name=name,
            used=True,
            header_rows=tuple(sorted({header.top + 1, header.bottom + 1})),
            mapping=columns.mapping,
            kecamatan=register.kecamatan[shown(kecamatan.value)] if kecamatan else "",
            rows=len(shape.data),
            merged=tuple(merge.name for merge in sheet.merges if (merge.top + 1, merge.left) in filled),
        ),
    )


def _kecamatan_of(sheet: Sheet, header: Header, register: DesaRegister) -> Cell | None:
    """Return the kecamatan's code from the title above the header, else from the sheet's name."""
    for row in range(min(header.top, TITLE_ROWS_MAX)):
        texts = [(at, value) for at, value in enumerate(sheet.rows[row]) if isinstance(value, str)]
        joined = " ".join(value for _, value in texts)  # KECAMATAN | : | CEPU may stand in three cells
        code = kecamatan_in(joined, register) if "kec" in joined.lower() else None
        if code:
            return Cell(address(row, texts[0][0]), code)
    code = kecamatan_in(sheet.name, register)
    return Cell("", code) if code else None


def _missing_columns(sheet: Sheet, header: Header, columns: Columns, kind: Kind) -> list[Finding]:
    have = set(columns.by_field)
    missing = [entry.label for entry in kind.fields if entry.required and entry.name not in have]
    if kind.name == "tps":
        if not have & {"desa", "desa_code"} and not _has_titles(sheet):
            missing.append("desa/kelurahan")
        if not have & {"dpt"} and not have >= {"dpt_male", "dpt_female"}:
            missing.append("jumlah pemilih")
    where = address(header.bottom, 0)
    name = _name(sheet)
    if kind.name == "tps" and "dpt" not in have and "nik" in columns.removed.values():
        return [finding("voter_list", name, where)]
    return [finding("missing_column", name, where, label=label) for label in missing]


def _has_titles(sheet: Sheet) -> bool:
    return any(
        isinstance(value, str) and DESA_IN_TITLE.match(value.strip())
        for row in sheet.rows
        for value in row[:3]
    )


def _oddities(grid: Grid, shape: Shape) -> list[Finding]:
    sheet, header, name = grid.sheet, grid.header, _name(grid.sheet)
    found = []
    if header.depth > 1:
        rows = f"{header.top + 1}–{header.bottom + 1}"
        found.append(finding("two_header_lines", name, address(header.top, _first_column(header)), rows=rows))
    for kind, rows_of in (("repeated_header", shape.again), ("header_changed", shape.changed)):
        found += [
            finding(kind, name, address(row, _first_filled(sheet, row)), row=row + 1) for row in rows_of
        ]
    if shape.outside:
        cells = [address(row, _first_filled(sheet, row)) for row in shape.outside]
        rows = ", ".join(str(row + 1) for row in shape.outside[:10]) + (" …" if len(cells) > 10 else "")
        found.append(
            finding("outside_table", name, cells[0], also=tuple(cells[1:]), count=len(cells), rows=rows)
        )
    return found + _merged_oddities(grid, shape)


def _first_column(header: Header) -> int:
    return min(header.headings)


def _first_filled(sheet: Sheet, row: int) -> int:
    return next(column for column, value in enumerate(sheet.rows[row]) if not is_blank(value))


def _merged_oddities(grid: Grid, shape: Shape) -> list[Finding]:
    by_column = {column: field_name for field_name, column in grid.columns.items()}
    taken = set(shape.data)
    found = []
    for merge in grid.sheet.merges:
        field_name = by_column.get(merge.left, "")
        rows = [row for row in range(merge.top + 1, merge.bottom + 1) if row in taken]
        if merge.top <= grid.header.bottom or not field_name or not rows:
            continue
        place = (_name(grid.sheet), address(merge.top, merge.left))
        value = shown(grid.sheet.at(merge.top, merge.left))
        if grid.kind.field(field_name).type in NUMERIC | {Type.TPS, Type.CODE}:
            found.append(finding("merged_number", *place, field=field_name, range=merge.name, value=value))
        elif value:
            found.append(
                finding(
                    "merged_cell_filled",
                    *place,
                    field=field_name,
                    range=merge.name,
                    value=value,
                    rows=len(rows),
                )
            )
    return found


def _raw_rows(grid: Grid, shape: Shape, findings: list[Finding]) -> tuple[RawRow, ...]:
    rows = []
    for row in sorted([*shape.data, *shape.totals]):
        if row in shape.totals:
            label, scope = shape.totals[row]
            rows.append(_total_row(grid, row, label, scope))
            continue
        rows.append(_data_row(grid, row, shape.sections.get(row, {}), findings))
    return tuple(rows)


def _total_row(grid: Grid, row: int, label: int, scope: str) -> RawRow:
    names = grid.kind.named(list(grid.columns), *NUMERIC, Type.TPS)
    cells = {}
    for name in names:
        column = grid.columns[name]
        value = grid.sheet.at(row, column)
        if not is_blank(value) and column != label and not privacy.has_nik(value):
            cells[name] = Cell(address(row, column), value)
    return RawRow(row, TOTAL, cells, {}, row in grid.sheet.hidden_rows, scope, address(row, label))


def _data_row(
    grid: Grid, row: int, section: Mapping[str, tuple[int, int, str]], findings: list[Finding]
) -> RawRow:
    cells: dict[str, Cell] = {}
    vault: dict[str, Cell] = {}
    for name, column in grid.columns.items():
        where = address(row, column)
        value = _kept(grid, name, row, column, findings)
        if (row, column) in grid.sheet.no_cached_value:
            findings.append(finding("formula_without_value", _name(grid.sheet), where, field=name))
        elif not is_blank(value):
            (vault if grid.kind.field(name).vault else cells)[name] = Cell(where, value)
    for name, (title_row, column, text) in section.items():
        if name not in cells and name in grid.kind.by_name:
            cells[name] = Cell(address(title_row, column), text)
    hidden = row in grid.sheet.hidden_rows
    if hidden:
        where = address(row, min(grid.columns.values()))
        findings.append(
            finding("hidden_row", _name(grid.sheet), where, proposal=KEEP, row=row + 1, drop=DROP)
        )
    return RawRow(row, DATA, cells, vault, hidden)


def _kept(grid: Grid, name: str, row: int, column: int, findings: list[Finding]) -> Value:
    """Return a cell without NIK-like digits and, in a free text, without names after Bapak or Ibu."""
    value = grid.value(row, column)
    place = (_name(grid.sheet), address(row, column))
    safe = privacy.masked(value)
    if safe != value:
        findings.append(finding("nik_masked", *place, field=name, column=column_letter(column)))
    entry = grid.kind.field(name)
    if isinstance(safe, str) and entry.type is Type.TEXT and not entry.vault:
        person = entry.no_people and privacy.looks_like_person(safe.strip(), grid.register.plain_names)
        bare = privacy.NAME_MASK if person else privacy.masked_names(safe)
        if bare != safe:
            findings.append(finding("name_masked", *place, field=name, column=column_letter(column)))
        return "" if bare.strip() in DASHES else bare
    return safe
