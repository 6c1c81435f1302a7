"""The open log at the size of Blora's history: numbering events, publishing the folder, checking it.

python -m benchmarks.log [ENTRIES] [EVENTS] [RUNS]

Tiles are built from made-up entries of a real length; numbering goes through the database as in an office.
"""

import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks.measuring import measured, show

ENTRIES, EVENTS, RUNS = 200_000, 20_000, 3
BOXES = 14_885
START = datetime(2024, 2, 1, tzinfo=UTC)
PERSON = "5f0c1b86-8a5d-4a08-9c59-0f7a8f5a3a10"


def commitment(number: int) -> dict[str, object]:
    """Return an envelope as long as a hand-over's."""
    at = (START + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {
        "id": f"018d5f0c-0000-7000-8000-{number:012x}",
        "kind": "custody.accepted",
        "kind_version": 1,
        "occurred_at": at,
        "occurred_uncertainty_s": 0,
        "recorded_at": at,
        "actor": PERSON,
        "device": f"hp-{number % 400:04d}",
        "counter": number // 400,
        "mode": "resmi",
        "objects": [f"kotak:33.16-{number % BOXES:05d}"],
        "place": "33.16.09.1015",
        "payload_hash": f"{number:064x}",
        "evidence": [],
    }


def made_entries(count: int) -> list[bytes]:
    """Return entries whose objects' numbers are whole."""
    from tepat.publication.entries import Place, entry_bytes, moved, objects_of

    places: dict[str, Place] = {}
    entries = []
    for number in range(count):
        told = commitment(number)
        entries.append(entry_bytes(told, places))
        places |= moved(places, objects_of(told), number)
    return entries


def build_tiles(entries: list[bytes], folder: Path) -> None:
    """Hash entries and write tiles, bundles and a signed checkpoint, without waiting for the disk."""
    from tepat.publication.notes import ED25519, Checkpoint, Signer, sign_checkpoint
    from tepat.publication.tlog import TILE_WIDTH, Edge, Head, bundle, leaf_hash, tiles_of

    edge, full = Edge(), {}
    for entry in entries:
        full |= {tile: b"".join(hashes) for tile, hashes in edge.append(leaf_hash(entry))}
    for tile in tiles_of(edge.size):
        raw = full[tile] if tile.full else b"".join(edge.levels[tile.level])
        files = {tile.path: raw}
        if tile.level == 0:
            first = tile.index * TILE_WIDTH
            files[tile.entries_path] = bundle(entries[first : first + tile.width])
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    key = Signer("contoh/tepat", ED25519, bytes(32))
    note = sign_checkpoint(Checkpoint(key.name, Head(edge.size, edge.root())), key)
    (folder / "checkpoint").write_text(str(note), encoding="utf-8")
    (folder / "kunci.txt").write_text(key.verifier.vkey, encoding="utf-8")


def check(folder: Path) -> None:
    """Check the folder as `tepat verify` does; the key's own file is the one thing that no list holds."""
    from tepat.publication.notes import read_verifier
    from tepat.publication.verifying import Trust, verify_folder

    key = read_verifier((folder / "kunci.txt").read_text(encoding="utf-8"))
    report = verify_folder(folder, Trust(key))
    assert [finding.code for finding in report.findings] == ["berkas"], report.findings


def office(events: int) -> None:
    """Make an office in a home of its own with events that nobody has numbered yet."""
    from django.core.management import call_command

    from tepat.common import ledger
    from tepat.common.acting import Actor, action, system_actor
    from tepat.common.models import Office
    from tepat.common.permissions import Permission

    call_command("migrate", verbosity=0, interactive=False)
    Office.objects.create(code="33.16", name="KPU Blora", area_code="33.16", time_zone="Asia/Jakarta")
    kind = ledger.kind("benchmark.noted")

    @action(Permission.REGISTER_EDIT)
    def note(*, by: Actor, at: datetime, numbers: range) -> int:
        for number in numbers:
            about = ledger.About(objects=(f"kotak:33.16-{number % BOXES:05d}",), place="33.16.09.1015")
            ledger.record(kind, {"n": number}, by=by, at=at, about=about)
        return len(numbers)

    for first in range(0, events, 1000):
        note(by=system_actor(), at=START, numbers=range(first, min(events, first + 1000)))


def number() -> None:
    """Number everything that waits."""
    from tepat.common.acting import system_actor
    from tepat.publication.actions import number_all

    number_all(by=system_actor(), at=START)


def publish(folder: Path) -> None:
    """Publish, every file on the disk before the next."""
    from tepat.common.acting import system_actor
    from tepat.publication.publishing import publish as write

    write(folder, by=system_actor(), at=START)


def main(entries: int, events: int, runs: int) -> None:
    """Measure all of it and print one table."""
    with tempfile.TemporaryDirectory() as room:
        os.environ["TEPAT_HOME"] = str(Path(room) / "kantor")
        from tepat.common import start

        start.django()
        made, folder = made_entries(entries), Path(room) / "petak"
        size = sum(map(len, made)) // max(1, len(made))

        def fresh() -> None:
            shutil.rmtree(folder, ignore_errors=True)
            build_tiles(made, folder)

        rows = [measured(f"tiles, bundles and checkpoint of {entries:,} entries of {size} B", fresh, runs)]
        rows.append(measured(f"`tepat verify` of {entries:,} entries", partial(check, folder), runs))
        office(events)
        rows.append(measured(f"numbering {events:,} events, 500 a transaction", number, 1))
        rows.append(measured(f"first `tepat publish` of {events:,}", partial(publish, Path(room) / "t"), 1))
        rows.append(measured("`tepat publish` with nothing new", partial(publish, Path(room) / "t"), runs))
        rows.append(measured("a round of the sequencer with nothing to do", number, runs))
    show(rows)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*given, *(ENTRIES, EVENTS, RUNS)[len(given) :])
