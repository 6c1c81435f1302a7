"""Custody events as EPCIS: the right words, valid for others, the same hash, and all of it comes back."""

import io
import json
import re
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import assume, given, settings
from tests.exchange.oracle import document, public_hashes, schema_errors
from tests.exchange.strategies import facts
from tests.exchange.worlds import WRITER, in_order, uuid, world
from tests.simulator.events import BOX, START_US

from tepat.custody.events import list_hash, read_payload
from tepat.custody.facts import Fact
from tepat.exchange.epcis import reading, streams
from tepat.exchange.epcis.checking import Check
from tepat.exchange.epcis.events import PREFIXES, Correction, Writer
from tepat.exchange.epcis.ids import DEFAULT_BASE, ids_of
from tepat.exchange.epcis.parts import NotWritableError
from tepat.exchange.epcis.rules import faults_of

OTHER, PPS_BOX = BOX[:-1] + "4", "kotak:pemilu-2024:091015-PPS-1"
ROOT = WRITER.ids.root
SARI, BUDI, OFFER = uuid("sari"), uuid("budi"), uuid("tawaran")


def fact(kind, payload, objects=(BOX,), **envelope):
    made = {
        "id": uuid("peristiwa"),
        "at_us": START_US,
        "recorded_us": START_US + 1,
        "actor": SARI,
        "counter": 3,
    }
    return Fact(kind=kind, payload=read_payload(kind, payload), objects=tuple(objects), **(made | envelope))


def accepted(**more):
    return {
        "offer": OFFER,
        "list_hash": list_hash([BOX]),
        "giver": SARI,
        "receiver": BUDI,
        "post": "pps:33.16.09.1015",
        **more,
    }


def said(event):
    return event["type"], event["action"], event["bizStep"], event.get("disposition")


def test_a_sealing_is_packing_into_the_set_of_each_tps():
    payload = {"seals": {BOX: ["0012"], PPS_BOX: ["B-7"]}, "second": BUDI}
    tps, pps = WRITER.events(fact("packing.sealed", payload, [BOX, OTHER, PPS_BOX]))
    assert said(tps) == said(pps) == ("AggregationEvent", "ADD", "packing", "container_closed")
    assert tps["parentID"] == f"{ROOT}/objek/set/pemilu-2024/091015-001"
    assert tps["childEPCs"] == [f"{ROOT}/objek/kotak/pemilu-2024/091015-001-{box}" for box in (3, 4)]
    assert pps["parentID"] == f"{ROOT}/objek/set/pemilu-2024/091015-PPS"
    assert [each["tepat:seals"] for each in pps["tepat:seals"]] == [[f"{ROOT}/segel/B-7"]]
    assert tps["tepat:second"] == f"urn:uuid:{BUDI}"


def test_a_set_that_is_named_beside_its_boxes_is_their_parent_and_no_box():
    one = fact("packing.sealed", {"seals": {}, "second": BUDI}, ["set:pemilu-2024:091015-001", BOX])
    (event,) = WRITER.events(one)
    assert event["parentID"] == f"{ROOT}/objek/set/pemilu-2024/091015-001"
    assert len(event["childEPCs"]) == 1
    assert read_back([event])[0].objects == tuple(sorted(one.objects))


def test_an_offer_is_the_delivery_note_and_the_receipt_names_it():
    offer = fact(
        "custody.offered", {"to_post": "pps:33.16.09.1015", "list_hash": "", "to_person": BUDI}, id=OFFER
    )
    (note,) = WRITER.events(offer)
    (receipt,) = WRITER.events(fact("custody.accepted", accepted()))
    assert said(note) == ("TransactionEvent", "ADD", "staging_outbound", "in_progress")
    assert said(receipt) == ("ObjectEvent", "OBSERVE", "accepting", "in_progress")
    desadv = {"type": "desadv", "bizTransaction": f"urn:uuid:{OFFER}"}
    assert note["bizTransactionList"] == [desadv]
    recadv = {"type": "recadv", "bizTransaction": f"urn:uuid:{uuid('peristiwa')}"}
    assert receipt["bizTransactionList"] == [desadv, recadv]
    assert receipt["sourceList"] == [{"type": "possessing_party", "source": f"urn:uuid:{SARI}"}]
    assert receipt["destinationList"] == [
        {"type": "possessing_party", "destination": f"urn:uuid:{BUDI}"},
        {"type": "location", "destination": f"{ROOT}/pos/pps/33.16.09.1015"},
    ]
    assert receipt["bizLocation"] == {"id": f"{ROOT}/pos/pps/33.16.09.1015"}


def test_a_warehouse_receives_where_others_accept():
    (event,) = WRITER.events(fact("custody.accepted", accepted(post="gudang:utama")))
    assert event["bizStep"] == "receiving"


