"""`problem.json`: all that a planner may know about one distribution; each field: docs/formats.md.

The document is the seam between the office's database and any solver: it can be solved on a laptop, a cluster
or in a notebook and checked by anyone, without a server. Moments are UTC, quantities whole numbers.
"""

from datetime import date, datetime
from typing import Literal

from msgspec import UNSET, Struct, UnsetType, field

PROBLEM_VERSION = 1

PlaceKind = Literal["gudang", "ppk", "pps"]
VehicleClass = Literal["truk", "pikap", "motor"]
Weather = Literal["kering", "hujan"]
Path = Literal["langsung", "lewat-ppk"]
UnitKind = Literal["tps", "pps", "ppk"]
Basis = Literal[
    "vehicle_day",
    "vehicle_km",
    "vehicle_box",
    "unload_box",
    "guard_night",
    "box_night",
    "late_set_day",
    "warehouse",
    "escort_trip",
    "tps_delivery",
    "handover",
]


class Document(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a document: unknown fields are refused, so that a misspelt one is never silently dropped."""


class Office(Document, frozen=True, kw_only=True):
    code: str
    name: str
    time_zone: str


class Election(Document, frozen=True, kw_only=True):
    code: str
    name: str
    polling_date: date


class Day(Document, frozen=True, kw_only=True):
    """One day on which vehicles may drive."""

    date: date
    weather: Weather = "kering"
    note: str = ""


class Interval(Document, frozen=True, kw_only=True):
    opens_at: datetime
    closes_at: datetime


class WarehouseFacts(Document, frozen=True, kw_only=True):
    """What the survey of a candidate warehouse found; None = not yet known.

    `stack_mm`, how high boxes may stand, is left out where nobody gave it: old problems keep their hash.
    """

    usable_m2: int | None = None
    gate_class: VehicleClass | None = None
    flood: str = ""
    cctv: bool | None = None
    fire_extinguisher: bool | None = None
    guards: int | None = None
    stack_mm: int | UnsetType = UNSET


class Place(Document, frozen=True, kw_only=True):
    id: str
    kind: PlaceKind
    code: str
    name: str
    lat: float
    lon: float
    parent: str | None = None
    hours: str
    access: tuple[VehicleClass, ...]
    stop_s: int = 0
    boxes_max: int | None = None
    docks: int | None = None
    warehouse: WarehouseFacts | None = None
    note: str = ""


class MatrixFile(Document, frozen=True, kw_only=True):
    """A travel matrix beside the problem, `.npy` int32 (2, N, N): seconds and metres; -1 = no road."""

    vehicle_class: VehicleClass
    weather: Weather
    file: str
    sha256: str
    source: str
    error_low_percent: int
    error_high_percent: int


class Bed(Document, frozen=True, kw_only=True):
    """Where boxes stand in a vehicle: its floor, the height a load may have, and how many layers.

    `contoh` is true while nobody measured it; `source` says where the measures come from.
    """

    length_mm: int
    width_mm: int
    height_mm: int
    layers_max: int
    contoh: bool = False
    source: str = ""


class VehicleType(Document, frozen=True, kw_only=True, omit_defaults=True):
    """What vehicles of one type hold. A bed that nobody gave is left out, so old problems keep their hash."""

    id: str
    name: str
    vehicle_class: VehicleClass
    boxes_max: int
    volume_ml_max: int
    weight_g_max: int
    load_fixed_s: int
    load_s_per_box: int
    unload_s_per_box: int
    owner: str
    bed: Bed | None = None


class Vehicle(Document, frozen=True, kw_only=True):
    """One vehicle. `home` None: it starts and ends at an open warehouse of the strategy."""

    id: str
    type: str
    home: str | None
    hours: str
    dates: tuple[date, ...]
    driver: str | None = None
    in_charge: str | None = None
    deputy: str | None = None
    escort: str | None = None


class Person(Document, frozen=True, kw_only=True):
    """A person by a random id; `label` says the post, never a name."""

    id: str
    label: str


class Escort(Document, frozen=True, kw_only=True):
    id: str
    label: str
    phone: str | None = None


class Loose(Document, frozen=True, kw_only=True):
    item: str
    name: str
    count: int


class Unit(Document, frozen=True, kw_only=True):
    """What is never split: the set of one TPS, of one PPS or of one PPK, with all its goods."""

    id: str
    kind: UnitKind
    place: str
    boxes: int
    volume_ml: int
    weight_g: int
    voters: int = 0
    tps: str = ""
    loose: tuple[Loose, ...] = ()
    origin: str | None = None
    ready_at: datetime | None = None
    due_at: datetime | None = None


class LastMile(Document, frozen=True, kw_only=True):
    """PPS to KPPS on H-1: teams of each PPS hand over one TPS after another."""

    hours: str
    teams: int
    handover_s: int


class Price(Document, frozen=True, kw_only=True):
    id: str
    label: str
    basis: Basis
    unit: str
    rupiah: int
    applies_to: tuple[str, ...] = ()
    payer: str
    account: str
    contoh: bool
    source: str = ""


class Rules(Document, frozen=True, kw_only=True):
    escort_required: bool = False
    rest_s_min: int = 8 * 3600
    docks_apply: bool = False


class Strategy(Document, frozen=True, kw_only=True):
    """One way to distribute; plans are compared strategy by strategy on identical prices."""

    name: str
    title: str
    warehouses: tuple[str, ...]
    path: Path
    path_by_place: dict[str, Path] = field(default_factory=dict)
    vehicles: tuple[str, ...]
    dates_by_origin: dict[PlaceKind, tuple[date, ...]]
    date_by_place: dict[str, date] = field(default_factory=dict)
    baseline: bool = False
    note: str = ""


class Pin(Document, frozen=True, kw_only=True):
    """What a planner must keep: this unit by this vehicle and/or on this date and/or over this path."""

    unit: str
    vehicle: str | None = None
    date: "date | None" = None
    path: Path | None = None
    reason: str = ""


class Lock(Document, frozen=True, kw_only=True):
    """A trip that has left or was promised: it must stand in the plan unchanged."""

    trip: str
    sha256: str


class Problem(Document, frozen=True, kw_only=True):
    schema: Literal["tepat/problem"]
    schema_version: int
    id: str
    title: str
    contoh: tuple[str, ...]
    office: Office
    election: Election
    law_at: datetime
    target_at: datetime
    days: tuple[Day, ...]
    hours: dict[str, tuple[Interval, ...]]
    places: tuple[Place, ...]
    matrices: tuple[MatrixFile, ...]
    vehicle_types: tuple[VehicleType, ...]
    vehicles: tuple[Vehicle, ...]
    people: tuple[Person, ...]
    escorts: tuple[Escort, ...]
    units: tuple[Unit, ...]
    last_mile: LastMile
    prices: tuple[Price, ...]
    rules: Rules
    strategies: tuple[Strategy, ...]
    pins: tuple[Pin, ...] = ()
    locks: tuple[Lock, ...] = ()
