"""Which rows are the header, and which column is which field.

A header may stand below titles, run over two or three lines with merged groups, call things by many names.
Each column's text is held against the synonyms of each field, and what stands in the column has a say too.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from tepat.planning.imports.fields import Field, Type
from tepat.planning.imports.sheets import Sheet, Value, is_blank, shown

HEADER_SCAN_ROWS_MAX = 60
HEADER_LINES_MAX = 3
HEADER_MATCHES_MIN = 2
HEADER_SCORE_MIN = 80
SCORE_MIN = 70
SURE_MIN = 80
FUZZY_MIN = 84
FUZZY_CAP = 88
FUZZY_CHARS_MIN = 5
HEADING_CHARS_MAX = 120
NEUTRAL_PARENTS = frozenset(
    (
        *(
            "jumlah pemilih",
            "pemilih",
            "dpt",
            "jumlah",
            "jml pemilih",
            "total pemilih",
            "data pemilih",
            "jumlah dpt",
        ),
        *(
            "daftar pemilih tetap",
            "daftar pemilih tetap dpt",
            "jumlah pemilih dpt",
            "pemilih dpt",
            "wilayah",
            "tps",
        ),
        *("jumlah pemilih tetap", "rekapitulasi", "lokasi"),
    ),
)
DOMAINS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("dptb", re.compile(r"\bdptb\b|tambahan|pindah")),
    ("dpk", re.compile(r"\bdpk\b|pemilih khusus")),
    ("disabilitas", re.compile(r"disabilitas|difabel|\bdisab\b")),
)


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Return a header's text in small letters with single spaces, without punctuation but ``+``."""
    spaced = re.sub(r"\s*\+\s*", "+", text.lower())
    return " ".join(re.sub(r"[^\w+]+|_", " ", spaced[:HEADING_CHARS_MAX]).split())


@dataclass(frozen=True)
class Heading:
    """The header of one column: its lines from top to bottom, without repeats."""

    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """All lines, as shown to a person."""
        return " / ".join(self.lines)

    @property
    def leaf(self) -> str:
        """The lowest line, plain."""
        return plain(self.lines[-1]) if self.lines else ""

    @property
    def parent(self) -> str:
        """The lines above the lowest, plain."""
        return plain(" ".join(self.lines[:-1]))

    @property
    def full(self) -> str:
        """All lines, plain."""
        return plain(" ".join(self.lines))


@dataclass(frozen=True)
class Header:
    """Where the header stands and what it says.

    Args:
        top: Its first row, from 0.
        depth: Its lines.
        headings: By column.
        score: How well it fits the kind of list.
    """

    top: int
    depth: int
    headings: dict[int, Heading]
    score: float

    @property
    def bottom(self) -> int:
        """Its last row, from 0."""
        return self.top + self.depth - 1


def domain_of(text: str) -> str:
    """Return the group a heading speaks of, empty for the voters' list itself."""
    for name, pattern in DOMAINS:
        if pattern.search(text):
            return name
    return ""


def heading_score(field: Field, heading: Heading) -> float:
    """Return how surely a heading means a field, from 0 to 100."""
    return _score(field, heading.leaf, heading.parent, heading.full)


@lru_cache(maxsize=65536)
def _score(field: Field, leaf: str, parent: str, full: str) -> float:
    if not leaf:
        return 0
    domain = domain_of(full)
    if domain and domain != field.domain:
        return 0
    if full in field.synonyms:
        return 100
    leaf_alone = not parent or parent in NEUTRAL_PARENTS or domain == field.domain != ""
    if leaf in field.synonyms and leaf_alone:
        return 97
    if parent and leaf in field.synonyms and field.type is not Type.COUNT:
        return 90
    return max((_likeness(synonym, full) for synonym in field.synonyms), default=0)


def _likeness(synonym: str, full: str) -> float:
    words, wanted = full.split(), synonym.split()
    inside = set(wanted) <= set(words) and (len(wanted) > 1 or len(synonym) >= FUZZY_CHARS_MIN)
    if inside and len(words) <= 2 * len(wanted) + 1:
        return 62 + 24 * len(wanted) / len(words)
    if min(len(synonym), len(full)) < FUZZY_CHARS_MIN:
        return 0
    ratio = fuzz.ratio(synonym, full)
    return min(ratio - 4, FUZZY_CAP) if ratio >= FUZZY_MIN else 0


def find_header(sheet: Sheet, fields: Sequence[Field]) -> Header | None:
    """Return the header that fits best among the first rows, None where no row is like one.

    Args:
        sheet: The sheet.
        fields: The columns that the list may have.
    """
    filled = _merged_texts(sheet)
    best: Header | None = None
    last = min(len(sheet.rows), HEADER_SCAN_ROWS_MAX)
    for top in range(last):
        for depth in range(1, HEADER_LINES_MAX + 1):
            if top + depth > len(sheet.rows) or not _may_be_header(sheet, top + depth - 1):
                break
            header = _header_at(sheet, filled, top, depth, fields)
            if header and (best is None or header.score > best.score + 1):
                best = header
    return best


def _merged_texts(sheet: Sheet) -> dict[tuple[int, int], Value]:
    texts: dict[tuple[int, int], Value] = {}
    for merge in sheet.merges:
        if merge.top < HEADER_SCAN_ROWS_MAX and merge.right - merge.left <= sheet.width:
            value = sheet.at(merge.top, merge.left)
            for cell in merge.cells():
                if cell[0] >= HEADER_SCAN_ROWS_MAX + HEADER_LINES_MAX:
                    break
                texts[cell] = value
    return texts


