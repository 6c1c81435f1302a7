"""Pilih Gudang: candidates and their survey, the comparison of every set, why, and what would change it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tepat.common.acting import load_or_refuse
from tepat.common.areas import load_area
from tepat.common.clock import now
from tepat.common.errors import TepatError
from tepat.common.frame import area_choices
from tepat.common.jobs import ask_job
from tepat.common.messages import Message, say
from tepat.common.models import Job
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.distribution import warehouse_tables
from tepat.distribution.archive import problem_of
from tepat.distribution.models import WarehouseSurvey
from tepat.distribution.office_registers import listed_warehouses, point_of, points_of
from tepat.distribution.views.jobs import stop_job
from tepat.distribution.views.plans import chosen_problem, problems_of
from tepat.distribution.views.warehouses import routed_context
from tepat.distribution.warehouse_actions import save_candidate, strike_candidate
from tepat.distribution.warehouse_forms import CandidateForm, ChooseForm, initial_of
from tepat.distribution.warehouse_models import WarehouseChoice
from tepat.distribution.warehouse_papers import comparison_pdf, survey_pdf
from tepat.distribution.warehouse_reports import report_of
from tepat.planning.scope import Scope, scope_of

READ, EDIT, SURVEY, PRINT = (
    Permission.PLAN_READ,
    Permission.PLAN_EDIT,
    Permission.REGISTER_EDIT,
    Permission.PAPERS_PRINT,
)
TASK = "tepat.solvers.warehouse_jobs.choose_warehouses"
DESA = 4
"""Parts of a desa's code."""


@screen(READ)
def candidates(request: HttpRequest) -> HttpResponse:
    """Candidates, the newest comparison, and how far one is that is being computed."""
    scope = scope_of(request, READ)
    area_code = scope.office.area_code
    points = points_of(load_area(area_code))
    rows = listed_warehouses(area_code)
    choice = _newest(scope)
    jobs = _jobs(scope)
    last = jobs.first()
    context: dict[str, Any] = {
        "scope": scope,
        "judul": f"Pilih gudang, {scope.election.name}",
        "candidates": warehouse_tables.candidates_table(
            rows, lambda row: point_of(row, points) is not None, _candidate_link, scope.zone
        ),
        "unlocated": [
            say("WAREHOUSES-NO-POINT", {"name": row.place.name})
            for row in rows
            if point_of(row, points) is None
        ],
        "job": jobs.filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).first(),
        "failed_job": last if last and last.state == Job.State.FAILED else None,
        "form": ChooseForm() if scope.actor.may(EDIT, area_code) else None,
        "may_survey": scope.actor.may(SURVEY, area_code),
        "may_print": scope.actor.may(PRINT, area_code),
        "choice": choice,
    }
    if choice is not None:
        context |= _choice_context(scope, choice)
    else:
        context |= routed_context(scope, chosen_problem(request, problems_of(scope)))
    return answer(request, "distribution/gudang.html", context)


def _choice_context(scope: Scope, choice: WarehouseChoice) -> dict[str, Any]:
    report, problem = report_of(choice), problem_of(choice.problem.sha256)
    return {
        "contoh": problem.contoh,
        "why": report.why,
        "sets": warehouse_tables.sets_table(report, problem, scope.zone),
        "flips": warehouse_tables.flips_table(report, scope.zone),
        "holdings": warehouse_tables.holdings_table(report, problem, scope.zone),
        "served": warehouse_tables.served_table(report, problem, scope.zone),
        "asides": warehouse_tables.asides_table(report, scope.zone),
    }


def _newest(scope: Scope) -> WarehouseChoice | None:
    rows = WarehouseChoice.objects.filter(problem__election=scope.election).select_related("problem", "plan")
    found: WarehouseChoice | None = scope.visible(rows, "area_code").first()
    return found


def _jobs(scope: Scope) -> Any:
    mine = Job.objects.filter(task=TASK, arguments__election=scope.election.code)
    return scope.visible(mine, "area_code")


def _candidate_link(row: WarehouseSurvey) -> str:
    return reverse("distribusi-gudang-calon", args=[row.pk])


