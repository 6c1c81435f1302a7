"""Triggers by which the database refuses to change or delete an event, and to mix rehearsal and truth."""

from collections.abc import Iterable

_NAMES = ("event_no_update", "event_no_delete", "event_own_mode", "identity_no_update", "identity_no_delete")
# INSERT OR REPLACE deletes without asking the delete trigger: SQLite needs one more.
SQLITE_NAMES = (*_NAMES, "event_no_replace")
POSTGRES_NAMES = (*_NAMES, "event_no_truncate")


SQLITE_INSTALL = (
    """CREATE TRIGGER event_no_update BEFORE UPDATE ON common_event
        BEGIN SELECT RAISE(ABORT, 'events are never changed'); END""",
    """CREATE TRIGGER event_no_delete BEFORE DELETE ON common_event
        BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END""",
    """CREATE TRIGGER identity_no_update BEFORE UPDATE ON common_ledgeridentity
        BEGIN SELECT RAISE(ABORT, 'a ledger never becomes another one'); END""",
    """CREATE TRIGGER identity_no_delete BEFORE DELETE ON common_ledgeridentity
        BEGIN SELECT RAISE(ABORT, 'a ledger never becomes another one'); END""",
    """CREATE TRIGGER event_no_replace BEFORE INSERT ON common_event
        WHEN EXISTS (SELECT 1 FROM common_event WHERE id = NEW.id OR leaf_hash = NEW.leaf_hash
                     OR (device <> '' AND device = NEW.device AND counter = NEW.counter))
        BEGIN SELECT RAISE(ABORT, 'events are never replaced'); END""",
    """CREATE TRIGGER event_own_mode BEFORE INSERT ON common_event
        WHEN NEW.mode IS NOT (SELECT mode FROM common_ledgeridentity WHERE id = 1)
        BEGIN SELECT RAISE(ABORT, 'an event of the other ledger'); END""",
)
SQLITE_REMOVE = tuple(f"DROP TRIGGER IF EXISTS {name}" for name in SQLITE_NAMES)

POSTGRES_INSTALL = (
    """CREATE OR REPLACE FUNCTION event_refuses() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN
         RAISE EXCEPTION 'events are never changed or deleted'
           USING ERRCODE = 'integrity_constraint_violation';
       END $$""",
    """CREATE OR REPLACE FUNCTION event_of_this_ledger() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN
         IF NEW.mode IS DISTINCT FROM (SELECT mode FROM common_ledgeridentity WHERE id = 1) THEN
           RAISE EXCEPTION 'an event of the other ledger' USING ERRCODE = 'integrity_constraint_violation';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER event_no_update BEFORE UPDATE ON common_event
       FOR EACH ROW EXECUTE FUNCTION event_refuses()""",
    """CREATE TRIGGER event_no_delete BEFORE DELETE ON common_event
       FOR EACH ROW EXECUTE FUNCTION event_refuses()""",
    "CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON common_event EXECUTE FUNCTION event_refuses()",
    """CREATE TRIGGER identity_no_update BEFORE UPDATE ON common_ledgeridentity
       FOR EACH ROW EXECUTE FUNCTION event_refuses()""",
    """CREATE TRIGGER identity_no_delete BEFORE DELETE ON common_ledgeridentity
       FOR EACH ROW EXECUTE FUNCTION event_refuses()""",
    """CREATE TRIGGER event_own_mode BEFORE INSERT ON common_event
       FOR EACH ROW EXECUTE FUNCTION event_of_this_ledger()""",
)
POSTGRES_REMOVE = (
    *(
        f"DROP TRIGGER IF EXISTS {name} ON common_event"
        for name in POSTGRES_NAMES
        if name.startswith("event")
    ),
    *(
        f"DROP TRIGGER IF EXISTS {name} ON common_ledgeridentity"
        for name in _NAMES
        if name.startswith("identity")
    ),
    "DROP FUNCTION IF EXISTS event_refuses()",
    "DROP FUNCTION IF EXISTS event_of_this_ledger()",
)


def install_sql(vendor: str) -> tuple[str, ...]:
    """Return the statements that put the triggers in place (``sqlite`` or ``postgresql``)."""
    return SQLITE_INSTALL if vendor == "sqlite" else POSTGRES_INSTALL


def remove_sql(vendor: str) -> tuple[str, ...]:
    """Return the statements that take them away; only a migration does so."""
    return SQLITE_REMOVE if vendor == "sqlite" else POSTGRES_REMOVE


QUERY = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def missing(there: Iterable[str], vendor: str) -> list[str]:
    """Return the triggers that should be in a database and are not.

    Args:
        there: What `QUERY` found.
        vendor: ``sqlite`` or ``postgresql``.
    """
    wanted = SQLITE_NAMES if vendor == "sqlite" else POSTGRES_NAMES
    found = set(there)
    return [name for name in wanted if name not in found]
