"""Meja: two people sit down, the page takes scans with or without a server, and gets up again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from tepat.common import ledger
from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.errors import NotAllowed, Refused, TepatError
from tepat.common.frame import names_of
from tepat.common.messages import say, table
from tepat.common.models import Place
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.unread import why_unread
from tepat.packing.actions import add_table, close_session, open_session
from tepat.packing.ballots import ballot_words
from tepat.packing.forms import SessionForm, TableForm
from tepat.packing.label_rows import names_of_office
from tepat.packing.models import PackedObject, PackingSession, PackingSet, PackingTable, rows_of
from tepat.packing.people import NAMELESS, packers
from tepat.packing.rules import GOOD, Outcome
from tepat.packing.scan_actions import Scan, boxes_now, take_scans
from tepat.packing.table_seals import TableSealing, seals_since, take_sealings, used_seals
from tepat.packing.tables import set_name
from tepat.planning.scope import Scope, scope_of

DO = Permission.PACKING_DO
SESSIONS_SHOWN = 20
CODES = (
    *("CODE-UNKNOWN", "CODE-VERSION", "CODE-REHEARSAL", "CODE-REAL"),
    *("CODE-OTHER-OFFICE", "CODE-OTHER-ELECTION", "CODE-CHECK"),
    *("SEAL-UNREADABLE", "SEAL-TWICE", "SEAL-USED", "SEAL-MANY", "SEAL-PENDING"),
)
BODY_BYTES_MAX = 256 * 1024


@screen(DO)
def desks(request: HttpRequest) -> HttpResponse:
    """The tables of the warehouse; sit down at one with a second person."""
    scope = scope_of(request, DO)
    area = scope.office.area_code
    refused, table_form, session_form = (
        None,
        _table_form(scope, None),
        _session_form(scope, None, request.GET.get("baru", "")),
    )
    if request.method == "POST":
        work = _add_table if request.POST.get("langkah") == "meja" else _sit_down
        table_form = _table_form(scope, request.POST if work is _add_table else None)
        session_form = _session_form(scope, request.POST if work is _sit_down else None)
        form: Any = table_form if work is _add_table else session_form
        if form.is_valid():
            try:
                return work(scope, form)
            except TepatError as error:
                refused = say(error.code, error.facts)
    sessions = PackingSession.objects.filter(table__area_code=area, election=scope.election)
    shown = list(sessions.select_related("table")[:SESSIONS_SHOWN])
    people = names_of([person for each in shown for person in (each.first, each.second)], shown=True)
    context = {
        "scope": scope,
        "tables": PackingTable.objects.filter(area_code=area),
        "sessions": [(each, _pair(each, people)) for each in shown],
        "mine": [
            each for each in shown if not each.closed_at and scope.actor.person in (each.first, each.second)
        ],
        "table_form": table_form,
        "session_form": session_form,
        "refused": refused,
        "ready": PackingSet.objects.in_area(area).filter(election=scope.election).exists(),
    }
    failed = refused is not None or bool(table_form.errors or session_form.errors)
    return answer(request, "packing/meja.html", context, status=409 if failed else 200)


def _pair(session: PackingSession, names: Mapping[UUID, str]) -> str:
    return " dan ".join(names.get(person, NAMELESS) for person in (session.first, session.second))


def _table_form(scope: Scope, data: Any) -> TableForm:
    places = Place.objects.in_area(scope.office.area_code).filter(kind=Place.Kind.GUDANG)
    return TableForm(data, places=[(str(place.pk), place.name) for place in places])


def _session_form(scope: Scope, data: Any, chosen: str = "") -> SessionForm:
    area = scope.office.area_code
    known = PackingTable.objects.filter(area_code=area)
    return SessionForm(
        data,
        initial={"table": chosen},
        tables=[(str(row.pk), row.name) for row in known],
        colleagues=packers(area, now(), without=scope.actor.person),
    )


def _add_table(scope: Scope, form: TableForm) -> HttpResponse:
    place = form.cleaned_data["place"]
    made = add_table(
        by=scope.actor,
        at=now(),
        area_code=scope.office.area_code,
        name=form.cleaned_data["name"],
        place=int(place) if place else None,
        key=form.key(),
    )
    return redirect(f"{reverse('pengepakan-meja')}?baru={made.pk}")


def _sit_down(scope: Scope, form: SessionForm) -> HttpResponse:
    at = now()
    session = open_session(
        by=scope.actor,
        at=at,
        table=int(form.cleaned_data["table"]),
        election=scope.election.code,
        second=form.second_person(at),
        card=form.card_text(),
        key=form.key(),
    )
    return redirect("pengepakan-meja-satu", pk=session.pk)


@screen(DO)
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """The packing screen of a table for one desa at a time; its checklists lie in the page."""
    scope = scope_of(request, DO)
    session = load_or_refuse(PackingSession, pk, by=scope.actor, permission=DO)
    if scope.actor.person not in {session.first, session.second}:
        raise Refused("PACK-OTHER-SESSION", table=session.table.name)
    if session.closed_at:
        raise Refused("PACK-SESSION-ENDED", table=session.table.name)
    rows = PackingSet.objects.in_area(session.area_code).filter(election=session.election)
    areas = sorted(set(rows.order_by().values_list("area_code", flat=True).distinct()))
    if not areas:
        raise Refused("PACK-NO-TPS", election=session.election.name)
    chosen = request.GET.get("wilayah", "")
    chosen = chosen if chosen in areas else _next_area(rows, areas)
    names = names_of_office(session.election, session.area_code)
    context = {
        "scope": scope,
        "session": session,
        "people": _pair(session, names_of([session.first, session.second], shown=True)),
        "areas": [(code, _area_words(code, names.areas)) for code in areas],
        "chosen": chosen,
        "page_content": {
            **_content(session, rows.filter(area_code=chosen).order_by("level", "tps_number"), names),
            "area": chosen,
        },
    }
    return render(request, "packing/meja_satu.html", context)


def _next_area(rows: Any, areas: list[str]) -> str:
    """Return the first area in which something is left to do."""
    left = (
        rows.exclude(state=PackingSet.State.COMPLETE)
        .order_by("area_code")
        .values_list("area_code", flat=True)
    )
    return left.first() or areas[0]


def _area_words(code: str, names: dict[str, str] | Any) -> str:
    kecamatan = names.get(code[: len("33.16.09")], "")
    return f"{kecamatan}: {names.get(code, code)}" if len(code) > len("33.16.09") else f"{kecamatan}: PPK"


def _content(session: PackingSession, sets: Any, names: Any) -> dict[str, Any]:
    listed = list(sets.prefetch_related("packed"))
    boxes = [_box(each, row) for row in listed for each in row.packed.all()]
    goods = {item for box in boxes for item, _ in box["needs"]}
    stops = [outcome.value for outcome in Outcome if outcome not in GOOD]
    used = used_seals(session.election)
    return {
        "session": session.pk,
        "made": ledger.moment(now()),
        "office": session.table.area_code,
        "election": session.election.code,
        "rehearsal": settings.LATIHAN,
        "seals": {"upto": used.upto, "counted": used.runs.counted, "plain": used.runs.plain},
        "units": [[row.unit, set_name(row, names)] for row in listed],
        "boxes": boxes,
        "goods": {item: list(names.of_goods(item)) for item in goods},
        "sentences": {code: table()[code]["id"] for code in (*CODES, *stops)},
    }


def _box(box: PackedObject, row: PackingSet) -> dict[str, Any]:
    words = ballot_words(box.ballot, row.area_code) if box.ballot else None
    kind = f"Kotak {box.slot}" if box.is_box else f"Bundel {box.slot}"
    return {
        **rows_of(box),
        "words": f"{kind}: {words.name}" if words else kind,
        "colour": words.colour if words else "",
    }


class SentScan(msgspec.Struct, forbid_unknown_fields=True):
    """One scan on the wire, as `frontend/src/kemas.ts` sends it."""

    id: str
    box: str
    text: str
    count: int | None
    at: str


class SentSealing(msgspec.Struct, forbid_unknown_fields=True):
    """The seals of one box on the wire."""

    id: str
    box: str
    numbers: list[str]
    at: str


class SentScans(msgspec.Struct, forbid_unknown_fields=True):
    """A batch on the wire; a page from before seals were scanned at the table sends scans alone."""

    scans: list[SentScan]
    sealings: list[SentSealing] = []
    seals_after: int = 0


@require_POST
@screen(DO)
def send(request: HttpRequest, pk: int) -> JsonResponse:
    """Take a batch of scans; each is answered, and the boxes come back as the server has them."""
    try:
        scope = scope_of(request, DO)
        batch = _batch(request.body)
        by, at = scope.actor, now()
        # What closes a box stands before what seals it, in this batch or in one before.
        answers = take_scans(by=by, at=at, session=pk, scans=batch.scans)
        answers += take_sealings(by=by, at=at, session=pk, sealings=batch.sealings)
        session = load_or_refuse(PackingSession, pk, by=by, permission=DO)
        named = {scan.box for scan in batch.scans} | {each.box for each in batch.sealings}
        boxes = boxes_now(session, sorted(named), by)
        upto, numbers = seals_since(session.election, batch.seals_after)
    except TepatError as error:
        status = 404 if isinstance(error, NotAllowed) else 409
        return JsonResponse({"refused": say(error.code, error.facts).text}, status=status)
    return JsonResponse(
        {
            "at": ledger.moment(now()),
            "answers": [each.__dict__ for each in answers],
            "boxes": boxes,
            "seals": {"upto": upto, "numbers": numbers},
        }
    )


@dataclass(frozen=True)
class Batch:
    """What a table sent."""

    scans: tuple[Scan, ...]
    sealings: tuple[TableSealing, ...]
    seals_after: int


def _batch(body: bytes) -> Batch:
    if len(body) > BODY_BYTES_MAX:
        raise Refused("PACK-SCANS-UNREADABLE", reason=f"lebih dari {BODY_BYTES_MAX // 1024} kB")
    try:
        sent = msgspec.json.decode(body, type=SentScans)
        return Batch(
            tuple(
                Scan(UUID(each.id), each.box, each.text, each.count, _moment(each.at)) for each in sent.scans
            ),
            tuple(
                TableSealing(UUID(each.id), each.box, tuple(each.numbers), _moment(each.at))
                for each in sent.sealings
            ),
            sent.seals_after,
        )
    except (msgspec.DecodeError, ValueError) as error:
        raise Refused("PACK-SCANS-UNREADABLE", reason=why_unread(error)) from error


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@require_POST
@screen(DO)
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Get up from a table."""
    scope = scope_of(request, DO)
    row = close_session(by=scope.actor, at=now(), session=pk)
    messages.success(request, f"Giliran di {row.table.name} ditutup.")
    return redirect(reverse("pengepakan-meja"))


@require_GET
@screen(Permission.PUBLIC_READ)
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """Hand out the worker that keeps a table's page in the browser; it knows nothing of who asks."""
    found = finders.find("app/meja-pekerja.js")
    assert isinstance(found, str), "the worker of the packing table is not built: scripts/frontend"
    return HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8")
