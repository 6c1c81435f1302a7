"""What a person is asked about a list, with the answers to choose from; pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tepat.common.quantities import grouped
from tepat.planning.imports.columns import NO_COLUMN
from tepat.planning.imports.fields import Kind
from tepat.planning.imports.findings import ASKS, BLOCKS, DROP, KEEP, NO_POINT, NOTE, SKIP, Finding
from tepat.planning.imports.layout import SheetReading
from tepat.planning.imports.points import LABELS as POINT
from tepat.planning.imports.sheets import column_index, column_letter

CANDIDATE = re.compile(r"([^;()]+?) \(Kec\. ([^,()]+), (\d\d\.\d\d\.\d\d\.\d{4})\)")
THREE_DECIMALS = re.compile(r"-?\d+,\d{3}")

KEEP_LABEL = {
    "hidden_row": "Ya, ikut dihitung",
    "hidden_sheet": "Baca lembar ini",
    "unsure_column": "Tebakannya benar",
    "total_mismatch": "Baris-barisnya yang benar",
    "point_mistake": "Ya, baca begitu",
    "outside_desa": "Memang di situ",
}
DROP_LABEL = {"hidden_row": "Tidak, jangan dihitung"}
CAN_KEEP = frozenset({*KEEP_LABEL, "tps_gap", "part_over_voters", "over_limit"})
CAN_DROP = frozenset({"hidden_row", "duplicate_tps", "duplicate_row", "office_post"})
NO_WORDS_OF_ONE_S_OWN = frozenset(
    {
        *("hidden_row", "hidden_sheet", "unsure_column", "total_mismatch", "tps_gap", "office_post"),
        "point_mistake",
    }
)
ONLY_IN_THE_FILE = frozenset(
    {"no_table", "missing_column", "header_changed", "voter_list", "expected_total_differs", "merged_number"}
)

KIND_WORDS = {
    "merged_cell_filled": "Sel gabungan diisi ke bawah",
    "merged_number": "Satu angka untuk beberapa baris",
    "two_header_lines": "Judul kolom beberapa baris",
    "repeated_header": "Judul kolom berulang",
    "header_changed": "Judul kolom lain di tengah",
    "outside_table": "Baris di luar tabel",
    "hidden_row": "Baris tersembunyi",
    "hidden_column": "Kolom tersembunyi",
    "hidden_sheet": "Lembar tersembunyi",
    "hidden_unknown": "Baris tersembunyi tidak diketahui",
    "sheet_without_table": "Lembar tanpa tabel",
    "recap_sheet": "Lembar rekapitulasi",
    "no_table": "Tidak ada tabel",
    "missing_column": "Kolom tidak ditemukan",
    "unsure_column": "Kolom belum pasti",
    "unknown_column": "Kolom tidak dipakai",
    "formula_without_value": "Rumus tanpa hasil",
    "nik_column_removed": "Kolom NIK dibuang",
    "name_column_removed": "Kolom nama orang dibuang",
    "private_column_removed": "Kolom data pribadi dibuang",
    "nik_masked": "Angka seperti NIK dihapus",
    "name_masked": "Nama orang dihapus",
    "voter_list": "Daftar pemilih perorangan",
    "ambiguous_number": "Angka bermakna dua",
    "wordy_number": "Angka ditulis dengan kata",
    "unreadable_number": "Bukan angka",
    "not_whole_number": "Bukan bilangan bulat",
    "negative_number": "Angka kurang dari nol",
    "date_in_number": "Tanggal di kolom angka",
    "excel_error": "Kesalahan Excel",
    "dash_for_zero": "Tanda setrip",
    "number_cleaned": "Angka dirapikan",
    "over_limit": "Melebihi batas",
    "under_limit": "Kurang dari batas",
    "unreadable_value": "Isi tidak dimengerti",
    "missing_value": "Isian kosong",
    "missing_dapil": "Dapil kosong",
    "no_capacity": "Kendaraan tanpa muatan",
    "zero_point": "Titik 0,0",
    "point_mistake": "Titik tampak salah tulis",
    "outside_area": "Titik di luar wilayah",
    "outside_desa": "Titik di luar desanya",
    "unknown_kecamatan": "Kecamatan tidak dikenal",
    "misspelt_kecamatan": "Kecamatan salah tulis",
    "unknown_desa": "Desa tidak dikenal",
    "misspelt_desa": "Desa salah tulis",
    "ambiguous_desa": "Nama desa ada di beberapa kecamatan",
    "code_name_conflict": "Kode dan nama desa tidak cocok",
    "code_changed": "Kode desa sudah berganti",
    "desa_absent": "Desa tidak ada dalam berkas",
    "duplicate_tps": "TPS tertulis dua kali",
    "duplicate_row": "Baris tertulis dua kali",
    "tps_gap": "Nomor TPS tidak urut",
    "tps_count_differs": "Jumlah TPS berbeda dari register",
    "sum_differs": "Jumlah tidak cocok",
    "part_over_voters": "Bagian lebih besar dari seluruhnya",
    "total_row": "Baris jumlah dipakai mencocokkan",
    "total_mismatch": "Baris jumlah berbeda",
    "expected_total_differs": "Berbeda dari jumlah yang Anda sebut",
    "office_post": "Jabatan di kantor",
    "post_without_desa": "Petugas tanpa desa",
    "post_without_kecamatan": "Petugas tanpa kecamatan",
}
STATES = {BLOCKS: ("gawat", "MENGHALANGI"), ASKS: ("perhatikan", "BERTANYA"), NOTE: ("aman", "CATATAN")}
RANK = {BLOCKS: 0, ASKS: 1, NOTE: 2}


@dataclass(frozen=True)
class Option:
    """One answer to choose: what is stored, what is read, and whether it is proposed."""

    value: str
    label: str
    proposed: bool = False


@dataclass(frozen=True)
class Question:
    """One finding that a person settles.

    Args:
        finding: What was found.
        number: Its number on the page, for ids.
        options: Answers to choose from.
        free: Whether another value may be typed.
    """

    finding: Finding
    number: int
    options: tuple[Option, ...]
    free: bool

    @property
    def place(self) -> str:
        """Sheet and cell, which name the answer."""
        return self.finding.place

    @property
    def state(self) -> str:
        """The state's key."""
        return STATES[self.finding.severity][0]

    @property
    def word(self) -> str:
        """The state's word."""
        return STATES[self.finding.severity][1]

    @property
    def title(self) -> str:
        """The kind in words."""
        return KIND_WORDS[self.finding.kind]

    @property
    def answerable(self) -> bool:
        """Whether it can be settled here, without mending the file."""
        return bool(self.options) or self.free


