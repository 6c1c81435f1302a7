"""Why something could not be read, in Indonesian and naming the field: libraries say it in English.

What our own code says in an error is Indonesian already and stays as it is.
"""

import csv
import json
import re
import tomllib
from collections.abc import Callable

import msgspec
import rfc8785

from tepat.common.whole_files import reason_of

WORDS_LENGTH_MAX = 200
TYPES = {
    "object": "kelompok ruas",
    "array": "daftar",
    "str": "teks",
    "int": "bilangan bulat",
    "float": "bilangan pecahan",
    "bool": "ya/tidak",
    "null": "kosong",
    "bytes": "data biner",
    "uuid": "id",
    "datetime": "saat",
    "date": "tanggal",
}
SIGNS = {">=": "paling sedikit", ">": "lebih dari", "<=": "paling banyak", "<": "kurang dari"}
_PLACE = re.compile(r" - at `(?:key in )?\$?\.?(.*?)`$")
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"Expected `(.+?)`, got `(.+?)`"), lambda m: f"harus {_types(m[1])}, bukan {_types(m[2])}"),
    (re.compile(r"Object missing required field `(.+?)`"), lambda m: f"ruas {m[1]} tidak ada"),
    (re.compile(r"Object contains unknown field `(.+?)`"), lambda m: f"ruas {m[1]} tidak dikenal"),
    (re.compile(r"Invalid enum value (.+)"), lambda m: f"nilai {m[1]} tidak dikenal"),
    (re.compile(r"Invalid value (.+)"), lambda m: f"nilai {m[1]} tidak dikenal"),
    (
        re.compile(r"Expected `(.+?)` of length ([<>]=?) (\d+)"),
        lambda m: f"panjang {_types(m[1])} harus {SIGNS[m[2]]} {m[3]}",
    ),
    (re.compile(r"Expected `(.+?)` matching regex.*"), lambda m: f"{_types(m[1])} tidak berbentuk benar"),
    (
        re.compile(r"Expected `(.+?)` ([<>]=?) (\S+)"),
        lambda m: f"{_types(m[1])} harus {SIGNS[m[2]]} {m[3]}",
    ),
    (re.compile(r"Invalid (?:RFC3339|ISO).*"), lambda _: "saat tidak berbentuk benar"),
    (re.compile(r"Invalid (?:UUID|uuid).*"), lambda _: "id tidak berbentuk benar"),
    (re.compile(r"Input data was truncated.*"), lambda _: "kiriman terpotong"),
    (re.compile(r"JSON is malformed.*"), lambda _: "bukan JSON yang utuh"),
)
_ENGLISH = re.compile(
    r"(?:Expected|Object|Invalid|Input|JSON|Number|Integer|Unexpected|Can't|Duplicate|Type) ?"
)
_LINE = re.compile(r"line (\d+)")


def why_unread(error: Exception) -> str:
    """Return why something could not be read, in Indonesian, with the field or line where it is known.

    Args:
        error: What the reading raised: of the system, of JSON, TOML or CSV, of the shape, or our own.
    """
    return _said(error)[:WORDS_LENGTH_MAX]


def _said(error: Exception) -> str:
    if isinstance(error, OSError):
        return reason_of(error)
    if isinstance(error, UnicodeError):
        return "bukan teks UTF-8"
    if isinstance(error, RecursionError):
        return "bersarang terlalu dalam"
    if isinstance(error, (json.JSONDecodeError, tomllib.TOMLDecodeError, csv.Error)):
        return _file_words(error)
    if isinstance(error, rfc8785.CanonicalizationError):
        return "memuat nilai yang tidak dapat ditulis baku"
    return _shape_words(str(error)) if isinstance(error, msgspec.MsgspecError) else str(error)


def _file_words(error: Exception) -> str:
    kind = "JSON" if isinstance(error, ValueError) else "CSV"
    kind = "TOML" if isinstance(error, tomllib.TOMLDecodeError) else kind
    line = _LINE.search(str(error))
    return f"bukan {kind} yang utuh" + (f", baris {line[1]}" if line else "")


def _shape_words(text: str) -> str:
    place = _PLACE.search(text)
    said = text[: place.start()] if place else text
    told = next((words(found) for pattern, words in _PATTERNS if (found := pattern.fullmatch(said))), "")
    if not told:
        told = "bentuknya tidak dikenal" if _ENGLISH.match(said) else said
    where = place[1] if place else ""
    return f"{where}: {told}" if where else told


def _types(text: str) -> str:
    """Return what the library calls a type, or several of them, in words."""
    return " atau ".join(TYPES.get(part.strip(), part.strip()) for part in text.split("|"))
