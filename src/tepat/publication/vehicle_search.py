"""What ``/`` finds of the published plan: the trips of a vehicle, by its plate or name."""

from collections.abc import Iterator

from django.urls import reverse

from tepat.common.finding import Found, searcher
from tepat.common.frame import Frame
from tepat.common.models import Election
from tepat.common.permissions import Permission
from tepat.common.tables import short_date
from tepat.distribution.archive import plan_of
from tepat.distribution.area_deliveries import published_plan

SIGNS_MIN = 3


def _plain(text: str) -> str:
    return "".join(text.upper().split())


@searcher
def vehicles(frame: Frame, asked: str) -> Iterator[Found]:
    """Find the planned trips of a vehicle, for those who may read the whole plan."""
    wanted = _plain(asked)
    if not frame.may(Permission.PLAN_READ) or len(wanted) < SIGNS_MIN:
        return
    for election in Election.objects.all():
        row = published_plan(election)
        if row is None:
            continue
        for trip in plan_of(row.sha256).trips:
            if wanted in _plain(trip.vehicle):
                yield Found(
                    trip.vehicle,
                    "perjalanan dalam rencana",
                    reverse("distribusi-rencana-perjalanan", args=[row.pk, trip.id]),
                    code=trip.id,
                    note=f"{short_date(trip.date)}, {election.name}",
                )
