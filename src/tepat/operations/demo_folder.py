"""The demo's folder: held by one process at a time; it remembers at which step a run broke off."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tepat.common.errors import Refused
from tepat.operations.demo import PAPERS_FOLDER, SUMMARY_FILE

NOTE_FILE = "sedang-berjalan.txt"


@dataclass
class Holding:
    """What the holder of the folder knows and writes down.

    Args:
        note: The open note, locked.
        broken_off: The step at which an earlier run was ended by force, or empty.
        cleared: How many of an earlier run's results and drafts were taken away.
    """

    note: IO[str]
    broken_off: str = ""
    cleared: int = 0

    def step(self, name: str) -> None:
        """Write down what is being done now; an empty name: nothing that could break off."""
        self.note.seek(0)
        self.note.truncate()
        self.note.write(name)
        self.note.flush()

    @property
    def sentence(self) -> str:
        """What to tell of an earlier run that broke off; empty where none did."""
        if not self.broken_off:
            return ""
        return (
            f"Percobaan sebelumnya di folder ini terhenti saat {self.broken_off}. "
            f"{self.cleared} berkas sisanya dihapus; dihitung ulang dari awal."
        )


@contextmanager
def held(out: Path) -> Iterator[Holding]:
    """Hold a folder for this process, and take away an earlier run's results.

    Args:
        out: The folder; made if it is not there.

    Raises:
        Refused: DEMO-RUNNING, another process holds it.
    """
    from django.core.files import locks

    out.mkdir(parents=True, exist_ok=True)
    with (out / NOTE_FILE).open("a+", encoding="utf-8") as note:
        if not locks.lock(note, locks.LOCK_EX | locks.LOCK_NB):
            raise Refused("DEMO-RUNNING", folder=str(out))
        note.seek(0)
        holding = Holding(note, note.read().strip())
        holding.cleared = clear_old(out)
        try:
            yield holding
        finally:
            holding.step("")


def clear_old(out: Path) -> int:
    """Take away an earlier run's results and drafts, so that none is mistaken for one of this run."""
    old = ("plan-*.json", SUMMARY_FILE, ".*.baru", f"{PAPERS_FOLDER}/*.pdf", f"{PAPERS_FOLDER}/.*.baru")
    there = [file for name in old for file in out.glob(name) if file.is_file()]
    for file in there:
        file.unlink(missing_ok=True)
    return len(there)