def test_what_was_missing_or_refused_is_an_event_of_its_own_and_nobody_is_said_to_have_seen_the_missing():
    third = BOX[:-1] + "5"
    refused = [{"object": OTHER, "reason": "basah", "photo": "ab" * 32, "note": "kata Pak Anu"}]
    payload = accepted(missing=[third], refused=refused)
    taken, missing, wet = WRITER.events(fact("custody.accepted", payload, [BOX, OTHER, third]))
    assert [len(each["epcList"]) for each in (taken, missing, wet)] == [1, 1, 1]
    assert said(missing) == ("TransactionEvent", "OBSERVE", "inspecting", "mismatch_instance")
    assert said(wet) == ("ObjectEvent", "OBSERVE", "inspecting", "damaged")
    assert "bizLocation" in taken
    assert "bizLocation" not in missing
    assert "bizLocation" not in wet
    assert wet["tepat:photos"][0]["tepat:photo"] == "sha256-" + "ab" * 32
    assert wet["tepat:withheld"] == ["note"]


@pytest.mark.parametrize(
    ("kind", "payload", "expected"),
    [
        (
            "custody.registered",
            {"holder": SARI, "post": "gudang:1"},
            ("ObjectEvent", "ADD", "commissioning", "active"),
        ),
        (
            "custody.withdrawn",
            {"offer": OFFER},
            ("TransactionEvent", "DELETE", "void_shipping", "in_progress"),
        ),
        ("custody.departed", {"trip": "T-7"}, ("TransactionEvent", "OBSERVE", "departing", "in_transit")),
        ("custody.arrived", {"trip": "T-7"}, ("TransactionEvent", "OBSERVE", "arriving", "in_transit")),
        (
            "custody.seen",
            {"with_person": BUDI, "post": "gudang:1", "purpose": "temuan"},
            ("ObjectEvent", "OBSERVE", "inspecting", "mismatch_instance"),
        ),
        (
            "custody.settled",
            {"holder": BUDI, "post": "gudang:1"},
            ("ObjectEvent", "OBSERVE", "inspecting", "conformant"),
        ),
        (
            "packing.opened",
            {"second": BUDI, "reason": "hari H", "panwascam": True, "polri": False},
            ("AggregationEvent", "DELETE", "unpacking", "container_open"),
        ),
        (
            "custody.count-differs",
            {"offer": OFFER, "offered": 5, "counted": 0, "giver": SARI, "receiver": BUDI, "missing": [BOX]},
            ("TransactionEvent", "OBSERVE", "inspecting", "mismatch_quantity"),
        ),
    ],
)
def test_each_kind_has_its_words(kind, payload, expected):
    (event,) = WRITER.events(fact(kind, payload))
    assert said(event) == expected


def test_times_are_those_of_the_offices_zone_and_both_are_kept():
    when = START_US + 999_999
    (event,) = WRITER.events(fact("custody.accepted", accepted(), at_us=when, uncertainty_s=40))
    assert (event["eventTime"], event["eventTimeZoneOffset"]) == ("2024-02-12T08:00:00.999+07:00", "+07:00")
    assert event["recordTime"] == "2024-02-12T01:00:00.000001Z"
    assert (event["tepat:uncertainty_s"], event["tepat:remainder_us"]) == (40, 999)
    east = Writer(WRITER.ids, ZoneInfo("Asia/Jayapura"))
    assert east.events(fact("custody.accepted", accepted()))[0]["eventTimeZoneOffset"] == "+09:00"


def test_a_name_typed_into_any_field_never_leaves():
    name = "Bu Siti Rahayu"
    payload = accepted(giver=name, receiver=name, list_hash=name) | {
        "refused": [{"object": BOX, "reason": "lain", "note": name, "photo": name}],
        "seals": [{"object": OTHER, "numbers": ["1"], "photo": name, "second": name}],
    }
    told = [
        *WRITER.events(fact("custody.accepted", payload, [BOX, OTHER], actor=name)),
        *WRITER.events(fact("custody.settled", {"holder": name, "post": "gudang:1", "note": name})),
        *WRITER.events(
            fact("packing.opened", {"second": name, "reason": name, "panwascam": False, "polri": False})
        ),
        *WRITER.events(
            fact(
                "custody.offered",
                {"to_post": "gudang:1", "list_hash": "", "to_person": name, "expected_at": name},
            )
        ),
    ]
    assert "Siti" not in json.dumps(told)
    assert told[0]["tepat:withheld"] == ["giver", "list_hash", "receiver"]
    assert told[0]["tepat:sealsRead"][0]["tepat:withheld"] == ["photo", "second"]


def test_what_looks_like_a_gs1_key_is_not_written():
    with pytest.raises(NotWritableError, match="GS1"):
        WRITER.events(
            fact("custody.seen", {"with_person": BUDI, "post": "gudang:1"}, ["x:8003:04719512002889"])
        )


