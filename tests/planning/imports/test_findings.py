"""Each kind of finding, by the smallest list that has it."""

import io
import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import tepat
from tepat.planning.imports import reading
from tepat.planning.imports.findings import SEVERITY

SOURCE = "".join(file.read_text(encoding="utf-8") for file in Path(tepat.__file__).parent.rglob("*.py"))


def test_every_kind_has_its_sentence_and_every_sentence_its_kind() -> None:
    codes = {"IMPORT-" + kind.upper().replace("_", "-") for kind in SEVERITY}
    file = resources.files("tepat.common.messages") / "planning_import.toml"
    written = set(tomllib.loads(file.read_text(encoding="utf-8")))
    assert codes <= written
    reasons = {code for code in written if code.startswith("IMPORT-REASON-")}  # put together in questions.py
    assert not {code for code in written - codes - reasons if code not in SOURCE}


def change(rows: list[list[Any]], row: int, column: str, value: Any) -> list[list[Any]]:
    rows[row][rows[0].index(column)] = value
    return rows


@pytest.mark.parametrize(
    ("column", "value", "cell", "kind", "proposal"),
    [
        ("L", "-5", "E3", "negative_number", "5"),
        ("L", "dua ratus", "E3", "wordy_number", "200"),
        ("L", "1.205", "E3", "ambiguous_number", "102"),
        ("P", "1,205", "F3", "ambiguous_number", "112"),
        ("L+P", "1.205", "G3", "ambiguous_number", "214"),
        ("L", 1.205, "E3", "ambiguous_number", "102"),
        ("L", 101.5, "E3", "not_whole_number", "102"),
        ("L", "-", "E3", "dash_for_zero", "0"),
        ("L", "seratusan", "E3", "unreadable_number", "102"),
        ("L+P", 215, "G3", "sum_differs", "214"),
        ("L+P", None, "G3", "missing_value", "214"),
        ("TPS", None, "D3", "missing_value", None),
        ("TPS", 1, "D3", "duplicate_tps", None),
        ("Dapil", None, "H3", "missing_dapil", None),
        ("Desa", "Kabean", "C3", "misspelt_desa", "Cabean"),
        ("Desa", "Wanarejeki", "C3", "unknown_desa", None),
        ("Desa", "Doplang", "C3", "unknown_desa", None),
        ("Desa", None, "C3", "missing_value", "Cabean"),
        ("Kecamatan", "Cepuu", "B3", "misspelt_kecamatan", "Cepu"),
        ("Kecamatan", "Semarang", "B3", "unknown_kecamatan", None),
        ("P", "236 orang", "F3", "number_cleaned", None),
    ],
)
def test_one_wrong_cell_is_named_at_its_address(
    read, rows, column: str, value: Any, cell: str, kind: str, proposal: str | None
) -> None:
    result = read(change(rows, 2, column, value))
    one = next(one for one in result.findings if one.cell == cell and one.kind == kind)
    assert one.sheet == "Daftar"
    assert one.proposal == proposal
    assert one.message
    assert one.severity == SEVERITY[kind] or (kind, one.severity) == ("missing_value", "asks")


def test_a_tps_over_the_limit_blocks_and_a_pilkada_allows_more(read, rows) -> None:
    rows[2][4:7] = [200, 150, 350]
    assert [one.kind for one in read(rows).findings] == ["over_limit"]
    assert read(rows, voters_max=600).findings == ()


def test_numbers_that_skip_one_are_asked_about(read, rows) -> None:
    result = read([*rows[:2], *rows[3:]])
    assert [(one.kind, one.cell, one.facts["missing"]) for one in result.findings] == [("tps_gap", "D3", "2")]


def test_special_tps_count_from_901(read, rows) -> None:
    rows.append([7, "Jati", "Doplang", "TPS 901", 20, 31, 51, "Blora 3"])
    assert read(rows).findings == ()
    rows[-1][3] = "TPS 903"
    assert [one.facts["missing"] for one in read(rows).findings] == ["901, 902"]


def test_a_name_that_stands_twice_is_never_matched_alone(read) -> None:
    result = read([["Desa", "TPS", "Jumlah", "Dapil"], ["Getas", 1, 236, "x"], ["Getas", 2, 230, "x"]])
    (one,) = result.findings
    assert (one.kind, one.cell, one.also, one.proposal) == ("ambiguous_desa", "A2", ("A3",), None)
    assert "33.16.03.2003" in one.message
    assert "33.16.05.2006" in one.message
    assert all("desa_code" not in record.values for record in result.records)


