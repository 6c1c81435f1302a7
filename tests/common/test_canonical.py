"""The fast way to RFC 8785 says the same bytes as the long one, and refuses the same."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tepat.common.canonical import canonical

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


@given(PLAIN)
def test_the_bytes_are_those_of_rfc_8785(value):
    assert canonical(value) == rfc8785.dumps(value)


@given(
    st.dictionaries(st.text(alphabet="a\u00e9\ue000\U0001f600", max_size=4), st.integers(0, 9), max_size=5)
)
def test_names_beyond_ascii_are_sorted_as_rfc_8785_wants(value):
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value", ['\x00\x1f\x7f\u2028"\\/', {"b": 1, "a": [True, None, -0]}, (1, 2), 1.5, {}]
)
def test_odd_ones(value):
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [2**53, "\ud800", float("nan"), {1: 2}])
def test_what_has_no_form_is_refused_as_before(value):
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical(value)
