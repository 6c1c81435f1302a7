"""Yang sulit dan jauh didahulukan: a priced rule that dates heed, bills show and the checker counts again."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.distribution.engines import FirstAnswer
from tests.distribution.small import Size, small_problem

from tepat.distribution.checker import check
from tepat.distribution.comparison import compare
from tepat.distribution.documents import decode_problem, encode
from tepat.distribution.problems import Price
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve


def hurried(problem, *places, rupiah=1_000_000):
    """Return a problem in which sets of these places are wanted first."""
    price = Price(
        id="dahulukan",
        label="Yang sulit dan jauh didahulukan (aturan, bukan pengeluaran; contoh)",
        basis="late_set_day",
        unit="set-hari",
        rupiah=rupiah,
        applies_to=places,
        payer="tidak dibayar",
        account="",
        contoh=True,
    )
    return replace(problem, prices=(*problem.prices, price))


def planned(problem, matrices, strategy="langsung"):
    return solve(problem, strategy, matrices, engine=FirstAnswer(), budget=Budget(iterations=1))


def line_of(plan):
    return next((line for line in plan.costs if line.price == "dahulukan"), None)


def days_of(plan, place):
    return [trip.date for trip in plan.trips for stop in trip.stops if stop.place == place]


def test_a_place_that_is_wanted_first_comes_earlier():
    """Days with other hours, such as Fridays, stay with the rounds that were made for them."""
    problem, matrices = small_problem(9, Size(tps_max=30, trucks=1, pickups=0))
    usual = planned(problem, matrices)
    last = max(usual.trips, key=lambda trip: trip.date).stops[0].place
    hurry = planned(hurried(problem, last), matrices)
    assert max(days_of(hurry, last)) < min(days_of(usual, last))
    assert hurry.totals.units_unserved == usual.totals.units_unserved


def test_what_comes_later_than_it_could_stands_in_the_bill():
    problem, matrices = small_problem(9)
    plan = planned(hurried(problem, "PPK-1", rupiah=10), matrices)
    line, first = line_of(plan), min(problem.strategies[0].dates_by_origin["gudang"])
    places = {place.id: place for place in problem.places}
    units = {unit.id: unit for unit in problem.units}
    late = sum(
        (trip.date - first).days
        for trip in plan.trips
        for stop in trip.stops
        for unit in stop.units
        if units[unit].place == stop.place and "PPK-1" in {stop.place, places[stop.place].parent}
    )
    assert late > 0
    assert (line.quantity, line.amount_rupiah) == (late, 10 * late)
    assert line.payer == "tidak dibayar"


@given(
    st.integers(0, 10_000),
    st.sampled_from(["langsung", "lewat-ppk", "campuran", "nyata"]),
    st.sampled_from([(), ("PPK-1",), ("PPS-1.1", "PPK-2"), ("PPS-2.1",)]),
    st.sampled_from([0, 100, 50_000, 5_000_000]),
)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_checker_counts_the_same_and_the_legs_add_up(seed, strategy, places, rupiah):
    problem, matrices = small_problem(seed, Size(pps_per_ppk=3, tps_max=10))
    problem = hurried(problem, *places, rupiah=rupiah)
    plan = planned(problem, matrices, strategy)
    verdict = check(problem, plan, matrices)
    assert verdict.status != "breached", verdict.findings[:2]
    (column,) = compare(problem, {"rencana": plan}, matrices).columns
    assert sum(column.legs.values()) == plan.totals.cost_rupiah
    line = line_of(plan)
    if line is not None:
        wrong = replace(line, quantity=line.quantity + 1)
        costs = tuple(wrong if each == line else each for each in plan.costs)
        codes = {finding.code for finding in check(problem, replace(plan, costs=costs), matrices).findings}
        assert "CHECK-COST-QUANTITY" in codes


def test_a_rule_for_an_unknown_place_is_refused_and_the_document_reads_back():
    problem, matrices = small_problem(9)
    plan = planned(problem, matrices)
    wrong = hurried(problem, "PPS-9.9")
    findings = check(wrong, plan, matrices).findings
    assert any(finding.facts.get("field") == "prices.dahulukan.applies_to" for finding in findings)
    right = hurried(problem, "PPS-1.1")
    assert decode_problem(encode(right)) == right
