"""A refused box is a case that the office sees, until something was received in its place."""

from datetime import timedelta
from io import BytesIO

import pytest
from tests.conftest import NOW
from tests.custody.conftest import BOXES, PPS
from tests.custody.test_actions import at_pps, holder, later, me, to_budi
from tests.custody.test_screens import enter, page

from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Election, Event
from tepat.custody.actions import Count, Hands, To, accept, offer, refuse
from tepat.custody.events import RefusedObject
from tepat.distribution.ending_actions import Replacement, plan_ending, tick
from tepat.distribution.ending_models import Ending
from tepat.packing.models import BallotLot, PackedObject, PackingSet

WET, TORN = BOXES[0], BOXES[1]
SPARE = "kotak:pemilu-2024:091015-001-9"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    from tepat.common import screens, table_answers
    from tepat.custody.views import objects, overview
    from tepat.distribution.views import endings
    from tepat.returns.views import papers

    for module in (screens, table_answers, objects, overview, endings, papers):
        monkeypatch.setattr(module, "now", lambda: NOW + timedelta(hours=3))


@pytest.fixture
def packed(office, sari):
    """What packing knows of the five boxes and of a spare one, and one carton of their ballots."""
    Election.objects.update(rule_set="pemilu-2024")
    election = Election.objects.get()
    made = PackingSet.objects.create(
        election=election, area_code="33.16.09.1015", level="tps", tps_number=1, unit="091015-001"
    )
    for name in (*BOXES, SPARE):
        code = name.rpartition(":")[2]
        PackedObject.objects.create(
            set=made,
            election=election,
            code=code,
            object_id=name,
            slot=code[-1],
            is_box=True,
            ballot="DPRDK",
            mark="3",
            contents=[["SS-DPRDK", 223], ["TINTA", 2]],
        )
    BallotLot.objects.create(
        election=election,
        area_code="33.16",
        code="DPRDK-3-0007",
        ballot="DPRDK",
        mark="3",
        number=7,
        sheets=500,
        origin="uji",
        received_at=NOW,
        received_by=sari.actor.person,
    )
    return made


@pytest.fixture
def refusal(sari, budi, boxes, packed):
    """Two of five boxes were refused; the other three are Budi's."""
    made = to_budi(sari)
    count = Count(refused=(RefusedObject(WET, "basah", "terendam"), RefusedObject(TORN, "rusak")))
    accept(by=budi.actor, at=later(2), offer_id=made, hands=at_pps(budi), count=count)
    holder()
    tick(later(3))
    return made


def give_again(sari, budi, boxes, minutes):
    made = offer(by=sari.actor, at=later(minutes), objects=boxes, to=To(PPS))[0]
    accept(by=budi.actor, at=later(minutes + 1), offer_id=made, hands=at_pps(budi), count=Count())
    holder()
    return tick(later(minutes + 2))


def test_a_refusal_opens_one_case_however_often_it_is_looked_at(refusal):
    assert tick(later(4)) == 0
    ending = Ending.objects.get()
    assert (str(ending.offer), ending.closed_at, ending.objects_refused) == (refusal, None, [WET, TORN])
    assert Event.objects.filter(kind="ending.opened").count() == 1


def test_the_case_closes_only_when_every_refused_box_was_received(refusal, sari, budi):
    assert give_again(sari, budi, [WET], 10) == 0
    assert Ending.objects.get().closed_at is None
    assert give_again(sari, budi, [TORN], 20) == 1
    assert Ending.objects.get().closed_at == later(21)
    assert Event.objects.filter(kind="ending.closed").count() == 1


def test_that_the_giver_takes_it_home_ends_nothing(refusal, sari, kasubbag):
    home = Hands(kasubbag.actor.person, "gudang:gudang-utama")
    made = offer(by=sari.actor, at=later(10), objects=[WET, TORN], to=To(home.post))[0]
    accept(by=kasubbag.actor, at=later(11), offer_id=made, hands=home, count=Count())
    holder()
    tick(later(12))
    assert Ending.objects.get().closed_at is None


def test_another_box_that_was_named_as_replacement_closes_it(refusal, sari, budi):
    from tepat.custody.actions import register_objects

    register_objects(
        by=sari.actor, at=later(5), objects=[SPARE], hands=Hands(sari.actor.person, "gudang:gudang-utama")
    )
    plan_ending(
        by=sari.actor,
        at=later(6),
        offer=refusal,
        replacement=Replacement({WET: SPARE}, trip="T-0214-07"),
    )
    give_again(sari, budi, [SPARE, TORN], 10)
    assert Ending.objects.get().closed_at == later(11)


