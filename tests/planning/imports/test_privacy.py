"""No NIK and no voter's name gets into what is kept, whatever the file calls it."""

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tepat.planning.imports.desa_register import DesaRegister
from tepat.planning.imports.engine import interpret, reduce_file
from tepat.planning.imports.entries import ImportOptions
from tepat.planning.imports.kinds import KINDS
from tepat.planning.imports.privacy import has_nik, masked, masked_names
from tepat.planning.imports.reduced import read_reduced, sha256

NIK = "3316000000000001"  # district 00: nobody's


def kept(result) -> str:
    everything = [
        result.reduced.content.decode(),
        result.reduced.vault_content.decode(),
        *[one.message + str(one.proposal) for one in result.findings],
        *[str(record.values) + str(record.vault) for record in result.records],
        json.dumps([mapping.as_json() for mapping in result.mappings]),
    ]
    return "\n".join(everything)


@pytest.mark.parametrize(
    "text",
    [
        NIK,
        int(NIK),
        float(NIK),
        "3316 0000 0000 0001",
        "3316.0000.0000.0001",
        f"ket {NIK} ok",
        "331600******0001",
        "3.316E+15",
    ],
)
def test_nik_in_any_dress_is_seen(text: Any) -> None:
    assert has_nik(text)
    assert "dihapus" in str(masked(text))


@pytest.mark.parametrize(
    "text", ["33.16.05.2003", 3316052003, "0812-3456-7890", "TPS 001", 236, "12345678901234567890"]
)
def test_codes_phones_and_numbers_are_no_nik(text: Any) -> None:
    assert not has_nik(text)


def test_names_after_bapak_and_ibu_are_taken_out_of_free_text() -> None:
    assert masked_names("Rumah Bapak Contoh Sekali, RT 2") == "Rumah Bapak [nama dihapus], RT 2"
    assert masked_names("Balai Desa Cabean") == "Balai Desa Cabean"


@pytest.mark.parametrize(
    "header", ["NIK", "No. KK", "Nomor Induk Kependudukan", "Kode Unik", "Keterangan", "Jumlah", "TPS"]
)
def test_a_column_of_nik_never_survives_whatever_it_is_called(read, rows, header: str) -> None:
    listed = [[*row, str(int(NIK) + at) if at else header] for at, row in enumerate(rows)]
    result = read(listed)
    assert ("nik_column_removed", "I1") in {(one.kind, one.cell) for one in result.findings}
    assert NIK[:12] not in kept(result)


def test_a_mapping_told_by_the_user_cannot_bring_nik_in(read, rows) -> None:
    listed = [[*row, str(int(NIK) + at) if at else "Lokasi"] for at, row in enumerate(rows)]
    result = read(listed, told={"place": "I"})
    assert NIK[:12] not in kept(result)


@pytest.mark.parametrize("header", ["Nama", "Nama Pemilih", "Ketua KPPS", "Kolom lain", "Desa Asal"])
def test_a_column_of_names_is_removed_and_said(read, rows, header: str) -> None:
    names = ["Contoh Satu", "Misal Dua", "Umpama Tiga", "Andai Empat", "Seumpama Lima", "Contoh Enam"]
    listed = [[*row, names[at - 1] if at else header] for at, row in enumerate(rows)]
    result = read(listed)
    assert "name_column_removed" in [one.kind for one in result.findings]
    assert not any(name in kept(result) for name in names)


def test_names_that_are_desa_are_no_people(read) -> None:
    result = read(
        [["Kecamatan", "Nama", "TPS", "Jumlah", "Dapil"], ["Cepu", "Cabean", 1, 9, "x"]], told={"desa": "B"}
    )
    assert result.records[0].values["desa_code"] == "33.16.05.2003"


def test_a_list_of_voters_is_refused_as_such(read) -> None:
    header = ["No", "NIK", "Nama", "Alamat", "Kecamatan", "Desa", "TPS"]
    listed = [header] + [
        [n, str(int(NIK) + n), "Contoh Orang", "RT 1", "Cepu", "Cabean", 1] for n in range(1, 6)
    ]
    result = read(listed)
    kinds = [one.kind for one in result.findings]
    assert "voter_list" in kinds
    assert {"nik_column_removed", "name_column_removed", "private_column_removed"} <= set(kinds)
    assert "Contoh Orang" not in kept(result)


