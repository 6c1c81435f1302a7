"""`tepat plan replan`: go on from the middle of a day, without a server, a database or Django."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from tepat.distribution.plans import Plan
    from tepat.distribution.problems import Problem
    from tepat.distribution.replanning import Changes

ACCEPTED, NOT_ACCEPTED = 0, 1


def replan(  # noqa: PLR0913 - typer reads one parameter for each option
    problem_file: Annotated[Path, typer.Argument(metavar="problem.json", help="Masalah yang dijawab.")],
    plan_file: Annotated[Path, typer.Argument(metavar="plan.json", help="Rencana yang sedang berjalan.")],
    *,
    at: Annotated[str, typer.Option("--at", help="Saat ini, jam kantor: 2024-02-11T11:00.")],
    lost: Annotated[
        list[str] | None, typer.Option("--lost", help="Kendaraan yang tidak jalan lagi; boleh berulang.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder untuk masalah terkunci dan kedua rencana.")],
    seconds: Annotated[int, typer.Option("--seconds", min=1, help="Lama mencari, tiap rencana.")] = 5,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Benih acak.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Hanya ringkasan JSON.")] = False,
) -> None:
    """Susun ulang dari tengah hari: yang sudah berangkat tetap, sisanya dicarikan jalan.

    Dua pilihan ditulis: `plan-…-tetap.json` (yang lain tidak dipindah) dan `plan-…-termurah.json`. Kendaraan
    yang hilang dianggap menyelesaikan perjalanan yang sudah dimulainya. Keluar 0 bila keduanya diterima
    pemeriksa; 1 bila ada set yang tertinggal.
    """
    import msgspec

    from tepat.common.errors import Refused
    from tepat.distribution.checker import load_matrices
    from tepat.distribution.documents import read_plan, read_problem, write, write_beside
    from tepat.distribution.plan_commands import require_sound
    from tepat.distribution.replanning import Setback, both_ways, changes, locked_problem
    from tepat.distribution.routing import Budget
    from tepat.solvers.pyvrp_engine import PyvrpEngine

    if (out / problem_file.name).exists():
        raise Refused("REPLAN-FOLDER", folder=out)
    problem, plan = read_problem(problem_file), read_plan(plan_file)
    matrices = load_matrices(problem, problem_file.parent)
    setback = Setback(_moment(at, problem), tuple(lost or ()))
    found = both_ways(
        problem,
        plan,
        matrices,
        setback=setback,
        engine=PyvrpEngine(),
        seed=seed,
        budget=Budget(seconds=seconds),
    )
    locked = locked_problem(problem, plan, setback.at)
    status = {new.strategy: require_sound(locked, new, matrices) for new in found.values()}
    write_beside(locked, problem_file, out)
    told = {}
    for new in found.values():
        write(new, out / f"plan-{new.strategy}.json")
        told[new.strategy] = changes(plan, new, setback)
    if as_json:
        summary = {name: {"status": status[name], **msgspec.to_builtins(told[name])} for name in told}
        typer.echo(msgspec.json.encode(summary).decode())
    else:
        for new in found.values():
            _tell(new, told[new.strategy], out)
    raise typer.Exit(NOT_ACCEPTED if "incomplete" in status.values() else ACCEPTED)


def _moment(text: str, problem: "Problem") -> "datetime":
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from tepat.common.errors import Refused

    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused("REPLAN-MOMENT", given=text) from error
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(problem.office.time_zone))


def _tell(new: "Plan", told: "Changes", out: Path) -> None:
    from tepat.common.quantities import grouped, rupiah

    sign = "+" if told.cost_rupiah >= 0 else "−"
    typer.echo(
        f"{out / f'plan-{new.strategy}.json'}: {rupiah(new.totals.cost_rupiah)} "
        f"({sign}{rupiah(abs(told.cost_rupiah))}); dari {grouped(told.units)} set yang belum berangkat "
        f"{grouped(told.moved)} dipindah tanpa harus, {grouped(told.unserved)} tertinggal."
    )
