"""The page that checks a folder in anybody's browser: one file, no outside request. No Django."""

import json
from functools import cache
from importlib import resources

from tepat.common.event_words import EVENT_WORDS

PARTS = ("sidik.js", "tanda_tangan.js", "catatan.js", "halaman.js")


@cache
def verify_page() -> str:
    """Return the page with its style and its scripts inside."""
    folder = resources.files(__package__) / "halaman"
    page = (folder / "halaman.html").read_text(encoding="utf-8")
    style = (folder / "gaya.css").read_text(encoding="utf-8")
    words = json.dumps(EVENT_WORDS, ensure_ascii=False, sort_keys=True, indent=1)
    parts = [(folder / name).read_text(encoding="utf-8") for name in PARTS]
    script = "\n".join([*parts[:-1], f"const WORDS = {words};", parts[-1]])
    assert "</script" not in script, "the script would end early"
    return page.replace("/* GAYA */", style).replace("/* SKRIP */", script)
