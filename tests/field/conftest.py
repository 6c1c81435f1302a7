"""Phones in the hands of the people of every test, and the cards that make them theirs."""

from datetime import date, timedelta

import pytest
from tests.conftest import NOW, make_somebody
from tests.field.phones import Phone, by_client


@pytest.fixture
def clock(monkeypatch):
    """Let the doors of the field read the moment of the tests, or the one that a test sets."""
    from tepat.field import views

    said = {"now": NOW}
    monkeypatch.setattr(views, "now", lambda: said["now"])
    return said


@pytest.fixture
def office(db, system):
    from tepat.common.models import Election, Office

    Election.objects.create(
        code="pemilu-2024", name="Pemilu 2024", kind="pemilu", polling_date=date(2024, 2, 14), rule_set="x"
    )
    return Office.objects.create(code="33.16", name="KPU Blora", area_code="33.16", time_zone="Asia/Jakarta")


@pytest.fixture
def give_card(office, system):
    """Return a way to issue a card to somebody and get it as printed."""
    from tepat.common.models import Post
    from tepat.common.permissions import Role
    from tepat.custody.identity_actions import Wanted, issue_cards

    def give(somebody, *, days=20, again=False):
        post = Post.objects.get(person=somebody.actor.person)
        wanted = Wanted(
            post.area_code,
            (Role[post.role],),
            NOW - timedelta(days=1),
            NOW + timedelta(days=days),
            again=again,
        )
        cards = issue_cards(by=system, at=NOW, wanted=wanted)
        return next(card for card in cards if card.name == somebody.name)

    return give


@pytest.fixture
def new_phone(client, clock):
    """Return a way to get a new phone."""

    def take(**more):
        return Phone(by_client(client), lambda: clock["now"], **more)

    return take


@pytest.fixture
def with_phone(give_card, new_phone):
    """Return a way to put a bound phone into somebody's hands."""

    def give(somebody, **more):
        phone = new_phone(**more)
        assert phone.bind(give_card(somebody).code)[0] == 200
        return phone

    return give


@pytest.fixture
def budi_phone(budi, with_phone):
    return with_phone(budi)


@pytest.fixture
def sari_phone(sari, with_phone):
    return with_phone(sari)


@pytest.fixture
def wahyu(db):
    """Wahyu of the PPK in kecamatan Blora."""
    from tepat.common.permissions import Role

    return make_somebody("Wahyu", Role.PPK, "33.16.09")
