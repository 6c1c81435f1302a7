"""Periksa ulang (a blind sample with its error bound) and telusur (where else the same fault may lie)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.errors import NotAllowed, Refused, TepatError
from tepat.common.messages import Message, say
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Kind, Table, shown
from tepat.packing import tables
from tepat.packing.codes import read
from tepat.packing.forms import DrawForm, FoundForm
from tepat.packing.label_rows import names_of_office
from tepat.packing.models import PackedObject, Recheck, RecheckLine
from tepat.packing.recheck_actions import draw_recheck, note_recheck
from tepat.packing.sampling import error_bound
from tepat.packing.tracing import LINES_TRACED_MAX, trace
from tepat.planning.scope import Scope, scope_of

READ = Permission.PACKING_READ
CHECK = Permission.PACKING_CHECK
RECHECKS_SHOWN = 50
RESULTS = {"belum": "belum", "sesuai": "aman", "salah": "gawat"}


@screen(READ)
def rechecks(request: HttpRequest) -> HttpResponse:
    """The samples that were drawn; draw another."""
    scope = scope_of(request, READ)
    area = scope.office.area_code
    may = scope.actor.may(CHECK, area)
    form = DrawForm(request.POST or None)
    refused: Message | None = None
    if request.method == "POST" and form.is_valid():
        scope.actor.require(CHECK, area)
        asked = form.cleaned_data
        try:
            drawn = draw_recheck(
                by=scope.actor,
                at=now(),
                area_code=area,
                election=scope.election.code,
                seed=asked["seed"],
                size=asked["size"],
                key=form.key(),
            )
        except TepatError as error:
            refused = say(error.code, error.facts)
        else:
            return redirect("pengepakan-periksa-satu", pk=drawn.pk)
    rows = scope.visible(Recheck.objects.filter(election=scope.election), "area_code")
    context = {
        "scope": scope,
        "judul": "Periksa ulang",
        "form": form,
        "refused": refused,
        "may_check": may,
        "waiting": PackedObject.objects.in_area(area)
        .filter(election=scope.election, is_box=True, state=PackedObject.State.CLOSED)
        .count(),
        "table": _rechecks_table(rows.prefetch_related("lines")[:RECHECKS_SHOWN], scope),
    }
    failed = refused is not None or bool(form.is_bound and form.errors)
    return answer(request, "packing/periksa.html", context, status=409 if failed else 200)


def _rechecks_table(rows: Any, scope: Scope) -> Table:
    return Table(
        id="periksa",
        title="Contoh yang sudah diundi",
        columns=(
            Column("Angka undian"),
            Column("Diundi", Kind.MOMENT),
            Column("Dari kotak", Kind.COUNT),
            Column("Contoh", Kind.COUNT),
            Column("Diperiksa", Kind.COUNT),
            Column("Salah", Kind.COUNT),
            Column("Paling banyak salah", Kind.BASIS_POINTS, hint="keyakinan 95 %"),
        ),
        rows=[
            [
                Cell(row.seed, href=reverse("pengepakan-periksa-satu", args=[row.pk])),
                row.drawn_at,
                row.population,
                row.size,
                *_counts(row),
            ]
            for row in rows
        ],
        zone=scope.zone,
        empty="Belum ada contoh yang diundi.",
    )


def _counts(row: Recheck) -> tuple[int, int, int | None]:
    results = [line.result for line in row.lines.all()]
    checked = len(results) - results.count("belum")
    errors = results.count("salah")
    return checked, errors, error_bound(checked, errors) if checked else None


@screen(READ)
def recheck_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One sample: the next box to be counted blind, and what was found so far."""
    scope = scope_of(request, READ)
    row = load_or_refuse(Recheck, pk, by=scope.actor, permission=READ)
    may = scope.actor.may(CHECK, row.area_code)
    form, refused = FoundForm(request.POST or None), None
    line = _asked_line(request, row)
    if request.method == "POST" and form.is_valid() and line:
        scope.actor.require(CHECK, row.area_code)
        try:
            note_recheck(by=scope.actor, at=now(), line=line.pk, found=form.found(), key=form.key())
        except TepatError as error:
            refused = say(error.code, error.facts)
        else:
            return redirect(f"{reverse('pengepakan-periksa-satu', args=[pk])}#hitung")
    checked, errors, bound = _counts(row)
    context = {
        "scope": scope,
        "row": row,
        "judul": f"Periksa ulang, undian {row.seed}",
        "line": line,
        "form": form,
        "refused": refused,
        "may_check": may,
        "checked": checked,
        "errors": errors,
        "bound": shown(bound, Kind.BASIS_POINTS, scope.zone),
        "table": _lines_table(row, scope),
    }
    failed = refused is not None or bool(form.is_bound and form.errors)
    return answer(request, "packing/periksa_satu.html", context, status=409 if failed else 200)


