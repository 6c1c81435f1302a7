"""What readers of a published folder do, and what an office could do that holds the key."""

from datetime import timedelta

from tests.conftest import NOW

from tepat.publication import keeping, notes
from tepat.publication.folders import KEY
from tepat.publication.notes import read_checkpoint, read_note, read_verifier, sign_checkpoint
from tepat.publication.tlog import Head
from tepat.publication.verifying import Trust, verify_folder

LATER = NOW + timedelta(hours=5)


def trust_of(folder, **more) -> Trust:
    return Trust(read_verifier((folder / KEY).read_text()), **more)


def verdict(folder, **more):
    return verify_folder(folder, trust_of(folder, **more))


def texts(report) -> list[str]:
    return [finding.text for finding in report.findings]


def size_of(folder) -> int:
    return read_checkpoint(read_note((folder / "checkpoint").read_bytes()).text).head.size


def rewritten(folder, drop: int) -> None:
    """Rewrite a folder as an office would that holds the key and wants one entry gone."""
    from tepat.publication.tlog import bundle, edge_of, leaf_hash, tiles_of, unbundle

    size = size_of(folder)
    bundles = [tile for tile in tiles_of(size) if tile.level == 0]
    entries = [raw for tile in bundles for raw in unbundle((folder / tile.entries_path).read_bytes())]
    del entries[drop]
    leaves = [leaf_hash(raw) for raw in entries]
    levels, full = [], {}
    edge = edge_of([])
    for leaf in leaves:
        full |= {tile: b"".join(hashes) for tile, hashes in edge.append(leaf)}
    levels = edge.levels
    for tile in tiles_of(len(entries)):
        (folder / tile.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / tile.path).write_bytes(full[tile] if tile.full else b"".join(levels[tile.level]))
        if tile.level == 0:
            (folder / tile.entries_path).parent.mkdir(parents=True, exist_ok=True)
            part = entries[tile.index * 256 : tile.index * 256 + tile.width]
            (folder / tile.entries_path).write_bytes(bundle(part))
    key = keeping.signer()
    note = sign_checkpoint(notes.Checkpoint(key.name, Head(len(entries), edge.root())), key)
    (folder / "checkpoint").write_text(str(note))
