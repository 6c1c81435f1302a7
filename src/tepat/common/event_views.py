"""Buku peristiwa: what happened, as it was recorded, by ids; names stand beside it for those who may."""

import json
from collections.abc import Iterable, Iterator
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse

from tepat.common import ledger
from tepat.common.documents import path_of
from tepat.common.errors import NotAllowed, Refused
from tepat.common.event_words import event_word
from tepat.common.forms import EventFilter
from tepat.common.frame import ID_SHOWN, Frame, area_words, day_begins, day_ends, frame_of, lies_in, names_of
from tepat.common.models import Document, Event, EventSalt
from tepat.common.permissions import Permission
from tepat.common.quantities import grouped
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import TABLE_ROWS_MAX, Cell, Column, Kind, Table, moment

READ = Permission.RECORDS_READ
EVENTS_A_PAGE = 100
EXPORT_EVENTS_MAX = 500_000
EXPORT_CHUNK = 2000
OBJECTS_SHOWN = 3


def visible_events(frame: Frame) -> QuerySet[Event]:
    """Return the events in the reader's areas; those that lie in no area only for the whole office."""
    inside = lies_in("place", frame.areas)
    if inside and frame.whole_office:
        inside |= Q(place="")
    return Event.objects.filter(inside)


def chosen_events(frame: Frame, form: EventFilter) -> QuerySet[Event]:
    """Return the visible events that fit the filter, newest first; none where it was filled in wrongly."""
    rows = visible_events(frame).order_by("-recorded_at", "-id")
    if not form.is_bound:
        return rows
    if not form.is_valid():
        return rows.none()
    asked = form.cleaned_data
    if asked["jenis"]:
        rows = rows.filter(kind=asked["jenis"])
    if asked["pelaku"]:
        rows = rows.filter(actor=asked["pelaku"])
    if asked["objek"]:
        named = Cast("objects_named", CharField())
        rows = rows.annotate(objects_text=named).filter(objects_text__contains=f'"{asked["objek"]}"')
    if asked["dari"]:
        rows = rows.filter(recorded_at__gte=day_begins(asked["dari"], frame.zone))
    if asked["sampai"]:
        rows = rows.filter(recorded_at__lt=day_ends(asked["sampai"], frame.zone))
    return rows


def _filter(request: HttpRequest, frame: Frame) -> EventFilter:
    there = set(visible_events(frame).order_by().values_list("kind", flat=True).distinct())
    asked = {name: request.GET[name] for name in EventFilter.base_fields if request.GET.get(name)}
    return EventFilter(asked or None, kinds=sorted(there))


