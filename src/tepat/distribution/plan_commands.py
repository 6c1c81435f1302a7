"""`tepat plan compare`: plans side by side; and what every command on a plan asks of it first."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tepat.distribution.case import Matrices
    from tepat.distribution.comparison import Comparison
    from tepat.distribution.plans import Plan
    from tepat.distribution.problems import Problem

ProblemFile = Annotated[Path, typer.Argument(metavar="problem.json", help="Masalah yang dijawab.")]


def compare_plans(
    problem_file: ProblemFile,
    plan_files: Annotated[list[Path], typer.Argument(metavar="plan.json…", help="Rencana-rencananya.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Hanya JSON.")] = False,
) -> None:
    """Bandingkan rencana dari satu masalah: satu kolom tiap strategi, dengan harga yang sama.

    Setiap rencana diperiksa dahulu; yang melanggar tidak ditampilkan.
    """
    import msgspec

    from tepat.distribution.checker import load_matrices
    from tepat.distribution.comparison import compare
    from tepat.distribution.documents import read_plan, read_problem

    problem = read_problem(problem_file)
    matrices = load_matrices(problem, problem_file.parent)
    plans = {file.name: read_plan(file) for file in plan_files}
    for plan in plans.values():
        require_sound(problem, plan, matrices)
    comparison = compare(problem, plans, matrices)
    if as_json:
        typer.echo(msgspec.json.encode(comparison).decode())
    else:
        _print_comparison(comparison)


def require_sound(problem: "Problem", plan: "Plan", matrices: "Matrices") -> str:
    """Return a plan's status, ``accepted`` or ``incomplete``; a plan that breaks a rule is not shown at all.

    Raises:
        Refused: SOLVE-NOT-ACCEPTED.
    """
    from tepat.common.errors import Refused
    from tepat.distribution.checker import check

    verdict = check(problem, plan, matrices)
    if verdict.status == "breached":
        breaches = [finding for finding in verdict.findings if finding.severity == "breach"]
        raise Refused("SOLVE-NOT-ACCEPTED", breaches=len(breaches), first=breaches[0].code)
    return verdict.status


def require_whole(problem: "Problem") -> None:
    """Refuse a problem whose parts don't hold together; nothing could be planned or checked with it.

    Raises:
        Refused: SOLVE-BAD-PROBLEM.
    """
    from tepat.common.errors import Refused
    from tepat.distribution.checker import problem_findings

    faults = [finding for finding in problem_findings(problem) if finding.severity == "breach"]
    if faults:
        raise Refused("SOLVE-BAD-PROBLEM", faults=len(faults), first=faults[0].as_json()["message"])


def _print_comparison(comparison: "Comparison") -> None:
    from rich.console import Console
    from rich.table import Table

    from tepat.distribution.comparison import table

    head, *rows = table(comparison)
    shown = Table(*head, title=f"{comparison.problem_id}: {comparison.tps} TPS, {comparison.voters} pemilih")
    for shown_column in shown.columns[1:]:
        shown_column.justify = "right"
    for row in rows:
        shown.add_row(*row)
    console = Console()
    console.print(shown)
    for column in comparison.columns:
        if column.baseline:
            console.print(f"{column.strategy}: {column.note}", highlight=False)
    for sentence in comparison.contoh:
        console.print(f"Contoh: {sentence}", highlight=False)
