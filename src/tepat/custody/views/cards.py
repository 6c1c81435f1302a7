"""Kartu dan perangkat: who may speak from the field, on which phone, until when."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tepat.common.clock import now
from tepat.common.errors import NotAllowed, Refused
from tepat.common.frame import Frame, area_choices, area_words, day_begins, day_ends, frame_of, lies_in
from tepat.common.messages import Message, say
from tepat.common.models import Election, Event, Office
from tepat.common.permissions import Permission, Role
from tepat.common.quantities import grouped
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Kind, Table
from tepat.custody.duty_actions import note_ready
from tepat.custody.forms import IssueForm, RevokeForm, SpareForm, first_dates
from tepat.custody.identities import Issued
from tepat.custody.identity_actions import Wanted, issue_cards, issue_spares
from tepat.custody.identity_revoking import confirm_events, revoke
from tepat.custody.models import ConfirmedEvent, Device, Invitation
from tepat.custody.papers import cards_pdf
from tepat.custody.readiness_duties import call_of, called_numbers
from tepat.custody.views.shared import words_of
from tepat.custody.words import KIND_WORDS

READ, ISSUE, SETTLE = Permission.CUSTODY_READ, Permission.CARDS_ISSUE, Permission.CUSTODY_SETTLE
CONFIRM = Permission.DUTY_CONFIRM
CARDS_SHOWN_MAX = 5_000
EVENTS_SHOWN_MAX = 500


@never_cache
@screen(ISSUE)
def cards(request: HttpRequest) -> HttpResponse:
    """Every card with its phone; issuing answers with the sheets to print: the codes stand nowhere else."""
    frame = frame_of(request, ISSUE)
    which = request.POST.get("langkah", "") if request.method == "POST" else ""
    today = now().astimezone(frame.zone).date()
    initial = first_dates(today, _polling(today))
    areas = area_choices(frame.areas, frame.office)
    issue = IssueForm(request.POST if which == "terbitkan" else None, areas=areas, initial=initial)
    spare = SpareForm(request.POST if which == "cadangan" else None, areas=areas, initial=initial)
    refused: Message | None = None
    asked = issue if which == "terbitkan" else spare if which == "cadangan" else None
    if asked is not None and asked.is_valid():
        try:
            return card_sheets(frame.office, _issue(frame, asked), request)
        except Refused as error:
            refused = say(error.code, error.facts)
    rows = list(
        Invitation.objects.filter(lies_in("area_code", frame.areas)).select_related("device")[
            :CARDS_SHOWN_MAX
        ]
    )
    context = {
        "frame": frame,
        "judul": f"Kartu dan perangkat, {frame.office.name}",
        "issue": issue,
        "spare": spare,
        "refused": refused,
        "tables": [_tries_table(frame, rows), _cards_table(frame, rows)],
    }
    wrong = refused or (asked is not None and asked.errors)
    return answer(request, "custody/kartu.html", context, status=409 if wrong else 200)


def _polling(today: date) -> date | None:
    found = Election.objects.filter(polling_date__gte=today).order_by("polling_date").first()
    return found.polling_date if found else None


def _issue(frame: Frame, form: IssueForm | SpareForm) -> list[Issued]:
    asked = form.cleaned_data
    start, end = day_begins(asked["valid_from"], frame.zone), day_ends(asked["valid_to"], frame.zone)
    if isinstance(form, SpareForm):
        return issue_spares(
            by=frame.actor,
            at=now(),
            area_code=asked["area_code"],
            count=asked["count"],
            valid_from=start,
            valid_to=end,
        )
    wanted = Wanted(asked["area_code"], form.roles_chosen(), start, end, again=asked["again"])
    return issue_cards(by=frame.actor, at=now(), wanted=wanted)


def card_sheets(office: Office, issued: list[Issued], request: HttpRequest) -> HttpResponse:
    """Return issued cards as a PDF: their codes stand nowhere else, so it is answered and not kept."""
    pdf = cards_pdf(
        _in_words(issued),
        office=(office.area_code, office.name),
        address=request.build_absolute_uri("/"),
        zone=office.zone,
        watermark="LATIHAN" if settings.LATIHAN else "",
    )
    answered = HttpResponse(pdf, content_type="application/pdf")
    answered.headers["Content-Disposition"] = 'attachment; filename="kartu.pdf"'
    return answered


def _in_words(issued: list[Issued]) -> list[Issued]:
    from dataclasses import replace

    words = area_words(card.area_code for card in issued)
    return [replace(card, area_code=words[card.area_code]) for card in issued]


def _last_day(end: datetime, frame: Frame) -> date:
    return (end - timedelta(microseconds=1)).astimezone(frame.zone).date()


def _cards_table(frame: Frame, rows: list[Invitation]) -> Table:
    words = words_of(frame, {str(row.person_id or "") for row in rows}, ())
    areas = area_words(row.area_code for row in rows)
    moment = now()
    called = called_numbers(moment)
    cut = f" Tampak {grouped(CARDS_SHOWN_MAX)} yang pertama." if len(rows) == CARDS_SHOWN_MAX else ""
    return Table(
        id="kartu",
        title="Kartu",
        note="Satu kartu, satu orang, satu HP: HP pertama yang memindai undangannya." + cut,
        columns=(
            Column("Nomor", Kind.CODE),
            Column("Nama"),
            Column("Jabatan"),
            Column("Wilayah"),
            Column("Hari terakhir", Kind.DATE),
            Column("Keadaan", Kind.STATE),
            Column("HP terakhir terdengar", Kind.MOMENT),
        ),
        rows=[
            [
                Cell(row.number, href=reverse("serah-terima-kartu-satu", args=[row.number])),
                words.person(str(row.person_id)) if row.person_id else "kartu cadangan",
                Role[row.role].value if row.person_id else "–",
                areas[row.area_code],
                _last_day(row.valid_to, frame),
                card_state(row, moment, called=row.number in called),
                _heard(_device(row)),
            ]
            for row in rows
        ],
        empty="Belum ada kartu. Terbitkan di bawah, cetak, dan serahkan langsung kepada orangnya.",
        zone=frame.zone,
    )


def _device(row: Invitation) -> Device | None:
    found: Device | None = getattr(row, "device", None)
    return found


def _heard(device: Device | None) -> Cell:
    """Return when a phone was last heard; and how wrong its clock is, where it is."""
    if device is None:
        return Cell(None)
    said = clock_word(device.clock_error_s)
    return Cell(device.seen_at, note=f"jam HP {said}" if said not in {None, "tepat"} else "")


def card_state(row: Invitation, moment: datetime, *, called: bool = False) -> Cell:
    """Return how a card stands; `called`: its owner has acknowledged the duty on the telephone."""
    device = _device(row)
    if row.revoked_at:
        return Cell("gawat", word="DICABUT")
    if moment >= row.valid_to:
        return Cell("belum", word="LEWAT")
    if device is None:
        return Cell("aman", word="SIAP, TANPA HP") if called else Cell("belum", word="BELUM DIIKAT")
    return Cell("aman", word="TERIKAT") if device.person_id else Cell("perhatikan", word="BELUM AKTIF")


def clock_word(error_s: int | None) -> str | None:
    """Return how wrong a phone's clock is, in words."""
    if error_s is None:
        return None
    if abs(error_s) < 60:
        return "tepat"
    minutes = abs(error_s) // 60
    size = f"{minutes} menit" if minutes < 120 else f"{minutes // 60} jam"
    return f"{'maju' if error_s > 0 else 'mundur'} {size}"


