"""The axis of working time: seconds inside the hours count, and only those."""

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tepat.distribution.problems import Interval
from tepat.distribution.working_time import Shift, moment, spans, spans_by_date

SEVEN = 7 * 3600
SHIFT = Shift(((SEVEN, 12 * 3600), (12 * 3600 + 2700, 17 * 3600)))
"""07.00-12.00 and 12.45-17.00 on the first day of 1970."""


def test_work_that_meets_the_break_ends_later_by_the_break():
    assert SHIFT.advance(11 * 3600, 5400) == 12 * 3600 + 2700 + 1800


def test_work_that_ends_with_the_morning_does_not_wait_for_the_break():
    assert SHIFT.advance(11 * 3600, 3600) == 12 * 3600


def test_work_that_does_not_fit_the_day_has_no_end():
    assert SHIFT.advance(16 * 3600, 3601) is None
    assert SHIFT.advance(16 * 3600, 3600) == 17 * 3600


def test_work_begins_after_the_break_not_in_it():
    assert SHIFT.snap(12 * 3600) == 12 * 3600 + 2700
    assert SHIFT.snap(3600) == SEVEN
    assert SHIFT.snap(17 * 3600) is None


def test_a_place_closed_while_the_driver_rests_anyway_is_open_throughout():
    doors = ((SEVEN, 12 * 3600 + 600), (12 * 3600 + 1200, 20 * 3600))
    assert SHIFT.receiving(doors) == ((SEVEN, 20 * 3600),)


def test_a_place_closed_while_the_driver_works_is_two_windows():
    doors = ((SEVEN, 9 * 3600), (10 * 3600, 20 * 3600))
    assert SHIFT.receiving(doors) == doors


def test_a_shift_of_nine_and_a_quarter_hours():
    assert SHIFT.length_s == 33_300
    assert SHIFT.shape == ((0, 18_000), (20_700, 36_000))


def test_touching_and_overlapping_intervals_are_one_and_empty_ones_none():
    def between(opens, closes):
        return Interval(opens_at=moment(opens), closes_at=moment(closes))

    assert spans([between(10, 20), between(20, 30), between(25, 40), between(50, 50)]) == ((10, 40),)


def test_hours_belong_to_the_local_date_on_which_they_begin():
    early = Interval(opens_at=moment(17 * 3600), closes_at=moment(18 * 3600))
    (day,) = spans_by_date([early], ZoneInfo("Asia/Jakarta"))
    assert day.isoformat() == "1970-01-02"


@given(st.integers(0, SHIFT.length_s))
def test_the_clock_and_the_worked_seconds_are_inverse(worked_s):
    assert SHIFT.worked(SHIFT.clock(worked_s)) == worked_s


@given(st.integers(0, 24 * 3600), st.integers(0, 40_000))
def test_work_takes_exactly_its_working_seconds(at, duration_s):
    start = SHIFT.snap(at)
    end = None if start is None else SHIFT.advance(start, duration_s)
    if end is not None:
        assert SHIFT.worked(end) - SHIFT.worked(start) == duration_s
