"""The published folder: whole at each moment, checked by anybody, and nothing in it can be changed unseen."""

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.publication.conftest import note_events
from tests.publication.readers import LATER, rewritten, size_of, texts, trust_of, verdict

from tepat.common.errors import Refused
from tepat.common.models import Event
from tepat.publication import keeping, notes, publishing
from tepat.publication.actions import start_over
from tepat.publication.folders import KEY, MANIFEST
from tepat.publication.notes import ED25519, read_note, read_verifier, sign_checkpoint
from tepat.publication.proofs import read_proof
from tepat.publication.publishing import publish
from tepat.publication.tlog import Head
from tepat.publication.verifying import Trust, verify_folder, verify_proof


def test_what_is_published_is_accepted_and_counted(published):
    report = verdict(published)
    assert texts(report) == []
    assert (report.entries, report.size) == (Event.objects.count(), size_of(published))
    assert report.files == 5
    assert report.objects >= 41


def test_publishing_again_changes_nothing_until_something_happens(published, system):
    before = {file: file.stat().st_mtime_ns for file in published.rglob("*") if file.is_file()}
    done = publish(published, by=system, at=LATER)
    assert done.files == 0
    assert before == {file: file.stat().st_mtime_ns for file in published.rglob("*") if file.is_file()}
    note_events(by=system, at=LATER, count=1)
    assert publish(published, by=system, at=LATER).size == done.size + 1
    assert verdict(published).good


def test_a_partial_tile_goes_once_its_full_one_is_there(published, system):
    assert (published / "tile/0/002.p").is_dir()
    note_events(by=system, at=LATER, count=300, first=600)
    publish(published, by=system, at=LATER)
    assert not (published / "tile/0/002.p").exists()
    assert (published / "tile/0/002").stat().st_size == 8192
    assert verdict(published).good


def test_nobodys_name_and_no_payload_is_published(published, system):
    whole = b"".join(file.read_bytes() for file in (published / "tile").rglob("*") if file.is_file())
    assert b'"payload_hash"' in whole
    assert b'"payload":' not in whole


def test_a_stop_after_any_write_leaves_the_old_state_valid_and_the_next_try_finishes(
    published, system, monkeypatch, copy_of, tmp_path
):
    old_size = size_of(published)
    note_events(by=system, at=LATER, count=10, first=600)
    write, stops = publishing.write_whole, 0
    while True:
        folder = copy_of(published, f"putus-{stops}")
        left = [stops]

        def until(path, content, left=left):
            if not left[0]:
                raise OSError(28, "No space left on device")
            left[0] -= 1
            write(path, content)

        with monkeypatch.context() as patched:
            patched.setattr(publishing, "write_whole", until)
            try:
                publish(folder, by=system, at=LATER)
                break
            except OSError:
                assert (verdict(folder).good, size_of(folder)) == (True, old_size)
        publish(folder, by=system, at=LATER)
        assert verdict(folder).good
        stops += 1
    assert stops >= 3


# Changed, dropped, added


def relative(folder) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@example(data=None)
def test_one_flipped_bit_anywhere_is_found(published, data):
    """Every file once, then anywhere; only signatures that nobody is asked about may change unseen."""
    trust = trust_of(published)
    if data is None:
        places = [(path, 0.5, 0) for path in relative(published)]
    else:
        path = data.draw(st.sampled_from(relative(published)))
        places = [(path, data.draw(st.floats(0, 1, exclude_max=True)), data.draw(st.integers(0, 7)))]
    for path, share, bit in places:
        file = published / path
        whole = file.read_bytes()
        if not whole:
            continue
        raw = bytearray(whole)
        raw[int(len(raw) * share)] ^= 1 << bit
        file.write_bytes(raw)
        try:
            assert not verify_folder(published, trust).good, (path, share, bit)
        finally:
            file.write_bytes(whole)


def test_each_missing_file_is_found_and_named(published):
    for path in relative(published):
        if path == "checkpoint":
            continue
        file = published / path
        whole = file.read_bytes()
        file.unlink()
        assert path in " ".join(texts(verify_folder(published, TRUST_ANY(published, path, whole)))), path
        file.write_bytes(whole)


def TRUST_ANY(folder, path, whole):  # noqa: N802 -- the key itself may be the missing file
    return Trust(read_verifier(whole.decode() if path == KEY else (folder / KEY).read_text()))


