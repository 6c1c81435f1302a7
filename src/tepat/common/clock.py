"""The one place that reads the clock, for views, commands and jobs; rules and actions are handed the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)  # noqa: TID251 -- this is the door that the ban leads to
