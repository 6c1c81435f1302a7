"""`python -m tepat …` is the command line; `python -m tepat django …` is Django's own."""

import sys

from tepat.cli import main
from tepat.common import start


def django_main(arguments: list[str]) -> None:
    """Run one of Django's management commands."""
    start.prepare()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["tepat django", *arguments])


if __name__ == "__main__":
    if sys.argv[1:2] == ["django"]:
        django_main(sys.argv[2:])
    else:
        main()
