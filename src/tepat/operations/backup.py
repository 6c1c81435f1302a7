"""Copies of everything, and the proof that they can be restored.

A copy is a folder: the database as one consistent moment, every document that it names, the office's
secret, and a list (`daftar.json`) with hashes, counts of rows and the ledger's head. It is built under a
hidden name, made durable, and renamed when it is whole; a folder without its list is no copy. Documents are
hard links to the copy before where the disk can, so that a daily copy costs what is new.
"""

import json
import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import OperationalError

from tepat.common import ledger
from tepat.common.copies import MANIFEST, finished
from tepat.common.documents import hash_of, path_of
from tepat.common.errors import Refused
from tepat.common.home import make_private, sync_folder
from tepat.common.models import Document, Event
from tepat.common.whole_files import reason_of

LAYOUT = 1
MANIFEST_PARTS = frozenset(
    {"layout", "made_at", "mode", "engine", "database", "documents", "rows", "ledger"},
)
KEEP = 14
KEEP_MAX = 1000
SQLITE_NAME = "database.sqlite3"
POSTGRES_NAME = "database.dump"
SECRET_NAME = "kunci-rahasia"  # noqa: S105 -- the name of a file
PAGES_A_STEP = 2000
TOOL_TIMEOUT_S = 3600
type Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Copy:
    """A finished copy.

    Args:
        folder: Where it lies.
        made_at: The moment of the database in it.
        rows: Rows in all tables.
        events: Events in the ledger.
        documents: Documents in it.
        size: Bytes, as if nothing were shared with another copy.
        linked: Documents that cost nothing because the copy before has them.
    """

    folder: Path
    made_at: datetime
    rows: int
    events: int
    documents: int
    size: int
    linked: int


def silent(_what: str, _done: int, _total: int) -> None:
    """Show no progress."""


def make_copy(
    at: datetime, *, folder: Path | None = None, keep: int = KEEP, progress: Progress = silent
) -> Copy:
    """Copy database, documents and secret, and forget the oldest copies.

    Args:
        at: This moment, with a zone.
        folder: Where copies lie; the settings' folder if not given.
        keep: How many copies stay, this one included.
        progress: Told what is done, how much, of how much.

    Returns:
        The copy.

    Raises:
        Refused: COPY-NO-SPACE, COPY-DOCUMENT-DAMAGED, COPY-TOOL, COPY-NO-DATABASE.
    """
    assert 1 <= keep <= KEEP_MAX, keep
    root = make_private(folder or settings.BACKUPS_DIR)
    _clear_unfinished(root)
    before = finished(root)
    draft = make_private(root / f".sedang-{secrets.token_hex(6)}")
    try:
        copy = _fill(draft, at, before[-1] if before else None, progress)
        final = _free_name(root, at)
        draft.rename(final)
        sync_folder(root)
    except OSError as full:
        raise Refused("COPY-NO-SPACE", folder=str(root), reason=reason_of(full)) from full
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    for old in finished(root)[:-keep]:
        shutil.rmtree(old)
    return Copy(final, at, **copy)


def _free_name(root: Path, at: datetime) -> Path:
    name = at.astimezone(UTC).strftime("%Y-%m-%dT%H-%M-%S-%fZ")
    assert not (root / name).exists(), name
    return root / name


def _clear_unfinished(root: Path) -> None:
    for left in root.glob(".sedang-*"):
        shutil.rmtree(left, ignore_errors=True)


def _fill(draft: Path, at: datetime, before: Path | None, progress: Progress) -> dict[str, int]:
    connection = connections[DEFAULT_DB_ALIAS]
    sqlite = connection.vendor == "sqlite"
    with _sqlite_moment(draft, progress) if sqlite else _postgres_moment(draft, progress) as (alias, file):
        facts = facts_of(alias)
        wanted = list(Document.objects.using(alias).order_by("sha256").values_list("sha256", "size"))
    linked = _copy_documents(draft / "dokumen", wanted, before, progress)
    secret = settings.TEPAT_HOME / SECRET_NAME
    if secret.is_file():
        shutil.copy2(secret, draft / SECRET_NAME)
    manifest = {
        "layout": LAYOUT,
        "made_at": at.astimezone(UTC).isoformat(),
        "mode": ledger.mode(),
        "engine": connection.vendor,
        "database": {"file": file.name, "size": file.stat().st_size, "sha256": hash_of(file)},
        "documents": [{"sha256": sha256, "size": size} for sha256, size in wanted],
        **facts,
    }
    _write_durably(draft / MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())
    for inside in sorted(entry for entry in draft.rglob("*") if entry.is_dir()):
        sync_folder(inside)
    sync_folder(draft)
    return {
        "rows": sum(facts["rows"].values()),
        "events": facts["ledger"]["events"],
        "documents": len(wanted),
        "size": file.stat().st_size + sum(size for _, size in wanted),
        "linked": linked,
    }


