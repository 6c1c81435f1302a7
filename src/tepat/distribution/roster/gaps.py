"""What is missing in a roster and what would mend it, each looked for among the office's people. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tepat.common.quantities import clock
from tepat.distribution.roster.bench import Bench
from tepat.distribution.roster.checking import Code, Fault
from tepat.distribution.roster.rules import DOERS, conflict, why_not
from tepat.distribution.roster.shapes import PART_WORDS, Candidate, Seat, Terms, Travel

LIGHT: frozenset[str] = frozenset({"pengawal", "wakil", "wakil-penerima"})
"""Parts whose empty seat is looked at; without the others a trip has nobody who answers for it."""

REASONS = {
    "jabatan": "jabatannya tidak berlaku saat itu",
    "pergi": "berhalangan hari itu",
    "sim": "SIM-nya tidak cukup",
    "serah-terima": "sudah berdiri di sisi lain serah terima ini",
    "sekaligus": "bertugas di tempat lain pada jam itu",
    "jalan": "tidak sempat menempuh jalannya",
    "istirahat": "belum cukup istirahat",
    "jam": "harinya menjadi terlalu panjang",
}


@dataclass(frozen=True)
class Gap:
    """One thing that is missing or does not go together.

    Args:
        code: What is wrong, as `checking` names it.
        seat: The seat.
        other: The other seat, where two do not go together.
        person: Who sits there, or empty.
        grave: Whether nobody answers for goods because of it.
        said: What is wrong, in words.
        mend: What would mend it, in words.
        free_person: Somebody who was found free for it, or empty.
    """

    code: Code
    seat: Seat
    other: Seat | None
    person: str
    grave: bool
    said: str
    mend: str
    free_person: str = ""


def gaps_of(
    found: Sequence[Fault],
    seats: Sequence[Seat],
    given: Mapping[str, str],
    people: Sequence[Candidate],
    ways: tuple[Terms, Travel],
) -> list[Gap]:
    """Return the gaps behind faults, the grave ones first, then by time.

    Args:
        found: What `checking.faults` found.
        seats: Every seat.
        given: By seat, who sits there.
        people: The office's people.
        ways: Rest and hours, and the way between two places.
    """
    by_id = {seat.id: seat for seat in seats}
    search = Search(given, by_id, people, ways)
    made = [_gap(fault, by_id, search) for fault in found]
    return sorted(made, key=lambda gap: (not gap.grave, gap.seat.start_s, gap.seat.id, gap.code))


def _gap(fault: Fault, by_id: Mapping[str, Seat], search: "Search") -> Gap:
    seat, other = by_id[fault.seat], by_id.get(fault.other)
    free_person, why = search.free_for(seat)
    return Gap(
        code=fault.code,
        seat=seat,
        other=other,
        person=fault.person,
        grave=fault.code == "sekaligus" or seat.part not in LIGHT,
        said=_said(fault, seat),
        mend=why,
        free_person=free_person,
    )


class Search:
    """Looks for somebody free.

    Args:
        given: By seat, who sits there.
        seats: Every seat by name.
        people: The office's people.
        ways: Rest and hours, and the way between two places.
    """

    def __init__(
        self,
        given: Mapping[str, str],
        seats: Mapping[str, Seat],
        people: Sequence[Candidate],
        ways: tuple[Terms, Travel],
    ) -> None:
        self.bench, (self.terms, self.travel) = Bench(people), ways
        self.own: dict[str, list[Seat]] = {}
        for key, person in given.items():
            if key in seats:
                self.own.setdefault(person, []).append(seats[key])

    def against(self, seat: Seat, person: Candidate) -> str:
        """Return why somebody cannot sit in a seat beside the own ones; empty where they can."""
        beside = (other for other in self.own.get(person.id, ()) if other.id != seat.id)
        clashes = (conflict(seat, other, self.terms, self.travel) for other in beside)
        return why_not(seat, person) or next((clash for clash in clashes if clash), "")

    def free_for(self, seat: Seat) -> tuple[str, str]:
        """Return somebody who is free for a seat, or nobody; and what would mend it, in words."""
        posted = self.bench.posted(seat)
        reasons = {person.id: self.against(seat, person) for person in posted}
        free = next((who for who, reason in reasons.items() if not reason), "")
        if free:
            return free, "Ada yang bebas saat itu."
        counted = Counter(reasons.values())
        why = "; ".join(f"{count} {REASONS[reason]}" for reason, count in counted.most_common())
        wanted = post_words(seat)
        if not posted:
            return "", f"Belum ada {wanted} tercatat: tambahkan orang dan jabatannya."
        return "", f"Tambah satu {wanted} untuk jam itu. Dari {len(posted)} yang ada: {why}."


def post_words(seat: Seat) -> str:
    """Return the posts that may sit in a seat, in words."""
    first, second = DOERS[seat.part, seat.kind]
    return " atau ".join(role.value for roles in (first, second) for role in sorted(roles))


def _said(fault: Fault, seat: Seat) -> str:
    part = PART_WORDS[seat.part].lower()
    if fault.code == "kosong":
        return f"belum ada {part}"
    if fault.code == "tidak-dikenal":
        return f"{part} bukan petugas kantor ini lagi"
    if fault.code == "istirahat":
        return f"{part} baru istirahat {clock(fault.found_s)}, perlu {clock(fault.needed_s)}"
    if fault.code == "jam":
        return f"hari {part} menjadi {clock(fault.found_s)}, paling lama {clock(fault.needed_s)}"
    if fault.code == "jalan":
        way = f"perlu {clock(fault.needed_s)} di jalan" if fault.needed_s else "tidak ada jalan"
        return f"{part} hanya punya {clock(fault.found_s)} untuk pindah tempat, {way}"
    return f"{part} {REASONS[fault.code]}"


def word_of(reason: str) -> str:
    """Return why somebody cannot sit in a seat, in words."""
    return REASONS[reason]
