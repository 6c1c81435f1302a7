"""What of a sending the ledger has already: some questions for many events, each answered by an index."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from tepat.field.wire import Statement


def known_events(ids: Sequence[str]) -> dict[str, bytes | None]:
    """Return which events are in the ledger already, with what was signed; None: made at the office.

    Args:
        ids: As the phones wrote them, in the form of a UUID.
    """
    rows = _ask(
        "SELECT e.id, s.statement FROM common_event e"
        " LEFT JOIN custody_signedstatement s ON s.event_id = e.id WHERE e.id IN ({})",
        "%s",
        [_stored_id(one) for one in ids],
    )
    return {str(UUID(str(pk))): None if signed is None else bytes(signed) for pk, signed in rows}


def _stored_id(text: str) -> str:
    return text.replace("-", "") if connection.vendor == "sqlite" else text


def used_counters(statements: Sequence[Statement]) -> dict[tuple[str, int], str]:
    """Return which event has each of these counters already, by device and counter.

    Args:
        statements: What came in.
    """
    rows = _ask(
        "SELECT e.device, e.counter, e.id FROM (VALUES {}) AS asked CROSS JOIN common_event e"
        " WHERE NOT (e.device = '') AND e.device = asked.column1 AND e.counter = asked.column2",
        "(%s, %s)",
        [value for one in statements for value in (one.device, one.counter)],
    )
    return {(device, counter): str(UUID(str(pk))) for device, counter, pk in rows}


def _ask(question: str, place: str, values: Sequence[Any]) -> list[Any]:
    """Ask about many at once, in the words that have an index; the ORM would ask for each device anew."""
    if not values:
        return []
    count = len(values) // place.count("%s")
    with connection.cursor() as cursor:
        cursor.execute(question.format(", ".join([place] * count)), values)
        return list(cursor.fetchall())
