"""Numbers with two readings: the question, and which reading the rest of the file speaks for."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tepat.common.messages import say
from tepat.planning.imports.entry import Entry
from tepat.planning.imports.fields import Kind, Type
from tepat.planning.imports.findings import Finding, finding
from tepat.planning.imports.numbers import whole, written

NEIGHBOURS_MIN = 5
REACH = 3  # a reading up to three times the largest clear number of its column is believable

PARTS = (("dpt", "dpt_male", "dpt_female"),)


def ask_open_numbers(
    entries: Sequence[Entry],
    raw_text: Mapping[tuple[int, str], str],
    kind: Kind,
    *,
    settles: Mapping[tuple[int, str], int],
    voters_max: int | None,
) -> list[Finding]:
    """Return one question for each ambiguous number.

    Args:
        entries: All rows.
        raw_text: What stands in an open cell, by the identity of its row and the field.
        kind: The kind of list.
        settles: What total rows leave for an open cell.
        voters_max: The most voters a TPS may have.
    """
    largest = _largest(entries)
    questions = []
    for entry in entries:
        for name, readings in entry.open.items():
            if not readings:
                continue
            limit = voters_max if name == "dpt" else kind.field(name).maximum
            value, reason = _proposal(entry, name, kind, (settles, limit, largest.get(name)))
            questions.append(
                finding(
                    "ambiguous_number",
                    entry.sheet,
                    entry.cells[name],
                    proposal=None if value is None else written(value),
                    field=name,
                    label=kind.field(name).label,
                    value=raw_text.get((id(entry), name), ""),
                    first=written(readings[0]),
                    second=_with_comma(readings[1]),
                    reason=say(
                        f"IMPORT-REASON-{reason}", {"proposal": _with_comma(value), "limit": limit}
                    ).happened,
                ),
            )
    return questions


def _with_comma(number: Decimal | None) -> str:
    return "-" if number is None else written(number).replace(".", ",")


def improve_proposals(
    findings: Sequence[Finding], entries: Sequence[Entry], settles: Mapping[tuple[int, str], int]
) -> list[Finding]:
    """Return findings with a proposal for unreadable numbers that the sums of the file give away."""
    open_cells = {
        (entry.sheet, entry.cells[name]): (entry, name)
        for entry in entries
        for name in (*entry.open, *entry.blank)
    }
    better = []
    for one in findings:
        cell = open_cells.get((one.sheet, one.cell))
        value = _by_sums(*cell, settles)[0] if cell and one.proposal is None else None
        better.append(_proposed(one, value) if value is not None else one)
    return better


def _proposed(one: Finding, value: int) -> Finding:
    from dataclasses import replace

    return replace(one, proposal=str(value))


def _largest(entries: Sequence[Entry]) -> dict[str, int]:
    clear: dict[str, list[int]] = {}
    for entry in entries:
        for name, value in entry.values.items():
            if isinstance(value, int) and not isinstance(value, bool):
                clear.setdefault(name, []).append(value)
    return {name: max(values) for name, values in clear.items() if len(values) >= NEIGHBOURS_MIN}


def _proposal(
    entry: Entry, name: str, kind: Kind, known: tuple[Mapping[tuple[int, str], int], int | None, int | None]
) -> tuple[Decimal | None, str]:
    settles, limit, largest = known
    of = kind.field(name)
    by_sum, reason = _by_sums(entry, name, settles)
    if by_sum is not None:
        return Decimal(by_sum), reason
    believable = [
        reading
        for reading in entry.open[name]
        if (of.type is Type.MEASURE or whole(reading) is not None)
        and (limit is None or reading * of.scale <= limit)
        and (largest is None or reading * of.scale <= REACH * largest)
    ]
    if len(believable) == 1:
        return believable[0], "COLUMN"
    if not believable:
        return None, "NONE" if limit is not None else "BOTH"
    return None, "BOTH"


def _by_sums(entry: Entry, name: str, settles: Mapping[tuple[int, str], int]) -> tuple[int | None, str]:
    for total, first, second in PARTS:
        value = _by_parts(entry.values, name, total, (first, second))
        if value is not None and value >= 0:
            return value, "PARTS"
    left = settles.get((id(entry), name))
    return left, "TOTAL"


def _by_parts(values: Mapping[str, Any], name: str, total: str, parts: tuple[str, str]) -> int | None:
    first, second = parts
    if name == total and first in values and second in values:
        return int(values[first] + values[second])
    for part, other in ((first, second), (second, first)):
        if name == part and total in values and other in values:
            return int(values[total] - values[other])
    return None
