"""Whether this installation is well: each check a state, a sentence, and what to do."""

import os
import platform
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError

from tepat.common import zones
from tepat.common.areas import tps_by_desa
from tepat.common.command_answers import answer_to
from tepat.common.copies import AMAN, GAWAT, PERHATIKAN, age_of_last_copy
from tepat.common.documents import path_of
from tepat.common.home import SECRET_BYTES, secret_file
from tepat.common.messages import say
from tepat.common.models import Document, Job, LedgerIdentity, Office
from tepat.operations import guards
from tepat.operations.clocks import clock_fault
from tepat.operations.restore import check_events
from tepat.publication import standing

DISK_GOOD_BYTES = 5 * 1024**3
DISK_LEAST_BYTES = 1 * 1024**3
DOCUMENTS_SEEN_MAX = 5000
NATION_TPS = 820_161
BROKEN = "Jalankan `tepat siapkan`; bila tetap, pulihkan salinan."


@dataclass(frozen=True)
class Check:
    """One answer of the doctor.

    Args:
        name: What was looked at.
        state: ``AMAN``, ``PERHATIKAN`` or ``GAWAT``.
        text: What was found.
        todo: What to do; empty when all is well.
    """

    name: str
    state: str
    text: str
    todo: str = ""


def examine(at: datetime) -> list[Check]:
    """Return every check; one that fails to run is itself a finding."""
    return [check for look in LOOKS for check in _guarded(look, at)]


def _guarded(look: Callable[[datetime], Iterator[Check]], at: datetime) -> list[Check]:
    try:
        return list(look(at))
    except (OSError, DatabaseError) as broken:
        name = (look.__doc__ or look.__name__).partition(".")[0]
        return [Check(name, GAWAT, _said(broken), "Jalankan `tepat siapkan`; bila tetap, pulihkan salinan.")]


def _said(broken: Exception) -> str:
    answer = answer_to(broken)
    return say(answer.code, answer.facts).happened if answer else str(broken).strip()


def _versions(_at: datetime) -> Iterator[Check]:
    """Versi."""
    text = f"Tepat {version('tepat')}, Python {platform.python_version()}, Django {version('django')}"
    yield Check("Versi", AMAN, f"{text}, SQLite {sqlite3.sqlite_version}")


def _home(_at: datetime) -> Iterator[Check]:
    """Folder kantor."""
    folder = settings.TEPAT_HOME
    writable = folder.is_dir() and os.access(folder, os.W_OK)
    todo = "" if writable else "Beri hak tulis, atau tunjuk folder lain dengan TEPAT_HOME."
    yield Check("Folder kantor", AMAN if writable else GAWAT, str(folder), todo)
    if writable and os.name == "posix":
        private = not folder.stat().st_mode & 0o077
        yield Check(
            "Hak folder",
            AMAN if private else PERHATIKAN,
            "hanya pemilik" if private else "orang lain di komputer ini dapat membacanya",
            "" if private else f"chmod 700 {folder}",
        )


def _key(_at: datetime) -> Iterator[Check]:
    """Kunci rahasia."""
    name = "Kunci rahasia"
    if given := os.environ.get("TEPAT_SECRET_KEY"):
        good = len(given) >= SECRET_BYTES
        text = "dari TEPAT_SECRET_KEY" if good else f"TEPAT_SECRET_KEY hanya {len(given)} huruf"
        todo = "" if good else f"Isi dengan {SECRET_BYTES} huruf acak atau lebih, atau kosongkan."
        yield Check(name, AMAN if good else PERHATIKAN, text, todo)
        return
    file = secret_file(settings.TEPAT_HOME)
    if not file.exists():
        yield Check(name, AMAN, "belum ada; dibuat sendiri saat pertama dipakai")
        return
    length = len(file.read_bytes().strip())
    if length < SECRET_BYTES:
        text = f"{file} rusak: {length} huruf, seharusnya sedikitnya {SECRET_BYTES}"
        todo = (
            "Hapus berkas itu, lalu jalankan ulang Tepat: kunci baru dibuat, semua orang masuk sekali lagi."
        )
        yield Check(name, GAWAT, text, todo)
        return
    private = os.name != "posix" or not file.stat().st_mode & 0o077
    text = "ada, hanya pemilik" if private else "orang lain di komputer ini dapat membacanya"
    yield Check(name, AMAN if private else PERHATIKAN, text, "" if private else f"chmod 600 {file}")


def _disk(_at: datetime) -> Iterator[Check]:
    """Ruang disk."""
    free = shutil.disk_usage(settings.TEPAT_HOME).free
    state = AMAN if free >= DISK_GOOD_BYTES else PERHATIKAN if free >= DISK_LEAST_BYTES else GAWAT
    todo = "" if state == AMAN else "Kosongkan disk, atau pindahkan salinan (TEPAT_BACKUPS)."
    yield Check("Ruang disk", state, f"{free // 1024**2} MB tersisa", todo)


def _zones(_at: datetime) -> Iterator[Check]:
    """Data zona waktu."""
    try:
        for name in zones.SHORT:
            ZoneInfo(name)
    except ZoneInfoNotFoundError as missing:
        yield Check("Data zona waktu", GAWAT, str(missing), "Pasang paket tzdata.")
        return
    yield Check("Data zona waktu", AMAN, "WIB, WITA, WIT ada")


