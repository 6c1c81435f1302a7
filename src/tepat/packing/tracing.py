"""Wrong ballots in one box: which other sets may have them too, by lot, by table and hour."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from tepat.packing.models import PackedLine, PackedObject, PackingSet

HOUR = timedelta(hours=1)
LINES_TRACED_MAX = 10_000


@dataclass(frozen=True)
class Suspect:
    """A set that may have the same fault.

    Args:
        packing_set: The set.
        lots: Cartons it shares with the box in question.
        tables: Tables at which it was packed within an hour of it.
        nearest_at: The scan nearest in time to that of the box in question.
    """

    packing_set: PackingSet
    lots: tuple[str, ...]
    tables: tuple[str, ...]
    nearest_at: datetime

    @property
    def both(self) -> bool:
        """Whether carton and table both point at it: look here first."""
        return bool(self.lots and self.tables)


@dataclass(frozen=True)
class Trace:
    """What a trace found.

    Args:
        suspects: Sets that may have the same fault, those to look at first before the others.
        cut: Whether there are more scans than `LINES_TRACED_MAX`; then those nearest in time were looked at.
    """

    suspects: tuple[Suspect, ...] = ()
    cut: bool = False


def trace(box: PackedObject) -> Trace:
    """Return every set that was packed from the same carton, or at the same table within the hour.

    Args:
        box: The box in which wrong ballots were found.

    Returns:
        Those to which both point first, then those from the same carton, then the rest; the own set is left
        out.
    """
    own = list(box.lines.filter(item__startswith="SS-").select_related("lot"))
    if not own:
        return Trace()
    lots = {line.lot_id for line in own if line.lot_id}
    near = Q(lot__in=lots)
    for line in own:
        around = Q(scanned_at__gte=line.scanned_at - HOUR, scanned_at__lte=line.scanned_at + HOUR)
        # The table, not the session: people change, the pile of cartons beside the table stays.
        near |= Q(session__table=line.session.table_id) & around
    rows = (
        PackedLine.objects.filter(near, item__startswith="SS-", object__election=box.election)
        .exclude(object__set=box.set_id)
        .select_related("object__set", "lot", "session__table")
    )
    middle = own[len(own) // 2].scanned_at
    before = list(rows.filter(scanned_at__lt=middle).order_by("-scanned_at", "-pk")[: LINES_TRACED_MAX + 1])
    later = list(rows.filter(scanned_at__gte=middle).order_by("scanned_at", "pk")[: LINES_TRACED_MAX + 1])
    lines = sorted([*before, *later], key=lambda line: (abs(line.scanned_at - middle), line.pk))
    return Trace(tuple(_suspects(own, lines[:LINES_TRACED_MAX])), cut=len(lines) > LINES_TRACED_MAX)


def _suspects(own: list[PackedLine], lines: Iterable[PackedLine]) -> list[Suspect]:
    lots = {line.lot_id for line in own if line.lot_id}
    by_set: dict[int, list[PackedLine]] = {}
    for line in lines:
        by_set.setdefault(line.object.set_id, []).append(line)
    found = [
        Suspect(
            packing_set=mine[0].object.set,
            lots=tuple(sorted({line.lot.code for line in mine if line.lot and line.lot_id in lots})),
            tables=tuple(sorted({line.session.table.name for line in mine if _same_hour(line, own)})),
            nearest_at=min((line.scanned_at for line in mine), key=lambda at: _distance(at, own)),
        )
        for mine in by_set.values()
    ]
    return sorted(
        found,
        key=lambda each: (
            not each.both,
            not each.lots,
            _distance(each.nearest_at, own),
            each.packing_set.unit,
        ),
    )


def _same_hour(line: PackedLine, own: list[PackedLine]) -> bool:
    return any(
        line.session.table_id == mine.session.table_id and abs(line.scanned_at - mine.scanned_at) <= HOUR
        for mine in own
    )


def _distance(at: datetime, own: list[PackedLine]) -> timedelta:
    return min(abs(at - mine.scanned_at) for mine in own)
