"""Rows against each other and against what the office knows."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

from tepat.common.quantities import grouped
from tepat.planning.imports.desa_register import DesaRegister
from tepat.planning.imports.entries import ImportOptions
from tepat.planning.imports.entry import Entry
from tepat.planning.imports.fields import Kind
from tepat.planning.imports.findings import ASKS, DROP, Finding, finding
from tepat.planning.imports.kinds_tps import DISABILITIES
from tepat.planning.imports.numbers import SPECIAL_FIRST
from tepat.planning.imports.points import check_points

NAMES_SHOWN_MAX = 8


def check_entries(
    entries: Sequence[Entry], kind: Kind, register: DesaRegister, options: ImportOptions
) -> list[Finding]:
    """Return what is wrong between and within rows.

    Args:
        entries: All rows as understood.
        kind: The kind of list.
        register: The valid desa.
        options: Limits and expected totals.
    """
    checks: list[Callable[[], Iterator[Finding]]] = [lambda: _missing(entries, kind)]
    if kind.name == "tps":
        checks += [
            lambda: _missing_places(entries),
            lambda: _sums(entries, options),
            lambda: _missing_dapil(entries, options),
            lambda: _duplicate_tps(entries, register),
            lambda: _gaps(entries, register),
            lambda: _against_register(entries, register, options),
            lambda: _expected(entries, options),
        ]
    elif kind.key:
        checks.append(lambda: _duplicate_rows(entries, kind))
    checks.append(lambda: check_points(entries, register, options))
    return [one for check in checks for one in check()]


def _missing(entries: Sequence[Entry], kind: Kind) -> Iterator[Finding]:
    required = [of for of in kind.fields if of.required]
    for entry in entries:
        for of in required:
            held = of.name in entry.values or of.name in entry.open or of.name in entry.vault
            if not held and of.name in entry.cells:
                yield finding(
                    "missing_value",
                    entry.sheet,
                    entry.cells[of.name],
                    field=of.name,
                    label=of.label,
                    proposed="-",
                )
        if kind.name == "vehicles" and entry.values.get("boxes_max") == 0:
            yield finding(
                "no_capacity",
                entry.sheet,
                entry.cells["boxes_max"],
                field="boxes_max",
                value=entry.values.get("plate", ""),
            )


def _missing_places(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Rows without desa: one finding for each run of them, with the name above as a proposal."""
    above: Entry | None = None
    for empty, run in groupby(entries, key=lambda e: not (e.text.get("desa") or e.text.get("desa_code"))):
        rows = list(run)
        if empty:
            yield from _missing_run(rows, above)
        above = rows[-1]


def _missing_run(rows: Sequence[Entry], above: Entry | None) -> Iterator[Finding]:
    for sheet, same in groupby(rows, key=lambda entry: entry.sheet):
        run = list(same)
        name = above.text.get("desa") if above and above.sheet == sheet else ""
        column = "desa" if "desa" in run[0].cells else "desa_code"
        where = [entry.cells.get(column, entry.first_cell) for entry in run]
        yield finding(
            "missing_value",
            sheet,
            where[0],
            field=column,
            also=tuple(where[1:]),
            proposal=name or None,
            severity=ASKS if name else None,
            label="desa/kelurahan",
            proposed=name or "-",
        )


def _sums(entries: Sequence[Entry], options: ImportOptions) -> Iterator[Finding]:
    for entry in entries:
        yield from _voters(entry, options)
        yield from _disabilities(entry)
        yield from _parts(entry)


def _voters(entry: Entry, options: ImportOptions) -> Iterator[Finding]:
    values = entry.values
    parts = values.get("dpt_male"), values.get("dpt_female")
    summed = parts[0] + parts[1] if parts[0] is not None and parts[1] is not None else None
    if "dpt" in entry.open:
        return
    if "dpt" not in values:
        column = "dpt" in entry.cells
        if summed is not None and not column:
            values["dpt"] = summed
            entry.cells["dpt"] = entry.cells["dpt_male"]
            if options.voters_max and summed > options.voters_max:
                yield _over(entry, summed, options.voters_max)
        elif column:
            yield finding(
                "missing_value",
                entry.sheet,
                entry.cells["dpt"],
                field="dpt",
                proposal=None if summed is None else str(summed),
                severity=None if summed is None else ASKS,
                label="jumlah pemilih",
                proposed="-" if summed is None else summed,
            )
    elif summed is not None and summed != values["dpt"]:
        yield _sum_differs(entry, "dpt", summed, f"L {parts[0]} + P {parts[1]}")