def _asked_line(request: HttpRequest, row: Recheck) -> RecheckLine | None:
    """Return the box that is counted now: the one asked for, else the next."""
    waiting = row.lines.filter(result=RecheckLine.Result.WAITING).select_related("object__set")
    asked = request.POST.get("baris", "") or request.GET.get("baris", "")
    chosen = waiting.filter(pk=int(asked)).first() if asked.isascii() and asked.isdigit() else None
    return chosen or waiting.first()


def _lines_table(row: Recheck, scope: Scope) -> Table:
    lines = row.lines.select_related("object")
    return Table(
        id="contoh",
        title="Kotak dalam contoh",
        columns=(
            Column("Urutan", Kind.COUNT),
            Column("Kotak", Kind.CODE),
            Column("Hasil", Kind.STATE),
            Column("Yang berbeda"),
            Column("Diperiksa", Kind.MOMENT),
            Column("Telusur"),
        ),
        rows=[
            [
                line.rank,
                Cell(
                    line.object.code,
                    href=f"?baris={line.pk}#hitung" if line.result == "belum" else "",
                ),
                Cell(RESULTS[line.result], word=line.get_result_display().upper()),
                "; ".join(line.faults) or "–",
                line.checked_at,
                Cell("Set lain yang mungkin sama", href=_trace_href(line))
                if line.result == "salah"
                else None,
            ]
            for line in lines
        ],
        note="Yang seharusnya ada tidak ditampilkan sampai kotaknya selesai dihitung.",
        zone=scope.zone,
    )


def _trace_href(line: RecheckLine) -> str:
    return f"{reverse('pengepakan-telusur')}?kode={line.object.code}"


@screen(READ)
def tracing(request: HttpRequest) -> HttpResponse:
    """A wrong ballot was found in a box: which other sets may have it too."""
    scope = scope_of(request, READ)
    asked = request.GET.get("kode", "").strip()
    context: dict[str, Any] = {"scope": scope, "judul": "Telusur", "asked": asked[:60], "box": None}
    if asked:
        try:
            context |= _traced(scope, asked)
        except TepatError as error:
            context["refused"] = say(error.code, error.facts)
    return answer(request, "packing/telusur.html", context, status=409 if context.get("refused") else 200)


def _traced(scope: Scope, asked: str) -> dict[str, Any]:
    box = _box(scope, asked)
    lines = list(box.lines.filter(item__startswith="SS-").select_related("lot", "session__table"))
    if not lines:
        raise Refused("TRACE-NO-BALLOTS", box=box.code)
    names = names_of_office(scope.election, scope.office.area_code)
    found = trace(box)
    suspects = [each for each in found.suspects if scope.actor.may(READ, each.packing_set.area_code)]
    return {
        "box": box,
        "name": tables.set_name(box.set, names),
        "lines": lines,
        "both": sum(each.both for each in suspects),
        "count": len(suspects),
        "limit": LINES_TRACED_MAX if found.cut else 0,
        "table": tables.suspects_table(
            suspects, names, lambda pk: reverse("pengepakan-set", args=[pk]), scope.zone
        ),
    }


def _box(scope: Scope, asked: str) -> PackedObject:
    """Return the box of a scanned label, or of a code that was typed with or without its check letter."""
    rows = scope.visible(PackedObject.objects.filter(election=scope.election), "set__area_code")
    known = rows.filter(code=asked.upper()).select_related("set", "election").first()
    if known:
        return known
    code = read(
        asked,
        office=scope.office.area_code,
        election=scope.election.code,
        rehearsal=settings.LATIHAN,
    )
    found = rows.filter(code=code.text).select_related("set", "election").first()
    if found is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    return found
