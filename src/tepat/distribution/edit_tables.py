"""What editing did, as tables: the changes, what the checker says now, and how two versions differ."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from tepat.common.quantities import rupiah
from tepat.common.tables import Cell, Column, Kind, Table
from tepat.distribution.checker import Finding, Verdict
from tepat.distribution.editing.differences import Difference, Differences

SENTENCES_MAX = 5
"""Sentences of a verdict that stand at the head of the screen; all stand in the table."""

STATES = {"breach": "gawat", "incomplete": "perhatikan", "warning": "perhatikan"}
VERDICTS = {
    "accepted": ("aman", "DITERIMA PEMERIKSA"),
    "incomplete": ("perhatikan", "BELUM LENGKAP"),
    "breached": ("gawat", "MELANGGAR ATURAN"),
}


def signed(amount: int) -> str:
    """Return a difference of rupiah with its sign, such as ``+Rp240.000``."""
    return f"{'+' if amount >= 0 else '−'}{rupiah(abs(amount))}"


def wrong(verdict: Verdict) -> list[Finding]:
    """Return what stands between a plan and acceptance, breaches first."""
    order = {"breach": 0, "incomplete": 1}
    found = [each for each in verdict.findings if each.severity in order]
    return sorted(found, key=lambda each: order[each.severity])


def sentences(verdict: Verdict) -> list[str]:
    """Return what is wrong in sentences: one for each kind, with how often it stands."""
    found = wrong(verdict)
    counts = Counter(each.code for each in found)
    first = {each.code: each for each in reversed(found)}
    said = []
    for code in dict.fromkeys(each.code for each in found):
        more = counts[code] - 1
        said.append(first[code].message.happened + (f" (dan {more} yang serupa)" if more else ""))
    return said


def verdict_table(verdict: Verdict, zone: ZoneInfo) -> Table:
    """Return everything that the checker says of the plan under change."""
    rows: list[list[Any]] = [
        [Cell(STATES[each.severity]), ", ".join(each.where.values()), each.message.happened]
        for each in (*wrong(verdict), *(one for one in verdict.findings if one.severity == "warning"))
    ]
    return Table(
        id="temuan",
        title="Kata pemeriksa",
        columns=(Column("Keadaan", Kind.STATE), Column("Di mana"), Column("Temuan")),
        rows=rows,
        note="Seluruh rencana diperiksa ulang setiap kali ada perubahan.",
        empty="Pemeriksa tidak menemukan apa pun yang perlu diperhatikan.",
        zone=zone,
    )


def changes_table(said: Sequence[str], zone: ZoneInfo) -> Table:
    """Return what was changed, the newest first."""
    rows: list[list[Any]] = [[number, words] for number, words in reversed(list(enumerate(said, 1)))]
    return Table(
        id="perubahan",
        title="Yang sudah diubah",
        columns=(Column("Langkah", Kind.COUNT), Column("Perubahan")),
        rows=rows,
        empty="Belum ada yang diubah.",
        zone=zone,
    )


def differences_table(found: Differences, zone: ZoneInfo) -> Table:
    """Return what comes otherwise in the second of two versions, place by place."""
    return Table(
        id="beda",
        title="Yang berubah di tiap tempat",
        columns=(
            Column("Tempat"),
            Column("Set", Kind.COUNT),
            Column("Kotak", Kind.COUNT),
            Column("Sebelumnya"),
            Column("Menjadi"),
            Column("Tiba"),
        ),
        rows=[_difference_row(each) for each in found.places],
        note="Menurut perjalanan yang sampai di tempat itu sendiri.",
        empty="Setiap set datang dengan kendaraan, tanggal dan jam yang sama.",
        zone=zone,
    )


def _difference_row(each: Difference) -> list[Any]:
    return [
        Cell(each.name, note=each.sets),
        each.units,
        each.boxes,
        each.before,
        each.after,
        f"{each.arrived_before} → {each.arrived_after}",
    ]


def bill_differences_table(found: Differences, zone: ZoneInfo) -> Table:
    """Return each line of the bill that differs, and the sum."""
    return Table(
        id="beda-biaya",
        title="Beda biaya",
        columns=(
            Column("Harga"),
            Column("Sebelumnya", Kind.RUPIAH),
            Column("Menjadi", Kind.RUPIAH),
            Column("Selisih"),
        ),
        rows=[[label, before, after, signed(after - before)] for label, before, after in found.lines],
        totals=["Seluruhnya", found.cost_before, found.cost_after, signed(found.cost_rupiah)],
        note="Hanya baris yang berubah; jumlahnya biaya seluruh rencana.",
        zone=zone,
    )
