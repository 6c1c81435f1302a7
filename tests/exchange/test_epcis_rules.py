"""Bad EPCIS is refused, also where the public JSON Schema lets it pass; what passes here passes there."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.oracle import document, schema_errors
from tests.exchange.strategies import facts
from tests.exchange.worlds import WRITER

from tepat.common.messages import table
from tepat.exchange.epcis import words
from tepat.exchange.epcis.events import PREFIXES
from tepat.exchange.epcis.forms import is_moment, is_uri
from tepat.exchange.epcis.parts import NotWritableError
from tepat.exchange.epcis.rules import faults_of

OBJECT = {
    "type": "ObjectEvent",
    "action": "OBSERVE",
    "eventTime": "2024-02-12T08:00:00.000+07:00",
    "eventTimeZoneOffset": "+07:00",
    "bizStep": "receiving",
    "disposition": "in_progress",
    "epcList": ["https://contoh.invalid/kotak/1"],
    "readPoint": {"id": "https://contoh.invalid/gudang"},
    "sourceList": [{"type": "possessing_party", "source": "urn:uuid:00000000-0000-4000-8000-000000000001"}],
    "bizTransactionList": [{"type": "desadv", "bizTransaction": "https://contoh.invalid/surat/1"}],
}
FAMILY = {name: value for name, value in OBJECT.items() if name != "epcList"} | {
    "type": "AggregationEvent",
    "action": "ADD",
    "bizStep": "packing",
    "parentID": "https://contoh.invalid/set/1",
    "childEPCs": ["https://contoh.invalid/kotak/1"],
    "childQuantityList": [{"epcClass": "https://contoh.invalid/surat-suara", "quantity": 306, "uom": "NMP"}],
}
NOTE = OBJECT | {"type": "TransactionEvent"}
MADE = {name: OBJECT[name] for name in ("eventTime", "eventTimeZoneOffset", "bizStep")} | {
    "type": "TransformationEvent",
    "inputEPCList": ["https://contoh.invalid/a"],
    "outputQuantityList": [{"epcClass": "https://contoh.invalid/b", "quantity": 2}],
}
TIE = FAMILY | {"type": "AssociationEvent"}


def codes(event):
    return [fault.code for fault in faults_of(event, PREFIXES)]


def without(event, *names):
    return {name: value for name, value in event.items() if name not in names}


@pytest.mark.parametrize("event", [OBJECT, FAMILY, NOTE, MADE, TIE], ids=lambda each: each["type"])
def test_a_plain_event_of_each_type_is_right_here_and_by_the_schema(event):
    assert codes(event) == []
    assert schema_errors(document([event])) == []


# The first six are those that a validator of the public schema let pass when it was tried; the last two of
# them pass even with its format checks.
BAD = {
    "a step that is none": (OBJECT | {"bizStep": "teleporting"}, "EPCIS-WORD"),
    "a field nobody declared": (OBJECT | {"warna": "biru"}, "EPCIS-FIELD-UNKNOWN"),
    "an EPC that is no URI": (OBJECT | {"epcList": ["hello world"]}, "EPCIS-URI"),
    "a date that is none": (OBJECT | {"eventTime": "kemarin"}, "EPCIS-TIME"),
    "less than nothing": (
        FAMILY | {"childQuantityList": [{"epcClass": "https://contoh.invalid/x", "quantity": -5}]},
        "EPCIS-QUANTITY",
    ),
    "children without a parent": (without(FAMILY, "parentID"), "EPCIS-PARENT"),
    "a delivery note with a parent only": (
        without(NOTE, "epcList") | {"parentID": "https://contoh.invalid/set/1"},
        "EPCIS-NO-OBJECTS",
    ),
    "nothing of something": (
        OBJECT | {"quantityList": [{"epcClass": "https://contoh.invalid/x", "quantity": 0}]},
        "EPCIS-QUANTITY",
    ),
    "yes of something": (
        OBJECT | {"quantityList": [{"epcClass": "https://contoh.invalid/x", "quantity": True}]},
        "EPCIS-QUANTITY",
    ),
    "30 February": (OBJECT | {"eventTime": "2024-02-30T08:00:00Z"}, "EPCIS-TIME"),
    "a moment without a zone": (OBJECT | {"recordTime": "2024-02-12T08:00:00"}, "EPCIS-TIME"),
    "an offset in words": (OBJECT | {"eventTimeZoneOffset": "WIB"}, "EPCIS-OFFSET"),
    "an offset nobody has": (OBJECT | {"eventTimeZoneOffset": "+15:00"}, "EPCIS-OFFSET"),
    "an unknown disposition": (OBJECT | {"disposition": "hilang"}, "EPCIS-WORD"),
    "the step in its old form": (OBJECT | {"bizStep": "urn:epcglobal:cbv:bizstep:receiving"}, "EPCIS-WORD"),
    "an unknown action": (OBJECT | {"action": "LOOK"}, "EPCIS-WORD"),
    "an unknown type": (OBJECT | {"type": "HappyEvent"}, "EPCIS-TYPE"),
    "no type": (without(OBJECT, "type"), "EPCIS-TYPE"),
    "no action": (without(OBJECT, "action"), "EPCIS-FIELD-MISSING"),
    "no time": (without(OBJECT, "eventTime"), "EPCIS-FIELD-MISSING"),
    "no offset": (without(OBJECT, "eventTimeZoneOffset"), "EPCIS-FIELD-MISSING"),
    "no objects": (without(OBJECT, "epcList"), "EPCIS-NO-OBJECTS"),
    "an empty list of objects": (OBJECT | {"epcList": []}, "EPCIS-NO-OBJECTS"),
    "one object twice": (OBJECT | {"epcList": OBJECT["epcList"] * 2}, "EPCIS-TWICE"),
    "a parent without children": (without(FAMILY, "childEPCs", "childQuantityList"), "EPCIS-NO-OBJECTS"),
    "a tie without a parent, seen": (without(TIE, "parentID") | {"action": "OBSERVE"}, "EPCIS-PARENT"),
    "a delivery note without its number": (without(NOTE, "bizTransactionList"), "EPCIS-FIELD-MISSING"),
    "children of an object": (OBJECT | {"childEPCs": ["urn:x:y"]}, "EPCIS-FIELD-UNKNOWN"),
    "an outcome without an origin": (without(MADE, "inputEPCList"), "EPCIS-NO-OBJECTS"),
    "a source without a type": (OBJECT | {"sourceList": [{"source": "urn:x:y"}]}, "EPCIS-FIELD-MISSING"),
    "a source of an unknown type": (
        OBJECT | {"sourceList": [{"type": "x", "source": "urn:x:y"}]},
        "EPCIS-WORD",
    ),
    "a place without an id": (OBJECT | {"readPoint": {}}, "EPCIS-SHAPE"),
    "a place as text": (OBJECT | {"readPoint": "gudang"}, "EPCIS-SHAPE"),
    "a list that is none": (OBJECT | {"epcList": "urn:x:y"}, "EPCIS-SHAPE"),
    "a unit that is none": (
        OBJECT | {"quantityList": [{"epcClass": "urn:x:y", "quantity": 1, "uom": "lembar"}]},
        "EPCIS-SHAPE",
    ),
    "an error without the event": (
        OBJECT | {"errorDeclaration": {"declarationTime": "2024-02-13T00:00:00Z"}},
        "EPCIS-ERROR-UNNAMED",
    ),
    "an error without its time": (
        OBJECT | {"eventID": "urn:x:y", "errorDeclaration": {}},
        "EPCIS-FIELD-MISSING",
    ),
    "an error for an unknown reason": (
        OBJECT
        | {
            "eventID": "urn:x:y",
            "errorDeclaration": {"declarationTime": "2024-02-13T00:00:00Z", "reason": "lupa"},
        },
        "EPCIS-WORD",
    ),
    "master data while observing": (OBJECT | {"ilmd": {"x:y": 1}}, "EPCIS-ILMD"),
    "a sensor without a report": (OBJECT | {"sensorElementList": [{}]}, "EPCIS-SHAPE"),
    "an id that is another event's hash": (
        OBJECT | {"eventID": f"ni:///sha-256;{'0' * 64}?ver=CBV2.0"},
        "EPCIS-HASH",
    ),
    "quantities that are no list": (OBJECT | {"quantityList": {}}, "EPCIS-SHAPE"),
    "a quantity that is no table": (OBJECT | {"quantityList": ["x"]}, "EPCIS-SHAPE"),
    "a quantity of nothing named": (OBJECT | {"quantityList": [{"quantity": 1}]}, "EPCIS-FIELD-MISSING"),
    "sources that are no list": (OBJECT | {"sourceList": {}}, "EPCIS-SHAPE"),
    "a source that is no table": (OBJECT | {"sourceList": ["urn:x:y"]}, "EPCIS-SHAPE"),
    "own words in a source": (
        OBJECT | {"sourceList": [{"type": "location", "source": "urn:x:y", "x:warna": "biru"}]},
        "EPCIS-FIELD-UNKNOWN",
    ),
    "no lasting disposition": (OBJECT | {"persistentDisposition": {}}, "EPCIS-SHAPE"),
    "an empty lasting disposition": (OBJECT | {"persistentDisposition": {"set": []}}, "EPCIS-SHAPE"),
    "one lasting disposition twice": (
        OBJECT | {"persistentDisposition": {"set": ["damaged", "damaged"]}},
        "EPCIS-TWICE",
    ),
    "a lasting disposition of our own": (
        OBJECT | {"persistentDisposition": {"warna": ["biru"]}},
        "EPCIS-FIELD-UNKNOWN",
    ),
    "a certificate that is no URI": (OBJECT | {"certificationInfo": ["x y"]}, "EPCIS-URI"),
    "an error in words": (OBJECT | {"eventID": "urn:x:y", "errorDeclaration": "salah"}, "EPCIS-SHAPE"),
    "a correction that is no URI": (
        OBJECT
        | {
            "eventID": "urn:x:y",
            "errorDeclaration": {"declarationTime": "2024-02-13T00:00:00Z", "correctiveEventIDs": ["x y"]},
        },
        "EPCIS-URI",
    ),
    "sensors that are no list": (OBJECT | {"sensorElementList": {}}, "EPCIS-SHAPE"),
    "a report that says nothing": (OBJECT | {"sensorElementList": [{"sensorReport": [{}]}]}, "EPCIS-SHAPE"),
    "master data as text": (OBJECT | {"action": "ADD", "ilmd": "x"}, "EPCIS-SHAPE"),
    "text in place of an event": ("ObjectEvent", "EPCIS-SHAPE"),
}


@pytest.mark.parametrize(("event", "code"), BAD.values(), ids=BAD)
def test_a_bad_event_is_refused_with_one_reason(event, code):
    assert codes(event) == [code]


def test_the_schema_alone_lets_pass_what_these_rules_refuse():
    passed = {name for name, (event, _) in BAD.items() if not schema_errors(document([event]))}
    assert {"less than nothing", "children without a parent", "an id that is another event's hash"} <= passed
    assert "a step that is none" not in passed


def test_every_reason_has_its_sentence():
    assert {code for _, code in BAD.values()} <= set(table())


@pytest.mark.parametrize(
    "event",
    [
        FAMILY | {"action": "DELETE"} | {"childEPCs": [], "childQuantityList": []},
        without(FAMILY, "parentID") | {"action": "OBSERVE"},
        without(NOTE, "epcList") | {"action": "DELETE"},
        OBJECT | {"bizStep": "https://contoh.invalid/langkah/mencoblos"},
        OBJECT | {"https://contoh.invalid/warna": "biru", "x:warna": "biru"},
        without(OBJECT, "epcList") | {"sensorElementList": [{"sensorReport": [{"type": "Temperature"}]}]},
        OBJECT | {"certificationInfo": "urn:x:y", "eventID": "urn:x:z"},
        OBJECT | {"persistentDisposition": {"set": ["completeness_verified"]}},
        OBJECT | {"action": "ADD", "ilmd": {"x:warna": "biru"}},
        without(MADE, "inputEPCList") | {"transformationID": "urn:x:y"},
    ],
)
def test_what_the_standard_allows_is_allowed(event):
    assert codes(event) == []


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.text(max_size=6),
    st.sampled_from(["urn:x:y", "http://", "x:", "2024-02-12T08:00:00Z", "+07:00", "ADD", "desadv"]),
    st.just([]),
    st.just({}),
    st.lists(st.sampled_from(["urn:x:y", "", 1]), max_size=2),
)
NAMES = [*sorted(frozenset().union(*words.FIELDS.values())), "x", "x:y", "id", "set", "quantity", "reason"]


@st.composite
def changed(draw):
    """An event of ours, or a plain one, with one thing in it replaced, added or taken out."""
    try:
        ours = WRITER.events(draw(facts()))
    except NotWritableError:
        ours = []
    event = copy.deepcopy(draw(st.sampled_from([OBJECT, FAMILY, NOTE, MADE, TIE, *ours])))
    table_ = event
    for _ in range(draw(st.integers(0, 2))):
        inner = [each for each in table_.values() if isinstance(each, dict)]
        inner += [
            one for each in table_.values() if isinstance(each, list) for one in each if isinstance(one, dict)
        ]
        table_ = draw(st.sampled_from(inner)) if inner else table_
    name = draw(st.sampled_from([*table_, *NAMES]))
    if draw(st.booleans()):
        table_.pop(name, None)
    else:
        table_[name] = draw(VALUES)
    return event


@settings(max_examples=200, deadline=None)
@given(changed())
def test_whatever_passes_these_rules_passes_the_public_schema(event):
    if "@context" not in event and not codes(event):
        assert schema_errors(document([event])) == []


@given(st.recursive(VALUES, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner)))
def test_no_value_breaks_the_judge(value):
    faults_of(value, PREFIXES)
    faults_of({"type": "ObjectEvent", "x": value, "epcList": value, "readPoint": value, "sourceList": value})


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://contoh.invalid/a%20b", True),
        ("urn:uuid:00000000-0000-4000-8000-000000000001", True),
        ("geo:-6.97,111.42", True),
        ("https://contoh.invalid/a b", False),
        ("https://contoh.invalid/a%2", False),
        ("https:contoh", False),
        ("//contoh.invalid/x", False),
        ("kotak", False),
        ("urn:é", False),
    ],
)
def test_a_uri_is_absolute_and_plain(text, good):
    assert is_uri(text) is good


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2024-02-29T23:59:59.999999+07:00", True),
        ("2024-02-12T08:00:00Z", True),
        ("2024-02-12T24:00:01Z", False),
        ("2024-02-12 08:00:00Z", False),
        ("2024-02-12T08:00:00", False),
        ("٢٠٢٤-02-12T08:00:00Z", False),
    ],
)
def test_a_moment_has_a_day_a_time_and_a_zone(text, good):
    assert is_moment(text) is good
