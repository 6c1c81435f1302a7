"""Papers of a roster: letters of duty by a job, and the QR cards of those who have none."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.errors import Refused
from tepat.common.frame import area_words, day_ends
from tepat.common.jobs import ask_job
from tepat.common.messages import Message, say
from tepat.common.models import Job
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Column, Kind, Table
from tepat.custody.identity_actions import INVITED, Wanted, issue_cards
from tepat.custody.models import Card
from tepat.custody.views.cards import card_sheets
from tepat.distribution.models import PlanVersion
from tepat.distribution.roster_letters import OFFICE_GROUP, TASK, duties_of, letters_stand
from tepat.distribution.roster_rows import Roster, roster_of
from tepat.planning.scope import Scope, scope_of

READ, PRINT, CARDS = Permission.PLAN_READ, Permission.PAPERS_PRINT, Permission.CARDS_ISSUE
CARD_DAYS_AFTER = 20
"""How many days after polling day, or today if that is later, a card holds: until the last box is back."""


@screen(PRINT)
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """How letters and cards of a roster stand, and printing them."""
    scope = scope_of(request, PRINT)
    return _page(request, scope, _plan(scope, pk), None)


def _plan(scope: Scope, pk: int) -> PlanVersion:
    return load_or_refuse(PlanVersion, pk, by=scope.actor, permission=PRINT)


def _page(request: HttpRequest, scope: Scope, row: PlanVersion, refused: Message | None) -> HttpResponse:
    jobs = _jobs(scope, row)
    last = jobs.first()
    roster = roster_of(row)
    missing = without_card(roster, now())
    words = area_words(missing)
    stand = letters_stand(row, roster)
    context: dict[str, Any] = {
        "scope": scope,
        "judul": f"Surat tugas dan kartu, {row}",
        "row": row,
        **stand,
        "files": [(sha256, _group(group, area_words([group]))) for sha256, group in stand["files"]],
        "job": jobs.filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).first(),
        "failed_job": last if last and last.state == Job.State.FAILED else None,
        "may_print": row.status == PlanVersion.Status.ACCEPTED,
        "may_issue": scope.actor.may(CARDS, row.area_code),
        "cards": [(group, _group(group, words), len(people)) for group, people in sorted(missing.items())],
        "table": _cards_table(missing, words, scope),
        "refused": refused,
    }
    return answer(request, "distribution/petugas_surat.html", context, status=409 if refused else 200)


def _group(group: str, words: dict[str, str]) -> str:
    return "Kantor" if group == OFFICE_GROUP else words.get(group, group)


def _cards_table(missing: dict[str, list[str]], words: dict[str, str], scope: Scope) -> Table:
    return Table(
        id="kartu",
        title="Petugas yang belum punya kartu",
        columns=(Column("Kelompok"), Column("Orang", Kind.COUNT)),
        rows=[[_group(group, words), len(people)] for group, people in sorted(missing.items())],
        empty="Tiap petugas sudah punya kartu yang berlaku.",
        zone=scope.zone,
    )


def without_card(roster: Roster, at: datetime) -> dict[str, list[str]]:
    """Return by kecamatan (or the office) who has duties, a post with cards, and no valid card."""
    have = {str(one) for one in Card.objects.valid_at(at).values_list("person_id", flat=True)}
    posts = {person.id: {held.role for held in person.held} for person in roster.people}
    found: dict[str, list[str]] = defaultdict(list)
    for one in duties_of(roster):
        if one.person not in have and posts.get(one.person, set()) & set(INVITED):
            found[one.group].append(one.person)
    return dict(found)


def _jobs(scope: Scope, row: PlanVersion) -> Any:
    return scope.visible(Job.objects.filter(task=TASK, arguments__plan=row.pk), "area_code")


@require_POST
@screen(PRINT)
def ask_letters(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the letters: printing is a job of its own."""
    scope = scope_of(request, PRINT)
    row = _plan(scope, pk)
    if not _jobs(scope, row).filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).exists():
        ask_job(by=scope.actor, at=now(), task_path=TASK, arguments={"plan": row.pk}, area_code=row.area_code)
    return redirect("petugas-surat", pk=pk)


@never_cache
@require_POST
@screen(CARDS)
def print_cards(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue and print the cards of one group's people who have none."""
    scope = scope_of(request, CARDS)
    row = _plan(scope, pk)
    scope.actor.require(CARDS, row.area_code)
    at = now()
    people = without_card(roster_of(row), at).get(request.POST.get("kelompok", ""), [])
    today = at.astimezone(scope.zone).date()
    last_day = max(row.problem.election.polling_date, today) + timedelta(days=CARD_DAYS_AFTER)
    wanted = Wanted(
        area_code=row.area_code,
        roles=INVITED,
        valid_from=at,
        valid_to=day_ends(last_day, scope.zone),
        people=frozenset(UUID(one) for one in people),
    )
    try:
        issued = issue_cards(by=scope.actor, at=at, wanted=wanted)
    except Refused as refused:
        return _page(request, scope, row, say(refused.code, refused.facts))
    return card_sheets(scope.office, issued, request)
