"""A table is the same on a screen, in Excel, as CSV: written for people, and as machines read numbers."""

import csv
import io
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tepat.common.tables import Cell, Column, Kind, Table, as_csv, as_xlsx, shown

WIB, WITA, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Makassar"), ZoneInfo("Asia/Jayapura")
AT = datetime(2024, 2, 13, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "kind", "zone", "text"),
    [
        (14_885, Kind.COUNT, WIB, "14.885"),
        (-3, Kind.COUNT, WIB, "−3"),
        (1_250_000, Kind.RUPIAH, WIB, "Rp1.250.000"),
        (12_345, Kind.METRES, WIB, "12,3"),
        (9_900, Kind.SECONDS, WIB, "2 j 45 m"),
        (250, Kind.BASIS_POINTS, WIB, "2,5 %"),
        (AT, Kind.MOMENT, WIB, "13 Feb 2024 14.05 WIB"),
        (AT, Kind.MOMENT, WITA, "13 Feb 2024 15.05 WITA"),
        (AT, Kind.MOMENT, WIT, "13 Feb 2024 16.05 WIT"),
        (AT, Kind.CLOCK, WIB, "13 Feb 14.05"),
        (date(2024, 8, 1), Kind.DATE, WIB, "1 Agu 2024"),
        (True, Kind.YES_NO, WIB, "ya"),
        (None, Kind.COUNT, WIB, "–"),
        ("belum", Kind.STATE, WIB, "BELUM ADA BUKTI"),
        ("33.16.01.2001", Kind.CODE, WIB, "33.16.01.2001"),
    ],
)
def test_values_are_written_as_people_read_them(value, kind, zone, text):
    assert shown(value, kind, zone) == text


def _table(rows, totals=()):
    columns = (Column("TPS"), Column("Kotak", Kind.COUNT), Column("Jarak, km", Kind.METRES))
    return Table(id="uji", title="Uji [1]", columns=columns, rows=rows, totals=totals, zone=WIB)


def test_csv_opens_in_indonesian_excel():
    raw = as_csv(_table([["TPS 001", 5, 12_345]], ["Jumlah", 5, 12_345]))
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert rows == [["TPS", "Kotak", "Jarak, km"], ["TPS 001", "5", "12,345"], ["Jumlah", "5", "12,345"]]


def test_excel_holds_real_numbers_below_a_frozen_head():
    sheet = load_workbook(io.BytesIO(as_xlsx(_table([["TPS 001", 5, 12_345]]), ["KPU Blora"]))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "Uji [1]"
    assert rows[1][0] == "KPU Blora"
    assert rows[-1] == ("TPS 001", 5, 12.345)
    assert sheet.freeze_panes == f"A{len(rows)}"


def test_unknown_stays_empty_in_a_spreadsheet_and_never_becomes_nought():
    raw = as_csv(_table([["TPS 001", None, None]])).decode("utf-8-sig")
    assert raw.splitlines()[1] == "TPS 001;;"


@given(st.text(max_size=30))
def test_no_text_runs_as_a_formula(text):
    table = _table([[text, 1, 1]])
    rows = list(csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig"), newline=""), delimiter=";"))
    assert not rows[1][0].startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("text", ["=1+1", "+62812", "-5", "@SUM(A1)"])
def test_excel_takes_formula_like_text_as_text(text):
    sheet = load_workbook(io.BytesIO(as_xlsx(_table([[text, 1, 1]]), []))).active
    last = list(sheet.iter_rows())[-1][0]
    assert (last.value, last.data_type) == (text, "s")


def test_a_cell_may_hold_another_kind_than_its_column():
    table = _table([[Cell("Biaya"), Cell(1_000, kind=Kind.RUPIAH), 1_000]])
    sheet = load_workbook(io.BytesIO(as_xlsx(table, []))).active
    assert list(sheet.iter_rows())[-1][1].number_format == '"Rp"#,##0'


def test_a_row_of_another_width_is_our_mistake():
    with pytest.raises(AssertionError):
        _table([["TPS 001", 5]])


def test_signs_that_excel_forbids_are_left_out():
    sheet = load_workbook(io.BytesIO(as_xlsx(_table([["TPS\x07 1", 1, 1]]), []))).active
    assert list(sheet.iter_rows())[-1][0].value == "TPS 1"
