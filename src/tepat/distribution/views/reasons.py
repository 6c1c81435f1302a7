"""Mengapa? What binds a part of a plan, what the next best costs, what would serve what is left behind."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.jobs import ask_job, cancel_job
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import long_date
from tepat.distribution import reason_tables
from tepat.distribution.archive import case_of, plan_of
from tepat.distribution.case import Case
from tepat.distribution.models import PlanVersion
from tepat.distribution.plans import Plan, Trip
from tepat.distribution.problems import Place
from tepat.distribution.reason_questions import (
    LEFT,
    OTHERS,
    TASK,
    asked_about,
    asked_of,
)
from tepat.distribution.reasons.alternatives import alternatives
from tepat.distribution.reasons.explaining import explain
from tepat.distribution.reasons.smallest import left_behind
from tepat.distribution.reasons.subjects import PATH_OF, Subject, subject_of
from tepat.distribution.reasons.words import next_best_sentences, remedy_sentences
from tepat.planning.scope import scope_of

READ, EDIT = Permission.PLAN_READ, Permission.PLAN_EDIT

LINKS_MAX = 12
"""Links to other questions on one page."""


@screen(READ)
def why(request: HttpRequest, pk: int, subject: str) -> HttpResponse:
    """Why a part of a plan is as it is: a sentence, the numbers, and what was computed about it."""
    scope = scope_of(request, READ)
    row = load_or_refuse(PlanVersion, pk, by=scope.actor, permission=READ)
    plan = plan_of(row.sha256)
    case = case_of(row.problem.sha256, plan.strategy)
    about = subject_of(case, plan, asked_of(subject))
    found = explain(case, plan, asked_of(subject))
    asked = asked_about(scope, row, subject)
    context: dict[str, Any] = {
        "scope": scope,
        "judul": f"Mengapa {_name(case, about)}, {row}",
        "row": row,
        "subject": subject,
        "name": _name(case, about),
        "why": found,
        "note": case.place[about.id].note if about.id in case.place else "",
        "limits": reason_tables.limits_table(found.limits, case.zone) if found.limits else None,
        "links": _links(row, case, plan, about),
        "job": asked.running,
        "failed_job": asked.failed,
        "may_ask": scope.actor.may(EDIT, row.area_code),
        "has_others": bool(alternatives(case, plan, about)),
        "has_left": bool(left_behind(case, plan, about)),
        **_answers(asked.others, asked.remedy, plan, case.zone),
    }
    return answer(request, "distribution/mengapa.html", context)


def _answers(others: Any, remedy: Any, plan: Plan, zone: ZoneInfo) -> dict[str, Any]:
    found: dict[str, Any] = {"others": None, "remedy": None}
    if others is not None:
        found["others"] = reason_tables.others_table(others, plan, zone)
        found["others_said"] = next_best_sentences(others)
    if remedy is not None:
        found["remedy"] = reason_tables.ways_table(remedy, plan, zone)
        found["remedy_said"] = remedy_sentences(remedy)
    return found


def _name(case: Case, about: Subject) -> str:
    """Return a subject as people call it."""
    if about.kind == "rencana":
        return "rencana ini"
    if about.kind == "tanggal":
        return long_date(date.fromisoformat(about.id))
    if about.kind == "jalur":
        return f"jalur kecamatan {case.place[about.id].name.removeprefix('PPK ')}"
    if about.kind == "perjalanan":
        return f"perjalanan {about.id}"
    return case.place[about.id].name if about.id in case.place else about.id


def _links(row: PlanVersion, case: Case, plan: Plan, about: Subject) -> list[tuple[str, str]]:
    """Return what may be asked next: trips, vehicles, dates, warehouses, the paths of kecamatan."""
    trips = _trips_of(plan, about)
    found = {
        f"Perjalanan {trip.id}": reverse("distribusi-rencana-perjalanan", args=[row.pk, trip.id])
        for trip in trips[:LINKS_MAX]
    }
    wanted: dict[str, str] = {}
    for trip in trips if about.kind != "rencana" else ():
        wanted[trip.vehicle] = trip.vehicle
    for trip in trips:
        wanted |= {long_date(trip.date): trip.date.isoformat(), case.place[trip.origin].name: trip.origin}
    for place in _places_of(case, about):
        if place.kind == "ppk":
            wanted[f"jalur kecamatan {place.name.removeprefix('PPK ')}"] = f"{PATH_OF}{place.id}"
        wanted[place.name] = place.id
    for words, subject in list(wanted.items())[:LINKS_MAX]:
        if subject_of(case, plan, subject) != about:
            found[f"Mengapa {words}?"] = reverse("distribusi-rencana-mengapa", args=[row.pk, subject])
    return list(found.items())


def _trips_of(plan: Plan, about: Subject) -> list[Trip]:
    """Return the trips that have to do with a subject; of the whole plan the first of each date."""
    if about.kind == "rencana":
        return list({trip.date: trip for trip in reversed(plan.trips)}.values())[::-1]
    return [
        trip
        for trip in plan.trips
        if about.id in {trip.id, trip.vehicle, trip.origin, trip.date.isoformat()}
        or any(about.id == stop.place or about.id in stop.units for stop in trip.stops)
    ]


def _places_of(case: Case, about: Subject) -> list[Place]:
    """Return the place of a subject and its PPK, if it has one."""
    place = case.place.get(case.unit[about.id].place if about.kind == "set" else about.id)
    found = [] if place is None else [place]
    if place is not None and place.parent is not None:
        found.append(case.place[place.parent])
    return found


@require_POST
@screen(EDIT)
def ask(request: HttpRequest, pk: int, subject: str) -> HttpResponse:
    """Ask for alternatives, or for what serves what is left behind: the work is a job of its own."""
    scope = scope_of(request, EDIT)
    row = load_or_refuse(PlanVersion, pk, by=scope.actor, permission=EDIT)
    plan = plan_of(row.sha256)
    subject_of(case_of(row.problem.sha256, plan.strategy), plan, asked_of(subject))
    if asked_about(scope, row, subject).running is None:
        question = LEFT if request.POST.get("tanya") == LEFT else OTHERS
        ask_job(
            by=scope.actor,
            at=now(),
            task_path=TASK,
            arguments={"plan": row.pk, "subject": subject, "question": question},
            area_code=row.area_code,
        )
    return redirect("distribusi-rencana-mengapa", pk=row.pk, subject=subject)


@require_POST
@screen(EDIT)
def stop(request: HttpRequest, pk: int, subject: str) -> HttpResponse:
    """Stop the work on a question of one's own."""
    scope = scope_of(request, EDIT)
    row = load_or_refuse(PlanVersion, pk, by=scope.actor, permission=EDIT)
    running = asked_about(scope, row, subject).running
    if running is not None:
        cancel_job(by=scope.actor, at=now(), job_id=running.pk)
    return redirect("distribusi-rencana-mengapa", pk=row.pk, subject=subject)
