"""The schedule for Bawaslu and Panwascam: vehicle, time, kind, quantity, escort, arrival, minutes. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from tepat.common.tables import Column as Head
from tepat.common.tables import Kind, Table
from tepat.distribution.papers.content import Book, bast_heads, loose_text
from tepat.distribution.plan_papers.document import PlanDocument, Source
from tepat.distribution.plan_papers.movements import zone_of
from tepat.distribution.problems import Unit

NOT_NUMBERED = "belum bernomor"
"""A hand-over paper gets its number when it is printed from the published plan."""

KINDS_SAID = {"tps": "kotak TPS", "pps": "set PPS", "ppk": "kotak rekap PPK"}


def schedule_paper(source: Source) -> PlanDocument:
    """Return the schedule of the whole office."""
    return PlanDocument(
        kind="jadwal",
        part="",
        title="JADWAL DISTRIBUSI",
        to="Bawaslu dan Panwaslu kecamatan",
        lead=("Setiap perubahan diberitahukan dengan jadwal baru. Jam memakai perkiraan waktu tempuh.",),
        tables=(schedule(source.book),),
        signers=("Kepala subbagian KUL", "Bawaslu (menerima)"),
        wide=True,
    )


def schedule(book: Book, area_code: str = "") -> Table:
    """Return the halts of a plan in the order of departure.

    Args:
        book: The plan.
        area_code: Only halts in this area; empty is the whole office.
    """
    rows: list[list[Any]] = []
    for trip, order, head in sorted(bast_heads(book), key=lambda one: (one[0].depart_at, one[0].id, one[1])):
        stop = trip.stops[order]
        place = book.place(stop.place)
        if area_code and not f"{place.code}.".startswith(f"{area_code}."):
            continue
        units = [book.unit(key) for key in stop.units]
        rows.append(
            [
                trip.date,
                book.hour(trip.depart_at),
                trip.vehicle,
                book.called(book.place(trip.origin)),
                book.called(place),
                ", ".join(kinds_of(units)),
                sum(unit.boxes for unit in units),
                book.hour(stop.arrive_at) + book.bands.arrive[trip.id][order].aside,
                book.escort(trip.escort),
                head["number"] if head["id"] in book.issued else NOT_NUMBERED,
            ]
        )
    return Table(
        id="jadwal",
        title="Jadwal",
        columns=(
            Head("Hari", Kind.DATE),
            Head("Berangkat", Kind.CODE, hint=zone_of(book)),
            Head("Kendaraan", Kind.CODE),
            Head("Dari"),
            Head("Tujuan"),
            Head("Jenis"),
            Head("Kotak", Kind.COUNT),
            Head("Tiba", hint=zone_of(book)),
            Head("Pengawal"),
            Head("Berita acara"),
        ),
        rows=rows,
        totals=["Jumlah", None, None, None, None, None, sum(row[6] for row in rows), None, None, None],
        empty="Tidak ada perjalanan ke wilayah ini.",
        zone=book.zone_info,
    )


def kinds_of(units: Sequence[Unit]) -> Iterator[str]:
    """Yield what a halt gets, such as ``kotak TPS 24 set`` and the goods beside the boxes."""
    for kind, words in KINDS_SAID.items():
        count = sum(unit.kind == kind for unit in units)
        if count:
            yield f"{words} {count} set" if kind == "tps" else words
    loose = loose_text(list(units))
    if loose != "–":
        yield loose
