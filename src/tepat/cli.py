"""Every command, one line each. Heavy imports live inside the commands, so that `tepat --help` starts at once."""

import sys

import typer

from tepat.common.errors import TepatError
from tepat.operations import commands as operations
from tepat.planning import commands as planning

app = typer.Typer(
    name="tepat",
    help="Logistik pemilu: tepat jenis, tepat jumlah, tepat waktu, aksesibel untuk semua, dan dapat dibuktikan.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("needs")(planning.needs)
app.command("siapkan")(operations.prepare)
app.command("backup")(operations.backup)
app.command("restore")(operations.restore)
app.command("doctor")(operations.doctor)
app.command("pekerja")(operations.worker)
app.command("akun")(operations.account)
app.add_typer(operations.latihan)


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
