"""One entry with its proof as a text file that needs nothing else: C2SP tlog-proof@v1. Pure."""

from dataclasses import dataclass

from tepat.publication.notes import (
    NOTE_BYTES_MAX,
    Checkpoint,
    Note,
    b64,
    decimal,
    read_checkpoint,
    read_note,
    unb64,
)
from tepat.publication.tlog import ENTRY_BYTES_MAX, HASH_BYTES, included, leaf_hash

HEADER = "c2sp.org/tlog-proof@v1"
PROOF_HASHES_MAX = 64
PROOF_BYTES_MAX = NOTE_BYTES_MAX + 2 * ENTRY_BYTES_MAX + 100 * PROOF_HASHES_MAX


@dataclass(frozen=True)
class Proof:
    """That an entry stands in the log.

    Args:
        index: The entry's number in the log.
        hashes: From the leaf's neighbour up.
        note: The checkpoint with its signatures.
        entry: The entry itself.
    """

    index: int
    hashes: tuple[bytes, ...]
    note: Note
    entry: bytes

    def __str__(self) -> str:
        lines = [HEADER, f"extra {b64(self.entry)}", f"index {self.index}", *map(b64, self.hashes), ""]
        return "\n".join(lines) + f"\n{self.note}"

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint it leads to.

        Raises:
            ValueError: The note is none.
        """
        return read_checkpoint(self.note.text)

    def holds(self) -> bool:
        """Return whether the entry is in the tree of the checkpoint; its signatures are another question."""
        head, leaf = self.checkpoint.head, leaf_hash(self.entry)
        return included(self.hashes, leaf=leaf, index=self.index, size=head.size, root=head.root)


def read_proof(raw: bytes) -> Proof:
    """Return the proof that a file holds; nothing in it is verified yet.

    Raises:
        ValueError: It is no such file, or carries no entry.
    """
    if len(raw) > PROOF_BYTES_MAX:
        raise ValueError("berkas bukti terlalu besar")
    top, gap, note = raw.partition(b"\n\n")
    try:
        lines = top.decode("ascii").split("\n")
    except UnicodeDecodeError as broken:
        raise ValueError("bukan berkas bukti") from broken
    starts = ("", "extra ", "index ")
    short = len(lines) < len(starts) or len(lines) > len(starts) + PROOF_HASHES_MAX
    if not gap or short or lines[0] != HEADER:
        raise ValueError("bukan berkas bukti")
    if any(not line.startswith(start) for line, start in zip(lines, starts, strict=False)):
        raise ValueError("berkas bukti tanpa isi entri atau nomornya")
    hashes = tuple(unb64(line) for line in lines[3:])
    if any(len(part) != HASH_BYTES for part in hashes):
        raise ValueError("berkas bukti rusak")
    index, entry = decimal(lines[2].removeprefix("index ")), unb64(lines[1].removeprefix("extra "))
    return Proof(index, hashes, read_note(note), entry)
