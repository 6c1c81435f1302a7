"""The labels of this office: what its rows say, in the order in which they are stuck on."""

from collections.abc import Iterable

from django.conf import settings

from tepat.common.models import Area, Election, Office
from tepat.packing.codes import Code
from tepat.packing.label_words import Labelled, Names, Whose, box_label, goods_label, lot_label, short_area
from tepat.packing.labels import Label, Print
from tepat.packing.models import BallotLot, PackedObject
from tepat.planning.rulesets import load_rule_set


def names_of_office(election: Election, area_code: str) -> Names:
    """Return the names of an office's areas and of the goods of an election."""
    areas = Area.objects.in_area(area_code).filter(valid_to__isnull=True)
    words = {
        code: f"Kec. {name}" if level == Area.Level.KECAMATAN else short_area(kind or level, name)
        for code, level, kind, name in areas.values_list("code", "level", "kind", "name")
    }
    items = load_rule_set(election.rule_set).items
    return Names(words, {item.code: (item.name, item.unit) for item in items})


def print_of(office: Office, election: Election, paper: str) -> Print:
    """Return what all labels of a print share."""
    return Print(
        office=office.area_code,
        office_name=office.name,
        election=election.code,
        election_name=election.name,
        paper=paper,
        rehearsal=settings.LATIHAN,
    )


def labels_of(rows: Iterable[PackedObject], names: Names) -> list[Label]:
    """Return the labels of boxes and bundles.

    Args:
        rows: With their set; boxes of one set stand together.
        names: What things are called.
    """
    listed = list(rows)
    boxes: dict[int, int] = {}
    for row in listed:
        boxes[row.set_id] = max(boxes.get(row.set_id, 0), int(row.slot) if row.is_box else 0)
    return [_label(row, boxes[row.set_id], names) for row in listed]


def _label(row: PackedObject, boxes: int, names: Names) -> Label:
    whose = Whose(row.set.level, row.set.area_code, row.set.tps_number, boxes)
    labelled: Labelled = row
    return box_label(labelled, whose, names)


def lot_labels(lots: Iterable[BallotLot]) -> list[Label]:
    """Return the labels of cartons of ballots."""
    return [lot_label(Code("lot", lot.code), lot.sheets, lot.origin, lot.area_code) for lot in lots]


def goods_labels(election: Election, area_code: str, names: Names) -> list[Label]:
    """Return one label for each kind of goods that lies in a box or bundle and is no ballot."""
    rows = PackedObject.objects.in_area(area_code).filter(election=election)
    # A few sets of each level name every kind: they follow one rule set.
    kinds: dict[str, None] = {}
    for level in ("tps", "pps", "ppk"):
        for contents in rows.filter(set__level=level).values_list("contents", flat=True)[:LEVEL_ROWS]:
            kinds |= dict.fromkeys(item for item, _ in contents)
    return [goods_label(item, names) for item in kinds if not item.startswith("SS-")]


LEVEL_ROWS = 60
