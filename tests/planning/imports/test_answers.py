"""What the user answers, and what is remembered for the next file."""

import json
from typing import Any

import pytest

from tepat.common.errors import Refused
from tepat.planning.imports.messy import write_messy_workbook


def kinds(result) -> list[str]:
    return [one.kind for one in result.findings]


def test_an_answered_number_takes_the_cell_s_place(read, rows) -> None:
    rows[2][4] = "1.205"
    asked = read(rows)
    assert not asked.acceptable
    assert not asked.blocked
    (one,) = asked.findings
    result = read(rows, answers={one.place: str(one.proposal)})
    assert result.findings == ()
    assert result.acceptable
    assert result.records[1].values["dpt_male"] == 102


def test_a_wrong_answer_is_no_way_around_the_checks(read, rows) -> None:
    rows[2][4] = "1.205"
    assert kinds(read(rows, answers={"Daftar!E3": "lima"})) == ["wordy_number"]
    assert kinds(read(rows, answers={"Daftar!E3": "90"})) == ["sum_differs"]


def test_a_row_is_left_out_by_buang(read, rows) -> None:
    rows.insert(3, list(rows[2]))
    (one,) = read(rows).findings
    assert (one.kind, one.cell, one.proposal) == ("duplicate_tps", "D4", "buang")
    result = read(rows, answers={one.place: "buang"})
    assert result.findings == ()
    assert len(result.records) == 6


def test_pakai_confirms_a_gap_and_a_tps_over_the_limit(read, rows) -> None:
    rows[2][4:7] = [200, 150, 350]
    del rows[1]
    answers = {one.place: "pakai" for one in read(rows).findings}
    result = read(rows, answers=answers)
    assert [one.severity for one in result.findings] == ["note", "note"]
    assert result.acceptable


def test_one_answer_settles_all_rows_with_the_same_spelling(read, rows) -> None:
    for row in rows[1:4]:
        row[2] = "Kabean"
    (one,) = read(rows).findings
    assert (one.cell, one.also) == ("C2", ("C3", "C4"))
    result = read(rows, answers={one.place: "Cabean"})
    assert result.findings == ()
    assert {record.values["desa"] for record in result.records} == {"Cabean", "Doplang"}


def test_a_desa_whose_name_repeats_is_answered_by_its_code(read) -> None:
    rows = [["Desa", "TPS", "Jumlah", "Dapil"], ["Getas", 1, 236, "x"], ["Getas", 2, 230, "x"]]
    result = read(rows, answers={"Daftar!A2": "33.16.05.2006"})
    assert result.findings == ()
    assert [record.values["kecamatan"] for record in result.records] == ["Cepu", "Cepu"]


@pytest.mark.parametrize("code", ["33.16.05.2003", "33.16.05.2006"])
def test_a_code_that_was_answered_outweighs_the_name_beside_it(read, code: str) -> None:
    header = ["Kecamatan", "Kode Desa", "Desa", "TPS", "Jumlah", "Dapil"]
    rows = [header, ["Cepu", "33.16.05.2003", "Getas", 1, 236, "x"]]
    (one,) = read(rows).findings
    assert (one.kind, one.cell) == ("code_name_conflict", "B2")
    result = read(rows, answers={one.place: code})
    assert result.findings == ()
    assert result.records[0].values["desa_code"] == code


def test_an_answered_code_does_not_carry_over_to_rows_that_name_another_desa(read) -> None:
    header = ["Kecamatan", "Kode Desa", "Desa", "TPS", "Jumlah", "Dapil"]
    rows = [header, ["Cepu", "33.16.05.2003", "Getas", 1, 236, "x"]]
    rows += [["Cepu", "33.16.05.2003", "Cabean", at, 236, "x"] for at in (1, 2)]
    result = read(rows, answers={"Daftar!B2": "33.16.05.2006"})
    assert result.findings == ()
    assert [record.values["desa"] for record in result.records] == ["Getas", "Cabean", "Cabean"]


def test_taking_all_proposals_leaves_only_what_nobody_can_know(read, blora, tmp_path) -> None:
    path = tmp_path / "kotor.xlsx"
    write_messy_workbook(path, blora, 1)
    before, after = read(path.read_bytes()), read(path.read_bytes(), take_proposals=True)
    assert before.counts["asks"] > after.counts["asks"]
    assert {one.kind for one in after.findings if one.severity == "asks"} <= {"ambiguous_desa", "tps_gap"}
    assert after.counts["blocks"] == before.counts["blocks"]


def test_a_hidden_sheet_is_read_when_the_user_says_so(read, blora, tmp_path) -> None:
    path = tmp_path / "kotor.xlsx"
    write_messy_workbook(path, blora, 1)
    result = read(path.read_bytes(), answers={"Lama!A1": "pakai"})
    assert next(sheet for sheet in result.sheets if sheet.name == "Lama").used
    assert "duplicate_tps" in kinds(result)


def test_a_guess_by_content_alone_is_asked_about_and_can_be_told(read, rows) -> None:
    listed: list[list[Any]] = [[*row] for row in rows]
    listed[0][2] = "Lokasi pemungutan"
    asked = read(listed)
    (one,) = [one for one in asked.findings if one.kind == "unsure_column"]
    assert (one.cell, one.field, one.facts["column"]) == ("C1", "desa", "C")
    assert not asked.acceptable
    assert read(listed, told={"desa": "C"}).findings == ()
    assert read(listed, told={"desa": "lokasi pemungutan"}).findings == ()
    assert read(listed, answers={one.place: "pakai"}).acceptable


def test_an_accepted_mapping_is_remembered_by_the_header(read, rows) -> None:
    listed: list[list[Any]] = [[*row] for row in rows]
    listed[0][2], listed[0][6] = "Lokasi pemungutan", "Banyaknya"
    told = read(listed, told={"desa": "C", "dpt": "G"})
    store = {mapping.signature: json.loads(json.dumps(mapping.as_json())) for mapping in told.mappings}
    again = read(listed, remembered=store)
    assert again.findings == ()
    assert again.records == told.records
    assert {guess.source for guess in again.mappings[0].guesses} == {"remembered"}
    assert "missing_column" not in kinds(read(rows, remembered=store))


def test_a_column_may_be_told_to_be_none(read, rows) -> None:
    result = read(rows, told={"dapil": "-"}, dapil_needed=False)
    assert kinds(result) == ["unknown_column"]
    assert "dapil" not in result.records[0].values


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"suara": "D"}, "IMPORT-MAP-UNKNOWN-FIELD"),
        ({"dpt": "ZZ"}, "IMPORT-MAP-UNKNOWN-COLUMN"),
        ({"dpt": "Kolom X"}, "IMPORT-MAP-UNKNOWN-COLUMN"),
    ],
)
def test_a_field_or_column_that_is_not_there_is_refused(read, rows, told: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as caught:
        read(rows, told=told)
    assert caught.value.code == code
    assert str(caught.value)
