"""Rows of a list understood cell by cell; what cannot be understood stays open and is asked about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tepat.planning.imports.desa_register import DesaRegister
from tepat.planning.imports.entry import Entry
from tepat.planning.imports.fields import PLACE, Field, Kind, Type
from tepat.planning.imports.findings import DROP, KEEP, NO_POINT, NOTE, Finding, finding
from tepat.planning.imports.numbers import (
    DEGREE_DIGITS,
    EXCEL_ERROR,
    Number,
    read_degrees,
    read_number,
    read_tps,
    whole,
    written,
)
from tepat.planning.imports.places import PlaceReader
from tepat.planning.imports.reduced import DATA, Cell, RawRow, RawSheet
from tepat.planning.imports.sheets import address, column_index, is_blank, shown
from tepat.planning.imports.values import read_choice, read_date, read_yes_no, unknown

VOTERS = ("dpt", "dpt_male", "dpt_female")
NOTED = frozenset({"number_cleaned"})


@dataclass(frozen=True)
class ImportOptions:
    """What the user and the office's settings say of one import.

    Args:
        voters_max: The most voters a TPS may have, None where no election is named.
        dapil_needed: Each TPS must have a dapil.
        told: Field to column.
        remembered: Mappings accepted before, by signature.
        answers: Answers by ``Sheet!A1``: a value, ``pakai`` or ``buang``.
        expected: Totals the user gives: ``dpt`` voters, ``tps`` rows.
        compare_tps: Hold the number of TPS of each desa against the register.
        take_proposals: Answer every question that has a proposal with it.
    """

    voters_max: int | None = None
    dapil_needed: bool = False
    told: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, int] = field(default_factory=dict)
    compare_tps: bool = False
    take_proposals: bool = False


class SheetReader:
    """Reads the rows of one sheet.

    Args:
        raw: What was kept of the sheet.
        kind: The kind of list.
        register: The valid desa.
        options: Limits and answers.
    """

    def __init__(self, raw: RawSheet, kind: Kind, register: DesaRegister, options: ImportOptions) -> None:
        self.raw, self.kind, self.options = raw, kind, options
        self.findings: list[Finding] = []
        self.letters = {name: cell.rstrip("0123456789") for name, cell in raw.columns.items()}
        self.places = PlaceReader(raw, kind, register, options.answers, self.findings)

    def read(self) -> list[Entry]:
        """Return the rows of the list; rows answered with ``buang`` are left out."""
        rows = [row for row in self.raw.rows if row.role == DATA and not self._dropped(row)]
        entries = [self._read_row(row) for row in rows]
        self.places.close()
        return entries

    def where(self, row: int, name: str) -> str:
        """Return the address of a field in a row, of its first cell where the list has no such column."""
        letters = self.letters.get(name)
        if letters:
            return f"{letters}{row + 1}"
        columns = [column_index(other) or 0 for other in self.letters.values()]
        return address(row, min(columns, default=0))

    def _answer(self, where: str) -> str | None:
        return self.options.answers.get(f"{self.raw.name}!{where}")

    def _dropped(self, row: RawRow) -> bool:
        return any(self._answer(f"{letters}{row.row + 1}") == DROP for letters in self.letters.values())

    def _cells(self, row: RawRow) -> dict[str, Cell]:
        cells = dict(row.cells)
        for name in self.letters:
            where = f"{self.letters[name]}{row.row + 1}"
            answer = self._answer(where)
            of = self.kind.field(name)
            told = answer not in {None, KEEP, DROP} and (of.type, answer) != (Type.DEGREES, NO_POINT)
            if told and not of.vault:
                cells[name] = Cell(where, answer)
        return cells

    def _read_row(self, row: RawRow) -> Entry:
        entry = Entry(
            self.raw.name, row.row, vault={name: shown(cell.value) for name, cell in row.vault.items()}
        )
        cells = self._cells(row)
        for name in self.letters:
            entry.cells[name] = cells[name].address if name in cells else self.where(row.row, name)
        for name, cell in cells.items():
            entry.cells[name] = cell.address
            entry_field = self.kind.field(name)
            if entry_field.type not in PLACE and not is_blank(cell.value):
                self._read_cell(entry, entry_field, cell)
        entry.blank = {
            name
            for name in VOTERS
            if name in self.letters and name not in entry.values.keys() | entry.open.keys()
        }
        if any(entry_field.type in PLACE for entry_field in self.kind.fields):
            self.places.read(entry, cells)
        return entry

    def _read_cell(self, entry: Entry, of: Field, cell: Cell) -> None:
        match of.type:
            case Type.DEGREES:
                self._take_number(entry, of, cell, read_degrees(cell.value))
            case Type.COUNT | Type.RUPIAH | Type.MEASURE:
                self._take_number(entry, of, cell, read_number(cell.value, thousands=of.type is Type.RUPIAH))
            case Type.TPS:
                self._take_number(entry, of, cell, read_tps(cell.value))
            case Type.YES_NO:
                self._take(entry, of, cell, read_yes_no(cell.value))
            case Type.CHOICE:
                self._take(entry, of, cell, read_choice(cell.value, of))
            case Type.DATE:
                self._take(entry, of, cell, read_date(cell.value))
            case _:
                self._take_text(entry, of, cell)

    def _take(self, entry: Entry, of: Field, cell: Cell, value: object) -> None:
        if value is not None:
            entry.values[of.name] = value
        elif not unknown(cell.value):
            self._say("unreadable_value", entry, of, cell)

    def _take_text(self, entry: Entry, of: Field, cell: Cell) -> None:
        text = " ".join(shown(cell.value).split())
        if EXCEL_ERROR.fullmatch(text):
            self._say("excel_error", entry, of, cell)
        elif of.type is Type.CODE:
            entry.values[of.name] = text.upper()
        elif not (of.type is Type.DAPIL and text in {"-", "–"}):
            entry.values[of.name] = text

    def _say(self, kind: str, entry: Entry, of: Field, cell: Cell, **more: Any) -> None:
        proposal = more.pop("proposal", None)
        severity = more.pop("severity", None)
        self.findings.append(
            finding(
                kind,
                entry.sheet,
                cell.address,
                proposal=proposal,
                field=of.name,
                severity=severity,
                label=of.label,
                value=shown(cell.value).strip(),
                **more,
            ),
        )

    def _take_number(self, entry: Entry, of: Field, cell: Cell, number: Number) -> None:
        number = _for_field(number, of)
        if number.problem == "ambiguous_number":
            entry.open[of.name] = number.readings  # asked about once the whole column is known
            return
        if number.problem and number.problem not in NOTED:
            entry.open[of.name] = ()
            proposal = None if number.proposal is None else written(number.proposal)
            self._say(number.problem, entry, of, cell, proposal=proposal)
            return
        if number.value is None:
            return
        if number.problem in NOTED:
            self._say(number.problem, entry, of, cell, number=written(number.value))
        self._take_value(entry, of, cell, number.value * of.scale)

    def _take_value(self, entry: Entry, of: Field, cell: Cell, value: Decimal) -> None:
        if of.type is Type.DEGREES:  # where a point can lie is asked of both numbers together, in `points`
            entry.values[of.name] = round(float(value), DEGREE_DIGITS)
            return
        exact = whole(value)
        if exact is None and of.type is not Type.MEASURE:
            entry.open[of.name] = ()
            self._say("not_whole_number", entry, of, cell)
            return
        entry.values[of.name] = exact if exact is not None else int(value.to_integral_value())
        self._check_bounds(entry, of, cell, entry.values[of.name])

    def _check_bounds(self, entry: Entry, of: Field, cell: Cell, value: float) -> None:
        confirmed = NOTE if self._answer(cell.address) is not None else None
        maximum = self.options.voters_max if of.name == "dpt" and self.options.voters_max else of.maximum
        if value < 0 and of.minimum >= 0:
            del entry.values[of.name]
            entry.open[of.name] = ()
            self._say("negative_number", entry, of, cell, proposal=written(Decimal(str(-value))))
        elif value < of.minimum:
            self._say("under_limit", entry, of, cell, limit=of.minimum, severity=confirmed)
        elif maximum is not None and value > maximum:
            self._say("over_limit", entry, of, cell, limit=maximum, severity=confirmed)


def _for_field(number: Number, of: Field) -> Number:
    """Settle a reading by what the field can hold: measures have decimals, people have none."""
    if number.problem == "maybe_thousands":
        grouped, exact = number.readings
        fits = of.type is Type.COUNT and of.maximum is not None and abs(grouped) <= of.maximum
        return Number(problem="ambiguous_number", readings=(grouped, exact)) if fits else Number(exact)
    return number
