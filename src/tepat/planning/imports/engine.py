"""One import from bytes to an answer: what the file says, what is wrong with it, and what is kept of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from tepat.planning.imports.answers import unused_answers
from tepat.planning.imports.checks import check_entries
from tepat.planning.imports.columns import ColumnMapping, ColumnMemory
from tepat.planning.imports.desa_register import DesaRegister
from tepat.planning.imports.entries import ImportOptions, SheetReader
from tepat.planning.imports.entry import Entry
from tepat.planning.imports.fields import Kind
from tepat.planning.imports.findings import ASKS, BLOCKS, DROP, KEEP, NO_POINT, NOTE, Finding
from tepat.planning.imports.layout import SheetReading, lay_out
from tepat.planning.imports.points import LABELS
from tepat.planning.imports.questions import ask_open_numbers, improve_proposals
from tepat.planning.imports.reading import read_book
from tepat.planning.imports.reduced import RawSheet, ReducedFile, sha256, write_reduced
from tepat.planning.imports.sheets import Book, column_index, shown
from tepat.planning.imports.totals import check_totals

# Settled by any answer at their cell: the answer takes the place of what the cell lacks.
ANSWERED_BY_VALUE = frozenset({"formula_without_value"})
# Without its main columns no row of a list can be judged.
COLUMNS_FIRST = frozenset({"missing_column", "voter_list"})
# Settled by "pakai" or "buang": the user has looked and knows.
ANSWERED_BY_WORD = frozenset(
    {
        *("hidden_row", "unsure_column", "tps_gap", "part_over_voters", "total_mismatch"),
        *("point_mistake", "outside_desa"),
    }
)


@dataclass(frozen=True)
class Record:
    """One row of a list as it would be stored.

    Args:
        sheet: Where it stands.
        row: As Excel counts it.
        values: By field; a place as `desa_code`, `desa`, `kecamatan_code`, `kecamatan`.
        cells: Addresses by field.
        vault: Names and contacts, to be kept apart.
    """

    sheet: str
    row: int
    values: dict[str, Any]
    cells: dict[str, str]
    vault: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportResult:
    """Everything that is known of a file before anybody accepts it.

    Args:
        kind: The kind of list.
        form: ``xlsx``, ``csv`` …
        reduced: What is kept of it, with the hashes.
        sheets: How each sheet was read.
        mappings: The meaning of columns, to be remembered once accepted.
        findings: In the order of sheets and cells.
        records: The rows.
        unused: Places of answers that nothing asked for and no cell takes.
    """

    kind: str
    form: str
    reduced: ReducedFile
    sheets: tuple[SheetReading, ...]
    mappings: tuple[ColumnMapping, ...]
    findings: tuple[Finding, ...]
    records: tuple[Record, ...]
    unused: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Findings by severity."""
        counted = Counter(one.severity for one in self.findings)
        return {severity: counted.get(severity, 0) for severity in (BLOCKS, ASKS, NOTE)}

    @property
    def blocked(self) -> bool:
        """Whether something must be mended or answered before anything."""
        return any(one.severity == BLOCKS for one in self.findings)

    @property
    def acceptable(self) -> bool:
        """Whether nothing blocks and no question is open."""
        return all(one.severity == NOTE for one in self.findings) and bool(self.records)


class AcceptImport(Protocol):
    """The office's action that stores an accepted import: all of it, or nothing."""

    def __call__(self, result: ImportResult) -> str:
        """Store an acceptable result in one transaction and return a sentence that says what was stored."""
        ...


def read_import(
    data: bytes, kind: Kind, register: DesaRegister, options: ImportOptions | None = None
) -> ImportResult:
    """Return what a file says, what is wrong with it, and what would be kept of it.

    Args:
        data: The whole file.
        kind: The kind of list.
        register: The valid desa of the office.
        options: Limits, told columns, answers.

    Returns:
        Records and findings; nothing is stored.

    Raises:
        Refused: IMPORT-FILE-…, IMPORT-TABLE-TOO-LARGE, IMPORT-MAP-….
    """
    chosen = options or ImportOptions()
    book, original = read_book(data), sha256(data)
    result = _read_once(book, original, kind, register, chosen)
    if chosen.take_proposals:
        taken = {
            one.place: one.proposal
            for one in result.findings
            if one.severity == ASKS and one.proposal is not None
        }
        result = _read_once(
            book, original, kind, register, replace(chosen, answers={**taken, **chosen.answers})
        )
        result = replace(result, unused=tuple(place for place in result.unused if place in chosen.answers))
    return result


def reduce_file(
    data: bytes, kind: Kind, register: DesaRegister, options: ImportOptions | None = None
) -> ReducedFile:
    """Return the allowed cells of a file and the hashes of both; the same bytes give the same reduced bytes.

    Args:
        data: The whole file.
        kind: The kind of list.
        register: The valid desa: content tells a column of desa from a column of people.
        options: Told columns.

    Raises:
        Refused: As `read_import`.
    """
    return read_import(data, kind, register, options).reduced


