"""Which answers reach nothing: an answer that no cell takes and nobody asked for is said, never swallowed."""

from collections.abc import Collection, Mapping, Sequence

from tepat.planning.imports.findings import KEEP, NOTE, SKIP, Finding
from tepat.planning.imports.reduced import DATA, RawSheet

WORDS = frozenset({KEEP, SKIP})
# Asked about until they are answered with "pakai" or "lewati"; from then on a note.
CONFIRMED = frozenset({"over_limit", "under_limit", "hidden_sheet"})


def unused_answers(
    answers: Mapping[str, str],
    sheets: Sequence[RawSheet],
    findings: Sequence[Finding],
    hidden_sheets: Collection[str],
) -> tuple[str, ...]:
    """Return the places of answers that change nothing.

    A value takes the place of any cell of the list, asked about or not: the number that is wrong is often
    another than the sum that does not fit. A word such as ``pakai`` needs a question.

    Args:
        answers: By ``Sheet!A1``.
        sheets: What was kept of the file.
        findings: Before any was taken back for being answered.
        hidden_sheets: Sheets that are read or passed over by an answer at their A1.
    """
    if not answers:
        return ()
    asked = {f"{name}!A1" for name in hidden_sheets}
    for one in findings:
        if one.severity != NOTE or one.kind in CONFIRMED:
            asked |= {f"{one.sheet}!{cell}" for cell in (one.cell, *one.also) if cell}
    cells = {place for sheet in sheets for place in _cells_of(sheet)}
    return tuple(
        place
        for place, answer in answers.items()
        if place not in asked and (answer in WORDS or place not in cells)
    )


def _cells_of(sheet: RawSheet) -> set[str]:
    """Return every place of a sheet that an answer can fill: rows × columns, and titles between the rows."""
    letters = [cell.rstrip("0123456789") for cell in sheet.columns.values()]
    rows = [row for row in sheet.rows if row.role == DATA]
    places = {f"{sheet.name}!{column}{row.row + 1}" for row in rows for column in letters}
    return places | {f"{sheet.name}!{cell.address}" for row in rows for cell in row.cells.values()}


def plain_place(place: str) -> str:
    """Return a place as findings write it: ``Cepu!f$12`` is ``Cepu!F12``."""
    sheet, mark, cell = place.rpartition("!")
    return f"{sheet}{mark}{cell.strip().upper().replace('$', '')}"
