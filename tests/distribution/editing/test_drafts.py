"""Drafts of people: kept step by step, undone, redone, never over one another, saved as a version."""

import pytest
from tests.conftest import NOW, make_somebody
from tests.distribution.screens import AREA

from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Event
from tepat.common.permissions import Role
from tepat.distribution import draft_actions
from tepat.distribution.archive import plan_of, problem_of
from tepat.distribution.draft_actions import change_draft, drop_draft, save_draft, step_back, step_forth
from tepat.distribution.draft_models import PlanDraft
from tepat.distribution.drafts import drafts_of_others, edited_of, open_draft, said, saved_from
from tepat.distribution.editing.changes import LockTrip, Move, OwnTrip, PinUnits, ToTrip
from tepat.distribution.models import PlanVersion, ProblemFile


@pytest.fixture
def row(plans):
    return plans["langsung-pps"]


@pytest.fixture
def kul(office):
    return office["kul"].actor


def a_move(row, number=0):
    """Part of a stop goes on a trip of its own, with a vehicle that drives on that date anyway."""
    trip = plan_of(row.sha256).trips[number]
    stop = trip.stops[0]
    own = OwnTrip(vehicle=trip.vehicle, date=trip.date)
    return Move(trip=trip.id, place=stop.place, units=stop.units[:1], to=own)


def change(kul, row, revision, wanted):
    return change_draft(by=kul, at=NOW, plan=row.pk, revision=revision, change=wanted)


def test_steps_back_and_forth(kul, row):
    change(kul, row, 0, LockTrip(trip="T-001"))
    draft = change(kul, row, 1, LockTrip(trip="T-002"))
    assert (draft.revision, len(draft.changes)) == (2, 2)
    draft = step_back(by=kul, at=NOW, plan=row.pk, revision=2)
    assert said(draft, problem_of(row.problem.sha256)) == ["T-001 dikunci"]
    draft = step_forth(by=kul, at=NOW, plan=row.pk, revision=3)
    assert len(draft.changes) == 2
    step_back(by=kul, at=NOW, plan=row.pk, revision=4)
    draft = change(kul, row, 5, LockTrip(trip="T-003"))
    assert draft.undone == []
    with pytest.raises(Refused, match="EDIT-NO-UNDO"):
        step_forth(by=kul, at=NOW, plan=row.pk, revision=6)


def test_a_change_that_cannot_be_leaves_the_draft_as_it_was(kul, row):
    change(kul, row, 0, LockTrip(trip="T-001"))
    with pytest.raises(Refused, match="EDIT-LOCKED"):
        change(kul, row, 1, a_move(row))
    assert PlanDraft.objects.get().revision == 1


def test_two_windows_of_one_person_do_not_overwrite_each_other(kul, row):
    change(kul, row, 0, LockTrip(trip="T-001"))
    with pytest.raises(Refused, match="EDIT-STALE"):
        change(kul, row, 0, LockTrip(trip="T-002"))
    assert len(PlanDraft.objects.get().changes) == 1


def test_two_people_have_a_draft_each_and_save_a_version_each(kul, row):
    other = make_somebody("Rekan", Role.KUL, AREA).actor
    change(kul, row, 0, LockTrip(trip="T-001"))
    change(other, row, 0, LockTrip(trip="T-002"))
    assert drafts_of_others(row, kul.person) == 1
    one = save_draft(by=kul, at=NOW, plan=row.pk, revision=1)
    two = save_draft(by=other, at=NOW, plan=row.pk, revision=1)
    assert one.number != two.number
    assert [version.pk for version in saved_from(row)] == [one.pk, two.pk]
    assert drafts_of_others(row, kul.person) == 0


