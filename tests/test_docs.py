"""The pages in docs/ say what the code says: commands, settings, limits, answers, names, numbers, links."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import typer
from scripts import pages

from tepat.cli import app
from tepat.common.areas import load_area
from tepat.common.messages import table
from tepat.common.samples import sample_tps
from tepat.distribution.building import columns_of
from tepat.distribution.building.units import units_of
from tepat.planning.explain import explain, explain_boxes
from tepat.planning.needs import compute_needs
from tepat.planning.rulesets import load_rule_set

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "tepat"
DOCS = ROOT / "docs"
PYTHON = sorted(file for file in SOURCE.rglob("*.py") if "migrations" not in file.parts)


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def every_page() -> list[Path]:
    return sorted([ROOT / "README.md", *DOCS.rglob("*.md")])


# Pages made from the code


def test_pages_made_from_the_code_are_current():
    command = [sys.executable, str(ROOT / "scripts" / "pages.py"), "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}run scripts/docs"


def limits_in_the_code() -> set[tuple[str, str]]:
    """Read them from the text, not as scripts/pages.py does."""
    found = set()
    for file in PYTHON:
        for line in file.read_text(encoding="utf-8").splitlines():
            given = re.match(r"\s*((?:[A-Z][A-Z0-9_]*, )*[A-Z][A-Z0-9_]*)(?:: [^=]+)? = ", line)
            names = given[1].split(", ") if given else []
            found |= {(file.relative_to(SOURCE).as_posix(), name) for name in names if name.endswith("_MAX")}
    return found


def test_limits_names_every_limit_of_the_code_and_no_other():
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \| .*? \| `([^`]+)` \|", read("limits.md"), re.MULTILINE)
    assert {(where, name) for name, where in rows} == limits_in_the_code()


def test_each_limit_says_what_happens_there():
    assert not [where for where, said in pages.sentences(read("limits.md")).items() if said == pages.UNSAID]


def test_each_limit_is_held_somewhere():
    words = re.findall(r"\b[A-Z][A-Z0-9_]*_MAX\b", "\n".join(f.read_text(encoding="utf-8") for f in PYTHON))
    assert not sorted(name for name in set(words) if words.count(name) == 1)


def test_limits_names_only_codes_that_exist():
    codes = set(re.findall(r"`([A-Z]{3,}(?:-[A-Z]+)+)`", read("limits.md")))
    assert codes
    assert codes <= set(table())


def test_errors_shows_every_code_with_its_whole_sentence():
    page = read("errors.md")
    for code, sentences in table().items():
        shown = re.search(rf"^\| `{code}` \| (.+) \|$", page, re.MULTILINE)
        assert shown, code
        plain = shown[1].replace("\\|", "|").replace("&lt;", "<")
        assert plain == " ".join(" ".join(sentences["id"]).split()), code


def codes_said() -> dict[str, str]:
    """Return every code that the code refuses or answers with, where it is written out, with its file."""
    found = {}
    for file in PYTHON:
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {
                "Refused",
                "NotAllowed",
                "say",
            }:
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant):
                    found[first.value] = file.relative_to(SOURCE).as_posix()
    return found


def test_each_code_that_refuses_has_a_sentence():
    assert len(codes_said()) > 100
    assert {code: file for code, file in codes_said().items() if code not in table()} == {}


# Commands and settings


def commands(command=None, path=("tepat",)):
    command = command or typer.main.get_command(app)
    if hasattr(command, "commands"):
        for name, inner in command.commands.items():
            yield from commands(inner, (*path, name))
    else:
        yield " ".join(path), command


@pytest.mark.parametrize(("name", "command"), [pytest.param(*each, id=each[0]) for each in commands()])
def test_each_command_and_option_stands_in_a_page(name, command):
    page = read("commands.md") + read("operations.md")
    assert f"`{name}" in page
    part = read("commands.md").split(f"\n## {name}\n", 1)[1].split("\n## ", 1)[0]
    for param in command.params:
        names = [*param.opts, *param.secondary_opts] if param.param_type_name == "option" else []
        assert all(f"`{option}`" in part for option in names), names


def test_each_command_that_a_page_names_exists():
    known = {name for name, _ in commands()}
    groups = {name.rsplit(" ", 1)[0] for name in known}
    for page in every_page():
        for words in re.findall(r"(?:^|[`\n])tepat ((?:[a-z]+ ?){1,2})", page.read_text(encoding="utf-8")):
            first, *second = words.split()
            assert f"tepat {first}" in known | groups, f"{page.name}: tepat {words}"
            if f"tepat {first}" in groups and second:
                assert f"tepat {first} {second[0]}" in known, f"{page.name}: tepat {words}"


def settings_in_the_code() -> set[str]:
    found = set()
    for file in PYTHON:
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(re.findall(r"^(TEPAT_[A-Z_]+|DATABASE_URL)$", node.value))
    return found


def test_each_setting_of_the_code_stands_in_operations():
    rows = set(re.findall(r"^\| `([A-Z_]+)` \|", read("operations.md"), re.MULTILINE))
    assert {"TEPAT_HOME", "DATABASE_URL"} <= settings_in_the_code()
    assert settings_in_the_code() == rows


# The tour


@cache
def names_in(file: Path) -> frozenset[str]:
    """Return what a file defines: functions, classes, and methods as ``Class.method``."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    top = [node for node in tree(file).body if isinstance(node, kinds)]
    inner = [(node, each) for node in top if isinstance(node, ast.ClassDef) for each in node.body]
    methods = {f"{node.name}.{each.name}" for node, each in inner if isinstance(each, ast.FunctionDef)}
    return frozenset({node.name for node in top} | methods)


