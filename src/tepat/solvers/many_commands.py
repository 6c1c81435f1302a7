"""`tepat plan many`: a folder of problems, each in its own process, with one table at the end."""

import csv
import io
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tepat.solvers.many import Errand, Record

ACCEPTED, NOT_ACCEPTED = 0, 1
WORKERS_MAX = 64
TABLE_FILES = ("ringkasan.csv", "ringkasan.json")
WORDS = {"accepted": "diterima", "incomplete": "belum lengkap", "failed": "gagal"}


def plan_many(  # noqa: PLR0913 - typer reads one parameter for each option
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder berisi masalah-masalah.")],
    *,
    out: Annotated[Path | None, typer.Option("--out", help="Folder hasil; biasanya DIR/rencana.")] = None,
    strategy: Annotated[str, typer.Option("--strategy", help="Nama strategi; kosong = yang pertama.")] = "",
    seconds: Annotated[int | None, typer.Option("--seconds", help="Lama mencari tiap masalah.")] = None,
    iterations: Annotated[int | None, typer.Option("--iterations", help="Putaran tiap masalah.")] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Benih acak.")] = 1,
    workers: Annotated[int, typer.Option("--workers", min=1, max=WORKERS_MAX, help="Masalah sekaligus.")] = 2,
    memory_mb: Annotated[
        int, typer.Option("--memory-mb", min=500, help="Memori paling banyak tiap masalah.")
    ] = 4_000,
    ray: Annotated[str | None, typer.Option("--ray", help="Alamat cluster Ray (butuh tepat[ray]).")] = None,
) -> None:
    """Hitung rencana untuk banyak kantor: tiap masalah di prosesnya sendiri, yang sudah selesai dilewati.

    Proses yang macet atau mati hanya merugikan masalahnya, yang dicoba sekali lagi. Keluar 0 bila semua
    diterima pemeriksa; 1 bila ada yang tidak; 2 bila folder atau pilihan tidak dapat dipakai.
    """
    from tepat.common.errors import Refused
    from tepat.solvers.many import Many, errands_in

    if [each is not None and each > 0 for each in (seconds, iterations)].count(True) != 1:
        raise Refused("SOLVE-NO-BUDGET", given=f"--seconds {seconds}, --iterations {iterations}")
    target = out or folder / "rencana"
    errands = errands_in(folder, target)
    terms: dict[str, Any] = {
        "strategy": strategy,
        "seconds": seconds,
        "iterations": iterations,
        "seed": seed,
        "workers": workers,
        "memory_mb": memory_mb,
    }
    with _progress(len(errands)) as tell:
        if ray is not None:
            from tepat.solvers.many_ray import run_on_ray

            records = run_on_ray(ray, terms, errands, tell)
        else:
            records = Many(**terms).run(errands, tell)
    _write(target, records, errands)
    _print(records, target)
    raise typer.Exit(ACCEPTED if all(each.status == "accepted" for each in records) else NOT_ACCEPTED)


@contextmanager
def _progress(total: int) -> "Iterator[Callable[[Record], None]]":
    """Show a bar on the error stream, and one line for each problem that ends."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("Menghitung", total=total)

        def tell(record: "Record") -> None:
            bar.advance(task)
            how = "sudah ada" if record.skipped else f"{record.took_s:.0f} detik"
            again = " (percobaan kedua)" if record.tries > 1 and not record.skipped else ""
            console.print(f"{record.problem}: {WORDS[record.status]}, {how}{again}", highlight=False)

        yield tell


def _write(target: Path, records: "Sequence[Record]", errands: "Sequence[Errand]") -> None:
    import msgspec

    from tepat.common.whole_files import write_whole

    assert len(records) == len(errands)
    rows = [msgspec.to_builtins(each) for each in records]
    stream = io.StringIO()
    table = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    target.mkdir(parents=True, exist_ok=True)
    write_whole(target / TABLE_FILES[0], stream.getvalue().encode())
    write_whole(target / TABLE_FILES[1], msgspec.json.format(msgspec.json.encode(records), indent=1))


def _print(records: "Sequence[Record]", target: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    from tepat.common.quantities import grouped, kilometres, rupiah

    shown = Table("Masalah", "Strategi", "Keadaan", "Biaya", "Jarak", "Perjalanan", "Detik")
    for each in records:
        shown.add_row(
            each.problem,
            each.strategy,
            WORDS[each.status],
            rupiah(each.cost_rupiah) if each.cost_rupiah is not None else "",
            kilometres(each.distance_m) if each.distance_m is not None else "",
            grouped(each.trips) if each.trips is not None else "",
            f"{each.took_s:.0f}",
        )
    console = Console()
    console.print(shown)
    for each in records:
        if each.note:
            console.print(f"- {each.problem}: {each.note}", highlight=False)
    done = sum(each.status == "accepted" for each in records)
    console.print(f"{done} dari {len(records)} diterima. Tabel: {target / TABLE_FILES[0]}", highlight=False)
