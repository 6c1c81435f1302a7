"""Dokumen: what was printed, what is still missing, the PDFs, the office's paper settings."""

import io
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.documents import path_of
from tepat.common.errors import NotAllowed, Refused, TepatError
from tepat.common.jobs import ask_job
from tepat.common.messages import Message, say
from tepat.common.models import Area, Document, Job
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.distribution import paper_tables
from tepat.distribution.models import PaperSetting, PlanVersion, PrintedPaper
from tepat.distribution.paper_actions import set_papers
from tepat.distribution.paper_forms import PaperFilter, PaperSettingsForm
from tepat.distribution.paper_jobs import office_papers
from tepat.distribution.paper_rows import current_papers, returned_by_paper, waiting_pages
from tepat.distribution.views.jobs import progress_piece, stop_job
from tepat.planning.scope import Scope, scope_of

READ = Permission.DOCUMENTS_READ
PRINT = Permission.PAPERS_PRINT
TASK = "tepat.distribution.paper_jobs.print_plan_papers"
PLANS_SHOWN_MAX = 30
UNMATCHED_SHOWN_MAX = 500


def plans_shown(scope: Scope) -> list[PlanVersion]:
    """Return the accepted plans that this person may see, and those with papers of their area."""
    here = scope.visible(PrintedPaper.objects.order_by(), "area_code").values("plan")
    accepted = PlanVersion.objects.filter(
        problem__election=scope.election, status=PlanVersion.Status.ACCEPTED
    ).select_related("problem__election")
    own = scope.visible(accepted, "area_code").values("pk")
    return list(accepted.filter(Q(pk__in=here) | Q(pk__in=own))[:PLANS_SHOWN_MAX])


def chosen_plan(request: HttpRequest, plans: list[PlanVersion]) -> PlanVersion | None:
    """Return the plan asked for by ``?rencana=``, else the published, the last printed, the newest."""
    asked = request.GET.get("rencana", "") or request.POST.get("rencana", "")
    for plan in plans:
        if str(plan.pk) == asked:
            return plan
    printed = set(
        PrintedPaper.objects.filter(plan__in=plans).order_by().values_list("plan", flat=True).distinct()
    )
    order = sorted(plans, key=lambda plan: (plan.frozen, plan.pk in printed, plan.number), reverse=True)
    return order[0] if order else None


@screen(READ)
def board(request: HttpRequest) -> HttpResponse:
    """Which papers are still missing: by day and kind, then one by one."""
    scope = scope_of(request, READ)
    plans = plans_shown(scope)
    plan = chosen_plan(request, plans)
    area = scope.office.area_code
    context: dict[str, Any] = {
        "scope": scope,
        "judul": f"Dokumen, {scope.election.name}",
        "plans": plans,
        "plan": plan,
        "may_print": scope.actor.may(PRINT, area),
        "may_set": scope.actor.may(Permission.OFFICE_EDIT, area),
        "may_upload": scope.actor.has(Permission.DOCUMENTS_ADD),
        "unmatched": unmatched_pages(scope).count(),
    }
    if plan:
        context |= _jobs(scope, plan) | _papers(request, scope, plan)
    return answer(request, "distribution/dokumen.html", context)


def _papers(request: HttpRequest, scope: Scope, plan: PlanVersion) -> dict[str, Any]:
    papers = list(scope.visible(current_papers(plan), "area_code"))
    returned = returned_by_paper(papers)
    form = PaperFilter(request.GET or None, papers=papers, initial={"rencana": plan.pk})
    shown = form.apply(papers, returned)
    states = [found.state for found in returned.values()]

    def narrowed(day: Any, kind: str) -> str:
        return f"?{urlencode({'rencana': plan.pk, 'hari': day, 'jenis': kind})}#dokumen"

    return {
        "papers": papers,
        "form": form,
        "counts": {state: states.count(state) for state in paper_tables.STATE_ORDER},
        "printed_at": max((paper.printed_at for paper in papers), default=None),
        "summary": paper_tables.summary_table(papers, returned, narrowed, scope.zone),
        "table": paper_tables.papers_table(
            shown, returned, lambda pk: reverse("dokumen-kertas", args=[pk]), scope.zone
        ),
        "files": _files(scope, plan, papers),
    }


def _files(scope: Scope, plan: PlanVersion, papers: list[PrintedPaper]) -> Any:
    """Return the files of which this person may read every paper."""
    mine = {paper.pk for paper in papers}
    whole = set(current_papers(plan).order_by().values_list("file", flat=True).distinct())
    whole -= set(current_papers(plan).order_by().exclude(pk__in=mine).values_list("file", flat=True))
    if not whole:
        return None
    names = dict(
        Area.objects.filter(code__in={paper.group for paper in papers}, valid_to__isnull=True).values_list(
            "code", "name"
        )
    )
    sizes = dict(Document.objects.filter(sha256__in=whole).values_list("sha256", "size"))
    return paper_tables.files_table(
        [paper for paper in papers if paper.file in whole],
        names,
        sizes,
        lambda file: reverse("dokumen-berkas", args=[plan.pk, file]),
        scope.zone,
    )


def _jobs(scope: Scope, plan: PlanVersion) -> dict[str, Any]:
    """Return the printing that is under way, or how the last one of this plan ended."""
    rows = scope.visible(Job.objects.filter(task=TASK), "area_code")
    last = rows.filter(arguments__plan=plan.pk).first()
    return {
        "job": _open_job() if scope.actor.may(Permission.JOBS_READ, plan.area_code) else None,
        "failed_job": last if last and last.state == Job.State.FAILED else None,
        "changed": (last.answer or {}).get("changed", 0) if last and last.state == Job.State.DONE else 0,
    }


