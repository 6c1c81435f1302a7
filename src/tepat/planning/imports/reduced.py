"""The reduced file: the allowed cells of a list with their addresses, and nothing else of the original.

JSON lines in UTF-8, one object a line, keys sorted: the same original gives the same bytes anywhere. This
file is what is interpreted, kept and hashed; the original is known by its hash alone. Names and
contacts, of people and of drivers, go to a second file of the same shape for the vault.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from tepat.common.errors import Refused
from tepat.planning.imports.sheets import Value, shown

SCHEMA = "tepat-import"
SCHEMA_VERSION = 1

DATA = "data"
TOTAL = "total"


@dataclass(frozen=True)
class Cell:
    """One kept cell: its A1 address and what stands in it."""

    address: str
    value: Value


@dataclass(frozen=True)
class RawRow:
    """One row as it stands, not yet understood.

    Args:
        row: From 0.
        role: ``data`` or ``total``.
        cells: By field.
        vault: Cells with names and contacts, by field.
        hidden: Excel does not show the row.
        scope: Of a total: ``desa``, ``kecamatan``, ``all`` or empty, from the words beside it.
        label: Of a total: the address of those words.
    """

    row: int
    role: str
    cells: dict[str, Cell]
    vault: dict[str, Cell]
    hidden: bool = False
    scope: str = ""
    label: str = ""


@dataclass(frozen=True)
class RawSheet:
    """The kept part of one sheet.

    Args:
        name: The sheet's name.
        columns: Addresses of the header cells by field.
        kecamatan: The kecamatan that the sheet's name or title gives, with the address of the title.
        rows: In their order.
    """

    name: str
    columns: dict[str, str]
    kecamatan: Cell | None
    rows: tuple[RawRow, ...]


@dataclass(frozen=True)
class ReducedFile:
    """What is kept of a file.

    Args:
        content: The allowed cells.
        sha256: Of `content`, in hexadecimal.
        original_sha256: Of the file that the user gave.
        vault_content: Names and contacts, empty where the list has none; erasable, never in the ledger.
        vault_sha256: Of `vault_content`; empty where that is empty.
    """

    content: bytes
    sha256: str
    original_sha256: str
    vault_content: bytes = b""
    vault_sha256: str = ""


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def write_reduced(kind: str, original_sha256: str, sheets: Iterable[RawSheet]) -> ReducedFile:
    """Return the reduced file of what was kept.

    Args:
        kind: The kind of list.
        original_sha256: Of the file that the user gave.
        sheets: What was kept of it.
    """
    listed = list(sheets)
    head = {
        "kind": kind,
        "original_sha256": original_sha256,
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
    }
    content = _lines([head, *_sheet_lines(listed, vault=False)])
    named = any(row.vault for sheet in listed for row in sheet.rows)
    vault = _lines([head, *_sheet_lines(listed, vault=True)]) if named else b""
    return ReducedFile(content, sha256(content), original_sha256, vault, sha256(vault) if vault else "")


def _lines(objects: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(
        json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode(
            "utf-8", "replace"
        )
        + b"\n"
        for line in objects
    )


def _sheet_lines(sheets: Iterable[RawSheet], *, vault: bool) -> Iterator[dict[str, Any]]:
    for sheet in sheets:
        yield {
            "sheet": sheet.name,
            "columns": sheet.columns,
            "kecamatan": _encode_cell(sheet.kecamatan) if sheet.kecamatan else None,
        }
        for row in sheet.rows:
            cells = row.vault if vault else row.cells
            line: dict[str, Any] = {
                "row": row.row + 1,
                "role": row.role,
                "cells": {field: _encode_cell(cell) for field, cell in cells.items()},
            }
            extra = {"hidden": row.hidden, "scope": row.scope, "label": row.label}
            yield line | {key: value for key, value in extra.items() if value}


def _encode_cell(cell: Cell) -> list[Any]:
    value = cell.value
    if isinstance(value, datetime | date | time):
        return [cell.address, {"date": value.isoformat(), "type": type(value).__name__}]
    if isinstance(value, float) and not math.isfinite(value):
        return [cell.address, shown(value)]
    return [cell.address, value]


def _decode_cell(encoded: list[Any]) -> Cell:
    where, value = encoded
    if isinstance(value, dict):
        kinds: dict[str, Any] = {"datetime": datetime, "date": date, "time": time}
        value = kinds[value["type"]].fromisoformat(value["date"])
    return Cell(where, value)


def read_reduced(content: bytes, vault_content: bytes = b"") -> tuple[str, str, list[RawSheet]]:
    """Return kind of list, hash of the original and kept sheets of a reduced file.

    Args:
        content: As in `ReducedFile.content`.
        vault_content: The names and contacts, where they still exist.

    Raises:
        Refused: IMPORT-REDUCED-UNREADABLE.
    """
    try:
        lines = [json.loads(line) for line in content.splitlines()]
        head = lines[0]
        if head["schema"] != SCHEMA or head["schema_version"] != SCHEMA_VERSION:
            raise Refused("IMPORT-REDUCED-UNREADABLE")
        names = _vault_cells(vault_content)
        return head["kind"], head["original_sha256"], _decode_sheets(lines[1:], names)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise Refused("IMPORT-REDUCED-UNREADABLE") from error


def _vault_cells(content: bytes) -> dict[tuple[int, int], dict[str, Cell]]:
    cells: dict[tuple[int, int], dict[str, Cell]] = {}
    sheet = -1
    for line in (json.loads(text) for text in content.splitlines()[1:]):
        if "sheet" in line:
            sheet += 1
        else:
            cells[sheet, line["row"] - 1] = {f: _decode_cell(cell) for f, cell in line["cells"].items()}
    return cells


def _decode_sheets(
    lines: list[dict[str, Any]], names: dict[tuple[int, int], dict[str, Cell]]
) -> list[RawSheet]:
    sheets: list[tuple[dict[str, Any], list[RawRow]]] = []
    for line in lines:
        if "sheet" in line:
            sheets.append((line, []))
            continue
        row = line["row"] - 1
        sheets[-1][1].append(
            RawRow(
                row=row,
                role=line["role"],
                cells={field: _decode_cell(cell) for field, cell in line["cells"].items()},
                vault=names.get((len(sheets) - 1, row), {}),
                hidden=line.get("hidden", False),
                scope=line.get("scope", ""),
                label=line.get("label", ""),
            ),
        )
    return [
        RawSheet(
            name=head["sheet"],
            columns=head["columns"],
            kecamatan=_decode_cell(head["kecamatan"]) if head["kecamatan"] else None,
            rows=tuple(rows),
        )
        for head, rows in sheets
    ]
