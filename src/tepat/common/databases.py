"""Which database a process opens: the office's ledger, or the rehearsal's, never both."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_BUSY_S = 20
SQLITE_PRAGMAS = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
PRAGMA foreign_keys=ON;
PRAGMA cache_size=-32000
"""
POSTGRES_SCHEMES = frozenset({"postgres", "postgresql"})
REAL_FILE = "tepat.sqlite3"
REHEARSAL_FILE = "latihan.sqlite3"
REHEARSAL_SUFFIX = "_latihan"


def database(url: str, *, home: Path, rehearsal_url: str = "", rehearsal: bool = False) -> dict[str, Any]:
    """Return Django's settings of the one database this process may open.

    Args:
        url: ``postgres://user:password@host:port/name?sslmode=…``, or empty for SQLite in the home.
        home: The office's folder.
        rehearsal_url: The rehearsal's own database, where its name shall not follow from `url`.
        rehearsal: Whether this process rehearses.

    Raises:
        ValueError: A scheme that is not PostgreSQL's, a URL without a name, or a rehearsal in the real
            ledger.
    """
    real = _postgres(url) if url else sqlite(home / REAL_FILE)
    if not rehearsal:
        return real
    if rehearsal_url:
        chosen = _postgres(rehearsal_url)
    elif url:
        chosen = {**real, "NAME": real["NAME"] + REHEARSAL_SUFFIX}
    else:
        chosen = sqlite(home / REHEARSAL_FILE)
    same = all(chosen.get(part) == real.get(part) for part in ("ENGINE", "NAME", "HOST", "PORT"))
    if same:
        raise ValueError(
            "TEPAT_LATIHAN_DATABASE_URL names the real ledger; a rehearsal needs its own database"
        )
    return chosen


def sqlite(file: Path) -> dict[str, Any]:
    """Return Django's settings of a SQLite file: durable, foreign keys on, writers queue up."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {
            "timeout": SQLITE_BUSY_S,
            "transaction_mode": "IMMEDIATE",
            "init_command": SQLITE_PRAGMAS,
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in POSTGRES_SCHEMES or not name:
        raise ValueError("DATABASE_URL must be postgres://user:password@host:port/name")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
