"""Plans side by side, and why each is as it is."""

import pytest
from msgspec.structs import replace
from tests.distribution.small import small_problem

from tepat.common.errors import Refused
from tepat.distribution.case import open_case
from tepat.distribution.comparison import compare, table
from tepat.distribution.problems import Pin
from tepat.distribution.reasons.explaining import explain
from tepat.distribution.reasons.limits import fill_percent
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.solvers.pyvrp_engine import PyvrpEngine


@pytest.fixture(scope="module")
def made():
    problem, matrices = small_problem(9)
    places = tuple(
        replace(each, access=("motor",)) if each.id == "PPS-2.1" else each for each in problem.places
    )
    unit = next(unit.id for unit in problem.units if unit.place == "PPS-1.3")
    problem = replace(problem, places=places, pins=(Pin(unit=unit, path="langsung", reason="jalan baru"),))
    plans = {
        name: solve(problem, name, matrices, engine=PyvrpEngine(), seed=1, budget=Budget(iterations=20))
        for name in ("langsung", "nyata")
    }
    return problem, matrices, plans


def test_columns_carry_the_plans_totals_and_legs_that_add_up(made):
    problem, matrices, plans = made
    found = compare(problem, plans, matrices)
    for column, plan in zip(found.columns, plans.values(), strict=True):
        assert sum(column.lines.values()) == sum(column.legs.values()) == plan.totals.cost_rupiah
        assert column.cost_rupiah_per_tps == round(plan.totals.cost_rupiah / found.tps)
    assert [column.baseline for column in found.columns] == [False, True]


def test_only_the_plan_over_the_ppk_has_a_second_leg(made):
    problem, matrices, plans = made
    direct, over = compare(problem, plans, matrices).columns
    assert direct.legs["tahap-2"] == 0
    assert over.legs["tahap-2"] > 0


def test_what_is_left_stands_with_its_reason_and_no_incomplete_plan_is_cheapest(made):
    problem, matrices, plans = made
    found = compare(problem, plans, matrices)
    assert found.cheapest is None
    (left,) = found.columns[0].unserved
    assert left.code == "SOLVE-UNIT-NO-ACCESS"
    assert left.units == sum(unit.place == "PPS-2.1" for unit in problem.units)
    assert "motor" in left.reason


def test_the_table_has_one_cell_for_each_plan(made):
    problem, matrices, plans = made
    rows = table(compare(problem, plans, matrices))
    assert rows[0] == ["", "langsung", "nyata"]
    assert {len(row) for row in rows} == {3}


def test_a_plan_of_another_problem_is_refused_by_name(made):
    problem, matrices, plans = made
    with pytest.raises(Refused, match=r"lain\.json"):
        compare(replace(problem, title="lain"), {"lain.json": plans["langsung"]}, matrices)


def test_every_subject_of_a_plan_can_be_explained(made):
    problem, matrices, plans = made
    plan = plans["nyata"]
    case = open_case(problem, "nyata", matrices)
    subjects = [None, plan.trips[0].id, "TRUK-1", "TRUK-2", "LOKAL-1.1", "PPS-1.1", "PPS-2.1", "PPK-1"]
    for subject in [*subjects, *(unit.id for unit in problem.units[:20])]:
        assert all(explain(case, plan, subject).says), subject


def test_an_explanation_names_what_binds(made):
    problem, matrices, plans = made
    case = open_case(problem, "nyata", matrices)
    assert "tanggal" in explain(case, plans["nyata"], "PPK-1").binds
    unserved = plans["nyata"].unserved[0]
    assert unserved.code in explain(case, plans["nyata"], unserved.unit).binds
    assert any("jalan baru" in each for each in explain(case, plans["nyata"], problem.pins[0].unit).says)


def test_a_trip_says_how_full_it_is(made):
    problem, matrices, plans = made
    case = open_case(problem, "langsung", matrices)
    trip = plans["langsung"].trips[0]
    boxes = sum(case.unit[unit].boxes for stop in trip.stops for unit in stop.units)
    assert fill_percent(case, trip)["kotak"] == pytest.approx(
        100 * boxes / case.type_of(trip.vehicle).boxes_max
    )


def test_what_is_not_in_the_plan_cannot_be_explained(made):
    problem, matrices, plans = made
    with pytest.raises(Refused, match="SOLVE-NOT-IN-PLAN"):
        explain(open_case(problem, "langsung", matrices), plans["langsung"], "T-999")
