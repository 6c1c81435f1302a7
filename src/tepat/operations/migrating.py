"""Bringing the database to this version, one process at a time."""

from django.conf import settings
from django.core.files import locks
from django.core.management import call_command

from tepat.common.home import make_private

LOCK_FILE = "pembaruan.kunci"


def migrate() -> None:
    """Run what is waiting; a second process that starts beside it waits, then finds nothing to do."""
    with (make_private(settings.TEPAT_HOME) / LOCK_FILE).open("wb") as lock:
        locks.lock(lock, locks.LOCK_EX)
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            locks.unlock(lock)
