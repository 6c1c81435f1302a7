"""What the picture of a load says in words: where the boxes of each stop stand, and loads too high."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from tepat.common.messages import Message, say
from tepat.common.quantities import decimal_comma
from tepat.common.tables import Cell, Column, Kind, Table
from tepat.distribution.load_plan import LoadPlan, Standing, load_plan, stop_letter
from tepat.distribution.plans import Plan, Trip
from tepat.distribution.problems import Problem

type Link = Callable[[str], str]


def measures(load: LoadPlan) -> str:
    """Return what a bed holds, such as ``10 baris × 4 kolom, paling banyak 3 lapis (…)``."""
    grid = load.grid
    return (
        f"{grid.rows} baris × {grid.columns} kolom, paling banyak {grid.layers} lapis "
        f"(tinggi muatan {load.bed.height_mm // 10} cm)"
    )


def said(load: LoadPlan) -> str:
    """Return the load in one sentence, for those who do not see the picture."""
    high = f"setinggi {load.layers} lapis, {decimal_comma(load.layers * 0.6, 1)} m"
    return f"Cara memuat perjalanan {load.trip}: {load.aboard} kotak {high}, pintu di kanan."


def finding(load: LoadPlan) -> Message | None:
    """Return what is wrong with a load, in words; None where every box stands within the height limit."""
    if not load.too_many:
        return None
    return say(
        "LOAD-TOO-HIGH",
        {
            "trip": load.trip,
            "vehicle": load.vehicle,
            "boxes": load.aboard,
            "stand": load.grid.boxes,
            "over": load.too_many,
            "layers": load.grid.layers,
            "height_cm": load.bed.height_mm // 10,
            "bed": load.bed.source or "daftar kendaraan",
        },
    )


def load_table(load: LoadPlan, trip: Trip, problem: Problem, zone: ZoneInfo) -> Table:
    """Return where the boxes of each stop stand, in the order of loading: the last stop first."""
    names = {place.id: place.name for place in problem.places}
    units = {unit.id: unit for unit in problem.units}
    rows: list[list[Any]] = []
    for number in reversed(range(len(trip.stops))):
        stop = trip.stops[number]
        held = [box for box in load.boxes if box.stop == number]
        loose = [one for unit in stop.units for one in units[unit].loose]
        counted: dict[str, int] = {}
        for one in loose:
            counted[one.name] = counted.get(one.name, 0) + one.count
        rows.append(
            [
                stop_letter(number),
                names[stop.place],
                sum(units[unit].boxes for unit in stop.units),
                where(held),
                ", ".join(f"{name} {count}" for name, count in counted.items()) or None,
            ]
        )
    return Table(
        id="muatan",
        title="Urutan memuat",
        columns=(
            Column("Huruf"),
            Column("Turun di"),
            Column("Kotak", Kind.COUNT),
            Column("Letak, dari kabin"),
            Column("Di luar kotak"),
        ),
        rows=rows,
        totals=["Jumlah", None, load.aboard, None, None],
        note="Dimuat dari atas ke bawah daftar ini: yang turun terakhir masuk lebih dulu. "
        f"Bak {measures(load)}. Kotak selalu tegak.",
        contoh=load.bed.source if load.bed.contoh else "",
        zone=zone,
    )


def where(held: Sequence[Standing]) -> str | None:
    """Return where boxes stand, such as ``baris 3–5, lapis 1–2``."""
    if not held:
        return None
    rows, layers = ({box.row for box in held}, {box.layer for box in held})
    return f"baris {_span(rows)}, lapis {_span(layers)}"


def _span(numbers: Iterable[int]) -> str:
    known = sorted(numbers)
    first, last = known[0] + 1, known[-1] + 1
    return f"{first}" if first == last else f"{first}–{last}"


def too_high_table(plan: Plan, problem: Problem, link: Link, zone: ZoneInfo) -> Table:
    """Return the trips whose boxes cannot stand within the height limit; no row where all can."""
    rows: list[list[Any]] = []
    for trip in plan.trips:
        load = load_plan(trip, problem)
        message = finding(load)
        if message:
            rows.append(
                [
                    Cell(trip.id, href=link(trip.id)),
                    trip.date,
                    trip.vehicle,
                    load.aboard,
                    load.grid.boxes,
                    message.happened,
                ]
            )
    return Table(
        id="terlalu-tinggi",
        title="Muatan yang terlalu tinggi",
        columns=(
            Column("Perjalanan", Kind.CODE),
            Column("Hari", Kind.DATE),
            Column("Kendaraan"),
            Column("Kotak dibawa", Kind.COUNT),
            Column("Dapat berdiri", Kind.COUNT),
            Column("Temuan"),
        ),
        rows=rows,
        note="Kotak berdiri tegak dalam batas tinggi; yang ditumpuk lebih tinggi dapat menyangkut dahan.",
        empty="Semua muatan berdiri dalam batas tinggi.",
        zone=zone,
    )
