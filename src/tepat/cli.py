"""Every command, one line each. Heavy imports live inside them, so that `tepat --help` starts at once."""

import sys

import typer

from tepat.common.errors import TepatError
from tepat.distribution.commands import plan_app
from tepat.operations import commands as operations
from tepat.operations import demo_commands as demo
from tepat.planning import commands as planning
from tepat.planning import import_commands as imports
from tepat.roads.commands import app as roads_app
from tepat.solvers import commands as solvers

app = typer.Typer(
    name="tepat",
    help="Logistik pemilu: tepat jenis, jumlah, waktu, aksesibel untuk semua, dan dapat dibuktikan.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("serve")(demo.serve)
app.command("needs")(planning.needs)
app.command("import")(imports.import_command(imports.office_register))
app.add_typer(roads_app)
app.add_typer(plan_app)
app.command("siapkan")(operations.prepare)
app.command("backup")(operations.backup)
app.command("restore")(operations.restore)
app.command("doctor")(operations.doctor)
app.command("pekerja")(operations.worker)
app.command("akun")(operations.account)
app.add_typer(operations.latihan)
plan_app.command("solve")(solvers.solve_plan)


@app.callback()
def tepat() -> None:
    """Keep the commands' names, however few there are."""


def main() -> None:
    """Run the command line; a `TepatError` becomes one sentence and exit code 2."""
    try:
        app()
    except TepatError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
