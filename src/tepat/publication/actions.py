"""The only writers of the log: numbering, signing, taking in witnesses, saying which files belong to it.

Order of what is written, so that a stop between any two steps is harmless: numbers (one transaction a round),
the memory outside the database, the row of the checkpoint, the published folder with its checkpoint last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.text import slugify

from tepat.common import ledger
from tepat.common.acting import Actor, action
from tepat.common.actions import PERSON_ERASED, erase_person
from tepat.common.errors import Refused
from tepat.common.models import Event, Office, VaultEntry
from tepat.common.permissions import Permission
from tepat.publication import keeping
from tepat.publication.entries import Place, canonical, entry_bytes, moved, objects_of
from tepat.publication.guarding import Known, edge_at, require_extended, require_whole, tree_at
from tepat.publication.models import Checkpoint, LogEntry, LogState, LogTile, ObjectCount, Witness, Witnessed
from tepat.publication.notes import Checkpoint as Signed
from tepat.publication.notes import (
    Note,
    Verifier,
    cosigned_at_s,
    read_checkpoint,
    read_note,
    read_verifier,
    sign_checkpoint,
    signed_by,
)
from tepat.publication.tlog import Head, Tile, leaf_hash

MANIFEST_NAMED = ledger.kind("publication.manifest-named")
WITNESS_ADDED = ledger.kind("publication.witness-added")
STARTED_OVER = ledger.kind("publication.started-over")
EVENTS_A_ROUND_MAX = 500
OBJECTS_A_QUERY = 500
REASON_LENGTH_MAX = 300
PERSON_PREFIX = "orang:"


def _locked() -> LogState:
    """Return the sequencer's place, held until the transaction ends."""
    LogState.objects.get_or_create(id=1)
    return LogState.objects.select_for_update().get(id=1)


@action(Permission.COPIES_RUN, silent=True)
def number_events(*, by: Actor, at: datetime, most: int = EVENTS_A_ROUND_MAX) -> int:
    """Give committed events that have no number yet the next ones.

    What commits late gets a later number; nothing waits for it.

    Args:
        by: The installation itself, or who publishes.
        at: When.
        most: Events at most.

    Returns:
        How many got a number; 0 when none was waiting.

    Raises:
        Refused: LOG-SHRUNK, LOG-FORKED, LOG-MEMORY-LOST, LOG-MEMORY-DAMAGED, LOG-EVENT-CHANGED,
            LOG-ENTRY-TOO-LARGE.
    """
    del by, at
    assert 1 <= most <= EVENTS_A_ROUND_MAX, most
    state = _locked()
    rest = Event.objects.filter(log_entry__isnull=True).defer("payload")
    waiting = list(rest.order_by("recorded_at", "id")[:most])
    if not waiting:
        return 0
    require_whole(state)
    places = _places(waiting)
    edge, rows, full = edge_at(state), [], []
    for event in waiting:
        commitment = ledger.commitment(event)
        if leaf_hash(canonical(commitment)).hex() != event.leaf_hash:
            raise Refused("LOG-EVENT-CHANGED", event=str(event.pk))
        try:
            raw = entry_bytes(commitment, places)
        except ValueError as large:
            raise Refused("LOG-ENTRY-TOO-LARGE", event=str(event.pk), reason=str(large)) from large
        number, leaf = edge.size, leaf_hash(raw)
        rows.append(LogEntry(number=number, event=event, entry=raw.decode(), leaf_hash=leaf.hex()))
        full += edge.append(leaf)
        places |= moved(places, objects_of(commitment), number)
    LogEntry.objects.bulk_create(rows)
    LogTile.objects.bulk_create(_tile_row(tile, hashes) for tile, hashes in full)
    ObjectCount.objects.bulk_create(
        (ObjectCount(object=name, count=place.count, last=place.last) for name, place in places.items()),
        update_conflicts=True,
        unique_fields=["object"],
        update_fields=["count", "last"],
        batch_size=OBJECTS_A_QUERY,
    )
    state.size, state.edge = edge.size, edge.to_bytes()
    state.save()
    return len(rows)


def _tile_row(tile: Tile, hashes: Sequence[bytes]) -> LogTile:
    return LogTile(level=tile.level, index=tile.index, hashes=b"".join(hashes))


