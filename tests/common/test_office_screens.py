"""Who may open the screens of the ground; people and posts, the office, search."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from tests.common.conftest import page, signed_in
from tests.conftest import CEPU, KUNDEN, NOW, make_somebody

from tepat.common import people_views
from tepat.common.acting import system_actor
from tepat.common.actions import (
    Contact,
    NoteText,
    add_person,
    erase_person,
    give_post,
    write_note,
)
from tepat.common.forms import LEVELS
from tepat.common.models import Account, Event, Office, Person, Post, Tps
from tepat.common.permissions import TABLE, Permission, Role

pytestmark = pytest.mark.usefixtures("office_clock")

MATRIX = {
    "orang": {Role.KUL, Role.SEKRETARIS},
    "peristiwa": {Role.KUL, Role.SEKRETARIS, Role.PANWASCAM, Role.BAWASLU, Role.PROVINSI},
    "peristiwa-unduh": {Role.KUL, Role.SEKRETARIS, Role.PANWASCAM, Role.BAWASLU, Role.PROVINSI},
    "pengawasan": {Role.KUL, Role.SEKRETARIS, Role.PANWASCAM, Role.BAWASLU},
    "kantor": {Role.KUL, Role.SEKRETARIS, Role.PANWASCAM, Role.BAWASLU, Role.PROVINSI, Role.GUDANG, Role.PPS},
    "cari": {Role.KUL, Role.SEKRETARIS, Role.PANWASCAM, Role.BAWASLU, Role.PROVINSI, Role.GUDANG, Role.PPS},
}


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_each_screen_opens_for_exactly_the_roles_that_may(
    name, office, sari, budi, dewi, kasubbag, sekretaris, bawaslu, provinsi
):
    people = {
        Role.GUDANG: sari,
        Role.PPS: budi,
        Role.PANWASCAM: dewi,
        Role.KUL: kasubbag,
        Role.SEKRETARIS: sekretaris,
        Role.BAWASLU: bawaslu,
        Role.PROVINSI: provinsi,
    }
    opened = {role for role, who in people.items() if signed_in(who).get(reverse(name)).status_code == 200}
    assert opened == MATRIX[name]
    closed = set(people) - opened
    assert all(signed_in(people[role]).get(reverse(name)).status_code == 403 for role in closed)
    assert Client().get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_before_there_is_an_office_each_screen_says_so(name, kasubbag):
    answer = signed_in(kasubbag).get(reverse(name))
    assert answer.status_code == 409
    assert "SCREEN-NO-OFFICE" in answer.content.decode()


# People


def test_a_person_is_added_given_a_post_and_an_account_and_then_signs_in(areas, kasubbag):
    client = signed_in(kasubbag)
    added = client.post(reverse("orang"), {"name": "Fajar Contoh", "phone": "0812 0001"})
    person = Person.objects.get(vault__name="Fajar Contoh")
    assert added.url == reverse("orang-satu", args=[person.pk])
    form = page(client, added.url)
    assert "Belum pernah punya jabatan" in form
    given = client.post(
        reverse("orang-ubah", args=[person.pk, "jabatan"]),
        {"role": "PPS", "area_code": KUNDEN, "held_to": "2024-03-01", "kunci": "satu"},
    )
    assert given.status_code == 302
    post = Post.objects.get(person=person)
    assert (post.role, post.area_code) == ("PPS", KUNDEN)
    assert post.held_to == datetime(2024, 3, 1, 17, 0, tzinfo=UTC), "the end of that day in Blora"
    shown = client.post(reverse("orang-ubah", args=[person.pk, "akun"]), {"username": "fajar.kunden"})
    password = shown.context["password"]
    assert password in shown.content.decode()
    assert shown.headers["Cache-Control"].count("no-store") == 1
    fresh = Client()
    assert fresh.post("/masuk/", {"username": "fajar.kunden", "password": password}).status_code == 302
    assert password not in page(client, reverse("orang-satu", args=[person.pk]))
    secrets = ("fajar", "0812 0001", password)
    written = " ".join(str(row) for row in Event.objects.values()).lower()
    assert not any(secret in written for secret in secrets)


def test_the_same_form_sent_twice_gives_one_post(areas, kasubbag, sari):
    address = reverse("orang-ubah", args=[sari.actor.person, "jabatan"])
    filled = {"role": "OPERATOR", "area_code": "33.16", "kunci": "sama"}
    client = signed_in(kasubbag)
    assert [client.post(address, filled).status_code for _ in range(2)] == [302, 302]
    assert Post.objects.filter(person_id=sari.actor.person, role="OPERATOR").count() == 1


@pytest.mark.parametrize(
    ("filled", "says"),
    [
        ({"role": "PPS", "area_code": "33.16"}, "PPS bertugas di satu desa atau kelurahan"),
        ({"role": "PPK", "area_code": KUNDEN}, "PPK bertugas di satu kecamatan"),
        ({"role": "KUL", "area_code": "33.71"}, "33.71"),
        ({"role": "SISTEM", "area_code": "33.16"}, "SISTEM"),
        ({"role": "KUL", "area_code": "33.16", "held_to": "2024-01-31"}, "Hari terakhir sudah lewat"),
    ],
)
def test_a_post_that_cannot_be_is_refused_at_its_field(areas, kasubbag, sari, filled, says):
    answer = signed_in(kasubbag).post(reverse("orang-ubah", args=[sari.actor.person, "jabatan"]), filled)
    assert answer.status_code == 409
    assert says in answer.content.decode()
    assert Post.objects.filter(person_id=sari.actor.person).count() == 1


def test_nobody_gives_themselves_a_post_or_blocks_themselves(areas, kasubbag):
    client, me = signed_in(kasubbag), kasubbag.actor.person
    answer = client.post(
        reverse("orang-ubah", args=[me, "jabatan"]), {"role": "KOMISIONER", "area_code": "33.16"}
    )
    assert (answer.status_code, "POST-OWN" in answer.content.decode()) == (409, True)
    blocked = client.post(reverse("orang-ubah", args=[me, "blokir"]))
    assert (blocked.status_code, "ACCOUNT-OWN" in blocked.content.decode()) == (409, True)
    assert Account.objects.get(person_id=me).is_active


def test_an_ended_post_ends_what_its_holder_sees(office, kasubbag, dewi):
    post = Post.objects.get(person_id=dewi.actor.person)
    signed_in(kasubbag).post(reverse("orang-ubah", args=[dewi.actor.person, "akhiri"]), {"jabatan": post.pk})
    assert signed_in(dewi).get(reverse("peristiwa")).status_code == 403
    again = signed_in(kasubbag).post(
        reverse("orang-ubah", args=[dewi.actor.person, "akhiri"]), {"jabatan": post.pk}
    )
    assert "POST-ENDED" in again.content.decode()
    held = page(signed_in(kasubbag), reverse("orang"), cari="Dewi")
    assert "Panwascam" not in held.split("<tbody>")[1]
    assert (
        "Panwascam"
        in page(signed_in(kasubbag), reverse("orang"), cari="Dewi", waktu="semua").split("<tbody>")[1]
    )


def test_a_post_of_somebody_else_is_not_ended_through_this_page(office, kasubbag, dewi, sari):
    post = Post.objects.get(person_id=dewi.actor.person)
    for asked in (post.pk, "x", ""):
        answer = signed_in(kasubbag).post(
            reverse("orang-ubah", args=[sari.actor.person, "akhiri"]), {"jabatan": asked}
        )
        assert answer.status_code == 404
    assert Post.objects.get(pk=post.pk).held_to is None


def test_a_new_password_closes_the_sessions_and_a_block_closes_the_door(office, kasubbag, dewi):
    signed = signed_in(dewi)
    assert signed.get(reverse("peristiwa")).status_code == 200
    keeper = signed_in(kasubbag)
    shown = keeper.post(reverse("orang-ubah", args=[dewi.actor.person, "sandi"]))
    assert signed.get(reverse("peristiwa")).status_code == 302
    fresh = Client()
    wrong = fresh.post("/masuk/", {"username": "dewi", "password": dewi.password})
    assert wrong.status_code == 403
    assert (
        fresh.post("/masuk/", {"username": "dewi", "password": shown.context["password"]}).status_code == 302
    )
    keeper.post(reverse("orang-ubah", args=[dewi.actor.person, "blokir"]))
    assert fresh.get(reverse("peristiwa")).status_code == 302
    keeper.post(reverse("orang-ubah", args=[dewi.actor.person, "buka"]))
    again = fresh.post("/masuk/", {"username": "dewi", "password": shown.context["password"]})
    assert again.status_code == 302


def test_only_the_secretary_erases_and_then_no_screen_shows_the_name(office, kasubbag, sekretaris, dewi):
    note = write_note(
        by=dewi.actor, at=NOW, area_code="33.16.09", note=NoteText("Lihat", "", date(2024, 2, 3))
    )
    address = reverse("orang-hapus", args=[dewi.actor.person])
    assert signed_in(kasubbag).get(address).status_code == 403
    client = signed_in(sekretaris)
    screens = (
        reverse("orang"),
        reverse("orang-satu", args=[dewi.actor.person]),
        reverse("peristiwa") + f"?objek=catatan:{note.pk}",
        reverse("pengawasan-satu", args=[note.pk]),
    )
    assert all("Dewi" in page(client, screen) for screen in screens)
    assert client.post(address).status_code == 409
    assert Person.objects.get(pk=dewi.actor.person).shown_name == "Dewi"
    assert client.post(address, {"sure": "on"}).status_code == 302
    for screen in screens:
        text = page(client, screen)
        assert "Dewi" not in text
        assert "dihapus" in text
    later = signed_in(kasubbag).post(
        reverse("orang-ubah", args=[dewi.actor.person, "kontak"]), {"name": "Dewi kembali"}
    )
    assert (later.status_code, "PERSON-ERASED" in later.content.decode()) == (409, True)
    assert (
        signed_in(kasubbag).post(reverse("orang-ubah", args=[dewi.actor.person, "sandi"])).status_code == 409
    )
    assert "PERSON-ERASED" in client.post(address, {"sure": "on"}).content.decode()


def test_somebody_of_another_office_does_not_exist_here(office, kasubbag):
    other = make_somebody("Rahmat", Role.PPS, "33.71.01.1001")
    client = signed_in(kasubbag)
    assert "Rahmat" not in page(client, reverse("orang"), waktu="semua")
    assert client.get(reverse("orang-satu", args=[other.actor.person])).status_code == 404
    for step in people_views.STEPS:
        address = reverse("orang-ubah", args=[other.actor.person, step])
        assert client.post(address, {"name": "x"}).status_code == 404


def test_a_reader_of_names_changes_nothing(office, dewi):
    reader = make_somebody("Oki", Role.OPERATOR, "33.16")
    client = signed_in(reader)
    text = page(client, reverse("orang-satu", args=[dewi.actor.person]))
    assert "Beri jabatan" not in text
    before = Event.objects.count()
    for step in people_views.STEPS:
        assert client.post(reverse("orang-ubah", args=[dewi.actor.person, step])).status_code == 403
    assert client.post(reverse("orang"), {"name": "Baru"}).status_code == 403
    assert Event.objects.count() == before


def test_contacts_are_corrected_in_the_vault_alone(office, kasubbag, sari):
    signed_in(kasubbag).post(
        reverse("orang-ubah", args=[sari.actor.person, "kontak"]), {"name": "Sari Baru", "phone": "0813"}
    )
    person = Person.objects.get(pk=sari.actor.person)
    assert (person.shown_name, person.vault.phone) == ("Sari Baru", "0813")
    event = Event.objects.get(kind="person.contact-changed")
    assert event.payload == {}
    empty = signed_in(kasubbag).post(reverse("orang-ubah", args=[sari.actor.person, "kontak"]), {"name": ""})
    assert empty.status_code == 409


def test_an_unknown_step_is_not_found(office, kasubbag, sari):
    assert (
        signed_in(kasubbag).post(reverse("orang-ubah", args=[sari.actor.person, "lain"])).status_code == 404
    )


def test_the_levels_of_posts_are_given_for_roles_that_exist():
    assert set(LEVELS.values()) == {3, 4}
    assert set(LEVELS) <= set(TABLE)


# Kantor, cari


def test_the_office_shows_its_elections_side_by_side(register, budi):
    answer = signed_in(budi).get(reverse("kantor"))
    whole = signed_in(make_somebody("Kepala", Role.KUL, "33.16")).get(reverse("kantor")).context["table"]
    tps = next(row for row in whole.rows if row[0] == "TPS")
    assert [cell.value for cell in tps[1:]] == [2977, 1453]
    own = next(row for row in answer.context["table"].rows if row[0] == "TPS")
    assert own[1].value == Tps.objects.filter(election__code="pemilu-2024", desa__code=KUNDEN).count()
    assert "Ubah pengaturan" not in answer.content.decode()


def test_name_and_zone_of_the_office_are_settings_of_those_who_may(office, kasubbag, sari):
    filled = {"name": "KPU Kabupaten Blora", "time_zone": "Asia/Makassar"}
    assert signed_in(sari).post(reverse("kantor"), filled).status_code == 403
    assert (
        signed_in(kasubbag).post(reverse("kantor"), {**filled, "time_zone": "Asia/Blora"}).status_code == 409
    )
    assert signed_in(kasubbag).post(reverse("kantor"), filled).status_code == 302
    found = Office.objects.get()
    assert (found.name, found.time_zone) == ("KPU Kabupaten Blora", "Asia/Makassar")
    assert Event.objects.filter(kind="office.set").count() == 1
    assert "WITA" in page(signed_in(kasubbag), reverse("kantor"))


@pytest.mark.parametrize("asked", ["TPS 3 Kunden", "kunden 003", "TPS-003 kunden", "3 33.16.09.1015"])
def test_a_tps_is_found_however_it_is_said(register, kasubbag, asked):
    rows = signed_in(kasubbag).get(reverse("cari"), {"q": asked}).context["table"].rows
    assert {(row[0].value, row[2]) for row in rows if row[1] == "TPS"} == {("TPS 003 Kunden", KUNDEN)}


def test_search_finds_desa_by_name_and_code_and_only_in_one_s_own_area(register, kasubbag, citra):
    def codes(who, asked):
        rows = signed_in(who).get(reverse("cari"), {"q": asked}).context["table"].rows
        return {row[2] for row in rows}

    assert {KUNDEN, "pps-33.16.09.1015"} <= codes(kasubbag, "kunden")
    assert KUNDEN in codes(kasubbag, KUNDEN)
    assert codes(citra, "kunden") == set()
    assert CEPU in codes(citra, "cepu")
    assert "Tidak ada yang cocok" in page(signed_in(kasubbag), reverse("cari"), q="zzz")
    assert "Tulis nama desa" in page(signed_in(kasubbag), reverse("cari"))


def test_an_empty_office_says_what_comes_next(office, kasubbag):
    client = signed_in(kasubbag)
    assert client.get(reverse("kantor")).context["table"].columns[1:] == ()
    assert "Belum ada pemilihan" in page(client, reverse("kantor"))
    assert "Belum ada catatan atau saran perbaikan" in page(client, reverse("pengawasan"))
    lonely = make_somebody("Pia", Role.PKD, "33.16.16.2001")
    Post.objects.filter(person_id=lonely.actor.person).update(area_code="33.16.16.2002")
    assert "Belum ada peristiwa di wilayah Anda" in page(signed_in(lonely), reverse("peristiwa"))


def test_tables_of_these_screens_go_to_excel_csv_and_paper(register, kasubbag, dewi):
    write_note(by=dewi.actor, at=NOW, area_code="33.16.09", note=NoteText("Saran", "", date(2024, 2, 3)))
    client = signed_in(kasubbag)
    for name, table in (
        ("orang", "orang"),
        ("peristiwa", "peristiwa"),
        ("pengawasan", "catatan"),
        ("kantor", "pemilihan"),
    ):
        for form in ("xlsx", "csv", "cetak"):
            assert client.get(reverse(name), {"unduh": form, "tabel": table}).status_code == 200


def test_a_list_of_very_many_people_says_that_it_was_cut(office, kasubbag, system, monkeypatch):
    monkeypatch.setattr(people_views, "PEOPLE_SHOWN_MAX", 2)
    for name in ("Ani", "Beni"):
        add_person(by=system, at=NOW, contact=Contact(name))
    table = signed_in(kasubbag).get(reverse("orang")).context["table"]
    assert len(table.rows) == 2
    assert "2 dari 3 orang" in table.note


def test_the_last_day_of_a_post_is_the_day_that_was_chosen(areas, kasubbag, sari):
    give_post(
        by=kasubbag.actor,
        at=NOW,
        person=sari.actor.person,
        role=Role.OPERATOR,
        area_code="33.16",
        held_to=datetime(2024, 3, 1, 17, 0, tzinfo=UTC),
    )
    rows = signed_in(kasubbag).get(reverse("orang"), {"jabatan": "OPERATOR"}).context["table"].rows
    assert [row[5] for row in rows] == [date(2024, 3, 1)]


def test_somebody_without_posts_is_shown_to_the_whole_office_only(office, system, kasubbag):
    person = add_person(by=system, at=NOW, contact=Contact("Tanpa Jabatan"))
    assert "Tanpa Jabatan" in page(signed_in(kasubbag), reverse("orang"))
    give_post(by=system, at=NOW, person=person.pk, role=Role.PPS, area_code="33.71.01.1001")
    assert "Tanpa Jabatan" not in page(signed_in(kasubbag), reverse("orang"))
    erase_person(by=system_actor(), at=NOW, person=person.pk)
    assert Permission.PEOPLE_ERASE not in TABLE[Role.KUL]
