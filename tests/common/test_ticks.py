"""What the worker does again and again: all stages take part, and trouble in one stops no other."""

import logging
import threading

import pytest

from tepat.common import ticks
from tepat.common.errors import Refused

rounds: list[str] = []
enough = threading.Event()


def good(_at):
    note("baik")


def note(word):
    rounds.append(word)
    if min(rounds.count("baik"), rounds.count("rusak")) >= 2:
        enough.set()


def bad(_at):
    note("rusak")
    raise Refused("JOBS-FULL", limit=1)


@pytest.fixture
def two(monkeypatch):
    rounds.clear()
    enough.clear()
    monkeypatch.setattr(ticks, "_registered", {})
    ticks.every(1, "yang rusak", f"{__name__}.bad")
    ticks.every(1, "yang baik", f"{__name__}.good")


def test_one_that_fails_says_so_once_and_stops_no_other(two, caplog):
    with caplog.at_level(logging.ERROR), ticks.beside():
        assert enough.wait(30)
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == ["yang rusak"]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(__name__)]


def test_the_stages_have_registered_theirs_and_each_can_be_loaded(db, now):
    words = {what.word for what in ticks.registered()}
    assert {"serah terima", "PIN", "catatan terbuka"} <= words
    for what in ticks.registered():
        what.tick()(now)
