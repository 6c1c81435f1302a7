"""What phones send: taken in once each, whatever the order; what can't be taken lies in the tray."""

import json
from datetime import timedelta

import pytest
from tests.conftest import NOW
from tests.field.phones import BOXES

from tepat.common import ledger
from tepat.common.models import Event, EventSalt
from tepat.custody import holdings
from tepat.custody.models import Device, SignedStatement, TrayItem
from tepat.custody.signing import verifies


def holders():
    holdings.refresh()
    return {(state.holder, state.status) for state in holdings.state_of(BOXES).values()}


def test_boxes_go_from_sari_to_budi_and_their_holder_is_known(sari_phone, budi_phone):
    offer = sari_phone.offers("pps:33.16.09.1015")
    assert sari_phone.sends(sari_phone.registers(), offer) == ["diterima", "diterima"]
    assert holders() == {(sari_phone.person, "ditawarkan")}
    assert budi_phone.sends(budi_phone.accepts(offer)) == ["diterima"]
    assert holders() == {(budi_phone.person, "dipegang")}


def test_the_same_events_again_are_known_and_change_nothing(sari_phone):
    events = [sari_phone.registers(), sari_phone.scans(post="gudang:gudang-utama")]
    assert sari_phone.sends(*events) == ["diterima", "diterima"]
    count, digest = Event.objects.count(), holdings.digest()
    assert sari_phone.sends(*reversed(events)) == ["sudah", "sudah"]
    assert sari_phone.sends(events[0], events[0]) == ["sudah", "sudah"]
    assert (Event.objects.count(), holdings.digest()) == (count, digest)


def test_an_event_twice_in_one_batch_counts_once(sari_phone):
    event = sari_phone.registers()
    assert sari_phone.sends(event, event) == ["diterima", "sudah"]


@pytest.mark.parametrize("acceptance_first", [True, False])
def test_the_acceptance_may_come_before_its_offer(sari_phone, budi_phone, acceptance_first):
    sari_phone.sends(sari_phone.registers())
    offer = sari_phone.offers("pps:33.16.09.1015")
    accepted = budi_phone.accepts(offer)
    if acceptance_first:
        assert budi_phone.sends(accepted) == ["diterima"]
        holdings.refresh()
        assert holdings.state_of(BOXES[:1])[BOXES[0]].one_sided
        assert sari_phone.sends(offer) == ["diterima"]
    else:
        sari_phone.sends(offer)
        budi_phone.sends(accepted)
    assert holders() == {(budi_phone.person, "dipegang")}
    assert not holdings.state_of(BOXES[:1])[BOXES[0]].one_sided


def test_what_was_signed_is_kept_and_fits_the_ledger(sari_phone):
    event = sari_phone.registers()
    sari_phone.sends(event)
    stored = Event.objects.get(pk=event["statement"]["id"])
    signed = SignedStatement.objects.get(pk=stored.pk)
    assert verifies(sari_phone.jwk, bytes(signed.statement), bytes(signed.signature))
    assert stored.payload_hash == event["statement"]["payload_hash"]
    assert ledger.faults([stored], dict(EventSalt.objects.values_list("event_id", "salt"))) == []
    assert len(stored.evidence) == 2


def tray():
    return list(TrayItem.objects.values_list("code", flat=True))


def refused(phone, event):
    """Return why one event was not taken; it must lie in the tray with its bytes."""
    before = Event.objects.filter(kind__startswith="custody").count()
    code = phone.sends(event)[0]
    assert Event.objects.filter(kind__startswith="custody").count() == before
    item = TrayItem.objects.get(event_id=event["statement"]["id"])
    assert (item.code, json.loads(item.raw)) == (code, event)
    return code


def test_a_changed_payload_is_no_longer_what_was_signed(sari_phone):
    event = sari_phone.registers()
    event["payload"]["post"] = "gudang:lain"
    assert refused(sari_phone, event) == "FIELD-OTHER-PAYLOAD"


def test_a_changed_statement_is_forged(sari_phone):
    event = sari_phone.registers()
    event["statement"]["objects"] = list(BOXES[:1])
    assert refused(sari_phone, event) == "FIELD-FORGED"


def test_nobody_signs_with_another_key_in_sari_s_name(sari_phone, new_phone):
    thief = new_phone(bound=dict(sari_phone.bound))
    assert refused(thief, thief.registers()) == "FIELD-FORGED"


def test_a_phone_of_another_office_is_a_stranger(new_phone, office):
    stranger = new_phone(bound={"person": "0" * 8, "mode": "resmi"})
    assert refused(stranger, stranger.scans()) == "FIELD-DEVICE-UNKNOWN"


def test_nobody_speaks_in_another_person_s_name(sari_phone, budi_phone):
    payload = {"holder": sari_phone.person, "post": "gudang:a"}
    event = sari_phone.says("custody.registered", payload, actor=budi_phone.person)
    assert refused(sari_phone, event) == "FIELD-OTHER-PERSON"


