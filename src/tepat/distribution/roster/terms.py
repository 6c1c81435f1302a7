"""The terms of duty that come with Tepat, each with its source, and by when everybody has answered."""

import tomllib
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

import msgspec

from tepat.distribution.roster.shapes import Terms

HOUR_S = 3600
SATURDAY = 5


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many hours, and where that comes from."""

    hours: int
    source: str
    contoh: bool


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By when people have said that they will come."""

    days_before: int
    clock: str
    source: str
    contoh: bool


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `terms.toml`."""

    rest: Hours
    day: Hours
    answer: Answer


@cache
def settings() -> Settings:
    """Return the terms that come with Tepat."""
    text = (resources.files(__package__) / "terms.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Settings)


def terms() -> Terms:
    """Return how long people work."""
    read = settings()
    return Terms(rest_s_min=read.rest.hours * HOUR_S, day_s_max=read.day.hours * HOUR_S)


def answer_by(polling: date, zone: ZoneInfo) -> datetime:
    """Return by when everybody has answered: H-14, or the last working day before it.

    Args:
        polling: Polling day.
        zone: The office's zone.
    """
    read = settings().answer
    day = polling - timedelta(days=read.days_before)
    while day.weekday() >= SATURDAY:
        day -= timedelta(days=1)
    return datetime.combine(day, time.fromisoformat(read.clock), zone)
