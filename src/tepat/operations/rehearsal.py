"""Mode Latihan: a ledger of its own, made by a process of its own.

The real process writes the register into a file; a child process that only knows the rehearsal's database
reads it. No process ever has both ledgers open.
"""

import json
import os
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core import serializers
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

from tepat.common import ledger
from tepat.common.acting import Actor, action, system_actor
from tepat.common.clock import now
from tepat.common.errors import Refused
from tepat.common.models import Area, AreaShape, Dapil, Election, Office, Place, Tps
from tepat.common.permissions import Permission
from tepat.operations.backup import ensure_database
from tepat.operations.migrating import migrate

COPIED = ledger.kind("rehearsal.register-copied")
REGISTER: tuple[type[Model], ...] = (Office, Election, Area, AreaShape, Dapil, Place, Tps)
CHILD_TIMEOUT_S = 600


def copy_register() -> dict[str, int]:
    """Make the rehearsal's ledger and copy the register into it; from the real process.

    Returns:
        How many rows of each kind the rehearsal has.

    Raises:
        Refused: OFFICE-NONE, REHEARSAL-FAILED.
    """
    assert not settings.LATIHAN, "the real process copies"
    if not Office.objects.exists():
        raise Refused("OFFICE-NONE")
    with tempfile.TemporaryDirectory(dir=settings.TEPAT_HOME, prefix=".latihan-") as folder:
        file = Path(folder) / "register.jsonl"
        write_register(file)
        return _in_child(file)


def write_register(file: Path) -> None:
    """Write every row of the register as JSON lines, in an order in which they can be read back."""
    with file.open("w", encoding="utf-8") as out:
        for model in REGISTER:
            rows = model._default_manager.order_by("pk")
            serializers.serialize("jsonl", rows, stream=out)


def _in_child(file: Path) -> dict[str, int]:
    environment = {**os.environ, "TEPAT_LATIHAN": "1"}
    command = [sys.executable, "-m", "tepat", "latihan", "terima", str(file)]
    done = subprocess.run(  # noqa: S603 -- our own module in our own Python
        command, env=environment, capture_output=True, text=True, timeout=CHILD_TIMEOUT_S, check=False
    )
    if done.returncode:
        raise Refused("REHEARSAL-FAILED", reason=done.stderr.strip().rpartition("\n")[2][-300:])
    counts: dict[str, int] = json.loads(done.stdout)
    return counts


@action(Permission.REGISTER_EDIT)
def take_register(*, by: Actor, at: datetime, file: Path) -> dict[str, int]:
    """Copy the real register over the rehearsal's own; only in a rehearsal.

    Args:
        by: Who does it.
        at: When.
        file: The register as JSON lines.

    Returns:
        How many rows of each kind there are now.
    """
    assert settings.LATIHAN, "only a rehearsal takes a register"
    with file.open(encoding="utf-8") as stream:
        for found in serializers.deserialize("jsonl", stream):
            found.save()
    _set_sequences()
    counts = {
        "areas": Area.objects.count(),
        "tps": Tps.objects.count(),
        "places": Place.objects.count(),
        "elections": Election.objects.count(),
    }
    ledger.record(COPIED, counts, by=by, at=at)
    return counts


def _set_sequences() -> None:
    """Let new rows start after the copied ones, where the database counts apart from the rows."""
    statements = connection.ops.sequence_reset_sql(no_style(), list(REGISTER))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def receive(file: Path) -> dict[str, int]:
    """Run in the child: make the rehearsal's database and take the register."""
    assert settings.LATIHAN, "only a rehearsal takes a register"
    ensure_database()
    migrate()
    return take_register(by=system_actor(), at=now(), file=file)


def ensure_rehearsal() -> bool:
    """Make the rehearsal's ledger where there is none yet; from a process that rehearses.

    The register is copied by the real process (`tepat latihan siapkan`), a child of this one: neither ever
    has both ledgers open.

    Returns:
        Whether it was made now.

    Raises:
        Refused: REHEARSAL-FAILED, such as where the real office has not been set up.
    """
    assert settings.LATIHAN, "only a rehearsal asks for its ledger"
    ensure_database()
    migrate()
    if Office.objects.exists():
        return False
    connection.close()
    environment = {key: value for key, value in os.environ.items() if key != "TEPAT_LATIHAN"}
    command = [sys.executable, "-m", "tepat", "latihan", "siapkan", "--json"]
    done = subprocess.run(  # noqa: S603 -- our own module in our own Python
        command, env=environment, capture_output=True, text=True, timeout=CHILD_TIMEOUT_S, check=False
    )
    if done.returncode:
        raise Refused("REHEARSAL-FAILED", reason=done.stderr.strip().rpartition("\n")[2][-300:])
    return True