def _write_durably(file: Path, content: bytes) -> None:
    with file.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _copy_sqlite(draft: Path, progress: Progress) -> Path:
    """Copy by SQLite's own online backup: one consistent moment, while others go on writing."""
    source = Path(connections[DEFAULT_DB_ALIAS].settings_dict["NAME"])
    if not source.is_file():
        raise Refused("COPY-NO-DATABASE", database=str(source))
    target = draft / SQLITE_NAME

    def shown(_status: int, left: int, total: int) -> None:
        progress("database", total - left, total)

    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy, pages=PAGES_A_STEP, progress=shown)
        copy.execute("PRAGMA journal_mode=DELETE")
    with target.open("rb+") as written:
        os.fsync(written.fileno())
    target.chmod(0o600)
    return target


@contextmanager
def _postgres_moment(draft: Path, progress: Progress) -> Iterator[tuple[str, Path]]:
    """Dump one exported moment, and hold it open so that rows are counted in the very same one."""
    alias = f"saat_{secrets.token_hex(4)}"
    live = connections[DEFAULT_DB_ALIAS]
    connections.databases[alias] = {**live.settings_dict}
    target = draft / POSTGRES_NAME
    try:
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            moment = str(cursor.fetchone()[0])
            command = ["pg_dump", "--format=custom", "--no-owner", f"--snapshot={moment}", f"--file={target}"]
            progress("database", 0, 1)
            _run_tool(command, live)
            progress("database", 1, 1)
            with target.open("rb+") as written:
                os.fsync(written.fileno())
            target.chmod(0o600)
            yield alias, target
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


@contextmanager
def _sqlite_moment(draft: Path, progress: Progress) -> Iterator[tuple[str, Path]]:
    file = _copy_sqlite(draft, progress)
    with opened("sqlite", file) as alias:
        yield alias, file


def _run_tool(command: list[str], connection: BaseDatabaseWrapper, *, name: str | None = None) -> None:
    """Run one of PostgreSQL's own tools; the password goes by the environment, never by the command line."""
    place = connection.settings_dict
    given = {
        "PGHOST": place["HOST"],
        "PGPORT": str(place["PORT"]),
        "PGUSER": place["USER"],
        "PGPASSWORD": place["PASSWORD"],
        "PGDATABASE": name or place["NAME"],
        "PGSSLMODE": place["OPTIONS"].get("sslmode", ""),
    }
    environment = {**os.environ, **{key: value for key, value in given.items() if value}}
    try:
        done = subprocess.run(  # noqa: S603 -- a fixed command with our own arguments
            command, env=environment, capture_output=True, text=True, timeout=TOOL_TIMEOUT_S, check=False
        )
    except FileNotFoundError as missing:
        raise Refused("COPY-TOOL", tool=command[0], reason="belum terpasang") from missing
    except subprocess.TimeoutExpired as slow:
        raise Refused("COPY-TOOL", tool=command[0], reason=f"lebih dari {TOOL_TIMEOUT_S} detik") from slow
    if done.returncode:
        raise Refused("COPY-TOOL", tool=command[0], reason=done.stderr.strip()[-300:])


def _copy_documents(
    folder: Path, wanted: list[tuple[str, int]], before: Path | None, progress: Progress
) -> int:
    linked = 0
    make_private(folder)
    for done, (sha256, size) in enumerate(wanted, 1):
        target = path_of(sha256, folder=folder)
        for level in (target.parent.parent, target.parent):
            make_private(level)
        old = path_of(sha256, folder=before / "dokumen") if before else None
        if old and old.is_file() and old.stat().st_size == size and _link(old, target):
            linked += 1
        else:
            _copy_document(sha256, target)
        progress("dokumen", done, len(wanted))
    return linked


