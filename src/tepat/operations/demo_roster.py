"""The example office's people for a plan, who does what, who has said yes; each called "Contoh …"."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from tepat.common.acting import Actor, actor_of, system_actor
from tepat.common.clock import now
from tepat.common.jobs import advance, asker
from tepat.common.models import Area, Job
from tepat.common.permissions import Role
from tepat.distribution.models import PlanVersion
from tepat.distribution.roster.shapes import Seat
from tepat.distribution.roster_actions import Note, answer_own, note_availability
from tepat.distribution.roster_models import RosterPerson
from tepat.distribution.roster_proposals import propose_and_keep
from tepat.distribution.roster_rows import Roster, roster_of
from tepat.operations.demo_people import Somebody, find_or_make, ppk, pps

PEOPLE_DAYS_BEFORE, ANSWER_DAYS_BEFORE = 40, 16
PPK_PEOPLE, PPS_PEOPLE = 5, 3
SILENT_EVERY = 40
"""One of so many people has not said yes: the list of those to call is not empty."""

SPARE = 2
"""People of the office beside those whom its busiest day needs."""

CREW_NAMES = {
    Role.GUDANG: "Contoh Staf Perjalanan",
    Role.PENGEMUDI: "Contoh Sopir",
    Role.POLRI: "Contoh Pengawal",
}
ROUNDS = ("Contoh petugas dicatat", "Petugas disusun", "Kesediaan dicatat")


def make_roster(job: Job, *, plan: int) -> dict[str, Any]:
    """Make the people of the example office, give them a plan's duties, let nearly all say yes.

    Args:
        job: The job's row.
        plan: The plan's row.

    Returns:
        How many people, seats, and answers there are.
    """
    by = asker(job)
    row = PlanVersion.objects.select_related("problem__election").get(pk=plan)
    roster = roster_of(row)
    zero = datetime.combine(row.problem.election.polling_date, time(), now().tzinfo)
    _tell(job, 0)
    people = find_or_make(
        row.area_code, wanted(roster), by=system_actor(), at=zero - timedelta(days=PEOPLE_DAYS_BEFORE)
    )
    _tell(job, 1)
    at = zero - timedelta(days=ANSWER_DAYS_BEFORE)
    if not row.roster.exists():
        propose_and_keep(by=by, at=at, row=row)
        _fall_ill(roster_of(row), by=by, at=at)
    _tell(job, 2)
    _answer(row, at=at + timedelta(hours=9))
    answered = RosterPerson.objects.filter(plan=row, answered_at__isnull=False).count()
    return {"plan": row.pk, "people": len(people.ids), "seats": row.roster.count(), "answered": answered}


def _tell(job: Job, done: int) -> None:
    advance(job.pk, now(), done=done, total=len(ROUNDS), message=ROUNDS[done])


def wanted(roster: Roster) -> list[Somebody]:
    """Return whom a plan needs: committees as the law sizes them, and a crew for the office's busiest day.

    Args:
        roster: The plan's seats.
    """
    office = roster.row.area_code
    names = dict(Area.objects.filter(valid_to__isnull=True).values_list("code", "name"))
    made: list[Somebody] = []
    for role, posts in _crews(roster.seats, office).items():
        for area, count in sorted(posts.items()):
            where = f" {names[area]}" if area != office else ""
            made += _committee(f"{CREW_NAMES[role]}{where}", role, area, count)
    villages = Counter(names[place.code] for place in roster.problem.places if place.kind == "pps")
    for place in roster.problem.places:
        if place.kind == "ppk":
            made += _committee(ppk(names, place.code), Role.PPK, place.code, PPK_PEOPLE)
        if place.kind == "pps":
            name = pps(names, place.code)
            if villages[names[place.code]] > 1:
                name += f", {names[place.code.rpartition('.')[0]]}"
            made += _committee(name, Role.PPS, place.code, PPS_PEOPLE)
    return made


def _committee(name: str, role: Role, area_code: str, count: int) -> list[Somebody]:
    """Return so many people of one post; the first has no number, so that other examples know them too."""
    return [
        Somebody(name if number == 1 else f"{name} {number}", role, area_code)
        for number in range(1, count + 1)
    ]


def _crews(seats: Iterable[Seat], office: str) -> dict[Role, dict[str, int]]:
    """Return how many of each travelling post the busiest day needs, by area."""
    roles = {"penanggung-jawab": Role.GUDANG, "wakil": Role.GUDANG}
    roles |= {"pengemudi": Role.PENGEMUDI, "pengawal": Role.POLRI}
    turns: dict[tuple[Role, str, object], set[tuple[str, str]]] = defaultdict(set)
    for seat in seats:
        role = roles.get(seat.part)
        if role is not None and not (role is Role.GUDANG and seat.kind == "ppk"):
            turns[role, seat.area_code, seat.day].add((seat.turn, seat.part))
    most: dict[Role, dict[str, int]] = defaultdict(dict)
    for (role, area, _), some in turns.items():
        spare = SPARE if area == office else 0
        most[role][area] = max(len(some) + spare, most[role].get(area, 0))
    return most


def _fall_ill(roster: Roster, *, by: Actor, at: datetime) -> None:
    """Let the first person in charge not come on the first day: the deputy can move up on the screen."""
    first = min((seat for seat in roster.seats if not seat.halt), key=lambda seat: (seat.start_s, seat.id))
    who = roster.given.get(first.id)
    if who is not None:
        note = Note("", (first.day,))
        note_availability(by=by, at=at, area_code=roster.row.area_code, person=UUID(who), note=note)


def _answer(row: PlanVersion, *, at: datetime) -> None:
    """Let nearly everybody say yes on their own screen."""
    asked = RosterPerson.objects.filter(plan=row).order_by("area_code", "person")
    with transaction.atomic():
        for number, (person, answered) in enumerate(asked.values_list("person_id", "answered_at")):
            if number % SILENT_EVERY and not answered:
                answer_own(by=actor_of(person, at), at=at, plan=row.pk)
