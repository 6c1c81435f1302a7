"""The tables of Kesiapan: per PPK, per TPS, and whom to call."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from tepat.common.tables import Cell, Column, Kind, Table, zone_word
from tepat.custody.facts import moment_of
from tepat.custody.readiness_contacts import CallBook, Contact
from tepat.custody.words import post_word
from tepat.publication.readiness import TpsRow
from tepat.publication.rules_readiness import Aspect, Level, where, worst

ASPECTS = ("Isi lengkap", "Segel", "PJ", "Kendaraan", "Dokumen", "Serah terima")
LEVELS: tuple[Level, ...] = ("gawat", "belum", "perhatikan", "aman")
NO_NUMBER = "–"


def counts_of(rows: Iterable[TpsRow]) -> Counter[Level]:
    """Return how many TPS are in which state."""
    return Counter(row.readiness.level for row in rows)


def _level(level: Level, note: str = "") -> Cell:
    return Cell(level, note=note)


def _aspect(aspect: Aspect) -> Cell:
    return Cell(aspect.level, note=aspect.words)


def district_table(rows: Sequence[TpsRow], names: Mapping[str, str], zone: ZoneInfo, query: str) -> Table:
    """Return one line for each PPK: how many of its TPS are how ready, and the worst of each aspect.

    Args:
        rows: The TPS.
        names: Kecamatan by code.
        zone: The office's zone.
        query: What was asked of the moment, to go along.
    """
    grouped: dict[str, list[TpsRow]] = {}
    for row in rows:
        grouped.setdefault(row.area_code.rpartition(".")[0], []).append(row)
    lines: list[list[Any]] = []
    for code, mine in sorted(grouped.items()):
        lines.append(
            [
                Cell(names.get(code, code), href=f"{reverse('kesiapan-kecamatan', args=[code])}{query}"),
                _level(worst(row.readiness.level for row in mine)),
                len(mine),
                sum(row.evidence.hands.whole for row in mine),
                *(_share(mine, place) for place in range(len(ASPECTS))),
            ]
        )
    return Table(
        id="ppk",
        title="Per PPK",
        note="Di bawah tiap tanda: berapa TPS yang aman. Tanpa bukti tidak pernah dihitung aman.",
        columns=(
            Column("PPK"),
            Column("Keadaan", Kind.STATE),
            Column("TPS", Kind.COUNT),
            Column("Diterima KPPS", Kind.COUNT),
            *(Column(aspect, Kind.STATE) for aspect in ASPECTS),
        ),
        rows=lines,
        totals=[
            "Jumlah",
            None,
            len(rows),
            sum(row.evidence.hands.whole for row in rows),
            *(None for _ in ASPECTS),
        ]
        if lines
        else (),
        empty="Belum ada TPS di wilayah Anda. Muat daftar TPS dulu.",
        zone=zone,
    )


def _share(rows: Sequence[TpsRow], place: int) -> Cell:
    levels = [row.readiness.aspects[place].level for row in rows]
    return _level(worst(levels), f"{levels.count('aman')}/{len(levels)}")


def board_table(rows: Sequence[TpsRow], names: Mapping[str, str], zone: ZoneInfo) -> Table:
    """Return one line for each TPS with its six aspects.

    Args:
        rows: The TPS of a kecamatan.
        names: Desa by code.
        zone: The office's zone.
    """
    received = [row.evidence.hands.since_us for row in rows if row.evidence.hands.since_us]
    clocks = zone_word(zone, moment_of(received[0])) if received else ""
    return Table(
        id="papan",
        title="Papan kesiapan",
        columns=(
            Column("Desa/kelurahan"),
            Column("TPS", Kind.CODE),
            Column("Keadaan", Kind.STATE),
            *(Column(aspect, Kind.STATE) for aspect in ASPECTS),
            Column("Diterima KPPS", Kind.CLOCK, hint=clocks),
        ),
        rows=[
            [
                names.get(row.area_code, row.area_code),
                Cell(f"{row.number:03d}", href=reverse("garis-waktu-tps", args=[row.unit])),
                _level(row.readiness.level),
                *(_aspect(aspect) for aspect in row.readiness.aspects),
                moment_of(row.evidence.hands.since_us) if row.evidence.hands.since_us else None,
            ]
            for row in rows
        ],
        empty="Tidak ada TPS di sini.",
        zone=zone,
    )


def call_table(rows: Sequence[TpsRow], book: CallBook, names: Mapping[str, str], zone: ZoneInfo) -> Table:
    """Return the TPS without a receipt of their KPPS, each with whom to call, the most urgent first.

    Args:
        rows: These TPS in order.
        book: Whom to call.
        names: Desa and kecamatan by code.
        zone: The office's zone.
    """
    return Table(
        id="telepon",
        title="Belum ada tanda terima KPPS",
        note="Yang paling berisiko di atas. Hubungi pemegangnya sekarang; penerima mencatat sendiri.",
        columns=(
            Column("Desa/kelurahan"),
            Column("TPS", Kind.CODE),
            Column("Hubungi: pemegang sekarang"),
            Column("Telepon", Kind.CODE),
            Column("Di mana"),
            Column("Diterima", Kind.TEXT),
            Column("Yang menunggu"),
            Column("Rencana diterima", Kind.MOMENT),
            Column("Kecamatan"),
        ),
        rows=[_call(row, book, names) for row in rows],
        empty="Semua TPS sudah menerima seluruh perlengkapannya.",
        zone=zone,
    )


def _call(row: TpsRow, book: CallBook, names: Mapping[str, str]) -> list[Any]:
    hands, leg = row.evidence.hands, row.evidence.leg
    contact = contact_of(row, book)
    kecamatan = row.area_code.rpartition(".")[0]
    return [
        names.get(row.area_code, row.area_code),
        Cell(f"{row.number:03d}", href=reverse("garis-waktu-tps", args=[row.unit])),
        _who(contact),
        _phone(contact, book.contact(row.area_code, ())),
        where(hands),
        Cell(f"{hands.received} dari {hands.objects}" if hands.objects else None, word=""),
        _waits(row, book, names),
        moment_of(leg.receive_us) if leg and leg.receive_us else None,
        names.get(kecamatan, kecamatan),
    ]


def contact_of(row: TpsRow, book: CallBook) -> Contact:
    """Return who can do something now: the holder of what is lacking; before there is one, the warehouse."""
    if not row.holders and book.warehouse.person:
        return book.warehouse
    return book.contact(row.area_code, row.holders)


def _phone(contact: Contact, committee: Contact) -> Cell:
    """Return the number; of somebody without one that of the committee which can reach them."""
    if contact.phone or not committee.phone:
        return Cell(contact.phone or NO_NUMBER)
    return Cell(committee.phone, note=f"lewat {committee.role} {committee.name}".strip())


def _waits(row: TpsRow, book: CallBook, names: Mapping[str, str]) -> Cell:
    """Return who waits: not whom to call, for they cannot bring it."""
    waiting = book.by_person.get(row.waits.person)
    return Cell(post_word(row.waits.post, names), note=waiting.name if waiting else "")


def _who(contact: Contact) -> Cell:
    if not contact.person:
        return Cell(contact.shown)
    return Cell(contact.shown, href=reverse("garis-waktu-orang", args=[contact.person]), note=contact.role)
