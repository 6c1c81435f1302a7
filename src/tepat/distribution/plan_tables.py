"""A plan as tables: strategies side by side, places, trips, stops, bill, rules; checked documents only."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from tepat.common.tables import Cell, Column, Kind, Table, long_date, zone_word
from tepat.distribution import comparison, error_bands
from tepat.distribution.bound_rows import bound_rows
from tepat.distribution.error_bands import NONE, Bands, LastBands
from tepat.distribution.measures import LAST, MONEY, WORK, left_cell, metric_row
from tepat.distribution.models import PlanVersion
from tepat.distribution.plans import Plan, Trip
from tepat.distribution.problems import Place, Problem, Unit
from tepat.distribution.reasons.limits import FULL_PERCENT

CONTOH = "harga, armada, jam kerja, letak tempat; rinciannya di atas tabel"
RULE_STATES = {"met": "aman", "breached": "gawat", "unknown": "belum"}
RULE_WORDS = {"met": "DIPENUHI", "breached": "DILANGGAR", "unknown": ""}

type Link = Callable[[str], str]


def column_of(plan: PlanVersion) -> comparison.Column:
    """Return a plan's stored column of the comparison."""
    return msgspec.convert(plan.column, comparison.Column)


def comparison_table(
    plans: Sequence[PlanVersion],
    problem: Problem,
    link: Link,
    zone: ZoneInfo,
    last: Sequence[LastBands],
) -> Table:
    """Return strategies as columns on identical prices.

    Args:
        plans: One version of each strategy, all of one problem.
        problem: That problem.
        link: The address of a plan by its row's number.
        zone: The office's zone.
        last: For each plan how far its last arrivals at PPK, PPS and KPPS may be off.
    """
    columns = [column_of(plan) for plan in plans]
    whole = [column.complete for column in columns]
    rows: list[list[Any]] = [
        ["Rencana", *(Cell(f"versi {plan.number}", href=link(str(plan.pk))) for plan in plans)],
        ["Pemeriksa", *(_status_cell(plan) for plan in plans)],
        ["Langkah", *(PlanVersion.State(plan.state).label for plan in plans)],
    ]
    rows += [metric_row(metric, columns, whole) for metric in MONEY]
    for leg, title in comparison.LEGS.items():
        rows.append([f"· {title}", *(Cell(column.legs.get(leg, 0), kind=Kind.RUPIAH) for column in columns)])
    rows += bound_rows(plans)
    for metric in WORK:
        rows.append(metric_row(metric, columns, whole))
        if metric[0] in LAST:
            rows.append(["· bisa meleset", *(bands[LAST.index(metric[0])].text or None for bands in last)])
    rows.append(["Set tertinggal", *(left_cell(column) for column in columns)])
    rows.append(["Catatan", *(column.note for column in columns)])
    return Table(
        id="perbandingan",
        title="Strategi berdampingan",
        columns=(Column("Ukuran"), *(Column(column.title) for column in columns)),
        rows=rows,
        note=f"Harga sama untuk semua kolom. Yang terbaik di tiap baris bercetak tebal. {error_bands.NOTE}",
        contoh=CONTOH if problem.contoh else "",
        zone=zone,
        across=True,
    )


def _status_cell(plan: PlanVersion) -> Cell:
    whole = plan.status == PlanVersion.Status.ACCEPTED
    return Cell(
        "aman" if whole else "perhatikan", word="DITERIMA" if whole else "BELUM LENGKAP", kind=Kind.STATE
    )


def lines_table(plans: Sequence[PlanVersion], problem: Problem, zone: ZoneInfo) -> Table:
    """Return the bills side by side, line by line, adding up to the totals."""
    columns = [column_of(plan) for plan in plans]
    used = [price for price in problem.prices if any(column.lines.get(price.id) for column in columns)]
    rows: list[list[Any]] = [
        [price.label, price.payer, *(column.lines.get(price.id, 0) for column in columns)] for price in used
    ]
    return Table(
        id="rincian-biaya",
        title="Rincian biaya",
        columns=(Column("Harga"), Column("Pembayar"), *(Column(c.title, Kind.RUPIAH) for c in columns)),
        rows=rows,
        totals=["Jumlah", None, *(sum(column.lines.values()) for column in columns)],
        note="Jumlah kolom sama dengan biaya seluruhnya, sampai rupiah terakhir.",
        contoh="semua harga kecuali yang menyebut sumber" if any(price.contoh for price in used) else "",
        zone=zone,
    )


