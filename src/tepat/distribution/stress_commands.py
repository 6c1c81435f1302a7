"""`tepat plan stress`: how often a plan is in time when rain, a breakdown or a shut bridge comes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tepat.distribution.stress.report import StressReport, Weak
    from tepat.distribution.stress.results import PlaceChance

HELD, NOT_HELD = 0, 1


def stress_plan(  # noqa: PLR0913 - typer reads one parameter for each option
    problem_file: Annotated[Path, typer.Argument(metavar="problem.json", help="Masalah yang dijawab.")],
    plan_file: Annotated[Path, typer.Argument(metavar="plan.json", help="Rencana yang diuji.")],
    *,
    scenarios: Annotated[
        Path | None, typer.Option("--scenarios", help="Daftar gangguan (TOML); tanpa ini daftar contoh.")
    ] = None,
    replays: Annotated[int, typer.Option("--replays", help="Berapa kali diulang.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Benih acak.")] = 1,
    hold: Annotated[
        int | None, typer.Option("--hold", help="Peluang tiap PPS yang harus dicapai, dalam persen.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Berkas JSON yang ditulis.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Hanya JSON.")] = False,
) -> None:
    """Uji ketahanan rencana: seberapa sering tiap PPS tepat waktu bila ada gangguan, dan apa yang menolong.

    Keluar 0; 1 bila --hold diminta dan ada PPS yang tidak mencapainya; 2 bila berkas tidak dapat dipakai.
    """
    import msgspec

    from tepat.common.whole_files import require_writable
    from tepat.distribution.checker import load_matrices
    from tepat.distribution.documents import read_plan, read_problem, write
    from tepat.distribution.stress.report import Terms, require_terms, stress
    from tepat.distribution.stress.scenarios import example_scenarios, read_scenarios

    chosen = read_scenarios(scenarios) if scenarios is not None else example_scenarios()
    terms = Terms(replays=replays, seed=seed, scenarios=chosen, hold_percent=hold)
    require_terms(terms)
    if out is not None:
        require_writable(out)
    problem = read_problem(problem_file)
    plan = read_plan(plan_file)
    matrices = load_matrices(problem, problem_file.parent)
    report = stress(problem, plan, matrices, terms, None if as_json else _tell)
    if out is not None:
        write(report, out)
    if as_json:
        typer.echo(msgspec.json.encode(report).decode())
    else:
        _print(report)
    raise typer.Exit(NOT_HELD if report.held is not None and report.held.below_after else HELD)


def _tell(words: str) -> None:
    typer.echo(words, err=True)


def _print(report: "StressReport") -> None:
    from rich.console import Console
    from rich.table import Table

    terms = report.terms
    title = f"{report.strategy}: {terms.replays} ulangan, benih {terms.seed}. Sepuluh PPS terlemah."
    shown = Table("PPS", "TPS", "Tepat waktu", "Selang 95%", "Sampai KPPS pada batasnya", title=title)
    for weak in report.weakest:
        shown.add_row(weak.chance.name, str(weak.chance.tps), *percents(weak.chance))
    console = Console()
    console.print(shown)
    for weak in report.weakest:
        console.print(f"- {weak.chance.name}: {remedy_sentence(weak)}.", highlight=False)
    names = ", ".join(each.title for each in terms.scenarios.scenario)
    mark = " (contoh)" if terms.scenarios.contoh else ""
    console.print(f"Gangguan{mark}: {names}.", highlight=False)
    for line in held_sentences(report):
        console.print(line, highlight=False)


def percents(chance: "PlaceChance") -> tuple[str, str, str]:
    """Return in words how often a PPS is in time, between which bounds, and how often its KPPS are."""
    low, high = chance.on_time.low_basis_points / 100, chance.on_time.high_basis_points / 100
    between = f"{percent(low)}–{percent(high)}"
    return percent(chance.on_time.percent), between, percent(chance.handed_over.percent)


def remedy_sentence(weak: "Weak") -> str:
    """Return the cheapest remedy found for a PPS in words."""
    from tepat.common.quantities import rupiah

    remedy = weak.remedy
    if remedy is None:
        return f"tidak ada yang menolong dari {len(weak.looks)} cara yang dicoba"
    return f"{remedy.says}, menjadi {percent(remedy.after.percent)}, tambahan {rupiah(remedy.rupiah)}"


def percent(number: float) -> str:
    """Return a share in percent with one decimal, such as ``97,5%``."""
    from tepat.common.quantities import decimal_comma

    return f"{decimal_comma(number, 1)}%"


def held_sentences(report: "StressReport") -> list[str]:
    """Return in words what a promise asks for; nothing where none was asked for."""
    from tepat.common.quantities import grouped, rupiah

    held, names = report.held, {each.place: each.name for each in report.places}
    if held is None:
        return []
    first = (
        f"Janji {held.percent}%: {grouped(held.below_before)} PPS di bawahnya, "
        f"sesudah {len(held.steps)} langkah {grouped(held.below_after)} PPS; tambahan {rupiah(held.rupiah)}."
    )
    said = [first]
    said += [
        f"Langkah {number}. {step.says}: {names[step.place]} dari {percent(step.before.percent)} menjadi "
        f"{percent(step.after.percent)}, {rupiah(step.rupiah)}."
        for number, step in enumerate(held.steps, 1)
    ]
    said += [
        f"Belum tercapai: {names[place]}. Dicoba {len(looks)} cara, tidak satu pun menolong."
        for place, looks in held.beyond.items()
    ]
    if held.untried:
        left = ", ".join(names[place] for place in held.untried)
        said.append(f"Belum dicoba karena batas langkah: {left}.")
    return said
