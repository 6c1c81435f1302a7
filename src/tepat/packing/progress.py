"""How far packing is: by kecamatan, by desa, by day, and how fast it has to go."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from tepat.packing.models import PackedObject, PackingSet

KECAMATAN_CHARACTERS = len("33.16.01")
DAYS_SHOWN = 7
READY_DAYS_BEFORE = 7  # our own margin: what is packed later has to be loaded on the day it is closed
State = PackingSet.State


@dataclass
class Progress:
    """Sets of one area by their state.

    Args:
        code: The area.
        states: Sets by state.
        changed: Sets whose needs changed after packing began.
    """

    code: str
    states: Counter[str] = field(default_factory=Counter)
    changed: int = 0

    @property
    def total(self) -> int:
        """All sets."""
        return sum(self.states.values())

    @property
    def complete(self) -> int:
        """Sets that are complete and sealed."""
        return self.states[State.COMPLETE]

    @property
    def share_basis_points(self) -> int:
        """Complete sets in parts of 10,000."""
        return self.complete * 10_000 // self.total if self.total else 0

    @property
    def state(self) -> str:
        """The key of the state that a table shows: complete, under way, or nothing yet."""
        if self.total and self.complete == self.total and not self.changed:
            return "aman"
        return "perhatikan" if self.complete or self.states[State.BEGUN] else "belum"

    @property
    def word(self) -> str:
        """The state in words."""
        if self.changed:
            return "KEBUTUHAN BERUBAH"
        return {"aman": "LENGKAP", "perhatikan": "BERJALAN", "belum": "BELUM DIMULAI"}[self.state]


def by_area(rows: "QuerySet[PackingSet]", characters: int) -> dict[str, Progress]:
    """Return the progress of each area, by the first characters of its code.

    Args:
        rows: The sets.
        characters: 8 for kecamatan, 13 for desa.
    """
    found: dict[str, Progress] = {}
    counted = rows.order_by().values_list("area_code", "state", "needs_changed").annotate(sets=Count("pk"))
    for area_code, state, changed, sets in counted:
        code = area_code[:characters]
        progress = found.setdefault(code, Progress(code))
        progress.states[state] += sets
        progress.changed += sets if changed else 0
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class Pace:
    """How fast sets become complete.

    Args:
        by_day: Sets completed on each of the last days, the newest last.
        left: Sets still to be completed.
        ready_date: The day by which all should be, or None once it is past.
        days_left: Days until then, today included.
    """

    by_day: Mapping[date, int]
    left: int
    ready_date: date | None
    days_left: int

    @property
    def today(self) -> int:
        """Sets completed today."""
        return list(self.by_day.values())[-1]

    @property
    def best_lately(self) -> int:
        """The most on one of the last days: what these tables can do."""
        return max(self.by_day.values())

    @property
    def needed(self) -> int | None:
        """Sets a day that are needed from today on, rounded up; None once the day is past."""
        return -(-self.left // self.days_left) if self.days_left else None

    @property
    def state(self) -> str:
        """Whether it is enough."""
        if not self.left:
            return "aman"
        if not any(self.by_day.values()):
            return "belum"
        return "aman" if self.needed is not None and self.best_lately >= self.needed else "perhatikan"


def pace(rows: "QuerySet[PackingSet]", *, today: date, polling: date, zone: ZoneInfo) -> Pace:
    """Return how fast sets become complete, and how fast they must.

    Args:
        rows: The sets.
        today: The office's date.
        polling: H.
        zone: The office's zone.
    """
    days = {today - timedelta(days=back): 0 for back in range(DAYS_SHOWN - 1, -1, -1)}
    for at in rows.filter(completed_at__isnull=False).values_list("completed_at", flat=True):
        assert at is not None
        day = at.astimezone(zone).date()
        if day in days:
            days[day] += 1
    ready = polling - timedelta(days=READY_DAYS_BEFORE)
    left = rows.exclude(state=State.COMPLETE).count()
    return Pace(days, left, ready if ready >= today else None, max(0, (ready - today).days + 1))


def box_states(rows: "QuerySet[PackedObject]") -> dict[str, int]:
    """Return how many boxes and bundles there are in each state."""
    counted = rows.order_by().values_list("state").annotate(count=Count("pk"))
    return dict.fromkeys(PackedObject.State.values, 0) | dict(counted)
