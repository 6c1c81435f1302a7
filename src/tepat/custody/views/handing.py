"""Hand-overs at the office's own laptop: offer, count and receive, withdraw, sign a difference, take over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.db.models import Count as HowMany
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tepat.common.clock import now
from tepat.common.errors import NotAllowed, Refused
from tepat.common.frame import Frame, frame_of, lies_in, names_of
from tepat.common.messages import Message, say
from tepat.common.models import Area, Place, Tps
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import moment
from tepat.custody import holdings, planned
from tepat.custody.actions import Count, Hands, Read, To, named_labels, offer, withdraw
from tepat.custody.handing_actions import receive
from tepat.custody.handing_forms import OfferForm, ReceiptForm, ScanForm, TakeOverForm, TargetForm
from tepat.custody.handing_reading import (
    Scanned,
    Shown,
    held_for,
    people_at,
    places_to_look,
    read_card,
    read_scans,
    stands_at_post,
)
from tepat.custody.models import Holding, Offer
from tepat.custody.parties import label_of
from tepat.custody.searching import Suspect
from tepat.custody.settling_actions import sign_difference, take_over
from tepat.custody.views.shared import READ, Words, known_offers, visible_holdings, words_of

ACT = Permission.CUSTODY_ACT
LEGS_SHOWN_MAX = 400
REFRESH_ON_SCREEN_MAX = 4_000
LEGS_FROM = timedelta(days=1)
PLACES_SHOWN_MAX = 3


@screen(ACT)
def give(request: HttpRequest) -> HttpResponse:
    """Choose for whom, then scan what is handed over; nothing moves until the other side confirms."""
    frame = frame_of(request, READ)
    holdings.refresh(most=REFRESH_ON_SCREEN_MAX)
    at = now()
    groups = _targets(frame, at)
    target = TargetForm(request.GET or None, groups=groups)
    chosen = _Chosen.of(target.cleaned_data["tujuan"]) if target.is_bound and target.is_valid() else None
    form, refused = None, None
    words = words_of(frame, (), {chosen.post} if chosen else ())
    if chosen:
        form = _offer_form(request, frame, chosen, at)
        if request.method == "POST" and form.is_valid():
            made, refused = _offer(frame, chosen, form, at)
            if made:
                messages.success(request, _offered_words(made))
                return redirect("serah-terima-tawaran", pk=made[0])
    context = {
        "frame": frame,
        "judul": "Serahkan kotak",
        "target": target,
        "chosen": chosen,
        "to_post": words.post(chosen.post) if chosen else "",
        "form": form,
        "refused": refused,
        "mine": holdings.held_by(str(frame.actor.person)).count(),
        "planned": len(held_for(chosen.leg, str(frame.actor.person))) if chosen and chosen.leg else None,
    }
    wrong = refused or (form is not None and form.is_bound and form.errors)
    return answer(request, "custody/serahkan.html", context, status=409 if wrong else 200)


@dataclass(frozen=True)
class _Chosen:
    """For whom the list is."""

    key: str
    post: str
    leg: planned.PlannedLeg | None = None

    @classmethod
    def of(cls, key: str) -> "_Chosen":
        leg = planned.leg_of(key.removeprefix("leg:")) if key.startswith("leg:") else None
        return cls(key, leg.to_post if leg else key, leg)


def _targets(frame: Frame, at: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return for whom this person can hand something over: legs of the plan first, then posts."""
    mine = [
        leg
        for leg in planned.planned_legs()
        if leg.at >= at - LEGS_FROM and stands_at_post(frame.actor, leg.from_post)
    ]
    legs = [(f"leg:{leg.id}", f"{moment(leg.at, frame.zone)}, {leg.word}") for leg in mine[:LEGS_SHOWN_MAX]]
    areas = Area.objects.filter(lies_in("code", frame.areas), valid_to__isnull=True).order_by("code")
    names = [
        (area.code, area.level, area.name) for area in areas if area.code.startswith(frame.office.area_code)
    ]
    ppk = [(f"ppk:{code}", f"PPK {name}") for code, level, name in names if level == Area.Level.KECAMATAN]
    pps = [(f"pps:{code}", f"PPS {name} ({code})") for code, level, name in names if level == Area.Level.DESA]
    stores = Place.objects.filter(kind="gudang", area__code=frame.office.area_code)
    sheds = [(f"gudang:{place.code}", place.name) for place in stores.order_by("code")]
    groups = [("Rencana", legs), ("PPK", ppk), ("PPS", pps), ("Gudang", sheds), ("KPPS", _kpps(pps))]
    return [(word, choices) for word, choices in groups if choices]


