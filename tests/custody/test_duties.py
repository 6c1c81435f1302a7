"""Nobody is ready because a list names them: only who has said so, by their own phone or on the telephone."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.conftest import KUNDEN

from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Account, Event
from tepat.common.permissions import Role
from tepat.custody import signing
from tepat.custody.duty_actions import note_ready
from tepat.custody.identity_actions import Wanted, issue_cards
from tepat.custody.identity_binding import Key, bind_device
from tepat.custody.identity_revoking import revoke
from tepat.custody.readiness_duties import acknowledged

DAY = timedelta(days=1)


@pytest.fixture
def card(office, kasubbag, budi, now):
    """Budi's card, printed and not yet bound to a phone."""
    return issue_cards(by=kasubbag.actor, at=now, wanted=Wanted(KUNDEN, (Role.PPS,), now, now + 20 * DAY))[0]


def ready(budi, at):
    return acknowledged({budi.actor.person}, at)


def a_phone():
    key = signing.office_key("hp Budi").public_key()
    return Key(signing.as_jwk(key))


def test_a_printed_card_alone_is_no_word(card, budi, now):
    assert ready(budi, now + DAY) == set()


def test_a_phone_bound_to_the_card_is_an_acknowledgement(card, budi, kasubbag, now):
    bind_device(at=now + DAY, code=card.code, key=a_phone())
    assert ready(budi, now) == set()
    assert ready(budi, now + 2 * DAY) == {budi.actor.person}
    with pytest.raises(Refused, match="DUTY-KNOWN"):
        note_ready(by=kasubbag.actor, at=now + 2 * DAY, number=card.number)


def test_a_call_noted_by_the_office_is_one_until_the_card_is_revoked(card, budi, kasubbag, now):
    note_ready(by=kasubbag.actor, at=now + DAY, number=card.number)
    assert ready(budi, now) == set(), "not before it was said"
    assert ready(budi, now + DAY) == {budi.actor.person}
    said = Event.objects.get(kind="identity.acknowledged")
    assert said.actor == kasubbag.actor.person
    assert f"orang:{budi.actor.person}" in said.objects_named
    with pytest.raises(Refused, match="DUTY-KNOWN"):
        note_ready(by=kasubbag.actor, at=now + DAY, number=card.number)
    revoke(by=kasubbag.actor, at=now + 2 * DAY, number=card.number, reason="hilang")
    assert ready(budi, now + DAY) == {budi.actor.person}, "it was so then"
    assert ready(budi, now + 3 * DAY) == set()


def test_who_may_not_note_it_does_not(card, budi, citra, dewi, now):
    for somebody in (budi, citra, dewi):
        with pytest.raises(NotAllowed):
            note_ready(by=somebody.actor, at=now, number=card.number)


def test_nobody_answers_for_themselves_and_no_lapsed_card_counts(office, kasubbag, wahyu, now):
    wanted = Wanted("33.16.09", (Role.PPK,), now, now + 20 * DAY)
    (own,) = issue_cards(by=kasubbag.actor, at=now, wanted=wanted)
    with pytest.raises(Refused, match="DUTY-OWN"):
        note_ready(by=wahyu.actor, at=now, number=own.number)
    with pytest.raises(Refused, match="CARDS-LAPSED"):
        note_ready(by=kasubbag.actor, at=now + 21 * DAY, number=own.number)


def test_the_card_s_page_has_the_button_once_and_says_who_called(card, kasubbag, monkeypatch, now):
    from tepat.custody.views import cards

    monkeypatch.setattr(cards, "now", lambda: now + DAY)
    client = Client()
    client.force_login(Account.objects.get(username=kasubbag.username))
    address = f"/serah-terima/kartu/{card.number}/"
    assert "Sudah ditelepon: siap bertugas" in client.get(address).content.decode()
    assert client.post(address, {"siap": "1"}).status_code == 302
    shown = client.get(address).content.decode()
    assert "lewat telepon, dicatat oleh" in shown
    assert "Sudah ditelepon: siap bertugas" not in shown
    assert "SIAP, TANPA HP" in client.get("/serah-terima/kartu/").content.decode()
