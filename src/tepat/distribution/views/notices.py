"""Pemberitahuan jadwal: who was told of which schedule, in time or late, and who said that it arrived."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.errors import Refused
from tepat.common.frame import area_words
from tepat.common.messages import Message, say
from tepat.common.models import Post
from tepat.common.permissions import TABLE, Permission, Role
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Kind, Table, zone_word
from tepat.distribution.forms import CallForm, HoursForm
from tepat.distribution.models import PlanVersion
from tepat.distribution.notice_actions import (
    acknowledge_notice,
    may_acknowledge,
    note_call,
    set_notice_hours,
    tell_supervisors,
)
from tepat.distribution.notice_models import ScheduleNotice
from tepat.distribution.notice_tables import change_table
from tepat.distribution.notices import answer_mark, change_of, notice_hours, schedule_now, timing_of
from tepat.distribution.paper_jobs import book_of
from tepat.distribution.plan_papers.schedule import schedule
from tepat.planning.scope import Scope, scope_of

READ, TELL, ACKNOWLEDGE = (
    Permission.PLAN_READ,
    Permission.SCHEDULE_TELL,
    Permission.SCHEDULE_ACKNOWLEDGE,
)
NOTICES_SHOWN_MAX = 500


@screen(READ)
def board(request: HttpRequest) -> HttpResponse:
    """Every notice in the reader's area, the newest schedule first."""
    return _board(request, None)


def _board(request: HttpRequest, refused: Message | None) -> HttpResponse:
    scope = scope_of(request, READ)
    area, at = scope.office.area_code, now()
    holding = schedule_now(area, scope.election.code)
    rows = _listed(scope)
    may_set = scope.actor.may(Permission.OFFICE_EDIT, area)
    untold = holding and scope.actor.may(TELL, area) and not holding.notices.exists()
    context = {
        "scope": scope,
        "judul": f"Pemberitahuan jadwal, {scope.election.name}",
        "hours": notice_hours(area),
        "holding": holding,
        "untold": untold,
        "own": [row for row in rows if may_acknowledge(scope.actor, row) and not row.acknowledged_at],
        "table": _table(scope, rows, holding, at),
        "late": sum(timing_of(row).late_s > 0 for row in rows if row.plan == holding),
        "waiting": sum(_waits(row) for row in rows if row.plan == holding),
        "form": HoursForm(initial={"hours": notice_hours(area)}) if may_set else None,
        "refused": refused,
    }
    return answer(request, "distribution/pemberitahuan.html", context, status=409 if refused else 200)


def _waits(row: ScheduleNotice) -> bool:
    return not row.acknowledged_at and not row.phoned_at


def _listed(scope: Scope) -> list[ScheduleNotice]:
    rows = ScheduleNotice.objects.filter(plan__problem__election=scope.election).select_related(
        "plan__problem", "supersedes__problem"
    )
    return list(scope.visible(rows, "area_code")[:NOTICES_SHOWN_MAX])


def _table(scope: Scope, rows: Sequence[ScheduleNotice], holding: PlanVersion | None, at: datetime) -> Table:
    words = area_words(row.area_code for row in rows)
    lines: list[list[Any]] = []
    clocks = zone_word(scope.zone, at)
    for row in rows:
        timing, (state, word) = timing_of(row), answer_mark(row, at, holds=row.plan == holding)
        lines.append(
            [
                Cell(
                    f"{row.get_recipient_display()} {words[row.area_code]}",
                    href=reverse("pemberitahuan-satu", args=[row.pk]),
                ),
                Cell(f"versi {row.plan.number}", note="" if row.plan == holding else "tidak berlaku lagi"),
                row.given_at,
                row.departure_at,
                Cell(timing.mark[0], word=timing.mark[1], note=timing.words),
                Cell(state, word=word, note=who_answered(row)),
            ]
        )
    return Table(
        id="pemberitahuan",
        title="Siapa sudah diberi tahu",
        columns=(
            Column("Kepada"),
            Column("Jadwal"),
            Column("Diberikan", Kind.CLOCK, hint=clocks),
            Column("Berangkat pertama", Kind.CLOCK, hint=clocks),
            Column("Ketepatan", Kind.STATE),
            Column("Pengakuan", Kind.STATE),
        ),
        rows=lines,
        empty="Belum ada jadwal yang diberitahukan di wilayah Anda.",
        zone=scope.zone,
    )


