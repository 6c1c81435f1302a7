"""Papers of polling day written down at the office: opened as planned, sealed to go back; both times kept."""

import contextlib
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import KUNDEN, NOW, make_somebody
from tests.packing.test_actions import KUNDEN_1, KUNDEN_2, note, refusal

from tepat.common.errors import Refused
from tepat.common.models import Event
from tepat.custody import holdings
from tepat.custody.actions import Count, Hands, To, accept, offer
from tepat.packing.later_actions import NotedOpening, Paper, note_opening, note_return_seals
from tepat.packing.models import Opening, PackedObject, PackingSet, Seal
from tepat.packing.rules_later import Occasion, Sent, Step, check_later
from tepat.packing.rules_seals import Sealing
from tepat.packing.seal_actions import give_return_seals, open_box
from tepat.packing.tables import contents_table

H = datetime(2024, 2, 14, tzinfo=UTC)
OPENED_AT, COUNTED_AT = H + timedelta(minutes=10), H + timedelta(hours=13)
NOTED_AT, RECAP_AT = H + timedelta(days=1), H + timedelta(days=4)
BOXES = tuple(f"{KUNDEN_1}-{slot}" for slot in "12345")


@pytest.fixture
def ketua(db):
    """The chair of a KPPS in Kunden."""
    from tepat.common.permissions import Role

    return make_somebody("Ratna", Role.KPPS, KUNDEN)


@pytest.fixture
def anggota(db):
    """A member of a KPPS in Kunden."""
    from tepat.common.permissions import Role

    return make_somebody("Slamet", Role.KPPS, KUNDEN)


@pytest.fixture
def sent(table, lots):
    """A set that was packed, sealed and sent, with two seals for the way back."""
    row = table.fill_set(KUNDEN_1, lots)
    give_return_seals(
        by=table.first.actor,
        at=table.at,
        packing_set=row.pk,
        numbers=("R1", "R2"),
        second=table.second.actor.person,
    )
    return table.seal_set(row)


def opening(boxes=BOXES, occasion=Occasion.POLLING, reason="", *, panwascam=True, polri=True):
    return NotedOpening(tuple(boxes), occasion, reason, panwascam, polri)


def paper(ketua, second=None, at=OPENED_AT):
    return Paper(at, ketua.actor.person, second and second.actor.person)


def opened(sari, row, ketua, *boxes, at=OPENED_AT, noted_at=NOTED_AT, **more):
    what = opening(boxes or BOXES, **more)
    return note_opening(
        by=sari.actor, at=noted_at, packing_set=row.pk, opening=what, paper=paper(ketua, at=at)
    )


def sealed(sari, row, ketua, *sealings, at=COUNTED_AT, noted_at=NOTED_AT):
    return note_return_seals(
        by=sari.actor, at=noted_at, packing_set=row.pk, sealings=sealings, paper=paper(ketua, at=at)
    )


def test_an_opening_on_polling_day_is_no_alarm(sent, sari, ketua, anggota):
    note_opening(
        by=sari.actor, at=NOTED_AT, packing_set=sent.pk, opening=opening(), paper=paper(ketua, anggota)
    )
    event = Event.objects.get(kind="packing.opened")
    assert (event.occurred_at, event.recorded_at) == (OPENED_AT, NOTED_AT)
    assert event.payload == {
        "second": str(anggota.actor.person),
        "reason": "pemungutan suara",
        "panwascam": True,
        "polri": True,
        "planned": True,
        "second_proof": "kertas",
        "first": str(ketua.actor.person),
    }
    assert len(event.objects_named) == 6
    sent.refresh_from_db()
    assert sent.state == "lengkap"
    assert set(sent.packed.filter(is_box=True).values_list("state", "later")) == {("tersegel", "dibuka")}
    assert Seal.objects.filter(removed_at=OPENED_AT, removed_as_planned=True).count() == 5
    holdings.refresh()
    states = holdings.state_of([PackedObject.objects.get(code=BOXES[0]).object_id])
    (seals,) = (state.seals[0] for state in states.values())
    assert (seals.planned, bool(seals.opened_us)) == (True, True)


def test_return_seals_go_from_the_list_to_their_boxes(sent, sari, ketua):
    opened(sari, sent, ketua)
    assert Seal.objects.filter(waiting=True).count() == 2
    sealed(sari, sent, ketua, Sealing(BOXES[4], ("r1",)), Sealing(BOXES[3], ("R2", "X9")))
    assert Seal.objects.filter(seal_set="kembali").count() == 3
    one = Seal.objects.get(number="R1")
    assert (one.object.code, one.waiting, one.put_at, one.noted_at) == (BOXES[4], False, COUNTED_AT, NOTED_AT)
    events = list(Event.objects.filter(kind="packing.sealed", payload__seal_set="kembali"))
    assert len(events) == 2
    assert {event.occurred_at for event in events} == {COUNTED_AT}
    assert {event.payload["second_proof"] for event in events} == {"kertas"}
    assert PackedObject.objects.get(code=BOXES[4]).later == "pulang"
    assert PackedObject.objects.get(code=BOXES[0]).later == "dibuka"


