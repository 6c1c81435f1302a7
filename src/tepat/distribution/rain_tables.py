"""One strategy in the dry and in the rain, side by side: what changes, which desa take plan B, and why."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tepat.common.messages import say
from tepat.common.quantities import clock, decimal_comma, grouped, kilometres, rupiah
from tepat.common.tables import Cell, Column, Kind, Table, zone_word
from tepat.distribution.archive import bands_of_plan, case_of, plan_of
from tepat.distribution.case import DRIVE_M, DRIVE_S, Case
from tepat.distribution.error_bands import NONE, Band
from tepat.distribution.legs import build_legs
from tepat.distribution.measures import MONEY, WORK
from tepat.distribution.models import PlanVersion
from tepat.distribution.plan_tables import CONTOH, column_of
from tepat.distribution.plans import Plan, Stop, Trip
from tepat.distribution.problems import Place, Problem
from tepat.roads.matrix import ErrorBand, VehicleClass
from tepat.roads.notes import HardArea, Way, covers
from tepat.roads.ways import Access, chosen_way

PLAN_WORDS = {"rencana_a": "RENCANA A", "rencana_b": "RENCANA B", "tutup": "TIDAK ADA JALAN"}
PLAN_STATES = {"rencana_a": "aman", "rencana_b": "perhatikan", "tutup": "gawat"}

type Link = Callable[[PlanVersion, str], str]


@dataclass(frozen=True)
class Side:
    """One plan with all that it stands on.

    Args:
        row: Its version.
        case: Its problem under its strategy.
        plan: The document.
    """

    row: PlanVersion
    case: Case
    plan: Plan

    def visits(self, place: str) -> Iterator[tuple[Trip, Stop]]:
        """Yield the halts of all trips at a place."""
        for trip in self.plan.trips:
            for stop in trip.stops:
                if stop.place == place:
                    yield trip, stop

    def band(self, place: str) -> Band:
        """Return how far the clocks at a place may be off."""
        return bands_of_plan(self.row.problem.sha256, self.row.sha256).place.get(place, NONE)

    def vehicle_class(self, trip: Trip) -> VehicleClass:
        """Return what kind of vehicle drives a trip."""
        return self.case.type_of(trip.vehicle).vehicle_class

    def drive(self, trip: Trip, place: str) -> tuple[int, int]:
        """Return seconds and metres from a trip's origin straight to a place, in the weather of its day."""
        table = self.case.matrix(self.vehicle_class(trip), trip.date)
        start, end = self.case.row[trip.origin], self.case.row[place]
        return int(table[DRIVE_S][start, end]), int(table[DRIVE_M][start, end])


def side_of(row: PlanVersion) -> Side:
    """Return a kept plan with its problem, out of the documents store."""
    return Side(row, case_of(row.problem.sha256, row.strategy), plan_of(row.sha256))


def changes_table(dry: Side, wet: Side, link: Link, zone: ZoneInfo) -> Table:
    """Return the two plans as columns and what the rain changes."""
    columns = column_of(dry.row), column_of(wet.row)
    rows: list[list[Any]] = [
        [
            "Rencana",
            *(
                Cell(f"versi {side.row.number}", href=link(side.row, ""), kind=Kind.TEXT)
                for side in (dry, wet)
            ),
            Cell(None),
        ]
    ]
    for title, kind, read, _ in (*MONEY, *WORK):
        before, after = read(columns[0]), read(columns[1])
        rows.append(
            [title, Cell(before, kind=kind), Cell(after, kind=kind), _difference(before, after, kind)]
        )
    left = [sum(each.units for each in column.unserved) for column in columns]
    rows.append(["Set tertinggal", *(Cell(count, kind=Kind.COUNT) for count in (*left, left[1] - left[0]))])
    return Table(
        id="hujan",
        title="Kering dan hujan berdampingan",
        columns=(Column("Ukuran"), Column("Hari kering"), Column("Hari hujan"), Column("Bedanya")),
        rows=rows,
        note="Strategi dan harga sama. Kering: tanpa catatan jalan sulit. "
        "Hujan: semua hari hujan, catatan jalan sulit dipakai.",
        contoh=CONTOH if wet.case.problem.contoh else "",
        zone=zone,
        across=True,
    )


