"""What the worker does again and again beside its jobs; stages register it, `tepat pekerja` runs it.

Each tick has a thread of its own, so that a slow one holds up no other. A tick may stop anywhere and may run
beside the same work of another process: it does what is there to be done, and nothing twice.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.utils import DatabaseError
from django.utils.module_loading import import_string

from tepat.common.clock import now
from tepat.common.errors import TepatError

STOP_WAIT_S_MAX = 10
LOG = logging.getLogger(__name__)

type Tick = Callable[[datetime], object]


@dataclass(frozen=True)
class Repeated:
    """One thing that is done again and again.

    Args:
        word: What it is called in the log, in Indonesian.
        path: The dotted name of a function that gets this moment; loaded when it is first run.
        pause_s: How long it rests after each round.
    """

    word: str
    path: str
    pause_s: int

    def tick(self) -> Tick:
        """Return the function."""
        found: Tick = import_string(self.path)
        return found


_registered: dict[str, Repeated] = {}


def every(pause_s: int, word: str, path: str) -> None:
    """Register something that the worker does again and again; twice is once.

    Args:
        pause_s: How long it rests after each round, in seconds.
        word: What it is called in the log.
        path: The dotted name of a function that gets this moment.
    """
    assert pause_s > 0, pause_s
    _registered[path] = Repeated(word, path, pause_s)


def registered() -> tuple[Repeated, ...]:
    """Return all that the stages registered."""
    return tuple(_registered.values())


def run(what: Repeated, stop: threading.Event) -> None:
    """Do rounds until told to stop; what goes wrong is written down once and tried again."""
    said = ""
    while not stop.is_set():
        try:
            what.tick()(now())
            said = ""
        except (TepatError, DatabaseError, OSError, ValueError) as trouble:
            if str(trouble) != said:
                said = str(trouble)
                LOG.error("%s: %s", what.word, said)  # noqa: TRY400 -- a sentence, not a trace
        stop.wait(what.pause_s)
    connection.close()


@contextmanager
def beside() -> Iterator[None]:
    """Let all that is registered run beside something else, each in a thread of its own."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=run, args=(what, stop), name=what.path, daemon=True) for what in registered()
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(STOP_WAIT_S_MAX)
