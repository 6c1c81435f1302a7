"""`tepat plan check`: is this plan a good answer to this problem?"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tepat.distribution.checker import Verdict

ACCEPTED, NOT_ACCEPTED = 0, 1

MARKS = {"met": "dipenuhi", "breached": "DILANGGAR", "unknown": "belum dapat dikatakan"}
ANSWERS = {
    "accepted": "Rencana DITERIMA.",
    "incomplete": "Rencana BELUM LENGKAP: ada yang tertinggal.",
    "breached": "Rencana DITOLAK: ada yang melanggar.",
}


def check_plan(
    problem_file: Annotated[Path, typer.Argument(metavar="problem.json", help="Masalah yang dijawab.")],
    plan_file: Annotated[Path, typer.Argument(metavar="plan.json", help="Rencana yang diperiksa.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Hanya baris JSON, tanpa ringkasan.")] = False,
) -> None:
    """Periksa rencana: hitung ulang setiap muatan, jam, jalur, orang dan rupiah.

    Setiap temuan satu baris JSON, lalu koridor aturan, terakhir ringkasan. Keluar 0 bila diterima,
    1 bila tidak, 2 bila berkas tidak dapat dibaca.
    """
    from tepat.distribution.checker import check, load_matrices
    from tepat.distribution.documents import read_plan, read_problem

    problem = read_problem(problem_file)
    plan = read_plan(plan_file)
    verdict = check(problem, plan, load_matrices(problem, problem_file.parent))
    for finding in verdict.findings:
        _line(finding.as_json())
    for rule in verdict.rules:
        _line(rule.as_json())
    _line(verdict.summary())
    if not as_json:
        _for_people(verdict)
    raise typer.Exit(ACCEPTED if verdict.accepted else NOT_ACCEPTED)


def _line(row: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


def _for_people(verdict: "Verdict") -> None:
    """Say the same on the other stream, in words, so that stdout stays one JSON document a line."""
    summary = verdict.summary()
    for rule in verdict.rules:
        typer.echo(f"{MARKS[rule.verdict]:>22}  {rule.title} ({rule.source}). {rule.detail}", err=True)
    typer.echo(
        f"{ANSWERS[verdict.status]} {summary['breaches']} pelanggaran, {summary['incomplete']} tertinggal, "
        f"{summary['warnings']} peringatan; aturan: {summary['rules_met']} dipenuhi, "
        f"{summary['rules_breached']} dilanggar, {summary['rules_unknown']} belum dapat dikatakan.",
        err=True,
    )
