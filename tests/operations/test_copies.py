"""Copies and restoring: every fault is found, nothing is overwritten, and a drill proves that it works."""

import io
import json
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from tepat.common.actions import Contact, add_person
from tepat.common.copies import MANIFEST, age_of_last_copy, finished
from tepat.common.documents import add_document, hash_of, keep, path_of
from tepat.common.errors import Refused
from tepat.common.models import Event
from tepat.operations import backup as copies
from tepat.operations.backup import make_copy, read_manifest
from tepat.operations.restore import DRILLS, drill, newest, record_drill, restore


@pytest.fixture(autouse=True)
def copies_may_be_opened(transactional_db, django_db_blocker, monkeypatch):
    """Let a copy be opened beside the test's own database, which Django's test case would forbid."""
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", django_db_blocker._real_ensure_connection)


@pytest.fixture
def filled(system, now):
    """An office with three people and two documents."""
    for name in ("Sari", "Budi", "Citra"):
        add_person(by=system, at=now, contact=Contact(name))
    for text in (b"surat jalan 1", b"surat jalan 2"):
        add_document(by=system, at=now, file=keep(io.BytesIO(text)), label=text.decode(), area_code="33.16")


def test_a_copy_holds_the_database_every_document_and_a_list(filled, now):
    copy = make_copy(now)
    manifest = read_manifest(copy.folder)
    assert manifest["rows"]["common_person"] == 4
    assert manifest["ledger"]["events"] == Event.objects.count() == copy.events
    assert copy.documents == len(manifest["documents"]) == 2
    assert hash_of(copy.folder / manifest["database"]["file"]) == manifest["database"]["sha256"]
    assert manifest["engine"] == connection.vendor
    assert (copy.folder / manifest["database"]["file"]).stat().st_mode & 0o077 == 0
    assert age_of_last_copy(settings.BACKUPS_DIR, now).state == "AMAN"


def test_documents_of_the_copy_before_cost_nothing(filled, system, now):
    make_copy(now)
    add_document(by=system, at=now, file=keep(io.BytesIO(b"baru")), label="baru", area_code="33.16")
    second = make_copy(now + timedelta(hours=1))
    assert (second.documents, second.linked) == (3, 2)
    files = [path for path in (second.folder / "dokumen").rglob("*") if path.is_file()]
    assert sorted(file.stat().st_nlink for file in files) == [1, 2, 2]


def test_old_copies_go_only_after_the_new_one_is_whole(filled, now):
    for hour in range(4):
        make_copy(now + timedelta(hours=hour), keep=2)
    names = [copy.name for copy in finished(settings.BACKUPS_DIR)]
    assert names == ["2024-02-01T05-00-00-000000Z", "2024-02-01T06-00-00-000000Z"]


def test_a_copy_that_fails_leaves_no_trace_and_the_old_ones(filled, now):
    make_copy(now)
    lost = next(path for path in settings.DOCUMENTS_DIR.rglob("*") if path.is_file())
    shutil.rmtree(settings.BACKUPS_DIR / "2024-02-01T03-00-00-000000Z" / "dokumen")
    lost.unlink()
    with pytest.raises(Refused) as refused:
        make_copy(now + timedelta(hours=1), keep=1)
    assert refused.value.code == "COPY-DOCUMENT-DAMAGED"
    assert [entry.name for entry in settings.BACKUPS_DIR.iterdir()] == ["2024-02-01T03-00-00-000000Z"]


def test_a_full_disk_is_a_sentence(filled, now, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies, "_write_durably", full)
    with pytest.raises(Refused) as refused:
        make_copy(now)
    assert refused.value.code == "COPY-NO-SPACE"
    assert finished(settings.BACKUPS_DIR) == []


def test_what_a_killed_copy_left_behind_is_cleared_and_never_counts(filled, now):
    left = settings.BACKUPS_DIR / ".sedang-abc"
    left.mkdir(parents=True)
    (left / MANIFEST).write_text("{}")
    assert finished(settings.BACKUPS_DIR) == []
    make_copy(now)
    assert not left.exists()


def test_a_drill_restores_counts_hashes_and_writes_it_down(filled, system, now):
    copy = make_copy(now)
    found = drill(now + timedelta(minutes=90))
    assert found.good, found.faults
    assert (found.copy, found.data_age_s) == (copy.folder.name, 5400)
    assert (found.rows, found.events, found.documents) == (copy.rows, copy.events, 2)
    record = json.loads(next((settings.BACKUPS_DIR / DRILLS).iterdir()).read_text())
    assert record["good"] is True
    assert record_drill(by=system, at=now, found=found)
    assert Event.objects.get(kind="restore.drilled").payload["rows"] == copy.rows
    assert not list(settings.BACKUPS_DIR.glob(f".{DRILLS}*"))


