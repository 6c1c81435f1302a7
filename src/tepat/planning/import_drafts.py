"""Drafts of lists: what may be kept of an uploaded file, and what a person answered, until it is accepted.

A draft changes no register and leaves no event; it is gone once the list is accepted, dropped, or too old.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tepat.common.acting import Actor, action, load_or_refuse
from tepat.common.errors import Refused
from tepat.common.models import Election
from tepat.common.permissions import Permission
from tepat.planning.import_reading import Mappings, Upload, desa_register, options_for, read_upload, reread
from tepat.planning.import_registers import frame_of, register_of
from tepat.planning.imports.engine import ImportResult
from tepat.planning.imports.kinds import KINDS, import_kind
from tepat.planning.imports.privacy import masked
from tepat.planning.models import ImportDraft, RememberedColumns

DRAFTS_MAX = 20
DRAFT_DAYS_MAX = 14
ANSWERS_MAX = 5_000
ANSWER_CHARS_MAX = 200
LABEL_CHARS_MAX = 120


@dataclass(frozen=True)
class Opening:
    """What a person says of a file when it is uploaded.

    Args:
        kind: The kind of list.
        election: The election's code; empty for lists that belong to none.
        label: What the list is called from now on; no file name, which may hold a person's.
        expected: Totals that should come out: ``dpt`` voters, ``tps`` rows.
        whole_list: The file claims to be the whole list: what it lacks is to be removed.
        chosen_columns: Mappings that a person chose, by signature.
        answers: Answers that hold for this very file from before.
    """

    kind: str
    election: str
    label: str
    expected: Mapping[str, int] = field(default_factory=dict)
    whole_list: bool = False
    chosen_columns: Mappings = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)


def remembered_columns(area_code: str, kind: str) -> dict[str, Mapping[str, Any]]:
    """Return the mappings that were accepted before, by signature."""
    rows = RememberedColumns.objects.filter(area_code=area_code, kind=kind)
    return {row.signature: row.mapping for row in rows}


def open_draft(data: bytes, opening: Opening, *, by: Actor, at: datetime, area_code: str) -> ImportDraft:
    """Read a file in memory and keep what may be kept of it as a draft; the original is forgotten.

    Args:
        data: The whole file.
        opening: What the person says of it.
        by: Who uploads.
        at: When.
        area_code: The office's area.

    Raises:
        NotAllowed: The actor may not preview lists there.
        Refused: IMPORT-FILE-…, IMPORT-TABLE-TOO-LARGE, IMPORT-UNKNOWN-KIND, IMPORT-DRAFTS-FULL.
    """
    by.require(Permission.LIST_PREVIEW, area_code)
    kind = import_kind(opening.kind)
    known = {**remembered_columns(area_code, kind.name), **opening.chosen_columns}
    upload = read_upload(data, kind, desa_register(area_code), known)
    stored: ImportDraft = _store_draft(by=by, at=at, area_code=area_code, opening=opening, upload=upload)
    return stored


@action(Permission.LIST_PREVIEW, area="area_code", silent=True)
def _store_draft(*, by: Actor, at: datetime, area_code: str, opening: Opening, upload: Upload) -> ImportDraft:
    """Write a draft; those too old go. A draft changes no register and leaves no event."""
    ImportDraft.objects.filter(made_at__lt=at - timedelta(days=DRAFT_DAYS_MAX)).delete()
    if ImportDraft.objects.filter(area_code=area_code).count() >= DRAFTS_MAX:
        raise Refused("IMPORT-DRAFTS-FULL", count=DRAFTS_MAX)
    return ImportDraft.objects.create(
        kind=import_kind(opening.kind).name,
        election=Election.objects.get(code=opening.election) if opening.election else None,
        area_code=area_code,
        label=opening.label[:LABEL_CHARS_MAX],
        form=upload.form,
        original=upload.original_sha256,
        content=upload.content,
        vault=upload.vault,
        layout=upload.layout,
        answers=dict(opening.answers),
        expected=dict(opening.expected),
        chosen_columns=dict(opening.chosen_columns),
        whole_list=opening.whole_list,
        made_at=at,
        made_by=by.person,
    )


def read_draft(draft: ImportDraft) -> ImportResult:
    """Return what a draft says with its answers; nothing is stored."""
    kind = KINDS[draft.kind]
    upload = Upload(
        form=draft.form,
        original_sha256=draft.original,
        content=bytes(draft.content),
        vault=bytes(draft.vault),
        layout=draft.layout,
    )
    options = replace(
        options_for(draft.election.code if draft.election else ""),
        answers=draft.answers,
        expected=draft.expected,
    )
    result = reread(upload, kind, desa_register(draft.area_code), options)
    frame = frame_of(draft.area_code, draft.election)
    more = register_of(draft.kind).faults(result.records, frame)
    return replace(result, findings=(*result.findings, *more)) if more else result


@action(Permission.LIST_PREVIEW, silent=True)
def answer_draft(*, by: Actor, at: datetime, draft: UUID, answers: Mapping[str, str]) -> ImportDraft:
    """Add answers to a draft; an empty one takes an answer back. NIK-like digits are masked, as in the file.

    Raises:
        NotAllowed: No such draft in the actor's area.
        Refused: IMPORT-ANSWERS-TOO-MANY.
    """
    del at
    row = load_or_refuse(ImportDraft, draft, by=by, permission=Permission.LIST_PREVIEW, lock=True)
    given = {place: str(masked(text.strip()[:ANSWER_CHARS_MAX])) for place, text in answers.items()}
    merged = {**row.answers, **given}
    row.answers = {place: text for place, text in merged.items() if text}
    if len(row.answers) > ANSWERS_MAX:
        raise Refused("IMPORT-ANSWERS-TOO-MANY", count=len(row.answers), limit=ANSWERS_MAX)
    row.save(update_fields=["answers"])
    return row


@action(Permission.LIST_PREVIEW, silent=True)
def set_expectations(
    *, by: Actor, at: datetime, draft: UUID, expected: Mapping[str, int], whole_list: bool
) -> ImportDraft:
    """Say which totals a draft should have, and whether it is the whole list.

    Raises:
        NotAllowed: No such draft in the actor's area.
    """
    del at
    row = load_or_refuse(ImportDraft, draft, by=by, permission=Permission.LIST_PREVIEW, lock=True)
    row.expected, row.whole_list = dict(expected), whole_list
    row.save(update_fields=["expected", "whole_list"])
    return row


@action(Permission.LIST_PREVIEW, silent=True)
def drop_draft(*, by: Actor, at: datetime, draft: UUID) -> None:
    """Throw a draft away with everything that was kept of its file.

    Raises:
        NotAllowed: No such draft in the actor's area.
    """
    del at
    load_or_refuse(ImportDraft, draft, by=by, permission=Permission.LIST_PREVIEW, lock=True).delete()
