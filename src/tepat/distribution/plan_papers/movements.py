"""The escort plan for the police, and the extracts for TNI, Dishub and each provider. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from tepat.common.tables import Column as Head
from tepat.common.tables import Kind, Table
from tepat.distribution.case import Case
from tepat.distribution.costing import Ledger
from tepat.distribution.papers.content import NOT_YET, Book
from tepat.distribution.plan_papers.document import PlanDocument, Source
from tepat.distribution.plans import Trip
from tepat.distribution.problems import VehicleType

TNI = "TNI"


def escort_paper(source: Source) -> PlanDocument:
    """Return the escort plan: by day and hour who has to be where, with whom, at which telephone."""
    book = source.book
    missing = sum(trip.escort is None for trip in book.plan.trips)
    lead = [f"{missing} dari {len(book.plan.trips)} perjalanan belum ada pengawalnya."] if missing else []
    return PlanDocument(
        kind="pengawalan",
        part="",
        title="RENCANA PENGAWALAN DISTRIBUSI",
        to="Polri",
        lead=(
            *lead,
            "Pengawal mendampingi dan tidak memegang kotak; yang bertanggung jawab di jalan tertulis.",
        ),
        tables=(_by_hour(book), escorts(book)),
        signers=("Kepala subbagian KUL", "Kepolisian"),
        wide=True,
    )


def escorts(book: Book) -> Table:
    """Return every trip with its area, route, person in charge and escort, in the order of departure."""
    known = {escort.id: escort for escort in book.problem.escorts}
    rows: list[list[Any]] = []
    for trip in sorted(book.plan.trips, key=lambda trip: (trip.depart_at, trip.id)):
        escort = known.get(trip.escort or "")
        rows.append(
            [
                trip.date,
                book.hour(trip.depart_at),
                area_words(book, trip),
                trip.vehicle,
                route_words(book, trip),
                book.hour(trip.stops[-1].arrive_at) if trip.stops else None,
                book.hour(trip.return_at),
                book.person(trip.in_charge),
                escort.label if escort else NOT_YET,
                (escort.phone if escort else None) or NOT_YET,
            ]
        )
    return Table(
        id="pengawalan",
        title="Perjalanan menurut jam berangkat",
        columns=(
            Head("Hari", Kind.DATE),
            Head("Berangkat", Kind.CODE, hint=zone_of(book)),
            Head("Wilayah"),
            Head("Kendaraan", Kind.CODE),
            Head("Rute"),
            Head("Tiba terakhir", Kind.CODE, hint=zone_of(book)),
            Head("Kembali", Kind.CODE, hint=zone_of(book)),
            Head("Penanggung jawab"),
            Head("Pengawal"),
            Head("Telepon", Kind.CODE),
        ),
        rows=rows,
        zone=book.zone_info,
    )


def _by_hour(book: Book) -> Table:
    """Return for each day and hour how many vehicles leave where, and how many have an escort."""
    counted: dict[tuple[date, int, str], list[Trip]] = defaultdict(list)
    for trip in book.plan.trips:
        counted[trip.date, book.local(trip.depart_at).hour, trip.origin].append(trip)
    return Table(
        id="pengawalan-jam",
        title="Tiap hari dan jam",
        columns=(
            Head("Hari", Kind.DATE),
            Head("Jam", Kind.CODE, hint=zone_of(book)),
            Head("Berangkat dari"),
            Head("Ke kecamatan"),
            Head("Kendaraan", Kind.COUNT),
            Head("Ada pengawal", Kind.COUNT),
            Head("Belum ada", Kind.COUNT),
        ),
        rows=[
            [
                day,
                f"{hour:02d}.00–{hour:02d}.59",
                book.called(book.place(origin)),
                ", ".join(sorted({name for trip in trips for name in areas_of(book, trip)})),
                len(trips),
                sum(trip.escort is not None for trip in trips),
                sum(trip.escort is None for trip in trips),
            ]
            for (day, hour, origin), trips in sorted(counted.items())
        ],
        zone=book.zone_info,
    )


def extracts(source: Source) -> Iterator[PlanDocument]:
    """Yield the extracts: TNI's trips and guarded places, Dishub's roads, each provider's own vehicles."""
    yield _for_tni(source.book)
    yield _for_dishub(source.book)
    kinds = _types(source.book)
    for number, owner in enumerate(sorted({kinds[trip.vehicle].owner for trip in source.book.plan.trips}), 1):
        yield _for_provider(source.book, owner, number)


def _types(book: Book) -> dict[str, VehicleType]:
    kinds = {kind.id: kind for kind in book.problem.vehicle_types}
    return {vehicle.id: kinds[vehicle.type] for vehicle in book.problem.vehicles}


def _for_tni(book: Book) -> PlanDocument:
    known = {escort.id: escort.label for escort in book.problem.escorts}
    kinds = _types(book)
    own = [
        trip
        for trip in book.plan.trips
        if TNI in known.get(trip.escort or "", "").split() or TNI in kinds[trip.vehicle].owner.split()
    ]
    return PlanDocument(
        kind="petikan",
        part="tni",
        title="PETIKAN RENCANA DISTRIBUSI",
        to=TNI,
        lead=("Berisi kendaraan atau pengawalan TNI, dan tempat barang bermalam yang perlu dijaga.",),
        tables=(
            _trips(
                book,
                own,
                "tni-perjalanan",
                "yang dijaga TNI",
                "Tidak ada kendaraan atau pengawal TNI dalam rencana ini.",
            ),
            _guarded(book),
        ),
        wide=True,
    )


