"""The tables of Pilih Gudang: candidates, sets, what each holds, what would change the choice."""

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from tepat.common.quantities import grouped
from tepat.common.tables import Cell, Column, Kind, Table
from tepat.distribution.models import WarehouseSurvey
from tepat.distribution.problems import Problem
from tepat.distribution.warehouses.report import SetResult, WarehouseReport
from tepat.distribution.warehouses.sets import set_title
from tepat.distribution.warehouses.words import parts_of

STATES = {
    "dihitung": ("aman", "DIHITUNG"),
    "tidak-lengkap": ("gawat", "TIDAK LENGKAP"),
    "dilewati": ("belum", "DILEWATI"),
    "tidak-muat": ("gawat", "TIDAK MUAT"),
    "tidak-terjangkau": ("gawat", "TAK TERJANGKAU"),
    "gagal": ("perhatikan", "GAGAL"),
}
CM_PER_MM = 10


def candidates_table(
    rows: Sequence[WarehouseSurvey],
    located: Callable[[WarehouseSurvey], bool],
    link: Callable[[WarehouseSurvey], str],
    zone: ZoneInfo,
) -> Table:
    """Return the candidates with what is known of each."""
    return Table(
        id="calon",
        title="Calon gudang dan hasil survei",
        columns=(
            Column("Gudang"),
            Column("Luas, m²", Kind.COUNT),
            Column("Tumpukan, cm", Kind.COUNT),
            Column("Sewa", Kind.RUPIAH),
            Column("Perbaikan", Kind.RUPIAH),
            Column("Penjaga", Kind.COUNT),
            Column("Gerbang"),
            Column("Jalan"),
            Column("Tempat muat", Kind.COUNT),
            Column("Banjir"),
            Column("CCTV", Kind.YES_NO),
            Column("APAR", Kind.YES_NO),
            Column("Titik", Kind.STATE),
        ),
        rows=[
            [
                Cell(row.place.name, href=link(row), note=row.address),
                row.usable_m2,
                None if row.stack_mm is None else row.stack_mm // CM_PER_MM,
                row.rent_rupiah,
                row.repair_rupiah,
                row.guards,
                _gate(row),
                row.get_road_class_display() or None,
                row.docks,
                _flood(row),
                row.cctv,
                row.fire_extinguisher,
                Cell("aman", word="ADA") if located(row) else Cell("gawat", word="BELUM ADA"),
            ]
            for row in rows
        ],
        note="Yang masih kosong memakai contoh dalam hitungan.",
        empty="Belum ada calon gudang milik kantor; hitungan memakai tiga calon contoh.",
        zone=zone,
    )


def _gate(row: WarehouseSurvey) -> str | None:
    measured = [
        f"{name} {value // CM_PER_MM} cm"
        for name, value in (("lebar", row.gate_width_mm), ("tinggi", row.gate_height_mm))
        if value
    ]
    return ", ".join([*filter(None, [row.get_gate_class_display()]), *measured]) or None


def _flood(row: WarehouseSurvey) -> str | None:
    known = {None: "", True: "pernah", False: "tidak pernah"}[row.flood]
    return ", ".join(filter(None, (known, row.flood_history))) or None


def sets_table(report: WarehouseReport, problem: Problem, zone: ZoneInfo) -> Table:
    """Return every set, the cheapest first."""
    winner = report.winner
    best = winner.cost_rupiah if winner else None
    return Table(
        id="pilihan-gudang",
        title="Pilihan gudang, dari yang termurah",
        columns=(
            Column("Gudang"),
            Column("Keadaan", Kind.STATE),
            Column("Keterangan"),
            Column("Biaya", Kind.RUPIAH),
            Column("Selisih", Kind.RUPIAH),
            Column("Sewa dll.", Kind.RUPIAH),
            Column("Kendaraan", Kind.RUPIAH),
            Column("Jarak, km", Kind.METRES),
            Column("Hari", Kind.COUNT),
            Column("PPS terakhir", Kind.MOMENT),
            Column("Batas bawah", Kind.RUPIAH),
        ),
        rows=[_set_row(each, problem, best) for each in report.sets],
        note="Tiap tempat dilayani dari gudang yang dipilih pencarian; harga, tanggal dan armada sama untuk "
        "semua. Selisih: terhadap yang termurah. Sewa dll.: sewa, perbaikan, penjaga. Kendaraan: sewa harian "
        "dan jarak. Batas bawah: terbukti tidak mungkin lebih murah; yang batasnya di atas pilihan terbaik "
        "dilewati.",
        contoh="lihat daftar contoh" if problem.contoh else "",
        zone=zone,
    )


