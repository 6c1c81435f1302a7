"""Whether a roster can be worked: recomputed from seats and people with no line of what made it. Pure.

Only the nouns (`shapes.py`) are shared; posts, hours, ways and both sides of a hand-over are looked at again.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from tepat.common.permissions import Role
from tepat.distribution.roster.shapes import Candidate, Held, Seat, Terms, Travel

type Code = Literal[
    "kosong",
    "tidak-dikenal",
    "jabatan",
    "pergi",
    "sim",
    "serah-terima",
    "sekaligus",
    "jalan",
    "istirahat",
    "jam",
]

TRAVELS: dict[str, frozenset[Role]] = {
    "gudang": frozenset({Role.GUDANG, Role.OPERATOR}),
    "ppk": frozenset({Role.PPK, Role.GUDANG, Role.OPERATOR}),
}
BEFORE = {"B1": "B1 B2", "A": "A B1 B2", "C": "C"}


@dataclass(frozen=True)
class Fault:
    """One thing that keeps a roster from being worked.

    Args:
        code: What is wrong.
        seat: The seat.
        person: Who sits there, or empty.
        other: The other seat, where two do not go together.
        found_s: What was found, in seconds: of rest, of the way, of the day; else 0.
        needed_s: What it had to be.
    """

    code: Code
    seat: str
    person: str = ""
    other: str = ""
    found_s: int = 0
    needed_s: int = 0


def faults(
    seats: Sequence[Seat], given: Mapping[str, str], people: Sequence[Candidate], terms: Terms, travel: Travel
) -> list[Fault]:
    """Return everything that is wrong with a roster, seat by seat, then person by person.

    Args:
        seats: Every seat of the plan.
        given: By seat, who sits there.
        people: The office's people.
        terms: Rest and hours.
        travel: The way between two places.
    """
    known = {person.id: person for person in people}
    found = [fault for seat in seats for fault in _alone(seat, given.get(seat.id, ""), known)]
    by_trip: dict[str, list[Seat]] = defaultdict(list)
    by_person: dict[str, list[Seat]] = defaultdict(list)
    for seat in sorted(seats, key=lambda one: (one.start_s, one.end_s, one.id)):
        if given.get(seat.id):
            by_trip[seat.trip].append(seat)
            by_person[given[seat.id]].append(seat)
    for some in by_trip.values():
        found += _both_sides(some, given)
    for person, some in by_person.items():
        found += _in_time(person, some, terms, travel)
    return found


def _alone(seat: Seat, who: str, known: Mapping[str, Candidate]) -> Iterator[Fault]:
    if not who:
        yield Fault("kosong", seat.id)
        return
    person = known.get(who)
    if person is None:
        yield Fault("tidak-dikenal", seat.id, who)
        return
    if not any(_entitled(held.role, held.area_code, seat) and _spans(held, seat) for held in person.held):
        yield Fault("jabatan", seat.id, who)
    if seat.day in person.away:
        yield Fault("pergi", seat.id, who)
    if seat.licence and person.licence and person.licence not in BEFORE[seat.licence].split():
        yield Fault("sim", seat.id, who)


def _entitled(role: Role, area_code: str, seat: Seat) -> bool:
    over = not area_code or f"{seat.area_code}.".startswith(f"{area_code}.")
    if not over:
        return False
    if seat.part == "pengemudi":
        return role is Role.PENGEMUDI
    if seat.part == "pengawal":
        return role is Role.POLRI
    if seat.halt == 0:
        return role in TRAVELS[seat.kind]
    if seat.kind == "ppk":
        return role is Role.PPK
    return role is Role.PPS or (role is Role.PPK and seat.part == "wakil-penerima")


def _spans(held: Held, seat: Seat) -> bool:
    return held.from_s <= seat.start_s and (held.to_s is None or held.to_s >= seat.end_s)


def _both_sides(seats: Sequence[Seat], given: Mapping[str, str]) -> Iterator[Fault]:
    """Yield people who give and receive in one hand-over, or are their own deputy."""
    for one, other in combinations(seats, 2):
        meet = one.halt == other.halt or 0 in {one.halt, other.halt}
        if meet and given[one.id] == given[other.id]:
            yield Fault("serah-terima", other.id, given[one.id], one.id)


def _in_time(person: str, seats: Sequence[Seat], terms: Terms, travel: Travel) -> Iterator[Fault]:
    """Yield what one person cannot do in time; seats come by their begin."""
    latest = seats[0]
    begun: dict[object, Seat] = {}
    ended: dict[object, int] = {}
    for seat in seats:
        if seat is not latest:
            yield from _between(person, latest, seat, terms, travel)
        first = begun.setdefault(seat.day, seat)
        ended[seat.day] = max(seat.end_s, ended.get(seat.day, seat.end_s))
        day_s = ended[seat.day] - first.start_s
        if first is not seat and day_s > terms.day_s_max:
            yield Fault("jam", seat.id, person, first.id, day_s, terms.day_s_max)
        if seat.end_s >= latest.end_s:
            latest = seat


def _between(person: str, before: Seat, after: Seat, terms: Terms, travel: Travel) -> Iterator[Fault]:
    free_s = after.start_s - before.end_s
    if free_s < 0:
        yield Fault("sekaligus", after.id, person, before.id)
    elif before.day != after.day:
        if free_s < terms.rest_s_min:
            yield Fault("istirahat", after.id, person, before.id, free_s, terms.rest_s_min)
    elif before.place != after.place:
        way_s = travel(before.place, after.place)
        if way_s is None or way_s > free_s:
            yield Fault("jalan", after.id, person, before.id, free_s, way_s or 0)
