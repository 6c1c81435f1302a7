"""Checking a published folder with nothing but its files and the keys one trusts. No Django, no network."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tepat.common.whole_files import reason_of
from tepat.publication import folders
from tepat.publication.entries import Chain, Entry, read_entry
from tepat.publication.notes import (
    Checkpoint,
    Note,
    Verifier,
    cosigned_at_s,
    read_checkpoint,
    read_note,
    signed_by,
)
from tepat.publication.proofs import Proof
from tepat.publication.tlog import TILE_WIDTH, Edge, Head, Tile, leaf_hash, split, tiles_of, unbundle

FINDINGS_MAX = 20
MANIFEST_KIND = "publication.manifest-named"

type Progress = Callable[[int, int], None]


class _EnoughError(Exception):
    """The list of findings is full."""


@dataclass(frozen=True)
class Trust:
    """What the reader brings along; nothing of it comes from the folder.

    Args:
        log: The log's key.
        witnesses: The keys of witnesses.
        least: How many of them must have cosigned.
        earlier: A checkpoint of this log that the reader kept from before.
    """

    log: Verifier
    witnesses: tuple[Verifier, ...] = ()
    least: int = 0
    earlier: Note | None = None


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Args:
        code: What it is about: ``checkpoint``, ``saksi``, ``entri``, ``petak``, ``akar``, ``berkas``.
        text: In a sentence.
        entry: The entry's number, or None.
    """

    code: str
    text: str
    entry: int | None = None


@dataclass
class Report:
    """What a check found.

    Args:
        origin: The log's name.
        size: Entries that the checkpoint promises.
        root: Their root in hexadecimal, as computed.
        entries: Entries that were read.
        objects: Different objects they name.
        files: Files of the portal that fit.
        witnesses: Names of the trusted witnesses who cosigned.
        witnessed: Up to how many entries they did.
        findings: What is wrong; nothing means accepted.
    """

    origin: str = ""
    size: int = 0
    root: str = ""
    entries: int = 0
    objects: int = 0
    files: int = 0
    witnesses: list[str] = field(default_factory=list)
    witnessed: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def add(self, code: str, text: str, entry: int | None = None) -> None:
        """Write a finding down; when there are too many, the check ends."""
        self.findings.append(Finding(code, text, entry))
        if len(self.findings) >= FINDINGS_MAX:
            raise _EnoughError


def _quiet(_done: int, _total: int) -> None:
    """Show no progress."""


def verify_folder(folder: Path, trust: Trust, progress: Progress = _quiet) -> Report:
    """Check everything in a published folder.

    Args:
        folder: The folder.
        trust: Keys, and what was kept from before.
        progress: Told how many entries of how many are done.

    Raises:
        OSError: There is no checkpoint to be read.
    """
    report = Report()
    raw = (folder / folders.CHECKPOINT).read_bytes()
    try:
        checkpoint = _signed(raw, trust, report)
        if checkpoint:
            heads = _other_heads(folder, trust, report, checkpoint)
            walk = _Walk(folder, checkpoint.head.size, report, heads, progress)
            walk.go()
            _compare_roots(walk, checkpoint, report)
            _witnesses(trust, report)
            _files(folder, walk.manifest, report)
    except _EnoughError:
        pass
    return report


def _signed(raw: bytes, trust: Trust, report: Report) -> Checkpoint | None:
    """Return the folder's checkpoint if the trusted key signed it."""
    try:
        note = read_note(raw)
        checkpoint = read_checkpoint(note.text)
    except ValueError as broken:
        report.add("checkpoint", f"checkpoint tidak terbaca: {broken}")
        return None
    report.origin, report.size = checkpoint.origin, checkpoint.head.size
    if checkpoint.origin != trust.log.name:
        report.add("checkpoint", f"checkpoint milik {checkpoint.origin}, bukan {trust.log.name}")
    if not signed_by(note, trust.log):
        report.add("checkpoint", "tanda tangan kantor pada checkpoint tidak sah")
    _count(note, checkpoint.head.size, trust, report)
    return checkpoint


