"""Blora's plan as single areas see it, and the same strategy once more for rainy days."""

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from tests.conftest import CEPU, KUNDEN, NOW, make_somebody

from tepat.common.areas import load_area
from tepat.common.errors import NotAllowed
from tepat.common.models import Job
from tepat.common.permissions import Role
from tepat.distribution import documents
from tepat.distribution.actions import Minutes, forward_plan, propose_plan, publish_plan
from tepat.distribution.archive import problem_of
from tepat.distribution.area_deliveries import sets_text
from tepat.distribution.building import build_problem
from tepat.distribution.checker import load_matrices
from tepat.distribution.keeping import keep_folder
from tepat.distribution.models import PlanVersion, ProblemFile
from tepat.distribution.problems import Unit
from tepat.distribution.rain import TASK
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.operations.demo_office import ask_for_rain
from tepat.roads.contoh import notes_for
from tepat.solvers.jobs import compare_rain
from tepat.solvers.pyvrp_engine import PyvrpEngine

BLORA = "33.16"
FOREST = notes_for(BLORA).hard_area[0].areas
MINUTES = Minutes("12/PL.02/3316/2024", date(2024, 1, 31), "termurah")
DELIVERIES, RAIN = "/distribusi/kiriman/", "/distribusi/hujan/"


@pytest.fixture(scope="session")
def solved(tmp_path_factory):
    """Blora's problem with one plan that leaves near desa straight and far ones over their PPK."""
    folder = tmp_path_factory.mktemp("blora")
    problem = build_problem(load_area(BLORA), "pemilu-2024", out=folder).problem
    matrices = load_matrices(problem, folder)
    plan = solve(problem, "campuran", matrices, engine=PyvrpEngine(), seed=1, budget=Budget(iterations=1))
    documents.write(plan, folder / "plan-campuran.json")
    return folder


@pytest.fixture
def plan(register, system, solved):
    (kept,) = keep_folder(solved, by=system, at=NOW)
    return kept


@pytest.fixture
def kul(register):
    return make_somebody("Kul", Role.KUL, BLORA)


@pytest.fixture
def published(plan, kul):
    people = {
        role: make_somebody(role.name.title(), role, BLORA) for role in (Role.SEKRETARIS, Role.KOMISIONER)
    }
    propose_plan(by=kul.actor, at=NOW, plan=plan.pk)
    forward_plan(by=people[Role.SEKRETARIS].actor, at=NOW, plan=plan.pk)
    return publish_plan(by=people[Role.KOMISIONER].actor, at=NOW, plan=plan.pk, minutes=MINUTES)


def enter(somebody):
    client = Client()
    assert client.login(username=somebody.username, password=somebody.password)
    return client


