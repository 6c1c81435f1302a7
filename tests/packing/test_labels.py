"""Labels: both codes of each are read back from the raster of a thermal printer; LATIHAN says so."""

import dataclasses
import os
import random

import pypdfium2
import pytest
import zxingcpp

from tepat.common.areas import load_area
from tepat.common.errors import Refused
from tepat.common.samples import sample_tps
from tepat.packing.codes import Code, read
from tepat.packing.contents import plan_sets
from tepat.packing.label_words import Names, goods_label, lot_label, set_labels, short_area
from tepat.packing.labels import MARK_HEIGHT_MM, SHEETS, Print, labels_pdf, pages_needed, qr_text
from tepat.planning.columns import columns_of
from tepat.planning.needs import compute_needs
from tepat.planning.rulesets import load_rule_set

DPI = 203
SEED = 20240214
READ = 500
PRINT = Print("33.16", "KPU Kabupaten Blora", "pemilu-2024", "Pemilu 2024", "thermal")


@pytest.fixture(scope="module")
def names():
    rules = load_rule_set("pemilu-2024")
    area = load_area("blora")
    areas = {desa.code: short_area(desa.kind, desa.name) for desa in area.desa}
    areas |= {code: f"Kec. {name}" for code, name in area.kecamatan.items()}
    return Names(areas, {item.code: (item.name, item.unit) for item in rules.items})


@pytest.fixture(scope="module")
def blora(names):
    needs = compute_needs(columns_of(sample_tps("blora", "pemilu-2024")), load_rule_set("pemilu-2024"))
    return set_labels(plan_sets(needs), names)


def rasters(pdf):
    """Yield the pages as a thermal printer burns them: black or white, 203 dots an inch."""
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            grey = page.render(scale=DPI / 72, grayscale=True).to_pil()
            yield grey.point(lambda value: 255 * (value > 127))


def codes_on(picture):
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def text_of(pdf, page=0):
    with pypdfium2.PdfDocument(pdf) as document:
        return document[page].get_textpage().get_text_range()


def test_labels_by_seed_are_read_back_with_both_codes(blora):
    """500 in every run; all of them before a release."""
    every = os.environ.get("HYPOTHESIS_PROFILE") == "release"
    some = blora if every else random.Random(SEED).sample(blora, READ)
    for label, picture in zip(some, rasters(labels_pdf(some, PRINT)), strict=True):
        assert codes_on(picture) == [qr_text(label, PRINT)] * 2, label.code
        assert read(qr_text(label, PRINT), office="33.16", election="pemilu-2024") == label.code


@pytest.mark.parametrize("paper", ["a4", "f4"])
def test_four_labels_share_a_sheet(blora, paper):
    some = random.Random(SEED).sample(blora, 10)
    pages = list(rasters(labels_pdf(some, dataclasses.replace(PRINT, paper=paper))))
    assert len(pages) == pages_needed(10, paper) == 3
    read_back = sorted(text for page in pages for text in codes_on(page))
    assert read_back == sorted([qr_text(label, PRINT) for label in some] * 2)
    width, height = SHEETS[paper].width_mm, SHEETS[paper].height_mm
    assert [round(side / DPI * 25.4) for side in pages[0].size] == [round(width), round(height)]


@pytest.mark.parametrize(
    "print_", [PRINT, dataclasses.replace(PRINT, rehearsal=True)], ids=["real", "rehearsal"]
)
def test_a_rehearsal_says_so_on_every_label_and_is_still_read(blora, print_):
    some = blora[:3]
    pdf = labels_pdf(some, print_)
    for number, picture in enumerate(rasters(pdf)):
        assert len(codes_on(picture)) == 2
        assert ("LATIHAN" in text_of(pdf, number)) == print_.rehearsal


def test_what_a_person_reads(blora):
    label = next(label for label in blora if label.code.text == "091015-001-5")
    text = text_of(labels_pdf([label], PRINT))
    for words in (
        *("KPU Kabupaten Blora", "Pemilu 2024", "TPS", "001", "Kel. Kunden", "Kec. Blora"),
        *("KOTAK 5 dari 5", "DPRD KABUPATEN", "HIJAU", "DAPIL", "223 lembar surat suara", "091015-001-5"),
    ):
        assert words in text, words


@pytest.mark.parametrize("mark", ["1", "12", "A"])
def test_the_mark_of_the_dapil_is_forty_millimetres_tall(blora, mark):
    """Measured on the raster: the highest and lowest dark dot between the caption and the line below."""
    label = next(label for label in blora if label.code.text == "091015-001-5")
    (picture,) = rasters(labels_pdf([dataclasses.replace(label, mark=mark)], PRINT))
    dots = DPI / 25.4
    box = tuple(round(side * dots) for side in (4, 2 + 56.4, 44, 2 + 98.6))
    dark = picture.crop(box).point(lambda value: 255 - value).getbbox()
    assert dark is not None
    assert (dark[3] - dark[1]) / dots >= MARK_HEIGHT_MM


def test_a_carton_and_the_goods_of_a_table_have_labels_too(names):
    lot = lot_label(Code("lot", "DPRDK-3-0007"), 1000, "SJ-12", "33.16")
    goods = goods_label("F-CHASIL", names)
    same = lot_label(Code("lot", "PPWP-0-0001"), 1000, "SJ-12", "33.16")
    pdf = labels_pdf([lot, goods, same], PRINT)
    assert [codes_on(picture)[0] for picture in rasters(pdf)] == [
        qr_text(each, PRINT) for each in (lot, goods, same)
    ]
    assert (lot.mark_word, lot.mark, lot.colour) == ("DAPIL", "3", "HIJAU")
    assert (same.mark_word, same.mark) == ("JENIS", "PPWP")
    assert "F-CHASIL" in text_of(pdf, 1)


def test_the_same_labels_are_the_same_bytes(blora):
    assert labels_pdf(blora[:5], PRINT) == labels_pdf(blora[:5], PRINT)


def test_strange_names_fit_on_a_label(blora):
    label = dataclasses.replace(
        blora[0],
        place="Desa " + "Kedungwungu" * 6,
        above="Kec. (Todanan) \\ ẞ",
        name="X " * 60,
        foot="9" * 90,
    )
    (picture,) = rasters(labels_pdf([label], PRINT))
    assert len(codes_on(picture)) == 2


def test_nothing_to_print_and_unknown_paper_are_refused(blora):
    with pytest.raises(Refused, match="LABELS-NOTHING"):
        labels_pdf([], PRINT)
    with pytest.raises(Refused, match="LABELS-PAPER"):
        labels_pdf(blora[:1], dataclasses.replace(PRINT, paper="a0"))


def test_the_command_prints_an_area_without_any_office(tmp_path):
    from typer.testing import CliRunner

    from tepat.cli import app

    done = CliRunner().invoke(
        app,
        [
            "labels",
            "--contoh",
            "blora",
            "--wilayah",
            "33.16.09.1015",
            "--kertas",
            "a4",
            "--out",
            str(tmp_path),
        ],
    )
    assert done.exit_code == 0, done.output
    assert "73 label" in done.output
    (file,) = tmp_path.iterdir()
    assert file.name == "label-33.16.09-a4.pdf"
    assert "CONTOH" in text_of(file.read_bytes())