def test_a_replacement_needs_a_trip_and_a_box_that_was_packed(refusal, sari, budi):
    plan = {"by": sari.actor, "at": later(6), "offer": refusal}
    with pytest.raises(Refused, match="ENDING-NO-TRIP"):
        plan_ending(**plan, replacement=Replacement({}, vehicle="pikap"))
    with pytest.raises(Refused, match="ENDING-NO-SUCH-BOX"):
        plan_ending(**plan, replacement=Replacement({WET: "kotak:lain"}, trip="T-1"))
    with pytest.raises(NotAllowed):
        plan_ending(**plan | {"by": budi.actor}, replacement=Replacement({}, trip="T-1"))


def test_a_whole_refusal_is_a_case_too(sari, budi, boxes, packed):
    made = to_budi(sari)
    reasons = tuple(RefusedObject(name, "salah") for name in BOXES)
    refuse(by=budi.actor, at=later(2), offer_id=made, hands=at_pps(budi), refused=reasons)
    holder()
    assert tick(later(3)) == 1
    assert "tidak perlu: salah kirim" in page(sari, f"/serah-terima/penggantian/{made}/")


def test_the_list_puts_what_waits_for_two_hours_first(refusal, kasubbag, citra):
    shown = page(kasubbag, "/serah-terima/penggantian/")
    for words in ("LEBIH DARI 2 JAM", "PPS Kunden", "basah", "Sari"):
        assert words in shown, words
    assert "PPS Kunden" not in page(citra, "/serah-terima/penggantian/")
    page(citra, f"/serah-terima/penggantian/{refusal}/", status=404)


def test_one_case_shows_stock_and_what_to_pack_again(refusal, sari, dewi):
    shown = page(sari, f"/serah-terima/penggantian/{refusal}/")
    for words in ("446", "500", "DPRDK-3-0007", "CUKUP", "HITUNG DI GUDANG", "set 091015-001", "terendam"):
        assert words in shown, words
    assert "Atur penggantinya" not in page(dewi, f"/serah-terima/penggantian/{refusal}/")


def test_the_trip_is_set_on_the_screen(refusal, sari, joko):
    path = f"/serah-terima/penggantian/{refusal}/"
    nothing = enter(sari).post(path, {})
    assert (nothing.status_code, "ENDING-NO-TRIP" in nothing.content.decode()) == (409, True)
    asked = {"vehicle": "pikap K 8123 XX", "driver": me(joko), "depart_at": "2024-02-01T14:30"}
    assert enter(sari).post(path, asked).status_code == 302
    shown = page(sari, path)
    for words in ("pikap K 8123 XX", "Joko", "14.30", 'value="2024-02-01T14:30"'):
        assert words in shown, words


def test_the_minutes_get_one_number_and_a_qr_that_is_read_back(refusal, sari, budi):
    import pypdfium2
    import zxingcpp

    from tepat.distribution.papers.codes import parse

    path = f"/serah-terima/penggantian/{refusal}/ba.pdf"
    assert enter(budi).post(path).status_code == 403
    answers = [enter(sari).post(path).content for _ in range(2)]
    assert Event.objects.filter(kind="ending.minutes-numbered").count() == 1
    number = Ending.objects.get().number
    assert number == "1/BA-PG/33.16/II/2024"
    with pypdfium2.PdfDocument(BytesIO(answers[1])) as pdf:
        text = pdf[0].get_textpage().get_text_range()
        codes = {found.text for found in zxingcpp.read_barcodes(pdf[0].render(scale=3).to_pil())}
    for words in (number, "091015-001-1", "basah, terendam", "Sari", "Budi", "kode yang sama"):
        assert words in text, words
    assert [code and code.page for code in map(parse, codes)] == [1]


def test_the_signed_minutes_come_back_by_their_qr_and_close_their_line(refusal, sari):
    import pypdfium2
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tepat.returns.models import FieldPaper

    pdf = enter(sari).post(f"/serah-terima/penggantian/{refusal}/ba.pdf").content
    paper = FieldPaper.objects.get()
    assert (paper.number, paper.pages) == (Ending.objects.get().number, 1)
    assert "BELUM ADA" in page(sari, "/pengembalian/kertas/")
    photo = BytesIO()
    with pypdfium2.PdfDocument(pdf) as document:
        document[0].render(scale=150 / 72).to_pil().save(photo, "JPEG", quality=80)
    signed = SimpleUploadedFile("foto.jpg", photo.getvalue(), content_type="image/jpeg")
    enter(sari).post("/pengembalian/kertas/bawa/", {"berkas": signed})
    shown = page(sari, f"/pengembalian/kertas/{paper.pk}/")
    assert "KEMBALI" in shown
    assert "BA penggantian" in shown


def test_the_labels_of_what_is_packed_again_are_printed_and_noted(refusal, sari):
    answer = enter(sari).post(f"/serah-terima/penggantian/{refusal}/label.pdf", {"paper": "a4"})
    assert answer["Content-Type"] == "application/pdf"
    assert Event.objects.get(kind="packing.labels-printed").payload["count"] == 2