def _tables(_at: datetime) -> Iterator[Check]:
    """Data rujukan."""
    total = sum(regular + special for regular, special in tps_by_desa().values())
    good = total == NATION_TPS
    todo = "" if good else "Berkas rujukan rusak: pasang ulang Tepat."
    yield Check("Data rujukan", AMAN if good else GAWAT, f"{total} TPS nasional", todo)


def _database(_at: datetime) -> Iterator[Check]:
    """Database."""
    connection = connections[DEFAULT_DB_ALIAS]
    name = str(connection.settings_dict["NAME"])
    plan = MigrationExecutor(connection)
    waiting = plan.migration_plan(plan.loader.graph.leaf_nodes())
    if waiting:
        yield Check(
            "Database", GAWAT, f"{len(waiting)} pembaruan belum dijalankan", "Jalankan `tepat siapkan`."
        )
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA quick_check")
            yield from _sqlite(str(cursor.fetchone()[0]), name)
            cursor.execute("PRAGMA journal_mode")
            journal = str(cursor.fetchone()[0])
            todo = "" if journal == "wal" else "Jalankan `tepat siapkan` sekali lagi."
            yield Check("Jurnal", AMAN if journal == "wal" else PERHATIKAN, journal, todo)
        else:
            yield Check("Database", AMAN, f"PostgreSQL, {name}")
    missing = guards.missing(connection)
    held = "database menolak ubah dan hapus peristiwa, nampan, catatan terbuka dan rencana yang ditetapkan"
    text = f"hilang: {', '.join(missing)}" if missing else held
    todo = "Jangan pakai dulu; pulihkan salinan terakhir dan laporkan." if missing else ""
    yield Check("Pengaman buku peristiwa", GAWAT if missing else AMAN, text, todo)


def _sqlite(answer: str, name: str) -> Iterator[Check]:
    good = answer == "ok"
    todo = "" if good else "Jangan tulis apa pun; jalankan `tepat restore --drill`, lalu pulihkan."
    yield Check("Database", AMAN if good else GAWAT, f"SQLite, {name}: {answer}", todo)


def _clock(at: datetime) -> Iterator[Check]:
    """Jam komputer."""
    fault = clock_fault(at)
    todo = "Betulkan tanggal dan jam komputer ini, lalu periksa lagi." if fault else ""
    yield Check("Jam komputer", PERHATIKAN if fault else AMAN, fault or "tidak tertinggal", todo)


def _ledger(_at: datetime) -> Iterator[Check]:
    """Buku peristiwa."""
    identity = LedgerIdentity.objects.filter(id=1).first()
    wanted = "latihan" if settings.LATIHAN else "resmi"
    if identity is None or identity.mode != wanted:
        there = identity.mode if identity else "tanpa nama"
        yield Check("Buku peristiwa", GAWAT, f"buku {there}, proses {wanted}", "Periksa TEPAT_LATIHAN.")
        return
    faults = check_events(DEFAULT_DB_ALIAS)
    text = f"{len(faults)} peristiwa tidak cocok dengan sidiknya" if faults else "semua peristiwa cocok"
    yield Check(
        "Buku peristiwa", GAWAT if faults else AMAN, text, "Pulihkan salinan terakhir." if faults else ""
    )


def _documents(_at: datetime) -> Iterator[Check]:
    """Dokumen."""
    rows = Document.objects.order_by("-added_at").values_list("sha256", "size")[:DOCUMENTS_SEEN_MAX]
    lost = [sha for sha, size in rows if not path_of(sha).is_file() or path_of(sha).stat().st_size != size]
    text = f"{len(lost)} dari {len(rows)} tidak ada atau berubah ukuran" if lost else f"{len(rows)} ada"
    todo = "Ambil kembali dari salinan." if lost else ""
    yield Check("Dokumen", GAWAT if lost else AMAN, text, todo)


def _copies(at: datetime) -> Iterator[Check]:
    """Salinan."""
    age = age_of_last_copy(settings.BACKUPS_DIR, at)
    yield Check(
        "Salinan terakhir", age.state, age.text, "" if age.state == AMAN else "Jalankan `tepat backup`."
    )


def _work(_at: datetime) -> Iterator[Check]:
    """Kantor dan pekerjaan."""
    office = Office.objects.first()
    text = str(office) if office else "belum ada"
    todo = "" if office else "Jalankan `tepat siapkan --area blora --election pemilu-2024`."
    yield Check("Kantor", AMAN if office else PERHATIKAN, text, todo)
    waiting = Job.objects.filter(state=Job.State.WAITING).count()
    todo = "Jalankan `tepat pekerja`." if waiting else ""
    yield Check("Pekerjaan latar", PERHATIKAN if waiting else AMAN, f"{waiting} menunggu", todo)


def _log(_at: datetime) -> Iterator[Check]:
    """Catatan terbuka."""
    for found in standing.checks():
        yield Check(found.name, found.state, found.text, found.todo)


LOOKS = (
    *(_versions, _home, _key, _disk, _zones, _tables, _database, _clock),
    *(_ledger, _log, _documents, _copies, _work),
)
