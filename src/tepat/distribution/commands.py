"""`tepat plan …`: the commands that work on problem.json and plan.json, without a server or a database."""

import typer

from tepat.distribution.check_commands import check_plan

plan_app = typer.Typer(
    name="plan",
    help="Rencana distribusi: hitung, periksa, bandingkan, jelaskan.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

plan_app.command("check")(check_plan)
