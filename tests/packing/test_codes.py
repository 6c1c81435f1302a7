"""Label codes: what is mistyped or foreign is refused with its own sentence."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tepat.common.errors import Refused
from tepat.packing import codes
from tepat.packing.codes import Code, check_letter, checked, payload, read, unit_code
from tepat.planning.rulesets import load_rule_set

HERE = {"office": "33.16", "election": "pemilu-2024"}
KEYS = string.ascii_uppercase + string.digits + "-. "

UNITS = st.one_of(
    st.builds(
        unit_code,
        st.builds("33.16.{:02d}.{:04d}".format, st.integers(1, 99), st.integers(1, 9999)),
        st.one_of(st.none(), st.integers(1, 999)),
    ),
    st.builds("{:02d}0000-PPK".format, st.integers(1, 99)),
)
OBJECTS = st.builds(codes.object_code, UNITS, st.sampled_from("123456789ABCDEFGH"))
LOTS = st.builds(
    codes.lot_code,
    st.sampled_from(codes.BALLOTS),
    st.sampled_from(["", *"123456789", "12", *"ABCDEFGH"]),
    st.integers(1, 9999),
)


def answer(text):
    """Return the code that a text says, or the code of its refusal."""
    try:
        return read(text, **HERE).text
    except Refused as refused:
        return refused.code


@pytest.mark.parametrize(
    ("area", "tps", "unit"),
    [
        ("33.16.09.1015", 1, "091015-001"),
        ("33.16.09.1015", 904, "091015-904"),
        ("33.16.09.1015", None, "091015-PPS"),
        ("33.16.09", None, "090000-PPK"),
    ],
)
def test_the_code_of_a_set(area, tps, unit):
    assert unit_code(area, tps) == unit


def test_objects_are_named_as_custody_knows_them():
    assert codes.object_id("pemilu-2024", "091015-001-3") == "kotak:pemilu-2024:091015-001-3"
    assert codes.object_id("pemilu-2024", "091015-001-A") == "bundel:pemilu-2024:091015-001-A"
    assert codes.set_id("pemilu-2024", "091015-001") == "set:pemilu-2024:091015-001"


def test_the_payload_of_a_label():
    letter = check_letter("091015-001-3")
    assert payload(Code("kotak", "091015-001-3"), **HERE) == f"T1:3316:PEMILU-2024:091015-001-3{letter}"


def test_a_payload_stays_in_the_small_alphabet_of_qr_codes():
    allowed = set(string.ascii_uppercase + string.digits + " $%*+-./:")
    for code in (Code("kotak", "091015-001-3"), Code("lot", "DPRDK-3-0007"), Code("barang", "F-CHASIL")):
        assert set(payload(code, **HERE)) <= allowed


@pytest.mark.parametrize(
    "code", [Code("kotak", "091015-001-3"), Code("lot", "PPWP-0-0001"), Code("barang", "TINTA")]
)
def test_a_label_of_a_rehearsal_is_read_in_a_rehearsal_only(code):
    real, drill = payload(code, **HERE), payload(code, **HERE, rehearsal=True)
    assert drill == f"L{real}"
    assert read(drill, **HERE, rehearsal=True) == read(real, **HERE) == code
    for text, rehearsal, wanted in ((drill, False, "CODE-REHEARSAL"), (real, True, "CODE-REAL")):
        with pytest.raises(Refused) as refused:
            read(text, **HERE, rehearsal=rehearsal)
        assert refused.value.code == wanted
    # What is typed says nothing of it: the eye reads LATIHAN across the label.
    assert read(code.checked, **HERE, rehearsal=True) == code


@given(text=OBJECTS)
def test_every_box_code_reads_back_scanned_and_typed(text):
    code = Code("kotak", text)
    assert read(payload(code, **HERE), **HERE) == code
    for typed in (checked(text), checked(text).lower(), checked(text).replace("-", " ")):
        assert read(typed, **HERE) == code


@given(text=LOTS)
def test_every_lot_code_reads_back(text):
    code = Code("lot", text)
    assert read(payload(code, **HERE), **HERE) == read(checked(text), **HERE) == code


def wrong_signs(text):
    for place in range(len(text)):
        for key in KEYS:
            yield text[:place] + key + text[place + 1 :]


def swapped(text):
    for place in range(len(text) - 1):
        yield text[:place] + text[place + 1] + text[place] + text[place + 2 :]


@given(text=st.one_of(OBJECTS, LOTS))
@example("DPRDP-12-0001")  # a blank for the 2 once read as another carton
def test_one_wrong_sign_or_two_swapped_neighbours_never_read_as_another_code(text):
    typed = checked(text)
    for other in (*wrong_signs(typed), *swapped(typed)):
        assert answer(other) in {text, "CODE-CHECK", "CODE-UNKNOWN"}, other


def test_all_of_it_for_one_village():
    """Every code of a desa with 40 TPS, every wrong sign, every swap: none reads as another one."""
    units = [unit_code("33.16.09.1015", tps) for tps in (None, *range(1, 41))]
    known = {checked(codes.object_code(unit, slot)) for unit in units for slot in "12345A"}
    for typed in known:
        mistakes = {*wrong_signs(typed), *swapped(typed)} - {typed}
        assert not known & mistakes, typed


@pytest.mark.parametrize("election", ["pemilu-2019", "pemilu-2024", "pilkada-2024"])
def test_no_slip_turns_one_kind_of_goods_into_another(election):
    names = {item.code for item in load_rule_set(election).items} | {"PAKET"}
    for name in names:
        typed = Code("barang", name).checked
        for other in (*wrong_signs(typed), *swapped(typed)):
            assert answer(other) not in names - {name}, (name, other)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "CODE-UNKNOWN"),
        ("https://example.org/", "CODE-UNKNOWN"),
        ("091015-001-3", "CODE-UNKNOWN"),
        ("091015-000Z-3K", "CODE-UNKNOWN"),
        ("090000-PPS-A" + check_letter("090000-PPS-A"), "CODE-UNKNOWN"),
        ("T2:3316:PEMILU-2024:" + checked("091015-001-3"), "CODE-VERSION"),
        ("T1:3317:PEMILU-2024:" + checked("091015-001-3"), "CODE-OTHER-OFFICE"),
        ("T1:3316:PILKADA-2024:" + checked("091015-001-3"), "CODE-OTHER-ELECTION"),
        ("L1:3316:PEMILU-2024:" + checked("091015-001-3"), "CODE-UNKNOWN"),
        ("9" * 5000, "CODE-UNKNOWN"),
        ("T1:3316:PEMILU-2024:٣", "CODE-UNKNOWN"),
        ("٠٩١٠١٥-٠٠١-٣K", "CODE-UNKNOWN"),
    ],
)
def test_what_is_not_ours_says_why(text, code):
    assert answer(text) == code


@given(text=st.text(max_size=200))
def test_nothing_that_is_scanned_breaks_it(text):
    answer(text)
