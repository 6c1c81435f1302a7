"""Matrices beside the problem, the command, and the schemas."""

import hashlib
import json
import subprocess
import sys
from importlib import resources

import jsonschema
import msgspec
import numpy as np
import pytest
from typer import Typer
from typer.testing import CliRunner

from tepat.common.errors import Refused
from tepat.distribution import schemas
from tepat.distribution.checker import files, load_matrices
from tepat.distribution.commands import plan_app
from tepat.distribution.documents import encode, json_schema, sha256, write
from tepat.distribution.problems import Problem


@pytest.fixture
def folder(tmp_path, documents, matrices, read):
    """A problem with its matrices and its plan, as files."""
    problem, plan = documents()
    for entry in problem["matrices"]:
        path = tmp_path / entry["file"]
        np.save(path, matrices[entry["vehicle_class"], entry["weather"]])
        entry["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    problem, plan = read(problem, plan)
    write(problem, tmp_path / "problem.json")
    write(plan, tmp_path / "plan.json")
    return tmp_path


def problem_in(folder):
    return msgspec.json.decode((folder / "problem.json").read_bytes(), type=Problem)


def refused(problem, folder):
    with pytest.raises(Refused) as caught:
        load_matrices(problem, folder)
    assert caught.value.code in str(caught.value)
    return caught.value.code


def resigned(folder, content):
    (folder / "truk-kering.npy").write_bytes(content)
    problem = problem_in(folder)
    signed = msgspec.structs.replace(problem.matrices[0], sha256=hashlib.sha256(content).hexdigest())
    return msgspec.structs.replace(problem, matrices=(signed, *problem.matrices[1:]))


def npy(table, folder):
    np.save(folder / "lain.npy", table)
    return (folder / "lain.npy").read_bytes()


def test_the_matrices_are_read_as_they_were_written(folder, matrices):
    loaded = load_matrices(problem_in(folder), folder)
    assert loaded.keys() == matrices.keys()
    assert all(np.array_equal(loaded[key], matrices[key]) for key in matrices)


def test_a_missing_matrix_is_named(folder):
    (folder / "pikap-kering.npy").unlink()
    assert refused(problem_in(folder), folder) == "CHECK-MATRIX-MISSING"


def test_a_changed_matrix_is_not_believed(folder):
    path = folder / "truk-kering.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert refused(problem_in(folder), folder) == "CHECK-MATRIX-CHANGED"


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(np.zeros((2, 5, 5), dtype=np.int32), id="five places"),
        pytest.param(np.zeros((2, 6, 6), dtype=np.int64), id="another type"),
        pytest.param(np.full((2, 6, 6), -2, dtype=np.int32), id="below no road"),
        pytest.param(np.zeros((2, 6, 6), dtype=">i4"), id="the other way round"),
    ],
)
def test_a_matrix_of_another_shape_or_type_is_refused(table, folder):
    assert refused(resigned(folder, npy(table, folder)), folder) == "CHECK-MATRIX-SHAPE"


@pytest.mark.parametrize("content", [b"", b"bukan matriks", b"\x93NUMPY\x01\x00"])
def test_a_file_that_is_no_matrix_is_refused(content, folder):
    assert refused(resigned(folder, content), folder) == "CHECK-MATRIX-SHAPE"


def test_a_matrix_with_python_objects_is_never_unpickled(folder):
    content = npy(np.array([[{}]], dtype=object), folder)
    assert refused(resigned(folder, content), folder) == "CHECK-MATRIX-SHAPE"


@pytest.mark.parametrize("name", ["../truk-kering.npy", "/truk-kering.npy", "lain/truk-kering.npy", "", ".."])
def test_a_matrix_outside_the_folder_is_not_opened(name, folder):
    problem = problem_in(folder)
    elsewhere = msgspec.structs.replace(problem.matrices[0], file=name)
    assert refused(msgspec.structs.replace(problem, matrices=(elsewhere,)), folder) == "CHECK-MATRIX-NAME"


def test_a_huge_matrix_is_not_read(folder, monkeypatch):
    monkeypatch.setattr(files, "MATRIX_BYTES_MAX", 100)
    assert refused(problem_in(folder), folder) == "CHECK-MATRIX-TOO-LARGE"


def run(folder, *options):
    tepat = Typer()
    tepat.add_typer(plan_app, name="plan")
    arguments = ["plan", "check", str(folder / "problem.json"), str(folder / "plan.json"), *options]
    return CliRunner().invoke(tepat, arguments)


def test_the_command_accepts_with_exit_code_0_and_prints_only_json_lines(folder):
    result = run(folder, "--json")
    assert result.exit_code == 0
    assert result.stderr == ""
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert rows[-1]["status"] == "accepted"
    assert all(row["verdict"] in {"met", "breached", "unknown"} for row in rows[:-1])
    assert {"rule", "title", "source", "detail"} < rows[0].keys()


def test_the_command_answers_no_with_exit_code_1_findings_first(folder, documents, read):
    plan = msgspec.json.decode((folder / "plan.json").read_bytes())
    plan["totals"]["cost_rupiah"] += 1
    (folder / "plan.json").write_bytes(msgspec.json.encode(plan))
    result = run(folder)
    assert result.exit_code == 1
    first = json.loads(result.stdout.splitlines()[0])
    assert (first["code"], first["severity"]) == ("CHECK-TOTAL", "breach")
    assert first["facts"] == {"field": "cost_rupiah", "found": 8_652_894, "expected": 8_652_893}
    assert "DITOLAK" in result.stderr
    assert json.loads(result.stdout.splitlines()[-1])["breaches"] == 1


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        pytest.param("plan.json", b"{", "DIST-UNREADABLE", id="half a plan"),
        pytest.param("plan.json", None, "DIST-UNREADABLE", id="no plan"),
        pytest.param("truk-kering.npy", None, "CHECK-MATRIX-MISSING", id="no matrix"),
    ],
)
def test_the_command_line_ends_with_2_and_a_sentence_on_what_it_cannot_read(name, content, code, folder):
    path = folder / name
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    program = (
        "import sys\n"
        "from tepat import cli\n"
        "sys.argv = ['tepat', 'plan', 'check', 'problem.json', 'plan.json']\n"
        "cli.main()"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert result.stdout == ""
    assert f"[{code}]" in result.stderr
    assert "Traceback" not in result.stderr


def test_checking_needs_no_django(folder):
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from tepat.distribution.checker import check, load_matrices\n"
        "from tepat.distribution.documents import read_plan, read_problem\n"
        "problem = read_problem(Path('problem.json'))\n"
        "assert check(problem, read_plan(Path('plan.json')), load_matrices(problem, Path('.'))).accepted\n"
        "assert 'django' not in sys.modules and 'pyvrp' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], cwd=folder, check=True)


@pytest.mark.parametrize("name", schemas.DOCUMENTS)
def test_the_schemas_are_those_of_the_code(name):
    stored = json.loads(resources.files(schemas).joinpath(name).read_text(encoding="utf-8"))
    assert stored == json.loads(json.dumps(json_schema(schemas.DOCUMENTS[name]))), "run scripts/schemas"


def test_the_documents_meet_their_schemas(documents, read):
    for name, document in zip(schemas.DOCUMENTS, read(*documents()), strict=True):
        schema = json.loads(resources.files(schemas).joinpath(name).read_text(encoding="utf-8"))
        content = json.loads(encode(document))
        jsonschema.validate(content, schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(content | {"salah_ketik": 1}, schema)
        assert len(sha256(document)) == 64
