"""Two verifiers that we did not write accept what we publish, and reject it after one changed byte."""

import os
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import NOW
from tests.publication.conftest import note_events

from tepat.publication.publishing import publish

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def go_verifier(tmp_path_factory) -> Path:
    """Our small program around Go's own packages, built once."""
    found = subprocess.run(
        [str(ROOT / "scripts" / "go-for-tests")], capture_output=True, text=True, timeout=600, check=False
    )
    assert found.returncode == 0, found.stderr
    folder = tmp_path_factory.mktemp("go")
    env = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": "/usr/share/gocode",
        "GOCACHE": str(folder / "cache"),
        "GOFLAGS": "",
    }
    program = folder / "periksa"
    words = [found.stdout.strip(), "build", "-o", str(program), str(ROOT / "tests/publication/go/periksa.go")]
    built = subprocess.run(words, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert built.returncode == 0, built.stderr
    return program


def key(folder: Path) -> str:
    return (folder / "kunci-log.vkey").read_text().strip()


@pytest.fixture
def go(go_verifier) -> Callable[..., tuple[bool, str]]:
    def check(folder: Path, *more: Path) -> tuple[bool, str]:
        words = [str(go_verifier), str(folder), key(folder), *map(str, more)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
        return done.returncode == 0, done.stdout

    return check


def aics(folder: Path) -> tuple[bool, str]:
    """Verify checkpoint, every tile and every bundle with aics-tlog."""
    import aics_tlog

    try:
        note = aics_tlog.parse_note((folder / "checkpoint").read_bytes())
        result = aics_tlog.verify_checkpoint(note, aics_tlog.parse_vkey(key(folder)))
        if not result.ok:
            return False, str(result)
        head = aics_tlog.parse_checkpoint(note.text)
        reader = aics_tlog.FileSystemTileReader(folder)
        report = aics_tlog.audit_tiles(reader, head.size, head.root)
    except (ValueError, OSError) as refused:
        return False, str(refused)
    return True, f"{report.size} entries, {report.tiles} tiles, {report.bundles} bundles"


def change(file: Path, at: int) -> None:
    raw = bytearray(file.read_bytes())
    raw[at] ^= 1
    file.write_bytes(raw)


def spoil_body(folder: Path) -> None:
    """Change one letter of the root in the checkpoint, so that it is still a checkpoint."""
    file = folder / "checkpoint"
    lines = file.read_text().split("\n")
    lines[2] = ("B" if lines[2][0] == "A" else "A") + lines[2][1:]
    file.write_text("\n".join(lines))


def spoil_signature(folder: Path) -> None:
    file = folder / "checkpoint"
    text = file.read_text()
    at = text.rindex(" ") + 30
    file.write_text(text[:at] + ("B" if text[at] == "A" else "A") + text[at + 1 :])


def spoil_tile(folder: Path) -> None:
    change(folder / "tile/0/000", 5000)


def spoil_upper_tile(folder: Path) -> None:
    change(next((folder / "tile/1").rglob("000.p/*")), 3)


def spoil_bundle(folder: Path) -> None:
    change(folder / "tile/entries/001", 900)


def test_both_accept_the_folder(published, go):
    size = int((published / "checkpoint").read_text().split("\n")[1])
    assert size > 600
    assert go(published) == (True, f"{size} entries, 4 tiles\n")
    assert aics(published) == (True, f"{size} entries, 4 tiles, 3 bundles")


@pytest.mark.parametrize("spoil", [spoil_body, spoil_signature, spoil_tile, spoil_upper_tile, spoil_bundle])
def test_go_rejects_one_changed_byte(published, go, spoil):
    spoil(published)
    accepted, said = go(published)
    assert not accepted, said


@pytest.mark.parametrize("spoil", [spoil_body, spoil_signature, spoil_tile, spoil_upper_tile, spoil_bundle])
def test_aics_rejects_one_changed_byte(published, spoil):
    spoil(published)
    accepted, said = aics(published)
    assert not accepted, said


def test_go_sees_that_the_log_only_grew_and_that_a_rewritten_one_did_not(
    published, go, system, copy_of, tmp_path
):
    earlier = copy_of(published)
    note_events(by=system, at=NOW + timedelta(hours=2), count=300, first=600)
    publish(published, by=system, at=NOW + timedelta(hours=3))
    assert go(published, earlier / "checkpoint")[0]
    assert aics(published)[0]
    spoil_body(earlier)
    assert not go(published, earlier / "checkpoint")[0]


def test_aics_counts_our_witness(published, system, tmp_path):
    import aics_tlog

    from tepat.publication.witnessing import cosign_folder, make_witness

    witness = make_witness(tmp_path / "saksi", "bawaslu-blora")
    done = cosign_folder(tmp_path / "saksi", published, log_vkey=key(published), at_s=1_706_756_400)
    note = aics_tlog.parse_note(done.file.read_bytes())
    log, other = aics_tlog.parse_vkey(key(published)), aics_tlog.parse_vkey(witness.vkey)
    assert aics_tlog.verify_checkpoint(note, log, [other], quorum=1).ok
    spoiled = aics_tlog.parse_note((published / "checkpoint").read_bytes())
    assert not aics_tlog.verify_checkpoint(spoiled, log, [other], quorum=1).ok
