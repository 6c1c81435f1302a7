"""The days H-6 to H-1 and the hours of vehicles and places, in the office's time zone."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec

from tepat.distribution.problems import Day, Interval, LastMile, Weather

FIRST_DAY = 6
"""Days before H on which the first truck may leave."""

FRIDAY = 4
QUIET_DAYS = 3
TARGET = time(18)
MIDNIGHT = "24:00"


class Hours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When something is open, every day from H-6 to H-1.

    Args:
        opens: Local time, such as ``07:00``.
        closes: Local time; ``24:00`` is the end of the day.
        closes_last: Another closing time on H-1.
        breaks: Meals and prayers are rest.
        last_day_only: Only on H-1.
    """

    opens: str
    closes: str
    closes_last: str | None = None
    breaks: bool = False
    last_day_only: bool = False


class Breaks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rest in local time; the Friday prayer takes the place of the first break of the day."""

    daily: tuple[tuple[str, str], ...]
    friday: tuple[str, str]


class LastMileSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How PPS hand over to KPPS.

    Args:
        handover_s: One hand-over with the way there, in seconds.
        teams_min: Teams of each PPS; it has three members.
        done_within_s: Working seconds in which the largest PPS should be done; more teams where it is not.
    """

    handover_s: int
    teams_min: int
    done_within_s: int


class CalendarSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`calendar.toml`: hours, breaks, zones and holidays, editable by the office."""

    last_mile: LastMileSettings
    breaks: Breaks
    hours: dict[str, Hours]
    zones: dict[str, tuple[str, ...]]
    holidays: dict[str, str]


@cache
def calendar_settings() -> CalendarSettings:
    """Return the settings that come with Tepat."""
    text = (resources.files(__package__) / "calendar.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), CalendarSettings)


@dataclass(frozen=True)
class Calendar:
    """The days and hours of one distribution.

    Args:
        zone: The office's IANA zone.
        polling_date: H, a local date.
        days: H-6 to H-1 with their weather and notes.
        hours: Named lists of intervals in UTC.
        law_at: The end of H-1.
        target_at: 18.00 on H-1.
    """

    zone: ZoneInfo
    polling_date: date
    days: tuple[Day, ...]
    hours: dict[str, tuple[Interval, ...]]
    law_at: datetime
    target_at: datetime

    def dates(self, first: int, last: int) -> tuple[date, ...]:
        """Return the dates from H-first to H-last, both included."""
        return tuple(self.polling_date - timedelta(days=before) for before in range(first, last - 1, -1))

    @property
    def all_dates(self) -> tuple[date, ...]:
        """H-6 to H-1."""
        return tuple(day.date for day in self.days)

    def work_s(self, hours: str) -> int:
        """Return the seconds within named hours on an average day of them, rounded down."""
        spans = self.hours[hours]
        total = sum(int((span.closes_at - span.opens_at).total_seconds()) for span in spans)
        return total // max(1, len({span.opens_at.astimezone(self.zone).date() for span in spans}))


def zone_of(province: str) -> str:
    """Return the IANA zone of a province by its two digits.

    Args:
        province: Such as ``33``.
    """
    return next(name for name, provinces in calendar_settings().zones.items() if province[:2] in provinces)


def make_calendar(
    province: str, polling_date: date, *, weather: Mapping[date, Weather] | None = None
) -> Calendar:
    """Return the calendar of one distribution.

    Args:
        province: The office's province; it decides the zone.
        polling_date: H.
        weather: The days on which other weather than ``kering`` is expected.
    """
    settings = calendar_settings()
    zone = ZoneInfo(zone_of(province))
    dates = [polling_date - timedelta(days=before) for before in range(FIRST_DAY, 0, -1)]
    wet = weather or {}
    return Calendar(
        zone=zone,
        polling_date=polling_date,
        days=tuple(
            Day(date=day, weather=wet.get(day, "kering"), note=_note(day, polling_date, settings))
            for day in dates
        ),
        hours={
            name: tuple(
                span
                for day in (dates[-1:] if hours.last_day_only else dates)
                for span in _intervals(hours, day, last=day == dates[-1], breaks=settings.breaks, zone=zone)
            )
            for name, hours in settings.hours.items()
        },
        law_at=_moment(dates[-1], MIDNIGHT, zone),
        target_at=datetime.combine(dates[-1], TARGET, tzinfo=zone).astimezone(UTC),
    )


def last_mile(tps_of_largest_pps: int) -> LastMile:
    """Return how PPS hand over to KPPS: with so many teams that the largest PPS can be done on H-1.

    Args:
        tps_of_largest_pps: TPS of the largest desa.
    """
    settings = calendar_settings().last_mile
    each = settings.done_within_s // settings.handover_s
    teams = max(settings.teams_min, -(-tps_of_largest_pps // each))
    return LastMile(hours="kpps", teams=teams, handover_s=settings.handover_s)


def _note(day: date, polling_date: date, settings: CalendarSettings) -> str:
    notes = [settings.holidays.get(day.isoformat(), "")]
    if day.weekday() == FRIDAY:
        first, last = settings.breaks.friday
        notes.append(f"Jumat: jeda salat {first.replace(':', '.')}–{last.replace(':', '.')}")
    if (polling_date - day).days <= QUIET_DAYS:
        notes.append("Masa tenang")
    return "; ".join(note for note in notes if note)


def _intervals(hours: Hours, day: date, *, last: bool, breaks: Breaks, zone: ZoneInfo) -> list[Interval]:
    """Cut a day's hours at its breaks."""
    closes = hours.closes_last if last and hours.closes_last else hours.closes
    cuts = list(breaks.daily) if hours.breaks else []
    if cuts and day.weekday() == FRIDAY:
        cuts[0] = breaks.friday
    edges = [
        (hours.opens, hours.opens),
        *((a, min(b, closes)) for a, b in cuts if a < closes),
        (closes, closes),
    ]
    return [
        Interval(opens_at=_moment(day, opens, zone), closes_at=_moment(day, shuts, zone))
        for (_, opens), (shuts, _) in pairwise(edges)
        if opens < shuts
    ]


def _moment(day: date, clock: str, zone: ZoneInfo) -> datetime:
    if clock == MIDNIGHT:
        return datetime.combine(day + timedelta(days=1), time(0), tzinfo=zone).astimezone(UTC)
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=zone).astimezone(UTC)