def who_answered(row: ScheduleNotice) -> str:
    """Return how a notice was acknowledged, in words."""
    said = []
    if row.acknowledged_at and row.acknowledged_by:
        said.append("di layarnya sendiri")
    if row.phoned_at and row.phoned_by:
        said.append(f"lewat telepon, dicatat oleh {_post(row.phoned_by, row.phoned_at)}")
    return "; ".join(said)


def _post(person: UUID, at: datetime) -> str:
    roles = [Role[post.role] for post in Post.objects.held_at(at).filter(person_id=person)]
    return next((role.value for role in roles if TELL in TABLE[role]), "kantor")


@screen(READ)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice: the schedule of this area, what it changes, and the acknowledgement."""
    return _one(request, pk, None)


def _one(request: HttpRequest, pk: int, refused: Message | None) -> HttpResponse:
    scope = scope_of(request, READ)
    row = load_or_refuse(ScheduleNotice, pk, by=scope.actor, permission=READ)
    office = row.area_code == row.plan.area_code
    timing = timing_of(row)
    holding = schedule_now(row.plan.area_code, row.plan.problem.election.code)
    may_tell = scope.actor.may(TELL, row.area_code)
    context: dict[str, Any] = {
        "scope": scope,
        "judul": f"Jadwal versi {row.plan.number}, {area_words([row.area_code])[row.area_code]}",
        "row": row,
        "to": f"{row.get_recipient_display()} {area_words([row.area_code])[row.area_code]}",
        "timing": timing,
        "mark": timing.mark,
        "answer": answer_mark(row, now(), holds=row.plan == holding),
        "who": who_answered(row),
        "newer": holding if holding and holding != row.plan else None,
        "may_acknowledge": may_acknowledge(scope.actor, row) and not row.acknowledged_at,
        "call_form": CallForm() if may_tell and not row.acknowledged_at and not row.phoned_at else None,
        "changes": change_table(change_of(row), scope.zone) if row.supersedes else None,
        "table": schedule(book_of(row.plan), "" if office else row.area_code),
        "refused": refused,
    }
    return answer(request, "distribution/pemberitahuan_satu.html", context, status=409 if refused else 200)


@require_POST
@screen(ACKNOWLEDGE)
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the schedule has arrived."""
    try:
        acknowledge_notice(by=scope_of(request, ACKNOWLEDGE).actor, at=now(), notice=pk)
    except Refused as refused:
        return _one(request, pk, say(refused.code, refused.facts))
    messages.success(request, "Pengakuan tersimpan. Kantor melihatnya sekarang.")
    return redirect("pemberitahuan-satu", pk=pk)


@require_POST
@screen(TELL)
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a telephone call."""
    form = CallForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        note_call(by=scope_of(request, TELL).actor, at=now(), notice=pk, note=note)
    except Refused as refused:
        return _one(request, pk, say(refused.code, refused.facts))
    messages.success(request, "Telepon tercatat. Pengawas masih dapat mengakuinya sendiri.")
    return redirect("pemberitahuan-satu", pk=pk)


@require_POST
@screen(Permission.OFFICE_EDIT)
def hours(request: HttpRequest) -> HttpResponse:
    """Set how many hours before departure supervisors are told."""
    scope = scope_of(request, Permission.OFFICE_EDIT)
    form = HoursForm(request.POST)
    given = form.cleaned_data["hours"] if form.is_valid() else 0
    area = scope.office.area_code
    try:
        set_notice_hours(by=scope.actor, at=now(), area_code=area, hours=given)
    except Refused as refused:
        return _board(request, say(refused.code, refused.facts))
    messages.success(request, "Jam pemberitahuan tersimpan untuk jadwal berikutnya.")
    return redirect("pemberitahuan")


@require_POST
@screen(TELL)
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the supervisors of a schedule that was published before there were notices."""
    try:
        tell_supervisors(by=scope_of(request, TELL).actor, at=now(), plan=pk)
    except Refused as refused:
        return _board(request, say(refused.code, refused.facts))
    messages.success(request, "Jadwal diberitahukan kepada Bawaslu dan Panwascam.")
    return redirect("pemberitahuan")
