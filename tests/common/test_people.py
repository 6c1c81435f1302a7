"""People are random ids; names lie in the vault and can be erased without harming the ledger."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tepat.common import ledger
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
