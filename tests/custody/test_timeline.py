"""What was not clean is told first, and in words that people use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.simulator.histories import DAY_US, POLLING_US, Fault, make_world

from tepat.custody.rules import fold_all
from tepat.custody.tiling import Segment, Tolerances, tile
from tepat.custody.timeline import (
    TROUBLES,
    ended,
    has_ended,
    lasting_words,
    length_words,
    segment_words,
    slots_word,
    together,
    troubles,
)
from tepat.custody.timeline_search import label_typed

MINUTE_US = 60_000_000


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "kurang dari 1 menit"),
        (45, "45 menit"),
        (60, "1 jam"),
        (125, "2 jam 5 menit"),
        (24 * 60, "1 hari"),
        (51 * 60 + 7, "2 hari 3 jam"),
    ],
)
def test_a_length_of_time_in_words(minutes, words):
    assert length_words(minutes * MINUTE_US) == words


def test_a_gap_that_a_wrong_clock_may_have_made_is_said_to_be_doubtful():
    sure = Segment("gap", "sari", "gudang:1", 0, MINUTE_US, "e1")
    assert segment_words(sure) == "Celah: dilepas, belum diterima"
    doubtful = Segment("gap", "sari", "gudang:1", 0, MINUTE_US, "e1", doubtful=True)
    assert segment_words(doubtful).endswith("(mungkin, jam tidak pasti)")


def test_every_planted_gap_is_told_and_the_worst_stands_first():
    world = make_world(3, faults={Fault.NO_RECEIPT: 2, Fault.TWO_CLAIMS: 2, Fault.ONE_SIDED: 1})
    tolerances = Tolerances()
    tilings = [
        (name, tile(history, now_us=world.now_us, tolerances=tolerances))
        for name, history in fold_all(world.facts).items()
    ]
    found = troubles(tilings)
    assert found[0].segment.kind == "dispute"
    told = {name for trouble in found for name in trouble.objects}
    assert set(world.planted) <= told
    assert {trouble.segment.kind for trouble in found} >= {"dispute", "gap", "one_sided"}


segments = st.builds(
    Segment,
    kind=st.sampled_from([*TROUBLES, "owned", "offered"]),
    holder=st.just("sari"),
    post=st.just("gudang:1"),
    from_us=st.integers(0, 1000),
    to_us=st.integers(1001, 2000),
    cause=st.just("e"),
    doubtful=st.booleans(),
)


@given(st.lists(segments, max_size=12))
def test_nothing_clean_is_told_and_nothing_unclean_is_left_out(some):
    found = troubles([("kotak:1", some)])
    assert {str(one.segment) for one in found} == {
        str(one) for one in some if one.kind not in {"owned", "offered"}
    }
    ranks = [one.rank[0] for one in found]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("091015-001-3", "091015-001-3"),
        ("0910150013", "091015-001-3"),
        ("0910150013k", "091015-001-3"),
        ("T1:3316:PEMILU-2024:091015-001-3K", "091015-001-3"),
        (" 091015-001-a ", "091015-001-A"),
        ("091015-001", "091015-001"),
        ("090000-PPK-1", "090000-PPK-1"),
        ("Kunden", ""),
        ("TPS 3 Kunden", ""),
        ("33.16.09.1015", ""),
    ],
)
def test_a_label_however_it_is_typed(typed, label):
    assert label_typed(typed) == label


def test_what_travelled_together_is_told_once():
    same = Segment("owned", "sari", "gudang:1", 0, 10, "e1")
    other = Segment("owned", "budi", "pps:1", 10, 20, "e2")
    found = together([("kotak:b", [same, other]), ("kotak:a", [same])])
    assert [(one.objects, one.segment.holder) for one in found] == [
        (("kotak:a", "kotak:b"), "sari"),
        (("kotak:b",), "budi"),
    ]
    assert slots_word(["091015-001-2", "091015-001-1", "091015-001-A"]) == "kotak 1, 2; bundel A"


def ended_boxes(*, days):
    """Return boxes that came home, and where their time ends when one looks so many days after polling."""
    world = make_world(3, faults={Fault.NO_RECEIPT: 2, Fault.MISSING: 1, Fault.STALE: 1})
    now_us = POLLING_US + days * DAY_US
    told = {}
    for name, history in fold_all(world.facts).items():
        found = tile(history, now_us=now_us, tolerances=Tolerances())
        if has_ended(history, polling_us=POLLING_US, now_us=now_us):
            found = ended(found, last_us=history.moments[-1].at_us)
        told[name] = (history, found)
    return world, told


def test_the_time_of_a_past_election_ends_with_its_last_event():
    world, told = ended_boxes(days=1013)
    for name, (history, found) in told.items():
        assert found[-1].last
        assert all(not segment.last for segment in found[:-1])
        assert found[-1].to_us <= history.moments[-1].at_us + 2 * DAY_US, name
        assert "sejak itu" in lasting_words(found[-1])
        if name not in world.planted:
            assert found[-1].kind == "owned"
    unclean = {name for trouble in troubles((n, s) for n, (_, s) in told.items()) for name in trouble.objects}
    lost = {name for name, fault in world.planted.items() if fault in {Fault.NO_RECEIPT, Fault.MISSING}}
    assert lost <= unclean, "what was never found or taken stays told"
    stale = next(name for name, fault in world.planted.items() if fault is Fault.STALE)
    assert stale not in unclean, "an old election shows nothing new, and that is no fault"


def test_before_it_is_over_only_what_is_home_again_has_ended():
    world, told = ended_boxes(days=10)
    for name, (_, found) in told.items():
        if name not in world.planted:
            assert found[-1].last
            assert found[-1].post == "gudang:1"
    stale = next(name for name, fault in world.planted.items() if fault is Fault.STALE)
    assert not told[stale][1][-1].last
    assert told[stale][1][-1].kind == "stale"
