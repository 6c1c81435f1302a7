"""Changes in the words of the office."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from tepat.distribution.editing.changes import (
    Change,
    Forbid,
    LockTrip,
    Move,
    PinUnits,
    Repaired,
    SwapStops,
    SwapVehicles,
    ToTrip,
    UnlockTrip,
    UnpinUnits,
)
from tepat.distribution.problems import Pin, Problem

SETS_NAMED_MAX = 3
"""Sets that are named one by one; more are counted."""


class Names:
    """What places and sets of a problem are called.

    Args:
        problem: The problem.
    """

    def __init__(self, problem: Problem) -> None:
        self.places = {place.id: place.name for place in problem.places}
        self.units = {unit.id: unit for unit in problem.units}

    def place(self, name: str) -> str:
        """Return what people call a place: without the word PPS."""
        return self.places.get(name, name).removeprefix("PPS ")

    def sets(self, units: Iterable[str]) -> str:
        """Return sets in words: named while they are few, else counted, with their place."""
        known = [self.units[unit] for unit in units if unit in self.units]
        places = list(dict.fromkeys(unit.place for unit in known))
        where = ", ".join(self.place(place) for place in places[:SETS_NAMED_MAX])
        if len(places) > SETS_NAMED_MAX:
            where = f"{where} dan {len(places) - SETS_NAMED_MAX} tempat lain"
        if len(known) > SETS_NAMED_MAX:
            return f"{len(known)} set {where}"
        names = ", ".join(
            f"TPS {unit.tps or unit.id}" if unit.kind == "tps" else f"set {unit.kind.upper()}"
            for unit in known
        )
        return f"{names} {where}"


def words(change: Change, names: Names) -> str:
    """Return a change in one sentence, without a full stop."""
    return _WORDS[type(change)](change, names)


def day(given: date) -> str:
    """Return a date as the sentences say it."""
    return f"{given:%d-%m-%Y}"


def wish_words(vehicle: str | None, on: date | None) -> str:
    """Return what a pin asks for."""
    parts = [f"kendaraan {vehicle}" if vehicle else "", f"tanggal {day(on)}" if on else ""]
    return ", ".join(part for part in parts if part) or "jalur tertentu"


def pin_words(pin: Pin) -> str:
    """Return a pin in words, with its reason."""
    return f"{wish_words(pin.vehicle, pin.date)}{f' ({pin.reason})' if pin.reason else ''}"


def _move(change: Move, names: Names) -> str:
    start = change.trip or "yang tertinggal"
    if isinstance(change.to, ToTrip):
        if change.to.trip == change.trip:
            return (
                f"{names.place(change.place)} menjadi perhentian ke-{change.to.position} dalam {change.trip}"
            )
        end = f"{change.to.trip}"
    else:
        end = f"perjalanan sendiri, {wish_words(change.to.vehicle, change.to.date)}"
    return f"{names.sets(change.units)} dari {start} ke {end}"


def _swap_stops(change: SwapStops, names: Names) -> str:
    return (
        f"{names.place(change.place)} ({change.trip}) bertukar dengan "
        f"{names.place(change.other_place)} ({change.other_trip})"
    )


def _pin(change: PinUnits, names: Names) -> str:
    wish = wish_words(change.vehicle, change.date)
    return f"{names.sets(change.units)} disematkan: {wish} ({change.reason})"


def _forbid(change: Forbid, names: Names) -> str:
    return f"{change.vehicle_class} dilarang ke {names.place(change.place)} ({change.reason})"


_WORDS: Mapping[type, Callable[[Any, Names], str]] = {
    Move: _move,
    SwapStops: _swap_stops,
    SwapVehicles: lambda change, _: f"{change.trip} dan {change.other_trip} bertukar kendaraan",
    PinUnits: _pin,
    UnpinUnits: lambda change, names: f"Sematan {names.sets(change.units)} dilepas",
    LockTrip: lambda change, _: f"{change.trip} dikunci",
    UnlockTrip: lambda change, _: f"Kunci {change.trip} dibuka",
    Forbid: _forbid,
    Repaired: lambda _change, _names: "Diperbaiki oleh pencari",
}
