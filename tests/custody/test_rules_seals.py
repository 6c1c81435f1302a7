"""Seals: put on, read, opened, put on again; and one number on two boxes."""

import pytest
from tests.simulator.events import BOX, Story

from tepat.custody.rules import Flag, SealTwice, seals_used_twice


@pytest.fixture
def story() -> Story:
    """A sealed box that Sari holds."""
    told = Story()
    told.sealed("A 001", "a002")
    told.registered()
    return told


def read(story: Story, numbers: list[str] | None, giver: str = "sari", to: str = "budi", **more) -> None:
    offer = story.offered(giver, to)
    seals = [{"object": BOX, "numbers": numbers, **more}]
    story.accepted(offer, giver, to, seals=seals)


def test_what_was_put_on_is_expected(story):
    (seals,) = story.history().state.seals
    assert (seals.seal_set, seals.expected, seals.match) == ("keluar", ("A001", "A002"), None)


def test_the_same_numbers_match_however_they_are_typed(story):
    read(story, ["a002", "A001"])
    state = story.history().state
    assert (state.seals[0].match, state.flags) == (True, ())


@pytest.mark.parametrize("numbers", [["A001"], ["A001", "A003"], ["A001", "A002", "A003"], []])
def test_another_number_one_too_many_or_too_few_differs(story, numbers):
    read(story, numbers, photo="ab" * 32, second="joko")
    state = story.history().state
    assert (state.seals[0].match, state.flags) == (False, (Flag.SEAL_DIFFERS,))
    assert state.holder == "budi"  # a seal does not decide who has the box


@pytest.mark.parametrize(
    "more", [{}, {"photo": "ab" * 32}, {"second": "joko"}, {"photo": "x", "second": "budi"}]
)
def test_a_difference_takes_a_photo_and_a_second_person(story, more):
    read(story, ["A009"], **more)
    assert story.history().state.flags == (Flag.SEAL_DIFFERS, Flag.SEAL_UNWITNESSED)


def test_unread_is_no_match(story):
    read(story, None)
    state = story.history().state
    assert (state.seals[0].match, state.flags) == (None, (Flag.SEAL_UNREAD,))
    offer = story.offered("budi", "ketua")
    story.accepted(offer, "budi", "ketua")
    assert story.history().state.flags == (Flag.SEAL_UNREAD,)


def test_a_reading_of_seals_that_nobody_told_of_can_not_match():
    told = Story()
    told.registered()
    read(told, ["A001"])
    state = told.history().state
    assert (state.seals[0].read, state.seals[0].match, state.flags) == (("A001",), None, (Flag.SEAL_UNKNOWN,))
    told.sealed("A001", at=0)  # the sealing came late
    assert told.history().state.seals[0].match


def test_a_seal_without_a_number_is_expected_without_one(story):
    told = Story()
    told.sealed(unnumbered=[BOX])
    told.registered()
    read(told, [])
    (seals,) = told.history().state.seals
    assert (seals.unnumbered, seals.match) == (True, True)


def test_opening_as_planned_and_the_return_set_are_normal(story):
    story.opened("sari", planned=True)
    story.sealed("B001", seal_set="kembali", second="saksi")
    read(story, ["B001"])
    history = story.history()
    outbound, back = history.state.seals
    assert (outbound.planned, back.seal_set, back.match, history.flags) == (True, "kembali", True, ())


def test_an_opening_out_of_plan_is_told_and_an_open_box_too(story):
    story.opened("sari")
    read(story, ["A001", "A002"])
    history = story.history()
    assert history.flags == (Flag.SEAL_UNKNOWN, Flag.OPEN, Flag.OPENED_UNPLANNED)
    assert history.state.seals[0].match is None


def test_opening_and_sealing_take_two_people(story):
    story.opened("sari", second="sari", planned=True)
    assert story.history().flags == (Flag.ALONE,)
    other = Story()
    other.sealed("C001", second="")
    assert other.history().flags == (Flag.ALONE,)


def test_a_reseal_after_opening_takes_the_place_of_the_old_one(story):
    story.opened("sari")
    story.sealed("A007")
    read(story, ["A007"])
    history = story.history()
    assert history.state.seals[0].match
    assert history.flags == (Flag.OPENED_UNPLANNED,)


def test_new_seals_without_an_opening_are_told(story):
    story.sealed("A008")
    assert story.history().flags == (Flag.SEAL_REPLACED,)


def test_a_number_on_two_boxes_or_in_both_sets_is_found():
    one, two = Story("kotak-1"), Story("kotak-2")
    one.sealed("S1", "S2", id="p1")
    two.sealed("s 1", "S3", id="p2")
    one.opened("sari", planned=True)
    one.sealed("S2", seal_set="kembali", id="p3")
    two.sealed("S4", id="p4")
    two.sealed("S4", id="p5")  # sent again
    assert seals_used_twice(one.facts + two.facts) == (
        SealTwice("S1", ("kotak-1", "kotak-2"), ("p1", "p2")),
        SealTwice("S2", ("kotak-1",), ("p1", "p3")),
    )


def test_a_revoked_sealing_uses_no_number():
    one, two = Story("kotak-1"), Story("kotak-2")
    one.sealed("S1", revoked=True)
    two.sealed("S1")
    assert seals_used_twice(one.facts + two.facts) == ()
