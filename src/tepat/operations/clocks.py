"""Whether this machine's clock can be right: it never lies before what has already been written down."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Max

from tepat.common.models import Event, Office
from tepat.common.quantities import grouped
from tepat.common.tables import moment

CLOCK_BEHIND_S_MAX = 120
"""Seconds by which the clock may lie before the newest event: two machines may differ by as much."""


def clock_fault(at: datetime) -> str:
    """Return in a sentence how far the clock lies before the newest event; empty where it does not.

    Args:
        at: This moment by the machine's clock.
    """
    newest = Event.objects.aggregate(last=Max("recorded_at"))["last"]
    behind_s = int((newest - at).total_seconds()) if newest else 0
    if behind_s <= CLOCK_BEHIND_S_MAX:
        return ""
    office = Office.objects.first()
    zone = office.zone if office else ZoneInfo("Asia/Jakarta")
    return (
        f"jam komputer {moment(at, zone)} tertinggal {_span(behind_s)} dari peristiwa terakhir "
        f"({moment(newest, zone)})"
    )


def _span(seconds: int) -> str:
    for unit, length in (("hari", 86_400), ("jam", 3600)):
        if seconds >= length:
            return f"{grouped(seconds // length)} {unit}"
    return f"{seconds // 60} menit"
