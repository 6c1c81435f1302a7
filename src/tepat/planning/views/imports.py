"""Impor: a file is read in memory, its faults are named, questions are answered, then all of it or nothing.

Between the steps only the reduced file lies here, as a draft; an original never reaches disk or database.
"""

import functools
import tempfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from tepat.common.acting import load_or_refuse
from tepat.common.areas import load_area
from tepat.common.clock import now
from tepat.common.errors import Refused, TepatError
from tepat.common.messages import Message, say
from tepat.common.models import Area
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import XLSX, answer
from tepat.common.tables import moment
from tepat.planning.import_actions import Acceptance, accept_list, plan_import, said
from tepat.planning.import_drafts import (
    Opening,
    answer_draft,
    drop_draft,
    open_draft,
    read_draft,
    set_expectations,
)
from tepat.planning.import_forms import ListForm, WholeListForm
from tepat.planning.import_questions import changed_mappings, header_columns, questions
from tepat.planning.import_reading import proposals
from tepat.planning.import_registers import Planned, frame_of, register_of
from tepat.planning.imports.answers import plain_place
from tepat.planning.imports.columns import NO_COLUMN
from tepat.planning.imports.engine import ImportResult
from tepat.planning.imports.kinds import KINDS
from tepat.planning.imports.messy import write_messy_workbook
from tepat.planning.imports.messy_faults import PLANS
from tepat.planning.imports.reading import FILE_BYTES_MAX
from tepat.planning.imports.reduced import sha256
from tepat.planning.models import ImportDraft, ListImport
from tepat.planning.scope import Scope, scope_of
from tepat.planning.views.import_tables import accepted_table, changes_table, findings_table, kinds_table

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MESSY_SEED = 1
MESSY_NAME = "contoh-berantakan.xlsx"
FORM_BYTES_MAX = 1_000_000
QUESTIONS_SHOWN_MAX = 200
ACCEPTED_SHOWN_MAX = 200
CHOSEN, TYPED, TAKEN_BACK, COLUMN = "pilih:", "isi:", "batal:", "kolom:"

type View = Callable[..., HttpResponseBase]


class InMemoryUploads(MemoryFileUploadHandler):
    """Holds an uploaded file in memory whatever its size: no list of people is ever left in a folder."""

    def handle_raw_input(self, *_: Any, **__: Any) -> None:
        """Take every file."""
        self.activated = True


def in_memory(view: View) -> View:
    """Let a screen take files without one ever reaching the disk.

    The way files are taken must be chosen before anything reads the form, the check of its token included;
    so that check comes after the choice.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        size = int(request.headers.get("Content-Length") or 0)
        if size > FILE_BYTES_MAX + FORM_BYTES_MAX:
            raise Refused("IMPORT-FILE-TOO-LARGE", size=size, limit=FILE_BYTES_MAX)
        request.upload_handlers = [InMemoryUploads(request)]
        return protected(request, *args, **kwargs)

    return run


@lru_cache(maxsize=4)
def messy_workbook(area_code: str) -> bytes:
    """Return the deliberately messy example of an area: the same bytes each time."""
    if not has_example(area_code):
        raise Refused("IMPORT-NO-EXAMPLE", least=len(PLANS))
    with tempfile.TemporaryDirectory(prefix="tepat-contoh-") as folder:
        file = Path(folder) / MESSY_NAME
        write_messy_workbook(file, area_code, MESSY_SEED)
        return file.read_bytes()


def has_example(area_code: str) -> bool:
    """Return whether an area is large enough for each of the example's faults to have a sheet of its own."""
    return len(load_area(area_code).kecamatan) >= len(PLANS)


@screen(Permission.LIST_PREVIEW)
def example(request: HttpRequest) -> HttpResponse:
    """The messy example as a file, to be looked at in Excel first."""
    scope = scope_of(request, Permission.LIST_PREVIEW)
    file = HttpResponse(messy_workbook(scope.office.area_code), content_type=XLSX)
    file.headers["Content-Disposition"] = f'attachment; filename="{MESSY_NAME}"'
    return file


@in_memory
@screen(Permission.LIST_PREVIEW)
def upload(request: HttpRequest) -> HttpResponseBase:
    """Where a list comes in: kinds, open drafts, what was accepted."""
    scope = scope_of(request, Permission.LIST_PREVIEW)
    form = ListForm(request.POST or None, request.FILES or None)
    refused: Message | None = None
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("kebutuhan-impor-satu", pk=_open(scope, form).pk)
        except TepatError as error:
            refused = say(error.code, error.facts)
    area_code = scope.office.area_code
    done = ListImport.objects.filter(area_code=area_code).select_related("election")
    drafts = (
        ImportDraft.objects.filter(area_code=area_code).select_related("election").defer("content", "vault")
    )
    context = {
        "scope": scope,
        "judul": f"Impor daftar, {scope.office.name}",
        "form": form,
        "refused": refused,
        "example": has_example(area_code),
        "drafts": [(draft, KINDS[draft.kind].label) for draft in drafts],
        "table": accepted_table(list(done[:ACCEPTED_SHOWN_MAX]), scope.zone),
    }
    return answer(request, "planning/impor.html", context, status=409 if refused else 200)


