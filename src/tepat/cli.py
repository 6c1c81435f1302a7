"""Every command, one line each. Heavy imports live inside them, so that `tepat --help` starts at once."""

import sys

import typer

from tepat.common.command_answers import answer_to
from tepat.common.messages import say
from tepat.custody import commands as custody
from tepat.distribution.commands import plan_app
from tepat.exchange.commands import export_app
from tepat.operations import commands as operations
from tepat.operations import demo_commands as demo
from tepat.packing import commands as packing
from tepat.planning import commands as planning
from tepat.planning import import_commands as imports
from tepat.publication import commands as publication
from tepat.roads.commands import app as roads_app
from tepat.solvers import commands as solvers
from tepat.solvers import many_commands as many
from tepat.solvers import path_commands as paths
from tepat.solvers.bounding import commands as bounding
from tepat.solvers.reason_commands import explain_plan
from tepat.solvers.replan_commands import replan
from tepat.solvers.warehouse_commands import choose_warehouses

USED_WRONGLY, STOPPED = 2, 130

app = typer.Typer(
    name="tepat",
    help="Logistik pemilu: tepat jenis, jumlah, waktu, aksesibel untuk semua, dan dapat dibuktikan.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # the plain help starts in half the time
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("serve")(demo.serve)
app.command("needs")(planning.needs)
app.command("import")(imports.import_command(imports.office_register))
app.add_typer(roads_app)
app.add_typer(plan_app)
app.command("labels")(packing.labels)
app.command("custody")(custody.custody)
app.command("siapkan")(operations.prepare)
app.command("backup")(operations.backup)
app.command("restore")(operations.restore)
app.command("doctor")(operations.doctor)
app.command("pekerja")(operations.worker)
app.command("akun")(operations.account)
app.add_typer(operations.latihan)
app.command("publish")(publication.publish)
app.command("verify")(publication.verify)
app.add_typer(publication.witness_app)
app.add_typer(export_app)
plan_app.command("solve")(solvers.solve_plan)
plan_app.command("many")(many.plan_many)
plan_app.command("bound")(bounding.bound_plan)
plan_app.command("replan")(replan)
plan_app.command("paths")(paths.choose)
plan_app.command("warehouses")(choose_warehouses)
plan_app.command("explain")(explain_plan)


@app.callback()
def tepat() -> None:
    """Keep the commands' names, however few there are."""


def main() -> None:
    """Run the command line; what a person can put right becomes one sentence and exit code 2."""
    try:
        code = app(standalone_mode=False)
    except Exception as error:  # noqa: BLE001 - `_say` raises again what it has no sentence for
        code = _say(error)
    if code == STOPPED:
        typer.echo(say("COMMAND-STOPPED", {}).text, err=True)
    sys.exit(code)


def _say(error: Exception) -> int:
    """Print the answer to an error and return the exit code; a defect of ours stays an exception."""
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(str(error), err=True)
        return USED_WRONGLY
    if isinstance(error, typer.Abort):
        return STOPPED
    answer = answer_to(error)
    if answer is None:
        raise error
    typer.echo(str(answer), err=True)
    return USED_WRONGLY
