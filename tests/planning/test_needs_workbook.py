"""The workbook holds the same numbers as the needs, as numbers, with headers frozen and doubts marked."""

import csv
import io

import openpyxl
import pytest

from tepat.common.areas import load_area
from tepat.common.errors import Refused
from tepat.common.samples import sample_tps
from tepat.planning.columns import columns, columns_of
from tepat.planning.explain import explain, explain_boxes
from tepat.planning.findings import check_list
from tepat.planning.needs import compute_needs
from tepat.planning.rulesets import load_rule_set
from tepat.planning.silog_workbook import read_layout, silog_workbook
from tepat.planning.workbook import Labels, needs_csv, needs_workbook

PEMILU = load_rule_set("pemilu-2024")
CODE = "33.16.01.2001"


@pytest.fixture(scope="module")
def blora():
    """The first two TPS of each desa: enough for every sheet, quick to read back."""
    area = load_area("blora")
    labels = Labels({desa.code: desa.name for desa in area.desa}, area.kecamatan, "contoh")
    needs = compute_needs(
        columns_of([tps for tps in sample_tps(area, "pemilu-2024") if tps.number <= 2]), PEMILU
    )
    return needs, openpyxl.load_workbook(io.BytesIO(needs_workbook(needs, labels))), labels


def table(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_one_sheet_per_kecamatan_with_every_tps(blora):
    needs, book, _ = blora
    sheets = [name for name in book.sheetnames if name.startswith("33.16.")]
    assert len(sheets) == 16
    assert "33.16.05 Cepu" in sheets
    assert sum(len(table(book[name])) - 6 for name in sheets) == len(needs.tps)


def test_totals_rows_add_up_and_are_numbers(blora):
    needs, book, _ = blora
    rows = table(book["33.16.05 Cepu"])
    cepu = needs.tps.kecamatan.names.index("33.16.05")
    boxes = rows[1].index("KOTAK-TPS")
    assert rows[-1][0] == "Jumlah"
    assert rows[-1][boxes] == needs.by_kecamatan()["KOTAK-TPS"][cepu]
    for place in range(3, len(rows[-1])):
        body = [row[place] for row in rows[5:-1]]
        assert all(isinstance(value, int) for value in body)
        assert sum(body) == rows[-1][place]


def test_headers_are_frozen_and_doubts_marked(blora):
    _, book, _ = blora
    sheet = book["33.16.05 Cepu"]
    assert sheet.freeze_panes == "D6"
    rows = table(sheet)
    assert rows[3][rows[1].index("SEGEL")] == "[B*] belum diverifikasi"
    assert rows[3][rows[1].index("KOTAK-TPS")] == "[A]"
    assert "contoh" in rows[0][5]


def test_summary_and_explanations_say_the_same(blora):
    needs, book, _ = blora
    summary = {row[0]: row for row in table(book["Ringkasan"])[4:]}
    assert {code: row[6] for code, row in summary.items()} == needs.totals()
    assert summary["SS-PPWP"][8] == needs.rounded_per_kab()["SS-PPWP"]
    why = {(row[0], row[2]): row[3] for row in table(book["Penjelasan"])[1:]}
    assert why["KOTAK-TPS", "cetak"] == explain(needs, "KOTAK-TPS").filled
    assert ("SS-PPWP", "alokasi") in why
    assert ("KOTAK-TPS", "alokasi") not in why
    assert explain_boxes(needs) in table(book["Ringkasan"])[2][0]


def test_csv_for_excel_with_indonesian_settings(blora):
    needs, _, labels = blora
    raw = needs_csv(needs, labels, ";")
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 1 + len(needs.tps)
    place = rows[0].index("KOTAK-TPS cetak")
    assert sum(int(row[place]) for row in rows[1:]) == needs.total("KOTAK-TPS")


def test_text_that_looks_like_a_formula_stays_text():
    tps = columns(['=HYPERLINK("x")', "+62"], [1, 1], [10, 400])
    needs = compute_needs(tps, PEMILU)
    labels = Labels({}, {})
    book = openpyxl.load_workbook(io.BytesIO(needs_workbook(needs, labels, check_list(tps, PEMILU))))
    cell = book["Tanpa kode kecamatan"]["A6"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("x")', "s")
    assert any("melebihi batas" in str(row[4]) for row in table(book["Temuan"]))
    first = needs_csv(needs, labels).decode("utf-8-sig").splitlines()[1]
    assert first.startswith("\"'=HYPERLINK")


def test_kecamatan_with_the_same_long_name_get_their_own_sheet():
    tps = columns([CODE, "33.16.02.2001"], [1, 1], [10, 10])
    names = {"33.16.01": "Sangat Panjang Sekali Namanya/1", "33.16.02": "x"}
    written = needs_workbook(compute_needs(tps, PEMILU), Labels({}, names))
    book = openpyxl.load_workbook(io.BytesIO(written))
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert len(book.sheetnames) == len(set(book.sheetnames)) == 6


class TestSilogShape:
    def test_its_layout_says_it_is_not_verified(self, blora):
        needs, _, _ = blora
        book = openpyxl.load_workbook(io.BytesIO(silog_workbook(needs, read_layout())))
        assert book.sheetnames == ["Kebutuhan", "Rincian TPS", "Catatan"]
        assert "belum diverifikasi" in table(book["Catatan"])[0][0]
        rows = table(book["Kebutuhan"])
        assert {row[0]: row[5] for row in rows[1:]} == needs.totals()

    def test_its_totals_come_back_without_a_difference(self, blora):
        needs, _, _ = blora
        book = openpyxl.load_workbook(io.BytesIO(silog_workbook(needs, read_layout())))
        sums: dict[str, int] = {}
        for row in table(book["Rincian TPS"])[1:]:
            sums[row[4]] = sums.get(row[4], 0) + row[6]
        assert sums == {code: needs.total(code) for code in sums}
        assert len(sums) == 8

    def test_another_layout_is_only_another_document(self):
        layout = read_layout(
            """
            status = "dari SK"
            [[sheets]]
            title = "A"
            rows = "tps"
            items = ["TINTA"]
            columns = [{ header = "Desa", field = "kode_desa" }, { header = "Botol", field = "alokasi" }]
            """,
        )
        needs = compute_needs(columns([CODE], [1], [10]), PEMILU)
        book = openpyxl.load_workbook(io.BytesIO(silog_workbook(needs, layout)))
        assert table(book["A"]) == [["Desa", "Botol"], [CODE, 2]]

    def test_two_sheets_of_one_name_are_both_written(self):
        sheet = '[[sheets]]\ntitle = "A"\nrows = "barang"\ncolumns = [{ header = "Kode", field = "kode" }]\n'
        layout = read_layout('status = "contoh"\n' + sheet * 2)
        needs = compute_needs(columns([CODE], [1], [10]), PEMILU)
        book = openpyxl.load_workbook(io.BytesIO(silog_workbook(needs, layout)))
        assert book.sheetnames == ["A", "A 2", "Catatan"]

    @pytest.mark.parametrize(
        "text",
        [
            "status = ",
            'status = "x"',
            'status = "x"\n[[sheets]]\ntitle = "A"\nrows = "baris"',
            'status = "x"\n[[sheets]]\ntitle = "A"\nrows = "tps"',
            'status = "x"\n[[sheets]]\ntitle = "A"\nrows = "tps"\ncolumns = [{ header = "", field = "nik" }]',
            'status = "x"\n[[sheets]]\ntitle = "A"\nrows = "barang"\ncolumns = ["kode"]',
        ],
    )
    def test_a_broken_layout_is_refused(self, text):
        with pytest.raises(Refused, match="NEEDS-LAYOUT-INVALID"):
            read_layout(text)
