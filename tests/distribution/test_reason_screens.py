"""Mengapa? on the screen: anybody who reads plans reads the reasons, KUL has alternatives computed."""

import msgspec
import pytest
from msgspec.structs import replace
from tests.conftest import NOW
from tests.distribution.engines import FirstAnswer
from tests.distribution.screens import AREA, enter, text_of

from tepat.common.models import Event, Job
from tepat.distribution import documents
from tepat.distribution.archive import case_of, plan_of
from tepat.distribution.building import PROBLEM_FILE
from tepat.distribution.checker import load_matrices
from tepat.distribution.keeping import keep_folder
from tepat.distribution.reason_questions import LEFT, OTHERS, TASK
from tepat.distribution.reasons.next_best import next_best
from tepat.distribution.reasons.smallest import smallest_remedy, unserved_of
from tepat.distribution.reasons.subjects import subject_of
from tepat.distribution.reasons.trying import Search
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve

DESA = f"{AREA}.01.1003"
QUICK = Search(FirstAnswer(), Budget(iterations=1))


def page_of(row, subject, step=""):
    return f"/distribusi/rencana/{row.pk}/mengapa/{subject}/{step}"


def answered(by, row, subject, question, answer):
    """Keep an answer as the job does."""
    return Job.objects.create(
        task=TASK,
        arguments={"plan": row.pk, "subject": subject, "question": question},
        area_code=AREA,
        asked_by=by.person,
        asked_at=NOW,
        state=Job.State.DONE,
        answer=msgspec.to_builtins(answer),
    )


@pytest.fixture
def incomplete(plans, system, solved, tmp_path):
    """A plan of Magelang in which only motorcycles may enter one PPS."""
    assert plans
    problem = documents.read_problem(solved / PROBLEM_FILE)
    places = tuple(replace(each, access=("motor",)) if each.id == DESA else each for each in problem.places)
    closed = replace(problem, id="magelang-tertutup", places=places)
    matrices = load_matrices(problem, solved)
    for matrix in problem.matrices:
        (tmp_path / matrix.file).symlink_to(solved / matrix.file)
    plan = solve(closed, "langsung-pps", matrices, engine=FirstAnswer(), budget=Budget(iterations=1))
    documents.write(closed, tmp_path / PROBLEM_FILE)
    documents.write(plan, tmp_path / "plan-langsung-pps.json")
    (row,) = keep_folder(tmp_path, by=system, at=NOW)
    return row


def opened(row):
    plan = plan_of(row.sha256)
    return case_of(row.problem.sha256, plan.strategy), plan


def test_the_reason_stands_first_and_the_numbers_under_it(plans, office):
    row = plans["langsung-pps"]
    page = text_of(enter(office["komisioner"]), page_of(row, DESA))
    assert "Yang mengikat" in page
    assert "Yang membatasi, dengan angkanya" in page
    assert "muatan (kotak)" in page
    assert "Hitung pilihan lain" not in page


@pytest.mark.parametrize(
    "subject", ["rencana", "T-001", "GUDANG-1", "GUDANG-2", f"jalur:{AREA}.01", "tanggal"]
)
def test_every_kind_of_subject_has_its_page_and_links_to_the_others(plans, office, subject):
    row = plans["langsung-pps"]
    day = plan_of(row.sha256).trips[0].date.isoformat()
    page = text_of(enter(office["kul"]), page_of(row, day if subject == "tanggal" else subject))
    assert "begini?" in page
    assert "Tanyakan juga" in page or subject == "GUDANG-2"


def test_the_plan_leads_to_its_reasons(plans, office):
    row = plans["langsung-pps"]
    assert page_of(row, "rencana") in text_of(enter(office["kul"]), f"/distribusi/rencana/{row.pk}/")


def test_what_is_not_in_the_plan_is_said_in_words(plans, office):
    answer = enter(office["kul"]).get(page_of(plans["langsung-pps"], "T-999"))
    assert answer.status_code in {404, 409}
    assert "tidak ada dalam rencana ini" in answer.content.decode()


