"""One box from its seal to this moment: who had it, who says so, how we know. And one offer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tepat.common.clock import now
from tepat.common.errors import NotAllowed, Refused
from tepat.common.frame import Frame, frame_of
from tepat.common.messages import Message, say
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Kind, Table, moment
from tepat.custody import holdings
from tepat.custody.actions import Hands
from tepat.custody.clocks import say_interval
from tepat.custody.facts import moment_of
from tepat.custody.forms import FindForm, SettleForm
from tepat.custody.handing_actions import signed_by
from tepat.custody.handing_reading import label_typed, stands_at_post
from tepat.custody.models import ExpectedPhoto, Holding, Offer, SignedStatement
from tepat.custody.parties import label_of
from tepat.custody.rules import History, Moment
from tepat.custody.settling_actions import settle
from tepat.custody.views.shared import (
    READ,
    Words,
    at,
    known_offers,
    object_cell,
    state_cell,
    visible_holdings,
    words_of,
)
from tepat.custody.words import KIND_WORDS, REASON_WORDS, STATUS_WORDS, tps_word

SETTLE, ACT = Permission.CUSTODY_SETTLE, Permission.CUSTODY_ACT


@screen(READ)
def find(request: HttpRequest) -> HttpResponse:
    """Go to a box by what was typed or scanned."""
    form = FindForm(request.GET or None)
    if not form.is_valid():
        return redirect("serah-terima")
    frame = frame_of(request, READ)
    code = label_typed(form.cleaned_data["kode"])
    if not _found(frame, code):
        raise Refused("CUSTODY-NO-SUCH-BOX", label=code[:40])
    return redirect("serah-terima-kotak", code=code)


def _found(frame: Frame, code: str) -> list[Holding]:
    """Return the boxes with this label that the reader may see: one for each election at most."""
    rows = visible_holdings(frame).filter(object_id__endswith=f":{code}").order_by("object_id")
    return [row for row in rows if label_of(row.object_id) == code]


@screen(READ)
def box(request: HttpRequest, code: str) -> HttpResponse:
    """The timeline of one box; whoever may, settles a dispute here."""
    frame = frame_of(request, READ)
    rows = _found(frame, code)
    if not rows:
        raise NotAllowed("COMMON-NOT-FOUND")
    row = rows[-1]
    history = holdings.history_of(row.object_id)
    words = words_of(frame, _people(history), _posts(history))
    form = _settle_form(request, frame, history, words)
    refused: Message | None = None
    if request.method == "POST":
        frame.actor.require(SETTLE, row.area_code or None)
        if form is not None and form.is_valid():
            refused = _settle(frame, row.object_id, form)
            if refused is None:
                messages.success(request, "Ditetapkan. Kedua pengakuan tetap tersimpan di riwayat.")
                return redirect("serah-terima-kotak", code=code)
    state = history.state
    context = {
        "frame": frame,
        "judul": f"Kotak {code}",
        "code": code,
        "what": tps_word(code),
        "object": row.object_id,
        "row": row,
        "state": state_cell(state.status),
        "status": STATUS_WORDS[state.status],
        "holder": words.person(state.holder),
        "post": words.post(state.post),
        "since": at(state.since_us),
        "evidence": at(state.last_evidence_us),
        "flags": [str(flag) for flag in state.flags],
        "to_post": words.post(state.offer.to_post) if state.offer else "",
        "refusal": _refusal(history),
        "tables": [
            _timeline(frame, history, words),
            *([_claims(frame, history, words)] if history.claims else []),
            _seals(frame, history),
        ],
        "form": form,
        "refused": refused,
    }
    wrong = refused or (form is not None and form.is_bound and form.errors)
    return answer(request, "custody/kotak.html", context, status=409 if wrong else 200)


def _refusal(history: History) -> str:
    refused = history.state.refused
    return REASON_WORDS.get(refused.reason, refused.reason) if refused else ""


def _people(history: History) -> set[str]:
    people = {one.holder for one in history.moments} | {one.actor for one in history.moments}
    return people | {claim.claimant for claim in history.claims}


def _posts(history: History) -> set[str]:
    posts = {one.post for one in history.moments} | {claim.post for claim in history.claims}
    return posts | ({history.state.offer.to_post} if history.state.offer else set())


def _settle_form(request: HttpRequest, frame: Frame, history: History, words: Words) -> SettleForm | None:
    state = history.state
    if state.status not in {"sengketa", "belum_terlihat"} or not frame.actor.has(SETTLE):
        return None
    sides = {state.holder: state.post} | {claim.claimant: claim.post for claim in state.claims}
    people = [(person, words.person(person)) for person in sides]
    initial = {"post": next(iter(sides.values()))}
    return SettleForm(request.POST if request.method == "POST" else None, people=people, initial=initial)


def _settle(frame: Frame, object_id: str, form: SettleForm) -> Message | None:
    asked = form.cleaned_data
    scanned = label_typed(asked["scanned"])
    if scanned != label_of(object_id):
        return say("CUSTODY-OTHER-LABEL", {"label": scanned[:40]})
    try:
        settle(
            by=frame.actor,
            at=now(),
            objects=(object_id,),
            hands=Hands(UUID(asked["person"]), asked["post"].strip()),
            note=asked["note"],
            key=form.key(),
        )
    except Refused as error:
        return say(error.code, error.facts)
    return None


def _timeline(frame: Frame, history: History, words: Words) -> Table:
    events = [UUID(one.event) for one in history.moments]
    signed = set(SignedStatement.objects.filter(pk__in=events).values_list("pk", flat=True))
    photos = _photos(events)
    return Table(
        id="riwayat",
        title="Riwayat",
        note="Yang terlama di atas. Waktu yang tidak pasti ditulis sebagai rentang.",
        columns=(
            Column("Hari dan jam"),
            Column("Kejadian"),
            Column("Dicatat oleh"),
            Column("Penanggung jawab sesudahnya"),
            Column("Pos"),
            Column("Bukti"),
            Column("Tanda"),
        ),
        rows=[
            [
                _when(one, frame),
                Cell(KIND_WORDS.get(one.kind, one.kind), href=_event_link(frame, one.event)),
                words.person(one.actor),
                words.person(one.holder),
                words.post(one.post) if one.post else None,
                _evidence(UUID(one.event) in signed, photos.get(UUID(one.event))),
                ", ".join([*(["sepihak"] if one.one_sided else []), *map(str, one.flags)]) or None,
            ]
            for one in history.moments
        ],
        empty="Belum ada peristiwa tentang kotak ini.",
        zone=frame.zone,
    )


def _when(one: Moment, frame: Frame) -> str:
    said = say_interval(one.at_us, one.uncertainty_s, zone=frame.zone).text
    if one.uncertainty_s <= 60:
        return moment(moment_of(one.at_us), frame.zone)
    day = f"{moment_of(one.at_us).astimezone(frame.zone):%d/%m/%Y} "
    return said if "/" in said else day + said


def _event_link(frame: Frame, event: str) -> str:
    if not frame.actor.has(Permission.RECORDS_READ):
        return ""
    return reverse("peristiwa-satu", args=[event])


def _photos(events: list[UUID]) -> dict[UUID, tuple[int, int]]:
    """Return for each event how many photos it names and how many have come."""
    found: dict[UUID, tuple[int, int]] = {}
    rows = ExpectedPhoto.objects.filter(event__in=events).values_list("event_id", "arrived_at")
    for event, arrived in rows:
        if event is not None:
            named, came = found.get(event, (0, 0))
            found[event] = (named + 1, came + (arrived is not None))
    return found


def _evidence(signed: bool, photos: tuple[int, int] | None) -> str:  # noqa: FBT001 -- read in one place
    words = "tanda tangan alat" if signed else "akun kantor"
    if photos is None:
        return words
    named, came = photos
    return f"{words}, {came} dari {named} foto sudah sampai" if came < named else f"{words}, {named} foto"


def _claims(frame: Frame, history: History, words: Words) -> Table:
    open_ones = {claim.event for claim in history.state.claims}
    return Table(
        id="pengakuan",
        title="Semua pengakuan",
        note="Tidak ada pengakuan yang dihapus; yang sudah ditetapkan tetap tercatat.",
        columns=(
            Column("Saat", Kind.MOMENT),
            Column("Mengaku memegang"),
            Column("Pos"),
            Column("Sebab"),
            Column("Keadaan", Kind.STATE),
        ),
        rows=[
            [
                at(claim.at_us),
                words.person(claim.claimant),
                words.post(claim.post),
                claim.reason,
                Cell("gawat", word="TERBUKA") if claim.event in open_ones else Cell("aman", word="SELESAI"),
            ]
            for claim in history.claims
        ],
        zone=frame.zone,
    )


def _seals(frame: Frame, history: History) -> Table:
    rows: list[list[Any]] = [
        [
            "berangkat" if seals.seal_set == "keluar" else "kembali",
            ", ".join(seals.expected) or ("tanpa nomor" if seals.unnumbered else None),
            at(seals.sealed_us),
            "belum dibaca" if seals.read is None else ", ".join(seals.read) or "tidak ada nomor",
            at(seals.read_us),
            _match(seals.match),
        ]
        for seals in history.state.seals
    ]
    return Table(
        id="segel",
        title="Segel",
        note="Segel yang belum dibaca tidak dihitung cocok.",
        columns=(
            Column("Perjalanan"),
            Column("Dipasang"),
            Column("Saat dipasang", Kind.MOMENT),
            Column("Dibaca terakhir"),
            Column("Saat dibaca", Kind.MOMENT),
            Column("Cocok", Kind.STATE),
        ),
        rows=rows,
        empty="Belum ada segel yang tercatat untuk kotak ini.",
        zone=frame.zone,
    )


def _match(match: bool | None) -> Cell:  # noqa: FBT001 -- three answers: yes, no, not known
    if match is None:
        return Cell("belum")
    return Cell("aman", word="COCOK") if match else Cell("gawat", word="BEDA")


@screen(READ)
def offer_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One offer: what was offered, what was taken, what not, and what is missing."""
    frame = frame_of(request, READ)
    holdings.refold_offer(str(pk))
    row = known_offers(frame).filter(pk=pk).first()
    if row is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    words = words_of(frame, {row.giver, row.receiver}, {row.to_post, row.from_post})
    facts = holdings.offer_facts(str(pk)) if row.missing or row.extra else []
    signed = signed_by(facts)
    me = str(frame.actor.person)
    open_ = row.state == Offer.State.OPEN
    context = {
        "frame": frame,
        "judul": "Satu tawaran",
        "row": row,
        "giver": words.person(row.giver),
        "receiver": words.person(row.receiver) if row.receiver else "",
        "to_post": words.post(row.to_post),
        "offered": at(row.offered_us),
        "answered": at(row.answered_us),
        "mine": open_ and row.giver == me,
        "may_take": open_ and frame.actor.has(ACT) and stands_at_post(frame.actor, row.to_post),
        "unsigned": [words.person(one) for one in (row.giver, row.receiver) if one and one not in signed]
        if row.missing or row.extra
        else [],
        "may_sign": bool(row.missing or row.extra) and me in {row.giver, row.receiver} - signed,
        "ending": bool(row.refused) and frame.actor.has(READ),
        "table": _offer_table(frame, row),
    }
    return answer(request, "custody/tawaran.html", context)


def _offer_table(frame: Frame, row: Any) -> Table:
    refused = {entry["object"]: entry["reason"] for entry in row.refused}
    missing, extra = set(row.missing), set(row.extra)
    answered = row.answered_us

    def fate(name: str) -> Cell:
        if name in refused:
            return Cell("gawat", word="DITOLAK", note=REASON_WORDS.get(refused[name], refused[name]))
        if name in missing:
            return Cell("gawat", word="BELUM TERLIHAT")
        if answered is None:
            return Cell("perhatikan", word="MENUNGGU")
        if row.state in {"ditolak", "ditarik"}:
            return Cell("perhatikan", word=row.get_state_display().upper())
        return Cell("aman", word="DITERIMA", note="di luar daftar" if name in extra else "")

    return Table(
        id="isi",
        title="Isi tawaran",
        columns=(Column("Kotak", Kind.CODE), Column("Keadaan", Kind.STATE)),
        rows=[[object_cell(name), fate(name)] for name in sorted({*row.objects_named, *extra})],
        zone=frame.zone,
    )