def questions(findings: Sequence[Finding]) -> list[Question]:
    """Return what must be settled, the gravest first, each place once."""
    open_ones = sorted((one for one in findings if one.severity != NOTE), key=lambda one: RANK[one.severity])
    seen: set[str] = set()
    found: list[Question] = []
    for one in open_ones:
        if one.cell and one.place in seen:
            continue
        seen.add(one.place)
        options = () if one.kind in ONLY_IN_THE_FILE or not one.cell else _options(one)
        free = bool(one.cell and one.field) and one.kind not in NO_WORDS_OF_ONE_S_OWN | ONLY_IN_THE_FILE
        found.append(Question(one, len(found) + 1, options, free))
    return found


def _options(one: Finding) -> tuple[Option, ...]:
    options = _readings(one) if one.kind == "ambiguous_number" else _candidates(one)
    if one.kind in CAN_KEEP:
        options.append(Option(KEEP, KEEP_LABEL.get(one.kind, "Memang begitu")))
    if one.kind in CAN_DROP:
        options.append(Option(DROP, DROP_LABEL.get(one.kind, "Buang baris ini")))
    if one.field in POINT:
        options.append(Option(NO_POINT, "Simpan tanpa titik"))
    if one.kind == "hidden_sheet":
        options.append(Option(SKIP, "Jangan dibaca"))
    if one.proposal is not None and one.kind != "total_mismatch":
        options = _with_proposal(options, one)
    return tuple(options)


