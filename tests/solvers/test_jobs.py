"""The solving job: somebody presses "Hentikan" in the middle of a search."""

import os
import subprocess
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from tests.conftest import NOW

from tepat.common.acting import system_actor
from tepat.common.jobs import cancel_job
from tepat.common.models import Job
from tepat.common.register import load_register
from tepat.distribution.archive import problem_of
from tepat.distribution.bound_models import StrategyBound
from tepat.distribution.models import PlanVersion
from tepat.solvers.bounding.pricing import HAVE_COMPILER
from tepat.solvers.jobs import Cancelled, make_plans

AREA = "33.71"
PATIENCE_S = 60


def searching():
    """Return whether a child of this process searches."""
    words = ["ps", "--ppid", str(os.getpid()), "-o", "args="]
    return "tepat.solvers.child" in subprocess.run(words, capture_output=True, text=True, check=False).stdout


def cancel_once_searching(job):
    for _ in range(PATIENCE_S * 10):
        if searching():
            break
        time.sleep(0.1)
    cancel_job(by=system_actor(), at=NOW, job_id=job.pk)
    connection.close()


def test_cancelling_ends_the_search_that_runs(transactional_db):
    by = system_actor()
    load_register(AREA, ["pemilu-2024"], by=by, at=NOW - timedelta(days=90))
    job = Job.objects.create(
        task="x", area_code=AREA, asked_by=by.person, asked_at=NOW, state=Job.State.RUNNING
    )
    presses = threading.Thread(target=cancel_once_searching, args=(job,))
    presses.start()
    with pytest.raises(Cancelled):
        make_plans(
            job,
            election="pemilu-2024",
            strategies=["langsung-pps", "lewat-ppk"],
            seconds=PATIENCE_S,
            wet=False,
            heed_notes=False,
        )
    presses.join()
    for _ in range(100):
        if not searching():
            break
        time.sleep(0.1)
    assert not searching()
    assert Job.objects.get(pk=job.pk).state == Job.State.CANCELLED
    assert not PlanVersion.objects.exists()


@pytest.mark.skipif(not HAVE_COMPILER, reason="the extra cepat is not installed")
def test_each_plan_of_a_job_has_its_bound_beside_it(transactional_db):
    by = system_actor()
    load_register(AREA, ["pemilu-2024"], by=by, at=NOW - timedelta(days=90))
    job = Job.objects.create(
        task="x", area_code=AREA, asked_by=by.person, asked_at=NOW, state=Job.State.RUNNING
    )
    wanted = {"strategies": ["langsung-pps"], "seconds": 3, "wet": False, "heed_notes": False}
    made = make_plans(job, election="pemilu-2024", **wanted)
    plan = PlanVersion.objects.get(pk=made["plans"]["langsung-pps"])
    bound = StrategyBound.objects.get(problem=made["problem"], strategy="langsung-pps")
    assert 0 < bound.bound_rupiah <= plan.column["cost_rupiah"]


def test_a_job_chooses_the_path_of_each_kecamatan(transactional_db):
    by = system_actor()
    load_register(AREA, ["pemilu-2024"], by=by, at=NOW - timedelta(days=90))
    job = Job.objects.create(
        task="x", area_code=AREA, asked_by=by.person, asked_at=NOW, state=Job.State.RUNNING
    )
    wanted = {"strategies": ["pilihan-tepat"], "seconds": 1, "wet": False, "heed_notes": False}
    made = make_plans(job, election="pemilu-2024", **wanted)
    plan = PlanVersion.objects.get(pk=made["plans"]["pilihan-tepat"])
    assert plan.title == "Tepat memilih jalur tiap kecamatan"
    (chosen,) = [each for each in problem_of(plan.problem.sha256).strategies if each.name == plan.strategy]
    ppk = [place for place in problem_of(plan.problem.sha256).places if place.kind == "ppk"]
    assert len(ppk) == 3
    assert all(place.name in chosen.note for place in ppk)
