"""`tepat plan bound`: how cheap a strategy can possibly be, from files, without a server."""

from pathlib import Path
from typing import Annotated

import typer


def bound_plan(
    problem_file: Annotated[Path, typer.Argument(metavar="problem.json", help="Masalah yang dijawab.")],
    *,
    strategy: Annotated[str, typer.Option("--strategy", help="Nama salah satu strateginya.")],
    seconds: Annotated[int, typer.Option("--seconds", min=1, max=3600, help="Lama mencari.")] = 20,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Berkas hasil; bawaan: bound-STRATEGI.json di samping masalahnya."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Hanya JSON.")] = False,
) -> None:
    """Buktikan biaya paling murah yang mungkin bagi satu strategi.

    Angkanya sah kapan pun dihentikan; waktu lebih lama hanya dapat menaikkannya.
    """
    import msgspec

    from tepat.common.whole_files import require_writable
    from tepat.distribution.bounds import bound_text
    from tepat.distribution.checker import load_matrices
    from tepat.distribution.documents import read_problem, write
    from tepat.distribution.plan_commands import require_whole
    from tepat.solvers.bounding.proving import bound_file, prove_bound

    target = out or bound_file(problem_file, strategy)
    require_writable(target)
    problem = read_problem(problem_file)
    require_whole(problem)
    matrices = load_matrices(problem, problem_file.parent)
    bound = prove_bound(problem, strategy, matrices, seconds=seconds)
    write(bound, target)
    if as_json:
        typer.echo(msgspec.json.encode(bound).decode())
        return
    more = "tidak dapat naik lagi" if bound.converged else "waktu lebih lama dapat menaikkannya"
    typer.echo(f"{target}: {bound_text(bound.bound_rupiah)} ({more}).")
    typer.echo(f"Berlaku selama {'; '.join(bound.assumed)}.")
