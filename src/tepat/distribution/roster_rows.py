"""A plan's roster as it stands: its seats, who sits in them, the office's people, and what is wrong."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tepat.common.frame import lies_in
from tepat.common.models import Post, VaultEntry
from tepat.common.permissions import Role
from tepat.distribution.archive import matrices_of, plan_of, problem_of
from tepat.distribution.case import Matrices
from tepat.distribution.models import PlanVersion
from tepat.distribution.plans import Plan
from tepat.distribution.problems import Problem
from tepat.distribution.roster.assigning import Question
from tepat.distribution.roster.bench import ROLES
from tepat.distribution.roster.checking import Fault, faults
from tepat.distribution.roster.gaps import Gap, gaps_of
from tepat.distribution.roster.seats import seats_of
from tepat.distribution.roster.shapes import Candidate, Held, Seat, Terms, Travel
from tepat.distribution.roster.terms import terms
from tepat.distribution.roster_models import Availability, RosterSeat
from tepat.distribution.working_time import second


@dataclass
class Roster:
    """A plan's roster, read once.

    Args:
        row: The plan.
        given: By seat, who sits there.
        by_hand: Seats that a person filled.
        people: The office's people who may be asked.
    """

    row: PlanVersion
    given: Mapping[str, str]
    by_hand: frozenset[str]
    people: Sequence[Candidate]

    @property
    def problem(self) -> Problem:
        """The plan's problem."""
        return problem_of(self.row.problem.sha256)

    @property
    def plan(self) -> Plan:
        """The plan's document."""
        return plan_of(self.row.sha256)

    @cached_property
    def seats(self) -> tuple[Seat, ...]:
        """Every seat of the plan."""
        return seats_of(self.problem, self.plan, {person.id for person in self.people})

    @cached_property
    def ways(self) -> tuple[Terms, Travel]:
        """Rest and hours, and the way between two places."""
        return terms(), travel_of(self.problem, matrices_of(self.row.problem.sha256))

    @property
    def question(self) -> Question:
        """What a proposal is made from: what a person chose stays; once published, so does what works."""
        limits, travel = self.ways
        fixed = {seat.id: self.given[seat.id] for seat in self.seats if seat.id in self.by_hand}
        kept = dict(self.given) if self.row.frozen else {}
        return Question(self.seats, self.people, limits, travel, fixed, kept)

    def faults_with(self, given: Mapping[str, str]) -> list[Fault]:
        """Return what would be wrong if these people sat there."""
        limits, travel = self.ways
        return faults(self.seats, given, self.people, limits, travel)

    @cached_property
    def gaps(self) -> list[Gap]:
        """What is missing or does not go together, with what would mend it."""
        return gaps_of(self.faults_with(self.given), self.seats, self.given, self.people, self.ways)

    def seat(self, name: str) -> Seat | None:
        """Return a seat by its name."""
        return next((seat for seat in self.seats if seat.id == name), None)

    def of_person(self, person: str) -> list[Seat]:
        """Return somebody's seats, the earliest first."""
        own = (seat for seat in self.seats if self.given.get(seat.id) == person)
        return sorted(own, key=lambda seat: (seat.start_s, seat.id))


def roster_of(row: PlanVersion) -> Roster:
    """Return the roster of a stored plan."""
    rows = row.roster.order_by().values_list("seat", "person_id", "by_hand")
    listed = [(seat, str(person), by_hand) for seat, person, by_hand in rows]
    return Roster(
        row,
        given={seat: person for seat, person, _ in listed},
        by_hand=frozenset(seat for seat, _, by_hand in listed if by_hand),
        people=office_people(row.area_code),
    )


def office_people(area_code: str) -> list[Candidate]:
    """Return everybody with a post that does something in a roster, past and future posts among them."""
    posts = Post.objects.filter(lies_in("area_code", (area_code,)), role__in=[role.name for role in ROLES])
    held: dict[Any, list[Held]] = defaultdict(list)
    columns = posts.order_by("held_from", "pk").values_list(
        "person_id", "role", "area_code", "held_from", "held_to"
    )
    for person, role, area, since, until in columns:
        held[person].append(Held(Role[role], area, second(since), second(until) if until else None))
    noted = {row.person_id: row for row in Availability.objects.filter(area_code=area_code)}
    phones = set(VaultEntry.objects.exclude(phone="").values_list("person_id", flat=True))
    return [
        Candidate(
            id=str(person),
            held=tuple(posts),
            licence=noted[person].licence if person in noted else "",
            away=noted[person].days if person in noted else frozenset(),
            phone=person in phones,
            rank=rank,
        )
        for rank, (person, posts) in enumerate(held.items())
    ]


def travel_of(problem: Problem, matrices: Matrices) -> Travel:
    """Return the way between two places by the quickest vehicle of the problem, on a dry day.

    Args:
        problem: The problem.
        matrices: Its travel times by vehicle class and weather.
    """
    number = {place.id: at for at, place in enumerate(problem.places)}
    dry = [table[0] for (_, weather), table in matrices.items() if weather == "kering"]
    known = [
        np.where(table < 0, np.iinfo(np.int32).max, table)
        for table in dry or [t[0] for t in matrices.values()]
    ]
    best = np.minimum.reduce(known)

    def travel(one: str, other: str) -> int | None:
        found = int(best[number[one], number[other]])
        return None if found == np.iinfo(np.int32).max else found

    return travel


def changed_people(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    """Return whose duties differ between two rosters."""
    return {
        who
        for seat in before.keys() | after.keys()
        if before.get(seat) != after.get(seat)
        for who in (before.get(seat), after.get(seat))
        if who
    }


def first_areas(seats: Iterable[Seat], given: Mapping[str, str], people: Collection[str]) -> dict[str, str]:
    """Return by person the area of the first duty; people without a duty are left out."""
    found: dict[str, str] = {}
    for seat in sorted(seats, key=lambda one: (one.start_s, one.id)):
        who = given.get(seat.id, "")
        if who in people:
            found.setdefault(who, seat.area_code)
    return found


def stored_seats(row: PlanVersion) -> dict[str, RosterSeat]:
    """Return the rows of a plan's roster by seat."""
    return {one.seat: one for one in row.roster.all()}
