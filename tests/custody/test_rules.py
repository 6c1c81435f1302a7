"""Who holds a box: worked examples with Sari's warehouse, a driver, Budi's PPS, Citra's PPS and a KPPS."""

import itertools

import pytest
from tests.simulator.events import BOX, MINUTE_US, START_US, Story

from tepat.custody.rules import Flag, OfferOutcome


@pytest.fixture
def story() -> Story:
    """A box that Sari holds in the warehouse."""
    told = Story()
    told.registered()
    return told


def test_without_events_nobody_has_it():
    state = Story().history().state
    assert (state.holder, state.status) == ("", "belum_ada")


def test_a_registered_box_is_in_the_registrants_hands(story):
    state = story.history().state
    assert (state.holder, state.post, state.status) == ("sari", "gudang:1", "dipegang")
    assert state.since_us == START_US + MINUTE_US


def test_while_offered_the_giver_stays_accountable(story):
    offer = story.offered(
        "sari", "supir", to_person="supir", leg="L1", expected_at="2024-02-12T03:00:00.000Z"
    )
    state = story.history().state
    assert (state.holder, state.status) == ("sari", "ditawarkan")
    assert (state.offer.id, state.offer.leg, state.offer.to_post) == (offer, "L1", "angkutan:1")
    assert state.offer.expected_us == START_US + 120 * MINUTE_US


def test_an_accepted_box_is_in_the_receivers_hands(story):
    offer = story.handed("sari", "supir")
    history = story.history()
    assert (history.state.holder, history.state.post, history.state.status) == (
        "supir",
        "angkutan:1",
        "dipegang",
    )
    assert history.outcomes == (OfferOutcome(offer, "diterima", "e3"),)
    assert not history.claims
    assert not history.state.one_sided


def test_a_whole_journey_and_back_ends_with_sari(story):
    people = ["sari", "supir", "budi", "ketua", "budi", "sari"]
    for giver, receiver in itertools.pairwise(people):
        story.handed(giver, receiver)
    history = story.history()
    assert history.state.holder == "sari"
    assert [m.holder for m in history.moments if m.kind == "custody.accepted"] == people[1:]
    assert history.claims == ()


@pytest.mark.parametrize("planned", ["besok", "2024-02-12", ""])
def test_a_plan_that_is_no_moment_is_no_plan(story, planned):
    story.offered("sari", "supir", expected_at=planned)
    expected = START_US - 60 * MINUTE_US if planned == "2024-02-12" else 0
    assert story.history().state.offer.expected_us == expected


# Acceptance in part, refusal, counting


def test_a_missing_box_stays_the_givers_until_it_is_found(story):
    offer = story.offered("sari", "budi")
    story.accepted(offer, "sari", "budi", missing=[BOX])
    state = story.history().state
    assert (state.holder, state.status, state.missing.counted_by) == ("sari", "belum_terlihat", "budi")
    story.accepted(offer, "sari", "budi")
    state = story.history().state
    assert (state.holder, state.status, state.missing) == ("budi", "dipegang", None)


def test_a_missing_box_that_is_seen_with_the_giver_is_found(story):
    offer = story.offered("sari", "budi")
    story.accepted(offer, "sari", "budi", missing=[BOX])
    before = story.history().state.last_evidence_us
    assert before == START_US + 2 * MINUTE_US  # that it was missed shows nothing
    story.seen("dewi", "sari")
    state = story.history().state
    assert (state.holder, state.status) == ("sari", "dipegang")


def test_a_missing_box_that_a_third_person_finds_elsewhere_was_not_received(story):
    offer = story.offered("sari", "budi")
    story.accepted(offer, "sari", "budi", missing=[BOX])
    story.settled("dewi", "joko")
    assert story.history().outcomes[0].outcome == "gugur"
    assert story.history().state.holder == "joko"


