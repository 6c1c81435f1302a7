"""Lists held against each other: ours and SILOG's, the old list and the new one, voters and ways in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tepat.common.clock import now
from tepat.common.documents import keep, open_document
from tepat.common.errors import Refused
from tepat.common.messages import Message, say
from tepat.common.models import Document, Tps
from tepat.common.permissions import Permission
from tepat.common.quantities import grouped
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Kind, Table
from tepat.planning.accessibility import Gap, gaps
from tepat.planning.actions import give_totals
from tepat.planning.changes import TpsChange, compare_needs
from tepat.planning.forms import TotalsForm
from tepat.planning.lists import read_tps_list
from tepat.planning.models import OutsideTotals
from tepat.planning.needs import Needs, compute_needs
from tepat.planning.office_needs import OfficeNeeds, office_needs, settings_of
from tepat.planning.reconcile import Difference, reconcile
from tepat.planning.rulesets import load_rule_set
from tepat.planning.scope import Scope, scope_of
from tepat.planning.shifts import plan_shifts
from tepat.planning.silog import not_in_silog

READ = Permission.NEEDS_READ
LIST_LABEL = "Daftar TPS"
STATUS_STATES = {
    "sama": "aman",
    "beda": "gawat",
    "tidak ada di sana": "belum",
    "tidak dikenal di sini": "perhatikan",
}


@screen(READ)
def reconciliation(request: HttpRequest) -> HttpResponse:
    """Our totals beside SILOG's or beside what was received; what SILOG still lacks, by deadline."""
    scope = scope_of(request, READ)
    office = office_needs(scope)
    may_give = scope.actor.may(Permission.DOCUMENTS_ADD, scope.office.area_code)
    form = TotalsForm(request.POST or None, request.FILES or None)
    refused: Message | None = None
    if request.method == "POST" and form.is_valid():
        refused = _give(scope, form)
        if refused is None:
            messages.success(request, "Angka tersimpan. Selisihnya ada di tabel di bawah.")
            return redirect("kebutuhan-rekonsiliasi")
    given = [_last_given(scope, against) for against in OutsideTotals.Against]
    entered: dict[str, int] = next((row.totals for row in given if row and row.against == "silog"), {})
    context = {
        "scope": scope,
        "judul": f"Pencocokan, {scope.election.name}",
        "tables": [_difference_table(scope, office, row) for row in given if row],
        "lacking": _lacking_table(scope, office, entered),
        "form": form if may_give else None,
        "refused": refused,
    }
    return answer(request, "planning/rekonsiliasi.html", context, status=409 if refused else 200)


def _give(scope: Scope, form: TotalsForm) -> Message | None:
    try:
        give_totals(
            by=scope.actor,
            at=now(),
            area_code=scope.office.area_code,
            election=scope.election.code,
            against=form.cleaned_data["against"],
            file=keep(form.cleaned_data["file"]),
        )
    except Refused as error:
        return say(error.code, error.facts)
    return None


def _last_given(scope: Scope, against: str) -> OutsideTotals | None:
    rows = OutsideTotals.objects.filter(
        election=scope.election, area_code=scope.office.area_code, against=against
    )
    return rows.first()


def _difference_table(scope: Scope, office: OfficeNeeds, given: OutsideTotals) -> Table:
    found = reconcile(office.needs, given.totals, "silog" if given.against == "silog" else "diterima")
    return Table(
        id=f"selisih-{given.against}",
        title=f"Hitungan kami dan {OutsideTotals.Against(given.against).label}",
        columns=(
            Column("Barang"),
            Column("Hitungan kami", Kind.COUNT),
            Column("Angka mereka", Kind.COUNT),
            Column("Selisih", Kind.COUNT),
            Column("Keadaan", Kind.STATE),
            Column("Kemungkinan sebab"),
            Column("Yang mengurus"),
        ),
        rows=[_difference_row(row) for row in found],
        note="Selisih disebut apa adanya dan tidak pernah disamakan diam-diam.",
        zone=scope.zone,
    )


