"""Whether a value has the form that a field needs: URIs, moments, offsets, quantities, words. Pure."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from tepat.exchange.epcis import words

type Path = tuple[str | int, ...]

SHOWN_LENGTH_MAX = 80

# RFC 3986: a scheme, then only what may stand in a URI; a web address has a host.
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
_NO_HOST = re.compile(r"https?:(?!//[^/?#])", re.IGNORECASE)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_OFFSET = re.compile(r"[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)", re.ASCII)
_UNIT = re.compile(r"[A-Z0-9]{2,3}")
_CURIE = re.compile(r"([A-Za-z][A-Za-z0-9_-]*):([^/\s][^\s]*)")
_OLD_CBV = ("urn:epcglobal:cbv", "http://ns.gs1.org/cbv/", "https://ns.gs1.org/cbv/")


class Fault(NamedTuple):
    """One thing that is wrong.

    Args:
        path: Where, from the event down; the line is worked out from it.
        code: The message.
        facts: What its sentence needs.
    """

    path: Path
    code: str
    facts: dict[str, Any]


def shown(value: Any) -> str:
    """Return a value as a sentence quotes it."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN_LENGTH_MAX else text[: SHOWN_LENGTH_MAX - 1] + "…"


def is_uri(value: Any) -> bool:
    """Return whether a value is an absolute URI."""
    return isinstance(value, str) and bool(_URI.fullmatch(value)) and not _NO_HOST.match(value)


def is_moment(value: Any) -> bool:
    """Return whether a value is a moment with a zone, and that day exists (RFC 3339)."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def prefix_of(name: str) -> str:
    """Return the prefix of an extension's name; empty for a name without, and for a whole URI."""
    found = _CURIE.fullmatch(name)
    return found[1] if found else ""


def uri(value: Any, path: Path) -> Iterator[Fault]:
    """Find a value that is no URI."""
    if not is_uri(value):
        yield Fault(path, "EPCIS-URI", {"field": _field(path), "value": shown(value)})


def uris(value: Any, path: Path) -> Iterator[Fault]:
    """Find what is no list of different URIs."""
    if not isinstance(value, list):
        yield shape(path, "daftar")
        return
    known = set()
    for place, one in enumerate(value):
        yield from uri(one, (*path, place))
        if isinstance(one, str) and one in known:
            yield Fault((*path, place), "EPCIS-TWICE", {"value": shown(one)})
        known.add(one if isinstance(one, str) else place)


def moment(value: Any, path: Path) -> Iterator[Fault]:
    """Find a value that is no moment."""
    if not is_moment(value):
        yield Fault(path, "EPCIS-TIME", {"field": _field(path), "value": shown(value)})


def offset(value: Any, path: Path) -> Iterator[Fault]:
    """Find a value that is no offset from UTC."""
    if not isinstance(value, str) or not _OFFSET.fullmatch(value):
        yield Fault(path, "EPCIS-OFFSET", {"value": shown(value)})


def word(value: Any, path: Path, known: frozenset[str]) -> Iterator[Fault]:
    """Find a value that is neither a word of the standard nor somebody's own URI."""
    own = is_uri(value) and not value.startswith(_OLD_CBV)
    if not own and not (isinstance(value, str) and value in known):
        yield Fault(path, "EPCIS-WORD", {"field": _field(path), "value": shown(value)})


def place(value: Any, path: Path) -> Iterator[Fault]:
    """Find what is no place: a table with an id."""
    if not isinstance(value, dict) or "id" not in value:
        yield shape(path, "tabel dengan id")
        return
    yield from uri(value["id"], (*path, "id"))


def quantities(value: Any, path: Path) -> Iterator[Fault]:
    """Find what is no list of quantities; less than nothing of anything is none."""
    if not isinstance(value, list):
        yield shape(path, "daftar")
        return
    for at, one in enumerate(value):
        inner: Path = (*path, at)
        if not isinstance(one, dict):
            yield shape(inner, "tabel")
            continue
        yield from fields(one, inner, frozenset({"epcClass", "quantity", "uom"}), needed=("epcClass",))
        if "epcClass" in one:
            yield from uri(one["epcClass"], (*inner, "epcClass"))
        yield from _amount(one, inner)


def _amount(one: dict[str, Any], path: Path) -> Iterator[Fault]:
    number = one.get("quantity", 1)
    if isinstance(number, bool) or not isinstance(number, int | float) or number <= 0:
        yield Fault((*path, "quantity"), "EPCIS-QUANTITY", {"value": shown(number)})
    if "uom" in one and not (isinstance(one["uom"], str) and _UNIT.fullmatch(one["uom"])):
        yield shape((*path, "uom"), "satuan dua atau tiga huruf")


def pairs(value: Any, path: Path, name: str, known: frozenset[str], *, typed: bool) -> Iterator[Fault]:
    """Find what is no list of typed URIs.

    Args:
        value: What stands there.
        path: Where.
        name: The field of the URI.
        known: Which types there are.
        typed: The type must be there.
    """
    if not isinstance(value, list):
        yield shape(path, "daftar")
        return
    for at, one in enumerate(value):
        inner: Path = (*path, at)
        if not isinstance(one, dict):
            yield shape(inner, "tabel")
            continue
        yield from fields(one, inner, frozenset({"type", name}), needed=("type", name) if typed else (name,))
        if name in one:
            yield from uri(one[name], (*inner, name))
        if "type" in one:
            yield from word(one["type"], (*inner, "type"), known)


def dispositions(value: Any, path: Path) -> Iterator[Fault]:
    """Find what is no table of persistent dispositions."""
    if not isinstance(value, dict) or not value:
        yield shape(path, "tabel dengan set atau unset")
        return
    yield from fields(value, path, frozenset({"set", "unset"}), needed=())
    for name, listed in value.items():
        if name not in {"set", "unset"}:
            continue
        if not isinstance(listed, list) or not listed:
            yield shape((*path, name), "daftar")
            continue
        for at, one in enumerate(listed):
            yield from word(one, (*path, name, at), words.DISPOSITIONS)
            if one in listed[:at]:
                yield Fault((*path, name, at), "EPCIS-TWICE", {"value": shown(one)})


def fields(
    table: dict[str, Any], path: Path, known: frozenset[str], *, needed: tuple[str, ...], own: bool = False
) -> Iterator[Fault]:
    """Find the names that nobody declared, and those that are missing.

    Args:
        table: What is looked at.
        path: Where.
        known: The names of the standard.
        needed: Those that must be there.
        own: Whether somebody's own names may stand here too: with a prefix, or whole URIs.
    """
    for name in needed:
        if name not in table:
            yield Fault(path, "EPCIS-FIELD-MISSING", {"field": name})
    for name in table:
        if name not in known and not (own and is_uri(name)):
            yield Fault((*path, name), "EPCIS-FIELD-UNKNOWN", {"field": shown(name)})


def shape(path: Path, wanted: str) -> Fault:
    """Return the fault of a value that has another shape."""
    return Fault(path, "EPCIS-SHAPE", {"field": _field(path), "wanted": wanted})


def _field(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "peristiwa")
