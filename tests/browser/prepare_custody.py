"""Adds to the full office what is packed, handed over, doubted and written on paper: one kecamatan of it.

The demo's own example makes it, so that its faults are there too; what only somebody at the office does comes
on top: an opening, a re-check, a table where the kasubbag sits, something in the tray, printed paper.
"""

from uuid import UUID

AREA, KECAMATAN = "33.71", "33.71.03"
ELECTION = "pemilu-2024"
REASON = "Surat suara tertukar ditemukan saat hitung ulang karton."


def custody(by, at):
    """Make it; return what the addresses of its screens need, by the names in `test_every_screen`."""
    from tepat.distribution.models import PlanVersion
    from tepat.operations.demo_custody import make_example

    make_example(PlanVersion.objects.get(strategy="langsung-pps"), KECAMATAN, lambda *_: None)
    _tray(at)
    return _packing(at) | _endings(at) | _hands() | _papers(by, at) | _home(at)


def _packing(at):
    from tepat.common.acting import actor_of
    from tepat.common.permissions import Role
    from tepat.operations.demo_custody import holder_of
    from tepat.packing.models import PackedObject, PackingSession, PackingSet
    from tepat.packing.recheck_actions import Found, draw_recheck, note_recheck

    kul = holder_of(Role.KUL)
    ended = PackingSession.objects.filter(closed_at__isnull=False).first()
    boxes = PackedObject.objects.in_area(KECAMATAN).filter(state="tersegel", election__code=ELECTION)
    sealed = boxes.order_by("-code").first()
    box = _opened_at_a_kpps(actor_of(ended.first, at), at)
    drawn = draw_recheck(by=kul, at=at, area_code=AREA, election=ELECTION, seed="2718", size=5)
    first, second = drawn.lines.select_related("object")[:2]
    checker = actor_of(ended.second, at)
    for line, sheets in ((first, first.object.sheets), (second, second.object.sheets + 3)):
        note_recheck(
            by=checker, at=at, line=line.pk, found=Found(sheets, line.object.mark, whole=True, note="")
        )
    table = PackingSession.objects.get(closed_at=None, first=kul.person)
    sets = PackingSet.objects.filter(election__code=ELECTION, level="tps")
    return {
        "set": table.lines.order_by("object__code").last().object.set_id,
        "set-dibuka": box.set_id,
        "set-lengkap": sets.filter(state="lengkap").first().pk,
        "kotak-tersegel": sealed.pk,
        "meja": table.pk,
        "periksa": drawn.pk,
    }


def _opened_at_a_kpps(by, at):
    """Write down from paper that the KPPS whose set stayed out opened a box for a reason; return the box."""
    from datetime import UTC, datetime

    from tepat.custody.models import Holding
    from tepat.packing.later_actions import NotedOpening, Paper, note_opening
    from tepat.packing.models import PackedObject
    from tepat.packing.rules_later import Occasion

    out = Holding.objects.filter(post__startswith="kpps:", object_id__startswith="kotak:")
    held = out.order_by("object_id").first()
    box = PackedObject.objects.get(object_id=held.pk)
    what = NotedOpening((box.code,), Occasion.OTHER, REASON, panwascam=True, polri=False)
    paper = Paper(datetime(2024, 2, 14, 1, tzinfo=UTC), UUID(held.holder), None)
    note_opening(by=by, at=at, packing_set=box.set_id, opening=what, paper=paper)
    return box


def _endings(at):
    """Let the driver bring the wet boxes back to the warehouse, which has not received them yet."""
    from tepat.common.acting import actor_of
    from tepat.common.models import Place
    from tepat.custody import holdings
    from tepat.custody.actions import To, offer
    from tepat.custody.models import Holding, Offer
    from tepat.distribution.ending_actions import tick

    wet = Holding.objects.filter(refused=True)
    driver = actor_of(UUID(wet.first().holder), at)
    to = To(f"gudang:{Place.objects.filter(kind='gudang').first().code}")
    given = offer(by=driver, at=at, objects=list(wet.values_list("pk", flat=True)), to=to)
    holdings.refresh()
    tick(at)
    refused = Offer.objects.get(state=Offer.State.PARTLY, differs=False)
    return {"tawaran-gudang": str(given[0]), "penggantian": str(refused.pk)}


def _hands():
    from tepat.common.models import Event, Person
    from tepat.custody.models import Card, Holding, Offer, TrayItem
    from tepat.custody.parties import label_of

    boxes = Holding.objects.filter(object_id__startswith="kotak:").order_by("object_id")
    disputed, missing = boxes.get(status="sengketa"), boxes.get(status="belum_terlihat")
    arrived = boxes.filter(post__startswith="kpps:", status="dipegang").first()
    wet = boxes.filter(refused=True).first()
    offers = Offer.objects.order_by("offered_us", "pk")
    code = label_of(arrived.pk)
    driver = Person.objects.filter(vault__name__startswith="Contoh Pengemudi").order_by("vault__name").first()
    return {
        "kotak": code,
        "kotak-sengketa": label_of(disputed.pk),
        "kotak-dicari": label_of(missing.pk),
        "kotak-basah": label_of(wet.pk),
        "tps": code.rpartition("-")[0],
        "tawaran": str(offers.get(state=Offer.State.OPEN, leg__startswith="antar:").pk),
        "tawaran-selisih": str(offers.get(differs=True).pk),
        "kartu": Card.objects.filter(role="PPS").order_by("area_code", "pk").first().pk,
        "nampan": TrayItem.objects.get().pk,
        "pembawa": str(driver.pk),
        "perjalanan": offers.filter(leg__endswith=":muat").first().leg.partition(":")[0],
        "peristiwa-selisih": str(Event.objects.filter(kind="custody.count-differs").first().pk),
    }


def _home(at):
    """Plan the trips from the PPK to the warehouse: its recapitulation is over."""
    from datetime import timedelta

    from tepat.common.models import Office
    from tepat.common.permissions import Role
    from tepat.distribution.models import OfficeVehicle
    from tepat.operations.demo_custody import holder_of
    from tepat.returns.actions import end_recap
    from tepat.returns.trip_actions import Wish, plan_trips
    from tepat.returns.trip_reading import warehouses

    kul, plate = holder_of(Role.KUL), "AA 8123 XX"
    OfficeVehicle.objects.get_or_create(
        area_code=AREA,
        plate=plate,
        defaults={"vehicle_class": "truck", "boxes_max": 120, "source": "contoh", "listed_at": at},
    )
    about = {"area_code": KECAMATAN, "election": ELECTION}
    end_recap(by=kul, at=at, minutes_number="7/D.HASIL/contoh", **about)
    to_post = next(iter(warehouses(Office.objects.get())))
    wish = Wish((plate,), at + timedelta(days=1), to_post, minutes=25)
    return {"pulang": plan_trips(by=kul, at=at, wish=wish, **about)[0]}


def _tray(at):
    """Let something come from the field that nobody can read."""
    import msgspec

    from tepat.field import intake, wire

    unread = msgspec.Raw(b'{"statement":{"id":"bukan catatan"},"payload":{},"salt":"","signature":""}')
    intake.take(wire.Sending(device="entah", sent_at=wire.moment(at), events=[unread]), at=at)


def _papers(by, at):
    from tepat.common.models import Election, Office
    from tepat.returns.printing import print_blank

    office, election = Office.objects.get(), Election.objects.get(code=ELECTION)
    area = (KECAMATAN, "Magelang Tengah")
    papers = print_blank(by=by, at=at, office=office, election=election, area=area, count=3)
    return {"lembar": papers[0].pk}
