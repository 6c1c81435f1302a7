from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tepat.common import immutability

NAME = "event_no_replace"


def install(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the trigger in its newest words: the old ones read the whole ledger at each insert."""
    if schema_editor.connection.vendor != "sqlite":
        return
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {NAME}")
    for trigger in immutability.GUARD.sqlite:
        if trigger.name == NAME:
            schema_editor.execute(trigger.sqlite)


def leave(_apps: Any, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Both forms of the trigger say the same: there is nothing to take back."""


class Migration(migrations.Migration):
    dependencies = [("common", "0002_ledger_triggers")]
    operations = [migrations.RunPython(install, leave)]
