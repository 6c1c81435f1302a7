"""`plan.json`: who drives what where and when, who answers for it, what it costs. See docs/formats.md."""

from datetime import date, datetime
from typing import Literal

from tepat.distribution.problems import Document

PLAN_VERSION = 1


class Solver(Document, frozen=True, kw_only=True):
    """What made the plan; the same seed, iterations and wheel give the same bytes."""

    name: str
    version: str
    seed: int
    iterations: int | None
    seconds: int | None


class Stop(Document, frozen=True, kw_only=True):
    """One halt of a trip. Unloading lasts from `unload_at` to `done_at`; the vehicle leaves at `done_at`."""

    place: str
    arrive_at: datetime
    unload_at: datetime
    done_at: datetime
    units: tuple[str, ...]


class Trip(Document, frozen=True, kw_only=True):
    """One round of a vehicle: loaded at `origin` from `load_at`, back there at `return_at`."""

    id: str
    vehicle: str
    date: date
    origin: str
    load_at: datetime
    depart_at: datetime
    stops: tuple[Stop, ...]
    return_at: datetime
    distance_m: int
    driver: str | None
    in_charge: str | None
    deputy: str | None
    escort: str | None
    load_order: tuple[str, ...] = ()


class Delivery(Document, frozen=True, kw_only=True):
    """The leg PPS to KPPS of one TPS set. `team` counts from 1 within the PPS."""

    unit: str
    team: int
    start_at: datetime
    done_at: datetime


class Unserved(Document, frozen=True, kw_only=True):
    """A unit that the plan leaves behind, with the rule that stopped it."""

    unit: str
    code: str
    reason: str


class CostLine(Document, frozen=True, kw_only=True):
    """One line of the bill: `quantity` in the price's unit (metres for `vehicle_km`)."""

    price: str
    label: str
    quantity: int
    rupiah: int
    amount_rupiah: int
    payer: str
    account: str
    contoh: bool


class Totals(Document, frozen=True, kw_only=True):
    cost_rupiah: int
    distance_m: int
    vehicle_days: int
    trips: int
    handovers: int
    guard_nights: int
    units_served: int
    units_unserved: int
    last_ppk_at: datetime | None
    last_pps_at: datetime | None
    last_kpps_at: datetime | None
    slack_s: int | None


class Plan(Document, frozen=True, kw_only=True):
    schema: Literal["tepat/plan"]
    schema_version: int
    problem_id: str
    problem_sha256: str
    strategy: str
    solver: Solver
    trips: tuple[Trip, ...]
    deliveries: tuple[Delivery, ...]
    unserved: tuple[Unserved, ...]
    costs: tuple[CostLine, ...]
    totals: Totals
