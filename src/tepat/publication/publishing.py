"""Writing the public folder: all that a checkpoint promises is on the disk before the checkpoint is."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tepat.common.acting import Actor
from tepat.common.errors import Refused
from tepat.common.models import Event, Office
from tepat.common.whole_files import write_whole
from tepat.publication import folders, keeping
from tepat.publication.actions import (
    STARTED_OVER,
    TakenIn,
    erase_again,
    log_name,
    name_manifest,
    named_manifest,
    note_erasures,
    number_all,
    sign_head,
    take_cosignatures,
)
from tepat.publication.entries import read_entry
from tepat.publication.guarding import Known, current_state, require_extended, tree_at
from tepat.publication.models import Checkpoint, LogEntry, Witness
from tepat.publication.notes import Note, read_checkpoint, read_note, signed_by
from tepat.publication.page import verify_page
from tepat.publication.standing import cosigned, proofs_of
from tepat.publication.tlog import TILE_WIDTH, Tile, Tree, bundle, tiles_of

type Progress = Callable[[str, int, int], None]

README = "BACA-SAYA.txt"
HISTORY = "riwayat-catatan.json"
PAGE = "verify.html"
RETURNED_FILES_MAX = 100


@dataclass(frozen=True)
class Published:
    """What a publication put in place.

    Args:
        folder: Where.
        origin: The log's name.
        vkey: The key to hand out: on paper, to the witnesses, never by the folder alone.
        size: Entries.
        root: Their root, in hexadecimal.
        files: Files that are new.
        portal: Files that the list holds.
        witnesses: Cosignatures on this very checkpoint.
        witnessed: Up to how many entries a witness has signed.
        taken_in: Names of witnesses whose signatures were found in the folder and are new.
    """

    folder: Path
    origin: str
    vkey: str
    size: int
    root: str
    files: int
    portal: int
    witnesses: int
    witnessed: int
    taken_in: list[str]


def _silent(_what: str, _done: int, _total: int) -> None:
    """Show no progress."""


def publish(
    folder: Path,
    *,
    by: Actor,
    at: datetime,
    proofs: Sequence[str] = (),
    progress: Progress = _silent,
) -> Published:
    """Write the log and its page into a folder, or bring a folder that is there up to date.

    Args:
        folder: The folder; what lies in it besides the log is listed and held by the log.
        by: The installation itself.
        at: This moment.
        proofs: Objects whose proofs are wanted as files.
        progress: Told what is done, how much, of how much.

    Raises:
        Refused: LOG-SHRUNK, LOG-FORKED, LOG-MEMORY-LOST, LOG-MEMORY-DAMAGED, LOG-EVENT-CHANGED,
            LOG-ENTRY-TOO-LARGE, LOG-EMPTY, LOG-FOLDER-OTHER, LOG-FILE-OTHER, LOG-FILES-MANY,
            LOG-OBJECT-UNKNOWN, OFFICE-NONE.
        OSError: The folder cannot be written.
    """
    note_erasures()
    erase_again(by=by, at=at)
    folder.mkdir(parents=True, exist_ok=True)
    log_name()
    number_all(by=by, at=at)
    _require_ours(folder)
    taken = [taken for file in _returned(folder) if (taken := _take(file, by, at))]
    _write_own_files(folder)
    portal = _list_files(folder, by, at)
    number_all(by=by, at=at)
    signed = sign_head(by=by, at=at)
    tree = tree_at(current_state())
    files = _write_tree(folder, tree, signed.size, progress)
    for name in proofs:
        _write_proof(folder, name)
    witnessed = _write_checkpoints(folder, signed)
    _drop_partials(folder, signed.size)
    return Published(
        folder=folder,
        origin=signed.origin,
        vkey=keeping.signer().verifier.vkey,
        size=signed.size,
        root=signed.root,
        files=files,
        portal=portal,
        witnesses=signed.witnessed.count(),
        witnessed=witnessed,
        taken_in=sorted({name for each in taken for name in each.witnesses}),
    )


def _require_ours(folder: Path) -> None:
    """Refuse a folder of another log, or one that holds more or other than this ledger."""
    file = folder / folders.CHECKPOINT
    if not file.exists():
        return
    here = keeping.origin()
    try:
        note = read_note(file.read_bytes())
        found = read_checkpoint(note.text)
    except ValueError as broken:
        raise Refused("LOG-FOLDER-OTHER", folder=str(folder), there=str(broken), here=here) from broken
    if found.origin != here or not signed_by(note, keeping.signer().verifier):
        raise Refused("LOG-FOLDER-OTHER", folder=str(folder), there=found.origin, here=here)
    state = current_state()
    require_extended(state, tree_at(state), Known(found.head, f"folder {folder.name}"))


def _returned(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{folders.RETURNED}*"))[:RETURNED_FILES_MAX]


def _take(file: Path, by: Actor, at: datetime) -> TakenIn | None:
    """Take in a witness's file; one that is not for this log is left where it lies."""
    try:
        note = read_note(file.read_bytes())
    except ValueError:
        return None
    try:
        return take_cosignatures(by=by, at=at, note=note)
    except Refused as refused:
        if refused.code == "WITNESS-CHECKPOINT":
            return None
        raise


