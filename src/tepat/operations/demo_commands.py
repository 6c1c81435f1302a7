"""`tepat demo` and `tepat serve`: the main job on an area, and the office's screens on this machine."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tepat.operations.demo import Effort, Run, Summary
    from tepat.operations.demo_folder import Holding

OFFICE_PORT, REHEARSAL_PORT = 8000, 8001
Port = Annotated[int, typer.Option(min=1024, max=65535, help="Port di mesin ini.")]


def demo(  # noqa: PLR0913 - typer reads one parameter for each option
    area: Annotated[str, typer.Argument(help='Kode kabupaten/kota, seperti 33.73, atau "blora".')] = "blora",
    *,
    out: Annotated[Path, typer.Option(help="Folder untuk hasilnya.")] = Path("contoh"),
    election: Annotated[str, typer.Option(help="Pemilihan.")] = "pemilu-2024",
    seconds: Annotated[int, typer.Option(min=1, max=3600, help="Detik mencari tiap strategi.")] = 6,
    seed: Annotated[int, typer.Option(min=0, help="Benih acak.")] = 1,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Hitung saja, jangan buka layar.")] = False,
    papers: Annotated[bool, typer.Option(help="Cetak juga kertas rencana termurah.")] = True,
    port: Port = OFFICE_PORT,
) -> None:
    """Kerjakan contoh satu wilayah dari daftar TPS sampai rencana yang diperiksa, lalu buka layarnya."""
    from tepat.operations.demo import Effort, open_run
    from tepat.operations.demo_folder import held
    from tepat.operations.serving import require_free

    run = open_run(area, election, out.resolve(), typer.echo)
    with held(run.out) as holding:
        if holding.sentence:
            typer.echo(holding.sentence)
        if not no_serve:
            require_free(port)
        summary = _compute(run, Effort(seconds, seed), holding, papers=no_serve and papers)
        typer.echo(f"Hasil di {out}")
        if no_serve:
            raise typer.Exit(0 if any(each.feasible for each in summary.strategies) else 1)
        _show(run, holding, port=port)


def _compute(run: "Run", effort: "Effort", holding: "Holding", *, papers: bool) -> "Summary":
    from tepat.solvers.pyvrp_engine import PyvrpEngine

    holding.step("menyusun kebutuhan dan masalah")
    typer.echo(f"Contoh: {run.area.name}, {len(run.sample)} TPS, {run.election}")
    typer.echo(f"Kebutuhan: {run.write_workbook().name}")
    problem = run.write_problem()
    holding.step("menghitung rencana")
    typer.echo(f"Masalah: {problem.name}, {len(run.problem.places)} tempat")
    run.solve_all(PyvrpEngine(), effort)
    if papers:
        holding.step("mencetak kertas")
        _print_papers(run)
    summary = run.write_summary()
    for sentence in summary.contoh:
        typer.echo(f"Contoh: {sentence}")
    return summary


def _print_papers(run: "Run") -> None:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(transient=True, console=Console(stderr=True)) as bar:
        task = bar.add_task("Mencetak kertas", total=None)
        run.print_papers(lambda done, every: bar.update(task, completed=done, total=every))
    typer.echo(f"Kertas: {len(run.papers)} berkas PDF")


def _show(run: "Run", holding: "Holding", *, port: int) -> None:
    """Serve an office of the demo's own, in its folder; the real office is not touched."""
    os.environ["TEPAT_HOME"] = str(run.out / "kantor")
    from tepat.common.clock import now
    from tepat.operations.demo_office import open_demo_office
    from tepat.operations.serving import serve as run_server

    holding.step("menyiapkan kantor contoh")
    open_demo_office(run.out, run.area.code, at=now(), tell=typer.echo)
    holding.step("")
    run_server(port)


def serve(
    *,
    port: Annotated[
        int | None, typer.Option(min=1024, max=65535, help="Port; biasanya 8000, latihan 8001.")
    ] = None,
    latihan: Annotated[
        bool, typer.Option("--latihan", help="Mode Latihan: buku terpisah, disiapkan bila belum ada.")
    ] = False,
) -> None:
    """Buka layar kantor di mesin ini (127.0.0.1) bersama pekerja latar, sampai dihentikan dengan Ctrl+C."""
    from tepat.common import start
    from tepat.common.home import is_yes
    from tepat.operations.serving import serve as run_server

    if latihan:
        os.environ["TEPAT_LATIHAN"] = "1"
    rehearsing = is_yes(os.environ.get("TEPAT_LATIHAN"))
    start.django()
    from tepat.operations.migrating import migrate

    if rehearsing:
        _open_rehearsal()
    migrate()
    run_server(port or (REHEARSAL_PORT if rehearsing else OFFICE_PORT))


def _open_rehearsal() -> None:
    """Make the rehearsal's ledger with the office's register where there is none, and say how to sign in."""
    from tepat.operations.rehearsal import ensure_rehearsal

    if ensure_rehearsal():
        typer.echo("Buku latihan disiapkan dengan register kantor ini.")
    from tepat.common.models import Account

    if not Account.objects.exists():
        typer.echo(
            'Belum ada akun latihan. Buat dengan: TEPAT_LATIHAN=1 tepat akun kul --role KUL --name "Peserta"'
        )
