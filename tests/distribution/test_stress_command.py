"""`tepat plan stress` on files, as an office runs it."""

import json
import subprocess
import sys

import pytest

from tepat.distribution.documents import read_problem, write

PROGRAM = "from tepat.cli import main; main()"


def run(folder, *arguments):
    words = [sys.executable, "-c", PROGRAM, "plan", "stress", *arguments]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


FILES = ("problem.json", "plan-langsung-pps.json")


def test_it_prints_the_weakest_with_their_remedies_and_writes_the_report(solved, tmp_path):
    out = tmp_path / "uji.json"
    done = run(solved, *FILES, "--replays", "60", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert "60 ulangan, benih 1" in done.stdout
    assert "Gangguan (contoh): Hujan pada satu hari" in done.stdout
    report = json.loads(out.read_text())
    assert len(report["places"]) == 17
    assert len(report["weakest"]) == 10


def test_a_promise_that_cannot_be_kept_ends_with_one(solved, tmp_path):
    (tmp_path / "gangguan.toml").write_text(
        '[[scenario]]\nname = "mogok"\nkind = "breakdown"\ntitle = "Semua mogok"\nchance = 1.0\n'
    )
    done = run(
        solved,
        *FILES,
        "--replays",
        "20",
        "--hold",
        "95",
        "--scenarios",
        str(tmp_path / "gangguan.toml"),
        "--json",
    )
    assert done.returncode == 1, done.stderr
    held = json.loads(done.stdout)["held"]
    assert held["below_after"] == 17
    assert set(held["beyond"]) | set(held["untried"]) == {
        place["place"] for place in json.loads(done.stdout)["places"]
    }


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--replays", "0"), "STRESS-REPLAYS"),
        (("--hold", "0"), "STRESS-HOLD"),
        (("--scenarios", "tidak-ada.toml"), "STRESS-SCENARIOS"),
    ],
)
def test_what_cannot_be_measured_is_one_sentence(solved, arguments, code):
    done = run(solved, *FILES, *arguments)
    assert done.returncode == 2
    assert code in done.stderr
    assert "Traceback" not in done.stderr


def test_a_plan_of_another_problem_is_one_sentence(solved, tmp_path):
    problem = read_problem(solved / "problem.json")
    for matrix in problem.matrices:
        (tmp_path / matrix.file).symlink_to(solved / matrix.file)
    raw = json.loads((solved / "problem.json").read_text()) | {"title": "Versi lain"}
    (tmp_path / "problem.json").write_text(json.dumps(raw))
    write(read_problem(tmp_path / "problem.json"), tmp_path / "problem.json")
    done = run(tmp_path, "problem.json", str(solved / FILES[1]))
    assert done.returncode == 2
    assert "STRESS-OTHER-PROBLEM" in done.stderr
