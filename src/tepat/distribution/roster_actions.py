"""What changes in a roster: proposed, changed by hand, moved up, answered; and what is noted of people.

A published plan never changes, but people fall ill: its roster still can, and whoever has other duties than
before is to be told again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tepat.common import ledger
from tepat.common.acting import Actor, action, load_or_refuse
from tepat.common.documents import KeptFile, add_document
from tepat.common.errors import NotAllowed, Refused
from tepat.common.permissions import Permission
from tepat.custody.duty_actions import note_ready
from tepat.custody.models import Device, Invitation
from tepat.custody.readiness_duties import called_numbers
from tepat.distribution.models import PlanVersion
from tepat.distribution.roster.gaps import post_words, word_of
from tepat.distribution.roster.rules import conflict, why_not
from tepat.distribution.roster.shapes import DEPUTY_OF, PART_WORDS, Seat
from tepat.distribution.roster_models import Availability, RosterPerson, RosterSeat
from tepat.distribution.roster_rows import (
    Roster,
    changed_people,
    first_areas,
    office_people,
    roster_of,
    stored_seats,
)

PROPOSED = ledger.kind("roster.proposed")
CHANGED = ledger.kind("roster.changed")
ANSWERED = ledger.kind("roster.answered")
NOTED = ledger.kind("roster.availability-noted")

AWAY_DAYS_MAX = 60
ROWS_AT_ONCE = 500


@action(Permission.PLAN_EDIT)
def keep_proposal(
    *, by: Actor, at: datetime, plan: int, before: Mapping[str, str], given: Mapping[str, str], file: KeptFile
) -> PlanVersion:
    """Keep a proposed roster; what a person filled by hand stays as it is.

    Args:
        by: Who asked for it.
        at: When.
        plan: The plan's row.
        before: By seat, who sat there when the proposal was computed.
        given: By seat, who is to sit there.
        file: The proposal in the documents store: ids only, no names.

    Raises:
        NotAllowed: No such plan in the actor's area.
        Refused: ROSTER-MOVED where somebody changed the roster meanwhile, ROSTER-SAME.
    """
    row = load_or_refuse(PlanVersion, plan, by=by, permission=Permission.PLAN_EDIT, lock=True)
    roster = roster_of(row)
    if dict(roster.given) != dict(before):
        raise Refused("ROSTER-MOVED", number=row.number)
    if dict(given) == dict(before):
        raise Refused("ROSTER-SAME", number=row.number)
    area = {seat.id: seat.area_code for seat in roster.seats}
    made = [
        RosterSeat(
            plan=row,
            seat=seat,
            person_id=UUID(who),
            area_code=area[seat],
            by_hand=seat in roster.by_hand,
            set_at=at,
            set_by=by.person,
        )
        for seat, who in sorted(given.items())
        if before.get(seat) != who
    ]
    gone = before.keys() - given.keys() | {one.seat for one in made}
    row.roster.filter(seat__in=sorted(gone)).delete()
    RosterSeat.objects.bulk_create(made, batch_size=ROWS_AT_ONCE)
    told = _note_changes(roster, before, given, at=at)
    add_document(
        by=by, at=at, file=file, label=f"Susunan petugas, rencana versi {row.number}", area_code=row.area_code
    )
    payload = {
        "number": row.number,
        "seats": len(roster.seats),
        "filled": len(given),
        "by_hand": len(roster.by_hand),
        "changed": len(made),
        "people": len(told),
    }
    about = ledger.About(objects=(f"rencana:{row.pk}",), place=row.area_code, evidence=(file.sha256,))
    ledger.record(PROPOSED, payload, by=by, at=at, about=about)
    return row


@action(Permission.PLAN_EDIT)
def set_seat(*, by: Actor, at: datetime, plan: int, seat: str, person: UUID | None) -> PlanVersion:
    """Put somebody into a seat by hand, or leave it empty.

    Args:
        by: Who decides.
        at: When.
        plan: The plan's row.
        seat: The seat.
        person: Who is to sit there; None: nobody.

    Raises:
        NotAllowed: No such plan or seat in the actor's area.
        Refused: ROSTER-SAME, ROSTER-UNKNOWN-PERSON, ROSTER-CANNOT, ROSTER-CLASH.
    """
    row = load_or_refuse(PlanVersion, plan, by=by, permission=Permission.PLAN_EDIT, lock=True)
    roster = roster_of(row)
    found = roster.seat(seat)
    if found is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    if roster.given.get(seat) == (str(person) if person else None):
        raise Refused("ROSTER-SAME", number=row.number)
    after = {key: who for key, who in roster.given.items() if key != seat}
    if person is not None:
        _require_free(roster, found, str(person))
        after[seat] = str(person)
    _store(roster, after, {seat}, by=by, at=at, why="tangan")
    return row


@action(Permission.PLAN_EDIT)
def move_up(*, by: Actor, at: datetime, plan: int, seat: str) -> PlanVersion:
    """Let the deputy take the place of whoever cannot come; the deputy's seat is then empty, and says so.

    Raises:
        NotAllowed: No such plan or seat in the actor's area.
        Refused: ROSTER-NO-DEPUTY, ROSTER-CANNOT, ROSTER-CLASH.
    """
    row = load_or_refuse(PlanVersion, plan, by=by, permission=Permission.PLAN_EDIT, lock=True)
    roster = roster_of(row)
    main = roster.seat(seat)
    if main is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    deputy = deputy_seat(main)
    who = roster.given.get(deputy, "") if deputy else ""
    if not who:
        raise Refused("ROSTER-NO-DEPUTY", part=PART_WORDS[main.part].lower())
    after = {key: sits for key, sits in roster.given.items() if key != deputy} | {seat: who}
    _require_free(Roster(row, {**after, seat: ""}, roster.by_hand, roster.people), main, who)
    _store(roster, after, {seat, deputy}, by=by, at=at, why="wakil")
    return row


def deputy_seat(seat: Seat) -> str:
    """Return the seat of somebody's deputy; empty for a part that has none."""
    part = DEPUTY_OF.get(seat.part)
    return f"{seat.id.removesuffix(seat.part)}{part}" if part else ""