def _places(events: Sequence[Event]) -> dict[str, Place]:
    """Return where the objects that some events name stand."""
    names = sorted({name for event in events for name in event.objects_named})
    found: dict[str, Place] = {}
    for start in range(0, len(names), OBJECTS_A_QUERY):
        part = names[start : start + OBJECTS_A_QUERY]
        for row in ObjectCount.objects.filter(object__in=part):
            found[row.object] = Place(row.count, row.last)
    return found


def number_all(*, by: Actor, at: datetime) -> int:
    """Number everything that is committed; return how many that were.

    Raises:
        Refused: As `number_events`.
    """
    total = 0
    while done := number_events(by=by, at=at):
        total += done
    return total


@action(Permission.COPIES_RUN, silent=True)
def sign_head(*, by: Actor, at: datetime) -> Checkpoint:
    """Sign the log as it stands, once for each size.

    The memory outside the database is written inside this short transaction, under the sequencer's lock: two
    that sign at once would otherwise leave the smaller state there.

    Raises:
        Refused: LOG-EMPTY, LOG-SHRUNK, LOG-FORKED, LOG-MEMORY-LOST, LOG-MEMORY-DAMAGED, OFFICE-NONE.
    """
    del by
    state = _locked()
    if not state.size:
        raise Refused("LOG-EMPTY")
    tree = require_whole(state)
    origin = log_name()
    last = Checkpoint.objects.filter(origin=origin, size=state.size).first()
    if last:
        return last
    root = tree.root()
    note = sign_checkpoint(Signed(origin, Head(state.size, root)), keeping.signer())
    keeping.remember(keeping.SIGNED, note)
    return Checkpoint.objects.create(origin=origin, size=state.size, root=root.hex(), note=str(note), at=at)


def log_name() -> str:
    """Return the log's name; the first time it is taken from the office's.

    Raises:
        Refused: OFFICE-NONE, LOG-MEMORY-LOST.
    """
    if not keeping.origin() and Checkpoint.objects.exists():
        raise Refused("LOG-MEMORY-LOST", folder=str(keeping.folder()))
    return keeping.origin() or keeping.name_origin(default_origin())


def default_origin() -> str:
    """Return the log's name from the office's; it claims no internet domain.

    Raises:
        Refused: OFFICE-NONE.
    """
    office = Office.objects.first()
    if office is None:
        raise Refused("OFFICE-NONE")
    return f"{slugify(office.name) or office.code}/tepat/{ledger.mode()}"


@action(Permission.COPIES_RUN)
def name_manifest(*, by: Actor, at: datetime, sha256: str, files: int) -> str:
    """Write into the ledger, and so into the log, which list of the portal's files holds from now on."""
    ledger.record(MANIFEST_NAMED, {"files": files}, by=by, at=at, about=ledger.About(evidence=(sha256,)))
    return sha256


def named_manifest() -> str:
    """Return the SHA-256 of the list that holds now, or nothing."""
    last = Event.objects.filter(kind=MANIFEST_NAMED).order_by("-recorded_at", "-id").first()
    return str(last.evidence[0]) if last else ""


@action(Permission.COPIES_RUN)
def trust_witness(*, by: Actor, at: datetime, vkey: str) -> Witness:
    """Let a witness's cosignatures count from now on.

    Raises:
        Refused: LOG-KEY-UNREADABLE, WITNESS-OTHER-KEY.
    """
    key = _verifier(vkey)
    there = Witness.objects.filter(name=key.name).first()
    if there and there.vkey != key.vkey:
        raise Refused("WITNESS-OTHER-KEY", name=key.name)
    if there:
        raise Refused("WITNESS-THERE", name=key.name)
    ledger.record(
        WITNESS_ADDED,
        {"vkey": key.vkey},
        by=by,
        at=at,
        about=ledger.About(objects=(f"saksi:{key.name}",)),
    )
    return Witness.objects.create(name=key.name, vkey=key.vkey, added_at=at)


def _verifier(vkey: str) -> Verifier:
    try:
        return read_verifier(vkey)
    except ValueError as broken:
        raise Refused("LOG-KEY-UNREADABLE", reason=str(broken)) from broken


@dataclass(frozen=True)
class TakenIn:
    """What a cosigned checkpoint brought.

    Args:
        size: The entries of the checkpoint.
        witnesses: Names of the witnesses whose lines are new.
    """

    size: int
    witnesses: list[str]


