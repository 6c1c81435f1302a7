"""Actions: permission, one transaction, a ledger entry inside, the same key twice is one effect."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections

from tepat.common import ledger
from tepat.common.acting import ANONYMOUS, Actor, Standing, action, actor_of, fingerprint, load_or_refuse
from tepat.common.actions import Contact, add_person, end_post, give_post
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import ActionReceipt, Election, Event, Person, Place, Post
from tepat.common.permissions import TABLE, Permission, Role
from tepat.custody.events import RefusedObject

TESTED = ledger.kind("uji.acted")


@action(Permission.REGISTER_EDIT, area="area_code")
def rename(*, by, at, area_code: str, name: str, fail: bool = False) -> Election:
    """Write an election under a name, for the tests."""
    election, _ = Election.objects.update_or_create(
        code="uji",
        defaults={"name": name, "kind": "pemilu", "polling_date": "2024-02-14", "rule_set": "uji"},
    )
    ledger.record(TESTED, {"name": name}, by=by, at=at, about=ledger.About(place=area_code))
    if fail:
        raise Refused("NOTE-EMPTY")
    return election


@action(Permission.REGISTER_EDIT)
def forgetful(*, by, at) -> None:
    """Change something and leave no entry."""
    Election.objects.create(
        code="lupa", name="lupa", kind="pemilu", polling_date="2024-02-14", rule_set="uji"
    )


def operator(area_code: str = "33.16") -> Actor:
    return Actor(uuid4(), (Standing(Role.OPERATOR, area_code),))


@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("role", list(Role))
def test_the_matrix_of_roles_and_permissions_is_what_require_enforces(role, permission):
    actor = Actor(uuid4(), (Standing(role, "33.16"),))
    for area, inside in (("33.16.09.1015", True), ("33.16", True), ("33.71", False), ("33", False)):
        allowed = permission in TABLE[role] and inside
        if allowed:
            actor.require(permission, area)
        else:
            with pytest.raises(NotAllowed) as refused:
                actor.require(permission, area)
            assert refused.value.code == ("COMMON-NOT-ALLOWED" if inside else "COMMON-NOT-FOUND")


def test_an_action_writes_its_row_and_its_event_together(db, now):
    election = rename(by=operator(), at=now, area_code="33.16", name="satu")
    event = Event.objects.get(kind=TESTED)
    assert (election.name, event.payload, event.place) == ("satu", {"name": "satu"}, "33.16")


def test_a_refusal_takes_back_the_row_and_the_event(db, now):
    with pytest.raises(Refused):
        rename(by=operator(), at=now, area_code="33.16", name="satu", fail=True)
    assert not Election.objects.filter(code="uji").exists()
    assert not Event.objects.filter(kind=TESTED).exists()


def test_an_action_without_a_ledger_entry_is_a_defect_and_changes_nothing(db, now):
    with pytest.raises(AssertionError, match="left no ledger entry"):
        forgetful(by=operator(), at=now)
    assert not Election.objects.filter(code="lupa").exists()


def test_nobody_acts_without_the_permission_or_outside_the_area(db, now):
    with pytest.raises(NotAllowed) as refused:
        rename(by=Actor(uuid4(), (Standing(Role.PPS, "33.16"),)), at=now, area_code="33.16", name="x")
    assert refused.value.code == "COMMON-NOT-ALLOWED"
    with pytest.raises(NotAllowed) as refused:
        rename(by=operator("33.71"), at=now, area_code="33.16", name="x")
    assert refused.value.code == "COMMON-NOT-FOUND"
    assert not Event.objects.filter(kind=TESTED).exists()


def test_the_same_key_twice_is_one_effect_and_the_same_answer(db, now):
    by = operator()
    first = rename(by=by, at=now, area_code="33.16", name="satu", key="k1")
    second = rename(by=by, at=now + timedelta(hours=1), area_code="33.16", name="satu", key="k1")
    assert first == second
    assert Event.objects.filter(kind=TESTED).count() == 1


def test_the_same_key_for_something_else_or_by_somebody_else_is_refused(db, now):
    by = operator()
    rename(by=by, at=now, area_code="33.16", name="satu", key="k1")
    for other, name in ((by, "dua"), (operator(), "satu")):
        with pytest.raises(Refused) as refused:
            rename(by=other, at=now, area_code="33.16", name=name, key="k1")
        assert refused.value.code == "COMMON-KEY-REUSED"
    assert Election.objects.get(code="uji").name == "satu"


def test_a_refused_action_leaves_its_key_free(db, now):
    by = operator()
    with pytest.raises(Refused):
        rename(by=by, at=now, area_code="33.16", name="satu", fail=True, key="k1")
    assert not ActionReceipt.objects.exists()
    rename(by=by, at=now, area_code="33.16", name="satu", fail=False, key="k1")


def test_two_at_once_with_the_same_key_make_one_event(transactional_db, now):
    by, answers, faults = operator(), [], []
    barrier = threading.Barrier(4)

    def run():
        try:
            barrier.wait()
            answers.append(rename(by=by, at=now, area_code="33.16", name="satu", key="sama").pk)
        except Exception as fault:  # noqa: BLE001 -- shown by the assertion below
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert Event.objects.filter(kind=TESTED).count() == 1


def test_positional_arguments_and_a_naive_time_are_defects(db, now):
    with pytest.raises(TypeError):
        rename(operator(), now)
    with pytest.raises(AssertionError):
        rename(by=operator(), at=now.replace(tzinfo=None), area_code="33.16", name="x")


def test_an_action_needs_by_and_at():
    with pytest.raises(AssertionError, match="needs by and at"):
        action(Permission.REGISTER_EDIT)(lambda *, name: name)
    with pytest.raises(AssertionError, match="keywords only"):
        action(Permission.REGISTER_EDIT)(lambda by, at: (by, at))


def test_fingerprints_are_equal_for_equal_arguments_only(now):
    base = {"a": 1, "b": [now, {"x", "y"}], "c": Contact("Sari")}
    assert fingerprint(base) == fingerprint({"c": Contact("Sari"), "b": [now, {"y", "x"}], "a": 1})
    assert fingerprint(base) != fingerprint({**base, "a": "1 "})
    wet, torn = (RefusedObject("kotak:1", reason) for reason in ("basah", "rusak"))
    assert fingerprint({"a": (wet,)}) == fingerprint({"a": [RefusedObject("kotak:1", "basah")]})
    assert fingerprint({"a": (wet,)}) != fingerprint({"a": (torn,)})
    with pytest.raises(AssertionError):
        fingerprint({"a": object()})


def test_loading_is_checking(register, budi, citra, dewi, now):
    place = Place.objects.get(code="pps-33.16.09.1015")
    assert load_or_refuse(Place, place.pk, by=budi.actor, permission=Permission.REGISTER_READ) == place
    assert load_or_refuse(Place, place.pk, by=dewi.actor, permission=Permission.REGISTER_READ) == place
    for by, pk in ((citra.actor, place.pk), (budi.actor, 999_999), (budi.actor, "x"), (budi.actor, 2**80)):
        with pytest.raises(NotAllowed) as refused:
            load_or_refuse(Place, pk, by=by, permission=Permission.REGISTER_READ)
        assert refused.value.code == "COMMON-NOT-FOUND"
    with pytest.raises(NotAllowed) as refused:
        load_or_refuse(Place, place.pk, by=dewi.actor, permission=Permission.REGISTER_EDIT)
    assert refused.value.code == "COMMON-NOT-ALLOWED"


def test_posts_hold_from_their_first_moment_to_their_last(system, now):
    person = add_person(by=system, at=now, contact=Contact(name="Eka"))
    post = give_post(by=system, at=now, person=person.pk, role=Role.PPK, area_code="33.16.09")
    assert actor_of(person.pk, now - timedelta(seconds=1)).standings == ()
    assert actor_of(person.pk, now).standings == (Standing(Role.PPK, "33.16.09"),)
    end_post(by=system, at=now + timedelta(days=1), post=post.pk)
    assert actor_of(person.pk, now + timedelta(days=1)).standings == ()
    with pytest.raises(Refused):
        end_post(by=system, at=now + timedelta(days=2), post=post.pk)


def test_roles_that_are_nobodys_cannot_be_given(system, now):
    person = add_person(by=system, at=now, contact=Contact(name="Eka"))
    for role in (Role.SISTEM, Role.PUBLIK):
        with pytest.raises(Refused):
            give_post(by=system, at=now, person=person.pk, role=role, area_code="33.16")


def test_nobody_gives_a_post_above_the_own_area(kasubbag, now):
    person = Person.objects.create(created_at=now)
    with pytest.raises(NotAllowed):
        give_post(by=kasubbag.actor, at=now, person=person.pk, role=Role.PROVINSI, area_code="33")
    assert not Post.objects.filter(person=person).exists()


def test_the_stranger_may_do_nothing(db, now):
    with pytest.raises(NotAllowed):
        rename(by=ANONYMOUS, at=now, area_code="33.16", name="x")


@pytest.mark.postgres
def test_these_tests_ran_on_postgresql(db):
    assert connection.vendor == "postgresql"
