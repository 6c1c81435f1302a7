"""What the screens of plans and papers share about jobs: how far one is, and stopping it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.jobs import cancel_job
from tepat.common.models import Job
from tepat.common.permissions import Permission
from tepat.planning.scope import scope_of


def progress_piece(request: HttpRequest, pk: str, permission: Permission, template: str) -> HttpResponse:
    """Return the progress of a job as a piece of a page; the header says when it has ended.

    Args:
        request: From somebody who may open the screen.
        pk: The job.
        permission: That of the screen.
        template: The piece.

    Raises:
        NotAllowed: No such job in the reader's areas.
    """
    scope = scope_of(request, permission)
    job = load_or_refuse(Job, pk, by=scope.actor, permission=Permission.JOBS_READ)
    page = render(request, template, {"job": job})
    if job.ended:
        page.headers["X-Selesai"] = "ya"
    return page


def stop_job(request: HttpRequest, pk: str, permission: Permission) -> bool:
    """Stop a job of one's own; tell whether it was still open.

    Args:
        request: From somebody who may open the screen.
        pk: The job.
        permission: That of the screen.

    Raises:
        NotAllowed: No such job in the reader's areas.
    """
    scope = scope_of(request, permission)
    job = load_or_refuse(Job, pk, by=scope.actor, permission=Permission.JOBS_READ)
    return bool(cancel_job(by=scope.actor, at=now(), job_id=job.pk))
