"""Bawaslu and Panwascam hear of each schedule and each change in time, or everybody sees that it was late."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests.conftest import NOW, make_somebody

from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Event
from tepat.common.permissions import Role
from tepat.distribution import documents
from tepat.distribution.actions import Minutes, forward_plan, propose_plan, publish_plan
from tepat.distribution.checker import load_matrices
from tepat.distribution.keeping import keep_plan_file
from tepat.distribution.models import PlanVersion
from tepat.distribution.notice_actions import (
    acknowledge_notice,
    note_call,
    set_notice_hours,
    tell_supervisors,
)
from tepat.distribution.notice_models import ScheduleNotice
from tepat.distribution.notices import change_of, schedule_before, timing_of
from tepat.distribution.routing import Budget
from tepat.distribution.rules_notice import Timing, change_in, halts_of
from tepat.distribution.solving import solve
from tepat.solvers.pyvrp_engine import PyvrpEngine

BLORA, CEPU, OFFICE = "33.16.09", "33.16.05", "33.16"


@pytest.fixture(scope="session")
def other_plan(made):
    """Another plan of the same problem."""
    matrices = load_matrices(made.problem, made.folder)
    plan = solve(
        made.problem, "lewat-ppk", matrices, engine=PyvrpEngine(), seed=1, budget=Budget(iterations=20)
    )
    folder = made.folder.parent / "lain"
    folder.mkdir(exist_ok=True)
    documents.write(plan, folder / "plan-lewat-ppk.json")
    return folder / "plan-lewat-ppk.json"


@pytest.fixture
def bawaslu(db):
    return make_somebody("Tia", Role.BAWASLU, OFFICE)


@pytest.fixture
def publish(system, db):
    """Let a plan go its whole way; the pleno publishes it at a moment."""
    secretary = make_somebody("Rahma", Role.SEKRETARIS, OFFICE)
    chair = make_somebody("Umar", Role.KOMISIONER, OFFICE)

    def run(plan, at=NOW):
        propose_plan(by=system, at=at, plan=plan.pk)
        forward_plan(by=secretary.actor, at=at, plan=plan.pk)
        minutes = Minutes("12/BA/2024", NOW.date(), "Paling murah.")
        return publish_plan(by=chair.actor, at=at, plan=plan.pk, minutes=minutes)

    return run


def first_departure(made, area):
    return change_in(area, (), halts_of(made.problem, made.plan)).departure_after(NOW)


def notice(plan, area):
    return ScheduleNotice.objects.get(plan=plan, area_code=area)


def enter(client, somebody):
    client.logout()
    assert client.login(username=somebody.username, password=somebody.password)
    return client


def test_publishing_tells_bawaslu_and_each_panwascam_in_the_same_step(plan, publish, made):
    publish(plan)
    told = ScheduleNotice.objects.filter(plan=plan)
    assert set(told.values_list("recipient", "area_code")) == {
        ("bawaslu", OFFICE),
        ("panwascam", BLORA),
        ("panwascam", CEPU),
    }
    for row in told:
        assert row.departure_at == first_departure(made, row.area_code)
    event = Event.objects.get(kind="notice.given")
    assert {line["area"] for line in event.payload["to"]} == {OFFICE, BLORA, CEPU}
    assert all(line["late_s"] == 0 for line in event.payload["to"])


@pytest.mark.parametrize(
    ("before", "mark"),
    [
        pytest.param(timedelta(hours=24), ("aman", "TEPAT WAKTU"), id="the-last-second-in-time"),
        pytest.param(
            timedelta(hours=23, minutes=55), ("gawat", "TERLAMBAT 0 j 05 m"), id="five-minutes-late"
        ),
        pytest.param(timedelta(hours=-2), ("gawat", "TERLAMBAT 26 j 00 m"), id="after-it-had-left"),
    ],
)
def test_late_is_what_comes_less_than_the_hours_before_departure(plan, publish, made, before, mark):
    publish(plan, first_departure(made, OFFICE) - before)
    assert timing_of(notice(plan, OFFICE)).mark == mark


def test_late_notice_is_told_on_the_plan_and_in_the_supervisors_list(
    plan, publish, made, kasubbag, dewi, client
):
    publish(plan, first_departure(made, BLORA) - timedelta(hours=5))
    page = enter(client, kasubbag).get(reverse("distribusi-rencana-satu", args=[plan.pk])).content.decode()
    assert "diberi tahu kurang dari 24 jam sebelum berangkat" in page
    listed = enter(client, dewi).get(reverse("pemberitahuan")).content.decode()
    assert "TERLAMBAT 19 j 00 m" in listed
    assert "diberikan 5 j 00 m sebelum berangkat; seharusnya 24 jam" in listed


def test_the_office_sets_the_hours_and_what_was_given_keeps_its_own(plan, publish, made, system, kasubbag):
    set_notice_hours(by=kasubbag.actor, at=NOW, area_code=OFFICE, hours=48)
    publish(plan, first_departure(made, OFFICE) - timedelta(hours=47))
    set_notice_hours(by=kasubbag.actor, at=NOW, area_code=OFFICE, hours=12)
    row = notice(plan, OFFICE)
    assert (row.hours, timing_of(row).late_s) == (48, 3600)
    for hours, code in ((0, "NOTICE-HOURS"), (337, "NOTICE-HOURS"), (12, "NOTICE-HOURS-SAME")):
        with pytest.raises(Refused) as refused:
            set_notice_hours(by=kasubbag.actor, at=NOW, area_code=OFFICE, hours=hours)
        assert refused.value.code == code


def test_a_change_is_told_with_what_is_new_and_what_no_longer_holds(
    plan, publish, other_plan, system, dewi, client
):
    publish(plan)
    later = NOW + timedelta(days=1)
    new = keep_plan_file(other_plan, plan.problem, by=system, at=later)
    publish(new, later)
    assert schedule_before(PlanVersion.objects.get(pk=new.pk)) == plan
    row = notice(new, BLORA)
    change = change_of(row)
    assert row.supersedes == plan
    assert row.halts == len(change.new) + len(change.gone) > 0
    assert row.departure_at == change.departure_after(later)
    page = enter(client, dewi).get(reverse("pemberitahuan-satu", args=[row.pk])).content.decode()
    assert "TIDAK BERLAKU LAGI" in page
    assert "BARU" in page
    old = client.get(reverse("pemberitahuan-satu", args=[notice(plan, BLORA).pk])).content.decode()
    assert "Jadwal ini tidak berlaku lagi" in old
    assert not notice(new, BLORA).acknowledged_at, "a change is acknowledged anew"


def test_what_did_not_change_is_never_late(made):
    halts = halts_of(made.problem, made.plan)
    assert change_in(OFFICE, halts, halts).departure_after(NOW) is None
    timing = Timing(NOW, None, 24)
    assert (timing.late_s, timing.words) == (0, "tidak ada yang berubah di wilayah ini")


def test_only_what_changed_counts_for_the_hours(made):
    """A trip that left yesterday and stands in both schedules makes no notice late."""
    halts = halts_of(made.problem, made.plan)
    last = max(halts)
    change = change_in(OFFICE, halts, halts - {last})
    assert (change.new, change.gone) == ((), (last,))
    assert change.departure_after(last.depart_at - timedelta(hours=1)) == last.depart_at
    assert change.departure_after(last.depart_at) is None, "nobody could still attend it"


def test_a_panwascam_acknowledges_once_on_its_own_screen(plan, publish, dewi, client):
    publish(plan)
    row = notice(plan, BLORA)
    page = enter(client, dewi).get(reverse("pemberitahuan")).content.decode()
    assert "1 jadwal menunggu pengakuan Anda" in page
    assert "Bawaslu" not in page.split('id="pemberitahuan"')[-1].split("</table>")[0]
    address = reverse("pemberitahuan-akui", args=[row.pk])
    assert client.post(address).status_code == 302
    row.refresh_from_db()
    assert row.acknowledged_by == dewi.actor.person
    first = row.acknowledged_at
    again = client.post(address)
    assert again.status_code == 409
    assert "NOTICE-ACKNOWLEDGED" in again.content.decode()
    row.refresh_from_db()
    assert row.acknowledged_at == first
    assert Event.objects.filter(kind="notice.acknowledged").count() == 1


def test_nobody_acknowledges_for_another(plan, publish, dewi, bawaslu, kasubbag, budi):
    publish(plan)
    for somebody, area in ((dewi, CEPU), (dewi, OFFICE), (bawaslu, BLORA), (kasubbag, BLORA), (budi, BLORA)):
        with pytest.raises(NotAllowed):
            acknowledge_notice(by=somebody.actor, at=NOW, notice=notice(plan, area).pk)
    acknowledge_notice(by=bawaslu.actor, at=NOW, notice=notice(plan, OFFICE).pk)


def test_a_telephone_call_is_noted_by_the_office_and_stays_beside_their_own_word(
    plan, publish, dewi, kasubbag, client
):
    publish(plan)
    row = notice(plan, BLORA)
    address = reverse("pemberitahuan-telepon", args=[row.pk])
    empty = enter(client, kasubbag).post(address, {"note": " "})
    assert "NOTICE-NO-NOTE" in empty.content.decode()
    assert client.post(address, {"note": "ketua Panwascam, sudah dicatat"}).status_code == 302
    page = client.get(reverse("pemberitahuan-satu", args=[row.pk])).content.decode()
    assert "lewat telepon, dicatat oleh kasubbag KUL" in page
    with pytest.raises(Refused) as twice:
        note_call(by=kasubbag.actor, at=NOW, notice=row.pk, note="sekali lagi")
    assert twice.value.code == "NOTICE-PHONED"
    acknowledge_notice(by=dewi.actor, at=NOW, notice=row.pk)
    page = client.get(reverse("pemberitahuan-satu", args=[row.pk])).content.decode()
    assert "di layarnya sendiri; lewat telepon" in page
    assert Event.objects.get(kind="notice.acknowledged").payload["after_call"] is True
    with pytest.raises(Refused) as after:
        note_call(by=kasubbag.actor, at=NOW, notice=row.pk, note="sekali lagi")
    assert after.value.code == "NOTICE-ACKNOWLEDGED"


def test_a_schedule_from_before_there_were_notices_is_told_at_the_press_of_a_button(
    plan, publish, kasubbag, client, system
):
    with pytest.raises(Refused) as draft:
        tell_supervisors(by=system, at=NOW, plan=plan.pk)
    assert draft.value.code == "NOTICE-NOT-PUBLISHED"
    publish(plan)
    ScheduleNotice.objects.all().delete()
    page = enter(client, kasubbag).get(reverse("pemberitahuan")).content.decode()
    assert "belum diberitahukan kepada pengawas" in page
    assert client.post(reverse("pemberitahuan-beri-tahu", args=[plan.pk])).status_code == 302
    assert ScheduleNotice.objects.filter(plan=plan).count() == 3
    again = client.post(reverse("pemberitahuan-beri-tahu", args=[plan.pk]))
    assert "NOTICE-ALL-TOLD" in again.content.decode()


def test_the_hours_are_set_on_the_screen(kasubbag, plan, client):
    where = reverse("pemberitahuan-jam")
    assert "NOTICE-HOURS" in enter(client, kasubbag).post(where, {"hours": "0"}).content.decode()
    assert client.post(where, {"hours": "36"}).status_code == 302
    assert "36 jam sebelum berangkat" in client.get(reverse("pemberitahuan")).content.decode()


def test_half_an_acknowledgement_is_refused_by_the_database(plan, publish):
    publish(plan)
    for half in ({"acknowledged_at": NOW}, {"phoned_at": NOW, "phoned_by": plan.made_by}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ScheduleNotice.objects.filter(plan=plan).update(**half)
