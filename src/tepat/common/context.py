"""What every office screen shows: rehearsal or not, the age of the last copy, the office, the days to go."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from tepat.common.clock import now
from tepat.common.copies import CopyAge, age_of_last_copy
from tepat.common.models import Election, Office
from tepat.common.quantities import grouped
from tepat.common.screens import actor_at
from tepat.common.tables import short_date

# The count and its recapitulation last 35 days in the law; after that nobody counts from the day any more.
DAYS_COUNTED_AFTER = 35


@dataclass(frozen=True)
class Countdown:
    """How many days to polling, by the office's own calendar.

    Args:
        election: The election's name.
        polling_date: Its day.
        today: Today, by that calendar.
    """

    election: str
    polling_date: date
    today: date

    @property
    def text(self) -> str:
        """``H-12``, ``Hari H``, ``H+3``; long after it, ``14 Feb 2024, sudah lewat 1.013 hari``."""
        days = (self.polling_date - self.today).days
        if days == 0:
            return "Hari H"
        if days < -DAYS_COUNTED_AFTER:
            return f"{short_date(self.polling_date)}, sudah lewat {grouped(-days)} hari"
        return f"H-{days}" if days > 0 else f"H+{-days}"


def countdown(office: Office, at: datetime) -> Countdown | None:
    """Return the days to the next polling day, or since the last one; None before there is any election."""
    today = at.astimezone(office.zone).date()
    next_one = Election.objects.filter(polling_date__gte=today).order_by("polling_date").first()
    election = next_one or Election.objects.order_by("polling_date").last()
    return Countdown(election.name, election.polling_date, today) if election else None


def office(request: HttpRequest) -> dict[str, Any]:
    """Return `latihan`, `office`, `countdown`, `backup` and `actor` for every template."""
    at = now()
    found = Office.objects.first()
    copy: CopyAge = age_of_last_copy(settings.BACKUPS_DIR, at)
    return {
        "latihan": settings.LATIHAN,
        "office": found,
        "countdown": countdown(found, at) if found else None,
        "backup": copy,
        "actor": actor_at(request),
    }
