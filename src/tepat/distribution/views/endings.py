"""Penggantian: refused boxes until something else, or the same box, was received."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tepat.common.clock import now
from tepat.common.errors import NotAllowed, Refused
from tepat.common.frame import Frame, frame_of, lies_in, names_of
from tepat.common.messages import Message, say
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Kind, Table, moment
from tepat.custody import holdings, planned
from tepat.custody.handing_reading import label_typed, objects_of, people_at
from tepat.custody.models import Holding, Offer
from tepat.custody.parties import label_of
from tepat.custody.views.shared import object_cell, words_of
from tepat.custody.words import REASON_WORDS
from tepat.distribution.ending_actions import PLAN, plan_ending, tick
from tepat.distribution.ending_forms import EndingForm
from tepat.distribution.ending_models import Ending
from tepat.distribution.ending_paper import trip_words
from tepat.distribution.endings import Receipt, is_late, packed_of, receipts_of, spares_of
from tepat.packing.forms import PaperForm
from tepat.packing.label_actions import PrintedLabels, note_labels
from tepat.packing.label_rows import labels_of, names_of_office, print_of
from tepat.packing.labels import labels_pdf
from tepat.packing.models import PackedObject

READ = Permission.CUSTODY_READ
ROWS_SHOWN_MAX = 1_000
REFRESH_ON_SCREEN_MAX = 4_000
TRIPS_SHOWN_MAX = 200


@screen(READ)
def endings(request: HttpRequest) -> HttpResponse:
    """Open cases first; what has waited for more than two hours stands out."""
    frame = frame_of(request, READ)
    at = _bring_up_to_date()
    rows = list(_visible(frame)[:ROWS_SHOWN_MAX])
    waiting = [row for row in rows if row.closed_at is None]
    context = {
        "frame": frame,
        "judul": f"Penggantian, {frame.office.name}",
        "figures": [
            ("Terbuka", len(waiting)),
            ("Terbuka lebih dari 2 jam", sum(is_late(row, at) for row in waiting)),
            ("Belum ada perjalanan", sum(not row.planned for row in waiting)),
            ("Selesai", len(rows) - len(waiting)),
        ],
        "table": _table(frame, rows, at),
    }
    return answer(request, "distribution/akhir.html", context)


def _bring_up_to_date() -> datetime:
    at = now()
    holdings.refresh(most=REFRESH_ON_SCREEN_MAX)
    tick(at)
    return at


def _visible(frame: Frame) -> QuerySet[Ending]:
    mine = Offer.objects.filter(giver=str(frame.actor.person)).values("pk")
    return Ending.objects.filter(lies_in("area_code", frame.areas)) | Ending.objects.filter(offer__in=mine)


def _table(frame: Frame, rows: list[Ending], at: datetime) -> Table:
    offers = {row.pk: row for row in Offer.objects.filter(pk__in=[row.offer for row in rows])}
    words = words_of(frame, {one.giver for one in offers.values()}, {row.to_post for row in rows})
    return Table(
        id="penggantian",
        title="Kotak yang ditolak dan penggantinya",
        note="Selesai sendiri begitu pengganti, atau kotak yang sama, diterima dengan tanda terima baru.",
        columns=(
            Column("Ditolak", Kind.MOMENT),
            Column("Oleh"),
            Column("Kotak", Kind.COUNT),
            Column("Alasan"),
            Column("Tetap pada"),
            Column("Pengganti berangkat"),
            Column("Keadaan", Kind.STATE),
        ),
        rows=[
            [
                row.refused_at,
                Cell(words.post(row.to_post), href=reverse("penggantian-satu", args=[row.offer])),
                len(row.refused),
                _reasons(row),
                words.person(offers[row.offer].giver) if row.offer in offers else None,
                trip_words(row, frame.office, "") if row.planned else None,
                _state(row, at),
            ]
            for row in rows
        ],
        empty="Tidak ada kotak yang pernah ditolak.",
        zone=frame.zone,
    )


def _reasons(row: Ending) -> str:
    return ", ".join(sorted({REASON_WORDS.get(one["reason"], one["reason"]) for one in row.refused}))


def _state(row: Ending, at: datetime) -> Cell:
    if row.closed_at:
        return Cell("aman", word="SELESAI")
    if is_late(row, at):
        return Cell("gawat", word="LEBIH DARI 2 JAM")
    return Cell("perhatikan", word="DI JALAN" if row.planned else "BELUM DIATUR")


@screen(READ)
def ending_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One case: what was refused, what lies in stock, what to pack again, by what it goes."""
    frame = frame_of(request, READ)
    at = _bring_up_to_date()
    row = _load(frame, pk)
    offer = Offer.objects.filter(pk=pk).first()
    words = words_of(frame, {offer.giver, offer.receiver} if offer else set(), {row.to_post})
    form, refused = None, None
    if row.closed_at is None and frame.may(PLAN):
        form = _form(request, frame, row, at)
        if request.method == "POST" and form.is_valid():
            refused = _plan(frame, row, form, at)
            if refused is None:
                messages.success(request, "Disimpan. Kasus ini selesai sendiri begitu penggantinya diterima.")
                return redirect("penggantian-satu", pk=pk)
    packed = packed_of([*row.objects_refused, *row.replaced.values()])
    receipts = receipts_of([row])[str(row.offer)]
    driver = names_of([row.driver_id], shown=True).get(row.driver_id, "") if row.driver_id else ""
    context = {
        "frame": frame,
        "judul": "Penggantian kotak yang ditolak",
        "row": row,
        "state": _state(row, at),
        "to_post": words.post(row.to_post),
        "giver": words.person(offer.giver) if offer else "",
        "receiver": words.person(offer.receiver) if offer and offer.receiver else "",
        "trip": trip_words(row, frame.office, driver) if row.planned else "",
        "tables": [
            _refused_table(frame, row, packed, receipts),
            _spare_table(frame, row, packed),
        ],
        "form": form,
        "refused": refused,
        "may_plan": frame.may(PLAN),
        "paper_form": PaperForm() if frame.may(PLAN) and packed else None,
    }
    wrong = refused or (form is not None and form.is_bound and form.errors)
    return answer(request, "distribution/akhir_satu.html", context, status=409 if wrong else 200)