def _over(entry: Entry, value: int, limit: int) -> Finding:
    return finding(
        "over_limit",
        entry.sheet,
        entry.cells["dpt"],
        field="dpt",
        label="jumlah pemilih",
        value=str(value),
        limit=limit,
    )


def _sum_differs(entry: Entry, name: str, summed: int, parts: str) -> Finding:
    return finding(
        "sum_differs",
        entry.sheet,
        entry.cells[name],
        field=name,
        proposal=str(summed),
        parts=parts,
        summed=summed,
        total=entry.values[name],
    )


def _disabilities(entry: Entry) -> Iterator[Finding]:
    total = entry.values.get("disability_total")
    names = [f"disability_{name}" for name in DISABILITIES]
    listed = [name for name in names if name in entry.cells]
    if total is None or not listed or any(name in entry.open for name in listed):
        return
    summed = sum(entry.values.get(name, 0) for name in listed)
    if len(listed) == len(names) and summed != total:
        yield _sum_differs(entry, "disability_total", summed, "enam jenis disabilitas")


def _parts(entry: Entry) -> Iterator[Finding]:
    dpt = entry.values.get("dpt")
    if dpt is None:
        return
    most = dpt + entry.values.get("dptb", 0)
    for name, value in entry.values.items():
        if name.startswith(("voters_", "disability_")) and value > most:
            yield finding(
                "part_over_voters",
                entry.sheet,
                entry.cells[name],
                field=name,
                label=name,
                value=str(value),
                total=most,
            )


def _missing_dapil(entries: Sequence[Entry], options: ImportOptions) -> Iterator[Finding]:
    columns = sorted({name for entry in entries for name in entry.cells if name.startswith("dapil")})
    if not entries:
        return
    if not columns and options.dapil_needed:
        yield finding("missing_dapil", entries[0].sheet, "", field="dapil", severity="note", tps="berkas ini")
    for entry in entries:
        for name in columns:
            if name in entry.cells and name not in entry.values:
                yield finding(
                    "missing_dapil", entry.sheet, entry.cells[name], field=name, tps=_tps_name(entry)
                )


def _tps_name(entry: Entry) -> str:
    number, desa = entry.values.get("tps"), entry.values.get("desa") or entry.text.get("desa", "")
    return f"TPS {number} {desa}".strip() if number is not None else f"baris {entry.row + 1}"


def _duplicate_tps(entries: Sequence[Entry], register: DesaRegister) -> Iterator[Finding]:
    seen: dict[tuple[str, int], Entry] = {}
    for entry in entries:
        desa, number = entry.desa, entry.values.get("tps")
        if desa is None or number is None:
            continue
        first = seen.setdefault((desa, number), entry)
        if first is not entry:
            same = first.values == entry.values
            yield finding(
                "duplicate_tps",
                entry.sheet,
                entry.cells["tps"],
                field="tps",
                proposal=DROP if same else None,
                tps=number,
                desa=register.name(desa),
                first=f"{first.sheet}!{first.cells['tps']}",
            )


