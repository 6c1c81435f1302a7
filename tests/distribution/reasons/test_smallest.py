"""What would serve what is left behind: the fewest decisions, each set and each smaller one solved."""

from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.distribution.reasons.made import QUICK, answering, closed, planned, small
from tests.distribution.small import Size, clock, days_before, small_problem

from tepat.common.errors import Refused
from tepat.distribution.checker import check
from tepat.distribution.problems import Interval, LastMile, Pin
from tepat.distribution.reasons import smallest
from tepat.distribution.reasons.relaxing import relaxations, relaxed
from tepat.distribution.reasons.smallest import smallest_remedy, unserved_of
from tepat.distribution.reasons.subjects import subject_of
from tepat.distribution.reasons.words import remedy_sentences


def remedy(case, plan, subject=None):
    return smallest_remedy(case, plan, unserved_of(case, plan, subject_of(case, plan, subject)), QUICK)


def one_day(seed, size):
    """Return a case and plan whose vehicles drive on one date only."""
    problem, matrices = small_problem(seed, size)
    strategies = tuple(
        replace(each, dates_by_origin=each.dates_by_origin | {"gudang": days_before(2)})
        for each in problem.strategies
    )
    return planned(replace(problem, strategies=strategies), matrices, "langsung")


def sealed():
    """Return a case and plan in which one PPS receives at night only, hours away from any driver's."""
    problem, matrices = small_problem(9)
    night = tuple(
        Interval(opens_at=clock(day, 1), closes_at=clock(day, 1, 30)) for day in days_before(6, 5, 4, 3, 2, 1)
    )
    places = tuple(replace(each, hours="malam") if each.id == "PPS-2.1" else each for each in problem.places)
    return planned(
        replace(problem, places=places, hours=problem.hours | {"malam": night}), matrices, "langsung"
    )


def test_a_place_that_no_vehicle_may_enter_needs_a_road_and_nothing_less():
    case, plan = closed()
    found = remedy(case, plan)
    assert {way.decisions for way in found.ways} == {
        ("pikap boleh masuk PPS-2.1 (contoh)",),
        ("truk boleh masuk PPS-2.1 (contoh)",),
    }
    assert all(way.unpriced == way.decisions for way in found.ways)
    prices = [way.tried.rupiah for way in found.ways]
    assert prices == sorted(prices)
    proved = [way for way in found.others if way.tried.outcome == "mustahil"]
    assert ("satu CDD (contoh) lagi dari GUDANG-1 (contoh)",) in {way.decisions for way in proved}
    said = remedy_sentences(found)
    assert said[0] == "Untuk 13 set yang tertinggal satu keputusan cukup; 2 cara, yang termurah lebih dahulu."
    assert "Daftar harga tidak memuat harga untuk: truk boleh masuk" in said[1]


def test_too_few_hours_are_met_by_one_more_truck_or_one_more_day():
    case, plan = one_day(9, Size(trucks=1, tps_max=40))
    assert plan.unserved
    found = remedy(case, plan)
    kinds = {way.decisions[0].split(" dari ")[0] for way in found.ways}
    assert found.size == 1
    assert "satu CDD (contoh) lagi" in kinds
    assert "berangkat juga 11-02-2024" in kinds
    assert found.others[0].decisions == ()
    assert found.others[0].tried.outcome != "ditemukan"


def test_where_one_decision_is_too_little_two_are_named_and_each_alone_was_tried():
    problem, matrices = small_problem(9)
    places = tuple(
        replace(each, access=("motor",), hours="tutup") if each.id == "PPS-2.1" else each
        for each in problem.places
    )
    night = tuple(
        Interval(opens_at=clock(day, 16, 30), closes_at=clock(day, 20)) for day in days_before(5, 4, 3, 2)
    )
    shut = replace(problem, places=places, hours=problem.hours | {"tutup": night})
    case, plan = planned(shut, matrices, "langsung")
    found = remedy(case, plan)
    assert found.size == 2
    assert any("boleh masuk" in " ".join(way.decisions) for way in found.ways)
    _assert_minimal(found)
    assert "2 keputusan bersama-sama cukup" in remedy_sentences(found)[0]


def _assert_minimal(found):
    failed = {way.decisions for way in found.others if way.tried.outcome != "ditemukan"}
    for way in found.ways:
        for size in range(len(way.decisions)):
            assert all(subset in failed for subset in combinations(way.decisions, size)), way.decisions


@given(st.integers(0, 10_000), st.integers(1, 2), st.booleans())
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_way_is_minimal_and_the_cheapest_comes_first(seed, trucks, over):
    size = Size(trucks=trucks, pps_per_ppk=3, tps_max=30)
    case, plan = one_day(seed, size) if not over else closed("PPS-1.1", "lewat-ppk", seed)
    if not plan.unserved:
        return
    found = remedy(case, plan)
    _assert_minimal(found)
    prices = [way.tried.rupiah for way in found.ways]
    assert prices == sorted(prices)
    assert all(way.tried.served == len(found.units) for way in found.ways)
    assert all(way.tried.reason for way in found.others)


