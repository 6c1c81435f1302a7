"""Parts of a plan: its map, one trip with its stops, and why a place, set or vehicle is served as it is."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.safestring import mark_safe

from tepat.common.acting import load_or_refuse
from tepat.common.errors import NotAllowed
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import long_date, moment
from tepat.distribution import load_tables, plan_tables
from tepat.distribution.archive import bands_of_plan, case_of, plan_of, problem_of
from tepat.distribution.error_bands import Bands
from tepat.distribution.load_picture import load_picture
from tepat.distribution.load_plan import load_plan
from tepat.distribution.models import PlanVersion
from tepat.distribution.paper_rows import current_papers
from tepat.distribution.plans import Plan, Trip
from tepat.distribution.problems import Problem
from tepat.distribution.reasons.explaining import explain
from tepat.planning import maps
from tepat.planning.scope import scope_of

READ = Permission.PLAN_READ
# Told apart also by people who see red and green alike; the legend names each day.
DAY_COLORS = ("#0f5c8c", "#b4690e", "#6b4fa0", "#2a7873", "#a8324a", "#5b6770", "#7a6a00")
PATH_COLORS = {"gudang": "#0f5c8c", "PPK": "#b4690e", "": "#8a949b"}
WAREHOUSE_COLOR = "#0b3235"


@screen(READ)
def plan_map(request: HttpRequest, pk: int) -> JsonResponse:
    """What the map of a plan shows: places by where their goods come from, trips as straight lines by day."""
    scope = scope_of(request, READ)
    row = load_or_refuse(PlanVersion, pk, by=scope.actor, permission=READ)
    problem, plan = problem_of(row.problem.sha256), plan_of(row.sha256)
    contents = maps.MapContents()
    for shape in maps.shapes(problem.office.code, "kecamatan"):
        contents.shapes.append((shape, maps.Fill("#f7f8f5", f"Kecamatan {shape.name}")))
    contents.dots = _dots(plan, problem, bands_of_plan(row.problem.sha256, row.sha256))
    days = sorted({trip.date for trip in plan.trips})
    contents.groups = [(day.isoformat(), long_date(day)) for day in days]
    contents.lines = _lines(plan, problem, days)
    return JsonResponse(contents.as_json())


def _dots(plan: Plan, problem: Problem, bands: Bands) -> list[maps.Dot]:
    kinds = {place.id: place.kind for place in problem.places}
    zone = ZoneInfo(problem.office.time_zone)
    source: dict[str, str] = {}
    done: dict[str, str] = {}
    for trip in sorted(plan.trips, key=lambda trip: trip.return_at):
        for stop in trip.stops:
            source[stop.place] = "PPK" if kinds[trip.origin] == "ppk" else "gudang"
            done[stop.place] = f"{moment(stop.done_at, zone)}{bands.place[stop.place].aside}"
    used = {trip.origin for trip in plan.trips}
    dots = []
    for place in problem.places:
        if place.kind == "gudang":
            if place.id in used:
                dots.append(
                    maps.Dot(
                        place.lat, place.lon, place.name, "gudang", WAREHOUSE_COLOR, place.name, place.name
                    )
                )
            continue
        come = source.get(place.id, "")
        text = (
            f"{place.name}: dari {come}, lengkap {done[place.id]}"
            if come
            else f"{place.name}: tidak dikunjungi"
        )
        dots.append(maps.Dot(place.lat, place.lon, place.name, place.kind, PATH_COLORS[come], text))
    return dots


def _lines(plan: Plan, problem: Problem, days: list[date]) -> list[maps.Line]:
    points = {place.id: (place.lat, place.lon) for place in problem.places}
    colors = {day: DAY_COLORS[number % len(DAY_COLORS)] for number, day in enumerate(days)}
    return [
        maps.Line(
            points=(points[trip.origin], *(points[stop.place] for stop in trip.stops), points[trip.origin]),
            group=trip.date.isoformat(),
            color=colors[trip.date],
            text=f"{trip.id}, {trip.vehicle}, {long_date(trip.date)}: {len(trip.stops)} perhentian",
        )
        for trip in plan.trips
    ]


def legend(days: list[date]) -> list[tuple[str, str]]:
    """Return the colours of the map in words."""
    named = [
        (DAY_COLORS[number % len(DAY_COLORS)], f"garis: {long_date(day)}") for number, day in enumerate(days)
    ]
    return [
        (PATH_COLORS["gudang"], "titik: diantar dari gudang"),
        (PATH_COLORS["PPK"], "titik: diantar dari PPK"),
        *named,
    ]


@screen(READ)
def trip_one(request: HttpRequest, pk: int, trip: str) -> HttpResponse:
    """One trip: who drives, where it halts, what binds it."""
    scope = scope_of(request, READ)
    row = load_or_refuse(PlanVersion, pk, by=scope.actor, permission=READ)
    problem, plan = problem_of(row.problem.sha256), plan_of(row.sha256)
    found = next((one for one in plan.trips if one.id == trip), None)
    if found is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    zone, bands = ZoneInfo(problem.office.time_zone), bands_of_plan(row.problem.sha256, row.sha256)

    def link(subject: str) -> str:
        return reverse("distribusi-rencana-mengapa", args=[row.pk, subject])

    context = {
        "scope": scope,
        "judul": f"Perjalanan {trip}, {row}",
        "row": row,
        "trip": found,
        "may_edit": scope.actor.may(Permission.PLAN_EDIT, row.area_code),
        "day": long_date(found.date),
        "zone": zone,
        "people": _people(found, problem),
        "origin": next(place.name for place in problem.places if place.id == found.origin),
        "boxes": plan_tables.boxes_of(found, {unit.id: unit for unit in problem.units}),
        "table": plan_tables.stops_table(found, problem, link, zone, bands),
        **_load(found, problem, zone),
        "back_band": bands.back[trip].said,
        "why": explain(case_of(row.problem.sha256, plan.strategy), plan, trip),
        "papers": scope.visible(current_papers(row), "area_code").filter(trip=trip)
        if scope.actor.has(Permission.DOCUMENTS_READ)
        else None,
    }
    return answer(request, "distribution/perjalanan.html", context)


def _load(trip: Trip, problem: Problem, zone: ZoneInfo) -> dict[str, Any]:
    load = load_plan(trip, problem)
    picture = load_picture(load, said=load_tables.said(load))
    return {
        "load": load,
        "load_picture": mark_safe(picture),  # noqa: S308 -- drawn by ourselves; ElementTree escapes its words
        "load_table": load_tables.load_table(load, trip, problem, zone),
        "load_finding": load_tables.finding(load),
    }


def _people(trip: Trip, problem: Problem) -> list[tuple[str, str]]:
    labels = {person.id: person.label for person in problem.people}
    escorts = {escort.id: escort for escort in problem.escorts}
    said = [
        ("Pengemudi", labels.get(trip.driver or "", "")),
        ("Penanggung jawab di jalan", labels.get(trip.in_charge or "", "")),
        ("Wakil", labels.get(trip.deputy or "", "")),
    ]
    escort = escorts.get(trip.escort or "")
    if escort:
        said.append(("Pengawal", f"{escort.label}, telepon {escort.phone or 'belum ada'}"))
    else:
        said.append(("Pengawal", ""))
    return said