def _tries_table(frame: Frame, rows: list[Invitation]) -> Table:
    tried = [row for row in rows if row.second_tries]
    words = words_of(frame, {str(row.person_id or "") for row in tried}, ())
    return Table(
        id="hp-kedua",
        title="Ditolak: HP kedua pada kartu yang sama",
        note="HP pertama tetap berlaku. Tanyakan kepada orangnya; jika HP pertama bukan miliknya, cabut.",
        columns=(
            Column("Nomor", Kind.CODE),
            Column("Nama"),
            Column("Diikat", Kind.MOMENT),
            Column("Percobaan HP lain", Kind.COUNT),
        ),
        rows=[
            [
                Cell(row.number, href=reverse("serah-terima-kartu-satu", args=[row.number])),
                words.person(str(row.person_id)) if row.person_id else "kartu cadangan",
                row.used_at,
                row.second_tries,
            ]
            for row in tried
        ],
        empty="Tidak ada HP kedua yang mencoba memakai kartu orang lain.",
        zone=frame.zone,
    )


@never_cache
@screen(ISSUE)
def card_one(request: HttpRequest, number: str) -> HttpResponse:
    """One card: its phone, what it did, and revoking it."""
    frame = frame_of(request, ISSUE)
    row = (
        Invitation.objects.filter(lies_in("area_code", frame.areas), number=number)
        .select_related("device", "card")
        .first()
    )
    if row is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    form = RevokeForm(request.POST if request.method == "POST" else None)
    refused: Message | None = None
    if request.method == "POST":
        refused = _change(request, frame, row, form)
        if refused is None and (form.is_valid() or {"kukuhkan", "siap"} & set(request.POST)):
            return redirect("serah-terima-kartu-satu", number=number)
    device, call = _device(row), call_of(number)
    people = {str(row.person_id or ""), str(call.actor) if call else ""}
    words = words_of(frame, people, {row.post})
    context = {
        "frame": frame,
        "judul": f"Kartu {number}",
        "row": row,
        "device": device,
        "name": words.person(str(row.person_id)) if row.person_id else "Kartu cadangan",
        "role": Role[row.role].value,
        "post": words.post(row.post) if row.post else "",
        "area": area_words([row.area_code])[row.area_code],
        "state": card_state(row, now(), called=call is not None),
        "call": call,
        "called_by": words.person(str(call.actor)) if call else "",
        "may_call": _may_call(frame, row, called=call is not None),
        "clock": clock_word(device.clock_error_s) if device else None,
        "pin": bool(row.card and row.card.pin_hash),
        "last_day": _last_day(row.valid_to, frame),
        "form": None if row.revoked_at else form,
        "may_confirm": bool(device and device.revoked_at and frame.actor.has(SETTLE)),
        "refused": refused,
        "table": _events_table(frame, device),
    }
    return answer(request, "custody/kartu_satu.html", context, status=409 if refused or form.errors else 200)


