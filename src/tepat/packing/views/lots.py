"""Cartons of ballots and every kind of label, as PDF."""

import hashlib
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tepat.common.clock import now
from tepat.common.errors import Refused, TepatError
from tepat.common.messages import Message, say
from tepat.common.models import Area
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.packing import tables
from tepat.packing.actions import add_lots
from tepat.packing.ballots import ballot_words
from tepat.packing.forms import LabelForm, LotForm, PaperForm
from tepat.packing.label_actions import PrintedLabels, note_labels
from tepat.packing.label_rows import goods_labels, labels_of, lot_labels, names_of_office, print_of
from tepat.packing.labels import Label, labels_pdf, pages_needed
from tepat.packing.models import BallotLot, PackedLine, PackedObject
from tepat.planning.scope import Scope, scope_of

READ = Permission.PACKING_READ
DO = Permission.PACKING_DO
LABELS_AT_ONCE_MAX = 3000
LOTS_SHOWN_MAX = 10_000


@screen(READ)
def lots(request: HttpRequest) -> HttpResponse:
    """The cartons of ballots; new ones get numbers and labels."""
    scope = scope_of(request, READ)
    area = scope.office.area_code
    may = scope.actor.may(DO, area)
    form = LotForm(request.POST or None, kinds=_kinds(scope))
    refused: Message | None = None
    if request.method == "POST" and form.is_valid():
        scope.actor.require(DO, area)
        try:
            codes = add_lots(
                by=scope.actor,
                at=now(),
                area_code=area,
                election=scope.election.code,
                lots=form.lots(),
                key=form.key(),
            )
        except TepatError as error:
            refused = say(error.code, error.facts)
        else:
            return redirect(f"{reverse('pengepakan-karton')}?dari={codes[0]}&sampai={codes[-1]}")
    rows = _lots(scope)
    used = PackedLine.objects.filter(lot__in=rows).values_list("lot").annotate(used=Sum("count"))
    context = {
        "scope": scope,
        "judul": "Karton surat suara",
        "form": form,
        "refused": refused,
        "may_pack": may,
        "ready": bool(_kinds(scope)),
        "new": _new(request, rows),
        "paper_form": PaperForm(),
        "count": rows.count(),
        "table": tables.lots_table(rows[:LOTS_SHOWN_MAX], dict(used.order_by()), scope.zone),
    }
    failed = refused is not None or bool(form.is_bound and form.errors)
    return answer(request, "packing/karton.html", context, status=409 if failed else 200)


def _lots(scope: Scope) -> Any:
    return scope.visible(BallotLot.objects.filter(election=scope.election), "area_code")


def _new(request: HttpRequest, rows: Any) -> dict[str, Any] | None:
    first, last = request.GET.get("dari", ""), request.GET.get("sampai", "")
    count = rows.filter(code__gte=first, code__lte=last).count() if first and last else 0
    return {"first": first, "last": last, "count": count} if count else None


def _kinds(scope: Scope) -> list[tuple[str, str]]:
    """Return the ballots and dapil that this office packs, as choices."""
    rows = PackedObject.objects.in_area(scope.office.area_code).filter(election=scope.election)
    known = rows.exclude(ballot="").order_by().values_list("ballot", "mark").distinct()
    return [
        (f"{ballot}:{mark}", _kind_words(ballot, mark, scope.office.area_code))
        for ballot, mark in sorted(known)
    ]


def _kind_words(ballot: str, mark: str, area: str) -> str:
    words = ballot_words(ballot, area)
    return f"{words.name} ({words.colour.lower()})" + (f", dapil {mark}" if mark else "")


