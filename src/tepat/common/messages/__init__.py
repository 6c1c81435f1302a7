r"""Every sentence that answers a person, in one table per stage.

Each `*.toml` here holds messages by code::

    [IMPORT-NO-DESA]
    id = ["Desa {desa} tidak dikenal di sel {cell}.", "Berkas belum disimpan.", "Perbaiki nama …"]
    en = ["…", "…", "…"]

The three parts are what happened (with the numbers), what is still safe, and what to do now. `en` may be
absent; then the Indonesian sentence is shown whole, never half of each.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Message:
    """One answer to a person.

    Args:
        code: The stable code, to be read out on the telephone.
        happened: What happened, with the numbers.
        safe: What is still safe; may be empty.
        todo: What to do now; may be empty.
    """

    code: str
    happened: str
    safe: str
    todo: str

    @property
    def text(self) -> str:
        """The whole answer on one line, the code last."""
        return " ".join(part for part in (self.happened, self.safe, self.todo, f"[{self.code}]") if part)


@cache
def table() -> dict[str, dict[str, list[str]]]:
    """Return all messages by code.

    Raises:
        AssertionError: Two files hold the same code.
    """
    messages: dict[str, dict[str, list[str]]] = {}
    for file in sorted(resources.files(__package__).iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        for code, sentences in tomllib.loads(file.read_text(encoding="utf-8")).items():
            assert code not in messages, f"{code} stands twice"
            messages[code] = sentences
    return messages


def say(code: str, facts: Mapping[str, Any], *, language: str = "id") -> Message:
    """Return the sentence for a code, with its facts filled in.

    Args:
        code: A key of the table.
        facts: Values for the places in the sentence.
        language: ``id`` or ``en``; a message without English is shown in Indonesian.

    Raises:
        KeyError: No such code, or a fact that the sentence needs is missing: a defect.
    """
    sentences = table()[code]
    parts = sentences.get(language) or sentences["id"]
    happened, safe, todo = ([part.format_map(facts) for part in parts] + ["", "", ""])[:3]
    return Message(code=code, happened=happened, safe=safe, todo=todo)
