"""Which column is which field: guessed, remembered or told; private columns are taken out first."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tepat.common.errors import Refused
from tepat.planning.imports import privacy
from tepat.planning.imports.desa_register import DesaRegister
from tepat.planning.imports.fields import Field, Kind, Type
from tepat.planning.imports.findings import KEEP, Finding, finding
from tepat.planning.imports.headings import (
    SURE_MIN,
    Guess,
    Header,
    Heading,
    guess_columns,
    heading_score,
    numbering_heading,
    plain,
)
from tepat.planning.imports.sheets import Sheet, Value, address, column_index, column_letter, is_blank
from tepat.planning.imports.values import evidence_for

CONTENT_ROWS_MAX = 2_000
NO_COLUMN = "-"
FULL = 100
REMOVED_KINDS = {
    privacy.NIK: "nik_column_removed",
    privacy.NAME: "name_column_removed",
    privacy.PRIVATE: "private_column_removed",
}


@dataclass(frozen=True)
class ColumnMapping:
    """The meaning of the columns below one kind of header, to be shown, corrected and remembered.

    Args:
        signature: Tells this header from others.
        kind: The kind of list.
        guesses: One for each column that is used.
    """

    signature: str
    kind: str
    guesses: tuple[Guess, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the mapping as it is stored and shown."""
        return {
            "signature": self.signature,
            "kind": self.kind,
            "columns": [
                {
                    "column": column_letter(guess.column),
                    "header": guess.heading,
                    "field": guess.field,
                    "confidence": guess.confidence,
                    "source": guess.source,
                }
                for guess in self.guesses
            ],
        }


@dataclass
class ColumnMemory:
    """What the engine was told of columns, and what it found.

    Args:
        told: Field to column (a letter, a header's text, or ``-`` for none), from the user.
        remembered: Mappings accepted before, as `as_json` wrote them, by signature.
        used: Mappings of this file by signature, filled while reading.
    """

    told: Mapping[str, str]
    remembered: Mapping[str, Mapping[str, Any]]
    used: dict[str, ColumnMapping] = field(default_factory=dict)
    told_used: set[str] = field(default_factory=set)

    def check(self, kind: Kind) -> None:
        """Refuse a field that this kind of list does not have.

        Raises:
            Refused: IMPORT-MAP-UNKNOWN-FIELD.
        """
        for name in self.told:
            if name not in kind.by_name:
                raise Refused("IMPORT-MAP-UNKNOWN-FIELD", field=name, known=", ".join(kind.by_name))

    def check_used(self) -> None:
        """Refuse a column that no sheet has.

        Raises:
            Refused: IMPORT-MAP-UNKNOWN-COLUMN.
        """
        for name, column in self.told.items():
            if column != NO_COLUMN and name not in self.told_used:
                raise Refused("IMPORT-MAP-UNKNOWN-COLUMN", field=name, column=column)


@dataclass
class Columns:
    """Columns of one sheet: field to column, and those taken out."""

    mapping: ColumnMapping
    by_field: dict[str, int]
    removed: dict[int, str]
    findings: list[Finding]


def signature_of(kind: Kind, header: Header) -> str:
    """Return what tells this header from others, whatever sheet it stands on."""
    texts = "\n".join(f"{column_letter(c)}:{h.full}" for c, h in sorted(header.headings.items()) if h.full)
    return hashlib.sha256(f"{kind.name}\n{texts}".encode()).hexdigest()[:16]


def map_columns(
    sheet: Sheet, header: Header, kind: Kind, register: DesaRegister, memory: ColumnMemory
) -> Columns:
    """Return the meaning of each column of a sheet.

    Args:
        sheet: The sheet.
        header: Its header.
        kind: The kind of list.
        register: The valid desa, because content tells a column of names of desa.
        memory: What was told, what is remembered.
    """
    below = sheet.rows[header.bottom + 1 : header.bottom + 1 + CONTENT_ROWS_MAX]
    values = {
        column: [row[column] for row in below if column < len(row) and not is_blank(row[column])]
        for column in range(sheet.width)
    }
    told = _told_columns(header, kind, memory)
    removed = _private_columns(header, values, kind, register, set(told.values()))
    signature = signature_of(kind, header)
    guesses = _guesses(header, values, removed, (kind, register, memory, signature), told)
    mapping = ColumnMapping(signature, kind.name, tuple(guesses))
    memory.used.setdefault(signature, mapping)
    columns = Columns(mapping, {guess.field: guess.column for guess in guesses}, removed, [])
    _remark_columns(columns, sheet, header, kind, values)
    return columns


def _told_columns(header: Header, kind: Kind, memory: ColumnMemory) -> dict[str, int]:
    told = {}
    for name, wanted in memory.told.items():
        if wanted == NO_COLUMN:
            continue
        by_text = [c for c, h in header.headings.items() if plain(wanted) in {h.full, h.leaf}]
        by_letter = column_index(wanted)
        column = by_text[0] if by_text else by_letter
        if column is not None and (by_text or column in header.headings):
            told[name] = column
            memory.told_used.add(name)
    assert all(name in kind.by_name for name in told), told
    return told


