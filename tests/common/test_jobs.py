"""Background work: progress in a table, dead workers noticed, cancelled work stopped."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from tepat.common.clock import now as this_moment
from tepat.common.errors import NotAllowed, Refused
from tepat.common.jobs import (
    ATTEMPTS_MAX,
    LEASE_S,
    WAITING_MAX,
    advance,
    ask_job,
    asker,
    cancel_job,
    claim,
    end,
    requeue_abandoned,
)
from tepat.common.models import Job


def counted(job: Job, *, up_to: int) -> dict:
    """Count with progress; the work of these tests."""
    for n in range(up_to):
        if not advance(job.pk, this_moment(), done=n + 1, total=up_to, message=f"{n + 1}"):
            return {"stopped": n}
    return {"counted": up_to}


def refused(job: Job) -> None:
    """Refuse, as an action may."""
    raise Refused("JOBS-FULL", limit=1)


def broken(job: Job) -> None:
    """Break, as a program may."""
    raise ZeroDivisionError


@pytest.fixture
def task_path(monkeypatch):
    """Let jobs of this module run as if they were of a stage."""
    import sys

    import tepat.common

    module = sys.modules[__name__]
    monkeypatch.setitem(sys.modules, "tepat.common.uji_pekerjaan", module)
    monkeypatch.setattr(tepat.common, "uji_pekerjaan", module, raising=False)
    return "tepat.common.uji_pekerjaan"


def ask(by, at, path, **arguments) -> Job:
    return ask_job(by=by, at=at, task_path=path, arguments=arguments, area_code="33.16")


def work() -> None:
    call_command("db_worker", batch=True, verbosity=0, interval=0, startup_delay=False)


def test_a_job_runs_in_the_worker_with_progress_and_an_answer(transactional_db, system, task_path):
    job = ask(system, this_moment(), f"{task_path}.counted", up_to=7)
    assert job.state == Job.State.WAITING
    work()
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.message, job.answer) == ("selesai", 7, 7, "7", {"counted": 7})
    assert job.ended


def test_a_refusal_ends_a_job_with_its_sentence(transactional_db, system, task_path):
    job = ask(system, this_moment(), f"{task_path}.refused")
    work()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "pekerjaan menunggu" in job.message


def test_a_defect_ends_a_job_without_a_traceback_for_the_office(transactional_db, system, task_path):
    job = ask(system, this_moment(), f"{task_path}.broken")
    work()
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.FAILED, "Kesalahan program: ZeroDivisionError")


def test_a_job_is_claimed_once(db, system, now, task_path):
    job = ask(system, now, f"{task_path}.counted", up_to=1)
    assert claim(job.pk, now).attempts == 1
    assert claim(job.pk, now) is None


def test_a_job_without_a_heartbeat_goes_back_and_gives_up_after_some_times(db, system, now, task_path):
    job = ask(system, now, f"{task_path}.counted", up_to=1)
    at = now
    for attempt in range(1, ATTEMPTS_MAX + 1):
        assert claim(job.pk, at).attempts == attempt
        assert requeue_abandoned(at + timedelta(seconds=LEASE_S)) == (0, 0)
        at += timedelta(seconds=LEASE_S + 1)
        last = attempt == ATTEMPTS_MAX
        assert requeue_abandoned(at) == ((0, 1) if last else (1, 0))
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "3 kali" in job.message


def test_a_heartbeat_keeps_a_job(db, system, now, task_path):
    job = ask(system, now, f"{task_path}.counted", up_to=1)
    claim(job.pk, now)
    later = now + timedelta(seconds=LEASE_S)
    assert advance(job.pk, later, done=1, total=9)
    assert requeue_abandoned(later + timedelta(seconds=LEASE_S)) == (0, 0)


def test_a_cancelled_job_stops_at_its_next_step_and_stays_cancelled(db, kasubbag, now, task_path):
    job = ask(kasubbag.actor, now, f"{task_path}.counted", up_to=3)
    claim(job.pk, now)
    assert cancel_job(by=kasubbag.actor, at=now, job_id=job.pk)
    assert counted(job, up_to=3) == {"stopped": 0}
    end(job.pk, now, state=Job.State.DONE)
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert not cancel_job(by=kasubbag.actor, at=now, job_id=job.pk)


def test_others_may_not_cancel_or_ask(kasubbag, dewi, now, task_path):
    job = ask(kasubbag.actor, now, f"{task_path}.counted", up_to=3)
    with pytest.raises(NotAllowed):
        cancel_job(by=dewi.actor, at=now, job_id=job.pk)
    with pytest.raises(NotAllowed):
        ask(dewi.actor, now, f"{task_path}.counted", up_to=3)


def test_the_queue_has_an_end(system, now, task_path):
    for _ in range(WAITING_MAX):
        ask(system, now, f"{task_path}.counted", up_to=1)
    with pytest.raises(Refused) as full:
        ask(system, now, f"{task_path}.counted", up_to=1)
    assert full.value.code == "JOBS-FULL"


def test_only_our_own_code_runs_as_a_job(system, now):
    with pytest.raises(AssertionError):
        ask(system, now, "os.system")


def test_a_job_acts_for_the_person_who_asked(system, kasubbag, now, task_path):
    for somebody in (system, kasubbag.actor):
        job = ask(somebody, now, f"{task_path}.counted", up_to=1)
        assert asker(job).person == somebody.person
    assert asker(ask(system, now, f"{task_path}.counted", up_to=1)).standings == system.standings