def test_it_is_missing_since_the_first_count_that_did_not_find_it(story):
    offer = story.offered("sari", "budi")
    first = story.accepted(offer, "sari", "budi", missing=[BOX])
    payload = {"offer": offer, "offered": 1, "counted": 0, "giver": "sari", "receiver": "budi"}
    story.add("custody.count-differs", payload | {"missing": [BOX]}, "budi")
    assert story.history().state.missing.event == first


def test_what_is_in_dispute_is_not_missing_as_well(story):
    offer = story.offered("sari", "budi")
    story.seen("dewi", "citra")
    story.accepted(offer, "sari", "budi", missing=[BOX])
    state = story.history().state
    assert (state.status, state.missing) == ("sengketa", None)


def test_missing_it_after_the_receipt_is_too_late(story):
    offer = story.handed("sari", "budi")
    story.accepted(offer, "sari", "budi", missing=[BOX])
    history = story.history()
    assert (history.state.holder, history.state.status, history.flags) == (
        "budi",
        "dipegang",
        (Flag.TOO_LATE,),
    )
    assert history.outcomes[0].outcome == "diterima"


def test_a_signed_difference_names_the_missing(story):
    offer = story.offered("sari", "budi")
    payload = {"offer": offer, "offered": 1, "counted": 0, "giver": "sari", "receiver": "budi"}
    story.add("custody.count-differs", payload | {"missing": [BOX]}, "budi")
    assert story.history().state.status == "belum_terlihat"


def test_a_box_that_was_counted_but_not_offered_is_claimed_by_who_counted_it(story):
    payload = {"offer": "x", "offered": 0, "counted": 1, "giver": "supir", "receiver": "budi"}
    story.add("custody.count-differs", payload | {"extra": [BOX]}, "budi")
    state = story.history().state
    assert (state.holder, state.status, state.claims[0].reason) == ("sari", "sengketa", "daftar beda")


def test_a_refused_box_stays_the_givers_with_its_reason_until_somebody_takes_it(story):
    offer = story.offered("sari", "budi")
    story.accepted(offer, "sari", "budi", refused=[{"object": BOX, "reason": "basah", "photo": "cd" * 32}])
    state = story.history().state
    assert (state.holder, state.status) == ("sari", "dipegang")
    assert (state.refused.reason, state.refused.by, state.refused.photo) == ("basah", "budi", "cd" * 32)
    story.handed("sari", "supir")
    assert story.history().state.refused is None


def test_refusing_everything_leaves_everything_with_the_giver(story):
    offer = story.offered("sari", "budi")
    story.refused(offer, "sari", "budi")
    history = story.history()
    assert (history.state.holder, history.state.refused.reason) == ("sari", "basah")
    assert history.outcomes[0].outcome == "ditolak"


def test_a_refusal_after_the_receipt_changes_nothing(story):
    offer = story.handed("sari", "budi")
    story.refused(offer, "sari", "budi")
    history = story.history()
    assert (history.state.holder, history.state.refused) == ("budi", None)
    assert history.flags == (Flag.TOO_LATE,)


def test_a_withdrawn_offer_is_closed_and_a_receipt_of_it_is_a_claim(story):
    offer = story.offered("sari", "budi")
    story.add("custody.withdrawn", {"offer": offer}, "sari")
    assert story.history().state.status == "dipegang"
    story.accepted(offer, "sari", "budi")
    state = story.history().state
    assert (state.holder, state.status, state.claims[0].reason) == ("sari", "sengketa", "rantai putus")


def test_only_the_giver_withdraws(story):
    offer = story.offered("sari", "budi")
    story.add("custody.withdrawn", {"offer": offer}, "citra")
    history = story.history()
    assert (history.state.status, history.flags) == ("ditawarkan", (Flag.OTHER_GIVER,))


def test_withdrawing_after_the_receipt_is_too_late(story):
    offer = story.handed("sari", "budi")
    story.add("custody.withdrawn", {"offer": offer}, "sari")
    history = story.history()
    assert (history.state.holder, history.flags) == ("budi", (Flag.TOO_LATE,))
