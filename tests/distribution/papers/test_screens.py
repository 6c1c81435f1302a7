"""The round of a paper in the office: printed, photographed, uploaded, its line closed."""

import io
import json

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image
from tests.conftest import NOW, make_somebody

from tepat.common.documents import path_of
from tepat.common.errors import Refused
from tepat.common.models import Document, Event
from tepat.distribution.models import PrintedPaper, ReturnedPage, ReturnedScan
from tepat.distribution.page_actions import set_page_aside
from tepat.distribution.paper_rows import returned_by_paper

DPI = 150


def photo(paper, page, *, cut_codes=False):
    """Return one page of a paper as a telephone would take it."""
    with pypdfium2.PdfDocument(path_of(paper.file)) as document:
        picture = document[paper.first_page - 2 + page].render(scale=DPI / 72).to_pil().convert("L")
    if cut_codes:
        picture = picture.crop((0, picture.height // 4, picture.width, picture.height))
    raw = io.BytesIO()
    picture.rotate(2, expand=True, fillcolor="white").save(raw, "JPEG", quality=70)
    return raw.getvalue()


def upload(client, plan, *files):
    sent = [SimpleUploadedFile(name, raw, "image/jpeg") for name, raw in files]
    return client.post(reverse("dokumen-unggah"), {"rencana": plan.pk, "scans": sent})


def state(paper):
    return returned_by_paper([paper])[paper.pk]


@pytest.fixture
def signed_in(client):
    def enter(somebody):
        client.logout()
        assert client.login(username=somebody.username, password=somebody.password)
        return client

    return enter


@pytest.fixture
def bast(printed):
    """The hand-over paper of Kunden's PPS."""
    return PrintedPaper.objects.filter(kind="bast", area_code="33.16.09.1015").first()


def foot(paper, page):
    """Return the check that is printed at the foot of a page."""
    with pypdfium2.PdfDocument(path_of(paper.file)) as document:
        text = document[paper.first_page - 2 + page].get_textpage().get_text_range()
    return text.split("periksa ")[1][:2]


@pytest.mark.parametrize("sheaves", ["a4", "f4"], indirect=True)
def test_every_page_photographed_closes_the_line(bast, kasubbag, signed_in, sheaves):
    page = signed_in(kasubbag).get(reverse("dokumen"), {"rencana": bast.plan_id})
    assert "BELUM ADA" in page.content.decode()
    files = [(f"{number}.jpg", photo(bast, number)) for number in range(1, bast.pages + 1)]
    answer = upload(signed_in(kasubbag), bast.plan, *files)
    assert answer.status_code == 200
    assert "LENGKAP" in answer.content.decode()
    assert state(bast).missing == ()
    assert Event.objects.filter(kind="papers.scan-received", payload__closed=[bast.pk]).count() == 1
    table = signed_in(kasubbag).get(
        reverse("dokumen"),
        {"rencana": bast.plan_id, "keadaan": "lengkap", "unduh": "csv", "tabel": "dokumen"},
    )
    lines = table.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert bast.pk in lines[1]
    assert "LENGKAP" in lines[1]


def test_a_part_leaves_the_line_open_and_names_the_missing_page(bast, kasubbag, signed_in):
    answer = upload(signed_in(kasubbag), bast.plan, ("satu.jpg", photo(bast, 1)))
    assert "kurang halaman 2" in answer.content.decode()
    assert (state(bast).state, state(bast).missing) == ("sebagian", tuple(range(2, bast.pages + 1)))


def test_the_same_file_twice_has_one_effect(bast, kasubbag, signed_in):
    raw = photo(bast, 1)
    upload(signed_in(kasubbag), bast.plan, ("satu.jpg", raw))
    answer = upload(signed_in(kasubbag), bast.plan, ("nama lain.jpg", raw))
    assert "tidak dihitung dua kali" in answer.content.decode()
    assert (ReturnedScan.objects.count(), ReturnedPage.objects.count()) == (1, 1)
    assert list(Event.objects.filter(kind="papers.scan-received").values_list("payload__new", flat=True)) == [
        True,
        False,
    ]


def test_what_was_sent_is_kept_to_the_byte_and_shown_only_as_a_new_picture(bast, kasubbag, signed_in):
    raw = photo(bast, 1)
    upload(signed_in(kasubbag), bast.plan, ("satu.jpg", raw))
    scan = ReturnedScan.objects.get()
    assert path_of(scan.sha256).read_bytes() == raw
    assert Document.objects.filter(sha256=scan.sha256).exists()
    shown = signed_in(kasubbag).get(reverse("dokumen-balik-gambar", args=[scan.read_pages.get().pk]))
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert max(Image.open(io.BytesIO(shown.content)).size) <= 1400


def test_a_page_without_code_is_kept_and_matched_by_what_stands_at_its_foot(bast, budi, signed_in):
    answer = upload(signed_in(budi), bast.plan, ("buram.jpg", photo(bast, 1, cut_codes=True)))
    assert "BELUM DIKENALI" in answer.content.decode()
    row = ReturnedPage.objects.get()
    where = reverse("dokumen-balik", args=[row.pk])
    assert "buram.jpg" in signed_in(budi).get(reverse("dokumen-belum-cocok")).content.decode()
    wrong = signed_in(budi).post(where, {"document": bast.pk, "page_number": 2, "check": foot(bast, 1)})
    assert wrong.status_code == 409
    assert "PAPER-CHECK-WRONG" in wrong.content.decode()
    unknown = signed_in(budi).post(where, {"document": "0000000000", "page_number": 1, "check": "00"})
    assert "PAPER-UNKNOWN-DOCUMENT" in unknown.content.decode()
    typed = f"{bast.pk[:5].lower()} {bast.pk[5:]}"
    right = signed_in(budi).post(where, {"document": typed, "page_number": 1, "check": foot(bast, 1)})
    assert right.url == reverse("dokumen-kertas", args=[bast.pk])
    assert state(bast).here == (1,)
    assert ReturnedPage.objects.get().typed


def test_a_page_is_matched_once(bast, budi, signed_in):
    upload(signed_in(budi), bast.plan, ("buram.jpg", photo(bast, 1, cut_codes=True)))
    asked = {"document": bast.pk, "page_number": 1, "check": foot(bast, 1)}
    where = reverse("dokumen-balik", args=[ReturnedPage.objects.get().pk])
    signed_in(budi).post(where, asked)
    again = signed_in(budi).post(where, asked)
    assert again.status_code == 409
    assert Event.objects.filter(kind="papers.page-matched").count() == 1


@pytest.fixture
def blurred(bast, budi, signed_in):
    """A page that Budi brought and that no QR tells."""
    upload(signed_in(budi), bast.plan, ("kosong.jpg", photo(bast, 1, cut_codes=True)))
    return ReturnedPage.objects.get()


def test_a_page_that_is_not_ours_leaves_the_queue_and_can_be_found_again(bast, blurred, budi, signed_in):
    queue = reverse("dokumen-belum-cocok")
    where = reverse("dokumen-sisihkan", args=[blurred.pk])
    answer = signed_in(budi).post(where, {"reason": "  lembar   kosong "}, follow=True)
    page = answer.content.decode()
    assert "Halaman disisihkan" in page
    assert "Semua halaman yang masuk sudah dikenali." in page
    assert "lembar kosong" in page
    assert "halaman yang masuk belum dikenali" not in signed_in(budi).get(reverse("dokumen")).content.decode()
    csv = signed_in(budi).get(queue, {"unduh": "csv", "tabel": "disisihkan"}).content.decode("utf-8-sig")
    assert "kosong.jpg;1;lembar kosong" in csv
    event = Event.objects.get(kind="papers.page-set-aside")
    assert (event.payload["reason"], event.evidence) == ("lembar kosong", [blurred.scan.sha256])
    assert path_of(blurred.scan.sha256).exists()
    shown = signed_in(budi).get(reverse("dokumen-balik", args=[blurred.pk])).content.decode()
    assert "Bukan dokumen kami: lembar kosong." in shown
    assert signed_in(budi).get(reverse("dokumen-balik-gambar", args=[blurred.pk])).status_code == 200


def test_the_same_file_again_does_not_bring_a_page_back_that_was_set_aside(bast, blurred, budi, signed_in):
    signed_in(budi).post(reverse("dokumen-sisihkan", args=[blurred.pk]), {"reason": "foto sepatu"})
    answer = upload(signed_in(budi), bast.plan, ("lagi.jpg", photo(bast, 1, cut_codes=True)))
    assert "tidak dihitung dua kali" in answer.content.decode()
    assert "BELUM DIKENALI" not in answer.content.decode()
    assert ReturnedPage.objects.get().aside_reason == "foto sepatu"


def test_a_page_set_aside_by_mistake_comes_back_by_hand_or_by_its_foot(bast, blurred, budi, signed_in):
    aside = reverse("dokumen-sisihkan", args=[blurred.pk])
    where = reverse("dokumen-balik", args=[blurred.pk])
    signed_in(budi).post(aside, {"reason": "salah foto"})
    assert signed_in(budi).post(reverse("dokumen-ambil", args=[blurred.pk])).url == where
    assert "kosong.jpg" in signed_in(budi).get(reverse("dokumen-belum-cocok")).content.decode()
    again = signed_in(budi).post(reverse("dokumen-ambil", args=[blurred.pk]))
    assert (again.status_code, "PAPER-PAGE-WAITING" in again.content.decode()) == (409, True)
    signed_in(budi).post(aside, {"reason": "salah foto"})
    signed_in(budi).post(where, {"document": bast.pk, "page_number": 1, "check": foot(bast, 1)})
    row = ReturnedPage.objects.get()
    assert (row.paper, row.aside_reason, row.aside_at) == (bast, "", None)
    assert state(bast).here == (1,)


def test_setting_aside_needs_words_the_right_and_a_page_that_nobody_matched(
    bast, blurred, budi, citra, dewi, signed_in
):
    where = reverse("dokumen-sisihkan", args=[blurred.pk])
    for reason in ("", "   ", "x"):
        answer = signed_in(budi).post(where, {"reason": reason})
        assert (answer.status_code, "salah" in answer.content.decode()) == (409, True)
    assert signed_in(citra).post(where, {"reason": "lembar kosong"}).status_code == 404
    assert signed_in(dewi).post(where, {"reason": "lembar kosong"}).status_code == 403
    assert "Sisihkan" not in signed_in(dewi).get(reverse("dokumen-balik", args=[blurred.pk])).content.decode()
    signed_in(budi).post(where, {"reason": "lembar kosong"})
    twice = signed_in(budi).post(where, {"reason": "lembar kosong"})
    assert (twice.status_code, "PAPER-PAGE-ASIDE" in twice.content.decode()) == (409, True)
    asked = {"document": bast.pk, "page_number": 1, "check": foot(bast, 1)}
    signed_in(budi).post(reverse("dokumen-balik", args=[blurred.pk]), asked)
    late = signed_in(budi).post(where, {"reason": "lembar kosong"})
    assert (late.status_code, "PAPER-PAGE-MATCHED" in late.content.decode()) == (409, True)
    assert Event.objects.filter(kind="papers.page-set-aside").count() == 1


def test_a_reason_of_spaces_is_refused_by_the_action_too(blurred, budi, now):
    with pytest.raises(Refused) as refused:
        set_page_aside(by=budi.actor, at=now, page=blurred.pk, reason="  a  ")
    assert refused.value.code == "PAPER-ASIDE-REASON"


def test_the_database_holds_no_page_aside_without_a_reason(blurred, bast, now):
    blurred.aside_at, blurred.aside_by = now, bast.plan.made_by
    with pytest.raises(IntegrityError), transaction.atomic():
        blurred.save()


def test_a_paper_of_another_version_is_refused_with_both_versions(bast, kasubbag, signed_in, system, now):
    """The plan of which the paper was printed lies beside a second one, which is open on the screen."""
    from tepat.distribution.models import PlanVersion

    other = PlanVersion.objects.get(pk=bast.plan_id)
    other.pk, other.number, other.sha256 = None, bast.plan.number + 1, "0" * 64
    other.save(force_insert=True)
    answer = upload(signed_in(kasubbag), other, ("satu.jpg", photo(bast, 1)))
    said = answer.content.decode()
    assert answer.status_code == 409
    assert "PAPER-OTHER-PLAN" in said
    assert f"dicetak dari rencana versi {bast.plan.number} (draf)" in said
    assert f"yang dibuka rencana versi {other.number} (draf)" in said
    assert not ReturnedScan.objects.exists()
    assert state(bast).state == "belum"


def test_a_draft_s_paper_is_refused_once_its_plan_is_published(bast, kasubbag, signed_in, now):
    from tepat.distribution.models import PlanVersion

    PlanVersion.objects.filter(pk=bast.plan_id).update(
        state="ditetapkan",
        minutes_number="1",
        minutes_date=now.date(),
        reason="termurah",
        published_at=now,
        published_by=kasubbag.actor.person,
    )
    answer = upload(signed_in(kasubbag), bast.plan, ("satu.jpg", photo(bast, 1)))
    said = answer.content.decode()
    assert (answer.status_code, "PAPER-OTHER-PLAN" in said) == (409, True)
    assert f"dicetak dari rencana versi {bast.plan.number} (draf)" in said
    assert not ReturnedScan.objects.exists()


def test_the_village_next_door_sees_nothing_of_it(bast, budi, citra, signed_in):
    upload(signed_in(budi), bast.plan, ("satu.jpg", photo(bast, 1)))
    row = ReturnedPage.objects.get()
    hidden = [
        reverse("dokumen-kertas", args=[bast.pk]),
        reverse("dokumen-kertas-pdf", args=[bast.pk]),
        reverse("dokumen-berkas", args=[bast.plan_id, bast.file]),
        reverse("dokumen-balik", args=[row.pk]),
        reverse("dokumen-balik-gambar", args=[row.pk]),
    ]
    assert [signed_in(citra).get(path).status_code for path in hidden] == [404] * len(hidden)
    board = signed_in(citra).get(reverse("dokumen")).content.decode()
    assert "Kunden" not in board
    assert bast.pk not in board


def test_the_village_next_door_cannot_bring_it_back(bast, citra, signed_in):
    answer = upload(signed_in(citra), bast.plan, ("satu.jpg", photo(bast, 1)))
    assert answer.status_code == 409
    assert "PAPER-UNKNOWN-DOCUMENT" in answer.content.decode()
    assert not ReturnedScan.objects.exists()
    assert state(bast).state == "belum"


def test_a_village_gets_its_own_pages_and_no_others(bast, budi, signed_in):
    pdf = signed_in(budi).get(reverse("dokumen-kertas-pdf", args=[bast.pk]))
    with pypdfium2.PdfDocument(pdf.content) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    assert len(texts) == bast.pages
    assert all(bast.pk in text for text in texts)
    assert signed_in(budi).get(reverse("dokumen-berkas", args=[bast.plan_id, bast.file])).status_code == 404


def test_the_office_downloads_whole_files(bast, kasubbag, signed_in):
    answer = signed_in(kasubbag).get(reverse("dokumen-berkas", args=[bast.plan_id, bast.file]))
    assert b"".join(answer.streaming_content) == path_of(bast.file).read_bytes()


def test_the_supervisor_reads_and_uploads_nothing(bast, dewi, signed_in):
    assert signed_in(dewi).get(reverse("dokumen-kertas", args=[bast.pk])).status_code == 200
    assert upload(signed_in(dewi), bast.plan, ("satu.jpg", photo(bast, 1))).status_code == 403
    assert signed_in(dewi).post(reverse("dokumen-cetak"), {"rencana": bast.plan_id}).status_code == 403


@pytest.mark.parametrize(
    ("office_code", "election", "answer_code"),
    [
        ("33.17", "PEMILU-2024", "PAPER-OTHER-OFFICE"),
        ("33.16", "PILKADA-2024", "PAPER-OTHER-ELECTION"),
        ("33.16", "PEMILU-2024", "PAPER-UNKNOWN-DOCUMENT"),
    ],
)
def test_a_paper_of_elsewhere_is_refused_with_a_sentence_and_not_kept(
    printed, kasubbag, signed_in, office_code, election, answer_code
):
    import zxingcpp

    from tepat.distribution.papers.codes import PageCode

    text = PageCode(office_code, election, "0123456789", 1, 2).text()
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    raw = io.BytesIO()
    Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=8)).save(raw, "PNG")
    answer = upload(signed_in(kasubbag), printed, ("asing.png", raw.getvalue()))
    assert answer.status_code == 409
    assert answer_code in answer.content.decode()
    assert not ReturnedScan.objects.exists()
    assert not Document.objects.filter(media_type="image/png").exists()


