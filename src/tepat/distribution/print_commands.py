"""`tepat plan print`: the papers of a plan. A plan that the checker does not accept is not printed."""

from pathlib import Path
from typing import Annotated

import typer


def print_plan(
    problem_file: Annotated[Path, typer.Argument(metavar="problem.json", help="Masalah yang dijawab.")],
    plan_file: Annotated[Path, typer.Argument(metavar="plan.json", help="Rencana yang dicetak.")],
    *,
    out: Annotated[Path, typer.Option(help="Folder untuk berkas PDF.")],
    settings: Annotated[
        Path | None,
        typer.Option("--kertas", help="Setelan kertas kantor (TOML): kop, nomor, penanda tangan."),
    ] = None,
    rehearsal: Annotated[bool, typer.Option("--latihan", help="Beri tanda air LATIHAN.")] = False,
) -> None:
    """Cetak draf surat jalan, BAST dan tanda terima dari rencana yang diterima pemeriksa.

    Kertas resmi dengan nomor seri dicetak dari layar Dokumen sesudah pleno menetapkan rencana.
    """
    from rich.progress import Progress

    from tepat.distribution.checker import check, load_matrices
    from tepat.distribution.documents import read_plan, read_problem, sha256
    from tepat.distribution.papers import Book, paper_settings, print_papers

    problem, plan = read_problem(problem_file), read_plan(plan_file)
    verdict = check(problem, plan, load_matrices(problem, problem_file.parent))
    if not verdict.accepted:
        typer.echo(
            "Rencana ini tidak diterima pemeriksa, jadi tidak dicetak. Lihat: tepat plan check", err=True
        )
        raise typer.Exit(1)
    kept = paper_settings(problem.office.name, path=settings)
    book = Book(problem, plan, sha256(plan), kept, rehearsal, draft=True)
    with Progress(transient=True) as bar:
        task = bar.add_task("Mencetak", total=None)
        files = print_papers(
            book, {}, out, progress=lambda done, every: bar.update(task, completed=done, total=every)
        )
    typer.echo(f"{len(files)} berkas PDF di {out}")
