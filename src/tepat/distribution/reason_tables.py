"""Why a plan is as it is, as tables: what could bind, what else was tried, what would serve what is left."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from tepat.common.tables import Cell, Column, Kind, Table, Value
from tepat.distribution.plans import Plan
from tepat.distribution.reasons.limits import Limit
from tepat.distribution.reasons.next_best import NextBest
from tepat.distribution.reasons.smallest import Remedy
from tepat.distribution.reasons.trying import Tried
from tepat.distribution.reasons.words import OUTCOME_WORDS, lines_words


def limits_table(limits: Sequence[Limit], zone: ZoneInfo) -> Table:
    """Return what could bind a subject, with numbers; what binds first."""
    ordered = sorted(limits, key=lambda limit: not limit.binds)
    return Table(
        id="batas",
        title="Yang membatasi, dengan angkanya",
        columns=(
            Column("Batas"),
            Column("Terpakai"),
            Column("Paling banyak"),
            Column("Sisa"),
            Column("Mengikat"),
        ),
        rows=[
            [limit.name, limit.used, limit.limit, limit.left or None, "ya" if limit.binds else "tidak"]
            for limit in ordered
        ],
        zone=zone,
    )


def others_table(found: NextBest, plan: Plan, zone: ZoneInfo) -> Table:
    """Return every alternative that was tried, the cheapest first."""
    return Table(
        id="pilihan-lain",
        title="Pilihan lain yang dihitung",
        columns=(
            Column("Pilihan"),
            Column("Hasil"),
            Column("Tambahan biaya", Kind.RUPIAH),
            Column("Serah terima", Kind.COUNT),
            Column("Malam jaga", Kind.COUNT),
            Column("Set berpindah", Kind.COUNT, hint="kendaraan atau tanggal lain"),
        ),
        rows=[_row(tried, tried.says) for tried in found.tried],
        note=f"Tiap pilihan dihitung {found.effort}; angka adalah selisih dengan rencana ini.",
        contoh=_contoh(plan),
        zone=zone,
    )


def _row(tried: Tried, says: str) -> list[Value | Cell]:
    """Return one try; where nothing was found the numbers stay empty, and the reason says why."""
    good = tried.outcome == "ditemukan"
    beside = lines_words(tried) if good else tried.reason
    return [
        says,
        Cell(OUTCOME_WORDS[tried.outcome], note=beside),
        tried.rupiah,
        tried.handovers if good else None,
        tried.guard_nights if good else None,
        tried.moved if good else None,
    ]


def ways_table(found: Remedy, plan: Plan, zone: ZoneInfo) -> Table:
    """Return every set of decisions that was tried; those that serve first, the cheapest of them on top."""
    rows = [
        [*_row(way.tried, way.tried.says)[:3], f"{way.tried.served} dari {way.tried.wanted}"]
        for way in (*found.ways, *found.others)
    ]
    return Table(
        id="pelonggaran",
        title="Keputusan yang dicoba",
        columns=(
            Column("Keputusan"),
            Column("Hasil"),
            Column("Tambahan biaya", Kind.RUPIAH),
            Column("Set terlayani"),
        ),
        rows=rows,
        note=f"Tiap cara dihitung {found.effort} untuk tiap lingkungannya.",
        contoh=_contoh(plan),
        zone=zone,
    )


def _contoh(plan: Plan) -> str:
    return "harga" if any(line.contoh for line in plan.costs) else ""