def test_the_recapitulation_opens_them_again(sent, sari, ketua):
    opened(sari, sent, ketua)
    sealed(sari, sent, ketua, Sealing(BOXES[4], ("R1",)))
    opened(
        *(sari, sent, ketua, BOXES[4]),
        at=RECAP_AT,
        noted_at=RECAP_AT + timedelta(hours=1),
        occasion=Occasion.RECAP,
    )
    last = Opening.objects.order_by("opened_at").last()
    assert (last.old_seals, last.reason, last.planned) == (["R1"], "rekapitulasi", True)


def test_a_seal_of_another_sets_list_is_taken_as_the_paper_says(sent, table, lots, sari, ketua):
    other = table.fill_set(KUNDEN_2, lots)
    give_return_seals(
        by=sari.actor, at=NOW, packing_set=other.pk, numbers=("R7",), second=table.second.actor.person
    )
    opened(sari, sent, ketua)
    sealed(sari, sent, ketua, Sealing(BOXES[4], ("R7",)))
    assert Seal.objects.get(number="R7").object.code == BOXES[4]
    # What is on a box already is on that box.
    again = {"by": sari.actor, "at": NOTED_AT, "packing_set": sent.pk, "paper": paper(ketua, at=COUNTED_AT)}
    for number in ("R7", "A001"):
        asked = (Sealing(BOXES[3], (number,)),)
        assert refusal(note_return_seals, **again, sealings=asked) == "SEAL-USED", number


def test_what_cannot_have_happened_is_refused(sent, table, sari, ketua, dewi):
    asked = {"by": sari.actor, "at": NOTED_AT, "packing_set": sent.pk}
    early, future = paper(ketua, at=NOW - timedelta(days=1)), paper(ketua, at=NOTED_AT + timedelta(hours=1))
    for what, said, code in (
        (opening(()), paper(ketua), "LATER-NOTHING"),
        (opening(["091015-002-1"]), paper(ketua), "SEAL-BOX-UNKNOWN"),
        (opening([f"{KUNDEN_1}-A"]), paper(ketua), "SEAL-BOX-UNKNOWN"),
        (opening(), early, "LATER-TIME"),
        (opening(), future, "LATER-TIME"),
        (opening(), paper(dewi), "LATER-PERSON"),
        (opening(), paper(sari), "LATER-PERSON"),
        (opening(), paper(ketua, ketua), "SEAL-ONE-PERSON"),
        (opening(occasion=Occasion.OTHER), paper(ketua), "OPEN-NO-REASON"),
        (opening(), Paper(OPENED_AT, ketua.actor.person, None, "ab" * 32), "SEAL-NO-PHOTO"),
    ):
        assert refusal(note_opening, **asked, opening=what, paper=said) == code
    closed = (Sealing(BOXES[4], ("R1",)),)
    assert (
        refusal(note_return_seals, **asked, sealings=closed, paper=paper(ketua, at=COUNTED_AT))
        == "LATER-CLOSED"
    )
    assert not Opening.objects.exists()


def test_a_set_that_was_not_sent_has_no_papers(table, lots, sari, ketua):
    row = table.fill_set(KUNDEN_1, lots)
    asked = {"by": sari.actor, "at": NOTED_AT, "packing_set": row.pk}
    assert refusal(note_opening, **asked, opening=opening(), paper=paper(ketua)) == "LATER-NOT-SENT"


def test_an_opening_outside_the_plan_needs_a_reason_and_stays_an_alarm(sent, sari, ketua):
    opened(*(sari, sent, ketua, BOXES[0]), occasion=Occasion.OTHER, reason="jatuh dari perahu, label robek")
    event = Event.objects.get(kind="packing.opened")
    assert (event.payload["planned"], event.payload["reason"]) == (False, "jatuh dari perahu, label robek")
    assert Seal.objects.filter(removed_as_planned=True).count() == 0


def test_what_was_sent_is_not_opened_as_if_it_lay_in_the_warehouse(sent, sari, joko, ketua):
    opened(sari, sent, ketua, BOXES[0])
    box = PackedObject.objects.get(code=BOXES[0])
    asked = {"by": sari.actor, "at": NOTED_AT, "packed": box.pk}
    assert refusal(open_box, **asked, note=note(joko)) == "OPEN-AFTER-SENT"


