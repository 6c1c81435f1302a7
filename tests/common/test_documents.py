"""The documents store: a row never names a file that is not safely there, whenever the power goes."""

import hashlib
import io
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tepat.common.documents import (
    STEPS,
    UNKNOWN,
    add_document,
    damaged,
    keep,
    media_type_of,
    open_document,
    path_of,
)
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Document, Event

CONTENT = b"%PDF-1.7 surat jalan contoh\n" * 1000


def kept_files(home: Path) -> list[Path]:
    return [entry for entry in (home / "dokumen").rglob("*") if entry.is_file()]


def test_a_document_is_kept_under_its_hash_and_read_back(system, now):
    file = keep(io.BytesIO(CONTENT))
    document = add_document(by=system, at=now, file=file, label="Surat jalan 1", area_code="33.16")
    assert document.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert document.media_type == "application/pdf"
    with open_document(document) as stream:
        assert stream.read() == CONTENT
    assert Event.objects.get(kind="document.added").evidence == [document.sha256]
    assert path_of(document.sha256).stat().st_mode & 0o077 == 0


def test_the_same_content_twice_is_one_file_and_one_row(system, now, own_home):
    for label in ("satu", "dua"):
        file = keep(io.BytesIO(CONTENT))
        add_document(by=system, at=now, file=file, label=label, area_code="33.16")
    assert len(kept_files(own_home)) == 1
    assert Document.objects.get().label == "satu"


def test_too_large_and_empty_files_are_refused_and_leave_nothing(own_home):
    with pytest.raises(Refused) as refused:
        keep(io.BytesIO(b"x" * 2_000_001), size_max=2_000_000)
    assert refused.value.code == "DOCUMENT-TOO-LARGE"
    assert "1,9 MB" in str(refused.value)
    with pytest.raises(Refused) as refused:
        keep(io.BytesIO(b""))
    assert refused.value.code == "DOCUMENT-EMPTY"
    assert kept_files(own_home) == []


def test_a_file_of_exactly_the_limit_is_taken():
    assert keep(io.BytesIO(b"x" * 1000), size_max=1000).size == 1000


def test_a_row_for_a_file_that_is_not_there_is_a_defect(system, now):
    file = keep(io.BytesIO(CONTENT))
    path_of(file.sha256).unlink()
    with pytest.raises(FileNotFoundError):
        add_document(by=system, at=now, file=file, label="x", area_code="33.16")
    assert not Document.objects.exists()


def test_only_those_who_may_add_documents_do(dewi, budi, now):
    file = keep(io.BytesIO(CONTENT))
    with pytest.raises(NotAllowed):
        add_document(by=dewi.actor, at=now, file=file, label="x", area_code="33.16.09")
    add_document(by=budi.actor, at=now, file=file, label="x", area_code="33.16.09.1015")
    with pytest.raises(NotAllowed):
        add_document(by=budi.actor, at=now, file=file, label="x", area_code="33.16.05.1014")


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"%PDF-1.4", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"PK\x03\x04rest", "application/zip"),
        ("tps,désa\n".encode(), "text/plain"),
        ("aé".encode()[:2], "text/plain"),
        (b"MZ\x90\x00\x03", UNKNOWN),
        (b"caf\xe9 au lait", UNKNOWN),
    ],
)
def test_the_first_bytes_decide_the_kind(start, kind):
    assert media_type_of(start) == kind


@given(content=st.binary(min_size=1, max_size=5000))
def test_whatever_is_kept_comes_back(content, tmp_path_factory):
    from django.conf import settings

    settings.DOCUMENTS_DIR = tmp_path_factory.getbasetemp() / "sifat"
    file = keep(io.BytesIO(content))
    assert path_of(file.sha256).read_bytes() == content
    assert file.size == len(content)


def test_missing_and_changed_documents_are_named(own_home):
    good, changed, lost = (keep(io.BytesIO(bytes([n]) * 10)) for n in range(1, 4))
    path_of(changed.sha256).write_bytes(b"y" * 10)
    path_of(lost.sha256).unlink()
    wanted = ((file.sha256, file.size) for file in (good, changed, lost))
    assert damaged(own_home / "dokumen", wanted) == [changed.sha256, lost.sha256]


def test_a_name_that_is_no_hash_reaches_no_file():
    for name in ("../../etc/passwd", "a" * 63, "Z" * 64, "/" * 64):
        with pytest.raises(AssertionError):
            path_of(name)


CHILD = """
import io, os, signal, sys
from tepat.common import start
start.django()
from datetime import UTC, datetime
from django.db import transaction
from tepat.common.acting import system_actor
from tepat.common.documents import add_document, keep

stop = sys.argv[1]
def step(name):
    if name == stop:
        os.kill(os.getpid(), signal.SIGKILL)
file = keep(io.BytesIO(b"%PDF-1.7 surat jalan contoh\\n" * 1000), step=step)
with transaction.atomic():
    add_document(by=system_actor(), at=datetime.now(UTC), file=file, label="x", area_code="33.16")
    step("baris ditulis")
step("selesai")
"""


@pytest.fixture(scope="module")
def prepared_home(tmp_path_factory) -> Path:
    """A migrated SQLite home, made once and copied for each kill."""
    home = tmp_path_factory.mktemp("siap")
    environment = child_environment(home)
    subprocess.run(
        [sys.executable, "-m", "tepat", "siapkan"], env=environment, check=True, capture_output=True
    )
    return home


def child_environment(home: Path) -> dict[str, str]:
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("TEPAT", "DATABASE", "DJANGO"))
    }
    return {**kept, "TEPAT_HOME": str(home)}


@pytest.mark.parametrize("stop", [*STEPS, "baris ditulis", "selesai"])
def test_killed_at_any_step_no_row_is_without_its_file(prepared_home, tmp_path, stop):
    home = tmp_path / "kantor"
    shutil.copytree(prepared_home, home)
    environment = child_environment(home)
    child = [sys.executable, "-c", CHILD]
    killed = subprocess.run([*child, stop], env=environment, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    hashes, events = rows_of(home)
    assert len(hashes) == events == (1 if stop == "selesai" else 0)
    assert damaged(home / "dokumen", ((sha256, len(CONTENT)) for sha256 in hashes)) == []
    if stop == "dinamai":  # whatever was left behind, the next one finds its way
        again = subprocess.run([*child, "tidak"], env=environment, check=False, capture_output=True)
        assert again.returncode == 0, again.stderr
        assert rows_of(home) == ([hashlib.sha256(CONTENT).hexdigest()], 1)


def rows_of(home: Path) -> tuple[list[str], int]:
    with closing(sqlite3.connect(home / "tepat.sqlite3")) as database:
        hashes = [row[0] for row in database.execute("SELECT sha256 FROM common_document")]
        events = database.execute(
            "SELECT COUNT(*) FROM common_event WHERE kind = 'document.added'"
        ).fetchone()[0]
    return hashes, events
