"""Kebutuhan: how many of each thing, for whom, and why; each number opens its own derivation."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tepat.common.clock import now
from tepat.common.errors import NotAllowed, Refused
from tepat.common.messages import say
from tepat.common.models import Tps
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import XLSX, answer
from tepat.common.tables import Cell, Column, Kind, Table, Why
from tepat.planning.actions import set_parameter
from tepat.planning.columns import Grouping
from tepat.planning.explain import LEVEL_NAMES, UNVERIFIED, Explanation, explain, explain_boxes
from tepat.planning.findings import check_list
from tepat.planning.forms import ParameterForm
from tepat.planning.needs import Needs, Quantity
from tepat.planning.office_needs import FROM_LIST, OfficeNeeds, office_needs
from tepat.planning.rules import Item
from tepat.planning.scope import Scope, scope_of
from tepat.planning.silog_workbook import read_layout, silog_workbook
from tepat.planning.workbook import Labels, needs_csv, needs_workbook

READ = Permission.NEEDS_READ
FINDINGS_SHOWN_MAX = 500


def why(found: Explanation) -> Why:
    """Return an explanation as a table shows it."""
    rule = f"{found.rule} {found.beside}".strip() if found.beside else found.rule
    return Why(rule, found.filled, found.source, found.status)


@screen(READ)
def totals(request: HttpRequest) -> HttpResponse:
    """Kebutuhan of the whole office: totals with their derivation, then kecamatan by kecamatan."""
    scope = scope_of(request, READ)
    office = office_needs(scope)
    context = {
        "scope": scope,
        "judul": f"Kebutuhan logistik {scope.election.name}, {scope.office.name}",
        "rules": office.needs.rule_set,
        "tps": len(office.needs.tps),
        "voters": int(office.needs.tps.dpt.sum()),
        "boxes": explain_boxes(office.needs) if len(office.needs.tps) else "",
        "booths": office.needs.total("BILIK"),
        "contoh": office.voters_remark,
        "table": _totals_table(scope, office),
        "by_kecamatan": _group_table(scope, office, office.needs.tps.kecamatan, "kecamatan"),
        "findings": _findings_table(scope, office),
        "may_edit": scope.actor.has(Permission.NEEDS_EDIT),
    }
    return answer(request, "planning/kebutuhan.html", context)


def _totals_table(scope: Scope, office: OfficeNeeds) -> Table:
    needs = office.needs
    once = needs.rounded_per_kab()
    rows: list[list[Any]] = [_total_row(scope, needs, item, once) for item in needs.rule_set.items]
    return Table(
        id="kebutuhan",
        title="Seluruh barang",
        columns=(
            Column("Barang"),
            Column("Satuan"),
            Column("Untuk tiap"),
            Column("Kebutuhan cetak", Kind.COUNT, hint="dari DPT"),
            Column("Alokasi", Kind.COUNT, hint="DPT + DPTb + cadangan"),
            Column("Bila dibulatkan sekali per kabupaten", Kind.COUNT),
            Column("Gelombang"),
            Column("Harus ada paling lambat", Kind.DATE),
            Column("Yang mengurus"),
            Column("Kepastian"),
        ),
        rows=rows,
        note="Tekan angka bergaris bawah untuk melihat aturan, hitungan dan sumbernya.",
        contoh=office.voters_remark,
        zone=scope.zone,
    )


def _total_row(scope: Scope, needs: Needs, item: Item, once: dict[str, int]) -> list[Any]:
    return [
        item.name,
        item.unit,
        LEVEL_NAMES[item.level],
        Cell(needs.total(item.code), why=why(explain(needs, item.code))),
        Cell(needs.total(item.code, "alokasi"), why=why(explain(needs, item.code, quantity="alokasi"))),
        once.get(item.code),
        item.wave,
        item.deadline_on(scope.election.polling_date),
        item.owner,
        f"{item.mark}" if item.verified else f"{item.mark}, {UNVERIFIED}",
    ]


def main_items(needs: Needs) -> list[Item]:
    """Return the TPS items that stand as columns: the main goods, without what nobody carries."""
    return [item for item in needs.tps_items if item.item_class == "utama" and item.placement != "setempat"]


def _short(item: Item) -> str:
    return item.name.replace("Surat suara ", "SS ").replace("Presiden dan Wakil Presiden", "Presiden")


def _group_table(
    scope: Scope, office: OfficeNeeds, grouping: Grouping, level: str, only: Sequence[int] | None = None
) -> Table:
    """Sums by kecamatan or desa; the rows lead one level down."""
    items = main_items(office.needs)
    sums = {item.code: grouping.sums(office.needs.column(item.code, "alokasi")) for item in items}
    tps, voters = grouping.sums(1), grouping.sums(office.needs.tps.dpt)
    places = range(len(grouping.names)) if only is None else only
    rows: list[list[Any]] = []
    for at in places:
        code = grouping.names[at]
        link = reverse(f"kebutuhan-{level}", args=[code])
        row: list[Any] = [Cell(office.names.get(code, code), href=link), int(tps[at]), int(voters[at])]
        rows.append(row + [int(sums[item.code][at]) for item in items])
    width = len(items) + 2
    word = "Kecamatan" if level == "kecamatan" else "Desa/kelurahan"
    return Table(
        id=f"per-{level}",
        title=f"Alokasi per {'kecamatan' if level == 'kecamatan' else 'desa/kelurahan'}",
        columns=(
            Column(word),
            Column("TPS", Kind.COUNT),
            Column("DPT", Kind.COUNT),
            *(Column(_short(item), Kind.COUNT) for item in items),
        ),
        rows=rows,
        totals=["Jumlah", *(sum(row[at + 1] for row in rows) for at in range(width))] if rows else (),
        contoh=office.voters_remark,
        zone=scope.zone,
    )


@screen(READ)
def kecamatan(request: HttpRequest, code: str) -> HttpResponse:
    """Kebutuhan of one kecamatan, desa by desa, with what its PPK gets."""
    scope = scope_of(request, READ)
    office = office_needs(scope)
    desa = office.needs.tps.desa
    inside = [at for at, name in enumerate(desa.names) if name.startswith(code + ".")]
    if not inside:
        raise NotAllowed("COMMON-NOT-FOUND")
    name = office.names.get(code, code)
    context = {
        "scope": scope,
        "judul": f"Kebutuhan kecamatan {name}, {scope.election.name}",
        "name": f"Kecamatan {name}",
        "up": reverse("kebutuhan"),
        "up_word": "Seluruh kabupaten",
        "table": _group_table(scope, office, desa, "desa", inside),
        "own": _own_table(scope, office, code, "ppk", f"Untuk PPK {name}"),
    }
    return answer(request, "planning/kebutuhan_bagian.html", context)


@screen(READ)
def desa(request: HttpRequest, code: str) -> HttpResponse:
    """Kebutuhan of one desa, TPS by TPS, each number with its derivation."""
    scope = scope_of(request, READ)
    office = office_needs(scope)
    inside = [at for at, there in enumerate(office.desa) if there == code]
    if not inside:
        raise NotAllowed("COMMON-NOT-FOUND")
    name = office.names.get(code, code)
    context = {
        "scope": scope,
        "judul": f"Kebutuhan desa {name} ({code}), {scope.election.name}",
        "name": f"Desa/kelurahan {name}",
        "up": reverse("kebutuhan-kecamatan", args=[code[:8]]),
        "up_word": f"Kecamatan {office.names.get(code[:8], code[:8])}",
        "table": _tps_table(scope, office, inside),
        "own": _own_table(scope, office, code, "pps", f"Untuk PPS {name}"),
    }
    return answer(request, "planning/kebutuhan_bagian.html", context)


def _tps_table(scope: Scope, office: OfficeNeeds, inside: Sequence[int]) -> Table:
    items = main_items(office.needs)
    numbers = office.needs.tps
    columns = {item.code: office.needs.per_tps(item.code, "alokasi") for item in items}
    rows: list[list[Any]] = []
    for at in inside:
        link = reverse("kebutuhan-tps-satu", args=[office.tps_ids[at]])
        row: list[Any] = [Cell(f"TPS {numbers.number[at]:03d}", href=link), int(numbers.dpt[at])]
        row.append(int(numbers.dptb[at]))
        for item in items:
            found = why(explain(office.needs, item.code, at, "alokasi"))
            row.append(Cell(int(columns[item.code][at]), why=found))
        rows.append(row)
    sums = [sum(row[at] for row in rows) for at in (1, 2)]
    sums += [int(columns[item.code][list(inside)].sum()) for item in items]
    return Table(
        id="per-tps",
        title="Alokasi per TPS",
        columns=(
            Column("TPS"),
            Column("DPT", Kind.COUNT),
            Column("DPTb", Kind.COUNT),
            *(Column(_short(item), Kind.COUNT) for item in items),
        ),
        rows=rows,
        totals=["Jumlah", *sums],
        note="Tekan angka bergaris bawah untuk melihat hitungannya.",
        contoh=office.voters_remark,
        zone=scope.zone,
    )


def _own_table(scope: Scope, office: OfficeNeeds, code: str, level: str, title: str) -> Table:
    """What a PPK or PPS itself gets, beside the sets of its TPS."""
    needs = office.needs
    grouping = needs.tps.kecamatan if level == "ppk" else needs.tps.desa
    at = grouping.names.index(code)
    rows: list[list[Any]] = []
    for item in needs.rule_set.items:
        if item.level != level:
            continue
        column = needs.column(item.code, "alokasi")
        amount = column if isinstance(column, int) else int(column[at])
        rows.append([item.name, item.unit, amount, item.rule, item.source])
    return Table(
        id=f"set-{level}",
        title=title,
        columns=(
            Column("Barang"),
            Column("Satuan"),
            Column("Jumlah", Kind.COUNT),
            Column("Aturan"),
            Column("Sumber"),
        ),
        rows=rows,
        zone=scope.zone,
    )


def tps_needs_table(scope: Scope, tps: Tps) -> Table | None:
    """Return all items of one TPS, each with its derivation; None for whoever may not read needs there."""
    if tps.election_id != scope.election.pk or not scope.actor.may(READ, tps.desa.code):
        return None
    office = office_needs(scope)
    at = office.place_of[tps.pk]
    rows: list[list[Any]] = []
    for item in office.needs.tps_items:
        cells: list[Any] = [item.name, item.unit]
        quantities: tuple[Quantity, ...] = ("cetak", "alokasi")
        for quantity in quantities:
            found = explain(office.needs, item.code, at, quantity)
            cells.append(Cell(found.amount, why=why(found)))
        cells.append(f"{item.mark}" if item.verified else f"{item.mark}, {UNVERIFIED}")
        rows.append(cells)
    return Table(
        id="barang",
        title="Kebutuhan TPS ini",
        columns=(
            Column("Barang"),
            Column("Satuan"),
            Column("Kebutuhan cetak", Kind.COUNT),
            Column("Alokasi", Kind.COUNT),
            Column("Kepastian"),
        ),
        rows=rows,
        note="Tekan angka bergaris bawah untuk melihat hitungannya.",
        zone=scope.zone,
    )


def _findings_table(scope: Scope, office: OfficeNeeds) -> Table:
    found = check_list(office.needs.tps, office.needs.rule_set)
    rows: list[list[Any]] = [
        [Cell("gawat" if one.severity == "menahan" else "perhatikan"), one.tps, one.message]
        for one in found[:FINDINGS_SHOWN_MAX]
    ]
    return Table(
        id="temuan",
        title="Yang perlu diperiksa di daftar TPS",
        columns=(Column("Keadaan", Kind.STATE), Column("TPS"), Column("Temuan")),
        rows=rows,
        empty="Tidak ada temuan di daftar TPS.",
        zone=scope.zone,
    )


@screen(READ)
def download(request: HttpRequest, form: str) -> HttpResponse:
    """The needs as a workbook by kecamatan, as CSV, or in the shape of SILOG (layout not verified)."""
    scope = scope_of(request, READ)
    office = office_needs(scope)
    labels = Labels(
        desa={code: name for code, name in office.names.items() if len(code) == 13},
        kecamatan={code: name for code, name in office.names.items() if len(code) == 8},
        voters_source=", ".join(sorted(office.voters_kinds - {FROM_LIST})),
    )
    if form == "csv":
        raw, kind, name = needs_csv(office.needs, labels, ";"), "text/csv; charset=utf-8", "kebutuhan.csv"
    elif form == "silog":
        raw = silog_workbook(office.needs, read_layout())
        kind, name = XLSX, "kebutuhan-bentuk-silog.xlsx"
    else:
        found = check_list(office.needs.tps, office.needs.rule_set)
        raw, kind, name = needs_workbook(office.needs, labels, found), XLSX, "kebutuhan.xlsx"
    file = HttpResponse(raw, content_type=kind)
    file.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return file


@screen(Permission.NEEDS_EDIT)
def parameters(request: HttpRequest) -> HttpResponse:
    """The numbers that nobody could verify; the office sets its own and says where they come from."""
    scope = scope_of(request, Permission.NEEDS_EDIT)
    office = office_needs(scope)
    form = ParameterForm(request.POST or None, params=sorted(office.needs.rule_set.params))
    refused = None
    if request.method == "POST" and form.is_valid():
        try:
            set_parameter(
                by=scope.actor,
                at=now(),
                area_code=scope.office.area_code,
                election=scope.election.code,
                param=form.cleaned_data["param"],
                setting=form.setting(),
            )
        except Refused as error:
            refused = say(error.code, error.facts)
        else:
            messages.success(request, "Angka tersimpan. Semua kebutuhan sudah dihitung ulang.")
            return redirect("kebutuhan-parameter")
    context = {
        "scope": scope,
        "judul": f"Angka yang dapat diubah, {scope.election.name}",
        "table": _parameter_table(scope, office),
        "form": form,
        "refused": refused,
    }
    return answer(request, "planning/parameter.html", context, status=409 if refused else 200)


def _parameter_table(scope: Scope, office: OfficeNeeds) -> Table:
    used: dict[str, list[str]] = {}
    for item in office.needs.rule_set.items:
        for name in item.formula.names | item.allocation.names:
            used.setdefault(name, []).append(item.name)
    rows: list[list[Any]] = [
        [name, param.value, param.mark, param.source, ", ".join(used.get(name, []))]
        for name, param in sorted(office.needs.rule_set.params.items())
    ]
    return Table(
        id="parameter",
        title="Angka yang dapat diubah",
        columns=(
            Column("Nama", Kind.CODE),
            Column("Nilai", Kind.COUNT),
            Column("Kepastian"),
            Column("Sumber"),
            Column("Dipakai untuk"),
        ),
        rows=rows,
        zone=scope.zone,
    )
