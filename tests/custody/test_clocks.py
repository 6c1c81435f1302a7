"""Phones with wrong clocks: an interval that holds the truth, never a moment that can not be."""

from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tepat.custody.clocks import TRANSIT_S, estimate, say_interval
from tepat.custody.facts import microseconds

S = 1_000_000
HOUR = 3600 * S
YEAR = 365 * 24 * HOUR
WIB = timezone(timedelta(hours=7))
NOON = microseconds("2024-02-13T12:00:00Z")

errors = st.integers(-30 * YEAR, 30 * YEAR) | st.integers(-5 * HOUR, 5 * HOUR) | st.just(0)
spans = st.integers(0, 48 * HOUR)
transits = st.integers(0, TRANSIT_S * S)


def within(truth_us: int, answer: tuple[int, int]) -> bool:
    occurred_us, uncertainty_s = answer
    return abs(truth_us - occurred_us) <= uncertainty_s * S


@given(error=errors, heard_ago=spans, sent_after=spans, transit=transits)
def test_a_steady_clock_is_corrected_to_a_minute_however_wrong(error, heard_ago, sent_after, transit):
    truth = NOON
    sent = truth + sent_after
    answer = estimate(truth + error, sent + error, sent + transit, truth - heard_ago)
    assert within(truth, answer)
    assert answer[1] <= TRANSIT_S // 2 + 1


@given(before=errors, after=errors, jump_late=st.booleans(), waits=st.tuples(spans, spans), transit=transits)
def test_a_clock_that_was_set_once_gives_an_interval_that_holds_the_truth(
    before, after, jump_late, waits, transit
):
    truth = NOON
    heard, sent = truth - waits[0], truth + waits[1]
    at_event = before if jump_late else after
    answer = estimate(truth + at_event, sent + after, sent + transit, heard, error_before_us=before)
    assert within(truth, answer)


@given(claimed=errors, sent=errors, waits=st.tuples(spans, spans), error=st.none() | errors)
def test_never_after_the_receipt_and_never_before_what_the_phone_had_heard(claimed, sent, waits, error):
    heard, received = NOON - waits[0], NOON + waits[1]
    occurred_us, uncertainty_s = estimate(NOON + claimed, NOON + sent, received, heard, error_before_us=error)
    assert heard <= occurred_us <= received
    assert 0 <= uncertainty_s <= -(-(received - heard) // S)


@given(back=st.integers(6 * S, 30 * YEAR), waits=st.tuples(spans, spans))
def test_a_clock_that_runs_backwards_says_nothing_but_between_hearing_and_receipt(back, waits):
    heard, received = NOON - waits[0], NOON + waits[1]
    occurred_us, uncertainty_s = estimate(NOON + back, NOON, received, heard)
    assert occurred_us - uncertainty_s * S <= heard
    assert occurred_us + uncertainty_s * S >= received


def test_three_hours_wrong_and_nine_hours_offline():
    heard, truth, sent = NOON, NOON + HOUR, NOON + 9 * HOUR
    occurred_us, uncertainty_s = estimate(truth + 3 * HOUR, sent + 3 * HOUR, sent + S, heard)
    assert abs(occurred_us - truth) <= 30 * S
    assert uncertainty_s == 30


def test_a_clock_set_right_before_sending_leaves_both_times_open():
    heard, truth, sent = NOON, NOON + 5 * HOUR, NOON + 9 * HOUR
    answer = estimate(truth + 3 * HOUR, sent, sent, heard, error_before_us=3 * HOUR)
    assert within(truth, answer)
    assert within(truth + 3 * HOUR, answer)
    assert answer[1] == 90 * 60 + 30


def test_a_clock_that_fell_back_to_2000_and_was_set_right_is_as_wide_as_it_must_be():
    heard, truth, sent = NOON, NOON + 2 * HOUR, NOON + 4 * HOUR
    answer = estimate(truth - 24 * YEAR, sent, sent, heard)
    assert answer == (NOON + 2 * HOUR, 2 * 3600)


def test_an_event_that_reaches_the_server_before_what_the_phone_had_heard_lies_at_the_receipt():
    assert estimate(NOON, NOON, NOON, NOON + HOUR) == (NOON, 0)


@pytest.mark.parametrize(
    ("minutes", "uncertainty_s", "error_s", "text"),
    [
        (0, 30, 0, "19.00"),
        (0, 60, 20, "19.00"),
        (0, 900, 0, "antara 18.45–19.15"),
        (0, 900, 3 * 3600 + 100, "antara 18.45–19.15 (jam HP salah +3 j)"),
        (0, 30, -20 * 60, "19.00 (jam HP salah −20 mnt)"),
        (0, 30, 2 * 86_400, "19.00 (jam HP salah +2 hari)"),
        (0, 30, -24 * 365 * 86_400, "19.00 (jam HP salah −24 tahun)"),
        (300, 3600, 0, "antara 13/02/2024 23.00–14/02/2024 01.00"),
    ],
)
def test_an_interval_is_said_as_people_read_it(minutes, uncertainty_s, error_s, text):
    said = say_interval(NOON + minutes * 60 * S, uncertainty_s, zone=WIB, error_s=error_s)
    assert said.text == text


def test_the_facts_of_an_interval_are_moments_of_the_offices_zone():
    said = say_interval(NOON, 900, zone=WIB, error_s=30)
    assert (said.first.hour, said.last.minute, said.error_s) == (18, 15, 0)
    assert said.first.astimezone(UTC).hour == 11
