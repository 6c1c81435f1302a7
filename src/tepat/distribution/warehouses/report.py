"""`warehouses.json`: every set with its cost or why it was not routed, and what would change the choice."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from tepat.distribution.warehouses.sets import Members

REPORT_VERSION = 1

State = Literal["dihitung", "tidak-lengkap", "dilewati", "tidak-muat", "tidak-terjangkau", "gagal"]
"""Routed; routed, but with sets left behind; proved dearer; too small; out of reach; broke down."""


class Holding(Struct, frozen=True, kw_only=True):
    """What one warehouse of a set serves and holds.

    Args:
        warehouse: Its id.
        places: Places it serves.
        boxes: Boxes that leave it.
        peak_date: The fullest day.
        peak_boxes: Boxes that morning.
        box_ml: Their volume.
        loose_ml: What lies beside them.
        needs_m2: The floor that takes.
        usable_m2: The floor there is; None = not surveyed.
        loading_most: Vehicles that load at the same time at most.
        loading_at: When that first is so.
        docks: Vehicles that can load at once; None = not surveyed.
        dock_percent: The share of all docks' opening hours that loading takes on the busiest day; None = not
            surveyed.
    """

    warehouse: str
    places: tuple[str, ...]
    boxes: int
    peak_date: date
    peak_boxes: int
    box_ml: int
    loose_ml: int
    needs_m2: int
    usable_m2: int | None
    loading_most: int
    loading_at: datetime | None
    docks: int | None
    dock_percent: int | None


class SetResult(Struct, frozen=True, kw_only=True):
    """One set of warehouses.

    Args:
        name: Its short name, such as ``gudang-1+3``.
        members: Its warehouses.
        state: What became of it.
        floor_rupiah: What no plan of it goes below; None where that could not be proved.
        warehouse_rupiah: Rent, repair and guards of its warehouses.
        cost_rupiah: Its bill; None where it was not routed to the end.
        by_basis: The bill by what it counts.
        distance_m: Metres driven.
        vehicle_days: Vehicle-days.
        trips: Trips.
        last_pps_at: When the last PPS has its goods.
        slack_s: Seconds between the last hand-over and the office's target.
        left: Sets of goods left behind.
        reason: Why it was not routed, or is not whole, in words.
        code: The code of that reason.
        holdings: What each of its warehouses serves and holds.
        problem_sha256: The problem of the set.
        plan_sha256: Its plan.
        seconds: Wall seconds spent on it.
    """

    name: str
    members: Members
    state: State
    floor_rupiah: int | None
    warehouse_rupiah: int
    cost_rupiah: int | None = None
    by_basis: dict[str, int] = {}
    distance_m: int = 0
    vehicle_days: int = 0
    trips: int = 0
    last_pps_at: datetime | None = None
    slack_s: int | None = None
    left: int = 0
    reason: str = ""
    code: str = ""
    holdings: tuple[Holding, ...] = ()
    problem_sha256: str = ""
    plan_sha256: str = ""
    seconds: float = 0.0


class Aside(Struct, frozen=True, kw_only=True):
    """A candidate that is not compared, and why."""

    warehouse: str
    name: str
    code: str
    reason: str


class Flip(Struct, frozen=True, kw_only=True):
    """What one number would have to become for another set to win.

    Args:
        about: ``gudang``, ``jarak``, ``hari``, ``jaga`` or ``banjir``.
        subject: The warehouse, where it is about one.
        now: The number now, in rupiah, or in percent of today's price.
        value: The number at which it flips; None = whatever it becomes, the choice stays.
        winner: The set that wins beyond it.
        rises: Whether it has to rise to get there.
        proved: Whether even sets that were skipped cannot win earlier.
        says: The same in words.
    """

    about: Literal["gudang", "jarak", "hari", "jaga", "banjir"]
    subject: str
    now: int
    value: int | None
    winner: str
    rises: bool
    proved: bool
    says: str


class WarehouseReport(Struct, frozen=True, kw_only=True):
    """The answer; see docs/decisions/0017-warehouses.md.

    Args:
        schema: Always the same.
        schema_version: Of this document.
        problem_sha256: The problem of all candidates.
        strategy: The strategy whose path, vehicles and dates were used.
        seed: Of the searches.
        seconds: Seconds of search for each set; None where iterations were counted.
        iterations: Iterations of each search; None where seconds were.
        candidates: All candidates' ids and names.
        asides: Those that were not compared.
        sets: Every set, the cheapest first, then what was not routed to the end.
        flips: What would change the choice.
        why: Why this set, in words.
    """

    schema: Literal["tepat/warehouses"]
    schema_version: int
    problem_sha256: str
    strategy: str
    seed: int
    seconds: float | None
    iterations: int | None
    candidates: dict[str, str]
    asides: tuple[Aside, ...]
    sets: tuple[SetResult, ...]
    flips: tuple[Flip, ...]
    why: tuple[str, ...]

    @property
    def ranked(self) -> tuple[SetResult, ...]:
        """The sets that were routed to the end, the cheapest first."""
        return tuple(each for each in self.sets if each.state == "dihitung")

    @property
    def winner(self) -> SetResult | None:
        """The cheapest set; None where none serves everything."""
        return next(iter(self.ranked), None)