def _may_be_header(sheet: Sheet, row: int) -> bool:
    cells = [value for value in sheet.rows[row] if not is_blank(value)]
    return bool(cells) and all(isinstance(value, str) and not _only_digits(value) for value in cells)


def _only_digits(text: str) -> bool:
    return bool(re.fullmatch(r"[\d.,\s()\-]+", text.strip()))


def _header_at(
    sheet: Sheet, filled: Mapping[tuple[int, int], Value], top: int, depth: int, fields: Sequence[Field]
) -> Header | None:
    headings = _headings(sheet, filled, top, depth)
    best: dict[str, float] = {}
    for heading in headings.values():
        scores = [(heading_score(field, heading), field.name) for field in fields]
        score, name = max(scores, default=(0, ""))
        if score >= HEADER_SCORE_MIN:
            best[name] = max(best.get(name, 0), score)
    if len(best) < HEADER_MATCHES_MIN:
        return None
    # A title line of one text is no header line of its own.
    widths = [
        len({shown(v).strip() for v in _line(sheet, filled, row) if not is_blank(v)})
        for row in range(top, top + depth)
    ]
    if widths[0] < HEADER_MATCHES_MIN:
        return None
    return Header(top, depth, headings, sum(best.values()))


def _line(sheet: Sheet, filled: Mapping[tuple[int, int], Value], row: int) -> list[Value]:
    return [filled.get((row, column), sheet.at(row, column)) for column in range(sheet.width)]


def _headings(
    sheet: Sheet, filled: Mapping[tuple[int, int], Value], top: int, depth: int
) -> dict[int, Heading]:
    lines = [_line(sheet, filled, row) for row in range(top, top + depth)]
    for upper, lower in pairwise(lines):
        _spread_groups(upper, lower)
    headings = {}
    for column in range(sheet.width):
        parts: list[str] = []
        for line in lines:
            text = " ".join(shown(line[column]).split())
            if text and (not parts or plain(parts[-1]) != plain(text)):
                parts.append(text[:HEADING_CHARS_MAX])
        if parts:
            headings[column] = Heading(tuple(parts))
    return headings


def _spread_groups(upper: list[Value], lower: list[Value]) -> None:
    """Carry a group's name over the columns to its right that have only a lower line."""
    group: Value = None
    for column, (above, below) in enumerate(zip(upper, lower, strict=True)):
        if not is_blank(above):
            group = above if not is_blank(below) else None
        elif group is not None and not is_blank(below):
            upper[column] = group
        else:
            group = None


@dataclass(frozen=True)
class Guess:
    """One column's meaning.

    Args:
        column: From 0.
        heading: What stands above it.
        field: The field's name.
        confidence: 0 to 100.
        source: ``header``, ``content``, ``remembered`` or ``user``.
    """

    column: int
    heading: str
    field: str
    confidence: int
    source: str


SPEAK_FOR_THEMSELVES = frozenset({Type.DESA_CODE, Type.DESA, Type.KECAMATAN})

type Evidence = Callable[[Field, Sequence[Value]], float]


def guess_columns(
    headings: Mapping[int, Heading],
    columns: Mapping[int, Sequence[Value]],
    fields: Sequence[Field],
    evidence: Evidence,
) -> list[Guess]:
    """Return the most likely field of each column, each field once.

    Args:
        headings: Header by column.
        columns: Some of the values below, by column.
        fields: The fields not yet given away.
        evidence: The share of values that fit a field, 0 to 1.
    """
    scored = []
    for column, values in columns.items():
        heading = headings.get(column, Heading(()))
        for order, field in enumerate(fields):
            by_header = heading_score(field, heading)
            if not by_header and field.type not in SPEAK_FOR_THEMSELVES:
                continue
            fit = evidence(field, values)
            score, source = by_header * (0.55 + 0.45 * fit), "header"
            floor = _content_floor(field, fit, heading)
            if floor > score:
                score, source = floor, "content"
            if score >= SCORE_MIN:
                scored.append((-score, column, order, field, heading.text, source))
    taken_columns: set[int] = set()
    taken_fields: set[str] = set()
    guesses = []
    for negative, column, _, field, text, source in sorted(scored, key=lambda item: item[:3]):
        if column in taken_columns or field.name in taken_fields:
            continue
        taken_columns.add(column)
        taken_fields.add(field.name)
        guesses.append(Guess(column, text, field.name, round(-negative), source))
    return sorted(guesses, key=lambda guess: guess.column)


def _content_floor(field: Field, fit: float, heading: Heading) -> float:
    """Return the score that content alone gives: codes speak for themselves, names of desa nearly so."""
    if field.type is Type.DESA_CODE and fit >= 0.8:
        spoken = "desa" in heading.full or "kode" in heading.full or "wilayah" in heading.full
        return 95 if spoken else 78
    if field.type in {Type.DESA, Type.KECAMATAN} and fit >= 0.8:
        return 76
    return 0


def numbering_heading(heading: Heading) -> bool:
    """Return whether a column merely counts the rows or holds remarks, so that nobody misses it."""
    return heading.full in {"no", "nomor", "no urut", "urut", "#", "nomor urut", ""}
