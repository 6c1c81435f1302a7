"""Every way a number is written in an office, and what it says."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tepat.planning.imports.messy_faults import in_words
from tepat.planning.imports.numbers import number_words, read_number, read_tps, roman_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("236", 236),
        (" 236 ", 236),
        ("001", 1),
        (236.0, 236),
        (236, 236),
        ("236,0", 236),
        ("1.205.000", 1_205_000),
        ("1,205,000", 1_205_000),
        ("1.205,00", 1205),
        ("1,205.00", 1205),
        ("-5", -5),
        ("(5)", -5),
        ("−5", -5),
        ("236\u00a0", 236),
        ("'0236", 236),
    ],
)
def test_one_reading(text: object, value: int) -> None:
    reading = read_number(text)
    assert (reading.value, reading.problem) == (Decimal(value), "")


@pytest.mark.parametrize("text", ["1.205", "1,205", "12.500"])
def test_a_separator_before_three_digits_has_two_readings(text: str) -> None:
    reading = read_number(text)
    digits = text.replace(".", "").replace(",", "")
    assert reading.problem == "ambiguous_number"
    assert reading.value is None
    assert reading.readings == (Decimal(digits), Decimal(text.replace(",", ".")))


def test_a_float_may_be_a_thousand_that_excel_took_for_a_fraction() -> None:
    assert read_number(1.205).readings == (Decimal(1205), Decimal("1.205"))


def test_rupiah_have_no_thousandths() -> None:
    assert read_number("450.000", thousands=True).value == 450_000


@pytest.mark.parametrize(
    ("text", "problem", "proposal"),
    [
        ("dua ratus", "wordy_number", 200),
        ("Seratus Dua Puluh Tiga", "wordy_number", 123),
        ("nihil", "wordy_number", 0),
        ("-", "dash_for_zero", 0),
        ("1O9", "unreadable_number", 109),
        ("entah", "unreadable_number", None),
        ("#REF!", "excel_error", None),
        (date(2024, 2, 14), "date_in_number", None),
        (True, "unreadable_number", None),
        (float("nan"), "unreadable_number", None),
        (float("inf"), "unreadable_number", None),
        ("9" * 400, "unreadable_number", None),
        ("²", "unreadable_number", None),
    ],
)
def test_no_number(text: object, problem: str, proposal: int | None) -> None:
    reading = read_number(text)
    assert (reading.value, reading.problem, reading.proposal) == (None, problem, proposal)


@pytest.mark.parametrize(
    ("text", "value"),
    [("Rp1.250.000", 1_250_000), ("236 pemilih", 236), ("1 205", 1205), ("Rp 5.000.000,-", 5_000_000)],
)
def test_units_are_taken_off_and_said(text: str, value: int) -> None:
    reading = read_number(text)
    assert (reading.value, reading.problem) == (Decimal(value), "number_cleaned")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("001", 1),
        ("TPS 1", 1),
        ("TPS-001", 1),
        ("tps.12", 12),
        ("TPS 901", 901),
        ("No. 5", 5),
        ("TPS No. 7", 7),
        (3, 3),
        (12.0, 12),
    ],
)
def test_tps_numbers(text: object, number: int) -> None:
    assert read_tps(text).value == number


@pytest.mark.parametrize(("text", "proposal"), [("TPS IV", 4), ("IX", 9), ("TPS lama", None)])
def test_tps_numbers_that_are_none(text: str, proposal: int | None) -> None:
    reading = read_tps(text)
    assert (reading.value, reading.problem, reading.proposal) == (None, "unreadable_number", proposal)


def test_roman_numbers_up_to_twenty() -> None:
    romans = [
        "I",
        "II",
        "III",
        "IV",
        "V",
        "VI",
        "VII",
        "VIII",
        "IX",
        "X",
        "XI",
        "XII",
        "XIII",
        "XIV",
        "XV",
        "XVI",
        "XVII",
        "XVIII",
        "XIX",
        "XX",
    ]
    assert [roman_number(text) for text in romans] == list(range(1, 21))


@given(st.integers(0, 999))
def test_words_say_the_number_they_were_made_from(number: int) -> None:
    assert number_words(in_words(number)) == number


CELLS = st.one_of(
    *(st.text(), st.floats(), st.integers(), st.booleans(), st.none()),
    *(st.dates(), st.times(), st.datetimes()),
)


@given(CELLS)
def test_any_cell_has_a_reading_or_a_problem(value: object) -> None:
    for reading in (read_number(value), read_number(value, thousands=True), read_tps(value)):
        assert reading.blank or reading.value is not None or reading.problem
        assert reading.problem != "ambiguous_number" or len(reading.readings) == 2
        assert reading.value is None or reading.value.is_finite()


@given(st.integers(-(10**14), 10**14))
def test_a_whole_number_is_read_as_itself_in_any_type(number: int) -> None:
    assert (
        read_number(number).value
        == read_number(str(number)).value
        == read_number(float(number)).value
        == number
    )
