"""What the next best costs: each alternative is a real plan that is accepted and priced to the rupiah."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.distribution.reasons.made import ONE, QUICK, locked, planned, small
from tests.distribution.small import Size, small_problem

from tepat.common.errors import Refused
from tepat.distribution.checker import check
from tepat.distribution.problems import Pin
from tepat.distribution.reasons.alternatives import alternatives
from tepat.distribution.reasons.next_best import next_best
from tepat.distribution.reasons.subjects import Subject, subject_of
from tepat.distribution.reasons.trying import FURTHER_DAYS, Search, attempted, scopes
from tepat.distribution.reasons.words import next_best_sentences
from tepat.distribution.routing import SearchStopped
from tepat.distribution.solving import solve


def asked(case, plan, subject):
    return next_best(case, plan, subject_of(case, plan, subject), QUICK)


def subjects(plan):
    trip = plan.trips[len(plan.trips) // 2]
    stop = trip.stops[0]
    return [
        trip.id,
        trip.vehicle,
        trip.date.isoformat(),
        stop.place,
        stop.units[0],
        trip.origin,
        "jalur:PPK-1",
    ]


@given(
    st.integers(0, 10_000),
    st.sampled_from(["langsung", "lewat-ppk", "campuran", "nyata"]),
    st.integers(0, 6),
)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_alternative_is_a_plan_that_keeps_the_rules_and_costs_what_is_said(seed, strategy, which):
    case, plan = small(seed, strategy, Size(pps_per_ppk=3, tps_max=8))
    subject = subject_of(case, plan, subjects(plan)[which])
    for trial in alternatives(case, plan, subject):
        tried, found = attempted(case, plan, trial, QUICK)
        assert (tried.outcome == "ditemukan") == (found is not None)
        if found is None:
            assert tried.reason
            continue
        assert check(trial.problem, found, case.matrices).status != "breached"
        assert {each.unit for each in found.unserved} <= {each.unit for each in plan.unserved}
        assert tried.rupiah == found.totals.cost_rupiah - plan.totals.cost_rupiah
        assert sum(line.rupiah for line in tried.lines) == tried.rupiah
        assert tried.handovers == found.totals.handovers - plan.totals.handovers
        widest = frozenset[str]().union(*trial.scopes)
        assert {trip for trip in plan.trips if trip.id not in widest} <= set(found.trips)


@given(st.integers(0, 10_000), st.sampled_from(["langsung", "lewat-ppk", "campuran"]))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_called_impossible_is_not_done_by_planning_everything_anew(seed, strategy):
    case, plan = small(seed, strategy, Size(pps_per_ppk=2, tps_max=6))
    for subject in subjects(plan):
        for trial in alternatives(case, plan, subject_of(case, plan, subject)):
            if attempted(case, plan, trial, QUICK)[0].outcome == "mustahil":
                whole = solve(trial.problem, strategy, case.matrices, engine=QUICK.engine, budget=ONE)
                assert len(whole.unserved) > len(plan.unserved)


def test_a_place_on_another_date_really_comes_on_that_date():
    case, plan = small()
    for trial in alternatives(case, plan, Subject("tempat", "PPS-1.1")):
        _, found = attempted(case, plan, trial, QUICK)
        assert found is not None
        stops = [(trip, stop) for trip in found.trips for stop in trip.stops if stop.place == "PPS-1.1"]
        if trial.kind == "tanggal":
            assert {f"Berangkat {trip.date:%d-%m-%Y}" for trip, _ in stops} == {trial.says}
        if trial.kind == "kendaraan":
            assert {trip.vehicle for trip, _ in stops} == {trial.says.split()[1]}
        if trial.kind == "jalur":
            assert {case.place[trip.origin].kind for trip, _ in stops} == {"ppk"}


def test_the_next_best_stands_first_and_is_said_with_its_price():
    case, plan = small()
    found = asked(case, plan, "PPS-1.1")
    prices = [tried.rupiah for tried in found.tried]
    assert prices == sorted(prices)
    first = next_best_sentences(found)[0]
    assert first.startswith(f"Pilihan lain termurah dari {len(prices)} yang dihitung: {found.tried[0].says}")
    assert "tambahan Rp" in first
    assert "1 putaran" in next_best_sentences(found)[1]


def test_a_plan_that_is_not_the_cheapest_says_so():
    case, plan = small(strategy="lewat-ppk")
    said = next_best_sentences(asked(case, plan, "jalur:PPK-1"))
    assert "lebih murah Rp" in said[0]
    assert "belum yang termurah" in said[1]


def test_the_only_vehicle_cannot_be_done_without_and_that_is_proved():
    problem, matrices = small_problem(9, Size(trucks=1, pickups=0))
    case, plan = planned(problem, matrices, "langsung")
    tried = {each.says: each for each in asked(case, plan, "TRUK-1").tried}
    assert tried["Tanpa TRUK-1"].outcome == "mustahil"
    assert "tidak ada kendaraan" in tried["Tanpa TRUK-1"].reason
    assert tried["Satu CDD (contoh) lagi"].outcome == "ditemukan"


def test_an_alternative_without_any_answer_is_said_honestly():
    problem, matrices = small_problem(9, Size(trucks=1, pickups=0))
    only = replace(problem.strategies[0], dates_by_origin={"gudang": (date(2024, 2, 12), date(2024, 2, 11))})
    case, plan = planned(replace(problem, strategies=(only,)), matrices, "langsung")
    (unit,) = (each.id for each in problem.units if each.id == "SET-PPK-1")
    found = replace(asked(case, plan, unit), tried=())
    assert "Tidak ada pilihan lain" in next_best_sentences(found)[0]


def test_a_locked_trip_is_never_planned_anew():
    case, plan = small()
    case, plan = locked(case, plan, {plan.trips[0].id})
    for trial in alternatives(case, plan, subject_of(case, plan, plan.trips[0].id)):
        tried, found = attempted(case, plan, trial, QUICK)
        assert found is None
        assert tried.outcome != "ditemukan"
    others = [stop.place for trip in plan.trips[1:] for stop in trip.stops]
    assert all(plan.trips[0].id not in scope for scope in scopes(case, plan, (), others))


def test_what_is_planned_anew_is_whole_days_and_what_hangs_on_them():
    case, plan = small(strategy="lewat-ppk", size=Size(ppk=3, pps_per_ppk=4, tps_max=20))
    first = next(trip for trip in plan.trips if trip.origin == "GUDANG-1")
    brought = {unit for stop in first.stops for unit in stop.units}
    later = {trip.id for trip in plan.trips if trip.origin != "GUDANG-1" and brought & set(trip.load_order)}
    for found in scopes(case, plan, [first.id], [first.stops[0].place]):
        assert later <= found
        posts = {(trip.vehicle, trip.date) for trip in plan.trips if trip.id in found}
        assert found == {trip.id for trip in plan.trips if (trip.vehicle, trip.date) in posts}


def test_around_a_place_only_so_many_days_are_planned_anew():
    case, plan = small(size=Size(ppk=3, pps_per_ppk=5, tps_max=30, trucks=3))
    for found, further in zip(scopes(case, plan, (), ["PPS-1.1"]), FURTHER_DAYS, strict=True):
        assert len({(trip.vehicle, trip.date) for trip in plan.trips if trip.id in found}) == further


def test_a_pinned_set_stays_where_it_was_pinned_while_others_move():
    problem, matrices = small_problem(9)
    case, plan = planned(problem, matrices, "lewat-ppk")
    last = next(trip for trip in plan.trips if trip.origin == "PPK-1")
    held = last.stops[0].units[0]
    pins = (Pin(unit=held, date=last.date, vehicle=last.vehicle, reason="janji camat"),)
    case, plan = planned(replace(problem, pins=pins), matrices, "lewat-ppk")
    for trial in alternatives(case, plan, Subject("jalur", "PPK-2")):
        _, found = attempted(case, plan, trial, QUICK)
        assert found is not None
    other = next(unit for stop in last.stops for unit in stop.units if unit != held)
    for trial in alternatives(case, plan, subject_of(case, plan, other)):
        _, found = attempted(case, plan, trial, QUICK)
        if found is not None and trial.kind == "tanggal":
            brought = next(trip for trip in found.trips if trip.origin == "PPK-1" and held in trip.load_order)
            assert (brought.vehicle, brought.date) == (last.vehicle, last.date)


class Stopped:
    """An engine whose caller has had enough."""

    name, version = "berhenti", "1"

    def route(self, parts, *, seed, budget, progress=None):
        del parts, seed, budget, progress
        raise SearchStopped


def test_a_stopped_search_ends_the_question():
    case, plan = small()
    with pytest.raises(SearchStopped):
        next_best(case, plan, Subject("tempat", "PPS-1.1"), Search(Stopped(), ONE))


def test_what_has_no_alternative_is_refused_in_words():
    case, plan = small()
    with pytest.raises(Refused, match="tidak ada pilihan lain"):
        asked(case, plan, None)


@pytest.mark.parametrize("subject", ["2024-02-12", "12-02-2024"])
def test_a_date_is_understood_as_people_write_it(subject):
    case, plan = small()
    assert subject_of(case, plan, subject) == Subject("tanggal", "2024-02-12")


@pytest.mark.parametrize("subject", ["31-02-2024", "01-01-2020", "jalur:PPS-1.1", "jalur:", "T-999", ""])
def test_what_is_not_in_the_plan_is_refused(subject):
    case, plan = small()
    with pytest.raises(Refused, match="tidak ada dalam rencana"):
        subject_of(case, plan, subject)
