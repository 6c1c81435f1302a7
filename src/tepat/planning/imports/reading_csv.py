"""CSV as Indonesian Excel writes it: ``;`` or ``,`` or tab, UTF-8 with or without mark, or Windows-1252."""

import codecs
import csv
import io
from collections import Counter

from tepat.common.errors import Refused
from tepat.planning.imports.sheets import Book, Sheet, settle, trimmed

CSV_SHEET = "CSV"
DELIMITERS = (";", ",", "\t", "|")
SNIFF_LINES_MAX = 60
CELL_CHARS_MAX = 100_000


def decoded(data: bytes) -> str:
    """Return text of a file whose encoding nobody wrote down; Latin-1 reads any byte, so this never fails."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def read_csv(data: bytes) -> Book:
    """Return the one sheet of a CSV file.

    Args:
        data: The whole file, of a size checked by the caller.

    Raises:
        Refused: IMPORT-FILE-BROKEN when a quotation mark is never closed and swallows the file.
    """
    text = decoded(data)
    head, _, rest = text.partition("\n")
    if head.strip().lower().startswith("sep=") and len(head.strip()) == len("sep=;"):
        rows = _parse(rest, head.strip()[-1])
        rows.insert(0, [])
    else:
        rows = _parse(text, sniff(text))
    return Book("csv", [Sheet(CSV_SHEET, trimmed([[settle(cell) for cell in row] for row in rows]))])


def _parse(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(CELL_CHARS_MAX)
    try:
        # strict=False: a stray quotation mark in the middle of a name is part of the name.
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Refused("IMPORT-FILE-BROKEN") from error


def sniff(text: str) -> str:
    """Return the delimiter that cuts most lines into the same number of cells.

    A number with a decimal comma splits at irregular places; the right delimiter splits regularly.
    """
    sample = "\n".join(text.splitlines()[:SNIFF_LINES_MAX])
    best, best_score = ",", 0
    for delimiter in DELIMITERS:
        try:
            widths = Counter(len(row) for row in _parse(sample, delimiter) if row)
        except Refused:
            continue
        widths.pop(1, None)
        score = max((count * (width - 1) for width, count in widths.items()), default=0)
        if score > best_score:
            best, best_score = delimiter, score
    return best
