"""What stands on every office screen."""

from datetime import UTC, date, datetime

import pytest

from tepat.common.context import countdown
from tepat.common.models import Election, Office


@pytest.fixture
def blora(db):
    for code, day in (("pemilu-2024", date(2024, 2, 14)), ("pilkada-2024", date(2024, 11, 27))):
        Election.objects.create(code=code, name=code, kind="x", polling_date=day, rule_set=code)
    return Office.objects.create(code="33.16", name="KPU Blora", area_code="33.16", time_zone="Asia/Jakarta")


@pytest.mark.parametrize(
    ("at", "election", "text"),
    [
        (datetime(2024, 2, 1, 3, 0, tzinfo=UTC), "pemilu-2024", "H-13"),
        (datetime(2024, 2, 12, 16, 59, tzinfo=UTC), "pemilu-2024", "H-2"),
        (datetime(2024, 2, 12, 17, 0, tzinfo=UTC), "pemilu-2024", "H-1"),
        (datetime(2024, 2, 14, 16, 0, tzinfo=UTC), "pemilu-2024", "Hari H"),
        (datetime(2024, 2, 14, 17, 0, tzinfo=UTC), "pilkada-2024", "H-286"),
        (datetime(2024, 11, 30, 3, 0, tzinfo=UTC), "pilkada-2024", "H+3"),
        (datetime(2025, 1, 1, 3, 0, tzinfo=UTC), "pilkada-2024", "H+35"),
        (datetime(2025, 1, 2, 3, 0, tzinfo=UTC), "pilkada-2024", "27 Nov 2024, sudah lewat 36 hari"),
        (datetime(2027, 9, 6, 3, 0, tzinfo=UTC), "pilkada-2024", "27 Nov 2024, sudah lewat 1.013 hari"),
    ],
)
def test_h_minus_n_is_a_date_of_the_office_s_own_zone(blora, at, election, text):
    found = countdown(blora, at)
    assert (found.election, found.text) == (election, text)


def test_no_election_no_countdown(db):
    office = Office(code="33.16", name="x", area_code="33.16", time_zone="Asia/Jakarta")
    assert countdown(office, datetime(2024, 1, 1, tzinfo=UTC)) is None


def test_every_screen_is_told_the_age_of_the_copy(db, client):
    shown = client.get("/masuk/").context["backup"]
    assert (shown.state, shown.text) == ("GAWAT", "belum pernah")


def test_a_rehearsal_says_so_on_every_screen(db, client, settings):
    settings.LATIHAN = True
    assert "LATIHAN" in client.get("/masuk/").content.decode().upper()