def bill_table(plan: Plan, zone: ZoneInfo) -> Table:
    """Return one plan's bill."""
    rows = [
        [
            line.label,
            Cell(line.quantity, kind=Kind.METRES if line.price.startswith("km-") else Kind.COUNT),
            line.rupiah,
            line.amount_rupiah,
            line.payer,
            line.account,
            "contoh" if line.contoh else "",
        ]
        for line in plan.costs
    ]
    return Table(
        id="biaya",
        title="Biaya",
        columns=(
            Column("Harga"),
            Column("Banyaknya", Kind.COUNT, hint="km untuk jarak"),
            Column("Harga satuan", Kind.RUPIAH),
            Column("Jumlah", Kind.RUPIAH),
            Column("Pembayar"),
            Column("Akun"),
            Column("Tanda"),
        ),
        rows=rows,
        totals=["Jumlah", None, None, plan.totals.cost_rupiah, None, None, None],
        contoh="semua harga bertanda contoh" if any(line.contoh for line in plan.costs) else "",
        zone=zone,
    )


def rules_table(plan: PlanVersion, zone: ZoneInfo) -> Table:
    """Return the corridor of rules: each met, breached, or not to be told from a plan."""
    order = {"breached": 0, "unknown": 1, "met": 2}
    rows = [
        [
            Cell(RULE_STATES[rule["verdict"]], word=RULE_WORDS[rule["verdict"]]),
            rule["title"],
            rule["detail"],
            rule["source"],
        ]
        for rule in sorted(plan.verdict["rules"], key=lambda rule: order[rule["verdict"]])
    ]
    return Table(
        id="koridor",
        title="Koridor aturan",
        columns=(
            Column("Keadaan", Kind.STATE),
            Column("Aturan"),
            Column("Menurut rencana ini"),
            Column("Sumber"),
        ),
        rows=rows,
        note="Dihitung ulang oleh pemeriksa yang tidak ikut membuat rencana.",
        zone=zone,
    )


def findings_table(plan: PlanVersion, zone: ZoneInfo) -> Table:
    """Return what the checker wants a person to know."""
    states = {"breach": "gawat", "incomplete": "perhatikan", "warning": "perhatikan"}
    rows = [
        [Cell(states[found["severity"]]), ", ".join(found["where"].values()), found["message"]]
        for found in plan.verdict["findings"]
    ]
    return Table(
        id="temuan",
        title="Temuan pemeriksa",
        columns=(Column("Keadaan", Kind.STATE), Column("Di mana"), Column("Temuan")),
        rows=rows,
        empty="Pemeriksa tidak menemukan apa pun yang perlu diperhatikan.",
        zone=zone,
    )


def unserved_table(plan: Plan, problem: Problem, link: Link, zone: ZoneInfo) -> Table:
    """Return what the plan leaves behind, each with the rule that stopped it."""
    names = {place.id: place.name for place in problem.places}
    units = {unit.id: unit for unit in problem.units}
    places = {unit: units[unit].place for unit in (left.unit for left in plan.unserved)}
    rows: list[list[Cell | str]] = [
        [
            Cell(left.unit, href=link(left.unit)),
            Cell(names[places[left.unit]], href=link(places[left.unit])),
            left.reason,
            left.code,
        ]
        for left in plan.unserved
    ]
    return Table(
        id="tertinggal",
        title="Set yang tertinggal",
        columns=(Column("Set", Kind.CODE), Column("Tujuan"), Column("Sebab"), Column("Kode", Kind.CODE)),
        rows=rows,
        zone=zone,
    )


def boxes_of(trip: Trip, units: dict[str, Unit]) -> int:
    """Return the boxes a trip carries when it departs."""
    return sum(units[unit].boxes for stop in trip.stops for unit in stop.units)


def places_table(plan: Plan, problem: Problem, link: Link, zone: ZoneInfo, bands: Bands) -> Table:
    """Return every PPS and PPK with when its goods come, by what and over which path: what the map shows."""
    units = {unit.id: unit for unit in problem.units}
    visits: dict[str, list[tuple[Trip, datetime, int]]] = {}
    for trip in plan.trips:
        for stop in trip.stops:
            boxes = sum(units[unit].boxes for unit in stop.units)
            visits.setdefault(stop.place, []).append((trip, stop.done_at, boxes))
    kecamatan = {place.id: place.name.removeprefix("PPK ") for place in problem.places if place.kind == "ppk"}
    kinds = {place.id: place.kind for place in problem.places}
    clocks = zone_word(zone, problem.law_at)
    rows = [
        [
            *_place_row(place, visits.get(place.id, []), kecamatan, kinds),
            bands.place.get(place.id, NONE).text or None,
            Cell("mengapa?", href=link(place.id)),
        ]
        for place in problem.places
        if place.kind != "gudang"
    ]
    return Table(
        id="tempat",
        title="Tiap PPS dan PPK",
        columns=(
            Column("Tempat"),
            Column("Kecamatan"),
            Column("Datang dari"),
            Column("Kotak", Kind.COUNT),
            Column("Kedatangan", Kind.COUNT),
            Column("Pertama tiba", Kind.CLOCK, hint=clocks),
            Column("Lengkap", Kind.CLOCK, hint=clocks),
            Column("Bisa meleset", Kind.CODE),
            Column("Mengapa"),
        ),
        rows=rows,
        note=error_bands.NOTE,
        zone=zone,
    )