def _guarded(book: Book) -> Table:
    strategy = next(one for one in book.problem.strategies if one.name == book.plan.strategy)
    ledger = Ledger(Case(book.problem, strategy, {}), book.plan.trips, book.plan.deliveries)
    nights: dict[str, Counter[date]] = defaultdict(Counter)
    for stay in ledger.stays:
        for number in range((stay.until - stay.since).days):
            nights[stay.place][stay.since + timedelta(days=number)] += book.unit(stay.unit).boxes
    rows: list[list[Any]] = [
        [
            book.called(book.place(place)),
            book.above(book.place(place)),
            min(found),
            max(found),
            len(found),
            max(found.values()),
        ]
        for place, found in nights.items()
    ]
    return Table(
        id="tni-malam",
        title="Tempat barang bermalam",
        columns=(
            Head("Tempat"),
            Head("Kecamatan"),
            Head("Malam pertama", Kind.DATE),
            Head("Malam terakhir", Kind.DATE),
            Head("Malam", Kind.COUNT),
            Head("Kotak paling banyak", Kind.COUNT),
        ),
        rows=sorted(rows, key=lambda row: (row[2], row[0])),
        empty="Tidak ada barang yang bermalam di PPK atau PPS.",
        zone=book.zone_info,
    )


def _for_dishub(book: Book) -> PlanDocument:
    visited = {stop.place for trip in book.plan.trips for stop in trip.stops}
    notes = Table(
        id="dishub-jalan",
        title="Catatan jalan dan tempat",
        columns=(Head("Tempat"), Head("Catatan")),
        rows=[
            [book.called(place), place.note]
            for place in book.problem.places
            if place.note and place.id in visited
        ],
        empty="Tidak ada catatan jalan pada tempat yang dituju.",
        zone=book.zone_info,
    )
    every = sorted(book.plan.trips, key=lambda trip: (trip.depart_at, trip.id))
    return PlanDocument(
        kind="petikan",
        part="dishub",
        title="PETIKAN RENCANA DISTRIBUSI",
        to="Dinas Perhubungan",
        lead=("Berisi kendaraan, jam dan rute saja. Jam memakai perkiraan waktu tempuh.",),
        tables=(_trips(book, every, "dishub-rute", "semua kendaraan", "Tidak ada perjalanan."), notes),
        wide=True,
    )


def _for_provider(book: Book, owner: str, number: int) -> PlanDocument:
    kinds = _types(book)
    own = [trip for trip in book.plan.trips if kinds[trip.vehicle].owner == owner]
    days = Counter(kinds[vehicle].name for vehicle, _ in {(trip.vehicle, trip.date) for trip in own})
    work = Table(
        id=f"penyedia-{number}-hari",
        title=f"Hari kendaraan {owner}",
        columns=(Head("Jenis"), Head("Hari kendaraan", Kind.COUNT)),
        rows=sorted(days.items()),
        totals=["Jumlah", days.total()],
        zone=book.zone_info,
    )
    return PlanDocument(
        kind="petikan",
        part=f"penyedia-{number}",
        title="PETIKAN RENCANA DISTRIBUSI",
        to=f"Pemilik kendaraan: {owner}",
        lead=("Berisi kendaraan penerima petikan ini saja.",),
        tables=(work, _trips(book, own, f"penyedia-{number}", owner, "Tidak ada perjalanan.")),
        wide=True,
    )


def _trips(book: Book, trips: Sequence[Trip], name: str, whose: str, empty: str) -> Table:
    """Return trips as their owner or the traffic office needs them: no people, no boxes by TPS."""
    kinds = _types(book)
    return Table(
        id=name,
        title=f"Perjalanan {whose}",
        columns=(
            Head("Hari", Kind.DATE),
            Head("Kendaraan", Kind.CODE),
            Head("Jenis"),
            Head("Muat", Kind.CODE, hint=zone_of(book)),
            Head("Berangkat", Kind.CODE, hint=zone_of(book)),
            Head("Rute"),
            Head("Kecamatan"),
            Head("Kembali", Kind.CODE, hint=zone_of(book)),
            Head("Jarak, km", Kind.METRES),
        ),
        rows=[
            [
                trip.date,
                trip.vehicle,
                kinds[trip.vehicle].name,
                book.hour(trip.load_at),
                book.hour(trip.depart_at),
                route_words(book, trip),
                area_words(book, trip),
                book.hour(trip.return_at),
                trip.distance_m,
            ]
            for trip in sorted(trips, key=lambda trip: (trip.depart_at, trip.id))
        ],
        empty=empty,
        zone=book.zone_info,
    )


def route_words(book: Book, trip: Trip) -> str:
    """Return where a trip goes, such as ``Gudang KPU → PPK Cepu → PPS Balun``."""
    halts = [book.called(book.place(stop.place)) for stop in trip.stops]
    named = [book.called(book.place(trip.origin)), *halts]
    return " → ".join(name for at, name in enumerate(named) if not at or name != named[at - 1])


def areas_of(book: Book, trip: Trip) -> list[str]:
    """Return the kecamatan that a trip goes to, each once, in its order."""
    places: list[Any] = [book.place(stop.place) for stop in trip.stops]
    names = [book.above(place) or place.name.removeprefix("PPK ") for place in places]
    return list(dict.fromkeys(names))


def area_words(book: Book, trip: Trip) -> str:
    """Return the kecamatan of a trip in words."""
    return ", ".join(areas_of(book, trip))


def zone_of(book: Book) -> str:
    """Return what the office's clocks are called."""
    return book.zone(book.problem.law_at)