def _count(note: Note, size: int, trust: Trust, report: Report) -> None:
    """Count the witnesses of a note; one key counts once, whatever it calls itself."""
    found = {
        key.public: key.name
        for key in trust.witnesses
        if any(cosigned_at_s(note.text, line, key) is not None for line in note.signatures)
    }
    if len(found) > len(report.witnesses):
        report.witnesses, report.witnessed = sorted(found.values()), size


def _other_heads(folder: Path, trust: Trust, report: Report, newest: Checkpoint) -> list[tuple[str, Head]]:
    """Return the other states that the entries must pass through."""
    notes: list[tuple[str, Note]] = []
    if trust.earlier:
        notes.append(("checkpoint yang Anda simpan", trust.earlier))
    file = folder / folders.WITNESSED
    if file.is_file():
        try:
            notes.append((folders.WITNESSED, read_note(file.read_bytes())))
        except ValueError as broken:
            report.add("checkpoint", f"{folders.WITNESSED} tidak terbaca: {broken}")
    heads = []
    for name, note in notes:
        head = _other_head(name, note, trust, report, newest)
        if head:
            heads.append((name, head))
            _count(note, head.size, trust, report)
    return heads


def _other_head(name: str, note: Note, trust: Trust, report: Report, newest: Checkpoint) -> Head | None:
    try:
        found = read_checkpoint(note.text)
    except ValueError as broken:
        report.add("checkpoint", f"{name} tidak terbaca: {broken}")
        return None
    if found.origin != newest.origin or not signed_by(note, trust.log):
        report.add("checkpoint", f"{name} tidak ditandatangani kantor ini")
        return None
    if found.head.size > newest.head.size:
        report.add(
            "checkpoint", f"{name} berisi {found.head.size} entri, folder ini hanya {newest.head.size}"
        )
        return None
    return found.head


@dataclass
class _Walk:
    """One walk over all entries: hashes, tiles, numbers, and the roots on the way."""

    folder: Path
    size: int
    report: Report
    heads: list[tuple[str, Head]]
    progress: Progress
    edge: Edge = field(default_factory=Edge)
    chain: Chain = field(default_factory=Chain)
    manifest: tuple[int, str] | None = None

    def go(self) -> None:
        """Read every entry; an entry that cannot be had ends the walk."""
        wanted = {head.size: (name, head) for name, head in self.heads}
        self._pass(wanted)
        for tile in tiles_of(self.size):
            if tile.level:
                break
            hashes, entries = self._tile(tile), self._bundle(tile)
            if entries is None:
                return
            for offset, raw in enumerate(entries):
                number = tile.index * TILE_WIDTH + offset
                self._entry(number, raw, hashes[offset] if hashes else b"")
                self._pass(wanted)
            self.progress(self.edge.size, self.size)
        self._edge_tiles()
        self.report.entries, self.report.objects = self.edge.size, len(self.chain.places)

    def _pass(self, wanted: dict[int, tuple[str, Head]]) -> None:
        if self.edge.size in wanted:
            name, head = wanted.pop(self.edge.size)
            if self.edge.root() != head.root:
                text = f"{name}: {head.size} entri pertama tidak lagi sama"
                self.report.add("akar", text)

    def _tile(self, tile: Tile) -> list[bytes]:
        try:
            hashes = split(folders.read_tile(self.folder, tile))
        except OSError as missing:
            self.report.add("petak", f"{tile.path}: {reason_of(missing)}", tile.index * TILE_WIDTH)
            return []
        except ValueError:
            hashes = []
        if len(hashes) != tile.width:
            self.report.add("petak", f"{tile.path}: panjangnya salah", tile.index * TILE_WIDTH)
            return []
        return hashes

    def _bundle(self, tile: Tile) -> list[bytes] | None:
        first = tile.index * TILE_WIDTH
        try:
            entries = unbundle(folders.read_bundle(self.folder, tile))
        except OSError as missing:
            self.report.add("entri", f"{tile.entries_path}: {reason_of(missing)}", first)
            return None
        except ValueError:
            self.report.add("entri", f"{tile.entries_path}: rusak, entri {first} dan seterusnya", first)
            return None
        if len(entries) != tile.width:
            text = f"{tile.entries_path}: {len(entries)} entri, seharusnya {tile.width}"
            self.report.add("entri", text, first + min(len(entries), tile.width))
            return None
        return entries

    def _entry(self, number: int, raw: bytes, wanted: bytes) -> None:
        leaf = leaf_hash(raw)
        if wanted and leaf != wanted:
            self.report.add("entri", f"entri {number} tidak cocok dengan sidiknya", number)
        for tile, hashes in self.edge.append(leaf):
            if tile.level:
                self._same(tile, hashes)
        try:
            entry = read_entry(raw)
        except ValueError as broken:
            self.report.add("entri", f"entri {number}: {broken}", number)
            return
        fault = self.chain.take(number, entry)
        if fault:
            self.report.add("entri", f"entri {number}: {fault}", number)
        self._note_manifest(number, entry)

    def _note_manifest(self, number: int, entry: Entry) -> None:
        if entry.commitment["kind"] == MANIFEST_KIND and len(entry.commitment["evidence"]) == 1:
            self.manifest = (number, str(entry.commitment["evidence"][0]))

    def _edge_tiles(self) -> None:
        for level, hashes in enumerate(self.edge.levels):
            if level and hashes:
                index = (self.edge.size >> (8 * level)) // TILE_WIDTH
                self._same(Tile(level, index, len(hashes)), hashes)

    def _same(self, tile: Tile, hashes: list[bytes]) -> None:
        found = self._tile(tile)
        if found and found != hashes:
            self.report.add("petak", f"{tile.path}: tidak cocok dengan entri di bawahnya")