def named_in(page: str) -> list[str]:
    return re.findall(r"`([\w/.-]+\.(?:py|toml|html)(?::[\w.]+)?|[\w/-]+/)`", read(page))


@pytest.mark.parametrize("named", sorted(set(named_in("tour.md"))))
def test_each_file_folder_and_function_of_the_tour_exists(named):
    path, _, name = named.partition(":")
    if path in {"kebutuhan/", "bagian/", "browser/", "data/"}:  # an address; folders of a folder named before
        return
    file = next((root / path for root in (ROOT, SOURCE) if (root / path).exists()), None)
    assert file, path
    assert not name or name in names_in(file), named


def test_the_tour_is_short_and_names_what_it_follows():
    assert len(read("tour.md").splitlines()) <= 150
    assert len([named for named in named_in("tour.md") if ":" in named]) > 50


def test_the_numbers_of_the_tour_are_those_of_the_code():
    area = load_area("blora")
    listed = sample_tps(area, "pemilu-2024")
    needs = compute_needs(columns_of(listed), load_rule_set("pemilu-2024"))
    place = next(at for at, tps in enumerate(listed) if (tps.desa, tps.number) == ("33.16.09.1015", 1))
    unit = next(u for u in units_of(needs, ["33.16.09.1015"], None) if u.tps == "001")
    page = read("tour.md")
    for said in (
        f"Blora with its {len(area.desa)} desa",
        f"the {len(listed):,} TPS",
        f"*{explain(needs, 'KOTAK-TPS').filled}*",
        f"*{explain_boxes(needs)}*",
        f"it {listed[place].dpt} voters",
        f"`{explain(needs, 'SS-DPR', place).filled.removesuffix(' lembar')}`",
        f"{unit.boxes} boxes and {unit.loose[0].count} booths",
        f"`{unit.id}`",
    ):
        assert said in page, said


def test_each_top_folder_stands_among_the_rooms():
    folders = {path.name for path in SOURCE.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert folders
    assert all(f"`src/tepat/{name}/`" in read("tour.md") for name in folders)


# All pages


def test_each_decision_stands_in_the_index_once():
    files = sorted(file.name for file in (DOCS / "decisions").glob("[0-9]*.md"))
    assert re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", read("decisions/README.md")) == files


def heading_ids(page: Path) -> set[str]:
    lines = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", line.lower()).strip().replace(" ", "-") for line in lines}


@pytest.mark.parametrize("page", every_page(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_each_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        name, _, part = target.partition("#")
        file = page.parent / name if name else page
        assert file.exists(), target
        assert not part or part in heading_ids(file), target


def test_each_page_is_reached_from_the_readme():
    seen, next_pages = set(), [ROOT / "README.md"]
    while next_pages:
        page = next_pages.pop().resolve()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#\s]+)", text):
            found = page.parent / target
            next_pages += [found / "README.md"] if (found / "README.md").exists() else [found]
    assert {page.name for page in every_page() if page.resolve() not in seen} == set()


# Nothing of the machine it was written on

ELSEWHERE = [
    "/" + "work/",
    "/" + "root/",
    "/" + r"home/\w",
    "/" + "Users/",
    "/tmp" + "/w",
    r"pypi" + r"\.(?:org|python)",
    r"python" + r"hosted\.",
    r"npm" + r"js\.(?:org|com)",
    r"yarn" + r"pkg\.",
    r"(?:docker|ghcr|quay)" + r"\.io",
    r"crates" + r"\.io",
    r"proxy\.golang" + r"\.",
]


def test_no_file_names_a_machine_or_a_registry():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=60,
    )
    found = re.compile(r"(?<![\w.<])(?:" + "|".join(ELSEWHERE) + ")")
    named = []
    for name in filter(None, listed.stdout.decode().split("\0")):
        file = ROOT / name
        raw = file.read_bytes() if file.is_file() else b"\0"
        if b"\0" not in raw[:8192] and not name.endswith((".gz", ".pbf")):
            named += [f"{name}: {hit[0]}" for hit in found.finditer(raw.decode("utf-8", "replace"))]
    assert named == []