def _private_columns(
    header: Header,
    values: Mapping[int, Sequence[Value]],
    kind: Kind,
    register: DesaRegister,
    told: set[int],
) -> dict[int, str]:
    removed = {}
    for column, cells in values.items():
        heading = header.headings.get(column, Heading(()))
        group = _private_group(heading, cells, kind, register)
        if group == privacy.NIK or (group and column not in told):
            removed[column] = group
        elif column in told and kind.name == "tps" and privacy.name_column(cells, register.plain_names):
            removed[column] = privacy.NAME
    return removed


def _private_group(heading: Heading, cells: Sequence[Value], kind: Kind, register: DesaRegister) -> str:
    if privacy.nik_column(cells):
        return privacy.NIK
    by_header = privacy.private_header(heading.leaf) or privacy.private_header(heading.full)
    if by_header == privacy.NIK:
        return privacy.NIK
    scores = [
        (heading_score(field, heading), field.vault or field.type is Type.TEXT) for field in kind.fields
    ]
    wanted, free = max(scores, default=(0, False))
    if wanted >= SURE_MIN and free:
        return ""  # a name the list is for (a warehouse, a driver for the vault), or a place
    texts = [cell for cell in cells if isinstance(cell, str)]
    places = sum(register.known(text) for text in texts)
    if by_header:
        return "" if texts and places >= 0.6 * len(texts) else by_header
    return privacy.NAME if privacy.name_column(cells, register.plain_names) else ""


def _guesses(
    header: Header,
    values: Mapping[int, Sequence[Value]],
    removed: Mapping[int, str],
    known: tuple[Kind, DesaRegister, ColumnMemory, str],
    told: Mapping[str, int],
) -> list[Guess]:
    kind, register, memory, signature = known
    text = {column: heading.text for column, heading in header.headings.items()}
    fixed = [
        Guess(column, text.get(column, ""), name, FULL, "user")
        for name, column in told.items()
        if column not in removed
    ]
    given = set(memory.told)
    taken = {guess.column for guess in fixed} | set(removed)
    before = _before(kind, memory, signature)
    for name, column in before.items():
        if name not in given and column not in taken and column in values:
            fixed.append(Guess(column, text.get(column, ""), name, FULL, "remembered"))
            taken.add(column)
            given.add(name)
    if before:
        return sorted(fixed, key=lambda guess: guess.column)
    open_fields: list[Field] = [entry for entry in kind.fields if entry.name not in given]
    open_columns = {column: cells for column, cells in values.items() if column not in taken}
    guessed = guess_columns(header.headings, open_columns, open_fields, evidence_for(register))
    return sorted([*fixed, *guessed], key=lambda guess: guess.column)


def _before(kind: Kind, memory: ColumnMemory, signature: str) -> dict[str, int]:
    if signature in memory.used:
        return {guess.field: guess.column for guess in memory.used[signature].guesses}
    columns = memory.remembered.get(signature, {}).get("columns", ())
    found = {}
    for entry in columns:
        column = column_index(str(entry.get("column", "")))
        if column is not None and entry.get("field") in kind.by_name:
            found[str(entry["field"])] = column
    return found


def _remark_columns(
    columns: Columns, sheet: Sheet, header: Header, kind: Kind, values: Mapping[int, Sequence[Value]]
) -> None:
    used = set(columns.by_field.values())
    for column in range(sheet.width):
        heading = header.headings.get(column, Heading(()))
        cell, text = address(header.bottom, column), heading.text or f"kolom {column_letter(column)}"
        if column in columns.removed:
            kind_of = REMOVED_KINDS[columns.removed[column]]
            columns.findings.append(finding(kind_of, sheet.name, cell, header=text))
        elif column not in used and _unexplained(heading, values[column]):
            columns.findings.append(finding("unknown_column", sheet.name, cell, header=text))
        if column in used and column in sheet.hidden_columns:
            columns.findings.append(finding("hidden_column", sheet.name, cell, header=text))
    _remark_unsure(columns, sheet, header, kind)


def _unexplained(heading: Heading, cells: Sequence[Value]) -> bool:
    """Return whether a column that is not used should be spoken of: row numbers need no word."""
    return not numbering_heading(heading) if heading.lines else bool(cells)


def _remark_unsure(columns: Columns, sheet: Sheet, header: Header, kind: Kind) -> None:
    for guess in columns.mapping.guesses:
        if guess.confidence < SURE_MIN and guess.source in {"header", "content"}:
            columns.findings.append(
                finding(
                    "unsure_column",
                    sheet.name,
                    address(header.bottom, guess.column),
                    proposal=KEEP,
                    field=guess.field,
                    header=guess.heading or f"kolom {column_letter(guess.column)}",
                    label=kind.field(guess.field).label,
                    name=guess.field,
                    column=column_letter(guess.column),
                    confidence=guess.confidence,
                ),
            )