def _numbers_by_desa(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Return the rows of each desa whose TPS numbers are all understood."""
    by_desa: dict[str, list[Entry]] = defaultdict(list)
    unclear = set()
    for entry in entries:
        if entry.desa is not None:
            by_desa[entry.desa].append(entry)
            if "tps" not in entry.values:
                unclear.add(entry.desa)
    return {code: rows for code, rows in by_desa.items() if code not in unclear}


def _gaps(entries: Sequence[Entry], register: DesaRegister) -> Iterator[Finding]:
    for code, rows in _numbers_by_desa(entries).items():
        for first, last in ((1, SPECIAL_FIRST - 1), (SPECIAL_FIRST, 10**6)):
            by_number = {entry.values["tps"]: entry for entry in rows if first <= entry.values["tps"] <= last}
            missing = [
                number for number in range(first, max(by_number, default=first)) if number not in by_number
            ]
            if missing:
                after = by_number[min(number for number in by_number if number > missing[0])]
                yield finding(
                    "tps_gap",
                    after.sheet,
                    after.cells["tps"],
                    field="tps",
                    desa=register.name(code),
                    missing=_listed([str(number) for number in missing]),
                )


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMES_SHOWN_MAX
    return ", ".join(names[:NAMES_SHOWN_MAX]) + (f", dan {more} lagi" if more > 0 else "")


def _against_register(
    entries: Sequence[Entry], register: DesaRegister, options: ImportOptions
) -> Iterator[Finding]:
    if not options.compare_tps:
        return
    counts = Counter(entry.desa for entry in entries if entry.desa)
    first = {entry.desa: entry for entry in reversed(entries) if entry.desa}
    sure = {
        code
        for code, rows in _numbers_by_desa(entries).items()
        if len({entry.values["tps"] for entry in rows}) == len(rows) and not _has_gap(rows)
    }
    for code in sorted(sure):
        place, entry = register.desa[code], first[code]
        known = place.tps + place.tps_special
        if known and known != counts[code]:
            yield finding(
                "tps_count_differs",
                entry.sheet,
                entry.cells["tps"],
                field="tps",
                desa=register.name(code),
                count=counts[code],
                known=known,
            )
    yield from _absent(counts, first, register)


def _has_gap(rows: Sequence[Entry]) -> bool:
    regular = [entry.values["tps"] for entry in rows if entry.values["tps"] < SPECIAL_FIRST]
    return bool(regular) and max(regular) != len(regular)


def _absent(
    counts: Mapping[str, int], first: Mapping[str, Entry], register: DesaRegister
) -> Iterator[Finding]:
    begun = {register.desa[code].kecamatan: first[code] for code in reversed(list(first))}
    for kecamatan, entry in sorted(begun.items()):
        absent = [
            place.name
            for place in register.desa.values()
            if place.kecamatan == kecamatan and place.code not in counts and place.tps + place.tps_special
        ]
        if absent:
            yield finding(
                "desa_absent",
                entry.sheet,
                "",
                kecamatan=register.kecamatan[kecamatan],
                names=_listed(absent),
                count=len(absent),
            )


def _expected(entries: Sequence[Entry], options: ImportOptions) -> Iterator[Finding]:
    found = {"dpt": sum(entry.values.get("dpt", 0) for entry in entries), "tps": len(entries)}
    labels = {"dpt": "pemilih", "tps": "TPS"}
    for name, expected in options.expected.items():
        if found[name] == expected:
            continue
        unclear = sum(name in entry.open for entry in entries)
        swapped = sorted(str(found[name])) == sorted(str(expected))
        yield finding(
            "expected_total_differs",
            "",
            "",
            field=name,
            label=labels[name],
            found=grouped(found[name]),
            expected=grouped(expected),
            difference=grouped(found[name] - expected),
            unclear=unclear,
            hint=" Angkanya tampak tertukar letak." if swapped else "",
        )


def _duplicate_rows(entries: Sequence[Entry], kind: Kind) -> Iterator[Finding]:
    seen: dict[tuple[str, ...], Entry] = {}
    for entry in entries:
        key = tuple(str(entry.values.get(name, "")).replace(" ", "").lower() for name in kind.key)
        if not all(key):
            continue
        first = seen.setdefault(key, entry)
        if first is not entry:
            name = kind.key[0]
            yield finding(
                "duplicate_row",
                entry.sheet,
                entry.cells[name],
                field=name,
                proposal=DROP if first.values == entry.values else None,
                value=str(entry.values[name]),
                first=f"{first.sheet}!{first.cells[name]}",
            )
