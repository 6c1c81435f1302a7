"""Papers of a plan as a whole: read as tables, downloaded as Excel or CSV, printed with number and QR."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tepat.common.acting import Actor, load_or_refuse
from tepat.common.clock import now
from tepat.common.errors import NotAllowed, Refused
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.distribution.models import PlanVersion
from tepat.distribution.plan_papers import PLAN_KINDS, documents_of
from tepat.distribution.plan_prints import print_kind, printed_of, source_of
from tepat.planning.scope import scope_of

READ, PRINT = Permission.PLAN_READ, Permission.PAPERS_PRINT


@screen(READ)
def one(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """One kind of paper: what will stand on it, and what of it was printed."""
    scope = scope_of(request, READ)
    row = _plan(pk, kind, scope.actor, READ)
    documents = documents_of(source_of(row), kind)
    context = {
        "scope": scope,
        "judul": f"{PLAN_KINDS[kind]}, {row}",
        "row": row,
        "kind": kind,
        "kinds": PLAN_KINDS,
        "word": PLAN_KINDS[kind],
        "documents": documents,
        "tables": [table for made in documents for table in made.tables],
        "printed": printed_of(row, kind) if scope.actor.may(Permission.DOCUMENTS_READ, row.area_code) else [],
        "may_print": scope.actor.may(PRINT, row.area_code) and row.status == PlanVersion.Status.ACCEPTED,
    }
    return answer(request, "distribution/rencana_kertas.html", context)


@require_POST
@screen(PRINT)
def print_now(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Print all papers of one kind and show the PDF."""
    scope = scope_of(request, PRINT)
    row = _plan(pk, kind, scope.actor, PRINT)
    if row.status != PlanVersion.Status.ACCEPTED:
        raise Refused("PAPER-NOT-ACCEPTED", number=row.number)
    file = print_kind(by=scope.actor, at=now(), row=row, kind=kind)
    return redirect("dokumen-berkas", pk=row.pk, sha256=file)


def _plan(pk: int, kind: str, by: Actor, permission: Permission) -> PlanVersion:
    if kind not in PLAN_KINDS:
        raise NotAllowed("COMMON-NOT-FOUND")
    return load_or_refuse(PlanVersion, pk, by=by, permission=permission)
