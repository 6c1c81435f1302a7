"""What ``/`` finds of custody: boxes and sets by their code, people by name, trips by their number."""

import re
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from tepat.common.finding import Found, searcher
from tepat.common.frame import Frame, lies_in
from tepat.common.models import Election, Person
from tepat.common.permissions import Permission
from tepat.custody.models import Holding, Offer
from tepat.custody.parties import label_of
from tepat.custody.words import tps_word

# A label as it is typed: hyphens may be missing, a check letter may follow.
_LABEL = re.compile(r"(\d{6})-?(\d{3}|PPS|PPK)(?:-?([1-9A-H]))?([A-Z])?")
READ = Permission.CUSTODY_READ
LABEL_SIGNS_MIN = 4
NAME_SIGNS_MIN = 3
FOUND_MAX = 50


def label_typed(asked: str) -> str:
    """Return a box's or set's label from what was typed or scanned; empty where it is none.

    Args:
        asked: Such as ``091015-001-3``, ``0910150013K``, a QR text, or ``091015-001``.
    """
    found = _LABEL.fullmatch("".join(asked.upper().split()).rpartition(":")[2])
    return "-".join(part for part in found.groups()[:3] if part) if found else ""


@searcher
def boxes(frame: Frame, asked: str) -> Iterator[Found]:
    """Find boxes, bundles and sets by their label."""
    if not frame.actor.has(READ):
        return
    label = label_typed(asked)
    begun = label or "".join(asked.upper().split())
    if len(begun) < LABEL_SIGNS_MIN or not begun[:LABEL_SIGNS_MIN].isdigit():
        return
    rows = Holding.objects.filter(_here(frame))
    if label.count("-") == 2:
        elections = Election.objects.values_list("code", flat=True)
        ids = [f"{kind}:{election}:{label}" for kind in ("kotak", "bundel") for election in elections]
        rows = rows.filter(pk__in=ids)
    else:
        rows = rows.filter(object_id__contains=f":{begun}")
    names = list(rows.order_by("object_id").values_list("object_id", flat=True)[:FOUND_MAX])
    if label.count("-") == 1 and names:
        yield Found(
            label, "TPS: semua kotaknya", reverse("garis-waktu-tps", args=[label]), code=label, exact=True
        )
    for name in names:
        code = label_of(name)
        yield Found(
            code, name.partition(":")[0], _box(code), code=code, note=tps_word(code), exact=code == label
        )


def _box(code: str) -> str:
    return reverse("garis-waktu-kotak", args=[code])


def _here(frame: Frame) -> Q:
    areas = frame.actor.areas(READ)
    here = lies_in("area_code", areas)
    # What lies in no area is the whole office's; an empty condition joined by "or" would vanish.
    return here | Q(area_code="") if frame.whole_office and all(areas) else here


@searcher
def people(frame: Frame, asked: str) -> Iterator[Found]:
    """Find people by name, for those who may read names; and what they hold."""
    areas = frame.actor.areas(Permission.PEOPLE_READ)
    if not areas or not frame.actor.has(READ) or len(asked) < NAME_SIGNS_MIN:
        return
    rows = Person.objects.filter(lies_in("posts__area_code", areas), vault__name__icontains=asked)
    found = rows.order_by("vault__name", "pk").distinct().values_list("pk", "vault__name")
    for person, name in found[:FOUND_MAX]:
        yield Found(name, "orang", reverse("garis-waktu-orang", args=[person]))


@searcher
def trips(frame: Frame, asked: str) -> Iterator[Found]:
    """Find trips by their number, as hand-overs name them; a trip lies in no area."""
    if not frame.actor.has(READ) or not frame.whole_office:
        return
    rows = Offer.objects.filter(to_post__istartswith=f"angkutan:{asked}")
    posts = rows.order_by("to_post").values_list("to_post", flat=True).distinct()
    for post in posts[:FOUND_MAX]:
        trip = post.partition(":")[2]
        yield Found(
            trip,
            "perjalanan",
            reverse("garis-waktu-perjalanan", args=[trip]),
            code=trip,
            exact=trip.lower() == asked.lower(),
        )
