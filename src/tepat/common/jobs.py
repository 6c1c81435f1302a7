"""Long work: asked for by a person, done by the worker (`tepat pekerja`), its progress in one table.

The rules of a crash. A worker writes a heartbeat with each step of progress. A job that runs without one for
`LEASE_S` has lost its worker: it goes back to waiting, at most `ATTEMPTS_MAX` times, then it has failed and
says so. A job may therefore run twice, and every task must be fine with that: it computes outside any
transaction and stores its answer by an action with the job's id as the key.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.tasks import task
from django.utils.module_loading import import_string

from tepat.common.acting import Actor, Standing, load_or_refuse
from tepat.common.clock import now
from tepat.common.errors import NotAllowed, Refused, TepatError
from tepat.common.models import Job, LedgerIdentity
from tepat.common.permissions import Permission, Role

LEASE_S = 120
ATTEMPTS_MAX = 3
WAITING_MAX = 50
RUNNABLE = ("tepat.planning.", "tepat.distribution.", "tepat.solvers.", "tepat.operations.", "tepat.common.")


def ask_job(*, by: Actor, at: datetime, task_path: str, arguments: Mapping[str, Any], area_code: str) -> Job:
    """Put work into the queue; it starts once this transaction is committed.

    Args:
        by: Who asks.
        at: When.
        task_path: The dotted name of a function ``f(job, **arguments)``; what it returns is the answer.
        arguments: Plain values.
        area_code: The area whose people may see the job.

    Raises:
        NotAllowed: The actor may not see jobs there.
        Refused: JOBS-FULL.
    """
    assert task_path.startswith(RUNNABLE), task_path
    by.require(Permission.JOBS_READ, area_code)
    with transaction.atomic():
        if Job.objects.filter(state=Job.State.WAITING).count() >= WAITING_MAX:
            raise Refused("JOBS-FULL", limit=WAITING_MAX)
        job = Job.objects.create(
            task=task_path,
            arguments=dict(arguments),
            area_code=area_code,
            asked_by=by.person,
            asked_at=at,
        )
        transaction.on_commit(lambda: enqueue(job.id))
    return job


def enqueue(job_id: UUID) -> None:
    """Hand a waiting job to the worker's queue."""
    run_job.enqueue(str(job_id))


@task
def run_job(job_id: str) -> str:
    """Run one job in the worker; a refusal ends it with its sentence, a defect with its name."""
    job = claim(UUID(job_id), now())
    if job is None:
        return "sudah dikerjakan"
    try:
        answer = import_string(job.task)(job, **job.arguments)
    except TepatError as refused:
        end(job.id, now(), state=Job.State.FAILED, message=str(refused))
        return Job.State.FAILED
    except Exception as defect:
        end(job.id, now(), state=Job.State.FAILED, message=f"Kesalahan program: {type(defect).__name__}")
        raise
    end(job.id, now(), state=Job.State.DONE, answer=answer)
    return Job.State.DONE


def claim(job_id: UUID, at: datetime) -> Job | None:
    """Take a waiting job; None where another worker has it or it has ended."""
    taken = Job.objects.filter(pk=job_id, state=Job.State.WAITING).update(
        state=Job.State.RUNNING,
        heartbeat_at=at,
        attempts=_next_attempt(job_id),
    )
    return Job.objects.get(pk=job_id) if taken else None


def _next_attempt(job_id: UUID) -> int:
    attempts = Job.objects.filter(pk=job_id).values_list("attempts", flat=True).first()
    return (attempts or 0) + 1


def advance(job_id: UUID, at: datetime, *, done: int, total: int, message: str = "") -> bool:
    """Write progress, which is also the heartbeat; return False when the job was cancelled and shall stop."""
    return bool(
        Job.objects.filter(pk=job_id, state=Job.State.RUNNING).update(
            done=min(done, total), total=total, message=message, heartbeat_at=at
        )
    )


def end(job_id: UUID, at: datetime, *, state: Job.State, message: str = "", answer: Any = None) -> None:
    """Close a running job."""
    changes: dict[str, Any] = {"state": state, "finished_at": at, "answer": answer}
    if message:
        changes["message"] = message[:300]
    Job.objects.filter(pk=job_id, state=Job.State.RUNNING).update(**changes)


def cancel_job(*, by: Actor, at: datetime, job_id: UUID) -> bool:
    """Cancel a job of one's own; a running one stops at its next step of progress.

    Raises:
        NotAllowed: Somebody else's job.
    """
    job = load_or_refuse(Job, job_id, by=by, permission=Permission.JOBS_READ)
    if job.asked_by != by.person and Standing(Role.SISTEM, "") not in by.standings:
        raise NotAllowed("COMMON-NOT-ALLOWED", permission="batalkan pekerjaan orang lain")
    open_states = Q(state=Job.State.WAITING) | Q(state=Job.State.RUNNING)
    changed = Job.objects.filter(open_states, pk=job_id).update(state=Job.State.CANCELLED, finished_at=at)
    return bool(changed)


def requeue_abandoned(at: datetime) -> tuple[int, int]:
    """Give jobs whose worker died back to the queue; return how many were requeued and how many gave up."""
    dead = Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=at - timedelta(seconds=LEASE_S))
    gave_up = dead.filter(attempts__gte=ATTEMPTS_MAX).update(
        state=Job.State.FAILED,
        finished_at=at,
        message=f"Berhenti {ATTEMPTS_MAX} kali sebelum selesai; minta lagi atau hubungi pengelola.",
    )
    again = list(dead.filter(attempts__lt=ATTEMPTS_MAX).values_list("pk", flat=True))
    requeued = Job.objects.filter(pk__in=again, state=Job.State.RUNNING).update(state=Job.State.WAITING)
    for job_id in again:
        enqueue(job_id)
    return requeued, gave_up


def asker(job: Job) -> Actor:
    """Return who asked for a job, with the posts held now, for the actions that the job calls."""
    from tepat.common.acting import actor_of

    if LedgerIdentity.objects.filter(system_person=job.asked_by).exists():
        return Actor(job.asked_by, (Standing(Role.SISTEM, ""),))
    return actor_of(job.asked_by, now())