MOMENTS = st.datetimes(datetime(2024, 2, 1), datetime(2024, 3, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(steps=st.lists(st.tuples(st.sampled_from(Step), MOMENTS, MOMENTS), max_size=12))
def test_whatever_papers_say_a_box_opens_and_closes_in_turn_and_in_time(steps):
    box, taken = Sent("B1", sealed=True, later="", last_at=NOW), []
    for step, happened_at, at in steps:
        with contextlib.suppress(Refused):
            check_later(box, step, happened_at=happened_at, at=at)
            later = "dibuka" if step is Step.OPENED else "pulang"
            box = Sent("B1", sealed=True, later=later, last_at=happened_at)
            taken.append((step, happened_at))
    assert [step for step, _ in taken[:1]] in ([], [Step.OPENED])
    assert all(
        one[0] != other[0] and one[1].replace(second=0, microsecond=0) <= other[1]
        for one, other in pairwise(taken)
    )


# The screen


@pytest.fixture
def screen(client, sari, monkeypatch):
    """Sari in front of the paper of the set, a day after."""
    for module in ("packing.views.later", "packing.views.sets", "common.screens"):
        monkeypatch.setattr(f"tepat.{module}.now", lambda: NOTED_AT)
    assert client.login(username=sari.username, password=sari.password)
    return client


def asked_of(ketua, prefix, clock, **more):
    said = {
        "happened_date": "2024-02-14",
        "clock": clock,
        "first": ketua.actor.person,
        "second": "",
        "kunci": "",
        **more,
    }
    return {"langkah": prefix} | {f"{prefix}-{name}": value for name, value in said.items()}


def test_the_office_writes_down_both_papers(sent, screen, ketua):
    address = reverse("pengepakan-kertas", args=[sent.pk])
    assert "Ratna, KPPS" in screen.get(address).content.decode()
    boxes = {"boxes": list(BOXES), "occasion": "pemungutan", "panwascam": "ada", "polri": "tidak"}
    page = screen.post(address, asked_of(ketua, "buka", "07:10", **boxes), follow=True)
    assert "Pembukaan 5 kotak dicatat dari kertas." in page.content.decode()
    assert Opening.objects.first().opened_at == datetime(2024, 2, 14, 0, 10, tzinfo=UTC)
    assert "Segel yang ikut di kotak 1: R1, R2." in page.content.decode()
    page = screen.post(address, asked_of(ketua, "segel", "20.15", seal_5="R1", seal_4="R2"), follow=True)
    assert "Segel pulang 2 kotak dicatat dari kertas." in page.content.decode()
    text = screen.get(reverse("pengepakan-set", args=[sent.pk])).content.decode()
    for words in ("TERSEGEL UNTUK PULANG", "DIBUKA SESUAI RENCANA", "menurut kertas", "nama kedua di kertas"):
        assert words in text, words


def test_a_refused_paper_stays_on_the_screen(sent, screen, ketua):
    address = reverse("pengepakan-kertas", args=[sent.pk])
    boxes = {"boxes": list(BOXES), "occasion": "pemungutan", "panwascam": "ada", "polri": "tidak"}
    early = asked_of(ketua, "buka", "07:10", **boxes) | {"buka-happened_date": "2024-01-02"}
    page = screen.post(address, early)
    assert page.status_code == 409
    assert "LATER-TIME" in page.content.decode()
    assert 'value="2024-01-02"' in page.content.decode()
    assert screen.post(address, asked_of(ketua, "segel", "")).status_code == 409


def test_before_it_is_sent_and_without_a_committee_the_screen_says_so(table, lots, screen):
    row = table.fill_set(KUNDEN_1, lots)
    address = reverse("pengepakan-kertas", args=[row.pk])
    assert "Set ini belum lengkap dan tersegel." in screen.get(address).content.decode()
    table.seal_set(PackingSet.objects.get(pk=row.pk))
    assert "Belum ada KPPS, PPS atau PPK yang terdaftar" in screen.get(address).content.decode()


def test_a_box_that_has_left_the_office_is_not_opened_there_and_not_offered_for_it(sent, sari, joko, budi):
    box = PackedObject.objects.get(code=BOXES[1])
    ways = lambda: [line[-1] for line in contents_table(sent, lambda pk: f"/buka/{pk}").rows]  # noqa: E731
    assert sum(way is not None for way in ways()) == len(BOXES)
    names = [each.object_id for each in sent.packed.all()][:2]
    (made,) = offer(by=sari.actor, at=NOTED_AT, objects=names, to=To(f"pps:{KUNDEN}"))
    hands = Hands(budi.actor.person, f"pps:{KUNDEN}")
    accept(by=budi.actor, at=NOTED_AT, offer_id=UUID(made), hands=hands, count=Count())
    assert sum(way is not None for way in ways()) == len(BOXES) - 2
    asked = {"by": sari.actor, "at": NOTED_AT, "packed": box.pk}
    assert refusal(open_box, **asked, note=note(joko)) == "OPEN-AWAY"