def _link(old: Path, target: Path) -> bool:
    try:
        target.hardlink_to(old)
    except OSError:
        return False
    return True


def _copy_document(sha256: str, target: Path) -> None:
    source = path_of(sha256)
    if not source.is_file():
        raise Refused("COPY-DOCUMENT-DAMAGED", sha256=sha256, reason="tidak ada di penyimpanan")
    with source.open("rb") as content, target.open("xb") as out:
        shutil.copyfileobj(content, out)
        out.flush()
        os.fsync(out.fileno())
    if hash_of(target) != sha256:
        raise Refused("COPY-DOCUMENT-DAMAGED", sha256=sha256, reason="isi berubah")


@contextmanager
def opened(vendor: str, file: Path) -> Iterator[str]:
    """Open a copied database under an alias: the SQLite file itself, or a PostgreSQL made for the while.

    Args:
        vendor: ``sqlite`` or ``postgresql``.
        file: The copied database.

    Yields:
        The alias.
    """
    alias = f"salinan_{secrets.token_hex(4)}"
    live = connections[DEFAULT_DB_ALIAS]
    place: dict[str, Any] = {**live.settings_dict}
    place["TEST"] = {**place.get("TEST", {}), "MIRROR": None}
    if vendor == "sqlite":
        place |= {"NAME": str(file), "OPTIONS": {"timeout": 5}}
    else:
        place |= {"NAME": f"tepat_{alias}"}
        _restore_postgres(live, file, place["NAME"])
    connections.databases[alias] = place
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]
        if vendor != "sqlite":
            _drop_postgres(live, place["NAME"])


def _restore_postgres(live: BaseDatabaseWrapper, dump: Path, name: str) -> None:
    _run_tool(["createdb", name], live)
    try:
        _run_tool(
            ["pg_restore", "--exit-on-error", "--no-owner", "--dbname", name, str(dump)], live, name=name
        )
    except Refused:
        _drop_postgres(live, name)
        raise


def fill_postgres(dump: Path) -> None:
    """Restore a dump into this installation's own, empty database."""
    live = connections[DEFAULT_DB_ALIAS]
    name = live.settings_dict["NAME"]
    _run_tool(
        ["pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--dbname", name, str(dump)],
        live,
    )


def ensure_database() -> None:
    """Make this process's PostgreSQL database if the server has none of that name."""
    live = connections[DEFAULT_DB_ALIAS]
    if live.vendor == "sqlite":
        return
    try:
        live.ensure_connection()
    except OperationalError:
        _run_tool(["createdb", str(live.settings_dict["NAME"])], live, name="postgres")


def _drop_postgres(live: BaseDatabaseWrapper, name: str) -> None:
    _run_tool(["dropdb", "--if-exists", name], live)


def facts_of(alias: str) -> dict[str, Any]:
    """Return what two databases are compared by: rows of each table, and the ledger's size and head."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        rows = {}
        for table in tables:
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT COUNT(*) FROM {name}")  # noqa: S608 -- a table's own quoted name
            rows[table] = int(cursor.fetchone()[0])
    leaves = list(Event.objects.using(alias).values_list("leaf_hash", flat=True))
    return {"rows": rows, "ledger": {"events": len(leaves), "head": ledger.head(leaves)}}


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the list of a copy.

    Raises:
        Refused: COPY-UNREADABLE.
    """
    try:
        manifest: Any = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError) as broken:
        reason = reason_of(broken) if isinstance(broken, OSError) else f"{MANIFEST} rusak"
        raise Refused("COPY-UNREADABLE", folder=str(folder), reason=reason) from broken
    if not isinstance(manifest, dict) or not manifest.keys() >= MANIFEST_PARTS:
        raise Refused("COPY-UNREADABLE", folder=str(folder), reason="daftar tidak lengkap")
    if manifest["layout"] != LAYOUT:
        raise Refused("COPY-UNREADABLE", folder=str(folder), reason=f"susunan {manifest['layout']}")
    known: dict[str, Any] = manifest
    return known
