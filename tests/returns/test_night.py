"""The night of the count: at 06.00 on H+1 exactly the sets that are not at their PPK, with who holds them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.conftest import CEPU, KUNDEN, make_somebody
from tests.publication.small_office import (
    NOON,
    OFFICE,
    hand_over,
    kpps,
    make_office,
    objects_of,
    register,
)

from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Account, Event, Office
from tepat.common.permissions import Role
from tepat.custody.timeline_states import Instant
from tepat.returns.actions import end_recap
from tepat.returns.reading import hours_of, loads, not_back, recaps_of, sets_on_the_way

HOUR = timedelta(hours=1)
SIX = datetime(2024, 2, 14, 23, 0, tzinfo=UTC)  # H+1 06.00 in Blora
NIGHT = SIX - 6 * HOUR
PPK, PPS = "ppk:33.16.09", f"pps:{KUNDEN}"


@pytest.fixture
def office(db, system):
    return make_office()


@pytest.fixture
def wahyu(db):
    return make_somebody("Wahyu", Role.PPK, "33.16.09")


@pytest.fixture
def night(office, sari, budi, wahyu):
    """TPS 001 of Kunden is at its PPK by 01.00; 002 is still with the village; Cepu's never left."""
    register(sari)
    ketua = kpps("Ketua", KUNDEN)
    for number in ("001", "002"):
        things = objects_of(f"091015-{number}")
        hand_over(sari, budi, PPS, things, NOON - timedelta(days=2))
        hand_over(budi, ketua, f"kpps:{KUNDEN}-{number}", things, NOON)
        hand_over(ketua, budi, PPS, things, NIGHT - 2 * HOUR)
    hand_over(budi, wahyu, PPK, objects_of("091015-001"), NIGHT + HOUR)
    return ketua


def sets(office, at=SIX, instant=None):
    hours = hours_of(office, Office.objects.get(), at)
    return sets_on_the_way(office, (OFFICE,), instant or Instant(), hours), hours


def test_at_six_exactly_the_sets_that_are_not_at_their_ppk_with_who_holds_them(office, night, budi, sari):
    away = not_back(sets(office)[0])
    assert {row.unit: (row.found.spot, row.found.holders) for row in away} == {
        "051014-001": ("belum", (str(sari.actor.person),)),
        "091015-002": ("pps", (str(budi.actor.person),)),
    }
    assert all(row.found.level == "gawat" for row in away), "boxes with results are missing"


def test_the_same_moment_can_be_asked_later(office, night, budi, wahyu):
    hand_over(budi, wahyu, PPK, objects_of("091015-002"), SIX + HOUR)
    now = [row.unit for row in not_back(sets(office, SIX + 3 * HOUR)[0])]
    then = [row.unit for row in not_back(sets(office, SIX, Instant(SIX))[0])]
    assert (now, sorted(then)) == (["051014-001"], ["051014-001", "091015-002"])


def test_boxes_may_leave_the_ppk_once_its_recapitulation_ended(office, night, wahyu, sari):
    rows, hours = sets(office)
    before = next(load for load in loads(rows, {}, hours) if load.area_code == "33.16.09")
    assert (before.boxes, before.bundles, before.recap) == (2, 1, None)
    end_recap(
        by=wahyu.actor,
        at=SIX + 30 * HOUR,
        area_code="33.16.09",
        election=office.code,
        minutes_number=" 12/BA ",
    )
    event = Event.objects.get(kind="returns.recap-ended")
    assert event.payload == {"election": "pemilu-2024", "minutes": "12/BA"}
    hand_over(wahyu, sari, "gudang:gudang-33.16", objects_of("091015-001"), SIX + 40 * HOUR)
    rows, hours = sets(office, SIX + 50 * HOUR)
    after = next(load for load in loads(rows, recaps_of(office), hours) if load.area_code == "33.16.09")
    assert (after.boxes, after.gone, after.early) == (0, 3, 0)
    assert after.recap is not None


def test_boxes_that_left_before_the_recapitulation_ended_are_shouted(office, night, wahyu, sari):
    hand_over(wahyu, sari, "gudang:gudang-33.16", objects_of("091015-001"), SIX + HOUR)
    rows, hours = sets(office, SIX + 5 * HOUR)
    load = next(load for load in loads(rows, {}, hours) if load.area_code == "33.16.09")
    assert load.early == 3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"minutes_number": "  "}, "RETURNS-RECAP-NUMBER"),
        ({"at": NOON}, "RETURNS-RECAP-EARLY"),
    ],
)
def test_a_recapitulation_that_cannot_have_ended_is_refused(office, wahyu, change, code):
    asked = {
        "by": wahyu.actor,
        "at": SIX,
        "area_code": "33.16.09",
        "election": office.code,
        "minutes_number": "12/BA",
    } | change
    with pytest.raises(Refused) as refused:
        end_recap(**asked)
    assert refused.value.code == code


def test_a_recapitulation_ends_once_and_a_village_cannot_end_it(office, wahyu, budi):
    asked = {"at": SIX, "area_code": "33.16.09", "election": office.code, "minutes_number": "12/BA"}
    with pytest.raises(NotAllowed):
        end_recap(by=budi.actor, **asked)
    end_recap(by=wahyu.actor, **asked)
    with pytest.raises(Refused, match="RETURNS-RECAP-ENDED"):
        end_recap(by=wahyu.actor, **asked)


def client_of(somebody):
    client = Client()
    client.force_login(Account.objects.get(username=somebody.username))
    return client


@pytest.fixture
def clock(monkeypatch):
    from tepat.returns.views import night as screens

    monkeypatch.setattr(screens, "now", lambda: SIX + 2 * HOUR)


def test_the_screens_of_the_night(office, night, wahyu, kasubbag, citra, clock):
    whole = client_of(kasubbag).get("/pengembalian/", {"per": "2024-02-15T06:00"}).content.decode()
    assert "Belum di PPK" in whole
    assert "belum ada bukti kembali" in whole
    ppk = client_of(wahyu)
    page = ppk.get("/pengembalian/kecamatan/33.16.09/").content.decode()
    assert "Catat selesai" in page
    done = ppk.post("/pengembalian/kecamatan/33.16.09/", {"number": "12/BA", "kunci": "a"})
    assert done.status_code == 302
    page = ppk.get("/pengembalian/kecamatan/33.16.09/").content.decode()
    assert "12/BA" in page
    assert "Catat selesai" not in page
    assert ppk.get("/pengembalian/kecamatan/33.16.05/").status_code == 404
    assert "Kunden" not in client_of(citra).get("/pengembalian/").content.decode()
    assert CEPU.startswith("33.16.05")


def test_an_empty_number_is_answered_on_the_same_page(office, night, wahyu, clock):
    answer = client_of(wahyu).post("/pengembalian/kecamatan/33.16.09/", {"number": " ", "kunci": "b"})
    assert answer.status_code == 409
    assert not Event.objects.filter(kind="returns.recap-ended").exists()
