"""`tepat plan solve`: from problem.json to a checked plan.json, without a server, a database or Django."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tepat.distribution.bounds import Bound
    from tepat.distribution.case import Matrices
    from tepat.distribution.plans import Plan
    from tepat.distribution.problems import Problem
    from tepat.distribution.routing import Budget, Progress

ACCEPTED, NOT_ACCEPTED = 0, 1

BOUND_S = 10
"""Seconds after a timed search in which the cheapest possible cost is proved."""


def solve_plan(  # noqa: PLR0913 - typer reads one parameter for each option
    problem_file: Annotated[Path, typer.Argument(metavar="problem.json", help="Masalah yang dijawab.")],
    *,
    strategy: Annotated[str, typer.Option("--strategy", help="Nama salah satu strateginya.")],
    out: Annotated[Path, typer.Option("--out", help="Berkas rencana yang ditulis.")],
    seconds: Annotated[int | None, typer.Option("--seconds", help="Lama mencari, seluruhnya.")] = None,
    iterations: Annotated[
        int | None, typer.Option("--iterations", help="Putaran pencarian; hasilnya selalu sama.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Benih acak.")] = 0,
    bound_seconds: Annotated[
        int | None,
        typer.Option("--bound", min=0, help="Detik lagi untuk membuktikan biaya paling murah; 0 = tidak."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Hanya ringkasan JSON.")] = False,
) -> None:
    """Hitung rencana satu strategi, periksa, lalu tulis.

    Keluar 0 bila diterima pemeriksa; 1 bila ada set yang tertinggal (rencana ditulis dan menyebut sebabnya)
    atau tidak ada rencana; 2 bila berkas tidak dapat dibaca.
    """
    import msgspec

    from tepat.common.errors import Refused
    from tepat.common.whole_files import require_writable
    from tepat.distribution.bounds import judged_text
    from tepat.distribution.checker import load_matrices
    from tepat.distribution.documents import read_problem, write
    from tepat.distribution.plan_commands import require_sound, require_whole
    from tepat.distribution.solving import solve
    from tepat.solvers.bounding.proving import bound_file
    from tepat.solvers.pyvrp_engine import PyvrpEngine

    budget = budget_of(seconds, iterations)
    require_writable(out)
    problem = read_problem(problem_file)
    require_whole(problem)
    matrices = load_matrices(problem, problem_file.parent)
    with _shown(quiet=as_json) as listener:
        plan = solve(
            problem, strategy, matrices, engine=PyvrpEngine(), seed=seed, budget=budget, progress=listener
        )
    try:
        status = require_sound(problem, plan, matrices)
    except Refused as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(NOT_ACCEPTED) from error
    write(plan, out)
    default = BOUND_S if seconds is not None else 0
    bound = _bounded(problem, strategy, matrices, default if bound_seconds is None else bound_seconds)
    if bound is not None:
        write(bound, bound_file(out, strategy))
    if as_json:
        summary = {"status": status, "plan": str(out), "totals": plan.totals, "bound": bound}
        typer.echo(msgspec.json.encode(summary).decode())
    else:
        _tell(plan, status, out)
        if bound is not None and status == "accepted":
            typer.echo(judged_text(plan.totals.cost_rupiah, bound.bound_rupiah))
    raise typer.Exit(ACCEPTED if status == "accepted" else NOT_ACCEPTED)


def _bounded(problem: "Problem", strategy: str, matrices: "Matrices", seconds: int) -> "Bound | None":
    """Return the bound of a strategy, or None where it is not wanted or cannot be."""
    from tepat.common.errors import Refused
    from tepat.solvers.bounding.pricing import HAVE_COMPILER
    from tepat.solvers.bounding.proving import prove_bound

    if not (seconds and HAVE_COMPILER):
        return None
    try:
        return prove_bound(problem, strategy, matrices, seconds=seconds)
    except Refused as refused:
        typer.echo(str(refused), err=True)
        return None


def budget_of(seconds: int | None, iterations: int | None) -> "Budget":
    """Return the budget of a search; exactly one of the two is given.

    Raises:
        Refused: SOLVE-NO-BUDGET.
    """
    from tepat.common.errors import Refused
    from tepat.distribution.routing import Budget

    given = [number for number in (seconds, iterations) if number is not None]
    if len(given) != 1 or given[0] <= 0:
        raise Refused("SOLVE-NO-BUDGET", given=f"--seconds {seconds}, --iterations {iterations}")
    return Budget(iterations=iterations, seconds=seconds)


@contextmanager
def _shown(*, quiet: bool) -> "Iterator[Callable[[Progress], None] | None]":
    """Show progress as a bar on the error stream; say what broke down."""
    if quiet:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    from tepat.common.quantities import rupiah

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[best]}"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        tasks = {}

        def listen(progress: "Progress") -> None:
            if progress.part not in tasks:
                tasks[progress.part] = bar.add_task(progress.part, total=1.0, best="")
            best = "" if progress.best_rupiah is None else rupiah(progress.best_rupiah)
            bar.update(tasks[progress.part], completed=progress.share, best=best)
            if progress.trouble:
                console.print(f"{progress.part}: {progress.trouble}. Jawaban terbaik sejauh itu dipakai.")

        yield listen


def _tell(plan: "Plan", status: str, out: Path) -> None:
    from collections import Counter

    from tepat.common.quantities import grouped, kilometres, rupiah

    totals = plan.totals
    verdict = "diterima pemeriksa" if status == "accepted" else "BELUM LENGKAP"
    typer.echo(
        f"{out}: {verdict}. {rupiah(totals.cost_rupiah)}, {kilometres(totals.distance_m)}, "
        f"{totals.vehicle_days} hari kendaraan, {totals.trips} perjalanan, "
        f"{grouped(totals.units_served)} set terlayani, {grouped(totals.units_unserved)} tertinggal."
    )
    reasons = {each.code: each.reason for each in reversed(plan.unserved)}
    for code, count in Counter(each.code for each in plan.unserved).most_common():
        typer.echo(f"- {grouped(count)} set: {reasons[code]} [{code}]")