def _may_call(frame: Frame, row: Invitation, *, called: bool) -> bool:
    """Return whether this reader may note that the owner of a card without a phone is ready."""
    if called or _device(row) is not None or row.person_id in {None, frame.actor.person}:
        return False
    valid = row.revoked_at is None and now() < row.valid_to
    return valid and frame.actor.may(CONFIRM, row.area_code)


def _change(request: HttpRequest, frame: Frame, row: Invitation, form: RevokeForm) -> Message | None:
    try:
        if "kukuhkan" in request.POST:
            device = _device(row)
            assert device is not None
            events = Event.objects.filter(device=device.pk).exclude(device="").values_list("pk", flat=True)
            count = confirm_events(by=frame.actor, at=now(), device=device.pk, events=list(events))
            messages.success(request, f"{count} peristiwa dikukuhkan dan dihitung lagi.")
        elif "siap" in request.POST:
            note_ready(by=frame.actor, at=now(), number=row.number)
            messages.success(request, "Dicatat: siap bertugas, lewat telepon.")
        elif form.is_valid():
            count = revoke(
                by=frame.actor,
                at=now(),
                number=row.number,
                reason=form.cleaned_data["reason"],
                key=form.key(),
            )
            messages.success(
                request, f"Kartu dicabut. {count} peristiwanya ditandai dan tidak dihitung dulu."
            )
    except Refused as error:
        return say(error.code, error.facts)
    return None


def _events_table(frame: Frame, device: Device | None) -> Table:
    events = (
        list(
            Event.objects.filter(device=device.pk).exclude(device="").order_by("-counter")[:EVENTS_SHOWN_MAX]
        )
        if device
        else []
    )
    confirmed: set[UUID] = set(
        ConfirmedEvent.objects.filter(pk__in=[event.pk for event in events]).values_list("pk", flat=True)
    )
    revoked = device is not None and device.revoked_at is not None
    return Table(
        id="peristiwa",
        title="Yang dicatat HP ini",
        columns=(
            Column("Urutan", Kind.COUNT),
            Column("Saat", Kind.MOMENT),
            Column("Kejadian"),
            Column("Kotak", Kind.COUNT),
            Column("Sampai di kantor", Kind.MOMENT),
            Column("Dihitung", Kind.STATE),
        ),
        rows=[
            [
                event.counter,
                event.occurred_at,
                Cell(KIND_WORDS.get(event.kind, event.kind), href=_link(frame, event)),
                len(event.objects_named),
                event.recorded_at,
                _counted(event, confirmed=confirmed, revoked=revoked),
            ]
            for event in events
        ],
        empty="HP ini belum mengirim apa pun." if device else "Undangannya belum dipindai HP mana pun.",
        zone=frame.zone,
    )


def _link(frame: Frame, event: Event) -> str:
    allowed: Any = frame.actor.has(Permission.RECORDS_READ)
    return reverse("peristiwa-satu", args=[event.pk]) if allowed else ""


def _counted(event: Event, *, confirmed: set[UUID], revoked: bool) -> Cell:
    if not revoked:
        return Cell("aman", word="YA")
    return Cell("aman", word="DIKUKUHKAN") if event.pk in confirmed else Cell("gawat", word="DITAHAN")