def test_nik_in_a_free_text_is_masked_and_reported_at_its_cell(read, rows) -> None:
    listed = [[*row, "Balai Desa" if at else "Lokasi TPS"] for at, row in enumerate(rows)]
    listed[3][8] = f"Rumah Bapak Contoh ({NIK})"
    result = read(listed)
    found = {(one.kind, one.cell) for one in result.findings}
    assert found == {("nik_masked", "I4"), ("name_masked", "I4")}
    assert result.records[2].values["place"] == "Rumah Bapak [nama dihapus] ([NIK dihapus])"


def test_people_keep_names_and_phones_in_the_vault_alone(read, forms) -> None:
    rows = [
        ["Nama", "NIK", "Jabatan", "Kecamatan", "Desa", "No HP"],
        ["Budi Contoh", NIK, "Ketua PPS", "Cepu", "Getas", "081200000001"],
    ]
    result = read(forms["csv"](rows), "people")
    (record,) = result.records
    assert record.vault == {"name": "Budi Contoh", "phone": "081200000001"}
    assert record.values["post"] == "pps"
    assert record.values["desa_code"] == "33.16.05.2006"
    assert b"Budi" not in result.reduced.content
    assert b"0812" not in result.reduced.content
    assert "Budi Contoh" in result.reduced.vault_content.decode()
    assert result.reduced.vault_sha256 == sha256(result.reduced.vault_content)
    assert NIK not in kept(result)


def test_the_reduced_file_is_the_same_each_time_and_enough_on_its_own(read, forms, rows, register) -> None:
    rows[2][4] = "1.205"
    data = forms["xlsx"]({"Daftar": [*rows, [None, None, "Jumlah", None, 9, 9, 9]]})
    options = ImportOptions(voters_max=300)
    first, again = (reduce_file(data, KINDS["tps"], register, options) for _ in range(2))
    assert first == again
    assert (first.original_sha256, first.sha256) == (sha256(data), sha256(first.content))
    assert b'"E3","1.205"' in first.content
    kind, original, sheets = read_reduced(first.content)
    assert (kind, original) == ("tps", first.original_sha256)
    records, findings = interpret(sheets, KINDS["tps"], register, options)
    result = read(data, dapil_needed=False)
    assert records == list(result.records)
    assert {(one.kind, one.cell) for one in findings} == {(one.kind, one.cell) for one in result.findings}


def test_the_reduced_file_of_people_and_its_vault_belong_together(forms, register) -> None:
    rows = [["Nama", "Jabatan", "Desa"], ["Budi Contoh", "PPS", "Doplang"], ["Sari Contoh", "PPS", "Tobo"]]
    reduced = reduce_file(forms["csv"](rows), KINDS["people"], register)
    with_names = interpret(
        read_reduced(reduced.content, reduced.vault_content)[2], KINDS["people"], register, ImportOptions()
    )
    without = interpret(read_reduced(reduced.content)[2], KINDS["people"], register, ImportOptions())
    assert [record.vault.get("name") for record in with_names[0]] == ["Budi Contoh", "Sari Contoh"]
    assert [record.vault for record in without[0]] == [{}, {}]
    assert [record.values for record in with_names[0]] == [record.values for record in without[0]]


CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**17), 10**17),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30),
    st.dates(),
    st.sampled_from(
        [
            "Cepu",
            "Getas",
            "JUMLAH",
            "TPS 1",
            "L+P",
            "1.205",
            NIK,
            "Kecamatan Cepu",
            "No",
            "=1+1",
            "-",
            "#REF!",
        ]
    ),
)
SHEET = st.lists(st.lists(CELL, max_size=9), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(sorted(KINDS)), SHEET)
def test_any_content_gives_an_answer_and_no_nik(
    forms, register: DesaRegister, kind: str, cells: list[list[Any]]
) -> None:
    from tepat.common.errors import Refused
    from tepat.planning.imports.engine import read_import

    headers = {"tps": ["Kecamatan", "Desa", "TPS", "L", "P", "L+P", "Dapil", "Lokasi TPS"]}
    header = headers.get(kind) or [field.synonyms[0] for field in KINDS[kind].fields][:8]
    try:
        result = read_import(forms["xlsx"]({"Daftar": [header, *cells]}), KINDS[kind], register)
    except Refused as refused:
        result = None
        said = str(refused)
    if result is None:
        assert said
        return
    assert all(one.message for one in result.findings)
    assert not re.search(
        r"(?<![\d.])\d{16}(?![\d.])", kept(result).replace(result.reduced.original_sha256, "")
    )