def test_a_drill_changes_nothing(filled, now):
    make_copy(now)
    before = sorted(Event.objects.values_list("leaf_hash", flat=True))
    drill(now)
    assert sorted(Event.objects.values_list("leaf_hash", flat=True)) == before


def damage_database(folder: Path, manifest: dict) -> None:
    file = folder / manifest["database"]["file"]
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)


def damage_document(folder: Path, manifest: dict) -> None:
    file = path_of(manifest["documents"][0]["sha256"], folder=folder / "dokumen")
    content = file.read_bytes()
    file.unlink()  # its twin in another copy is the same file
    file.write_bytes(content[:-1] + b"!")


def lose_document(folder: Path, manifest: dict) -> None:
    path_of(manifest["documents"][1]["sha256"], folder=folder / "dokumen").unlink()


def lose_database(folder: Path, manifest: dict) -> None:
    (folder / manifest["database"]["file"]).unlink()


def claim_more_rows(folder: Path, manifest: dict) -> None:
    manifest["rows"]["common_person"] += 1
    (folder / MANIFEST).write_text(json.dumps(manifest))


def claim_another_head(folder: Path, manifest: dict) -> None:
    manifest["ledger"]["head"] = "0" * 64
    (folder / MANIFEST).write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    "harm",
    [damage_database, damage_document, lose_document, lose_database, claim_more_rows, claim_another_head],
)
def test_a_drill_finds_every_harm(filled, now, harm):
    copy = make_copy(now)
    harm(copy.folder, read_manifest(copy.folder))
    found = drill(now)
    assert not found.good
    assert found.faults


def test_a_drill_finds_an_event_that_was_changed_behind_the_triggers(filled, now):
    if connection.vendor != "sqlite":
        pytest.skip("the copied file of PostgreSQL is not edited by hand")
    copy = make_copy(now)
    manifest = read_manifest(copy.folder)
    file = copy.folder / manifest["database"]["file"]
    with closing(sqlite3.connect(file)) as database:
        database.execute("DROP TRIGGER event_no_update")
        database.execute("UPDATE common_event SET payload = '{\"x\": 1}' WHERE kind = 'document.added'")
        database.commit()
    manifest["database"]["sha256"] = hash_of(file)
    (copy.folder / MANIFEST).write_text(json.dumps(manifest))
    found = drill(now)
    assert any("payload" in fault for fault in found.faults)
    assert any("event_no_update" in fault for fault in found.faults)


def test_no_copy_and_no_list_are_sentences(now, own_home):
    with pytest.raises(Refused) as refused:
        drill(now)
    assert refused.value.code == "COPY-NONE"
    (own_home / "x").mkdir(parents=True)
    for text in ("", "[]", '{"layout": 99}', json.dumps(dict.fromkeys(copies.MANIFEST_PARTS, 99))):
        (own_home / "x" / MANIFEST).write_text(text or "{")
        with pytest.raises(Refused) as broken:
            drill(now, copy=own_home / "x")
        assert broken.value.code == "COPY-UNREADABLE"


def test_restoring_never_overwrites(filled, now):
    copy = make_copy(now)
    with pytest.raises(Refused) as refused:
        restore(copy.folder, now)
    database = connection.vendor == "postgresql"
    assert refused.value.code == ("RESTORE-DATABASE-NOT-EMPTY" if database else "RESTORE-NOT-EMPTY")
    assert Event.objects.count() == copy.events


def test_a_copy_of_another_engine_or_ledger_is_refused(filled, now):
    copy = make_copy(now)
    manifest = read_manifest(copy.folder)
    for key, value, code in (("engine", "oracle", "RESTORE-ENGINE"), ("mode", "latihan", "RESTORE-MODE")):
        (copy.folder / MANIFEST).write_text(json.dumps({**manifest, key: value}))
        with pytest.raises(Refused) as refused:
            restore(copy.folder, now)
        assert refused.value.code == code


def test_a_damaged_copy_is_not_restored(filled, now):
    copy = make_copy(now)
    damage_document(copy.folder, read_manifest(copy.folder))
    with pytest.raises(Refused) as refused:
        restore(copy.folder, now, move_aside=True)
    assert refused.value.code == "RESTORE-DAMAGED"


def test_the_newest_copy_is_the_newest_by_its_moment(filled, now):
    for hour in (3, 1, 2):
        make_copy(now + timedelta(hours=hour))
    assert newest(settings.BACKUPS_DIR).name.startswith("2024-02-01T06")


def test_copies_are_private(filled, now):
    if os.name == "posix":
        assert make_copy(now).folder.stat().st_mode & 0o077 == 0
