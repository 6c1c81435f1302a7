"""Paper survives: blank sheets and minutes are numbered, come back by their QR, and keep both times."""

import io
from datetime import timedelta

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.conftest import KUNDEN
from tests.publication.small_office import NOON, OFFICE, hand_over, kpps, make_office, objects_of, register

from tepat.common.errors import Refused
from tepat.common.models import Account, Event, Office
from tepat.custody import holdings
from tepat.custody.actions import Count, Hands, To, accept, offer
from tepat.custody.events import RefusedObject
from tepat.custody.facts import microseconds
from tepat.custody.rules import Flag
from tepat.distribution.papers.reading import read_scan
from tepat.returns.models import FieldPaper, PaperPhoto
from tepat.returns.paper_actions import WRITTEN_UNCERTAINTY_S, Written, write_down
from tepat.returns.printing import print_blank

HOUR = timedelta(hours=1)
UNIT = "091015-001"
KPPS = f"kpps:{KUNDEN}-001"


@pytest.fixture
def office(db, system):
    return make_office()


@pytest.fixture
def day(office, sari, budi):
    """The set lies with Budi's PPS; no phone works."""
    register(sari)
    hand_over(sari, budi, f"pps:{KUNDEN}", objects_of(UNIT), NOON - timedelta(days=2))
    return kpps("Ketua", KUNDEN)


@pytest.fixture
def sheet(day, office, kasubbag):
    """One of three blank sheets for Kunden."""
    papers = print_blank(
        by=kasubbag.actor,
        at=NOON - timedelta(days=5),
        office=Office.objects.get(),
        election=office,
        area=(KUNDEN, "Kelurahan Kunden"),
        count=3,
    )
    return papers[1]


def photo_of(paper):
    """Photograph a printed paper: its page as a JPEG."""
    from tepat.returns.printing import pdf_of

    with pypdfium2.PdfDocument(pdf_of(paper)) as pdf:
        picture = pdf[0].render(scale=150 / 72).to_pil()
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def client_of(somebody):
    client = Client()
    client.force_login(Account.objects.get(username=somebody.username))
    return client


def bring(somebody, raw, name="foto.jpg"):
    file = SimpleUploadedFile(name, raw, content_type="image/jpeg")
    return client_of(somebody).post("/pengembalian/kertas/bawa/", {"berkas": file}, follow=True)


def test_blank_sheets_are_numbered_on_and_each_says_by_its_qr_which_it_is(sheet, office, kasubbag):
    again = print_blank(
        by=kasubbag.actor,
        at=NOON,
        office=Office.objects.get(),
        election=office,
        area=(KUNDEN, "Kelurahan Kunden"),
        count=1,
    )
    assert [paper.running for paper in FieldPaper.objects.order_by("running")] == [1, 2, 3, 4]
    assert again[0].number == "4/LD-LOG/33.16/II/2024"
    (page,) = read_scan(photo_of(sheet), name="foto.jpg")
    assert page.code is not None
    assert (page.code.document, page.code.page) == (sheet.pk, 1)


def test_a_photographed_sheet_becomes_a_receipt_with_both_times_kept(sheet, day, budi, kasubbag):
    assert "sudah kembali" in bring(kasubbag, photo_of(sheet)).content.decode()
    photo = PaperPhoto.objects.get()
    written_at = NOON - HOUR
    event = write_down(
        by=kasubbag.actor,
        at=NOON + 9 * HOUR,
        photo=photo.pk,
        written=Written(budi.actor.person, day.actor.person, KPPS, tuple(objects_of(UNIT)), written_at),
    )
    assert (event.occurred_at, event.recorded_at) == (written_at, NOON + 9 * HOUR)
    assert event.occurred_uncertainty_s == WRITTEN_UNCERTAINTY_S
    assert event.evidence == [photo.sha256]
    history = holdings.history_of(objects_of(UNIT)[0])
    assert (history.state.holder, history.state.post) == (str(day.actor.person), KPPS)
    assert Flag.ON_PAPER in history.flags
    assert history.state.one_sided, "no phone of the giver says so"
    assert history.moments[-1].at_us == microseconds(written_at)


def test_an_open_offer_of_the_same_boxes_is_answered_by_the_paper(sheet, day, budi, kasubbag):
    offer(by=budi.actor, at=NOON - 2 * HOUR, objects=objects_of(UNIT), to=To(KPPS))
    bring(kasubbag, photo_of(sheet))
    write_down(
        by=kasubbag.actor,
        at=NOON + HOUR,
        photo=PaperPhoto.objects.get().pk,
        written=Written(budi.actor.person, day.actor.person, KPPS, tuple(objects_of(UNIT)), NOON - HOUR),
    )
    state = holdings.history_of(objects_of(UNIT)[0]).state
    assert (state.holder, state.one_sided) == (str(day.actor.person), False)


