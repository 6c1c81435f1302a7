"""What is known of the ending of a refusal: has it come, what is in stock, what must be packed again."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, Sum

from tepat.custody.facts import microseconds, moment_of
from tepat.custody.models import Offer
from tepat.custody.parties import label_of
from tepat.distribution.ending_models import Ending
from tepat.packing.models import BallotLot, PackedLine, PackedObject

LATE_AFTER = timedelta(hours=2)
ANSWERED = (Offer.State.PARTLY, Offer.State.REFUSED, Offer.State.CLAIMED)
TAKEN = (Offer.State.ACCEPTED, Offer.State.PARTLY, Offer.State.CLAIMED)
LOTS_NAMED_MAX = 5
BALLOT_PREFIX = "SS-"


@dataclass(frozen=True)
class Receipt:
    """The receipt that ends the refusal of one object.

    Args:
        object: What was received: the refused object itself or its replacement.
        offer: By which offer.
        at: When.
    """

    object: str
    offer: str
    at: datetime


def new_refusals() -> list[Offer]:
    """Return the answered offers with a refusal that has no ending yet."""
    rows = Offer.objects.filter(state__in=ANSWERED).exclude(refused=[]).order_by("answered_us", "pk")
    known = set(Ending.objects.values_list("offer", flat=True))
    return [row for row in rows if row.pk not in known]


def receipts_of(endings: Sequence[Ending]) -> dict[str, dict[str, Receipt]]:
    """Return for each ending (by its offer's id) the new receipts, by refused object.

    A receipt counts at the post that refused, or at another post of the same area such as the KPPS; that the
    giver takes a refused box back home ends nothing.
    """
    wanted = Q(pk__in=())
    for one in endings:
        wanted |= Q(area_code=one.area_code) if one.area_code else Q(to_post=one.to_post)
    rows = list(
        Offer.objects.filter(wanted, state__in=TAKEN, answered_us__isnull=False).order_by("answered_us")
    )
    return {str(one.offer): _receipts(one, rows) for one in endings}


def _receipts(ending: Ending, rows: Iterable[Offer]) -> dict[str, Receipt]:
    since = microseconds(ending.refused_at)
    found: dict[str, Receipt] = {}
    wanted = {name: {name, ending.replaced.get(name, name)} for name in ending.objects_refused}
    for row in rows:
        here = row.area_code == ending.area_code if ending.area_code else row.to_post == ending.to_post
        if not here or row.answered_us is None or row.answered_us <= since or row.pk == ending.offer:
            continue
        left = {*row.missing, *(entry["object"] for entry in row.refused)}
        taken = {*row.objects_named, *row.extra} - left
        for name, either in wanted.items():
            if name not in found and (got := sorted(either & taken)):
                found[name] = Receipt(got[0], str(row.pk), moment_of(row.answered_us))
    return found


@dataclass(frozen=True)
class Spare:
    """What one refused object needs and what is there.

    Args:
        item: The goods.
        needed: How many the box must hold.
        there: How many lie in cartons, not yet used; None where no stock is kept of it.
        lots: The cartons, the first few.
    """

    item: str
    needed: int
    there: int | None
    lots: tuple[str, ...] = ()


def packed_of(objects: Iterable[str]) -> dict[str, PackedObject]:
    """Return the boxes and bundles as packing knows them, by object."""
    rows = PackedObject.objects.filter(object_id__in=list(objects)).select_related("set", "election")
    return {row.object_id: row for row in rows}


def spares_of(packed: Iterable[PackedObject]) -> list[Spare]:
    """Return what the re-packing of these boxes needs, and what cartons of ballots are there."""
    needed: dict[tuple[str, str, str, int], int] = defaultdict(int)
    for row in packed:
        for item, count in row.contents:
            ballot = item.startswith(BALLOT_PREFIX)
            needed[(item, row.ballot if ballot else "", row.mark if ballot else "", row.election_id)] += count
    return [_spare(key, count) for key, count in sorted(needed.items())]


def _spare(key: tuple[str, str, str, int], count: int) -> Spare:
    item, ballot, mark, election = key
    if not ballot:
        return Spare(item, count, None)
    lots = list(BallotLot.objects.filter(election_id=election, ballot=ballot, mark=mark).order_by("number"))
    used = dict(
        PackedLine.objects.filter(lot__in=lots).values_list("lot").annotate(used=Sum("count")).order_by()
    )
    left = [(lot.code, lot.sheets - used.get(lot.pk, 0)) for lot in lots]
    there = [(code, rest) for code, rest in left if rest > 0]
    return Spare(
        item, count, sum(rest for _, rest in there), tuple(code for code, _ in there[:LOTS_NAMED_MAX])
    )


def is_late(ending: Ending, at: datetime) -> bool:
    """Return whether an open ending has waited for more than two hours."""
    return ending.closed_at is None and at - ending.refused_at > LATE_AFTER


def names(objects: Iterable[str]) -> str:
    """Return objects by their labels."""
    return ", ".join(label_of(name) for name in objects)
