"""Impor: a file is read, its faults are named at their cells, questions are answered, then all or nothing.

Between the steps nothing lies on the server: the browser sends the file again with the answers. So the
original, with whatever names it holds, is never stored.
"""

import hashlib
import io
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tepat.common.clock import now
from tepat.common.documents import add_document, keep
from tepat.common.errors import Refused, TepatError
from tepat.common.messages import say
from tepat.common.permissions import Permission
from tepat.common.quantities import grouped
from tepat.common.screens import screen
from tepat.common.table_answers import XLSX
from tepat.common.tables import Cell, Column, Kind, Table, as_csv, short_date
from tepat.planning.forms import ImportForm
from tepat.planning.imports.engine import ImportResult
from tepat.planning.imports.findings import ASKS, BLOCKS, NOTE, Finding
from tepat.planning.imports.kinds import import_kind
from tepat.planning.imports.messy import write_messy_workbook
from tepat.planning.imports.preview import Changes
from tepat.planning.list_import import KIND, Told, accept_list, changes_of, prepare, read_list, register_csv
from tepat.planning.models import ListImport
from tepat.planning.scope import Scope, scope_of
from tepat.planning.views.lists import LIST_LABEL

MESSY_SEED = 1
MESSY_NAME = "contoh-berantakan.xlsx"
ANSWER, COLUMN = "jawab:", "kolom:"
ANSWERS_MAX = 2000
FINDINGS_SHOWN_MAX = 400
STATES = {BLOCKS: ("gawat", "MENGHALANGI"), ASKS: ("perhatikan", "BERTANYA"), NOTE: ("aman", "CATATAN")}


@lru_cache(maxsize=4)
def messy_workbook(area_code: str) -> bytes:
    """Return the deliberately messy example of an area: the same bytes each time."""
    with tempfile.TemporaryDirectory(prefix="tepat-contoh-") as folder:
        file = Path(folder) / MESSY_NAME
        write_messy_workbook(file, area_code, MESSY_SEED)
        return file.read_bytes()


@screen(Permission.LIST_PREVIEW)
def upload(request: HttpRequest) -> HttpResponse:
    """Read a file and say what is wrong with it; with ``terima`` and nothing wrong, accept it whole."""
    scope = scope_of(request, Permission.LIST_PREVIEW)
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {
        "scope": scope,
        "form": form,
        "done": ListImport.objects.filter(election=scope.election, area_code=scope.office.area_code)[:20],
        "example": scope.office.area_code,
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "planning/impor.html", context)
    try:
        data, name = _file(form, scope)
        told = _told(request.POST, form)
        result = read_list(data, scope.election, scope.office.area_code, told)
        if request.POST.get("terima") and _accept(request, scope, result, name):
            return redirect("kebutuhan-impor")
        if request.POST.get("unduh"):
            return _findings_file(scope, result)
        context |= _reading(scope, result, name, told)
        context |= {"told": told, "settled": _settled(told, context["questions"])}
        status = 200
    except TepatError as refused:
        context["refused"] = say(refused.code, refused.facts)
        status = 409
    return render(request, "planning/impor.html", context, status=status)


def _file(form: ImportForm, scope: Scope) -> tuple[bytes, str]:
    if form.cleaned_data["contoh"]:
        return messy_workbook(scope.office.area_code), MESSY_NAME
    given = form.cleaned_data["file"]
    if given is None:
        raise Refused("IMPORT-NO-FILE")
    if given.size > settings.UPLOAD_BYTES_MAX:
        raise Refused("DOCUMENT-TOO-LARGE", limit=f"{settings.UPLOAD_BYTES_MAX // 2**20} MB")
    return given.read(), str(given.name)


def _told(posted: Mapping[str, Any], form: ImportForm) -> Told:
    def under(prefix: str) -> dict[str, str]:
        names = [name for name in posted if name.startswith(prefix)][:ANSWERS_MAX]
        return {name.removeprefix(prefix): posted[name].strip() for name in names if posted[name].strip()}

    return Told(
        columns=under(COLUMN),
        answers=under(ANSWER),
        voters_expected=form.cleaned_data["expected"],
        take_proposals=bool(form.cleaned_data["take_proposals"]),
    )


def _accept(request: HttpRequest, scope: Scope, result: ImportResult, name: str) -> bool:
    """Accept what was looked at; another file than the one looked at is only shown."""
    if request.POST.get("dilihat") != result.reduced.original_sha256:
        return False
    scope.actor.require(Permission.LIST_ACCEPT, scope.office.area_code)
    at, code = now(), scope.office.area_code
    stored: ListImport = accept_list(
        by=scope.actor, at=at, area_code=code, election=scope.election.code, accepted=prepare(result, name)
    )
    # The list as it now stands becomes a document of its own, for later comparisons.
    file = keep(io.BytesIO(register_csv(scope.election, code)))
    label = f"{LIST_LABEL} {scope.election.name}, impor {short_date(at.astimezone(scope.zone).date())}"
    add_document(by=scope.actor, at=at, file=file, label=label, area_code=code)
    messages.success(
        request,
        f"Daftar diterima seluruhnya: {grouped(stored.added)} TPS baru, {grouped(stored.changed)} berubah, "
        f"{grouped(stored.removed)} hilang, {grouped(stored.unchanged)} tetap.",
    )
    return True


