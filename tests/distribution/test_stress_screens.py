"""Uji ketahanan on the screen: KUL asks, a job computes, whoever may read plans reads."""

import pytest
from tests.conftest import NOW
from tests.distribution.screens import AREA, enter, text_of

from tepat.common.models import Event, Job
from tepat.distribution.stress_jobs import TASK, Cancelled, report_of, run_stress_test
from tepat.distribution.stress_models import StressTest


def running_job(system, **more):
    return Job.objects.create(
        task=TASK, area_code=AREA, asked_by=system.person, asked_at=NOW, state=Job.State.RUNNING, **more
    )


def test_a_plan_that_nobody_tested_says_so_and_kul_can_ask(plans, office):
    plan = plans["langsung-pps"]
    client = enter(office["kul"])
    assert "Rencana ini belum diuji" in text_of(client, f"/distribusi/rencana/{plan.pk}/ketahanan/")
    assert "Uji ketahanan" in text_of(client, f"/distribusi/rencana/{plan.pk}/")
    assert client.post(f"/distribusi/rencana/{plan.pk}/ketahanan/hitung/", {"janji": "ya"}).status_code == 302
    job = Job.objects.get()
    assert (job.task, job.arguments) == (TASK, {"plan": plan.pk, "hold": 95})
    assert "Sedang dihitung" in text_of(client, f"/distribusi/rencana/{plan.pk}/ketahanan/")


def test_asking_twice_is_one_job(plans, office):
    plan = plans["langsung-pps"]
    client = enter(office["kul"])
    for _ in range(2):
        client.post(f"/distribusi/rencana/{plan.pk}/ketahanan/hitung/")
    assert Job.objects.count() == 1


def test_who_may_only_read_plans_sees_the_page_and_cannot_ask(plans, office):
    plan = plans["langsung-pps"]
    client = enter(office["komisioner"])
    assert "Uji rencana ini" not in text_of(client, f"/distribusi/rencana/{plan.pk}/ketahanan/")
    assert client.post(f"/distribusi/rencana/{plan.pk}/ketahanan/hitung/").status_code in {403, 404}
    assert not Job.objects.exists()


def test_the_job_keeps_a_report_that_the_page_shows(plans, office, system):
    plan = plans["langsung-pps"]
    answer = run_stress_test(running_job(system), plan=plan.pk)
    test = StressTest.objects.get(pk=answer["test"])
    report = report_of(test)
    assert (test.replays, test.seed, test.hold_percent) == (1000, 1, None)
    assert report.plan_sha256 == plan.sha256
    assert Event.objects.filter(kind="plan.stress-tested").count() == 1
    page = text_of(enter(office["komisioner"]), f"/distribusi/rencana/{plan.pk}/ketahanan/")
    assert "1.000 ulangan, benih 1" in page
    assert report.weakest[0].chance.name.removeprefix("PPS ") in page
    assert "Hujan pada satu hari" in page
    assert "tepat waktu dalam 95 dari 100 ulangan" in page


def test_a_test_that_is_stopped_keeps_nothing(plans, system):
    job = running_job(system)
    Job.objects.filter(pk=job.pk).update(state=Job.State.CANCELLED)
    with pytest.raises(Cancelled):
        run_stress_test(job, plan=plans["langsung-pps"].pk)
    assert not StressTest.objects.exists()