def test_a_file_that_was_put_in_is_found(published):
    (published / "pengumuman.html").write_text("palsu")
    assert texts(verdict(published)) == ["pengumuman.html: tidak ada di daftar berkas"]


def test_the_first_bad_entry_is_named(published):
    file = published / "tile/entries/001"
    raw = bytearray(file.read_bytes())
    at = raw.index(b'"device":', raw.index(b'"device":') + 9) + 2
    raw[at] ^= 1
    file.write_bytes(raw)
    first = verdict(published).findings[0]
    assert (first.entry, first.code) == (257, "entri")
    assert "entri 257" in first.text


def test_an_entry_that_the_office_itself_left_out_is_seen_by_the_numbers(published):
    rewritten(published, drop=100)
    report = verdict(published)
    assert not report.good
    assert "seharusnya" in report.findings[0].text
    assert report.findings[0].entry >= 100


def test_a_reader_who_kept_a_checkpoint_sees_a_rewritten_history(published, copy_of, system):
    kept = read_note((published / "checkpoint").read_bytes())
    note_events(by=system, at=LATER, count=20, first=600)
    publish(published, by=system, at=LATER)
    assert verdict(published, earlier=kept).good
    other = copy_of(published)
    rewritten(other, drop=size_of(other) - 25)
    assert "tidak lagi sama" in " ".join(texts(verdict(other, earlier=kept)))


def test_another_key_and_a_missing_witness_are_refused(published):
    from tepat.publication.notes import new_signer

    stranger = new_signer(trust_of(published).log.name, ED25519).verifier
    assert "tanda tangan" in texts(verify_folder(published, Trust(stranger)))[0]
    assert "saksi" in texts(verdict(published, least=1))[0]


# Folders that are not ours


def test_a_folder_of_another_log_is_left_alone(published, system, now):
    start_over(by=system, at=now, reason="uji")
    before = (published / "checkpoint").read_text()
    with pytest.raises(Refused) as refused:
        publish(published, by=system, at=LATER)
    assert refused.value.code == "LOG-FOLDER-OTHER"
    assert (published / "checkpoint").read_text() == before


def test_a_new_log_tells_of_the_old_one(published, system, now, tmp_path):
    old = (published / "checkpoint").read_text()
    start_over(by=system, at=now, reason="Komputer hilang di banjir")
    folder = tmp_path / "baru"
    publish(folder, by=system, at=LATER)
    told = json.loads((folder / publishing.HISTORY).read_text())
    assert told[0]["reason"] == "Komputer hilang di banjir"
    assert told[0]["last"] in old
    assert verdict(folder).good


def test_a_foreign_tile_is_never_overwritten(published, system):
    (published / "tile/0/000").write_bytes(bytes(8192))
    note_events(by=system, at=LATER, count=1)
    with pytest.raises(Refused) as refused:
        publish(published, by=system, at=LATER)
    assert refused.value.code == "LOG-FILE-OTHER"


def test_a_published_folder_that_is_ahead_stops_the_office(published, system, copy_of):
    ahead = read_note((published / "checkpoint").read_bytes())
    key = keeping.signer()
    longer = sign_checkpoint(notes.Checkpoint(key.name, Head(10_000, bytes(32))), key)
    (published / "checkpoint").write_text(str(longer))
    with pytest.raises(Refused) as refused:
        publish(published, by=system, at=LATER)
    assert refused.value.code == "LOG-SHRUNK"
    assert ahead.text != longer.text


def test_an_objects_proofs_hold_by_themselves(published, system):
    name = "TPS-33.16.09.1015-001"
    publish(published, by=system, at=LATER, proofs=[name])
    files = sorted((published / "bukti" / name).iterdir(), key=lambda file: int(file.stem))
    assert len(files) == 595
    proof = read_proof(files[-1].read_bytes())
    assert verify_proof(proof, trust_of(published)).good
    assert b'"numbers":[[' in proof.entry
    assert verdict(published).good
    with pytest.raises(Refused) as refused:
        publish(published, by=system, at=LATER, proofs=["tidak-ada"])
    assert refused.value.code == "LOG-OBJECT-UNKNOWN"


def test_the_list_of_files_is_the_same_for_the_same_files(published, system):
    before = (published / MANIFEST).read_bytes()
    publish(published, by=system, at=LATER)
    assert (published / MANIFEST).read_bytes() == before