def test_what_is_no_picture_is_refused_and_the_others_are_kept(bast, kasubbag, signed_in):
    answer = upload(signed_in(kasubbag), bast.plan, ("virus.jpg", b"MZ..."), ("satu.jpg", photo(bast, 1)))
    page = answer.content.decode()
    assert "PAPER-UNREADABLE" in page
    assert state(bast).here == (1,)


def test_too_many_files_and_none_are_said_in_words(printed, kasubbag, signed_in):
    many = [(f"{number}.jpg", b"x") for number in range(21)]
    assert "21 berkas sekaligus" in upload(signed_in(kasubbag), printed, *many).content.decode()
    assert "PAPER-NO-FILES" in upload(signed_in(kasubbag), printed).content.decode()


def test_the_board_counts_what_was_printed(printed, kasubbag, signed_in):
    answer = signed_in(kasubbag).get(reverse("dokumen"), {"unduh": "csv", "tabel": "ringkas"})
    rows = [line.split(";") for line in answer.content.decode("utf-8-sig").splitlines()[1:-1]]
    assert sum(int(row[2]) for row in rows) == PrintedPaper.objects.count()
    assert {row[1] for row in rows} == {"Surat jalan", "BAST", "Tanda terima"}


def test_a_draft_carries_its_watermark_and_no_number(printed, bast):
    with pypdfium2.PdfDocument(path_of(bast.file)) as document:
        text = document[bast.first_page - 1].get_textpage().get_text_range()
    assert "DRAF" in text
    assert bast.number.startswith("DRAF ")


def test_the_ledger_names_the_print_with_its_files(printed):
    event = Event.objects.get(kind="papers.printed")
    assert event.payload["papers"]["bast"] == PrintedPaper.objects.filter(kind="bast").count()
    assert set(event.evidence) == set(PrintedPaper.objects.values_list("file", flat=True))
    assert json.dumps(event.payload)
    assert Document.objects.filter(sha256__in=event.evidence).count() == len(event.evidence)


def test_the_ppk_brings_back_the_papers_of_its_villages(bast, signed_in):
    from tepat.common.permissions import Role

    ppk = make_somebody("Eko", Role.PPK, "33.16.09", NOW)
    upload(signed_in(ppk), bast.plan, ("satu.jpg", photo(bast, 1)))
    assert state(bast).here == (1,)
    assert ReturnedScan.objects.get().area_code == "33.16.09"
