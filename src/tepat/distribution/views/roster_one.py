"""One seat and one person of a roster, and one's own duties: changed by hand, answered, noted."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from tepat.common.clock import now
from tepat.common.errors import NotAllowed, Refused
from tepat.common.frame import names_of
from tepat.common.messages import Message, say
from tepat.common.permissions import Permission
from tepat.common.quantities import clock
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Kind, Table
from tepat.distribution import roster_tables
from tepat.distribution.area_deliveries import published_plan
from tepat.distribution.roster.gaps import Search, post_words, word_of
from tepat.distribution.roster.shapes import DEPUTY_OF, PART_WORDS, Candidate, Seat
from tepat.distribution.roster.terms import answer_by
from tepat.distribution.roster_actions import (
    answer_own,
    deputy_seat,
    move_up,
    note_answer,
    note_availability,
    set_seat,
)
from tepat.distribution.roster_answers import answers_of
from tepat.distribution.roster_forms import NoteForm, SeatForm
from tepat.distribution.roster_models import RosterPerson
from tepat.distribution.roster_rows import Roster, roster_of
from tepat.distribution.roster_tables import Words
from tepat.distribution.views.roster import EDIT, NAMES, READ, Opened, answers_in, open_roster
from tepat.distribution.working_time import moment
from tepat.planning.scope import scope_of

CONFIRM = Permission.DUTY_CONFIRM


@screen(READ)
def seat_one(request: HttpRequest, pk: int, seat: str) -> HttpResponse:
    """One seat: who sits there, who is free for it, and changing it by hand."""
    opened = open_roster(request, pk)
    found = next((one for one in opened.shown if one.id == seat), None)
    if found is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    refused: Message | None = None
    if request.method == "POST":
        opened.scope.actor.require(EDIT, opened.row.area_code)
        try:
            _change_seat(request, opened, found)
        except Refused as error:
            refused = say(error.code, error.facts)
        else:
            return redirect("petugas-kursi", pk=pk, seat=seat)
    return _seat_page(request, opened, found, refused)


def _change_seat(request: HttpRequest, opened: Opened, seat: Seat) -> None:
    by, at, pk = opened.scope.actor, now(), opened.row.pk
    if "naik" in request.POST:
        move_up(by=by, at=at, plan=pk, seat=seat.id)
        messages.success(request, "Wakil naik menggantikan. Pilih wakil baru bila ada yang bebas.")
        return
    everybody = [(person.id, person.id) for person in opened.roster.people]
    form = SeatForm(request.POST, people=everybody)
    if not form.is_valid():
        raise Refused("ROSTER-UNKNOWN-PERSON", post=post_words(seat))
    set_seat(by=by, at=at, plan=pk, seat=seat.id, person=form.chosen())
    messages.success(request, "Tersimpan dan diperiksa.")


def _seat_page(request: HttpRequest, opened: Opened, seat: Seat, refused: Message | None) -> HttpResponse:
    roster, words = opened.roster, opened.words
    search = Search(roster.given, {one.id: one for one in roster.seats}, roster.people, roster.ways)
    posted = [(person, search.against(seat, person)) for person in search.bench.posted(seat)]
    sits = roster.given.get(seat.id, "")
    free = [(person.id, words.name(person.id)) for person, reason in posted if not reason]
    deputy = deputy_seat(seat)
    stands_in = roster.given.get(deputy, "") if deputy else ""
    context: dict[str, Any] = {
        "scope": opened.scope,
        "judul": f"{PART_WORDS[seat.part]}, {seat.trip}",
        "row": opened.row,
        "seat": seat,
        "part": PART_WORDS[seat.part],
        "place": roster_tables.place_names(roster)[seat.place],
        "vehicle": next(trip.vehicle for trip in roster.plan.trips if trip.id == seat.trip),
        "start": moment(seat.start_s),
        "end": moment(seat.end_s),
        "sits": words.name(sits) if sits else "",
        "sits_link": words.person_link(sits) if sits else "",
        "by_hand": seat.id in roster.by_hand,
        "wanted": post_words(seat),
        "wrong": [gap for gap in roster.gaps if gap.seat.id == seat.id],
        "deputy": words.name(stands_in) if stands_in and seat.part in DEPUTY_OF else "",
        "form": SeatForm(initial={"person": sits}, people=free) if opened.may_edit else None,
        "table": _candidates(opened, posted),
        "refused": refused,
    }
    return answer(request, "distribution/petugas_kursi.html", context, status=409 if refused else 200)


def _candidates(opened: Opened, posted: list[tuple[Candidate, str]]) -> Table:
    roster, words = opened.roster, opened.words
    loads = {person.id: sum(one.length_s for one in roster.of_person(person.id)) for person, _ in posted}
    ordered = sorted(posted, key=lambda pair: (bool(pair[1]), loads[pair[0].id], words.name(pair[0].id)))
    return Table(
        id="calon",
        title="Yang jabatannya sesuai",
        columns=(
            Column("Nama"),
            Column("Jabatan"),
            Column("Saat itu", Kind.STATE),
            Column("Lama bertugas", Kind.SECONDS),
        ),
        rows=[
            [
                Cell(words.name(person.id), href=words.person_link(person.id)),
                words.post(person),
                Cell("belum", word="TIDAK BISA", note=word_of(reason))
                if reason
                else Cell("aman", word="BEBAS"),
                loads[person.id],
            ]
            for person, reason in ordered
        ],
        empty="Belum ada orang dengan jabatan itu. Tambahkan di layar Orang.",
        zone=words.zone,
    )


@never_cache
@screen(READ)
def person_one(request: HttpRequest, pk: int, person: UUID) -> HttpResponse:
    """Somebody's duties in order, whether they said yes, when they cannot come."""
    opened = open_roster(request, pk)
    who = str(person)
    candidate = next((one for one in opened.roster.people if one.id == who), None)
    own = any(opened.roster.given.get(seat.id) == who for seat in opened.shown)
    if candidate is None or not (own or opened.row.area_code in opened.areas):
        raise NotAllowed("COMMON-NOT-FOUND")
    refused: Message | None = None
    if request.method == "POST":
        try:
            _change_person(request, opened, candidate)
        except Refused as error:
            refused = say(error.code, error.facts)
        else:
            return redirect("petugas-orang", pk=pk, person=person)
    return _person_page(request, opened, candidate, refused)


