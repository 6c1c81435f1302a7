"""Scanned or typed: each event says how its objects were read, and the timeline says how many were typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import ValidationError
from tests.custody.conftest import BOXES, PPS
from tests.custody.test_actions import at_pps, later
from tests.custody.test_screens import enter, page

from tepat.common.models import Event
from tepat.custody.actions import Count, Read, To, accept, offer
from tepat.custody.events import Offered, Seen, how_read, read_counts, read_payload, read_sent
from tepat.custody.words import read_words


@given(st.lists(st.sampled_from("stu"), max_size=500))
def test_runs_say_of_each_object_how_it_was_read(letters):
    names = [f"kotak:{place:03d}" for place in range(len(letters))]
    typed = [name for name, letter in zip(names, letters, strict=True) if letter == "t"]
    unread = [name for name, letter in zip(names, letters, strict=True) if letter == "u"]
    how = how_read(names, typed=typed, unread=unread)
    assert read_counts(how) == {letter: letters.count(letter) for letter in "stu"}
    sent = {"to_post": PPS, "list_hash": "0" * 64, "how": how}
    assert read_sent("custody.offered", sent) == Offered(PPS, "0" * 64, how=how)


def test_events_from_before_it_was_asked_are_read_and_say_nothing():
    old = read_payload("custody.seen", {"with_person": "a", "post": PPS})
    assert old == Seen("a", PPS)
    assert read_words(old) == ""
    assert read_words(Seen("a", PPS, how="50s")) == ""
    assert read_words(Seen("a", PPS, how="40s2t8s3u")) == "2 dari 50 diketik"


@pytest.mark.parametrize("how", ["s", "0s", "5x", "5 s", "1s" * 501, "2t,", "1000s"])
def test_a_phone_that_sends_something_else_is_refused(how):
    with pytest.raises(ValidationError, match="how"):
        read_sent("custody.seen", {"with_person": "", "post": PPS, "how": how})


def test_a_phone_cannot_confirm_a_paper():
    said = {"offer": "o", "list_hash": "0", "giver": "a", "receiver": "b", "post": PPS, "confirms": "x"}
    with pytest.raises(ValidationError, match="confirms"):
        read_sent("custody.accepted", said)


def test_offer_and_receipt_say_it_and_the_timeline_shows_it(sari, budi, boxes, kasubbag):
    (made,) = offer(
        by=sari.actor,
        at=later(1),
        objects=boxes,
        to=To(PPS, read=Read(typed=(BOXES[1],), unread=(BOXES[4],))),
    )
    count = Count(missing=(BOXES[0],), typed=(BOXES[2], BOXES[3]))
    event = accept(by=budi.actor, at=later(2), offer_id=made, hands=at_pps(budi), count=count)
    assert Event.objects.get(pk=made).payload["how"] == "1s1t2s1u"
    assert event.payload["how"] == "1u1s2t1s"
    shown = page(kasubbag, "/garis-waktu/kotak/091015-001-3/")
    assert "1 dari 4 diketik" in shown
    assert "2 dari 4 diketik" in shown


def test_the_offices_screen_knows_a_scanner_from_a_hand(sari, budi, boxes):
    scanned = [f"T1:3316:PEMILU-2024:{name.rpartition(':')[2]}" for name in BOXES[:3]]
    typed = [name.rpartition(":")[2] for name in BOXES[3:]]
    enter(sari).post(f"/serah-terima/serahkan/?tujuan={PPS}", {"codes": "\n".join(scanned + typed)})
    made = Event.objects.get(kind="custody.offered")
    assert made.payload["how"] == "3s2t"
    sent = {"codes": "\n".join([*scanned, *typed]), "terima": "1"}
    enter(budi).post(f"/serah-terima/tawaran/{made.pk}/terima/", sent)
    assert Event.objects.get(kind="custody.accepted").payload["how"] == "3s2t"
