"""A proposed roster can be worked, keeps what was fixed, and stands beside what nobody could do better."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.distribution.roster.made import (
    DAY,
    HOUR,
    OFFICE,
    OTHER_PPS,
    PPK,
    TERMS,
    at,
    person,
    seat,
    staff,
    straight,
    trips,
)
from tests.distribution.small import small_problem

from tepat.common.permissions import Role
from tepat.distribution.roster.assigning import Question, propose
from tepat.distribution.roster.bounds import empty_at_least, shares
from tepat.distribution.roster.checking import faults
from tepat.distribution.roster.gaps import gaps_of
from tepat.distribution.roster.rules import conflict
from tepat.distribution.roster.seats import seats_of
from tepat.distribution.roster.shapes import Candidate
from tepat.distribution.roster.terms import answer_by
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.solvers.pyvrp_engine import PyvrpEngine


def made(seats, people, fixed=None):
    return propose(Question(seats, people, TERMS, straight, fixed or {}))


def found(seats, given_, people):
    return faults(seats, given_, people, TERMS, straight)


def codes(seats, given_, people):
    return {(fault.code, fault.seat) for fault in found(seats, given_, people)}


@given(trips(), staff())
def test_whoever_is_proposed_can_do_it_by_a_check_that_shares_nothing(seats, people):
    given_ = made(seats, people)
    wrong = [fault for fault in found(seats, given_, people) if fault.code != "kosong"]
    assert not wrong
    assert set(given_) <= {each.id for each in seats}


@given(trips(), staff())
def test_no_more_stays_empty_than_was_proven_plus_what_rest_and_roads_take(seats, people):
    """The proof never claims more empty seats than a roster has."""
    empty = len(seats) - len(made(seats, people))
    assert empty_at_least(seats, people) <= empty


@given(trips(), staff())
def test_an_empty_seat_has_nobody_who_could_just_sit_down(seats, people):
    given_ = made(seats, people)
    for gap in gaps_of(found(seats, given_, people), seats, given_, people, (TERMS, straight)):
        assert gap.code == "kosong"
        assert not gap.free_person
        assert gap.mend


@given(trips(), staff(), st.data())
def test_what_a_person_fixed_is_kept_and_the_rest_goes_around_it(seats, people, data):
    if not people:
        return
    chosen = data.draw(st.lists(st.sampled_from(seats), max_size=3, unique_by=lambda one: one.id))
    fixed = {one.id: data.draw(st.sampled_from(people)).id for one in chosen}
    given_ = made(seats, people, fixed)
    assert fixed.items() <= given_.items()
    # Whatever is wrong is between what was fixed, or one fixed alone.
    for fault in found(seats, given_, people):
        if fault.code != "kosong":
            assert fault.seat in fixed
            assert not fault.other or fault.other in fixed


@given(trips(), staff(), st.data())
def test_whoever_was_told_and_still_can_stays(seats, people, data):
    """Those told before stay, but for moving aside where a seat would otherwise be empty."""
    before = made(seats, people)
    gone = data.draw(st.sampled_from(sorted(set(before.values())))) if before else ""
    left = tuple(person for person in people if person.id != gone)
    after = propose(Question(seats, left, TERMS, straight, {}, before))
    assert not [fault for fault in found(seats, after, left) if fault.code != "kosong"]
    stay = {one: who for one, who in before.items() if who != gone}
    moved = sum(after.get(one) != who for one, who in stay.items())
    newly = sum(one not in before or before[one] == gone for one in after)
    assert moved <= 3 * newly
    assert len(after) >= len(stay)


@given(trips(), staff())
def test_the_same_question_has_the_same_answer(seats, people):
    assert made(seats, people) == made(tuple(reversed(seats)), tuple(reversed(people)))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6)), min_size=1, max_size=5), st.integers(1, 3))
def test_where_equal_people_of_one_place_can_do_everything_they_do(spans, count):
    """Every way is tried: where one fills all seats the proposal does, and the proof holds against all."""
    seats = tuple(
        seat(f"T-{n}:1:penerima", trip=f"T-{n}", hours=(5 + start / 4, 5 + (start + length) / 4))
        for n, (start, length) in enumerate(spans)
    )
    people = tuple(person(f"orang-{n}") for n in range(count))
    best = 0
    for way in product((None, *range(count)), repeat=len(seats)):
        held = [(one, who) for one, who in zip(seats, way, strict=True) if who is not None]
        if not any(
            mine == yours and conflict(one, other, TERMS, straight)
            for n, (one, mine) in enumerate(held)
            for other, yours in held[n + 1 :]
        ):
            best = max(best, len(held))
    filled = len(made(seats, people))
    assert filled <= best <= len(seats) - empty_at_least(seats, people)
    assert (filled == len(seats)) == (best == len(seats))


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (seat("a", hours=(8, 10)), seat("b", hours=(9, 11), trip="T-2"), "sekaligus"),
        (seat("a", hours=(8, 9)), seat("b", hours=(9, 10), trip="T-2"), ""),
        (seat("a", hours=(8, 9)), seat("b", place=PPK, hours=(9.25, 10), trip="T-2"), "jalan"),
        (seat("a", hours=(8, 9)), seat("b", place=PPK, hours=(9.5, 10), trip="T-2"), ""),
        (seat("a", place=OFFICE), seat("b", place=OTHER_PPS, hours=(14, 15), trip="T-2"), "jalan"),
        (seat("a", hours=(20, 23)), seat("b", hours=(6, 7), day=1, trip="T-2"), "istirahat"),
        (seat("a", hours=(20, 22)), seat("b", hours=(6, 7), day=1, trip="T-2"), ""),
        (seat("a", hours=(6, 7)), seat("b", hours=(17.5, 18.5), trip="T-2"), "jam"),
        (seat("a", hours=(6, 7)), seat("b", hours=(17, 18), trip="T-2"), ""),
        (seat("a", hours=(8, 9)), seat("b", "wakil", PPK, hours=(5, 6), halt=0), "serah-terima"),
        (seat("a", hours=(8, 9), halt=1), seat("b", hours=(11, 12), halt=2), ""),
    ],
)
def test_two_duties_of_one_person(one, other, why):
    assert conflict(one, other, TERMS, straight) == why
    assert conflict(other, one, TERMS, straight) == why
    people = (person("budi"), person("ani", Role.GUDANG, OFFICE))
    said = {fault.code for fault in found((one, other), {"a": "budi", "b": "budi"}, people)} - {"jabatan"}
    assert said == ({why} if why else set()) or {"serah-terima"} <= said


def test_nobody_receives_what_they_bring_and_a_deputy_is_somebody_else():
    brings = seat("pj", "penanggung-jawab", PPK, (7, 12), halt=0)
    seats = (brings, seat("terima"), seat("wakil", "wakil-penerima"))
    people = (person("candra", Role.PPK, PPK), person("budi"))
    assert made(seats, people) == {"pj": "candra", "terima": "budi"}
    assert codes(seats, {"pj": "candra", "terima": "budi", "wakil": "candra"}, people) == {
        ("serah-terima", "wakil"),
        ("sekaligus", "wakil"),
    }


def test_the_ppk_stands_in_only_where_no_pps_is_free():
    seats = (seat("terima"), seat("wakil", "wakil-penerima"))
    ppk = person("candra", Role.PPK, PPK)
    assert made(seats, (ppk, person("budi")))["wakil"] == "candra"
    assert made(seats, (ppk, person("budi"), person("ani")))["wakil"] in {"budi", "ani"}


def test_a_whole_day_of_a_vehicle_is_one_drivers():
    seats = tuple(
        seat(f"T-{n}:pengemudi", "pengemudi", OFFICE, (7 + 3 * n, 9 + 3 * n), trip=f"T-{n}", halt=0)
        for n in range(3)
    )
    seats = tuple(replace(one, turn="TRUK-1") for one in seats)
    drivers = tuple(person(f"sopir-{n}", Role.PENGEMUDI, OFFICE) for n in range(3))
    assert len(set(made(seats, drivers).values())) == 1


def test_a_licence_that_is_too_small_is_refused_and_one_nobody_noted_is_not():
    seats = (seat("T-1:pengemudi", "pengemudi", OFFICE, (7, 9), trip="T-1", halt=0, licence="B1"),)
    small = person("a", Role.PENGEMUDI, OFFICE, licence="A")
    assert made(seats, (small,)) == {}
    assert codes(seats, {"T-1:pengemudi": "a"}, (small,)) == {("sim", "T-1:pengemudi")}
    assert made(seats, (small, person("b", Role.PENGEMUDI, OFFICE)))["T-1:pengemudi"] == "b"


def test_an_empty_seat_is_filled_by_moving_somebody_aside():
    """Only Ani may do the later one; Budi takes hers."""
    early = seat("early", "penerima", hours=(8, 9), trip="T-1")
    late = seat("late", "wakil-penerima", OTHER_PPS, hours=(8, 9), trip="T-2")
    both = Candidate("ani", (*person("ani").held, *person("x", area=OTHER_PPS).held))
    given_ = made((early, late), (both, person("budi")))
    assert given_ == {"early": "budi", "late": "ani"}


def test_a_gap_says_who_is_missing_and_why_those_there_cannot():
    seats = (
        seat("terima", hours=(8, 9)),
        seat("sekaligus", place=OTHER_PPS, hours=(8, 9), trip="T-2"),
        seat("wakil", "wakil-penerima", hours=(8, 9)),
    )
    people = (person("budi"), person("ani", away={DAY}))
    given_ = made(seats, people)
    gaps = gaps_of(found(seats, given_, people), seats, given_, people, (TERMS, straight))
    assert [(gap.seat.id, gap.grave) for gap in gaps] == [("sekaligus", True), ("wakil", False)]
    assert gaps[0].mend == "Belum ada PPS tercatat: tambahkan orang dan jabatannya."
    assert gaps[1].mend == (
        "Tambah satu PPS atau PPK untuk jam itu. Dari 2 yang ada: "
        "1 berhalangan hari itu; 1 sudah berdiri di sisi lain serah terima ini."
    )


def test_two_for_one_is_proven_to_leave_one_empty():
    seats = (seat("a"), seat("b", trip="T-2"), seat("c", trip="T-3", hours=(13, 14)))
    assert empty_at_least(seats, (person("budi"),)) == 1
    assert len(made(seats, (person("budi"),))) == 2
    assert empty_at_least(seats, (person("budi"), person("ani"))) == 0


def test_seats_that_share_no_people_add_up_in_the_proof():
    """Each PPS has one person too few, at different hours: two seats stay empty, not one."""
    seats = (
        *(seat(f"a{n}", trip=f"A-{n}", hours=(8, 9)) for n in range(2)),
        *(seat(f"b{n}", place=OTHER_PPS, trip=f"B-{n}", hours=(14, 15)) for n in range(2)),
        seat("c", "pengemudi", OFFICE, (8, 9), trip="C", halt=0),
    )
    people = (person("budi"), person("ani", area=OTHER_PPS))
    assert empty_at_least(seats, people) == 3
    assert len(seats) - len(made(seats, people)) == 3


def test_duties_are_shared_evenly_and_the_mean_stands_beside_the_longest():
    seats = tuple(seat(f"T-{n}:1:penerima", trip=f"T-{n}", hours=(7 + n, 8 + n)) for n in range(6))
    seats = tuple(replace(one, turn=one.id) for one in seats)
    people = tuple(person(f"orang-{n}") for n in range(3))
    (share,) = shares(seats, made(seats, people), people)
    assert (share.most_s, share.least_s, share.most_at_least_s) == (2 * HOUR, 2 * HOUR, 2 * HOUR)


def test_a_post_that_ends_during_a_duty_is_none():
    late = person("budi", until=at(8.5))
    assert made((seat("terima"),), (late,)) == {}
    assert codes((seat("terima"),), {"terima": "budi"}, (late,)) == {("jabatan", "terima")}


def test_every_trip_and_every_halt_of_a_plan_has_its_seats():
    problem, matrices = small_problem(1)
    plan = solve(problem, "lewat-ppk", matrices, engine=PyvrpEngine(), seed=1, budget=Budget(iterations=2))
    seats = seats_of(problem, plan, {plan.trips[0].driver})
    halts = sum(len(trip.stops) for trip in plan.trips)
    assert len(seats) == 3 * len(plan.trips) + 2 * halts
    assert len({one.id for one in seats}) == len(seats)
    first = next(one for one in seats if one.id == f"{plan.trips[0].id}:pengemudi")
    assert (first.wanted, first.licence) == (plan.trips[0].driver, "B1")
    assert all(one.start_s <= one.end_s for one in seats)


def test_everybody_answers_by_h_14_and_not_on_a_weekend():
    zone = ZoneInfo("Asia/Jakarta")
    assert answer_by(date(2024, 2, 14), zone) == datetime(2024, 1, 31, 16, tzinfo=zone)
    sunday = date(2024, 2, 14) - timedelta(days=3)
    assert answer_by(sunday, zone) == datetime(2024, 1, 26, 16, tzinfo=zone)
