"""What lies in the tray is taken in by somebody who looked, with both times; never what may be forged."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.conftest import NOW
from tests.field.phones import BOXES

from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Account, Event
from tepat.custody import holdings
from tepat.custody.models import Device, SignedStatement, TrayItem
from tepat.field.late_actions import take_in

LATER = NOW + timedelta(days=31)


@pytest.fixture
def expired(sari_phone, clock):
    """A registration that Sari's phone signed after her card had ended, and then sent."""
    clock["now"] = NOW + timedelta(days=30)
    assert sari_phone.sends(sari_phone.registers()) == ["FIELD-EXPIRED"]
    return TrayItem.objects.get()


def test_what_came_after_the_card_had_ended_is_taken_in_with_both_times(expired, sari_phone, kasubbag):
    event = take_in(by=kasubbag.actor, at=LATER, item=expired.pk, reason="tugasnya diperpanjang")
    assert (str(event.actor), event.recorded_at) == (sari_phone.person, LATER)
    assert event.occurred_at < LATER - timedelta(hours=23)
    assert SignedStatement.objects.filter(event=event).exists()
    said = Event.objects.get(kind="custody.tray-taken-in")
    assert (said.actor, said.payload["event"]) == (kasubbag.actor.person, str(event.pk))
    holdings.refresh()
    assert holdings.state_of(BOXES[:1])[BOXES[0]].holder == sari_phone.person
    expired.refresh_from_db()
    assert (expired.taken_in_at, expired.note) == (LATER, "tugasnya diperpanjang")
    assert Device.objects.get(person_id=sari_phone.person).valid_to < LATER
    with pytest.raises(Refused, match="TRAY-TAKEN"):
        take_in(by=kasubbag.actor, at=LATER, item=expired.pk, reason="lagi")


def test_it_takes_a_reason_another_person_and_the_right(expired, sari, sari_phone, budi, kasubbag):
    with pytest.raises(Refused, match="TRAY-NO-REASON"):
        take_in(by=kasubbag.actor, at=LATER, item=expired.pk, reason=" ")
    for somebody in (sari, budi):
        with pytest.raises(NotAllowed):
            take_in(by=somebody.actor, at=LATER, item=expired.pk, reason="x")
    assert not Event.objects.filter(kind="custody.registered").exists()


def test_a_receipt_from_another_post_can_be_true(sari_phone, budi_phone, kasubbag):
    offer = sari_phone.offers("pps:33.16.05.1014")
    sari_phone.sends(sari_phone.registers(), offer)
    receipt = budi_phone.accepts(offer, post="pps:33.16.05.1014")
    assert budi_phone.sends(receipt) == ["FIELD-NOT-YOURS"]
    take_in(by=kasubbag.actor, at=LATER, item=TrayItem.objects.get().pk, reason="menggantikan")
    holdings.refresh()
    assert holdings.state_of(BOXES[:1])[BOXES[0]].holder == budi_phone.person


def test_a_receipt_in_somebody_else_s_name_never_is(sari_phone, budi_phone, kasubbag):
    offer = sari_phone.offers("pps:33.16.09.1015")
    sari_phone.sends(sari_phone.registers(), offer)
    forged = sari_phone.accepts(offer, receiver=budi_phone.person, post="pps:33.16.09.1015")
    assert sari_phone.sends(forged) == ["FIELD-NOT-YOURS"]
    with pytest.raises(Refused, match="TRAY-NOT-SAFE"):
        take_in(by=kasubbag.actor, at=LATER, item=TrayItem.objects.get().pk, reason="percaya saja")


def test_what_is_forged_is_never_taken_in(sari_phone, kasubbag):
    event = sari_phone.scans()
    event["signature"] = "AAAA"
    sari_phone.sends(event)
    with pytest.raises(Refused, match="TRAY-NOT-SAFE"):
        take_in(by=kasubbag.actor, at=LATER, item=TrayItem.objects.get().pk, reason="x")


def test_the_office_does_it_on_the_screen(expired, kasubbag):
    client = Client()
    client.force_login(Account.objects.get(username=kasubbag.username))
    path = f"/serah-terima/nampan/{expired.pk}/"
    assert "Tetap diterima" in client.get(path).content.decode()
    assert client.post(f"{path}terima/", {"reason": "diperpanjang", "kunci": "satu"}).status_code == 302
    shown = client.get(path).content.decode()
    assert "Diterima kemudian dengan alasan: diperpanjang" in shown