def test_a_receipt_for_somebody_else_needs_both_on_one_phone(sari_phone, budi_phone):
    offer = sari_phone.offers("pps:33.16.09.1015")
    sari_phone.sends(sari_phone.registers(), offer)
    alone = sari_phone.accepts(offer, receiver=budi_phone.person, post="pps:33.16.09.1015")
    assert refused(sari_phone, alone) == "FIELD-NOT-YOURS"
    together = sari_phone.accepts(
        offer,
        receiver=budi_phone.person,
        post="pps:33.16.09.1015",
        one_phone=True,
        proof="tanda-tangan",
    )
    assert sari_phone.sends(together) == ["diterima"]
    assert holders() == {(budi_phone.person, "dipegang")}
    assert "satu HP" in holdings.state_of(BOXES[:1])[BOXES[0]].flags


def test_budi_cannot_receive_at_citra_s_post(sari_phone, budi_phone):
    offer = sari_phone.offers("pps:33.16.05.1014")
    sari_phone.sends(sari_phone.registers(), offer)
    assert refused(budi_phone, budi_phone.accepts(offer, post="pps:33.16.05.1014")) == "FIELD-NOT-YOURS"


def test_a_pps_settles_no_dispute(budi_phone, sari_phone):
    event = budi_phone.says("custody.settled", {"holder": sari_phone.person, "post": "gudang:a"})
    assert refused(budi_phone, event) == "FIELD-NO-RIGHT"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"mode": "latihan"}, "FIELD-OTHER-MODE"),
        ({"kind": "plan.published"}, "FIELD-KIND"),
        ({"kind": "custody.tidak-ada"}, "FIELD-KIND"),
        ({"kind_version": 9}, "FIELD-NEWER"),
        ({"kind_version": 0}, "FIELD-NEWER"),
        ({"counter": 0}, "FIELD-UNREADABLE"),
        ({"payload_hash": "abc"}, "FIELD-UNREADABLE"),
        ({"evidence": ["bukan hash"]}, "FIELD-UNREADABLE"),
        ({"objects": ["tawaran:x"]}, "FIELD-UNREADABLE"),
        ({"objects": ["x" * 200]}, "FIELD-UNREADABLE"),
        ({"objects": ["kotak:pilkada-2030:091015-001-1"]}, "FIELD-OTHER-ELECTION"),
        ({"claimed_at": "kemarin"}, "FIELD-UNREADABLE"),
    ],
)
def test_what_cannot_be_taken_says_why(sari_phone, change, code):
    event = sari_phone.says("custody.seen", {"with_person": sari_phone.person, "post": "gudang:a"}, **change)
    assert refused(sari_phone, event) == code


@pytest.mark.parametrize(
    "payload",
    [
        {"with_person": "Budi Santoso", "post": "gudang:a"},
        {"with_person": "", "post": "bukan pos"},
        {"with_person": ""},
        {"with_person": "", "post": "gudang:a", "nama": "Budi"},
    ],
)
def test_a_payload_knows_people_by_ids_and_nothing_else(sari_phone, payload):
    assert refused(sari_phone, sari_phone.says("custody.seen", payload)) == "FIELD-PAYLOAD"


def test_one_bad_event_spoils_no_other(sari_phone):
    good, bad, also_good = sari_phone.registers(), sari_phone.scans(), sari_phone.scans(post="gudang:a")
    bad["signature"] = "AAAA"
    assert sari_phone.sends(good, bad, also_good) == ["diterima", "FIELD-FORGED", "diterima"]


def test_an_id_with_other_content_goes_to_the_tray_and_the_first_stands(sari_phone):
    first = sari_phone.registers()
    sari_phone.sends(first)
    other = sari_phone.registers(BOXES[:1])
    again = sari_phone.says("custody.registered", other["payload"], BOXES[:1], id=first["statement"]["id"])
    assert sari_phone.sends(again) == ["FIELD-ID-REUSED"]
    assert Event.objects.get(pk=first["statement"]["id"]).objects_named == sorted(BOXES)


def test_a_counter_that_was_used_shows_a_copied_phone(sari_phone):
    sari_phone.sends(sari_phone.registers())
    sari_phone.counter = 0
    assert refused(sari_phone, sari_phone.scans(post="gudang:a")) == "FIELD-COUNTER"


def test_something_unreadable_lies_in_the_tray_too(sari_phone):
    body = {"device": sari_phone.device, "sent_at": sari_phone.shows(), "events": [{"statement": "x"}, 7]}
    status, answer = sari_phone.ask("/lapangan/kirim/", json.dumps(body).encode(), {})
    assert status == 200
    assert [one["code"] for one in answer["answers"]] == ["FIELD-UNREADABLE"] * 2
    assert tray() == ["FIELD-UNREADABLE"] * 2


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"device":1}', b"\xff\xfe", b"[" * 5000])
def test_a_body_that_is_no_batch_is_refused_and_nothing_is_written(client, office, clock, body):
    answer = client.post("/lapangan/kirim/", data=body, content_type="application/json")
    assert answer.status_code == 409
    assert answer.json()["code"] == "FIELD-UNREADABLE"
    assert TrayItem.objects.count() == 0


