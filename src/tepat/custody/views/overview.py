"""Serah terima: who must do something now. Open offers, disputes, what is missing, refused or one-sided."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tepat.common.clock import now
from tepat.common.frame import Frame, frame_of
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Kind, Table
from tepat.custody import holdings
from tepat.custody.facts import microseconds
from tepat.custody.forms import FindForm
from tepat.custody.models import Holding, Invitation, Offer, TrayItem
from tepat.custody.views.shared import (
    READ,
    STANDING_COLUMNS,
    Words,
    at,
    object_cell,
    state_cell,
    visible_holdings,
    visible_offers,
    words_of,
)
from tepat.custody.words import REASON_WORDS

ROWS_SHOWN_MAX = 2_000
REFRESH_ON_SCREEN_MAX = 4_000


@screen(READ)
def overview(request: HttpRequest) -> HttpResponse:
    """Everything that is not simply in somebody's hands, the urgent first."""
    frame = frame_of(request, READ)
    holdings.refresh(most=REFRESH_ON_SCREEN_MAX)
    offers = list(
        visible_offers(frame).filter(state=Offer.State.OPEN).order_by("offered_us", "pk")[:ROWS_SHOWN_MAX]
    )
    troubled = list(_troubled(visible_holdings(frame)))
    people = {row.giver for row in offers} | {row.holder for row in troubled}
    posts = {row.to_post for row in offers} | {row.post for row in troubled}
    posts |= {row.to_post for row in troubled}
    words = words_of(frame, people, posts)
    moment = now()
    context = {
        "frame": frame,
        "judul": f"Serah terima, {frame.office.name}",
        "form": FindForm(),
        "may_act": frame.actor.has(Permission.CUSTODY_ACT),
        "figures": _figures(frame),
        "tables": [
            _trouble_table(frame, troubled, words),
            _offers_table(frame, offers, words, moment),
            _refused_table(frame, troubled, words),
        ],
        "tray": TrayItem.objects.filter(taken_in_at=None, code__gt="").count() if frame.whole_office else 0,
        "second": Invitation.objects.filter(second_tries__gt=0, revoked_at=None).count()
        if frame.may(Permission.CARDS_ISSUE)
        else 0,
    }
    return answer(request, "custody/serah_terima.html", context)


def _troubled(rows: QuerySet[Holding]) -> QuerySet[Holding]:
    wanted = Q(status__in=("sengketa", "belum_terlihat")) | Q(one_sided=True) | Q(refused=True)
    return rows.filter(wanted).order_by("object_id")[:ROWS_SHOWN_MAX]


def _figures(frame: Frame) -> list[tuple[str, int]]:
    """Return how many objects stand how."""
    rows = visible_holdings(frame)
    by_status = dict(rows.values_list("status").annotate(count=Count("pk")).order_by())
    return [
        ("Dipegang", by_status.get("dipegang", 0)),
        ("Menunggu penerima", by_status.get("ditawarkan", 0)),
        ("Sengketa", by_status.get("sengketa", 0)),
        ("Belum terlihat", by_status.get("belum_terlihat", 0)),
        ("Sepihak", rows.filter(one_sided=True).count()),
        ("Ditolak, belum selesai", rows.filter(refused=True).count()),
    ]


def _trouble_table(frame: Frame, rows: list[Holding], words: Words) -> Table:
    listed = [row for row in rows if row.status in {"sengketa", "belum_terlihat"} or row.one_sided]
    return Table(
        id="masalah",
        title="Perlu diselesaikan",
        note="Sengketa diselesaikan oleh orang ketiga yang memindai kotaknya. Sepihak: penerima sudah "
        "mencatat, catatan penyerah belum sampai.",
        columns=STANDING_COLUMNS,
        rows=[
            [
                object_cell(row.object_id),
                _trouble_cell(row),
                words.person(row.holder),
                words.post(row.post),
                at(row.since_us),
                at(row.last_evidence_us),
            ]
            for row in listed
        ],
        empty="Tidak ada sengketa, tidak ada yang dicari, dan tiap serah terima dicatat kedua pihak.",
        zone=frame.zone,
    )


def _trouble_cell(row: Holding) -> Cell:
    if row.status not in {"sengketa", "belum_terlihat"}:
        return Cell("perhatikan", word="SEPIHAK")
    note = f"{row.claims} pengakuan lain" if row.claims else ""
    return state_cell(row.status, note)


def _offers_table(frame: Frame, rows: list[Offer], words: Words, moment: datetime) -> Table:
    return Table(
        id="tawaran",
        title="Menunggu penerima",
        note="Sampai diterima, penyerah tetap bertanggung jawab.",
        columns=(
            Column("Ditawarkan", Kind.MOMENT),
            Column("Penyerah"),
            Column("Untuk pos"),
            Column("Kotak", Kind.COUNT),
            Column("Rencana diterima", Kind.MOMENT),
            Column("Keadaan", Kind.STATE),
        ),
        rows=[
            [
                at(row.offered_us),
                words.person(row.giver),
                words.post(row.to_post),
                Cell(row.count, href=reverse("serah-terima-tawaran", args=[row.pk])),
                _expected(row),
                _lateness(row, moment),
            ]
            for row in rows
        ],
        empty="Tidak ada tawaran yang menunggu.",
        zone=frame.zone,
    )


def _expected(row: Offer) -> datetime | None:
    try:
        return datetime.fromisoformat(row.expected_at)
    except ValueError:
        return None


def _lateness(row: Offer, moment: datetime) -> Cell:
    expected = _expected(row)
    if expected is None:
        return Cell("belum", word="TANPA RENCANA")
    if microseconds(moment) > microseconds(expected):
        return Cell("gawat", word="TERLAMBAT")
    return Cell("aman", word="DI JALAN")


def _refused_table(frame: Frame, rows: list[Holding], words: Words) -> Table:
    states = holdings.state_of([row.object_id for row in rows if row.refused])
    lines: list[list[Any]] = []
    for row in rows:
        state = states.get(row.object_id)
        if state is None or state.refused is None:
            continue
        refused = state.refused
        lines.append(
            [
                object_cell(row.object_id),
                REASON_WORDS.get(refused.reason, refused.reason),
                at(refused.at_us),
                words.person(row.holder),
                words.post(row.post),
                Cell("lihat penggantian", href=reverse("penggantian-satu", args=[refused.offer])),
            ]
        )
    return Table(
        id="ditolak",
        title="Ditolak dan belum selesai",
        note="Selesai bila kotaknya, atau penggantinya, diterima dengan tanda terima baru.",
        columns=(
            Column("Kotak", Kind.CODE),
            Column("Alasan"),
            Column("Ditolak", Kind.MOMENT),
            Column("Tetap dipegang"),
            Column("Pos"),
            Column("Langkah berikut"),
        ),
        rows=lines,
        empty="Tidak ada kotak yang ditolak.",
        zone=frame.zone,
    )
