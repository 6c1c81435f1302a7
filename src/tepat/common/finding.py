"""What ``/`` finds: each stage adds a searcher, and the search screen asks them all."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tepat.common.frame import Frame

FOUND_PER_SEARCHER_MAX = 50


@dataclass(frozen=True)
class Found:
    """One thing that fits what was typed.

    Args:
        text: What it is called.
        kind: What it is, such as ``kotak`` or ``orang``.
        href: Its screen.
        code: Its code, or empty.
        note: What tells it from others, or empty.
        exact: The typed text is its very code: with one such thing the search goes straight there.
    """

    text: str
    kind: str
    href: str
    code: str = ""
    note: str = ""
    exact: bool = False


type Searcher = Callable[[Frame, str], Iterable[Found]]

_searchers: list[Searcher] = []


def searcher(function: Searcher) -> Searcher:
    """Add a searcher; it finds only what the reader of the frame may see."""
    if function not in _searchers:
        _searchers.append(function)
    return function


def find(frame: Frame, asked: str) -> list[Found]:
    """Return what all searchers find, in the order in which they were added.

    Args:
        frame: Who reads, and where.
        asked: What was typed; not empty.
    """
    return [found for function in _searchers for found in _some(function(frame, asked))]


def _some(found: Iterable[Found]) -> Iterator[Found]:
    for _, one in zip(range(FOUND_PER_SEARCHER_MAX), found, strict=False):
        yield one
