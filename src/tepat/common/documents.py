"""The documents store: files by the hash of their content, safe on disk before any row names them.

The order of `keep`: temporary file, content, fsync, rename to the hash, fsync of the folder; only then may a
row be written. A crash between any two steps leaves at most a file that nobody names, never a row without
its file.
"""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from tepat.common import ledger
from tepat.common.acting import Actor, action
from tepat.common.errors import Refused
from tepat.common.home import make_private, sync_folder
from tepat.common.models import Document
from tepat.common.permissions import Permission
from tepat.common.quantities import decimal_comma

CHUNK_BYTES = 1 << 20
DOCUMENT_BYTES_MAX = 40 * 1024 * 1024
LABEL_LENGTH_MAX = 200
STEPS = ("dibuka", "ditulis", "disinkron", "dinamai", "folder disinkron")
ADDED = ledger.kind("document.added")

# The first bytes decide, not the name; what is not here is kept and never shown in the browser.
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/vnd.ms-office"),
)
SNIFF_BYTES = 4096
UNKNOWN = "application/octet-stream"
SHOWN_INLINE = frozenset({"application/pdf", "image/png", "image/jpeg"})


@dataclass(frozen=True)
class KeptFile:
    """A file that is safe in the store and that no row names yet.

    Args:
        sha256: The hash of its content.
        size: In bytes.
        media_type: By its first bytes.
    """

    sha256: str
    size: int
    media_type: str


def path_of(sha256: str, *, folder: Path | None = None) -> Path:
    """Return where a document lies: two levels of folders by the first digits of its hash."""
    assert len(sha256) == 64, sha256
    assert all(digit in "0123456789abcdef" for digit in sha256), sha256
    return (folder or settings.DOCUMENTS_DIR) / sha256[:2] / sha256[2:4] / sha256


def media_type_of(start: bytes) -> str:
    """Return the kind of a file by its first bytes."""
    for signature, name in SIGNATURES:
        if start.startswith(signature):
            return name
    if b"\x00" in start:
        return UNKNOWN
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as broken:
        return "text/plain" if broken.start >= len(start) - 3 else UNKNOWN
    return "text/plain"


def keep(
    stream: BinaryIO,
    *,
    size_max: int = DOCUMENT_BYTES_MAX,
    step: Callable[[str], None] = lambda _: None,
) -> KeptFile:
    """Put a file into the store and return its hash; the same content twice is one file.

    Args:
        stream: The content.
        size_max: More bytes than this are refused.
        step: Called after each of `STEPS`; tests stop the process here.

    Raises:
        Refused: DOCUMENT-TOO-LARGE, DOCUMENT-EMPTY.
    """
    root = make_private(settings.DOCUMENTS_DIR)
    draft = make_private(root / "masuk") / secrets.token_hex(16)
    try:
        with draft.open("xb") as out:
            draft.chmod(0o600)
            step("dibuka")
            kept = _copy(stream, out, size_max)
            step("ditulis")
            out.flush()
            os.fsync(out.fileno())
            step("disinkron")
        final = path_of(kept.sha256)
        for folder in (final.parent.parent, final.parent):
            make_private(folder)
        if not final.exists():
            draft.rename(final)
        step("dinamai")
        for folder in (final.parent, final.parent.parent, root):
            sync_folder(folder)
        step("folder disinkron")
    finally:
        draft.unlink(missing_ok=True)
    return kept


def _copy(stream: BinaryIO, out: BinaryIO, size_max: int) -> KeptFile:
    digest, size, start = hashlib.sha256(), 0, b""
    while chunk := stream.read(CHUNK_BYTES):
        size += len(chunk)
        if size > size_max:
            raise Refused("DOCUMENT-TOO-LARGE", limit=f"{decimal_comma(size_max / 2**20, 1)} MB")
        start = start or chunk[:SNIFF_BYTES]
        digest.update(chunk)
        out.write(chunk)
    if not size:
        raise Refused("DOCUMENT-EMPTY")
    return KeptFile(digest.hexdigest(), size, media_type_of(start))


@action(Permission.DOCUMENTS_ADD, area="area_code")
def add_document(*, by: Actor, at: datetime, file: KeptFile, label: str, area_code: str) -> Document:
    """Name a kept file in the database; a file that is already named keeps its first row.

    Args:
        by: Who adds it.
        at: When.
        file: What `keep` returned.
        label: What people see; no names of voters.
        area_code: The area whose people may read it.

    Returns:
        The document's row.
    """
    assert path_of(file.sha256).stat().st_size == file.size, file
    document, new = Document.objects.get_or_create(
        sha256=file.sha256,
        defaults={
            "size": file.size,
            "media_type": file.media_type,
            "label": label[:LABEL_LENGTH_MAX],
            "area_code": area_code,
            "added_at": at,
            "added_by": by.person,
        },
    )
    ledger.record(
        ADDED,
        {"sha256": file.sha256, "size": file.size, "media_type": file.media_type, "new": new},
        by=by,
        at=at,
        about=ledger.About(objects=(f"dokumen:{file.sha256}",), place=area_code, evidence=(file.sha256,)),
    )
    return document


def open_document(document: Document) -> BinaryIO:
    """Open a stored document for reading."""
    return path_of(document.sha256).open("rb")


def hash_of(file: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def damaged(folder: Path, wanted: Iterator[tuple[str, int]]) -> list[str]:
    """Return which wanted documents (hash, size) are missing from a store or are not what they were."""
    found = []
    for sha256, size in wanted:
        file = path_of(sha256, folder=folder)
        if not file.is_file() or file.stat().st_size != size or hash_of(file) != sha256:
            found.append(sha256)
    return found
