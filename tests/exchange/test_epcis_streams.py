"""Documents of any size and layout: read one event at a time, each fault with its line."""

import gzip
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.oracle import document
from tests.exchange.test_epcis_rules import FAMILY, OBJECT

from tepat.exchange.epcis import streams
from tepat.exchange.epcis.checking import Check
from tepat.exchange.epcis.streams import BrokenError, line_in


def findings(text):
    check = Check()
    return [(each.line, each.event, each.code) for each in check.findings(io.StringIO(text))], check


def written(whole, indent=1):
    return json.dumps(whole, indent=indent, ensure_ascii=False)


@pytest.mark.parametrize("indent", [None, 0, 1, 4])
def test_a_good_document_is_good_in_any_layout(indent):
    found, check = findings(written(document([OBJECT, FAMILY, OBJECT]), indent))
    assert found == []
    assert check.events == 3
    assert check.types == {"ObjectEvent": 2, "AggregationEvent": 1}


def line_of(text, piece):
    return next(at for at, line in enumerate(text.splitlines(), 1) if piece in line)


@pytest.mark.parametrize(
    ("change", "piece"),
    [
        ({"bizStep": "teleporting"}, "teleporting"),
        ({"epcList": ["urn:x:a", "hello world"]}, "hello world"),
        ({"readPoint": {"id": "di sana"}}, "di sana"),
        (
            {"sourceList": [{"type": "location", "source": "urn:x:y"}, {"type": "?", "source": "urn:x:z"}]},
            '"?"',
        ),
    ],
)
def test_a_fault_is_named_on_its_line(change, piece):
    text = written(document([FAMILY, OBJECT, OBJECT | change, OBJECT]))
    found, _ = findings(text)
    assert [(line, event) for line, event, _ in found] == [(line_of(text, piece), 3)]


def test_a_fault_of_the_whole_event_is_named_where_it_begins():
    orphan = {"tepat:ini": "di sini"} | {name: value for name, value in FAMILY.items() if name != "parentID"}
    text = written(document([OBJECT, orphan]))
    assert findings(text)[0] == [(line_of(text, "di sini") - 1, 2, "EPCIS-PARENT")]


def test_the_body_may_stand_before_the_context():
    whole = document([OBJECT | {"x:warna": "biru"}])
    turned = dict(reversed(whole.items())) | {
        "@context": [whole["@context"][0], {"x": "https://contoh.invalid/"}]
    }
    assert findings(written(turned))[0] == []


@pytest.mark.parametrize(
    ("whole", "codes"),
    [
        (document([], type="EPCISQueryDocument"), ["EPCIS-NO-DOCUMENT"]),
        (document([], schemaVersion="1.2"), ["EPCIS-VERSION"]),
        (document([], creationDate="kemarin"), ["EPCIS-TIME"]),
        (document([], creationDate=None), ["EPCIS-FIELD-MISSING"]),
        (document([], **{"@context": ["https://contoh.invalid/"]}), ["EPCIS-CONTEXT"]),
        (document([], warna="biru"), ["EPCIS-FIELD-UNKNOWN"]),
        (document([], epcisBody={}), ["EPCIS-FIELD-MISSING"]),
        (document([], epcisBody=None), ["EPCIS-FIELD-MISSING"]),
        (document([], epcisBody={"eventList": {}}), ["EPCIS-FIELD-MISSING"]),
        (document([OBJECT | {"x:warna": "biru"}]), ["EPCIS-PREFIX"]),
        (document([], **{"x:warna": "biru"}), ["EPCIS-PREFIX"]),
    ],
)
def test_what_the_document_itself_lacks(whole, codes):
    assert [code for _, _, code in findings(written(whole))[0]] == codes


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("[]", 1),
        ("kotak", 1),
        ('{"a": 1', 1),
        ('{"a": 1}\n\nx', 3),
        ('{"a": 1,\n "a": 2}', 2),
        ('{"epcisBody": {"eventList": [\n{"a": NaN}]}}', 2),
        ('{"epcisBody": {"eventList": [\n{"a": 1, "a": 2}]}}', 2),
        ('{"epcisBody": {"eventList": [\n{},\n{"a": \n\n tru}]}}', 5),
        ('{"epcisBody": {"eventList": [\n{}\n{}]}}', 3),
        ('{"epcisBody": {"eventList": [\n' + "[" * 100_000, 2),
        ('{"a": ' + "9" * 5000 + "}", 1),
    ],
)
def test_broken_text_is_named_with_its_line(text, line):
    found, _ = findings(text)
    broken = [each for each in found if each[2] == "EPCIS-NOT-JSON"]
    assert [each[0] for each in broken] == [line]


@pytest.mark.parametrize(
    "raw",
    [
        b'{"type": "\xff"}',
        gzip.compress(b'{"type": "EPCISDocument"}', mtime=0)[:-12],
        gzip.compress(b'{"type": "EPCISDocument"}', mtime=0)[:10] + b"kotak",
    ],
)
def test_bytes_that_are_no_text_are_named(raw, tmp_path):
    file = tmp_path / "asing.json"
    file.write_bytes(raw)
    with streams.opened(file) as stream, pytest.raises(BrokenError):
        list(streams.read(stream))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_packed_document_reads_as_a_plain_one(pack, tmp_path):
    file = tmp_path / "data"
    file.write_bytes(pack(b"\xef\xbb\xbf" + written(document([OBJECT])).encode()))
    with streams.opened(file) as stream:
        assert [each.value for each in streams.read(stream) if each.kind == "event"] == [OBJECT]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(
    st.lists(JSON, max_size=5),
    st.dictionaries(st.text().filter(lambda name: name != "epcisBody"), JSON, max_size=3),
    st.integers(1, 40),
    st.sampled_from([None, 0, 2]),
)
def test_it_reads_what_json_reads_however_the_text_comes_in(events, around, size, indent):
    class Slow(io.StringIO):
        def read(self, _most=-1, /):
            return super().read(size)

    text = json.dumps({**around, "epcisBody": {"eventList": events, "x": 1}}, indent=indent)
    found = list(streams.read(Slow(text)))
    assert [each.value for each in found if each.kind == "event"] == events
    assert {each.name: each.value for each in found if each.kind == "field"} == around | {"epcisBody": {}}
    lines = text.splitlines() if "\x85" not in text else text.split("\n")
    assert all(each.line <= len(lines) for each in found)


@given(JSON, st.sampled_from([0, 2]), st.data())
def test_the_line_within_a_value_is_where_its_writer_put_it(value, indent, data):
    path, inner = [], value
    while isinstance(inner, list | dict) and inner and data.draw(st.booleans()):
        step = data.draw(st.sampled_from(sorted(inner) if isinstance(inner, dict) else range(len(inner))))
        path.append(step)
        inner = inner[step]
    text = json.dumps(value, indent=indent)
    line = text.split("\n")[line_in(text, tuple(path))]
    assert json.dumps(inner)[:1] in line
    assert line_in(text, (*path, "tidak", "ada")) >= 0
