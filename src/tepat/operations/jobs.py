"""Copies and drills that somebody asks for on a screen; the worker makes them, the ledger hears of both."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tepat.common import ledger
from tepat.common.acting import Actor, action
from tepat.common.clock import now
from tepat.common.errors import Refused
from tepat.common.jobs import advance, asker
from tepat.common.models import Job
from tepat.common.permissions import Permission
from tepat.operations.backup import Copy, make_copy
from tepat.operations.restore import drill, record_drill

COPY_MADE = ledger.kind("copy.made")
COPY_TASK = "tepat.operations.jobs.copy_now"
DRILL_TASK = "tepat.operations.jobs.drill_now"
STEPS_SHOWN = 100


@action(Permission.COPIES_RUN)
def record_copy(*, by: Actor, at: datetime, copy: Copy) -> str:
    """Write into the ledger that a copy was made, and how large it is."""
    payload = {
        "copy": copy.folder.name,
        "rows": copy.rows,
        "events": copy.events,
        "documents": copy.documents,
        "size": copy.size,
    }
    ledger.record(COPY_MADE, payload, by=by, at=at)
    return copy.folder.name


def _shown(job: Job) -> Callable[[str, int, int], None]:
    """Return what writes progress, a hundred times at most for each part, and stops a cancelled job."""
    last: dict[str, int] = {}

    def progress(what: str, done: int, total: int) -> None:
        part = done * STEPS_SHOWN // total if total else STEPS_SHOWN
        if last.get(what) == part:
            return
        last[what] = part
        if not advance(job.pk, now(), done=done, total=total, message=f"Menyalin {what}"):
            raise Refused("JOB-STOPPED")

    return progress


def copy_now(job: Job) -> dict[str, Any]:
    """Make a copy; a job that runs twice makes two, and the older is the one that goes first."""
    by = asker(job)
    by.require(Permission.COPIES_RUN, job.area_code)
    copy = make_copy(now(), progress=_shown(job))
    name = record_copy(by=by, at=now(), copy=copy)
    return {"copy": name, "rows": copy.rows, "events": copy.events, "documents": copy.documents}


def drill_now(job: Job) -> dict[str, Any]:
    """Restore the newest copy beside the running office and check all of it."""
    by = asker(job)
    by.require(Permission.COPIES_RUN, job.area_code)
    advance(job.pk, now(), done=0, total=1, message="Memulihkan salinan terbaru ke samping dan memeriksanya")
    found = drill(now())
    record_drill(by=by, at=now(), found=found)
    return {"copy": found.copy, "good": found.good, "faults": len(found.faults)}