@require_POST
@screen(DO)
def lots_pdf(request: HttpRequest) -> HttpResponse:
    """The labels of cartons, from one code to another."""
    scope = scope_of(request, DO)
    form = PaperForm(request.POST)
    paper = form.cleaned_data["paper"] if form.is_valid() else "a4"
    first, last = request.POST.get("dari", ""), request.POST.get("sampai", "")
    rows = _lots(scope)
    if first and last:
        rows = rows.filter(code__gte=first, code__lte=last)
    if rows.count() > LABELS_AT_ONCE_MAX:
        raise Refused("LABELS-MANY", count=rows.count(), most=LABELS_AT_ONCE_MAX)
    return _pdf(scope, lot_labels(rows), paper, scope.office.area_code, "label karton")


@screen(READ)
def labels(request: HttpRequest) -> HttpResponse:
    """Choose labels of boxes and bundles, or of goods."""
    scope = scope_of(request, READ)
    rows = PackedObject.objects.in_area(scope.office.area_code).filter(election=scope.election)
    initial = {"area": request.GET.get("wilayah", ""), "paper": "a4", "which": "semua"}
    context = {
        "scope": scope,
        "form": LabelForm(areas=_areas(scope), initial=initial),
        "paper_form": PaperForm(initial={"paper": "a4"}),
        "boxes": rows.filter(is_box=True).count(),
        "bundles": rows.filter(is_box=False).count(),
        "sheets": pages_needed(rows.count(), "a4"),
        "limit": LABELS_AT_ONCE_MAX,
        "may_pack": scope.actor.may(DO, scope.office.area_code),
    }
    return answer(request, "packing/label.html", context)


def _areas(scope: Scope) -> list[tuple[str, str]]:
    office = scope.office.area_code
    rows = Area.objects.in_area(office).filter(valid_to__isnull=True).order_by("code")
    levels = {Area.Level.KECAMATAN: "Kecamatan", Area.Level.DESA: "– "}
    return [
        (area.code, f"{levels[Area.Level(area.level)]} {area.name}".replace("–  ", "– "))
        for area in rows.filter(level__in=list(levels))
    ]


@require_POST
@screen(DO)
def labels_file(request: HttpRequest) -> HttpResponse:
    """The labels of boxes and bundles of an area."""
    scope = scope_of(request, DO)
    form = LabelForm(request.POST, areas=_areas(scope))
    if not form.is_valid():
        raise Refused("LABELS-NOTHING")
    asked = form.cleaned_data
    area = asked["area"] or scope.office.area_code
    scope.actor.require(DO, area)
    rows = PackedObject.objects.in_area(area).filter(election=scope.election).select_related("set")
    if asked["which"] != "semua":
        rows = rows.filter(is_box=asked["which"] == "kotak")
    if rows.count() > LABELS_AT_ONCE_MAX:
        raise Refused("LABELS-MANY", count=rows.count(), most=LABELS_AT_ONCE_MAX)
    names = names_of_office(scope.election, scope.office.area_code)
    ordered = rows.order_by("set__area_code", "set__level", "set__tps_number", "code")
    return _pdf(scope, labels_of(ordered, names), asked["paper"], area, f"label {asked['which']}")


@require_POST
@screen(DO)
def goods_file(request: HttpRequest) -> HttpResponse:
    """The sheet of goods that lies on each table."""
    scope = scope_of(request, DO)
    form = PaperForm(request.POST)
    paper = form.cleaned_data["paper"] if form.is_valid() else "a4"
    area = scope.office.area_code
    names = names_of_office(scope.election, area)
    return _pdf(scope, goods_labels(scope.election, area, names), paper, area, "kode barang")


def _pdf(scope: Scope, listed: list[Label], paper: str, area: str, what: str) -> HttpResponse:
    raw = labels_pdf(listed, print_of(scope.office, scope.election, paper))
    note_labels(
        by=scope.actor,
        at=now(),
        area_code=area,
        election=scope.election.code,
        printed=PrintedLabels(f"{what}, {paper}", len(listed), hashlib.sha256(raw).hexdigest()),
    )
    page = HttpResponse(raw, content_type="application/pdf")
    name = f"{what.replace(' ', '-')}-{area}-{paper}.pdf"
    page.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return page
