"""Petugas of a plan: gaps first, who does what, a proposal, who has said yes."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tepat.common.clock import now
from tepat.common.errors import NotAllowed, Refused
from tepat.common.frame import area_words, names_of
from tepat.common.messages import Message, say
from tepat.common.permissions import Permission, covers
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Kind, Table
from tepat.distribution import roster_tables
from tepat.distribution.area_deliveries import published_plan
from tepat.distribution.models import PlanVersion
from tepat.distribution.roster.bounds import empty_at_least, shares
from tepat.distribution.roster.shapes import Seat
from tepat.distribution.roster.terms import answer_by, settings
from tepat.distribution.roster_answers import answers_of, waiting
from tepat.distribution.roster_models import RosterPerson
from tepat.distribution.roster_proposals import propose_and_keep
from tepat.distribution.roster_rows import Roster, roster_of
from tepat.distribution.roster_tables import Words
from tepat.planning.scope import Scope, scope_of

READ, EDIT = Permission.PLAN_READ, Permission.PLAN_EDIT
NAMES = Permission.PEOPLE_READ


@dataclass(frozen=True)
class Opened:
    """A plan's roster as one reader may see it.

    Args:
        scope: Who reads, where.
        roster: The roster.
        areas: In which areas of it.
        shown: The seats there.
        words: How things are written.
    """

    scope: Scope
    roster: Roster
    areas: tuple[str, ...]
    shown: tuple[Seat, ...]
    words: Words

    @property
    def row(self) -> PlanVersion:
        """The plan."""
        return self.roster.row

    @property
    def may_edit(self) -> bool:
        """Whether this reader may change who does what."""
        return self.scope.actor.may(EDIT, self.row.area_code)


def open_roster(request: HttpRequest, pk: int) -> Opened:
    """Return a roster: whole for the office; of a published plan also to committees, for their own areas.

    Raises:
        NotAllowed: COMMON-NOT-FOUND.
    """
    scope = scope_of(request, READ)
    row = PlanVersion.objects.select_related("problem__election").filter(pk=pk).first()
    if row is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    areas: tuple[str, ...] = (row.area_code,)
    if not scope.actor.may(READ, row.area_code):
        areas = tuple(area for area in scope.areas if covers(row.area_code, area))
        if not areas or not row.frozen:
            raise NotAllowed("COMMON-NOT-FOUND")
    roster = roster_of(row)
    shown = tuple(roster_tables.seats_in(roster, areas))
    return Opened(scope, roster, areas, shown, _words(scope, roster))


def _words(scope: Scope, roster: Roster) -> Words:
    pk, named = roster.row.pk, scope.actor.has(NAMES)
    ids = [UUID(person.id) for person in roster.people] if named else []
    codes = {held.area_code for person in roster.people for held in person.held}
    return Words(
        names={str(who): name for who, name in names_of(ids, shown=named).items()},
        areas=area_words(codes),
        seat_link=lambda seat: reverse("petugas-kursi", args=[pk, seat]),
        person_link=lambda person: reverse("petugas-orang", args=[pk, person]),
        zone=scope.zone,
    )


@screen(READ)
def current(request: HttpRequest) -> HttpResponse:
    """The roster of the plan that holds: the published one, for the office else the newest whole one."""
    scope = scope_of(request, READ)
    plan = published_plan(scope.election)
    if plan is None and scope.actor.may(READ, scope.office.area_code):
        accepted = PlanVersion.objects.filter(
            problem__election=scope.election, problem__variant_of=None, status=PlanVersion.Status.ACCEPTED
        )
        plan = accepted.annotate(filled=Count("roster")).order_by("-filled", "-number").first()
    if plan is not None:
        return redirect("petugas-rencana", pk=plan.pk)
    return render(request, "distribution/petugas_kosong.html", {"scope": scope, "judul": "Petugas"})


@screen(READ)
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """Who does what in a plan, what is missing first."""
    return _board(request, open_roster(request, pk), None)


def _board(request: HttpRequest, opened: Opened, refused: Message | None) -> HttpResponse:
    roster, words, shown, at = opened.roster, opened.words, opened.shown, now()
    names = {seat.id for seat in shown}
    answers = answers_in(opened)
    own = {roster.given[seat] for seat in names if seat in roster.given}
    gaps = [gap for gap in roster.gaps if gap.seat.id in names]
    empty = sum(gap.code == "kosong" for gap in gaps)
    people = [person for person in roster.people if opened.row.area_code in opened.areas or person.id in own]
    deadline = answer_by(opened.row.problem.election.polling_date, opened.scope.zone)
    context: dict[str, Any] = {
        "scope": opened.scope,
        "judul": f"Petugas, {opened.row}",
        "row": opened.row,
        "seats": len(shown),
        "empty": empty,
        "proven": empty_at_least(shown, roster.people) if empty else 0,
        "grave": sum(gap.grave for gap in gaps),
        "gaps": len(gaps),
        "people": len(own),
        "waiting": waiting({who: answers[who] for who in own}),
        "deadline": deadline,
        "late": at > deadline,
        "terms": settings(),
        "may_edit": opened.may_edit,
        "may_print": opened.scope.actor.may(Permission.PAPERS_PRINT, opened.row.area_code),
        "contoh": roster.problem.contoh,
        "refused": refused,
        "gaps_table": roster_tables.gaps_table(roster, names, words),
        "trips": roster_tables.trips_table(roster, shown, words),
        "points": roster_tables.points_table(roster, shown, words),
        "people_table": roster_tables.people_table(roster, shown, words, answers),
        "shares": roster_tables.shares_table(shares(shown, roster.given, people), words),
        "relieved": _relieved(opened, own),
    }
    return answer(request, "distribution/petugas.html", context, status=409 if refused else 200)


def answers_in(opened: Opened) -> dict[str, roster_tables.Answer]:
    named = opened.scope.actor.has(NAMES)
    found = answers_of(opened.row, now(), opened.scope.zone, named=named)
    return dict.fromkeys(opened.roster.given.values(), roster_tables.Answer("belum", "BELUM DIMINTA")) | found


def _relieved(opened: Opened, busy: Collection[str]) -> Table | None:
    """Return whom the office has to tell that they have no duties any more; None where there is nobody."""
    gone = [
        row
        for row in RosterPerson.objects.filter(plan=opened.row, answered_at=None)
        if str(row.person_id) not in busy and any(covers(area, row.area_code) for area in opened.areas)
    ]
    gone = [row for row in gone if not opened.roster.of_person(str(row.person_id))]
    if not gone:
        return None
    words = opened.words
    return Table(
        id="dilepas",
        title="Tidak bertugas lagi, belum diberi tahu",
        columns=(Column("Nama"), Column("Sejak", Kind.MOMENT), Column("Kesediaan", Kind.STATE)),
        rows=[
            [
                Cell(words.name(str(row.person_id)), href=words.person_link(str(row.person_id))),
                row.changed_at,
                Cell("perhatikan", word="BERI TAHU"),
            ]
            for row in gone
        ],
        zone=words.zone,
    )


@require_POST
@screen(EDIT)
def ask_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose who does what around what was fixed by hand, and keep it."""
    opened = open_roster(request, pk)
    opened.scope.actor.require(EDIT, opened.row.area_code)
    try:
        given = propose_and_keep(by=opened.scope.actor, at=now(), row=opened.row)
    except Refused as refused:
        return _board(request, open_roster(request, pk), say(refused.code, refused.facts))
    messages.success(request, f"{len(given)} dari {len(opened.roster.seats)} tugas terisi.")
    return redirect("petugas-rencana", pk=pk)
