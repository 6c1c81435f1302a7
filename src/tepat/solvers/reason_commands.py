"""`tepat plan explain`: what binds a plan, what the next best costs, what would serve what is left behind."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tepat.distribution.reasons.limits import Explanation
    from tepat.distribution.reasons.next_best import NextBest
    from tepat.distribution.reasons.smallest import Remedy

ANSWERED, NOTHING_SERVES = 0, 1

TRY_S = 3
"""Seconds of search for each change that is tried."""


def explain_plan(  # noqa: PLR0913 - typer reads one parameter for each option
    problem_file: Annotated[Path, typer.Argument(metavar="problem.json", help="Masalah yang dijawab.")],
    plan_file: Annotated[Path, typer.Argument(metavar="plan.json", help="Rencana.")],
    subject: Annotated[
        str | None,
        typer.Argument(
            metavar="YANG-DITANYAKAN",
            help="Kode tempat, set, kendaraan atau gudang, nomor perjalanan, tanggal, atau jalur:PPK; "
            "kosong = seluruh rencana.",
        ),
    ] = None,
    *,
    next_best: Annotated[
        bool,
        typer.Option("--next", help="Hitung juga pilihan lain dan biayanya, tiap pilihan dicari sungguh."),
    ] = False,
    relax: Annotated[
        bool, typer.Option("--relax", help="Cari keputusan paling sedikit yang melayani set yang tertinggal.")
    ] = False,
    seconds: Annotated[int, typer.Option("--seconds", min=1, help="Lama mencari, tiap pilihan.")] = TRY_S,
    iterations: Annotated[
        int | None,
        typer.Option(
            "--iterations", min=1, help="Putaran tiap pilihan, menggantikan --seconds; hasilnya sama."
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Benih acak.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Hanya JSON.")] = False,
) -> None:
    """Jelaskan apa yang mengikat rencana atau satu bagiannya, apa pilihan lainnya, dan berapa biayanya.

    Dengan --relax: keputusan paling sedikit (satu kendaraan lagi, satu jam lebih awal, jalur lain, …) yang
    melayani set yang tertinggal, masing-masing dihitung. Keluar 1 bila tidak satu pun ditemukan.
    """
    import msgspec

    from tepat.distribution.case import open_case
    from tepat.distribution.checker import load_matrices
    from tepat.distribution.documents import read_plan, read_problem
    from tepat.distribution.plan_commands import require_sound
    from tepat.distribution.reasons.explaining import explain
    from tepat.distribution.reasons.next_best import next_best as cost_of_others
    from tepat.distribution.reasons.smallest import smallest_remedy, unserved_of
    from tepat.distribution.reasons.subjects import subject_of
    from tepat.distribution.reasons.trying import Search
    from tepat.distribution.routing import Budget
    from tepat.solvers.pyvrp_engine import PyvrpEngine

    problem, plan = read_problem(problem_file), read_plan(plan_file)
    matrices = load_matrices(problem, problem_file.parent)
    require_sound(problem, plan, matrices)
    case = open_case(problem, plan.strategy, matrices)
    asked = subject_of(case, plan, subject)
    budget = Budget(seconds=seconds) if iterations is None else Budget(iterations=iterations)
    search = Search(PyvrpEngine(), budget, seed)
    tell = None if as_json else _tell
    why = explain(case, plan, subject)
    others = cost_of_others(case, plan, asked, search, tell) if next_best else None
    units = unserved_of(case, plan, asked) if relax else ()
    remedy = smallest_remedy(case, plan, units, search, tell) if relax else None
    if as_json:
        answer = msgspec.to_builtins(why) | {"next": others, "remedy": remedy}
        typer.echo(msgspec.json.encode(answer).decode())
    else:
        _print(why, others, remedy)
    raise typer.Exit(NOTHING_SERVES if remedy is not None and remedy.size is None else ANSWERED)


def _tell(words: str, done: int, total: int) -> None:
    typer.echo(f"{done + 1} dari paling banyak {total}. {words}", err=True)


def _print(why: "Explanation", others: "NextBest | None", remedy: "Remedy | None") -> None:
    from tepat.distribution.reasons.words import (
        OUTCOME_WORDS,
        next_best_sentences,
        price_words,
        remedy_sentences,
    )

    binds = ", ".join(why.binds) or "tidak ada yang penuh atau sempit"
    typer.echo(f"{why.kind} {why.subject}. Yang mengikat: {binds}.")
    for sentence in why.says:
        typer.echo(f"- {sentence}")
    for limit in why.limits:
        mark = " (mengikat)" if limit.binds else ""
        typer.echo(f"  {limit.name}: {limit.used}; batas {limit.limit}; sisa {limit.left or '-'}{mark}")
    if others is not None:
        for sentence in next_best_sentences(others):
            typer.echo(sentence)
        for tried in others.tried:
            found = price_words(tried.rupiah) if tried.rupiah is not None else OUTCOME_WORDS[tried.outcome]
            typer.echo(f"  {tried.says}: {found}{f'. {tried.reason}' if tried.reason else ''}")
    if remedy is not None:
        for sentence in remedy_sentences(remedy):
            typer.echo(sentence)
