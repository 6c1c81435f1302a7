"""Pilih Gudang: candidates side by side, each routed for real; and the price list behind every total."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tepat.common.clock import now
from tepat.common.errors import Refused
from tepat.common.messages import Message, say
from tepat.common.permissions import Permission
from tepat.common.quantities import rupiah
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Kind, Table
from tepat.distribution import error_bands
from tepat.distribution.actions import set_price
from tepat.distribution.archive import bands_of_plan, plan_of, problem_of
from tepat.distribution.building.prices import PriceList, read_price_list
from tepat.distribution.forms import PriceForm
from tepat.distribution.models import PlanVersion, ProblemFile
from tepat.distribution.office_problem import office_prices
from tepat.distribution.plan_tables import CONTOH, column_of
from tepat.distribution.problems import Place, Problem
from tepat.distribution.versions import latest_plans
from tepat.planning.scope import Scope, scope_of

READ = Permission.PLAN_READ


def routed_context(scope: Scope, problem_row: ProblemFile | None) -> dict[str, Any]:
    """Return the candidates side by side as far as plans of a problem route them; empty without a problem."""
    if problem_row is None:
        return {}
    problem = problem_of(problem_row.sha256)
    routed = routed_warehouses(problem, latest_plans(problem_row))
    return {
        "problem": problem_row,
        "contoh": problem.contoh,
        "table": _candidates_table(scope, problem, routed),
        "sentence": _sentence(problem, routed),
    }


def routed_warehouses(problem: Problem, plans: list[PlanVersion]) -> dict[str, PlanVersion]:
    """Return for each candidate the plan that routes it alone, straight to the PPS."""
    alike = {
        strategy.name: strategy.warehouses[0]
        for strategy in problem.strategies
        if strategy.name.startswith("langsung") and len(strategy.warehouses) == 1
    }
    return {alike[plan.strategy]: plan for plan in plans if plan.strategy in alike}


def _last_pps_off(row: PlanVersion | None) -> str | None:
    """Return how far a plan's last arrival at a PPS may be off."""
    if row is None:
        return None
    problem, plan = problem_of(row.problem.sha256), plan_of(row.sha256)
    return (
        error_bands.last_bands(plan, problem, bands_of_plan(row.problem.sha256, row.sha256))[1].text or None
    )


def _candidates_table(scope: Scope, problem: Problem, routed: dict[str, PlanVersion]) -> Table:
    places = [place for place in problem.places if place.kind == "gudang"]
    rent = {place.id: _warehouse_cost(problem, place.id) for place in places}
    columns = {place.id: column_of(routed[place.id]) for place in places if place.id in routed}
    totals = {name: column.cost_rupiah for name, column in columns.items() if column.complete}
    best = min(totals, key=lambda name: totals[name]) if len(totals) > 1 else ""

    def of_plan(read: Any, kind: Kind) -> list[Cell]:
        return [Cell(read(columns[p.id]) if p.id in columns else None, kind=kind) for p in places]

    rows: list[list[Any]] = [
        ["Biaya seluruhnya", *(_total_cell(place, columns, best) for place in places)],
        ["Sewa, perbaikan, penjaga gudang", *(Cell(rent[p.id], kind=Kind.RUPIAH) for p in places)],
        [
            "Pengantaran dan lainnya",
            *(
                Cell(columns[p.id].cost_rupiah - rent[p.id] if p.id in columns else None, kind=Kind.RUPIAH)
                for p in places
            ),
        ],
        ["Jarak, km", *of_plan(lambda column: column.distance_m, Kind.METRES)],
        ["Hari kendaraan", *of_plan(lambda column: column.vehicle_days, Kind.COUNT)],
        ["Tiba terakhir di PPS", *of_plan(lambda column: column.last_pps_at, Kind.MOMENT)],
        ["· bisa meleset", *(_last_pps_off(routed.get(place.id)) for place in places)],
        ["Longgar sampai target kantor", *of_plan(lambda column: column.slack_s, Kind.SECONDS)],
    ]
    rows += _survey_rows(places)
    rows.append(
        [
            "Rencana",
            *(
                Cell(
                    f"versi {routed[p.id].number}",
                    href=reverse("distribusi-rencana-satu", args=[routed[p.id].pk]),
                    kind=Kind.TEXT,
                )
                if p.id in routed
                else Cell(None, note="belum dihitung")
                for p in places
            ),
        ]
    )
    return Table(
        id="gudang",
        title="Calon gudang berdampingan",
        columns=(Column("Ukuran"), *(Column(place.name) for place in places)),
        rows=rows,
        note="Tiap calon dihitung rutenya sungguh-sungguh, langsung ke PPS, dengan harga yang sama. "
        f"{error_bands.NOTE}",
        contoh=CONTOH if problem.contoh else "",
        zone=scope.zone,
        across=True,
    )


def _total_cell(place: Place, columns: dict[str, Any], best: str) -> Cell:
    if place.id not in columns:
        return Cell(None, kind=Kind.RUPIAH)
    return Cell(columns[place.id].cost_rupiah, kind=Kind.RUPIAH, best=place.id == best)