def _read_once(
    book: Book, original: str, kind: Kind, register: DesaRegister, options: ImportOptions
) -> ImportResult:
    memory = ColumnMemory(options.told, options.remembered)
    memory.check(kind)
    layout = lay_out(book, kind, register, memory, options.answers)
    reduced = write_reduced(kind.name, original, layout.sheets)
    records, findings = interpret(layout.sheets, kind, register, options)
    hidden = [sheet.name for sheet in book.sheets if sheet.hidden]
    unused = unused_answers(options.answers, layout.sheets, [*layout.findings, *findings], hidden)
    if any(one.kind in COLUMNS_FIRST for one in layout.findings):
        findings, unused = [], ()  # one sentence about the columns says more than a thousand about the rows
    settled = settle_findings(
        [*layout.findings, *findings], options, [reading.name for reading in layout.readings]
    )
    return ImportResult(
        kind=kind.name,
        form=book.form,
        reduced=reduced,
        sheets=tuple(layout.readings),
        mappings=tuple(memory.used.values()),
        findings=settled,
        records=tuple(records),
        unused=unused,
    )


def interpret(
    sheets: Sequence[RawSheet], kind: Kind, register: DesaRegister, options: ImportOptions
) -> tuple[list[Record], list[Finding]]:
    """Return the records and findings of what was kept of a file; the reduced file alone is enough.

    Args:
        sheets: As kept, or as read back from a reduced file.
        kind: The kind of list.
        register: The valid desa.
        options: Limits and answers.
    """
    findings: list[Finding] = []
    read: list[tuple[RawSheet, list[Entry]]] = []
    for raw in sheets:
        reader = SheetReader(raw, kind, register, options)
        read.append((raw, reader.read()))
        findings += reader.findings
    entries = [entry for _, rows in read for entry in rows]
    totals = check_totals(read, kind)
    raw_text = {
        (id(entry), name): shown(cell.value)
        for raw, rows in read
        for entry, kept in zip(rows, _kept_rows(raw, rows), strict=True)
        for name, cell in kept.items()
        if name in entry.open
    }
    findings += totals.findings
    findings += ask_open_numbers(
        entries, raw_text, kind, settles=totals.settles, voters_max=options.voters_max
    )
    findings += check_entries(entries, kind, register, options)
    findings = improve_proposals(findings, entries, totals.settles)
    return [Record(e.sheet, e.row + 1, e.values, e.cells, e.vault) for e in entries], findings


def _kept_rows(raw: RawSheet, rows: Sequence[Entry]) -> list[dict[str, Any]]:
    by_row = {row.row: row.cells for row in raw.rows}
    return [by_row[entry.row] for entry in rows]


def settle_findings(
    findings: Sequence[Finding], options: ImportOptions, sheets: Sequence[str]
) -> tuple[Finding, ...]:
    """Return what the answers leave open, each once, in the order of sheets and cells.

    Args:
        findings: Of the layout and of the rows.
        options: With the answers.
        sheets: Names in the order of the tabs.
    """
    return tuple(_ordered(_settled(findings, options), sheets))


def _settled(findings: Sequence[Finding], options: ImportOptions) -> list[Finding]:
    """Take back what the user has answered."""
    settled = []
    for one in findings:
        answer = options.answers.get(one.place)
        if answer is None or one.severity == NOTE:
            settled.append(one)
        elif answer == NO_POINT and one.field in LABELS:
            settled.append(replace(one, severity=NOTE))
        elif one.kind in ANSWERED_BY_WORD and answer in {KEEP, DROP}:
            if answer == KEEP:
                settled.append(replace(one, severity=NOTE))
        elif one.kind not in ANSWERED_BY_VALUE:
            settled.append(one)
    return settled


def _ordered(findings: Sequence[Finding], sheets: Sequence[str]) -> list[Finding]:
    order = {name: at for at, name in enumerate(sheets)}
    return sorted(
        set_once(findings), key=lambda one: (order.get(one.sheet, -1), *_row_and_column(one.cell), one.kind)
    )


def _row_and_column(cell: str) -> tuple[int, int]:
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :] or 0), column_index(letters) or 0


def set_once(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings without repeats of one kind at one cell; a lost result is no missing value as well."""
    lost = {one.place for one in findings if one.kind == "formula_without_value"}
    seen: set[tuple[str, str]] = set()
    once = []
    for one in findings:
        key = (one.kind, one.place)
        if (one.cell and key in seen) or (one.kind == "missing_value" and one.place in lost):
            continue
        seen.add(key)
        once.append(one)
    return once