@screen(READ)
def events(request: HttpRequest) -> HttpResponse:
    """The ledger, newest first, narrowed by kind, object, actor and days."""
    frame = frame_of(request, READ)
    form = _filter(request, frame)
    rows = chosen_events(frame, form)
    count = rows.count()
    pages = max(1, -(-count // EVENTS_A_PAGE))
    asked = request.GET.get("halaman", "1")
    page = min(max(1, int(asked)), pages) if asked.isascii() and asked.isdigit() else 1
    if request.GET.get("unduh"):
        if count > TABLE_ROWS_MAX:
            raise Refused("EVENTS-TOO-MANY", count=grouped(count), limit=grouped(TABLE_ROWS_MAX))
        shown = list(rows)
    else:
        shown = list(rows[(page - 1) * EVENTS_A_PAGE : page * EVENTS_A_PAGE])
    context = {
        "frame": frame,
        "judul": f"Buku peristiwa, {frame.office.name}",
        "form": form,
        "table": _events_table(frame, shown, filtered=form.is_bound),
        "count": count,
        "page": page,
        "pages": pages,
        "first": (page - 1) * EVENTS_A_PAGE + 1,
        "last": (page - 1) * EVENTS_A_PAGE + len(shown),
        "before": _page_address(request, page - 1) if page > 1 else "",
        "after": _page_address(request, page + 1) if page < pages else "",
        "export": f"{reverse('peristiwa-unduh')}?{urlencode(form.data)}",
        "names": frame.may(Permission.PEOPLE_READ),
    }
    return answer(request, "common/peristiwa.html", context)


def _page_address(request: HttpRequest, page: int) -> str:
    asked = request.GET.copy()
    asked["halaman"] = str(page)
    return f"?{asked.urlencode()}"


def _events_table(frame: Frame, shown: list[Event], *, filtered: bool) -> Table:
    names = names_of((event.actor for event in shown), shown=frame.may(Permission.PEOPLE_READ))
    words = area_words(event.place for event in shown)
    return Table(
        id="peristiwa",
        title="Peristiwa",
        columns=(
            Column("Dicatat", Kind.MOMENT),
            Column("Peristiwa"),
            Column("Objek"),
            Column("Wilayah"),
            Column("Pelaku", Kind.CODE),
        ),
        rows=[
            [
                Cell(event.recorded_at, href=reverse("peristiwa-satu", args=[event.pk])),
                Cell(event_word(event.kind), note=event.kind),
                _objects(event),
                words[event.place] if event.place else None,
                Cell(str(event.actor)[:ID_SHOWN], note=names.get(event.actor, "")),
            ]
            for event in shown
        ],
        empty="Tidak ada peristiwa yang cocok. Kosongkan saringan untuk melihat semuanya."
        if filtered
        else "Belum ada peristiwa di wilayah Anda.",
        zone=frame.zone,
    )


def _objects(event: Event) -> Cell:
    named = [str(name) for name in event.objects_named]
    more = len(named) - OBJECTS_SHOWN
    return Cell(
        ", ".join(_short(name) for name in named[:OBJECTS_SHOWN]) or None,
        note=f"dan {grouped(more)} lagi" if more > 0 else "",
    )


def _short(name: str) -> str:
    """Return an object's id with a long hash or random id cut after its first digits."""
    kind, colon, rest = name.partition(":")
    return f"{kind}{colon}{rest[: ID_SHOWN + 4]}…" if len(rest) > 30 else name


@screen(READ)
def event_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One event in full: envelope, payload, evidence, and whether its hashes still fit."""
    frame = frame_of(request, READ)
    event = visible_events(frame).filter(pk=pk).first()
    if event is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    salt = EventSalt.objects.filter(event=event).values_list("salt", flat=True).first()
    names = names_of([event.actor], shown=frame.may(Permission.PEOPLE_READ))
    context = {
        "frame": frame,
        "judul": event_word(event.kind),
        "event": event,
        "word": event_word(event.kind),
        "envelope": _envelope_table(frame, event, names.get(event.actor, "")),
        "payload": json.dumps(event.payload, ensure_ascii=False, indent=2, sort_keys=True),
        "evidence": _evidence_table(frame, event),
        "leaf_good": ledger.leaf_hash(event) == event.leaf_hash,
        "salted": salt is not None,
        "payload_good": salt is not None and ledger.hash_payload(event.payload, salt) == event.payload_hash,
        "note_link": f"{reverse('pengawasan')}?tentang=peristiwa:{event.pk}#judul-tulis"
        if frame.actor.has(Permission.NOTES_WRITE)
        else "",
    }
    return answer(request, "common/peristiwa_satu.html", context)


def _envelope_table(frame: Frame, event: Event, name: str) -> Table:
    where = f"{area_words([event.place])[event.place]} ({event.place})" if event.place else "tanpa wilayah"
    parts: list[tuple[str, str | Cell]] = [
        ("Jenis", f"{event.kind}, versi {event.kind_version}"),
        (
            "Terjadi",
            f"{moment(event.occurred_at, frame.zone)} ± {grouped(event.occurred_uncertainty_s)} detik",
        ),
        ("Dicatat", moment(event.recorded_at, frame.zone)),
        ("Pelaku", Cell(str(event.actor), note=name)),
        ("Alat", f"{event.device}, urutan {event.counter}" if event.device else "layar atau perintah kantor"),
        ("Buku", event.mode),
        ("Wilayah", where),
        *(("Objek", str(named)) for named in event.objects_named),
        ("Id peristiwa", str(event.pk)),
        ("Sidik isi bergaram", event.payload_hash),
        ("Sidik daun", event.leaf_hash),
    ]
    return Table(
        id="amplop",
        title="Amplop",
        columns=(Column("Bagian"), Column("Isi", Kind.CODE)),
        rows=parts,
        zone=frame.zone,
    )


def _evidence_table(frame: Frame, event: Event) -> Table:
    hashes = [str(sha256) for sha256 in event.evidence]
    rows = {row.sha256: row for row in Document.objects.filter(sha256__in=hashes)}
    listed = []
    for sha256 in hashes:
        row = rows.get(sha256)
        safe = row is not None and path_of(sha256).is_file()
        label = row.label if row and frame.actor.may(Permission.DOCUMENTS_READ, row.area_code) else None
        listed.append(
            [
                label,
                sha256,
                Cell("aman", word="ADA") if safe else Cell("gawat", word="TIDAK ADA DI PENYIMPANAN"),
            ]
        )
    return Table(
        id="bukti",
        title="Bukti",
        columns=(Column("Dokumen"), Column("Sidik SHA-256", Kind.CODE), Column("Berkas", Kind.STATE)),
        rows=listed,
        empty="Peristiwa ini tidak menyebut dokumen.",
        zone=frame.zone,
    )


def as_line(event: Event) -> bytes:
    """Return one event as a line of JSON: what its leaf commits to, the payload, and the leaf."""
    line = {**ledger.commitment(event), "payload": event.payload, "leaf_hash": event.leaf_hash}
    return json.dumps(line, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _lines(found: Iterable[Event]) -> Iterator[bytes]:
    for event in found:
        yield as_line(event)


@screen(READ)
def export_events(request: HttpRequest) -> StreamingHttpResponse:
    """The events that fit the filter as JSON lines, oldest first; ids only, no names and no salts."""
    frame = frame_of(request, READ)
    rows = chosen_events(frame, _filter(request, frame)).order_by("recorded_at", "id")
    count = rows.count()
    if count > EXPORT_EVENTS_MAX:
        raise Refused("EVENTS-TOO-MANY", count=grouped(count), limit=grouped(EXPORT_EVENTS_MAX))
    file = StreamingHttpResponse(
        _lines(rows.iterator(chunk_size=EXPORT_CHUNK)), content_type="application/x-ndjson; charset=utf-8"
    )
    file.headers["Content-Disposition"] = f'attachment; filename="peristiwa-{frame.office.area_code}.jsonl"'
    return file
