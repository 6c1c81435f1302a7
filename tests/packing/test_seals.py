"""Seals: two people, no number twice, a photo where no number is printed; the sample and what it proves."""

import hashlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tepat.common.errors import Refused
from tepat.packing.rules_seals import Sealing, check_opening, check_sealing, repeated, seal_number
from tepat.packing.sampling import error_bound, sample

PEOPLE = ("sari", "joko")


def refusal(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.code


@pytest.mark.parametrize(
    ("sealing", "more", "code"),
    [
        (Sealing("B1", ("A1",)), {"state": "diisi"}, "SEAL-BOX-NOT-CLOSED"),
        (Sealing("B1", ("A1",)), {"state": "tersegel"}, "SEAL-BOX-NOT-CLOSED"),
        (Sealing("B1", ("A1",)), {"people": ("sari", "sari")}, "SEAL-ONE-PERSON"),
        (Sealing("B1", ("A1",)), {"people": ("sari", "")}, "SEAL-ONE-PERSON"),
        (Sealing("B1"), {}, "SEAL-NONE"),
        (Sealing("B1", tuple(f"A{n}" for n in range(13))), {}, "SEAL-MANY"),
        (Sealing("B1", ("A1", "A1")), {}, "SEAL-TWICE"),
        (Sealing("B1", ("A1", "A2")), {"used": {"A2": "B7"}}, "SEAL-USED"),
        (Sealing("B1", unnumbered=True), {}, "SEAL-NO-PHOTO"),
    ],
)
def test_seals_that_prove_nothing_are_refused(sealing, more, code):
    given_ = {"state": "tertutup", "used": {}, "people": PEOPLE, **more}
    assert refusal(check_sealing, sealing, **given_) == code


def test_a_numbered_seal_and_an_unnumbered_one_with_its_photo_hold():
    check_sealing(Sealing("B1", ("A1", "A2")), state="tertutup", used={}, people=PEOPLE)
    check_sealing(Sealing("B1", (), "ab" * 32, unnumbered=True), state="tertutup", used={}, people=PEOPLE)


def test_a_number_on_two_boxes_of_one_form_is_found():
    assert repeated([Sealing("B1", ("A1",)), Sealing("B2", ("A2", "A1"))]) == {"A1": ("B1", "B2")}


@pytest.mark.parametrize("text", [" a 12-3 ", "A12-3"])
def test_a_number_is_the_same_however_it_is_typed(text):
    assert seal_number(text) == "A12-3"


@pytest.mark.parametrize("text", ["", "-", "A" * 25, "nomor?", "A\n;B"])
def test_what_is_no_number_is_refused(text):
    assert refusal(seal_number, text) == "SEAL-UNREADABLE"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"state": "tertutup"}, "OPEN-NOT-SEALED"),
        ({"people": ("sari", "sari")}, "SEAL-ONE-PERSON"),
        ({"reason": "salah"}, "OPEN-NO-REASON"),
        ({"reason": "x" * 401}, "OPEN-NO-REASON"),
    ],
)
def test_an_opening_needs_a_sealed_box_two_people_and_a_reason(more, code):
    asked = {"state": "tersegel", "code": "B1", "reason": "surat suara dapil lain", "people": PEOPLE, **more}
    assert refusal(check_opening, **asked) == code


# The sample


def test_anybody_can_draw_the_sample_again_with_sha256_alone():
    codes = [f"091015-{tps:03d}-5" for tps in range(1, 200)]
    by_hand = sorted(codes, key=lambda code: hashlib.sha256(f"314 159:{code}".encode()).hexdigest())[:60]
    assert sample(reversed(codes), seed="314 159", size=60) == by_hand


@given(st.sets(st.text(max_size=8)), st.text(max_size=10), st.integers(0, 30))
def test_a_sample_is_part_of_all_without_doubles(codes, seed, size):
    drawn = sample(codes, seed=seed, size=size)
    assert len(drawn) == len(set(drawn)) == min(size, len(codes))
    assert set(drawn) <= codes


@pytest.mark.parametrize(
    ("checked", "errors", "bound"),
    [(60, 0, 500), (300, 0, 100), (1, 0, 10_000), (3, 3, 10_000), (60, 1, 767), (100, 3, 758)],
    ids=["3/60", "3/300", "one box proves nothing", "all wrong", "1 of 60", "3 of 100"],
)
def test_what_a_sample_proves(checked, errors, bound):
    """The last two are the one-sided 95 % limits of Clopper and Pearson, 7.66 % and 7.57 %, rounded up."""
    assert error_bound(checked, errors) == bound


@given(st.integers(1, 2000), st.data())
def test_the_bound_lies_above_what_was_found_and_falls_with_more_looking(checked, data):
    errors = data.draw(st.integers(0, checked))
    bound = error_bound(checked, errors)
    assert errors * 10_000 <= bound * checked + checked
    assert error_bound(checked + 1, errors) <= bound


@given(st.integers(1, 300), st.data())
def test_the_bound_is_the_smallest_share_that_would_rarely_give_so_few_errors(checked, data):
    errors = data.draw(st.integers(1, checked))
    if errors == checked:
        return
    bound = error_bound(checked, errors)

    def so_few(share):
        return math.fsum(
            math.comb(checked, k) * share**k * (1 - share) ** (checked - k) for k in range(errors + 1)
        )

    assert so_few(bound / 10_000) <= 0.05 + 1e-9
    assert so_few((bound - 1) / 10_000) > 0.05 - 1e-9
