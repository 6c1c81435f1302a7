"""The strategy paper for the pleno and the bill by payer and account (RAB). Pure."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from tepat.common.quantities import clock, decimal_comma, grouped, rupiah
from tepat.common.tables import Cell, Kind, Table
from tepat.common.tables import Column as Head
from tepat.distribution.comparison import LEGS, Column
from tepat.distribution.measures import MONEY, WORK, left_cell, metric_row
from tepat.distribution.plan_papers.document import PlanDocument, Source
from tepat.distribution.plans import CostLine, Plan
from tepat.distribution.problems import Price, Problem

EXAMPLE = "contoh"


def strategy_paper(source: Source) -> PlanDocument:
    """Return what the pleno reads: strategies side by side, why this one, the prices, what is not real."""
    book = source.book
    own = next((column for column in source.columns if column.strategy == book.plan.strategy), None)
    others = [column for column in source.columns if column is not own]
    lead = [f"Alasan pleno: {source.reason}"] if source.reason else []
    lead += [_against(own, other) for other in others] if own else []
    if not others:
        lead.append("Belum ada strategi lain dengan harga yang sama untuk dibandingkan.")
    return PlanDocument(
        kind="strategi",
        part="",
        title="NASKAH STRATEGI DISTRIBUSI",
        to="Rapat pleno KPU",
        lead=tuple(lead),
        tables=(_strategies(source), _prices(source), _examples(source)),
        signers=("Kepala subbagian KUL", "Sekretaris", "Ketua"),
        wide=len(source.columns) > 3,
    )


def _against(own: Column, other: Column) -> str:
    """Return what this strategy has and has not over another, in one sentence."""
    slack_s = (own.slack_s or 0) - (other.slack_s or 0) if None not in {own.slack_s, other.slack_s} else 0
    said = (
        _more(own.cost_rupiah - other.cost_rupiah, rupiah, "mahal", "murah"),
        _more(own.vehicle_days - other.vehicle_days, grouped, "banyak", "sedikit", "hari kendaraan"),
        _more(own.handovers - other.handovers, grouped, "banyak", "sedikit", "serah terima"),
        _more(own.guard_nights - other.guard_nights, grouped, "banyak", "sedikit", "malam jaga"),
        _more(slack_s, clock, "longgar", "sempit"),
    )
    left = sum(one.units for one in other.unserved)
    tail = f" {other.title} meninggalkan {grouped(left)} set." if left else ""
    return f"Dibanding {other.title}: {', '.join(filter(None, said)) or 'sama dalam semua ukuran'}.{tail}"


def _more(difference: int, write: Callable[[int], str], more: str, less: str, noun: str = "") -> str:
    if not difference:
        return ""
    return " ".join(filter(None, (write(abs(difference)), noun, "lebih", more if difference > 0 else less)))


def _strategies(source: Source) -> Table:
    columns = list(source.columns)
    whole = [column.complete for column in columns]
    rows: list[list[Any]] = [metric_row(metric, columns, whole) for metric in MONEY]
    rows += [
        [f"· {title}", *(Cell(column.legs.get(leg, 0), kind=Kind.RUPIAH) for column in columns)]
        for leg, title in LEGS.items()
    ]
    rows += [metric_row(metric, columns, whole) for metric in WORK]
    rows.append(["Set tertinggal", *(left_cell(column) for column in columns)])
    own = source.book.plan.strategy
    return Table(
        id="strategi",
        title="Strategi berdampingan",
        columns=(
            Head("Ukuran"),
            *(Head(column.title + (" (naskah ini)" if column.strategy == own else "")) for column in columns),
        ),
        rows=rows,
        note="Harga sama untuk semua kolom.",
        contoh="lihat daftar terakhir naskah ini" if source.book.problem.contoh else "",
        zone=source.book.zone_info,
        across=True,
    )


def _prices(source: Source) -> Table:
    problem = source.book.problem
    used = {line.price for line in source.book.plan.costs} | {
        price for column in source.columns for price in column.lines
    }
    return Table(
        id="harga",
        title="Daftar harga yang dipakai",
        columns=(
            Head("Harga"),
            Head("Satuan", Kind.CODE),
            Head("Rupiah", Kind.RUPIAH),
            Head("Pembayar"),
            Head("Akun"),
            Head("Asal"),
        ),
        rows=[
            [price.label, price.unit, price.rupiah, price.payer, price.account, _origin(price)]
            for price in problem.prices
            if price.id in used
        ],
        zone=source.book.zone_info,
    )


def _origin(price: Price) -> str | None:
    if not price.contoh or price.source.startswith(EXAMPLE):
        return price.source or None
    return f"{EXAMPLE}: {price.source}" if price.source else EXAMPLE


def _examples(source: Source) -> Table:
    return Table(
        id="contoh",
        title="Yang belum nyata (contoh)",
        columns=(Head("No", Kind.COUNT), Head("Keterangan")),
        rows=list(enumerate(source.book.problem.contoh, 1)),
        empty="Semua angka dari daftar kantor.",
        zone=source.book.zone_info,
    )


def bill_paper(source: Source) -> PlanDocument:
    """Return the RAB: each line by payer and account, adding up to the plan's bill to the rupiah."""
    book = source.book
    return PlanDocument(
        kind="rab",
        part="",
        title="RINCIAN ANGGARAN BIAYA DISTRIBUSI",
        to="Pejabat pembuat komitmen",
        lead=(
            "Volume × harga satuan = jumlah. Jarak dihitung sampai meter dan jumlahnya dibulatkan ke rupiah.",
        ),
        tables=(by_account(book.plan, book.zone_info), bill(book.problem, book.plan, book.zone_info)),
        signers=("Kepala subbagian KUL", "Pejabat pembuat komitmen", "Sekretaris"),
        wide=True,
    )


