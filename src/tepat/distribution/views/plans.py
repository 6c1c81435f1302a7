"""Rencana & perbandingan: strategies side by side, one plan in full, its way from KUL to the pleno."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.errors import Refused
from tepat.common.frame import area_words
from tepat.common.jobs import ask_job
from tepat.common.messages import Message, say
from tepat.common.models import Job
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import long_date
from tepat.distribution import load_tables, plan_tables
from tepat.distribution.actions import forward_plan, propose_plan, publish_plan, return_plan
from tepat.distribution.archive import bands_of_plan, plan_of, problem_of
from tepat.distribution.bound_rows import bound_line
from tepat.distribution.building.baseline import known_area
from tepat.distribution.cost_bars import cost_bars
from tepat.distribution.error_bands import LastBands, last_bands
from tepat.distribution.forms import PublishForm, ReturnForm, SolveForm
from tepat.distribution.gantt import gantt_of
from tepat.distribution.models import PlanVersion, ProblemFile
from tepat.distribution.notices import timing_of
from tepat.distribution.plan_papers import PLAN_KINDS
from tepat.distribution.versions import latest_plans
from tepat.distribution.views.jobs import progress_piece, stop_job
from tepat.distribution.views.trips import legend
from tepat.planning.scope import Scope, scope_of

READ = Permission.PLAN_READ
TASK = "tepat.solvers.jobs.make_plans"
PROBLEMS_SHOWN_MAX = 50
State = PlanVersion.State


def problems_of(scope: Scope) -> list[ProblemFile]:
    """Return the office's problems for the chosen election, newest first, those of a what-if last."""
    rows = ProblemFile.objects.filter(election=scope.election, plans__isnull=False).distinct()
    found = scope.visible(rows, "area_code")[:PROBLEMS_SHOWN_MAX]
    return sorted(found, key=lambda row: row.variant_of_id is not None)


def chosen_problem(request: HttpRequest, problems: Sequence[ProblemFile]) -> ProblemFile | None:
    """Return the problem asked for by ``?masalah=``, else the newest."""
    asked = request.GET.get("masalah", "")
    return next((row for row in problems if str(row.pk) == asked), problems[0] if problems else None)


def weather_text(problem: ProblemFile) -> str:
    """Return the weather a problem was made for, in words."""
    wet = sum(day.weather == "hujan" for day in problem_of(problem.sha256).days)
    return "semua hari kering" if not wet else f"{wet} hari hujan"


@screen(READ)
def overview(request: HttpRequest) -> HttpResponse:
    """Strategies as columns; whoever may, asks for new plans."""
    scope = scope_of(request, READ)
    problems = problems_of(scope)
    problem = chosen_problem(request, problems)
    may_solve = scope.actor.may(Permission.PLAN_EDIT, scope.office.area_code)
    context: dict[str, Any] = {
        "scope": scope,
        "judul": f"Perbandingan strategi, {scope.election.name}",
        "problems": [(row, weather_text(row)) for row in problems],
        "problem": problem,
        "job": _running_job(scope),
        "failed_job": _failed_job(scope),
        "form": SolveForm(baseline=_baseline(scope)) if may_solve else None,
    }
    if problem:
        document = problem_of(problem.sha256)
        plans = latest_plans(problem)
        context |= {
            "contoh": document.contoh,
            "bars": cost_bars([plan_tables.column_of(plan) for plan in plans]),
            "table": plan_tables.comparison_table(
                plans, document, _plan_link, scope.zone, [_last_bands(row) for row in plans]
            ),
            "lines": plan_tables.lines_table(plans, document, scope.zone),
            "published": next((plan for plan in problem.plans.all() if plan.frozen), None),
        }
    return answer(request, "distribution/rencana.html", context)


def _baseline(scope: Scope) -> tuple[str, str] | None:
    """Return what this office really did once, as a strategy, where it is known."""
    known = known_area(scope.office.area_code, scope.election.code)
    return (known.baseline.name, known.baseline.title) if known and known.baseline else None


def _last_bands(row: PlanVersion) -> LastBands:
    problem, plan = problem_of(row.problem.sha256), plan_of(row.sha256)
    return last_bands(plan, problem, bands_of_plan(row.problem.sha256, row.sha256))


def _plan_link(pk: str) -> str:
    return reverse("distribusi-rencana-satu", args=[pk])


def _jobs(scope: Scope) -> Any:
    mine = Job.objects.filter(task=TASK, arguments__election=scope.election.code)
    return scope.visible(mine, "area_code")


def _running_job(scope: Scope) -> Job | None:
    found: Job | None = _jobs(scope).filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).first()
    return found


def _failed_job(scope: Scope) -> Job | None:
    last: Job | None = _jobs(scope).first()
    return last if last and last.state == Job.State.FAILED else None


@require_POST
@screen(Permission.PLAN_EDIT)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for new plans: the work is a job of its own."""
    scope = scope_of(request, Permission.PLAN_EDIT)
    form = SolveForm(request.POST, baseline=_baseline(scope))
    if not form.is_valid():
        context = {"message": say("PLAN-NO-STRATEGY", {})}
        return render(request, "common/pesan.html", context, status=409)
    ask_job(
        by=scope.actor,
        at=now(),
        task_path=TASK,
        arguments={"election": scope.election.code, **form.arguments()},
        area_code=scope.office.area_code,
    )
    return redirect("distribusi-rencana")


@screen(READ)
def progress(request: HttpRequest, pk: str) -> HttpResponse:
    """The progress of a job, as a piece of the page; says when it has ended."""
    return progress_piece(request, pk, READ, "distribution/kemajuan.html")


@require_POST
@screen(Permission.PLAN_EDIT)
def cancel(request: HttpRequest, pk: str) -> HttpResponse:
    """Stop a job of one's own."""
    if stop_job(request, pk, Permission.PLAN_EDIT):
        messages.success(request, "Hitungan dihentikan. Rencana yang sudah jadi tetap tersimpan.")
    return redirect("distribusi-rencana")


