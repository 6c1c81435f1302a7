"""A witness outside the office: a key of its own, the last state it saw, and a signature on what extends it.

Works on a folder from a USB stick; needs no database and no network. What it saw is on the disk before its
signature leaves its hands, so that it can never sign two histories.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tepat.common.errors import Refused
from tepat.common.home import make_private, sync_folder
from tepat.common.whole_files import reason_of, write_whole
from tepat.publication import folders
from tepat.publication.notes import (
    COSIGNATURE,
    Checkpoint,
    Note,
    Signer,
    Verifier,
    check_name,
    cosign,
    new_signer,
    read_checkpoint,
    read_note,
    read_signer,
    read_verifier,
    signed_by,
)
from tepat.publication.tlog import EMPTY_ROOT, Head, Tree, consistent

KEY, SEEN = "kunci-saksi", "yang-terakhir-dilihat.json"


@dataclass(frozen=True)
class Cosigned:
    """What a witness signed.

    Args:
        file: Where the cosigned checkpoint lies; the office takes it in.
        origin: The log.
        size: Entries.
        before: Entries at the witness's last visit; 0 the first time.
        name: The witness.
    """

    file: Path
    origin: str
    size: int
    before: int
    name: str


def make_witness(home: Path, name: str) -> Verifier:
    """Make a witness's key.

    Raises:
        Refused: WITNESS-THERE-ALREADY, LOG-NAME.
    """
    try:
        key = new_signer(check_name(name), COSIGNATURE)
    except ValueError as bad:
        raise Refused("LOG-NAME", name=name, reason=str(bad)) from bad
    file = make_private(home) / KEY
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as there:
        raise Refused("WITNESS-THERE-ALREADY", folder=str(home)) from there
    with os.fdopen(descriptor, "w") as stream:
        stream.write(key.text + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    sync_folder(home)
    return key.verifier


def witness_key(home: Path) -> Signer:
    """Return the witness's key.

    Raises:
        Refused: WITNESS-NONE, LOG-MEMORY-DAMAGED.
    """
    file = home / KEY
    try:
        return read_signer(file.read_text(encoding="utf-8"))
    except OSError as missing:
        raise Refused("WITNESS-NONE", folder=str(home)) from missing
    except ValueError as broken:
        raise Refused("LOG-MEMORY-DAMAGED", file=str(file), reason=str(broken)) from broken


def cosign_folder(home: Path, place: Path, *, log_vkey: str, at_s: int, out: Path | None = None) -> Cosigned:
    """Check that a folder's log extends what this witness saw, and sign its checkpoint.

    Args:
        home: The witness's own folder.
        place: The published folder, or the checkpoint in it.
        log_vkey: The log's key; needed the first time, remembered afterwards.
        at_s: This moment, in seconds since 1970.
        out: Where the cosigned checkpoint goes; beside the checkpoint if not given.

    Raises:
        Refused: WITNESS-NONE, WITNESS-KEY-NEEDED, WITNESS-KEY-OTHER, WITNESS-SHRUNK, WITNESS-FORKED,
            WITNESS-CHECKPOINT, LOG-KEY-UNREADABLE, LOG-MEMORY-DAMAGED.
    """
    key = witness_key(home)
    folder, file = (place, place / folders.CHECKPOINT) if place.is_dir() else (place.parent, place)
    note, checkpoint = _read(file)
    seen = _seen(home)
    log = _log_key(seen, checkpoint.origin, log_vkey)
    if not signed_by(note, log):
        raise Refused("WITNESS-CHECKPOINT", reason="tanda tangan kantor tidak sah")
    before = _head_seen(seen, checkpoint.origin)
    _require_extension(folder, before, checkpoint)
    seen[checkpoint.origin] = {
        "vkey": log.vkey,
        "size": checkpoint.head.size,
        "root": checkpoint.head.root.hex(),
    }
    write_whole(home / SEEN, json.dumps(seen, indent=1, sort_keys=True).encode())
    sync_folder(home)
    target = out or file.with_name(f"{folders.RETURNED}{key.name.replace('/', '_')}")
    signed = note.with_signatures((cosign(note.text, key, at_s=at_s),))
    write_whole(target, str(signed).encode())
    return Cosigned(target, checkpoint.origin, checkpoint.head.size, before.size, key.name)


def _read(file: Path) -> tuple[Note, Checkpoint]:
    try:
        note = read_note(file.read_bytes())
        return note, read_checkpoint(note.text)
    except OSError as missing:
        raise Refused("WITNESS-CHECKPOINT", reason=f"{file}: {reason_of(missing)}") from missing
    except ValueError as broken:
        raise Refused("WITNESS-CHECKPOINT", reason=str(broken)) from broken


def _seen(home: Path) -> dict[str, Any]:
    file = home / SEEN
    if not file.exists():
        return {}
    try:
        found: Any = json.loads(file.read_bytes())
        return {
            origin: {"vkey": str(one["vkey"]), "size": int(one["size"]), "root": str(one["root"])}
            for origin, one in found.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise Refused("LOG-MEMORY-DAMAGED", file=str(file), reason="isinya rusak") from broken


def _log_key(seen: dict[str, Any], origin: str, vkey: str) -> Verifier:
    """Return the log's key: the one remembered, or the one given the first time; never another one."""
    known = str(seen[origin]["vkey"]) if origin in seen else ""
    if not known and not vkey:
        raise Refused("WITNESS-KEY-NEEDED", origin=origin)
    try:
        key = read_verifier(known or vkey)
        given = read_verifier(vkey) if vkey else key
    except ValueError as broken:
        raise Refused("LOG-KEY-UNREADABLE", reason=str(broken)) from broken
    if given != key or key.name != origin:
        raise Refused("WITNESS-KEY-OTHER", origin=origin)
    return key


def _head_seen(seen: dict[str, Any], origin: str) -> Head:
    if origin not in seen:
        return Head(0, EMPTY_ROOT)
    return Head(int(seen[origin]["size"]), bytes.fromhex(str(seen[origin]["root"])))


def _require_extension(folder: Path, before: Head, checkpoint: Checkpoint) -> None:
    """Refuse a checkpoint that does not extend what was seen."""
    new, origin = checkpoint.head, checkpoint.origin
    if new.size < before.size:
        raise Refused("WITNESS-SHRUNK", origin=origin, seen=before.size, size=new.size)
    try:
        tree = Tree(new.size, lambda tile: folders.read_tile(folder, tile))
        whole = tree.root() == new.root
        proof = tree.consistency(before.size)
    except OSError as missing:
        raise Refused("WITNESS-CHECKPOINT", reason=f"petak catatan: {reason_of(missing)}") from missing
    except ValueError as broken:
        raise Refused("WITNESS-CHECKPOINT", reason="petak catatan rusak") from broken
    if not whole or not consistent(proof, old=before, new=new):
        raise Refused("WITNESS-FORKED", origin=origin, seen=before.size, size=new.size)