def _write_own_files(folder: Path) -> None:
    office = Office.objects.first()
    if office is None:
        raise Refused("OFFICE-NONE")
    log = keeping.signer().verifier
    witnesses = list(Witness.objects.values_list("vkey", flat=True))
    own = {
        README: _readme(office.name, log.vkey),
        folders.KEY: f"{log.vkey}\n",
        folders.WITNESS_KEYS: "".join(f"{vkey}\n" for vkey in witnesses),
        HISTORY: _history(),
        PAGE: verify_page(),
    }
    for name, text in own.items():
        _put(folder / name, text.encode())


def _history() -> str:
    """Return which logs of this office came before, why each ended, and its last checkpoint."""
    rows = Event.objects.filter(kind=STARTED_OVER).order_by("recorded_at", "id")
    told = [{"pada": row.recorded_at.isoformat(), **row.payload} for row in rows]
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _readme(office: str, vkey: str) -> str:
    return f"""CATATAN TERBUKA {office}

Folder ini memuat sidik setiap peristiwa logistik pemilihan kantor ini, tanpa nama orang.
Siapa pun dapat memeriksanya tanpa internet:

1. Buka {PAGE} di peramban, lalu pilih folder ini. Atau jalankan: tepat verify FOLDER --kunci KUNCI
2. KUNCI kantor ini:
   {vkey}
   Cocokkan dengan yang tercetak di kantor atau yang disimpan saksi. Kunci dari folder ini saja hanya
   membuktikan bahwa folder ini utuh, bukan bahwa folder ini milik kantor.
3. Pernah menyimpan berkas {folders.CHECKPOINT}? Catatan hari ini harus memuatnya dari awal:
   tepat verify FOLDER --kunci KUNCI --lama BERKAS-YANG-DISIMPAN
"""


def _list_files(folder: Path, by: Actor, at: datetime) -> int:
    try:
        raw, files = folders.manifest_of(folder, keeping.origin())
    except ValueError:
        raise Refused("LOG-FILES-MANY", folder=str(folder), limit=folders.PORTAL_FILES_MAX) from None
    _put(folder / folders.MANIFEST, raw)
    sha256 = hashlib.sha256(raw).hexdigest()
    if named_manifest() != sha256:
        name_manifest(by=by, at=at, sha256=sha256, files=files)
    return files


def _put(file: Path, raw: bytes) -> bool:
    """Write a file that may change; return whether it did."""
    if file.is_file() and file.read_bytes() == raw:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, raw)
    return True


def _put_once(file: Path, raw: bytes) -> bool:
    """Write a file that never changes; return whether it is new.

    Raises:
        Refused: LOG-FILE-OTHER where something else stands under its name.
    """
    if file.is_file():
        if file.read_bytes() != raw:
            raise Refused("LOG-FILE-OTHER", file=str(file))
        return False
    return _put(file, raw)


def _write_tree(folder: Path, tree: Tree, size: int, progress: Progress) -> int:
    tiles = list(tiles_of(size))
    written = 0
    for done, tile in enumerate(tiles, 1):
        written += _put_once(folder / tile.path, b"".join(tree.tile(tile)))
        if tile.level == 0 and not (folder / tile.entries_path).is_file():
            written += _put_once(folder / tile.entries_path, bundle(_entries(tile)))
        progress("catatan", done, len(tiles))
    return written


def _entries(tile: Tile) -> Iterable[bytes]:
    first = tile.index * TILE_WIDTH
    rows = LogEntry.objects.filter(number__gte=first, number__lt=first + tile.width).order_by("number")
    found = [text.encode() for text in rows.values_list("entry", flat=True)]
    assert len(found) == tile.width, (tile, len(found))
    return found


def _write_proof(folder: Path, name: str) -> None:
    """Write the proofs of one object: a file for each entry, numbered as the object counts them."""
    safe = "".join(letter if letter.isalnum() or letter in ".-_" else "_" for letter in name).lstrip(".")
    target = folder / folders.PROOFS / safe
    for proof in proofs_of(name):
        number = read_entry(proof.entry).numbers[name][0]
        _put(target / f"{number}.tlog-proof", str(proof).encode())


def _write_checkpoints(folder: Path, signed: Checkpoint) -> int:
    """Write the last witnessed state, and last of all the checkpoint; return how far the witnesses signed."""
    rows = Checkpoint.objects.filter(origin=signed.origin, witnessed__isnull=False)
    last = rows.order_by("-size").first()
    if last:
        _put(folder / folders.WITNESSED, str(cosigned(last)).encode())
    note: Note = cosigned(signed)
    _put(folder / folders.CHECKPOINT, str(note).encode())
    return last.size if last else 0


def _drop_partials(folder: Path, size: int) -> None:
    """Remove partial tiles of which the full one is there, as the specification allows."""
    for tile in tiles_of(size):
        if tile.full:
            shutil.rmtree(folder / f"{tile.path}.p", ignore_errors=True)
            if tile.level == 0:
                shutil.rmtree(folder / f"{tile.entries_path}.p", ignore_errors=True)