def text(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def rows(client, path, table, first):
    """Return the rows of a table's Excel file below the head whose first cell is `first`."""
    answer = client.get(f"{path}?unduh=xlsx&tabel={table}")
    found = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    head = next(number for number, row in enumerate(found) if row[0] == first)
    return [row for row in found[head + 1 :] if row[0] and row[0] != "Jumlah"]


def places(somebody):
    client = enter(somebody)
    came = {row[0] for row in rows(client, DELIVERIES, "kedatangan", "Tempat")}
    given = {row[0] for row in rows(client, DELIVERIES, "penyerahan", "PPS")}
    return came, given


def named(published, prefix):
    """Return the names of the PPS whose area lies in one, by the problem."""
    problem = problem_of(published.problem.sha256)
    return {place.name for place in problem.places if place.kind == "pps" and place.code.startswith(prefix)}


def test_each_post_sees_the_deliveries_of_its_own_area_only(published, budi, citra, dewi, sari):
    assert places(budi) == (named(published, KUNDEN), named(published, KUNDEN))
    assert places(citra) == (named(published, CEPU), named(published, CEPU))
    came, given = places(dewi)
    assert given == named(published, "33.16.09.")
    assert came - {"PPK Blora"} == given
    came, given = places(sari)
    assert len(given) == len(named(published, BLORA))
    assert given <= came


def test_a_pps_reads_boxes_and_tps_that_add_up(published, budi):
    client = enter(budi)
    came = rows(client, DELIVERIES, "kedatangan", "Tempat")
    given = rows(client, DELIVERIES, "penyerahan", "PPS")
    units = [unit for unit in problem_of(published.problem.sha256).units if unit.place == KUNDEN]
    assert sum(row[4] for row in came) == sum(unit.boxes for unit in units)
    assert sorted(row[1] for row in given) == sorted(unit.tps for unit in units if unit.kind == "tps")
    assert "Cetak" in text(client, DELIVERIES)
    assert client.get(f"{DELIVERIES}?unduh=cetak&tabel=kedatangan").status_code == 200


def test_the_plan_itself_stays_the_offices(published, budi):
    client = enter(budi)
    assert client.get(reverse("distribusi-rencana-satu", args=[published.pk])).status_code == 404
    home = text(client, "/")
    assert DELIVERIES in home
    assert "kedatangan; yang pertama" in home
    assert reverse("distribusi-gudang") not in home


def test_nobody_sees_a_delivery_before_the_pleno(plan, budi, sari):
    for somebody in (budi, sari):
        page = text(enter(somebody), DELIVERIES)
        assert "belum ditetapkan" in page
        assert 'id="kedatangan"' not in page
    assert "Rencana belum ditetapkan pleno" in text(enter(budi), "/")


def test_a_driver_and_a_stranger_see_no_deliveries(published):
    driver = make_somebody("Sopir", Role.PENGEMUDI, BLORA)
    assert enter(driver).get(DELIVERIES).status_code == 403
    assert Client().get(DELIVERIES).status_code == 302


def unit(number, place, kind="tps"):
    return Unit(id=f"{place}-{number}", kind=kind, place=place, boxes=5, volume_ml=1, weight_g=1, tps=number)


def test_sets_are_named_short_and_by_their_desa_elsewhere():
    carried = [unit("003", "a"), unit("001", "a"), unit("002", "a"), unit("009", "a"), unit("", "a", "pps")]
    names = {"a": "PPS Getas", "b": "PPS Megeri"}
    assert sets_text(carried, "a", names) == "set PPS, TPS 001–003, 009"
    elsewhere = sets_text([unit("001", "a"), unit("001", "b")], "ppk", names)
    assert elsewhere == "PPS Getas: TPS 001; PPS Megeri: TPS 001"


def run_rain(client, system):
    """Ask on the screen as KUL does, and do the job as the worker does."""
    assert client.post(f"{RAIN}hitung/").status_code == 302
    job = Job.objects.get(task=TASK)
    assert "Sedang dihitung" in text(client, RAIN)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING)
    answer = compare_rain(job, **{**job.arguments, "seconds": 3})
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
    return answer


def test_the_rain_stands_beside_the_dry_with_the_desa_of_plan_b(plan, kul, system):
    client = enter(kul)
    assert "belum dihitung" in text(client, RAIN)
    answer = run_rain(client, system)
    wet = PlanVersion.objects.get(pk=answer["plans"]["campuran"])
    assert wet.problem.variant_of == plan.problem
    assert "hari hujan" in wet.title
    problem = problem_of(wet.problem.sha256)
    assert {day.weather for day in problem.days} == {"hujan"}
    assert "hari hujan" in problem.title
    page = text(client, RAIN)
    assert "Bila semua hari hujan" in page
    found = rows(client, RAIN, "jalan-sulit", "Desa")
    assert len(found) == len(FOREST)
    assert {row[2] for row in found} == {"RENCANA B"}
    why = {row[0]: row for row in rows(client, RAIN, "strategi-hujan", "Strategi")}
    assert [row[1] for row in why.values()] == ["DITERIMA" if wet.status == "accepted" else "BELUM LENGKAP"]
    # The dry problem stays the one that other screens open with.
    assert f'value="{plan.problem.pk}" selected' in text(client, "/distribusi/rencana/")


def test_asking_for_rain_without_a_dry_plan_is_refused(kul):
    answer = enter(kul).post(f"{RAIN}hitung/")
    assert answer.status_code == 409
    assert "PLAN-NO-DRY" in answer.content.decode()
    assert "Belum ada rencana" in text(enter(kul), RAIN)


def test_who_only_reads_asks_for_no_rain(plan, sari):
    client = enter(sari)
    assert "hitung/" not in text(client, RAIN)
    assert client.post(f"{RAIN}hitung/").status_code == 403
    assert not Job.objects.exists()


def test_a_variant_stands_beside_a_problem_of_ones_own_area_only(plan, solved, system):
    from tepat.distribution.keeping import keep_problem_folder

    stranger = make_somebody("Lain", Role.KUL, "33.71")
    with pytest.raises(NotAllowed):
        keep_problem_folder(solved, by=stranger.actor, at=NOW, variant_of=plan.problem.pk)
    assert ProblemFile.objects.count() == 1


def test_the_demo_asks_once_for_the_rain(plan):
    said = []
    for _ in range(2):
        ask_for_rain(plan.problem, NOW, said.append)
    assert len(said) == 1
    job = Job.objects.get()
    assert (job.task, job.arguments["strategy"]) == (TASK, "campuran")
    assert job.arguments["problem"] == plan.problem.pk
