"""Who holds a box when people disagree: claims, disputes, settling, deputies, revoked identities."""

import pytest
from tests.simulator.events import BOX, MINUTE_US, POSTS, START_US, Story

from tepat.custody.rules import Flag, OfferOutcome


@pytest.fixture
def story() -> Story:
    """A box that Sari holds in the warehouse."""
    told = Story()
    told.registered()
    return told


def test_a_receipt_whose_offer_has_not_come_makes_the_receiver_accountable_but_one_sided(story):
    story.accepted("yet-to-come", "sari", "budi")
    state = story.history().state
    assert (state.holder, state.status, state.one_sided) == ("budi", "dipegang", True)
    story.offered("sari", "budi", id="yet-to-come")
    state = story.history().state
    assert (state.holder, state.one_sided) == ("budi", False)


def test_a_receipt_of_a_second_offer_of_the_giver_makes_it_two_sided(story):
    story.accepted("never-came", "sari", "budi")
    offer = story.offered("sari", "budi")
    story.accepted(offer, "sari", "budi")
    history = story.history()
    assert (history.state.holder, history.state.one_sided) == ("budi", False)
    assert history.outcomes == (OfferOutcome(offer, "diterima", "e4"),)


def test_a_giver_who_signs_alone_makes_it_one_sided(story):
    offer = story.offered("sari", "budi")
    story.accepted(offer, "sari", "budi", by="sari")
    state = story.history().state
    assert (state.holder, state.one_sided, state.flags) == ("budi", True, (Flag.ALONE,))
    story.accepted(offer, "sari", "budi")
    assert not story.history().state.one_sided


def test_one_phone_is_two_people(story):
    offer = story.offered("sari", "budi")
    story.accepted(offer, "sari", "budi", by="sari", one_phone=True, proof="kartu-pin", pin="lupa")
    state = story.history().state
    assert (state.one_sided, state.flags) == (False, (Flag.ONE_PHONE, Flag.PIN_FORGOTTEN))


def test_a_receipt_from_a_sheet_of_paper_says_so(story):
    offer = story.offered("sari", "budi")
    story.accepted(offer, "sari", "budi", by="operator", proof="kertas")
    state = story.history().state
    assert (state.one_sided, state.flags) == (False, (Flag.ON_PAPER,))


def test_taking_over_from_oneself_changes_nothing(story):
    story.taken_over("sari", "sari")
    assert (story.history().state.holder, story.history().flags) == ("sari", ())


def test_the_same_offer_accepted_twice_is_in_dispute_and_the_first_receiver_accountable(story):
    offer = story.handed("sari", "budi")
    story.accepted(offer, "sari", "citra")
    history = story.history()
    assert (history.state.holder, history.state.status) == ("budi", "sengketa")
    (claim,) = history.state.claims
    assert (claim.claimant, claim.reason, claim.post) == ("citra", "dua klaim", POSTS["citra"])
    assert history.outcomes[0].outcome == "sengketa"


def test_accepting_twice_oneself_is_no_dispute(story):
    offer = story.handed("sari", "budi")
    story.accepted(offer, "sari", "budi")
    assert story.history().state.status == "dipegang"


def test_a_receipt_from_somebody_who_does_not_hold_it_is_a_claim(story):
    offer = story.offered("citra", "budi")
    story.accepted(offer, "citra", "budi")
    history = story.history()
    assert (history.state.holder, history.state.status) == ("sari", "sengketa")
    assert history.state.claims[0].reason == "rantai putus"
    assert Flag.NOT_HELD in history.flags


def test_the_missing_link_heals_the_chain(story):
    second = story.offered("supir", "budi", at=30)
    story.accepted(second, "supir", "budi", at=31)
    assert story.history().state.status == "sengketa"
    first = story.offered("sari", "supir", at=10)
    story.accepted(first, "sari", "supir", at=11)
    history = story.history()
    assert (history.state.holder, history.state.status, history.claims) == ("budi", "dipegang", ())


def test_a_receipt_of_another_list_is_a_claim(story):
    offer = story.offered("sari", "budi")
    story.accepted(offer, "sari", "budi", list_hash="00" * 32)
    assert story.history().state.claims[0].reason == "daftar beda"


