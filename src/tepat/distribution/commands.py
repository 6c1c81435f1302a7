"""`tepat plan …`: the commands that work on problem.json and plan.json, without a server or a database."""

import typer

from tepat.distribution.check_commands import check_plan
from tepat.distribution.plan_commands import compare_plans
from tepat.distribution.print_commands import print_plan
from tepat.distribution.stress_commands import stress_plan

plan_app = typer.Typer(
    name="plan",
    help="Rencana distribusi: hitung, periksa, bandingkan, jelaskan, uji.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

plan_app.command("check")(check_plan)
plan_app.command("compare")(compare_plans)
plan_app.command("print")(print_plan)
plan_app.command("stress")(stress_plan)
