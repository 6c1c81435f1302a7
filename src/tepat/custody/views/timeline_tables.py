"""The tables of the timelines: what was not clean, who held what, what happened, what was handed over."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from tepat.common.frame import Frame
from tepat.common.permissions import Permission
from tepat.common.tables import Cell, Column, Kind, Table, zone_word
from tepat.custody.clocks import say_interval
from tepat.custody.facts import moment_of
from tepat.custody.models import Holding, Offer
from tepat.custody.parties import label_of
from tepat.custody.timeline import (
    KIND_STATES,
    Stretch,
    lasting_words,
    segment_words,
    slots_word,
    together,
)
from tepat.custody.timeline_reading import Line
from tepat.custody.views.shared import STANDING_COLUMNS, Words, at, state_cell
from tepat.custody.words import KIND_WORDS, tps_word

MINUTE_S = 60
WITH_MINUTES = frozenset(
    {"custody.accepted", "custody.refused", "custody.count-differs", "packing.opened", "packing.sealed"}
)


def _box_cell(object_id: str) -> Cell:
    label = label_of(object_id)
    return Cell(label, href=reverse("garis-waktu-kotak", args=[label]), note=tps_word(label))


def _boxes_cell(objects: Sequence[str]) -> Cell:
    """Return one box with its address, or several that travelled together by what tells them apart."""
    if len(objects) == 1:
        return _box_cell(objects[0])
    unit = label_of(objects[0]).rpartition("-")[0]
    return Cell(unit, note=slots_word(label_of(name) for name in objects))


def _person_cell(words: Words, person: str) -> Cell:
    if not person:
        return Cell(None)
    return Cell(words.person(person), href=reverse("garis-waktu-orang", args=[person]))


def _segment_cells(segment: Any, words: Words) -> list[Any]:
    return [
        Cell(KIND_STATES[segment.kind], word=segment_words(segment)),
        at(segment.from_us),
        None if segment.last else at(segment.to_us),
        lasting_words(segment),
        _person_cell(words, segment.holder),
        words.post(segment.post),
    ]


def _clocks(frame: Frame, moments_us: list[int]) -> str:
    """Return what the clocks of a column are called, such as ``WIB``."""
    return zone_word(frame.zone, moment_of(moments_us[0])) if moments_us else ""


def _segment_columns(clocks: str, state: str) -> tuple[Column, ...]:
    return (
        Column("Kotak", Kind.CODE),
        Column(state, Kind.STATE),
        Column("Dari", Kind.CLOCK, hint=clocks),
        Column("Sampai", Kind.CLOCK, hint=clocks),
        Column("Lamanya"),
        Column("Penanggung jawab"),
        Column("Pos"),
    )


def troubles_table(frame: Frame, found: list[Stretch], words: Words) -> Table:
    """Return what was not clean, the worst first."""
    clocks = _clocks(frame, [each.segment.from_us for each in found])
    return Table(
        id="celah",
        title="Yang tidak bersih",
        note="Celah dan sengketa di atas. “Mungkin”: jam HP tidak pasti, bisa jadi tidak ada celah.",
        columns=_segment_columns(clocks, "Apa"),
        rows=[[_boxes_cell(each.objects), *_segment_cells(each.segment, words)] for each in found],
        empty="Tidak ada celah, sengketa, atau catatan sepihak.",
        zone=frame.zone,
    )


def segments_table(frame: Frame, lines: list[Line], words: Words) -> Table:
    """Return who held what from when to when."""
    clocks = _clocks(frame, [segment.from_us for line in lines for segment in line.segments])
    return Table(
        id="ruas",
        title="Siapa memegang, dari kapan sampai kapan",
        note="Tanpa lubang dan tanpa tumpang tindih: pada tiap saat tepat satu orang bertanggung jawab.",
        columns=_segment_columns(clocks, "Keadaan"),
        rows=[
            [_boxes_cell(each.objects), *_segment_cells(each.segment, words)]
            for each in together((line.object_id, line.segments) for line in lines)
        ],
        empty="Belum ada yang memegangnya: kotak ini belum disegel dan dicatat.",
        zone=frame.zone,
    )


def objects_table(frame: Frame, lines: list[Line], words: Words) -> Table:
    """Return how each thing stands now."""
    return Table(
        id="kotak",
        title="Sekarang",
        columns=STANDING_COLUMNS,
        rows=[
            [
                _box_cell(line.object_id),
                state_cell(line.history.state.status),
                _person_cell(words, line.history.state.holder),
                words.post(line.history.state.post) or None,
                at(line.history.state.since_us),
                at(line.history.state.last_evidence_us),
            ]
            for line in lines
        ],
        zone=frame.zone,
    )


def events_table(frame: Frame, lines: list[Line], words: Words) -> Table:
    """Return the events of all these objects, each once."""
    seen: dict[str, list[Any]] = {}
    read = {event: said for line in lines for event, said in line.read.items()}
    for line in lines:
        for one in line.history.moments:
            if one.event not in seen:
                seen[one.event] = [one, 0]
            seen[one.event][1] += 1
    ordered = sorted(seen.values(), key=lambda pair: (pair[0].at_us, pair[0].event))
    return Table(
        id="peristiwa",
        title="Peristiwa",
        columns=(
            Column("Saat", Kind.MOMENT),
            Column("Kejadian"),
            Column("Kotak di sini", Kind.COUNT),
            Column("Dicatat oleh"),
            Column("Pos sesudahnya"),
            Column("Tanda"),
            Column("Berita acara"),
        ),
        rows=[
            [
                Cell(moment_of(one.at_us), word=_interval(frame, one)),
                Cell(KIND_WORDS.get(one.kind, one.kind), href=_event(frame, one.event)),
                count,
                _person_cell(words, one.actor),
                words.post(one.post) or None,
                _marks(one, read),
                _minutes(frame, one),
            ]
            for one, count in ordered
        ],
        empty="Belum ada peristiwa.",
        zone=frame.zone,
    )


def _marks(one: Any, read: Mapping[str, str]) -> str | None:
    """Return what is to be known of an event: one-sided, on paper, how many were typed."""
    said = read.get(one.event, "")
    sided = ["sepihak"] if one.one_sided else []
    return ", ".join([*sided, *map(str, one.flags), *([said] if said else [])]) or None


def _interval(frame: Frame, one: Any) -> str:
    """Return an unsure moment as its interval; a sure one is written as every other."""
    if one.uncertainty_s <= MINUTE_S:
        return ""
    said = say_interval(one.at_us, one.uncertainty_s, zone=frame.zone)
    day = "" if "/" in said.text else f"{said.first:%d/%m/%Y} "
    return day + said.text


def _minutes(frame: Frame, one: Any) -> Cell:
    """Return where the minutes of an event are printed, for those who may keep papers."""
    if one.kind not in WITH_MINUTES or not frame.actor.has(Permission.DOCUMENTS_ADD):
        return Cell(None)
    return Cell("Cetak", href=reverse("kertas-peristiwa", args=[one.event]))


def _event(frame: Frame, event: str) -> str:
    if not frame.actor.has(Permission.RECORDS_READ):
        return ""
    return reverse("peristiwa-satu", args=[event])


def held_table(frame: Frame, rows: list[Holding], words: Words, title: str) -> Table:
    """Return what somebody, or some trip, holds now."""
    return Table(
        id="dipegang",
        title=title,
        columns=STANDING_COLUMNS,
        rows=[
            [
                _box_cell(row.object_id),
                state_cell(row.status),
                _person_cell(words, row.holder),
                words.post(row.post),
                at(row.since_us),
                at(row.last_evidence_us),
            ]
            for row in rows
        ],
        empty="Tidak ada.",
        zone=frame.zone,
    )


def offers_table(frame: Frame, rows: list[Offer], words: Words, person: str) -> Table:
    """Return hand-overs; of one person, where that is given."""
    return Table(
        id="penyerahan",
        title="Serah terima",
        columns=(
            Column("Ditawarkan", Kind.MOMENT),
            Column("Dijawab", Kind.MOMENT),
            Column("Penyerah"),
            Column("Penerima"),
            Column("Pos penerima"),
            Column("Kotak", Kind.COUNT),
            Column("Diterima", Kind.COUNT),
            Column("Keadaan"),
        ),
        rows=[
            [
                at(row.offered_us),
                at(row.answered_us),
                "dirinya" if row.giver == person else _person_cell(words, row.giver),
                "dirinya" if row.receiver and row.receiver == person else _person_cell(words, row.receiver),
                words.post(row.to_post),
                Cell(row.count, href=reverse("serah-terima-tawaran", args=[row.pk])),
                row.taken if row.answered_us else None,
                row.get_state_display(),
            ]
            for row in rows
        ],
        empty="Belum ada serah terima.",
        zone=frame.zone,
    )
