"""The office in which the screens of the ground are tested, its people, and how they look at a page."""

from datetime import date

import pytest
from django.test import Client
from tests.conftest import CEPU, KUNDEN, NOW, make_somebody

from tepat.common import event_views, office_views, people_views, supervision_views
from tepat.common.models import Account, Area, Office
from tepat.common.permissions import Role

VIEWS = (people_views, event_views, supervision_views, office_views)


@pytest.fixture
def office_clock(monkeypatch):
    """Let every screen read the moment of the tests."""
    from tepat.common import screens, table_answers

    for module in (*VIEWS, screens, table_answers):
        if hasattr(module, "now"):
            monkeypatch.setattr(module, "now", lambda: NOW)


@pytest.fixture
def office(db, system):
    """KPU Blora without its register: enough for the screens that need no areas."""
    return Office.objects.create(code="33.16", name="KPU Blora", area_code="33.16", time_zone="Asia/Jakarta")


@pytest.fixture
def areas(office):
    """The office with the two kecamatan and the two kelurahan of the people of every test."""
    for code, level, kind, name in (
        ("33.16", "kabkota", "kabupaten", "Blora"),
        ("33.16.05", "kecamatan", "", "Cepu"),
        (CEPU, "desa", "kelurahan", "Cepu"),
        ("33.16.09", "kecamatan", "", "Blora"),
        (KUNDEN, "desa", "kelurahan", "Kunden"),
    ):
        Area.objects.create(
            code=code,
            level=level,
            kind=kind,
            name=name,
            parent_code=code.rpartition(".")[0],
            valid_from=date(2024, 1, 1),
            source="uji",
        )
    return office


@pytest.fixture
def sekretaris(db):
    return make_somebody("Sekretaris", Role.SEKRETARIS, "33.16")


@pytest.fixture
def bawaslu(db):
    return make_somebody("Bambang", Role.BAWASLU, "33.16")


@pytest.fixture
def provinsi(db):
    return make_somebody("Prita", Role.PROVINSI, "33")


def signed_in(somebody) -> Client:
    client = Client()
    client.force_login(Account.objects.get(username=somebody.username))
    return client


def page(client, address, **asked) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200, (answer.status_code, answer.content[:400])
    return answer.content.decode()
