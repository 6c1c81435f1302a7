"""How a process that needs Django starts: the home exists before anything opens the database in it."""

import os

from tepat.common import home


def prepare() -> None:
    """Name the settings and make the office's folder; imports no Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tepat.settings")
    home.make_private(home.home_of(os.environ))


def django() -> None:
    """Start Django, once, for a command of Tepat."""
    prepare()
    import django as framework

    framework.setup()