def _require_free(roster: Roster, seat: Seat, person: str) -> None:
    """Refuse somebody who cannot sit in a seat, and say why."""
    candidate = next((one for one in roster.people if one.id == person), None)
    if candidate is None:
        raise Refused("ROSTER-UNKNOWN-PERSON", post=post_words(seat))
    if reason := why_not(seat, candidate):
        raise Refused("ROSTER-CANNOT", reason=word_of(reason), post=post_words(seat))
    limits, travel = roster.ways
    for other in roster.of_person(person):
        if other.id != seat.id and (reason := conflict(seat, other, limits, travel)):
            zone = ZoneInfo(roster.problem.office.time_zone)
            raise Refused(
                "ROSTER-CLASH",
                reason=word_of(reason),
                part=PART_WORDS[other.part].lower(),
                trip=other.trip,
                start=clock_of(other.start_s, zone),
                end=clock_of(other.end_s, zone),
            )


def clock_of(at_s: int, zone: ZoneInfo) -> str:
    """Return a second as a local clock with its date, such as ``10-02 14.05``."""
    return datetime.fromtimestamp(at_s, tz=zone).strftime("%d-%m %H.%M")


def _store(
    roster: Roster, after: Mapping[str, str], seats: set[str], *, by: Actor, at: datetime, why: str
) -> None:
    """Write some seats as a person changed them, with the event and whom it concerns."""
    row, rows = roster.row, stored_seats(roster.row)
    changes: list[dict[str, Any]] = []
    for name in sorted(seats):
        seat = roster.seat(name)
        assert seat is not None, name
        before, now = roster.given.get(name, ""), after.get(name, "")
        if before == now:
            continue
        changes.append({"seat": name, "before": before, "after": now})
        if name in rows:
            rows[name].delete()
        if now:
            RosterSeat.objects.create(
                plan=row,
                seat=name,
                person_id=UUID(now),
                area_code=seat.area_code,
                by_hand=True,
                set_at=at,
                set_by=by.person,
            )
    told = _note_changes(roster, roster.given, after, at=at)
    objects = (f"rencana:{row.pk}", *(f"orang:{person}" for person in sorted(told)))
    about = ledger.About(objects=objects, place=row.area_code)
    payload = {"number": row.number, "how": why, "published": row.frozen, "seats": changes}
    ledger.record(CHANGED, payload, by=by, at=at, about=about)


def _note_changes(
    roster: Roster, before: Mapping[str, str], after: Mapping[str, str], *, at: datetime
) -> set[str]:
    """Write down whose duties are others than before: what they said to the old ones no longer counts."""
    told = changed_people(before, after)
    areas = first_areas(roster.seats, after, told)
    if roster.row.frozen:  # whoever was told of duties is told that there are none
        areas = first_areas(roster.seats, before, told) | areas
    people = RosterPerson.objects.filter(plan=roster.row, person__in=[UUID(who) for who in told])
    people.delete()
    RosterPerson.objects.bulk_create(
        [
            RosterPerson(plan=roster.row, person_id=UUID(who), area_code=area, changed_at=at)
            for who, area in sorted(areas.items())
        ],
        batch_size=ROWS_AT_ONCE,
    )
    return told


