"""Faults of the problem, and of the bill: each alone, found, and for the right reason only."""

import pytest

from tepat.common.messages import table

MONEY = {"CHECK-COST-LINES", "CHECK-COST-QUANTITY", "CHECK-COST-AMOUNT", "CHECK-COST-PRICE", "CHECK-TOTAL"}
S = "problem.strategies.0."


def clock(day, text):
    hours, minutes, *seconds = text.split(":")
    return f"2024-02-{day}T{int(hours) - 7:02d}:{minutes}:{(seconds or ['00'])[0]}Z"


def added(*items):
    return lambda old: [*old, *items]


def without(number):
    return lambda old: [one for at, one in enumerate(old) if at != number]


def named(cases):
    return [
        pytest.param(*case[:2], set(case[2:]), id=f"{case[0]}-{number}") for number, case in enumerate(cases)
    ]


PROBLEMS = [
    ("CHECK-PROBLEM-VERSION", {"problem.schema_version": 2}),
    ("CHECK-PROBLEM-ZONE", {"problem.office.time_zone": "Asia/Blora"}),
    ("CHECK-PROBLEM-MOMENT", {"problem.law_at": "2024-02-13T17:00:00"}),
    ("CHECK-PROBLEM-MOMENT", {"problem.hours.buka.0.opens_at": "2024-02-10T23:00:00.5Z"}),
    ("CHECK-PROBLEM-MOMENT", {"problem.units.0.due_at": "2024-02-13T17:00:00"}),
    ("CHECK-PROBLEM-INTERVAL", {"problem.hours.siang.0.closes_at": clock(11, "13:30")}),
    ("CHECK-PROBLEM-INTERVAL", {"problem.hours.kerja.1.opens_at": clock(11, "11:59:59")}),
    ("CHECK-PROBLEM-DUPLICATE", {"problem.people": added({"id": "S1", "label": "sopir"})}),
    ("CHECK-PROBLEM-DUPLICATE", {"problem.units.1.tps": "001"}),
    ("CHECK-PROBLEM-REFERENCE", {"problem.vehicles.0.type": "X"}),
    ("CHECK-PROBLEM-REFERENCE", {"problem.vehicles.0.home": "A"}),
    ("CHECK-PROBLEM-REFERENCE", {"problem.places.0.hours": "X"}),
    ("CHECK-PROBLEM-REFERENCE", {"problem.units.0.place": "X"}),
    ("CHECK-PROBLEM-REFERENCE", {"problem.prices.0.applies_to": ["X"]}),
    ("CHECK-PROBLEM-REFERENCE", {"problem.prices.5.applies_to": ["X"]}),
    ("CHECK-PROBLEM-REFERENCE", {"problem.prices.10.applies_to": ["A"]}),
    ("CHECK-PROBLEM-REFERENCE", {"problem.strategies.0.warehouses": ["K"]}),
    ("CHECK-PROBLEM-PARENT", {"problem.places.2.parent": None}),
    ("CHECK-PROBLEM-PARENT", {"problem.places.2.parent": "G"}),
    ("CHECK-PROBLEM-UNIT-PLACE", {"problem.units.5.kind": "pps"}),
    ("CHECK-PROBLEM-NEGATIVE", {"problem.prices.0.rupiah": -1}),
    ("CHECK-PROBLEM-NEGATIVE", {"problem.units.0.loose": [{"item": "bilik", "name": "Bilik", "count": -1}]}),
    ("CHECK-PROBLEM-CAPACITY", {"problem.vehicle_types.0.boxes_max": 0}),
]

BESIDE_THE_PLAN = [
    ("CHECK-PROBLEM-LAW", {"problem.law_at": clock(14, "07:00")}),
    ("CHECK-PROBLEM-TARGET", {"problem.target_at": clock(14, "07:00")}),
    ("CHECK-PROBLEM-ACCESS", {"problem.places.4.access": ["motor"]}, "CHECK-ACCESS"),
    ("CHECK-PROBLEM-WINDOWS", {"problem.places.4.hours": "serah"}, "CHECK-HOURS-PLACE"),
    ("CHECK-PROBLEM-ID", {"plan.problem_id": "lain"}),
    ("CHECK-PROBLEM-HASH", {"plan.problem_sha256": "f" * 64}),
]

