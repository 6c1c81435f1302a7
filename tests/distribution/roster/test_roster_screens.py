"""Petugas on the screen: gaps first, a proposal by a button, changed, answered; letters and cards printed."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.conftest import NOW, PASSWORD, Somebody, make_somebody
from tests.distribution.roster.test_roster_actions import published, receiver
from tests.distribution.screens import AREA, enter, text_of

from tepat.common.acting import actor_of, system_actor
from tepat.common.actions import add_account
from tepat.common.documents import path_of
from tepat.common.models import Event, Job
from tepat.common.permissions import Role
from tepat.custody.models import Card
from tepat.distribution.models import PrintedPaper
from tepat.distribution.paper_rows import current_papers
from tepat.distribution.papers.reading import read_scan
from tepat.distribution.roster_actions import set_seat
from tepat.distribution.roster_letters import TASK, print_letters
from tepat.distribution.roster_models import RosterPerson, RosterSeat
from tepat.distribution.roster_rows import roster_of


def address(plan, more=""):
    return f"/distribusi/rencana/{plan.pk}/petugas/{more}"


def signed_in(person, username) -> Somebody:
    add_account(by=system_actor(), at=NOW, person=person, username=username, password=PASSWORD)
    return Somebody(username, actor_of(person, NOW), username, PASSWORD)


def test_a_plan_without_people_says_what_is_missing_and_kul_proposes(plan, office):
    client = enter(office["kul"])
    assert "belum ada penanggung jawab di jalan" in text_of(client, address(plan)).lower()
    assert client.post(address(plan, "susun/")).status_code == 302
    page = text_of(client, address(plan))
    assert "Tidak ada celah" in page
    assert RosterSeat.objects.count() == len(roster_of(plan).seats)
    again = client.post(address(plan, "susun/"))
    assert again.status_code == 409
    assert "sudah seperti itu" in again.content.decode()


def test_the_menu_leads_to_the_plan_that_holds(proposed, office):
    client = enter(office["kul"])
    assert client.get("/distribusi/petugas/").url == address(proposed)


def test_before_any_plan_the_screen_says_what_comes_first(db, office, system):
    from tepat.common.register import load_register

    load_register(AREA, ["pemilu-2024"], by=system, at=NOW)
    assert "Belum ada rencana" in text_of(enter(office["kul"]), "/distribusi/petugas/")


def test_a_seat_is_changed_by_hand_and_a_clash_is_refused_with_its_reason(proposed, office):
    client, roster = enter(office["kul"]), roster_of(proposed)
    seat = receiver(roster)
    page = text_of(client, address(proposed, f"tugas/{seat.id}/"))
    assert "Simpan dan periksa" in page
    assert "BEBAS" in page
    deputy = roster.given[seat.id.replace("penerima", "wakil-penerima")]
    wrong = client.post(address(proposed, f"tugas/{seat.id}/"), {"person": deputy})
    assert wrong.status_code == 409
    assert "sudah berdiri di sisi lain serah terima ini" in wrong.content.decode()
    assert client.post(address(proposed, f"tugas/{seat.id}/"), {"person": ""}).status_code == 302
    assert "belum ada penerima" in text_of(client, address(proposed)).lower()
    assert client.post(address(proposed, f"tugas/{seat.id}/"), {"naik": "1"}).status_code == 302
    assert roster_of(proposed).given[seat.id] == deputy


def test_the_pleno_reads_and_cannot_change(proposed, office):
    client, seat = enter(office["komisioner"]), receiver(roster_of(proposed))
    assert "Susun petugas" not in text_of(client, address(proposed))
    assert "Simpan dan periksa" not in text_of(client, address(proposed, f"tugas/{seat.id}/"))
    assert client.post(address(proposed, f"tugas/{seat.id}/"), {"person": ""}).status_code in {403, 404}
    assert client.post(address(proposed, "susun/")).status_code in {403, 404}


def test_a_person_is_called_and_noted_and_cannot_come_on_a_day(proposed, office):
    client, roster = enter(office["kul"]), roster_of(proposed)
    seat = receiver(roster)
    who = roster.given[seat.id]
    where = address(proposed, f"orang/{who}/")
    assert "Sudah ditelepon" in text_of(client, where)
    assert client.post(where, {"siap": "1"}).status_code == 302
    page = text_of(client, where)
    assert "lewat telepon, dicatat oleh Kul" in page
    assert "Sudah ditelepon" not in page
    assert client.post(where, {"siap": "1"}).status_code == 409
    asked = {"catat": "1", "licence": "B1", "away": [seat.day.isoformat()]}
    assert client.post(where, asked).status_code == 302
    assert "berhalangan hari itu" in text_of(client, address(proposed))


def test_a_committee_sees_only_its_own_area_and_only_once_published(proposed, office):
    roster = roster_of(proposed)
    seat = receiver(roster)
    pps = signed_in(UUID(roster.given[seat.id]), "pps-contoh")
    client = enter(pps)
    assert client.get(address(proposed)).status_code == 404
    published(proposed, office)
    page = text_of(client, address(proposed))
    assert "Contoh PPS" not in page
    assert "orang " in page
    elsewhere = next(one for one in roster.seats if one.halt and one.area_code != seat.area_code)
    assert client.get(address(proposed, f"tugas/{elsewhere.id}/")).status_code == 404
    assert client.get(address(proposed, f"orang/{roster.given[elsewhere.id]}/")).status_code == 404
    assert client.get(address(proposed, "surat/")).status_code in {403, 404}


def test_ones_own_duties_are_shown_and_answered(proposed, office):
    roster = roster_of(proposed)
    who = UUID(roster.given[receiver(roster).id])
    client = enter(signed_in(who, "pps-contoh"))
    assert "Belum ada rencana yang ditetapkan" in text_of(client, "/distribusi/tugas-saya/")
    published(proposed, office)
    assert "Saya siap bertugas" in text_of(client, "/distribusi/tugas-saya/")
    assert client.post("/distribusi/tugas-saya/").status_code == 302
    page = text_of(client, "/distribusi/tugas-saya/")
    assert "SIAP" in page
    assert "Saya siap bertugas" not in page
    assert RosterPerson.objects.get(person=who).answered_how == "sendiri"


def printed_job(plan, by):
    job = Job.objects.create(
        task=TASK,
        arguments={"plan": plan.pk},
        area_code=AREA,
        asked_by=by.person,
        asked_at=NOW,
        state=Job.State.RUNNING,
    )
    return print_letters(job, plan=plan.pk)


def test_everybody_gets_one_numbered_letter_and_changed_duties_make_a_new_one(proposed, office):
    published(proposed, office)
    client, kul = enter(office["kul"]), office["kul"].actor
    assert client.post(address(proposed, "surat/cetak/")).status_code == 302
    assert Job.objects.get().task == TASK
    Job.objects.all().delete()
    answer = printed_job(proposed, kul)
    roster = roster_of(proposed)
    people = len({roster.given[seat.id] for seat in roster.seats if seat.part != "pengawal"})
    assert answer["papers"] == people
    papers = PrintedPaper.objects.filter(kind="surat-tugas")
    assert sorted(papers.values_list("running", flat=True)) == list(range(1, people + 1))
    assert papers.get(running=1).number == "1/ST-LOG/33.71/II/2024"
    assert not any("Contoh" in about for about in papers.values_list("about", flat=True))
    assert printed_job(proposed, kul) == answer
    assert papers.count() == people
    assert not current_papers(proposed).filter(kind="surat-tugas").exists()
    assert "LENGKAP" in text_of(client, address(proposed, "surat/"))

    roster = roster_of(proposed)
    seat = receiver(roster)
    set_seat(by=kul, at=NOW + timedelta(hours=1), plan=proposed.pk, seat=seat.id, person=None)
    page = text_of(client, address(proposed, "surat/"))
    assert "BELUM LENGKAP" in page
    printed_job(proposed, kul)
    numbers = papers.values_list("number", flat=True)
    assert len(set(numbers)) == len(numbers) > people
    assert max(papers.values_list("running", flat=True)) == len(numbers)


def test_a_letter_names_the_person_and_each_page_is_found_by_its_qr(proposed, office):
    import pypdfium2

    printed_job(proposed, office["kul"].actor)
    paper = PrintedPaper.objects.filter(kind="surat-tugas").order_by("group", "first_page").first()
    assert paper.number.startswith("DRAF")
    raw = path_of(paper.file).read_bytes()
    with pypdfium2.PdfDocument(raw) as document:
        text = document[paper.first_page - 1].get_textpage().get_text_range()
    assert "SURAT TUGAS" in text
    assert "Contoh" in text
    assert "Sekretaris" in text
    found = read_scan(raw, name="surat.pdf")
    codes = {page.code.document for page in found if page.code}
    assert paper.pk in codes


def test_without_a_roster_no_letter_is_printed(plan, office):
    from tepat.common.errors import Refused

    with pytest.raises(Refused, match="ROSTER-NO-LETTERS"):
        printed_job(plan, office["kul"].actor)


def test_cards_are_printed_for_those_of_a_group_who_have_none(proposed, office):
    client = enter(office["kul"])
    page = text_of(client, address(proposed, "surat/"))
    assert "Terbitkan dan cetak kartu" in page
    answer = client.post(address(proposed, "kartu/"), {"kelompok": "33.71.01"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    count = Card.objects.count()
    assert count > 0
    assert set(Card.objects.values_list("person_id", flat=True)) <= {
        UUID(who) for who in roster_of(proposed).given.values()
    }
    assert client.post(address(proposed, "kartu/"), {"kelompok": "33.71.01"}).status_code == 409
    assert Card.objects.count() == count
    assert Event.objects.filter(kind="identity.issued").exists()


def test_tables_go_out_as_excel_and_csv(proposed, office):
    client = enter(office["kul"])
    for table in ("celah", "perjalanan", "titik", "petugas", "pemerataan"):
        sheet = client.get(address(proposed), {"unduh": "csv", "tabel": table})
        assert sheet.status_code == 200, table
    people = client.get(address(proposed), {"unduh": "csv", "tabel": "petugas"}).content.decode()
    assert people.count("\r\n") == len(set(roster_of(proposed).given.values())) + 1
    assert client.get(address(proposed), {"unduh": "xlsx", "tabel": "titik"}).content.startswith(b"PK")


def test_whoever_reads_no_names_sees_ids(proposed, office):
    bawaslu = make_somebody("Bawaslu", Role.BAWASLU, AREA)
    page = text_of(enter(bawaslu), address(proposed))
    assert "orang " in page
    assert "Contoh PPS" not in page