@pytest.mark.parametrize(
    ("kind", "payload", "objects", "own_id"),
    [
        ("custody.present", {"presence": "ppk"}, (), uuid("x")),
        ("custody.seen", {"with_person": BUDI, "post": "gudang:1"}, (), uuid("x")),
        ("custody.departed", {"trip": ""}, (BOX,), uuid("x")),
        ("custody.seen", {"with_person": BUDI, "post": "gudang:1"}, (BOX,), "bukan-id"),
    ],
)
def test_an_event_about_nothing_or_without_an_id_is_not_written(kind, payload, objects, own_id):
    with pytest.raises(NotWritableError):
        WRITER.events(fact(kind, payload, objects, id=own_id))


def test_only_the_part_that_was_wrong_is_declared_so():
    payload = accepted(missing=[OTHER])
    wrong = Correction("incorrect_data", START_US + 5, frozenset({OTHER}), ("urn:uuid:1",))
    taken, missing, declared = WRITER.events(fact("custody.accepted", payload, [BOX, OTHER]), wrong)
    assert "errorDeclaration" not in taken
    assert declared["eventID"] == missing["eventID"]
    assert declared["errorDeclaration"]["correctiveEventIDs"] == ["urn:uuid:1"]


def test_where_the_zones_offset_has_seconds_times_are_in_utc():
    (event,) = Writer(WRITER.ids, ZoneInfo("Asia/Jakarta")).events(
        fact("custody.accepted", accepted(), at_us=-2 * 10**15)
    )
    assert event["eventTime"].endswith("+00:00")


@pytest.mark.parametrize(
    "base",
    [
        "",
        "kpu.go.id",
        "https://id.gs1.org",
        "https://x.id/01/04719512002889",
        "https://x.id/?a=b",
        "ftp://x.id",
    ],
)
def test_a_base_that_cannot_name_things_is_refused(base):
    from tepat.common.errors import Refused

    with pytest.raises(Refused, match="EPCIS-BASE"):
        ids_of(base, "33.16")


def test_the_default_base_is_nobodys_domain():
    assert DEFAULT_BASE.split("/")[2].endswith(".invalid")


def read_back(events):
    text = b"".join(streams.write({"type": "EPCISDocument"}, events)).decode()
    found = [each.value for each in streams.read(io.StringIO(text)) if each.kind == "event"]
    return list(reading.facts(found, WRITER.ids))


def test_a_whole_village_comes_back_from_its_document():
    known = world(villages=2)
    hidden = [each for each in known if each.kind == "packing.opened"]
    assert hidden
    back = read_back([event for each in known for event in WRITER.events(each)])
    assert back == [_without_words(msgspec.structs.replace(in_order(each), revoked=False)) for each in known]


def _without_words(each):
    if each.kind != "packing.opened":
        return each
    return msgspec.structs.replace(each, payload=msgspec.structs.replace(each.payload, reason=""))


@given(facts())
def test_any_fact_comes_back_from_its_events(one):
    assert read_back(_events_of(one)) == [in_order(one)]


def _events_of(one):
    try:
        return WRITER.events(one)
    except NotWritableError:
        assume(False)  # noqa: FBT003 -- Hypothesis has it so
        raise


@given(facts())
def test_any_event_is_right_by_our_rules(one):
    for event in _events_of(one):
        assert faults_of(event, PREFIXES) == []


@settings(max_examples=40)
@given(facts())
def test_any_event_is_valid_by_the_public_schema_with_its_formats(one):
    assert schema_errors(document(_events_of(one))) == []


@settings(max_examples=25, deadline=None)
@given(facts())
def test_the_id_of_any_event_is_the_public_generators_hash(one):
    events = _events_of(one)
    assert [event["eventID"] for event in events] == public_hashes(events)


def test_a_whole_document_is_valid_and_its_hashes_are_the_public_ones():
    events = [event for each in world(villages=1, tps=3, faults=1) for event in WRITER.events(each)]
    assert schema_errors(document(events)) == []
    assert [event["eventID"] for event in events] == public_hashes(events)
    check = Check()
    text = b"".join(streams.write(document([], epcisBody=None), events)).decode()
    assert list(check.findings(io.StringIO(text))) == []
    assert check.events == len(events) == len(text.splitlines()) - 2


def test_no_id_of_ours_has_the_form_of_a_gs1_key():
    text = json.dumps([event for each in world(villages=1) for event in WRITER.events(each)])
    assert not re.search(r"urn:epc:|/(?:0[01]|8003|8004|414|417)/\d|gs1\.org", text)


@pytest.mark.parametrize(
    "changed",
    [
        {"tepat:event": None},
        {"tepat:kind": "custody.unknown"},
        {"epcList": ["urn:x:y"]},
        {"eventTime": "kini"},
    ],
)
def test_a_document_that_others_changed_is_not_read_as_ours(changed):
    (event,) = WRITER.events(fact("custody.accepted", accepted()))
    assert len(list(reading.facts([event], WRITER.ids))) == 1
    with pytest.raises(reading.NotOursError):
        list(reading.facts([event | changed], WRITER.ids))
