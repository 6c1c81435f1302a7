"""Pengembalian: in the night of the count, which sets are not at their PPK, and who holds them?"""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tepat.common.clock import now
from tepat.common.errors import NotAllowed, Refused
from tepat.common.frame import names_of
from tepat.common.messages import Message, say
from tepat.common.models import Area
from tepat.common.permissions import Permission, covers
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.custody.facts import moment_of
from tepat.custody.readiness_contacts import call_book
from tepat.planning.scope import Scope, scope_of
from tepat.returns.actions import end_recap
from tepat.returns.forms import NightForm, RecapForm
from tepat.returns.reading import SetRow, hours_of, loads, not_back, recaps_of, sets_on_the_way
from tepat.returns.tables import board_table, district_table, loads_table, missing_table
from tepat.returns.trip_reading import posts_in, trips_in, trips_now
from tepat.returns.trip_tables import trips_table

READ = Permission.CUSTODY_READ
ID_SHOWN = 8


class _Night:
    """What a screen of the night shows: the moment, the sets, the names."""

    def __init__(self, request: HttpRequest, scope: Scope, areas: tuple[str, ...]) -> None:
        self.scope, self.now = scope, now()
        given = request.GET if "per" in request.GET else None
        self.form = NightForm(given, zone=scope.zone)
        self.instant = self.form.instant(self.now)
        self.at = self.instant.at or self.now
        self.hours = hours_of(scope.election, scope.office, self.at)
        self.rows = sets_on_the_way(scope.election, areas, self.instant, self.hours)
        self.query = f"?{urlencode({'per': request.GET['per']})}" if given and given["per"] else ""
        self.names = _names(self.rows)
        self.loads = loads(self.rows, recaps_of(scope.election), self.hours)

    @property
    def missing(self) -> Any:
        """The table of what is not back."""
        rows = not_back(self.rows)
        wanted = [(row.area_code, row.found.holders) for row in rows]
        book = call_book(wanted, self.at, self.scope.actor, self.scope.office.area_code)
        return missing_table(rows, book, self.names, self.scope.zone)

    def context(self) -> dict[str, Any]:
        """Return what all screens of the night show."""
        rows = self.rows
        limit = moment_of(self.hours.limit_us).astimezone(self.scope.zone)
        return {
            "scope": self.scope,
            "form": self.form,
            "at": self.at,
            "live": self.instant.live,
            "limit": limit,
            "limit_query": f"?{urlencode({'per': limit.strftime('%Y-%m-%dT%H:%M')})}",
            "limit_past": self.hours.at_us >= self.hours.limit_us,
            "before_polling": self.hours.at_us < self.hours.polling_us,
            "figures": [
                ("Set", len(rows)),
                ("Utuh di PPK", sum(row.found.whole for row in rows)),
                ("Kotak hasil di PPK", sum(row.found.critical_back for row in rows)),
                ("Kotak hasil belum", sum(row.found.critical - row.found.critical_back for row in rows)),
                ("Sengketa atau dicari", sum(row.found.spot == "masalah" for row in rows)),
            ],
        }


def _names(rows: list[SetRow]) -> dict[str, str]:
    codes = {row.area_code for row in rows} | {row.kecamatan for row in rows}
    return dict(Area.objects.filter(code__in=codes, valid_to__isnull=True).values_list("code", "name"))


@screen(READ)
def overview(request: HttpRequest) -> HttpResponse:
    """Every PPK: what is back of what left, results first; and what is not."""
    scope = scope_of(request, READ)
    night = _Night(request, scope, scope.areas)
    trips = trips_now(trips_in(scope.election, scope.areas), posts_in(night.rows))
    context = night.context() | {
        "trips": trips_table(trips, night.names, scope.zone),
        "judul": f"Pengembalian, {scope.election.name}",
        "district": district_table(night.rows, night.loads, night.names, scope.zone, night.query),
        "missing": night.missing,
        "loads": loads_table(night.loads, night.names, _naming(scope), scope.zone),
    }
    return answer(request, "returns/pengembalian.html", context)


@screen(READ)
def district(request: HttpRequest, code: str) -> HttpResponse:
    """One PPK: set by set; whoever may says here that the recapitulation has ended."""
    scope = scope_of(request, READ)
    night = _Night(request, scope, _areas_in(scope, code))
    if not night.rows:
        raise NotAllowed("COMMON-NOT-FOUND")
    name, recap = night.names.get(code, code), recaps_of(scope.election).get(code)
    may = scope.actor.may(Permission.CUSTODY_ACT, code) and recap is None
    form = RecapForm(request.POST if request.method == "POST" else None) if may else None
    refused: Message | None = None
    if request.method == "POST":
        scope.actor.require(Permission.CUSTODY_ACT, code)
        refused = _end(scope, code, form)
        if refused is None and (form is None or form.is_valid()):
            messages.success(request, f"Rekapitulasi PPK {name} dicatat selesai. Kotaknya boleh berangkat.")
            return redirect("pengembalian-kecamatan", code=code)
    trips = trips_now(trips_in(scope.election, (code,)), posts_in(night.rows))
    context = night.context() | {
        "trips": trips_table(trips, night.names, scope.zone),
        "may_plan": recap is not None and scope.actor.may(Permission.PLAN_EDIT, code),
        "code": code,
        "judul": f"Pengembalian PPK {name}, {scope.election.name}",
        "name": name,
        "recap": recap,
        "recap_form": form,
        "refused": refused,
        "missing": night.missing,
        "board": board_table(night.rows, night.names, scope.zone),
    }
    wrong = refused or (form is not None and form.is_bound and form.errors)
    return answer(request, "returns/pengembalian_kecamatan.html", context, status=409 if wrong else 200)


def _end(scope: Scope, code: str, form: RecapForm | None) -> Message | None:
    if form is not None and not form.is_valid():
        return None
    try:
        end_recap(
            by=scope.actor,
            at=now(),
            area_code=code,
            election=scope.election.code,
            minutes_number=form.cleaned_data["number"] if form else "",
            key=form.key() if form else None,
        )
    except Refused as error:
        return say(error.code, error.facts)
    return None


def _naming(scope: Scope) -> Any:
    """Return how people are shown to this reader."""
    recaps = {row.ended_by for row in recaps_of(scope.election).values()}
    shown = scope.actor.may(Permission.PEOPLE_READ, scope.office.area_code)
    names = {str(person): name for person, name in names_of(recaps, shown=shown).items()}
    return lambda person: names.get(person) or f"orang {person[:ID_SHOWN]}"


def _areas_in(scope: Scope, code: str) -> tuple[str, ...]:
    """Return the part of a kecamatan that the reader may see.

    Raises:
        NotAllowed: COMMON-NOT-FOUND.
    """
    if any(covers(area, code) for area in scope.areas):
        return (code,)
    inside = tuple(area for area in scope.areas if covers(code, area))
    if not inside:
        raise NotAllowed("COMMON-NOT-FOUND")
    return inside
