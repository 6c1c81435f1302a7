"""Cells that are no numbers, desa by code, and the refusals at the borders."""

from datetime import date, datetime

import pytest

from tepat.common.errors import Refused
from tepat.planning.imports import calamine_child
from tepat.planning.imports.reduced import read_reduced
from tepat.planning.imports.values import read_date, read_yes_no


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2024-02-14", date(2024, 2, 14)),
        ("14/02/2024", date(2024, 2, 14)),
        ("14-2-24", date(2024, 2, 14)),
        ("14 Februari 2024", date(2024, 2, 14)),
        ("1 Agustus 2024", date(2024, 8, 1)),
        (datetime(2024, 2, 14, 7, 0), date(2024, 2, 14)),  # noqa: DTZ001 (spreadsheets know no zone)
        (date(2024, 2, 14), date(2024, 2, 14)),
        ("31/02/2024", None),
        ("14 Contoh 2024", None),
        ("besok", None),
    ],
)
def test_dates_have_the_day_first(cell: object, expected: date | None) -> None:
    assert read_date(cell) == expected


def test_yes_no_and_neither() -> None:
    assert [read_yes_no(cell) for cell in ("Ya", "v", 1, True, "tidak", 0, "mungkin")] == [
        *(True, True, True, True),
        *(False, False, None),
    ]


def test_posts_and_their_dates(read, forms) -> None:
    rows = [
        ["Nama", "Jabatan", "Desa", "TPS", "Mulai", "Selesai"],
        ["Budi Contoh", "Ketua PPS", "Doplang", None, "1 Februari 2024", "entah"],
        ["Citra Contoh", "Anggota KPPS", "Doplang", "TPS 3", "25/01/2024", "25/02/2024"],
    ]
    result = read(forms["csv"](rows, ";"), "people", told={"until_date": "F"})
    assert [(one.kind, one.cell) for one in result.findings] == [("unreadable_value", "F2")]
    values = [record.values for record in result.records]
    assert [(entry["post"], entry["from_date"]) for entry in values] == [
        ("pps", date(2024, 2, 1)),
        ("kpps", date(2024, 1, 25)),
    ]
    assert (values[1]["until_date"], values[1]["tps"]) == (date(2024, 2, 25), 3)


def test_a_desa_by_the_last_four_digits_of_its_code(read) -> None:
    header = ["Kecamatan", "Kode Desa", "TPS", "Jumlah", "Dapil"]
    result = read([header, ["Cepu", 2003, 1, 236, "x"], ["Cepu", "2003", 2, 230, "x"]])
    assert {record.values["desa"] for record in result.records} == {"Cabean"}
    assert not result.blocked


@pytest.mark.parametrize(("name", "proposal"), [("Cabean", "33.16.05.2003"), ("Getas", None)])
def test_a_code_that_is_not_in_the_register(read, name: str, proposal: str | None) -> None:
    header = ["Kode Desa", "Desa", "TPS", "Jumlah", "Dapil"]
    result = read([header, ["33.16.05.2099", name, 1, 236, "x"]])
    assert [(one.kind, one.cell, one.proposal) for one in result.findings] == [
        ("unknown_desa", "A2", proposal)
    ]


def test_a_file_without_dapil_says_so_once(read) -> None:
    rows = [["Kode Desa", "TPS", "Jumlah"], ["33.16.05.2003", 1, 236], ["33.16.05.2003", 2, 230]]
    assert [(one.kind, one.severity) for one in read(rows).findings] == [("missing_dapil", "note")]
    assert read(rows, dapil_needed=False).findings == ()


def test_a_missing_number_is_proposed_from_the_total_row(read) -> None:
    rows = [
        ["Kode Desa", "TPS", "Jumlah", "Dapil"],
        ["33.16.05.2003", 1, None, "x"],
        ["33.16.05.2003", 2, 230, "x"],
    ]
    result = read([*rows, ["Jumlah", None, 466, None]])
    found = [(one.kind, one.cell, one.proposal) for one in result.findings]
    assert found == [("missing_value", "C2", "236"), ("total_row", "A4", None)]
    assert result.blocked


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"bukan json", b'{"schema":"tepat-import","schema_version":99}\n']
)
def test_a_reduced_file_of_another_make_is_refused(content: bytes) -> None:
    with pytest.raises(Refused) as caught:
        read_reduced(content)
    assert caught.value.code == "IMPORT-REDUCED-UNREADABLE"
    assert str(caught.value)


def test_the_child_reads_what_the_parent_gives_it(forms) -> None:
    (sheet,) = calamine_child.read_sheets(forms["xls"]({"Daftar": [["Desa", "TPS"], ["Cabean", 1]]}))
    assert (sheet["name"], sheet["hidden"], sheet["rows"]) == (
        "Daftar",
        False,
        [["Desa", "TPS"], ["Cabean", 1.0]],
    )
    moment = datetime(2024, 2, 14, 7, 0)  # noqa: DTZ001 (spreadsheets know no zone)
    assert calamine_child.decode(calamine_child.encode(moment)) == moment


def test_dates_survive_the_reduced_file(read, forms, register) -> None:
    from tepat.planning.imports.engine import interpret
    from tepat.planning.imports.entries import ImportOptions
    from tepat.planning.imports.kinds import PEOPLE

    rows = [["Nama", "Jabatan", "Mulai"], ["Budi Contoh", "PPS", date(2024, 2, 1)]]
    result = read(forms["xlsx"]({"A": rows}), "people")
    sheets = read_reduced(result.reduced.content, result.reduced.vault_content)[2]
    assert interpret(sheets, PEOPLE, register, ImportOptions())[0] == list(result.records)
    assert result.records[0].values["from_date"] == date(2024, 2, 1)
