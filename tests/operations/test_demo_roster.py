"""The example roster: the same people each time, nearly all say yes, a second run changes nothing."""

import pytest
from tests.conftest import NOW
from tests.distribution.conftest import plans, solved
from tests.distribution.screens import AREA

from tepat.common.models import Event, Job, VaultEntry
from tepat.distribution.roster_models import RosterPerson
from tepat.distribution.roster_rows import roster_of
from tepat.operations.demo_office import ROSTER_TASK, ask_for_roster
from tepat.operations.demo_roster import make_roster

__all__ = ["plans", "solved"]


@pytest.fixture
def job(plans, system):
    ask_for_roster(plans["langsung-pps"].problem, NOW, lambda _: None)
    found = Job.objects.get(task=ROSTER_TASK)
    Job.objects.update(state=Job.State.RUNNING)
    return found


def test_the_demo_shows_a_roster_with_somebody_ill_and_somebody_silent(job, plans):
    answer = make_roster(job, **job.arguments)
    plan = plans["langsung-pps"]
    roster = roster_of(plan)
    assert answer["seats"] == len(roster.seats)
    assert {gap.code for gap in roster.gaps} == {"pergi"}
    silent = RosterPerson.objects.filter(plan=plan, answered_at=None).count()
    assert 0 < silent < RosterPerson.objects.count() / 10
    names = VaultEntry.objects.filter(person__in=list(roster.given.values()))
    assert all(name.startswith("Contoh ") for name in names.values_list("name", flat=True))


def test_a_second_run_finds_everything_there(job, plans):
    answer = make_roster(job, **job.arguments)
    events = Event.objects.count()
    assert make_roster(job, **job.arguments) == answer
    assert Event.objects.count() == events
    ask_for_roster(plans["langsung-pps"].problem, NOW, lambda _: None)
    assert Job.objects.filter(task=ROSTER_TASK).count() == 1
    assert roster_of(plans["langsung-pps"]).row.area_code == AREA
