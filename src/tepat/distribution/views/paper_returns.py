"""What comes back: upload of scans and photos, pages that no QR told, one page with its picture."""

import io
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.documents import keep, path_of
from tepat.common.errors import Refused, TepatError
from tepat.common.messages import Message, say
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.distribution import paper_tables
from tepat.distribution.models import PlanVersion, PrintedPaper, ReturnedPage, ReturnedScan
from tepat.distribution.page_actions import match_page, set_page_aside, take_page_back
from tepat.distribution.paper_actions import Scan, plan_of_papers, receive_scan, recognise
from tepat.distribution.paper_forms import AsideForm, TypedForm, UploadForm, uploaded
from tepat.distribution.paper_rows import Returned, aside_pages, returned_by_paper, waiting_pages
from tepat.distribution.papers.reading import page_picture, read_scan
from tepat.distribution.views.papers import UNMATCHED_SHOWN_MAX, chosen_plan, plans_shown, unmatched_pages
from tepat.planning.scope import Scope, scope_of

READ = Permission.DOCUMENTS_READ
ADD = Permission.DOCUMENTS_ADD
NAME_LENGTH_MAX = 120


@dataclass(frozen=True)
class Outcome:
    """What became of one uploaded file.

    Args:
        name: The file's name.
        refused: Why it was not kept, or None.
        again: Whether it was here before.
        papers: The papers that its pages belong to, with what came back of each.
        unmatched: Pages that no QR told.
    """

    name: str
    refused: Message | None = None
    again: bool = False
    papers: tuple[tuple[PrintedPaper, Returned], ...] = ()
    unmatched: int = 0

    @property
    def kind(self) -> str:
        """How it is shown."""
        if self.refused:
            return "gagal"
        return "ingat" if self.unmatched else "baik"


@screen(ADD)
def upload(request: HttpRequest) -> HttpResponse:
    """Take scans and photos; each file is kept whole or not at all, and says what became of it."""
    scope = scope_of(request, ADD)
    plans = plans_shown(scope)
    plan = chosen_plan(request, plans)
    outcomes: list[Outcome] = []
    refused: Message | None = None
    if request.method == "POST" and plan:
        try:
            outcomes = [_take(scope, plan, file) for file in uploaded(request.FILES)]
        except TepatError as error:
            refused = say(error.code, error.facts)
    context = {
        "scope": scope,
        "plans": plans,
        "plan": plan,
        "form": UploadForm(),
        "outcomes": outcomes,
        "refused": refused,
        "unmatched": unmatched_pages(scope).count(),
    }
    failed = refused is not None or any(outcome.refused for outcome in outcomes)
    return answer(request, "distribution/dokumen_unggah.html", context, status=409 if failed else 200)


def _take(scope: Scope, plan: PlanVersion, file: UploadedFile[Any]) -> Outcome:
    """Read, recognise, keep, match: in this order, so that nothing is kept that is refused."""
    name = (file.name or "berkas")[-NAME_LENGTH_MAX:]
    by, at = scope.actor, now()
    try:
        raw = file.read()
        read = tuple(read_scan(raw, name=name))
        recognise(by=by, plan=plan_of_papers(by, plan.pk), name=name, read=read)
        scan = Scan(keep(io.BytesIO(raw)), name, read)
        again = ReturnedScan.objects.filter(sha256=scan.file.sha256).exists()
        row = receive_scan(by=by, at=at, area_code=_own_area(scope), plan=plan.pk, scan=scan)
    except TepatError as error:
        return Outcome(name, refused=say(error.code, error.facts))
    papers = list(PrintedPaper.objects.filter(returned__scan=row).distinct())
    returned = returned_by_paper(papers)
    pairs = tuple((paper, returned[paper.pk]) for paper in papers)
    return Outcome(name, None, again, pairs, waiting_pages().filter(scan=row).count())


def _own_area(scope: Scope) -> str:
    """Return the area in whose name somebody brings papers: the office's where they may, else their own."""
    office = scope.office.area_code
    return office if scope.actor.may(ADD, office) else scope.actor.areas(ADD)[0]