def _change_person(request: HttpRequest, opened: Opened, person: Candidate) -> None:
    by, at, row = opened.scope.actor, now(), opened.row
    if "siap" in request.POST:
        by.require(CONFIRM)
        note_answer(by=by, at=at, plan=row.pk, person=UUID(person.id))
        messages.success(request, "Dicatat: siap bertugas, lewat telepon.")
        return
    by.require(EDIT, row.area_code)
    form = NoteForm(request.POST, days=_days(opened.roster))
    if form.is_valid():
        note = form.note(person.away)
        note_availability(by=by, at=at, area_code=row.area_code, person=UUID(person.id), note=note)
        messages.success(request, "Tersimpan. Yang tidak dapat dipenuhinya tampak sebagai celah.")


def _days(roster: Roster) -> list[date]:
    return sorted({seat.day for seat in roster.seats})


def _person_page(
    request: HttpRequest, opened: Opened, person: Candidate, refused: Message | None
) -> HttpResponse:
    roster, words, actor = opened.roster, opened.words, opened.scope.actor
    said = answers_in(opened).get(person.id)
    row = RosterPerson.objects.filter(plan=opened.row, person=UUID(person.id)).first()
    own = roster.of_person(person.id)
    may_call = (
        row is not None
        and not row.answered_at
        and str(actor.person) != person.id
        and actor.may(CONFIRM, row.area_code)
    )
    initial = {"licence": person.licence, "away": [day.isoformat() for day in person.away]}
    context: dict[str, Any] = {
        "scope": opened.scope,
        "judul": f"Tugas {words.name(person.id)}, {opened.row}",
        "row": opened.row,
        "name": words.name(person.id),
        "post": words.post(person),
        "person": person,
        "hours": clock(sum(seat.length_s for seat in own)),
        "said": said,
        "changed_at": row.changed_at if row else None,
        "may_call": may_call,
        "form": NoteForm(initial=initial, days=_days(roster)) if opened.may_edit else None,
        "wrong": [gap for gap in roster.gaps if gap.person == person.id],
        "table": roster_tables.duties_table(roster, person.id, words),
        "may_see_person": actor.may(NAMES, opened.row.area_code),
        "refused": refused,
    }
    return answer(request, "distribution/petugas_orang.html", context, status=409 if refused else 200)


@never_cache
@screen(Permission.FIELD_USE)
def own_duties(request: HttpRequest) -> HttpResponse:
    """The duties of whoever is signed in, in the plan that was published last; and saying yes to them."""
    scope = scope_of(request, Permission.FIELD_USE)
    plan, who = published_plan(scope.election), str(scope.actor.person)
    refused: Message | None = None
    if request.method == "POST" and plan is not None:
        try:
            answer_own(by=scope.actor, at=now(), plan=plan.pk)
        except Refused as error:
            refused = say(error.code, error.facts)
        else:
            messages.success(request, "Terima kasih. Kantor melihat bahwa Anda siap.")
            return redirect("tugas-saya")
    context: dict[str, Any] = {"scope": scope, "judul": "Tugas saya", "plan": plan, "refused": refused}
    if plan is not None:
        roster = roster_of(plan)
        names = names_of([scope.actor.person], shown=True)
        words = Words({str(one): name for one, name in names.items()}, {}, str, str, scope.zone)
        row = RosterPerson.objects.filter(plan=plan, person=scope.actor.person).first()
        context |= {
            "table": roster_tables.duties_table(roster, who, words),
            "said": answers_of(plan, now(), scope.zone, named=False).get(who),
            "may_answer": row is not None and not row.answered_at,
            "deadline": answer_by(plan.problem.election.polling_date, scope.zone),
        }
    return answer(request, "distribution/tugas_saya.html", context, status=409 if refused else 200)