def _with_proposal(options: list[Option], one: Finding) -> list[Option]:
    """Mark the proposal, first among the options; what blocks is marked and not chosen beforehand."""
    assert one.proposal is not None
    same = [option for option in options if one.proposal in {option.value, option.label.split(" (")[0]}]
    first = same[0] if same else Option(one.proposal, one.proposal)
    rest = [option for option in options if option not in same[:1]]
    return [replace(first, proposed=True), *rest]


def _readings(one: Finding) -> list[Option]:
    """Return the two readings of a number; the second is stored so that it has one reading only."""
    first, second = str(one.facts["first"]), str(one.facts["second"])
    exact = second + "0" if THREE_DECIMALS.fullmatch(second) else second
    whole = grouped(int(first)) if first.lstrip("-").isdigit() else first
    return [
        Option(first, f"{first} (titik memisah ribuan: {whole})"),
        Option(exact, f"{second} (koma desimal)"),
    ]


def _candidates(one: Finding) -> list[Option]:
    found = CANDIDATE.findall(str(one.facts.get("candidates", "")))
    return [Option(code, f"{name.strip()} (Kec. {kecamatan}, {code})") for name, kecamatan, code in found]


@dataclass(frozen=True)
class ChosenColumn:
    """One column of a header, as it is shown and can be corrected."""

    letter: str
    header: str
    field: str
    confidence: int
    source: str


@dataclass(frozen=True)
class HeaderColumns:
    """The columns below one kind of header, with the sheets that have it."""

    signature: str
    sheets: tuple[str, ...]
    columns: tuple[ChosenColumn, ...]


def header_columns(
    sheets: Sequence[SheetReading], layout: Sequence[Mapping[str, Any]]
) -> list[HeaderColumns]:
    """Return the columns of each header, those that are not used among them.

    Args:
        sheets: How the sheets were read.
        layout: The findings of the layout, plain.
    """
    by_signature: dict[str, list[SheetReading]] = {}
    for reading in sheets:
        if reading.mapping:
            by_signature.setdefault(reading.mapping.signature, []).append(reading)
    found = []
    for signature, readings in by_signature.items():
        mapping = readings[0].mapping
        assert mapping is not None, signature
        names = {reading.name for reading in readings}
        columns = {
            guess.column: ChosenColumn(
                column_letter(guess.column), guess.heading, guess.field, guess.confidence, guess.source
            )
            for guess in mapping.guesses
        }
        for one in layout:
            letter = str(one["cell"]).rstrip("0123456789")
            if one["kind"] == "unknown_column" and one["sheet"] in names:
                unused = ChosenColumn(letter, str(one["facts"]["header"]), NO_COLUMN, 0, "")
                columns.setdefault(column_index(letter) or 0, unused)
        listed = tuple(columns[at] for at in sorted(columns))
        found.append(HeaderColumns(signature, tuple(sorted(names)), listed))
    return found


def changed_mappings(
    headers: Sequence[HeaderColumns], chosen: Mapping[tuple[str, str], str], kind: Kind
) -> tuple[dict[str, dict[str, Any]], tuple[str, str, str] | None]:
    """Return the mappings that a person chose, and a field that was chosen twice: field and both columns.

    Args:
        headers: As shown.
        chosen: Field by signature and column letter.
        kind: The kind of list.
    """
    mappings: dict[str, dict[str, Any]] = {}
    for header in headers:
        columns: list[dict[str, Any]] = []
        taken: dict[str, str] = {}
        for column in header.columns:
            name = chosen.get((header.signature, column.letter), column.field)
            if name not in kind.by_name:
                continue
            if name in taken:
                return {}, (name, taken[name], column.letter)
            taken[name] = column.letter
            columns.append(
                {
                    "column": column.letter,
                    "header": column.header,
                    "field": name,
                    "confidence": 100,
                    "source": "user",
                }
            )
        mappings[header.signature] = {"signature": header.signature, "kind": kind.name, "columns": columns}
    return mappings, None
