"""Repairing a draft and going on after a setback, as jobs with the real search."""

from datetime import timedelta

import pytest
from tests.conftest import NOW
from tests.distribution.conftest import office, plans, solved  # noqa: F401 -- fixtures
from tests.distribution.screens import AREA, enter, text_of

from tepat.common.errors import Refused
from tepat.common.models import Document, Job
from tepat.distribution.actions import Minutes, forward_plan, propose_plan, publish_plan
from tepat.distribution.archive import plan_of, problem_of
from tepat.distribution.draft_actions import change_draft, save_draft, step_back
from tepat.distribution.draft_models import PlanDraft
from tepat.distribution.drafts import edited_of
from tepat.distribution.editing.changes import LockTrip, PinUnits
from tepat.distribution.models import PlanVersion
from tepat.distribution.replanning import departed
from tepat.distribution.setbacks import TASK, answers, keep_answer
from tepat.solvers import edit_jobs
from tepat.solvers.edit_jobs import repair_draft, replan_day
from tepat.solvers.jobs import Cancelled


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """A search of a second is enough for a small city."""
    monkeypatch.setattr(edit_jobs, "REPAIR_S", 1)
    monkeypatch.setattr(edit_jobs, "REPLAN_S", 1)


def running(person, task, **arguments):
    return Job.objects.create(
        task=task,
        area_code=AREA,
        asked_by=person,
        asked_at=NOW,
        state=Job.State.RUNNING,
        arguments=arguments,
    )


def a_broken_draft(row, kul):
    plan = plan_of(row.sha256)
    trip = plan.trips[0]
    other = next(each for each in plan.trips if each.vehicle != trip.vehicle)
    pin = PinUnits(units=trip.stops[0].units[:2], vehicle=other.vehicle, reason="janji camat")
    draft = change_draft(by=kul.actor, at=NOW, plan=row.pk, revision=0, change=pin)
    return draft, pin


def test_a_repair_is_the_next_step_of_the_draft_and_can_be_taken_back(plans, office):  # noqa: F811
    row, kul = plans["langsung-pps"], office["kul"]
    draft, pin = a_broken_draft(row, kul)
    job = running(kul.actor.person, "x")
    assert repair_draft(job, draft=draft.pk, revision=1) == {"draft": draft.pk}
    draft.refresh_from_db()
    found = edited_of(row, draft.changes)
    assert found.verdict.status == "accepted"
    bringers = found.sketch.bringers(pin.units)
    assert all(trips[-1].vehicle == pin.vehicle for trips in bringers.values())
    change = draft.changes[-1]
    assert Document.objects.filter(sha256__in=[change["problem_sha256"], change["plan_sha256"]]).count() == 2
    assert "Diperbaiki oleh pencari" in text_of(enter(kul), f"/distribusi/rencana/{row.pk}/sunting/")
    step_back(by=kul.actor, at=NOW, plan=row.pk, revision=2)
    draft.refresh_from_db()
    assert edited_of(row, draft.changes).verdict.status == "breached"


def test_a_repaired_draft_becomes_a_version(plans, office):  # noqa: F811
    row, kul = plans["langsung-pps"], office["kul"]
    draft, pin = a_broken_draft(row, kul)
    repair_draft(running(kul.actor.person, "x"), draft=draft.pk, revision=1)
    draft.refresh_from_db()
    repaired = edited_of(row, draft.changes).plan
    change = LockTrip(trip=repaired.trips[0].id)
    change_draft(by=kul.actor, at=NOW, plan=row.pk, revision=2, change=change)
    new = save_draft(by=kul.actor, at=NOW, plan=row.pk, revision=3)
    assert new.status == "accepted"
    assert {each.reason for each in problem_of(new.problem.sha256).pins} == {pin.reason}


def test_a_draft_that_went_on_meanwhile_is_not_overwritten(plans, office):  # noqa: F811
    row, kul = plans["langsung-pps"], office["kul"]
    draft, _ = a_broken_draft(row, kul)
    change_draft(by=kul.actor, at=NOW, plan=row.pk, revision=1, change=LockTrip(trip="T-002"))
    with pytest.raises(Refused, match="EDIT-STALE"):
        repair_draft(running(kul.actor.person, "x"), draft=draft.pk, revision=1)
    assert len(PlanDraft.objects.get().changes) == 2


def test_a_cancelled_repair_changes_nothing(plans, office):  # noqa: F811
    row, kul = plans["langsung-pps"], office["kul"]
    draft, _ = a_broken_draft(row, kul)
    job = running(kul.actor.person, "x")
    Job.objects.filter(pk=job.pk).update(state=Job.State.CANCELLED)
    with pytest.raises(Cancelled):
        repair_draft(job, draft=draft.pk, revision=1)
    assert PlanDraft.objects.get().revision == 1


def test_both_ways_stand_side_by_side_and_one_becomes_a_version(plans, office):  # noqa: F811
    row, kul = plans["langsung-pps"], office["kul"]
    propose_plan(by=kul.actor, at=NOW, plan=row.pk)
    forward_plan(by=office["sekretaris"].actor, at=NOW, plan=row.pk)
    minutes = Minutes(number="1/BA", date=NOW.date(), reason="termurah")
    publish_plan(by=office["komisioner"].actor, at=NOW, plan=row.pk, minutes=minutes)
    plan = plan_of(row.sha256)
    at = min(trip.load_at for trip in plan.trips) + timedelta(minutes=1)
    lost = [max(plan.trips, key=lambda trip: trip.load_at).vehicle]
    asked = {"plan": row.pk, "at": at.isoformat(), "lost": lost}
    job = running(kul.actor.person, TASK, **asked)
    said = replan_day(job, **asked)
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, answer=said)
    job.refresh_from_db()
    assert job.message.startswith("Jawaban pertama, yang lain tetap: semua set terbawa, ")
    found = answers(row, job)
    assert [one.way for one in found] == ["tetap", "termurah"]
    assert found[0].changes.moved == 0
    page = text_of(enter(kul), f"/distribusi/rencana/{row.pk}/halangan/")
    assert "Dua cara melanjutkan" in page
    assert lost[0] in page
    new = keep_answer(by=kul.actor, at=NOW, plan=row.pk, job=job, way="tetap")
    assert (new.state, new.problem.variant_of) == ("draf", row.problem)
    kept = plan_of(new.sha256)
    assert set(departed(plan, at)) <= set(kept.trips)
    assert not any(trip.vehicle in lost and trip.load_at > at for trip in kept.trips)
    assert PlanVersion.objects.get(pk=row.pk).state == "ditetapkan"
    with pytest.raises(Refused, match="SETBACK-NO-ANSWER"):
        keep_answer(by=kul.actor, at=NOW, plan=row.pk, job=job, way="entah")