def test_a_sheet_is_written_down_once_and_never_before_its_time(sheet, day, budi, kasubbag):
    bring(kasubbag, photo_of(sheet))
    asked = {"by": kasubbag.actor, "at": NOON, "photo": PaperPhoto.objects.get().pk}
    said = (budi.actor.person, day.actor.person, KPPS, tuple(objects_of(UNIT)))
    with pytest.raises(Refused, match="FIELD-PAPER-TIME"):
        write_down(**asked, written=Written(*said, NOON + HOUR))
    with pytest.raises(Refused, match="CUSTODY-SAME-PERSON"):
        write_down(**asked, written=Written(said[0], said[0], *said[2:], NOON - HOUR))
    unknown = ("kotak:pemilu-2024:091015-009-1",)
    with pytest.raises(Refused, match="CUSTODY-UNKNOWN-OBJECTS"):
        write_down(**asked, written=Written(*said[:3], unknown, NOON - HOUR))
    write_down(**asked, written=Written(*said, NOON - HOUR))
    with pytest.raises(Refused, match="FIELD-PAPER-NOTED"):
        write_down(**asked, written=Written(*said, NOON - HOUR))


def test_the_office_types_what_it_reads_on_the_photo(sheet, day, budi, kasubbag):
    bring(kasubbag, photo_of(sheet))
    client, address = client_of(kasubbag), f"/pengembalian/kertas/{sheet.pk}/"
    page = client.get(address).content.decode()
    assert "Catat yang tertulis" in page
    typed = {
        "kunci": "x",
        "written_at": "2024-02-13T11:00",
        "giver": str(budi.actor.person),
        "receiver": str(day.actor.person),
        "post": KPPS,
        "codes": "091015-001-1\n0910150012\n",
    }
    wrong = client.post(address, typed | {"codes": "kotak biru"})
    assert wrong.status_code == 409
    assert "Bukan kode kotak: kotak biru" in wrong.content.decode()
    assert client.post(address, typed).status_code == 302
    event = Event.objects.filter(kind="custody.accepted").order_by("recorded_at").last()
    assert event.occurred_at == NOON - HOUR
    assert event.objects_named == objects_of(UNIT)[:2]
    assert client.get(f"/pengembalian/kertas/foto/{PaperPhoto.objects.get().pk}.jpg").status_code == 200


def test_a_hand_over_on_phones_gets_its_bast_and_the_wet_signature_closes_it(day, budi, kasubbag):
    (made,) = offer(by=budi.actor, at=NOON - 2 * HOUR, objects=objects_of(UNIT), to=To(KPPS))
    count = Count(refused=(RefusedObject(objects_of(UNIT)[0], "basah", "pojok kiri"),))
    event = accept(
        by=day.actor, at=NOON - HOUR, offer_id=made, hands=Hands(day.actor.person, KPPS), count=count
    )
    client, address = client_of(kasubbag), f"/pengembalian/kertas/peristiwa/{event.pk}/"
    page = client.get(address).content.decode()
    assert "BAST serah terima" in page
    assert "BA penolakan" in page
    assert "BA selisih" not in page
    pdf = client.post(address, {"jenis": "penolakan"})
    assert pdf.headers["Content-Type"] == "application/pdf"
    with pypdfium2.PdfDocument(pdf.content) as made_pdf:
        text = made_pdf[0].get_textpage().get_text_range()
    assert "BERITA ACARA PENOLAKAN" in text
    assert "basah pojok kiri" in text
    assert "Budi" in text
    paper = FieldPaper.objects.get()
    assert paper.number == "1/BA-TOLAK/33.16/II/2024"
    assert client.post(address, {"jenis": "penolakan"}).status_code == 200
    assert FieldPaper.objects.count() == 1, "the same minutes once"
    assert "BELUM ADA" in client.get("/pengembalian/kertas/").content.decode()
    bring(kasubbag, photo_of(paper))
    page = client.get(f"/pengembalian/kertas/{paper.pk}/").content.decode()
    assert "KEMBALI" in page
    assert "Catat yang tertulis" not in page, "the event is known already"


def test_a_photo_without_qr_and_a_paper_of_another_area_are_refused(sheet, citra, kasubbag):
    from PIL import Image

    out = io.BytesIO()
    Image.new("L", (400, 400), 255).save(out, "JPEG")
    assert "FIELD-PAPER-NO-QR" in bring(kasubbag, out.getvalue()).content.decode()
    assert "FIELD-PAPER-UNKNOWN" in bring(citra, photo_of(sheet)).content.decode()
    assert not PaperPhoto.objects.exists()
    assert client_of(citra).get(f"/pengembalian/kertas/{sheet.pk}/").status_code == 404
    assert OFFICE in sheet.number