def _kpps(pps: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the KPPS of one desa; for a whole kecamatan the list would be no list any more."""
    if len(pps) != 1:
        return []
    code = pps[0][0].removeprefix("pps:")
    numbers = Tps.objects.filter(desa__code=code).order_by("number").values_list("number", flat=True)
    return [(f"kpps:{code}-{number:03d}", f"KPPS TPS {number:03d}") for number in dict.fromkeys(numbers)]


def _offer_form(request: HttpRequest, frame: Frame, chosen: _Chosen, at: datetime) -> OfferForm:
    people = [person for person in people_at(chosen.post, at) if person != frame.actor.person]
    names = names_of(people, shown=True)
    choices = sorted(
        ((str(person), names.get(person, "tanpa nama")) for person in people), key=lambda one: one[1]
    )
    initial = {}
    if chosen.leg and request.GET.get("isi") == "rencana":
        held = held_for(chosen.leg, str(frame.actor.person))
        initial["codes"] = "\n".join(label_of(name) for name in held)
    return OfferForm(request.POST if request.method == "POST" else None, people=choices, initial=initial)


def _offer(frame: Frame, chosen: _Chosen, form: OfferForm, at: datetime) -> tuple[list[str], Message | None]:
    asked = form.cleaned_data
    try:
        scanned = read_scans(asked["codes"], Holding.objects.filter(holder=str(frame.actor.person)))
        if scanned.unknown:
            # Not held by this person: the action names what somebody else holds, the rest is no label at all.
            scanned = read_scans(asked["codes"], visible_holdings(frame))
        if scanned.unknown:
            return [], _unknown(scanned.unknown)
        listed = set(form.initial.get("codes", "").split())
        unread = tuple(name for name in scanned.typed if label_of(name) in listed)
        made = offer(
            by=frame.actor,
            at=at,
            objects=scanned.objects,
            to=To(
                post=chosen.post,
                person=UUID(asked["person"]) if asked["person"] else None,
                leg=chosen.leg.id if chosen.leg else "",
                expected_at=chosen.leg.at if chosen.leg else None,
                place=chosen.leg.place if chosen.leg else "",
                read=Read(scanned.typed, unread),
            ),
            key=form.key(),
        )
    except Refused as error:
        return [], say(error.code, error.facts)
    return made, None


def _unknown(labels: Sequence[str]) -> Message:
    return say("CUSTODY-CODES-UNKNOWN", {"count": len(labels), "labels": named_labels(labels)})


def _offered_words(made: Sequence[str]) -> str:
    more = f" Daftarnya dibagi {len(made)} tawaran." if len(made) > 1 else ""
    return f"Ditawarkan.{more} Anda tetap bertanggung jawab sampai penerima mengonfirmasi."


@screen(ACT)
def take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Count what is there by scan, say what became of the rest, and receive."""
    frame = frame_of(request, READ)
    holdings.refresh(most=REFRESH_ON_SCREEN_MAX)
    row = _open_offer(frame, pk)
    one_phone = row.giver == str(frame.actor.person)
    if not one_phone and not stands_at_post(frame.actor, row.to_post):
        raise NotAllowed("COMMON-NOT-FOUND")
    words = words_of(frame, {row.giver, str(frame.actor.person)}, {row.to_post})
    context = {
        "frame": frame,
        "judul": "Terima kotak",
        "row": row,
        "giver": words.person(row.giver),
        "me": words.person(str(frame.actor.person)),
        "to_post": words.post(row.to_post),
        "one_phone": one_phone,
    }
    if request.method != "POST":
        return answer(request, "custody/terima.html", context | {"scan": ScanForm()})
    return _counted(request, frame, row, context)


def _open_offer(frame: Frame, pk: UUID) -> Offer:
    """Return an open offer to a post that this person may see, or one that this person made."""
    holdings.refold_offer(str(pk))
    row = known_offers(frame).filter(pk=pk).first()
    if row is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    if row.state != Offer.State.OPEN:
        raise Refused("CUSTODY-ANSWERED", state=row.get_state_display())
    return row


def _counted(request: HttpRequest, frame: Frame, row: Offer, context: dict[str, object]) -> HttpResponse:
    """Show the count beside the list; at the second press receive."""
    scan = ScanForm(request.POST)
    if not scan.is_valid():
        return answer(request, "custody/terima.html", context | {"scan": scan}, status=409)
    one_phone = bool(context["one_phone"])
    listed = set(row.objects_named)
    scanned = read_scans(
        scan.cleaned_data["codes"], visible_holdings(frame) | Holding.objects.filter(offer=str(row.pk))
    )
    extra = tuple(name for name in scanned.objects if name not in listed)
    unscanned = sorted(listed - set(scanned.objects))
    confirming = "terima" in request.POST
    form = ReceiptForm(
        request.POST if confirming else None,
        unscanned=unscanned,
        one_phone=one_phone,
        initial={"codes": scan.cleaned_data["codes"]},
    )
    refused: Message | None = None
    if scanned.unknown:
        refused = _unknown(scanned.unknown)
    elif confirming and form.is_valid():
        refused = _receive(frame, row, form, scanned)
        if refused is None:
            messages.success(request, "Tercatat. Tanda terimanya ada di bawah.")
            return redirect("serah-terima-tawaran", pk=row.pk)
    context |= {
        "form": None if scanned.unknown else form,
        "scan": scan if scanned.unknown else None,
        "refused": refused,
        "counted": len(scanned.objects),
        "twice": scanned.twice,
        "extra": [label_of(name) for name in extra],
        "unscanned": len(unscanned),
        "search": _search(frame, row, unscanned),
        "differs": bool(unscanned or extra),
    }
    wrong = refused or (form.is_bound and form.errors)
    return answer(request, "custody/terima.html", context, status=409 if wrong else 200)


def _receive(frame: Frame, row: Offer, form: ReceiptForm, scanned: Scanned) -> Message | None:
    at = now()
    extra = tuple(name for name in scanned.objects if name not in set(row.objects_named))
    shown = Shown(frame.actor.person, "perangkat", "")
    card = form.cleaned_data.get("card")
    if card is not None and not card.strip():
        return say("CUSTODY-NO-RECEIVER", {})
    try:
        if card is not None:
            shown = read_card(card, form.cleaned_data["pin"], at=at)
        receive(
            by=frame.actor,
            at=at,
            offer_id=row.pk,
            hands=Hands(shown.person, row.to_post, row.place),
            count=Count(
                form.missing(), form.refused(), extra, (), shown.proof, shown.pin, typed=scanned.typed
            ),
            key=form.key(),
        )
    except Refused as error:
        return say(error.code, error.facts)
    return None


def _search(frame: Frame, row: Offer, missing: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Return for each object that was not found where to look, in words."""
    found = places_to_look(row, missing)
    posts = {one.place for suspects in found.values() for one in suspects if one.place}
    there = words_of(frame, (), posts)
    return [
        (label_of(name), [_suspect_words(one, there) for one in suspects[:PLACES_SHOWN_MAX]])
        for name, suspects in sorted(found.items())
    ]


def _suspect_words(one: Suspect, words: Words) -> str:
    where = words.post(one.place) if one.place else "kendaraan ini"
    similar = f" ({', '.join(one.similar[:2])})" if one.similar and "label mirip" in one.why else ""
    return f"{where}: {', '.join(one.why)}{similar}"


@require_POST
@screen(ACT)
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withdraw an own offer that nobody answered."""
    frame = frame_of(request, READ)
    withdraw(by=frame.actor, at=now(), offer_id=pk, key=f"tarik-{pk}")
    messages.success(request, "Tawaran ditarik. Kotaknya tetap Anda pegang.")
    return redirect("serah-terima-tawaran", pk=pk)


@require_POST
@screen(ACT)
def sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sign a difference that the other side has counted."""
    frame = frame_of(request, READ)
    row = Offer.objects.filter(pk=pk).first()
    if row is None or str(frame.actor.person) not in {row.giver, row.receiver}:
        raise NotAllowed("COMMON-NOT-FOUND")
    sign_difference(
        by=frame.actor,
        at=now(),
        offer_id=pk,
        receiver=UUID(row.receiver),
        counted=row.count - len(row.missing) + len(row.extra),
        missing=tuple(row.missing),
        key=f"selisih-{pk}-{str(frame.actor.person)[:8]}",
    )
    messages.success(request, "Selisih Anda tandatangani. Yang belum terlihat tetap dicari.")
    return redirect("serah-terima-tawaran", pk=pk)


@dataclass(frozen=True)
class Held:
    """What somebody holds at a post, with the form by which a deputy takes it over."""

    person: str
    post: str
    count: int
    form: TakeOverForm


@screen(ACT)
def deputy(request: HttpRequest) -> HttpResponse:
    """What others hold at my own posts; one tap and an acknowledgement make it mine."""
    frame = frame_of(request, READ)
    holdings.refresh(most=REFRESH_ON_SCREEN_MAX)
    refused: Message | None = None
    sent = TakeOverForm(request.POST) if request.method == "POST" else None
    if sent is not None and sent.is_valid():
        refused = _take_over(request, frame, sent)
        if refused is None:
            return redirect("serah-terima-ambil-alih")
    context = {
        "frame": frame,
        "judul": "Ambil alih",
        "held": _held(frame, sent),
        "refused": refused,
    }
    wrong = refused or (sent is not None and sent.errors)
    return answer(request, "custody/ambil_alih.html", context, status=409 if wrong else 200)


def _take_over(request: HttpRequest, frame: Frame, form: TakeOverForm) -> Message | None:
    asked = form.cleaned_data
    if not asked["yes"]:
        return say("CUSTODY-NO-ACKNOWLEDGEMENT", {})
    try:
        count = take_over(
            by=frame.actor,
            at=now(),
            from_person=_uuid(asked["dari"]),
            hands=Hands(frame.actor.person, asked["pos"]),
            reason=asked["reason"],
            key=form.key(),
        )
    except Refused as error:
        return say(error.code, error.facts)
    messages.success(request, f"{count} kotak dan bundel sekarang tanggung jawab Anda.")
    return None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotAllowed("COMMON-NOT-FOUND") from None


def _held(frame: Frame, sent: TakeOverForm | None) -> list[Held]:
    """Return what others hold at posts where this person is on duty."""
    rows = Holding.objects.exclude(holder="").exclude(holder=str(frame.actor.person)).exclude(post="")
    counted = rows.values_list("holder", "post").annotate(count=HowMany("pk")).order_by("post", "holder")
    mine = [(holder, post, count) for holder, post, count in counted if stands_at_post(frame.actor, post)]
    words = words_of(frame, {holder for holder, _, _ in mine}, {post for _, post, _ in mine})
    return [
        Held(words.person(holder), words.post(post), count, _form_for(holder, post, sent))
        for holder, post, count in mine
    ]


def _form_for(holder: str, post: str, sent: TakeOverForm | None) -> TakeOverForm:
    if sent is not None and sent.data.get("dari") == holder and sent.data.get("pos") == post:
        return sent
    return TakeOverForm(initial={"dari": holder, "pos": post}, auto_id=f"{holder[:8]}-%s")
