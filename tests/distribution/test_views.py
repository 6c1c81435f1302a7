"""The distribution screens: strategies side by side, a whole plan, its way to the pleno."""

import itertools
import json
from datetime import date
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from openpyxl import load_workbook
from tests.conftest import NOW, make_somebody
from tests.distribution.screens import STRATEGIES, enter, stored, text_of

from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Event
from tepat.common.permissions import Role
from tepat.distribution import documents
from tepat.distribution.actions import (
    Minutes,
    forward_plan,
    propose_plan,
    publish_plan,
    return_plan,
)
from tepat.distribution.checker import load_matrices
from tepat.distribution.comparison import compare
from tepat.distribution.cost_bars import WIDTH, cost_bars
from tepat.distribution.error_bands import bands_of
from tepat.distribution.gantt import gantt_of
from tepat.distribution.keeping import keep_folder, keep_plan_file
from tepat.distribution.models import PlanVersion, ProblemFile
from tepat.distribution.plan_tables import column_of

MINUTES = Minutes("12/PL.02/3371/2024", date(2024, 1, 31), "termurah")


def test_strategies_stand_side_by_side_and_add_up(plans, office):
    client = enter(office["kul"])
    page = text_of(client, "/distribusi/rencana/")
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
    page = text_of(enter(office["kul"]), "/distribusi/rencana/")
    assert "(terbaik)" in page


def test_a_plan_is_shown_whole(plans, office):
    plan = plans["lewat-ppk"]
    page = text_of(enter(office["kul"]), f"/distribusi/rencana/{plan.pk}/")
    problem = documents.decode_problem(stored(plan.problem.sha256))
    for place in problem.places:
        if place.kind != "gudang":
            assert place.name in page
    assert "DITERIMA PEMERIKSA" in page
    assert "Koridor aturan" in page
    assert 'class="gantt"' in page


def test_each_trip_explains_itself(plans, office):
    plan = plans["langsung-pps"]
    trip = documents.decode_plan(stored(plan.sha256)).trips[0]
    client = enter(office["kul"])
    page = text_of(client, f"/distribusi/rencana/{plan.pk}/perjalanan/{trip.id}/")
    assert "Siapa yang bertanggung jawab" in page
    assert "Mengapa begini?" in page
    place = trip.stops[0].place
    assert trip.id in text_of(client, f"/distribusi/rencana/{plan.pk}/mengapa/{place}/")
    assert client.get(f"/distribusi/rencana/{plan.pk}/perjalanan/T-99999/").status_code == 404


def test_wherever_a_time_is_shown_stands_how_far_it_may_be_off(plans, office):
    """On the comparison, the plan, the trip, the reasons, the Gantt chart, the map, and in files."""
    plan = plans["langsung-pps"]
    document = documents.decode_plan(stored(plan.sha256))
    bands = bands_of(documents.decode_problem(stored(plan.problem.sha256)), document)
    trip = document.trips[0]
    back, first = bands.back[trip.id], bands.arrive[trip.id][0]
    assert back.late_s > first.late_s > 0
    client = enter(office["kul"])
    path = f"/distribusi/rencana/{plan.pk}/"
    assert first.text in text_of(client, f"{path}perjalanan/{trip.id}/")
    assert back.said in text_of(client, f"{path}perjalanan/{trip.id}/")
    assert back.said in text_of(client, f"{path}?hari={trip.date.isoformat()}")
    place = trip.stops[0].place
    assert "bisa meleset −" in text_of(client, f"{path}mengapa/{place}/")
    assert bands.place[place].text in text_of(client, f"{path}?unduh=csv&tabel=tempat")
    assert bands.place[place].said in json.dumps(client.get(f"{path}peta.json").json(), ensure_ascii=False)
    assert "· bisa meleset;−" in text_of(client, "/distribusi/rencana/?unduh=csv&tabel=perbandingan")
    assert "· bisa meleset" in text_of(client, "/distribusi/gudang/")


def test_the_map_holds_every_place_once(plans, office):
    plan = plans["langsung-pps"]
    raw = enter(office["kul"]).get(f"/distribusi/rencana/{plan.pk}/peta.json").content
    contents = json.loads(raw)
    problem = documents.decode_problem(stored(plan.problem.sha256))
    wanted = sorted(place.name for place in problem.places if place.kind != "gudang")
    shown = [one["properties"] for one in contents["places"]["features"]]
    assert sorted(one["name"] for one in shown if one["kind"] != "gudang") == wanted
    trips = documents.decode_plan(stored(plan.sha256)).trips
    assert len(contents["lines"]["features"]) == len(trips)
    assert {group["id"] for group in contents["groups"]} == {trip.date.isoformat() for trip in trips}


def test_the_gantt_chart_draws_each_trip_of_a_day_without_overlap(plans):
    plan_row = plans["lewat-ppk"]
    problem = documents.decode_problem(stored(plan_row.problem.sha256))
    plan = documents.decode_plan(stored(plan_row.sha256))
    for day in {trip.date for trip in plan.trips}:
        chart = gantt_of(plan, problem, day, bands_of(problem, plan))
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
    client = enter(office["komisioner"])
    answer = client.post(f"/distribusi/rencana/{pk}/langkah/tetapkan/", {"number": "1/BA"})
    assert answer.status_code == 409
    assert "PLAN-NO-MINUTES" in answer.content.decode()
    assert PlanVersion.objects.get(pk=pk).state == "diteruskan"