def _load(frame: Frame, pk: UUID) -> Ending:
    row = _visible(frame).filter(pk=pk).first()
    if row is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    return row


def _form(request: HttpRequest, frame: Frame, row: Ending, at: datetime) -> EndingForm:
    trips: dict[str, str] = {}
    for leg in planned.planned_legs():
        if leg.to_post == row.to_post and leg.at > at:
            trips.setdefault(leg.id.partition(":")[0], f"{leg.word}, {moment(leg.at, frame.zone)}")
    drivers = names_of(people_at("angkutan:-", at), shown=True)
    initial = {
        "trip": row.trip,
        "vehicle": row.vehicle,
        "driver": str(row.driver_id or ""),
        # Without its zone: a form shows a moment that has one by the server's clock.
        "depart_at": row.depart_at.astimezone(frame.zone).replace(tzinfo=None) if row.depart_at else None,
    }
    return EndingForm(
        request.POST if request.method == "POST" else None,
        trips=list(trips.items())[:TRIPS_SHOWN_MAX],
        drivers=sorted(((str(key), name) for key, name in drivers.items()), key=lambda one: one[1]),
        refused={name: label_of(row.replaced.get(name, "")) for name in row.objects_refused},
        zone=frame.zone,
        initial=initial,
    )


def _plan(frame: Frame, row: Ending, form: EndingForm, at: datetime) -> Message | None:
    labels = {name: label_typed(label) for name, label in form.labels().items()}
    known = objects_of(list(labels.values()), Holding.objects.all())
    if strange := [label for label in labels.values() if label not in known]:
        return say("ENDING-NO-SUCH-BOX", {"label": strange[0][:20]})
    try:
        plan_ending(
            by=frame.actor,
            at=at,
            offer=row.pk,
            replacement=form.replacement({name: known[label] for name, label in labels.items()}),
            key=form.key(),
        )
    except Refused as error:
        return say(error.code, error.facts)
    return None


