"""Sunting, beda, halangan as forms: without scripts, each refusal on the page with nothing lost."""

import re

import pytest
from tests.conftest import NOW, make_somebody
from tests.distribution.screens import enter, text_of

from tepat.common.models import Job
from tepat.common.permissions import Role
from tepat.distribution.actions import Minutes, forward_plan, propose_plan, publish_plan
from tepat.distribution.archive import plan_of, problem_of
from tepat.distribution.draft_models import PlanDraft
from tepat.distribution.models import PlanVersion
from tepat.distribution.setbacks import TASK
from tepat.distribution.views.editing import REPAIR_TASK


@pytest.fixture
def row(plans):
    return plans["langsung-pps"]


@pytest.fixture
def kul(office):
    return enter(office["kul"])


def send(client, row, revision, **fields):
    return client.post(f"/distribusi/rencana/{row.pk}/sunting/ubah/", {"revisi": revision, **fields})


def step(client, row, name, revision):
    return client.post(f"/distribusi/rencana/{row.pk}/sunting/{name}/", {"revisi": revision})


def publish(row, office):
    propose_plan(by=office["kul"].actor, at=NOW, plan=row.pk)
    forward_plan(by=office["sekretaris"].actor, at=NOW, plan=row.pk)
    minutes = Minutes(number="1/BA", date=NOW.date(), reason="termurah")
    publish_plan(by=office["komisioner"].actor, at=NOW, plan=row.pk, minutes=minutes)


def test_a_plan_opens_for_editing_and_makes_no_draft_by_itself(kul, row):
    page = text_of(kul, f"/distribusi/rencana/{row.pk}/sunting/")
    assert "Sunting rencana" in page
    assert "DITERIMA PEMERIKSA" in page
    assert "+Rp0" in page
    assert "Belum ada yang diubah." in page
    assert not PlanDraft.objects.exists()


def test_a_move_by_form_is_answered_with_verdict_and_cost(kul, row):
    trip = plan_of(row.sha256).trips[0]
    stop = trip.stops[0]
    chosen = text_of(
        kul, f"/distribusi/rencana/{row.pk}/sunting/?hari={trip.date}&pilih={trip.id}/{stop.place}"
    )
    assert "Pindah ke…" in chosen
    answer = send(
        kul,
        row,
        0,
        apa="pindah",
        trip=trip.id,
        place=stop.place,
        units=list(stop.units[:1]),
        tujuan="sendiri",
        kendaraan=trip.vehicle,
        tanggal=trip.date.isoformat(),
    )
    assert answer.status_code == 302
    page = text_of(kul, answer.url.partition("#")[0])
    assert "dipindah" in page
    assert re.search(r"<strong>\+Rp[\d.]+</strong>", page)
    assert "ke perjalanan sendiri" in page


def test_a_broken_pin_is_said_in_words_and_cannot_be_saved(kul, row):
    plan = plan_of(row.sha256)
    trip = plan.trips[0]
    other = next(each for each in plan.trips if each.vehicle != trip.vehicle)
    pin = {
        "apa": "sematkan",
        "units": list(trip.stops[0].units),
        "semat-kendaraan": other.vehicle,
        "alasan": "jembatan sempit",
    }
    assert send(kul, row, 0, **pin).status_code == 302
    page = text_of(kul, f"/distribusi/rencana/{row.pk}/sunting/")
    assert "MELANGGAR ATURAN" in page
    assert "jembatan sempit" in page
    refused = step(kul, row, "simpan", 1)
    assert refused.status_code == 409
    assert "EDIT-BREACHED" in refused.content.decode()
    assert PlanDraft.objects.get().changes


def test_saving_leads_to_what_differs(kul, row):
    trip = plan_of(row.sha256).trips[0]
    send(kul, row, 0, apa="kunci", trip=trip.id)
    answer = step(kul, row, "simpan", 1)
    new = PlanVersion.objects.order_by("-number").first()
    assert answer.url == f"/distribusi/rencana/{new.pk}/beda/?dengan={row.pk}"
    page = text_of(kul, answer.url)
    assert f"Dikunci: {trip.id}" in page
    assert f"Dari versi {row.number} ke versi {new.number}" in page
    assert f"versi {new.number}" in text_of(kul, f"/distribusi/rencana/{row.pk}/sunting/")


def test_undo_redo_and_dropping(kul, row):
    send(kul, row, 0, apa="kunci", trip="T-001")
    assert step(kul, row, "batal", 1).status_code == 302
    assert "Belum ada yang diubah." in text_of(kul, f"/distribusi/rencana/{row.pk}/sunting/")
    assert step(kul, row, "ulang", 2).status_code == 302
    assert step(kul, row, "buang", 3).url == f"/distribusi/rencana/{row.pk}/"
    assert not PlanDraft.objects.exists()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"apa": "kunci", "trip": "T-999"}, "EDIT-NO-TRIP"),
        ({"apa": "pindah", "trip": "T-001"}, "EDIT-UNREADABLE"),
        ({"apa": "pindah", "trip": "T-001", "tujuan": "sendiri", "tanggal": "besok"}, "EDIT-UNREADABLE"),
        ({"apa": "pindah", "trip": "T-001", "tujuan": "T-002", "posisi": "x"}, "EDIT-UNREADABLE"),
        ({"apa": "larang", "place": "x", "kelas": "pesawat", "alasan": "x"}, "EDIT-UNREADABLE"),
        ({"apa": "perbaikan", "problem_sha256": "0" * 64}, "EDIT-UNREADABLE"),
        ({"apa": "entah"}, "EDIT-UNREADABLE"),
        ({}, "EDIT-UNREADABLE"),
    ],
)
def test_what_cannot_be_read_or_done_is_answered_on_the_page(kul, row, fields, code):
    answer = send(kul, row, 0, **fields)
    assert answer.status_code == 409
    assert code in answer.content.decode()
    assert "Perjalanan dan perhentian" in answer.content.decode()


