"""Pilih Gudang on the screen: candidates are surveyed, compared by a job, explained and printed."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import NOW, make_somebody
from tests.distribution.screens import AREA, enter, text_of

from tepat.common.actions import Contact
from tepat.common.areas import load_area
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Event, Job, Place
from tepat.common.permissions import Role
from tepat.distribution.models import PlanVersion, ProblemFile, WarehouseSurvey
from tepat.distribution.office_registers import own_warehouses
from tepat.distribution.views.siting import TASK
from tepat.distribution.warehouse_actions import CandidateGiven, save_candidate, strike_candidate
from tepat.distribution.warehouse_forms import CandidateForm, initial_of
from tepat.distribution.warehouse_models import WarehouseChoice
from tepat.distribution.warehouse_reports import report_of
from tepat.distribution.warehouses.gate import class_through
from tepat.solvers.jobs import Cancelled
from tepat.solvers.warehouse_jobs import choose_warehouses

PAGE = "/distribusi/gudang/"
NEAR, FAR = (-7.4797, 110.2177), (-7.45, 110.24)


def saved(by, name="Gudang Tuguran", **given):
    given = {"usable_m2": 400, "lat": NEAR[0], "lon": NEAR[1], "rent_rupiah": 30_000_000} | given
    return save_candidate(by=by, at=NOW, area_code=AREA, name=name, given=CandidateGiven(**given))


def running_job(system):
    return Job.objects.create(
        task=TASK, area_code=AREA, asked_by=system.person, asked_at=NOW, state=Job.State.RUNNING
    )


def compared(system, **more):
    answer = choose_warehouses(
        running_job(system), **({"election": "pemilu-2024", "sets": 2, "seconds": 1} | more)
    )
    return WarehouseChoice.objects.get(pk=answer["choice"])


def test_without_anything_the_page_says_what_to_do(db, system, office):
    from datetime import timedelta

    from tepat.common.register import load_register

    load_register(AREA, ["pemilu-2024"], by=system, at=NOW - timedelta(days=90))
    page = text_of(enter(office["kul"]), PAGE)
    assert "Belum ada calon gudang yang dihitung" in page
    assert "Tambah calon gudang" in page


def test_kul_asks_once_and_whoever_only_reads_cannot(plans, office):
    assert plans
    client = enter(office["kul"])
    for _ in range(2):
        assert client.post(f"{PAGE}hitung/", {"sets": "2", "seconds": "5"}).status_code == 302
    job = Job.objects.get()
    assert (job.task, job.arguments) == (TASK, {"election": "pemilu-2024", "sets": 2, "seconds": 5})
    assert "Sedang dihitung" in text_of(client, PAGE)
    reader = enter(office["komisioner"])
    assert "Bandingkan calon gudang" not in text_of(reader, PAGE)
    assert reader.post(f"{PAGE}hitung/", {"sets": "2", "seconds": "5"}).status_code in {403, 404}


def test_three_at_a_time_are_refused(plans, office):
    assert plans
    answer = enter(office["kul"]).post(f"{PAGE}hitung/", {"sets": "3", "seconds": "5"})
    assert answer.status_code == 409
    assert not Job.objects.exists()


def test_the_job_keeps_a_report_and_the_plan_of_the_cheapest_set(plans, office, system):
    assert plans
    saved(system)
    saved(system, "Gudang Sanden", lat=FAR[0], lon=FAR[1], rent_rupiah=45_000_000)
    choice = compared(system)
    report = report_of(choice)
    assert set(report.candidates.values()) == {"Gudang Tuguran", "Gudang Sanden"}
    assert report.winner.name == choice.winner
    assert choice.plan.column["cost_rupiah"] == report.winner.cost_rupiah
    assert choice.plan.status == PlanVersion.Status.ACCEPTED
    assert choice.plan.problem.variant_of == choice.problem
    assert Event.objects.filter(kind="warehouse.compared").count() == 1
    page = text_of(enter(office["komisioner"]), PAGE)
    assert "Mengapa gudang ini?" in page
    assert "Gudang Tuguran" in page
    assert "Apa yang mengubah pilihan" in page
    assert f"Rencana versi {choice.plan.number}" in page


def test_the_tables_come_as_excel_and_csv(plans, office, system):
    assert plans
    saved(system)
    compared(system, sets=1)
    client = enter(office["kul"])
    for table in ("calon", "pilihan-gudang", "isi-gudang", "pengubah-gudang"):
        answer = client.get(f"{PAGE}?unduh=csv&tabel={table}")
        assert answer.status_code == 200, table
    assert b"Gudang Tuguran" in client.get(f"{PAGE}?unduh=csv&tabel=pilihan-gudang").content


def test_the_annex_of_the_minutes_names_every_set(plans, office, system):
    assert plans
    saved(system)
    saved(system, "Gudang Sanden", lat=FAR[0], lon=FAR[1], usable_m2=5)
    choice = compared(system)
    text = pdf_text(enter(office["kul"]).get(f"{PAGE}banding/{choice.pk}.pdf"))
    assert "LAMPIRAN BERITA ACARA" in text
    assert "Gudang Tuguran" in text
    assert "Terlalu kecil" in text


def pdf_text(answer):
    import pypdfium2

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    with pypdfium2.PdfDocument(io.BytesIO(answer.content)) as pdf:
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pdf)


def test_a_survey_form_is_printed_empty_and_filled_without_names(plans, office, system):
    assert plans
    row = saved(system, flood=True, flood_history="2021, setinggi 30 cm", gate_width_mm=3200)
    contact = Contact("Pemilik Contoh", "0800-contoh")
    save_candidate(
        by=system,
        at=NOW,
        area_code=AREA,
        name=row.place.name,
        given=CandidateGiven(usable_m2=400, lat=NEAR[0], lon=NEAR[1]),
        contact=contact,
    )
    client = enter(office["kul"])
    assert "FORMULIR SURVEI" in pdf_text(client.get(f"{PAGE}calon/survei.pdf"))
    filled = pdf_text(client.get(f"{PAGE}calon/{row.pk}/survei.pdf"))
    assert "Gudang Tuguran" in filled
    assert "400" in filled
    assert "Pemilik Contoh" not in filled


def test_a_candidate_is_written_in_a_form_and_its_owner_only_in_the_vault(plans, office):
    assert plans
    given = {
        "name": "Gudang Tuguran",
        "usable_m2": "400",
        "stack_cm": "240",
        "rent_rupiah": "30000000",
        "gate_width_cm": "320",
        "flood": "tidak",
        "contact_name": "Pemilik Contoh",
        "contact_phone": "0800-contoh",
    }
    client = enter(office["kul"])
    assert client.post(f"{PAGE}calon/", given).status_code == 302
    row = WarehouseSurvey.objects.get()
    assert (row.usable_m2, row.stack_mm, row.gate_width_mm, row.flood) == (400, 2400, 3200, False)
    assert row.contact.shown_name == "Pemilik Contoh"
    assert not Event.objects.filter(payload__icontains="Pemilik Contoh").exists()
    page = text_of(client, f"{PAGE}calon/{row.pk}/")
    assert "Pemilik Contoh" in page
    assert 'value="240"' in page
    assert "Gudang Tuguran" in text_of(client, PAGE)


def test_the_same_owner_again_stays_the_same_person(plans, system):
    assert plans
    given = CandidateGiven(usable_m2=400)
    rows = [
        save_candidate(
            by=system,
            at=NOW,
            area_code=AREA,
            name="Gudang Tuguran",
            given=given,
            contact=Contact("Pemilik Contoh"),
        )
        for _ in range(2)
    ]
    assert rows[0].contact_id == rows[1].contact_id
    assert WarehouseSurvey.objects.count() == Place.objects.filter(name="Gudang Tuguran").count() == 1


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("  ", {}, "CANDIDATE-NO-NAME"),
        ("Gudang", {"usable_m2": 0}, "CANDIDATE-NO-FLOOR"),
        ("Gudang", {"lon": None}, "CANDIDATE-HALF-POINT"),
        ("Gudang", {"rent_rupiah": 0}, "CANDIDATE-FREE"),
        ("Gudang", {"desa_code": "33.16.01.2001"}, "CANDIDATE-OTHER-AREA"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(plans, system, name, given, code):
    assert plans
    with pytest.raises(Refused) as refused:
        saved(system, name, **given)
    assert refused.value.code == code
    assert str(refused.value)
    assert not WarehouseSurvey.objects.exists()


def test_lent_for_free_is_fine_where_guards_are_paid(plans, system):
    assert plans
    assert saved(system, rent_rupiah=0, guards=4).rent_rupiah == 0


def test_whoever_may_not_change_the_register_cannot_write_or_strike(plans, system, office):
    assert plans
    row = saved(system)
    client = enter(office["komisioner"])
    assert client.get(f"{PAGE}calon/").status_code in {403, 404}
    assert client.post(f"{PAGE}calon/{row.pk}/coret/").status_code in {403, 404}
    stranger = enter(make_somebody("Lain", Role.KUL, "33.16"))
    assert stranger.get(f"{PAGE}calon/{row.pk}/").status_code == 404


def test_a_struck_candidate_is_gone_and_what_was_computed_stays(plans, office, system):
    assert plans
    row = saved(system)
    choice = compared(system, sets=1)
    assert enter(office["kul"]).post(f"{PAGE}calon/{row.pk}/coret/").status_code == 302
    assert not WarehouseSurvey.objects.exists()
    assert report_of(choice).candidates == {"GUDANG-1": "Gudang Tuguran"}
    assert "Gudang Tuguran" in text_of(enter(office["kul"]), PAGE)
    with pytest.raises(NotAllowed):
        strike_candidate(by=system, at=NOW, candidate=row.pk)


def test_a_candidate_whose_place_nobody_knows_is_named_on_the_page(plans, office, system):
    assert plans
    saved(system, lat=None, lon=None)
    page = text_of(enter(office["kul"]), PAGE)
    assert "titik petanya belum ada" in page


def test_the_survey_decides_what_the_problem_says(plans, system):
    assert plans
    saved(system, stack_mm=2400, docks=7, gate_width_mm=2200, flood=True, flood_history="2021")
    (place,) = own_warehouses(load_area(AREA)).places
    assert place.access == ("pikap", "motor"), "a gate of 2,2 m lets no truck in"
    assert (place.docks, place.warehouse.stack_mm, place.warehouse.gate_class) == (7, 2400, "pikap")
    assert place.warehouse.flood == "pernah banjir, 2021"


def test_more_than_three_candidates_have_prices_of_their_own(plans, system):
    assert plans
    for number in range(1, 6):
        saved(system, f"Gudang {number}", lat=NEAR[0] + number / 1000, rent_rupiah=10_000_000 * number)
    choice = compared(system, sets=1)
    rents = {each.members[0]: each.warehouse_rupiah for each in report_of(choice).sets}
    assert len(rents) == 5
    assert min(rents.values()) >= 10_000_000
    assert len(set(rents.values())) == 5


def test_a_comparison_that_is_stopped_keeps_nothing(plans, system):
    assert plans
    job = running_job(system)
    Job.objects.filter(pk=job.pk).update(state=Job.State.CANCELLED)
    with pytest.raises(Cancelled):
        choose_warehouses(job, election="pemilu-2024", sets=1, seconds=1)
    assert not WarehouseChoice.objects.exists()
    assert ProblemFile.objects.count() == 1


CLASSES = st.sampled_from([None, "truk", "pikap", "motor"])
MEASURE = st.none() | st.integers(1, 5_000)


@given(CLASSES, CLASSES, MEASURE, MEASURE)
def test_a_wider_gate_never_lets_in_less(gate, road, width, height):
    order = ["truk", "pikap", "motor", None]
    found = class_through(gate, road, width, height)
    wider = class_through(
        gate,
        road,
        None if width is None else width + 500,
        None if height is None else height + 500,
    )
    assert order.index(wider) <= order.index(found)
    for bound in (gate, road):
        assert bound is None or order.index(found) >= order.index(bound)


def test_the_form_shows_what_was_saved(plans, system):
    assert plans
    row = saved(system, stack_mm=2400, gate_width_mm=3200, cctv=True, desa_code=f"{AREA}.01.1003")
    shown = initial_of(row)
    form = CandidateForm(shown, desa=[(f"{AREA}.01.1003", "Tidar")], contacts=False)
    assert form.is_valid(), form.errors
    given = form.given()
    assert (given.stack_mm, given.gate_width_mm, given.cctv) == (2400, 3200, True)
    assert (given.desa_code, given.lat) == (f"{AREA}.01.1003", NEAR[0])
