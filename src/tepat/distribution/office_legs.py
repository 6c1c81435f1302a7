"""The published plan as planned legs of custody: loading at the warehouse or PPK, and each stop."""

from collections.abc import Iterator
from functools import lru_cache

from tepat.common.models import Office
from tepat.custody.parties import unit_label
from tepat.custody.planned import PlannedLeg
from tepat.distribution.archive import PLANS_CACHED_MAX, plan_of, problem_of
from tepat.distribution.models import PlanVersion
from tepat.distribution.plans import Trip
from tepat.distribution.problems import Place, Problem


def published_legs() -> list[PlannedLeg]:
    """Return the legs of every published plan."""
    office = Office.objects.values_list("area_code", flat=True).first() or ""
    rows = PlanVersion.objects.filter(state=PlanVersion.State.PUBLISHED).values_list(
        "problem__sha256", "sha256"
    )
    return [leg for problem, plan in rows for leg in _legs_of(problem, plan, office)]


@lru_cache(maxsize=PLANS_CACHED_MAX)
def _legs_of(problem_sha256: str, plan_sha256: str, office: str) -> tuple[PlannedLeg, ...]:
    """Return the legs of one plan; a published plan never changes, so they are read once."""
    problem, plan = problem_of(problem_sha256), plan_of(plan_sha256)
    places = {place.id: place for place in problem.places}
    return tuple(leg for trip in plan.trips for leg in _of_trip(trip, problem, places, office))


def _of_trip(trip: Trip, problem: Problem, places: dict[str, Place], office: str) -> Iterator[PlannedLeg]:
    vehicle = f"angkutan:{trip.id}"
    origin = places[trip.origin]
    every = tuple(unit for stop in trip.stops for unit in stop.units)
    yield PlannedLeg(
        id=f"{trip.id}:muat",
        word=f"muat {trip.id}, {_called(trip, problem)}, {origin.name}",
        from_post=post_at(origin),
        to_post=vehicle,
        labels=_labels(every, office),
        at=trip.depart_at,
        place=origin.code,
        loaded_at=post_at(origin),
    )
    before: tuple[str, ...] = ()
    for stop in trip.stops:
        place = places[stop.place]
        yield PlannedLeg(
            id=f"{trip.id}:{place.id}",
            word=f"{trip.id} ke {place.name}",
            from_post=vehicle,
            to_post=post_at(place),
            labels=_labels(stop.units, office),
            at=stop.done_at,
            place=place.code,
            before=before,
            loaded_at=post_at(origin),
        )
        before = (*before, post_at(place))


def _called(trip: Trip, problem: Problem) -> str:
    types = {kind.id: kind.name for kind in problem.vehicle_types}
    kind = next((each.type for each in problem.vehicles if each.id == trip.vehicle), "")
    return f"{types.get(kind, '')} {trip.vehicle}".strip()


def _labels(units: tuple[str, ...], office: str) -> tuple[str, ...]:
    return tuple(label for unit in units if (label := unit_label(unit, office)))


def post_at(place: Place) -> str:
    """Return the post at a planned place; warehouses have their own code."""
    return f"{place.kind}:{place.id if place.kind == 'gudang' else place.code}"
