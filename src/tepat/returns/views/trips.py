"""Perjalanan pulang: by what and when do the boxes of a PPK come home, and how far is each trip?"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.errors import Refused
from tepat.common.frame import Frame, names_of
from tepat.common.messages import Message, say
from tepat.common.models import Area
from tepat.common.models import Post as HeldPost
from tepat.common.permissions import Permission, Role
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.custody.handing_reading import people_at
from tepat.custody.timeline_states import Instant
from tepat.custody.views.shared import words_of
from tepat.planning.scope import Scope, scope_of
from tepat.returns.forms import TripForm
from tepat.returns.models import FieldPaper, ReturnTrip
from tepat.returns.reading import hours_of, sets_on_the_way
from tepat.returns.trip_actions import PLAN, cancel_trip, plan_trips
from tepat.returns.trip_paper import load_words
from tepat.returns.trip_reading import (
    cargo_of,
    fleet,
    planned_things,
    posts_in,
    recap_of,
    trips_now,
    waiting_at,
    warehouses,
)
from tepat.returns.trip_tables import load_table, state_cell

READ = Permission.CUSTODY_READ
FIRST_HOUR = 8


@screen(PLAN)
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """Plan the trips of one PPK whose recapitulation is over."""
    scope = scope_of(request, PLAN)
    scope.actor.require(PLAN, code)
    form = _form(request, scope)
    refused: Message | None = None
    if request.method == "POST" and form.is_valid():
        made, refused = _plan(scope, code, form)
        if refused is None:
            messages.success(request, f"{len(made)} perjalanan pulang direncanakan.")
            return redirect("pengembalian-kecamatan", code=code)
    name = Area.objects.filter(code=code, valid_to__isnull=True).values_list("name", flat=True).first()
    context = {
        "scope": scope,
        "judul": f"Rencanakan pulang, PPK {name or code}",
        "name": name or code,
        "code": code,
        "form": form,
        "refused": refused,
        "recap": recap_of(scope.election, code),
        "figures": _waiting(scope, code),
    }
    wrong = refused or (form.is_bound and form.errors)
    return answer(request, "returns/rencana_pulang.html", context, status=409 if wrong else 200)


def _plan(scope: Scope, code: str, form: TripForm) -> tuple[list[str], Message | None]:
    try:
        made = plan_trips(
            by=scope.actor,
            at=now(),
            area_code=code,
            election=scope.election.code,
            wish=form.wish(),
            key=form.key(),
        )
    except Refused as error:
        return [], say(error.code, error.facts)
    return made, None


def _form(request: HttpRequest, scope: Scope) -> TripForm:
    at = now()
    drivers = names_of(people_at("angkutan:-", at), shown=True)
    police = HeldPost.objects.held_at(at).filter(role=Role.POLRI.name).values_list("person_id", flat=True)
    escorts = names_of(set(police), shown=True)
    stores = warehouses(scope.office)
    choices = {
        "vehicles": [(one.own.plate, one.word) for one in fleet(scope.office.area_code)],
        "to_post": [(post, place.name if place else "Gudang KPU") for post, place in stores.items()],
        "driver": sorted(((str(key), name) for key, name in drivers.items()), key=lambda one: one[1]),
        "escort": sorted(((str(key), name) for key, name in escorts.items()), key=lambda one: one[1]),
    }
    return TripForm(
        request.POST if request.method == "POST" else None,
        zone=scope.zone,
        choices=choices,
        initial={"first_at": _tomorrow(at.astimezone(scope.zone))},
    )


def _tomorrow(local: datetime) -> datetime:
    """Return the next morning as the form shows it: by the office's clock, and without its zone."""
    return (local + timedelta(days=1)).replace(
        hour=FIRST_HOUR, minute=0, second=0, microsecond=0, tzinfo=None
    )


def _waiting(scope: Scope, code: str) -> list[tuple[str, int]]:
    """Return how much lies at the PPK that no trip takes along yet."""
    hours = hours_of(scope.election, scope.office, now())
    rows = sets_on_the_way(scope.election, (code,), Instant(), hours)
    taken = planned_things(scope.election)
    things = [
        one for one in waiting_at(rows, code, polling_us=hours.polling_us) if one.object_id not in taken
    ]
    cargo = cargo_of(scope.election, things)
    boxes = sum(one.is_box for one in cargo)
    return [
        ("Kotak menunggu", boxes),
        ("Bundel menunggu", len(cargo) - boxes),
        ("Kotak hasil", sum(one.critical for one in cargo)),
    ]


@screen(READ)
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """One trip: by what, with whom, what is on it, and its paper."""
    scope = scope_of(request, READ)
    trip = load_or_refuse(ReturnTrip, pk, by=scope.actor, permission=READ)
    hours = hours_of(trip.election, scope.office, now())
    posts = posts_in(sets_on_the_way(trip.election, (trip.area_code,), Instant(), hours))
    found = trips_now([trip], posts)[0]
    people = [str(person) for person in (trip.driver_id, trip.escort_id) if person]
    there = {posts.get(name, ("", 0))[0] for name in trip.things}
    words = words_of(
        Frame(scope.office, scope.actor, scope.areas),
        people,
        {f"ppk:{trip.area_code}", trip.to_post, *there},
    )
    context: dict[str, Any] = {
        "scope": scope,
        "judul": f"Perjalanan {trip.pk}",
        "trip": trip,
        "state": state_cell(found),
        "found": found,
        "driver": words.person(str(trip.driver_id)) if trip.driver_id else "",
        "escort": words.person(str(trip.escort_id)) if trip.escort_id else "",
        "from_post": words.post(f"ppk:{trip.area_code}"),
        "to_post": words.post(trip.to_post),
        "load": load_words(trip),
        "table": load_table(found, posts, words, scope.zone),
        "paper": FieldPaper.objects.filter(event=trip.event).first(),
        "may_print": scope.actor.may(Permission.DOCUMENTS_READ, trip.area_code) and not trip.cancelled_at,
        "may_cancel": scope.actor.may(PLAN, trip.area_code) and found.state == "direncanakan",
    }
    return answer(request, "returns/pulang.html", context)


@require_POST
@screen(PLAN)
def cancel(request: HttpRequest, pk: str) -> HttpResponse:
    """Call a trip off while nothing of it is on the vehicle."""
    scope = scope_of(request, PLAN)
    trip = cancel_trip(by=scope.actor, at=now(), trip=pk, key=f"batal-{pk}")
    messages.success(request, f"Perjalanan {trip.pk} dibatalkan. Kotaknya dapat direncanakan lagi.")
    return redirect("pengembalian-kecamatan", code=trip.area_code)
