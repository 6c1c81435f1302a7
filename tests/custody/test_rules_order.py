"""The same set of events gives the same answer; whatever is sent, exactly one person is accountable."""

from collections import defaultdict
from itertools import pairwise, permutations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.simulator.events import Story
from tests.simulator.wild import BOX, any_facts, events

from tepat.custody.closing import balance
from tepat.custody.events import Sealed
from tepat.custody.facts import Fact
from tepat.custody.rules import Status, fold, fold_all, fold_each
from tepat.custody.rules_order import once_each, ordered
from tepat.custody.tiling import Tolerances, faults_of, tile

SECOND_US = 1_000_000


def as_bytes(history) -> bytes:
    return msgspec.json.encode(history)


@given(facts=any_facts(), data=st.data())
def test_neither_order_nor_repetition_changes_a_byte(facts, data):
    told = fold(facts, object_id=BOX)
    shuffled = data.draw(st.permutations(facts + facts[: len(facts) // 2]))
    assert as_bytes(fold(shuffled, object_id=BOX)) == as_bytes(told)
    assert fold_all(shuffled) == ({BOX: told} if facts else {})
    assert fold_each({BOX: shuffled}) == {BOX: told}


@given(facts=any_facts(), numbers=st.lists(st.sampled_from([(), ("S1",), ("S2",)]), min_size=3, max_size=3))
def test_boxes_that_travel_together_have_the_histories_that_each_has_alone(facts, numbers):
    boxes = dict(zip(("kotak:2", "kotak:3", "kotak:4"), numbers, strict=True))
    sealed = Sealed(seals=boxes, second="budi")
    facts = [*facts, Fact(id="s", kind="packing.sealed", payload=sealed, at_us=60 * SECOND_US, actor="sari")]
    together = fold_each(dict.fromkeys([BOX, *boxes], facts))
    assert together == {box: fold(facts, object_id=box) for box in (BOX, *boxes)}


def test_each_order_of_a_small_story_is_the_same_history():
    story = Story()
    story.registered(at=5)
    offer = story.offered("sari", "budi", at=5)
    story.accepted(offer, "sari", "budi", at=5)
    story.accepted(offer, "sari", "citra", at=5)
    story.settled("dewi", "citra", at=5)
    told = {as_bytes(fold(each, object_id=story.box)) for each in permutations(story.facts)}
    assert len(told) == 1


@given(facts=any_facts())
def test_from_the_first_holder_on_there_is_always_exactly_one(facts):
    history = fold(facts, object_id=BOX)
    holders = [moment.holder for moment in history.moments]
    first = next((place for place, holder in enumerate(holders) if holder), len(holders))
    assert all(holders[first:])
    assert all(one.at_us <= later.at_us for one, later in pairwise(history.moments))
    if first < len(holders):
        began = history.moments[first].at_us
        segments = tile(history, now_us=began + 10**9, tolerances=Tolerances(grace_s=7, offered_s=11))
        assert faults_of(segments, from_us=began, to_us=began + 10**9) == ()
    registered = [fact for fact in facts if fact.kind == "custody.registered" and not fact.revoked]
    if registered:
        assert history.state.holder


@given(facts=any_facts())
def test_the_state_says_what_the_last_moment_says(facts):
    history = fold(facts, object_id=BOX)
    state = history.state
    if history.moments:
        last = history.moments[-1]
        assert (last.holder, last.post, last.status) == (state.holder, state.post, state.status)
        assert last.offer == (state.offer.id if state.offer else "")
    assert state.status in Status.__value__.__args__
    assert (state.status == "sengketa") == bool(state.claims)
    assert state.status == "belum_ada" or state.holder
    assert state.holder not in {claim.claimant for claim in state.claims}
    assert set(state.claims) <= set(history.claims)
    assert state.offer is None or state.offer.giver == state.holder
    assert set(history.left_out) | {moment.event for moment in history.moments} == {f.id for f in facts}


@given(facts=any_facts())
def test_every_offer_balances_whatever_was_answered(facts):
    history = fold(facts, object_id=BOX)
    offers = [fact for fact in facts if fact.kind == "custody.offered"]
    sheets = balance(offers, {BOX: history})
    assert set(sheets) == {offer.id for offer in offers if not offer.revoked}
    assert all(sheet.balanced for sheet in sheets.values())


@given(facts=any_facts(), extra=events("x1", "custody.present"))
def test_who_is_present_moves_nothing(facts, extra):
    extra = msgspec.structs.replace(extra, device="", counter=0)
    before, after = fold(facts, object_id=BOX), fold([*facts, extra], object_id=BOX)
    assert after.state == before.state


@given(facts=any_facts())
def test_what_a_revoked_identity_sent_changes_nothing(facts):
    kept = [fact for fact in facts if not fact.revoked]
    assert fold(kept, object_id=BOX).state == fold(facts, object_id=BOX).state


def order_of(facts: list[Fact]) -> tuple[list[str], list[int]]:
    order, times = ordered(once_each(facts))
    return [fact.id for fact in order], [at_us // SECOND_US for at_us in times]


@given(facts=any_facts())
def test_each_event_has_one_place_and_times_never_run_back(facts):
    ids, times = order_of(facts)
    assert sorted(ids) == sorted(fact.id for fact in facts)
    assert times == sorted(times)


@given(facts=any_facts(), data=st.data())
def test_counters_are_kept_where_they_do_not_run_in_a_circle(facts, data):
    # Counters that rise with a hidden true order, at any estimated times: no circle is possible.
    kept = [fact for fact in facts if fact.kind in {"custody.seen", "custody.offered", "custody.arrived"}]
    numbered = [msgspec.structs.replace(fact, counter=place + 1) for place, fact in enumerate(kept)]
    ids, _ = order_of(data.draw(st.permutations(numbered)))
    places: dict[str, list[int]] = defaultdict(list)
    for fact in numbered:
        if fact.device:
            places[fact.device].append(ids.index(fact.id))
    assert all(each == sorted(each) for each in places.values())


def test_an_answer_never_stands_before_its_offer():
    story = Story()
    story.registered(at=0)
    story.offered("sari", "budi", at=30, id="o")
    story.accepted("o", "sari", "budi", at=10, id="a")
    ids, times = order_of(story.facts)
    assert ids == ["e1", "o", "a"]
    assert times[1] == times[2] == times[0] + 30 * 60  # both sure: the later one holds


@pytest.mark.parametrize("unsure", ["o", "a"])
def test_a_doubtful_time_gives_way_to_a_certain_one(unsure):
    story = Story()
    story.registered(at=0)
    story.offered("sari", "budi", at=30, id="o", uncertainty_s=3600 * (unsure == "o"))
    story.accepted("o", "sari", "budi", at=10, id="a", uncertainty_s=3600 * (unsure == "a"))
    _, times = order_of(story.facts)
    assert times[1] == times[2] == times[0] + (10 if unsure == "o" else 30) * 60


def test_a_receipt_on_anothers_phone_with_a_wrong_clock_does_not_break_the_chain():
    story = Story()
    story.registered(at=0)
    # Budi's card on the driver's phone, whose clock was set in between: an interval of four hours.
    first = story.offered("sari", "supir", at=1)
    story.accepted(first, "sari", "supir", at=2)
    offer = story.offered("supir", "budi", at=100, device="hp-supir", counter=1, uncertainty_s=7200)
    story.accepted(
        offer, "supir", "budi", at=101, device="hp-supir", counter=2, uncertainty_s=7200, one_phone=True
    )
    second = story.offered("budi", "ketua", at=60, device="hp-budi", counter=1)
    story.accepted(second, "budi", "ketua", at=61)
    history = story.history()
    assert (history.state.holder, history.claims) == ("ketua", ())


def test_a_giver_who_surely_had_it_only_later_does_break_it():
    story = Story()
    story.registered(at=0)
    second = story.offered("budi", "ketua", at=10)
    story.accepted(second, "budi", "ketua", at=11)
    first = story.offered("sari", "budi", at=50)
    story.accepted(first, "sari", "budi", at=51)
    assert story.history().state.status == "sengketa"


def test_forged_counters_that_run_in_a_circle_end_in_an_order_all_the_same():
    story = Story()
    story.registered(at=0)
    story.accepted("o", "sari", "budi", at=1, id="a", device="hp", counter=1)
    story.offered("sari", "budi", at=2, id="o", device="hp", counter=2)
    ids, _ = order_of(story.facts)
    assert sorted(ids) == ["a", "e1", "o"]
    assert len({as_bytes(fold(each, object_id=story.box)) for each in permutations(story.facts)}) == 1


def test_two_different_events_of_one_id_are_our_mistake():
    story = Story()
    story.registered()
    other = msgspec.structs.replace(story.facts[0], actor="citra")
    with pytest.raises(AssertionError, match="differ"):
        fold([*story.facts, other], object_id=story.box)
