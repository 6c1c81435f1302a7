"""The register: areas, polling stations, places; one list each, with its map and its correction."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.errors import Refused
from tepat.common.messages import say
from tepat.common.models import Area, Tps
from tepat.common.permissions import Permission
from tepat.common.quantities import grouped
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Kind, Table
from tepat.planning import maps
from tepat.planning.actions import note_accessibility
from tepat.planning.forms import AccessibilityForm, TpsFilter
from tepat.planning.scope import Scope, scope_of
from tepat.planning.views.needs import tps_needs_table

READ = Permission.REGISTER_READ
PROVENANCE = {"daftar": "", "contoh": "contoh", "perkiraan": "perkiraan"}


@screen(READ)
def areas(request: HttpRequest) -> HttpResponse:
    """Wilayah: kecamatan, or the desa of one kecamatan, with both elections side by side."""
    scope = scope_of(request, READ)
    inside = _kecamatan_asked(request, scope)
    table = _desa_table(scope, inside) if inside else _kecamatan_table(scope)
    _, legend = _classes(scope, inside.code if inside else "")
    context = {
        "scope": scope,
        "judul": f"Register wilayah, {scope.election.name}",
        "inside": inside,
        "table": table,
        "changed": _changed_table(scope),
        "legend": legend,
        "map_address": reverse("kebutuhan-wilayah-peta") + (f"?kecamatan={inside.code}" if inside else ""),
        "special": _tps(scope).filter(special=True).count(),
    }
    return answer(request, "planning/wilayah.html", context)


@screen(READ)
def areas_map(request: HttpRequest) -> JsonResponse:
    """What the map of Wilayah shows."""
    scope = scope_of(request, READ)
    inside = _kecamatan_asked(request, scope)
    code = inside.code if inside else scope.office.area_code
    level = "desa" if inside else "kecamatan"
    colors, _ = _classes(scope, inside.code if inside else "")
    counts = _tps_by(scope, 13 if inside else 8)
    contents = maps.MapContents(labelled=level)
    for shape in maps.shapes(code, level):
        text = f"{shape.name}: {grouped(counts.get(shape.code, 0))} TPS"
        contents.shapes.append((shape, maps.Fill(colors.get(shape.code), text)))
    return JsonResponse(contents.as_json())


def _kecamatan_asked(request: HttpRequest, scope: Scope) -> Area | None:
    code = request.GET.get("kecamatan", "")
    rows = Area.objects.filter(level=Area.Level.KECAMATAN, valid_to__isnull=True, code=code)
    return scope.visible(rows, "code").first() if code else None


def _tps(scope: Scope) -> Any:
    return scope.visible(Tps.objects.filter(election=scope.election), "desa__code")


def _tps_by(scope: Scope, characters: int) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for code, count in _tps(scope).values_list("desa__code").annotate(Count("id")).order_by():
        counts[code[:characters]] += count
    return dict(counts)


def _classes(scope: Scope, within: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    counts = _tps_by(scope, 13 if within else 8)
    return maps.classes({code: count for code, count in counts.items() if code.startswith(within)})


def _sums(scope: Scope, characters: int) -> dict[tuple[int, str], tuple[int, int, int]]:
    """TPS, special TPS and voters by (election, area code)."""
    rows = scope.visible(Tps.objects.all(), "desa__code").values_list("election_id", "desa__code")
    found: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    summed = rows.annotate(
        all_tps=Count("id"), special_tps=Count("id", filter=Q(special=True)), people=Sum("dpt")
    ).order_by()
    for election, code, *numbers in summed:
        for at, number in enumerate(numbers):
            found[election, code[:characters]][at] += number or 0
    return {key: (value[0], value[1], value[2]) for key, value in found.items()}


def _side_by_side(
    scope: Scope, sums: dict[tuple[int, str], tuple[int, int, int]], code: str
) -> list[int | None]:
    cells: list[int | None] = []
    for election in scope.elections:
        numbers = sums.get((election.pk, code))
        cells += [numbers[0], numbers[2]] if numbers else [None, None]
    return cells


def _election_columns(scope: Scope) -> list[Column]:
    columns = []
    for election in scope.elections:
        columns += [Column(f"TPS {election.name}", Kind.COUNT), Column(f"DPT {election.name}", Kind.COUNT)]
    return columns


def _total_of(rows: list[list[Any]], first: int) -> list[Any]:
    return [sum(row[at] or 0 for row in rows) for at in range(first, len(rows[0]))] if rows else []


def _contoh(scope: Scope) -> str:
    kinds = set(
        scope.visible(Tps.objects.all(), "desa__code").values_list("source_kind", flat=True).distinct()
    )
    shown = [
        text
        for kind, text in (
            ("contoh", "pemilih per TPS dibuat menurut aturan tetap dan jumlahnya sama dengan angka terbit"),
            ("perkiraan", "pemilih per TPS diperkirakan dari rata-rata nasional"),
        )
        if kind in kinds
    ]
    return "; ".join(shown)


def _kecamatan_table(scope: Scope) -> Table:
    sums = _sums(scope, 8)
    desa: dict[str, int] = defaultdict(int)
    current = Area.objects.filter(level=Area.Level.DESA, valid_to__isnull=True)
    for code in scope.visible(current, "code").values_list("code", flat=True):
        desa[code[:8]] += 1
    rows: list[list[Any]] = []
    upper = Area.objects.filter(level=Area.Level.KECAMATAN, valid_to__isnull=True)
    for area in scope.visible(upper, "code"):
        link = f"?kecamatan={area.code}"
        rows.append([Cell(area.name, href=link), area.code, desa[area.code]])
        rows[-1] += _side_by_side(scope, sums, area.code)
    return Table(
        id="kecamatan",
        title="Kecamatan",
        columns=(
            Column("Kecamatan"),
            Column("Kode", Kind.CODE),
            Column("Desa/kelurahan", Kind.COUNT),
            *_election_columns(scope),
        ),
        rows=rows,
        totals=["Jumlah", None, *_total_of(rows, 2)] if rows else (),
        note="Tekan nama kecamatan untuk melihat desanya.",
        contoh=_contoh(scope),
        zone=scope.zone,
    )


def _desa_table(scope: Scope, kecamatan: Area) -> Table:
    sums = _sums(scope, 13)
    rows: list[list[Any]] = []
    inside = Area.objects.filter(level=Area.Level.DESA, valid_to__isnull=True, parent_code=kecamatan.code)
    for area in scope.visible(inside, "code"):
        link = f"{reverse('kebutuhan-tps')}?desa={area.code}"
        rows.append([Cell(area.name, href=link), area.code, area.kind])
        rows[-1] += _side_by_side(scope, sums, area.code)
    return Table(
        id="desa",
        title=f"Desa dan kelurahan di kecamatan {kecamatan.name}",
        columns=(
            Column("Desa/kelurahan"),
            Column("Kode", Kind.CODE),
            Column("Jenis"),
            *_election_columns(scope),
        ),
        rows=rows,
        totals=["Jumlah", None, None, *_total_of(rows, 3)] if rows else (),
        note="Tekan nama desa untuk melihat TPS-nya.",
        contoh=_contoh(scope),
        zone=scope.zone,
    )


def _changed_table(scope: Scope) -> Table:
    old = scope.visible(Area.objects.filter(valid_to__isnull=False), "successor_code")
    rows = [[row.name, row.code, row.valid_to, row.successor_code] for row in old]
    return Table(
        id="kode-lama",
        title="Desa yang berganti kode",
        columns=(
            Column("Desa/kelurahan"),
            Column("Kode lama", Kind.CODE),
            Column("Berlaku sampai", Kind.DATE),
            Column("Kode sekarang", Kind.CODE),
        ),
        rows=rows,
        zone=scope.zone,
    )


@screen(READ)
def tps_list(request: HttpRequest) -> HttpResponse:
    """Daftar TPS, filtered."""
    scope = scope_of(request, READ)
    kecamatan = scope.visible(Area.objects.filter(level=Area.Level.KECAMATAN, valid_to__isnull=True), "code")
    form = TpsFilter(request.GET or None, kecamatan=[(area.code, area.name) for area in kecamatan])
    found = form.apply(_tps(scope)).select_related("desa")
    names = {area.code: area.name for area in kecamatan}
    rows = [_tps_row(tps, names) for tps in found]
    table = Table(
        id="tps",
        title="TPS",
        columns=(
            Column("TPS", Kind.CODE),
            Column("Desa/kelurahan"),
            Column("Kecamatan"),
            Column("Kode desa", Kind.CODE),
            Column("DPT", Kind.COUNT),
            Column("DPTb", Kind.COUNT),
            Column("Penyandang disabilitas", Kind.COUNT),
            Column("Asal angka"),
        ),
        rows=rows,
        totals=["Jumlah", None, None, None, *(sum(row[at] for row in rows) for at in (4, 5, 6)), None]
        if rows
        else (),
        contoh=_contoh(scope),
        empty="Tidak ada TPS yang cocok. Kosongkan saringan untuk melihat semuanya.",
        zone=scope.zone,
    )
    context = {"scope": scope, "judul": f"Daftar TPS, {scope.election.name}", "form": form, "table": table}
    return answer(request, "planning/tps.html", context)


def _tps_row(tps: Tps, kecamatan: dict[str, str]) -> list[Any]:
    return [
        Cell(f"{tps.number:03d}", href=reverse("kebutuhan-tps-satu", args=[tps.pk])),
        tps.desa.name,
        kecamatan.get(tps.desa.parent_code, tps.desa.parent_code),
        tps.desa.code,
        tps.dpt,
        tps.dptb,
        tps.disabled_voters,
        PROVENANCE.get(tps.source_kind, tps.source_kind) or "daftar",
    ]


@screen(READ)
def tps_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One TPS: its voters, its dapil, its way in; whoever may, notes what was seen there."""
    scope = scope_of(request, READ)
    tps = load_or_refuse(Tps, pk, by=scope.actor, permission=READ)
    may_edit = scope.actor.may(Permission.ACCESSIBILITY_EDIT, tps.desa.code)
    form = AccessibilityForm(request.POST or None, initial=AccessibilityForm.initial_of(tps))
    refused = None
    if request.method == "POST" and form.is_valid():
        try:
            note_accessibility(by=scope.actor, at=now(), tps=tps.pk, seen=form.seen(), source=form.source())
        except Refused as error:
            refused = say(error.code, error.facts)
        else:
            messages.success(request, f"Catatan aksesibilitas TPS {tps.number:03d} tersimpan.")
            return redirect("kebutuhan-tps-satu", pk=tps.pk)
    context = {
        "scope": scope,
        "tps": tps,
        "kecamatan": Area.objects.filter(code=tps.desa.parent_code).first(),
        "judul": f"TPS {tps.number:03d} {tps.desa.name}, {tps.election.name}",
        "ballots": _ballot_table(tps, scope),
        "disabilities": _disability_table(tps, scope),
        "needs": tps_needs_table(scope, tps),
        "form": form if may_edit else None,
        "refused": refused,
    }
    return answer(request, "planning/tps_satu.html", context, status=409 if refused else 200)


def _ballot_table(tps: Tps, scope: Scope) -> Table:
    rows = [
        [ballot, count, tps.dapil.get(ballot, "") or Cell(None, note="belum ada dapil")]
        for ballot, count in tps.voters.items()
    ]
    return Table(
        id="surat-suara",
        title="Pemilih menurut surat suara",
        columns=(Column("Surat suara", Kind.CODE), Column("Pemilih", Kind.COUNT), Column("Dapil")),
        rows=rows,
        contoh="dapil dan pemilih per TPS bukan data resmi" if tps.source_kind != "daftar" else "",
        zone=scope.zone,
    )


def _disability_table(tps: Tps, scope: Scope) -> Table:
    kinds = ("fisik", "intelektual", "mental", "wicara", "rungu", "netra")
    return Table(
        id="disabilitas",
        title="Pemilih penyandang disabilitas",
        columns=(Column("Ragam"), Column("Pemilih", Kind.COUNT)),
        rows=[[kind, getattr(tps, f"voters_{kind}")] for kind in kinds],
        totals=["Jumlah", tps.disabled_voters],
        contoh="sebaran per TPS" if tps.source_kind != "daftar" else "",
        zone=scope.zone,
    )
