"""Pengawasan: what supervisors write and what the office answers; neither edits the other's words."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import Truncator

from tepat.common.acting import load_or_refuse
from tepat.common.actions import answer_advice, write_note
from tepat.common.advice import AdviceState, advice_state
from tepat.common.clock import now
from tepat.common.errors import Refused
from tepat.common.forms import SUBJECT_LENGTH_MAX, AnswerForm, NoteForm
from tepat.common.frame import Frame, area_choices, area_words, frame_of, names_of
from tepat.common.messages import Message, say
from tepat.common.models import Post, SupervisorNote
from tepat.common.permissions import TABLE, Permission, Role
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Kind, Table, short_date

READ, WRITE, ANSWER = Permission.NOTES_READ, Permission.NOTES_WRITE, Permission.ADVICE_ANSWER
NOTES_SHOWN_MAX = 2000
TEXT_SHOWN = 110
VIEWS = {"": "semua", "terbuka": "menunggu jawaban", "lewat": "lewat batas", "dijawab": "sudah dijawab"}


def state_of(note: SupervisorNote, frame: Frame, today: date) -> AdviceState:
    """Return how a note stands on a day of the office's zone."""
    answered = note.answered_at.astimezone(frame.zone).date() if note.answered_at else None
    return advice_state(note.answer_due_date, answered, today)


@screen(READ)
def notes(request: HttpRequest) -> HttpResponse:
    """Every note in the reader's area, open ones with the nearest date first; a supervisor writes here."""
    frame = frame_of(request, READ)
    form = _note_form(frame, request)
    refused: Message | None = None
    if request.method == "POST":
        frame.actor.require(WRITE)
        assert form is not None
        if form.is_valid():
            refused = _write(frame, form)
            if refused is None:
                messages.success(
                    request, "Tersimpan. Kantor melihatnya sekarang dan tidak dapat mengubahnya."
                )
                return redirect("pengawasan")
    today = now().astimezone(frame.zone).date()
    listed = list(frame.visible(SupervisorNote.objects.all(), "area_code")[:NOTES_SHOWN_MAX])
    states = [(note, state_of(note, frame, today)) for note in listed]
    chosen = request.GET.get("tampil", "")
    context = {
        "frame": frame,
        "judul": f"Pengawasan, {frame.office.name}",
        "table": _notes_table(
            frame, [pair for pair in states if _fits(pair, chosen)], whole=bool(request.GET.get("unduh"))
        ),
        "overdue": [note for note, state in states if state.overdue],
        "waiting": sum(state.open for _, state in states),
        "total": len(states),
        "views": VIEWS,
        "chosen": chosen if chosen in VIEWS else "",
        "form": form,
        "refused": refused,
    }
    wrong = refused or (form is not None and form.is_bound and form.errors)
    return answer(request, "common/pengawasan.html", context, status=409 if wrong else 200)


def _note_form(frame: Frame, request: HttpRequest) -> NoteForm | None:
    areas = frame.actor.areas(WRITE)
    if not areas:
        return None
    about = request.GET.get("tentang", "")[:SUBJECT_LENGTH_MAX]
    return NoteForm(
        request.POST if request.method == "POST" else None,
        areas=area_choices(areas, frame.office),
        initial={"subject": about},
    )


def _write(frame: Frame, form: NoteForm) -> Message | None:
    area_code = form.cleaned_data["area_code"]
    try:
        write_note(by=frame.actor, at=now(), area_code=area_code, note=form.note(), key=form.key())
    except Refused as error:
        return say(error.code, error.facts)
    return None


def _fits(pair: tuple[SupervisorNote, AdviceState], chosen: str) -> bool:
    note, state = pair
    if chosen == "terbuka":
        return state.open
    if chosen == "lewat":
        return state.overdue
    return bool(note.answered_at) if chosen == "dijawab" else True


def _urgency(pair: tuple[SupervisorNote, AdviceState]) -> tuple[bool, date, float]:
    note, state = pair
    due = note.answer_due_date if state.open and note.answer_due_date else date.max
    return (not state.open, due, -note.written_at.timestamp())


