"""A stress test as tables: the weakest PPS with what would help, every PPS, and what may go wrong."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from tepat.common.quantities import decimal_comma
from tepat.common.tables import Cell, Column, Kind, Table
from tepat.distribution.stress.report import StressReport, Weak
from tepat.distribution.stress.results import Chance, PlaceChance
from tepat.distribution.stress.scenarios import Scenario

PROMISE_PERCENT = 95
WEAK_PERCENT = 80

ON_TIME = Column("Tepat waktu", Kind.BASIS_POINTS, hint="pada tanggalnya, dan KPPS pada batasnya")
BETWEEN = Column("Antara", hint="19 dari 20 kali")
HANDED = Column("KPPS pada batasnya", Kind.BASIS_POINTS, hint="pada tanggal mana pun")

PER = {
    "rain": "tiap tanggal",
    "breakdown": "tiap kendaraan tiap tanggal",
    "bridge": "tiap ulangan",
    "hours": "tiap tanggal",
    "ppk": "tiap PPK tiap tanggal",
    "demand": "tiap ulangan",
    "noise": "tiap ulangan",
}


def weakest_table(report: StressReport, zone: ZoneInfo) -> Table:
    """Return the weakest PPS, each with the cheapest remedy that was found."""
    return Table(
        id="terlemah",
        title="PPS terlemah dan jalan keluarnya",
        columns=(
            Column("PPS"),
            Column("Tepat waktu", Kind.BASIS_POINTS),
            Column("Jalan keluar termurah yang dicoba"),
            Column("Menjadi", Kind.BASIS_POINTS),
            Column("Tambahan biaya", Kind.RUPIAH),
        ),
        rows=[_weak_row(weak) for weak in report.weakest],
        note="Tiap jalan keluar dicoba: rencana diubah, diperiksa, dihitung biayanya dengan daftar harga "
        "rencana ini, lalu diulang dengan gangguan yang sama. Rencananya sendiri tidak berubah.",
        empty="Tidak ada PPS dalam rencana ini.",
        zone=zone,
    )


def _weak_row(weak: Weak) -> list[Cell | str | int | None]:
    remedy = weak.remedy
    found: list[Cell | str | int | None] = [
        weak.chance.name.removeprefix("PPS "),
        Cell(_points(weak.chance.on_time), note=_between(weak.chance.on_time)),
        Cell(remedy.says) if remedy else Cell("tidak ada", note=f"{len(weak.looks)} cara dicoba"),
        _points(remedy.after) if remedy else None,
        remedy.rupiah if remedy else None,
    ]
    return found


def places_table(report: StressReport, zone: ZoneInfo) -> Table:
    """Return every PPS, the weakest first; what holds for it holds for each of its TPS."""
    return Table(
        id="semua-pps",
        title="Semua PPS",
        columns=(
            Column("PPS"),
            Column("TPS", Kind.COUNT),
            Column("Keadaan", Kind.STATE),
            ON_TIME,
            BETWEEN,
            HANDED,
        ),
        rows=[_place_cells(place) for place in report.places],
        note="Yang berlaku bagi PPS berlaku bagi tiap TPS-nya.",
        zone=zone,
    )


def _place_cells(place: PlaceChance) -> list[Cell | str | int | None]:
    return [
        place.name.removeprefix("PPS "),
        place.tps,
        _state(place.on_time),
        _points(place.on_time),
        _between(place.on_time),
        _points(place.handed_over),
    ]


def _between(chance: Chance) -> str:
    low, high = chance.low_basis_points / 100, chance.high_basis_points / 100
    return f"{decimal_comma(low, 1)}–{decimal_comma(high, 1)}%"


def _state(chance: Chance) -> str:
    if chance.percent >= PROMISE_PERCENT:
        return "aman"
    return "perhatikan" if chance.percent >= WEAK_PERCENT else "gawat"


def _points(chance: Chance) -> int:
    return 10_000 * chance.times // chance.replays


def scenarios_table(report: StressReport, zone: ZoneInfo) -> Table:
    """Return what may go wrong, with chances."""
    scenarios = report.terms.scenarios
    return Table(
        id="gangguan",
        title="Gangguan yang dicoba",
        columns=(Column("Gangguan"), Column("Peluang", Kind.BASIS_POINTS), Column("Untuk"), Column("Akibat")),
        rows=[
            [each.title, round(10_000 * each.chance), PER[each.kind], effect(each)]
            for each in scenarios.scenario
        ],
        note=f"Awak bekerja paling lama {scenarios.overtime_s // 60} menit sesudah jam kerjanya; yang tidak "
        "sempat diantar kendaraan sejenis yang lebih dahulu bebas, hari itu atau hari berikutnya.",
        contoh="semua peluang dan akibat" if scenarios.contoh else "",
        zone=zone,
    )


def effect(scenario: Scenario) -> str:
    """Return what a disturbance does, in words."""
    words = {
        "rain": f"jalan hari hujan; tanpa datanya {scenario.slower_percent}% lebih lama",
        "breakdown": "perjalanan berikutnya menunggu kendaraan lain",
        "bridge": f"memutar {scenario.detour_s // 60} menit selama {scenario.days} hari",
        "hours": f"PPS dan PPK tutup pukul {scenario.closes.replace(':', '.')}",
        "ppk": f"PPK itu tutup pukul {scenario.closes.replace(':', '.')}",
        "demand": f"barang {scenario.more_percent}% lebih banyak; yang tidak muat diantar menyusul",
        "noise": "lebih cepat atau lebih lambat, menurut batas perkiraan",
    }
    return words[scenario.kind]


def summary_sentence(places: Sequence[PlaceChance]) -> str:
    """Return how many PPS keep the usual promise."""
    good = sum(place.on_time.percent >= PROMISE_PERCENT for place in places)
    return f"{good} dari {len(places)} PPS tepat waktu dalam {PROMISE_PERCENT} dari 100 ulangan atau lebih."
