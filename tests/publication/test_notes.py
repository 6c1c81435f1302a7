"""Keys, notes, checkpoints, entries and proofs: what is written is read back; nothing else is."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tepat.publication.entries import Chain, Place, canonical, entry_bytes, moved, objects_of, read_entry
from tepat.publication.notes import (
    COSIGNATURE,
    ED25519,
    Checkpoint,
    Signer,
    cosign,
    cosigned_at_s,
    new_signer,
    read_checkpoint,
    read_note,
    read_signer,
    read_verifier,
    sign_checkpoint,
    signed_by,
)
from tepat.publication.proofs import Proof, read_proof
from tepat.publication.tlog import Head, Tree, edge_of, leaf_hash

LOG = Signer("kpu-blora/tepat/resmi", ED25519, bytes(range(32)))
WITNESS = Signer("bawaslu-blora", COSIGNATURE, bytes(range(1, 33)))
HEAD = Head(3, bytes(32))
NOTE = sign_checkpoint(Checkpoint(LOG.name, HEAD), LOG)
WITNESSED = NOTE.with_signatures((cosign(NOTE.text, WITNESS, at_s=1_706_756_400),))


def test_the_specifications_own_example_verifies():
    """Note and key of the Go package's documentation, which C2SP's signed-note describes."""
    key = read_verifier("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
        "KvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert signed_by(read_note(text.encode()), key)
    assert not signed_by(read_note(text.replace("answer", "Answer").encode()), key)


def test_a_checkpoint_and_its_cosignature_are_written_and_read_back():
    note = read_note(str(WITNESSED).encode())
    assert note == WITNESSED
    assert read_checkpoint(note.text) == Checkpoint(LOG.name, HEAD)
    assert signed_by(note, read_verifier(LOG.verifier.vkey))
    times = [cosigned_at_s(note.text, line, read_verifier(WITNESS.verifier.vkey)) for line in note.signatures]
    assert times == [None, 1_706_756_400]
    assert note.with_signatures(note.signatures) == note


def test_a_key_survives_its_file_and_a_damaged_one_is_refused():
    key = new_signer("a/b", ED25519)
    assert read_signer(key.text) == key
    for damaged in (key.text[:-3], key.text.replace("a/b", "a/c"), "PRIVATE+KEY+", key.verifier.vkey):
        with pytest.raises(ValueError, match=r"."):
            read_signer(damaged)


@pytest.mark.parametrize("name", ["", "dua kata", "a+b", "a\tb", "x" * 121])
def test_a_name_that_a_note_could_not_hold_is_refused(name):
    with pytest.raises(ValueError, match="nama"):
        new_signer(name, ED25519)


@given(at=st.integers(0, len(str(WITNESSED).encode()) - 1), bit=st.integers(0, 7))
def test_no_flipped_bit_of_a_note_keeps_both_signatures(at, bit):
    raw = bytearray(str(WITNESSED).encode())
    raw[at] ^= 1 << bit
    try:
        note = read_note(bytes(raw))
        signed = signed_by(note, LOG.verifier)
        seen = any(cosigned_at_s(note.text, line, WITNESS.verifier) for line in note.signatures)
    except ValueError:
        return
    assert not (signed and seen)


@given(at=st.integers(0, len(LOG.verifier.vkey) - 1), bit=st.integers(0, 6))
def test_no_flipped_bit_of_a_key_is_taken(at, bit):
    raw = bytearray(LOG.verifier.vkey.encode())
    raw[at] ^= 1 << bit
    with pytest.raises(ValueError, match=r"."):
        read_verifier(raw.decode())


@given(raw=st.binary(max_size=300))
def test_rubbish_is_refused_with_a_sentence_and_nothing_else(raw):
    for read in (read_note, read_proof, read_entry):
        with pytest.raises(ValueError, match=r"."):
            read(raw)


# Entries


def commitment(number: int, objects: tuple[str, ...]) -> dict:
    return {
        "id": f"0{number}",
        "kind": "uji.noted",
        "kind_version": 1,
        "occurred_at": "2024-02-01T03:00:00.000000Z",
        "occurred_uncertainty_s": 0,
        "recorded_at": "2024-02-01T03:00:00.000000Z",
        "actor": "x",
        "device": "",
        "counter": 0,
        "mode": "resmi",
        "objects": list(objects),
        "place": "Dukuh «é» \u2028",
        "payload_hash": "00",
        "evidence": [],
    }


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=6)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ASCII, inner, max_size=4),
    max_leaves=10,
)


@given(value=PLAIN)
def test_the_quick_writer_writes_what_rfc_8785_asks_for(value):
    assert canonical(value) == rfc8785.dumps(value)


OBJECTS = st.lists(st.lists(st.sampled_from("abcdef"), max_size=4), min_size=1, max_size=30)


def chained(named: list[list[str]]) -> list[bytes]:
    places: dict[str, Place] = {}
    entries = []
    for number, names in enumerate(named):
        told = commitment(number, tuple(names))
        entries.append(entry_bytes(told, places))
        places |= moved(places, objects_of(told), number)
    return entries


def chain_faults(entries: list[bytes]) -> list[str]:
    chain = Chain()
    return [fault for number, raw in enumerate(entries) if (fault := chain.take(number, read_entry(raw)))]


@given(named=OBJECTS)
def test_a_whole_history_has_no_fault(named):
    entries = chained(named)
    assert chain_faults(entries) == []
    assert [read_entry(raw).commitment["objects"] for raw in entries] == named


@given(named=OBJECTS, data=st.data())
def test_leaving_out_what_an_object_was_named_in_later_is_seen(named, data):
    entries = chained(named)
    gone = data.draw(st.integers(0, len(entries) - 1))
    later = any(set(named[gone]) & set(names) for names in named[gone + 1 :])
    assert bool(chain_faults(entries[:gone] + entries[gone + 1 :])) or not later


@given(named=OBJECTS, data=st.data())
def test_the_same_event_twice_is_seen(named, data):
    entries = chained(named)
    again = data.draw(st.integers(0, len(entries) - 1))
    assert chain_faults([*entries, entries[again]])


@pytest.mark.parametrize(
    "change",
    [
        (b'"counter":0', b'"counter":0.0'),
        (b'"counter":0', b'"counter": 0'),
        (b"[[1,-1]]", b"[[1,-1],[1,-1]]"),
        (b"[[1,-1]]", b"[[1]]"),
        (b"[[1,-1]]", b"[[true,-1]]"),
        (b'"numbers"', b'"other"'),
        (b'"place"', b'"plaza"'),
        (b'["a"]', b'"a"'),
    ],
)
def test_an_entry_is_read_in_its_one_form_only(change):
    raw = chained([["a"]])[0]
    assert read_entry(raw)
    with pytest.raises(ValueError, match=r"."):
        read_entry(raw.replace(*change))


# Proofs


def proof(size: int, index: int) -> Proof:
    entries = chained([["a"]] * size)
    edge = edge_of(leaf_hash(raw) for raw in entries)
    tree = Tree(size, lambda tile: b"".join(edge.levels[tile.level]))
    note = sign_checkpoint(Checkpoint(LOG.name, Head(size, tree.root())), LOG)
    return Proof(index, tuple(tree.inclusion(index)), note, entries[index])


@given(data=st.data(), size=st.integers(1, 40))
def test_a_proof_is_one_text_file_that_holds_and_no_flipped_bit_does(data, size):
    made = proof(size, data.draw(st.integers(0, size - 1)))
    raw = bytearray(str(made).encode())
    read = read_proof(bytes(raw))
    assert read == made
    assert read.holds()
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        spoiled = read_proof(bytes(raw))
        assert not (spoiled.holds() and signed_by(spoiled.note, LOG.verifier)) or spoiled.entry == made.entry
    except ValueError:
        return
