"""`tepat import` as an office runs it."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tepat.common.errors import Refused
from tepat.planning.import_commands import import_command
from tepat.planning.imports.engine import ImportResult
from tepat.planning.imports.messy import write_messy_workbook

RUNNER = CliRunner()


def app(prepare=None) -> typer.Typer:
    application = typer.Typer(pretty_exceptions_enable=False)
    application.command("import")(import_command(prepare))
    application.command("lain")(lambda: None)
    return application


@pytest.fixture
def clean(tmp_path: Path, forms, rows) -> Path:
    path = tmp_path / "daftar.xlsx"
    path.write_bytes(forms["xlsx"]({"Daftar": rows}))
    return path


def test_a_messy_file_gives_findings_as_json_and_exit_1(blora, tmp_path) -> None:
    path = tmp_path / "kotor.xlsx"
    planted = write_messy_workbook(path, blora, 1)
    run = RUNNER.invoke(app(), ["import", "tps", str(path), "--dry-run", "--json", "--area", "33.16"])
    assert run.exit_code == 1
    printed = json.loads(run.stdout)
    assert printed["rows"] == 2977
    assert printed["blocked"] is True
    found = {(one["kind"], one["sheet"], one["cell"]) for one in printed["findings"]}
    assert {(fault.kind, fault.sheet, fault.cell) for fault in planted} <= found
    assert all(one["message"] and one["severity"] for one in printed["findings"])


def test_a_clean_file_is_exit_0_and_totals_are_checked(clean) -> None:
    arguments = ["import", "tps", str(clean), "--dry-run", "--json"]
    assert RUNNER.invoke(app(), arguments).exit_code == 0
    wrong = RUNNER.invoke(app(), [*arguments, "--expect-total", "9"])
    assert wrong.exit_code == 1
    assert [one["kind"] for one in json.loads(wrong.stdout)["findings"] if one["severity"] == "blocks"] == [
        "expected_total_differs"
    ]
    mapped = RUNNER.invoke(app(), [*arguments, "--map", "dpt=G", "--map", "tps=TPS"])
    assert mapped.exit_code == 0


def test_people_read_what_is_wrong_in_their_words(clean) -> None:
    run = RUNNER.invoke(app(), ["import", "dpt", str(clean), "--dry-run", "--expect-tps", "7"])
    assert "Berkas memuat 6 TPS, sedangkan Anda menyebut 7" in run.stdout


@pytest.mark.parametrize(
    ("content", "arguments", "code"),
    [
        (b"", ["tps"], "IMPORT-FILE-EMPTY"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), ["tps"], "IMPORT-FILE-NO-TABLE"),
        (None, ["tps"], "IMPORT-FILE-NOT-FOUND"),
        (b"a;b", ["surat"], "IMPORT-UNKNOWN-KIND"),
        (b"a;b", ["tps", "--area", "99.99"], "COMMON-UNKNOWN-AREA"),
        (b"a;b", ["tps", "--election", "pemilu-1955"], "COMMON-UNKNOWN-ELECTION"),
        (b"a;b", ["tps", "--map", "dpt"], "IMPORT-OPTION-UNREADABLE"),
    ],
)
def test_what_cannot_be_read_is_a_refusal_that_the_command_line_turns_into_exit_2(
    tmp_path, content: bytes | None, arguments: list[str], code: str
) -> None:
    path = tmp_path / "berkas.xlsx"
    if content is not None:
        path.write_bytes(content)
    run = RUNNER.invoke(app(), ["import", arguments[0], str(path), "--dry-run", "--json", *arguments[1:]])
    assert isinstance(run.exception, Refused)
    assert run.exception.code == code
    assert run.stdout == ""


def test_without_a_register_nothing_is_stored(clean) -> None:
    run = RUNNER.invoke(app(), ["import", "tps", str(clean)])
    assert isinstance(run.exception, Refused)
    assert run.exception.code == "IMPORT-NO-REGISTER"


def test_only_a_list_without_open_questions_reaches_the_office_s_action(tmp_path, clean, forms, rows) -> None:
    stored: list[tuple[str, str, int]] = []

    def prepare(area: str, election: str):
        def accept(result: ImportResult) -> str:
            stored.append((area, election, len(result.records)))
            return "Tersimpan."

        return accept

    good = RUNNER.invoke(app(prepare), ["import", "tps", str(clean)])
    assert (good.exit_code, stored) == (0, [("33.16", "pemilu-2024", 6)])
    assert "Tersimpan." in good.stdout
    rows[2][4] = "1.205"
    asking = tmp_path / "tanya.xlsx"
    asking.write_bytes(forms["xlsx"]({"Daftar": rows}))
    refused = RUNNER.invoke(app(prepare), ["import", "tps", str(asking)])
    assert (refused.exit_code, len(stored)) == (1, 1)
    answered = RUNNER.invoke(app(prepare), ["import", "tps", str(asking), "--answer", "Daftar!E3=102"])
    assert (answered.exit_code, len(stored)) == (0, 2)
    taken = RUNNER.invoke(app(prepare), ["import", "tps", str(asking), "--take-proposals"])
    assert (taken.exit_code, len(stored)) == (0, 3)


@pytest.mark.parametrize(
    "answer",
    [
        "Daftar!E99=102",  # below the list
        "Daftar!A3=7",  # a column that is not read
        "Lain!E3=102",  # no such sheet
        "E3=102",  # no sheet named
        "Daftar!E4=pakai",  # nothing is asked there
        "Daftar!A1=lewati",
    ],
)
def test_an_answer_that_reaches_nothing_is_refused_by_name(tmp_path, forms, rows, answer: str) -> None:
    rows[2][4] = "1.205"
    path = tmp_path / "tanya.xlsx"
    path.write_bytes(forms["xlsx"]({"Daftar": rows}))
    arguments = ["import", "tps", str(path), "--dry-run", "--answer", "Daftar!E3=102", "--answer", answer]
    run = RUNNER.invoke(app(), arguments)
    assert isinstance(run.exception, Refused)
    assert run.exception.code == "IMPORT-ANSWER-UNUSED"
    assert run.exception.facts["places"] == answer.partition("=")[0]
    assert run.exception.facts["sheets"] == "Daftar"
    assert run.stdout == ""


@pytest.mark.parametrize(
    "answer",
    [
        "Daftar!E3=102",
        "Daftar!$e$3=102",
        "Daftar!F3=1103",  # not asked about, but the number that is wrong may be another than the one asked
        "Daftar!D3=buang",
    ],
)
def test_an_answer_to_a_cell_of_the_list_is_taken(tmp_path, forms, rows, answer: str) -> None:
    rows[2][4] = "1.205"
    path = tmp_path / "tanya.xlsx"
    path.write_bytes(forms["xlsx"]({"Daftar": rows}))
    run = RUNNER.invoke(app(), ["import", "tps", str(path), "--dry-run", "--json", "--answer", answer])
    assert run.exception is None or isinstance(run.exception, SystemExit)
    assert json.loads(run.stdout)["rows"] == (5 if answer.endswith("buang") else 6)


def test_every_answer_to_the_messy_example_is_taken(blora, tmp_path) -> None:
    """All questions of a real mess at once, each with the first answer that comes to mind."""
    path = tmp_path / "kotor.xlsx"
    write_messy_workbook(path, blora, 1)
    arguments = ["import", "tps", str(path), "--dry-run", "--json"]
    asked = json.loads(RUNNER.invoke(app(), arguments).stdout)["findings"]
    open_ones = [one for one in asked if one["severity"] != "note" and one["cell"]]
    answers = [f"{one['sheet']}!{one['cell']}={one['proposal'] or 'pakai'}" for one in open_ones]
    assert len(answers) > 20
    run = RUNNER.invoke(app(), [*arguments, *(word for text in answers for word in ("--answer", text))])
    assert run.exit_code in {0, 1}, run.exception
    left = [one for one in json.loads(run.stdout)["findings"] if one["severity"] != "note"]
    assert len(left) < len(open_ones)
