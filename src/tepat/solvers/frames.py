"""What parent and child say to each other over pipes: msgpack, each message with its length in front."""

import struct
from typing import BinaryIO

import msgspec
from msgspec import Struct

from tepat.distribution.routing import Part, Route

FRAME_BYTES_MAX = 500_000_000
_LENGTH = struct.Struct("<I")


class Order(Struct, frozen=True, kw_only=True, tag="order"):
    """Parent to child: route this part.

    Args:
        part: What to route.
        seed: Of the search.
        iterations: When to stop, or None.
        until: When to stop on the machine's clock (seconds since 1970), or None. A moment, not a length, so
            that a slow start of the process eats into the search and not into the caller's patience.
    """

    part: Part
    seed: int
    iterations: int | None
    until: float | None


class News(Struct, frozen=True, kw_only=True, tag="news"):
    """Child to parent: how far the search is, and the best whole answer when there is a new one."""

    share: float
    best_rupiah: int | None
    routes: tuple[Route, ...] | None
    left: tuple[str, ...] = ()
    by: str = ""


class Result(Struct, frozen=True, kw_only=True, tag="result"):
    """Child to parent: the answer, and by which search it was found."""

    routes: tuple[Route, ...]
    left: tuple[str, ...]
    best_rupiah: int
    by: str


class Trouble(Struct, frozen=True, kw_only=True, tag="trouble"):
    """Child to parent: the search broke down, and why."""

    reason: str


Said = News | Result | Trouble


def send(pipe: BinaryIO, message: Order | Said) -> None:
    """Write one message and push it out."""
    raw = msgspec.msgpack.encode(message)
    pipe.write(_LENGTH.pack(len(raw)) + raw)
    pipe.flush()


def receive[T](pipe: BinaryIO, kind: type[T]) -> T | None:
    """Read one message; None when the other side is gone.

    Raises:
        msgspec.DecodeError: The other side said something else.
    """
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(head)
    if size > FRAME_BYTES_MAX:
        raise msgspec.DecodeError(f"frame of {size} bytes")
    raw = pipe.read(size)
    return msgspec.msgpack.decode(raw, type=kind) if len(raw) == size else None
