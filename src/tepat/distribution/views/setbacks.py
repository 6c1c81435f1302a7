"""Ada halangan: a published plan goes on from the middle of a day, in two ways side by side."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.errors import Refused
from tepat.common.jobs import ask_job
from tepat.common.messages import Message, say
from tepat.common.models import Job
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.distribution import setback_tables
from tepat.distribution.archive import plan_of, problem_of
from tepat.distribution.edit_forms import moment_of
from tepat.distribution.models import PlanVersion
from tepat.distribution.setbacks import TASK, answers, keep_answer
from tepat.distribution.views.jobs import stop_job
from tepat.planning.scope import Scope, scope_of

EDIT = Permission.PLAN_EDIT
OPEN = (Job.State.WAITING, Job.State.RUNNING)


@screen(EDIT)
def setback(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask when it happened and what is lost; then both answers side by side."""
    scope = scope_of(request, EDIT)
    row = load_or_refuse(PlanVersion, pk, by=scope.actor, permission=EDIT)
    return _page(request, scope, row)


def _page(
    request: HttpRequest, scope: Scope, row: PlanVersion, refused: Message | None = None
) -> HttpResponse:
    posted = request.method == "POST"
    jobs = _jobs(scope, row)
    last = jobs.first()
    done = jobs.filter(state=Job.State.DONE).first()
    found = answers(row, done) if done is not None else []
    context: dict[str, Any] = {
        "scope": scope,
        "judul": f"Ada halangan, {row}",
        "row": row,
        "refused": refused,
        "may_ask": row.frozen,
        "moment": request.POST.get("saat") or f"{now().astimezone(scope.zone):%Y-%m-%dT%H:%M}",
        "lost": request.POST.getlist("hilang"),
        "vehicles": _vehicles(row),
        "job": jobs.filter(state__in=OPEN).first(),
        "failed_job": last if last is not None and last.state == Job.State.FAILED else None,
        "done": done if found else None,
        "answers": found,
    }
    if found and done is not None:
        context |= {
            "happened": setback_tables.happened(done.arguments, scope.zone),
            "sides": replace(setback_tables.sides_table(found, scope.zone), passing=posted),
            "moves": [replace(setback_tables.moves_table(one, scope.zone), passing=posted) for one in found],
        }
    return answer(request, "distribution/halangan.html", context, status=409 if refused else 200)


def _vehicles(row: PlanVersion) -> list[tuple[str, str]]:
    """Return the vehicles that drive in a plan, with what they are."""
    problem, driven = problem_of(row.problem.sha256), {trip.vehicle for trip in plan_of(row.sha256).trips}
    types = {kind.id: kind.name for kind in problem.vehicle_types}
    return [(one.id, types[one.type]) for one in problem.vehicles if one.id in driven]


def _jobs(scope: Scope, row: PlanVersion) -> Any:
    return scope.visible(Job.objects.filter(task=TASK, arguments__plan=row.pk), "area_code")


@require_POST
@screen(EDIT)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for both ways of going on: the work is a job of its own."""
    scope = scope_of(request, EDIT)
    row = load_or_refuse(PlanVersion, pk, by=scope.actor, permission=EDIT)
    try:
        _ask(request, scope, row)
    except Refused as refused:
        return _page(request, scope, row, say(refused.code, refused.facts))
    return redirect("distribusi-rencana-halangan", pk=row.pk)


def _ask(request: HttpRequest, scope: Scope, row: PlanVersion) -> None:
    if not row.frozen:
        raise Refused("SETBACK-NOT-PUBLISHED", number=row.number)
    at = moment_of(request.POST, scope.zone)
    known = dict(_vehicles(row))
    lost = request.POST.getlist("hilang")
    for vehicle in lost:
        if vehicle not in known:
            raise Refused("REPLAN-VEHICLE", vehicle=vehicle, known=", ".join(known))
    if not _jobs(scope, row).filter(state__in=OPEN).exists():
        ask_job(
            by=scope.actor,
            at=now(),
            task_path=TASK,
            arguments={"plan": row.pk, "at": at.isoformat(), "lost": lost},
            area_code=row.area_code,
        )


@require_POST
@screen(EDIT)
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep one of both answers as the next version, or stop the search."""
    scope = scope_of(request, EDIT)
    row = load_or_refuse(PlanVersion, pk, by=scope.actor, permission=EDIT)
    name = request.POST.get("pekerjaan", "")
    if "hentikan" in request.POST:
        stop_job(request, name, EDIT)
        return redirect("distribusi-rencana-halangan", pk=row.pk)
    job = load_or_refuse(Job, name, by=scope.actor, permission=Permission.JOBS_READ)
    try:
        new = keep_answer(by=scope.actor, at=now(), plan=row.pk, job=job, way=request.POST.get("cara", ""))
    except Refused as refused:
        return _page(request, scope, row, say(refused.code, refused.facts))
    messages.success(request, f"Tersimpan sebagai versi {new.number}. Versi {row.number} tidak berubah.")
    return redirect(f"{reverse('distribusi-rencana-beda', args=[new.pk])}?dengan={row.pk}")