def _refused_table(
    frame: Frame, row: Ending, packed: dict[str, PackedObject], receipts: dict[str, Receipt]
) -> Table:
    return Table(
        id="ditolak",
        title="Ditolak, dan apa penggantinya",
        columns=(
            Column("Kotak", Kind.CODE),
            Column("Alasan"),
            Column("Pengganti", Kind.CODE),
            Column("Kemas ulang"),
            Column("Diterima", Kind.MOMENT),
        ),
        rows=[
            [
                object_cell(entry["object"]),
                Cell(REASON_WORDS.get(entry["reason"], entry["reason"]), note=entry["note"]),
                object_cell(row.replaced[entry["object"]])
                if entry["object"] in row.replaced
                else Cell("kode yang sama", kind=Kind.TEXT),
                _repack(frame, entry, packed),
                receipts[entry["object"]].at if entry["object"] in receipts else None,
            ]
            for entry in row.refused
        ],
        zone=frame.zone,
    )


def _repack(frame: Frame, entry: dict[str, str], packed: dict[str, PackedObject]) -> Cell:
    """Return what the packing table has to do: nothing where only the wrong address was refused."""
    if entry["reason"] == "salah":
        return Cell("tidak perlu: salah kirim")
    found = packed.get(entry["object"])
    if found is None:
        return Cell("tidak ada di pengepakan")
    link = reverse("pengepakan-set", args=[found.set_id]) if frame.may(Permission.PACKING_READ) else ""
    return Cell(f"set {found.set.unit}", href=link, note=found.get_state_display().lower())


def _spare_table(frame: Frame, row: Ending, packed: dict[str, PackedObject]) -> Table:
    wrong = {entry["object"] for entry in row.refused if entry["reason"] == "salah"}
    again = [packed[name] for name in row.objects_refused if name in packed and name not in wrong]
    goods = names_of_office(again[0].election, frame.office.area_code) if again else None
    return Table(
        id="cadangan",
        title="Isi yang diperlukan untuk mengemas ulang",
        note="Sisa karton dihitung dari pindaian di meja kemas. Barang lain: hitung di gudang.",
        columns=(
            Column("Barang"),
            Column("Perlu", Kind.COUNT),
            Column("Sisa di karton", Kind.COUNT),
            Column("Karton"),
            Column("Cukup", Kind.STATE),
        ),
        rows=[
            [
                goods.of_goods(one.item)[0] if goods else one.item,
                one.needed,
                one.there,
                ", ".join(one.lots) or None,
                _enough(one.there, one.needed),
            ]
            for one in spares_of(again)
        ],
        empty="Tidak ada yang perlu dikemas ulang, atau kotaknya tidak ada di pengepakan.",
        zone=frame.zone,
    )


def _enough(there: int | None, needed: int) -> Cell:
    if there is None:
        return Cell("belum", word="HITUNG DI GUDANG")
    return Cell("aman", word="CUKUP") if there >= needed else Cell("gawat", word="KURANG")


@require_POST
@screen(PLAN)
def labels_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The labels of what is packed again or comes instead."""
    frame = frame_of(request, PLAN)
    row = _load(frame, pk)
    form = PaperForm(request.POST)
    wanted = [row.replaced.get(name, name) for name in row.objects_refused]
    packed = packed_of(wanted)
    if not form.is_valid() or not packed:
        raise Refused("LABELS-NOTHING")
    election = next(iter(packed.values())).election
    listed = labels_of(packed.values(), names_of_office(election, frame.office.area_code))
    raw = labels_pdf(listed, print_of(frame.office, election, form.cleaned_data["paper"]))
    note_labels(
        by=frame.actor,
        at=now(),
        area_code=row.area_code or frame.office.area_code,
        election=election.code,
        printed=PrintedLabels("label penggantian", len(listed), hashlib.sha256(raw).hexdigest()),
    )
    return _pdf(raw, "label-penggantian.pdf")


def _pdf(raw: bytes, name: str) -> HttpResponse:
    page = HttpResponse(raw, content_type="application/pdf")
    page.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return page
