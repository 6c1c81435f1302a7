"""A published folder on disk: which of its files are the log's own, and how they are read. No Django."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tepat.publication.entries import canonical
from tepat.publication.tlog import ENTRY_BYTES_MAX, TILE_WIDTH, Tile

CHECKPOINT = "checkpoint"
WITNESSED = "checkpoint-disaksikan"
RETURNED = "checkpoint.saksi-"
MANIFEST = "daftar-berkas.json"
KEY = "kunci-log.vkey"
WITNESS_KEYS = "kunci-saksi.vkey"
PROOFS = "bukti"
TILES = "tile"
PORTAL_FILES_MAX = 100_000
BUNDLE_BYTES_MAX = TILE_WIDTH * (2 + ENTRY_BYTES_MAX)
LAYOUT = 1


def is_portal_file(path: str) -> bool:
    """Return whether a file is held by the list of files: all but the log's own, whose hashes hold them."""
    top = path.split("/", 1)[0]
    if top in {TILES, PROOFS, MANIFEST} or top.startswith(CHECKPOINT):
        return False
    return not any(part.startswith(".") for part in path.split("/"))


def portal_files(folder: Path) -> Iterator[str]:
    """Yield the files that the list must hold, by their path in the folder."""
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if file.is_file() and is_portal_file(path):
            yield path


def sha256_of(file: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def manifest_of(folder: Path, origin: str) -> tuple[bytes, int]:
    """Return the list of a folder's files as bytes, the same for the same files, and how many they are.

    Raises:
        ValueError: There are more than `PORTAL_FILES_MAX`.
    """
    files: dict[str, str] = {}
    for path in portal_files(folder):
        if len(files) >= PORTAL_FILES_MAX:
            raise ValueError(f"lebih dari {PORTAL_FILES_MAX} berkas")
        files[path] = sha256_of(folder / path)
    return canonical({"files": files, "layout": LAYOUT, "origin": origin}) + b"\n", len(files)


def read_manifest(raw: bytes) -> dict[str, str]:
    """Return the SHA-256 of each file that a list holds.

    Raises:
        ValueError: It is no such list.
    """
    try:
        whole: Any = json.loads(raw)
    except RecursionError as deep:
        raise ValueError(f"{MANIFEST} rusak") from deep
    files = whole.get("files") if isinstance(whole, dict) else None
    if not isinstance(files, dict) or not all(isinstance(value, str) for value in files.values()):
        raise ValueError(f"{MANIFEST} rusak")
    return files


def read_tile(folder: Path, tile: Tile) -> bytes:
    """Return the bytes of a tile's file.

    Raises:
        OSError: It is not there, or cannot be read.
    """
    return (folder / tile.path).read_bytes()


def read_bundle(folder: Path, tile: Tile) -> bytes:
    """Return the bytes of the bundle of entries below a tile.

    Raises:
        OSError: It is not there, or cannot be read.
        ValueError: It is larger than a bundle can be.
    """
    file = folder / tile.entries_path
    if file.stat().st_size > BUNDLE_BYTES_MAX:
        raise ValueError(f"{tile.entries_path} terlalu besar")
    return file.read_bytes()
