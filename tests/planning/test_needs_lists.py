"""The plain list is read strictly: faults are named by line and column, and no part is ever added up."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tepat.common.areas import load_area
from tepat.common.errors import Refused
from tepat.planning.findings import FINDINGS_MAX, check_list
from tepat.planning.lists import read_tps_list, with_lines
from tepat.planning.needs import compute_needs
from tepat.planning.rulesets import load_rule_set

PEMILU = load_rule_set("pemilu-2024")
PILKADA = load_rule_set("pilkada-2024")
HEAD = "tps,desa,voters\n"
CODE = "33.16.01.2001"


def read(text, rules=PEMILU, area=None):
    return read_tps_list(text.encode() if isinstance(text, str) else text, rules, area)


def test_blora_round_trip(blora_pemilu, blora_pemilu_csv):
    listed = read(blora_pemilu_csv)
    assert listed.findings == ()
    assert listed.columns.labels == blora_pemilu.labels
    assert compute_needs(listed.columns, PEMILU).totals() == compute_needs(blora_pemilu, PEMILU).totals()


@pytest.mark.parametrize(
    "text",
    [
        f"tps,desa,voters\n1,{CODE},236\n",
        f"\ufefftps;desa;voters\r\n1;{CODE};236\r\n",
        f"TPS, Desa ,Voters\n001,{CODE},236",
        "tps\tdesa\tvoters\nTPS 1\t3316012001\t236\n\n",
        f'voters,catatan,desa,tps\n236,"a,b",{CODE},TPS-001\n',
        f"tps,desa,voters\n3316012001001,{CODE},236\n",
    ],
    ids=["plain", "bom semicolon", "spaced header", "tab and digits", "other order", "thirteen digits"],
)
def test_the_same_tps_in_many_spellings(text):
    listed = read(text)
    assert listed.findings == ()
    assert listed.columns.labels == [f"{CODE} TPS 001"]
    assert listed.columns.dpt.tolist() == [236]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (f"1,{CODE},1.205", "NEEDS-LIST-NUMBER", "voters"),
        (f'1,{CODE},"1,205"', "NEEDS-LIST-NUMBER", "voters"),
        (f"1,{CODE},-5", "NEEDS-LIST-NUMBER", "voters"),
        (f"1,{CODE},", "NEEDS-LIST-NUMBER", "voters"),
        (f"1,{CODE},dua ratus", "NEEDS-LIST-NUMBER", "voters"),
        (f"1,{CODE},236.5", "NEEDS-LIST-NUMBER", "voters"),
        (f"1,{CODE},٢٣٦", "NEEDS-LIST-NUMBER", "voters"),
        (f"1,{CODE},9999999", "NEEDS-LIST-NUMBER-TOO-LARGE", "voters"),
        (f"0,{CODE},200", "NEEDS-LIST-TPS-NUMBER", "tps"),
        (f"x,{CODE},200", "NEEDS-LIST-TPS-NUMBER", "tps"),
        (f"1000,{CODE},200", "NEEDS-LIST-TPS-NUMBER", "tps"),
        ("1,,200", "NEEDS-LIST-NO-DESA", "desa"),
        ("1", "NEEDS-LIST-ROW-WIDTH", ""),
        (f"1,{CODE},1,205", "NEEDS-LIST-ROW-WIDTH", ""),
        (f"02,{CODE},200", "NEEDS-LIST-DUPLICATE", "tps"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_computed(row, code, column):
    listed = read(f"{HEAD}2,{CODE},100\n{row}\n")
    assert listed.columns is None
    (finding,) = listed.findings
    assert (finding.code, finding.line, finding.column) == (code, 3, column)
    assert f"Baris {finding.line}" in finding.message
    assert finding.severity == "menahan"


def test_all_faults_are_named_at_once():
    listed = read(f"{HEAD}0,,x\n1,{CODE},y\n")
    assert [(finding.line, finding.column) for finding in listed.findings] == [
        (2, "desa"),
        (2, "tps"),
        (2, "voters"),
        (3, "voters"),
    ]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "NEEDS-LIST-NO-COLUMN"),
        (b"tps,desa\n", "NEEDS-LIST-NO-COLUMN"),
        (HEAD.encode(), "NEEDS-LIST-EMPTY"),
        (b"tps,desa,voters,tps\n1,a,2,1\n", "NEEDS-LIST-COLUMN-TWICE"),
        (b"tps,desa,voters,voters_lurah\n1,a,2,1\n", "NEEDS-LIST-UNKNOWN-BALLOT"),
        (HEAD.encode() + b"1,\xe9,3\n", "NEEDS-LIST-ENCODING"),
        (HEAD.encode() + b'1,"a,3\n', "NEEDS-LIST-BROKEN"),
        (HEAD.encode() + b"1," + b"a" * 20_000 + b",3\n", "NEEDS-LIST-BROKEN"),
        (b"PK\x03\x04" + bytes(range(256)), "NEEDS-LIST-ENCODING"),
    ],
)
def test_a_file_that_is_no_list_is_refused(raw, code):
    with pytest.raises(Refused, match=code) as refusal:
        read(raw)
    assert code in str(refusal.value)


@pytest.mark.parametrize(("limit", "most"), [("LIST_BYTES_MAX", 20), ("LIST_ROWS_MAX", 1)])
def test_a_list_beyond_the_limits_is_refused(monkeypatch, limit, most):
    monkeypatch.setattr(f"tepat.planning.lists.{limit}", most)
    with pytest.raises(Refused, match="NEEDS-LIST-TOO-LARGE"):
        read(f"{HEAD}1,{CODE},200\n2,{CODE},200\n")


def test_reading_stops_naming_after_so_many_faults():
    listed = read(HEAD + f"1,{CODE},x\n" * (FINDINGS_MAX + 50))
    assert len(listed.findings) == FINDINGS_MAX


def test_empty_lines_count_but_are_no_tps():
    listed = read(f"\n\n{HEAD}\n1,{CODE},200\n,,\n")
    assert listed.lines == (5,)


class TestAreas:
    BLORA = load_area("blora")

    def test_a_unique_name_is_found_and_a_repeated_one_is_not_guessed(self):
        listed = read(f"{HEAD}1,bangkleyan,200\n", area=self.BLORA)
        assert listed.columns.labels == ["33.16.01.2001 TPS 001"]
        names = [desa.name for desa in self.BLORA.desa]
        twice = next(name for name in names if names.count(name) > 1)
        (finding,) = read(f"{HEAD}1,{twice},200\n", area=self.BLORA).findings
        assert finding.code == "NEEDS-LIST-DESA-AMBIGUOUS"
        assert "33.16." in finding.message

    @pytest.mark.parametrize(
        ("desa", "code"),
        [("33.73.01.1001", "NEEDS-LIST-DESA-ELSEWHERE"), ("Bangkleyann", "NEEDS-LIST-DESA-UNKNOWN")],
    )
    def test_a_desa_of_nowhere(self, desa, code):
        (finding,) = read(f"{HEAD}1,{desa},200\n", area=self.BLORA).findings
        assert finding.code == code

    def test_names_without_an_area_are_kept_but_their_ppk_is_not_invented(self):
        listed = read(f"{HEAD}1,Maju,200\n1,31 Ilir,200\n")
        needs = compute_needs(listed.columns, PEMILU)
        assert needs.total("KOTAK-TPS") == 10
        assert needs.total("KOTAK-PPK") == 0
        assert compute_needs(listed.columns, PEMILU, ppk_count=1).total("KOTAK-PPK") == 2
        assert "NEEDS-TPS-WITHOUT-CODE" in {finding.code for finding in check_list(listed.columns, PEMILU)}


class TestBallotsAndDapil:
    def test_voters_per_ballot_and_an_empty_cell_means_all(self):
        text = f"tps,desa,voters,voters_pgub,voters_pbup,dptb\n901,{CODE},202,,174,5\n"
        listed = read(text, PILKADA).columns
        assert listed.voters_for("pgub").tolist() == [202]
        assert listed.voters_for("pbup").tolist() == [174]
        assert listed.dptb.tolist() == [5]

    def test_the_plain_dapil_column_is_the_offices_own(self):
        listed = read(f"tps,desa,voters,dapil\n1,{CODE},200,Blora 1\n2,{CODE},200,Blora 2\n").columns
        assert set(listed.dapil) == {"dprdk"}
        assert compute_needs(listed, PEMILU).total("SS-PSU-DPRDK") == 2_000

    def test_a_tps_without_dapil_is_named_with_its_line(self):
        listed = read(f"tps,desa,voters,dapil\n1,{CODE},200,Blora 1\n\n2,{CODE},200,\n")
        findings = with_lines(check_list(listed.columns, PEMILU), listed.columns, listed.lines)
        (finding,) = [found for found in findings if found.severity == "menahan"]
        assert (finding.code, finding.line) == ("NEEDS-TPS-WITHOUT-DAPIL", 4)
        assert "TPS 002" in finding.message

    def test_jakarta_needs_no_dapil_for_a_dprd_it_does_not_elect(self):
        text = "tps,desa,voters,dapil_dpr,dapil_dprdp,dapil_dprdk\n1,31.71.01.1001,200,a,b,\n"
        assert check_list(read(text).columns, PEMILU) == ()
        bare = read("tps,desa,voters\n1,31.71.01.1001,200\n").columns
        (finding,) = check_list(bare, PEMILU)
        assert finding.facts["ballots"] == "DPR, DPRD provinsi"

    def test_more_ballots_than_voters_is_named(self):
        listed = read(f"tps,desa,voters,voters_dpr\n1,{CODE},200,201\n")
        assert "NEEDS-TPS-BALLOT-ABOVE-DPT" in {found.code for found in check_list(listed.columns, PEMILU)}


@pytest.mark.parametrize(("rules", "limit"), [(PEMILU, 300), (PILKADA, 600)], ids=["pemilu", "pilkada"])
def test_the_limit_of_voters_per_tps(rules, limit):
    listed = read(f"{HEAD}1,{CODE},{limit}\n2,{CODE},{limit + 1}\n", rules)
    (finding,) = [found for found in check_list(listed.columns, rules) if found.severity == "menahan"]
    assert finding.code == "NEEDS-TPS-OVER-LIMIT"
    assert str(limit + 1) in finding.message
    assert compute_needs(listed.columns, rules).units("tps") == 2


def test_empty_tps_are_noted_special_ones_apart():
    listed = read(f"{HEAD}1,{CODE},0\n901,{CODE},0\n")
    codes = [found.code for found in check_list(listed.columns, PEMILU)]
    assert codes[:2] == ["NEEDS-TPS-EMPTY", "NEEDS-TPS-EMPTY-SPECIAL"]


def test_a_flood_of_findings_ends_in_a_count():
    rows = "".join(
        f"{number % 900 + 1},33.16.01.{2001 + number // 900},400\n" for number in range(FINDINGS_MAX + 5)
    )
    findings = check_list(read(HEAD + rows).columns, PEMILU)
    over = [found for found in findings if found.code == "NEEDS-TPS-OVER-LIMIT"]
    assert len(over) == FINDINGS_MAX
    assert any(found.code == "NEEDS-FINDING-MORE" and found.facts["count"] == "5" for found in findings)


@given(st.text(max_size=200))
def test_any_text_is_a_list_or_a_sentence(text):
    for head in ("", HEAD):
        listed = None
        with suppress(Refused):
            listed = read((head + text).encode("utf-8", "surrogatepass"))
        if listed is not None:
            assert (listed.columns is None) == bool(listed.findings)
            assert all(finding.message for finding in listed.findings)