def test_a_name_that_stands_once_needs_no_kecamatan(read) -> None:
    result = read([["Desa", "TPS", "Jumlah", "Dapil"], ["Doplang", 1, 236, "x"]])
    assert result.findings == ()
    assert result.records[0].values["desa_code"] == "33.16.01.2009"


@pytest.mark.parametrize("code", ["33.16.05.2003", "3316052003", 3316052003])
def test_a_desa_by_code_in_any_shape(read, code: Any) -> None:
    result = read([["Kode Desa", "TPS", "Jumlah", "Dapil"], [code, 1, 236, "x"]])
    assert result.findings == ()
    assert result.records[0].values["desa"] == "Cabean"


def test_code_against_name_and_code_against_kecamatan(read) -> None:
    header = ["Kecamatan", "Kode Desa", "Desa", "TPS", "Jumlah", "Dapil"]
    name = read([header, ["Cepu", "33.16.05.2003", "Jipang", 1, 236, "x"]])
    kecamatan = read([header, ["Jati", "33.16.05.2003", "Cabean", 1, 236, "x"]])
    assert [(one.kind, one.cell) for one in name.findings] == [("code_name_conflict", "B2")]
    assert [(one.kind, one.cell) for one in kecamatan.findings] == [("code_name_conflict", "B2")]


def test_a_code_of_2024_is_followed_to_its_successor(blora) -> None:
    from tepat.planning.imports.desa_register import DesaRegister

    register = DesaRegister.of_area(blora, {"33.16.99.2001": "33.16.05.2003"})
    match = register.match_code("33.16.99.2001", "")
    assert (match.code, match.problem) == ("33.16.05.2003", "code_changed")


def totals(rows: list[list[Any]], label: str, *numbers: Any) -> list[list[Any]]:
    return [*rows, [None, None, label, None, *numbers]]


def test_a_total_row_is_a_checksum_and_no_tps(read, rows) -> None:
    male, female = (sum(row[at] for row in rows[1:]) for at in (4, 5))
    right = read(totals(rows, "JUMLAH", male, female, male + female))
    assert [(one.kind, one.cell) for one in right.findings] == [("total_row", "C8")]
    assert len(right.records) == 6
    wrong = read(totals(rows, "Total", male, female, male + female + 9))
    assert [(one.kind, one.cell) for one in wrong.findings] == [("total_row", "C8"), ("total_mismatch", "G8")]
    assert wrong.findings[1].facts["difference"] == "9"


def test_a_total_written_with_a_dot_is_understood_by_what_it_adds_up(read, rows) -> None:
    header = ["No", "Kecamatan", "Desa", "TPS", "Jumlah", "Dapil"]
    listed = [[*row[:4], 300, "Blora 3"] for row in rows[1:]]
    result = read([header, *listed, [None, None, "Jumlah", None, "1.800", None]])
    assert [one.kind for one in result.findings] == ["total_row"]


def test_subtotals_by_desa_and_a_grand_total(read, rows) -> None:
    first, second = rows[1:4], rows[4:7]
    sums = [[sum(row[at] for row in part) for at in (4, 5, 6)] for part in (first, second, first + second)]
    listed = [rows[0], *first, [None, None, "Jumlah Desa Cabean", None, *sums[0]], *second]
    listed += [[None, None, "Sub Total", None, *sums[1]], [None, None, "JUMLAH SELURUHNYA", None, *sums[2]]]
    assert [one.kind for one in read(listed).findings] == ["total_row"] * 3


def test_a_total_row_settles_the_one_unclear_number(read) -> None:
    header = ["Kecamatan", "Desa", "TPS", "Jumlah", "Dapil"]
    listed = [header, ["Cepu", "Cabean", 1, "1.205", "x"], ["Cepu", "Cabean", 2, 230, "x"]]
    result = read([*listed, [None, "Jumlah", None, 435, None]])
    assert [(one.kind, one.proposal) for one in result.findings] == [
        ("ambiguous_number", "205"),
        ("total_row", None),
    ]


def test_the_user_s_total_is_held_against_the_file(read, rows) -> None:
    total = sum(row[6] for row in rows[1:])
    assert read(rows, expected={"dpt": total, "tps": 6}).findings == ()
    (one,) = read(rows, expected={"dpt": total + 100}).findings
    assert (one.kind, one.facts["difference"]) == ("expected_total_differs", "-100")
    (swapped,) = read(rows, expected={"dpt": int(str(total)[1] + str(total)[0] + str(total)[2:])}).findings
    assert "tertukar" in swapped.message