BILLS = [
    ("CHECK-COST-LINES", {"plan.costs": without(3)}),
    ("CHECK-COST-LINES", {"plan.costs": lambda old: [old[1], old[0], *old[2:]]}),
    ("CHECK-COST-LINES", {"plan.costs": []}),
    ("CHECK-COST-QUANTITY", {"plan.costs.9.quantity": 48}),
    ("CHECK-COST-AMOUNT", {"plan.costs.3.amount_rupiah": 45_002}),
    ("CHECK-COST-PRICE", {"plan.costs.0.rupiah": 1_400_001}),
    ("CHECK-COST-PRICE", {"plan.costs.0.label": "Sewa"}),
    ("CHECK-COST-PRICE", {"plan.costs.0.payer": "PPK"}),
    ("CHECK-COST-PRICE", {"plan.costs.0.account": "522"}),
    ("CHECK-COST-PRICE", {"plan.costs.0.contoh": False}),
    ("CHECK-TOTAL", {"plan.totals.cost_rupiah": 8_652_892}),
    ("CHECK-TOTAL", {"plan.totals.distance_m": 73_000}),
    ("CHECK-TOTAL", {"plan.totals.vehicle_days": 3}),
    ("CHECK-TOTAL", {"plan.totals.trips": 3}),
    ("CHECK-TOTAL", {"plan.totals.handovers": 9}),
    ("CHECK-TOTAL", {"plan.totals.guard_nights": 9}),
    ("CHECK-TOTAL", {"plan.totals.units_served": 5}),
    ("CHECK-TOTAL", {"plan.totals.units_unserved": 1}),
    ("CHECK-TOTAL", {"plan.totals.last_ppk_at": clock(11, "12:54:51")}),
    ("CHECK-TOTAL", {"plan.totals.last_pps_at": None}),
    ("CHECK-TOTAL", {"plan.totals.last_kpps_at": clock(13, "13:29:59")}),
    ("CHECK-TOTAL", {"plan.totals.slack_s": 16_199}),
]


@pytest.mark.parametrize(("code", "changes", "also"), named(PROBLEMS))
def test_a_problem_at_fault_is_not_judged_further(code, changes, also, judge, changed, readable):
    verdict = judge(*changed(changes))
    assert {finding.code for finding in verdict.findings} == {code}
    assert verdict.status == "breached"
    assert verdict.rules == ()
    readable(verdict)


@pytest.mark.parametrize(("code", "changes", "also"), named(BESIDE_THE_PLAN))
def test_what_a_problem_warns_of_leaves_the_plan_to_be_judged(code, changes, also, judge, changed, readable):
    verdict = judge(*changed(changes))
    assert {finding.code for finding in verdict.findings} - MONEY == {code} | also
    readable(verdict)


@pytest.mark.parametrize(("code", "changes", "also"), named(BILLS))
def test_a_wrong_figure_is_found_alone(code, changes, also, judge, changed, readable):
    verdict = judge(*changed(changes))
    assert [finding.code for finding in verdict.findings] == [code]
    assert verdict.status == "breached"
    readable(verdict)


def test_every_code_of_problem_and_bill_has_its_fault_here():
    codes = {code for code in table() if code.startswith("CHECK-PROBLEM-")}
    assert {case[0] for case in [*PROBLEMS, *BESIDE_THE_PLAN, *BILLS]} == codes | MONEY


def codes(verdict):
    return [finding.code for finding in verdict.findings]


def test_one_empty_interval_among_good_ones_is_found(judge, changed):
    closed_early = {"problem.hours.serah.0.closes_at": clock(13, "07:00")}
    assert codes(judge(*changed(closed_early))) == ["CHECK-PROBLEM-INTERVAL"]


def test_a_broken_moment_is_not_compared_with_others(judge, changed):
    both = {"problem.law_at": "2024-02-13T17:00:00", "problem.hours.siang.0.opens_at": "2024-02-11T13:30:00"}
    assert codes(judge(*changed(both))) == ["CHECK-PROBLEM-MOMENT"] * 2


def test_the_smallest_vehicle_the_latest_target_and_sets_without_a_number_are_no_fault(judge, changed):
    small = {"name": "Becak", "vehicle_class": "motor", "boxes_max": 1, "volume_ml_max": 1, "weight_g_max": 1}
    clocks = {"load_fixed_s": 0, "load_s_per_box": 0, "unload_s_per_box": 0, "owner": "desa"}
    verdict = judge(
        *changed(
            {
                "problem.vehicle_types": added({"id": "BECAK"} | small | clocks),
                "problem.target_at": "2024-02-13T17:00:00Z",
                "problem.units.0.tps": "",
                "problem.units.1.tps": "",
                "plan.totals.slack_s": 37_800,
            }
        )
    )
    assert verdict.accepted
    assert codes(verdict) == []


def test_hours_are_compared_with_the_strategy_s_own_vehicles(judge, changed):
    """T9 works on the 13th, when alone C would be open; the strategy doesn't use T9."""
    night = {"problem.places.4.hours": "serah", "problem.vehicles.3.hours": "serah"}
    found = judge(*changed(night))
    assert codes(found)[0] == "CHECK-PROBLEM-WINDOWS"
    assert found.findings[0].facts["place"] == "C"
    with_t9 = judge(*changed(night | {f"{S}vehicles": ["T1", "P1", "P2", "T9"]}))
    assert "CHECK-PROBLEM-WINDOWS" not in codes(with_t9)
