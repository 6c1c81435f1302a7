"""What is on board at departure, in what order it was loaded, and what lies at a place at one time."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from tepat.distribution.checker.reading import Reading, Run
from tepat.distribution.checker.verdict import Finding, found

BOX_SIDE_MM, BOX_HEIGHT_MM = 400, 600
"""A ballot box, 40 × 40 cm on the floor and 60 cm high, always upright. Source: PKPU 12/2024."""


def load_findings(reading: Reading) -> Iterator[Finding]:
    """Yield each vehicle loaded beyond its type or in the wrong order, and each store that is too full."""
    for run in reading.runs:
        yield from _capacity(run)
        yield from _order(run)
    yield from _stores(reading)


def _capacity(run: Run) -> Iterator[Finding]:
    for code, loaded, limit in (
        ("CHECK-BOXES", sum(unit.boxes for unit in run.units), run.type.boxes_max),
        ("CHECK-VOLUME", sum(unit.volume_ml for unit in run.units), run.type.volume_ml_max),
        ("CHECK-WEIGHT", sum(unit.weight_g for unit in run.units), run.type.weight_g_max),
    ):
        if loaded > limit:
            yield found(code, trip=run.trip.id, vehicle=run.vehicle.id, found=loaded, limit=limit)
    yield from _height(run)


def _height(run: Run) -> Iterator[Finding]:
    """Yield a load that cannot stand upright on the floor within the height, where the bed is known."""
    bed, boxes = run.type.bed, sum(unit.boxes for unit in run.units)
    if bed is None:
        return
    on_floor = (bed.length_mm // BOX_SIDE_MM) * (bed.width_mm // BOX_SIDE_MM)
    layers = min(bed.layers_max, bed.height_mm // BOX_HEIGHT_MM)
    if boxes > on_floor * layers:
        yield found(
            "CHECK-LOAD-HEIGHT",
            trip=run.trip.id,
            vehicle=run.vehicle.id,
            found=boxes,
            limit=on_floor * layers,
            layers=layers,
            height_cm=bed.height_mm // 10,
        )


def _order(run: Run) -> Iterator[Finding]:
    order = run.trip.load_order
    if not order:
        return
    aboard = [unit.id for unit in run.units]
    if sorted(order) != sorted(aboard):
        yield found("CHECK-LOAD-ORDER", trip=run.trip.id, found=len(order), expected=len(aboard))
        return
    leaves = {unit.id: number for number, halt in enumerate(run.halts) for unit in halt.units}
    for behind, before in pairwise(order):
        if leaves[behind] < leaves[before]:
            yield found("CHECK-LOAD-BLOCKED", trip=run.trip.id, unit=behind, blocked_by=before)
            return


def _stores(reading: Reading) -> Iterator[Finding]:
    moves: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for stay in reading.stays:
        if stay.place.boxes_max is not None:
            moves[stay.place.id].append((stay.since, stay.unit.boxes))
            if stay.until is not None:
                moves[stay.place.id].append((stay.until, -stay.unit.boxes))
    for place, changes in moves.items():
        limit = reading.places[place].boxes_max
        assert limit is not None, place
        boxes = 0
        for moment, change in sorted(changes):
            boxes += change
            if boxes > limit:
                yield found("CHECK-STORE", place=place, at=reading.local(moment), found=boxes, limit=limit)
                break
