"""XLS, XLSB and ODS through python-calamine in a child process: values and merged ranges, no hidden rows."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from tepat.common.errors import Refused
from tepat.planning.imports.calamine_child import PASSWORD_EXIT, decode
from tepat.planning.imports.sheets import Book, Merge, Sheet, settle, trimmed

CHILD_SECONDS_MAX = 60


def read_calamine(data: bytes, form: str) -> Book:
    """Return the sheets of a workbook that openpyxl does not read.

    Args:
        data: The whole file.
        form: ``xls``, ``xlsb`` or ``ods``.

    Raises:
        Refused: IMPORT-FILE-PASSWORD, IMPORT-FILE-BROKEN.
    """
    remarks = ["no_hidden_rows"] + (["no_merged_cells"] if form != "xls" else [])
    return Book(form, [_sheet(entry) for entry in _in_child(data)], tuple(remarks))


def _in_child(data: bytes) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "tepat.planning.imports.calamine_child"]
    try:
        child = subprocess.run(  # noqa: S603 (our own module in our own interpreter; the file goes in by pipe)
            command, input=data, capture_output=True, check=False, timeout=CHILD_SECONDS_MAX
        )
    except subprocess.TimeoutExpired as error:
        raise Refused("IMPORT-FILE-BROKEN") from error
    if child.returncode == PASSWORD_EXIT:
        raise Refused("IMPORT-FILE-PASSWORD")
    if child.returncode != 0:
        raise Refused("IMPORT-FILE-BROKEN")
    sheets: list[dict[str, Any]] = json.loads(child.stdout)
    return sheets


def _sheet(entry: Mapping[str, Any]) -> Sheet:
    return Sheet(
        name=entry["name"],
        rows=trimmed([[settle(decode(value)) for value in row] for row in entry["rows"]]),
        hidden=entry["hidden"],
        merges=tuple(
            Merge(top, left, bottom, right)
            for top, left, bottom, right in entry["merges"]
            if (top, left) != (bottom, right)
        ),
    )


def cached_values(data: bytes) -> Mapping[str, Sequence[Sequence[object]]]:
    """Return the stored results of formulas by sheet, which openpyxl gives only on a second reading."""
    return {
        entry["name"]: [[decode(value) for value in row] for row in entry["rows"]]
        for entry in _in_child(data)
    }