def _place_row(
    place: Place,
    visits: list[tuple[Trip, datetime, int]],
    kecamatan: dict[str, str],
    kinds: dict[str, Any],
) -> list[Any]:
    sources = sorted({"PPK" if kinds[trip.origin] == "ppk" else "gudang" for trip, _, _ in visits})
    moments = [at for _, at, _ in visits]
    return [
        place.name,
        kecamatan.get(place.parent or place.id, ""),
        " dan ".join(sources) or None,
        sum(boxes for _, _, boxes in visits),
        len(visits),
        min(moments, default=None),
        max(moments, default=None),
    ]


def trips_table(plan: Plan, problem: Problem, day: date, link: Link, zone: ZoneInfo, bands: Bands) -> Table:
    """Return the trips of one day: what the Gantt chart shows."""
    units = {unit.id: unit for unit in problem.units}
    names = {place.id: place.name for place in problem.places}
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    types = {kind.id: kind for kind in problem.vehicle_types}
    clocks = zone_word(zone, problem.law_at)
    rows: list[list[Any]] = []
    for trip in sorted(plan.trips, key=lambda trip: (trip.vehicle, trip.load_at)):
        if trip.date != day:
            continue
        boxes = boxes_of(trip, units)
        room = types[vehicles[trip.vehicle].type].boxes_max
        rows.append(
            [
                Cell(trip.vehicle, note=types[vehicles[trip.vehicle].type].name),
                Cell(trip.id, href=link(trip.id)),
                names[trip.origin],
                trip.load_at,
                trip.return_at,
                bands.back[trip.id].text or None,
                len(trip.stops),
                Cell(boxes, note="penuh" if boxes * 100 >= room * FULL_PERCENT else f"dari {room}"),
                trip.distance_m,
                "ada" if trip.escort else None,
            ]
        )
    return Table(
        id="perjalanan",
        title=f"Perjalanan {long_date(day)}",
        columns=(
            Column("Kendaraan"),
            Column("Perjalanan", Kind.CODE),
            Column("Dari"),
            Column("Mulai muat", Kind.CLOCK, hint=clocks),
            Column("Kembali", Kind.CLOCK, hint=clocks),
            Column("Bisa meleset", Kind.CODE),
            Column("Perhentian", Kind.COUNT),
            Column("Kotak", Kind.COUNT),
            Column("Jarak, km", Kind.METRES),
            Column("Pengawal"),
        ),
        rows=rows,
        empty="Tidak ada perjalanan pada hari ini.",
        zone=zone,
    )


def stops_table(trip: Trip, problem: Problem, link: Link, zone: ZoneInfo, bands: Bands) -> Table:
    """Return the stops of one trip, in order."""
    units = {unit.id: unit for unit in problem.units}
    names = {place.id: place.name for place in problem.places}
    clocks = zone_word(zone, problem.law_at)
    rows: list[list[Any]] = []
    for number, stop in enumerate(trip.stops, 1):
        carried = [units[unit] for unit in stop.units]
        sets = ", ".join(
            f"TPS {unit.tps}" if unit.kind == "tps" else f"set {unit.kind.upper()}" for unit in carried
        )
        boxes = sum(unit.boxes for unit in carried)
        place = Cell(names[stop.place], href=link(stop.place))
        off = bands.arrive[trip.id][number - 1].text or None
        rows.append([f"{number}", place, stop.arrive_at, off, stop.done_at, boxes, sets])
    return Table(
        id="perhentian",
        title="Perhentian",
        columns=(
            Column("Urutan"),
            Column("Tempat"),
            Column("Tiba", Kind.CLOCK, hint=clocks),
            Column("Bisa meleset", Kind.CODE),
            Column("Selesai bongkar", Kind.CLOCK, hint=clocks),
            Column("Kotak", Kind.COUNT),
            Column("Set"),
        ),
        rows=rows,
        totals=["Jumlah", None, None, None, None, sum(row[5] for row in rows), None],
        note=error_bands.NOTE,
        zone=zone,
    )
