"""Many new rows at once by few prepared statements: for what comes in by the thousand.

`bulk_create` builds its statement anew for each call and asks each field how to store each value; here both
are known beforehand. `gathered` holds back the rows of many calls and writes those of a table together.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any

import msgspec
from django.db import connection, models

MODELS_KNOWN_MAX = 64
# Rows a statement: few different statements, so that the database has each of them ready.
CHUNKS = (128, 32, 8, 1)
STATEMENTS_KNOWN_MAX = MODELS_KNOWN_MAX * len(CHUNKS)

type Kept = dict[tuple[type[models.Model], str], list[tuple[Any, ...]]]

_gathering: ContextVar[Kept | None] = ContextVar("gathering", default=None)


@contextmanager
def gathered() -> Iterator[None]:
    """Hold back what `insert` is given, and write it at the end, each table's rows together.

    Use it inside a transaction that is undone whole where anything is raised: what was held back is lost.
    Until it is written no query finds it.

    Raises:
        IntegrityError: As `insert`, at the end.
    """
    kept: Kept = {}
    token = _gathering.set(kept)
    try:
        yield
    finally:
        _gathering.reset(token)
    for (model, again), rows in kept.items():
        # Two calls may each have brought a key that is written anew; one statement takes it once.
        _write(model, list(dict.fromkeys(rows)) if again else rows, again)


def insert(rows: Sequence[models.Model], *, again: str = "") -> None:
    """Store new rows of one model, whose keys are given or counted by the database.

    Signals are not sent and counted keys are not read back.

    Args:
        rows: Unsaved instances, all of one model; may be empty.
        again: The field that is written anew where a row with the same key is there already; empty: that is
            an error. A key stands once among the rows.

    Raises:
        IntegrityError: As `save` would.
    """
    if rows:
        insert_values(type(rows[0]), [_values(type(row))(row) for row in rows], again=again)


def insert_values(model: type[models.Model], rows: Sequence[tuple[Any, ...]], *, again: str = "") -> None:
    """Store new rows that are given as the values of their fields, in the model's order without counted keys.

    Args:
        model: The model.
        rows: The values of each row; may be empty.
        again: As `insert`.

    Raises:
        IntegrityError: As `save` would.
    """
    kept = _gathering.get()
    if kept is not None:
        kept.setdefault((model, again), []).extend(rows)
    elif rows:
        _write(model, rows, again)


def _write(model: type[models.Model], rows: Sequence[tuple[Any, ...]], again: str) -> None:
    ways = _ways(model, connection.vendor)
    stored = [
        [value if way is None or value is None else way(value) for way, value in zip(ways, row, strict=True)]
        for row in rows
    ]
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.executemany(_statement(model, connection.vendor, again), stored)
            return
        # SQLite gives the interpreter away once a statement: one with many rows is done before others ask.
        start = 0
        for size in CHUNKS:
            while len(stored) - start >= size:
                values = list(chain.from_iterable(stored[start : start + size]))
                cursor.execute(_statement(model, connection.vendor, again, size), values)
                start += size


@lru_cache(maxsize=MODELS_KNOWN_MAX)
def _fields(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(
        field for field in model._meta.local_concrete_fields if not isinstance(field, models.AutoField)
    )


@lru_cache(maxsize=MODELS_KNOWN_MAX)
def _values(model: type[models.Model]) -> Callable[[models.Model], tuple[Any, ...]]:
    names = [field.attname for field in _fields(model)]
    assert len(names) > 1, model
    return attrgetter(*names)


@lru_cache(maxsize=MODELS_KNOWN_MAX)
def _ways(model: type[models.Model], vendor: str) -> tuple[Callable[[Any], Any] | None, ...]:
    """Return for each field how its values are stored; None: as they are."""
    return tuple(_way(field, vendor) for field in _fields(model))


def _way(field: Any, vendor: str) -> Callable[[Any], Any] | None:
    while field.remote_field is not None:
        field = field.target_field
    if vendor == "sqlite" and type(field) is models.DateTimeField:
        zone = connection.timezone
        return lambda moment: str(moment.astimezone(zone).replace(tzinfo=None))
    if vendor == "sqlite" and type(field) in _SQLITE:
        return _SQLITE[type(field)]
    return lambda value: field.get_db_prep_save(value, connection)


# The same bytes that Django stores, but for the blanks of JSON.
_SQLITE: dict[type[models.Field[Any, Any]], Callable[[Any], Any] | None] = {
    models.BigIntegerField: None,
    models.BinaryField: None,
    models.BooleanField: None,
    models.CharField: None,
    models.IntegerField: None,
    models.JSONField: lambda value: msgspec.json.encode(value).decode(),
    models.PositiveBigIntegerField: None,
    models.PositiveIntegerField: None,
    models.PositiveSmallIntegerField: None,
    models.TextField: None,
    models.UUIDField: attrgetter("hex"),
}


@lru_cache(maxsize=STATEMENTS_KNOWN_MAX)
def _statement(model: type[models.Model], vendor: str, again: str, rows: int = 1) -> str:
    assert vendor == connection.vendor, vendor
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in _fields(model))
    places = "(" + ", ".join("%s" for _ in _fields(model)) + ")"
    table = quote(model._meta.db_table)
    written = f"INSERT INTO {table} ({names}) VALUES {', '.join([places] * rows)}"  # noqa: S608 -- our own names
    if not again:
        return written
    key = quote(next(field.column for field in _fields(model) if field.primary_key))
    column = quote(next(field.column for field in _fields(model) if field.name == again))
    return f"{written} ON CONFLICT ({key}) DO UPDATE SET {column} = EXCLUDED.{column}"
