"""Triggers by which the database refuses to change or delete what was numbered, signed or witnessed."""

from itertools import product

from tepat.common.guards import Guard, Trigger, refuses

TABLES = ("logentry", "logtile", "checkpoint", "witnessed")
_SAYS = "the log is never changed or deleted"
_SAME_ENTRY = (
    "EXISTS (SELECT 1 FROM publication_logentry WHERE number = NEW.number OR event_id = NEW.event_id)"
)


def _each(verbs: tuple[str, ...], does: str) -> tuple[Trigger, ...]:
    return tuple(
        Trigger(f"log_{table}_no_{verb.lower()}", verb, f"publication_{table}", does)
        for table, verb in product(TABLES, verbs)
    )


GUARD = Guard(
    sqlite=(
        *_each(("UPDATE", "DELETE"), _SAYS),
        Trigger(
            "log_logentry_no_replace",
            "INSERT",
            "publication_logentry",
            "log entries are never replaced",
            _SAME_ENTRY,
        ),
    ),
    postgresql=_each(("UPDATE", "DELETE", "TRUNCATE"), "log_refuses"),
    functions={"log_refuses": refuses(_SAYS)},
)
