"""Beda antarversi: what comes otherwise in a plan than in another version, in plain words."""

from django.http import HttpRequest, HttpResponse

from tepat.common.acting import load_or_refuse
from tepat.common.errors import Refused
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.distribution import edit_tables
from tepat.distribution.archive import plan_of, problem_of
from tepat.distribution.editing.differences import differences
from tepat.distribution.models import PlanVersion
from tepat.distribution.plans import Plan
from tepat.distribution.problems import Problem
from tepat.planning.scope import Scope, scope_of

READ = Permission.PLAN_READ
VERSIONS_SHOWN_MAX = 50


@screen(READ)
def compared(request: HttpRequest, pk: int) -> HttpResponse:
    """One version beside the one asked for by ``?dengan=``, else beside the one it was made from."""
    scope = scope_of(request, READ)
    row = load_or_refuse(PlanVersion, pk, by=scope.actor, permission=READ)
    versions = _versions(scope, row)
    asked = request.GET.get("dengan", "")
    other = (
        load_or_refuse(PlanVersion, asked, by=scope.actor, permission=READ)
        if asked
        else _usual(row, versions)
    )
    context = {
        "scope": scope,
        "judul": f"Beda {row}",
        "row": row,
        "other": other,
        "versions": versions,
    }
    if other is not None:
        same = (other.area_code, other.problem.election_id) == (row.area_code, row.problem.election_id)
        if not same:
            raise Refused("DIFF-OTHER", number=row.number, other=other.number)
        found = differences(_documents(other), _documents(row))
        context |= {
            "judul": f"Beda versi {other.number} dan versi {row.number}",
            "found": found,
            "difference": edit_tables.signed(found.cost_rupiah),
            "table": edit_tables.differences_table(found, scope.zone),
            "bill": edit_tables.bill_differences_table(found, scope.zone),
        }
    return answer(request, "distribution/beda.html", context)


def _documents(row: PlanVersion) -> tuple[Problem, Plan]:
    return problem_of(row.problem.sha256), plan_of(row.sha256)


def _versions(scope: Scope, row: PlanVersion) -> list[PlanVersion]:
    """Return the other versions of the same election, newest first."""
    rows = PlanVersion.objects.filter(problem__election=row.problem.election, area_code=row.area_code)
    return list(scope.visible(rows, "area_code").exclude(pk=row.pk)[:VERSIONS_SHOWN_MAX])


def _usual(row: PlanVersion, versions: list[PlanVersion]) -> PlanVersion | None:
    """Return the version this one was edited from, else the one before it, best of the same strategy."""
    draft = row.saved_drafts.first()
    if draft is not None:
        return draft.plan
    earlier = [one for one in versions if one.number < row.number]
    same = [one for one in earlier if one.strategy == row.strategy]
    return next(iter([*same, *earlier, *versions]), None)
