"""`tepat plan many`: what breaks costs one problem, what is finished is not computed again."""

import csv
import json
import os
import subprocess
import sys

import pytest
from tests.distribution.small import Size, npy, small_problem

from tepat.common.errors import Refused
from tepat.distribution.checker import check, load_matrices
from tepat.distribution.documents import read_plan, read_problem, write
from tepat.solvers import many
from tepat.solvers.many import Many, errands_in
from tepat.solvers.many_ray import ray_module

# A process that ends itself at the first try, and is the real one at the second.
ONCE_KILLED = """
import os, pathlib, signal, sys
mark = pathlib.Path(os.environ["MARK"])
if not mark.exists():
    mark.touch()
    os.kill(os.getpid(), signal.SIGKILL)
from tepat.solvers.many_child import main
main()
"""
ALWAYS_KILLED = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
HUNG = "import time; time.sleep(3600)"


def put(folder, seed):
    folder.mkdir()
    problem, matrices = small_problem(seed, Size(ppk=1, pps_per_ppk=2, tps_max=2))
    write(problem, folder / "problem.json")
    for matrix in problem.matrices:
        (folder / matrix.file).write_bytes(npy(matrices[matrix.vehicle_class, matrix.weather]))


@pytest.fixture
def folder(tmp_path):
    for seed, name in enumerate(("blora", "demak", "kudus")):
        put(tmp_path / name, seed)
    return tmp_path


def run(folder, *, only=(), **terms):
    errands = [each for each in errands_in(folder, folder / "rencana") if not only or each.name in only]
    heard = []
    records = Many(iterations=3, **terms).run(errands, heard.append)
    assert len(heard) == len(records)
    return {record.problem: record for record in records}


def test_each_problem_gets_a_checked_plan_and_a_second_run_computes_nothing(folder):
    first = run(folder, workers=2)
    assert {name: record.status for name, record in first.items()} == dict.fromkeys(
        ("blora", "demak", "kudus"), "accepted"
    )
    for name, record in first.items():
        problem = read_problem(folder / name / "problem.json")
        plan = read_plan(folder / "rencana" / name / f"plan-{record.strategy}.json")
        assert check(problem, plan, load_matrices(problem, folder / name)).accepted
        assert record.cost_rupiah == plan.totals.cost_rupiah
    again = run(folder, workers=2, command=(sys.executable, "-c", ALWAYS_KILLED))
    assert all(record.skipped for record in again.values())


def test_a_changed_problem_other_terms_or_a_changed_plan_is_computed_again(folder):
    run(folder, only=("blora",))
    assert run(folder, only=("blora",))["blora"].skipped
    assert not run(folder, only=("blora",), seed=2)["blora"].skipped
    plan = folder / "rencana" / "blora" / "plan-langsung.json"
    plan.write_bytes(plan.read_bytes() + b" ")
    assert not run(folder, only=("blora",), seed=2)["blora"].skipped
    problem = read_problem(folder / "blora" / "problem.json")
    write(
        type(problem)(
            **{name: getattr(problem, name) for name in problem.__struct_fields__} | {"title": "Lain"}
        ),
        folder / "blora" / "problem.json",
    )
    assert not run(folder, only=("blora",), seed=2)["blora"].skipped


def test_a_killed_process_is_tried_once_more(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("MARK", str(tmp_path / "mati"))
    found = run(folder, command=(sys.executable, "-c", ONCE_KILLED))
    assert [record.status for record in found.values()] == ["accepted"] * 3
    assert sorted(record.tries for record in found.values()) == [1, 1, 2]


def test_what_is_killed_each_time_costs_only_its_own_problem(folder):
    (folder / "demak" / "problem.json").write_text('{"schema": "tepat/problem", "rusak": ')
    found = run(folder)
    assert [record.status for record in found.values()] == ["accepted", "failed", "accepted"]
    assert "DIST-UNREADABLE" in found["demak"].note
    assert found["demak"].tries == 1
    dead = run(folder, only=("kudus",), seed=9, command=(sys.executable, "-c", ALWAYS_KILLED))["kudus"]
    assert (dead.status, dead.tries) == ("failed", 2)
    assert "sinyal 9" in dead.note


def test_a_process_that_hangs_is_ended(folder):
    found = run(folder, only=("kudus",), limit_s=0.5, command=(sys.executable, "-c", HUNG))["kudus"]
    assert (found.status, found.tries) == ("failed", many.TRIES_MAX)
    assert "dihentikan" in found.note


def test_single_files_and_sub_folders_are_both_problems(folder):
    for file in (folder / "blora").iterdir():
        file.rename(folder / file.name)
    (folder / "blora").rmdir()
    (folder / "catatan.json").write_text("{}")
    assert [each.name for each in errands_in(folder, folder / "rencana")] == ["demak", "kudus", "problem"]


def test_a_folder_without_problems_is_one_sentence(tmp_path):
    with pytest.raises(Refused) as refused:
        errands_in(tmp_path, tmp_path / "rencana")
    assert refused.value.code == "MANY-NONE"
    with pytest.raises(Refused) as refused:
        errands_in(tmp_path / "tidak-ada", tmp_path / "rencana")
    assert refused.value.code == "MANY-NONE"


def test_too_many_problems_are_refused(folder, monkeypatch):
    monkeypatch.setattr(many, "PROBLEMS_MAX", 2)
    with pytest.raises(Refused) as refused:
        errands_in(folder, folder / "rencana")
    assert refused.value.facts == {"found": 3, "limit": 2}


def command(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-c", "from tepat.cli import main; main()", "plan", "many", str(folder), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "160"},
    )


def test_the_command_ends_with_a_table(folder):
    done = command(folder, "--iterations", "3", "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert "3 dari 3 diterima" in done.stdout
    rows = list(csv.DictReader((folder / "rencana" / "ringkasan.csv").read_text().splitlines()))
    assert [row["problem"] for row in rows] == ["blora", "demak", "kudus"]
    assert [row["status"] for row in json.loads((folder / "rencana" / "ringkasan.json").read_text())] == [
        "accepted"
    ] * 3
    again = command(folder, "--iterations", "3")
    assert again.stderr.count("sudah ada") == 3


def test_the_command_says_which_problem_failed(folder):
    done = command(folder, "--iterations", "3", "--strategy", "tidak-ada")
    assert done.returncode == 1
    assert "SOLVE-NO-STRATEGY" in done.stdout


def test_the_command_wants_one_budget(folder):
    done = command(folder)
    assert done.returncode == 2
    assert "SOLVE-NO-BUDGET" in done.stderr


def test_ray_without_its_extra_is_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(Refused) as refused:
        ray_module()
    assert refused.value.code == "MANY-NO-RAY"