@require_POST
@screen(EDIT)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a comparison: the work is a job of its own, one at a time."""
    scope = scope_of(request, EDIT)
    form = ChooseForm(request.POST)
    if not form.is_valid():
        message = say("WAREHOUSES-SETS", {"given": request.POST.get("sets", ""), "limit": 2})
        return render(request, "common/pesan.html", {"message": message}, status=409)
    if not _jobs(scope).filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).exists():
        ask_job(
            by=scope.actor,
            at=now(),
            task_path=TASK,
            arguments={"election": scope.election.code, **form.arguments()},
            area_code=scope.office.area_code,
        )
    return redirect("distribusi-gudang")


@require_POST
@screen(EDIT)
def cancel(request: HttpRequest, pk: str) -> HttpResponse:
    """Stop a comparison of one's own."""
    if stop_job(request, pk, EDIT):
        messages.success(request, "Perbandingan dihentikan. Yang sebelumnya tetap tersimpan.")
    return redirect("distribusi-gudang")


@screen(SURVEY)
def new(request: HttpRequest) -> HttpResponse:
    """Add a candidate."""
    return _candidate_page(request, None)


@screen(SURVEY)
def candidate(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a candidate."""
    scope = scope_of(request, SURVEY)
    return _candidate_page(request, load_or_refuse(WarehouseSurvey, pk, by=scope.actor, permission=SURVEY))


def _candidate_page(request: HttpRequest, row: WarehouseSurvey | None) -> HttpResponse:
    scope = scope_of(request, SURVEY)
    area_code = scope.office.area_code
    desa = [each for each in area_choices(("",), scope.office) if len(each[0].split(".")) == DESA]
    contacts = scope.actor.may(Permission.PEOPLE_EDIT, area_code)
    form = CandidateForm(
        request.POST or None,
        initial=initial_of(row) if row else None,
        desa=desa,
        fixed_name=row.place.name if row else "",
        contacts=contacts,
    )
    refused: Message | None = None
    if request.method == "POST" and form.is_valid():
        try:
            save_candidate(
                by=scope.actor,
                at=now(),
                area_code=area_code,
                name=form.cleaned_data["name"],
                given=form.given(),
                contact=form.contact(),
            )
        except TepatError as error:
            refused = say(error.code, error.facts)
        else:
            messages.success(request, "Calon gudang tersimpan. Hitung lagi untuk memakai data baru.")
            return redirect("distribusi-gudang")
    readable = row is not None and scope.actor.may(Permission.PEOPLE_READ, area_code)
    context = {
        "scope": scope,
        "judul": row.place.name if row else "Calon gudang baru",
        "row": row,
        "form": form,
        "refused": refused,
        "contact": row.contact if row is not None and readable else None,
    }
    return answer(request, "distribution/gudang_calon.html", context, status=409 if refused else 200)


@require_POST
@screen(SURVEY)
def strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Strike out a candidate."""
    scope = scope_of(request, SURVEY)
    name = strike_candidate(by=scope.actor, at=now(), candidate=pk)
    messages.success(request, f"{name} dicoret dari calon gudang.")
    return redirect("distribusi-gudang")


@screen(PRINT)
def blank_survey(request: HttpRequest) -> HttpResponse:
    """Print an empty survey form to take along."""
    scope = scope_of(request, PRINT)
    return _pdf(survey_pdf(scope.office, scope.election, None), "survei-gudang.pdf")


@screen(PRINT)
def filled_survey(request: HttpRequest, pk: int) -> HttpResponse:
    """Print what is known of a candidate, with room for what a visit finds."""
    scope = scope_of(request, PRINT)
    row = load_or_refuse(WarehouseSurvey, pk, by=scope.actor, permission=PRINT)
    return _pdf(survey_pdf(scope.office, scope.election, row), f"survei-gudang-{row.pk}.pdf")


@screen(PRINT)
def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """Print the comparison as an annex of the minutes."""
    scope = scope_of(request, PRINT)
    choice = load_or_refuse(WarehouseChoice, pk, by=scope.actor, permission=PRINT)
    return _pdf(comparison_pdf(choice), f"perbandingan-gudang-{choice.pk}.pdf")


def _pdf(raw: bytes, name: str) -> HttpResponse:
    page = HttpResponse(raw, content_type="application/pdf")
    page.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return page
