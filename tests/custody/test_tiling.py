"""The gap detector: planted faults are found, nothing else is, and each instant has one holder."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.simulator.events import MINUTE_US, START_US, Story
from tests.simulator.histories import HOUR_US, NOW_US, Fault, World, make_world

from tepat.custody.rules import Flag, History, fold_all
from tepat.custody.tiling import Segment, Tolerances, faults_of, tile, totals

TOLERANCES = Tolerances()

FOUND_AS = {
    Fault.NO_RECEIPT: {"gap"},
    Fault.TWO_CLAIMS: {"dispute"},
    Fault.ONE_SIDED: {"one_sided"},
    Fault.STALE: {"stale"},
    Fault.LATE: {"gap"},
    Fault.FOREIGN_DEVICE: {"identitas dicabut"},
    Fault.MISSING: {"missing"},
    Fault.REFUSED: {"ditolak"},
    Fault.WRONG_SEAL: {"segel beda"},
}


def findings(history: History, segments: tuple[Segment, ...]) -> set[str]:
    """Everything that the office would be told about one box."""
    found = {each.kind for each in segments if each.kind not in ("owned", "offered") and not each.doubtful}
    found |= {"ditolak"} if history.state.refused else set()
    found |= {str(flag) for flag in (Flag.REVOKED, Flag.SEAL_DIFFERS) if flag in history.flags}
    return found


def found_in(world: World) -> dict[str, set[str]]:
    facts = list(world.facts)
    random.Random(7).shuffle(facts)
    found = {}
    for box, history in fold_all(facts).items():
        segments = tile(history, now_us=world.now_us, tolerances=TOLERANCES)
        assert faults_of(segments, from_us=first_held_us(history), to_us=world.now_us) == ()
        found[box] = findings(history, segments)
    return found


def first_held_us(history: History) -> int:
    return next(moment.at_us for moment in history.moments if moment.holder)


def stale_or(expected: set[str], found: set[str]) -> set[str]:
    """A box of which nothing more is heard grows stale as well: that is no false alarm."""
    return found - {"stale"} if expected != {"stale"} else found


@pytest.mark.parametrize("seed", range(5))
def test_all_planted_faults_are_found_and_nothing_else(seed):
    world = make_world(seed, villages=4, faults=dict.fromkeys(Fault, 4))
    found = found_in(world)
    assert set(found) == set(world.boxes)
    for box in world.boxes:
        fault = world.planted.get(box)
        expected = FOUND_AS.get(fault, set()) if fault else set()
        ended = fault in {Fault.REFUSED, Fault.STALE}
        assert (stale_or(expected, found[box]) if ended else found[box]) == expected, (box, fault)


@given(seed=st.integers(0, 10**6), counts=st.dictionaries(st.sampled_from(Fault), st.integers(1, 3)))
def test_any_mixture_of_faults_is_found_and_no_sound_box_is_suspected(seed, counts):
    world = make_world(seed, villages=2, tps=4, faults=counts)
    found = found_in(world)
    suspected = {box for box, findings_ in found.items() if findings_}
    planted = {box for box, fault in world.planted.items() if fault is not Fault.WRONG_CLOCK}
    assert suspected == planted
    for box in planted:
        assert FOUND_AS[world.planted[box]] <= found[box]


def test_a_wrong_clock_raises_no_alarm_that_is_sure():
    world = make_world(3, villages=6, faults={Fault.WRONG_CLOCK: 40})
    histories = fold_all(world.facts)
    tilings = [tile(each, now_us=NOW_US, tolerances=TOLERANCES) for each in histories.values()]
    figures = totals(tilings)
    assert figures.without_gap == len(world.boxes)
    assert figures.gap_us == 0
    assert 0 < figures.doubtful <= 40
    assert all(each.state.holder == "sari" and not each.claims for each in histories.values())


def test_a_late_receipt_is_a_gap_from_grace_to_receipt():
    world = make_world(11, villages=1, faults={Fault.LATE: 1})
    (box,) = world.planted
    segments = tile(fold_all(world.facts)[box], now_us=NOW_US, tolerances=TOLERANCES)
    (gap,) = [each for each in segments if each.kind == "gap"]
    # Received 3.5 to 5.5 hours after the offer; planned after one, one more of grace.
    assert (gap.to_us - gap.from_us) / HOUR_US in (1.5, 2.5, 3.5)
    figures = totals([segments])
    assert (figures.objects, figures.without_gap) == (1, 0)
    assert figures.gap_us == figures.longest_gap_us == gap.to_us - gap.from_us


@pytest.mark.parametrize(
    ("plan", "gap_after_min"),
    [
        ("2024-02-12T05:00:00Z", 5 * 60),  # planned four hours after the beginning, and one of grace
        ("2024-02-12T00:00:00Z", 2 + 60),  # offered when the plan was over: one hour from the offer on
        ("", 2 + 6 * 60),  # without a plan: six hours from the offer on, whoever was present since
    ],
)
def test_an_offer_becomes_a_gap(plan, gap_after_min):
    story = Story()
    story.registered(at=0)
    story.offered("sari", "budi", at=2, expected_at=plan)
    story.add("custody.present", {"presence": "ppk"}, "wati", at=30)
    segments = tile(story.history(), now_us=START_US + 24 * HOUR_US, tolerances=TOLERANCES)
    assert [each.kind for each in segments] == ["owned", "offered", "gap"]
    assert segments[-1].from_us == START_US + gap_after_min * MINUTE_US


def test_while_offered_and_in_a_gap_the_giver_is_accountable():
    world = make_world(5, villages=1, faults={Fault.NO_RECEIPT: 3})
    histories = fold_all(world.facts)
    for box in world.planted:
        history = histories[box]
        segments = tile(history, now_us=NOW_US, tolerances=TOLERANCES)
        assert [each.kind for each in segments[-2:]] == ["offered", "gap"]
        assert segments[-1].holder == history.state.offer.giver == history.state.holder
        assert segments[-1].to_us == NOW_US


def test_before_the_registration_there_is_no_segment():
    world = make_world(1, villages=1, tps=1)
    history = fold_all(world.facts)[world.boxes[0]]
    began = first_held_us(history)
    assert tile(history, now_us=began, tolerances=TOLERANCES) == ()
    (only,) = tile(history, now_us=began + 1, tolerances=TOLERANCES)
    assert (only.from_us, only.to_us, only.holder) == (began, began + 1, "sari")


@given(now_us=st.integers(NOW_US - 16 * 24 * HOUR_US, NOW_US))
def test_at_any_moment_of_the_past_one_person_is_accountable(now_us):
    world = make_world(2, villages=1, tps=2, faults={Fault.TWO_CLAIMS: 2, Fault.MISSING: 2, Fault.LATE: 2})
    for history in fold_all(world.facts).values():
        began = first_held_us(history)
        segments = tile(history, now_us=now_us, tolerances=TOLERANCES)
        if now_us <= began:
            assert segments == ()
        else:
            assert faults_of(segments, from_us=began, to_us=now_us) == ()


def segment(from_us: int, to_us: int, holder: str = "sari") -> Segment:
    return Segment("owned", holder, "gudang:1", from_us, to_us, "e1")


@pytest.mark.parametrize(
    ("segments", "fault"),
    [
        ([segment(0, 5), segment(6, 10)], "0 accountable at 5"),
        ([segment(0, 6), segment(5, 10, "budi")], "2 accountable at 5"),
        ([segment(0, 5), segment(5, 10, "")], "nobody from 5"),
        ([segment(0, 10), segment(10, 12)], "a segment from 10 to 12"),
        ([segment(0, 10), segment(5, 5)], "a segment from 5 to 5"),
        ([], "0 accountable at 0"),
    ],
)
def test_the_proof_names_holes_overlaps_and_nobody(segments, fault):
    assert fault in faults_of(segments, from_us=0, to_us=10)


def test_the_proof_takes_segments_in_any_order():
    assert faults_of([segment(5, 10, "budi"), segment(0, 5)], from_us=0, to_us=10) == ()
