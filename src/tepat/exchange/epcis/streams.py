"""EPCIS documents as streams: one event at a time, whatever the size, each with the line on which it begins.

Our own documents have one event a line. Others' may be written in any way; a fault's line within an event is
worked out only when there is a fault (`line_in`).
"""

import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from json.decoder import JSONDecodeError
from pathlib import Path
from typing import IO, Any, Literal, TextIO, cast

import msgspec

from tepat.exchange.epcis.forms import Path as Place

READ_CHARACTERS = 1 << 20
VALUE_CHARACTERS_MAX = 16_000_000
_NUMBER_REST = 2  # of `1.5e+` the last two are no number yet
_GZIP = b"\x1f\x8b"
_SPACE = " \t\n\r"


class BrokenError(Exception):
    """The text is no JSON of the expected shape.

    Args:
        line: Where.
        reason: Why, in Indonesian.
    """

    def __init__(self, line: int, reason: str) -> None:
        self.line, self.reason = line, reason
        super().__init__(line, reason)


class _TwiceError(Exception):
    """A name stands twice in one table."""


@dataclass(frozen=True)
class Found:
    """One value of a document.

    Args:
        kind: A field of the document, of its body, or an event.
        name: The field's name; empty for an event.
        value: What stands there.
        line: The line on which it begins.
        text: The event as it was written.
    """

    kind: Literal["field", "body", "event"]
    name: str
    value: Any
    line: int
    text: str = ""


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """Open a document, packed by gzip or not.

    Args:
        path: The file; by its first bytes, whatever its name.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        packed = file.read(len(_GZIP)) == _GZIP
        file.seek(0)
        raw = cast("IO[bytes]", gzip.GzipFile(fileobj=file) if packed else file)
        with io.TextIOWrapper(raw, encoding="utf-8-sig", newline="\n") as stream:
            yield stream


def read(stream: TextIO) -> Iterator[Found]:
    """Return what a document holds, in its order; only one event is in memory at a time.

    Args:
        stream: A text stream at its beginning.

    Raises:
        BrokenError: It is no JSON, or no document with an event list.
    """
    scanner = _Scanner(stream)
    for name in scanner.members():
        line = scanner.line
        if name == "epcisBody" and scanner.peek() == "{":
            yield from _body(scanner)
            yield Found("field", name, {}, line)
        else:
            yield Found("field", name, scanner.value()[0], line)
    if scanner.peek():
        raise BrokenError(scanner.line, "ada tulisan sesudah akhir dokumen")


def _body(scanner: "_Scanner") -> Iterator[Found]:
    for name in scanner.members():
        whole = scanner.line
        if name != "eventList" or scanner.peek() != "[":
            yield Found("body", name, scanner.value()[0], whole)
            continue
        for _ in scanner.items():
            line = scanner.line
            value, text = scanner.value()
            yield Found("event", "", value, line, text)
        yield Found("body", name, [], whole)


class _Scanner:
    """A place in a text stream, and the line it is on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._text = ""
        self._at = 0
        self._over = False
        self.line = 1
        self._decode = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant).raw_decode

    def peek(self) -> str:
        """Return the next character that is no space; empty at the end."""
        while True:
            start = self._at
            text, end = self._text, len(self._text)
            while self._at < end and text[self._at] in _SPACE:
                self._at += 1
            self.line += text.count("\n", start, self._at)
            if self._at < end:
                return text[self._at]
            if not self._fill():
                return ""

    def take(self, character: str) -> None:
        """Go past one expected character."""
        found = self.peek()
        if found != character:
            what = f"“{found}”" if found else "akhir berkas"
            raise BrokenError(self.line, f"seharusnya “{character}”, tertulis {what}")
        self._at += 1

    def members(self) -> Iterator[str]:
        """Go through a table; the caller reads each value."""
        self.take("{")
        known: set[str] = set()
        while self.peek() != "}":
            if known:
                self.take(",")
            if self.peek() != '"':
                raise BrokenError(self.line, "nama isian seharusnya diapit tanda petik")
            name = self.value()[0]
            if name in known:
                raise BrokenError(self.line, f"isian {name} tertulis dua kali")
            known.add(name)
            self.take(":")
            self.peek()
            yield name
        self.take("}")

    def items(self) -> Iterator[None]:
        """Go through a list; the caller reads each value."""
        self.take("[")
        first = True
        while self.peek() != "]":
            if not first:
                self.take(",")
                self.peek()
            first = False
            yield
        self.take("]")

    def value(self) -> tuple[Any, str]:
        """Read one value, and its text."""
        self.peek()
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except JSONDecodeError as wrong:
                if len(self._text) - self._at > VALUE_CHARACTERS_MAX:
                    reason = f"satu isian lebih panjang dari {VALUE_CHARACTERS_MAX} huruf, atau tidak utuh"
                    raise BrokenError(self.line, reason) from wrong
                if not self._fill():
                    line = self.line + self._text.count("\n", self._at, wrong.pos)
                    raise BrokenError(line, "bukan JSON yang utuh") from wrong
                continue
            except (_TwiceError, ValueError) as wrong:
                raise BrokenError(self.line, str(wrong)) from wrong
            except RecursionError as wrong:
                raise BrokenError(self.line, "tersusun terlalu dalam") from wrong
            # A number at the end of what was read may go on.
            if end + _NUMBER_REST >= len(self._text) and self._fill():
                continue
            text = self._text[self._at : end]
            self.line += text.count("\n")
            self._at = end
            return value, text

    def _fill(self) -> bool:
        """Read on; return whether there was anything."""
        try:
            more = "" if self._over else self._stream.read(READ_CHARACTERS)
        except UnicodeDecodeError as wrong:
            line = self.line + self._text.count("\n", self._at)
            raise BrokenError(line, "sesudah baris ini ada tulisan yang bukan UTF-8") from wrong
        except (EOFError, zlib.error, gzip.BadGzipFile) as wrong:
            line = self.line + self._text.count("\n", self._at)
            raise BrokenError(line, "berkas .gz ini terpotong atau rusak") from wrong
        self._over = not more
        if more:
            self._text = self._text[self._at :] + more
            self._at = 0
        return bool(more)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _TwiceError(f"isian {twice} tertulis dua kali")
    return table


