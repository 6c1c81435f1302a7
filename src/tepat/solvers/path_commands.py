"""`tepat plan paths`: the path of each kecamatan chosen by solving; no server, no database, no Django."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tepat.distribution.path_choice import Trial
    from tepat.distribution.problems import Path as Way

ACCEPTED, NOT_ACCEPTED = 0, 1


def choose(
    problem_file: Annotated[Path, typer.Argument(metavar="problem.json", help="Masalah yang dijawab.")],
    *,
    out: Annotated[
        Path, typer.Option("--out", help="Folder untuk masalah dengan jalur terpilih dan rencananya.")
    ],
    fixed: Annotated[
        list[str] | None,
        typer.Option(
            "--fixed", help="KODE=langsung atau KODE=lewat-ppk: sudah diputuskan kantor; boleh berulang."
        ),
    ] = None,
    seconds: Annotated[int, typer.Option("--seconds", min=1, help="Lama mencari, seluruhnya.")] = 120,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Benih acak.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Hanya ringkasan JSON.")] = False,
) -> None:
    """Pilih jalur tiap kecamatan: langsung ke PPS atau lewat PPK, dengan menghitung keduanya.

    Ditulis: problem.json dengan strategi "pilihan-tepat", matriksnya, dan plan-pilihan-tepat.json. Keluar 0
    bila rencananya diterima pemeriksa; 1 bila ada set yang tertinggal.
    """
    import msgspec

    from tepat.common.quantities import rupiah
    from tepat.distribution.checker import load_matrices
    from tepat.distribution.documents import read_problem, write, write_beside
    from tepat.distribution.path_choice import NAME, choose_paths
    from tepat.distribution.plan_commands import require_sound, require_whole
    from tepat.distribution.routing import Budget
    from tepat.solvers.pyvrp_engine import PyvrpEngine

    problem = read_problem(problem_file)
    require_whole(problem)
    matrices = load_matrices(problem, problem_file.parent)
    chosen = choose_paths(
        problem,
        matrices,
        engine=PyvrpEngine(),
        seed=seed,
        budget=Budget(seconds=seconds),
        fixed=dict(_fixed(text) for text in fixed or ()),
    )
    status = require_sound(chosen.problem, chosen.plan, matrices)
    write_beside(chosen.problem, problem_file, out)
    plan_file = out / f"plan-{NAME}.json"
    write(chosen.plan, plan_file)
    totals = chosen.plan.totals
    if as_json:
        summary = {"status": status, "plan": str(plan_file), "totals": totals, "paths": chosen.trials}
        typer.echo(msgspec.json.encode(summary).decode())
    else:
        for trial in chosen.trials:
            typer.echo(_sentence(trial))
        left = f", {totals.units_unserved} set tertinggal" if totals.units_unserved else ""
        typer.echo(f"{plan_file}: {rupiah(totals.cost_rupiah)}{left}.")
    raise typer.Exit(ACCEPTED if status == "accepted" else NOT_ACCEPTED)


def _fixed(text: str) -> "tuple[str, Way]":
    from tepat.common.errors import Refused

    place, _, way = text.partition("=")
    if way == "langsung":
        return place, "langsung"
    if way == "lewat-ppk":
        return place, "lewat-ppk"
    raise Refused("PATHS-FIXED", given=text)


def _sentence(trial: "Trial") -> str:
    from tepat.common.quantities import rupiah
    from tepat.distribution.path_choice import OTHER, WORDS

    start = f"{trial.name}: {WORDS[trial.path]}"
    if trial.fixed:
        return f"{start} (diputuskan kantor)"
    other = WORDS[OTHER[trial.path]]
    if trial.other_rupiah is None and not trial.other_unserved:
        return f"{start}; {other} tidak lebih murah sesudah dicari lebih lama"
    if trial.other_rupiah is None:
        return f"{start}; {other} meninggalkan {trial.other_unserved} set lagi"
    return f"{start}; {other} {rupiah(trial.other_rupiah)} lebih mahal"