def test_asking_twice_is_one_job_and_it_can_be_stopped(plans, office):
    row, client = plans["langsung-pps"], enter(office["kul"])
    for _ in range(2):
        assert client.post(page_of(row, DESA, "hitung/"), {"tanya": "lain"}).status_code == 302
    (job,) = Job.objects.all()
    assert (job.task, job.arguments) == (TASK, {"plan": row.pk, "subject": DESA, "question": OTHERS})
    assert "Sedang dihitung" in text_of(client, page_of(row, DESA))
    client.post(page_of(row, DESA, "hentikan/"))
    assert Job.objects.get().state == Job.State.CANCELLED
    assert "Sedang dihitung" not in text_of(client, page_of(row, DESA))


def test_who_may_only_read_plans_cannot_ask(plans, office):
    answer = enter(office["komisioner"]).post(page_of(plans["langsung-pps"], DESA, "hitung/"))
    assert answer.status_code in {403, 404}
    assert not Job.objects.exists()


def test_the_answer_stands_on_the_page_with_its_price_for_everybody(plans, office, system):
    row = plans["langsung-pps"]
    case, plan = opened(row)
    found = next_best(case, plan, subject_of(case, plan, DESA), QUICK)
    answered(system, row, DESA, OTHERS, found)
    page = text_of(enter(office["komisioner"]), page_of(row, DESA))
    assert f"yang dihitung: {found.tried[0].says}" in page
    assert "Pilihan lain yang dihitung" in page
    assert "contoh" in page
    rows = enter(office["komisioner"]).get(f"{page_of(row, DESA)}?unduh=csv&tabel=pilihan-lain")
    assert len(rows.content.decode().strip().splitlines()) >= 1 + len(found.tried)


def test_an_answer_about_one_subject_does_not_show_with_another(plans, office, system):
    row = plans["langsung-pps"]
    case, plan = opened(row)
    answered(system, row, DESA, OTHERS, next_best(case, plan, subject_of(case, plan, DESA), QUICK))
    assert "Pilihan lain yang dihitung" not in text_of(enter(office["kul"]), page_of(row, "T-001"))


def test_what_would_serve_what_is_left_behind_is_offered_and_shown(incomplete, office, system):
    row, client = incomplete, enter(office["kul"])
    assert "Apa yang melayani set ini?" in text_of(client, f"/distribusi/rencana/{row.pk}/")
    assert "Cari cara melayani yang tertinggal" in text_of(client, page_of(row, DESA))
    assert "Cari cara melayani yang tertinggal" not in text_of(client, page_of(row, "T-001"))
    client.post(page_of(row, DESA, "hitung/"), {"tanya": "tertinggal"})
    assert Job.objects.get().arguments["question"] == LEFT
    Job.objects.all().delete()
    case, plan = opened(row)
    units = unserved_of(case, plan, subject_of(case, plan, DESA))
    found = smallest_remedy(case, plan, units, QUICK)
    assert found.size == 1
    answered(system, row, DESA, LEFT, found)
    page = text_of(client, page_of(row, DESA))
    assert "satu keputusan cukup" in page
    assert f"boleh masuk {case.place[DESA].name}" in page
    assert "Keputusan yang dicoba" in page


def test_a_question_that_broke_down_says_so_and_can_be_asked_again(plans, office, system):
    row = plans["langsung-pps"]
    job = answered(system, row, DESA, OTHERS, ())
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.FAILED, message="Mesin pencari berhenti.", answer=None
    )
    page = text_of(enter(office["kul"]), page_of(row, DESA))
    assert "Hitungan tidak selesai: Mesin pencari berhenti." in page
    assert "Hitung pilihan lain" in page


def test_asking_writes_no_plan_and_no_event_about_one(plans, office):
    row, client = plans["langsung-pps"], enter(office["kul"])
    before = Event.objects.filter(kind__startswith="plan.").count(), type(row).objects.count()
    client.post(page_of(row, DESA, "hitung/"), {"tanya": "lain"})
    assert (Event.objects.filter(kind__startswith="plan.").count(), type(row).objects.count()) == before