def _by_payer(plan: Plan) -> Iterator[tuple[tuple[str, str], list[CostLine]]]:
    def key(line: CostLine) -> tuple[str, str]:
        return line.payer, line.account

    for pair, lines in groupby(sorted(plan.costs, key=key), key=key):
        yield pair, list(lines)


def by_account(plan: Plan, zone: Any) -> Table:
    """Return the bill's sums by payer and account."""
    rows: list[list[Any]] = [[*pair, _sum(lines)] for pair, lines in _by_payer(plan)]
    return Table(
        id="rab-akun",
        title="Jumlah tiap pembayar dan akun",
        columns=(Head("Pembayar"), Head("Akun"), Head("Jumlah", Kind.RUPIAH)),
        rows=rows,
        totals=["Jumlah", None, plan.totals.cost_rupiah],
        zone=zone,
    )


def bill(problem: Problem, plan: Plan, zone: Any) -> Table:
    """Return each line of the bill below its payer and account, whose row has the sum."""
    prices = {price.id: price for price in problem.prices}
    rows: list[Sequence[Any]] = []
    for number, (pair, lines) in enumerate(_by_payer(plan), 1):
        rows.append([f"{number}", ": ".join(pair), None, None, None, _sum(lines), None])
        rows += [_line(f"{number}.{at}", line, prices[line.price]) for at, line in enumerate(lines, 1)]
    return Table(
        id="rab",
        title="Rincian",
        columns=(
            Head("No", Kind.CODE),
            Head("Uraian"),
            Head("Volume", Kind.COUNT),
            Head("Satuan", Kind.CODE),
            Head("Harga satuan", Kind.RUPIAH),
            Head("Jumlah", Kind.RUPIAH),
            Head("Tanda", Kind.CODE),
        ),
        rows=rows,
        totals=["Jumlah", "seluruhnya", None, None, None, plan.totals.cost_rupiah, None],
        note="Baris bernomor tunggal: jumlah satu pembayar dan akun; rinciannya di bawahnya.",
        contoh="harga bertanda contoh" if any(line.contoh for line in plan.costs) else "",
        zone=zone,
    )


def _line(number: str, line: CostLine, price: Price) -> Sequence[Any]:
    metres = price.basis == "vehicle_km"
    return [
        number,
        line.label,
        # One decimal is too few to multiply by hand: the metres stand beside it.
        Cell(line.quantity, kind=Kind.METRES, note=decimal_comma(line.quantity / 1000, 3))
        if metres
        else Cell(line.quantity, kind=Kind.COUNT),
        price.unit,
        line.rupiah,
        line.amount_rupiah,
        EXAMPLE if line.contoh else None,
    ]


def _sum(lines: Sequence[CostLine]) -> int:
    return sum(line.amount_rupiah for line in lines)