def _set_row(each: SetResult, problem: Problem, best: int | None) -> list[Any]:
    state, word = STATES[each.state]
    whole = each.state == "dihitung"
    parts = parts_of(each)
    driven = parts["bahan bakar dan ban"] + parts["sewa kendaraan"]
    return [
        set_title(problem, each.members),
        Cell(state, word=word),
        _remark(each, problem) or None,
        Cell(each.cost_rupiah, best=whole and each.cost_rupiah == best),
        each.cost_rupiah - best if whole and best is not None and each.cost_rupiah is not None else None,
        each.warehouse_rupiah,
        driven if each.trips else None,
        each.distance_m if each.trips else None,
        each.vehicle_days if each.trips else None,
        each.last_pps_at,
        each.floor_rupiah,
    ]


def _remark(each: SetResult, problem: Problem) -> str:
    """Return why a set was not routed or not whole, and which of its warehouses serves nobody."""
    names = {place.id: place.name for place in problem.places}
    idle = [names[held.warehouse] for held in each.holdings if not held.places]
    said = [f"{grouped(each.left)} set tertinggal."] if each.left else []
    said += [each.reason] if each.reason else []
    said += [f"{name} tidak menghemat: tidak melayani satu tempat pun." for name in idle]
    return " ".join(said)


def holdings_table(report: WarehouseReport, problem: Problem, zone: ZoneInfo) -> Table:
    """Return what each warehouse of a routed set serves and holds on its fullest day."""
    names = {place.id: place.name for place in problem.places}
    rows: list[list[Any]] = [
        [
            set_title(problem, each.members),
            names[held.warehouse],
            len(held.places),
            held.boxes,
            held.peak_date,
            held.box_ml // 1_000_000,
            held.loose_ml // 1_000_000,
            held.needs_m2,
            held.usable_m2,
            held.loading_most,
            held.docks,
            None if held.dock_percent is None else f"{held.dock_percent}%",
        ]
        for each in report.sets
        for held in each.holdings
    ]
    return Table(
        id="isi-gudang",
        title="Isi gudang pada hari paling penuh",
        columns=(
            Column("Pilihan"),
            Column("Gudang"),
            Column("Tempat", Kind.COUNT),
            Column("Kotak", Kind.COUNT),
            Column("Paling penuh", Kind.DATE),
            Column("Kotak, m³", Kind.COUNT),
            Column("Barang lain, m³", Kind.COUNT),
            Column("Butuh, m²", Kind.COUNT),
            Column("Luas, m²", Kind.COUNT),
            Column("Muat serentak", Kind.COUNT),
            Column("Tempat muat", Kind.COUNT),
            Column("Terpakai", Kind.CODE),
        ),
        rows=rows,
        note="Butuh: isi dibagi tinggi tumpukan dan bagian lantai yang terisi (contoh). Muat serentak: "
        "kendaraan yang hendak memuat pada saat yang sama. Terpakai: jam tempat muat pada hari tersibuk.",
        empty="Belum ada pilihan yang dihitung rutenya.",
        zone=zone,
    )


def served_table(report: WarehouseReport, problem: Problem, zone: ZoneInfo) -> Table | None:
    """Return which warehouse serves which place in the cheapest set; None where it is one warehouse only."""
    winner = report.winner
    if winner is None or len(winner.members) == 1:
        return None
    places = {place.id: place for place in problem.places}
    rows = [
        [places[place].name, places[held.warehouse].name] for held in winner.holdings for place in held.places
    ]
    return Table(
        id="pelayanan-gudang",
        title="Siapa dilayani dari gudang mana",
        columns=(Column("Tempat"), Column("Gudang")),
        rows=sorted(rows),
        zone=zone,
    )


def flips_table(report: WarehouseReport, zone: ZoneInfo) -> Table:
    """Return what would change the choice."""
    return Table(
        id="pengubah-gudang",
        title="Apa yang mengubah pilihan",
        columns=(Column("Bila …"), Column("Lalu menang"), Column("Dasar")),
        rows=[
            [
                flip.says,
                flip.winner or "tetap",
                "terbukti" if flip.about == "gudang" and flip.proved else "rute tetap",
            ]
            for flip in report.flips
        ],
        note="Dihitung dari tagihan tiap pilihan dengan rute yang sama.",
        empty="Tidak ada pilihan lain untuk dibandingkan.",
        zone=zone,
    )


def asides_table(report: WarehouseReport, zone: ZoneInfo) -> Table | None:
    """Return the candidates that were not compared; None where all were."""
    if not report.asides:
        return None
    return Table(
        id="gudang-disisihkan",
        title="Calon yang tidak dibandingkan",
        columns=(Column("Gudang"), Column("Sebab")),
        rows=[[each.name, each.reason] for each in report.asides],
        zone=zone,
    )
