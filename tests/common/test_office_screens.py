"""The office's own screens: people, ledger, supervision, office, search; who may see and do what."""

import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.conftest import CEPU, KUNDEN, NOW, make_somebody

from tepat.common import event_views, ledger, office_views, people_views, supervision_views
from tepat.common.acting import system_actor
from tepat.common.actions import (
    Contact,
    NoteText,
    add_person,
    answer_advice,
    erase_person,
    give_post,
    write_note,
)
from tepat.common.advice import advice_state
from tepat.common.documents import add_document, keep, path_of
from tepat.common.event_words import EVENT_WORDS
from tepat.common.forms import LEVELS
from tepat.common.models import Account, Area, Event, Office, Person, Post, SupervisorNote, Tps
from tepat.common.permissions import TABLE, Permission, Role

VIEWS = (people_views, event_views, supervision_views, office_views)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Let every screen read the moment of the tests."""
    from tepat.common import screens, table_answers

    for module in (*VIEWS, screens, table_answers):
        if hasattr(module, "now"):
            monkeypatch.setattr(module, "now", lambda: NOW)


@pytest.fixture
def office(db, system):
    """KPU Blora without its register: enough for the screens that need no areas."""
    return Office.objects.create(code="33.16", name="KPU Blora", area_code="33.16", time_zone="Asia/Jakarta")


@pytest.fixture
def areas(office):
    """The office with the two kecamatan and the two kelurahan of the people of every test."""
    for code, level, kind, name in (
        ("33.16", "kabkota", "kabupaten", "Blora"),
        ("33.16.05", "kecamatan", "", "Cepu"),
        (CEPU, "desa", "kelurahan", "Cepu"),
        ("33.16.09", "kecamatan", "", "Blora"),
        (KUNDEN, "desa", "kelurahan", "Kunden"),
    ):
        Area.objects.create(
            code=code,
            level=level,
            kind=kind,
            name=name,
            parent_code=code.rpartition(".")[0],
            valid_from=date(2024, 1, 1),
            source="uji",
        )
    return office


@pytest.fixture
def sekretaris(db):
    return make_somebody("Sekretaris", Role.SEKRETARIS, "33.16")


@pytest.fixture
def bawaslu(db):
    return make_somebody("Bambang", Role.BAWASLU, "33.16")


@pytest.fixture
def provinsi(db):
    return make_somebody("Prita", Role.PROVINSI, "33")


def signed_in(somebody) -> Client:
    client = Client()
    client.force_login(Account.objects.get(username=somebody.username))
    return client


def page(client, address, **asked) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200, (answer.status_code, answer.content[:400])
    return answer.content.decode()


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


# Buku peristiwa


def test_every_declared_kind_of_event_has_words():
    import tepat.urls  # noqa: F401 -- imports every stage's actions

    declared = {kind for kind in ledger.kinds() if kind.partition(".")[0] not in {"uji", "test"}}
    assert {kind for kind in declared if kind not in EVENT_WORDS} == set()


def test_the_ledger_is_narrowed_by_kind_object_actor_and_local_day(office, kasubbag, dewi):
    late = datetime(2024, 2, 1, 17, 30, tzinfo=UTC)
    first = write_note(by=dewi.actor, at=NOW, area_code="33.16.09", note=NoteText("satu"))
    second = write_note(by=dewi.actor, at=late, area_code="33.16.09", note=NoteText("dua"))
    client = signed_in(kasubbag)

    def ids(**asked):
        found = client.get(reverse("peristiwa-unduh"), asked).getvalue().decode().splitlines()
        return [json.loads(line)["objects"] for line in found]

    assert ids(jenis="note.written") == [[f"catatan:{first.pk}"], [f"catatan:{second.pk}"]]
    assert ids(objek=f"catatan:{second.pk}") == [[f"catatan:{second.pk}"]]
    assert ids(pelaku=str(dewi.actor.person)) == ids(jenis="note.written")
    assert ids(jenis="note.written", sampai="2024-02-01") == [[f"catatan:{first.pk}"]]
    assert ids(dari="2024-02-02") == [[f"catatan:{second.pk}"]], "00.30 in Blora is the next day"
    assert ids(dari="2024-02-03", sampai="2024-02-02") == []


def test_a_wrong_filter_shows_nothing_and_says_why(office, kasubbag):
    text = page(signed_in(kasubbag), reverse("peristiwa"), pelaku="bukan-id")
    assert "Id pelaku terdiri dari" in text
    assert "0 peristiwa" in text


def test_pages_of_the_ledger_hold_every_event_once(office, kasubbag, system, monkeypatch):
    monkeypatch.setattr(event_views, "EVENTS_A_PAGE", 4)
    for number in range(7):
        add_person(by=system, at=NOW + timedelta(minutes=number), contact=Contact(f"Orang {number}"))
    client = signed_in(kasubbag)
    seen, count = [], Event.objects.count()
    for number in range(1, -(-count // 4) + 1):
        shown = client.get(reverse("peristiwa"), {"halaman": number})
        seen += [row[0].href for row in shown.context["table"].rows]
    assert len(seen) == len(set(seen)) == count
    beyond = client.get(reverse("peristiwa"), {"halaman": "9999"})
    assert beyond.context["page"] == -(-count // 4)
    assert client.get(reverse("peristiwa"), {"halaman": "-1"}).context["page"] == 1


def test_names_stand_beside_ids_for_the_office_and_never_for_supervisors(office, kasubbag, dewi, bawaslu):
    write_note(by=dewi.actor, at=NOW, area_code="33.16.09", note=NoteText("Dilihat"))
    assert "Dewi" in page(signed_in(kasubbag), reverse("peristiwa"))
    for reader in (bawaslu, dewi):
        assert "Dewi" not in page(signed_in(reader), reverse("peristiwa"))
    raw = signed_in(kasubbag).get(reverse("peristiwa-unduh")).getvalue().decode()
    sheet = (
        signed_in(kasubbag).get(reverse("peristiwa"), {"unduh": "csv", "tabel": "peristiwa"}).content.decode()
    )
    assert "dewi" not in (raw + sheet).lower()


def test_an_exported_line_proves_its_own_leaf(office, bawaslu, dewi):
    write_note(by=dewi.actor, at=NOW, area_code="33.16.09", note=NoteText("Dilihat"))
    answer = signed_in(bawaslu).get(reverse("peristiwa-unduh"))
    assert answer.headers["Content-Type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in answer.getvalue().splitlines()]
    assert len(lines) == Event.objects.count()
    import hashlib

    import rfc8785

    for line in lines:
        leaf, _payload = line.pop("leaf_hash"), line.pop("payload")
        assert hashlib.sha256(b"\x00" + rfc8785.dumps(line)).hexdigest() == leaf


def test_a_panwascam_reads_the_events_of_its_own_kecamatan_only(areas, dewi, bawaslu):
    inside = write_note(by=bawaslu.actor, at=NOW, area_code=KUNDEN, note=NoteText("di Kunden"))
    outside = write_note(by=bawaslu.actor, at=NOW, area_code=CEPU, note=NoteText("di Cepu"))
    events = {event.objects_named[0]: event for event in Event.objects.filter(kind="note.written")}
    client = signed_in(dewi)
    lines = client.get(reverse("peristiwa-unduh")).getvalue().decode().splitlines()
    places = {json.loads(line)["place"] for line in lines}
    assert all(place == "33.16.09" or place.startswith("33.16.09.") for place in places)
    near, far = events[f"catatan:{inside.pk}"], events[f"catatan:{outside.pk}"]
    assert client.get(reverse("peristiwa-satu", args=[near.pk])).status_code == 200
    assert client.get(reverse("peristiwa-satu", args=[far.pk])).status_code == 404
    assert "di Cepu" not in page(client, reverse("pengawasan"))
    assert client.get(reverse("pengawasan-satu", args=[outside.pk])).status_code == 404
    assert signed_in(bawaslu).get(reverse("peristiwa-satu", args=[far.pk])).status_code == 200


def test_one_event_shows_its_envelope_and_that_its_hashes_fit(office, kasubbag, dewi):
    row = write_note(by=dewi.actor, at=NOW, area_code="33.16.09", note=NoteText("Dilihat"))
    event = Event.objects.get(kind="note.written")
    text = page(signed_in(kasubbag), reverse("peristiwa-satu", args=[event.pk]))
    assert all(part in text for part in (event.leaf_hash, event.payload_hash, f"catatan:{row.pk}", "COCOK"))
    assert "TIDAK COCOK" not in text
    assert event.salt.salt not in text
    event.salt.delete()
    assert "GARAM DIHAPUS" in page(signed_in(kasubbag), reverse("peristiwa-satu", args=[event.pk]))


def test_an_event_whose_salt_was_exchanged_no_longer_fits(office, kasubbag, dewi):
    write_note(by=dewi.actor, at=NOW, area_code="33.16.09", note=NoteText("Dilihat"))
    event = Event.objects.get(kind="note.written")
    event.salt.salt = "00" * 32
    event.salt.save()
    assert "TIDAK COCOK" in page(signed_in(kasubbag), reverse("peristiwa-satu", args=[event.pk]))


def test_evidence_that_the_store_lost_is_named(office, kasubbag):
    kept = keep(io.BytesIO(b"%PDF-1.7 bukti"))
    add_document(by=system_actor(), at=NOW, file=kept, label="Berita acara", area_code="33.16")
    event = Event.objects.get(kind="document.added")
    client = signed_in(kasubbag)

    def evidence():
        return client.get(reverse("peristiwa-satu", args=[event.pk])).context["evidence"].rows

    assert [(row[0], row[1], row[2].word) for row in evidence()] == [("Berita acara", kept.sha256, "ADA")]
    path_of(kept.sha256).unlink()
    assert evidence()[0][2].word == "TIDAK ADA DI PENYIMPANAN"


def test_too_many_events_for_one_download_are_refused_with_the_number(office, kasubbag, monkeypatch):
    monkeypatch.setattr(event_views, "EXPORT_EVENTS_MAX", 1)
    monkeypatch.setattr(event_views, "TABLE_ROWS_MAX", 1)
    for address in (reverse("peristiwa-unduh"), reverse("peristiwa") + "?unduh=csv&tabel=peristiwa"):
        answer = signed_in(kasubbag).get(address)
        assert (answer.status_code, "EVENTS-TOO-MANY" in answer.content.decode()) == (409, True)


# Pengawasan

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
    write_note(by=dewi.actor, at=NOW, area_code="33.16.09", note=NoteText("Saran", "", DUE))
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