def test_more_than_a_hundred_events_are_asked_to_come_in_parts(sari_phone):
    status, answer = sari_phone.send(*[sari_phone.scans() for _ in range(101)])
    assert (status, answer["code"]) == (409, "FIELD-TOO-MUCH")


def test_the_same_thing_in_the_tray_is_counted_and_not_kept_twice(sari_phone):
    event = sari_phone.scans()
    event["signature"] = "AAAA"
    sari_phone.sends(event)
    sari_phone.sends(event)
    assert TrayItem.objects.get().times == 2


def test_events_of_a_card_that_had_expired_lie_in_the_tray(sari_phone, clock):
    inside = sari_phone.registers()
    clock["now"] = NOW + timedelta(days=30)
    outside = sari_phone.scans(post="gudang:a")
    assert sari_phone.sends(inside, outside) == ["diterima", "FIELD-EXPIRED"]


def test_a_revoked_phone_reaches_nothing_and_what_it_did_is_left_out(sari_phone, budi_phone, system, clock):
    from tepat.custody.identity_revoking import confirm_events, revoke

    offer = sari_phone.offers("pps:33.16.09.1015")
    sari_phone.sends(sari_phone.registers(), offer)
    accepted = budi_phone.accepts(offer)
    budi_phone.sends(accepted)
    assert revoke(by=system, at=NOW, number=budi_phone.bound["card"], reason="HP hilang") == 1
    assert holders() == {(sari_phone.person, "ditawarkan")}
    assert refused(budi_phone, budi_phone.scans()) == "FIELD-REVOKED"
    assert budi_phone.tasks()[0] == 403
    events = [accepted["statement"]["id"]]
    assert confirm_events(by=system, at=NOW, device=budi_phone.device, events=events) == 1
    assert holders() == {(budi_phone.person, "dipegang")}


@pytest.mark.parametrize("error", [timedelta(hours=3), timedelta(days=-3650), timedelta(days=700)])
def test_a_clock_that_is_wrong_by_hours_or_years_is_corrected(sari_phone, clock, error):
    sari_phone.error = error
    event = sari_phone.registers()
    clock["now"] = NOW + timedelta(hours=2)
    sari_phone.sends(event)
    stored = Event.objects.get(pk=event["statement"]["id"])
    assert abs(stored.occurred_at - NOW) <= timedelta(seconds=stored.occurred_uncertainty_s + 1)
    assert stored.occurred_uncertainty_s <= 60
    device = Device.objects.get(pk=sari_phone.device)
    assert device.clock_error_s == round(error.total_seconds())


def test_a_phone_may_carry_another_one_s_events(sari_phone, budi_phone, clock):
    event = sari_phone.registers()
    clock["now"] = NOW + timedelta(hours=5)
    assert budi_phone.sends(event) == ["diterima"]
    stored = Event.objects.get(pk=event["statement"]["id"])
    assert str(stored.actor) == sari_phone.person
    wide = timedelta(seconds=stored.occurred_uncertainty_s)
    assert stored.occurred_at - wide <= NOW <= stored.occurred_at + wide


def test_two_offline_phones_with_the_same_box_make_a_dispute(sari_phone, budi_phone, citra, with_phone):
    citra_phone = with_phone(citra)
    first, second = sari_phone.offers("pps:33.16.09.1015"), sari_phone.offers("pps:33.16.05.1014")
    sari_phone.sends(sari_phone.registers())
    budi_phone.sends(budi_phone.accepts(first))
    citra_phone.sends(citra_phone.accepts(second))
    sari_phone.sends(first, second)
    assert {status for _, status in holders()} == {"sengketa"}
    assert all(len(state.claims) >= 1 for state in holdings.state_of(BOXES).values())


def test_projections_are_rebuilt_to_the_same_bytes_also_after_a_name_was_erased(
    sari_phone, budi_phone, budi, system
):
    from tepat.common.actions import erase_person

    offer = sari_phone.offers("pps:33.16.09.1015")
    sari_phone.sends(sari_phone.registers(), offer)
    budi_phone.sends(
        budi_phone.accepts(
            offer,
            missing=[BOXES[0]],
            refused=[{"object": BOXES[1], "reason": "basah"}],
        )
    )
    holdings.refresh()
    before = holdings.digest()
    erase_person(by=system, at=NOW, person=budi.actor.person)
    EventSalt.objects.all().delete()
    holdings.rebuild()
    assert holdings.digest() == before
