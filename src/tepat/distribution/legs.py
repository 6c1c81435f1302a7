"""From a case to independent parts: first what is proved impossible, then the legs of the rest."""

from collections import defaultdict
from dataclasses import dataclass, field

from tepat.distribution.case import Case
from tepat.distribution.errands import Errand, errands
from tepat.distribution.feasibility import Proof, chances, last_mile_room, size_proof
from tepat.distribution.parts import Leg, Wish, components, leg_of, without
from tepat.distribution.problems import Unit
from tepat.distribution.vehicle_days import VehicleDay, vehicle_days

DaysByOrigin = dict[str, tuple[VehicleDay, ...]]


@dataclass
class Legs:
    """All legs of a case, the second ones last, and the proofs of the units that cannot be served."""

    legs: list[Leg] = field(default_factory=list)
    proofs: dict[str, Proof] = field(default_factory=dict)


def build_legs(case: Case) -> Legs:
    """Return the legs of a case; a unit proved impossible on one leg is taken out of both."""
    found = Legs()
    units = _deliverable(case, found.proofs)
    wanted = errands(case, units)
    days = vehicle_days(case, _boxes_by_warehouse(case, wanted.first))
    for unit in wanted.stranded:
        found.proofs[unit.id] = Proof("SOLVE-UNIT-NO-ORIGIN", {"place": case.place[unit.place].name})
    wishes = {
        second: _wishes(case, side, days, found.proofs)
        for second, side in ((True, wanted.second), (False, wanted.first))
    }
    impossible = set(found.proofs)
    for second in (False, True):
        possible = [kept for wish in wishes[second] if (kept := without(wish, impossible)).units]
        found.legs += [leg_of(case, members, second=second) for members in components(possible)]
    return found


def _deliverable(case: Case, proofs: dict[str, Proof]) -> list[Unit]:
    """Return the units without those that the teams of a PPS cannot hand over before the law's end."""
    room, taken = last_mile_room(case), defaultdict[str, int](int)
    kept = []
    for unit in case.problem.units:
        if unit.kind == "tps":
            taken[unit.place] += 1
            if taken[unit.place] > room:
                facts = {"place": case.place[unit.place].name, "teams": case.last_mile.teams, "room": room}
                proofs[unit.id] = Proof("SOLVE-UNIT-LAST-MILE", facts)
                continue
        kept.append(unit)
    return kept


def _boxes_by_warehouse(case: Case, first: dict[Errand, list[Unit]]) -> dict[str, int]:
    boxes = dict.fromkeys(case.strategy.warehouses, 0)
    for errand, units in first.items():
        boxes[errand.origin] += sum(max(1, unit.boxes) for unit in units)
    return boxes


def _wishes(
    case: Case, wanted: dict[Errand, list[Unit]], days: DaysByOrigin, proofs: dict[str, Proof]
) -> list[Wish]:
    """Return the lots that have a chance; the proofs of the other units go into `proofs`."""
    wishes = []
    for errand, units in wanted.items():
        found, proof = chances(case, errand, days.get(errand.origin, ()))
        refused = {unit.id: proof or size_proof(case, unit, found) for unit in units}
        proofs.update({unit: each for unit, each in refused.items() if each is not None})
        wishes.append(Wish(errand, units, found))
    return [wish for wish in wishes if wish.chances]
