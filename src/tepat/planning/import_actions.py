"""Accepting lists: their files first, then one transaction for all of the rows, or nothing.

The order of `accept_list`: the reduced file and the resulting list into the documents store (fsync), then one
transaction with the rows, the remembered columns, the record of the import and the event. A crash before the
commit leaves at most files that nobody names.
"""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from tepat.common import ledger
from tepat.common.acting import Actor, action, system_actor
from tepat.common.documents import KeptFile, add_document, keep
from tepat.common.errors import Refused
from tepat.common.models import Election
from tepat.common.permissions import Permission
from tepat.common.quantities import grouped
from tepat.planning.import_drafts import LABEL_CHARS_MAX, drop_draft
from tepat.planning.import_people import PeopleRegister
from tepat.planning.import_registers import (
    Frame,
    Planned,
    Register,
    Step,
    Writing,
    add_register,
    fingerprint,
    frame_of,
    register_of,
)
from tepat.planning.import_tps import TpsRegister
from tepat.planning.imports.engine import AcceptImport, ImportResult, Record
from tepat.planning.models import ImportDraft, ListImport, RememberedColumns

LIST_ACCEPTED = ledger.kind("register.list-accepted")

STEPS = ("dokumen tersimpan", "setengah baris", "sebelum selesai")

add_register(TpsRegister())
add_register(PeopleRegister())


@dataclass(frozen=True)
class AcceptedList:
    """A list that nothing speaks against, its files already safe in the documents store.

    Args:
        label: What people call it.
        frame: Whose list it is.
        planned: What it changes, worked out from the register as it was seen.
        reduced: The reduced file.
        document: The register's list as it will be, or None.
        original_sha256: Of the file that was given.
        rows_sha256: Of the rows with all answers applied.
        answers: What a person answered, by sheet and cell.
        mappings: What its columns meant, as stored.
        whole_list: Rows that it lacks are removed.
        draft: The draft that ends with it, or None.
    """

    kind: str
    label: str
    frame: Frame
    planned: Planned
    reduced: KeptFile
    document: KeptFile | None
    original_sha256: str
    rows_sha256: str
    answers: dict[str, str]
    mappings: tuple[dict[str, Any], ...]
    whole_list: bool = False
    draft: UUID | None = None


@dataclass(frozen=True)
class Acceptance:
    """What a person accepts.

    Args:
        label: What people call the list.
        base: Hash of the register that the preview was made from; None takes the register as it is now.
        whole_list: Rows that the list lacks are removed.
        answers: What a person answered.
        draft: The draft that ends with it, or None.
    """

    label: str
    base: str | None = None
    whole_list: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    draft: UUID | None = None


def rows_hash(records: Sequence[Record]) -> str:
    """Return a hash of rows with their answers applied; names are not part of it."""
    lines = [[record.sheet, record.row, record.values] for record in records]
    return hashlib.sha256(
        json.dumps(lines, ensure_ascii=False, sort_keys=True, default=str).encode()
    ).hexdigest()


def plan_import(result: ImportResult, frame: Frame, *, whole_list: bool) -> Planned:
    """Return what accepting a list would do; nothing is stored.

    Args:
        result: What the file says.
        frame: Whose list it is.
        whole_list: Rows that the list lacks are to be removed.
    """
    return register_of(result.kind).plan(result.records, frame, whole_list=whole_list)


def accept_list(
    result: ImportResult,
    acceptance: Acceptance,
    frame: Frame,
    *,
    by: Actor,
    at: datetime,
    step: Step = lambda _: None,
) -> ListImport:
    """Store an acceptable list: its files first, then all of its rows in one transaction, or nothing.

    The same list again, with nothing left to change, is answered with the first acceptance and does nothing.

    Args:
        result: What the file says.
        acceptance: What the person accepts.
        frame: Whose list it is.
        by: Who accepts.
        at: When.
        step: Called after each of `STEPS`; tests stop the process here.

    Raises:
        NotAllowed: The actor may not accept such lists there.
        Refused: IMPORT-NOT-ACCEPTABLE, IMPORT-REGISTER-CHANGED, IMPORT-ROW-IN-USE.
    """
    register = register_of(result.kind)
    for permission in register.permissions:
        by.require(permission, frame.area_code)
    faults = register.faults(result.records, frame)
    if faults or not result.acceptable:
        counts = result.counts
        raise Refused("IMPORT-NOT-ACCEPTABLE", blocks=counts["blocks"] + len(faults), asks=counts["asks"])
    planned = plan_import(result, frame, whole_list=acceptance.whole_list)
    rows = rows_hash(result.records)
    before = _accepted_before(result, rows, planned, frame)
    if before is not None:
        _end_draft(acceptance.draft, by=by, at=at)
        return before
    if acceptance.base is not None and acceptance.base != planned.base:
        raise Refused("IMPORT-REGISTER-CHANGED")
    accepted = AcceptedList(
        kind=result.kind,
        label=acceptance.label[:LABEL_CHARS_MAX],
        frame=frame,
        planned=planned,
        reduced=keep(io.BytesIO(result.reduced.content)),
        document=keep(io.BytesIO(planned.document)) if planned.document else None,
        original_sha256=result.reduced.original_sha256,
        rows_sha256=rows,
        answers=dict(acceptance.answers),
        mappings=tuple(mapping.as_json() for mapping in result.mappings),
        whole_list=acceptance.whole_list,
        draft=acceptance.draft,
    )
    step("dokumen tersimpan")
    stored: ListImport = _store_list(by=by, at=at, area_code=frame.area_code, accepted=accepted, step=step)
    return stored


