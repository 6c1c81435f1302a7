"""Kesiapan read from the tables: for each TPS of some areas what is known of it at one moment."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple

from tepat.common.frame import lies_in
from tepat.common.models import Election, Event, Office, Post, Tps, VaultEntry
from tepat.common.permissions import Role
from tepat.custody.facts import microseconds
from tepat.custody.parties import label_of
from tepat.custody.readiness_duties import acknowledged
from tepat.custody.rules import State
from tepat.custody.timeline_states import Arrival, Instant, Standings, standings
from tepat.distribution.archive import plan_of, problem_of
from tepat.distribution.area_deliveries import published_plan
from tepat.distribution.models import PrintedPaper, ReturnedPage
from tepat.distribution.plans import Plan, Trip
from tepat.distribution.problems import Problem
from tepat.distribution.roster.shapes import Part
from tepat.distribution.roster_answers import answered
from tepat.packing.codes import object_id, set_id, unit_code
from tepat.packing.models import PackedObject, PackingSet
from tepat.publication.rules_readiness import (
    STAGES,
    Clock,
    Evidence,
    Hands,
    Leg,
    Packed,
    Papers,
    Readiness,
    Risk,
    Seals,
    SetState,
    Stage,
    assess,
    risk,
)

ALARM_AT = time(12)
EXAMPLE_FLEET = "Armada, jam kerja"
SET_EVENTS = ("packing.set-completed", "packing.opened")
ROWS_AT_ONCE = 4_000
CREW_SEATS: dict[str, Part] = {"in_charge": "penanggung-jawab", "deputy": "wakil", "driver": "pengemudi"}


class Waiting(NamedTuple):
    """Who waits for something: at which post, and the person where an offer names one; none: nobody."""

    post: str = ""
    person: str = ""


NOBODY_WAITS = Waiting()


@dataclass(frozen=True)
class TpsRow:
    """One TPS on the board.

    Args:
        pk: The register's row.
        area_code: Its desa.
        number: Its number.
        unit: Its set's code.
        voters: On its list.
        evidence: What is known.
        readiness: What follows from it.
        risk: Its place among those that are chased.
        holders: Who answers now for what its KPPS lacks, by random ids: whoever has it farthest back first.
        waits: Who waits for it: the post of the open offer and its person, else the KPPS.
    """

    pk: int
    area_code: str
    number: int
    unit: str
    voters: int
    evidence: Evidence
    readiness: Readiness
    risk: Risk
    holders: tuple[str, ...] = ()
    waits: Waiting = NOBODY_WAITS


def clock_of(election: Election, office: Office, at: datetime) -> Clock:
    """Return the moments against which readiness is held."""
    eve = election.polling_date - timedelta(days=1)
    alarm = datetime.combine(eve, ALARM_AT, office.zone)
    law = datetime.combine(election.polling_date, time(), office.zone)
    return Clock(microseconds(at), microseconds(alarm), microseconds(law))


def board(
    election: Election, office: Office, areas: Collection[str], instant: Instant, *, now: datetime
) -> list[TpsRow]:
    """Return every TPS of an election in some areas with all that is known of it.

    Args:
        election: The election.
        office: The office.
        areas: Area codes; an empty one is the nation.
        instant: The moment; live or past.
        now: This moment, for what is asked live.
    """
    at = instant.at or now
    clock = clock_of(election, office, at)
    reading = _Reading(election, areas, instant, at)
    rows = Tps.objects.filter(lies_in("desa__code", areas), election=election)
    columns = rows.values_list("pk", "desa__code", "number", "dpt", "dptb")
    return [
        reading.row(pk, area, number, dpt + dptb, clock)
        for pk, area, number, dpt, dptb in columns.order_by("desa__code", "number").iterator(ROWS_AT_ONCE)
    ]


class _Reading:
    """Everything that the board needs, read in a few queries."""

    def __init__(self, election: Election, areas: Collection[str], instant: Instant, at: datetime) -> None:
        self.sets = _sets(election, areas, instant, at)
        self.objects = _objects(election, areas)
        self.found = standings(election.code, areas, instant)
        self.legs = legs_of(election)
        self.papers = _papers(election, areas, at)
        self.committees = _committees(areas, election, at)

    def row(self, pk: int, area_code: str, number: int, voters: int, clock: Clock) -> TpsRow:
        """Return one TPS."""
        unit = unit_code(area_code, number)
        names = self.objects.get(unit, ())
        states = [(name, self.found.states.get(name, State())) for name in names]
        post = f"kpps:{area_code}-{number:03d}"
        committee, reachable, ready = self.committees.get(area_code, (0, 0, 0))
        planned = f"TPS-{area_code}-{number:03d}"
        evidence = Evidence(
            packed=self.sets.get(unit, Packed()),
            seals=seals_of(states),
            hands=hands_of(states, self.found, post),
            papers=self.papers.get(planned, Papers()),
            leg=None if self.legs is None else self.legs.get(planned, Leg()),
            committee=committee,
            reachable=reachable,
            ready=ready,
        )
        holders, waits = chased_of(states, self.found, post)
        return TpsRow(
            pk=pk,
            area_code=area_code,
            number=number,
            unit=unit,
            voters=voters,
            evidence=evidence,
            readiness=assess(evidence, clock),
            risk=risk(evidence, voters=voters, clock=clock),
            holders=holders,
            waits=waits,
        )


def seals_of(states: Iterable[tuple[str, State]]) -> Seals:
    """Return the outbound seals of a set, counted over its boxes.

    Args:
        states: Its objects by id; bundles carry no seals.
    """
    boxes = sealed = read = differs = opened = 0
    for name, state in states:
        if not name.startswith("kotak:"):
            continue
        boxes += 1
        found = next((each for each in state.seals if each.seal_set == "keluar"), None)
        if found is None or not found.sealed_us:
            continue
        broken = bool(found.opened_us) and not found.planned
        opened += broken
        sealed += not broken
        read += found.match is True
        differs += found.match is False
    return Seals(boxes, sealed, read, differs, opened)


def hands_of(states: list[tuple[str, State]], found: Standings, post: str) -> Hands:
    """Return where the objects of a set are, counted.

    Args:
        states: Its objects by id.
        found: How all objects stand, with what KPPS have received.
        post: The post of its own KPPS.
    """
    counts: dict[str, int] = defaultdict(int)
    stages: list[Stage] = []
    moments = []
    for name, state in states:
        arrival = found.received.get(name)
        counts["disputed"] += state.status == "sengketa"
        counts["missing"] += state.status == "belum_terlihat"
        counts["refused"] += state.refused is not None
        counts["one_sided"] += state.one_sided
        stages.append(stage_of(state, arrival))
        if arrival is None:
            continue
        if arrival.post == post:
            counts["received"] += state.status not in {"sengketa", "belum_terlihat"}
            moments.append(arrival.at_us)
        else:
            counts["elsewhere"] += 1
    whole = bool(states) and counts["received"] == len(states)
    stage: Stage = min(stages, key=STAGES.index) if stages else ""
    return Hands(
        objects=len(states), stage=stage, since_us=max(moments) if whole and moments else 0, **counts
    )


def chased_of(
    states: Iterable[tuple[str, State]], found: Standings, post: str
) -> tuple[tuple[str, ...], Waiting]:
    """Return who can do something about what a KPPS lacks, whoever has it farthest back first; and who waits.

    Args:
        states: The set's objects by id.
        found: How all objects stand, with what KPPS have received.
        post: The post of its own KPPS.
    """
    lacking = [
        (STAGES.index(stage_of(state, None)), state)
        for name, state in states
        if (arrival := found.received.get(name)) is None
        or arrival.post != post
        or state.status in {"sengketa", "belum_terlihat"}
    ]
    lacking.sort(key=lambda pair: pair[0])
    holders = tuple(dict.fromkeys(state.holder for _, state in lacking if state.holder))
    offered = lacking[0][1].offer if lacking else None
    return holders, Waiting(offered.to_post, offered.to_person) if offered else Waiting(post)


def stage_of(state: State, arrival: Arrival | None) -> Stage:
    """Return how far an object has come; what a KPPS had is no longer on its way there."""
    if arrival is not None:
        return "kpps"
    kind = state.post.partition(":")[0]
    for stage in STAGES:
        if stage == kind:
            return stage
    return ""


def _sets(election: Election, areas: Collection[str], instant: Instant, at: datetime) -> dict[str, Packed]:
    rows = PackingSet.objects.filter(lies_in("area_code", areas), election=election, level="tps")
    if instant.live:
        return {
            unit: Packed(_state(state), changed, registered is not None)
            for unit, state, changed, registered in rows.values_list(
                "unit", "state", "needs_changed", "registered_at"
            )
        }
    done = _completed_then(election, areas, instant.known or at, at)
    return {
        unit: _then(done.get(unit), state, complete=bool(completed and completed <= at))
        for unit, state, completed in rows.values_list("unit", "state", "completed_at")
    }


def _state(text: str) -> SetState:
    found: SetState = "lengkap" if text == "lengkap" else "dikepak" if text == "dikepak" else "belum"
    return found


def _then(last: str | None, state: str, *, complete: bool) -> Packed:
    """Return a set as its last event until a past moment left it; scans alone are not looked at."""
    if last == SET_EVENTS[0] or (last is None and complete):
        return Packed("lengkap")
    if last == SET_EVENTS[1]:
        return Packed("dikepak", reopened=True)
    return Packed("belum" if state == "belum" else "dikepak")


def _completed_then(
    election: Election, areas: Collection[str], known: datetime, at: datetime
) -> dict[str, str]:
    rows = Event.objects.filter(
        lies_in("place", areas), kind__in=SET_EVENTS, recorded_at__lte=known, occurred_at__lte=at
    ).order_by("occurred_at", "id")
    start = set_id(election.code, "")
    found = {}
    for kind, objects, payload in rows.values_list("kind", "objects_named", "payload"):
        if payload.get("planned"):  # by KPPS on polling day, or at the recapitulation: the set stays complete
            continue
        for name in objects:
            if name.startswith(start):
                found[name.removeprefix(start)] = kind
            elif kind == SET_EVENTS[1]:
                found[label_of(name).rpartition("-")[0]] = kind
    return found


def _objects(election: Election, areas: Collection[str]) -> dict[str, list[str]]:
    rows = PackedObject.objects.filter(lies_in("set__area_code", areas), election=election, set__level="tps")
    found: dict[str, list[str]] = defaultdict(list)
    for code in rows.order_by("code").values_list("code", flat=True).iterator(ROWS_AT_ONCE):
        found[code.rpartition("-")[0]].append(object_id(election.code, code))
    return found


def legs_of(election: Election) -> dict[str, Leg] | None:
    """Return how the published plan brings each set, by unit; None before a plan is published."""
    row = published_plan(election)
    if row is None:
        return None
    filled = frozenset(row.roster.order_by().values_list("seat", flat=True))
    return plan_legs(problem_of(row.problem.sha256), plan_of(row.sha256), filled)


def plan_legs(problem: Problem, plan: Plan, filled: Collection[str] = ()) -> dict[str, Leg]:
    """Return how a plan brings each unit that it serves to its place, and on to its KPPS.

    Args:
        problem: The plan's problem.
        plan: The plan.
        filled: Seats of its roster that somebody fills; where there is no roster the plan's own words count.
    """
    example = any(sentence.startswith(EXAMPLE_FLEET) for sentence in problem.contoh)
    receive = {each.unit: microseconds(each.done_at) for each in plan.deliveries}
    legs: dict[str, Leg] = {}
    for trip in sorted(plan.trips, key=lambda each: each.depart_at):
        crew = _crew(trip, filled)
        for stop in trip.stops:
            for unit in stop.units:
                legs[unit] = Leg(
                    trip=trip.id,
                    vehicle=trip.vehicle,
                    depart_us=microseconds(trip.depart_at),
                    arrive_us=microseconds(stop.done_at),
                    receive_us=receive.get(unit, 0),
                    crew=crew,
                    example=example,
                )
    return legs


def _crew(trip: Trip, filled: Collection[str]) -> tuple[str, ...]:
    if filled:
        return tuple(role for role, part in CREW_SEATS.items() if f"{trip.id}:{part}" in filled)
    named = {"in_charge": trip.in_charge, "deputy": trip.deputy, "driver": trip.driver}
    return tuple(role for role, who in named.items() if who)


def _papers(election: Election, areas: Collection[str], at: datetime) -> dict[str, Papers]:
    printed = PrintedPaper.objects.filter(
        lies_in("area_code", areas),
        election=election,
        kind=PrintedPaper.Kind.TANDA_TERIMA,
        draft=False,
        printed_at__lte=at,
    )
    newest = dict(printed.order_by("printed_at").values_list("unit", "pk"))
    pages = dict(printed.values_list("pk", "pages"))
    back: dict[str, set[int]] = defaultdict(set)
    returned = ReturnedPage.objects.filter(paper__in=printed, matched_at__lte=at, aside_at__isnull=True)
    for paper, page in returned.values_list("paper_id", "paper_page"):
        if page is not None:
            back[str(paper)].add(page)
    return {unit: Papers(pages[paper], len(back.get(paper, ()))) for unit, paper in newest.items()}


def _committees(areas: Collection[str], election: Election, at: datetime) -> dict[str, tuple[int, int, int]]:
    """Return for each desa how many people its PPS has, how many can be telephoned, how many said ready."""
    posts = Post.objects.held_at(at).filter(lies_in("area_code", areas), role=Role.PPS.name)
    pairs = set(posts.order_by().values_list("area_code", "person_id"))
    phones = set(
        VaultEntry.objects.filter(person__posts__in=posts)
        .exclude(phone="")
        .values_list("person_id", flat=True)
    )
    ready = acknowledged({who for _, who in pairs}, at) | answered({who for _, who in pairs}, election, at)
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for area_code, who in pairs:
        found[area_code][0] += 1
        found[area_code][1] += who in phones
        found[area_code][2] += who in ready
    return {code: (count, called, said) for code, (count, called, said) in found.items()}


def without_receipt(rows: Iterable[TpsRow]) -> list[TpsRow]:
    """Return the TPS whose KPPS has not taken all of it, the most urgent first."""
    return sorted(
        (row for row in rows if not row.evidence.hands.whole),
        key=lambda row: (row.risk, row.area_code, row.number),
    )
