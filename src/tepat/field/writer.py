"""One writer a process for what comes from the field: many batches, one commit, answered after it.

On SQLite a thread takes what has queued up, checks it, writes it in one transaction, and answers all once
that is durable. Usually all batches go in together, with a statement for each table; where one of them
cannot, that is undone, and each batch is written in its own savepoint, so that a refusal is nobody else's.
The thread does the checking too: others that calculate would take the interpreter away from it. Each of the
server's processes has such a writer: while one writes the other checks, and what both were sent the database
takes once. A full disk refuses everything, and the phones keep it. On PostgreSQL, and inside somebody else's
transaction, each batch is written where it is asked for.
"""

import atexit
import logging
import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime

from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)

from tepat.common.command_answers import answer_to
from tepat.common.errors import Refused
from tepat.field.intake import Batch, commit_together, examine_all, settle, stands_alone, take
from tepat.field.wire import Receipt, Sending

QUEUE_MAX = 400
BATCHES_PER_COMMIT_MAX = 64
ANSWER_S_MAX = 30
STOP_S_MAX = 10
log = logging.getLogger(__name__)


@dataclass
class _Command:
    sending: Sending
    received_at: datetime
    answer: "Future[Receipt]" = field(default_factory=Future)


class Writer:
    """The one thread that writes what comes from the field; started with its first batch."""

    def __init__(self, write: Callable[[Batch], Receipt] = settle) -> None:
        self._write = write
        self._queue: queue.Queue[_Command | None] = queue.Queue(maxsize=QUEUE_MAX)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process = 0
        self._stopped = False

    def submit(self, sending: Sending, *, at: datetime) -> Receipt:
        """Write a batch and return its receipt, after the commit.

        Args:
            sending: As sent.
            at: When the office received it.

        Raises:
            Refused: FIELD-BUSY when too many wait, FIELD-TRAY-FULL, STORE-FULL and its like; nothing of the
                batch was written then.
        """
        command = _Command(sending, at)
        self._start()
        try:
            self._queue.put_nowait(command)
        except queue.Full as full:
            raise Refused("FIELD-BUSY", limit=QUEUE_MAX) from full
        try:
            return command.answer.result(ANSWER_S_MAX)
        except TimeoutError as late:
            # Perhaps it is written all the same: the phone asks again, and is told "sudah".
            raise Refused("FIELD-BUSY", limit=QUEUE_MAX) from late

    def stop(self) -> None:
        """Write what is queued, and end."""
        with self._lock:
            self._stopped, thread = True, self._thread
        if thread is None or self._process != os.getpid():
            return
        self._queue.put(None)
        thread.join(STOP_S_MAX)

    def _start(self) -> None:
        with self._lock:
            if self._stopped:
                raise Refused("FIELD-BUSY", limit=QUEUE_MAX)
            if self._thread is None or self._process != os.getpid():
                self._process = os.getpid()
                self._thread = threading.Thread(target=self._run, name="tepat-penulis", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        last = False
        while not last:
            commands, last = self._next()
            if commands:
                self._commit(commands)
        connection.close()

    def _next(self) -> tuple[list[_Command], bool]:
        """Wait for one command and take whatever else is there already."""
        found: list[_Command] = []
        one = self._queue.get()
        while one is not None:
            found.append(one)
            if len(found) >= BATCHES_PER_COMMIT_MAX:
                return found, False
            try:
                one = self._queue.get_nowait()
            except queue.Empty:
                return found, False
        return found, True

    def _commit(self, commands: list[_Command]) -> None:
        answers: list[Receipt | Exception] = []
        try:
            batches = examine_all([(command.sending, command.received_at) for command in commands])
            with transaction.atomic():
                answers.extend(self._together(batches) or [self._write_one(batch) for batch in batches])
        except Exception as error:  # noqa: BLE001 -- whoever waits gets it
            connection.close()  # the next commit begins with a fresh one
            answers = [self._trouble(error)] * len(commands)
        for command, answer in zip(commands, answers, strict=True):
            if isinstance(answer, Exception):
                command.answer.set_exception(answer)
            else:
                command.answer.set_result(answer)

    def _together(self, batches: list[Batch]) -> list[Receipt]:
        """Write all batches as one, which is cheaper; empty where they have to be written one by one."""
        if len(batches) == 1 or self._write is not settle or any(stands_alone(one) for one in batches):
            return []
        try:
            return commit_together(batches)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 -- one by one it shows whose it is
            log.info("kiriman ditulis satu per satu: %s", error)
            return []

    def _write_one(self, batch: Batch) -> Receipt | Exception:
        """Write one batch in its own savepoint; its own refusal is nobody else's."""
        try:
            with transaction.atomic():
                return self._write(batch)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # a defect in one batch is answered to that one
            if not isinstance(error, Refused):
                log.exception("kiriman tidak dapat ditulis")
            return error

    def _trouble(self, error: Exception) -> Exception:
        log.error("kiriman ditolak bersama: %s", error)
        return answer_to(error) or error


_writer = Writer()
atexit.register(_writer.stop)


def write(sending: Sending, *, at: datetime) -> Receipt:
    """Check and write a batch and return its receipt, once it is durable.

    Args:
        sending: As sent.
        at: When the office received it.

    Raises:
        Refused: As `Writer.submit`.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        return _writer.submit(sending, at=at)
    try:
        return take(sending, at=at)
    except DatabaseError as error:
        raise answer_to(error) or error from error
