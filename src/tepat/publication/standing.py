"""How the log stands: its size, what is signed and witnessed, what is wrong; and one object's entries."""

from collections.abc import Iterator
from dataclasses import dataclass

from tepat.common.copies import AMAN, GAWAT, PERHATIKAN
from tepat.common.errors import Refused
from tepat.common.messages import Message, say
from tepat.common.models import Event
from tepat.publication import keeping
from tepat.publication.entries import canonical, read_entry
from tepat.publication.guarding import current_state, require_whole, tree_at
from tepat.publication.models import Checkpoint, LogEntry, LogState, LogTile, ObjectCount
from tepat.publication.notes import Note, Signature, b64, read_note
from tepat.publication.proofs import Proof
from tepat.publication.tlog import Edge, leaf_hash

NAME = "Catatan terbuka"
ENTRIES_A_ROUND = 2000
FAULTS_MAX = 20
OBJECT_ENTRIES_MAX = 5000


@dataclass(frozen=True)
class Standing:
    """How the log stands now.

    Args:
        origin: Its name, or nothing before it first signs.
        size: Entries.
        waiting: Committed events without a number.
        root: The root over all entries, in base 64.
        checkpoint: The newest signed state.
        witnessed: The newest state that a witness cosigned.
        alarm: Why nothing is signed, or None.
    """

    origin: str
    size: int
    waiting: int
    root: str
    checkpoint: Checkpoint | None
    witnessed: Checkpoint | None
    alarm: Message | None

    @property
    def signed_size(self) -> int | None:
        """Entries up to which it is signed; None before the first time."""
        return self.checkpoint.size if self.checkpoint else None

    @property
    def witnessed_size(self) -> int | None:
        """Entries up to which somebody else has signed; None before the first time."""
        return self.witnessed.size if self.witnessed else None


def standing() -> Standing:
    """Return how the log stands."""
    state, alarm, origin = current_state(), None, ""
    try:
        origin = keeping.origin()
        require_whole(state)
    except Refused as refused:
        alarm = say(refused.code, refused.facts)
    rows = Checkpoint.objects.filter(origin=origin).order_by("-size")
    return Standing(
        origin=origin,
        size=state.size,
        waiting=waiting(),
        root=b64(tree_at(state).root()),
        checkpoint=rows.first(),
        witnessed=rows.filter(witnessed__isnull=False).first(),
        alarm=alarm,
    )


def waiting() -> int:
    """Return how many committed events have no number yet."""
    return Event.objects.filter(log_entry__isnull=True).count()


def cosigned(row: Checkpoint) -> Note:
    """Return a checkpoint with the signatures of its witnesses."""
    note = read_note(row.note.encode())
    lines = (read_note(f"-\n\n{each.line}\n".encode()).signatures[0] for each in row.witnessed.order_by("id"))
    more: tuple[Signature, ...] = tuple(lines)
    return note.with_signatures(more)


def entries_of(name: str) -> list[LogEntry]:
    """Return an object's entries, the first one first.

    Args:
        name: The object's id.

    Raises:
        Refused: LOG-OBJECT-UNKNOWN.
    """
    place = ObjectCount.objects.filter(object=name).first()
    if place is None:
        raise Refused("LOG-OBJECT-UNKNOWN", object=name)
    found: list[LogEntry] = []
    number = place.last
    while number >= 0 and len(found) < OBJECT_ENTRIES_MAX:
        row = LogEntry.objects.get(number=number)
        found.append(row)
        number = read_entry(row.entry.encode()).numbers[name][1]
    return found[::-1]


def proof_of(row: LogEntry, checkpoint: Checkpoint) -> Proof:
    """Return the proof that an entry stands in the log, up to a signed state that holds it."""
    tree = tree_at(current_state())
    hashes = tuple(tree.inclusion(row.number, checkpoint.size))
    return Proof(row.number, hashes, cosigned(checkpoint), row.entry.encode())


def proofs_of(name: str) -> list[Proof]:
    """Return the proofs of all entries of an object that the newest signed state holds.

    Raises:
        Refused: LOG-OBJECT-UNKNOWN, LOG-UNSIGNED.
    """
    row = Checkpoint.objects.filter(origin=keeping.origin()).order_by("-size").first()
    held = [entry for entry in entries_of(name) if row and entry.number < row.size]
    if row is None or not held:
        raise Refused("LOG-UNSIGNED", object=name)
    return [proof_of(entry, row) for entry in held]


def faults() -> Iterator[str]:
    """Recompute the whole log from the events; yield what no longer fits, at most `FAULTS_MAX` lines."""
    state, edge, found = current_state(), Edge(), 0
    rows = LogEntry.objects.select_related("event").defer("event__payload").order_by("number")
    for row in rows.iterator(chunk_size=ENTRIES_A_ROUND):
        fault = _fault_of(row, edge.size)
        for tile, hashes in edge.append(leaf_hash(row.entry.encode())):
            kept = LogTile.objects.filter(level=tile.level, index=tile.index).first()
            if kept is None or bytes(kept.hashes) != b"".join(hashes):
                fault = fault or f"petak {tile.level}/{tile.index} berbeda"
        if fault:
            yield fault
            found += 1
        if found >= FAULTS_MAX:
            return
    if not _same_edge(edge, state):
        yield f"tempat berhenti berbeda: {edge.size} entri, tercatat {state.size}"


def _fault_of(row: LogEntry, number: int) -> str:
    from tepat.common import ledger

    raw = row.entry.encode()
    if row.number != number:
        return f"entri {number} hilang"
    if leaf_hash(raw).hex() != row.leaf_hash:
        return f"entri {number} berubah"
    if canonical(read_entry(raw).commitment) != canonical(ledger.commitment(row.event)):
        return f"entri {number} tidak cocok dengan peristiwanya"
    return ""


def _same_edge(edge: Edge, state: LogState) -> bool:
    return (edge.size, edge.to_bytes()) == (state.size, bytes(state.edge))


@dataclass(frozen=True)
class LogCheck:
    """One answer for the doctor: its state, what was found, what to do."""

    name: str
    state: str
    text: str
    todo: str = ""


def checks() -> Iterator[LogCheck]:
    """Yield what the doctor asks of the log: whether it may still be signed."""
    found = standing()
    if found.alarm:
        yield LogCheck(NAME, GAWAT, f"{found.alarm.happened} [{found.alarm.code}]", found.alarm.todo)
    elif found.checkpoint is None:
        text = f"{found.size} entri, belum ditandatangani"
        yield LogCheck(NAME, PERHATIKAN, text, "Jalankan `tepat pekerja` atau `tepat publish FOLDER`.")
    else:
        text = f"{found.size} entri, ditandatangani sampai {found.checkpoint.size}, {found.waiting} menunggu"
        yield LogCheck(NAME, AMAN, text)
