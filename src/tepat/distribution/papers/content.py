"""What stands on each paper, taken from a checked plan: plain values, no layout."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tepat.common.quantities import clock, grouped, kilometres
from tepat.distribution.error_bands import NONE, bands_of
from tepat.distribution.load_picture import load_picture
from tepat.distribution.load_plan import load_plan, stop_letter
from tepat.distribution.load_tables import finding, measures, said, where
from tepat.distribution.papers.codes import document_id, number
from tepat.distribution.papers.settings import PaperSettings
from tepat.distribution.plans import Plan, Stop, Trip
from tepat.distribution.problems import Place, Problem, Unit

Paper = dict[str, Any]
Contents = Mapping[str, list[tuple[str, int, str]]]

KIND_WORDS = {"ppk": "PPK", "pps": "PPS"}
HOUR = timedelta(hours=1)
NOT_YET = "belum ada"
DRAFT = "DRAF"


@dataclass
class Book:
    """A checked plan with its problem, opened for printing.

    Args:
        problem: The problem.
        plan: A plan that the checker accepted.
        plan_sha256: The hash of the plan's bytes; part of each paper's id.
        settings: The office's paper settings.
        rehearsal: True in Mode Latihan; the papers carry a watermark.
        draft: True until the plan is published: another watermark, other ids, no number of the series.
        issued: Numbers that papers of this plan already carry, by paper id; a number once given stays.
        last: The last running number given so far, by kind of paper.
    """

    problem: Problem
    plan: Plan
    plan_sha256: str
    settings: PaperSettings
    rehearsal: bool = False
    draft: bool = False
    issued: Mapping[str, str] = field(default_factory=dict)
    last: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index what the papers look up again and again."""
        self._places = {place.id: place for place in self.problem.places}
        self._units = {unit.id: unit for unit in self.problem.units}
        self._vehicles = {vehicle.id: vehicle for vehicle in self.problem.vehicles}
        self._types = {kind.id: kind for kind in self.problem.vehicle_types}
        self._people = {person.id: person.label for person in self.problem.people}
        self._escorts = {escort.id: escort for escort in self.problem.escorts}
        self._zone = ZoneInfo(self.problem.office.time_zone)
        self.bands = bands_of(self.problem, self.plan)

    @property
    def zone_info(self) -> ZoneInfo:
        """The office's zone."""
        return self._zone

    @property
    def watermark(self) -> str:
        """LATIHAN, or DRAF and CONTOH where they hold; one word a line."""
        if self.rehearsal:
            return "LATIHAN"
        return " ".join(
            word for word, holds in ((DRAFT, self.draft), ("CONTOH", self.problem.contoh)) if holds
        )

    def local(self, moment: datetime) -> datetime:
        """Return a moment in the office's zone."""
        return moment.astimezone(self._zone)

    def hour(self, moment: datetime) -> str:
        """Return the local clock of a moment, such as ``14.05``."""
        return self.local(moment).strftime("%H.%M")

    def zone(self, moment: datetime) -> str:
        """Return WIB, WITA or WIT."""
        offset = self.local(moment).utcoffset()
        assert offset is not None
        return {7: "WIB", 8: "WITA", 9: "WIT"}[offset // HOUR]

    def span(self, start: datetime, end: datetime) -> str:
        """Return a time from one clock to another, such as ``08.10–08.40 WIB``."""
        return f"{self.hour(start)}–{self.hour(end)} {self.zone(end)}"

    def place(self, key: str) -> Place:
        """Return a place by id."""
        return self._places[key]

    def unit(self, key: str) -> Unit:
        """Return a unit by id."""
        return self._units[key]

    def person(self, key: str | None) -> str:
        """Return the post of a person, or "belum ada"."""
        return self._people[key] if key else NOT_YET

    def escort(self, key: str | None) -> str:
        """Return an escort unit with its telephone, or "belum ada"."""
        if key is None:
            return NOT_YET
        found = self._escorts[key]
        return f"{found.label}, telepon {found.phone or NOT_YET}"

    def called(self, place: Place) -> str:
        """Return a place as people say it, such as ``PPS Cepu``."""
        named = place.kind == "gudang" or place.name.startswith(f"{KIND_WORDS[place.kind]} ")
        return place.name if named else f"{KIND_WORDS[place.kind]} {place.name}"

    def above(self, place: Place) -> str:
        """Return the kecamatan's name of a PPS, or nothing."""
        return self.place(place.parent).name.removeprefix("PPK ") if place.parent else ""

    def crew(self, trip: Trip) -> list[tuple[str, str]]:
        """Return who answers for a trip, in the order of the paper."""
        return [
            ("Penanggung jawab", self.person(trip.in_charge)),
            ("Wakil", self.person(trip.deputy)),
            ("Pengemudi", self.person(trip.driver)),
            ("Pengawal", self.escort(trip.escort)),
        ]

    def vehicle(self, trip: Trip) -> str:
        """Return vehicle and type, such as ``CDD-1 · truk boks CDD``."""
        vehicle = self._vehicles[trip.vehicle]
        return f"{vehicle.id} · {self._types[vehicle.type].name}"

    def trips(self) -> list[Trip]:
        """Return the trips in the order of their papers' numbers."""
        return sorted(self.plan.trips, key=lambda trip: (trip.date, trip.load_at, trip.id))

    def area(self, place: Place) -> str:
        """Return the code of the area in which a place lies; the office's own for a warehouse."""
        return place.code if place.kind in KIND_WORDS else self.problem.office.code

    def head(self, kind: str, order: int, day: date, *parts: str) -> Paper:
        """Return what each paper begins with: its id, its number, its day.

        Args:
            kind: The kind of paper.
            order: Its place among the papers of its kind, from 1.
            day: The day of the hand-over.
            parts: What tells it from the others of its kind.
        """
        key = document_id(self.problem.id, self.plan_sha256, kind, *parts, *((DRAFT,) if self.draft else ()))
        running = self.last.get(kind, 0) + order
        series = self.settings.series[kind]
        given = number(series, running=running, code=self.problem.office.code, day=day)
        return {
            "kind": kind,
            "id": key,
            "running": running,
            "number": f"{DRAFT} {given}" if self.draft else self.issued.get(key, given),
            "on": day.isoformat(),
            "day": long_date(day),
            "day_words": date_in_words(day),
        }


def boxes_of(units: list[Unit]) -> int:
    """Return the boxes of some units."""
    return sum(unit.boxes for unit in units)


def loose_text(units: list[Unit]) -> str:
    """Return the goods outside the boxes in words, such as ``bilik 96, formulir 24``, or a dash."""
    counted: dict[str, int] = {}
    for unit in units:
        for loose in unit.loose:
            counted[loose.name] = counted.get(loose.name, 0) + loose.count
    return ", ".join(f"{name} {grouped(count)}" for name, count in counted.items()) or "–"


def unit_row(unit: Unit) -> dict[str, str]:
    """Return a unit as a line of a manifest or annex."""
    titles = {"tps": f"TPS {unit.tps}", "pps": "Set PPS", "ppk": "Set PPK (kotak rekap)"}
    return {
        "set": titles[unit.kind],
        "code": unit.id,
        "boxes": grouped(unit.boxes),
        "voters": grouped(unit.voters) if unit.kind == "tps" else "–",
        "loose": loose_text([unit]),
    }


def surat_jalan(book: Book) -> Iterator[Paper]:
    """Yield one paper per trip: waybill, manifest and route card."""
    for running, trip in enumerate(book.trips(), start=1):
        every = [book.unit(key) for stop in trip.stops for key in stop.units]
        stops = [_stop_line(book, trip, order) for order in range(len(trip.stops))]
        origin = book.place(trip.origin)
        yield book.head("surat-jalan", running, trip.date, trip.id) | {
            "area": book.area(origin),
            "about": f"{trip.id}, {book.called(origin)} ke {len(trip.stops)} tujuan",
            "trip": trip.id,
            "group": trip.date.isoformat(),
            "vehicle": book.vehicle(trip),
            "crew": book.crew(trip),
            "origin": book.called(origin),
            "load_at": book.hour(trip.load_at),
            "depart_at": book.hour(trip.depart_at),
            "return_at": book.hour(trip.return_at),
            "return_off": book.bands.back[trip.id].aside,
            "zone": book.zone(trip.depart_at),
            "distance": kilometres(trip.distance_m),
            "driving": clock(int((trip.return_at - trip.load_at).total_seconds())),
            "stops": stops,
            "load": _load(book, trip),
            "boxes": grouped(boxes_of(every)),
            "sets": grouped(len(every)),
            "loose": loose_text(every),
            "signers": [book.settings.giver, "Penanggung jawab perjalanan", *book.settings.warehouse_witness],
        }


def _load(book: Book, trip: Trip) -> Paper:
    load = load_plan(trip, book.problem)
    found = finding(load)
    return {
        "picture": load_picture(load, said=said(load)),
        "bed": measures(load) + (f" ({load.bed.source})" if load.bed.contoh else ""),
        "finding": f"{found.happened} {found.todo}" if found else "",
        "rows": [
            {
                "letter": stop_letter(number),
                "place": book.called(book.place(trip.stops[number].place)),
                "boxes": grouped(boxes_of([book.unit(key) for key in trip.stops[number].units])),
                "where": where([box for box in load.boxes if box.stop == number]) or "–",
            }
            for number in reversed(range(len(trip.stops)))
        ],
    }


def _stop_line(book: Book, trip: Trip, order: int) -> Paper:
    stop = trip.stops[order]
    place = book.place(stop.place)
    units = [book.unit(key) for key in stop.units]
    return {
        "no": order + 1,
        "place": book.called(place),
        "above": book.above(place),
        "arrive_at": book.hour(stop.arrive_at),
        "done_at": book.hour(stop.done_at),
        "off": book.bands.arrive[trip.id][order].text,
        "off_aside": book.bands.arrive[trip.id][order].aside,
        "boxes": grouped(boxes_of(units)),
        "sets": grouped(len(units)),
        "loose": loose_text(units),
        "note": place.note,
        "rows": [unit_row(unit) for unit in units],
    }


def bast(book: Book) -> Iterator[Paper]:
    """Yield one hand-over paper per stop, with the annex per TPS."""
    for trip, order, head in bast_heads(book):
        yield head | _bast(book, trip, trip.stops[order])


def bast_heads(book: Book) -> Iterator[tuple[Trip, int, Paper]]:
    """Yield trip, place in it and head of each hand-over paper, in the order of their numbers.

    A trip that halts twice at one place has two papers there.
    """
    running = 0
    for trip in book.trips():
        seen: Counter[str] = Counter()
        for order, stop in enumerate(trip.stops):
            running += 1
            seen[stop.place] += 1
            again = (str(seen[stop.place]),) if seen[stop.place] > 1 else ()
            yield trip, order, book.head("bast", running, trip.date, trip.id, stop.place, *again)


def _bast(book: Book, trip: Trip, stop: Stop) -> Paper:
    origin, place = book.place(trip.origin), book.place(stop.place)
    units = [book.unit(key) for key in stop.units]
    direct = origin.kind == "gudang" and place.kind == "pps"
    witness = book.settings.district_witness if place.kind == "ppk" else book.settings.village_witness
    supervising = [f"Mengetahui/mengawasi: PPK {book.above(place)}"] if direct else []
    return {
        "area": book.area(place),
        "about": f"{book.called(origin)} ke {book.called(place)}",
        "place": place.id,
        "trip": trip.id,
        "group": trip.date.isoformat(),
        "vehicle": book.vehicle(trip),
        "from": book.called(origin),
        "to": book.called(place),
        "above": book.above(place),
        "plan_at": book.span(stop.unload_at, stop.done_at)
        + book.bands.done[trip.id][trip.stops.index(stop)].aside,
        "in_charge": book.person(trip.in_charge),
        "escort": book.escort(trip.escort),
        "boxes": grouped(boxes_of(units)),
        "tps": grouped(sum(unit.kind == "tps" for unit in units)),
        "loose": loose_text(units),
        "rows": [unit_row(unit) for unit in units],
        "direct": direct,
        "receiver": f"Ketua/anggota {book.called(place)}",
        "signers": [
            f"Yang menyerahkan: penanggung jawab perjalanan {trip.id}",
            f"Yang menerima: {book.called(place)}",
            *supervising,
            *witness,
        ],
    }


def tanda_terima(book: Book, contents: Contents) -> Iterator[Paper]:
    """Yield one receipt with checklist per TPS for the leg PPS to KPPS.

    Args:
        book: The plan.
        contents: The goods of each set: unit id to (name, count, unit of measure); a set that is missing
            here shows boxes and loose goods only.
    """
    for running, delivery in enumerate(sorted(book.plan.deliveries, key=lambda row: row.unit), start=1):
        unit = book.unit(delivery.unit)
        place = book.place(unit.place)
        outside = [(loose.name, loose.count, "buah") for loose in unit.loose]
        goods = contents.get(unit.id) or [("Kotak suara", unit.boxes, "buah"), *outside]
        yield book.head("tanda-terima", running, book.local(delivery.start_at).date(), unit.id) | {
            "area": book.area(place),
            "about": f"TPS {unit.tps}, {book.called(place)}",
            "place": place.id,
            "unit": unit.id,
            "tps": unit.tps,
            "code": unit.id,
            "pps": book.called(place),
            "desa": place.name.removeprefix("PPS "),
            "above": book.above(place),
            "voters": grouped(unit.voters),
            "plan_at": book.span(delivery.start_at, delivery.done_at)
            + book.bands.delivery.get(unit.id, NONE).aside,
            "rows": [
                {"item": name, "count": grouped(count), "unit": measure} for name, count, measure in goods
            ],
            "group": place.parent or place.id,
            "signers": [
                f"Yang menyerahkan: {book.called(place)}",
                f"Yang menerima: KPPS TPS {unit.tps}",
                "Pengawas TPS/PKD",
            ],
        }


def long_date(day: date) -> str:
    """Return a date as ``Kamis, 8 Februari 2024``."""
    from babel.dates import format_date

    return format_date(day, "EEEE, d MMMM y", locale="id")


def date_in_words(day: date) -> str:
    """Return a date as a minutes paper says it, such as ``hari Kamis tanggal delapan bulan Februari``."""
    from babel.dates import format_date
    from num2words import num2words

    name, month = format_date(day, "EEEE", locale="id"), format_date(day, "MMMM", locale="id")
    words, year = num2words(day.day, lang="id"), num2words(day.year, lang="id")
    return f"hari {name} tanggal {words} bulan {month} tahun {year}"
