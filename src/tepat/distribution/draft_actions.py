"""What changes drafts of plans: one step at a time, back and forth, until one becomes a version."""

import io
from datetime import datetime
from typing import Any

from tepat.common import ledger
from tepat.common.acting import Actor, action, load_or_refuse
from tepat.common.documents import KeptFile, keep, path_of
from tepat.common.errors import Refused
from tepat.common.permissions import Permission
from tepat.distribution import documents
from tepat.distribution.actions import keep_plan, keep_problem
from tepat.distribution.draft_models import PlanDraft
from tepat.distribution.drafts import edited_of, open_draft
from tepat.distribution.editing.applying import CHANGES_MAX
from tepat.distribution.editing.changes import Change, plain
from tepat.distribution.models import PlanVersion, ProblemFile
from tepat.distribution.problems import MatrixFile, Problem

PLAN_EDITED = ledger.kind("plan.edited")


def change_draft(*, by: Actor, at: datetime, plan: int, revision: int, change: Change) -> PlanDraft:
    """Add a change to the actor's draft of a plan, after it was tried.

    Args:
        by: Who changes.
        at: When.
        plan: The plan version that is edited.
        revision: The draft as the page showed it; 0 before there is one.
        change: What to do.

    Raises:
        NotAllowed: No such plan in the actor's area.
        Refused: EDIT-STALE, and what the change itself is refused for.
    """
    row = load_or_refuse(PlanVersion, plan, by=by, permission=Permission.PLAN_EDIT)
    draft = open_draft(row, by.person)
    _require_revision(draft, revision)
    before = draft.changes if draft is not None else []
    edited_of(row, (*before, plain(change)))
    stored: PlanDraft = _store_step(by=by, at=at, plan=plan, revision=revision, change=plain(change))
    return stored


def _require_revision(draft: PlanDraft | None, revision: int) -> None:
    found = draft.revision if draft is not None else 0
    if found != revision:
        raise Refused("EDIT-STALE", found=found, expected=revision)


@action(Permission.PLAN_EDIT, silent=True)
def _store_step(*, by: Actor, at: datetime, plan: int, revision: int, change: dict[str, Any]) -> PlanDraft:
    """Write one more change; a draft is nobody's plan yet and leaves no event until it is saved."""
    row = load_or_refuse(PlanVersion, plan, by=by, permission=Permission.PLAN_EDIT, lock=True)
    draft = open_draft(row, by.person, lock=True)
    _require_revision(draft, revision)
    if draft is None:
        draft = PlanDraft(plan=row, area_code=row.area_code, made_at=at, made_by=by.person)
    if len(draft.changes) >= CHANGES_MAX:
        raise Refused("EDIT-TOO-MANY", limit=CHANGES_MAX)
    draft.changes, draft.undone = [*draft.changes, change], []
    return _stored(draft, at)


def _stored(draft: PlanDraft, at: datetime) -> PlanDraft:
    draft.revision, draft.changed_at = draft.revision + 1, at
    draft.save()
    return draft


@action(Permission.PLAN_EDIT, silent=True)
def step_back(*, by: Actor, at: datetime, plan: int, revision: int) -> PlanDraft:
    """Take the last change back.

    Raises:
        NotAllowed: No such plan in the actor's area.
        Refused: EDIT-STALE, EDIT-NO-UNDO.
    """
    draft = _own(by, plan, revision)
    if not draft.changes:
        raise Refused("EDIT-NO-UNDO")
    *draft.changes, last = draft.changes
    draft.undone = [*draft.undone, last]
    return _stored(draft, at)


@action(Permission.PLAN_EDIT, silent=True)
def step_forth(*, by: Actor, at: datetime, plan: int, revision: int) -> PlanDraft:
    """Do again what was taken back last.

    Raises:
        NotAllowed: No such plan in the actor's area.
        Refused: EDIT-STALE, EDIT-NO-UNDO.
    """
    draft = _own(by, plan, revision)
    if not draft.undone:
        raise Refused("EDIT-NO-UNDO")
    *draft.undone, last = draft.undone
    draft.changes = [*draft.changes, last]
    return _stored(draft, at)