def test_a_box_found_with_another_person_is_in_dispute(story):
    story.seen("dewi", "citra")
    state = story.history().state
    assert (state.holder, state.status, state.claims[0].reason) == ("sari", "sengketa", "temuan")


def test_a_scan_with_the_receiver_of_the_open_offer_is_no_find(story):
    story.offered("sari", "budi")
    story.seen("dewi", "budi")
    history = story.history()
    assert (history.state.status, history.flags) == ("ditawarkan", (Flag.WITH_RECEIVER,))


def test_in_dispute_nothing_moves_it_until_a_third_person_scans_it(story):
    offer = story.handed("sari", "budi")
    story.accepted(offer, "sari", "citra")
    story.handed("budi", "ketua")
    assert story.history().state.holder == "budi"
    assert len(story.history().state.claims) == 2
    story.settled("dewi", "ketua")
    history = story.history()
    assert (history.state.holder, history.state.status, history.state.claims) == ("ketua", "dipegang", ())
    assert len(history.claims) == 2  # kept for ever
    assert "sengketa" not in {each.outcome for each in history.outcomes}


@pytest.mark.parametrize("party", ["budi", "citra"])
def test_who_is_part_of_the_dispute_does_not_settle_it(story, party):
    offer = story.handed("sari", "budi")
    story.accepted(offer, "sari", "citra")
    story.settled(party, "citra")
    history = story.history()
    assert (history.state.holder, history.state.status) == ("budi", "sengketa")
    assert Flag.NOT_THIRD in history.flags


def test_settling_ends_a_search(story):
    offer = story.offered("sari", "budi")
    story.accepted(offer, "sari", "budi", missing=[BOX])
    story.settled("dewi", "budi")
    history = story.history()
    assert (history.state.holder, history.state.status) == ("budi", "dipegang")
    assert history.outcomes[0].outcome == "diterima"


def test_settling_where_nothing_was_in_dispute_is_one_sided(story):
    story.settled("dewi", "budi")
    state = story.history().state
    assert (state.holder, state.one_sided, state.flags) == ("budi", True, (Flag.UNDISPUTED,))


def test_a_claim_that_may_be_older_than_the_settling_opens_no_new_dispute(story):
    offer = story.handed("sari", "budi")
    story.settled("dewi", "budi", at=60)
    story.accepted(offer, "sari", "citra", at=70, uncertainty_s=1200)
    history = story.history()
    assert (history.state.status, history.claims) == ("dipegang", ())
    assert Flag.BEFORE_SETTLING in history.flags
    story.accepted(offer, "sari", "citra", at=80, uncertainty_s=60)
    assert story.history().state.status == "sengketa"


def test_an_open_offer_of_somebody_who_never_had_it_is_void_after_a_settling(story):
    offer = story.offered("citra", "budi")
    story.settled("dewi", "sari", at=60)
    story.accepted(offer, "citra", "budi", at=70, uncertainty_s=1200)
    assert story.history().outcomes[0].outcome == "gugur"


def test_a_second_registration_by_another_is_a_claim(story):
    story.registered("citra")
    state = story.history().state
    assert (state.holder, state.status) == ("sari", "sengketa")


def test_without_a_registration_the_first_receiver_is_accountable():
    told = Story()
    told.handed("sari", "budi")
    history = told.history()
    assert history.state.holder == "budi"
    assert Flag.NOT_REGISTERED in history.flags


def test_a_registration_that_came_late_still_stands_first():
    told = Story()
    told.handed("sari", "budi")
    told.registered(at=40)
    history = told.history()
    assert history.moments[0].kind == "custody.registered"
    assert (history.state.holder, history.state.status) == ("budi", "dipegang")


# Take-over, presence, revoked identities


def test_a_deputy_takes_over_boxes_and_open_offers(story):
    offer = story.offered("sari", "budi")
    story.taken_over("sari", "joko")
    state = story.history().state
    assert (state.holder, state.status, state.offer.giver) == ("joko", "ditawarkan", "joko")
    story.accepted(offer, "sari", "budi")
    history = story.history()
    assert (history.state.holder, history.claims) == ("budi", ())


def test_after_a_take_over_a_receipt_that_names_the_former_person_still_has_a_chain(story):
    story.taken_over("sari", "joko")
    story.accepted("never-came", "sari", "budi")
    state = story.history().state
    assert (state.holder, state.one_sided) == ("budi", True)


