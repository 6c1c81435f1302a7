"""The demo broken off by force, run again, run twice at a time, and under a clock that is wrong."""

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from tests.conftest import NOW

from tepat.common.actions import Contact, add_person
from tepat.common.areas import load_area
from tepat.common.errors import Refused
from tepat.common.models import Account, Office
from tepat.distribution import documents
from tepat.distribution.building import build_problem
from tepat.distribution.checker import load_matrices
from tepat.distribution.models import PlanVersion
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.operations import serving
from tepat.operations.clocks import CLOCK_BEHIND_S_MAX, clock_fault
from tepat.operations.demo_folder import held
from tepat.operations.demo_office import PASSWORD_FILE, open_demo_office
from tepat.operations.doctor import examine
from tepat.solvers.pyvrp_engine import PyvrpEngine

AREA = "33.71"
HOLDER = """
import sys, time
from pathlib import Path
from tepat.operations.demo_folder import held
with held(Path(sys.argv[1])) as holding:
    holding.step("menghitung rencana")
    print("siap", flush=True)
    time.sleep(600)
"""
PARENT = """
import os, subprocess, sys
leash = [sys.executable, "-m", "tepat.operations.leash", str(os.getpid())]
child = subprocess.Popen(
    [*leash, "http.server", "0", "--bind", "127.0.0.1"],
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
)
print(child.pid, flush=True)
child.wait()
"""


@pytest.fixture(scope="module")
def magelang(tmp_path_factory):
    """A demo's folder of Kota Magelang with one plan."""
    folder = tmp_path_factory.mktemp("magelang")
    problem = build_problem(load_area(AREA), "pemilu-2024", out=folder).problem
    matrices = load_matrices(problem, folder)
    plan = solve(problem, "langsung-pps", matrices, engine=PyvrpEngine(), seed=1, budget=Budget(iterations=1))
    documents.write(plan, folder / "plan-langsung-pps.json")
    return folder


@pytest.fixture
def copies_may_be_opened(transactional_db, django_db_blocker, monkeypatch):
    """Let a copy be opened beside the test's own database, which Django's test case would forbid."""
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", django_db_blocker._real_ensure_connection)


def begin(program, *words):
    """Start a program and return it with the first line that it says."""
    started = subprocess.Popen([sys.executable, "-c", program, *words], stdout=subprocess.PIPE, text=True)
    return started, started.stdout.readline().strip()


def end_by_force(process):
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


def test_a_folder_is_held_by_one_process_at_a_time(tmp_path):
    other, _ = begin(HOLDER, str(tmp_path))
    try:
        with pytest.raises(Refused) as refused, held(tmp_path):
            pass
        assert refused.value.code == "DEMO-RUNNING"
    finally:
        end_by_force(other)
    with held(tmp_path) as holding:
        assert "menghitung rencana" in holding.sentence


def test_a_run_after_one_that_broke_off_takes_its_leftovers_away_and_says_so(tmp_path):
    other, _ = begin(HOLDER, str(tmp_path))
    for name in ("plan-langsung-pps.json", ".problem.json.77.baru", "summary.json"):
        (tmp_path / name).write_text("{")
    (tmp_path / "problem.json").write_text("{}")
    end_by_force(other)
    with held(tmp_path) as holding:
        assert holding.cleared == 3
        assert "3 berkas sisanya dihapus" in holding.sentence
    assert {file.name for file in tmp_path.iterdir()} == {"problem.json", "sedang-berjalan.txt"}
    with held(tmp_path) as holding:
        assert holding.sentence == ""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's end")
def test_a_server_ends_with_its_parent_even_by_force():
    parent, child = begin(PARENT)
    end_by_force(parent)
    for _ in range(200):
        if not Path(f"/proc/{child}").exists():
            break
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists()


def test_a_port_that_somebody_uses_is_one_sentence(monkeypatch):
    monkeypatch.setattr(serving, "PORT_WAIT_S_MAX", 0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        serving.require_free(port)
        other.listen()
        with pytest.raises(Refused) as refused:
            serving.require_free(port)
    assert refused.value.code == "SERVE-PORT-BUSY"


def test_a_demo_killed_while_it_computes_runs_again(tmp_path):
    words = [sys.executable, "-m", "tepat", "demo", AREA, "--no-serve", "--no-papers", "--seconds", "1"]
    place = {"cwd": tmp_path, "text": True}
    first = subprocess.Popen(
        words, stdout=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"}, **place
    )
    while "Masalah" not in first.stdout.readline():
        assert first.poll() is None
    end_by_force(first)
    again = subprocess.run(words, capture_output=True, check=False, timeout=300, **place)
    assert again.returncode == 0, again.stderr
    assert "Percobaan sebelumnya di folder ini terhenti saat menghitung rencana" in again.stdout
    assert (tmp_path / "contoh" / "summary.json").exists()


def opened(folder, at=NOW):
    said = []
    open_demo_office(folder, AREA, at=at, tell=said.append)
    return " ".join(said)


def test_the_demo_office_is_made_once_and_found_again(copies_may_be_opened, magelang):
    first = opened(magelang)
    assert "register dimuat" in first
    assert "1 baru, 0 sudah ada" in first
    again = opened(magelang, NOW + timedelta(hours=1))
    assert "dipakai lagi" in again
    assert "0 baru, 1 sudah ada" in again
    assert "Perhatikan" not in again
    assert (Office.objects.count(), PlanVersion.objects.count(), Account.objects.count()) == (1, 1, 5)


def test_a_password_file_that_broke_off_empty_is_made_anew(copies_may_be_opened, magelang):
    (magelang / PASSWORD_FILE).write_text("")
    said = opened(magelang)
    password = (magelang / PASSWORD_FILE).read_text().strip()
    assert password
    assert password in said
    assert Account.objects.get(username="kul").check_password(password)


def test_a_clock_before_the_newest_event_is_told_by_demo_and_doctor(copies_may_be_opened, magelang):
    opened(magelang)
    early = NOW - timedelta(days=3)
    assert "tertinggal 3 hari dari peristiwa terakhir" in opened(magelang, early)
    found = {check.name: check for check in examine(early)}
    assert found["Jam komputer"].state == "PERHATIKAN"
    assert found["Jam komputer"].todo
    assert {check.name: check.state for check in examine(NOW)}["Jam komputer"] == "AMAN"


@pytest.mark.parametrize(
    ("behind_s", "words"),
    [(0, ""), (CLOCK_BEHIND_S_MAX, ""), (600, "10 menit"), (7200, "2 jam"), (90_000_000, "1.041 hari")],
)
def test_the_clock_may_be_a_little_behind_only(system, behind_s, words):
    add_person(by=system, at=NOW, contact=Contact("Sari"))
    found = clock_fault(NOW - timedelta(seconds=behind_s))
    assert bool(found) == bool(words)
    assert words in found


def test_without_any_event_no_clock_is_wrong(db):
    assert clock_fault(NOW - timedelta(days=9999)) == ""