def _no_constant(name: str) -> Any:
    raise _TwiceError(f"{name} bukan bilangan")


def line_in(text: str, path: Place) -> int:
    """Return how many lines below its beginning something stands in a value.

    Args:
        text: The value as written; whole JSON.
        path: Names and places, from the outside in; what is not there counts as what it would be in.
    """
    at = 0
    for step in path:
        found = _inner(text, at, step)
        if found is None:
            break
        at = found
    return text.count("\n", 0, _start(text, at))


def _start(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


def _inner(text: str, at: int, step: str | int) -> int | None:
    """Return where one part of a table or list begins; None: it is not there."""
    decode = json.JSONDecoder().raw_decode
    at = _start(text, at)
    table, place = text[at] == "{", 0
    if not table and text[at] != "[":
        return None
    at = _start(text, at + 1)
    while text[at] not in "}]":
        if text[at] == ",":
            at = _start(text, at + 1)
        name: str | int = place
        began = at
        if table:
            name, at = decode(text, at)
            at = _start(text, _start(text, at) + 1)
        if name == step:
            return began if table and text[at] not in "{[" else at
        at = _start(text, decode(text, at)[1])
        place += 1
    return None


def write(header: dict[str, Any], events: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Return a document, piece by piece: one event a line.

    Args:
        header: The document's fields before its body.
        events: In their order.
    """
    start = msgspec.json.encode(header)
    yield start[:-1] + b',"epcisBody":{"eventList":['
    between = b"\n"
    for event in events:
        yield between + msgspec.json.encode(event)
        between = b",\n"
    yield b"\n]}}\n"
