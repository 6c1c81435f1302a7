"""Garis waktu: the time of a box, of a TPS's things, of a person's hand-overs, of a trip; gaps first."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tepat.common.clock import now
from tepat.common.errors import NotAllowed
from tepat.common.frame import Frame, frame_of
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Column, Kind, Table
from tepat.custody import holdings
from tepat.custody.facts import microseconds
from tepat.custody.models import Holding, Offer
from tepat.custody.parties import label_of
from tepat.custody.timeline import troubles
from tepat.custody.timeline_reading import (
    aboard,
    held,
    lines_of,
    moves_of,
    objects_of_unit,
    of_person,
    of_trip,
)
from tepat.custody.timeline_search import label_typed
from tepat.custody.views.shared import (
    READ,
    Words,
    at,
    visible_holdings,
    visible_offers,
    words_of,
)
from tepat.custody.views.timeline_tables import (
    events_table,
    held_table,
    objects_table,
    offers_table,
    segments_table,
    troubles_table,
)
from tepat.custody.words import KIND_WORDS, tps_word

OBJECTS_SHOWN_MAX = 40


@screen(READ)
def of_box(request: HttpRequest, code: str) -> HttpResponse:
    """One box: its gaps, its time in segments, its events."""
    frame = frame_of(request, READ)
    label = label_typed(code)
    names = [name for name in _named(frame, f":{label}") if label and label_of(name) == label]
    if not names:
        raise NotAllowed("COMMON-NOT-FOUND")
    return _answer_lines(request, frame, names[-1:], f"Kotak {label}", tps_word(label))


@screen(READ)
def of_tps(request: HttpRequest, code: str) -> HttpResponse:
    """All boxes and bundles of one TPS."""
    frame = frame_of(request, READ)
    names = objects_of_unit(visible_holdings(frame), code) if label_typed(code) == code else []
    if not names:
        raise NotAllowed("COMMON-NOT-FOUND")
    # Of several elections the last one: labels of different elections are never in use side by side.
    election = max(name.split(":")[1] for name in names)
    mine = [name for name in names if name.split(":")[1] == election]
    return _answer_lines(
        request, frame, mine[:OBJECTS_SHOWN_MAX], f"Set {code}", tps_word(f"{code}-1").split(",")[0]
    )


def _named(frame: Frame, ending: str) -> list[str]:
    rows = visible_holdings(frame).filter(object_id__endswith=ending).order_by("object_id")
    return list(rows.values_list("object_id", flat=True))


def _answer_lines(
    request: HttpRequest, frame: Frame, names: list[str], title: str, what: str
) -> HttpResponse:
    moment = now()
    lines = lines_of(names, now_us=microseconds(moment))
    people = {segment.holder for line in lines for segment in line.segments}
    people |= {one.actor for line in lines for one in line.history.moments}
    posts = {segment.post for line in lines for segment in line.segments}
    posts |= {one.post for line in lines for one in line.history.moments}
    words = words_of(frame, people, posts)
    found = troubles((line.object_id, line.segments) for line in lines)
    one_box = len(lines) == 1 and not title.startswith("Set")
    label = label_of(lines[0].object_id)
    context = {
        "frame": frame,
        "judul": f"Garis waktu {title}",
        "title": title,
        "what": f"{what}. Siapa memegangnya, dari kapan sampai kapan, dan apakah ada celah?",
        "gaps": sum(trouble.segment.kind == "gap" and not trouble.segment.doubtful for trouble in found),
        "objects": len(lines),
        "clean": not found and any(line.segments for line in lines),
        "box": reverse("serah-terima-kotak", args=[label]) if one_box else "",
        "evidence": _evidence(frame, label if one_box else label.rpartition("-")[0]),
        "tables": [
            troubles_table(frame, found, words),
            *([] if one_box else [objects_table(frame, lines, words)]),
            segments_table(frame, lines, words),
            events_table(frame, lines, words),
        ],
    }
    return answer(request, "custody/garis_waktu.html", context)


def _evidence(frame: Frame, code: str) -> str:
    """Return where the evidence pack is, for those who may read raw events."""
    return reverse("bukti-berkas", args=[code]) if frame.actor.has(Permission.RECORDS_READ) else ""


@screen(READ)
def of_someone(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One person: what they answer for now, and every hand-over they gave or received."""
    frame = frame_of(request, READ)
    holdings.refresh(most=OBJECTS_SHOWN_MAX * 100)
    person = str(pk)
    mine, offers = held(visible_holdings(frame), person), of_person(visible_offers(frame), person)
    if not mine and not offers:
        raise NotAllowed("COMMON-NOT-FOUND")
    words = _words(frame, mine, offers, person)
    context = {
        "frame": frame,
        "judul": f"Garis waktu {words.person(person)}",
        "title": words.person(person),
        "what": "Apa yang dipegangnya sekarang, dan apa yang pernah diserahkan dan diterimanya?",
        "tables": [
            held_table(frame, mine, words, "Dipegang sekarang"),
            offers_table(frame, offers, words, person),
        ],
    }
    return answer(request, "custody/garis_waktu.html", context)


@screen(READ)
def of_one_trip(request: HttpRequest, trip: str) -> HttpResponse:
    """One trip: what is on the vehicle now, and what was handed over at its beginning and its stops."""
    frame = frame_of(request, READ)
    holdings.refresh(most=OBJECTS_SHOWN_MAX * 100)
    mine, offers = aboard(visible_holdings(frame), trip), of_trip(visible_offers(frame), trip)
    moves = moves_of(trip) if frame.whole_office else []
    if not mine and not offers and not moves:
        raise NotAllowed("COMMON-NOT-FOUND")
    words = _words(frame, mine, offers, *(move.actor for move in moves))
    context = {
        "frame": frame,
        "judul": f"Garis waktu perjalanan {trip}",
        "title": f"Perjalanan {trip}",
        "what": "Apa yang masih di kendaraan, dan apa yang sudah diserahkan di mana?",
        "tables": [
            held_table(frame, mine, words, "Masih di kendaraan"),
            offers_table(frame, offers, words, ""),
            Table(
                id="jalan",
                title="Berangkat dan tiba",
                columns=(
                    Column("Saat", Kind.MOMENT),
                    Column("Kejadian"),
                    Column("Tempat", Kind.CODE),
                    Column("Dicatat oleh"),
                ),
                rows=[
                    [at(move.at_us), KIND_WORDS[move.kind], move.place or None, words.person(move.actor)]
                    for move in moves
                ],
                empty="Belum ada yang mencatat keberangkatan atau kedatangan.",
                zone=frame.zone,
            ),
        ],
    }
    return answer(request, "custody/garis_waktu.html", context)


def _words(frame: Frame, mine: list[Holding], offers: list[Offer], *people: str) -> Words:
    everybody = {row.giver for row in offers} | {row.receiver for row in offers} | set(people)
    posts = {row.to_post for row in offers} | {row.post for row in mine}
    return words_of(frame, everybody | {row.holder for row in mine}, posts)
