"""The checklist of each TPS: the goods that the needs allocate to it, box by box and beside the boxes."""

from tepat.planning.needs import Needs
from tepat.planning.sets import set_contents


def checklists(needs: Needs) -> dict[str, list[tuple[str, int, str]]]:
    """Return the goods of each TPS set by unit id: name, quantity and unit of measure.

    Args:
        needs: The needs of the office; items that go ahead in a wave of their own are not on this list.
    """
    sets = set_contents(needs).tps
    items = {item.code: item for item in needs.rule_set.items if item.level == "tps"}
    boxes = next(item for item in items.values() if item.is_box)
    goods = {**sets.inside, **sets.outside}
    return {
        unit_id(label): [
            (boxes.name, int(sets.boxes[place]), boxes.unit),
            *(
                (items[code].name, int(column[place]), items[code].unit)
                for code, column in goods.items()
                if column[place]
            ),
        ]
        for place, label in enumerate(sets.units)
    }


def unit_id(label: str) -> str:
    """Return the id of the set labelled ``33.16.01.2001 TPS 001``: ``TPS-33.16.01.2001-001``."""
    desa, _, number = label.partition(" TPS ")
    return f"TPS-{desa}-{number}"
