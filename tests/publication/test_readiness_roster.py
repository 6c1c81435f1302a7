"""Kesiapan knows the roster: a trip whose person in charge is nobody, and who said yes to their duties."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.conftest import NOW
from tests.distribution.conftest import office, plans, solved
from tests.distribution.roster.conftest import plan, proposed
from tests.distribution.roster.test_roster_actions import published
from tests.distribution.screens import AREA

from tepat.common.acting import actor_of
from tepat.common.models import Office
from tepat.custody.timeline_states import Instant
from tepat.distribution.roster_actions import answer_own, set_seat
from tepat.distribution.roster_rows import roster_of
from tepat.publication.readiness import board, legs_of

__all__ = ["office", "plan", "plans", "proposed", "solved"]


@pytest.fixture
def election(proposed):
    return proposed.problem.election


def test_a_trip_whose_seat_is_empty_has_nobody_in_charge(proposed, office, election):
    published(proposed, office)
    roster = roster_of(proposed)
    trip = roster.plan.trips[0]
    units = [unit for stop in trip.stops for unit in stop.units]
    assert {legs_of(election)[unit].crew for unit in units} == {("in_charge", "deputy", "driver")}
    seat = f"{trip.id}:penanggung-jawab"
    set_seat(by=office["kul"].actor, at=NOW, plan=proposed.pk, seat=seat, person=None)
    assert {legs_of(election)[unit].crew for unit in units} == {("deputy", "driver")}


def test_who_said_yes_to_their_duties_is_ready(proposed, office, election):
    published(proposed, office)
    roster = roster_of(proposed)
    seat = next(one for one in roster.seats if one.part == "penerima")
    kept = Office.objects.get()

    def ready(at):
        rows = board(election, kept, (AREA,), Instant(), now=at)
        return next(row.evidence.ready for row in rows if row.area_code == seat.area_code)

    assert ready(NOW) == 0
    answer_own(by=actor_of(UUID(roster.given[seat.id]), NOW), at=NOW, plan=proposed.pk)
    assert ready(NOW + timedelta(minutes=1)) == 1
    set_seat(by=office["kul"].actor, at=NOW, plan=proposed.pk, seat=seat.id, person=None)
    assert ready(NOW + timedelta(minutes=2)) == 0
