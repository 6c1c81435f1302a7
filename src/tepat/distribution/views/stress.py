"""Uji ketahanan of one plan: how often each PPS is in time when something goes wrong, and what would help."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.jobs import ask_job
from tepat.common.models import Job
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.distribution import stress_tables
from tepat.distribution.archive import problem_of
from tepat.distribution.models import PlanVersion
from tepat.distribution.stress.report import PROMISE_PERCENT, REPLAYS
from tepat.distribution.stress_commands import held_sentences
from tepat.distribution.stress_jobs import SEED, TASK, report_of
from tepat.planning.scope import Scope, scope_of

READ = Permission.PLAN_READ


@screen(READ)
def stress(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest test of a plan, or how far it is."""
    scope = scope_of(request, READ)
    row = load_or_refuse(PlanVersion, pk, by=scope.actor, permission=READ)
    problem = problem_of(row.problem.sha256)
    zone = ZoneInfo(problem.office.time_zone)
    test = row.stress_tests.first()
    jobs = _jobs(scope, row)
    last = jobs.first()
    context: dict[str, Any] = {
        "scope": scope,
        "judul": f"Uji ketahanan, {row}",
        "row": row,
        "zone": zone,
        "test": test,
        "job": jobs.filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).first(),
        "failed_job": last if last and last.state == Job.State.FAILED else None,
        "may_test": scope.actor.may(Permission.PLAN_EDIT, row.area_code)
        and row.status == PlanVersion.Status.ACCEPTED,
        "replays": REPLAYS,
        "seed": SEED,
        "promise": PROMISE_PERCENT,
    }
    if test:
        report = report_of(test)
        context |= {
            "sentence": stress_tables.summary_sentence(report.places),
            "weakest": stress_tables.weakest_table(report, zone),
            "places": stress_tables.places_table(report, zone),
            "scenarios": stress_tables.scenarios_table(report, zone),
            "held": held_sentences(report),
        }
    return answer(request, "distribution/ketahanan.html", context)


def _jobs(scope: Scope, row: PlanVersion) -> Any:
    return scope.visible(Job.objects.filter(task=TASK, arguments__plan=row.pk), "area_code")


@require_POST
@screen(Permission.PLAN_EDIT)
def ask_stress(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a test: the work is a job of its own."""
    scope = scope_of(request, Permission.PLAN_EDIT)
    row = load_or_refuse(PlanVersion, pk, by=scope.actor, permission=Permission.PLAN_EDIT)
    hold = PROMISE_PERCENT if request.POST.get("janji") else None
    if not _jobs(scope, row).filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).exists():
        ask_job(
            by=scope.actor,
            at=now(),
            task_path=TASK,
            arguments={"plan": row.pk, "hold": hold},
            area_code=row.area_code,
        )
    return redirect("distribusi-rencana-ketahanan", pk=row.pk)
