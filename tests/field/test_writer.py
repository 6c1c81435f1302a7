"""The one writer: each batch stands for itself, and a full disk refuses them all."""

import threading

import msgspec
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.conftest import NOW

from tepat.common.errors import Refused
from tepat.common.models import Event
from tepat.field.intake import commit_together, examine_all, settle
from tepat.field.known import used_counters
from tepat.field.wire import Sending, SentEvent
from tepat.field.writer import Writer

only_sqlite = pytest.mark.skipif("postgres" in connection.vendor, reason="SQLite's own writer")


@pytest.fixture
def writers(transactional_db):
    """Return a way to start writers that end with the test."""
    started = []

    def start(write=settle):
        started.append(Writer(write))
        return started[-1]

    yield start
    for writer in started:
        writer.stop()


def batch_of(phone, *events):
    raw = [msgspec.Raw(msgspec.json.encode(event)) for event in events]
    return Sending(device=phone.device, sent_at=phone.shows(), events=raw)


def at_once(writer, batches):
    """Submit batches from threads of their own; return the answers in order."""
    answers = [None] * len(batches)

    def submit(place, batch):
        try:
            receipt = writer.submit(batch, at=NOW)
        except Refused as error:
            answers[place] = error.code
        else:
            answers[place] = [one.answer for one in receipt.answers]
        connection.close()

    threads = [threading.Thread(target=submit, args=pair) for pair in enumerate(batches)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


@only_sqlite
def test_many_batches_are_all_written_and_each_answered(writers, sari_phone):
    batches = [batch_of(sari_phone, sari_phone.registers([f"kotak:x:{n}"])) for n in range(20)]
    assert at_once(writers(), batches) == [["diterima"]] * 20
    assert Event.objects.filter(kind="custody.registered").count() == 20


@only_sqlite
def test_the_same_batch_from_two_sides_is_written_once(writers, sari_phone):
    event = sari_phone.registers()
    batches = [batch_of(sari_phone, event) for _ in range(4)]
    answers = at_once(writers(), batches)
    assert sorted(answer[0] for answer in answers) == ["diterima", "sudah", "sudah", "sudah"]
    assert Event.objects.filter(pk=event["statement"]["id"]).count() == 1


@only_sqlite
def test_two_writers_who_are_sent_the_same_write_it_once_and_lose_nothing_else(writers, sari_phone):
    one, other = writers(), writers()
    both = [sari_phone.registers([f"kotak:x:{n}"]) for n in range(8)]
    answers = {}

    def bring(writer, own):
        answers[writer] = at_once(writer, [batch_of(sari_phone, event) for event in [*both, own]])

    mine = [sari_phone.registers([f"kotak:{who}:1"]) for who in ("a", "b")]
    threads = [threading.Thread(target=bring, args=pair) for pair in zip((one, other), mine, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    pairs = list(zip(answers[one], answers[other], strict=True))
    assert [sorted([*first, *second]) for first, second in pairs] == [
        *[["diterima", "sudah"]] * 8,
        ["diterima", "diterima"],
    ]
    assert Event.objects.filter(kind="custody.registered").count() == 10


@only_sqlite
def test_a_refusal_of_one_batch_is_nobody_else_s(writers, sari_phone):
    marked = batch_of(sari_phone, sari_phone.registers(["kotak:x:1"]))
    others = [batch_of(sari_phone, sari_phone.registers([f"kotak:x:{n}"])) for n in range(2, 6)]

    def write(batch):
        receipt = settle(batch)
        if batch.sending is marked:
            raise Refused("FIELD-TRAY-FULL", limit=1)
        return receipt

    answers = at_once(writers(write), [marked, *others])
    assert answers == ["FIELD-TRAY-FULL", *[["diterima"]] * 4]
    assert Event.objects.filter(kind="custody.registered").count() == 4


@only_sqlite
def test_a_full_disk_refuses_everything_and_the_phones_may_try_again(writers, sari_phone):
    full = [True]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # pages that earlier tests left free would hold it all

    def write(batch):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            pages = cursor.fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {pages if full[0] else 1_000_000}")
        return settle(batch)

    writer = writers(write)
    events = [sari_phone.registers([f"kotak:{'x' * 60}:{n}-{m}" for m in range(200)]) for n in range(3)]
    assert at_once(writer, [batch_of(sari_phone, event) for event in events]) == ["STORE-FULL"] * 3
    assert Event.objects.filter(kind="custody.registered").count() == 0
    full[0] = False
    assert at_once(writer, [batch_of(sari_phone, event) for event in events]) == [["diterima"]] * 3


@only_sqlite
def test_a_stopped_writer_has_written_what_it_was_given_and_takes_nothing_more(writers, sari_phone):
    writer = writers()
    assert at_once(writer, [batch_of(sari_phone, sari_phone.registers())]) == [["diterima"]]
    writer.stop()
    assert at_once(writer, [batch_of(sari_phone, sari_phone.scans(post="gudang:a"))]) == ["FIELD-BUSY"]


@only_sqlite
def test_batches_are_written_together_or_not_at_all(sari_phone):
    event = sari_phone.registers(["kotak:x:1"])
    twice = [batch_of(sari_phone, event), batch_of(sari_phone, event)]
    with pytest.raises(IntegrityError), transaction.atomic():
        commit_together(examine_all([(sending, NOW) for sending in twice]))
    assert Event.objects.filter(kind="custody.registered").count() == 0
    sendings = [batch_of(sari_phone, sari_phone.registers([f"kotak:x:{n}"])) for n in range(2, 6)]
    receipts = commit_together(examine_all([(sending, NOW) for sending in sendings]))
    assert [one.answer for receipt in receipts for one in receipt.answers] == ["diterima"] * 4
    assert Event.objects.filter(kind="custody.registered").count() == 4


@only_sqlite
def test_the_ledger_is_asked_for_counters_by_its_index(sari_phone):
    sari_phone.sends(sari_phone.registers())
    statements = [
        msgspec.json.decode(batch_of(sari_phone, sari_phone.scans()).events[0], type=SentEvent).statement
    ]
    with CaptureQueriesContext(connection) as asked:
        assert used_counters(statements) == {}
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + asked.captured_queries[-1]["sql"])
        plan = [row[3] for row in cursor.fetchall()]
    assert any(
        "SEARCH e USING INDEX event_counter_once_a_device (device=? AND counter=?)" in row for row in plan
    )
    assert not any(row.startswith("SCAN e") for row in plan)
