"""People are random ids; names lie in the vault and can be erased without harming the ledger."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests.conftest import PASSWORD

from tepat.common import ledger
from tepat.common.account_actions import change_own_password
from tepat.common.acting import Actor, Standing
from tepat.common.actions import (
    Contact,
    NoteText,
    add_account,
    add_person,
    answer_advice,
    erase_person,
    set_office,
    shown_to,
    write_note,
)
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Account, Event, EventSalt, Office, Person, SupervisorNote, VaultEntry
from tepat.common.permissions import Role
from tepat.common.views import FAILURES_MAX


def everything_in_events() -> str:
    return " ".join(str(row) for row in Event.objects.values())


def test_no_name_contact_or_sign_in_name_is_in_the_ledger(sari, budi, system, now):
    add_person(by=system, at=now, contact=Contact("Fajar Contoh", "+62 812 0000 0001", "Jl. Contoh 1"))
    text = everything_in_events().lower()
    for secret in ("sari", "budi", "fajar", "0000 0001", "jl. contoh"):
        assert secret not in text


def test_an_erased_name_shows_as_erased_and_the_ledger_still_verifies(sari, system, now):
    person = Person.objects.get(pk=sari.actor.person)
    assert person.shown_name == "Sari"
    erase_person(by=system, at=now, person=person.pk)
    assert Person.objects.get(pk=person.pk).shown_name == "dihapus"
    assert not VaultEntry.objects.filter(name__icontains="sari").exists()
    assert not Account.objects.filter(username__icontains="sari").exists()
    salts = dict(EventSalt.objects.values_list("event_id", "salt"))
    assert ledger.faults(Event.objects.all(), salts) == []


def test_erasing_twice_or_without_the_right_is_refused(sari, budi, kasubbag, system, now):
    with pytest.raises(NotAllowed):
        erase_person(by=kasubbag.actor, at=now, person=sari.actor.person)
    erase_person(by=system, at=now, person=sari.actor.person)
    with pytest.raises(Refused):
        erase_person(by=system, at=now, person=sari.actor.person)
    elsewhere = Actor(uuid4(), (Standing(Role.SEKRETARIS, "33.71"),))
    with pytest.raises(NotAllowed):
        erase_person(by=elsewhere, at=now, person=budi.actor.person)
    assert Person.objects.get(pk=budi.actor.person).shown_name == "Budi"


def test_the_database_holds_no_erased_entry_with_a_name(sari, now):
    entry = VaultEntry.objects.get(person=sari.actor.person)
    entry.erased_at = now
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save()


def test_weak_passwords_and_taken_names_are_refused(sari, system, now):
    person = add_person(by=system, at=now, contact=Contact("Gita"))
    for username, password, code in (
        ("SARI", "kuda baterai staples benar", "ACCOUNT-TAKEN"),
        ("gita", "pendek", "ACCOUNT-PASSWORD"),
        ("gita", "123456789012345", "ACCOUNT-PASSWORD"),
    ):
        with pytest.raises(Refused) as refused:
            add_account(by=system, at=now, person=person.pk, username=username, password=password)
        assert refused.value.code == code
    assert not Account.objects.filter(person=person).exists()


def test_names_are_shown_to_the_office_only(kasubbag, dewi, budi):
    assert shown_to(kasubbag.actor, "33.16.09.1015")
    assert not shown_to(dewi.actor, "33.16.09.1015")
    assert not shown_to(budi.actor, "33.16.09.1015")


def test_an_office_without_a_real_zone_is_refused(system, now):
    with pytest.raises(Refused) as refused:
        set_office(by=system, at=now, area_code="33.16", name="KPU Blora", time_zone="Asia/Blora")
    assert refused.value.code == "OFFICE-ZONE"
    assert not Office.objects.exists()


def test_dewi_writes_advice_that_the_office_answers_by_a_date(dewi, kasubbag, now):
    note = NoteText("Gudang belum punya APAR", "gudang-33.16", date(2024, 2, 3))
    row = write_note(by=dewi.actor, at=now, area_code="33.16.09", note=note)
    assert (row.kind, row.answer_due_date) == ("saran perbaikan", date(2024, 2, 3))
    assert "APAR" not in everything_in_events()
    answer_advice(by=kasubbag.actor, at=now + timedelta(days=1), note=row.pk, answer="Sudah dipasang tiga.")
    row.refresh_from_db()
    assert (row.answer, row.answered_by) == ("Sudah dipasang tiga.", kasubbag.actor.person)
    with pytest.raises(Refused) as refused:
        answer_advice(by=kasubbag.actor, at=now, note=row.pk, answer="Lagi")
    assert refused.value.code == "NOTE-ANSWERED"


def test_supervisors_write_in_their_own_area_only_and_nobody_else_writes(dewi, budi, kasubbag, now):
    note = NoteText("x")
    for by, area in ((dewi.actor, "33.16.05"), (budi.actor, "33.16.09.1015"), (kasubbag.actor, "33.16.09")):
        with pytest.raises(NotAllowed):
            write_note(by=by, at=now, area_code=area, note=note)
    assert not SupervisorNote.objects.exists()


def test_a_plain_note_waits_for_no_answer_and_an_empty_one_is_refused(dewi, kasubbag, now):
    row = write_note(by=dewi.actor, at=now, area_code="33.16.09", note=NoteText("Dilihat"))
    with pytest.raises(Refused) as refused:
        answer_advice(by=kasubbag.actor, at=now, note=row.pk, answer="Baik")
    assert refused.value.code == "NOTE-NOT-ADVICE"
    with pytest.raises(Refused):
        write_note(by=dewi.actor, at=now, area_code="33.16.09", note=NoteText("  "))


NEW = "gajah sepeda kertas malam"


def entered(somebody):
    client = Client()
    assert client.login(username=somebody.username, password=somebody.password)
    return client


def change(client, old, new, again=None):
    return client.post(
        reverse("sandi"),
        {"old_password": old, "new_password1": new, "new_password2": new if again is None else again},
    )


@pytest.fixture
def office(system, now):
    set_office(by=system, at=now, area_code="33.16", name="KPU Blora", time_zone="Asia/Jakarta")


def test_a_person_changes_their_own_password_and_every_other_session_ends(office, budi, sari):
    here, elsewhere = entered(budi), entered(budi)
    answer = change(here, budi.password, NEW)
    assert (answer.status_code, answer.url) == (302, reverse("sandi"))
    assert here.get(reverse("sandi")).status_code == 200
    assert elsewhere.get(reverse("sandi")).url == "/masuk/?next=/sandi/"
    assert not Client().login(username=budi.username, password=budi.password)
    assert Client().login(username=budi.username, password=NEW)
    assert Client().login(username=sari.username, password=sari.password)


def test_the_ledger_learns_that_a_password_changed_and_neither_password(office, budi):
    change(entered(budi), budi.password, NEW)
    event = Event.objects.get(kind="account.password-changed")
    assert (event.actor, event.payload) == (budi.actor.person, {})
    text = everything_in_events()
    assert NEW not in text
    assert budi.password not in text
    assert Account.objects.get(username="budi").password not in text


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("bukan ini sama sekali", NEW, NEW, "Kata sandi sekarang tidak cocok"),
        (PASSWORD, NEW, NEW + "x", "tidak sama"),
        (PASSWORD, "pendek", "pendek", "terlalu pendek"),
        (PASSWORD, "123456789012345", "123456789012345", "seluruhnya terdiri dari angka"),
        (PASSWORD, PASSWORD, PASSWORD, "PASSWORD-SAME"),
        (PASSWORD, "x" * 201, "x" * 201, "200"),
    ],
    ids=["salah", "beda", "pendek", "angka", "sama", "panjang"],
)
def test_a_password_that_does_not_do_changes_nothing_and_says_why(office, budi, old, new, again, said):
    client = entered(budi)
    answer = change(client, old, new, again)
    assert answer.status_code == 409
    assert said in answer.content.decode()
    assert old not in answer.content.decode()
    assert Client().login(username=budi.username, password=budi.password)
    assert not Event.objects.filter(kind="account.password-changed").exists()


def test_guessing_the_old_password_is_stopped_as_at_the_sign_in(office, budi):
    client = entered(budi)
    for _ in range(FAILURES_MAX):
        change(client, "bukan ini sama sekali", NEW)
    answer = change(client, budi.password, NEW)
    assert "SIGN-IN-LOCKED" in answer.content.decode()
    assert Client().login(username=budi.username, password=budi.password)


def test_the_action_itself_asks_for_the_old_password_and_a_strong_new_one(budi, system, now):
    for by, old, new, code in (
        (budi.actor, "bukan ini", NEW, "PASSWORD-WRONG"),
        (budi.actor, budi.password, "pendek", "PASSWORD-WEAK"),
        (budi.actor, budi.password, budi.password, "PASSWORD-SAME"),
        (system, "", NEW, "ACCOUNT-NONE"),
    ):
        with pytest.raises(Refused) as refused:
            change_own_password(by=by, at=now, old=old, new=new)
        assert refused.value.code == code


def test_the_stranger_is_sent_to_sign_in(office):
    assert Client().get(reverse("sandi")).url == "/masuk/?next=/sandi/"
    assert change(Client(), "x", NEW).url == "/masuk/?next=/sandi/"


def test_who_has_no_post_any_more_still_signs_out_and_changes_the_password(office, system, now):
    person = add_person(by=system, at=now, contact=Contact("Gita"))
    add_account(by=system, at=now, person=person.pk, username="gita", password=PASSWORD)
    client = Client()
    assert client.login(username="gita", password=PASSWORD)
    assert change(client, PASSWORD, NEW).status_code == 302
    assert client.post(reverse("keluar")).status_code == 302
    assert client.get(reverse("sandi")).status_code == 302
