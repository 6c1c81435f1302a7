"""A proposal: what was fixed by hand is kept, loads are even where they can be. Pure, deterministic.

First whole turns (a vehicle's day, a place's day) to one person each, then single seats; a seat that stays
empty is tried once more by moving others aside; at last turns go from the busiest to the idlest.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tepat.distribution.roster.bench import Bench
from tepat.distribution.roster.rules import choice, conflict, nearness
from tepat.distribution.roster.shapes import PART_WORDS, Candidate, Seat, Terms, Travel

MOVES_DEEP_MAX = 3
"""How many people in a row may be moved aside for one empty seat."""

SWEEPS_MAX = 6
"""Rounds in which turns go from the busiest to the idlest."""

_RANK = {part: rank for rank, part in enumerate(PART_WORDS)}


@dataclass(frozen=True)
class Question:
    """What a roster is made from.

    Args:
        seats: Every seat.
        people: Everybody who may be asked.
        terms: Rest and hours.
        travel: The way between two places.
        fixed: By seat, whom a person of the office put there; kept as it is.
        kept: By seat, who was told of it already; stays while that works, and moves only for an empty seat.
    """

    seats: Sequence[Seat]
    people: Sequence[Candidate]
    terms: Terms
    travel: Travel
    fixed: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)


def propose(question: Question) -> dict[str, str]:
    """Return by seat who sits there; a seat that nobody can hold is left out.

    Args:
        question: Seats, people, terms, and what is fixed.
    """
    work = _Work(question)
    for turn in work.turns:
        work.keep(turn)
    for turn in work.turns:
        work.fill([seat for seat in turn if seat.id not in work.given])
    for seat in [seat for turn in work.turns for seat in turn if seat.id not in work.given]:
        work.move_aside(seat, MOVES_DEEP_MAX, set())
    work.even_out()
    return dict(work.given)


class _Work:
    """A roster while it is made."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.given = dict(question.fixed)
        self.load: dict[str, int] = defaultdict(int)
        self.own: dict[str, list[Seat]] = defaultdict(list)
        for seat in question.seats:
            if seat.id in question.fixed:
                self._sit(seat, question.fixed[seat.id])
        free = [seat for seat in question.seats if seat.id not in question.fixed]
        bench = Bench(question.people)
        self.able = {seat.id: bench.able(seat) for seat in free}
        self.turns = _turns(free)

    def _sit(self, seat: Seat, person: str) -> None:
        self.given[seat.id] = person
        self.own[person].append(seat)
        self.load[person] += seat.length_s

    def _rise(self, seat: Seat) -> str:
        person = self.given.pop(seat.id)
        self.own[person].remove(seat)
        self.load[person] -= seat.length_s
        return person

    def _against(self, seat: Seat, person: str) -> list[Seat]:
        """Return the seats of somebody that cannot be held together with this one."""
        terms, travel = self.question.terms, self.question.travel
        return [other for other in self.own[person] if conflict(seat, other, terms, travel)]

    def _price(self, seats: Sequence[Seat], person: Candidate) -> tuple[int, int, int, int, bool, int, str]:
        """Return what one is chosen by: post, whom the plan names, nearness, load, telephone, rank."""
        return (
            max(choice(seat, person) or 0 for seat in seats),
            -sum(seat.wanted == person.id for seat in seats),
            -min(nearness(seat, person) for seat in seats),
            self.load[person.id],
            not person.phone,
            person.rank,
            person.id,
        )

    def keep(self, turn: Sequence[Seat]) -> None:
        """Leave the seats of a turn with those who were told, as far as they still can."""
        for seat in turn:
            who = self.question.kept.get(seat.id, "")
            if any(person.id == who for person in self.able[seat.id]) and not self._against(seat, who):
                self._sit(seat, who)

    def fill(self, turn: Sequence[Seat]) -> None:
        """Give a whole turn to one person, or its seats to several."""
        if not turn:
            return
        person = self._whole(turn, ())
        if person is not None:
            for seat in turn:
                self._sit(seat, person)
            return
        for seat in turn:
            alone = self._whole((seat,), ())
            if alone is not None:
                self._sit(seat, alone)

    def _whole(self, turn: Sequence[Seat], but: Iterable[str]) -> str | None:
        """Return the best person who can hold all seats of a turn beside the own ones."""
        if any(self._clash(one, other) for one, other in _pairs(turn)):
            return None
        ids = [{person.id for person in self.able[seat.id]} for seat in turn]
        both = set.intersection(*ids) - set(but)
        fit = [
            person
            for person in self.able[turn[0].id]
            if person.id in both and not any(self._against(seat, person.id) for seat in turn)
        ]
        best = min(fit, key=lambda person: self._price(turn, person), default=None)
        return best.id if best else None

    def _clash(self, one: Seat, other: Seat) -> bool:
        return bool(conflict(one, other, self.question.terms, self.question.travel))

    def move_aside(self, seat: Seat, deep: int, tried: set[str]) -> bool:
        """Fill an empty seat, if need be by giving one seat of somebody to somebody else.

        Args:
            seat: The empty seat.
            deep: How many more people may be moved.
            tried: Who was moved already; grows.

        Returns:
            Whether somebody sits there now; where not, nothing has changed.
        """
        alone = self._whole((seat,), ())
        if alone is not None:
            self._sit(seat, alone)
            return True
        for person in self.able[seat.id] if deep else ():
            against = self._against(seat, person.id)
            if person.id in tried or len(against) != 1 or against[0].id in self.question.fixed:
                continue
            tried.add(person.id)
            (other,) = against
            self._rise(other)
            self._sit(seat, person.id)
            if self.move_aside(other, deep - 1, tried):
                return True
            self._rise(seat)
            self._sit(other, person.id)
        return False

    def even_out(self) -> None:
        """Give turns of busy people to idler ones of the same choice, while that makes loads more even."""
        for _ in range(SWEEPS_MAX):
            if not sum(self._hand_on(turn) for turn in self.turns):
                return

    def _hand_on(self, turn: Sequence[Seat]) -> bool:
        sitting = {self.given.get(seat.id, "") for seat in turn}
        (now,) = sitting if len(sitting) == 1 else ("",)
        if not now or any(self.question.kept.get(seat.id) == now for seat in turn):
            return False
        before = self._rank_of(turn, now)
        for seat in turn:
            self._rise(seat)
        best = self._whole(turn, (now,))
        better = best is not None and self.load[best] < self.load[now] and self._rank_of(turn, best) <= before
        for seat in turn:
            self._sit(seat, best if better and best is not None else now)
        return better

    def _rank_of(self, turn: Sequence[Seat], person: str) -> tuple[int, int, int]:
        found = next(one for one in self.able[turn[0].id] if one.id == person)
        return self._price(turn, found)[:3]


def _turns(seats: Iterable[Seat]) -> list[tuple[Seat, ...]]:
    """Return seats by turn and part, those first that nothing moves without, then by time."""
    grouped: dict[tuple[str, str], list[Seat]] = defaultdict(list)
    for seat in seats:
        grouped[seat.turn, seat.part].append(seat)
    turns = [tuple(sorted(some, key=lambda seat: (seat.start_s, seat.id))) for some in grouped.values()]
    return sorted(turns, key=lambda turn: (_RANK[turn[0].part], turn[0].start_s, turn[0].id))


def _pairs(turn: Sequence[Seat]) -> Iterable[tuple[Seat, Seat]]:
    return ((one, other) for at, one in enumerate(turn) for other in turn[at + 1 :])
