"""A receipt on paper alone becomes two-sided when a second person of the office saw both signatures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import make_somebody
from tests.publication.small_office import NOON, objects_of
from tests.returns.test_field_papers import (  # noqa: F401 -- fixtures
    HOUR,
    KPPS,
    UNIT,
    bring,
    client_of,
    day,
    office,
    photo_of,
    sheet,
)

from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Event
from tepat.common.permissions import Role
from tepat.custody import holdings
from tepat.custody.events import Accepted, Registered, list_hash
from tepat.custody.facts import Fact
from tepat.custody.rules import Flag, fold
from tepat.returns.models import PaperPhoto
from tepat.returns.paper_actions import Written, confirm_written, write_down

BOX = "kotak:pemilu-2024:091015-001-1"
BOTH = (True, True)


@pytest.fixture
def rina(db):
    return make_somebody("Rina", Role.OPERATOR, "33.16")


@pytest.fixture
def written(sheet, day, budi, kasubbag):  # noqa: F811
    """What Budi gave the Ketua on paper alone, written down by the head of KUL."""
    bring(kasubbag, photo_of(sheet))
    said = Written(budi.actor.person, day.actor.person, KPPS, tuple(objects_of(UNIT)), NOON - HOUR)
    write_down(by=kasubbag.actor, at=NOON + HOUR, photo=PaperPhoto.objects.get().pk, written=said)
    return PaperPhoto.objects.get()


def test_the_second_person_makes_it_two_sided_and_it_stays_marked_paper(written, rina, day):  # noqa: F811
    before = holdings.history_of(objects_of(UNIT)[0])
    assert before.state.one_sided
    confirm_written(by=rina.actor, at=NOON + 2 * HOUR, photo=written.pk, signed=BOTH)
    after = holdings.history_of(objects_of(UNIT)[0])
    assert (after.state.holder, after.state.one_sided) == (str(day.actor.person), False)
    assert {Flag.ON_PAPER, Flag.BOTH_SIGNED} <= set(after.flags)
    assert not any(moment.one_sided for moment in after.moments), "the receipt itself, not only what follows"
    assert after.claims == ()


def test_only_once_by_somebody_else_and_with_both_signatures(written, rina, kasubbag, budi, citra):
    asked = {"at": NOON + 2 * HOUR, "photo": written.pk}
    for somebody in (kasubbag, budi):
        with pytest.raises(Refused, match="FIELD-PAPER-SECOND"):
            confirm_written(by=somebody.actor, signed=BOTH, **asked)
    with pytest.raises(NotAllowed):
        confirm_written(by=citra.actor, signed=BOTH, **asked)
    with pytest.raises(Refused, match="FIELD-PAPER-SIGNATURES"):
        confirm_written(by=rina.actor, signed=(True, False), **asked)
    confirm_written(by=rina.actor, signed=BOTH, **asked)
    with pytest.raises(Refused, match="FIELD-PAPER-CONFIRMED"):
        confirm_written(by=rina.actor, signed=BOTH, **asked)
    assert Event.objects.filter(kind="custody.accepted").count() == 3, "Sari's to Budi, the paper, its second"


def test_what_nobody_wrote_down_cannot_be_confirmed(sheet, rina, kasubbag):  # noqa: F811
    bring(kasubbag, photo_of(sheet))
    with pytest.raises(Refused, match="FIELD-PAPER-NOT-NOTED"):
        confirm_written(by=rina.actor, at=NOON + HOUR, photo=PaperPhoto.objects.get().pk, signed=BOTH)


def test_the_second_person_does_it_on_the_screen_and_the_timeline_says_so(written, rina, kasubbag):
    address = f"/pengembalian/kertas/{written.paper_id}/"
    assert "Konfirmasi dua tanda tangan" not in client_of(kasubbag).get(address).content.decode()
    client = client_of(rina)
    page = client.get(address).content.decode()
    for words in ("Masih sepihak", "Budi", "Ketua", "091015-001-1", "Konfirmasi dua tanda tangan"):
        assert words in page, words
    confirm = f"/pengembalian/kertas/foto/{written.pk}/sah/"
    assert "FIELD-PAPER-SIGNATURES" in client.post(confirm, {"giver_signed": "on"}).content.decode()
    assert client.post(confirm, {"giver_signed": "on", "receiver_signed": "on"}).status_code == 302
    assert "Dua pihak, dari kertas" in client.get(address).content.decode()
    shown = client_of(kasubbag).get("/garis-waktu/kotak/091015-001-1/").content.decode()
    assert "kertas, dua tanda tangan" in shown


# The rule


def fact(name, payload, at, actor, kind="custody.accepted"):
    return Fact(name, kind, payload, at, actor=actor, objects=(BOX,))


def on_paper(*, confirms="", **more):
    said = {"offer": "o", "list_hash": list_hash([BOX]), "giver": "budi", "receiver": "ketua", "post": KPPS}
    return Accepted(**said | more, proof="kertas", confirms=confirms)


SEALED = fact("1", Registered("budi", "pps:33.16.09.1015"), 10, "sari", "custody.registered")
RECEIPT = fact("2", on_paper(), 20, "kasubbag")


@pytest.mark.parametrize(
    ("second", "one_sided"),
    [
        pytest.param(fact("3", on_paper(confirms="2"), 20, "rina"), False, id="another reader"),
        pytest.param(
            fact("3", on_paper(confirms="2"), 5, "rina"), False, id="whenever it is said to have been"
        ),
        pytest.param(fact("3", on_paper(confirms="2"), 20, "kasubbag"), True, id="the same reader"),
        pytest.param(fact("3", on_paper(confirms="2"), 20, "budi"), True, id="the giver"),
        pytest.param(fact("3", on_paper(confirms="2"), 20, "ketua"), True, id="the receiver"),
        pytest.param(fact("3", on_paper(confirms="9"), 20, "rina"), True, id="of another receipt"),
        pytest.param(fact("3", on_paper(confirms="2", giver="x"), 20, "rina"), True, id="another giver"),
        pytest.param(fact("3", on_paper(), 20, "rina"), True, id="the same sheet written down twice"),
    ],
)
def test_who_confirms_what(second, one_sided):
    history = fold([SEALED, RECEIPT, second], object_id=BOX)
    assert (history.state.holder, history.state.one_sided) == ("ketua", one_sided)
    assert (Flag.BOTH_SIGNED in history.flags) is not one_sided
    assert history.claims == ()


@given(st.permutations([0, 1, 2, 3]))
def test_whatever_the_order_and_also_after_the_receiver_gave_it_on(order):
    on = Accepted("p", list_hash([BOX]), "ketua", "tono", "pps:33.16.09.1015")
    facts = [SEALED, RECEIPT, fact("3", on_paper(confirms="2"), 20, "rina"), fact("4", on, 30, "tono")]
    history = fold([facts[place] for place in order], object_id=BOX)
    assert [moment.holder for moment in history.moments] == ["budi", "ketua", "ketua", "tono"]
    assert [moment.one_sided for moment in history.moments] == [False, False, False, True]
