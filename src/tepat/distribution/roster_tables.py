"""A roster as tables: gaps first, then trip by trip, point by point, person by person."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tepat.common.frame import ID_SHOWN
from tepat.common.permissions import covers
from tepat.common.tables import Cell, Column, Kind, Table, zone_word
from tepat.distribution.roster.bounds import Share
from tepat.distribution.roster.gaps import Gap
from tepat.distribution.roster.shapes import PART_SHORT, PART_WORDS, Candidate, Part, Seat
from tepat.distribution.roster_rows import Roster
from tepat.distribution.working_time import moment

CREW: tuple[Part, ...] = ("penanggung-jawab", "wakil", "pengemudi", "pengawal")
NOBODY = "belum ada"


@dataclass(frozen=True)
class Words:
    """How people, places and seats are written on one screen.

    Args:
        names: Names by random id; none for a reader who may not read them.
        areas: Areas in words, by code.
        seat_link: Where a seat leads.
        person_link: Where a person leads.
        zone: The office's zone.
    """

    names: Mapping[str, str]
    areas: Mapping[str, str]
    seat_link: Callable[[str], str]
    person_link: Callable[[str], str]
    zone: ZoneInfo

    def name(self, person: str) -> str:
        """Return somebody's name, or the beginning of the id."""
        return self.names.get(person) or f"orang {person[:ID_SHOWN]}"

    def sits(self, seat: Seat | None, roster: Roster) -> Cell:
        """Return who sits in a seat, or that nobody does."""
        if seat is None:
            return Cell("tidak perlu")
        who = roster.given.get(seat.id, "")
        note = "dipilih dengan tangan" if seat.id in roster.by_hand else ""
        return Cell(self.name(who) if who else NOBODY, href=self.seat_link(seat.id), note=note)

    def post(self, person: Candidate) -> str:
        """Return somebody's first post, in words."""
        held = person.held[0]
        return f"{held.role.value} {self.areas.get(held.area_code, held.area_code)}"


def place_names(roster: Roster) -> dict[str, str]:
    """Return the names of the plan's places by id."""
    return {place.id: place.name for place in roster.problem.places}


def seats_in(roster: Roster, areas: Collection[str]) -> list[Seat]:
    """Return the seats that lie in some areas."""
    return [seat for seat in roster.seats if any(covers(area, seat.area_code) for area in areas)]


def gaps_table(roster: Roster, shown: Collection[str], words: Words) -> Table:
    """Return what is missing, the grave first, with what would mend it.

    Args:
        roster: The roster.
        shown: Names of the seats that this reader may see.
        words: How things are written.
    """
    names = place_names(roster)
    return Table(
        id="celah",
        title="Celah",
        columns=(
            Column("Tempat"),
            Column("Mulai", Kind.CLOCK, hint=_zone(words, roster)),
            Column("Perjalanan", Kind.CODE),
            Column("Keadaan", Kind.STATE),
            Column("Yang kurang"),
            Column("Yang menutupnya"),
        ),
        rows=[
            [
                Cell(names[gap.seat.place], href=words.seat_link(gap.seat.id)),
                moment(gap.seat.start_s),
                gap.seat.trip,
                "gawat" if gap.grave else "perhatikan",
                _said(gap, words),
                f"{gap.mend} {words.name(gap.free_person)}." if gap.free_person else gap.mend,
            ]
            for gap in roster.gaps
            if gap.seat.id in shown
        ],
        empty="Tidak ada celah: tiap perjalanan dan tiap titik ada petugas dan wakilnya.",
        zone=words.zone,
    )


def _said(gap: Gap, words: Words) -> str:
    who = f" ({words.name(gap.person)})" if gap.person else ""
    beside = f"; juga {PART_WORDS[gap.other.part].lower()} {gap.other.trip}" if gap.other else ""
    return f"{gap.said[:1].upper()}{gap.said[1:]}{who}{beside}"


def trips_table(roster: Roster, shown: Sequence[Seat], words: Words) -> Table:
    """Return every trip with who travels."""
    crew: dict[str, dict[str, Seat]] = defaultdict(dict)
    for seat in shown:
        if not seat.halt:
            crew[seat.trip][seat.part] = seat
    trips = {trip.id: trip for trip in roster.plan.trips}
    names = place_names(roster)
    return Table(
        id="perjalanan",
        title="Tiap perjalanan",
        columns=(
            Column("Perjalanan", Kind.CODE),
            Column("Dari"),
            Column("Mulai muat", Kind.CLOCK, hint=_zone(words, roster)),
            *(Column(PART_WORDS[part]) for part in CREW),
        ),
        rows=[
            [
                Cell(name, note=trips[name].vehicle),
                names[trips[name].origin],
                trips[name].load_at,
                *(words.sits(parts.get(part), roster) for part in CREW),
            ]
            for name, parts in sorted(crew.items())
        ],
        empty="Tidak ada perjalanan yang berangkat dari wilayah Anda.",
        zone=words.zone,
    )