@screen(READ)
def unmatched(request: HttpRequest) -> HttpResponse:
    """The pages that came back and that no QR told; below them those that were set aside."""
    scope = scope_of(request, READ)
    pages = list(unmatched_pages(scope)[:UNMATCHED_SHOWN_MAX])
    aside = scope.visible(aside_pages().filter(scan__election=scope.election), "scan__area_code")
    listed = list(aside.select_related("scan").order_by("-aside_at", "-pk")[:UNMATCHED_SHOWN_MAX])

    def link(pk: int) -> str:
        return reverse("dokumen-balik", args=[pk])

    context = {
        "scope": scope,
        "judul": f"Halaman belum dikenali, {scope.election.name}",
        "table": paper_tables.unmatched_table(pages, link, scope.zone),
        "aside": paper_tables.aside_table(listed, link, scope.zone),
    }
    return answer(request, "distribution/dokumen_belum_cocok.html", context)


@screen(READ)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One page that came back; where no QR told what it is, a person types what stands at its foot."""
    scope = scope_of(request, READ)
    row = load_or_refuse(ReturnedPage, pk, by=scope.actor, permission=READ)
    form = TypedForm(request.POST or None)
    refused: Message | None = None
    if request.method == "POST" and form.is_valid():
        try:
            matched = match_page(by=scope.actor, at=now(), page=row.pk, typed=form.typed())
        except TepatError as error:
            refused = say(error.code, error.facts)
        else:
            messages.success(request, f"Halaman dicocokkan dengan {matched.paper}.")
            return redirect("dokumen-kertas", matched.paper_id)
    return _page(request, scope, row, {"form": form, "refused": refused})


def _page(request: HttpRequest, scope: Scope, row: ReturnedPage, changed: dict[str, Any]) -> HttpResponse:
    """Show one page; whoever may, decides what it is while it belongs to no paper."""
    context: dict[str, Any] = {
        "scope": scope,
        "row": row,
        "form": TypedForm(),
        "aside_form": AsideForm(),
        "may_decide": row.paper is None and scope.actor.may(ADD, row.area_code),
        "refused": None,
    } | changed
    forms = (context["form"], context["aside_form"])
    failed = context["refused"] is not None or any(form.is_bound and form.errors for form in forms)
    return answer(request, "distribution/dokumen_balik.html", context, status=409 if failed else 200)


@require_POST
@screen(ADD)
def put_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a page that is none of ours out of the queue; the file stays."""
    scope = scope_of(request, ADD)
    row = load_or_refuse(ReturnedPage, pk, by=scope.actor, permission=ADD)
    form = AsideForm(request.POST)
    if not form.is_valid():
        return _page(request, scope, row, {"aside_form": form})
    try:
        set_page_aside(by=scope.actor, at=now(), page=row.pk, reason=form.cleaned_data["reason"])
    except Refused as error:
        row.refresh_from_db()
        return _page(request, scope, row, {"refused": say(error.code, error.facts)})
    messages.success(request, "Halaman disisihkan. Berkasnya tetap tersimpan, lihat daftar di bawah.")
    return redirect("dokumen-belum-cocok")


@require_POST
@screen(ADD)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a page that was set aside by mistake back into the queue."""
    scope = scope_of(request, ADD)
    row = load_or_refuse(ReturnedPage, pk, by=scope.actor, permission=ADD)
    take_page_back(by=scope.actor, at=now(), page=row.pk)
    messages.success(request, "Halaman kembali ke antrean.")
    return redirect("dokumen-balik", row.pk)


@screen(READ)
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture of one page, made anew: what was sent itself is never shown by a browser."""
    scope = scope_of(request, READ)
    row = load_or_refuse(ReturnedPage, pk, by=scope.actor, permission=READ)
    raw = path_of(row.scan.sha256).read_bytes()
    shown = HttpResponse(page_picture(raw, row.page, name=row.scan.name), content_type="image/jpeg")
    shown.headers["Cache-Control"] = "private, no-store"
    return shown
