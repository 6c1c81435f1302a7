"""Sunting rencana: a plan changed by hand, checked and priced after each step; without scripts too."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.errors import NotAllowed, Refused
from tepat.common.jobs import ask_job
from tepat.common.messages import Message, say
from tepat.common.models import Job
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.distribution import edit_tables
from tepat.distribution.archive import plan_of
from tepat.distribution.draft_actions import (
    change_draft,
    drop_draft,
    save_draft,
    step_back,
    step_forth,
)
from tepat.distribution.draft_models import PlanDraft
from tepat.distribution.drafts import drafts_of_others, edited_of, open_draft, said, saved_from
from tepat.distribution.edit_board import BoardMaker, where
from tepat.distribution.edit_forms import change_of, revision_of
from tepat.distribution.editing.applying import Edited
from tepat.distribution.models import PlanVersion
from tepat.distribution.views.jobs import stop_job
from tepat.planning.scope import Scope, scope_of

EDIT = Permission.PLAN_EDIT
REPAIR_TASK = "tepat.solvers.edit_jobs.repair_draft"
OPEN = (Job.State.WAITING, Job.State.RUNNING)


@screen(EDIT)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan as somebody is changing it: one day of trips and stops, the verdict and the cost above."""
    scope = scope_of(request, EDIT)
    row = load_or_refuse(PlanVersion, pk, by=scope.actor, permission=EDIT)
    return _page(request, scope, row)


def _page(
    request: HttpRequest, scope: Scope, row: PlanVersion, refused: Message | None = None
) -> HttpResponse:
    posted = request.method == "POST"
    asked = request.POST if posted else request.GET
    draft = open_draft(row, scope.actor.person)
    found, broken = _found(row, draft)
    maker = BoardMaker(found, plan_of(row.sha256), scope.zone)
    board = maker.board(asked.get("hari", ""))
    context = {
        "scope": scope,
        "judul": f"Sunting {row}",
        "row": row,
        "here": reverse("distribusi-rencana-sunting", args=[row.pk]),
        "draft": draft,
        "revision": draft.revision if draft is not None else 0,
        "board": board,
        "choice": maker.choice(board, asked.get("pilih", "")),
        "chosen": asked.get("pilih", ""),
        "refused": refused or broken,
        "others": drafts_of_others(row, scope.actor.person),
        "newer": saved_from(row),
        "changes": replace(edit_tables.changes_table(said(draft, found.problem), scope.zone), passing=posted),
        "findings": replace(edit_tables.verdict_table(found.verdict, scope.zone), passing=posted),
        **_judged(found, row),
        **_jobs(scope, draft),
    }
    return answer(request, "distribution/sunting.html", context, status=409 if refused else 200)


def _found(row: PlanVersion, draft: PlanDraft | None) -> tuple[Edited, Message | None]:
    """Return what a draft has become; where it can no longer be made, the version itself and why.

    The draft stays, to be taken back step by step or thrown away.
    """
    try:
        return edited_of(row, draft.changes if draft is not None else []), None
    except Refused as refused:
        return edited_of(row, []), say(refused.code, refused.facts)


def _judged(found: Edited, row: PlanVersion) -> dict[str, Any]:
    """Return what stands at the head: verdict, cost and what it is more."""
    base, plan = plan_of(row.sha256), found.plan
    sentences = edit_tables.sentences(found.verdict)
    return {
        "verdict": edit_tables.VERDICTS[found.verdict.status],
        "breached": found.verdict.status == "breached",
        "whole": found.verdict.accepted,
        "sentences": sentences[: edit_tables.SENTENCES_MAX],
        "more_sentences": max(0, len(sentences) - edit_tables.SENTENCES_MAX),
        "totals": plan.totals,
        "difference": edit_tables.signed(plan.totals.cost_rupiah - base.totals.cost_rupiah),
    }


def _jobs(scope: Scope, draft: PlanDraft | None) -> dict[str, Any]:
    if draft is None:
        return {}
    mine = Job.objects.filter(task=REPAIR_TASK, arguments__draft=draft.pk)
    jobs = scope.visible(mine, "area_code")
    last: Job | None = jobs.first()
    failed = (
        last is not None
        and last.state == Job.State.FAILED
        and last.arguments.get("revision") == draft.revision
    )
    return {"job": jobs.filter(state__in=OPEN).first(), "failed_job": last if failed else None}


