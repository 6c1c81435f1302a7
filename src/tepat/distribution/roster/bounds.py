"""How good a roster is: empty seats against a proof, loads against their mean. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tepat.common.permissions import Role
from tepat.common.quantities import ceil_div
from tepat.distribution.roster.bench import ROLES, Bench
from tepat.distribution.roster.shapes import Candidate, Seat


def empty_at_least(seats: Sequence[Seat], people: Sequence[Candidate]) -> int:
    """Return how many seats stay empty whoever is given what: proven, not estimated.

    Seats for which nobody can come at all stay empty. Of the others, those that are open at one instant need
    as many different people: for each date, and each group of seats that shares no people with another, the
    instant at which most of them find nobody is taken. Different groups are different seats: they add up.

    Args:
        seats: Every seat.
        people: Everybody who may be asked.
    """
    bench = Bench(people)
    able = {seat.id: [person.id for person in bench.able(seat)] for seat in seats}
    groups: dict[object, list[Seat]] = defaultdict(list)
    chiefs = _chiefs(able)
    for seat in seats:
        if able[seat.id]:
            groups[seat.day, chiefs[able[seat.id][0]]].append(seat)
    alone = sum(not found for found in able.values())
    return alone + sum(max(_unmatched(open_, able) for open_ in _instants(some)) for some in groups.values())


def _chiefs(able: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return for each person one who stands for all that are tied to them by seats in common."""
    chief: dict[str, str] = {}

    def of(person: str) -> str:
        while chief.setdefault(person, person) != person:
            person = chief[person]
        return person

    for first, *others in (found for found in able.values() if found):
        for other in others:
            chief[of(other)] = of(first)
    return {person: of(person) for found in able.values() for person in found}


def _instants(seats: Sequence[Seat]) -> list[list[Seat]]:
    """Return the largest sets of seats that are open together, by instant; nobody free stands beside them."""
    ordered = sorted(seats, key=lambda seat: (seat.start_s, seat.end_s, seat.id))
    found: list[list[Seat]] = []
    open_: list[Seat] = []
    for seat in ordered:
        still = [one for one in open_ if one.end_s > seat.start_s]
        if len(still) < len(open_):
            found.append(open_)
        open_ = [*still, seat]
    return [*found, open_]


def _unmatched(seats: Sequence[Seat], able: Mapping[str, Sequence[str]]) -> int:
    """Return how many seats find nobody when each person takes one: a largest matching by augmenting."""
    sits: dict[str, str] = {}

    def seat_down(seat: str, tried: set[str]) -> bool:
        free = next((person for person in able[seat] if person not in sits), None)
        if free is not None:
            sits[free] = seat
            return True
        for person in able[seat]:
            if person in tried:
                continue
            tried.add(person)
            if seat_down(sits[person], tried):
                sits[person] = seat
                return True
        return False

    return sum(not seat_down(seat.id, set()) for seat in seats)


@dataclass(frozen=True)
class Share:
    """How evenly the duties of one pool of people lie.

    Args:
        role: The post.
        area_code: Its area.
        people: How many hold it.
        most_s: The longest duty of one of them, in seconds.
        least_s: The shortest; 0 where somebody has none.
        most_at_least_s: What the longest cannot be below: the mean, or the longest single seat.
    """

    role: Role
    area_code: str
    people: int
    most_s: int
    least_s: int
    most_at_least_s: int


def shares(seats: Sequence[Seat], given: Mapping[str, str], people: Sequence[Candidate]) -> list[Share]:
    """Return for each pool how evenly its duties lie; a person belongs to the pool of the first post held.

    Args:
        seats: Every seat.
        given: By seat, who sits there.
        people: The office's people.
    """
    load: dict[str, int] = defaultdict(int)
    longest: dict[str, int] = defaultdict(int)
    for seat in seats:
        who = given.get(seat.id, "")
        load[who] += seat.length_s
        longest[who] = max(longest[who], seat.length_s)
    pools: dict[tuple[Role, str], list[str]] = defaultdict(list)
    for person in people:
        first = next((held for held in person.held if held.role in ROLES), None)
        if first is not None:
            pools[first.role, first.area_code].append(person.id)
    return [
        Share(
            role=role,
            area_code=area,
            people=len(ids),
            most_s=max(load[one] for one in ids),
            least_s=min(load[one] for one in ids),
            most_at_least_s=max(
                ceil_div(sum(load[one] for one in ids), len(ids)), *(longest[one] for one in ids)
            ),
        )
        for (role, area), ids in sorted(pools.items())
    ]
