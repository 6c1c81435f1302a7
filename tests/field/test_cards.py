"""Cards: printed in bulk, bound to one phone, replaced by a spare, revoked; PINs that nobody sees."""

from datetime import timedelta

import pytest
from tests.conftest import NOW, make_somebody
from tests.field.phones import BOXES

from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Event
from tepat.common.permissions import Role
from tepat.custody import holdings
from tepat.custody.identity_actions import Activation, Wanted, activate_spare, issue_cards, issue_spares
from tepat.custody.models import Card, Device, Invitation, PinToCheck, TrayItem
from tepat.custody.pin_actions import check_pins
from tepat.field.late_actions import take_in

FROM, TO = NOW - timedelta(days=1), NOW + timedelta(days=20)


def test_a_card_makes_a_phone_somebody_s_device(budi, give_card, new_phone):
    card = give_card(budi)
    status, bound = new_phone().bind(card.code)
    assert status == 200
    assert (bound["name"], bound["post"], bound["role_word"]) == ("Budi", "pps:33.16.09.1015", "PPS")
    assert bound["card"] == card.number
    assert bound["office"]["code"] == "33.16"


def test_the_same_phone_again_gets_the_same_answer(budi, give_card, new_phone):
    code, phone = give_card(budi).code, new_phone()
    first, again = phone.bind(code), phone.bind(code)
    assert first[1]["device"] == again[1]["device"]
    assert Event.objects.filter(kind="identity.bound").count() == 1


def test_a_second_phone_is_refused_and_the_person_in_charge_can_see_it(
    budi, give_card, new_phone, wahyu, with_phone
):
    card, first, second = give_card(budi), new_phone(), new_phone()
    first.bind(card.code)
    status, answer = second.bind(card.code)
    assert (status, answer["code"]) == (409, "FIELD-CODE-USED")
    assert Event.objects.filter(kind="identity.second-device").count() == 1
    assert Device.objects.count() == 1
    assert with_phone(wahyu).tasks()[1]["refused_devices"] == 1


def test_many_second_tries_do_not_fill_the_ledger(budi, give_card, new_phone):
    card = give_card(budi)
    new_phone().bind(card.code)
    for _ in range(25):
        new_phone().bind(card.code)
    assert Event.objects.filter(kind="identity.second-device").count() == 20
    assert Invitation.objects.get(number=card.number).second_tries == 25


@pytest.mark.parametrize("code", ["", "SALAH", "x" * 65])
def test_a_code_that_nobody_printed_opens_nothing(office, new_phone, code):
    status, answer = new_phone().bind(code)
    assert (status, answer["code"]) == (409, "FIELD-CODE-UNKNOWN")


def test_a_code_whose_days_are_over_opens_nothing(budi, give_card, new_phone, clock):
    card = give_card(budi)
    clock["now"] = NOW + timedelta(days=40)
    assert new_phone().bind(card.code)[1]["code"] == "FIELD-CODE-DATES"


def test_a_key_that_is_no_point_of_the_curve_leaves_the_card_unused(budi, give_card, new_phone, client):
    import json

    card = give_card(budi)
    jwk = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}
    answer = client.post(
        "/lapangan/ikat/",
        data=json.dumps({"code": card.code, "public_key": jwk}),
        content_type="application/json",
    )
    assert answer.json()["code"] == "FIELD-KEY"
    assert new_phone().bind(card.code)[0] == 200


def test_codes_are_kept_as_hashes_and_names_only_in_the_vault(budi, give_card):
    card = give_card(budi)
    stored = str(list(Invitation.objects.values())) + str(
        list(Event.objects.values_list("payload", flat=True))
    )
    assert card.code not in stored
    assert "Budi" not in stored


def test_one_phone_holds_one_card(budi, citra, give_card, new_phone):
    phone = new_phone()
    phone.bind(give_card(budi).code)
    assert phone.bind(give_card(citra).code)[1]["code"] == "FIELD-KEY-TAKEN"


def test_cards_are_issued_once_and_replaced_when_asked(budi, give_card, new_phone, system):
    phone = new_phone()
    phone.bind(give_card(budi).code)
    wanted = Wanted("33.16.09.1015", (Role.PPS,), FROM, TO)
    with pytest.raises(Refused, match="CARDS-NOBODY"):
        issue_cards(by=system, at=NOW, wanted=wanted)
    give_card(budi, again=True)
    assert phone.sends(phone.scans()) == ["FIELD-REVOKED"]


def test_only_who_may_issues_cards_and_only_in_their_area(office, wahyu, sari, citra):
    wanted = Wanted("33.16.05", (Role.PPS,), FROM, TO)
    with pytest.raises(NotAllowed):
        issue_cards(by=sari.actor, at=NOW, wanted=wanted)
    with pytest.raises(NotAllowed):
        issue_cards(by=wahyu.actor, at=NOW, wanted=wanted)