def _compare_roots(walk: _Walk, checkpoint: Checkpoint, report: Report) -> None:
    if walk.edge.size != checkpoint.head.size:
        return
    report.root = walk.edge.root().hex()
    if walk.edge.root() != checkpoint.head.root:
        report.add("akar", "akar semua entri tidak sama dengan akar pada checkpoint")


def _witnesses(trust: Trust, report: Report) -> None:
    if len(report.witnesses) < trust.least:
        text = (
            f"{len(report.witnesses)} dari {len(trust.witnesses)} saksi menandatangani, perlu {trust.least}"
        )
        report.add("saksi", text)


def _files(folder: Path, named: tuple[int, str] | None, report: Report) -> None:
    """Check the portal's files against the list that the log itself names."""
    here = set(folders.portal_files(folder))
    if named is None:
        for path in sorted(here):
            report.add("berkas", f"{path}: catatan tidak menyebut daftar berkas apa pun")
        return
    number, sha256 = named
    try:
        raw = (folder / folders.MANIFEST).read_bytes()
        if hashlib.sha256(raw).hexdigest() != sha256:
            report.add("berkas", f"{folders.MANIFEST} bukan yang disebut entri {number}", number)
        listed = folders.read_manifest(raw)
    except OSError as missing:
        report.add("berkas", f"{folders.MANIFEST}: {reason_of(missing)}")
        return
    except ValueError:
        report.add("berkas", f"{folders.MANIFEST} rusak")
        return
    for path, text in _file_faults(folder, here, listed):
        report.add("berkas", f"{path}: {text}")
    report.files = len(here & listed.keys())


def _file_faults(folder: Path, here: set[str], listed: dict[str, str]) -> Iterator[tuple[str, str]]:
    for path in sorted(here | listed.keys()):
        if path not in here:
            yield path, "hilang"
        elif path not in listed:
            yield path, "tidak ada di daftar berkas"
        elif folders.sha256_of(folder / path) != listed[path]:
            yield path, "isinya berubah"


def verify_proof(proof: Proof, trust: Trust) -> Report:
    """Check one proof file: the entry, the way up to the checkpoint, and its signatures."""
    report = Report(entries=1)
    try:
        checkpoint = _signed(str(proof.note).encode(), trust, report)
        if checkpoint and not proof.holds():
            text = f"entri {proof.index} tidak ada dalam catatan yang ditandatangani"
            report.add("entri", text, proof.index)
        try:
            report.objects = len(read_entry(proof.entry).numbers)
        except ValueError as broken:
            report.add("entri", f"entri {proof.index}: {broken}", proof.index)
        _witnesses(trust, report)
    except _EnoughError:
        pass
    return report