def _reading(scope: Scope, result: ImportResult, name: str, told: Told) -> dict[str, Any]:
    changes = changes_of(result, scope.election) if result.records else None
    ranked = sorted(result.findings, key=lambda one: list(STATES).index(one.severity))
    return {
        "result": result,
        "name": name,
        "original": result.reduced.original_sha256,
        "voters": sum(record.values.get("dpt") or 0 for record in result.records),
        "questions": [_question(one) for one in ranked if one.severity in {BLOCKS, ASKS}][
            :FINDINGS_SHOWN_MAX
        ],
        "notes": _notes_table(scope, [one for one in ranked if one.severity == NOTE]),
        "mappings": [_mapping(mapping.as_json()) for mapping in result.mappings],
        "fields": [
            (field.name, field.label, told.columns.get(field.name, "")) for field in import_kind(KIND).fields
        ],
        "changes": changes,
        "changes_table": _changes_table(scope, changes) if changes else None,
        "may_accept": result.acceptable and scope.actor.may(Permission.LIST_ACCEPT, scope.office.area_code),
    }


def _settled(told: Told, questions: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the answers that no longer show as questions, so that they are sent along again."""
    open_names = {question["name"] for question in questions}
    pairs = [(f"{ANSWER}{place}", answer) for place, answer in told.answers.items()]
    return [(name, answer) for name, answer in pairs if name not in open_names]


def _findings_file(scope: Scope, result: ImportResult) -> HttpResponse:
    """Return all findings as CSV: to be mended in Excel, cell by cell."""
    table = Table(
        id="temuan-impor",
        title="Temuan",
        columns=(Column("Berat"), Column("Lembar dan sel"), Column("Temuan"), Column("Usul"), Column("Kode")),
        rows=[
            [
                STATES[one.severity][1],
                one.place if one.cell else one.sheet,
                one.message,
                one.proposal,
                one.code,
            ]
            for one in result.findings
        ],
        zone=scope.zone,
    )
    file = HttpResponse(as_csv(table), content_type="text/csv; charset=utf-8")
    file.headers["Content-Disposition"] = 'attachment; filename="temuan-impor.csv"'
    return file


def _question(one: Finding) -> dict[str, Any]:
    state, word = STATES[one.severity]
    return {
        "state": state,
        "word": word,
        "place": one.place if one.cell else one.sheet,
        "message": one.message,
        "proposal": one.proposal or "",
        "name": f"{ANSWER}{one.place}",
        "id": hashlib.sha256(one.place.encode() + one.kind.encode()).hexdigest()[:12],
        "code": one.code,
    }


def _mapping(mapping: dict[str, Any]) -> dict[str, Any]:
    labels = {field.name: field.label for field in import_kind(KIND).fields}
    columns = [
        {**column, "label": labels[column["field"]], "sure": column["confidence"] >= 90}
        for column in mapping["columns"]
    ]
    return {"signature": mapping["signature"], "columns": columns}


def _notes_table(scope: Scope, notes: list[Finding]) -> Table:
    return Table(
        id="catatan",
        title="Catatan pembacaan",
        columns=(Column("Lembar dan sel", Kind.CODE), Column("Catatan"), Column("Kode", Kind.CODE)),
        rows=[[one.place if one.cell else one.sheet, one.message, one.code] for one in notes],
        zone=scope.zone,
        passing=True,
    )


def _changes_table(scope: Scope, changes: Changes) -> Table:
    rows: list[list[Any]] = [[_tps_name(key), "baru", None] for key in changes.added]
    rows += [
        [
            _tps_name(change.key),
            "berubah",
            "; ".join(f"{name}: {_text(old)} → {_text(new)}" for name, (old, new) in change.fields.items()),
        ]
        for change in changes.changed
    ]
    rows += [
        [_tps_name(key), Cell("hilang", note="tidak ada di daftar baru"), None] for key in changes.removed
    ]
    return Table(
        id="perubahan",
        title="Yang akan berubah bila diterima",
        columns=(Column("TPS"), Column("Perubahan"), Column("Isi")),
        rows=rows,
        empty="Tidak ada yang berubah.",
        zone=scope.zone,
        passing=True,
    )


def _tps_name(key: tuple[Any, ...]) -> str:
    return f"{key[0]} TPS {key[1]:03d}"


def _text(value: Any) -> str:
    if value is None or value == "":
        return "kosong"
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return grouped(value) if isinstance(value, int) else str(value)


@screen(Permission.LIST_PREVIEW)
def example(request: HttpRequest) -> HttpResponse:
    """The messy example as a file, to be looked at in Excel first."""
    scope = scope_of(request, Permission.LIST_PREVIEW)
    file = HttpResponse(messy_workbook(scope.office.area_code), content_type=XLSX)
    file.headers["Content-Disposition"] = f'attachment; filename="{MESSY_NAME}"'
    return file
