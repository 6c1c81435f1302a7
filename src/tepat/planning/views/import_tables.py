"""The tables of the import screens: findings, what would change, what was accepted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from tepat.common.quantities import decimal_comma, grouped
from tepat.common.tables import Cell, Column, Kind, Table, short_date
from tepat.planning.import_questions import KIND_WORDS, RANK, STATES
from tepat.planning.import_registers import Key, Planned
from tepat.planning.imports.fields import Kind as ListKind
from tepat.planning.imports.findings import Finding
from tepat.planning.imports.kinds import KINDS
from tepat.planning.imports.numbers import DEGREE_DIGITS
from tepat.planning.models import ListImport

CHANGES_SHOWN_MAX = 10_000
FINDING_COLUMNS = (
    Column("Jenis"),
    Column("Keadaan", Kind.STATE),
    Column("Lembar"),
    Column("Sel", Kind.CODE),
    Column("Penjelasan"),
    Column("Usul"),
)
SHOWN_WORDS = {True: "ya", False: "tidak"}


def findings_table(findings: Sequence[Finding], zone: ZoneInfo) -> Table:
    """Return every finding with its sheet and cell, grouped by kind, the gravest first."""
    ranked = sorted(findings, key=lambda one: (RANK[one.severity], list(KIND_WORDS).index(one.kind)))
    rows: list[list[Any]] = []
    for one in ranked:
        state, word = STATES[one.severity]
        more = f"dan {grouped(len(one.also))} sel lain: {', '.join(one.also[:6])}" if one.also else ""
        rows.append(
            [
                KIND_WORDS[one.kind],
                Cell(state, word=word),
                one.sheet or None,
                Cell(one.cell or None, note=more),
                one.message,
                one.proposal,
            ]
        )
    return Table(
        id="temuan",
        title="Semua temuan",
        columns=FINDING_COLUMNS,
        rows=rows,
        note="Sel disebut seperti di Excel.",
        empty="Tidak ada temuan: berkas ini rapi.",
        zone=zone,
    )


def kinds_table(findings: Sequence[Finding], zone: ZoneInfo) -> Table:
    """Return how many findings there are of each kind."""
    counted = Counter((one.severity, one.kind) for one in findings)
    ranked = sorted(counted, key=lambda key: (RANK[key[0]], -counted[key], key[1]))
    rows: list[list[Any]] = [
        [KIND_WORDS[kind], Cell(STATES[severity][0], word=STATES[severity][1]), counted[severity, kind]]
        for severity, kind in ranked
    ]
    return Table(
        id="jenis-temuan",
        title="Temuan menurut jenis",
        columns=(Column("Jenis"), Column("Keadaan", Kind.STATE), Column("Banyaknya", Kind.COUNT)),
        rows=rows,
        empty="Tidak ada temuan: berkas ini rapi.",
        zone=zone,
    )


def changes_table(planned: Planned, kind: ListKind, names: Mapping[str, str], zone: ZoneInfo) -> Table:
    """Return what accepting would do, row by row, old beside new.

    Args:
        planned: What it would do.
        kind: The kind of list.
        names: Names of areas by code.
        zone: The office's zone.
    """
    changes = planned.changes
    rows: list[list[Any]] = [
        ["diubah", _name(change.key, kind, names), _place(change.key, kind), _fields(change.fields, kind)]
        for change in changes.changed
    ]
    rows += [
        ["baru", _name(key, kind, names), _place(key, kind), _values(planned.after.get(key, {}), kind, names)]
        for key in changes.added
    ]
    rows += [["dihapus", _name(key, kind, names), _place(key, kind), None] for key in changes.removed]
    cut = len(rows) > CHANGES_SHOWN_MAX
    return Table(
        id="perubahan",
        title="Yang berubah bila diterima",
        columns=(
            Column("Perubahan"),
            Column(_TITLES[kind.name]),
            Column("Kode desa", Kind.CODE),
            Column("Isi: lama → baru"),
        ),
        rows=rows[:CHANGES_SHOWN_MAX],
        note=f"{grouped(CHANGES_SHOWN_MAX)} dari {grouped(len(rows))} perubahan." if cut else "",
        empty="Isi register tetap sama.",
        zone=zone,
    )


_TITLES = {"tps": "TPS", "vehicles": "Kendaraan", "warehouses": "Gudang", "people": "Petugas"}


def _name(key: Key, kind: ListKind, names: Mapping[str, str]) -> str:
    if kind.name == "tps":
        return f"TPS {key[1]:03d} {names.get(str(key[0]), key[0])}"
    if kind.name == "people":
        return f"{key[0]} baris {key[1]}"
    return str(key[0])


def _place(key: Key, kind: ListKind) -> str | None:
    return str(key[0]) if kind.name == "tps" else None


def _fields(fields: Mapping[str, tuple[Any, Any]], kind: ListKind) -> str:
    return "; ".join(
        f"{_label(name, kind)} {_text(old)} → {_text(new)}" for name, (old, new) in fields.items()
    )


def _values(values: Mapping[str, Any], kind: ListKind, names: Mapping[str, str]) -> str:
    if kind.name == "people":
        area_code = str(values.get("area_code", ""))
        return f"{values.get('role', '')} {names.get(area_code, area_code)}".strip()
    shown = (str, int, float, bool, date)
    known = [
        name
        for name in kind.by_name
        if name not in kind.key and isinstance(values.get(name), shown) and values[name] != ""
    ]
    return "; ".join(f"{_label(name, kind)} {_text(values[name])}" for name in known[:6])


def _label(name: str, kind: ListKind) -> str:
    return kind.by_name[name].label if name in kind.by_name else name


def _text(value: Any) -> str:
    if value is None or value == "":
        return "kosong"
    if isinstance(value, bool):
        return SHOWN_WORDS[value]
    if isinstance(value, int):
        return grouped(value)
    if isinstance(value, float):
        return decimal_comma(value, DEGREE_DIGITS)
    return short_date(value) if isinstance(value, date) else str(value)


def accepted_table(rows: Sequence[ListImport], zone: ZoneInfo) -> Table:
    """Return the lists that were accepted, the newest first."""
    return Table(
        id="sudah-diterima",
        title="Daftar yang sudah diterima",
        columns=(
            Column("Diterima", Kind.MOMENT),
            Column("Jenis"),
            Column("Pemilihan"),
            Column("Baru", Kind.COUNT),
            Column("Diubah", Kind.COUNT),
            Column("Dihapus", Kind.COUNT),
            Column("Tetap", Kind.COUNT),
            Column("Berkas ringkas (SHA-256)", Kind.CODE),
            Column("Berkas asli (SHA-256)", Kind.CODE),
        ),
        rows=[
            [
                row.accepted_at,
                KINDS[row.kind].label,
                row.election.name if row.election else None,
                row.added,
                row.changed,
                row.removed,
                row.unchanged,
                row.reduced[:12],
                row.original[:12],
            ]
            for row in rows
        ],
        note="Berkas asli tidak disimpan; sidik jarinya membuktikan berkas mana yang dipakai.",
        empty="Belum ada daftar yang diterima.",
        zone=zone,
    )