def test_a_draft_that_can_no_longer_be_made_can_be_taken_back(kul, row):
    send(kul, row, 0, apa="kunci", trip="T-001")
    PlanDraft.objects.update(changes=[{"apa": "kunci", "trip": "T-999"}])
    page = text_of(kul, f"/distribusi/rencana/{row.pk}/sunting/")
    assert "EDIT-NO-TRIP" in page
    assert step(kul, row, "batal", 1).status_code == 302
    assert "EDIT-NO-TRIP" not in text_of(kul, f"/distribusi/rencana/{row.pk}/sunting/")


def test_an_old_page_is_told_so(kul, row):
    send(kul, row, 0, apa="kunci", trip="T-001")
    answer = send(kul, row, 0, apa="kunci", trip="T-002")
    assert answer.status_code == 409
    assert "EDIT-STALE" in answer.content.decode()
    assert "revisi" not in str(answer.headers)
    assert send(kul, row, "x", apa="kunci", trip="T-002").status_code == 409


def test_repair_is_asked_for_once(kul, row):
    send(kul, row, 0, apa="kunci", trip="T-001")
    for _ in range(2):
        assert step(kul, row, "perbaiki", 1).status_code == 302
    job = Job.objects.get(task=REPAIR_TASK)
    assert job.arguments == {"draft": PlanDraft.objects.get().pk, "revision": 1}
    assert "Hentikan pencari" in text_of(kul, f"/distribusi/rencana/{row.pk}/sunting/")
    kul.post(f"/distribusi/rencana/{row.pk}/sunting/hentikan/", {"pekerjaan": str(job.pk)})
    assert Job.objects.get().state == Job.State.CANCELLED


def test_who_only_reads_does_not_edit_but_compares(office, plans, row):
    client = enter(office["komisioner"])
    assert client.get(f"/distribusi/rencana/{row.pk}/sunting/").status_code == 403
    assert client.get(f"/distribusi/rencana/{row.pk}/halangan/").status_code == 403
    assert "Sunting rencana" not in text_of(client, f"/distribusi/rencana/{row.pk}/")
    other = plans["lewat-ppk"]
    page = text_of(client, f"/distribusi/rencana/{row.pk}/beda/?dengan={other.pk}")
    assert f"Dari versi {other.number} ke versi {row.number}" in page
    assert client.get(f"/distribusi/rencana/{row.pk}/beda/?dengan=entah").status_code == 404
    sheet = client.get(f"/distribusi/rencana/{row.pk}/beda/?dengan={other.pk}&unduh=csv&tabel=beda")
    assert "Menjadi" in sheet.content.decode()


def test_an_unknown_step_and_a_foreign_plan_are_not_there(kul, row, db):
    assert step(kul, row, "entah", 0).status_code == 404
    stranger = enter(make_somebody("Asing", Role.KUL, "33.16"))
    assert stranger.get(f"/distribusi/rencana/{row.pk}/sunting/").status_code == 404


def test_a_setback_is_only_asked_of_a_published_plan(kul, row, office):
    address = f"/distribusi/rencana/{row.pk}/halangan/"
    assert "belum ditetapkan" in text_of(kul, address)
    early = kul.post(f"{address}susun/", {"saat": "2024-02-10T09:00"})
    assert (early.status_code, "SETBACK-NOT-PUBLISHED" in early.content.decode()) == (409, True)
    publish(row, office)
    vehicle = plan_of(row.sha256).trips[-1].vehicle
    assert vehicle in text_of(kul, address)
    for fields, code in (
        ({"saat": "nanti"}, "SETBACK-MOMENT"),
        ({"saat": "2024-02-10T09:00", "hilang": ["ENTAH"]}, "REPLAN-VEHICLE"),
    ):
        refused = kul.post(f"{address}susun/", fields)
        assert (refused.status_code, code in refused.content.decode()) == (409, True)
    for _ in range(2):
        asked = kul.post(f"{address}susun/", {"saat": "2024-02-10T09:00", "hilang": [vehicle]})
        assert asked.status_code == 302
    job = Job.objects.get(task=TASK)
    assert job.arguments == {"plan": row.pk, "at": "2024-02-10T09:00:00+07:00", "lost": [vehicle]}
    assert "Sedang disusun ulang" in text_of(kul, address)
    none = kul.post(f"{address}pilih/", {"pekerjaan": str(job.pk), "cara": "tetap"})
    assert (none.status_code, "SETBACK-NO-ANSWER" in none.content.decode()) == (409, True)


def test_editing_a_published_plan_makes_a_new_version(kul, row, office):
    publish(row, office)
    sha256 = PlanVersion.objects.get(pk=row.pk).sha256
    send(kul, row, 0, apa="kunci", trip="T-001")
    assert step(kul, row, "simpan", 1).status_code == 302
    again = PlanVersion.objects.get(pk=row.pk)
    assert (again.state, again.sha256) == ("ditetapkan", sha256)
    assert PlanVersion.objects.order_by("-number").first().state == "draf"
    assert problem_of(again.problem.sha256).locks == ()