@require_POST
@screen(EDIT)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one change; what cannot be is answered on the same page, and nothing is lost."""
    scope = scope_of(request, EDIT)
    row = load_or_refuse(PlanVersion, pk, by=scope.actor, permission=EDIT)
    try:
        wanted = change_of(request.POST)
        revision = revision_of(request.POST)
        draft = change_draft(by=scope.actor, at=now(), plan=row.pk, revision=revision, change=wanted)
    except Refused as refused:
        return _page(request, scope, row, say(refused.code, refused.facts))
    day, chosen = where(wanted, edited_of(row, draft.changes))
    return redirect(
        _address(row, day or request.POST.get("hari", ""), chosen or request.POST.get("pilih", ""))
    )


def _address(row: PlanVersion, day: str, chosen: str) -> str:
    kept = urlencode({name: value for name, value in (("hari", day), ("pilih", chosen)) if value})
    here = reverse("distribusi-rencana-sunting", args=[row.pk])
    return f"{here}{f'?{kept}' if kept else ''}{'#terpilih' if chosen else ''}"


@require_POST
@screen(EDIT)
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Undo, redo, drop, repair, or save as the next version."""
    scope = scope_of(request, EDIT)
    row = load_or_refuse(PlanVersion, pk, by=scope.actor, permission=EDIT)
    if step not in STEPS:
        raise NotAllowed("COMMON-NOT-FOUND")
    try:
        return STEPS[step](request, scope, row)
    except Refused as refused:
        return _page(request, scope, row, say(refused.code, refused.facts))


def _back(request: HttpRequest, scope: Scope, row: PlanVersion) -> HttpResponse:
    step_back(by=scope.actor, at=now(), plan=row.pk, revision=revision_of(request.POST))
    return redirect(_address(row, request.POST.get("hari", ""), ""))


def _forth(request: HttpRequest, scope: Scope, row: PlanVersion) -> HttpResponse:
    step_forth(by=scope.actor, at=now(), plan=row.pk, revision=revision_of(request.POST))
    return redirect(_address(row, request.POST.get("hari", ""), ""))


def _drop(request: HttpRequest, scope: Scope, row: PlanVersion) -> HttpResponse:
    drop_draft(by=scope.actor, at=now(), plan=row.pk, revision=revision_of(request.POST))
    messages.success(request, f"Suntingan dibuang. Rencana versi {row.number} tetap seperti semula.")
    return redirect("distribusi-rencana-satu", pk=row.pk)


def _save(request: HttpRequest, scope: Scope, row: PlanVersion) -> HttpResponse:
    new = save_draft(by=scope.actor, at=now(), plan=row.pk, revision=revision_of(request.POST))
    messages.success(request, f"Tersimpan sebagai versi {new.number}. Versi {row.number} tidak berubah.")
    return redirect(f"{reverse('distribusi-rencana-beda', args=[new.pk])}?dengan={row.pk}")


def _repair(request: HttpRequest, scope: Scope, row: PlanVersion) -> HttpResponse:
    draft, revision = open_draft(row, scope.actor.person), revision_of(request.POST)
    if draft is None:
        raise Refused("EDIT-NOTHING", number=row.number)
    if draft.revision != revision:
        raise Refused("EDIT-STALE", found=draft.revision, expected=revision)
    if _jobs(scope, draft)["job"] is None:
        ask_job(
            by=scope.actor,
            at=now(),
            task_path=REPAIR_TASK,
            arguments={"draft": draft.pk, "revision": revision},
            area_code=row.area_code,
        )
    return redirect(_address(row, request.POST.get("hari", ""), ""))


def _stop(request: HttpRequest, scope: Scope, row: PlanVersion) -> HttpResponse:
    del scope
    if stop_job(request, request.POST.get("pekerjaan", ""), EDIT):
        messages.success(request, "Pencari dihentikan. Suntingan tetap seperti terlihat.")
    return redirect(_address(row, request.POST.get("hari", ""), ""))


STEPS: dict[str, Callable[[HttpRequest, Scope, PlanVersion], HttpResponse]] = {
    "batal": _back,
    "ulang": _forth,
    "buang": _drop,
    "simpan": _save,
    "perbaiki": _repair,
    "hentikan": _stop,
}