def _open(scope: Scope, form: ListForm) -> ImportDraft:
    asked = form.cleaned_data
    example_wanted = bool(asked["contoh"])
    if not example_wanted and not asked["file"]:
        raise Refused("IMPORT-FILE-MISSING")
    data = messy_workbook(scope.office.area_code) if example_wanted else _bytes(asked["file"])
    kind = KINDS["tps" if example_wanted else asked["kind"]]
    at = now()
    opening = Opening(
        kind=kind.name,
        election=scope.election.code if register_of(kind.name).needs_election else "",
        label=f"{kind.label} {moment(at, scope.zone)}",
        expected=form.expectations(),
        whole_list=bool(asked["whole_list"]) and not example_wanted,
    )
    return open_draft(data, opening, by=scope.actor, at=at, area_code=scope.office.area_code)


def _bytes(file: "UploadedFile[bytes]") -> bytes:
    """Return an uploaded file, which lies in memory."""
    data: bytes = file.read(FILE_BYTES_MAX + 1)
    return data


@in_memory
@screen(Permission.LIST_PREVIEW)
def draft_one(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One list on its way in: findings, questions, columns, what would change, and the decision."""
    scope = scope_of(request, Permission.LIST_PREVIEW)
    draft = load_or_refuse(ImportDraft, pk, by=scope.actor, permission=Permission.LIST_PREVIEW)
    if draft.vault:
        scope.actor.require(Permission.PEOPLE_READ, draft.area_code)
    refused: Message | None = None
    if request.method == "POST":
        deed = DEEDS.get(request.POST.get("aksi", ""))
        try:
            if deed is not None:
                return deed(request, scope, draft)
        except TepatError as error:
            refused = say(error.code, error.facts)
    result = read_draft(draft)
    frame = frame_of(draft.area_code, draft.election)
    planned = plan_import(result, frame, whole_list=draft.whole_list)
    context = _draft_context(scope, draft, result, planned) | {"refused": refused}
    return answer(request, "planning/impor_satu.html", context, status=409 if refused else 200)


def _draft_context(
    scope: Scope, draft: ImportDraft, result: ImportResult, planned: Planned
) -> dict[str, Any]:
    kind, counts = KINDS[draft.kind], result.counts
    asked = questions(result.findings)
    names = Area.objects.in_area(draft.area_code).filter(valid_to__isnull=True)
    register = register_of(draft.kind)
    return {
        "scope": scope,
        "judul": f"{draft.label}, {scope.office.name}",
        "draft": draft,
        "kind": kind,
        "rows": len(result.records),
        "voters": sum(record.values.get("dpt", 0) for record in result.records),
        "counts": counts,
        "questions": asked[:QUESTIONS_SHOWN_MAX],
        "questions_left": max(0, len(asked) - QUESTIONS_SHOWN_MAX),
        "proposals": len(proposals(result.findings)),
        "answers": sorted(draft.answers.items()),
        "headers": header_columns(result.sheets, draft.layout["findings"]),
        "sheets": [reading.name for reading in result.sheets if reading.used],
        "fields": [(field.name, field.label) for field in kind.fields],
        "no_column": NO_COLUMN,
        "whole": WholeListForm(initial={**draft.expected, "whole_list": draft.whole_list}),
        "planned": planned,
        "figures": [
            (word, len(part))
            for word, part in (
                ("Baru", planned.changes.added),
                ("Diubah", planned.changes.changed),
                ("Dihapus", planned.changes.removed),
                ("Tetap", planned.changes.unchanged),
            )
        ],
        "ready": result.acceptable,
        "may_accept": all(scope.actor.may(each, draft.area_code) for each in register.permissions),
        "kinds": kinds_table(result.findings, scope.zone),
        "findings": findings_table(result.findings, scope.zone),
        "changes": changes_table(planned, kind, dict(names.values_list("code", "name")), scope.zone),
    }


def _save_answers(request: HttpRequest, scope: Scope, draft: ImportDraft) -> HttpResponse:
    given = answers_of(request.POST)
    if request.POST.get("sel"):
        _check_cell(draft, given)
    answer_draft(by=scope.actor, at=now(), draft=draft.pk, answers=given)
    messages.success(request, f"{len(given)} jawaban tersimpan. Berkas diperiksa lagi dengan jawaban itu.")
    return redirect("kebutuhan-impor-satu", pk=draft.pk)


def _check_cell(draft: ImportDraft, given: Mapping[str, str]) -> None:
    """Refuse a cell, typed by hand, that no row of the list has."""
    held = draft.answers
    draft.answers = {**held, **given}
    result = read_draft(draft)
    draft.answers = held
    if lost := [place for place in result.unused if place in given]:
        known = ", ".join(reading.name for reading in result.sheets if reading.used)
        raise Refused("IMPORT-ANSWER-UNUSED", places=", ".join(lost), sheets=known)


def answers_of(posted: Mapping[str, str]) -> dict[str, str]:
    """Return the answers in a form: what was typed wins over what was chosen; taken back is empty."""
    chosen, typed, back = (_named(posted, prefix) for prefix in (CHOSEN, TYPED, TAKEN_BACK))
    given = {place: text for place, text in (chosen | {p: t for p, t in typed.items() if t}).items() if text}
    cell = (posted.get("lembar", ""), posted.get("sel", "").strip(), posted.get("isi", "").strip())
    if all(cell):
        given[plain_place(f"{cell[0]}!{cell[1]}")] = cell[2]
    return {**given, **dict.fromkeys(back, "")}


def _named(posted: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): posted[name].strip() for name in posted if name.startswith(prefix)}


def _take_proposals(request: HttpRequest, scope: Scope, draft: ImportDraft) -> HttpResponse:
    given = answers_of(request.POST)
    taken = {**proposals(read_draft(draft).findings), **given}
    answer_draft(by=scope.actor, at=now(), draft=draft.pk, answers=taken)
    messages.success(request, f"{len(taken)} jawaban tersimpan, usul ikut dipakai. Berkas diperiksa lagi.")
    return redirect("kebutuhan-impor-satu", pk=draft.pk)


def _expect(request: HttpRequest, scope: Scope, draft: ImportDraft) -> HttpResponse:
    form = WholeListForm(request.POST)
    if form.is_valid():
        set_expectations(
            by=scope.actor,
            at=now(),
            draft=draft.pk,
            expected=form.expectations(),
            whole_list=form.cleaned_data["whole_list"],
        )
        messages.success(request, "Jumlah yang seharusnya tersimpan. Berkas diperiksa lagi.")
    return redirect("kebutuhan-impor-satu", pk=draft.pk)


def _choose_columns(request: HttpRequest, scope: Scope, draft: ImportDraft) -> HttpResponse:
    """Read the same file again with other columns; the original is not here, so it is chosen again."""
    file = request.FILES.get("file")
    if file is None:
        raise Refused("IMPORT-FILE-MISSING")
    kind = KINDS[draft.kind]
    headers = header_columns(read_draft(draft).sheets, draft.layout["findings"])
    named = {tuple(name.split(":", 1)): field for name, field in _named(request.POST, COLUMN).items()}
    chosen = {(key[0], key[1]): field for key, field in named.items() if len(key) == 2}
    mappings, twice = changed_mappings(headers, chosen, kind)
    if twice:
        raise Refused(
            "IMPORT-COLUMN-TWICE", label=kind.by_name[twice[0]].label, first=twice[1], second=twice[2]
        )
    data = _bytes(file)
    opening = Opening(
        kind=draft.kind,
        election=draft.election.code if draft.election else "",
        label=draft.label,
        expected=draft.expected,
        whole_list=draft.whole_list,
        chosen_columns={**draft.chosen_columns, **mappings},
        answers=draft.answers if sha256(data) == draft.original else {},
    )
    fresh = open_draft(data, opening, by=scope.actor, at=now(), area_code=draft.area_code)
    drop_draft(by=scope.actor, at=now(), draft=draft.pk)
    messages.success(request, "Berkas dibaca lagi dengan arti kolom yang Anda pilih.")
    return redirect("kebutuhan-impor-satu", pk=fresh.pk)


def _drop(request: HttpRequest, scope: Scope, draft: ImportDraft) -> HttpResponse:
    drop_draft(by=scope.actor, at=now(), draft=draft.pk)
    messages.success(request, "Berkas dibuang. Register tidak berubah.")
    return redirect("kebutuhan-impor")


def _accept(request: HttpRequest, scope: Scope, draft: ImportDraft) -> HttpResponse:
    result = read_draft(draft)
    frame = frame_of(draft.area_code, draft.election)
    planned = plan_import(result, frame, whole_list=draft.whole_list)
    removed = len(planned.changes.removed)
    if removed and not request.POST.get("hapus"):
        raise Refused("IMPORT-REMOVAL-NOT-CONFIRMED", count=removed)
    acceptance = Acceptance(
        label=draft.label,
        base=request.POST.get("dasar", ""),
        whole_list=draft.whole_list,
        answers=draft.answers,
        draft=draft.pk,
    )
    stored = accept_list(result, acceptance, frame, by=scope.actor, at=now())
    messages.success(request, said(stored))
    return redirect("kebutuhan-impor")


DEEDS: dict[str, Callable[[HttpRequest, Scope, ImportDraft], HttpResponse]] = {
    "simpan": _save_answers,
    "usulan": _take_proposals,
    "harapan": _expect,
    "kolom": _choose_columns,
    "buang": _drop,
    "terima": _accept,
}
