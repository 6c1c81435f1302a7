"""Every command, one line each. Heavy imports live inside the commands, so that `tepat --help` starts at once."""

import sys

import typer

from tepat.common.errors import TepatError

app = typer.Typer(
    name="tepat",
    help="Logistik pemilu: tepat jenis, tepat jumlah, tepat waktu, aksesibel untuk semua, dan dapat dibuktikan.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line; a `TepatError` becomes one sentence and exit code 2."""
    try:
        app()
    except TepatError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
