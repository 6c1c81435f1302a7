"""Triggers by which the database itself refuses to change or delete what must stay.

A stage describes its triggers once, for both databases; installing them in a migration, taking them away and
noticing that one is gone are the same for all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_THERE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


@dataclass(frozen=True)
class Trigger:
    """One trigger that refuses.

    Args:
        name: Its name in the database.
        verb: ``INSERT``, ``UPDATE``, ``DELETE`` or ``TRUNCATE``.
        table: The table it stands before.
        does: SQLite: the sentence of the refusal; PostgreSQL: the function that refuses.
        when: The condition in SQL; empty: always.
    """

    name: str
    verb: str
    table: str
    does: str
    when: str = ""

    @property
    def sqlite(self) -> str:
        """The statement that installs it on SQLite."""
        when = f" WHEN {self.when}" if self.when else ""
        head = f"CREATE TRIGGER {self.name} BEFORE {self.verb} ON {self.table}{when}"
        return f"{head} BEGIN SELECT RAISE(ABORT, '{self.does}'); END"

    @property
    def postgresql(self) -> str:
        """The statement that installs it on PostgreSQL."""
        each = "" if self.verb == "TRUNCATE" else " FOR EACH ROW"
        when = f" WHEN ({self.when})" if self.when else ""
        head = f"CREATE TRIGGER {self.name} BEFORE {self.verb} ON {self.table}{each}{when}"
        return f"{head} EXECUTE FUNCTION {self.does}()"


@dataclass(frozen=True)
class Guard:
    """The triggers of one stage, as migrations install them.

    Args:
        sqlite: The triggers on SQLite; what ``OR REPLACE`` deletes is not asked of a delete trigger there,
            so that whoever forbids a deletion forbids the replacing ``INSERT`` too.
        postgresql: The triggers on PostgreSQL, where ``TRUNCATE`` asks for a trigger of its own.
        functions: For PostgreSQL: what stands between ``BEGIN`` and ``END`` of each function, by its name.
    """

    sqlite: tuple[Trigger, ...]
    postgresql: tuple[Trigger, ...]
    functions: Mapping[str, str] = field(default_factory=dict)

    def install_sql(self, vendor: str) -> Iterator[str]:
        """Yield the statements that put the triggers in place (``sqlite`` or ``postgresql``)."""
        if vendor == "sqlite":
            yield from (trigger.sqlite for trigger in self.sqlite)
            return
        for name, body in self.functions.items():
            head = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            yield f"{head} $$ BEGIN {body} END $$"
        yield from (trigger.postgresql for trigger in self.postgresql)

    def remove_sql(self, vendor: str) -> Iterator[str]:
        """Yield the statements that take them away; only a migration does so."""
        if vendor == "sqlite":
            yield from (f"DROP TRIGGER IF EXISTS {trigger.name}" for trigger in self.sqlite)
            return
        for trigger in self.postgresql:
            yield f"DROP TRIGGER IF EXISTS {trigger.name} ON {trigger.table}"
        yield from (f"DROP FUNCTION IF EXISTS {name}()" for name in self.functions)

    def install(self, _apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Put the triggers in place, as a step of a migration."""
        for statement in self.install_sql(schema_editor.connection.vendor):
            schema_editor.execute(statement)

    def remove(self, _apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Take them away, as a step of a migration."""
        for statement in self.remove_sql(schema_editor.connection.vendor):
            schema_editor.execute(statement)

    def missing(self, connection: BaseDatabaseWrapper) -> list[str]:
        """Return the triggers that should be in a database and are not there, or are switched off."""
        with connection.cursor() as cursor:
            cursor.execute(_THERE[connection.vendor])
            there = {str(row[0]) for row in cursor.fetchall()}
        wanted = self.sqlite if connection.vendor == "sqlite" else self.postgresql
        return [trigger.name for trigger in wanted if trigger.name not in there]


def refuses(sentence: str) -> str:
    """Return the body of a PostgreSQL function that always refuses with a sentence."""
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation';"
