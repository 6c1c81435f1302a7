"""Whatever the office's terms, what is planned keeps every rule: the rest is named as left behind.

The engine here is the first answer alone, so that many problems can be tried.
"""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.distribution.engines import FirstAnswer
from tests.distribution.small import Size, clock, days_before, small_problem

from tepat.distribution.checker import check
from tepat.distribution.problems import Interval, LastMile, Rules
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve


@st.composite
def problems(draw):
    problem, matrices = small_problem(
        draw(st.integers(0, 10_000)),
        Size(
            ppk=2,
            pps_per_ppk=draw(st.integers(1, 4)),
            tps_max=draw(st.sampled_from([3, 12, 40])),
            trucks=draw(st.integers(0, 3)),
            pickups=draw(st.integers(1, 2)),
        ),
    )
    hours = dict(problem.hours)
    opens, closes = draw(st.integers(6, 11)), draw(st.integers(13, 20))
    every = days_before(6, 5, 4, 3, 2, 1)
    hours["pendek"] = tuple(
        Interval(opens_at=clock(day, opens), closes_at=clock(day, closes)) for day in every
    )
    hours["siang-tutup"] = tuple(
        Interval(opens_at=clock(day, start), closes_at=clock(day, end))
        for day in every
        for start, end in ((7, 10), (14, 18))
    )
    places = tuple(
        replace(
            place,
            hours=draw(st.sampled_from(["terima", "terima", "pendek", "siang-tutup"])),
            access=draw(st.sampled_from([("truk", "pikap"), ("truk", "pikap"), ("pikap",), ("truk",)])),
            docks=draw(st.sampled_from([None, 1, 2])),
            boxes_max=draw(st.sampled_from([None, None, None, 60])) if place.kind != "gudang" else None,
        )
        for place in problem.places
    )
    shared = draw(st.booleans())
    vehicles = tuple(
        replace(vehicle, driver="orang-TRUK-1-sopir") if shared and vehicle.id == "PIKAP-1" else vehicle
        for vehicle in problem.vehicles
    )
    if not any(person.id == "orang-TRUK-1-sopir" for person in problem.people):
        vehicles = problem.vehicles
    units = tuple(
        replace(
            unit,
            ready_at=draw(st.sampled_from([None, None, None, clock(days_before(4)[0], 9)])),
            due_at=draw(st.sampled_from([None, None, None, clock(days_before(2)[0], 11)])),
        )
        for unit in problem.units
    )
    wet = {(kind, "hujan"): (table * [[[2]], [[1]]]).astype("<i4") for (kind, _), table in matrices.items()}
    problem = replace(
        problem,
        hours=hours,
        places=places,
        vehicles=vehicles,
        units=units,
        matrices=problem.matrices + tuple(replace(each, weather="hujan") for each in problem.matrices),
        days=tuple(replace(day, weather=draw(st.sampled_from(["kering", "hujan"]))) for day in problem.days),
        rules=Rules(docks_apply=draw(st.booleans()), rest_s_min=draw(st.sampled_from([0, 8, 15])) * 3600),
        last_mile=LastMile(
            hours="kpps", teams=draw(st.integers(1, 3)), handover_s=draw(st.sampled_from([900, 1800, 5400]))
        ),
    )
    return problem, matrices | wet, draw(st.sampled_from([each.name for each in problem.strategies]))


@given(problems())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_plan_breaks_a_rule_whatever_the_terms(made):
    problem, matrices, strategy = made
    plan = solve(problem, strategy, matrices, engine=FirstAnswer(), budget=Budget(iterations=1))
    verdict = check(problem, plan, matrices)
    breaches = [finding for finding in verdict.findings if finding.severity == "breach"]
    assert not breaches, breaches[:3]
    served = {unit for trip in plan.trips for stop in trip.stops for unit in stop.units}
    left = {each.unit for each in plan.unserved}
    assert served | left == {unit.id for unit in problem.units}
    assert not served & left
    assert all(trip.return_at - trip.load_at < timedelta(days=1) for trip in plan.trips)
