"""Nampan: what came from the field and could not be taken, with the reason; it never vanishes."""

import json

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tepat.common.errors import NotAllowed
from tepat.common.forms import new_key
from tepat.common.frame import Frame, frame_of, lies_in
from tepat.common.messages import say
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Kind, Table
from tepat.custody.models import Device, TrayItem
from tepat.custody.views.shared import READ, words_of
from tepat.custody.words import LATE_CODES

ITEMS_SHOWN_MAX = 2_000


def _visible(frame: Frame) -> QuerySet[TrayItem]:
    strangers = Q(area_code="") if frame.whole_office else Q(pk__in=())
    return TrayItem.objects.filter(lies_in("area_code", frame.areas) | strangers)


@screen(READ)
def tray(request: HttpRequest) -> HttpResponse:
    """Everything in the tray, the newest first."""
    frame = frame_of(request, READ)
    rows = list(_visible(frame)[:ITEMS_SHOWN_MAX])
    context = {
        "frame": frame,
        "judul": f"Nampan, {frame.office.name}",
        "waiting": sum(row.taken_in_at is None for row in rows),
        "table": _table(frame, rows),
    }
    return answer(request, "custody/nampan.html", context)


def _table(frame: Frame, rows: list[TrayItem]) -> Table:
    devices = {
        device.pk: str(device.person_id or "")
        for device in Device.objects.filter(pk__in={row.device for row in rows})
    }
    words = words_of(frame, set(devices.values()), ())
    return Table(
        id="nampan",
        title="Nampan",
        note="Catatan di sini tidak dihitung. Tidak ada yang dihapus.",
        columns=(
            Column("Sampai", Kind.MOMENT),
            Column("Sebab"),
            Column("Dari"),
            Column("Berapa kali dikirim", Kind.COUNT),
            Column("Keadaan", Kind.STATE),
        ),
        rows=[
            [
                row.received_at,
                Cell(
                    say(row.code, row.facts).happened,
                    href=reverse("serah-terima-nampan-satu", args=[row.pk]),
                ),
                words.person(devices[row.device]) if devices.get(row.device) else "HP tak dikenal",
                row.times,
                Cell("aman", word="SUDAH MASUK") if row.taken_in_at else Cell("perhatikan", word="DI NAMPAN"),
            ]
            for row in rows
        ],
        empty="Nampan kosong: semua yang dikirim HP dapat diterima.",
        zone=frame.zone,
    )


@screen(READ)
def tray_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One thing in the tray, as it was sent."""
    frame = frame_of(request, READ)
    row = _visible(frame).filter(pk=pk).first()
    if row is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    context = {
        "frame": frame,
        "judul": "Satu catatan di nampan",
        "row": row,
        "message": say(row.code, row.facts),
        "raw": _readable(row.raw),
        "photos": row.photos.count(),
        "may_take_in": row.taken_in_at is None
        and row.code in LATE_CODES
        and frame.actor.may(Permission.CUSTODY_SETTLE, row.area_code or frame.office.area_code),
        "key": new_key(),
        "reason_max": TrayItem._meta.get_field("note").max_length,
        "arrived": row.photos.filter(arrived_at__isnull=False).count(),
    }
    return answer(request, "custody/nampan_satu.html", context)


def _readable(raw: str) -> str:
    """Return JSON with a line for each thing; what is none stays as it is."""
    try:
        return json.dumps(json.loads(raw), indent=1, ensure_ascii=False)
    except (ValueError, RecursionError):
        return raw
