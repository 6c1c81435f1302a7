"""Kiriman untuk wilayah Anda: what the published plan brings to the area of whoever looks."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.distribution.archive import bands_of_plan, plan_of, problem_of
from tepat.distribution.area_deliveries import arrivals_table, handovers_table, published_plan
from tepat.planning.scope import scope_of

READ = Permission.PLAN_READ


@screen(READ)
def deliveries(request: HttpRequest) -> HttpResponse:
    """Show what arrives when, by which vehicle, and which KPPS gets it when; nothing before publication."""
    scope = scope_of(request, READ)
    row = published_plan(scope.election)
    context: dict[str, Any] = {
        "scope": scope,
        "judul": f"Kiriman untuk wilayah Anda, {scope.election.name}",
        "row": row,
    }
    if row:
        problem, plan = problem_of(row.problem.sha256), plan_of(row.sha256)
        bands = bands_of_plan(row.problem.sha256, row.sha256)
        context |= {
            "arrivals": arrivals_table(plan, problem, scope.areas, scope.zone, bands),
            "handovers": handovers_table(plan, problem, scope.areas, scope.zone, bands),
            "contoh": problem.contoh,
        }
    return answer(request, "distribution/kiriman.html", context)
