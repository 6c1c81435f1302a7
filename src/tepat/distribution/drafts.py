"""Drafts of plans as they stand: whose they are, and what they have become. Nothing here writes."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from tepat.distribution.archive import matrices_of, plan_of, problem_of
from tepat.distribution.draft_models import PlanDraft
from tepat.distribution.editing.applying import Documents, Edited, applied, judged
from tepat.distribution.editing.changes import Repaired, read
from tepat.distribution.editing.saying import Names, words
from tepat.distribution.editing.sketch import Sketch, sketch_of
from tepat.distribution.models import PlanVersion
from tepat.distribution.problems import Problem

EDITED_CACHED_MAX = 8
SKETCHES_CACHED_MAX = 32


def open_draft(row: PlanVersion, person: UUID, *, lock: bool = False) -> PlanDraft | None:
    """Return a person's open draft of a plan version, or None.

    Args:
        row: The version.
        person: Whose.
        lock: Keep others from changing it until the transaction ends.
    """
    found = PlanDraft.objects.filter(plan=row, made_by=person, saved__isnull=True)
    return (found.select_for_update() if lock else found).first()


def drafts_of_others(row: PlanVersion, person: UUID) -> int:
    """Return how many other people have changes of this version that are not saved."""
    others = PlanDraft.objects.filter(plan=row, saved__isnull=True).exclude(made_by=person)
    return sum(bool(draft.changes) for draft in others)


def saved_from(row: PlanVersion) -> list[PlanVersion]:
    """Return the versions that were edited from this one, oldest first."""
    return [
        draft.saved
        for draft in PlanDraft.objects.filter(plan=row, saved__isnull=False)
        .select_related("saved")
        .order_by("pk")
        if draft.saved is not None
    ]


def edited_of(row: PlanVersion, changes: Sequence[dict[str, Any]]) -> Edited:
    """Return a plan version with changes; the same ones twice are computed once.

    Raises:
        Refused: What a change is refused for.
    """
    told = tuple(json.dumps(each, sort_keys=True) for each in changes)
    return _edited(row.problem.sha256, row.sha256, told)


@lru_cache(maxsize=EDITED_CACHED_MAX)
def _edited(problem_sha256: str, plan_sha256: str, changes: tuple[str, ...]) -> Edited:
    return judged(*_sketched(problem_sha256, plan_sha256, changes))


@lru_cache(maxsize=SKETCHES_CACHED_MAX)
def _sketched(problem_sha256: str, plan_sha256: str, changes: tuple[str, ...]) -> tuple[Documents, Sketch]:
    """Return what a sketch was made of, and the sketch; each step starts from the one before it."""
    last = read(json.loads(changes[-1])) if changes else None
    if last is not None and not isinstance(last, Repaired):
        start, before = _sketched(problem_sha256, plan_sha256, changes[:-1])
        return start, applied(before, last)
    if last is not None:
        problem_sha256, plan_sha256 = last.problem_sha256, last.plan_sha256
    start = problem_of(problem_sha256), plan_of(plan_sha256)
    return start, sketch_of(*start, matrices_of(problem_sha256))


def said(draft: PlanDraft | None, problem: Problem) -> list[str]:
    """Return the changes of a draft in words, oldest first."""
    names = Names(problem)
    return [words(read(each), names) for each in (draft.changes if draft is not None else [])]