def points_table(roster: Roster, shown: Sequence[Seat], words: Words) -> Table:
    """Return every halt with who receives."""
    halts: dict[tuple[str, int], dict[str, Seat]] = defaultdict(dict)
    for seat in shown:
        if seat.halt:
            halts[seat.trip, seat.halt][seat.part] = seat
    names = place_names(roster)
    rows: list[list[Any]] = []
    for (trip, _), parts in sorted(
        halts.items(), key=lambda pair: (names[_any(pair[1]).place], _any(pair[1]).start_s)
    ):
        first = _any(parts)
        rows.append(
            [
                names[first.place],
                trip,
                moment(first.start_s),
                moment(first.end_s),
                words.sits(parts.get("penerima"), roster),
                words.sits(parts.get("wakil-penerima"), roster),
            ]
        )
    return Table(
        id="titik",
        title="Tiap titik penerimaan",
        columns=(
            Column("Titik"),
            Column("Perjalanan", Kind.CODE),
            Column("Tiba", Kind.CLOCK, hint=_zone(words, roster)),
            Column("Selesai", Kind.CLOCK),
            Column("Penerima"),
            Column("Wakil"),
        ),
        rows=rows,
        empty="Tidak ada titik penerimaan di wilayah Anda.",
        zone=words.zone,
    )


def _any(parts: Mapping[str, Seat]) -> Seat:
    return next(iter(parts.values()))


@dataclass(frozen=True)
class Answer:
    """Whether somebody said yes: state, word and remark."""

    state: str
    word: str
    note: str = ""


def people_table(roster: Roster, shown: Sequence[Seat], words: Words, answers: Mapping[str, Answer]) -> Table:
    """Return everybody with duties, those who have not answered first."""
    own: dict[str, list[Seat]] = defaultdict(list)
    for seat in shown:
        if who := roster.given.get(seat.id):
            own[who].append(seat)
    people = {person.id: person for person in roster.people}
    order = {"gawat": 0, "belum": 1, "perhatikan": 2, "aman": 3}
    asked = sorted(own, key=lambda who: (order[answers[who].state], words.name(who), who))
    return Table(
        id="petugas",
        title="Tiap petugas",
        columns=(
            Column("Nama"),
            Column("Jabatan"),
            Column("Tugas", Kind.COUNT),
            Column("Hari", Kind.COUNT),
            Column("Lama bertugas", Kind.SECONDS),
            Column("Tugas pertama", Kind.CLOCK, hint=_zone(words, roster)),
            Column("Kesediaan", Kind.STATE),
        ),
        rows=[
            [
                Cell(words.name(who), href=words.person_link(who)),
                words.post(people[who]) if who in people else None,
                len(own[who]),
                len({seat.day for seat in own[who]}),
                sum(seat.length_s for seat in own[who]),
                moment(min(seat.start_s for seat in own[who])),
                Cell(answers[who].state, word=answers[who].word, note=answers[who].note),
            ]
            for who in asked
        ],
        empty="Belum ada petugas. Tekan Susun, atau pilih satu per satu.",
        zone=words.zone,
    )


def shares_table(listed: Sequence[Share], words: Words) -> Table:
    """Return how evenly duties lie within each group of equal posts."""
    return Table(
        id="pemerataan",
        title="Pemerataan tugas",
        columns=(
            Column("Kelompok"),
            Column("Orang", Kind.COUNT),
            Column("Terlama", Kind.SECONDS),
            Column("Tersingkat", Kind.SECONDS),
            Column("Selisih", Kind.SECONDS),
            Column(
                "Terlama tak mungkin di bawah", Kind.SECONDS, hint="rata-rata, atau satu tugas terpanjang"
            ),
        ),
        rows=[
            [
                f"{share.role.value} {words.areas.get(share.area_code, share.area_code)}",
                share.people,
                share.most_s,
                share.least_s,
                share.most_s - share.least_s,
                share.most_at_least_s,
            ]
            for share in sorted(listed, key=lambda one: (one.least_s - one.most_s, one.role, one.area_code))
        ],
        note="Selisih yang besar berarti sebagian orang menganggur sementara yang lain penuh.",
        empty="Belum ada petugas.",
        zone=words.zone,
    )


def duties_table(roster: Roster, person: str, words: Words) -> Table:
    """Return somebody's duties in order, each with who stands beside."""
    names = place_names(roster)
    by_name = {seat.id: seat for seat in roster.seats}
    vehicles = {trip.id: trip.vehicle for trip in roster.plan.trips}
    rows: list[list[Any]] = []
    for seat in roster.of_person(person):
        beside = [
            f"{words.name(who)} ({PART_SHORT[by_name[other].part]})"
            for other, who in sorted(roster.given.items())
            if other in by_name and _same_halt(by_name[other], seat) and who != person
        ]
        rows.append(
            [
                seat.day,
                moment(seat.start_s),
                moment(seat.end_s),
                PART_WORDS[seat.part],
                names[seat.place],
                Cell(seat.trip, note=vehicles[seat.trip]),
                ", ".join(beside) or None,
            ]
        )
    return Table(
        id="tugas",
        title="Tugas",
        columns=(
            Column("Tanggal", Kind.DATE),
            Column("Mulai", Kind.CLOCK, hint=_zone(words, roster)),
            Column("Selesai", Kind.CLOCK),
            Column("Sebagai"),
            Column("Di"),
            Column("Perjalanan"),
            Column("Bersama"),
        ),
        rows=rows,
        empty="Tidak ada tugas dalam rencana ini.",
        zone=words.zone,
    )


def _same_halt(one: Seat, other: Seat) -> bool:
    return one.trip == other.trip and one.halt == other.halt


def _zone(words: Words, roster: Roster) -> str:
    return zone_word(words.zone, roster.problem.law_at)