@action(Permission.PLAN_EDIT, silent=True)
def drop_draft(*, by: Actor, at: datetime, plan: int, revision: int) -> None:
    """Throw the actor's draft of a plan away; the plan stays as it is.

    Raises:
        NotAllowed: No such plan in the actor's area.
        Refused: EDIT-STALE, EDIT-NO-UNDO.
    """
    del at
    _own(by, plan, revision).delete()


def _own(by: Actor, plan: int, revision: int) -> PlanDraft:
    row = load_or_refuse(PlanVersion, plan, by=by, permission=Permission.PLAN_EDIT, lock=True)
    draft = open_draft(row, by.person, lock=True)
    if draft is None:
        raise Refused("EDIT-NO-UNDO")
    _require_revision(draft, revision)
    return draft


def save_draft(*, by: Actor, at: datetime, plan: int, revision: int) -> PlanVersion:
    """Check the draft once more and keep it as the next version; the version it started from stays.

    Raises:
        NotAllowed: No such plan in the actor's area.
        Refused: EDIT-STALE, EDIT-NOTHING, EDIT-BREACHED, and those of `keep_plan`.
    """
    row = load_or_refuse(PlanVersion, plan, by=by, permission=Permission.PLAN_EDIT)
    draft = open_draft(row, by.person)
    _require_revision(draft, revision)
    if draft is None or not draft.changes:
        raise Refused("EDIT-NOTHING", number=row.number)
    found = edited_of(row, draft.changes)
    if documents.sha256(found.plan) == row.sha256:
        raise Refused("EDIT-NOTHING", number=row.number)
    if found.verdict.status == "breached":
        first = next(each for each in found.verdict.findings if each.severity == "breach")
        count = found.verdict.summary()["breaches"]
        raise Refused("EDIT-BREACHED", count=count, first=first.message.happened)
    problem = keep_edited_problem(by=by, at=at, base=row.problem, problem=found.problem)
    file = keep(io.BytesIO(documents.encode(found.plan)))
    version = keep_plan(by=by, at=at, problem=problem.pk, file=file)
    _close(by=by, at=at, plan=plan, revision=revision, version=version.pk)
    return version


def keep_edited_problem(*, by: Actor, at: datetime, base: ProblemFile, problem: Problem) -> ProblemFile:
    """Return the row of an edited problem, beside the one it came from; that one where no term changed.

    Raises:
        Refused: Those of `keep_problem`.
    """
    raw = documents.encode(problem)
    if documents.sha256(raw) == base.sha256:
        return base
    row: ProblemFile = keep_problem(
        by=by,
        at=at,
        area_code=base.area_code,
        file=keep(io.BytesIO(raw)),
        matrices=tuple(_kept(matrix) for matrix in problem.matrices),
        variant_of=base.variant_of_id or base.pk,
    )
    return row


def _kept(matrix: MatrixFile) -> KeptFile:
    """Return a matrix of a kept problem, which lies in the store already."""
    with path_of(matrix.sha256).open("rb") as stream:
        return keep(stream)


@action(Permission.PLAN_EDIT)
def _close(*, by: Actor, at: datetime, plan: int, revision: int, version: int) -> PlanDraft:
    """Note which version a draft became, and what was changed by hand on the way."""
    draft = _own(by, plan, revision)
    kept = load_or_refuse(PlanVersion, version, by=by, permission=Permission.PLAN_EDIT)
    draft.saved = kept
    payload = {
        "from": draft.plan.number,
        "number": kept.number,
        "changes": len(draft.changes),
        "sha256": kept.sha256,
    }
    about = ledger.About(
        objects=(f"rencana:{draft.plan_id}", f"rencana:{kept.pk}"),
        place=draft.area_code,
        evidence=(kept.sha256,),
    )
    ledger.record(PLAN_EDITED, payload, by=by, at=at, about=about)
    return _stored(draft, at)
