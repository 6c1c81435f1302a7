"""Reads the plain TPS list ``tps,desa,voters[,dapil,dptb,voters_<ballot>…]``, strictly: nothing is guessed.

A list as offices really keep it (merged cells, "1.205", total rows) goes through ``tepat import`` first.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tepat.common.areas import Area
from tepat.common.errors import Refused
from tepat.common.unread import why_unread
from tepat.planning.columns import TpsColumns, columns, is_desa_code
from tepat.planning.findings import FINDINGS_MAX, Finding
from tepat.planning.rules import RuleSet

LIST_BYTES_MAX = 200_000_000
LIST_ROWS_MAX = 1_000_000
CELL_CHARACTERS_MAX = 10_000
VOTERS_MAX = 100_000
TPS_NUMBER_MAX = 999

REQUIRED = ("tps", "desa", "voters")
SEPARATORS = (",", ";", "\t")
_TPS = re.compile(r"(?:TPS[ -]?)?0*(\d{1,3})", re.IGNORECASE)
_TPS_CODE = re.compile(r"(\d{10})(\d{3})")


@dataclass(frozen=True)
class TpsList:
    """A list as read.

    Args:
        columns: Its TPS; None where a row cannot be used, so that no total is ever computed from a part.
        findings: What is wrong, line by line.
        lines: The line of each TPS in the file.
    """

    columns: TpsColumns | None
    findings: tuple[Finding, ...]
    lines: tuple[int, ...]


@dataclass
class _Reading:
    """What has been read so far."""

    rules: RuleSet
    area: Area | None
    header: dict[str, int]
    width: int
    cells: dict[str, list[Any]] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    seen: dict[tuple[str, int], int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def fault(self, code: str, line: int, column: str, **facts: Any) -> None:
        """Note a fault that keeps the list from being used."""
        facts = {"line": line, "column": column, **facts}
        self.findings.append(Finding(code, "menahan", facts, line=line, column=column))


def read_tps_list(raw: bytes, rules: RuleSet, area: Area | None = None) -> TpsList:
    """Return the TPS of a CSV file.

    Args:
        raw: The file, UTF-8 with or without BOM, separated by comma, semicolon or tab.
        rules: The rules of the event; name the ballots that columns may be for.
        area: The kabupaten/kota the list is of, or None; desa are then also found by name where it is unique.

    Raises:
        Refused: NEEDS-LIST-TOO-LARGE, NEEDS-LIST-ENCODING, NEEDS-LIST-EMPTY, NEEDS-LIST-NO-COLUMN,
            NEEDS-LIST-COLUMN-TWICE, NEEDS-LIST-UNKNOWN-BALLOT, NEEDS-LIST-BROKEN.
    """
    if len(raw) > LIST_BYTES_MAX:
        raise Refused("NEEDS-LIST-TOO-LARGE", size=len(raw), most=LIST_BYTES_MAX)
    text = _decoded(raw)
    lines = _rows(text, _separator(text))
    try:
        head = next(lines, (1, []))[1]
        reading = _Reading(rules, area, _header(head, rules), len(head))
        for line, row in lines:
            if any(cell.strip() for cell in row):
                _read_row(reading, line, row)
            if len(reading.lines) > LIST_ROWS_MAX:
                raise Refused("NEEDS-LIST-TOO-LARGE", size=len(reading.lines), most=LIST_ROWS_MAX)
            if len(reading.findings) >= FINDINGS_MAX:
                break
    except csv.Error as error:
        raise Refused("NEEDS-LIST-BROKEN", reason=why_unread(error)) from error
    if not reading.lines and not reading.findings:
        raise Refused("NEEDS-LIST-EMPTY")
    usable = not any(finding.severity == "menahan" for finding in reading.findings)
    return TpsList(_columns(reading) if usable else None, tuple(reading.findings), tuple(reading.lines))


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Refused("NEEDS-LIST-ENCODING", line=line) from error


def _separator(text: str) -> str:
    first = text.lstrip().partition("\n")[0]
    return max(SEPARATORS, key=first.count)


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    before = 0
    for row in reader:
        if any(len(cell) > CELL_CHARACTERS_MAX for cell in row):
            raise Refused("NEEDS-LIST-BROKEN", reason=f"sel terlalu panjang di baris {before + 1}")
        if row:
            yield before + 1, row
        before = reader.line_num


def _header(row: list[str], rules: RuleSet) -> dict[str, int]:
    names = [cell.strip().lower() for cell in row]
    for name in REQUIRED:
        if name not in names:
            raise Refused("NEEDS-LIST-NO-COLUMN", column=name, found=", ".join(filter(None, names)) or "–")
    ballots = {ballot.code for ballot in rules.ballots}
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        if name and name in found:
            raise Refused("NEEDS-LIST-COLUMN-TWICE", column=name)
        kind, _, ballot = name.partition("_")
        if kind in ("voters", "dptb", "dapil") and ballot and ballot not in ballots:
            raise Refused(
                "NEEDS-LIST-UNKNOWN-BALLOT",
                column=name,
                election=rules.name,
                known=", ".join(sorted(ballots)),
            )
        found[name] = place
    found.pop("", None)
    return found


def _read_row(reading: _Reading, line: int, row: list[str]) -> None:
    if len(row) <= max(reading.header.values()) or any(cell.strip() for cell in row[reading.width :]):
        # A cell too many is most often "1,205" without quotes: reading on would count one voter.
        reading.fault("NEEDS-LIST-ROW-WIDTH", line, "", cells=len(row), columns=reading.width)
        return
    cells = {name: row[place].strip() for name, place in reading.header.items()}
    before = len(reading.findings)
    desa = _desa(reading, line, cells["desa"])
    number = _tps_number(reading, line, cells["tps"], desa)
    values: dict[str, Any] = {"desa": desa, "tps": number}
    for name in reading.header:
        kind = name.partition("_")[0]
        if kind in ("voters", "dptb"):
            values[name] = _people(reading, line, name, cells)
        elif kind == "dapil":
            values[name] = cells[name]
    if (desa, number) in reading.seen and len(reading.findings) == before:
        first = reading.seen[desa, number]
        reading.fault("NEEDS-LIST-DUPLICATE", line, "tps", tps=number, desa=desa, first=first)
    if len(reading.findings) > before:
        return
    reading.seen[desa, number] = line
    reading.lines.append(line)
    for name, value in values.items():
        reading.cells.setdefault(name, []).append(value)


def _people(reading: _Reading, line: int, name: str, cells: dict[str, str]) -> int:
    text = cells[name]
    if not text and name != "voters":
        return int(cells["voters"]) if name.startswith("voters_") and cells["voters"].isdecimal() else 0
    if not (text.isascii() and text.isdecimal()):
        reading.fault("NEEDS-LIST-NUMBER", line, name, text=text)
        return 0
    if len(text) > len(str(VOTERS_MAX)) or int(text) > VOTERS_MAX:
        reading.fault("NEEDS-LIST-NUMBER-TOO-LARGE", line, name, text=text[:20], most=VOTERS_MAX)
        return 0
    return int(text)


def _tps_number(reading: _Reading, line: int, text: str, desa: str) -> int:
    whole = _TPS_CODE.fullmatch(text.replace(".", ""))
    if whole and whole[1] == desa.replace(".", ""):
        text = whole[2]
    match = _TPS.fullmatch(text)
    number = int(match[1]) if match and text.isascii() else 0
    if not 1 <= number <= TPS_NUMBER_MAX:
        reading.fault("NEEDS-LIST-TPS-NUMBER", line, "tps", text=text[:40], most=TPS_NUMBER_MAX)
    return number


def _desa(reading: _Reading, line: int, text: str) -> str:
    code = text
    if len(text) == 10 and text.isascii() and text.isdecimal():
        code = f"{text[:2]}.{text[2:4]}.{text[4:6]}.{text[6:]}"
    if not text:
        reading.fault("NEEDS-LIST-NO-DESA", line, "desa")
    elif reading.area is not None:
        return _desa_of_area(reading, line, code, reading.area)
    return code


def _desa_of_area(reading: _Reading, line: int, text: str, area: Area) -> str:
    if is_desa_code(text):
        if not any(desa.code == text for desa in area.desa):
            reading.fault("NEEDS-LIST-DESA-ELSEWHERE", line, "desa", desa=text, area=area.name)
        return text
    found = [desa.code for desa in area.desa if desa.name.casefold() == text.casefold()]
    if len(found) == 1:
        return found[0]
    code = "NEEDS-LIST-DESA-AMBIGUOUS" if found else "NEEDS-LIST-DESA-UNKNOWN"
    reading.fault(code, line, "desa", desa=text, area=area.name, codes=", ".join(found))
    return text


def _columns(reading: _Reading) -> TpsColumns:
    cells = reading.cells
    dapil = _by_ballot(cells, "dapil_")
    by_dapil = [ballot.code for ballot in reading.rules.ballots if ballot.by_dapil]
    if "dapil" in cells and by_dapil:
        # One plain column names the dapil that an office itself draws: the last, DPRD kabupaten/kota.
        dapil.setdefault(by_dapil[-1], cells["dapil"])
    return columns(
        cells["desa"],
        cells["tps"],
        cells["voters"],
        dptb=cells.get("dptb"),
        voters=_by_ballot(cells, "voters_"),
        dptb_voters=_by_ballot(cells, "dptb_"),
        dapil=dapil,
    )


def _by_ballot(cells: dict[str, list[Any]], prefix: str) -> dict[str, list[Any]]:
    return {name.removeprefix(prefix): column for name, column in cells.items() if name.startswith(prefix)}


def with_lines(findings: tuple[Finding, ...], tps: TpsColumns, lines: tuple[int, ...]) -> tuple[Finding, ...]:
    """Return findings about TPS with the line of the file each TPS stands in.

    Args:
        findings: Findings of `check_list`.
        tps: The list.
        lines: The line of each TPS.
    """
    named = {finding.tps for finding in findings if finding.tps}
    if not named:
        return findings
    line_of = {label: line for label, line in zip(tps.labels, lines, strict=True) if label in named}
    return tuple(replace(finding, line=line_of.get(finding.tps)) for finding in findings)
