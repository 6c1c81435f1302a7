"""A file between upload and acceptance: what was kept of it, and what it says once questions are answered.

The original is read once, in memory, and forgotten. From then on the reduced file, the findings of its layout
and the answers are enough.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

from tepat.common.areas import load_area, successors
from tepat.common.elections import PEMILU, election_kind
from tepat.planning.imports.answers import unused_answers
from tepat.planning.imports.columns import ColumnMapping, ColumnMemory
from tepat.planning.imports.desa_register import DesaRegister
from tepat.planning.imports.engine import COLUMNS_FIRST, ImportResult, interpret, settle_findings
from tepat.planning.imports.entries import ImportOptions
from tepat.planning.imports.fields import Kind
from tepat.planning.imports.findings import KEEP, NOTE, SKIP, Finding
from tepat.planning.imports.headings import Guess
from tepat.planning.imports.layout import Layout, SheetReading, lay_out
from tepat.planning.imports.reading import read_book
from tepat.planning.imports.reduced import read_reduced, sha256, write_reduced
from tepat.planning.imports.sheets import Book, column_index

HIDDEN_SHEET = "hidden_sheet"

type Mappings = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Upload:
    """What is kept of an uploaded file until somebody accepts it.

    Args:
        form: ``xlsx``, ``csv`` …
        original_sha256: Of the file that was uploaded; the file itself is gone.
        content: The reduced file, hidden sheets included: whether they count is asked.
        vault: Names and contacts in the same shape, or empty.
        layout: How each sheet was read, and the findings of its shape; plain values.
    """

    form: str
    original_sha256: str
    content: bytes
    vault: bytes
    layout: dict[str, Any]


@cache
def desa_register(area_code: str) -> DesaRegister:
    """Return the valid desa of an office, with the codes that lead to them."""
    return DesaRegister.of_area(load_area(area_code), successors())


def options_for(election: str) -> ImportOptions:
    """Return the limits of an election; without one, those that hold for any list.

    Args:
        election: Its code, or empty.

    Raises:
        Refused: COMMON-UNKNOWN-ELECTION.
    """
    if not election:
        return ImportOptions()
    event = election_kind(election)
    return ImportOptions(
        voters_max=event.voters_per_tps_max,
        dapil_needed=event.kind == PEMILU,
        compare_tps=event.code == "pemilu-2024",
    )


def read_upload(data: bytes, kind: Kind, register: DesaRegister, remembered: Mappings) -> Upload:
    """Return what may be kept of a file.

    Args:
        data: The whole file, in memory.
        kind: The kind of list.
        register: The valid desa.
        remembered: Mappings accepted or chosen before, by signature.

    Raises:
        Refused: IMPORT-FILE-…, IMPORT-TABLE-TOO-LARGE.
    """
    book, original = read_book(data), sha256(data)
    layout = _lay_out(book, kind, register, remembered, {})
    questions = [one for one in layout.findings if one.kind == HIDDEN_SHEET]
    if questions:
        shown = _lay_out(book, kind, register, remembered, {one.place: KEEP for one in questions})
        layout = Layout(shown.sheets, shown.readings, [*questions, *shown.findings])
    reduced = write_reduced(kind.name, original, layout.sheets)
    return Upload(
        form=book.form,
        original_sha256=original,
        content=reduced.content,
        vault=reduced.vault_content,
        layout={
            "sheets": [_reading_json(reading) for reading in layout.readings],
            "findings": [asdict(one) for one in layout.findings],
        },
    )


def _lay_out(
    book: Book, kind: Kind, register: DesaRegister, remembered: Mappings, answers: Mapping[str, str]
) -> Layout:
    return lay_out(book, kind, register, ColumnMemory({}, remembered), answers)


def reread(upload: Upload, kind: Kind, register: DesaRegister, options: ImportOptions) -> ImportResult:
    """Return what a kept file says with the answers given so far; the original is not needed.

    Args:
        upload: What was kept.
        kind: The kind of list.
        register: The valid desa.
        options: Limits and answers.

    Raises:
        Refused: IMPORT-REDUCED-UNREADABLE.
    """
    _, original, sheets = read_reduced(upload.content, upload.vault)
    layout = [_finding(one) for one in upload.layout["findings"]]
    hidden = {one.sheet: options.answers.get(one.place) for one in layout if one.kind == HIDDEN_SHEET}
    out = {name for name, answer in hidden.items() if answer != KEEP}
    kept = [sheet for sheet in sheets if sheet.name not in out]
    records, found = interpret(kept, kind, register, options)
    asked = [_hidden(one, hidden) for one in layout if one.kind == HIDDEN_SHEET and hidden[one.sheet] != KEEP]
    shape = [one for one in layout if one.kind != HIDDEN_SHEET and one.sheet not in out]
    unused = unused_answers(options.answers, kept, [*shape, *found], hidden)
    if any(one.kind in COLUMNS_FIRST for one in shape):
        found, unused = [], ()
    readings = [_reading(line, kind) for line in upload.layout["sheets"]]
    names = [reading.name for reading in readings]
    return ImportResult(
        kind=kind.name,
        form=upload.form,
        reduced=write_reduced(kind.name, original, kept),
        sheets=tuple(replace(one, used=one.used and one.name not in out) for one in readings),
        mappings=tuple({one.mapping.signature: one.mapping for one in readings if one.mapping}.values()),
        findings=(*asked, *settle_findings([*shape, *found], options, names)),
        records=tuple(records),
        unused=unused,
    )


def _hidden(question: Finding, answers: Mapping[str, str | None]) -> Finding:
    return replace(question, severity=NOTE) if answers[question.sheet] == SKIP else question


def _finding(line: Mapping[str, Any]) -> Finding:
    return Finding(**{**line, "also": tuple(line["also"])})


def _reading_json(reading: SheetReading) -> dict[str, Any]:
    mapping = reading.mapping.as_json() if reading.mapping else None
    return {**asdict(replace(reading, mapping=None)), "mapping": mapping}


def _reading(line: Mapping[str, Any], kind: Kind) -> SheetReading:
    mapping = line["mapping"]
    return SheetReading(
        name=line["name"],
        used=line["used"],
        header_rows=tuple(line["header_rows"]),
        mapping=mapping_of(mapping, kind) if mapping else None,
        kecamatan=line["kecamatan"],
        rows=line["rows"],
        merged=tuple(line["merged"]),
    )


def mapping_of(line: Mapping[str, Any], kind: Kind) -> ColumnMapping:
    """Return a mapping from its plain form."""
    guesses = tuple(
        Guess(
            column_index(one["column"]) or 0,
            one["header"],
            one["field"],
            one["confidence"],
            one["source"],
        )
        for one in line["columns"]
        if one["field"] in kind.by_name
    )
    return ColumnMapping(line["signature"], kind.name, guesses)


def proposals(findings: Sequence[Finding]) -> dict[str, str]:
    """Return the answer to each question that has a proposal; what blocks is never answered by itself."""
    return {
        one.place: one.proposal for one in findings if one.severity == "asks" and one.proposal is not None
    }
