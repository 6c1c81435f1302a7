"""Cadangan, Pemeriksaan, Mode Latihan: the state told truly, work done by the worker, refusals in words."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.urls import reverse
from tests.conftest import NOW, make_somebody

from tepat.common.clock import now as this_moment
from tepat.common.copies import MANIFEST, age_of_last_copy, finished
from tepat.common.jobs import cancel_job
from tepat.common.models import Account, Event, Job, Office
from tepat.common.permissions import Role
from tepat.operations.backup import make_copy
from tepat.operations.restore import DRILLS, drill
from tepat.operations.views import DrillRecord, drill_state, drills


def keeper_of(role: Role, name: str) -> Client:
    """Somebody whose post is held at this very moment: the worker reads the real clock."""
    somebody = make_somebody(name, role, "33.16")
    client = Client()
    client.force_login(Account.objects.get(username=somebody.username))
    return client


@pytest.fixture
def office(db):
    return Office.objects.create(code="33.16", name="KPU Blora", area_code="33.16", time_zone="Asia/Jakarta")


@pytest.fixture
def copies_may_be_opened(transactional_db, django_db_blocker, monkeypatch):
    """Let a copy be opened beside the test's own database, which Django's test case would forbid."""
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", django_db_blocker._real_ensure_connection)


def page(client, name) -> str:
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    return answer.content.decode()


OPEN = {
    "cadangan": {Role.KUL, Role.OPERATOR, Role.SEKRETARIS, Role.KOMISIONER, Role.PROVINSI, Role.GUDANG},
    "pemeriksaan": {Role.KUL},
    "latihan": {
        Role.KUL,
        Role.OPERATOR,
        Role.SEKRETARIS,
        Role.KOMISIONER,
        Role.PROVINSI,
        Role.BAWASLU,
        Role.GUDANG,
    },
}


@pytest.mark.parametrize("name", sorted(OPEN))
def test_each_screen_opens_for_exactly_the_roles_that_may(name, office):
    roles = (
        Role.KUL,
        Role.OPERATOR,
        Role.SEKRETARIS,
        Role.KOMISIONER,
        Role.PROVINSI,
        Role.BAWASLU,
        Role.GUDANG,
        Role.PENGEMUDI,
    )
    answers = {role: keeper_of(role, role.name).get(reverse(name)).status_code for role in roles}
    assert {role for role, status in answers.items() if status == 200} == OPEN[name]
    assert all(status == 403 for role, status in answers.items() if role not in OPEN[name])


def test_no_copy_and_no_drill_is_not_green(office):
    client = keeper_of(Role.KUL, "Kepala")
    text = page(client, "cadangan")
    assert "Belum pernah" in text
    assert "BELUM ADA BUKTI" in text
    assert "Belum ada salinan. Tekan Salin sekarang" in text
    answer = client.post(reverse("cadangan-minta", args=["latih"]))
    assert (answer.status_code, "COPY-NONE" in answer.content.decode()) == (409, True)
    assert not Job.objects.exists()


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SEKRETARIS, Role.BAWASLU])
def test_only_the_head_of_the_section_starts_copies(office, role):
    client = keeper_of(role, "Orang")
    assert client.post(reverse("cadangan-minta", args=["salin"])).status_code == 403
    assert not Job.objects.exists()


@pytest.mark.usefixtures("copies_may_be_opened")
def test_a_copy_and_a_drill_asked_for_on_the_screen_are_done_and_stand_in_the_ledger():
    Office.objects.create(code="33.16", name="KPU Blora", area_code="33.16", time_zone="Asia/Jakarta")
    client = keeper_of(Role.KUL, "Kepala")
    assert client.post(reverse("cadangan-minta", args=["salin"])).status_code == 302
    waiting = client.get(reverse("cadangan"))
    assert "Menunggu giliran" in waiting.content.decode()
    assert "Salin sekarang</button>" not in waiting.content.decode()
    again = client.post(reverse("cadangan-minta", args=["salin"]))
    assert (again.status_code, "JOB-ALREADY-ASKED" in again.content.decode()) == (409, True)
    call_command("db_worker", batch=True, verbosity=0)
    job = Job.objects.get()
    assert job.state == Job.State.DONE, job.message
    ended = client.get(reverse("cadangan-kemajuan", args=[job.pk]))
    assert ended.headers["X-Selesai"] == "ya"
    (copy,) = finished(settings.BACKUPS_DIR)
    made = Event.objects.get(kind="copy.made")
    assert made.payload["copy"] == copy.name
    assert str(made.actor) == str(job.asked_by)
    assert client.post(reverse("cadangan-minta", args=["latih"])).status_code == 302
    call_command("db_worker", batch=True, verbosity=0)
    assert Event.objects.get(kind="restore.drilled").payload["good"] is True
    text = page(client, "cadangan")
    assert copy.name in text
    assert "Berhasil baru saja" in text
    assert "UTUH" in text
    last = client.get(reverse("cadangan")).context["drills"].rows[0]
    assert (last[1].word, last[5]) == ("BERHASIL", "–")


@pytest.mark.usefixtures("copies_may_be_opened")
def test_a_drill_of_a_damaged_copy_fails_on_the_screen_too():
    Office.objects.create(code="33.16", name="KPU Blora", area_code="33.16", time_zone="Asia/Jakarta")
    client = keeper_of(Role.KUL, "Kepala")
    copy = make_copy(this_moment())
    database = copy.folder / json.loads((copy.folder / MANIFEST).read_text())["database"]["file"]
    database.write_bytes(database.read_bytes()[:-512])
    client.post(reverse("cadangan-minta", args=["latih"]))
    call_command("db_worker", batch=True, verbosity=0)
    answer = client.get(reverse("cadangan"))
    assert answer.context["drill_state"] == "gawat"
    assert "isi berubah" in answer.content.decode()
    assert Event.objects.get(kind="restore.drilled").payload["good"] is False


@pytest.mark.usefixtures("copies_may_be_opened")
def test_work_whose_asker_lost_the_right_is_refused_and_shown():
    Office.objects.create(code="33.16", name="KPU Blora", area_code="33.16", time_zone="Asia/Jakarta")
    from tepat.common.models import Post

    client = keeper_of(Role.KUL, "Kepala")
    client.post(reverse("cadangan-minta", args=["salin"]))
    Post.objects.update(role=Role.OPERATOR.name)
    call_command("db_worker", batch=True, verbosity=0)
    assert Job.objects.get().state == Job.State.FAILED
    assert finished(settings.BACKUPS_DIR) == []
    assert "COMMON-NOT-ALLOWED" in page(client, "cadangan")


@pytest.mark.usefixtures("copies_may_be_opened")
def test_a_cancelled_copy_stops_and_leaves_nothing(monkeypatch):
    from tepat.operations import jobs

    Office.objects.create(code="33.16", name="KPU Blora", area_code="33.16", time_zone="Asia/Jakarta")
    client = keeper_of(Role.KUL, "Kepala")
    client.post(reverse("cadangan-minta", args=["salin"]))
    begin = jobs.make_copy

    def cancelled_first(at, **rest):
        job = Job.objects.get()
        from tepat.common.acting import actor_of

        cancel_job(by=actor_of(job.asked_by, this_moment()), at=this_moment(), job_id=job.pk)
        return begin(at, **rest)

    monkeypatch.setattr(jobs, "make_copy", cancelled_first)
    call_command("db_worker", batch=True, verbosity=0)
    assert Job.objects.get().state == Job.State.CANCELLED
    assert list(settings.BACKUPS_DIR.iterdir()) == []


def test_unknown_work_is_not_found(office):
    assert keeper_of(Role.KUL, "Kepala").post(reverse("cadangan-minta", args=["hapus"])).status_code == 404


def test_a_copy_whose_list_is_damaged_is_named_and_no_screen_falls_over(office):
    folder = settings.BACKUPS_DIR / "2024-01-31T00-00-00-000000Z"
    folder.mkdir(parents=True)
    for text in ("{", "[]", '{"made_at": 5}', '{"layout": 1}'):
        (folder / MANIFEST).write_text(text)
        assert age_of_last_copy(settings.BACKUPS_DIR, NOW).state == "GAWAT"
        client = keeper_of(Role.KUL, f"Kepala{len(text)}")
        assert "TIDAK TERBACA" in page(client, "cadangan")
        assert "daftarnya tidak terbaca" in page(client, "latihan")


def test_how_restoring_stands():
    good = DrillRecord("x", NOW - timedelta(days=2), good=True, duration_ms=1500)
    old = DrillRecord("x", NOW - timedelta(days=8), good=True)
    bad = DrillRecord("x", NOW, good=False, faults=("database: isi berubah",))
    assert drill_state(None, NOW)[0] == "belum"
    assert drill_state(good, NOW) == ("aman", "Berhasil 2 hari lalu, 1,5 detik.")
    assert drill_state(old, NOW)[0] == "perhatikan"
    assert drill_state(bad, NOW) == ("gawat", "Gagal: database: isi berubah")


def test_a_drill_record_that_cannot_be_read_is_not_good():
    records = settings.BACKUPS_DIR / DRILLS
    records.mkdir(parents=True)
    (records / "2024-02-01T00-00-00-000000Z.json").write_text("rusak")
    (found,) = drills(settings.BACKUPS_DIR)
    assert (found.good, found.drilled_at) == (False, None)
    assert drill_state(found, NOW)[0] == "gawat"


@pytest.mark.usefixtures("copies_may_be_opened")
def test_the_newest_drill_is_read_back_as_it_was_written():
    make_copy(this_moment())
    made = drill(this_moment())
    (read,) = drills(settings.BACKUPS_DIR)
    assert (read.copy, read.good, read.drilled_at) == (made.copy, True, made.drilled_at)


def test_the_doctor_s_findings_stand_worst_first_with_what_to_do(office):
    client = keeper_of(Role.KUL, "Kepala")
    settings.TEPAT_HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    answer = client.get(reverse("pemeriksaan"))
    rows = answer.context["table"].rows
    order = {"gawat": 0, "perhatikan": 1, "aman": 2}
    assert [order[row[1]] for row in rows] == sorted(order[row[1]] for row in rows)
    copies = next(row for row in rows if row[0] == "Salinan terakhir")
    assert (copies[1], copies[3]) == ("gawat", "Jalankan tepat backup.")
    assert answer.context["state"] == "gawat"


def test_the_rehearsal_s_screen_says_which_ledger_one_is_in(office, settings):
    client = keeper_of(Role.GUDANG, "Sari")
    real = page(client, "latihan")
    assert "BUKU RESMI" in real
    assert "tepat serve --latihan" in real
    assert "pita-latihan" not in real
    settings.LATIHAN = True
    practising = page(client, "latihan")
    assert "ANDA SEDANG BERLATIH" in practising
    assert 'class="latihan"' in practising
    assert "pita-latihan" in practising


# tepat serve --latihan, as a process


def environment(home: Path) -> dict[str, str]:
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("TEPAT", "DATABASE", "DJANGO"))
    }
    return {**kept, "TEPAT_HOME": str(home)}


def test_serving_a_rehearsal_prepares_it_and_leaves_the_real_ledger_alone(tmp_path):
    home, port = tmp_path / "tepat", 18_761
    words = [sys.executable, "-m", "tepat"]
    made = subprocess.run(
        [*words, "siapkan", "--area", "33.71", "--election", "pemilu-2024"],
        env=environment(home),
        capture_output=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    before = (home / "tepat.sqlite3").stat().st_size
    served = subprocess.Popen(
        [*words, "serve", "--latihan", "--port", str(port)],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        text = _answer_of(f"http://127.0.0.1:{port}/masuk/", served)
    finally:
        served.send_signal(signal.SIGTERM)
        said, _ = served.communicate(timeout=30)
    assert "pita-latihan" in text
    assert "Buku latihan disiapkan" in said
    assert "Belum ada akun latihan" in said
    assert (home / "latihan.sqlite3").is_file()
    assert (home / "tepat.sqlite3").stat().st_size == before


def _answer_of(address: str, served: "subprocess.Popen[str]") -> str:
    for _ in range(240):
        assert served.poll() is None, served.stdout and served.stdout.read()
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"{address} never answered")


def test_a_rehearsal_without_a_real_office_is_refused_in_words(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tepat", "serve", "--latihan", "--port", "18762"],
        env=environment(tmp_path / "kosong"),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 2
    assert "REHEARSAL-FAILED" in done.stderr
    assert "Traceback" not in done.stderr