def _open_job() -> Job | None:
    return Job.objects.filter(task=TASK, state__in=(Job.State.WAITING, Job.State.RUNNING)).first()


def unmatched_pages(scope: Scope) -> Any:
    """Return the pages that nobody recognised yet and that this person may see."""
    rows = waiting_pages().filter(scan__election=scope.election)
    return scope.visible(rows, "scan__area_code").select_related("scan")


@require_POST
@screen(PRINT)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the papers of an accepted plan; printing is a job of its own."""
    scope = scope_of(request, PRINT)
    plan = load_or_refuse(PlanVersion, request.POST.get("rencana"), by=scope.actor, permission=PRINT)
    if plan.status != PlanVersion.Status.ACCEPTED:
        raise Refused("PAPER-NOT-ACCEPTED", number=plan.number)
    if _open_job():
        raise Refused("PAPER-ALREADY-PRINTING")
    ask_job(by=scope.actor, at=now(), task_path=TASK, arguments={"plan": plan.pk}, area_code=plan.area_code)
    return redirect(f"{reverse('dokumen')}?rencana={plan.pk}")


@screen(READ)
def progress(request: HttpRequest, pk: str) -> HttpResponse:
    """The progress of a printing job, as a piece of the page; says when it has ended."""
    return progress_piece(request, pk, READ, "distribution/dokumen_kemajuan.html")


@require_POST
@screen(PRINT)
def cancel(request: HttpRequest, pk: str) -> HttpResponse:
    """Stop a printing job of one's own."""
    if stop_job(request, pk, PRINT):
        messages.success(request, "Pencetakan dihentikan. Dokumen yang sudah dicetak sebelumnya tetap ada.")
    return redirect("dokumen")


@screen(READ)
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """One paper: what it is, which pages came back, its PDF."""
    scope = scope_of(request, READ)
    paper = load_or_refuse(PrintedPaper, pk, by=scope.actor, permission=READ)
    returned = returned_by_paper([paper])[paper.pk]
    state, word = paper_tables.SHOWN[returned.state]
    context = {
        "scope": scope,
        "paper": paper,
        "returned": returned,
        "state": state,
        "word": word,
        "missing": paper_tables.missing_words(returned) if returned.state == "sebagian" else "",
        "pages": paper.returned.select_related("scan").order_by("paper_page", "pk"),
        "may_upload": scope.actor.may(Permission.DOCUMENTS_ADD, paper.area_code),
        "current": paper.draft != paper.plan.frozen,
    }
    return answer(request, "distribution/dokumen_satu.html", context)


@screen(READ)
def paper_pdf(request: HttpRequest, pk: str) -> HttpResponse:
    """The pages of one paper alone, so that a village gets its own and nobody else's."""
    import pypdfium2

    scope = scope_of(request, READ)
    paper = load_or_refuse(PrintedPaper, pk, by=scope.actor, permission=READ)
    out = io.BytesIO()
    with pypdfium2.PdfDocument(path_of(paper.file)) as whole, pypdfium2.PdfDocument.new() as part:
        part.import_pages(whole, range(paper.first_page - 1, paper.first_page - 1 + paper.pages))
        part.save(out)
    return _pdf(HttpResponse(out.getvalue(), content_type="application/pdf"), f"{paper.kind}-{paper.pk}.pdf")


@screen(READ)
def file_pdf(request: HttpRequest, pk: int, sha256: str) -> HttpResponseBase:
    """A whole PDF of a print, for those who may read each paper in it."""
    scope = scope_of(request, READ)
    papers = PrintedPaper.objects.filter(plan=pk, file=sha256)
    first = papers.first()
    if first is None or scope.visible(papers, "area_code").count() < papers.count():
        raise NotAllowed("COMMON-NOT-FOUND")
    file = FileResponse(path_of(sha256).open("rb"), content_type="application/pdf")
    return _pdf(file, f"{first.kind}-{first.group}.pdf")


def _pdf[A: HttpResponseBase](response: A, name: str) -> A:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@screen(Permission.OFFICE_EDIT)
def settings(request: HttpRequest) -> HttpResponse:
    """Letterhead, numbers, signatories, size: what the next print uses."""
    scope = scope_of(request, Permission.OFFICE_EDIT)
    area = scope.office.area_code
    scope.actor.require(Permission.OFFICE_EDIT, area)
    given = office_papers(area, scope.office.name)
    form = PaperSettingsForm(request.POST or None, initial=PaperSettingsForm.initial_of(given))
    refused: Message | None = None
    if request.method == "POST" and form.is_valid():
        try:
            set_papers(by=scope.actor, at=now(), area_code=area, settings=form.settings())
        except TepatError as error:
            refused = say(error.code, error.facts)
        else:
            messages.success(request, "Setelan kertas tersimpan. Pencetakan berikutnya memakainya.")
            return redirect("dokumen-setelan")
    context = {
        "scope": scope,
        "form": form,
        "refused": refused,
        "stored": PaperSetting.objects.filter(area_code=area).first(),
    }
    failed = refused is not None or bool(form.is_bound and form.errors)
    return answer(request, "distribution/dokumen_setelan.html", context, status=409 if failed else 200)
