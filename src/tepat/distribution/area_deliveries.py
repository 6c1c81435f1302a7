"""The published plan as one PPK or PPS needs it: arrivals and hand-overs of their own area only."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from tepat.common.models import Election
from tepat.common.permissions import covers
from tepat.common.tables import Cell, Column, Kind, Table, zone_word
from tepat.distribution import error_bands
from tepat.distribution.error_bands import NONE, Bands
from tepat.distribution.models import PlanVersion
from tepat.distribution.plans import Plan, Trip
from tepat.distribution.problems import Place, Problem, Unit


def published_plan(election: Election) -> PlanVersion | None:
    """Return the plan of an election that was published last; None before the first."""
    rows = PlanVersion.objects.filter(problem__election=election, state=PlanVersion.State.PUBLISHED)
    return rows.select_related("problem").order_by("-published_at", "-number").first()


def places_in(problem: Problem, areas: Collection[str]) -> dict[str, Place]:
    """Return the PPK and PPS of a problem that lie in one of these areas, by id.

    Args:
        problem: The problem.
        areas: Area codes in which somebody may read; an empty code is the nation.
    """
    return {
        place.id: place
        for place in problem.places
        if place.kind != "gudang" and any(covers(area, place.code) for area in areas)
    }


def arrivals_table(
    plan: Plan, problem: Problem, areas: Collection[str], zone: ZoneInfo, bands: Bands
) -> Table:
    """Return every halt of a vehicle in these areas, the earliest first: what comes, and with whom."""
    inside = places_in(problem, areas)
    halts = [
        (trip, stop, band)
        for trip in plan.trips
        for stop, band in zip(trip.stops, bands.arrive[trip.id], strict=True)
        if stop.place in inside
    ]
    halts.sort(key=lambda halt: (halt[1].arrive_at, halt[1].place, halt[0].id))
    units = {unit.id: unit for unit in problem.units}
    names = {place.id: place.name for place in problem.places}
    crew = {person.id: person.label for person in problem.people}
    clocks = zone_word(zone, problem.law_at)
    rows: list[list[Any]] = [
        [
            inside[stop.place].name,
            stop.arrive_at,
            band.text or None,
            stop.done_at,
            sum(units[unit].boxes for unit in stop.units),
            sets_text([units[unit] for unit in stop.units], stop.place, names),
            names[trip.origin],
            _vehicle_cell(trip, problem),
            crew.get(trip.in_charge or ""),
        ]
        for trip, stop, band in halts
    ]
    # What comes to a PPK comes to a PPS of it once more: only boxes at PPS add up.
    adds_up = bool(rows) and all(place.kind == "pps" for place in inside.values())
    boxes = sum(row[4] for row in rows)
    return Table(
        id="kedatangan",
        title="Kedatangan",
        columns=(
            Column("Tempat"),
            Column("Tiba", Kind.CLOCK, hint=clocks),
            Column("Bisa meleset"),
            Column("Selesai bongkar", Kind.CLOCK, hint=clocks),
            Column("Kotak", Kind.COUNT),
            Column("Set yang diturunkan"),
            Column("Dari"),
            Column("Kendaraan"),
            Column("Penanggung jawab di jalan"),
        ),
        rows=rows,
        totals=["Jumlah", None, None, None, boxes, None, None, None, None] if adds_up else (),
        note=error_bands.NOTE,
        empty="Tidak ada kiriman ke wilayah Anda dalam rencana ini.",
        zone=zone,
    )


def sets_text(carried: Collection[Unit], here: str, names: Mapping[str, str]) -> str:
    """Return sets in words, such as ``set PPK; PPS Getas: TPS 009–011, 014``; the place itself needs no name.

    Args:
        carried: The sets.
        here: The place at which they are unloaded.
        names: The names of places by id.
    """
    by_place: dict[str, list[Unit]] = {}
    for unit in carried:
        by_place.setdefault(unit.place, []).append(unit)
    return "; ".join(
        ("" if place == here else f"{names[place]}: ") + _one_place(units)
        for place, units in by_place.items()
    )


def _one_place(units: Collection[Unit]) -> str:
    others = [f"set {unit.kind.upper()}" for unit in units if unit.kind != "tps"]
    numbers = sorted(unit.tps for unit in units if unit.kind == "tps")
    return ", ".join([*others, *([f"TPS {', '.join(_runs(numbers))}"] if numbers else [])])


def _runs(numbers: Sequence[str]) -> list[str]:
    """Return numbers with those that follow each other drawn together, such as ``001–017``."""
    runs: list[list[str]] = []
    for number in numbers:
        if runs and int(number) == int(runs[-1][-1]) + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]


def _vehicle_cell(trip: Trip, problem: Problem) -> Cell:
    vehicle = next(each for each in problem.vehicles if each.id == trip.vehicle)
    kind = next(each for each in problem.vehicle_types if each.id == vehicle.type)
    return Cell(trip.vehicle, note=f"{kind.name}, perjalanan {trip.id}")


def handovers_table(
    plan: Plan, problem: Problem, areas: Collection[str], zone: ZoneInfo, bands: Bands
) -> Table:
    """Return for each TPS in these areas when its KPPS gets its set from the PPS."""
    inside = places_in(problem, areas)
    units = {unit.id: unit for unit in problem.units}
    found = [delivery for delivery in plan.deliveries if units[delivery.unit].place in inside]
    found.sort(key=lambda delivery: (delivery.start_at, delivery.unit))
    clocks = zone_word(zone, problem.law_at)
    rows: list[list[Any]] = [
        [
            inside[units[delivery.unit].place].name,
            units[delivery.unit].tps,
            units[delivery.unit].boxes,
            delivery.start_at,
            delivery.done_at,
            bands.delivery.get(delivery.unit, NONE).text or None,
            delivery.team,
        ]
        for delivery in found
    ]
    return Table(
        id="penyerahan",
        title="Penyerahan ke KPPS",
        columns=(
            Column("PPS"),
            Column("TPS", Kind.CODE),
            Column("Kotak", Kind.COUNT),
            Column("Mulai", Kind.CLOCK, hint=clocks),
            Column("Selesai", Kind.CLOCK, hint=clocks),
            Column("Bisa meleset"),
            Column("Regu", Kind.COUNT),
        ),
        rows=rows,
        totals=["Jumlah", None, sum(row[2] for row in rows), None, None, None, None] if rows else (),
        note="Tiap PPS menyerahkan dengan beberapa regu sekaligus.",
        empty="Tidak ada TPS di wilayah Anda dalam rencana ini.",
        zone=zone,
    )
