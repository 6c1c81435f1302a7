"""Pengawasan on the screen: supervisors write, the office answers by a date, neither edits the other."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from tests.common.conftest import page, signed_in
from tests.conftest import CEPU, KUNDEN, NOW

from tepat.common.actions import (
    NoteText,
    answer_advice,
    write_note,
)
from tepat.common.advice import advice_state
from tepat.common.models import Event, SupervisorNote, Tps

pytestmark = pytest.mark.usefixtures("office_clock")


DUE = date(2024, 2, 3)


@pytest.mark.parametrize(
    ("due", "answered", "today", "key", "word"),
    [
        (None, None, DUE, "", "catatan"),
        (DUE, None, date(2024, 1, 30), "belum", "4 HARI LAGI"),
        (DUE, None, date(2024, 2, 2), "perhatikan", "TINGGAL 1 HARI"),
        (DUE, None, DUE, "perhatikan", "JAWAB HARI INI"),
        (DUE, None, date(2024, 2, 4), "gawat", "LEWAT 1 HARI"),
        (DUE, DUE, date(2024, 2, 9), "aman", "DIJAWAB"),
        (DUE, date(2024, 2, 5), date(2024, 2, 9), "perhatikan", "DIJAWAB, LAMBAT 2 HARI"),
    ],
)
def test_how_an_advice_stands(due, answered, today, key, word):
    found = advice_state(due, answered, today)
    assert (found.key, found.word) == (key, word)
    assert found.overdue == (key == "gawat")
    assert found.open == (due is not None and answered is None)


def test_dewi_writes_advice_and_the_office_answers_it_once(areas, dewi, kasubbag):
    writer = signed_in(dewi)
    filled = {
        "area_code": "33.16.09",
        "subject": "gudang-33.16",
        "text": "Gudang belum punya APAR.",
        "answer_due_date": "2024-02-03",
        "kunci": "sekali",
    }
    assert [writer.post(reverse("pengawasan"), filled).status_code for _ in range(2)] == [302, 302]
    note = SupervisorNote.objects.get()
    text = page(signed_in(kasubbag), reverse("pengawasan"))
    assert "2 HARI LAGI" in text
    one = reverse("pengawasan-satu", args=[note.pk])
    assert signed_in(kasubbag).post(one, {"text": "   "}).status_code == 409
    assert signed_in(kasubbag).post(one, {"text": "Tiga APAR dipasang.", "kunci": "a"}).status_code == 302
    assert signed_in(kasubbag).post(one, {"text": "Lain.", "kunci": "b"}).status_code == 409
    seen = page(writer, one)
    assert "Tiga APAR dipasang." in seen
    assert "kasubbag KUL" in seen
    assert "Kasubbag</" not in seen
    assert "(Kasubbag)" not in seen
    kinds = list(
        Event.objects.filter(objects_named__icontains=f"catatan:{note.pk}").values_list("kind", flat=True)
    )
    assert sorted(kinds) == ["advice.answered", "note.written"]


def test_neither_side_edits_or_writes_for_the_other(areas, dewi, kasubbag, bawaslu):
    note = write_note(by=dewi.actor, at=NOW, area_code="33.16.09", note=NoteText("Saran", "", DUE))
    one = reverse("pengawasan-satu", args=[note.pk])
    for supervisor in (dewi, bawaslu):
        assert signed_in(supervisor).post(one, {"text": "jawab sendiri"}).status_code == 403
    filled = {"area_code": "33.16.09", "text": "tulis untuk Dewi"}
    assert signed_in(kasubbag).post(reverse("pengawasan"), filled).status_code == 403
    assert "Tulis catatan" not in page(signed_in(kasubbag), reverse("pengawasan"))
    row = SupervisorNote.objects.get()
    assert (row.text, row.answer) == ("Saran", "")


def test_overdue_advice_stands_out_and_comes_first(areas, dewi, kasubbag):
    start = NOW - timedelta(days=10)
    for text, due in (
        ("nanti", date(2024, 2, 10)),
        ("lewat", date(2024, 1, 25)),
        ("besok", date(2024, 2, 2)),
    ):
        write_note(by=dewi.actor, at=start, area_code="33.16.09", note=NoteText(text, "", due))
    done = write_note(
        by=dewi.actor, at=start, area_code="33.16.09", note=NoteText("beres", "", date(2024, 1, 24))
    )
    answer_advice(by=kasubbag.actor, at=NOW, note=done.pk, answer="Sudah.")
    client = signed_in(kasubbag)
    text = page(client, reverse("pengawasan"))
    assert "1 saran perbaikan lewat batas jawaban" in text
    listed = client.get(reverse("pengawasan")).context["table"].rows
    assert [row[2].value for row in listed] == ["lewat", "besok", "nanti", "beres"]
    assert listed[0][1].word == "LEWAT 7 HARI"
    assert listed[3][1].word == "DIJAWAB, LAMBAT 8 HARI"
    for chosen, wanted in (
        ("lewat", ["lewat"]),
        ("terbuka", ["lewat", "besok", "nanti"]),
        ("dijawab", ["beres"]),
    ):
        rows = client.get(reverse("pengawasan"), {"tampil": chosen}).context["table"].rows
        assert [row[2].value for row in rows] == wanted


def test_a_downloaded_list_of_notes_holds_the_whole_text_and_what_it_is_about(areas, dewi, kasubbag):
    long = "Kotak basah di sudut timur. " * 12
    write_note(by=dewi.actor, at=NOW, area_code="33.16.09", note=NoteText(long, "ppk-33.16.09", DUE))
    sheet = signed_in(kasubbag).get(reverse("pengawasan"), {"unduh": "csv", "tabel": "catatan"})
    text = sheet.content.decode()
    assert all(part in text for part in (long.strip(), "ppk-33.16.09", "Panwascam", "3 Feb 2024"))
    assert long.strip() not in page(signed_in(kasubbag), reverse("pengawasan"))


def test_a_supervisor_chooses_among_its_own_areas_and_cannot_ask_for_yesterday(areas, dewi):
    client = signed_in(dewi)
    choices = dict(client.get(reverse("pengawasan")).context["form"].fields["area_code"].choices)
    assert "33.16.09" in choices
    assert KUNDEN in choices
    assert all(code.startswith("33.16.09") for code in choices)
    outside = client.post(reverse("pengawasan"), {"area_code": CEPU, "text": "x"})
    assert outside.status_code == 409
    past = client.post(
        reverse("pengawasan"), {"area_code": KUNDEN, "text": "x", "answer_due_date": "2024-01-31"}
    )
    assert (past.status_code, "NOTE-DUE-PAST" in past.content.decode()) == (409, True)
    assert not SupervisorNote.objects.exists()


def test_a_note_can_start_from_an_event(areas, dewi):
    form = signed_in(dewi).get(reverse("pengawasan"), {"tentang": "peristiwa:1"}).context["form"]
    assert form.initial["subject"] == "peristiwa:1"


def test_supervisors_see_counts_but_no_person_and_no_account(register, bawaslu, sari, budi):
    """The database holds counts of voters, never a voter; of people, a supervisor sees posts and ids."""
    client = signed_in(bawaslu)
    tps = Tps.objects.filter(desa__code=KUNDEN).first()
    shown = page(client, reverse("kebutuhan-tps-satu", args=[tps.pk]))
    assert "DPT" in shown
    for address in ("orang", "pemeriksaan", "cadangan"):
        assert client.get(reverse(address)).status_code == 403
    fields = {field.name for field in Tps._meta.get_fields() if field.concrete}
    assert not fields & {"nik", "nama", "name", "nkk", "birth_date", "address"}
    raw = client.get(reverse("peristiwa-unduh")).getvalue().decode().lower()
    assert not any(secret in raw for secret in ("sari", "budi", 'nik"', "username"))