@action(Permission.COPIES_RUN, silent=True)
def take_cosignatures(*, by: Actor, at: datetime, note: Note) -> TakenIn:
    """Keep the cosignatures of known witnesses on one of our checkpoints.

    Not an event: each would make the log longer than what was just witnessed.

    Args:
        by: Who brings it.
        at: When.
        note: The cosigned checkpoint as it came back.

    Raises:
        Refused: LOG-SHRUNK or LOG-FORKED where we signed a state that this ledger no longer extends;
            WITNESS-CHECKPOINT where it is not one of ours.
    """
    del by, at
    state = _locked()
    head = _own_head(note)
    try:
        require_extended(state, tree_at(state), Known(head, "checkpoint dari saksi"))
    except Refused:
        # We signed this once: from now on nothing else is signed here until somebody has looked into it.
        keeping.remember(keeping.WITNESSED, note)
        raise
    row = Checkpoint.objects.filter(origin=keeping.origin(), size=head.size).first()
    if row is None:
        raise Refused("WITNESS-CHECKPOINT", reason=f"tidak ada checkpoint kita berisi {head.size} entri")
    added = []
    for witness in Witness.objects.exclude(witnessed__checkpoint=row):
        key = read_verifier(witness.vkey)
        for line in note.signatures:
            at_s = cosigned_at_s(note.text, line, key)
            if at_s is not None:
                moment = datetime.fromtimestamp(at_s, UTC)
                Witnessed.objects.create(checkpoint=row, witness=witness, line=line.line, cosigned_at=moment)
                added.append(witness.name)
                break
    if added:
        _remember_witnessed(head, note)
    return TakenIn(head.size, added)


def _own_head(note: Note) -> Head:
    try:
        found = read_checkpoint(note.text)
    except ValueError as broken:
        raise Refused("WITNESS-CHECKPOINT", reason=str(broken)) from broken
    if found.origin != keeping.origin() or not signed_by(note, keeping.signer().verifier):
        raise Refused("WITNESS-CHECKPOINT", reason="tanda tangan kantor ini tidak ada di dalamnya")
    return found.head


def _remember_witnessed(head: Head, note: Note) -> None:
    before = keeping.remembered(keeping.WITNESSED)
    if before is None or read_checkpoint(before.text).head.size <= head.size:
        keeping.remember(keeping.WITNESSED, note)


@action(Permission.COPIES_RUN)
def start_over(*, by: Actor, at: datetime, reason: str) -> str:
    """Begin a new log where the old one can no longer be continued; said aloud, in the new log itself.

    The old published folder stays as it is. What both have in common keeps its numbers.

    Args:
        by: Who decides.
        at: When.
        reason: In a sentence; it is published.

    Returns:
        The name of the new log.

    Raises:
        Refused: LOG-REASON.
    """
    words = reason.strip()
    if not words or len(words) > REASON_LENGTH_MAX:
        raise Refused("LOG-REASON", limit=REASON_LENGTH_MAX)
    last_row = Checkpoint.objects.order_by("-id").first()
    before = keeping.origin() or (last_row.origin if last_row else default_origin())
    stem, _, last = before.rpartition("/")
    again = Event.objects.filter(kind=STARTED_OVER).count() + 2
    name = f"{stem if last.isdecimal() else before}/{again}"
    while Checkpoint.objects.filter(origin=name).exists() or name == before:
        again += 1
        name = f"{name.rpartition('/')[0]}/{again}"
    note = keeping.remembered(keeping.SIGNED)
    text = note.text if note else read_note(last_row.note.encode()).text if last_row else ""
    payload = {"before": before, "after": name, "reason": words, "last": text}
    ledger.record(STARTED_OVER, payload, by=by, at=at)
    return keeping.name_origin(name)


def note_erasures() -> int:
    """Keep outside the database who was erased; return how many are known there."""
    found = Event.objects.filter(kind=PERSON_ERASED).values_list("objects_named", flat=True)
    people = {
        name.removeprefix(PERSON_PREFIX)
        for names in found
        for name in names
        if name.startswith(PERSON_PREFIX)
    }
    keeping.remember_erased(people)
    return len(keeping.erased())


def erase_again(*, by: Actor, at: datetime) -> int:
    """Erase what a restored copy brought back; return how many names went.

    Args:
        by: The installation itself.
        at: When; each is an event of its own.
    """
    back = VaultEntry.objects.filter(person_id__in=keeping.erased(), erased_at__isnull=True)
    people = list(back.values_list("person_id", flat=True))
    for person in people:
        erase_person(by=by, at=at, person=person)
    return len(people)
