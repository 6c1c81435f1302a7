"""The ledger: append-only by the database's own will, hashed, salted, upcast on reading."""

import hashlib
import json
from uuid import UUID, uuid4

import pytest
import rfc8785
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tepat.common import immutability, ledger
from tepat.common.acting import Actor, Standing, action
from tepat.common.errors import Refused
from tepat.common.models import Event, EventSalt, LedgerIdentity
from tepat.common.permissions import Permission, Role

NOTED = ledger.kind("uji.noted")
GROWN = ledger.kind("uji.grown", version=3)


@ledger.upcast(GROWN, from_version=1)
def _sheets(payload):
    return {"sheets": payload["lembar"]}


@ledger.upcast(GROWN, from_version=2)
def _counted(payload):
    return {**payload, "counted": True}


@action(Permission.REGISTER_EDIT)
def note(*, by, at, payload: dict, objects: tuple = (), kind: str = NOTED) -> str:
    """Record one event, for the tests."""
    return str(ledger.record(kind, payload, by=by, at=at, about=ledger.About(objects=objects)).pk)


@pytest.fixture
def by() -> Actor:
    return Actor(uuid4(), (Standing(Role.OPERATOR, ""),))


def refused_sql(sql: str, *parameters: object) -> str:
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
    return str(refused.value)


def test_the_database_refuses_update_and_delete_even_by_sql(db, by, now):
    pk = UUID(note(by=by, at=now, payload={"a": 1}))
    before = Event.objects.values().get(pk=pk)
    for sql in (
        "UPDATE common_event SET place = 'lain'",
        "UPDATE common_event SET leaf_hash = leaf_hash",
        "DELETE FROM common_event",
    ):
        assert "never" in refused_sql(sql)
    if connection.vendor == "postgresql":
        connection.check_constraints()
        assert "never" in refused_sql("TRUNCATE common_event CASCADE")
    else:
        assert "never" in refused_sql("INSERT OR REPLACE INTO common_event SELECT * FROM common_event")
    assert Event.objects.values().get(pk=pk) == before


def test_the_orm_is_refused_as_well(db, by, now):
    event = Event.objects.get(pk=note(by=by, at=now, payload={}))
    event.place = "lain"
    for change in (
        event.save,
        event.delete,
        Event.objects.all().delete,
        lambda: Event.objects.update(place="x"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Event.objects.get(pk=event.pk).place == ""


def test_an_event_of_the_other_ledger_is_refused_by_the_database(db, by, now, settings):
    assert LedgerIdentity.objects.get().mode == "resmi"
    settings.LATIHAN = True
    with pytest.raises(DatabaseError, match="other ledger"), transaction.atomic():
        note(by=by, at=now, payload={})


def test_a_ledger_never_becomes_another_one(db):
    for change in (
        lambda: LedgerIdentity.objects.update(mode="latihan"),
        LedgerIdentity.objects.all().delete,
    ):
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            change()
    assert LedgerIdentity.objects.get().mode == "resmi"


def test_the_triggers_are_there(db):
    assert immutability.GUARD.missing(connection) == []
    with connection.cursor() as cursor:
        of_table = " ON common_event" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER event_no_delete{of_table}")
    assert immutability.GUARD.missing(connection) == ["event_no_delete"]


def test_the_leaf_follows_from_the_envelope_as_written_down(db, by, now):
    event = Event.objects.get(pk=note(by=by, at=now, payload={"b": 2, "a": "é"}, objects=("kotak:1",)))
    envelope = {
        "id": str(event.pk),
        "kind": "uji.noted",
        "kind_version": 1,
        "occurred_at": "2024-02-01T03:00:00.000000Z",
        "occurred_uncertainty_s": 0,
        "recorded_at": "2024-02-01T03:00:00.000000Z",
        "actor": str(by.person),
        "device": "",
        "counter": 0,
        "mode": "resmi",
        "objects": ["kotak:1"],
        "place": "",
        "payload_hash": hashlib.sha256(
            bytes.fromhex(event.salt.salt) + rfc8785.dumps({"a": "é", "b": 2})
        ).hexdigest(),
        "evidence": [],
    }
    assert hashlib.sha256(b"\x00" + rfc8785.dumps(envelope)).hexdigest() == event.leaf_hash


def test_the_leaf_holds_no_payload_and_survives_the_erasure_of_its_salt(db, by, now):
    event = Event.objects.get(pk=note(by=by, at=now, payload={"catatan": "rahasia"}))
    assert "rahasia" not in json.dumps(ledger.commitment(event))
    salts = dict(EventSalt.objects.values_list("event_id", "salt"))
    assert ledger.faults([event], salts) == []
    EventSalt.objects.all().delete()
    assert ledger.faults([event], {}) == []


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("place", "x", "leaf"),
        ("actor", uuid4(), "leaf"),
        ("payload", {"a": 2}, "payload"),
        ("counter", 9, "leaf"),
    ],
)
def test_a_changed_event_is_found(db, by, now, field, value, what):
    event = Event.objects.get(pk=note(by=by, at=now, payload={"a": 1}))
    setattr(event, field, value)
    salts = dict(EventSalt.objects.values_list("event_id", "salt"))
    assert ledger.faults([event], salts) == [f"{event.pk}: {what}"]


def test_equal_payloads_have_different_hashes(db, by, now):
    note(by=by, at=now, payload={"a": 1})
    note(by=by, at=now, payload={"a": 1})
    assert len(set(Event.objects.values_list("payload_hash", flat=True))) == 2


def test_events_are_written_by_actions_only(db, by, now):
    with pytest.raises(AssertionError, match="by actions only"):
        ledger.record(NOTED, {}, by=by, at=now)


def test_fractions_huge_payloads_and_undeclared_kinds_are_defects(db, by, now):
    for payload, kind in (
        ({"km": 1.5}, NOTED),
        ({"a": [{"b": 0.1}]}, NOTED),
        ({"a": "x" * 40_000}, NOTED),
        ({}, "uji.unknown"),
    ):
        with pytest.raises(AssertionError):
            note(by=by, at=now, payload=payload, kind=kind)
    assert not Event.objects.filter(kind__startswith="uji").exists()


def test_old_versions_are_upcast_when_read_and_never_in_the_table(db):
    event = Event(kind=GROWN, kind_version=1, payload={"lembar": 7})
    assert ledger.read(event) == {"sheets": 7, "counted": True}
    assert ledger.read(Event(kind=GROWN, kind_version=3, payload={"x": 1})) == {"x": 1}
    assert event.payload == {"lembar": 7}


def test_a_kind_is_declared_with_one_version():
    with pytest.raises(AssertionError):
        ledger.kind(NOTED, version=2)


def test_the_head_does_not_depend_on_order_and_notices_a_missing_leaf():
    leaves = [hashlib.sha256(bytes([n])).hexdigest() for n in range(5)]
    assert ledger.head(leaves) == ledger.head(reversed(leaves))
    assert ledger.head(leaves) != ledger.head(leaves[1:])


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(payload=st.dictionaries(TEXT, JSON, max_size=5))
def test_the_payload_hash_survives_storing_as_json(payload):
    salt = "00" * 32
    assert ledger.hash_payload(payload, salt) == ledger.hash_payload(json.loads(json.dumps(payload)), salt)


def test_a_refused_action_leaves_no_event(db, by, now):
    @action(Permission.REGISTER_EDIT)
    def half(*, by, at) -> None:
        ledger.record(NOTED, {}, by=by, at=at)
        raise Refused("NOTE-EMPTY")

    with pytest.raises(Refused):
        half(by=by, at=now)
    assert not Event.objects.filter(kind=NOTED).exists()
