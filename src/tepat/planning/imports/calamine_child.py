"""Run as a child process: read a workbook from standard input with python-calamine, write it as JSON.

The Rust reader ends the whole process on some damaged files (it asks for more memory than there is). A child
may end; the office's server may not.
"""

import io
import json
import sys
from datetime import date, datetime, time
from typing import Any

MEMORY_BYTES_MAX = 2_000_000_000
PASSWORD_EXIT = 3
BROKEN_EXIT = 4


def encode(value: object) -> Any:
    """Return a cell as JSON; dates and times become an object with their type."""
    if isinstance(value, datetime | date | time):
        return {"type": type(value).__name__, "date": value.isoformat()}
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def decode(value: Any) -> Any:
    """Return a cell that `encode` wrote."""
    if isinstance(value, dict):
        kinds: dict[str, Any] = {"datetime": datetime, "date": date, "time": time}
        return kinds[value["type"]].fromisoformat(value["date"])
    return value


def read_sheets(data: bytes) -> list[dict[str, Any]]:
    """Return the worksheets of a workbook: name, hidden, rows, merged ranges."""
    import python_calamine as calamine

    sheets = []
    with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for entry in book.sheets_metadata:
            if entry.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(entry.name)
            rows = sheet.to_python(skip_empty_area=False)
            sheets.append(
                {
                    "name": entry.name,
                    "hidden": entry.visible != calamine.SheetVisibleEnum.Visible,
                    "rows": [[encode(value) for value in row] for row in rows],
                    "merges": [[*first, *last] for first, last in sheet.merged_cell_ranges or []],
                },
            )
    return sheets


def main() -> int:
    """Answer the parent: JSON and 0, or one of the exit codes above."""
    import python_calamine as calamine

    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sheets = read_sheets(sys.stdin.buffer.read())
    except calamine.PasswordError:
        return PASSWORD_EXIT
    except Exception:  # noqa: BLE001 (whatever the reader says, the file is broken; the parent says so)
        return BROKEN_EXIT
    sys.stdout.buffer.write(json.dumps(sheets).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
