"""What a person may change in a plan: each change can be kept, undone and said in words."""

from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from tepat.distribution.problems import VehicleClass


class _Kept(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="apa"):
    """A part of a draft, kept as plain JSON; `apa` says which."""


class ToTrip(_Kept, frozen=True, kw_only=True, tag="perjalanan"):
    """Into a trip there is, as its nth stop; beyond its end means last."""

    trip: str
    position: int


class OwnTrip(_Kept, frozen=True, kw_only=True, tag="sendiri"):
    """On a trip of its own, after whatever this vehicle drives on this date."""

    vehicle: str
    date: date


class Move(_Kept, frozen=True, kw_only=True, tag="pindah"):
    """These sets leave their stop.

    Args:
        trip: Where they are now; empty: left behind by the plan.
        place: Their stop.
        units: All or some of its sets.
        to: Where they go.
    """

    trip: str
    place: str
    units: tuple[str, ...]
    to: ToTrip | OwnTrip


class SwapStops(_Kept, frozen=True, kw_only=True, tag="tukar-perhentian"):
    """Two stops of two trips change places, each with all its sets."""

    trip: str
    place: str
    other_trip: str
    other_place: str


class SwapVehicles(_Kept, frozen=True, kw_only=True, tag="tukar-kendaraan"):
    """Two trips change vehicles and people; each keeps its date."""

    trip: str
    other_trip: str


class PinUnits(_Kept, frozen=True, kw_only=True, tag="sematkan"):
    """These sets must come by this vehicle and/or on this date, and why."""

    units: tuple[str, ...]
    vehicle: str | None = None
    date: "date | None" = None
    reason: str


class UnpinUnits(_Kept, frozen=True, kw_only=True, tag="lepas"):
    """These sets may come by anything again."""

    units: tuple[str, ...]


class LockTrip(_Kept, frozen=True, kw_only=True, tag="kunci"):
    """A trip that stands from here on, to the letter."""

    trip: str


class UnlockTrip(_Kept, frozen=True, kw_only=True, tag="buka-kunci"):
    """A trip that this draft locked may change again."""

    trip: str


class Forbid(_Kept, frozen=True, kw_only=True, tag="larang"):
    """Vehicles of a class may not go to a place, and why."""

    place: str
    vehicle_class: VehicleClass
    reason: str


class Repaired(_Kept, frozen=True, kw_only=True, tag="perbaikan"):
    """What a search made of all changes before: two documents in the store, by their hashes."""

    problem_sha256: str
    plan_sha256: str


Change = Move | SwapStops | SwapVehicles | PinUnits | UnpinUnits | LockTrip | UnlockTrip | Forbid | Repaired


def plain(change: Change) -> dict[str, Any]:
    """Return a change as plain values, for JSON."""
    found: dict[str, Any] = msgspec.to_builtins(change)
    return found


def read(given: Any) -> Change:
    """Return a change from plain values.

    Raises:
        msgspec.ValidationError: They are none.
    """
    return msgspec.convert(given, Change)  # type: ignore[no-any-return]
