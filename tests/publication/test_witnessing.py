"""Witnesses: they sign what extends what they saw, refuse all else, and everybody sees it."""

import pytest
from tests.publication.conftest import note_events
from tests.publication.readers import LATER, rewritten, size_of, texts, verdict

from tepat.common.errors import Refused
from tepat.publication import keeping, notes
from tepat.publication.actions import take_cosignatures, trust_witness
from tepat.publication.folders import KEY, WITNESSED
from tepat.publication.notes import sign_checkpoint
from tepat.publication.publishing import publish
from tepat.publication.tlog import Head
from tepat.publication.witnessing import cosign_folder, make_witness


@pytest.fixture
def witness(tmp_path):
    home = tmp_path / "bawaslu"
    return home, make_witness(home, "bawaslu-blora")


def test_a_witness_signs_from_a_stick_and_everybody_sees_it(published, system, now, witness):
    home, key = witness
    vkey = (published / KEY).read_text()
    trust_witness(by=system, at=now, vkey=key.vkey)
    publish(published, by=system, at=LATER)
    done = cosign_folder(home, published, log_vkey=vkey, at_s=1_706_756_400)
    assert (done.size, done.before) == (size_of(published), 0)
    again = publish(published, by=system, at=LATER)
    assert (again.taken_in, again.witnesses, again.witnessed) == (["bawaslu-blora"], 1, again.size)
    report = verdict(published, witnesses=(key,), least=1)
    assert texts(report) == []
    assert (report.witnesses, report.witnessed) == (["bawaslu-blora"], again.size)
    note_events(by=system, at=LATER, count=5)
    publish(published, by=system, at=LATER)
    report = verdict(published, witnesses=(key,), least=1)
    assert (report.good, report.witnessed, report.size) == (True, again.size, again.size + 5)
    assert (published / WITNESSED).is_file()
    done = cosign_folder(home, published, log_vkey="", at_s=1_706_756_500)
    assert (done.before, done.size) == (again.size, again.size + 5)


def test_a_witness_refuses_what_went_back_or_another_history_or_another_key(
    published, copy_of, system, witness
):
    home, _key = witness
    vkey = (published / KEY).read_text()
    early = copy_of(published, "dahulu")
    note_events(by=system, at=LATER, count=30, first=600)
    publish(published, by=system, at=LATER)
    with pytest.raises(Refused) as refused:
        cosign_folder(home, published, log_vkey="", at_s=1)
    assert refused.value.code == "WITNESS-KEY-NEEDED"
    cosign_folder(home, published, log_vkey=vkey, at_s=1)
    other = copy_of(published, "lain")
    note_events(by=system, at=LATER, count=30, first=700)
    publish(published, by=system, at=LATER)
    stranger = vkey.replace("resmi", "palsu")
    changed = copy_of(published, "diubah")
    rewritten(changed, drop=100)
    for folder, code, given_key in (
        (early, "WITNESS-SHRUNK", ""),
        (changed, "WITNESS-FORKED", ""),
        (published, "LOG-KEY-UNREADABLE", stranger),
    ):
        with pytest.raises(Refused) as refused:
            cosign_folder(home, folder, log_vkey=given_key, at_s=1)
        assert refused.value.code == code
    next((published / "tile/1").rglob("000.p/*")).write_bytes(b"x")
    with pytest.raises(Refused) as refused:
        cosign_folder(home, published, log_vkey="", at_s=1)
    assert refused.value.code == "WITNESS-CHECKPOINT"
    assert other.is_dir()


def test_a_witnessed_checkpoint_that_this_ledger_does_not_hold_stops_it_for_good(published, system, now):
    key = keeping.signer()
    ahead = sign_checkpoint(notes.Checkpoint(key.name, Head(9_999, bytes(32))), key)
    with pytest.raises(Refused) as refused:
        take_cosignatures(by=system, at=now, note=ahead)
    assert refused.value.code == "LOG-SHRUNK"
    note_events(by=system, at=LATER, count=1)
    with pytest.raises(Refused) as refused:
        publish(published, by=system, at=LATER)
    assert refused.value.code == "LOG-SHRUNK"


def test_a_witness_is_trusted_once_and_under_one_key(office, system, now, witness, tmp_path):
    _home, key = witness
    trust_witness(by=system, at=now, vkey=key.vkey)
    other = make_witness(tmp_path / "lain", "bawaslu-blora")
    for vkey, code in (
        (key.vkey, "WITNESS-THERE"),
        (other.vkey, "WITNESS-OTHER-KEY"),
        ("x", "LOG-KEY-UNREADABLE"),
    ):
        with pytest.raises(Refused) as refused:
            trust_witness(by=system, at=now, vkey=vkey)
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        make_witness(tmp_path / "lain", "lagi")
    assert refused.value.code == "WITNESS-THERE-ALREADY"
