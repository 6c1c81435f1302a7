"""The formula language computes what it says, reads back what it computed, and refuses everything else."""

from contextlib import suppress
from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tepat.common.errors import Refused
from tepat.planning.formulas import parse_formula

VALUES = {"d": 236, "t": 4, "n": 3, "e": 5, "segel": 115}


@pytest.mark.parametrize(
    ("text", "result", "filled"),
    [
        ("e", 5, "5"),
        ("2*e+1", 11, "2 × 5 + 1"),
        ("2*(e+1)", 12, "2 × (5 + 1)"),
        ("d-(t-n)", 235, "236 - (4 - 3)"),
        ("d - t - n", 229, "236 - 4 - 3"),
        ("d+t+ceil(0.02*d)", 245, "236 + 4 + ⌈0,02 × 236⌉"),
        ("d+ceil(0.025*d)", 242, "236 + ⌈0,025 × 236⌉"),
        ("ceil(1*d)", 236, "⌈1 × 236⌉"),
        ("segel", 115, "115"),
        ("1000", 1000, "1.000"),
    ],
)
def test_examples(text, result, filled):
    formula = parse_formula(text)
    assert formula.evaluate(VALUES) == result
    assert formula.filled(VALUES) == filled


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", 1),
        ("d+", 3),
        ("d d", 3),
        ("0.02*d", 1),
        ("ceil(d)", 6),
        ("ceil(0.02*3)", 11),
        ("ceil(0.02*d", 12),
        ("d/2", 2),
        ("__import__('os')", 1),
        ("d;d", 2),
        ("9999999", 1),
        ("(" * 30 + "d" + ")" * 30, 22),
    ],
)
def test_what_is_not_in_the_language_is_refused_at_its_place(text, place):
    with pytest.raises(Refused, match="NEEDS-FORMULA-INVALID") as refusal:
        parse_formula(text)
    assert refusal.value.facts["place"] == place


def test_a_formula_longer_than_the_limit_is_refused():
    with pytest.raises(Refused, match="NEEDS-FORMULA-INVALID"):
        parse_formula("+".join("d" * 200))


trees = st.recursive(
    st.one_of(
        st.integers(0, 500).map(str),
        st.sampled_from(["d", "t", "n", "e"]),
        st.sampled_from(["ceil(0.02*d)", "ceil(0.025*d)", "ceil(0.1*t)"]),
    ),
    lambda part: st.tuples(part, st.sampled_from("+-*"), part).map(lambda p: f"({p[0]}){p[1]}({p[2]})"),
    max_leaves=6,
)


@given(trees, st.integers(0, 900), st.integers(0, 50))
def test_columns_and_numbers_agree_with_exact_arithmetic(text, d, t):
    formula = parse_formula(text)
    values = {"d": d, "t": t, "n": 1, "e": 5}
    exact = eval(  # the language is a subset of Python's, which makes Python its reference
        text.replace("0.025*", "Fraction(25,1000)*")
        .replace("0.02*", "Fraction(2,100)*")
        .replace("0.1*", "Fraction(1,10)*"),
        {"ceil": ceil, "Fraction": Fraction},
        values,
    )
    assert formula.evaluate(values) == exact
    column = formula.evaluate({**values, "d": np.array([d, d], dtype=np.int64)})
    assert np.broadcast_to(column, 2).tolist() == [exact, exact]


@given(trees, st.integers(0, 900))
def test_the_filled_formula_says_the_result(text, d):
    values = {"d": d, "t": 4, "n": 1, "e": 5}
    formula = parse_formula(text)
    plain = formula.rounded_up(values).filled(values).replace(".", "").replace("×", "*")
    assert eval(plain) == formula.evaluate(values)


@given(st.text(max_size=40))
def test_any_text_is_a_formula_or_a_refusal(text):
    formula = None
    with suppress(Refused):
        formula = parse_formula(text)
    if formula is not None:
        assert isinstance(formula.evaluate(dict.fromkeys(formula.names, 7)), int)