def test_titles_two_header_lines_a_numbering_row_and_signatures(read) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sheet1"
    for row in (
        ["REKAPITULASI DAFTAR PEMILIH TETAP"],
        ["KECAMATAN CEPU KABUPATEN BLORA"],
        [],
        ["No", "Desa", "Nomor TPS", "Jumlah Pemilih", None, None, "Dapil"],
        [None, None, None, "L", "P", "L+P"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
        [1, "Getas", "TPS 001", 101, 102, 203, "x"],
        [2, "Getas", "TPS 002", 99, 102, 201, "x"],
        [],
        [None, None, None, None, "Cepu, 20 Juni 2023"],
        [None, None, None, None, "Ketua PPK"],
    ):
        sheet.append(row)
    for area in ("D4:F4", "A4:A5", "B4:B5", "C4:C5", "G4:G5"):
        sheet.merge_cells(area)
    box = io.BytesIO()
    book.save(box)
    result = read(box.getvalue())
    assert [(one.kind, one.cell) for one in result.findings] == [
        ("two_header_lines", "A4"),
        ("outside_table", "E10"),
    ]
    assert [r.values["desa_code"] for r in result.records] == ["33.16.05.2006"] * 2
    assert [r.values["dpt"] for r in result.records] == [203, 201]


def test_two_header_lines_without_merged_cells(read) -> None:
    header = [["Kecamatan", "Desa", "TPS", "Jumlah Pemilih", None, None, "DPTb", None, None, "Dapil"]]
    header += [[None, None, None, "L", "P", "Jumlah", "L", "P", "Jumlah", None]]
    result = read([*header, ["Cepu", "Cabean", 1, 100, 101, 201, 1, 2, 3, "x"]])
    values = result.records[0].values
    assert (values["dpt_male"], values["dpt_female"], values["dpt"], values["dptb"]) == (100, 101, 201, 3)


def test_kecamatan_titles_between_the_rows(read) -> None:
    header = ["Desa", "TPS", "L", "P", "L+P", "Dapil"]
    listed = [
        header,
        ["KECAMATAN KRADENAN"],
        ["Getas", 1, 1, 2, 3, "x"],
        ["KEC. CEPU"],
        ["Getas", 1, 1, 2, 3, "x"],
    ]
    result = read(listed)
    assert result.findings == ()
    assert [r.values["desa_code"] for r in result.records] == ["33.16.03.2003", "33.16.05.2006"]


def test_another_header_in_the_middle_of_a_sheet_blocks(read, rows) -> None:
    listed = [*rows, ["TPS", "Desa", "Dapil", "Kecamatan", "L+P", "L", "P"]]
    assert [(one.kind, one.cell) for one in read(listed).findings] == [("header_changed", "A8")]


def test_one_number_merged_over_several_tps_belongs_to_none(read, forms, rows) -> None:
    book = openpyxl.load_workbook(io.BytesIO(forms["xlsx"]({"Daftar": rows})))
    book.worksheets[0].merge_cells("G2:G3")
    box = io.BytesIO()
    book.save(box)
    assert [(one.kind, one.cell) for one in read(box.getvalue()).findings if one.severity == "blocks"] == [
        ("merged_number", "G2")
    ]


def test_voters_of_one_ballot_may_be_fewer_but_not_more(read) -> None:
    header = ["Kode Desa", "TPS", "Jumlah", "Dapil", "voters_PPWP", "voters_DPRDK"]
    result = read(
        [header, ["33.16.05.2003", 1, 236, "x", 236, 190], ["33.16.05.2003", 2, 200, "x", 210, 200]]
    )
    assert [(one.kind, one.cell) for one in result.findings] == [("part_over_voters", "E3")]
    assert result.records[0].values["voters_DPRDK"] == 190


def test_the_six_disabilities_add_up(read) -> None:
    names = ["Fisik", "Intelektual", "Mental", "Wicara", "Rungu", "Netra"]
    header = ["Kode Desa", "TPS", "Jumlah", "Dapil", *names, "Jumlah Disabilitas"]
    result = read([header, ["33.16.05.2003", 1, 236, "x", 1, 2, 3, 4, 5, 6, 20]])
    assert [(one.kind, one.cell, one.proposal) for one in result.findings] == [("sum_differs", "K2", "21")]
    assert result.records[0].values["disability_netra"] == 6


def test_vehicles_without_room_and_twice(read, forms) -> None:
    rows = [
        ["No Polisi", "Jenis Kendaraan", "Kapasitas Kotak", "Volume (m3)", "Sewa per hari"],
        ["K 1 XX", "Truk engkel", 120, "12,5", "Rp1.250.000"],
        ["K 2 XX", "Pick up", 0, 3, "450.000"],
        ["k 1 xx", "Kuda", 10, 3, 1],
    ]
    result = read(forms["csv"](rows, ";"), "vehicles")
    found = {(one.kind, one.cell) for one in result.findings if one.severity == "blocks"}
    assert found == {
        ("no_capacity", "C3"),
        ("duplicate_row", "A4"),
        ("unreadable_value", "B4"),
        ("missing_value", "B4"),
    }
    first = result.records[0].values
    assert (first["volume_ml"], first["rent_rupiah"], first["vehicle_class"]) == (
        12_500_000,
        1_250_000,
        "truck",
    )


def test_a_warehouse_outside_the_area(read, forms) -> None:
    rows = [
        ["Nama Gudang", "Luas", "Lat", "Long", "CCTV"],
        ["A", 1200, "-6,968", "111,411", "ya"],
        ["B", 9, 3.1, 101.7, "t"],
    ]
    result = read(forms["csv"](rows, ";"), "warehouses")
    assert [(one.kind, one.cell) for one in result.findings] == [("outside_area", "C3")]
    assert result.records[0].values["cctv"] is True


@pytest.mark.parametrize(
    "title", [["KECAMATAN", ":", "CEPU"], ["Kec. Cepu Kabupaten Blora"], ["PPK KECAMATAN CEPU, TAHUN 2024"]]
)
def test_the_kecamatan_of_a_title(read, title: list[str]) -> None:
    result = read([title, ["Desa", "TPS", "Jumlah", "Dapil"], ["Getas", 1, 236, "x"]])
    assert result.findings == ()
    assert result.records[0].values["desa_code"] == "33.16.05.2006"


@pytest.mark.parametrize("name", ["Cepu", "KEC. CEPU", "05. Cepu", "Cepu (2)", "kecamatan cepu"])
def test_the_kecamatan_of_a_sheet_s_name(read, forms, name: str) -> None:
    result = read(forms["xlsx"]({name: [["Desa", "TPS", "Jumlah", "Dapil"], ["Getas", 1, 236, "x"]]}))
    assert result.findings == ()
    assert result.sheets[0].kecamatan == "Cepu"


def test_a_recapitulation_per_desa_is_no_list_of_tps(read) -> None:
    result = read(
        [["Kecamatan", "Desa", "Jumlah TPS", "L", "P", "L+P"], ["Cepu", "Getas", 6, 700, 710, 1410]]
    )
    assert [(one.kind, one.facts["label"]) for one in result.findings if one.severity == "blocks"] == [
        ("missing_column", "nomor TPS")
    ]


def test_an_owner_who_is_a_person_is_masked(read, forms) -> None:
    rows = [
        ["No Polisi", "Jenis", "Kapasitas", "Pemilik"],
        ["K 1 XX", "Truk", 9, "Budi Contoh"],
        ["K 2 XX", "Truk", 9, "CV Maju"],
    ]
    result = read(forms["csv"](rows, ";"), "vehicles")
    assert [(one.kind, one.cell) for one in result.findings] == [("name_masked", "D2")]
    assert [record.values["owner"] for record in result.records] == ["[nama dihapus]", "CV Maju"]


def test_the_page_about_imports_names_every_kind_with_its_severity_and_every_limit() -> None:
    page = (Path(__file__).parents[3] / "docs" / "formats-import.md").read_text(encoding="utf-8")
    for severity in ("blocks", "asks", "note"):
        line = next(line for line in page.splitlines() if line.startswith(f"| {severity} |"))
        assert set(re.findall(r"`(\w+)`", line.split(";")[0])) == {
            k for k, s in SEVERITY.items() if s == severity
        }
    for name in (
        "FILE_BYTES_MAX",
        "UNZIPPED_BYTES_MAX",
        "ZIP_RATIO_MAX",
        "SHEETS_MAX",
        "ROWS_MAX",
        "COLUMNS_MAX",
    ):
        assert f"{name}`" in page
        assert f"{getattr(reading, name):,}" in page


def test_no_table_at_all_and_no_tps_column(read) -> None:
    assert [one.kind for one in read([["a", "b"], ["c", "d"]]).findings if one.severity == "blocks"] == [
        "no_table"
    ]
    missing = read([["Kecamatan", "Desa", "Jumlah"], ["Cepu", "Cabean", 9]])
    assert "missing_column" in [one.kind for one in missing.findings]
