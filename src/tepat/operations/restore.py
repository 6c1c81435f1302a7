"""Restoring a copy: as a drill that changes nothing, or for real into an empty place."""

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from tepat.common import ledger
from tepat.common.acting import Actor, action
from tepat.common.copies import finished
from tepat.common.documents import damaged, hash_of
from tepat.common.errors import Refused
from tepat.common.home import make_private, sync_folder
from tepat.common.models import Event, EventSalt
from tepat.common.permissions import Permission
from tepat.operations import guards
from tepat.operations.backup import SECRET_NAME, facts_of, fill_postgres, opened, read_manifest

DRILLED = ledger.kind("restore.drilled")
DRILLS = "latihan-pemulihan"
FAULTS_MAX = 50
EVENTS_A_ROUND = 2000


@dataclass(frozen=True)
class Drill:
    """What a drill of restoring found.

    Args:
        copy: The name of the copy.
        drilled_at: When.
        data_age_s: How much work would be lost: the age of the copy, in seconds.
        duration_ms: How long restoring and checking took, in milliseconds.
        rows: Rows that came back.
        events: Events that came back and were recomputed.
        documents: Documents that came back and were hashed.
        faults: What is wrong, one line each; empty is good.
    """

    copy: str
    drilled_at: datetime
    data_age_s: int
    duration_ms: int
    rows: int
    events: int
    documents: int
    faults: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether this copy can be relied on."""
        return not self.faults


def newest(folder: Path) -> Path:
    """Return the newest copy in a folder.

    Raises:
        Refused: COPY-NONE.
    """
    copies = finished(folder)
    if not copies:
        raise Refused("COPY-NONE", folder=str(folder))
    return copies[-1]


def drill(at: datetime, *, copy: Path | None = None) -> Drill:
    """Restore a copy beside the running office, check all of it, and write down how it went.

    Args:
        at: This moment.
        copy: The copy; the newest if not given.

    Raises:
        Refused: COPY-NONE, COPY-UNREADABLE.
    """
    folder = copy or newest(settings.BACKUPS_DIR)
    manifest = read_manifest(folder)
    started = time.monotonic()
    faults = check_files(folder, manifest)
    facts: dict[str, Any] = {"rows": {}, "ledger": {"events": 0}}
    if not faults:
        room = make_private(folder.parent / f".{DRILLS}")
        restored = room / folder.name
        try:
            shutil.rmtree(restored, ignore_errors=True)
            shutil.copytree(folder, restored)
            with opened(manifest["engine"], restored / manifest["database"]["file"]) as alias:
                facts = facts_of(alias)
                faults = check_database(alias, manifest, facts)
        except Refused as refused:
            faults = [str(refused)]
        finally:
            shutil.rmtree(room, ignore_errors=True)
    found = Drill(
        copy=folder.name,
        drilled_at=at,
        data_age_s=max(0, int((at - datetime.fromisoformat(manifest["made_at"])).total_seconds())),
        duration_ms=int((time.monotonic() - started) * 1000),
        rows=sum(facts["rows"].values()),
        events=facts["ledger"]["events"],
        documents=len(manifest["documents"]),
        faults=tuple(faults[:FAULTS_MAX]),
    )
    _write_record(folder.parent, found)
    return found


def check_files(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """Return which files of a copy are missing or changed since it was made."""
    faults = []
    database = folder / manifest["database"]["file"]
    if not database.is_file():
        faults.append(f"{database.name}: tidak ada")
    elif hash_of(database) != manifest["database"]["sha256"]:
        faults.append(f"{database.name}: isi berubah")
    wanted = ((entry["sha256"], entry["size"]) for entry in manifest["documents"])
    faults += [f"dokumen {sha256}: hilang atau berubah" for sha256 in damaged(folder / "dokumen", wanted)]
    return faults


def check_database(alias: str, manifest: dict[str, Any], facts: dict[str, Any]) -> list[str]:
    """Return what differs between a restored database and what its list promised."""
    faults = []
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            faults += [f"integritas: {row[0]}" for row in cursor.fetchall() if row[0] != "ok"]
            cursor.execute("PRAGMA foreign_key_check")
            faults += [f"acuan putus: {row[0]} baris {row[1]}" for row in cursor.fetchall()]
    faults += [f"pengaman {name}: tidak ada" for name in guards.missing(connection)]
    for table, count in manifest["rows"].items():
        if facts["rows"].get(table) != count:
            faults.append(f"tabel {table}: {facts['rows'].get(table)} baris, seharusnya {count}")
    if facts["ledger"] != manifest["ledger"]:
        faults.append("buku peristiwa: kepala berbeda dari daftar")
    return faults + check_events(alias)


def check_events(alias: str) -> list[str]:
    """Return each event of a database whose stored hash no longer follows from what it says."""
    faults: list[str] = []
    salts = dict(EventSalt.objects.using(alias).values_list("event_id", "salt"))
    events = Event.objects.using(alias).order_by("pk").iterator(chunk_size=EVENTS_A_ROUND)
    for fault in ledger.faults(events, salts):
        faults.append(f"peristiwa {fault}")
        if len(faults) >= FAULTS_MAX:
            break
    return faults


def _write_record(folder: Path, found: Drill) -> None:
    records = make_private(folder / DRILLS)
    name = found.drilled_at.astimezone(UTC).strftime("%Y-%m-%dT%H-%M-%S-%fZ.json")
    text = json.dumps({**asdict(found), "good": found.good}, default=str, indent=1, ensure_ascii=False)
    (records / name).write_text(text + "\n", encoding="utf-8")


@action(Permission.COPIES_RUN)
def record_drill(*, by: Actor, at: datetime, found: Drill) -> bool:
    """Write into the ledger that restoring was drilled, and how it went."""
    payload = {
        "copy": found.copy,
        "good": found.good,
        "faults": len(found.faults),
        "data_age_s": found.data_age_s,
        "duration_ms": found.duration_ms,
        "rows": found.rows,
        "events": found.events,
        "documents": found.documents,
    }
    ledger.record(DRILLED, payload, by=by, at=at)
    return found.good


def restore(
    copy: Path, at: datetime, *, move_aside: bool = False, step: Callable[[str], None] = lambda _: None
) -> Path:
    """Put a copy in the place of this installation's database and documents.

    Args:
        copy: The copy.
        at: This moment; it names the folder for what is moved aside.
        move_aside: Move what is there out of the way instead of refusing; nothing is ever deleted.
        step: Called after each step; tests stop the process here.

    Returns:
        The folder that now holds the office.

    Raises:
        Refused: RESTORE-NOT-EMPTY, RESTORE-DATABASE-NOT-EMPTY, RESTORE-ENGINE, RESTORE-MODE, RESTORE-DAMAGED,
            COPY-UNREADABLE.
    """
    manifest = read_manifest(copy)
    live = connections[DEFAULT_DB_ALIAS]
    if manifest["engine"] != live.vendor:
        raise Refused("RESTORE-ENGINE", copy=manifest["engine"], here=live.vendor)
    if manifest["mode"] != ledger.mode():
        raise Refused("RESTORE-MODE", copy=manifest["mode"], here=ledger.mode())
    if faults := check_files(copy, manifest):
        raise Refused("RESTORE-DAMAGED", count=len(faults), first=faults[0])
    live.close()
    _make_room(at, move_aside=move_aside)
    step("tempat kosong")
    _documents_back(copy)
    step("dokumen kembali")
    if live.vendor == "sqlite":
        _sqlite_back(copy / manifest["database"]["file"], Path(live.settings_dict["NAME"]))
    else:
        fill_postgres(copy / manifest["database"]["file"])
    step("database kembali")
    return Path(settings.TEPAT_FILES)


def _make_room(at: datetime, *, move_aside: bool) -> None:
    live = connections[DEFAULT_DB_ALIAS]
    there: list[Path] = []
    if live.vendor == "sqlite":
        file = Path(live.settings_dict["NAME"])
        there = [each for each in (file, Path(f"{file}-wal"), Path(f"{file}-shm")) if each.exists()]
    elif live.introspection.table_names():
        live.close()
        raise Refused("RESTORE-DATABASE-NOT-EMPTY", database=live.settings_dict["NAME"])
    documents: Path = settings.DOCUMENTS_DIR
    if documents.is_dir() and any(documents.iterdir()):
        there.append(documents)
    if there and not move_aside:
        raise Refused("RESTORE-NOT-EMPTY", place=str(settings.TEPAT_FILES))
    if there:
        aside = make_private(settings.TEPAT_FILES / at.astimezone(UTC).strftime("diganti-%Y-%m-%dT%H-%M-%SZ"))
        for each in there:
            each.rename(aside / each.name)
        sync_folder(aside)


def _documents_back(copy: Path) -> None:
    target: Path = settings.DOCUMENTS_DIR
    draft = target.with_name(".dokumen-kembali")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(copy / "dokumen", draft)
    if target.is_dir():
        target.rmdir()
    draft.rename(target)
    secret = settings.TEPAT_HOME / SECRET_NAME
    if (copy / SECRET_NAME).is_file():
        shutil.copy2(copy / SECRET_NAME, secret)
    sync_folder(target.parent)


def _sqlite_back(source: Path, target: Path) -> None:
    draft = target.with_name(f".{target.name}-kembali")
    shutil.copy2(source, draft)
    draft.rename(target)
    sync_folder(target.parent)
