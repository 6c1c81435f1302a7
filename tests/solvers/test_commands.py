"""`tepat plan solve`, `compare` and `explain` on files, as an office runs them."""

import json
import subprocess
import sys

import pytest
from msgspec.structs import replace
from tests.distribution.small import npy, small_problem

from tepat.distribution.documents import read_bound, read_plan, write


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("masalah")
    problem, matrices = small_problem(2)
    write(problem, folder / "problem.json")
    for matrix in problem.matrices:
        (folder / matrix.file).write_bytes(npy(matrices[matrix.vehicle_class, matrix.weather]))
    return folder


def run(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, "plan", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


PROGRAM = """
import atexit, sys
from tepat.cli import main
def no_django():
    conf = sys.modules.get("django.conf")
    print("DJANGO", conf is not None and conf.settings.configured, file=sys.stderr)
atexit.register(no_django)
main()
"""


@pytest.fixture(scope="module")
def solved(folder):
    arguments = ("--iterations", "20", "--seed", "1")
    return {
        name: run(folder, "solve", "problem.json", "--strategy", name, *arguments, "--out", f"{name}.json")
        for name in ("langsung", "lewat-ppk")
    }


def test_a_solved_plan_is_checked_and_written(folder, solved):
    assert [each.returncode for each in solved.values()] == [0, 0], solved
    assert read_plan(folder / "langsung.json").strategy == "langsung"
    assert run(folder, "check", "problem.json", "langsung.json").returncode == 0


def test_solving_configures_no_django_and_makes_no_database(folder, solved):
    assert "DJANGO False" in solved["langsung"].stderr
    assert not list(folder.glob("*.sqlite*"))
    assert not list(folder.glob("*.baru"))


def test_the_same_command_writes_the_same_bytes(folder, solved):
    arguments = ("--strategy", "langsung", "--iterations", "20", "--seed", "1", "--out", "lagi.json")
    assert solved["langsung"].returncode == run(folder, "solve", "problem.json", *arguments).returncode == 0
    assert (folder / "lagi.json").read_bytes() == (folder / "langsung.json").read_bytes()


def test_compare_prints_json_and_nothing_else(folder, solved):
    assert solved
    done = run(folder, "compare", "problem.json", "langsung.json", "lewat-ppk.json", "--json")
    assert done.returncode == 0, done.stderr
    assert [column["strategy"] for column in json.loads(done.stdout)["columns"]] == ["langsung", "lewat-ppk"]


def test_compare_prints_a_table_for_people(folder, solved):
    assert solved
    done = run(folder, "compare", "problem.json", "langsung.json", "lewat-ppk.json")
    assert "PPS ke KPPS" in done.stdout
    assert "Contoh: semua angka" in done.stdout


def test_explain_answers_for_one_place(folder, solved):
    assert solved
    done = run(folder, "explain", "problem.json", "langsung.json", "PPS-1.1")
    assert "PPS-1.1" in done.stdout
    assert "DJANGO False" in done.stderr


def test_a_plan_that_breaks_a_rule_is_not_shown(folder, solved):
    assert solved
    raw = json.loads((folder / "langsung.json").read_text())
    raw["totals"]["cost_rupiah"] += 1
    (folder / "palsu.json").write_text(json.dumps(raw))
    done = run(folder, "compare", "problem.json", "palsu.json")
    assert done.returncode == 2
    assert "SOLVE-NOT-ACCEPTED" in done.stderr
    assert done.stdout == ""


def test_an_incomplete_plan_is_written_and_said_with_exit_code_one(folder):
    raw = json.loads((folder / "problem.json").read_text())
    for place in raw["places"]:
        if place["id"] == "PPS-1.1":
            place["access"] = ["motor"]
    (folder / "sulit.json").write_text(json.dumps(raw))
    arguments = (
        "--strategy",
        "langsung",
        "--iterations",
        "5",
        "--seed",
        "1",
        "--out",
        "sebagian.json",
        "--json",
    )
    done = run(folder, "solve", "sulit.json", *arguments)
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["status"] == "incomplete"
    assert read_plan(folder / "sebagian.json").unserved


@pytest.mark.parametrize("budget", [(), ("--seconds", "1", "--iterations", "1"), ("--seconds", "0")])
def test_an_unclear_budget_is_used_wrongly(folder, budget):
    done = run(folder, "solve", "problem.json", "--strategy", "langsung", *budget, "--out", "x.json")
    assert done.returncode == 2
    assert "SOLVE-NO-BUDGET" in done.stderr
    assert not (folder / "x.json").exists()


def test_a_problem_that_names_a_vehicle_it_has_not_is_one_sentence(folder):
    raw = json.loads((folder / "problem.json").read_text())
    raw["strategies"][0]["vehicles"].append("TRUK-99")
    (folder / "ganjil.json").write_text(json.dumps(raw))
    done = run(
        folder, "solve", "ganjil.json", "--strategy", "langsung", "--iterations", "1", "--out", "x.json"
    )
    assert done.returncode == 2
    assert "SOLVE-BAD-PROBLEM" in done.stderr
    assert "TRUK-99" in done.stderr


def test_an_unreadable_problem_is_one_sentence(folder):
    (folder / "rusak.json").write_text("{")
    done = run(folder, "solve", "rusak.json", "--strategy", "x", "--seconds", "1", "--out", "x.json")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_bound_is_written_beside_its_problem_and_said_in_words(folder, solved):
    done = run(folder, "bound", "problem.json", "--strategy", "langsung", "--seconds", "5")
    assert done.returncode == 0, done.stderr
    assert "Paling murah yang mungkin: Rp" in done.stdout
    bound = read_bound(folder / "bound-langsung.json")
    assert solved["langsung"].returncode == 0
    assert 0 < bound.bound_rupiah <= read_plan(folder / "langsung.json").totals.cost_rupiah
    assert "DJANGO False" in done.stderr


def test_solving_with_a_bound_tells_how_far_the_plan_is_above_it(folder):
    arguments = ("--iterations", "20", "--seed", "1", "--bound", "5", "--out", "lagi.json")
    done = run(folder, "solve", "problem.json", "--strategy", "langsung", *arguments)
    assert "% di atasnya" in done.stdout
    assert (folder / "bound-langsung.json").exists()


def test_a_strategy_that_is_not_there_has_no_bound(folder):
    done = run(folder, "bound", "problem.json", "--strategy", "terbang")
    assert done.returncode == 2
    assert "SOLVE-NO-STRATEGY" in done.stderr
    assert not (folder / "bound-terbang.json").exists()


@pytest.fixture(scope="module")
def two_paths(tmp_path_factory):
    """A folder whose problem has the two strategies that a choice of paths joins."""
    folder = tmp_path_factory.mktemp("jalur")
    problem, matrices = small_problem(2)
    names = {"langsung": "langsung-pps"}
    strategies = tuple(replace(each, name=names.get(each.name, each.name)) for each in problem.strategies)
    write(replace(problem, strategies=strategies), folder / "problem.json")
    for matrix in problem.matrices:
        (folder / matrix.file).write_bytes(npy(matrices[matrix.vehicle_class, matrix.weather]))
    return folder


def test_the_path_of_each_kecamatan_is_chosen_written_and_accepted(two_paths):
    done = run(
        two_paths,
        "paths",
        "problem.json",
        "--out",
        "jalur",
        "--seconds",
        "8",
        "--fixed",
        "PPK-2=langsung",
        "--json",
    )
    assert done.returncode == 0, done.stderr
    said = {each["place"]: each for each in json.loads(done.stdout)["paths"]}
    assert said["PPK-2"]["fixed"]
    assert said["PPK-2"]["path"] == "langsung"
    assert said["PPK-1"]["other_rupiah"] is not None
    plan = run(two_paths, "check", "jalur/problem.json", "jalur/plan-pilihan-tepat.json")
    assert plan.returncode == 0
    assert "DJANGO False" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--fixed", "PPK-1"), "PATHS-FIXED"),
        (("--fixed", "PPK-9=langsung"), "PATHS-UNKNOWN-PLACE"),
        (("--seconds", "1"), "PATHS-SHORT"),
    ],
)
def test_paths_that_cannot_be_chosen_are_one_sentence(two_paths, arguments, code):
    done = run(two_paths, "paths", "problem.json", "--out", "kosong", *arguments)
    assert done.returncode == 2
    assert code in done.stderr
    assert "Traceback" not in done.stderr
    assert not (two_paths / "kosong").exists()
