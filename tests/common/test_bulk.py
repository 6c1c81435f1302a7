"""Rows written by the thousand are the same rows, and none is left of what was not written whole."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from tests.conftest import NOW

from tepat.common import bulk, identity
from tepat.common.models import Event
from tepat.custody.models import Dirty, ObjectEvent

TABLE = Event._meta.db_table


def event(number=0, **more):
    said = {
        "id": identity.event_id(),
        "kind": "custody.seen",
        "kind_version": 1,
        "occurred_at": NOW - timedelta(microseconds=number),
        "occurred_uncertainty_s": 3,
        "recorded_at": NOW,
        "actor": identity.person_id(),
        "device": "hp",
        "counter": number + 1,
        "mode": "resmi",
        "objects_named": ["kotak:x:é", 'a"b'],
        "place": "",
        "payload": {"b": None, "a": [True, 2**50, "\u2028"]},
        "payload_hash": "a" * 64,
        "evidence": [],
        "leaf_hash": f"{number:064x}",
    }
    return Event(**said | more)


def stored(number):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {TABLE} WHERE counter = %s", [number])
        names = [column[0] for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
    return {
        name: json.loads(value) if name in {"objects", "payload", "evidence"} else value
        for name, value in row.items()
        if name not in {"id", "counter", "leaf_hash"}
    }


def test_a_row_is_stored_as_django_itself_stores_it(db):
    actor = identity.person_id()
    bulk.insert([event(0, actor=actor, occurred_at=NOW + timedelta(microseconds=5))])
    event(1, actor=actor, occurred_at=NOW + timedelta(microseconds=5)).save(force_insert=True)
    assert stored(1) == stored(2)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 41, 300])
def test_every_row_is_there_whatever_their_number(db, count):
    bulk.insert([event(number) for number in range(count)])
    assert sorted(Event.objects.values_list("counter", flat=True)) == list(range(1, count + 1))


def test_rows_that_are_held_back_are_written_at_the_end(db):
    with bulk.gathered():
        bulk.insert([event(0)])
        bulk.insert([event(1)])
        assert not Event.objects.exists()
    assert Event.objects.count() == 2


def test_nothing_is_left_of_what_was_held_back_when_something_goes_wrong(db):
    def write(*rows):
        with transaction.atomic(), bulk.gathered():
            for row in rows:
                bulk.insert([row])

    with pytest.raises(AttributeError):
        write(event(0), None)
    with pytest.raises(IntegrityError):
        write(event(1), event(2, leaf_hash=f"{1:064x}"))
    assert not Event.objects.exists()
    bulk.insert([event(3)])
    assert Event.objects.count() == 1


def test_a_row_that_may_be_there_already_is_written_anew_even_twice_at_once(db):
    with bulk.gathered():
        for _ in range(2):
            bulk.insert_values(Dirty, [("kotak:a", True), ("kotak:b", True)], again="again")
    bulk.insert_values(Dirty, [("kotak:a", True)], again="again")
    assert sorted(Dirty.objects.values_list("object_id", flat=True)) == ["kotak:a", "kotak:b"]


def test_the_database_counts_the_keys_that_it_gives(db):
    one = event(0)
    bulk.insert([one])
    bulk.insert_values(ObjectEvent, [("kotak:a", one.pk), ("kotak:b", one.pk)])
    assert len(set(ObjectEvent.objects.values_list("pk", flat=True))) == 2
