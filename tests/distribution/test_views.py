"""The distribution screens: strategies side by side, a whole plan, its way to the pleno, prices."""

import itertools
import json
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from openpyxl import load_workbook
from tests.conftest import NOW, make_somebody

from tepat.common.areas import load_area
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Event, Job
from tepat.common.permissions import Role
from tepat.common.register import load_register
from tepat.distribution import documents
from tepat.distribution.actions import (
    Minutes,
    PriceGiven,
    forward_plan,
    propose_plan,
    publish_plan,
    return_plan,
    set_price,
)
from tepat.distribution.building import build_problem
from tepat.distribution.checker import load_matrices
from tepat.distribution.comparison import compare
from tepat.distribution.cost_bars import WIDTH, cost_bars
from tepat.distribution.gantt import gantt_of
from tepat.distribution.keeping import keep_folder, keep_plan_file
from tepat.distribution.models import PlanVersion, ProblemFile
from tepat.distribution.office_problem import office_prices
from tepat.distribution.plan_tables import column_of
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.solvers.pyvrp_engine import PyvrpEngine

AREA = "33.71"
STRATEGIES = ("lewat-ppk", "langsung-pps", "langsung-gudang-2")
MINUTES = Minutes("12/PL.02/3371/2024", date(2024, 1, 31), "termurah")


@pytest.fixture(scope="session")
def solved(tmp_path_factory) -> Path:
    """Kota Magelang's problem with three plans, as `tepat demo` leaves them."""
    folder = tmp_path_factory.mktemp("magelang")
    problem = build_problem(load_area(AREA), "pemilu-2024", out=folder).problem
    matrices = load_matrices(problem, folder)
    for name in STRATEGIES:
        plan = solve(problem, name, matrices, engine=PyvrpEngine(), seed=1, budget=Budget(iterations=5))
        documents.write(plan, folder / f"plan-{name}.json")
    return folder


@pytest.fixture
def plans(db, system, solved) -> dict[str, PlanVersion]:
    """The office of Magelang with its three plans kept."""
    load_register(AREA, ["pemilu-2024"], by=system, at=NOW - timedelta(days=90))
    return {plan.strategy: plan for plan in keep_folder(solved, by=system, at=NOW)}


@pytest.fixture
def office(db):
    """KUL, sekretaris and komisioner of Magelang."""
    roles = {"kul": Role.KUL, "sekretaris": Role.SEKRETARIS, "komisioner": Role.KOMISIONER}
    return {name: make_somebody(name.title(), role, AREA) for name, role in roles.items()}


def _enter(somebody):
    client = Client()
    assert client.login(username=somebody.username, password=somebody.password)
    return client


