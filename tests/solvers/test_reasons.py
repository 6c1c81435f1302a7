"""`tepat plan explain --next --relax` on files, and the job behind the screen, with the real engine."""

import json
import subprocess
import sys
import threading
import time
from datetime import timedelta

import msgspec
import pytest
from django.db import connection
from msgspec.structs import replace
from tests.conftest import NOW
from tests.distribution.engines import FirstAnswer
from tests.distribution.small import npy, small_problem

from tepat.common.acting import system_actor
from tepat.common.errors import Refused
from tepat.common.jobs import cancel_job
from tepat.common.models import Job
from tepat.common.register import load_register
from tepat.distribution.documents import write
from tepat.distribution.keeping import keep_folder
from tepat.distribution.reason_questions import LEFT, OTHERS, TASK
from tepat.distribution.reasons.next_best import NextBest
from tepat.distribution.reasons.smallest import Remedy
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.solvers import reason_jobs
from tepat.solvers.jobs import Cancelled
from tepat.solvers.reason_jobs import find_reasons

AREA = "33.16"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small problem in which one PPS is closed, and its plan."""
    folder = tmp_path_factory.mktemp("mengapa")
    problem, matrices = small_problem(9)
    places = tuple(
        replace(each, access=("motor",)) if each.id == "PPS-2.1" else each for each in problem.places
    )
    problem = replace(problem, places=places)
    plan = solve(problem, "langsung", matrices, engine=FirstAnswer(), budget=Budget(iterations=1))
    write(problem, folder / "problem.json")
    write(plan, folder / "plan-langsung.json")
    for matrix in problem.matrices:
        (folder / matrix.file).write_bytes(npy(matrices[matrix.vehicle_class, matrix.weather]))
    return folder


def run(folder, *arguments):
    command = [sys.executable, "-c", "from tepat.cli import main; main()", "plan", "explain"]
    files = ["problem.json", "plan-langsung.json"]
    return subprocess.run(
        [*command, *files, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def test_explain_prints_the_next_best_with_its_price(folder):
    done = run(folder, "PPS-1.1", "--next", "--iterations", "20")
    assert done.returncode == 0, done.stderr
    assert "Yang mengikat:" in done.stdout
    assert "Pilihan lain termurah dari" in done.stdout
    assert "Berangkat 11-02-2024: tambahan Rp" in done.stdout
    assert "Mencoba: Berangkat 11-02-2024" in done.stderr


def test_explain_finds_what_serves_what_is_left_and_says_it_in_json(folder):
    done = run(folder, "PPS-2.1", "--relax", "--iterations", "20", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    remedy = msgspec.convert(answer["remedy"], Remedy)
    assert remedy.size == 1
    assert any("pikap boleh masuk" in way.decisions[0] for way in remedy.ways)
    assert answer["next"] is None
    assert answer["kind"] == "tempat"


def test_nothing_left_behind_is_refused_with_what_to_do(folder):
    done = run(folder, "PPS-1.1", "--relax")
    assert done.returncode == 2
    assert "REASON-NOTHING-LEFT" in done.stderr
    assert "--next" in done.stderr


@pytest.fixture
def row(transactional_db, folder):
    by = system_actor()
    load_register(AREA, ["pemilu-2024"], by=by, at=NOW - timedelta(days=90))
    (kept,) = keep_folder(folder, by=by, at=NOW)
    return kept


def running(row, subject, question):
    return Job.objects.create(
        task=TASK,
        arguments={"plan": row.pk, "subject": subject, "question": question},
        area_code=AREA,
        asked_by=system_actor().person,
        asked_at=NOW,
        state=Job.State.RUNNING,
    )


def test_the_job_answers_both_questions(row, monkeypatch):
    monkeypatch.setattr(reason_jobs, "TRY_S", 1)
    job = running(row, "jalur:PPK-1", OTHERS)
    found = msgspec.convert(find_reasons(job, **job.arguments), NextBest)
    assert [tried.kind for tried in found.tried] == ["jalur"]
    assert found.tried[0].outcome == "ditemukan"
    job = running(row, "PPS-2.1", LEFT)
    assert msgspec.convert(find_reasons(job, **job.arguments), Remedy).size == 1
    job.refresh_from_db()
    assert job.message.startswith("Mencoba: ")


def test_a_job_about_something_unknown_ends_with_its_sentence(row):
    job = running(row, "T-999", OTHERS)
    with pytest.raises(Refused, match="tidak ada dalam rencana"):
        find_reasons(job, **job.arguments)


def test_cancelling_ends_the_search(row):
    job = running(row, "PPS-1.1", OTHERS)

    def press():
        while not Job.objects.get(pk=job.pk).message.startswith("Mencoba"):
            time.sleep(0.1)
        cancel_job(by=system_actor(), at=NOW, job_id=job.pk)
        connection.close()

    presses = threading.Thread(target=press)
    presses.start()
    with pytest.raises(Cancelled):
        find_reasons(job, **job.arguments)
    presses.join()
    assert Job.objects.get(pk=job.pk).state == Job.State.CANCELLED
