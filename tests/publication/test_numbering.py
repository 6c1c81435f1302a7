"""The sequencer: every committed event gets one number, in any order, whatever is interrupted."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from tests.conftest import NOW, take_away
from tests.publication.conftest import note_events

from tepat.common import immutability, ledger
from tepat.common.actions import Contact, add_person, erase_person
from tepat.common.errors import Refused
from tepat.common.models import Event, EventSalt, Office, VaultEntry
from tepat.publication import actions, background, keeping, triggers
from tepat.publication.actions import erase_again, note_erasures, number_all, number_events, sign_head
from tepat.publication.entries import read_entry
from tepat.publication.guarding import current_state, tree_at
from tepat.publication.models import Checkpoint, LogEntry, LogState, ObjectCount
from tepat.publication.standing import checks, entries_of, faults, standing, waiting
from tepat.publication.tlog import edge_of, leaf_hash


def numbers() -> list[int]:
    return list(LogEntry.objects.order_by("number").values_list("number", flat=True))


def test_every_committed_event_gets_one_number_from_zero_on(office, system, now):
    assert number_all(by=system, at=now) == Event.objects.count() > 0
    assert numbers() == list(range(Event.objects.count()))
    assert number_all(by=system, at=now) == 0
    assert (waiting(), list(faults())) == (0, [])


def test_what_commits_late_gets_a_later_number_and_nothing_moves(office, system, now):
    number_all(by=system, at=now)
    before = list(LogEntry.objects.values_list("number", "leaf_hash"))
    note_events(by=system, at=now - timedelta(days=3), count=1)
    assert number_all(by=system, at=now) == 1
    assert list(LogEntry.objects.values_list("number", "leaf_hash"))[:-1] == before
    late = LogEntry.objects.last()
    assert late.event.recorded_at < LogEntry.objects.first().event.recorded_at


def test_rounds_of_any_length_make_the_same_tree(office, system, now):
    note_events(by=system, at=now, count=300)
    for most in (1, 7, 200, 500, 500):
        number_events(by=system, at=now, most=most)
    leaves = [leaf_hash(text.encode()) for text in LogEntry.objects.values_list("entry", flat=True)]
    assert len(leaves) == Event.objects.count() > 300
    assert tree_at(current_state()).root() == edge_of(leaves).root()
    assert list(faults()) == []


def test_an_entry_holds_the_commitment_and_the_numbers_of_its_objects(office, system, now):
    note_events(by=system, at=now, count=3, objects=("set:a",))
    number_all(by=system, at=now)
    rows = entries_of("set:a")
    told = [read_entry(row.entry.encode()) for row in rows]
    assert [entry.numbers["set:a"][0] for entry in told] == [1, 2, 3]
    assert [entry.numbers["set:a"][1] for entry in told] == [-1, rows[0].number, rows[1].number]
    assert told[0].commitment == ledger.commitment(rows[0].event)
    assert told[0].event_leaf == rows[0].event.leaf_hash
    assert ObjectCount.objects.get(object="set:a").count == 3


@pytest.mark.parametrize("place", ["rows", "tiles", "counts", "state"])
def test_a_stop_anywhere_in_a_round_leaves_nothing_half(office, system, now, monkeypatch, place):
    note_events(by=system, at=now, count=400)

    def stop(*_args, **_kwargs):
        raise SystemExit

    target = {
        "rows": (actions.LogEntry.objects, "bulk_create"),
        "tiles": (actions.LogTile.objects, "bulk_create"),
        "counts": (actions.ObjectCount.objects, "bulk_create"),
        "state": (actions.LogState, "save"),
    }[place]
    LogState.objects.get_or_create(id=1)
    with monkeypatch.context() as patched:
        patched.setattr(*target, stop)
        with pytest.raises(SystemExit):
            number_all(by=system, at=now)
    assert (LogEntry.objects.count(), current_state().size) == (0, 0)
    number_all(by=system, at=now)
    assert list(faults()) == []


def test_the_database_refuses_to_change_what_was_numbered_and_signed(office, system, now):
    number_all(by=system, at=now)
    sign_head(by=system, at=now)
    at_once = ["TRUNCATE publication_logtile"] if connection.vendor == "postgresql" else []
    for sql in (
        *at_once,
        "UPDATE publication_logentry SET entry = '{}'",
        "DELETE FROM publication_logentry",
        "UPDATE publication_checkpoint SET size = 1",
        "DELETE FROM publication_checkpoint",
    ):
        with pytest.raises(DatabaseError, match="never"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert triggers.GUARD.missing(connection) == []
    take_away(triggers.GUARD)
    assert "log_checkpoint_no_delete" in triggers.GUARD.missing(connection)


def test_an_event_that_no_longer_fits_its_hash_never_enters_the_log(office, system, now):
    event = Event.objects.latest("recorded_at")
    take_away(immutability.GUARD)
    Event.objects.filter(pk=event.pk).update(place="33.16.05.1014")
    with pytest.raises(Refused) as refused:
        number_all(by=system, at=now)
    assert (refused.value.code, refused.value.facts["event"]) == ("LOG-EVENT-CHANGED", str(event.pk))


def test_the_largest_event_that_the_ledger_takes_fits(office, system, now):
    names = tuple(f"{number:03d}-{'x' * 90}" for number in range(498))
    note_events(by=system, at=now, count=1, objects=names)
    number_all(by=system, at=now)
    assert ObjectCount.objects.filter(object__in=names[:400]).count() == 400


def test_what_does_not_fit_is_named_and_stays_in_the_ledger(office, system, now):
    note_events(by=system, at=now, count=1, objects=("x" * 201,))
    with pytest.raises(Refused) as refused:
        number_all(by=system, at=now)
    assert refused.value.code == "LOG-ENTRY-TOO-LARGE"
    assert Event.objects.filter(pk=UUID(refused.value.facts["event"])).exists()


def test_two_sequencers_at_once_share_the_work(transactional_db, system, now):
    Office.objects.create(code="33.16", name="KPU Blora", area_code="33.16", time_zone="Asia/Jakarta")
    note_events(by=system, at=now, count=250)
    troubles = []

    def work():
        try:
            for _ in range(40):
                number_events(by=system, at=now, most=20)
        except Exception as trouble:  # noqa: BLE001 -- told below, in the test's own thread
            troubles.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert numbers() == list(range(Event.objects.count()))
    assert list(faults()) == []


# Signing


def test_signing_twice_is_one_signature_and_its_key_is_nobody_elses(office, system, now):
    number_all(by=system, at=now)
    first, second = sign_head(by=system, at=now), sign_head(by=system, at=now + timedelta(hours=1))
    assert (first.pk, Checkpoint.objects.count()) == (second.pk, 1)
    assert first.origin == "kpu-kabupaten-blora/tepat/resmi"
    key = keeping.folder() / keeping.KEY
    assert key.stat().st_mode & 0o077 == 0
    assert repr(keeping.signer()) == "Signer(kpu-kabupaten-blora/tepat/resmi)"


def test_nothing_is_signed_before_there_is_anything(db, system, now):
    Event.objects.none()
    with pytest.raises(Refused) as refused:
        sign_head(by=system, at=now)
    assert refused.value.code == "LOG-EMPTY"


def signed_then_rolled_back(system, now) -> None:
    """Sign a longer log, then put the database back to an earlier moment, as an old copy does."""
    number_all(by=system, at=now)
    with transaction.atomic():
        note_events(by=system, at=now, count=30, first=100)
        number_all(by=system, at=now)
        sign_head(by=system, at=now)
        transaction.set_rollback(True)


def test_a_restored_ledger_that_went_back_is_never_numbered_nor_signed(office, system, now):
    signed_then_rolled_back(system, now)
    note_events(by=system, at=now, count=1)
    for work in (number_all, sign_head):
        with pytest.raises(Refused) as refused:
            work(by=system, at=now)
        assert refused.value.code == "LOG-SHRUNK"
    assert standing().alarm.code == "LOG-SHRUNK"
    assert [check.state for check in checks()] == ["GAWAT"]


def test_a_restored_ledger_that_grew_again_otherwise_is_never_signed(office, system, now, monkeypatch):
    signed_then_rolled_back(system, now)
    note_events(by=system, at=now, count=60, first=500)
    with monkeypatch.context() as blind:
        blind.setattr(actions, "require_whole", lambda _state: None)
        number_all(by=system, at=now)
    with pytest.raises(Refused) as refused:
        sign_head(by=system, at=now)
    assert refused.value.code == "LOG-FORKED"
    assert standing().alarm.code == "LOG-FORKED"


def test_a_lost_or_damaged_memory_stops_the_signing(office, system, now):
    number_all(by=system, at=now)
    sign_head(by=system, at=now)
    note_events(by=system, at=now, count=1)
    memory = keeping.folder() / keeping.SIGNED
    text = memory.read_text()
    memory.write_text("rusak")
    assert standing().alarm.code == "LOG-MEMORY-DAMAGED"
    memory.unlink()
    with pytest.raises(Refused) as refused:
        number_all(by=system, at=now)
    assert refused.value.code == "LOG-MEMORY-LOST"
    memory.write_text(text)
    assert number_all(by=system, at=now) == 1
    for file in keeping.folder().iterdir():
        file.unlink()
    assert standing().alarm.code == "LOG-MEMORY-LOST"


def test_starting_over_is_a_new_name_a_new_key_and_said_aloud(office, system, now):
    signed_then_rolled_back(system, now)
    old_key, old_last = keeping.signer().verifier, keeping.remembered(keeping.SIGNED).text
    with pytest.raises(Refused) as refused:
        actions.start_over(by=system, at=now, reason="  ")
    assert refused.value.code == "LOG-REASON"
    name = actions.start_over(by=system, at=now, reason="Komputer rusak, salinan kemarin dipulihkan")
    assert name == "kpu-kabupaten-blora/tepat/resmi/2"
    number_all(by=system, at=now)
    assert sign_head(by=system, at=now).origin == name
    assert keeping.signer().verifier.public != old_key.public
    told = Event.objects.get(kind="publication.started-over").payload
    assert (told["before"], told["last"]) == (old_key.name, old_last)
    assert actions.start_over(by=system, at=now, reason="lagi").endswith("/resmi/3")


# People who are erased


def test_erasing_names_and_salts_leaves_everything_provable(office, system, now):
    person = add_person(by=system, at=now, contact=Contact("Sari"))
    number_all(by=system, at=now)
    sign_head(by=system, at=now)
    erase_person(by=system, at=now, person=person.pk)
    EventSalt.objects.all().delete()
    number_all(by=system, at=now)
    assert sign_head(by=system, at=now).size == Event.objects.count()
    assert list(faults()) == []
    assert "Sari" not in "".join(LogEntry.objects.values_list("entry", flat=True))


def test_a_name_that_a_restored_copy_brought_back_is_erased_again(office, system, now):
    person = add_person(by=system, at=now, contact=Contact("Sari", phone="08"))
    with transaction.atomic():
        erase_person(by=system, at=now, person=person.pk)
        note_erasures()
        transaction.set_rollback(True)
    assert VaultEntry.objects.get(person=person).name == "Sari"
    assert erase_again(by=system, at=now) == 1
    assert VaultEntry.objects.get(person=person).name == ""
    assert erase_again(by=system, at=now) == 0


# Beside the worker


def test_a_round_of_the_worker_numbers_signs_now_and_then_and_waits_for_an_office(office, system, now):
    assert background.tick(now) == Event.objects.count()
    assert Checkpoint.objects.count() == 1
    note_events(by=system, at=now, count=2)
    assert background.tick(now + timedelta(minutes=5)) == 2
    assert Checkpoint.objects.count() == 1
    background.tick(now + timedelta(minutes=11))
    background.tick(now + timedelta(minutes=22))
    assert Checkpoint.objects.count() == 2


def test_without_an_office_the_round_does_nothing(db, now):
    assert background.tick(now) == 0
    assert not (settings.TEPAT_FILES / keeping.FOLDER).exists()


def test_the_doctor_sees_an_unsigned_and_a_healthy_log(office, system, now):
    assert [check.state for check in checks()] == ["PERHATIKAN"]
    background.tick(NOW)
    assert [check.state for check in checks()] == ["AMAN"]