def _text(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_strategies_stand_side_by_side_and_add_up(plans, office):
    client = _enter(office["kul"])
    page = _text(client, "/distribusi/rencana/")
    for plan in plans.values():
        assert plan.title in page
    answer = client.get("/distribusi/rencana/?unduh=xlsx&tabel=rincian-biaya")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    head = next(number for number, row in enumerate(rows) if row[0] == "Harga")
    lines, total = rows[head + 1 : -1], rows[-1]
    assert total[0] == "Jumlah"
    for at in range(2, 2 + len(plans)):
        assert sum(row[at] for row in lines) == total[at]
    costs = sorted(column_of(plan).cost_rupiah for plan in plans.values())
    assert sorted(total[2:]) == costs


def test_the_cheapest_is_marked_in_words_too(plans, office):
    page = _text(_enter(office["kul"]), "/distribusi/rencana/")
    assert "(terbaik)" in page


def test_a_plan_is_shown_whole(plans, office):
    plan = plans["lewat-ppk"]
    page = _text(_enter(office["kul"]), f"/distribusi/rencana/{plan.pk}/")
    problem = documents.decode_problem(_stored(plan.problem.sha256))
    for place in problem.places:
        if place.kind != "gudang":
            assert place.name in page
    assert "DITERIMA PEMERIKSA" in page
    assert "Koridor aturan" in page
    assert 'class="gantt"' in page


def _stored(sha256):
    from tepat.common.documents import path_of

    return path_of(sha256).read_bytes()


def test_each_trip_explains_itself(plans, office):
    plan = plans["langsung-pps"]
    trip = documents.decode_plan(_stored(plan.sha256)).trips[0]
    client = _enter(office["kul"])
    page = _text(client, f"/distribusi/rencana/{plan.pk}/perjalanan/{trip.id}/")
    assert "Siapa yang bertanggung jawab" in page
    assert "Mengapa begini?" in page
    place = trip.stops[0].place
    assert trip.id in _text(client, f"/distribusi/rencana/{plan.pk}/mengapa/{place}/")
    assert client.get(f"/distribusi/rencana/{plan.pk}/perjalanan/T-99999/").status_code == 404


def test_the_map_holds_every_place_once(plans, office):
    plan = plans["langsung-pps"]
    raw = _enter(office["kul"]).get(f"/distribusi/rencana/{plan.pk}/peta.json").content
    contents = json.loads(raw)
    problem = documents.decode_problem(_stored(plan.problem.sha256))
    wanted = sorted(place.name for place in problem.places if place.kind != "gudang")
    shown = [one["properties"] for one in contents["places"]["features"]]
    assert sorted(one["name"] for one in shown if one["kind"] != "gudang") == wanted
    trips = documents.decode_plan(_stored(plan.sha256)).trips
    assert len(contents["lines"]["features"]) == len(trips)
    assert {group["id"] for group in contents["groups"]} == {trip.date.isoformat() for trip in trips}


def test_the_gantt_chart_draws_each_trip_of_a_day_without_overlap(plans):
    plan_row = plans["lewat-ppk"]
    problem = documents.decode_problem(_stored(plan_row.problem.sha256))
    plan = documents.decode_plan(_stored(plan_row.sha256))
    for day in {trip.date for trip in plan.trips}:
        chart = gantt_of(plan, problem, day)
        assert len(chart.bars) == sum(trip.date == day for trip in plan.trips)
        by_row = {}
        for bar in chart.bars:
            assert chart.label_width <= bar.x
            assert bar.x + bar.width <= chart.width
            by_row.setdefault(bar.y, []).append(bar)
        for bars in by_row.values():
            ordered = sorted(bars, key=lambda bar: bar.x)
            for left, right in itertools.pairwise(ordered):
                assert left.x + left.width <= right.x + 1


def test_the_bars_keep_the_proportions(solved):
    problem = documents.read_problem(solved / "problem.json")
    read = {name: documents.read_plan(solved / f"plan-{name}.json") for name in STRATEGIES}
    columns = compare(problem, read, load_matrices(problem, solved)).columns
    most = max(column.cost_rupiah for column in columns)
    for bar, column in zip(cost_bars(columns).bars, columns, strict=True):
        assert sum(piece.width for piece in bar.pieces) == column.cost_rupiah * WIDTH // most


def test_a_plan_that_breaks_a_rule_is_never_kept(plans, system, solved, tmp_path):
    plan = documents.read_plan(solved / "plan-langsung-pps.json")
    import msgspec

    costs = list(plan.costs)
    costs[0] = msgspec.structs.replace(costs[0], amount_rupiah=costs[0].amount_rupiah - 1)
    documents.write(msgspec.structs.replace(plan, costs=tuple(costs)), tmp_path / "plan-palsu.json")
    before = PlanVersion.objects.count()
    with pytest.raises(Refused) as refused:
        keep_plan_file(tmp_path / "plan-palsu.json", ProblemFile.objects.get(), by=system, at=NOW)
    assert refused.value.code == "PLAN-BREACHED"
    assert PlanVersion.objects.count() == before


def test_keeping_the_same_folder_twice_keeps_it_once(plans, system, solved):
    again = keep_folder(solved, by=system, at=NOW)
    assert {plan.pk for plan in again} == {plan.pk for plan in plans.values()}
    assert ProblemFile.objects.count() == 1


def test_a_plan_walks_from_kul_over_the_sekretaris_to_the_pleno(plans, office):
    pk = plans["langsung-pps"].pk
    propose_plan(by=office["kul"].actor, at=NOW, plan=pk)
    forward_plan(by=office["sekretaris"].actor, at=NOW, plan=pk)
    published = publish_plan(by=office["komisioner"].actor, at=NOW, plan=pk, minutes=MINUTES)
    assert published.frozen
    event = Event.objects.get(kind="plan.published")
    assert event.payload["minutes_number"] == MINUTES.number
    assert event.evidence == [published.sha256]
    kinds = list(Event.objects.filter(kind="plan.moved").values_list("payload", flat=True))
    assert [(one["from"], one["to"]) for one in kinds] == [("draf", "diajukan"), ("diajukan", "diteruskan")]


def test_nobody_takes_a_step_that_is_not_theirs(plans, office):
    pk = plans["langsung-pps"].pk
    with pytest.raises(NotAllowed):
        propose_plan(by=office["sekretaris"].actor, at=NOW, plan=pk)
    with pytest.raises(NotAllowed) as elsewhere:
        propose_plan(by=make_somebody("Lain", Role.KUL, "33.16").actor, at=NOW, plan=pk)
    assert elsewhere.value.code == "COMMON-NOT-FOUND"
    propose_plan(by=office["kul"].actor, at=NOW, plan=pk)
    with pytest.raises(NotAllowed):
        forward_plan(by=office["kul"].actor, at=NOW, plan=pk)
    with pytest.raises(NotAllowed):
        return_plan(by=office["komisioner"].actor, at=NOW, plan=pk, reason="belum gilirannya")


def test_steps_go_in_order_only(plans, office):
    pk = plans["langsung-pps"].pk
    with pytest.raises(Refused) as refused:
        publish_plan(by=office["komisioner"].actor, at=NOW, plan=pk, minutes=MINUTES)
    assert refused.value.code == "PLAN-NOT-IN-STATE"


def test_a_plan_goes_back_with_a_reason(plans, office):
    pk = plans["langsung-pps"].pk
    propose_plan(by=office["kul"].actor, at=NOW, plan=pk)
    with pytest.raises(Refused) as refused:
        return_plan(by=office["sekretaris"].actor, at=NOW, plan=pk, reason="  ")
    assert refused.value.code == "PLAN-NO-REASON"
    returned = return_plan(by=office["sekretaris"].actor, at=NOW, plan=pk, reason="cek armada cadangan")
    assert (returned.state, returned.returned_reason) == ("draf", "cek armada cadangan")


@pytest.mark.parametrize(
    ("minutes", "code"),
    [
        (Minutes(" ", MINUTES.date, "murah"), "PLAN-NO-MINUTES"),
        (Minutes("1/BA", MINUTES.date, " "), "PLAN-NO-MINUTES"),
        (Minutes("1/BA", date(2024, 2, 20), "murah"), "PLAN-MINUTES-FUTURE"),
    ],
)
def test_publishing_asks_for_number_date_and_reason(plans, office, minutes, code):
    pk = plans["langsung-pps"].pk
    propose_plan(by=office["kul"].actor, at=NOW, plan=pk)
    forward_plan(by=office["sekretaris"].actor, at=NOW, plan=pk)
    with pytest.raises(Refused) as refused:
        publish_plan(by=office["komisioner"].actor, at=NOW, plan=pk, minutes=minutes)
    assert refused.value.code == code


def test_a_published_plan_moves_no_more(plans, office):
    pk = plans["langsung-pps"].pk
    propose_plan(by=office["kul"].actor, at=NOW, plan=pk)
    forward_plan(by=office["sekretaris"].actor, at=NOW, plan=pk)
    publish_plan(by=office["komisioner"].actor, at=NOW, plan=pk, minutes=MINUTES)
    steps = (
        lambda: propose_plan(by=office["kul"].actor, at=NOW, plan=pk),
        lambda: forward_plan(by=office["sekretaris"].actor, at=NOW, plan=pk),
        lambda: return_plan(by=office["komisioner"].actor, at=NOW, plan=pk, reason="berubah pikiran"),
        lambda: publish_plan(by=office["komisioner"].actor, at=NOW, plan=pk, minutes=MINUTES),
    )
    for step in steps:
        with pytest.raises(Refused):
            step()


def test_an_incomplete_plan_never_leaves_the_draft(plans):
    plan = plans["langsung-pps"]
    PlanVersion.objects.filter(pk=plan.pk).update(status="incomplete")
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanVersion.objects.filter(pk=plan.pk).update(state="diajukan")


def test_a_missing_form_field_publishes_nothing(plans, office):
    pk = plans["langsung-pps"].pk
    propose_plan(by=office["kul"].actor, at=NOW, plan=pk)
    forward_plan(by=office["sekretaris"].actor, at=NOW, plan=pk)
    client = _enter(office["komisioner"])
    answer = client.post(f"/distribusi/rencana/{pk}/langkah/tetapkan/", {"number": "1/BA"})
    assert answer.status_code == 409
    assert "PLAN-NO-MINUTES" in answer.content.decode()
    assert PlanVersion.objects.get(pk=pk).state == "diteruskan"


def test_asking_for_plans_makes_a_job_that_others_of_the_office_see(plans, office):
    client = _enter(office["kul"])
    answer = client.post(
        "/distribusi/rencana/hitung/", {"strategies": ["langsung-pps"], "seconds": "5", "wet": "on"}
    )
    assert answer.status_code == 302
    job = Job.objects.get()
    assert job.task == "tepat.solvers.jobs.make_plans"
    assert job.arguments["strategies"] == ["langsung-pps"]
    assert job.arguments["wet"] is True
    piece = _enter(office["sekretaris"]).get(f"/distribusi/rencana/kemajuan/{job.pk}/")
    assert "<progress" in piece.content.decode()
    assert "X-Selesai" not in piece.headers


def test_no_strategy_is_no_job(plans, office):
    answer = _enter(office["kul"]).post("/distribusi/rencana/hitung/", {"seconds": "5"})
    assert answer.status_code == 409
    assert "PLAN-NO-STRATEGY" in answer.content.decode()
    assert not Job.objects.exists()


def test_the_job_makes_a_checked_plan_from_the_register(plans, system):
    from tepat.solvers.jobs import make_plans

    job = Job.objects.create(
        task="tepat.solvers.jobs.make_plans",
        area_code=AREA,
        asked_by=system.person,
        asked_at=NOW,
        state=Job.State.RUNNING,
    )
    answer = make_plans(
        job, election="pemilu-2024", strategies=["langsung-pps"], seconds=2, wet=True, heed_notes=False
    )
    plan = PlanVersion.objects.get(pk=answer["plans"]["langsung-pps"])
    assert plan.status in {"accepted", "incomplete"}
    problem = documents.decode_problem(_stored(plan.problem.sha256))
    assert {day.weather for day in problem.days} == {"hujan"}
    assert sum(unit.kind == "tps" for unit in problem.units) == 353
    job.refresh_from_db()
    assert job.total == 200


def test_a_cancelled_job_stops(plans, system):
    from tepat.solvers.jobs import Cancelled, make_plans

    job = Job.objects.create(
        task="x", area_code=AREA, asked_by=system.person, asked_at=NOW, state=Job.State.CANCELLED
    )
    with pytest.raises(Cancelled):
        make_plans(
            job, election="pemilu-2024", strategies=["langsung-pps"], seconds=1, wet=False, heed_notes=False
        )


def test_candidates_stand_side_by_side_with_what_would_turn_the_choice(plans, office):
    page = _text(_enter(office["kul"]), "/distribusi/gudang/")
    assert "termurah selama sewa dan biayanya naik kurang dari Rp" in page
    assert "belum dihitung" in page  # the third candidate has no plan yet


def test_a_price_of_the_office_is_used_and_no_longer_an_example(plans, office):
    election = plans["lewat-ppk"].problem.election
    given = PriceGiven(1_250_000, "kontrak 7/2024 (uji)")
    arguments = {"area_code": AREA, "election": election.code, "price": "sewa-cdd", "given": given}
    set_price(by=office["kul"].actor, at=NOW, **arguments)
    line = next(price for price in office_prices(election, AREA).prices if price.id == "sewa-cdd")
    assert (line.rupiah, line.contoh, line.source) == (1_250_000, False, given.source)
    page = _text(_enter(office["kul"]), "/distribusi/harga/")
    assert "Rp1.250.000" in page
    assert "BERSUMBER" in page
    with pytest.raises(Refused) as same:
        set_price(by=office["kul"].actor, at=NOW, **arguments)
    assert same.value.code == "PRICE-SAME"


@pytest.mark.parametrize(
    ("price", "given", "code"),
    [
        ("entah", PriceGiven(1, "surat"), "PRICE-UNKNOWN"),
        ("sewa-cdd", PriceGiven(-1, "surat"), "PRICE-OUT-OF-RANGE"),
        ("sewa-cdd", PriceGiven(10**13, "surat"), "PRICE-OUT-OF-RANGE"),
        ("sewa-cdd", PriceGiven(1, "  "), "PRICE-NO-SOURCE"),
    ],
)
def test_a_price_without_sense_is_refused(plans, office, price, given, code):
    with pytest.raises(Refused) as refused:
        set_price(
            by=office["kul"].actor, at=NOW, area_code=AREA, election="pemilu-2024", price=price, given=given
        )
    assert refused.value.code == code


def test_a_reader_sets_no_price(plans, office):
    client = _enter(office["komisioner"])
    assert "Simpan harga" not in _text(client, "/distribusi/harga/")
    answer = client.post("/distribusi/harga/", {"price": "sewa-cdd", "rupiah": "1", "source_text": "surat"})
    assert answer.status_code == 403
