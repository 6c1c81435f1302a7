"""``tepat needs`` as an office runs it."""

import json
import subprocess
import sys

import openpyxl
import pytest
from typer.testing import CliRunner

from tepat.cli import app
from tepat.common.errors import Refused

CODE = "33.16.01.2001"


@pytest.fixture
def run(tmp_path):
    def call(text, *options, election="pemilu-2024"):
        path = tmp_path / "daftar.csv"
        path.write_text(text, encoding="utf-8")
        return CliRunner().invoke(
            app, ["needs", "--election", election, "--tps", str(path), *map(str, options)]
        )

    return call


def test_blora_as_json(run, blora_pemilu_csv):
    result = run(blora_pemilu_csv, "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert (
        document["boxes_tps"]
        == document["totals"]["KOTAK-TPS"]
        == document["levels"]["tps"]["KOTAK-TPS"]
        == 14_885
    )
    assert document["boxes_total"] == 14_917
    assert document["booths"] == 11_908
    assert document["list"]["tps"] == 2_977
    assert document["list"]["voters"] == 704_285
    assert document["list"]["ppk"] == 16
    explanations = {item["code"]: item["explanation"] for item in document["items"]}
    assert explanations["KOTAK-TPS"]["filled"] == "5 kotak × 2.977 TPS = 14.885"
    assert explanations["BILIK"]["source"]
    assert document["kab_alternative"]["SS-PPWP"]["total"] == 704_285 + 14_086
    assert document["not_in_silog"][0]["item"] == "F-CPEMBERITAHUAN"
    assert document["findings"] == []


def test_a_tps_above_the_limit_is_found_and_the_numbers_stay(run):
    result = run(f"tps,desa,voters\n1,{CODE},301\n", "--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert document["totals"]["SS-DPR"] == 301 + 7
    blocking = [row for row in document["findings"] if row["severity"] == "menahan"]
    assert [(row["code"], row["line"]) for row in blocking] == [("NEEDS-TPS-OVER-LIMIT", 2)]
    assert run(f"tps,desa,voters\n1,{CODE},301\n", "--limit", 500).exit_code == 0


def test_a_row_that_cannot_be_read_ends_with_two_and_no_totals(run):
    result = run(f"tps,desa,voters\n1,{CODE},1.205\n", "--json")
    assert result.exit_code == 2
    document = json.loads(result.stdout)
    assert document["totals"] is None
    assert (document["findings"][0]["line"], document["findings"][0]["column"]) == (2, "voters")


def test_text_for_people(run):
    result = run(f"tps,desa,voters,dapil\n1,{CODE},200,\n")
    assert result.exit_code == 1
    assert "Kotak suara TPS: 5 kotak × 1 TPS = 5 [A]" in result.stdout
    assert "belum diverifikasi" in result.stdout
    assert "belum punya dapil" in result.stderr


def test_office_parameters_ppk_and_area(run):
    result = run(
        "tps,desa,voters\n1,Bangkleyan,200\n", "--area", "33.16", "--set", "segel=96", "--ppk", 3, "--json"
    )
    document = json.loads(result.stdout)
    assert document["totals"]["SEGEL"] == 96
    assert document["totals"]["KOTAK-PPK"] == 6
    assert document["list"]["ppk_source"] == "disebut dengan --ppk"


def test_workbook_csv_and_silog_files(run, tmp_path):
    text = f"tps,desa,voters\n1,{CODE},200\n"
    for name in ("keb.xlsx", "keb.csv"):
        assert (
            run(
                text, "--out", tmp_path / name, "--separator", ";", "--silog", tmp_path / "silog.xlsx"
            ).exit_code
            == 0
        )
    assert "33.16.01 Jati" in openpyxl.load_workbook(tmp_path / "keb.xlsx").sheetnames
    assert openpyxl.load_workbook(tmp_path / "silog.xlsx").sheetnames[0] == "Kebutuhan"
    assert (tmp_path / "keb.csv").read_bytes().startswith(b"\xef\xbb\xbfKode desa;")
    assert not list(tmp_path.glob(".*.part"))


def test_changes_and_shifts_against_an_older_list(run, tmp_path):
    older = tmp_path / "lama.csv"
    older.write_text(f"tps,desa,voters\n901,{CODE},51\n1,{CODE},500\n", encoding="utf-8")
    result = run(
        f"tps,desa,voters\n901,{CODE},60\n1,{CODE},500\n",
        "--before",
        older,
        "--json",
        election="pilkada-2024",
    )
    document = json.loads(result.stdout)
    assert [row["tps"] for row in document["changes"]] == [901]
    assert document["shifts"]["covered"]
    assert document["shifts"]["minutes"][0].startswith("7 lembar SS-PGUB dari 33.16.01.2001 TPS 001")


def test_reconciliation_with_silog(run, tmp_path):
    totals = tmp_path / "silog.csv"
    totals.write_text("item,jumlah\nBILIK,5\n", encoding="utf-8")
    result = run(f"tps,desa,voters\n1,{CODE},200\n", "--compare", totals)
    assert "Beda: Bilik pemungutan suara: kita 4, mereka 5. lebih 1 dari aturan" in result.stdout


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--set", "segel"], "NEEDS-SET-INVALID"),
        (["--set", "segl=3"], "NEEDS-UNKNOWN-PARAM"),
        (["--out", "x.pdf"], "NEEDS-OUT-KIND"),
        (["--out", "/nowhere/at/all.xlsx"], "NEEDS-FILE-UNWRITABLE"),
        (["--compare", "/nowhere.csv"], "NEEDS-FILE-UNREADABLE"),
        (["--area", "99.99"], "COMMON-UNKNOWN-AREA"),
        (["--ppk", "-1"], "NEEDS-NUMBER-OUT-OF-RANGE"),
    ],
)
def test_wrong_options_are_refused_by_name(run, options, code):
    result = run(f"tps,desa,voters\n1,{CODE},200\n", *options)
    assert isinstance(result.exception, Refused)
    assert result.exception.code == code


def test_the_process_says_one_sentence_and_ends_with_two(tmp_path):
    program = "from tepat.cli import main; main()"
    arguments = ["needs", "--election", "pemilu-1955", "--tps", "x.csv", "--json"]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip().endswith("[NEEDS-UNKNOWN-ELECTION]")
    assert "Traceback" not in done.stderr


def test_needs_without_django_configured():
    program = (
        "import sys; from tepat.planning.needs import compute_needs;"
        "from tepat.planning.rulesets import load_rule_set;"
        "from tepat.planning.columns import columns; from tepat.planning.sets import set_contents;"
        "set_contents(compute_needs(columns(['33.16.01.2001'], [1], [9]), load_rule_set('pemilu-2024')));"
        "print('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