def _difference(before: Any, after: Any, kind: Kind) -> Cell:
    if before is None or after is None:
        return Cell(None)
    if isinstance(after, datetime):
        return Cell(int((after - before).total_seconds()), kind=Kind.SECONDS)
    return Cell(after - before, kind=kind)


def changes_sentence(dry: Side, wet: Side) -> str:
    """Return what the rain costs, in one sentence."""
    before, after = column_of(dry.row), column_of(wet.row)
    more = after.cost_rupiah - before.cost_rupiah
    days = after.vehicle_days - before.vehicle_days
    percent = decimal_comma(abs(more) * 100 / max(1, before.cost_rupiah), 1)
    return (
        f"Bila semua hari hujan, strategi ini menjadi {rupiah(after.cost_rupiah)}: "
        f"{_word(more)} {rupiah(abs(more))} ({percent} %), "
        f"dengan {grouped(after.vehicle_days)} hari kendaraan ({_word(days)} {grouped(abs(days))})."
    )


def _word(change: int) -> str:
    return "turun" if change < 0 else "naik"


def hard_table(dry: Side, wet: Side, hard: Sequence[HardArea], link: Link, zone: ZoneInfo) -> Table:
    """Return the desa behind hard roads: the way in the rain, its time, who goes and when they arrive.

    Args:
        dry: The plan for dry days.
        wet: The plan for rainy days.
        hard: The hard areas that the office noted.
        link: The address of a trip of a plan.
        zone: The office's zone.
    """
    rows = [_hard_row(dry, wet, area, place.id, link) for area in hard for place in _inside(wet, area)]
    clocks = zone_word(zone, wet.case.problem.law_at)
    return Table(
        id="jalan-sulit",
        title="Desa di balik jalan sulit",
        columns=(
            Column("Desa"),
            Column("Kotak", Kind.COUNT),
            Column("Jalan di hari hujan", Kind.STATE),
            Column("Tempuh, rencana kering", Kind.SECONDS, hint="sekali jalan"),
            Column("Tempuh, rencana hujan", Kind.SECONDS, hint="sekali jalan"),
            Column("Perjalanan di hari hujan"),
            Column("Lengkap di hari hujan", Kind.CLOCK, hint=clocks),
        ),
        rows=rows,
        note="Waktu dan jarak dari tempat berangkat langsung ke PPS itu, menurut kendaraan yang membawanya. "
        f"{_band(wet.case.problem)}",
        empty="Kantor ini tidak punya catatan jalan sulit.",
        zone=zone,
    )


def _hard_row(dry: Side, wet: Side, area: HardArea, place: str, link: Link) -> list[Any]:
    visits = list(wet.visits(place))
    boxes = sum(unit.boxes for unit in wet.case.problem.units if unit.place == place)
    way = _access(area, _classes(wet, [place])[0])
    trips = [trip for trip, _ in visits]
    return [
        wet.case.place[place].name.removeprefix("PPS "),
        boxes,
        Cell(
            PLAN_STATES[way.plan],
            word=PLAN_WORDS[way.plan],
            note=way.way.text or way.way.id if way.way else "",
        ),
        _drive_cell(dry, [trip for trip, _ in dry.visits(place)], place),
        _drive_cell(wet, trips, place),
        Cell(_carriers(wet, trips), href=link(wet.row, trips[0].id)) if trips else Cell("tidak ada"),
        Cell(max((stop.done_at for _, stop in visits), default=None), note=wet.band(place).said),
    ]


def _band(problem: Problem) -> str:
    """Return how far the times may be off, from the matrices that the plan stands on."""
    low = max(matrix.error_low_percent for matrix in problem.matrices)
    high = max(matrix.error_high_percent for matrix in problem.matrices)
    return f"Waktu: {ErrorBand(low, high).sentence}."


def _access(area: HardArea, vehicle_class: VehicleClass) -> Access:
    return chosen_way(area, vehicle_class, "hujan")