@given(st.integers(0, 10_000), st.sampled_from(["langsung", "lewat-ppk", "nyata"]))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_loosened_never_forbids_what_was_allowed(seed, strategy):
    """The plan as it is stays right under each loosened problem, but for another path or warehouse."""
    case, plan = small(seed, strategy, Size(pps_per_ppk=2, tps_max=6))
    units = [case.problem.units[number].id for number in (0, -1)]
    found = relaxations(case, units)
    assert {"kendaraan", "jam", "jam terima", "hari", "regu"} <= {each.kind for each in found}
    for each in found:
        if each.kind not in {"jalur", "gudang"}:
            problem = relaxed(case.problem, [each, *([each] if each.again else [])])
            verdict = check(problem, answering(plan, problem), case.matrices)
            assert verdict.status == "accepted", (each.says, verdict.findings[:2])


def test_longer_hours_hold_the_old_ones_and_reach_an_hour_further():
    case, _ = small()
    earlier = next(each for each in relaxations(case, ["SET-PPS-1.1"]) if "lebih awal" in each.says)
    problem = earlier.apply(case.problem)
    vehicle = problem.vehicles[0]
    old, new = case.problem.hours[case.vehicle[vehicle.id].hours], problem.hours[vehicle.hours]
    assert [each.closes_at for each in new] == [each.closes_at for each in old]
    moved = [(was.opens_at - now.opens_at).total_seconds() for was, now in zip(old, new, strict=True)]
    assert set(moved) == {0, 3600}


def test_a_pin_that_cannot_be_kept_is_found_to_be_the_cause():
    problem, matrices = small_problem(9)
    unit = next(each.id for each in problem.units if each.place == "PPS-1.1")
    pins = (Pin(unit=unit, vehicle="LOKAL-2.1", reason="permintaan PPS"),)
    case, plan = planned(replace(problem, pins=pins), matrices, "langsung")
    assert [each.unit for each in plan.unserved] == [unit]
    found = remedy(case, plan, unit)
    assert ("sematan set untuk PPS-1.1 (contoh) dilepas",) in {way.decisions for way in found.ways}


def test_too_few_teams_are_found_to_be_the_cause():
    problem, matrices = small_problem(9)
    problem = replace(problem, last_mile=LastMile(hours="kpps", teams=1, handover_s=5400))
    case, plan = planned(problem, matrices, "langsung")
    assert {each.code for each in plan.unserved} == {"SOLVE-UNIT-LAST-MILE"}
    found = remedy(case, plan)
    assert [way.decisions for way in found.ways] == [("satu regu lagi di tiap PPS pada H-1",)]


def test_a_plan_that_was_merely_not_searched_enough_needs_no_decision():
    case, plan = small()
    trip = plan.trips[-1]
    units = tuple(unit for stop in trip.stops for unit in stop.units)
    left = tuple(
        replace(closed()[1].unserved[0], unit=unit, code="SOLVE-UNIT-NOT-FOUND", reason="Tidak ditemukan.")
        for unit in units
    )
    short = replace(
        plan,
        trips=plan.trips[:-1],
        deliveries=tuple(each for each in plan.deliveries if each.unit not in units),
        unserved=left,
    )
    found = smallest_remedy(case, short, units, QUICK)
    assert found.size == 0
    assert "ternyata muat tanpa mengubah apa pun" in remedy_sentences(found)[0]


def test_pairs_end_at_their_limit_and_that_is_said(monkeypatch):
    monkeypatch.setattr(smallest, "PAIRS_MAX", 3)
    case, plan = sealed()
    found = remedy(case, plan)
    assert found.ways == ()
    different = [way for way in found.others if len(set(way.decisions)) == 2]
    assert len(different) == 3
    assert found.untried > 0
    assert "tidak dicoba karena batas" in remedy_sentences(found)[-1]


def test_many_trucks_are_found_where_two_are_too_few():
    case, plan = one_day(9, Size(ppk=4, pps_per_ppk=6, trucks=1, pickups=0, tps_max=40))
    found = remedy(case, plan)
    assert found.size is not None
    assert found.size > 2
    assert all(len(set(way.decisions)) == 1 for way in found.ways)
    smaller = {way.decisions for way in found.others}
    assert all(way.decisions[:size] in smaller for way in found.ways for size in range(found.size))
    assert f"{found.size} kali: satu CDD (contoh) lagi" in remedy_sentences(found)[1]


def test_what_nothing_serves_is_said():
    case, plan = sealed()
    found = remedy(case, plan)
    assert found.ways == ()
    assert "Belum ditemukan cara" in remedy_sentences(found)[0]


def test_only_what_is_left_behind_can_be_asked_for():
    case, plan = closed()
    with pytest.raises(Refused, match=r"Tidak ada set yang tertinggal"):
        remedy(case, plan, "PPS-1.1")
    with pytest.raises(Refused, match=r"tempat, set, atau seluruh rencana"):
        remedy(case, plan, "TRUK-1")
    assert set(unserved_of(case, plan, subject_of(case, plan, "jalur:PPK-2"))) == {
        each.unit for each in plan.unserved
    }