def _difference_row(row: Difference) -> list[Any]:
    word = "SAMA" if row.status == "sama" else row.status.upper()
    state = Cell(STATUS_STATES[row.status], word=word)
    return [row.name, row.ours, row.theirs, row.difference, state, row.reason, row.owner]


def _lacking_table(scope: Scope, office: OfficeNeeds, entered: dict[str, int]) -> Table:
    found = not_in_silog(office.needs, entered, polling_date=scope.election.polling_date)
    rows: list[list[Any]] = [
        [row.name, row.amount, row.unit, row.deadline_date, row.owner, row.reason] for row in found
    ]
    return Table(
        id="belum-masuk-silog",
        title="Belum masuk SILOG",
        columns=(
            Column("Barang"),
            Column("Jumlah", Kind.COUNT),
            Column("Satuan"),
            Column("Harus ada paling lambat", Kind.DATE),
            Column("Yang mengurus"),
            Column("Keterangan"),
        ),
        rows=rows,
        note="Tenggat terdekat di atas.",
        empty="Semua barang sudah ada di SILOG.",
        zone=scope.zone,
    )


@screen(READ)
def changes(request: HttpRequest) -> HttpResponse:
    """What a changed list changes, TPS by TPS; after printing: shifts between TPS, never a new order."""
    scope = scope_of(request, READ)
    office = office_needs(scope)
    documents = list(
        Document.objects.filter(
            label__startswith=f"{LIST_LABEL} {scope.election.name}", area_code=scope.office.area_code
        )
    )
    chosen = next((row for row in documents if row.sha256 == request.GET.get("dari", "")), None)
    before = _needs_of_document(scope, chosen) if chosen else None
    context = {
        "scope": scope,
        "judul": f"Perubahan daftar, {scope.election.name}",
        "documents": documents,
        "chosen": chosen,
        "changed": _change_table(scope, office, before) if before else None,
        "shifts": _shift_table(scope, office, before) if before else None,
    }
    return answer(request, "planning/perubahan.html", context)


def _needs_of_document(scope: Scope, document: Document) -> Needs:
    rules = load_rule_set(scope.election.rule_set)
    with open_document(document) as stream:
        read = read_tps_list(stream.read(), rules)
    assert read.columns is not None, f"a list that was accepted cannot be read: {document.sha256}"
    return compute_needs(read.columns, rules, settings_of(scope.election, scope.office.area_code))


def _change_table(scope: Scope, office: OfficeNeeds, before: Needs) -> Table:
    found = compare_needs(before, office.needs)
    return Table(
        id="perubahan",
        title="TPS yang kebutuhannya berubah",
        columns=(
            Column("TPS"),
            Column("Kode desa", Kind.CODE),
            Column("Perubahan"),
            Column("DPT lama", Kind.COUNT),
            Column("DPT baru", Kind.COUNT),
            Column("Barang yang berubah"),
            Column("Kotak dibuka lagi"),
        ),
        rows=[_change_row(office, change) for change in found],
        note="TPS yang tidak disebut tidak perlu disentuh.",
        empty="Tidak ada TPS yang kebutuhannya berubah. Semua set yang sudah dikemas tetap berlaku.",
        zone=scope.zone,
    )


def _change_row(office: OfficeNeeds, change: TpsChange) -> list[Any]:
    code, number = change.tps
    rules = office.needs.rule_set
    items = "; ".join(
        f"{rules.item(item.item).name} {'+' if item.difference > 0 else '−'}{grouped(abs(item.difference))}"
        for item in change.items
    )
    reopened = "ya, dengan 2 saksi" if change.reopens_box else "tidak"
    name = f"TPS {number:03d} {office.names.get(code, code)}"
    return [name, code, change.kind, change.voters_before, change.voters_after, items, reopened]


