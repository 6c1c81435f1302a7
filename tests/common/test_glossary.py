"""docs/glossary.md says what the code says."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = "\n".join(
    file.read_text(encoding="utf-8")
    for pattern in ("*.py", "*.toml", "*.html")
    for file in (ROOT / "src").rglob(pattern)
)
TERMS = re.findall(
    r"\| ([^|]+) \|$", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE
)


def code_words():
    return sorted({word for cell in TERMS for word in re.findall(r"`([^`]+)`", cell)})


def test_the_table_was_found():
    assert len(code_words()) > 30


@pytest.mark.parametrize("word", code_words())
def test_a_word_of_the_glossary_stands_in_the_code(word):
    assert re.search(rf"\b{re.escape(word)}", SOURCE, re.IGNORECASE), word
