"""Our event hash is the public generator's, or says that it can't be told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.oracle import public_hashes
from tests.exchange.test_epcis_rules import FAMILY, MADE, NOTE, OBJECT, TIE

from tepat.exchange.epcis.hashing import event_hash
from tepat.exchange.epcis.words import CONTEXT

PREFIXES = {"x": "https://contoh.invalid/x/", "kota": "https://contoh.invalid/kota#"}
CONTEXTS = [CONTEXT, PREFIXES]

RICH = OBJECT | {
    "certificationInfo": ["https://contoh.invalid/b", "https://contoh.invalid/a"],
    "persistentDisposition": {"unset": ["damaged"], "set": ["completeness_verified", "active"]},
    "quantityList": [
        {"quantity": 5.50, "uom": "KGM", "epcClass": "https://contoh.invalid/z"},
        {"epcClass": "https://contoh.invalid/y", "quantity": 10},
    ],
    "bizLocation": {"id": "https://contoh.invalid/di-sini"},
    "destinationList": [
        {"type": "location", "destination": "https://contoh.invalid/b"},
        {"destination": "https://contoh.invalid/a", "type": "possessing_party"},
    ],
    "action": "ADD",
    "rdfs:comment": "tidak ikut dihitung",
    "recordTime": "2024-02-12T09:00:00Z",
}


@pytest.mark.parametrize("event", [OBJECT, FAMILY, NOTE, MADE, TIE, RICH], ids=lambda each: each["type"])
def test_the_hash_of_a_plain_event_is_the_public_one(event):
    assert event_hash(event, PREFIXES) == public_hashes([event], CONTEXTS)[0]


def test_order_and_what_is_said_about_the_event_change_nothing():
    turned = dict(reversed(RICH.items()))
    turned["epcList"] = RICH["epcList"][::-1]
    turned |= {"eventID": "urn:x:y", "recordTime": "2025-01-01T00:00:00Z"}
    turned["errorDeclaration"] = {"declarationTime": "2024-02-13T00:00:00Z"}
    turned["eventTime"] = "2024-02-12T01:00:00Z"
    assert event_hash(turned, PREFIXES) == event_hash(RICH, PREFIXES)


def test_any_change_of_the_content_changes_it():
    hashes = {event_hash(RICH, PREFIXES)}
    for name in (
        "epcList",
        "bizStep",
        "disposition",
        "readPoint",
        "quantityList",
        "sourceList",
        "bizLocation",
    ):
        hashes.add(event_hash({key: value for key, value in RICH.items() if key != name}, PREFIXES))
    hashes.add(event_hash(RICH | {"x:warna": "biru"}, PREFIXES))
    assert len(hashes) == 9
    assert None not in hashes


TEXTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["0012", "1.50", " biru ", "x:merah", "kota:blora", "1e3", "nan", "-0", "1_000", "+7", "a/b", "٣"]
    ),
)
PLAIN = st.one_of(TEXTS, st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False))
NAMES = st.sampled_from(["x:warna", "x:isi", "x:waktu", "kota:nama", "x:aksi"])
TREES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(NAMES, TREES, max_size=4), st.sampled_from([OBJECT, FAMILY, RICH]))
def test_the_hash_of_any_extension_is_the_public_one(extension, event):
    whole = event | extension
    own = event_hash(whole, PREFIXES)
    if own is not None:
        assert own == public_hashes([whole], CONTEXTS)[0]


@pytest.mark.parametrize(
    "change",
    [
        {"x:benar": True},
        {"x:kosong": None},
        {"x:sama": "in_progress"},
        {"x:jauh": "infinity"},
        {"x:warnaList": ["biru"]},
        {"x:dua": [["biru"]]},
        {"tanpa:awalan": "biru"},
        {"readPoint": {"id": "https://contoh.invalid/a", "x:lebih": "biru"}},
        {"epcList": ["urn:epc:id:sgtin:4012345.011111.9876"]},
        {"epcList": ["https://contoh.invalid/01/04719512002889"]},
        {"sourceList": [{"source": "urn:x:y"}]},
        {"sensorElementList": [{"sensorReport": [{"type": "Temperature"}]}]},
        {"eventTime": "kemarin"},
        {"eventTime": "2024-02-12T08:00:00.0001+07:00"},
    ],
    ids=lambda each: next(iter(each)),
)
def test_what_the_public_tool_reads_its_own_way_cannot_be_told(change):
    assert event_hash(OBJECT | change, PREFIXES) is None
