"""`tepat plan print`: the papers of a plan. A plan that the checker does not accept is not printed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tepat.distribution.plan_papers import Source


def print_plan(
    problem_file: Annotated[Path, typer.Argument(metavar="problem.json", help="Masalah yang dijawab.")],
    plan_file: Annotated[Path, typer.Argument(metavar="plan.json", help="Rencana yang dicetak.")],
    *,
    out: Annotated[Path, typer.Option(help="Folder untuk berkas PDF.")],
    settings: Annotated[
        Path | None,
        typer.Option("--kertas", help="Setelan kertas kantor (TOML): kop, nomor, penanda tangan."),
    ] = None,
    beside: Annotated[
        list[Path] | None,
        typer.Option("--banding", help="Rencana lain dari masalah yang sama, untuk naskah strategi."),
    ] = None,
    rehearsal: Annotated[bool, typer.Option("--latihan", help="Beri tanda air LATIHAN.")] = False,
) -> None:
    """Cetak draf semua kertas dari rencana yang diterima pemeriksa.

    Surat jalan, BAST dan tanda terima; naskah strategi, RAB, rencana pengawalan, petikan dan jadwal, yang
    tabelnya juga ditulis sebagai XLSX dan CSV.

    Kertas resmi dengan nomor seri dicetak dari layar Dokumen sesudah pleno menetapkan rencana.
    """
    from rich.progress import Progress

    from tepat.distribution.checker import check, load_matrices
    from tepat.distribution.comparison import compare
    from tepat.distribution.documents import read_plan, read_problem, sha256
    from tepat.distribution.papers import Book, paper_settings, print_papers
    from tepat.distribution.plan_papers import Source

    problem, plan = read_problem(problem_file), read_plan(plan_file)
    matrices = load_matrices(problem, problem_file.parent)
    verdict = check(problem, plan, matrices)
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
    others = {str(file): read_plan(file) for file in beside or ()}
    columns = compare(problem, {str(plan_file): plan, **others}, matrices).columns
    files += write_documents(Source(book, columns), out)
    typer.echo(f"{sum(file.suffix == '.pdf' for file in files)} berkas PDF di {out}")


def write_documents(source: "Source", out: Path) -> list[Path]:
    """Write the papers of the plan as a whole, each kind as PDF and each table as XLSX and CSV."""
    from tepat.common.tables import as_csv, as_xlsx
    from tepat.common.whole_files import write_whole
    from tepat.distribution.papers import print_batches
    from tepat.distribution.papers.typesetting import Sheet
    from tepat.distribution.plan_papers import PLAN_KINDS, documents_of, papers_of_plan

    written = []
    for kind in PLAN_KINDS:
        sheet = Sheet.of(source.book)
        written += [sheaf.file for sheaf in print_batches(sheet, papers_of_plan(source, kind), out)]
        for made in documents_of(source, kind):
            for table in made.tables:
                for suffix, raw in (("xlsx", as_xlsx(table, [made.title, made.to])), ("csv", as_csv(table))):
                    written.append(out / f"{table.id}.{suffix}")
                    write_whole(written[-1], raw)
    return written