def test_a_deputy_who_gave_it_back_no_longer_answers_for_the_first_person(story):
    story.taken_over("sari", "joko")
    story.taken_over("joko", "sari")
    story.handed("sari", "budi")
    story.handed("budi", "joko")
    story.accepted("never-came", "sari", "citra")
    state = story.history().state
    assert (state.holder, state.claims[0].claimant) == ("joko", "citra")


def test_who_took_it_back_by_a_receipt_answers_for_themselves_again(story):
    story.taken_over("sari", "joko")
    story.handed("joko", "sari")
    story.handed("sari", "budi")
    story.handed("budi", "joko")
    story.accepted("never-came", "sari", "citra")
    state = story.history().state
    assert (state.holder, state.claims[0].claimant) == ("joko", "citra")


def test_an_offer_may_be_accepted_while_its_maker_has_it_again(story):
    offer = story.offered("sari", "budi")
    story.taken_over("sari", "joko")
    story.handed("joko", "sari")
    story.accepted(offer, "sari", "budi")
    history = story.history()
    assert (history.state.holder, history.claims) == ("budi", ())


def test_who_claims_twice_has_one_open_claim_and_both_are_kept(story):
    story.seen("dewi", "citra")
    story.seen("dewi", "citra")
    history = story.history()
    assert (len(history.state.claims), len(history.claims)) == (1, 2)


def test_a_take_over_from_somebody_who_does_not_hold_it_changes_nothing(story):
    story.taken_over("budi", "citra")
    history = story.history()
    assert (history.state.holder, history.flags) == ("sari", (Flag.NOT_HELD,))


def test_a_take_over_goes_on_in_a_dispute(story):
    story.seen("dewi", "citra")
    story.taken_over("sari", "joko")
    assert (story.history().state.holder, story.history().state.status) == ("joko", "sengketa")


def test_a_claimant_who_takes_over_claims_nothing_more(story):
    story.seen("dewi", "citra")
    story.taken_over("sari", "citra")
    assert (story.history().state.holder, story.history().state.status) == ("citra", "dipegang")


def test_who_is_present_never_holds(story):
    story.add("custody.present", {"presence": "polri", "person": "wati"}, "wati")
    story.add("custody.departed", {"trip": "1"}, "supir", place="33.16")
    history = story.history()
    assert (history.state.holder, history.state.place) == ("sari", "33.16")
    assert [moment.evidence for moment in history.moments] == [True, False, True]


def test_a_revoked_identity_is_left_out_and_told(story):
    offer = story.offered("sari", "budi")
    stranger = story.accepted(offer, "sari", "citra", revoked=True)
    story.accepted(offer, "sari", "budi")
    history = story.history()
    assert (history.state.holder, history.claims) == ("budi", ())
    assert (history.left_out, history.flags) == ((stranger,), (Flag.REVOKED,))


def test_other_receiver_and_post_than_offered_are_told(story):
    offer = story.offered("sari", "budi", to_person="budi")
    story.accepted(offer, "sari", "citra")
    state = story.history().state
    assert state.holder == "citra"
    assert state.flags == (Flag.OTHER_POST, Flag.OTHER_RECEIVER)


def test_a_box_beside_the_list_is_one_sided(story):
    story.accepted("list-of-others", "sari", "budi", extra=[BOX])
    state = story.history().state
    assert (state.holder, state.one_sided, state.flags) == ("budi", True, (Flag.NOT_LISTED,))


def test_two_offers_at_once_and_the_second_one_accepted_voids_the_first(story):
    first = story.offered("sari", "budi")
    second = story.offered("sari", "citra")
    assert story.history().state.offer.id == second
    story.accepted(second, "sari", "citra")
    assert [each.outcome for each in story.history().outcomes] == ["gugur", "diterima"]
    story.accepted(first, "sari", "budi")
    assert story.history().state.claims[0].reason == "dua klaim"


def test_an_offer_made_before_it_was_held_counts_from_then_on(story):
    early = story.offered("supir", "budi", at=2)
    story.accepted(story.offered("sari", "supir", at=3), "sari", "supir", at=9)
    state = story.history().state
    assert (state.holder, state.status, state.offer.id) == ("supir", "ditawarkan", early)
    assert state.offer.at_us == START_US + 9 * MINUTE_US