@dataclass(frozen=True)
class Note:
    """What the office notes of somebody beside the post.

    Args:
        licence: ``A``, ``B1``, ``B2``, ``C`` or empty.
        away: Local dates on which they cannot come.
    """

    licence: str
    away: tuple[date, ...]


@action(Permission.PLAN_EDIT, area="area_code")
def note_availability(*, by: Actor, at: datetime, area_code: str, person: UUID, note: Note) -> Availability:
    """Note somebody's driving licence and when they cannot come; rosters then show what is missing.

    Args:
        by: Who notes it.
        at: When.
        area_code: The office's area.
        person: Of whom.
        note: What.

    Raises:
        NotAllowed: Nobody of this office.
        Refused: ROSTER-AWAY-MANY.
    """
    if str(person) not in {one.id for one in office_people(area_code)}:
        raise NotAllowed("COMMON-NOT-FOUND")
    if len(note.away) > AWAY_DAYS_MAX:
        raise Refused("ROSTER-AWAY-MANY", count=len(note.away), limit=AWAY_DAYS_MAX)
    days = sorted({day.isoformat() for day in note.away})
    row, _ = Availability.objects.update_or_create(
        person_id=person,
        defaults={
            "area_code": area_code,
            "licence": note.licence,
            "away": days,
            "set_at": at,
            "set_by": by.person,
        },
    )
    about = ledger.About(objects=(f"orang:{person}",), place=area_code)
    ledger.record(NOTED, {"licence": note.licence, "away": days}, by=by, at=at, about=about)
    return row


@action(Permission.FIELD_USE)
def answer_own(*, by: Actor, at: datetime, plan: int) -> RosterPerson:
    """Say that one will do one's own duties of a plan.

    Raises:
        NotAllowed: No duties in such a plan.
        Refused: ROSTER-ANSWERED.
    """
    row = RosterPerson.objects.select_for_update().filter(plan=plan, person=by.person).first()
    if row is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    return _answer(row, RosterPerson.How.OWN, by=by, at=at)


@action(Permission.DUTY_CONFIRM)
def note_answer(*, by: Actor, at: datetime, plan: int, person: UUID) -> RosterPerson:
    """Write down that somebody was called and will come; a card without a phone is noted ready too.

    Args:
        by: Who called; not the person.
        at: When.
        plan: The plan's row.
        person: Who was called.

    Raises:
        NotAllowed: No such person's duties in the actor's area.
        Refused: ROSTER-OWN, ROSTER-ANSWERED.
    """
    row = RosterPerson.objects.select_for_update().filter(plan=plan, person=person).first()
    if row is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    by.require(Permission.DUTY_CONFIRM, row.area_code)
    if person == by.person:
        raise Refused("ROSTER-OWN")
    answered = _answer(row, RosterPerson.How.PHONED, by=by, at=at)
    for number in _cards_without_phone(person, by, at):
        note_ready(by=by, at=at, number=number)
    return answered


def _answer(row: RosterPerson, how: RosterPerson.How, *, by: Actor, at: datetime) -> RosterPerson:
    if row.answered_at:
        raise Refused("ROSTER-ANSWERED")
    row.answered_at, row.answered_by, row.answered_how = at, by.person, how
    row.save(update_fields=["answered_at", "answered_by", "answered_how"])
    payload = {"plan": row.plan.number, "how": how.value}
    about = ledger.About((f"rencana:{row.plan_id}", f"orang:{row.person_id}"), row.area_code)
    ledger.record(ANSWERED, payload, by=by, at=at, about=about)
    return row


def _cards_without_phone(person: UUID, by: Actor, at: datetime) -> list[str]:
    """Return somebody's valid cards that no phone is bound to and that nobody has called about."""
    cards = Invitation.objects.filter(person=person, revoked_at=None, valid_to__gt=at)
    bound = Device.objects.filter(invitation__in=cards, revoked_at=None).values_list(
        "invitation_id", flat=True
    )
    known = called_numbers(at)
    return [
        card.number
        for card in cards.exclude(pk__in=set(bound))
        if card.number not in known and by.may(Permission.DUTY_CONFIRM, card.area_code)
    ]
