"""What every office screen shows: rehearsal or not, the age of the last copy, the office, the days to go."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from tepat.common.clock import now
from tepat.common.copies import CopyAge, age_of_last_copy
from tepat.common.models import Election, Office
from tepat.common.screens import actor_at


@dataclass(frozen=True)
class Countdown:
    """How many days to polling, by the office's own calendar.

    Args:
        election: The election's name.
        days: Days to go; negative once it is over.
    """

    election: str
    days: int

    @property
    def text(self) -> str:
        """``H-12``, ``Hari H`` or ``H+3``."""
        if self.days == 0:
            return "Hari H"
        return f"H-{self.days}" if self.days > 0 else f"H+{-self.days}"


def countdown(office: Office, at: datetime) -> Countdown | None:
    """Return the days to the next polling day, or since the last one; None before there is any election."""
    today = at.astimezone(office.zone).date()
    next_one = Election.objects.filter(polling_date__gte=today).order_by("polling_date").first()
    election = next_one or Election.objects.order_by("polling_date").last()
    return Countdown(election.name, (election.polling_date - today).days) if election else None


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
