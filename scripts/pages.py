"""Writes docs/limits.md, docs/errors.md and docs/commands.md from the code; `scripts/docs` runs it.

The same code gives the same bytes. One thing is kept by hand, in docs/limits.md itself: what happens at a
limit. A new limit gets a `?` there, and a test asks for its sentence.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "tepat"
DOCS = ROOT / "docs"
UNSAID = "?"
LIMIT_ROW = re.compile(r"^\| `(?P<name>[A-Z0-9_]+)` \| .+ \| `(?P<where>[^`]+)` \| (?P<sentence>.+) \|$")

LIMITS_HEAD = """# Limits

Every queue, file, batch, loop, list and retry ends somewhere, and the end has a name. The table is made by
`scripts/docs` from the constants in `src/tepat` whose names end in `_MAX`; only the last column is written by
hand, here. A code is what a person reads ([errors.md](errors.md)); an *assertion* is a mistake of ours and
stops the work before anything is written.

| limit | value | where | what happens there |
|---|---|---|---|
"""
ERRORS_HEAD = """# Answers

Each answer that refuses, warns or reports has a stable code, which is read out on the telephone. It says what
happened (with the numbers), what is still safe, and what to do now. Words in braces are filled in. This page
is made by `scripts/docs` from `src/tepat/common/messages/*.toml`; English stands beside the Indonesian there,
where there is one.
"""
COMMANDS_HEAD = """# Commands

What each `tepat … --help` says, on one page; made by `scripts/docs` from the commands themselves. Exit codes:
0 done, 1 the answer is "no", 2 used wrongly or not readable. More about running an office stands in
[operations.md](operations.md), about lists from spreadsheets in [formats-import.md](formats-import.md), about
problems and plans in [formats.md](formats.md).
"""


@dataclass(frozen=True)
class Limit:
    """One `*_MAX` constant.

    Args:
        name: Its name.
        value: Its value as a reader writes it.
        where: Its file below `src/tepat`.
    """

    name: str
    value: str
    where: str


def limits() -> list[Limit]:
    """Return every named limit, by file and then by line."""
    found = []
    for file in sorted(SOURCE.rglob("*.py")):
        where = file.relative_to(SOURCE).as_posix()
        for name, value in _assigned(ast.parse(file.read_text(encoding="utf-8"))):
            if name.endswith("_MAX") and name.isupper():
                found.append(Limit(name, _shown(value), where))
    return found


def _assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield names with what they are given, wherever a file or a class in it gives them."""
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                yield from (
                    (name.id, value)
                    for name, value in zip(names, values, strict=True)
                    if isinstance(name, ast.Name)
                )


def _shown(value: ast.expr) -> str:
    """Return plain arithmetic worked out, anything else as it is written."""
    text = ast.unparse(value)
    if re.fullmatch(r"[\d_. *+()]+", text):
        number = eval(text, {"__builtins__": {}})
        return f"{number:,}"
    return f"`{text}`"


def sentences(page: str) -> dict[tuple[str, str], str]:
    """Return what a page says about each limit, by file and name."""
    rows = (LIMIT_ROW.match(line) for line in page.splitlines())
    return {(row["where"], row["name"]): row["sentence"] for row in rows if row}


def limits_page() -> str:
    """Return docs/limits.md; a limit that moved to another file keeps its sentence if its name says which."""
    file = DOCS / "limits.md"
    told = sentences(file.read_text(encoding="utf-8")) if file.exists() else {}
    by_name: dict[str, set[str]] = {}
    for (_, name), sentence in told.items():
        by_name.setdefault(name, set()).add(sentence)
    rows = []
    for limit in limits():
        moved = by_name.get(limit.name, set())
        sentence = told.get((limit.where, limit.name)) or (moved.pop() if len(moved) == 1 else UNSAID)
        rows.append(f"| `{limit.name}` | {limit.value} | `{limit.where}` | {sentence} |\n")
    return LIMITS_HEAD + "".join(rows)


def errors_page() -> str:
    """Return docs/errors.md: one part for each file of messages."""
    parts = [ERRORS_HEAD]
    for file in sorted((SOURCE / "common" / "messages").glob("*.toml")):
        messages = tomllib.loads(file.read_text(encoding="utf-8"))
        parts.append(f"\n## {file.stem}\n\n| code | what a person reads |\n|---|---|\n")
        for code, said in sorted(messages.items()):
            parts.append(f"| `{code}` | {_cell(' '.join(part for part in said['id'] if part))} |\n")
    return "".join(parts)


def _cell(text: str) -> str:
    """Return text that stands in one cell of a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command with its whole name, such as ``tepat plan solve``, in the order of the help."""
    from tepat.cli import app

    yield from _walked("tepat", typer.main.get_command(app))


def _walked(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    below = getattr(command, "commands", None)
    if below is None:
        yield path, command
        return
    for name, inner in below.items():
        yield from _walked(f"{path} {name}", inner)


def commands_page() -> str:
    """Return docs/commands.md."""
    return COMMANDS_HEAD + "".join(_command(path, command) for path, command in commands())


def _command(path: str, command: Any) -> str:
    words = [word for param in command.params for word in _usage(param)]
    lines = [f"\n## {path}\n\n`{' '.join([path, *words])}`\n\n{' '.join((command.help or '').split())}\n"]
    if command.params:
        lines.append("\n| | |\n|---|---|\n")
    lines += [f"| {_named(param)} | {_told(param)} |\n" for param in command.params]
    return "".join(lines)


def _usage(param: Any) -> list[str]:
    """Return what must be written, and what may be without an option's name."""
    if param.param_type_name == "argument":
        return [_metavar(param) if param.required else f"[{_metavar(param)}]"]
    return [f"{param.opts[0]} …"] if param.required else []


def _metavar(param: Any) -> str:
    return str(param.metavar or param.name.upper())


def _named(param: Any) -> str:
    if param.param_type_name == "argument":
        return f"`{_metavar(param)}`"
    return " / ".join(f"`{name}`" for name in [*param.opts, *param.secondary_opts])


def _told(param: Any) -> str:
    """Return a parameter's help with its choices, bounds and default."""
    more = []
    if choices := _choices(param.type_descriptor.annotation):
        more.append(", ".join(f"`{choice}`" for choice in choices))
    if param.min is not None:
        more.append(f"from {param.min}")
    if param.max is not None:
        more.append(f"to {param.max}")
    if param.multiple:
        more.append("may be repeated")
    if isinstance(param.default, str | int | float | Path) and not isinstance(param.default, bool):
        more.append(f"`{param.default}` when not given")
    text = _cell(param.help or "")
    return f"{text} ({'; '.join(more)})" if more else text


def _choices(annotation: Any) -> list[str]:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [str(member.value) for member in annotation]
    return [str(choice) for choice in get_args(annotation)] if get_origin(annotation) is Literal else []


PAGES = {"limits.md": limits_page, "errors.md": errors_page, "commands.md": commands_page}


def main(words: list[str]) -> int:
    """Write the pages, or with ``--check`` name those that are old."""
    old = []
    for name, page in PAGES.items():
        file, text = DOCS / name, page()
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        old.append(name)
        if "--check" not in words:
            file.write_text(text, encoding="utf-8")
    if old:
        print(f"{'old' if '--check' in words else 'written'}: {', '.join(old)}")
    return 1 if old and "--check" in words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