@pytest.mark.parametrize("activation_first", [True, False])
def test_a_spare_card_replaces_a_lost_phone_also_offline(
    sari_phone, budi, wahyu, with_phone, new_phone, system, activation_first
):
    spare = issue_spares(by=system, at=NOW, area_code="33.16.09", count=1, valid_from=FROM, valid_to=TO)[0]
    ppk, phone = with_phone(wahyu), new_phone()
    offer = sari_phone.offers("pps:33.16.09.1015")
    sari_phone.sends(sari_phone.registers(), offer)
    said = {"number": spare.number, "person": str(budi.actor.person), "post": "pps:33.16.09.1015"}
    activation = ppk.says("identity.spare-activated", said, ())
    # The phone works before it has heard anything from the office: it knows who and where from the PPK.
    phone.bound = {"person": said["person"], "post": said["post"], "mode": "resmi"}
    accepted = phone.accepts(offer)
    if activation_first:
        assert ppk.sends(activation) == ["diterima"]
        phone.bind(spare.code)
        phone.bound["person"] = said["person"]
        assert phone.sends(accepted) == ["diterima"]
    else:
        assert phone.sends(accepted) == ["FIELD-DEVICE-UNKNOWN"]
        phone.bind(spare.code)
        assert ppk.sends(activation) == ["diterima"]
        assert TrayItem.objects.get().taken_in_at is not None
    holdings.refresh()
    assert holdings.state_of(BOXES[:1])[BOXES[0]].holder == said["person"]
    assert phone.sends(accepted) == ["sudah"]


def test_a_replaced_phone_is_refused_and_its_ppk_told(
    sari_phone, budi_phone, wahyu, with_phone, new_phone, system, clock
):
    """What the old phone did before counts, also when it comes in late; what it says later is looked at."""
    spare = issue_spares(by=system, at=NOW, area_code="33.16.09", count=1, valid_from=FROM, valid_to=TO)[0]
    ppk, phone = with_phone(wahyu), new_phone()
    sari_phone.sends(sari_phone.registers())
    clock["now"] = NOW + timedelta(minutes=10)
    before = budi_phone.scans(person=sari_phone.person)
    clock["now"] = NOW + timedelta(minutes=20)
    said = {"number": spare.number, "person": budi_phone.person, "post": "pps:33.16.09.1015"}
    activation = ppk.says("identity.spare-activated", said, ())
    clock["now"] = NOW + timedelta(minutes=40)
    assert ppk.sends(activation) == ["diterima"]
    phone.bind(spare.code)
    assert phone.bound["person"] == budi_phone.person
    assert phone.sends(phone.scans(person=sari_phone.person)) == ["diterima"]
    assert budi_phone.tasks()[1]["code"] == "FIELD-REPLACED"
    assert ppk.tasks()[1]["refused_devices"] == 0
    late = budi_phone.scans(person=sari_phone.person)
    assert budi_phone.sends(before, late) == ["diterima", "FIELD-REPLACED"]
    assert ppk.tasks()[1]["refused_devices"] == 1
    # It was looked at and is true after all.
    item = TrayItem.objects.get()
    taken = take_in(by=wahyu.actor, at=clock["now"], item=item.pk, reason="Disaksikan PPK.")
    assert str(taken.actor) == budi_phone.person
    assert ppk.tasks()[1]["refused_devices"] == 0


def test_what_a_spare_phone_did_before_the_office_knew_it_keeps_its_time(
    sari_phone, budi, wahyu, with_phone, new_phone, system, clock
):
    """Hours without signal between the PPK's word and the office: the receipt is as old as it is."""
    spare = issue_spares(by=system, at=NOW, area_code="33.16.09", count=1, valid_from=FROM, valid_to=TO)[0]
    ppk, phone = with_phone(wahyu), new_phone()
    offer = sari_phone.offers("pps:33.16.09.1015")
    sari_phone.sends(sari_phone.registers(), offer)
    said = {"number": spare.number, "person": str(budi.actor.person), "post": "pps:33.16.09.1015"}
    activation = ppk.says("identity.spare-activated", said, ())
    phone.bound = {"person": said["person"], "post": said["post"], "mode": "resmi"}
    clock["now"] = NOW + timedelta(minutes=30)
    accepted = phone.accepts(offer)
    clock["now"] = NOW + timedelta(hours=5)
    phone.bind(spare.code)
    phone.send(activation, accepted)
    event = Event.objects.get(pk=accepted["statement"]["id"])
    assert event.occurred_uncertainty_s <= 60
    assert abs(event.occurred_at - (NOW + timedelta(minutes=30))) <= timedelta(minutes=1)


