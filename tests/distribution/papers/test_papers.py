"""What stands on the printed papers, read back from the printed pages."""

import io

import pypdfium2
import pytest
from PIL import Image

from tepat.common.errors import Refused
from tepat.distribution.papers import paper_settings, papers_of, print_papers
from tepat.distribution.papers.content import bast, date_in_words, surat_jalan, tanda_terima
from tepat.distribution.papers.reading import missing_pages, read_scan
from tepat.distribution.papers.typesetting import Sheet, typeset


@pytest.fixture(scope="module")
def printed(book, tmp_path_factory):
    folder = tmp_path_factory.mktemp("kertas")
    return {file.stem: file for file in print_papers(book, {}, folder)}


def words(file):
    with pypdfium2.PdfDocument(file) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_every_trip_stop_and_tps_gets_its_paper(book, printed):
    papers = papers_of(book, {})
    kinds = [paper["kind"] for paper in papers]
    assert (kinds.count("surat-jalan"), kinds.count("bast"), kinds.count("tanda-terima")) == (
        3,
        3,
        len(book.plan.deliveries),
    )
    assert {name.rsplit("-", 3)[0] for name in printed if name.startswith("bast")} == {"bast"}


def test_numbers_run_without_gap_and_ids_are_unique(book):
    papers = papers_of(book, {})
    ids = [paper["id"] for paper in papers]
    assert len(set(ids)) == len(ids)
    assert [paper["number"].split("/")[0] for paper in papers if paper["kind"] == "bast"] == ["1", "2", "3"]


def test_each_printed_page_is_found_again_by_its_code(book, printed):
    for file in printed.values():
        pages = read_scan(file.read_bytes(), name=file.name)
        assert all(page.code is not None for page in pages), file.name
        assert not any(missing_pages([page.code for page in pages]).values()), file.name


def test_a_missing_page_is_named(book, printed):
    file = next(file for name, file in printed.items() if name.startswith("surat-jalan"))
    codes = [page.code for page in read_scan(file.read_bytes(), name=file.name)]
    first = codes[0].document
    without = [code for code in codes if not (code.document == first and code.page == 2)]
    assert missing_pages(without)[first] == [2]


def test_a_photo_at_an_angle_is_still_matched(book):
    pdf, _ = typeset(Sheet.of(book), list(bast(book))[:1])
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[0].render(scale=150 / 72).to_pil()
    raw = io.BytesIO()
    picture.rotate(4, expand=True, fillcolor="white").convert("L").save(raw, "JPEG", quality=60)
    (page,) = read_scan(raw.getvalue(), name="foto.jpg")
    assert page.code is not None
    assert (page.code.page, page.code.pages) == (1, 2)


def test_a_picture_without_code_is_said_to_have_none():
    raw = io.BytesIO()
    Image.new("L", (300, 200), 255).save(raw, "PNG")
    assert [page.code for page in read_scan(raw.getvalue(), name="kosong.png")] == [None]


@pytest.mark.parametrize("raw", [b"", b"bukan gambar", b"%PDF-rusak"])
def test_what_is_no_picture_is_refused_in_words(raw):
    with pytest.raises(Refused) as refused:
        read_scan(raw, name="x.jpg")
    assert refused.value.code == "PAPER-UNREADABLE"


def test_only_on_the_direct_path_the_ppk_supervises(book):
    direct, to_ppk, onward = bast(book)
    assert any("mengawasi: PPK" in signer for signer in direct["signers"])
    assert not any("mengawasi" in signer for signer in (*to_ppk["signers"], *onward["signers"]))


def test_the_boxes_on_the_waybill_are_those_of_its_units(book):
    paper = next(surat_jalan(book))
    units = [book.unit(key) for stop in book.trips()[0].stops for key in stop.units]
    assert paper["boxes"] == str(sum(unit.boxes for unit in units))
    assert len(paper["stops"][0]["rows"]) == len(units)


def test_every_time_on_the_waybill_and_the_route_card_says_how_far_it_may_be_off(book, printed):
    """The drive may be 20 % shorter and 30 % longer; the way home comes on top."""
    paper = next(paper for paper in surat_jalan(book) if paper["trip"] == "T-001")
    band = book.bands.arrive["T-001"][0]
    assert band.text == paper["stops"][0]["off"] != ""
    text = " ".join(words(printed["surat-jalan-2024-02-10"]).split())
    stop = paper["stops"][0]
    assert f"Tiba {stop['arrive_at']} (bisa meleset {band.text}), selesai" in text
    assert f"pukul {paper['return_at']} {paper['zone']} ({book.bands.back['T-001'].said})" in text
    assert f"{stop['arrive_at']} {band.text} {stop['done_at']}" in text
    hand_over = next(bast(book))
    assert hand_over["plan_at"].endswith(book.bands.done[hand_over["trip"]][0].aside)


def test_the_receipt_lists_the_goods_of_its_tps(book):
    unit = min(delivery.unit for delivery in book.plan.deliveries)
    paper = next(tanda_terima(book, {unit: [("Surat suara PPWP", 241, "lembar")]}))
    assert paper["rows"] == [{"item": "Surat suara PPWP", "count": "241", "unit": "lembar"}]


def test_contoh_and_rehearsal_are_watermarks(book):
    from dataclasses import replace

    assert book.watermark == "CONTOH"
    assert replace(book, rehearsal=True).watermark == "LATIHAN"


def test_letterhead_and_day_are_printed(book, printed):
    text = words(next(file for name, file in printed.items() if name.startswith("bast")))
    assert "KOMISI PEMILIHAN UMUM" in text
    assert "BERITA ACARA SERAH TERIMA" in text


def test_a_day_is_said_in_words():
    from datetime import date

    assert date_in_words(date(2024, 2, 8)) == (
        "hari Kamis tanggal delapan bulan Februari tahun dua ribu dua puluh empat"
    )


def test_settings_with_a_wrong_field_are_refused_by_name(tmp_path):
    file = tmp_path / "kertas.toml"
    file.write_text('size = "a5"\n', encoding="utf-8")
    with pytest.raises(Refused) as refused:
        paper_settings("Kabupaten Blora", path=file)
    assert refused.value.code == "PAPER-SETTINGS"
    assert "kertas.toml" in str(refused.value)


def test_f4_is_a_larger_sheet(book):
    from msgspec.structs import replace

    sheet = Sheet.of(book)
    f4 = Sheet(sheet.office, sheet.election, sheet.watermark, replace(sheet.settings, size="f4"))
    with pypdfium2.PdfDocument(typeset(f4, list(bast(book))[:1])[0]) as document:
        width, height = document[0].get_size()
    assert (round(width * 25.4 / 72), round(height * 25.4 / 72)) == (215, 330)