def test_saving_makes_a_checked_version_and_the_old_one_stays(kul, row):
    before = PlanVersion.objects.values().get(pk=row.pk)
    draft = change(kul, row, 0, a_move(row))
    cost = edited_of(row, draft.changes).plan.totals.cost_rupiah
    new = save_draft(by=kul, at=NOW, plan=row.pk, revision=1)
    assert new.number > row.number
    assert (new.state, new.status, new.problem_id) == ("draf", "accepted", row.problem_id)
    assert new.column["cost_rupiah"] == cost
    assert PlanVersion.objects.values().get(pk=row.pk) == before
    event = Event.objects.get(kind="plan.edited")
    assert event.payload["from"] == row.number
    assert event.payload["number"] == new.number
    assert open_draft(row, kul.person) is None
    assert PlanDraft.objects.get().saved_id == new.pk


def test_pins_and_locks_make_a_problem_beside_the_old_one(kul, row):
    trip = plan_of(row.sha256).trips[0]
    pin = PinUnits(units=trip.stops[0].units, vehicle=trip.vehicle, reason="janji camat")
    change(kul, row, 0, pin)
    change(kul, row, 1, LockTrip(trip=trip.id))
    new = save_draft(by=kul, at=NOW, plan=row.pk, revision=2)
    assert new.problem.variant_of == row.problem
    kept = problem_of(new.problem.sha256)
    assert {each.reason for each in kept.pins} == {"janji camat"}
    assert [each.trip for each in kept.locks] == [trip.id]
    assert ProblemFile.objects.count() == 2


def test_a_breached_draft_is_not_saved_and_not_lost(kul, row):
    plan = plan_of(row.sha256)
    trip = plan.trips[0]
    other = next(each for each in plan.trips if each.vehicle != trip.vehicle)
    change(kul, row, 0, PinUnits(units=trip.stops[0].units, vehicle=other.vehicle, reason="janji"))
    count = PlanVersion.objects.count()
    with pytest.raises(Refused, match="EDIT-BREACHED"):
        save_draft(by=kul, at=NOW, plan=row.pk, revision=1)
    assert PlanVersion.objects.count() == count
    assert len(PlanDraft.objects.get().changes) == 1


def test_nothing_changed_is_no_version(kul, row):
    with pytest.raises(Refused, match="EDIT-NOTHING"):
        save_draft(by=kul, at=NOW, plan=row.pk, revision=0)


def test_what_was_done_and_undone_by_hand_is_no_version(kul, row):
    trip = next(each for each in plan_of(row.sha256).trips if len(each.stops) > 1)
    stop = trip.stops[0]
    for revision, position in enumerate((2, 1)):
        to = ToTrip(trip=trip.id, position=position)
        change(kul, row, revision, Move(trip=trip.id, place=stop.place, units=stop.units, to=to))
    with pytest.raises(Refused, match="EDIT-NOTHING"):
        save_draft(by=kul, at=NOW, plan=row.pk, revision=2)


def test_a_draft_ends_somewhere(kul, row, monkeypatch):
    monkeypatch.setattr(draft_actions, "CHANGES_MAX", 1)
    change(kul, row, 0, LockTrip(trip="T-001"))
    with pytest.raises(Refused, match="EDIT-TOO-MANY"):
        change(kul, row, 1, LockTrip(trip="T-002"))
    assert len(PlanDraft.objects.get().changes) == 1


def test_a_draft_can_be_thrown_away(kul, row):
    change(kul, row, 0, LockTrip(trip="T-001"))
    drop_draft(by=kul, at=NOW, plan=row.pk, revision=1)
    assert not PlanDraft.objects.exists()


def test_who_may_not_make_plans_changes_none(office, row):
    for name in ("komisioner", "sekretaris"):
        with pytest.raises(NotAllowed):
            change(office[name].actor, row, 0, LockTrip(trip="T-001"))
    stranger = make_somebody("Asing", Role.KUL, "33.16").actor
    with pytest.raises(NotAllowed):
        change(stranger, row, 0, LockTrip(trip="T-001"))
    assert not PlanDraft.objects.exists()
