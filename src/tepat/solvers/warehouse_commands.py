"""`tepat plan warehouses`: every set of one or two candidates, routed or proved dearer; no server."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tepat.distribution.case import Matrices
    from tepat.distribution.problems import Problem, Strategy
    from tepat.distribution.warehouses.comparing import Answered
    from tepat.distribution.warehouses.pruning import Shares
    from tepat.distribution.warehouses.report import SetResult, WarehouseReport

FOUND, NONE_FOUND = 0, 1
REPORT_FILE = "warehouses.json"


def choose_warehouses(  # noqa: PLR0913 - typer reads one parameter for each option
    problem_file: Annotated[Path, typer.Argument(metavar="problem.json", help="Masalah yang dijawab.")],
    *,
    sets: Annotated[int, typer.Option("--sets", help="Paling banyak berapa gudang sekaligus: 1 atau 2.")] = 2,
    seconds: Annotated[int | None, typer.Option("--seconds", help="Lama mencari tiap pilihan.")] = None,
    iterations: Annotated[
        int | None, typer.Option("--iterations", help="Putaran tiap pencarian; hasilnya selalu sama.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Benih acak.")] = 1,
    strategy: Annotated[
        str, typer.Option("--strategy", help="Strategi langsung yang dipakai; kosong = yang pertama.")
    ] = "",
    every: Annotated[
        bool, typer.Option("--every", help="Hitung juga yang sudah terbukti lebih mahal.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder hasil: perbandingan, masalah dan rencana tiap pilihan."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Hanya JSON.")] = False,
) -> None:
    """Pilih gudang: tiap calon dan tiap pasangan calon dihitung rutenya, atau dibuktikan lebih mahal.

    Tiap tempat dilayani dari gudang yang dipilih pencarian. Keluar 0 bila ada pilihan yang melayani semua
    set; 1 bila tidak ada; 2 bila berkas atau pilihan tidak dapat dipakai.
    """
    import msgspec

    from tepat.distribution.checker import load_matrices
    from tepat.distribution.documents import read_problem
    from tepat.distribution.plan_commands import require_whole
    from tepat.distribution.warehouses.choosing import ROUTED_ANYWAY, Terms
    from tepat.distribution.warehouses.comparing import compare_warehouses
    from tepat.distribution.warehouses.sets import sets_of, template_of
    from tepat.solvers.commands import budget_of
    from tepat.solvers.pyvrp_engine import PyvrpEngine

    budget = budget_of(seconds, iterations)
    sets_of((), sets)
    problem = read_problem(problem_file)
    require_whole(problem)
    matrices = load_matrices(problem, problem_file.parent)
    template = template_of(problem, strategy)
    terms = Terms(template, budget, sets, seed, ROUTED_ANYWAY)
    answered = compare_warehouses(
        problem,
        matrices,
        terms,
        engine=PyvrpEngine(),
        shares={} if every else _shares(problem, template, matrices),
        tell=None if as_json else _tell,
    )
    if out is not None:
        _write(answered, problem_file, problem, out)
    if as_json:
        typer.echo(msgspec.json.encode(answered.report).decode())
    else:
        _print(answered.report, problem)
    raise typer.Exit(FOUND if answered.report.winner is not None else NONE_FOUND)


def _shares(problem: "Problem", template: "Strategy", matrices: "Matrices") -> "Mapping[str, Shares]":
    from tepat.distribution.warehouses.sets import candidates_of
    from tepat.solvers.bounding.shares import shares_of

    return {place.id: shares_of(problem, template, place.id, matrices) for place in candidates_of(problem)}


def _tell(words: str) -> None:
    typer.echo(f"Menghitung {words}", err=True)


def _write(answered: "Answered", problem_file: Path, problem: "Problem", out: Path) -> None:
    """Write the report, and for each routed set a folder with problem, matrices and plan.

    Raises:
        Refused: BUILD-CANNOT-WRITE, DIST-UNWRITABLE.
    """
    import shutil

    from tepat.common.errors import Refused
    from tepat.common.whole_files import reason_of
    from tepat.distribution.documents import write

    for name, (own, plan) in answered.found.items():
        folder = out / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for matrix in problem.matrices:
                shutil.copyfile(problem_file.parent / matrix.file, folder / matrix.file)
        except OSError as error:
            raise Refused("BUILD-CANNOT-WRITE", folder=folder, reason=reason_of(error)) from error
        write(own, folder / "problem.json")
        write(plan, folder / "plan.json")
    out.mkdir(parents=True, exist_ok=True)
    write(answered.report, out / REPORT_FILE)


def _print(report: "WarehouseReport", problem: "Problem") -> None:
    from rich.console import Console
    from rich.table import Table

    from tepat.common.quantities import kilometres, rupiah
    from tepat.distribution.warehouses.sets import set_title

    shown = Table(
        "Pilihan", "Gudang", "Biaya", "di antaranya gudang", "Jarak", "Hari kendaraan", "Keterangan"
    )
    for at in (2, 3, 4, 5):
        shown.columns[at].justify = "right"
    for each in report.sets:
        bill = "" if each.cost_rupiah is None else rupiah(each.cost_rupiah)
        driven = kilometres(each.distance_m) if each.trips else ""
        shown.add_row(
            each.name,
            set_title(problem, each.members),
            bill,
            rupiah(each.warehouse_rupiah),
            driven,
            str(each.vehicle_days or ""),
            _note(each),
        )
    console = Console()
    console.print(shown)
    for line in (*report.why, *(flip.says for flip in report.flips)):
        console.print(f"- {line}", highlight=False)
    for aside in report.asides:
        console.print(f"Tidak dibandingkan. {aside.reason}", highlight=False)
    for sentence in problem.contoh:
        console.print(f"Contoh: {sentence}", highlight=False)


def _note(result: "SetResult") -> str:
    from tepat.common.quantities import grouped

    if result.state == "tidak-lengkap":
        return f"{grouped(result.left)} set tertinggal: {result.reason}"
    return result.reason
