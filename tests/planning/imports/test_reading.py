"""Files as they come: broken, locked, disguised, in any encoding."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tepat.common.errors import Refused
from tepat.planning.imports import reading, reading_calamine
from tepat.planning.imports.reading import read_book
from tepat.planning.imports.sheets import Book

ROWS = [("Desa", "TPS", "Jumlah"), ("Cabean", 1, 236), ("Doplang", 2, 240)]


def refusal(data: bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        read_book(data)
    assert str(caught.value)  # the sentence has all its facts
    return caught.value


def assert_book_or_refusal(data: bytes) -> None:
    try:
        answer = read_book(data)
    except Refused as refused:
        assert_sentence(refused)
    else:
        assert isinstance(answer, Book)


def assert_sentence(refused: Refused) -> None:
    assert str(refused).endswith(f"[{refused.code}]")


def packed(**members: bytes) -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return box.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "IMPORT-FILE-EMPTY"),
        (b" \r\n\t\n", "IMPORT-FILE-EMPTY"),
        (b"\xef\xbb\xbf", "IMPORT-FILE-EMPTY"),
        (b";;;\n;;;\n", "IMPORT-FILE-EMPTY"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "IMPORT-FILE-NO-TABLE"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(100), "IMPORT-FILE-NO-TABLE"),
        (b"%PDF-1.7\n" + bytes(200), "IMPORT-FILE-NO-TABLE"),
        (b"<html><table><tr><td>1", "IMPORT-FILE-NO-TABLE"),
        (b"PK\x03\x04" + bytes(100), "IMPORT-FILE-BROKEN"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "IMPORT-FILE-BROKEN"),
        (bytes(range(256)) * 20, "IMPORT-FILE-NO-TABLE"),
        (packed(word__document_dot_xml=b"<w/>"), "IMPORT-FILE-NO-TABLE"),
        (packed(readme=b"x"), "IMPORT-FILE-NO-TABLE"),
        (packed(xl__workbook_dot_xml=b"<broken"), "IMPORT-FILE-BROKEN"),
    ],
)
def test_what_is_no_table_is_said_plainly(data: bytes, code: str) -> None:
    assert refusal(data).code == code


def test_a_password_protected_xlsx_is_named_so() -> None:
    ole = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(1000)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(600)
    )
    assert refusal(ole).code == "IMPORT-FILE-PASSWORD"


def test_a_password_protected_ods_is_named_so() -> None:
    manifest = {"META-INF__manifest_dot_xml": b"<m><manifest:encryption-data/></m>", "content_dot_xml": b"x"}
    assert refusal(packed(**manifest)).code == "IMPORT-FILE-PASSWORD"


def test_a_workbook_without_a_filled_cell_is_empty(forms) -> None:
    assert refusal(forms["xlsx"]({"A": [], "B": [(None, None)]})).code == "IMPORT-FILE-EMPTY"


def test_a_truncated_workbook_is_broken(forms) -> None:
    data = forms["xlsx"]({"A": ROWS})
    assert refusal(data[: len(data) // 2]).code == "IMPORT-FILE-BROKEN"


def test_a_zip_bomb_is_not_opened() -> None:
    bomb = packed(xl__workbook_dot_xml=b"<x/>", xl__worksheets__sheet1_dot_xml=bytes(30_000_000))
    assert len(bomb) < 100_000
    assert refusal(bomb).code == "IMPORT-FILE-BOMB"


def test_the_limits_are_named_with_both_numbers(monkeypatch: pytest.MonkeyPatch, forms) -> None:
    monkeypatch.setattr(reading, "FILE_BYTES_MAX", 1000)
    assert refusal(b"a;b\n" * 300).facts == {"size": "1.200", "limit": "1.000"}
    monkeypatch.setattr(reading, "FILE_BYTES_MAX", 10**6)
    monkeypatch.setattr(reading, "ROWS_MAX", 10)
    assert refusal(b"a;b\n" * 300).facts["count"] == "300"
    monkeypatch.setattr(reading, "COLUMNS_MAX", 3)
    assert refusal(b"a;b;c;d\n").facts["what"] == "kolom"
    monkeypatch.setattr(reading, "SHEETS_MAX", 1)
    assert refusal(forms["xlsx"]({"A": ROWS, "B": ROWS})).facts["what"] == "lembar"


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_in_any_encoding_with_any_delimiter(forms, delimiter: str, encoding: str) -> None:
    rows = [("Desa", "Catatan", "Luas"), ("Cabean", "café – baik", "1,5"), ("Doplang", "é", "2,5")]
    book = read_book(forms["csv"](rows, delimiter, encoding))
    assert [tuple(row) for row in book.sheets[0].rows] == rows


def test_the_line_sep_of_excel_is_obeyed() -> None:
    assert read_book(b"sep=;\r\na,b;c\r\n").sheets[0].rows == [[], ["a,b", "c"]]


def test_merged_cells_hidden_parts_and_formulas_of_xlsx() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (*ROWS, (None, None, "=SUM(C2:C3)")):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    book.create_sheet("Rahasia").sheet_state = "hidden"
    box = io.BytesIO()
    book.save(box)
    read = read_book(box.getvalue())
    first, second = read.sheets
    assert [merge.name for merge in first.merges] == ["A2:A3"]
    assert (first.hidden_rows, first.hidden_columns, second.hidden) == ({2}, {1}, True)
    assert first.no_cached_value == {(3, 2)}


def test_the_stored_result_of_a_formula_is_read(forms) -> None:
    data = forms["xlsx"]({"A": [*ROWS, ("Jumlah", None, 476)]})
    box = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(box, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b"<v>476</v>", b"<f>SUM(C2:C3)</f><v>476</v>")
            new.writestr(name, content)
    sheet = read_book(box.getvalue()).sheets[0]
    assert sheet.rows[3] == ["Jumlah", None, 476]
    assert not sheet.no_cached_value


def test_a_workbook_that_kills_its_reader_is_broken_and_kills_nobody_else(
    monkeypatch: pytest.MonkeyPatch, forms
) -> None:
    monkeypatch.setattr(reading_calamine.sys, "executable", "/bin/false")
    assert refusal(forms["xls"]({"A": ROWS})).code == "IMPORT-FILE-BROKEN"


def test_merged_ranges_of_xls_are_read() -> None:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    sheet.write_merge(0, 2, 0, 0, "Cabean")
    box = io.BytesIO()
    book.save(box)
    assert [merge.name for merge in read_book(box.getvalue()).sheets[0].merges] == ["A1:A3"]


@given(st.binary(max_size=400))
def test_any_bytes_are_a_book_or_a_refusal(data: bytes) -> None:
    assert_book_or_refusal(data)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from(["xlsx", "xls", "ods"]),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8),
)
def test_a_damaged_workbook_is_a_book_or_a_refusal(forms, form: str, damage: list[tuple[int, int]]) -> None:
    data = bytearray(forms[form]({"A": ROWS}))
    for at, byte in damage:
        data[at % len(data)] = byte
    assert_book_or_refusal(bytes(data))