def test_a_spare_card_is_given_once_and_only_by_its_own_ppk(system, office, budi, citra, wahyu):
    spare = issue_spares(by=system, at=NOW, area_code="33.16.09", count=1, valid_from=FROM, valid_to=TO)[0]
    to_citra = Activation(spare.number, citra.actor.person, "pps:33.16.05.1014")
    with pytest.raises(NotAllowed):
        activate_spare(by=wahyu.actor, at=NOW, activation=to_citra)
    stranger = Activation(spare.number, citra.actor.person, "ppk:33.16.09")
    with pytest.raises(Refused, match="SPARE-NO-SUCH-PERSON"):
        activate_spare(by=wahyu.actor, at=NOW, activation=stranger)
    to_budi = Activation(spare.number, budi.actor.person, "pps:33.16.09.1015")
    assert activate_spare(by=wahyu.actor, at=NOW, activation=to_budi).person_id == budi.actor.person
    with pytest.raises(Refused, match="SPARE-TAKEN"):
        activate_spare(by=wahyu.actor, at=NOW, activation=to_budi)


def test_a_spare_card_also_replaces_a_phone_of_kpps_and_of_a_driver(
    system, office, wahyu, give_card, with_phone, new_phone
):
    """They stand at several posts: the card takes their role, and the old phone ends."""
    lina = make_somebody("Lina", Role.KPPS, "33.16.09.1015")
    fajar = make_somebody("Fajar", Role.PENGEMUDI, "33.16")
    spares = issue_spares(by=system, at=NOW, area_code="33.16.09", count=2, valid_from=FROM, valid_to=TO)
    ppk = with_phone(wahyu)
    for somebody, spare, role in zip((lina, fajar), spares, ("KPPS", "PENGEMUDI"), strict=True):
        before = give_card(somebody)
        old = new_phone()
        old.bind(before.code)
        new = new_phone()
        new.bind(spare.code)
        said = {"number": spare.number, "person": str(somebody.actor.person), "post": role}
        ppk.sends(ppk.says("identity.spare-activated", said, ()))
        device = Device.objects.get(pk=new.device)
        own = Card.objects.get(pk=before.number)
        assert (device.person_id, device.role, device.post) == (somebody.actor.person, own.role, own.post)
        assert device.area_code == own.area_code
        assert Device.objects.get(pk=old.device).valid_to < TO


def test_a_spare_card_gives_nobody_a_role_and_no_kpps_of_another_kecamatan(system, office, budi, wahyu):
    spare = issue_spares(by=system, at=NOW, area_code="33.16.09", count=1, valid_from=FROM, valid_to=TO)[0]
    elsewhere = make_somebody("Mila", Role.KPPS, "33.16.05.1014")
    with pytest.raises(NotAllowed):
        activate_spare(
            by=wahyu.actor, at=NOW, activation=Activation(spare.number, elsewhere.actor.person, "KPPS")
        )
    for role in ("KPPS", "PENGEMUDI", "GUDANG"):
        with pytest.raises(Refused, match="SPARE-NO-SUCH-PERSON"):
            activate_spare(
                by=wahyu.actor, at=NOW, activation=Activation(spare.number, budi.actor.person, role)
            )


@pytest.mark.parametrize(("typed", "flag"), [("123456", None), ("654321", "PIN salah")])
def test_a_pin_travels_sealed_and_a_wrong_one_marks_the_receipt(
    sari_phone, budi, give_card, new_phone, typed, flag
):
    card, phone = give_card(budi), new_phone()
    phone.bind(card.code, pin=(card.number, "123456"))
    stored = Card.objects.get(pk=card.number)
    assert stored.pin_hash
    assert "123456" not in stored.pin_hash
    offer = sari_phone.offers("pps:33.16.09.1015")
    receipt = sari_phone.accepts(
        offer,
        receiver=phone.person,
        post="pps:33.16.09.1015",
        one_phone=True,
        proof="kartu-pin",
        pin="tersegel",
    )
    receipt["pin"] = sari_phone.seal(card.number, typed, receipt["statement"]["id"])
    assert sari_phone.sends(sari_phone.registers(), offer, receipt) == ["diterima"] * 3
    assert check_pins(at=NOW) == 0
    holdings.refresh()
    state = holdings.state_of(BOXES[:1])[BOXES[0]]
    assert state.holder == phone.person
    assert [one for one in map(str, state.flags) if "PIN" in one] == ([flag] if flag else [])
    assert PinToCheck.objects.count() == 0
    before = holdings.digest()
    holdings.rebuild()
    assert holdings.digest() == before