def _warehouse_cost(problem: Problem, place: str) -> int:
    return sum(
        price.rupiah
        for price in problem.prices
        if price.basis == "warehouse" and (not price.applies_to or place in price.applies_to)
    )


def _survey_rows(places: list[Place]) -> list[list[Any]]:
    facts = [place.warehouse for place in places]

    def row(title: str, read: Any, kind: Kind = Kind.TEXT) -> list[Any]:
        return [title, *(Cell(read(fact) if fact else None, kind=kind) for fact in facts)]

    return [
        row("Luas terpakai, m²", lambda fact: fact.usable_m2, Kind.COUNT),
        row("Kendaraan terbesar yang masuk gerbang", lambda fact: fact.gate_class),
        row("Banjir", lambda fact: fact.flood or None),
        row("CCTV", lambda fact: fact.cctv),
        row("APAR", lambda fact: fact.fire_extinguisher),
        row("Penjaga", lambda fact: fact.guards, Kind.COUNT),
        ["Tempat bongkar sekaligus", *(Cell(place.docks, kind=Kind.COUNT) for place in places)],
        ["Catatan", *(Cell(place.note, kind=Kind.TEXT) for place in places)],
    ]


def _sentence(problem: Problem, routed: dict[str, PlanVersion]) -> str:
    """Say how much dearer the best candidate may become before the next one wins."""
    names = {place.id: place.name for place in problem.places}
    columns = {place: column_of(plan) for place, plan in routed.items()}
    ranked = sorted(
        ((column.cost_rupiah, place) for place, column in columns.items() if column.complete),
    )
    if len(ranked) < 2:
        return ""
    (best, first), (next_best, second) = ranked[:2]
    return (
        f"{names[first]} termurah selama sewa dan biayanya naik kurang dari {rupiah(next_best - best)}; "
        f"di atas itu {names[second]} menang."
    )


@screen(READ)
def prices(request: HttpRequest) -> HttpResponse:
    """The one price list; whoever may, sets a price and says where it comes from."""
    scope = scope_of(request, READ)
    listed = office_prices(scope.election, scope.office.area_code)
    may_edit = scope.actor.may(Permission.PLAN_EDIT, scope.office.area_code)
    form = PriceForm(
        request.POST or None,
        prices=[(price.id, f"{price.label} ({price.unit})") for price in listed.prices],
    )
    refused: Message | None = None
    if request.method == "POST" and form.is_valid():
        scope.actor.require(Permission.PLAN_EDIT, scope.office.area_code)
        refused = _set(scope, form)
        if refused is None:
            messages.success(
                request,
                "Harga tersimpan. Rencana yang ada memakai harga lama; hitung ulang untuk harga baru.",
            )
            return redirect("distribusi-harga")
    context = {
        "scope": scope,
        "judul": f"Daftar harga, {scope.election.name}",
        "table": _prices_table(scope, listed),
        "form": form if may_edit else None,
        "refused": refused,
        "count": sum(price.contoh for price in listed.prices),
    }
    return answer(request, "distribution/harga.html", context, status=409 if refused else 200)


def _set(scope: Scope, form: PriceForm) -> Message | None:
    try:
        set_price(
            by=scope.actor,
            at=now(),
            area_code=scope.office.area_code,
            election=scope.election.code,
            price=form.cleaned_data["price"],
            given=form.given(),
        )
    except Refused as error:
        return say(error.code, error.facts)
    return None


def _prices_table(scope: Scope, listed: PriceList) -> Table:
    pilkada = scope.election.kind == "pilkada"
    examples = {price.id: price.rupiah for price in read_price_list().prices}
    rows: list[list[Any]] = []
    for price in listed.prices:
        account = listed.accounts[price.account]
        per = {"m2": " dan m²", "penjaga": " dan penjaga", None: ""}[price.per]
        payer = account.payer.replace("{KANTOR}", scope.office.name.removeprefix("KPU "))
        own = not price.contoh and examples[price.id] != price.rupiah
        rows.append(
            [
                Cell(price.label, note=", ".join(price.applies_to)),
                f"per {price.unit}{per}",
                Cell(price.rupiah, note=f"contoh: {rupiah(examples[price.id])}" if own else ""),
                payer,
                account.pilkada if pilkada else account.pemilu,
                Cell("perhatikan", word="CONTOH") if price.contoh else Cell("aman", word="BERSUMBER"),
                price.source,
            ]
        )
    return Table(
        id="harga",
        title="Daftar harga",
        columns=(
            Column("Harga"),
            Column("Satuan"),
            Column("Rupiah", Kind.RUPIAH),
            Column("Pembayar"),
            Column("Akun"),
            Column("Tanda", Kind.STATE),
            Column("Asal"),
        ),
        rows=rows,
        note="Satu daftar untuk semua strategi, supaya perbandingannya adil.",
        zone=scope.zone,
    )
