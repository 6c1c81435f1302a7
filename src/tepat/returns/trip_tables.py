"""The tables of the trips from a PPK to the warehouse: all of them, and what is on one."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from django.urls import reverse

from tepat.common.quantities import grouped
from tepat.common.tables import Cell, Column, Kind, Table
from tepat.custody.parties import label_of
from tepat.custody.views.shared import Words, object_cell
from tepat.returns.models import ReturnTrip
from tepat.returns.rules_trips import TripState
from tepat.returns.trip_reading import TripNow

STATES: dict[TripState, str] = {
    "direncanakan": "belum",
    "berangkat": "perhatikan",
    "tiba": "perhatikan",
    "diterima": "aman",
    "batal": "belum",
}


def state_cell(now: TripNow) -> Cell:
    """Return how far a trip is, with how much of it is where."""
    things = len(now.trip.things)
    notes = [
        *([f"{now.aboard} dari {things} di kendaraan"] if now.aboard else []),
        *([f"{now.received} dari {things} diterima"] if now.received else []),
    ]
    return Cell(STATES[now.state], word=now.state.upper(), note=", ".join(notes))


def trips_table(rows: Sequence[TripNow], names: Mapping[str, str], zone: ZoneInfo) -> Table:
    """Return the trips, by departure.

    Args:
        rows: The trips.
        names: Kecamatan by code.
        zone: The office's zone.
    """
    return Table(
        id="pulang",
        title="Perjalanan PPK ke gudang",
        note="Keadaan menurut serah terima dan HP pengemudi. Kotak hasil naik lebih dulu.",
        columns=(
            Column("Perjalanan", Kind.CODE),
            Column("PPK"),
            Column("Keadaan", Kind.STATE),
            Column("Berangkat", Kind.MOMENT),
            Column("Tiba", Kind.MOMENT),
            Column("Muatan"),
        ),
        rows=[
            [
                Cell(
                    row.trip.pk,
                    href=reverse("pengembalian-pulang", args=[row.trip.pk]),
                    note=row.trip.vehicle,
                ),
                names.get(row.trip.area_code, row.trip.area_code),
                state_cell(row),
                row.departed_at or row.trip.depart_at,
                row.arrived_at or row.trip.arrive_at,
                Cell(_things(row.trip), note=f"{grouped(row.trip.critical)} memuat hasil"),
            ]
            for row in rows
        ],
        empty="Belum ada perjalanan pulang. Rencanakan di halaman tiap PPK sesudah rekapitulasi selesai.",
        zone=zone,
    )


def _things(trip: ReturnTrip) -> str:
    return f"{grouped(trip.boxes)} kotak, {grouped(len(trip.things) - trip.boxes)} bundel"


def load_table(now: TripNow, posts: Mapping[str, tuple[str, int]], words: Words, zone: ZoneInfo) -> Table:
    """Return what is on a trip, in the order of loading, and where each thing is now."""
    return Table(
        id="isi",
        title="Muatan, menurut urutan naik",
        columns=(Column("Kotak", Kind.CODE), Column("Di mana")),
        rows=[
            [object_cell(name), _where(now, posts.get(name, ("", 0))[0], words)] for name in now.trip.things
        ],
        empty=f"Tidak ada isi di {label_of(now.trip.pk)}.",
        zone=zone,
    )


def _where(now: TripNow, post: str, words: Words) -> str:
    if post == now.trip.post:
        return "di kendaraan"
    return words.post(post) if post else "belum ada bukti"
