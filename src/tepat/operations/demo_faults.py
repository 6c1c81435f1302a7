"""What goes wrong in the demo's hand-overs, planted on purpose; the same plan gets the same faults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tepat.distribution.plans import Plan, Stop, Trip
from tepat.distribution.problems import Problem

LISTED_TOGETHER = 40  # so many boxes stand on the list of which one is missing


@dataclass(frozen=True)
class Halt:
    """One stop of a trip with what it unloads for the example.

    Args:
        trip: The trip.
        stop: Its stop.
        code: The area in which the place lies.
        kind: ``pps`` or ``ppk``.
        objects: What is handed over there, each set together.
        units: The planned sets.
    """

    trip: Trip
    stop: Stop
    code: str
    kind: str
    objects: tuple[str, ...]
    units: tuple[str, ...]


@dataclass(frozen=True)
class Faults:
    """What is planted where.

    Args:
        missing: The object that a count does not find.
        short: The boxes of the list on which it stands.
        wet: The objects that are refused.
        other_seal: The object on which another seal is read.
        disputed: The object that two people have.
        claimant: The area of the PPS that has it too.
        unanswered: The set that its KPPS has not taken at H-1 12.00.
        one_sided: The set whose KPPS has said so, while the PPS's phone is silent.
    """

    missing: str = ""
    short: tuple[str, ...] = ()
    wet: tuple[str, ...] = ()
    other_seal: str = ""
    disputed: str = ""
    claimant: str = ""
    unanswered: str = ""
    one_sided: str = ""


def halts_of(plan: Plan, problem: Problem, objects: Mapping[str, Sequence[str]]) -> list[Halt]:
    """Return every stop at which a set of the example is unloaded, in the order of loading.

    Args:
        plan: The plan.
        problem: Its problem.
        objects: The example's sets, by planned unit, with their objects.
    """
    places = {place.id: place for place in problem.places}
    found = []
    for trip in sorted(plan.trips, key=lambda each: (each.load_at, each.id)):
        for stop in trip.stops:
            units = tuple(unit for unit in stop.units if unit in objects)
            place = places[stop.place]
            names = tuple(name for unit in units for name in objects[unit])
            if names:
                found.append(Halt(trip, stop, place.code, place.kind, names, units))
    return found


def plant(halts: Sequence[Halt], objects: Mapping[str, Sequence[str]], delivered: Sequence[str]) -> Faults:
    """Return what goes wrong: one box missing, two wet, a seal that differs, a box in two hands, and more.

    Args:
        halts: The stops.
        objects: The sets with their objects.
        delivered: The planned sets that go on to a KPPS, in that order.
    """
    at_pps = [halt for halt in halts if halt.kind == "pps" and _boxes(halt, objects)]
    largest = sorted(at_pps, key=lambda halt: (-len(halt.objects), halt.trip.id, halt.code))
    if len(largest) < 3:
        return Faults()
    first, second, third = (_boxes(halt, objects) for halt in largest[:3])
    disputed, claimant = _two_hands(at_pps, largest[:3], objects)
    hit = {first[2], second[0], second[1], third[1], disputed}
    hurt = {unit for unit, names in objects.items() if hit & set(names)}
    whole = [unit for unit in delivered if unit not in hurt]
    return Faults(
        missing=first[2],
        short=_list_with([name for name in largest[0].objects if name.startswith("kotak:")], first[2]),
        wet=(second[0], second[1]),
        other_seal=third[1],
        disputed=disputed,
        claimant=claimant,
        unanswered=whole[-1] if whole else "",
        one_sided=whole[len(whole) // 2] if len(whole) > 1 else "",
    )


def _boxes(halt: Halt, objects: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the boxes of a stop's first TPS set that has several."""
    for unit in halt.units:
        boxes = [name for name in objects[unit] if name.startswith("kotak:")]
        if unit.startswith("TPS-") and len(boxes) > 2:
            return boxes
    return []


def _list_with(names: Sequence[str], one: str) -> tuple[str, ...]:
    """Return `LISTED_TOGETHER` neighbours on a list, with one of them among these."""
    at = list(names).index(one)
    start = max(0, min(at - LISTED_TOGETHER // 2, len(names) - LISTED_TOGETHER))
    return tuple(names[start : start + LISTED_TOGETHER])


def _two_hands(
    halts: Sequence[Halt], taken: Sequence[Halt], objects: Mapping[str, Sequence[str]]
) -> tuple[str, str]:
    """Return a box and the PPS on the same trip, one stop before, that says it has that box too."""
    for before, halt in pairwise(halts):
        same = before.trip.id == halt.trip.id and before.code != halt.code
        if same and halt not in taken:
            return _boxes(halt, objects)[0], before.code
    return "", ""