def _drive_cell(side: Side, trips: Sequence[Trip], place: str) -> Cell:
    if not trips:
        return Cell(None, note="tidak diantar")
    longest = max(trips, key=lambda trip: side.drive(trip, place))
    seconds, metres = side.drive(longest, place)
    return Cell(seconds, note=kilometres(metres))


def _carriers(side: Side, trips: Sequence[Trip]) -> str:
    names = Counter(side.case.type_of(trip.vehicle).name for trip in trips)
    origins = dict.fromkeys(side.case.place[trip.origin].name for trip in trips)
    carried = ", ".join(f"{count} kali {name}" for name, count in sorted(names.items()))
    return f"{carried}, dari {' dan '.join(origins)}"


def reasons(wet: Side, hard: Sequence[HardArea]) -> list[str]:
    """Return why plan A falls away in the rain and what plan B is, some sentences for each hard area."""
    said = []
    for area in hard:
        first = area.ways[0]
        classes = " dan ".join(first.classes)
        closed = "" if "hujan" in first.passable_when else ", dan tidak dapat dilalui bila hujan"
        said.append(f"Rencana A: {_way_text(first, first.duration_s)}, hanya {classes}{closed}.")
        times = {
            vehicle_class: _access(area, vehicle_class)
            for vehicle_class in _classes(wet, [place.id for place in _inside(wet, area)])
        }
        for vehicle_class, access in times.items():
            if access.way:
                mark = " (waktu contoh)" if access.way.duration_s is None else ""
                text = _way_text(access.way, access.duration_s)
                said.append(
                    f"Rencana B dari {area.gate_name}: {text} dengan {vehicle_class} di hari hujan{mark}."
                )
        said.append(f"Sumber: {area.source}.")
    return said


def _way_text(way: Way, duration_s: int | None) -> str:
    time = f", {clock(duration_s)}" if duration_s else ""
    return f"{way.text or way.id} ({kilometres(way.distance_m)}{time})"


def _inside(side: Side, area: HardArea) -> list[Place]:
    return [
        place for place in side.case.problem.places if place.kind == "pps" and covers(area.areas, place.code)
    ]


def _classes(side: Side, places: Sequence[str]) -> list[VehicleClass]:
    """Return the kinds of vehicle that a plan sends to these places; a truck where it sends none."""
    return sorted({side.vehicle_class(trip) for place in places for trip, _ in side.visits(place)}) or [
        "truk"
    ]


def others_table(wet: Side, titles: dict[str, str], zone: ZoneInfo) -> Table:
    """Return for each strategy how many sets are proved impossible in the rain; nothing is searched for that.

    Args:
        wet: The plan for rainy days.
        titles: What to call the strategies of its problem, by name; others are left out.
        zone: The office's zone.
    """
    rows: list[list[Any]] = []
    for strategy in wet.case.problem.strategies:
        if strategy.name not in titles or strategy.baseline:
            continue
        proofs = build_legs(replace(wet.case, strategy=strategy)).proofs
        first = next(iter(proofs.values()), None)
        rows.append(
            [
                titles[strategy.name],
                _state_cell(wet, strategy.name, len(proofs)),
                len(proofs),
                say(first.code, first.facts).happened if first else None,
            ]
        )
    return Table(
        id="strategi-hujan",
        title="Strategi lain di hari hujan",
        columns=(
            Column("Strategi"),
            Column("Keadaan", Kind.STATE),
            Column("Set yang mustahil", Kind.COUNT),
            Column("Sebab, set pertama"),
        ),
        rows=rows,
        note="Yang mustahil dibuktikan tanpa mencari rute: dari jam kerja, jarak, dan catatan jalan.",
        zone=zone,
    )


def _state_cell(wet: Side, strategy: str, impossible: int) -> Cell:
    if impossible:
        return Cell("gawat", word="SEBAGIAN MUSTAHIL")
    if strategy != wet.row.strategy:
        return Cell("belum", word="BELUM DIHITUNG")
    whole = wet.row.status == PlanVersion.Status.ACCEPTED
    return Cell("aman", word="DITERIMA") if whole else Cell("perhatikan", word="BELUM LENGKAP")
