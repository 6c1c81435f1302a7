"""A small office with a log, and the folder it publishes."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import NOW

from tepat.common import ledger
from tepat.common.acting import action
from tepat.common.models import Office
from tepat.common.permissions import Permission

NOTED = ledger.kind("uji.log-noted")


@action(Permission.REGISTER_EDIT)
def note_events(*, by, at, count: int, objects: tuple = (), place: str = "", first: int = 0) -> int:
    """Record some events that name a box each, beside the objects given."""
    for number in range(first, first + count):
        names = (f"kotak:{number % 40}", *objects)
        ledger.record(NOTED, {"n": number}, by=by, at=at, about=ledger.About(objects=names, place=place))
    return count


@pytest.fixture
def office(db, system):
    """KPU Blora, with a handful of events."""
    found = Office.objects.create(
        code="33.16", name="KPU Kabupaten Blora", area_code="33.16", time_zone="Asia/Jakarta"
    )
    note_events(by=system, at=NOW, count=5, place="33.16.09.1015")
    return found


@pytest.fixture
def published(office, system, tmp_path) -> Path:
    """What an office with 600 events published: more than two tiles."""
    from tepat.publication.publishing import publish

    note_events(by=system, at=NOW, count=595, objects=("TPS-33.16.09.1015-001",), first=5)
    folder = tmp_path / "terbit"
    publish(folder, by=system, at=NOW + timedelta(hours=1))
    return folder


@pytest.fixture
def copy_of(tmp_path):
    """Return a way to copy a folder, to be spoiled."""

    def copy(folder: Path, name: str = "salinan") -> Path:
        return Path(shutil.copytree(folder, tmp_path / name))

    return copy
