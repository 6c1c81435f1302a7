"""Who drives, who holds the boxes in transit, who escorts: known, distinct, in one place, rested."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from tepat.distribution.checker.clocks import overlapping
from tepat.distribution.checker.reading import Reading, Run
from tepat.distribution.checker.verdict import Finding, found
from tepat.distribution.plans import Trip

POSTS = (("driver", "sopir"), ("in_charge", "penanggung jawab"), ("deputy", "wakil"))
NOBODY = {"driver": "CHECK-NO-DRIVER", "in_charge": "CHECK-NO-HOLDER", "deputy": "CHECK-NO-DEPUTY"}


def people_findings(reading: Reading) -> Iterator[Finding]:
    """Yield trips without their people, and people unknown, in two posts, on two trips at once, unrested."""
    known = {person.id for person in reading.problem.people}
    for run in reading.runs:
        yield from _crew(run.trip, known)
        yield from _escort(reading, run.trip)
    yield from _times(reading)


def _crew(trip: Trip, known: set[str]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for post, title in POSTS:
        person: str | None = getattr(trip, post)
        if person is None:
            yield found(NOBODY[post], trip=trip.id)
        elif person not in known:
            yield found("CHECK-PERSON", trip=trip.id, person=person, post=title)
        elif person in seen:
            yield found(
                "CHECK-PERSON-TWICE", trip=trip.id, person=person, post=title, other_post=seen[person]
            )
        if person is not None:
            seen.setdefault(person, title)


def _escort(reading: Reading, trip: Trip) -> Iterator[Finding]:
    if trip.escort is None:
        if reading.problem.rules.escort_required:
            yield found("CHECK-NO-ESCORT", trip=trip.id)
    elif trip.escort not in {escort.id for escort in reading.problem.escorts}:
        yield found("CHECK-ESCORT", trip=trip.id, escort=trip.escort)


def _times(reading: Reading) -> Iterator[Finding]:
    by_person: defaultdict[str | None, list[Run]] = defaultdict(list)
    by_escort: defaultdict[str | None, list[Run]] = defaultdict(list)
    for run in sorted(reading.runs, key=lambda run: (run.load_at, run.return_at)):
        crew = (getattr(run.trip, post) for post, _ in POSTS)
        for person in dict.fromkeys(crew):
            by_person[person].append(run)
        by_escort[run.trip.escort].append(run)
    for person, runs in by_person.items():
        if person is None:
            continue
        yield from _two_places(reading, "CHECK-PERSON-OVERLAP", runs, person=person)
        yield from _rest(reading, runs, person)
    for escort, runs in by_escort.items():
        if escort is not None:
            yield from _two_places(reading, "CHECK-ESCORT-OVERLAP", runs, escort=escort)


def _two_places(reading: Reading, code: str, runs: list[Run], **who: str) -> Iterator[Finding]:
    for first, second in overlapping(runs):
        if first.vehicle.id != second.vehicle.id:
            trips = {"trip": second.trip.id, "other_trip": first.trip.id}
            yield found(code, **who, **trips, at=reading.local(second.load_at))


def _rest(reading: Reading, runs: list[Run], person: str) -> Iterator[Finding]:
    least = reading.problem.rules.rest_s_min
    for first, second in pairwise(runs):
        rest_s = second.load_at - first.return_at
        if first.trip.date != second.trip.date and rest_s < least:
            trips = {"trip": second.trip.id, "other_trip": first.trip.id}
            yield found("CHECK-REST", person=person, **trips, found=rest_s, expected=least)
