"""What the road notes that come with Tepat say of single desa, as a sentence at their PPS.

The sentences don't change travel times: the notes are years old. An office that holds them for true passes a
provider that heeds them, such as `noted_model`.
"""

from datetime import date

from tepat.common.quantities import clock, kilometres
from tepat.distribution.building.places import AccessNote
from tepat.roads.contoh import notes_for
from tepat.roads.layers import Layered
from tepat.roads.notes import HardArea
from tepat.roads.travel import ModelRoads, RoadProvider


def difficult_desa(area: str) -> dict[str, AccessNote]:
    """Return what the notes say of each hard desa of a kabupaten/kota, by desa code.

    Args:
        area: The code of the kabupaten/kota.
    """
    return {code: AccessNote(_sentence(hard)) for hard in notes_for(area).hard_area for code in hard.areas}


def noted_model(area: str, on_date: date) -> RoadProvider:
    """Return the model of travel times with the area's road notes heeded.

    Args:
        area: The code of the kabupaten/kota.
        on_date: The day on which the notes have to hold.
    """
    return Layered(ModelRoads(), on_date=on_date, notes=notes_for(area))


def _sentence(hard: HardArea) -> str:
    ways = [
        f"{way.text or way.id} {kilometres(way.distance_m)}"
        + (f", {clock(way.duration_s)}" if way.duration_s else "")
        + f" ({', '.join(way.classes)}; {', '.join(way.passable_when)})"
        for way in hard.ways
    ]
    return f"Jalan sulit dari {hard.gate_name}: {'; atau '.join(ways)}. Sumber: {hard.source}."
