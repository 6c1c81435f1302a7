"""The main job on a real small city, as a newcomer would start it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tepat.distribution.papers.reading import missing_pages, read_scan


def tepat(*words, cwd):
    return subprocess.run(
        [sys.executable, "-m", "tepat", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def magelang(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    ran = tepat("demo", "33.71", "--no-serve", "--seconds", "1", "--out", "hasil", cwd=folder)
    assert ran.returncode == 0, ran.stderr
    return folder / "hasil"


@pytest.fixture(scope="module")
def summary(magelang):
    return json.loads((magelang / "summary.json").read_text(encoding="utf-8"))


def test_the_summary_has_the_published_tps_and_the_rules_boxes(summary):
    assert summary["tps"] == 353
    assert summary["boxes_tps"] == 5 * 353
    assert summary["boxes_total"] == 5 * 353 + 2 * 3
    assert summary["booths"] == 4 * 353
    assert summary["voters_source"].startswith("perkiraan")
    assert summary["contoh"]


def test_every_strategy_serves_everybody(summary):
    names = {strategy["name"] for strategy in summary["strategies"]}
    assert {"lewat-ppk", "langsung-pps", "penyedia-per-kotak"} <= names
    assert all(strategy["feasible"] and strategy["unserved"] == 0 for strategy in summary["strategies"])


def test_the_checker_accepts_each_plan_from_its_file(magelang, summary):
    for strategy in summary["strategies"]:
        ran = tepat("plan", "check", "problem.json", f"plan-{strategy['name']}.json", "--json", cwd=magelang)
        assert ran.returncode == 0, ran.stdout[-2000:]
        last = json.loads(ran.stdout.splitlines()[-1])
        assert last["status"] == "accepted"


def test_a_plan_that_lost_a_trip_is_not_accepted(magelang):
    plan = json.loads((magelang / "plan-langsung-pps.json").read_text(encoding="utf-8"))
    plan["trips"].pop()
    (magelang / "rusak.json").write_text(json.dumps(plan), encoding="utf-8")
    ran = tepat("plan", "check", "problem.json", "rusak.json", cwd=magelang)
    assert ran.returncode == 1
    printed = tepat("plan", "print", "problem.json", "rusak.json", "--out", "tidak", cwd=magelang)
    assert printed.returncode == 1
    assert not (magelang / "tidak").exists()


def test_the_papers_cover_every_trip_and_tps_of_the_cheapest_plan(magelang, summary):
    accepted = [each for each in summary["strategies"] if each["feasible"]]
    cheapest = min(accepted, key=lambda each: each["cost_rupiah"])
    plan = json.loads((magelang / f"plan-{cheapest['name']}.json").read_text(encoding="utf-8"))
    waybills = [file for file in summary["papers"] if Path(file).name.startswith("surat-jalan")]
    seen = set()
    for file in waybills:
        codes = [page.code for page in read_scan((magelang / file).read_bytes(), name=file)]
        assert all(codes)
        assert not any(missing_pages(codes).values())
        seen |= {code.document for code in codes}
    assert len(seen) == len(plan["trips"])
    assert sum(Path(file).name.startswith("tanda-terima") for file in summary["papers"]) == 3


def test_the_workbook_has_a_sheet_for_each_kecamatan(magelang):
    book = load_workbook(magelang / "kebutuhan-33.71.xlsx", read_only=True)
    assert {"Magelang Selatan", "Magelang Utara", "Magelang Tengah"} <= {
        name.removeprefix("33.71.01 ").removeprefix("33.71.02 ").removeprefix("33.71.03 ")
        for name in book.sheetnames
    }


def test_no_database_is_made(magelang):
    assert not list(magelang.rglob("*.sqlite3"))


def test_an_unknown_area_is_one_sentence(tmp_path):
    ran = tepat("demo", "99.99", "--no-serve", "--out", "x", cwd=tmp_path)
    assert ran.returncode == 2
    assert "COMMON-UNKNOWN-AREA" in ran.stderr
    assert "Traceback" not in ran.stderr
