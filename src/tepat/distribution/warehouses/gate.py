"""The largest vehicle class that reaches a warehouse's loading place: by its gate and by the road to it."""

from collections.abc import Iterable

from tepat.distribution.building.places import ALL_CLASSES
from tepat.distribution.problems import VehicleClass
from tepat.distribution.warehouses.room import room_settings


def class_through(
    gate: VehicleClass | None, road: VehicleClass | None, width_mm: int | None, height_mm: int | None
) -> VehicleClass | None:
    """Return the largest class that gets in; None where even a motorcycle does not.

    Args:
        gate: The largest class by the survey; None = not surveyed.
        road: The largest class that the road bears; None = not surveyed.
        width_mm: The gate's clear width; None = not measured.
        height_mm: The gate's clear height; None = not measured or open above.
    """
    start = max(_rank(gate), _rank(road))
    for each in ALL_CLASSES[start:]:
        needs = room_settings().gates[each]
        wide = width_mm is None or width_mm >= needs.width_mm
        if wide and (height_mm is None or height_mm >= needs.height_mm):
            return each
    return None


def classes_through(largest: VehicleClass | None) -> tuple[VehicleClass, ...]:
    """Return the classes that get in where the largest is known; none where not even the smallest does."""
    return () if largest is None else ALL_CLASSES[_rank(largest) :]


def _rank(each: VehicleClass | None) -> int:
    return 0 if each is None else ALL_CLASSES.index(each)


def needs_words(classes: Iterable[VehicleClass] = ALL_CLASSES) -> str:
    """Return what each class needs of a gate, in words, such as ``truk 2,6 × 3,4 m``."""
    gates = room_settings().gates
    return ", ".join(
        f"{each} {gates[each].width_mm / 1000:g} × {gates[each].height_mm / 1000:g} m".replace(".", ",")
        for each in classes
    )