@screen(READ)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One checked plan: places first, then map, day by day, bill, rules."""
    scope = scope_of(request, READ)
    row = load_or_refuse(PlanVersion, pk, by=scope.actor, permission=READ)
    return _plan_page(request, scope, row)


def _plan_page(
    request: HttpRequest, scope: Scope, row: PlanVersion, refused: Message | None = None
) -> HttpResponse:
    problem, plan = problem_of(row.problem.sha256), plan_of(row.sha256)
    zone, bands = ZoneInfo(problem.office.time_zone), bands_of_plan(row.problem.sha256, row.sha256)
    days = sorted({trip.date for trip in plan.trips})
    day = _day_asked(request, days)

    def link(subject: str) -> str:
        return reverse("distribusi-rencana-mengapa", args=[row.pk, subject])

    def trip_link(trip: str) -> str:
        return reverse("distribusi-rencana-perjalanan", args=[row.pk, trip])

    context = {
        "scope": scope,
        "judul": f"{row}, {problem.title}",
        "row": row,
        "column": plan_tables.column_of(row),
        "bound": bound_line(row),
        "weather": weather_text(row.problem),
        "contoh": problem.contoh,
        "zone": zone,
        "places": plan_tables.places_table(plan, problem, link, zone, bands),
        "days": [(one, long_date(one)) for one in days],
        "day": day,
        "last_band": last_bands(plan, problem, bands)[2].said,
        "gantt": gantt_of(plan, problem, day, bands) if day else None,
        "trips": plan_tables.trips_table(plan, problem, day, trip_link, zone, bands) if day else None,
        "too_high": load_tables.too_high_table(plan, problem, trip_link, zone),
        "bill": plan_tables.bill_table(plan, zone),
        "rules": plan_tables.rules_table(row, zone),
        "findings": plan_tables.findings_table(row, zone),
        "plan_kinds": PLAN_KINDS,
        "notices": _notices(row) if row.frozen else None,
        "unserved": plan_tables.unserved_table(plan, problem, link, zone),
        "legend": legend(days),
        "map_address": reverse("distribusi-rencana-peta", args=[row.pk]),
        "states": list(State),
        "may_edit": scope.actor.may(Permission.PLAN_EDIT, row.area_code),
        "refused": refused,
        **_turn(scope, row),
    }
    return answer(request, "distribution/rencana_satu.html", context, status=409 if refused else 200)


def _notices(row: PlanVersion) -> dict[str, Any]:
    """Return how the notices of a published plan stand."""
    told = list(row.notices.all())
    late = [notice for notice in told if timing_of(notice).late_s]
    words = area_words(notice.area_code for notice in late)
    return {
        "told": len(told),
        "answered": sum(bool(notice.acknowledged_at or notice.phoned_at) for notice in told),
        "late": len(late),
        "late_words": ", ".join(words[notice.area_code] for notice in late),
        "hours": max((notice.hours for notice in told), default=0),
    }


def _day_asked(request: HttpRequest, days: Sequence[date]) -> date | None:
    asked = request.GET.get("hari", "")
    return next((day for day in days if day.isoformat() == asked), days[0] if days else None)


def _turn(scope: Scope, row: PlanVersion) -> dict[str, Any]:
    """Return which step lies with this person now."""

    def may(permission: Permission, state: State) -> bool:
        return row.state == state and scope.actor.may(permission, row.area_code)

    whole = row.status == PlanVersion.Status.ACCEPTED
    at_review, at_pleno = (
        may(Permission.PLAN_REVIEW, State.PROPOSED),
        may(Permission.PLAN_PUBLISH, State.FORWARDED),
    )
    return {
        "may_propose": whole and may(Permission.PLAN_PROPOSE, State.DRAFT),
        "may_forward": at_review,
        "publish_form": PublishForm() if at_pleno else None,
        "return_form": ReturnForm() if at_review or at_pleno else None,
    }


DONE = {
    "ajukan": "Rencana diajukan ke sekretaris.",
    "teruskan": "Rencana diteruskan ke pleno.",
    "kembalikan": "Rencana dikembalikan ke KUL dengan alasannya.",
    "tetapkan": "Rencana ditetapkan. Versi ini tidak dapat berubah lagi.",
}


@require_POST
@screen(READ)
def move(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take one step on the way from KUL to the pleno; each action asks for its own right."""
    scope = scope_of(request, READ)
    row = load_or_refuse(PlanVersion, pk, by=scope.actor, permission=READ)
    try:
        _take(request, scope, row, step)
    except Refused as refused:
        return _plan_page(request, scope, row, say(refused.code, refused.facts))
    messages.success(request, DONE[step])
    return redirect("distribusi-rencana-satu", pk=pk)


def _take(request: HttpRequest, scope: Scope, row: PlanVersion, step: str) -> None:
    by, at = scope.actor, now()
    if step == "ajukan":
        propose_plan(by=by, at=at, plan=row.pk)
    elif step == "teruskan":
        forward_plan(by=by, at=at, plan=row.pk)
    elif step == "kembalikan":
        return_plan(by=by, at=at, plan=row.pk, reason=ReturnForm(request.POST).reason())
    else:
        publish_plan(by=by, at=at, plan=row.pk, minutes=PublishForm(request.POST).minutes())