def _notes_table(frame: Frame, states: list[tuple[SupervisorNote, AdviceState]], *, whole: bool) -> Table:
    """Return the notes: short on a screen, whole in what is downloaded or printed."""
    words = area_words(note.area_code for note, _ in states)
    more = (Column("Tentang"), Column("Penulis"), Column("Dijawab", Kind.DATE)) if whole else ()
    return Table(
        id="catatan",
        title="Catatan dan saran perbaikan",
        columns=(
            Column("Ditulis", Kind.DATE),
            Column("Keadaan", Kind.STATE),
            Column("Isi"),
            Column("Jawab paling lambat", Kind.DATE),
            Column("Wilayah"),
            *more,
        ),
        rows=[
            [*_note_row(frame, note, state, words, whole=whole), *(_more(frame, note) if whole else ())]
            for note, state in sorted(states, key=_urgency)
        ],
        note="Yang menunggu jawaban di atas, batas terdekat lebih dahulu.",
        empty="Belum ada catatan atau saran perbaikan di wilayah Anda.",
        zone=frame.zone,
    )


def _note_row(
    frame: Frame, note: SupervisorNote, state: AdviceState, words: dict[str, str], *, whole: bool
) -> list[Any]:
    link = reverse("pengawasan-satu", args=[note.pk])
    text = note.text if whole else Truncator(note.text).chars(TEXT_SHOWN)
    writer = "" if whole else supervisor_word(note)
    return [
        Cell(note.written_at.astimezone(frame.zone).date(), href=link, note=writer),
        Cell(state.key, word=state.word) if state.key else Cell(state.word, kind=Kind.TEXT),
        Cell(text, href=link),
        note.answer_due_date,
        Cell(words[note.area_code], note="" if whole else note.subject),
    ]


def _more(frame: Frame, note: SupervisorNote) -> list[Any]:
    answered = note.answered_at.astimezone(frame.zone).date() if note.answered_at else None
    return [note.subject or None, supervisor_word(note), answered]


def supervisor_word(note: SupervisorNote) -> str:
    """Return the post under which a note was written: what everybody may know of its author."""
    held = Post.objects.held_at(note.written_at).filter(person_id=note.written_by)
    roles = [Role[post.role] for post in held]
    return next((role.value for role in roles if WRITE in TABLE[role]), "pengawas")


def answerer_word(person: UUID, note: SupervisorNote) -> str:
    """Return the post under which the office answered."""
    assert note.answered_at is not None, note.pk
    held = Post.objects.held_at(note.answered_at).filter(person_id=person)
    roles = [Role[post.role] for post in held]
    return next((role.value for role in roles if ANSWER in TABLE[role]), "kantor")


@screen(READ)
def note_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One note in full; the office answers a *saran perbaikan* here, once."""
    frame = frame_of(request, READ)
    note = load_or_refuse(SupervisorNote, pk, by=frame.actor, permission=READ)
    advice = note.kind == SupervisorNote.Kind.ADVICE
    may_answer = advice and not note.answered_at and frame.actor.may(ANSWER, note.area_code)
    form = (
        AnswerForm(request.POST if request.method == "POST" else None)
        if may_answer or request.method == "POST"
        else None
    )
    refused: Message | None = None
    if request.method == "POST":
        frame.actor.require(ANSWER, note.area_code)
        assert form is not None
        if form.is_valid():
            refused = _answer(frame, note, form)
            if refused is None:
                messages.success(request, "Jawaban tersimpan dan terlihat oleh pengawas.")
                return redirect("pengawasan-satu", pk=note.pk)
    context: dict[str, Any] = {
        "frame": frame,
        "judul": note.kind.capitalize(),
        "note": note,
        "state": state_of(note, frame, now().astimezone(frame.zone).date()),
        "due": short_date(note.answer_due_date) if note.answer_due_date else "",
        "area": area_words([note.area_code])[note.area_code],
        "writer": supervisor_word(note),
        "answerer": answerer_word(note.answered_by, note) if note.answered_by else "",
        "names": _names(frame, note),
        "form": form if may_answer else None,
        "refused": refused,
        "events": f"{reverse('peristiwa')}?objek=catatan:{note.pk}"
        if frame.actor.has(Permission.RECORDS_READ)
        else "",
    }
    wrong = refused or (form is not None and form.is_bound and form.errors)
    return answer(request, "common/pengawasan_satu.html", context, status=409 if wrong else 200)


def _names(frame: Frame, note: SupervisorNote) -> dict[str, str]:
    shown = frame.actor.may(Permission.PEOPLE_READ, note.area_code)
    people = [note.written_by, *([note.answered_by] if note.answered_by else [])]
    names = names_of(people, shown=shown)
    return {
        "writer": names.get(note.written_by, ""),
        "answerer": names.get(note.answered_by, "") if note.answered_by else "",
    }


def _answer(frame: Frame, note: SupervisorNote, form: AnswerForm) -> Message | None:
    try:
        answer_advice(
            by=frame.actor, at=now(), note=note.pk, answer=form.cleaned_data["text"], key=form.key()
        )
    except Refused as error:
        return say(error.code, error.facts)
    return None