def _shift_table(scope: Scope, office: OfficeNeeds, before: Needs) -> Table:
    plan = plan_shifts(before, office.needs)
    rules = office.needs.rule_set

    def name(key: tuple[str, int]) -> str:
        return f"TPS {key[1]:03d} {office.names.get(key[0], key[0])} ({key[0]})"

    rows: list[list[Any]] = [
        [
            rules.item(shift.item).name,
            shift.dapil,
            name(shift.source),
            name(shift.target),
            shift.sheets,
            shift.source_before,
            shift.source_before - shift.sheets,
        ]
        for shift in plan.shifts
    ]
    rows += [
        [
            rules.item(lack.item).name,
            None,
            Cell(None, note=lack.reason),
            name(lack.tps),
            lack.sheets,
            None,
            None,
        ]
        for lack in plan.shortages
    ]
    return Table(
        id="geser",
        title="Bila surat suara sudah dicetak: pergeseran antar-TPS",
        columns=(
            Column("Surat suara"),
            Column("Dapil"),
            Column("Dari TPS"),
            Column("Ke TPS"),
            Column("Lembar", Kind.COUNT),
            Column("Asal punya", Kind.COUNT),
            Column("Asal tinggal", Kind.COUNT),
        ),
        rows=rows,
        note="Tiap TPS asal tetap memegang DPT dan DPTb-nya sendiri. Tiap pergeseran dibuatkan berita acara.",
        empty="Tidak ada pergeseran yang perlu.",
        zone=scope.zone,
    )


@screen(Permission.REGISTER_READ)
def accessibility(request: HttpRequest) -> HttpResponse:
    """Voters with disabilities beside what their TPS has for them; the widest gaps first."""
    scope = scope_of(request, Permission.REGISTER_READ)
    rows = scope.visible(Tps.objects.filter(election=scope.election), "desa__code").select_related("desa")
    found = gaps(rows)
    only = request.GET.get("pilih", "celah")
    shown = [gap for gap in found if gap.state in {"gawat", "belum"}] if only == "celah" else found
    contoh = any(gap.contoh for gap in found)
    context = {
        "scope": scope,
        "judul": f"Aksesibilitas, {scope.election.name}",
        "only": only,
        "counts": {
            state: sum(gap.state == state for gap in found)
            for state in ("gawat", "belum", "perhatikan", "aman")
        },
        "voters": sum(gap.voters for gap in found),
        "table": _gap_table(scope, shown, contoh=contoh),
        "kinds": _kind_table(scope, found, contoh=contoh),
    }
    return answer(request, "planning/aksesibilitas.html", context)


def _gap_table(scope: Scope, found: list[Gap], *, contoh: bool) -> Table:
    rows: list[list[Any]] = [
        [
            Cell(gap.name, href=reverse("kebutuhan-tps-satu", args=[gap.tps])),
            gap.code,
            gap.voters,
            gap.blind,
            gap.physical,
            gap.step_free,
            gap.low_table,
            gap.abtn,
            Cell(gap.state),
            gap.lacking,
        ]
        for gap in found
    ]
    return Table(
        id="celah",
        title="TPS dengan pemilih penyandang disabilitas",
        columns=(
            Column("TPS"),
            Column("Kode desa", Kind.CODE),
            Column("Pemilih disabilitas", Kind.COUNT),
            Column("Netra", Kind.COUNT),
            Column("Fisik", Kind.COUNT),
            Column("Tanpa tangga"),
            Column("Meja rendah"),
            Column("ABTN"),
            Column("Keadaan", Kind.STATE),
            Column("Yang kurang"),
        ),
        rows=rows,
        note='Celah terbesar di atas. Yang belum dilihat adalah "belum ada bukti", bukan baik.',
        contoh="sebaran pemilih disabilitas dan keadaan TPS" if contoh else "",
        empty="Tidak ada TPS dengan celah.",
        zone=scope.zone,
    )


def _kind_table(scope: Scope, found: list[Gap], *, contoh: bool) -> Table:
    kinds = ("fisik", "intelektual", "mental", "wicara", "rungu", "netra")
    rows: list[list[Any]] = [[kind, sum(gap.by_kind[kind] for gap in found)] for kind in kinds]
    return Table(
        id="ragam",
        title="Pemilih menurut ragam disabilitas",
        columns=(Column("Ragam"), Column("Pemilih", Kind.COUNT)),
        rows=rows,
        totals=["Jumlah", sum(row[1] for row in rows if isinstance(row[1], int))],
        contoh="sebaran per TPS; jumlah Blora dari KPU" if contoh else "",
        zone=scope.zone,
    )
