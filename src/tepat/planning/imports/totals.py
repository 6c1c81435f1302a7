"""Total rows as checksums: whichever rows a total claims to add up must add up to it.

A total also settles what a cell left open: where one number of its rows is unclear, the difference is it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tepat.common.quantities import grouped
from tepat.planning.imports.entry import Entry
from tepat.planning.imports.fields import NUMERIC, Kind, Type
from tepat.planning.imports.findings import Finding, finding
from tepat.planning.imports.numbers import read_number, read_tps, whole
from tepat.planning.imports.reduced import TOTAL, RawRow, RawSheet
from tepat.planning.imports.sheets import shown


@dataclass
class Totals:
    """What the total rows say.

    Args:
        findings: A note for each total row, a finding for each number that does not add up.
        settles: The number a total leaves for an open cell, by the identity of its row and the field.
    """

    findings: list[Finding] = field(default_factory=list)
    settles: dict[tuple[int, str], int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Claim:
    """The numbers of one total row by field."""

    row: RawRow
    numbers: Mapping[str, tuple[int, ...]]


def check_totals(sheets: Sequence[tuple[RawSheet, Sequence[Entry]]], kind: Kind) -> Totals:
    """Hold each total row of a file against the rows above it.

    Args:
        sheets: Each sheet with its rows as understood.
        kind: The kind of list.
    """
    totals = Totals()
    before: list[Entry] = []
    for raw, entries in sheets:
        _check_sheet(raw, entries, before, kind, totals)
        before.extend(entries)
    return totals


def _check_sheet(
    raw: RawSheet, entries: Sequence[Entry], before: Sequence[Entry], kind: Kind, totals: Totals
) -> None:
    last_total = -1
    for row in raw.rows:
        if row.role != TOTAL:
            continue
        above = [entry for entry in entries if entry.row < row.row]
        since = [entry for entry in above if entry.row > last_total]
        desa = _last_desa(above)
        scopes = {"desa": desa, "kecamatan": above, "all": [*before, *above], "": since}
        numbers = _numbers(row, kind)
        if numbers:
            _check_row(raw.name, _Claim(row, numbers), scopes, totals)
        last_total = row.row


def _last_desa(above: Sequence[Entry]) -> list[Entry]:
    """Return the rows of the desa that the row above the total belongs to."""
    if not above:
        return []
    last = above[-1].desa
    run: list[Entry] = []
    for entry in reversed(above):
        if entry.desa != last:
            break
        run.append(entry)
    return run[::-1]


def _numbers(row: RawRow, kind: Kind) -> dict[str, tuple[int, ...]]:
    """Return what each number of a total row can mean; two readings where the separator leaves both open."""
    found = {}
    for name, cell in row.cells.items():
        of = kind.field(name)
        reading = read_number(cell.value) if of.type in NUMERIC else read_tps(cell.value)
        if of.type is Type.TPS and reading.value is None:
            reading = read_number(shown(cell.value).lower().replace("tps", ""))
        values = (reading.value,) if reading.value is not None else reading.readings
        exact = tuple(number for value in values if (number := whole(value * of.scale)) is not None)
        if exact:
            found[name] = exact
    return found


def _check_row(sheet: str, claim: _Claim, scopes: Mapping[str, Sequence[Entry]], totals: Totals) -> None:
    named = scopes[claim.row.scope]
    order = [named, *(scope for scope in scopes.values() if scope is not named)]
    scored = [(_agreement(claim, scope), -at, scope) for at, scope in enumerate(order) if scope]
    if not scored:
        totals.findings.append(_note(sheet, claim, 0))
        return
    agreed, _, best = max(scored, key=lambda entry: entry[:2])
    scope = best if agreed else (named or best)
    totals.findings.append(_note(sheet, claim, len(scope)))
    for name, readings in claim.numbers.items():
        _check_number(sheet, claim, (name, readings), scope, totals)


def _note(sheet: str, claim: _Claim, count: int) -> Finding:
    return finding("total_row", sheet, claim.row.label, row=claim.row.row + 1, count=count)


def _is_tps(name: str) -> bool:
    return name == "tps"


def _sum(scope: Sequence[Entry], name: str) -> int:
    if _is_tps(name):
        return len(scope)
    return sum(entry.values.get(name, 0) for entry in scope)


def _open_cells(scope: Sequence[Entry], name: str) -> list[Entry]:
    return [] if _is_tps(name) else [entry for entry in scope if name in entry.open or name in entry.blank]


def _agreement(claim: _Claim, scope: Sequence[Entry]) -> int:
    return sum(
        _sum(scope, name) in readings and not _open_cells(scope, name)
        for name, readings in claim.numbers.items()
    )


def _check_number(
    sheet: str,
    claim: _Claim,
    number: tuple[str, tuple[int, ...]],
    scope: Sequence[Entry],
    totals: Totals,
) -> None:
    name, readings = number
    unclear = _open_cells(scope, name)
    summed = _sum(scope, name)
    if len(unclear) == 1 and len(readings) == 1 and readings[0] >= summed:
        totals.settles.setdefault((id(unclear[0]), name), readings[0] - summed)
    if unclear or summed in readings:
        return
    cell = claim.row.cells[name]
    totals.findings.append(
        finding(
            "total_mismatch",
            sheet,
            cell.address,
            proposal=str(summed),
            field=name,
            value=shown(cell.value),
            summed=grouped(summed),
            difference=grouped(readings[0] - summed),
            count=len(scope),
        ),
    )