def _end_draft(draft: UUID | None, *, by: Actor, at: datetime) -> None:
    if draft is not None and ImportDraft.objects.filter(pk=draft).exists():
        drop_draft(by=by, at=at, draft=draft)


def _accepted_before(result: ImportResult, rows: str, planned: Planned, frame: Frame) -> ListImport | None:
    """Return the last acceptance where it was of this very list and the register still says the same."""
    last = ListImport.objects.filter(
        area_code=frame.area_code, kind=result.kind, election=frame.election
    ).first()
    same = last is not None and (last.reduced, last.rows_sha256) == (result.reduced.sha256, rows)
    return last if same and planned.changes.empty else None


@action(Permission.LIST_ACCEPT, area="area_code")
def _store_list(*, by: Actor, at: datetime, area_code: str, accepted: AcceptedList, step: Step) -> ListImport:
    """Write a list whose files are safe; refuse when the register is no longer what was planned from."""
    register, frame = register_of(accepted.kind), accepted.frame
    register.lock(frame)
    if fingerprint(register.read(frame)) != accepted.planned.base:
        raise Refused("IMPORT-REGISTER-CHANGED")
    label = f"Berkas ringkas {accepted.label}"
    add_document(by=by, at=at, file=accepted.reduced, label=label, area_code=area_code)
    if accepted.document:
        election = frame.election.name if frame.election else ""
        name = f"{register.document_label} {election}, {accepted.label}"
        add_document(by=by, at=at, file=accepted.document, label=name, area_code=area_code)
    day = at.astimezone(frame.office.zone)
    source = f"daftar kantor, impor {day:%d-%m-%Y}, SHA-256 {accepted.reduced.sha256[:12]}"
    writing = Writing(by, at, frame, accepted.planned, accepted.whole_list, source, step)
    register.write(writing)
    _remember(accepted, area_code, at)
    stored = _write_import(accepted, by=by, at=at)
    _record(register, accepted, stored, by=by, at=at)
    if accepted.draft is not None:
        ImportDraft.objects.filter(pk=accepted.draft).delete()
    step("sebelum selesai")
    return stored


def _remember(accepted: AcceptedList, area_code: str, at: datetime) -> None:
    for mapping in accepted.mappings:
        RememberedColumns.objects.update_or_create(
            area_code=area_code,
            signature=mapping["signature"],
            defaults={"kind": accepted.kind, "mapping": mapping, "accepted_at": at},
        )


def _counts(accepted: AcceptedList) -> dict[str, int]:
    changes = accepted.planned.changes
    return {
        "added": len(changes.added),
        "changed": len(changes.changed),
        "removed": len(changes.removed),
        "unchanged": len(changes.unchanged),
    }


def _write_import(accepted: AcceptedList, *, by: Actor, at: datetime) -> ListImport:
    return ListImport.objects.create(
        election=accepted.frame.election,
        area_code=accepted.frame.area_code,
        kind=accepted.kind,
        label=accepted.label,
        reduced=accepted.reduced.sha256,
        original=accepted.original_sha256,
        rows_sha256=accepted.rows_sha256,
        answers=accepted.answers,
        accepted_at=at,
        accepted_by=by.person,
        **_counts(accepted),
    )


def _record(
    register: Register, accepted: AcceptedList, stored: ListImport, *, by: Actor, at: datetime
) -> None:
    election = accepted.frame.election
    files = [accepted.reduced, *([accepted.document] if accepted.document else [])]
    objects = [f"impor:{stored.pk}", *([f"pemilihan:{election.code}"] if election else [])]
    payload = {
        **_counts(accepted),
        "kind": register.kind,
        "original": accepted.original_sha256,
        "reduced": accepted.reduced.sha256,
        "rows": accepted.rows_sha256,
        "list": accepted.document.sha256 if accepted.document else None,
        "whole_list": accepted.whole_list,
        "answers": len(accepted.answers),
    }
    about = ledger.About(
        objects=tuple(objects),
        place=accepted.frame.area_code,
        evidence=tuple(sorted({file.sha256 for file in files})),
    )
    ledger.record(LIST_ACCEPTED, payload, by=by, at=at, about=about)


def said(stored: ListImport) -> str:
    """Return the sentence that says what an acceptance did."""
    return (
        f"Daftar diterima seluruhnya: {grouped(stored.added)} baru, {grouped(stored.changed)} berubah, "
        f"{grouped(stored.removed)} dihapus, {grouped(stored.unchanged)} tetap."
    )


def prepare(area: str, election: str) -> AcceptImport:
    """Return what stores an accepted list for the command line; rows that a file lacks are left as they are.

    Args:
        area: The office's area.
        election: The election's code.

    Raises:
        Refused: IMPORT-NO-REGISTER before the office or the election is set up.
    """
    from tepat.common.areas import load_area
    from tepat.common.clock import now

    code = load_area(area).code
    row = Election.objects.filter(code=election).first()

    def accept(result: ImportResult) -> str:
        register = register_of(result.kind)
        if register.needs_election and row is None:
            raise Refused("IMPORT-NO-REGISTER")
        at = now()
        frame = frame_of(code, row if register.needs_election else None)
        label = f"impor {at.astimezone(frame.office.zone):%d-%m-%Y %H.%M}"
        return said(accept_list(result, Acceptance(label), frame, by=system_actor(), at=at))

    return accept
