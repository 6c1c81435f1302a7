"""Where the guided story finds what the example of custody has made; what is not there is not told."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from tepat.common.acting import Actor
from tepat.common.models import Election, Office
from tepat.common.permissions import Permission
from tepat.common.story import ARRIVED, DISPUTE, ELECTION, PACKED, READY, SHORT, TABLE
from tepat.custody.models import Holding, Offer
from tepat.custody.parties import label_of
from tepat.operations.demo_faults import LISTED_TOGETHER
from tepat.packing.models import PackingSession, PackingSet
from tepat.publication.readiness import ALARM_AT
from tepat.publication.readiness_forms import FORMAT, KNOWN_THEN

OFFERS_READ_MAX = 200
KECAMATAN = len("33.16.09")


def places_told(actor: Actor, office: Office) -> dict[str, str]:
    """Return the addresses of what the story's steps need and this reader may see, by `story.PLACES`.

    Args:
        actor: Who reads the story.
        office: The office.
    """
    found: dict[str, str] = {}
    if actor.may(Permission.PACKING_READ, office.area_code):
        found |= _packing(actor)
    if actor.may(Permission.CUSTODY_READ, office.area_code):
        found |= _custody(office)
    return found


def _packing(actor: Actor) -> dict[str, str]:
    done = PackingSet.objects.filter(election__code=ELECTION, state=PackingSet.State.COMPLETE)
    found = {PACKED: reverse("pengepakan")} if done.exists() else {}
    mine = Q(first=actor.person) | Q(second=actor.person)
    session = PackingSession.objects.filter(mine, election__code=ELECTION, closed_at__isnull=True).first()
    line = session.lines.select_related("object__set").order_by("object__code").last() if session else None
    if session and line:
        query = urlencode({"wilayah": line.object.set.area_code})
        found[TABLE] = f"{reverse('pengepakan-meja-satu', args=[session.pk])}?{query}"
    return found


def _custody(office: Office) -> dict[str, str]:
    boxes = Holding.objects.filter(object_id__startswith=f"kotak:{ELECTION}:").order_by("object_id")
    found = {}
    if short := _short():
        found[SHORT] = reverse("serah-terima-tawaran", args=[short.pk])
    if disputed := boxes.filter(status="sengketa").first():
        found[DISPUTE] = reverse("serah-terima-kotak", args=[label_of(disputed.pk)])
    if arrived := boxes.filter(_home_again(), status="dipegang", one_sided=False).first():
        found[ARRIVED] = reverse("garis-waktu-kotak", args=[label_of(arrived.pk)])
        found[READY] = _readiness(office, arrived.area_code[:KECAMATAN])
    return found


def _home_again() -> Q:
    """Return which boxes of TPS have been at their KPPS: they are still there, or home at the PPK."""
    of_tps = ~Q(object_id__contains="-PPS-") & ~Q(object_id__contains="-PPK-")
    return of_tps & (Q(post__startswith="kpps:") | Q(post__startswith="ppk:"))


def _short() -> Offer | None:
    """Return the offer of which one object was not found."""
    rows = Offer.objects.filter(state=Offer.State.PARTLY, differs=True).order_by("offered_us", "pk")
    listed = rows[:OFFERS_READ_MAX]
    return next((row for row in listed if row.count == LISTED_TOGETHER and len(row.missing) == 1), None)


def _readiness(office: Office, kecamatan: str) -> str:
    eve = Election.objects.get(code=ELECTION).polling_date - timedelta(days=1)
    at = datetime.combine(eve, ALARM_AT, office.zone)
    query = urlencode({"per": at.strftime(FORMAT), "diketahui": KNOWN_THEN})
    return f"{reverse('kesiapan-kecamatan', args=[kecamatan])}?{query}"
