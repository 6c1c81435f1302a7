"""Rencana hari hujan: one strategy in the dry and in the rain, and which desa are then reached by plan B."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tepat.common.clock import now
from tepat.common.errors import Refused
from tepat.common.jobs import ask_job
from tepat.common.models import Job
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.distribution import rain_tables
from tepat.distribution.archive import problem_of
from tepat.distribution.models import PlanVersion, ProblemFile
from tepat.distribution.rain import SECONDS, TASK, rain_arguments, rain_strategy, rain_variant
from tepat.distribution.versions import latest_plans
from tepat.distribution.views.plans import problems_of
from tepat.planning.scope import Scope, scope_of
from tepat.roads.contoh import notes_for

READ = Permission.PLAN_READ


@screen(READ)
def rain(request: HttpRequest) -> HttpResponse:
    """The dry plan and the rainy one of the same strategy side by side, or how far the computing is."""
    scope = scope_of(request, READ)
    dry = _dry_problem(scope)
    context: dict[str, Any] = {
        "scope": scope,
        "judul": f"Rencana hari hujan, {scope.election.name}",
        "problem": dry,
        "seconds": SECONDS,
        "job": _jobs(scope).filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).first(),
        "failed_job": _failed(scope),
        "may_solve": scope.actor.may(Permission.PLAN_EDIT, scope.office.area_code)
        and dry is not None
        and rain_strategy(dry) is not None,
    }
    wet = rain_variant(dry) if dry else None
    if dry and wet:
        context |= _compared(scope, dry, wet)
    return answer(request, "distribution/hujan.html", context)


def _dry_problem(scope: Scope) -> ProblemFile | None:
    return next((row for row in problems_of(scope) if row.variant_of_id is None), None)


def _jobs(scope: Scope) -> Any:
    return scope.visible(Job.objects.filter(task=TASK, arguments__election=scope.election.code), "area_code")


def _failed(scope: Scope) -> Job | None:
    last: Job | None = _jobs(scope).first()
    return last if last and last.state == Job.State.FAILED else None


def _compared(scope: Scope, dry: ProblemFile, wet: ProblemFile) -> dict[str, Any]:
    plans = {plan.strategy: plan for plan in latest_plans(dry)}
    after = latest_plans(wet)[-1]
    if after.strategy not in plans:
        return {}
    sides = rain_tables.side_of(plans[after.strategy]), rain_tables.side_of(after)
    document = problem_of(wet.sha256)
    day = document.election.polling_date
    hard = [area for area in notes_for(document.office.code).hard_area if area.holds(day)]
    titles = {name: plan.title for name, plan in plans.items()}
    return {
        "strategy": plans[after.strategy].title,
        "contoh": document.contoh,
        "sentence": rain_tables.changes_sentence(*sides),
        "changes": rain_tables.changes_table(*sides, _link, scope.zone),
        "hard": rain_tables.hard_table(*sides, hard, _link, scope.zone),
        "reasons": rain_tables.reasons(sides[1], hard),
        "others": rain_tables.others_table(sides[1], titles, scope.zone),
    }


def _link(plan: PlanVersion, trip: str) -> str:
    if trip:
        return reverse("distribusi-rencana-perjalanan", args=[plan.pk, trip])
    return reverse("distribusi-rencana-satu", args=[plan.pk])


@require_POST
@screen(Permission.PLAN_EDIT)
def ask_rain(request: HttpRequest) -> HttpResponse:
    """Ask for the rainy plan: the work is a job of its own."""
    scope = scope_of(request, Permission.PLAN_EDIT)
    dry = _dry_problem(scope)
    arguments = rain_arguments(dry) if dry else None
    if arguments is None:
        raise Refused("PLAN-NO-DRY")
    ask_job(by=scope.actor, at=now(), task_path=TASK, arguments=arguments, area_code=scope.office.area_code)
    return redirect("distribusi-hujan")
