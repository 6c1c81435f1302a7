"""Broken plans by the hundred: none is accepted; and the clock against one that counts each second."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tepat.distribution.checker.hours import Hours

TRIPS = st.integers(0, 1)
STOPS = st.integers(0, 1)
SHIFTS = st.integers(-7_200, 7_200).filter(bool)
CLOCKS = st.sampled_from(["load_at", "depart_at", "return_at"])
STOP_CLOCKS = st.sampled_from(["arrive_at", "unload_at", "done_at"])
FIGURES = st.sampled_from(["quantity", "rupiah", "amount_rupiah"])
TOTALS = st.sampled_from(
    ["cost_rupiah", "distance_m", "vehicle_days", "trips", "handovers", "guard_nights", "slack_s"]
)
POSTS = st.permutations(["driver", "in_charge", "deputy"])


def later(text, seconds):
    moment = datetime.fromisoformat(text) + timedelta(seconds=seconds)
    return moment.isoformat().replace("+00:00", "Z")


def shift(field, seconds):
    def change(plan, trip, stop):
        plan["trips"][trip][field] = later(plan["trips"][trip][field], seconds)

    return change


def shift_stop(field, seconds):
    def change(plan, trip, stop):
        here = plan["trips"][trip]["stops"][stop]
        here[field] = later(here[field], seconds)

    return change


def shift_delivery(field, number, seconds):
    def change(plan, trip, stop):
        plan["deliveries"][number][field] = later(plan["deliveries"][number][field], seconds)

    return change


def figure(line, field, by):
    def change(plan, trip, stop):
        plan["costs"][line][field] += by

    return change


def total(field, by):
    def change(plan, trip, stop):
        plan["totals"][field] += by

    return change


def drop_unit(plan, trip, stop):
    del plan["trips"][trip]["stops"][stop]["units"][0]


def double_unit(plan, trip, stop):
    units = plan["trips"][trip]["stops"][stop]["units"]
    units.append(units[0])


def move_unit(plan, trip, stop):
    stops = plan["trips"][trip]["stops"]
    stops[1 - stop]["units"].append(stops[stop]["units"].pop(0))


def change_trip_of_unit(plan, trip, stop):
    unit = plan["trips"][trip]["stops"][stop]["units"].pop(0)
    plan["trips"][1 - trip]["stops"][stop]["units"].append(unit)


def turn_round(plan, trip, stop):
    plan["trips"][trip]["stops"].reverse()


def drop_stop(plan, trip, stop):
    del plan["trips"][trip]["stops"][stop]


def drop_trip(plan, trip, stop):
    del plan["trips"][trip]


def double_trip(plan, trip, stop):
    plan["trips"].append(plan["trips"][trip] | {"id": "R9"})


def change_vehicle(plan, trip, stop):
    plan["trips"][trip]["vehicle"] = plan["trips"][1 - trip]["vehicle"]


def change_origin(plan, trip, stop):
    plan["trips"][trip]["origin"] = plan["trips"][1 - trip]["origin"]


def change_date(plan, trip, stop):
    plan["trips"][trip]["date"] = plan["trips"][1 - trip]["date"]


def drop_delivery(plan, trip, stop):
    del plan["deliveries"][trip]


def double_delivery(plan, trip, stop):
    plan["deliveries"].append(plan["deliveries"][trip])


def drop_line(plan, trip, stop):
    del plan["costs"][stop]


def one_person_twice(posts):
    def change(plan, trip, stop):
        here = plan["trips"][trip]
        here[posts[0]] = here[posts[1]]

    return change


def unknown_person(post):
    def change(plan, trip, stop):
        plan["trips"][trip][post] = "TIDAK-ADA"

    return change


BREAKS = st.one_of(
    st.builds(shift, CLOCKS, SHIFTS),
    st.builds(shift_stop, STOP_CLOCKS, SHIFTS),
    st.builds(shift_delivery, st.sampled_from(["start_at", "done_at"]), st.integers(0, 3), SHIFTS),
    st.builds(figure, st.integers(0, 13), FIGURES, SHIFTS),
    st.builds(total, TOTALS, SHIFTS),
    st.builds(one_person_twice, POSTS),
    st.builds(unknown_person, st.sampled_from(["driver", "in_charge", "deputy", "escort"])),
    st.sampled_from(
        [
            drop_unit,
            double_unit,
            move_unit,
            change_trip_of_unit,
            turn_round,
            drop_stop,
            drop_trip,
            double_trip,
            change_vehicle,
            change_origin,
            change_date,
            drop_delivery,
            double_delivery,
            drop_line,
        ]
    ),
)


@given(breaks=BREAKS, trip=TRIPS, stop=STOPS)
def test_no_broken_plan_is_accepted(breaks, trip, stop, judge, documents):
    problem, plan = documents()
    breaks(plan, trip, stop)
    assert not judge(problem, plan).accepted


@given(breaks=st.lists(BREAKS, max_size=2), trip=TRIPS, stop=STOPS)
def test_what_is_accepted_serves_every_unit(breaks, trip, stop, judge, documents):
    problem, plan = documents()
    for change in breaks:
        try:
            change(plan, trip, stop)
        except IndexError:
            continue
    if judge(problem, plan).accepted:
        arrived = {
            (stop["place"], unit) for run in plan["trips"] for stop in run["stops"] for unit in stop["units"]
        }
        handed = {one["unit"] for one in plan["deliveries"]}
        for unit in problem["units"]:
            assert (unit["place"], unit["id"]) in arrived
            assert unit["kind"] != "tps" or unit["id"] in handed


@given(order=st.permutations([0, 1]), handed=st.permutations([0, 1, 2, 3]))
def test_the_order_of_trips_and_deliveries_does_not_matter(order, handed, judge, documents):
    problem, plan = documents()
    plan["trips"] = [plan["trips"][number] for number in order]
    plan["deliveries"] = [plan["deliveries"][number] for number in handed]
    assert judge(problem, plan).accepted


@st.composite
def spans(draw):
    edges = sorted(draw(st.lists(st.integers(0, 60), max_size=10, unique=True)))
    touching = draw(st.booleans())
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    if touching and pairs and pairs[-1][1] < 60:
        pairs.append((pairs[-1][1], 60))
    return pairs


def seconds(pairs):
    return {second for begin, end in pairs for second in range(begin, end)}


@given(mine=spans(), theirs=spans())
def test_the_clock_counts_what_one_counts_second_by_second(mine, theirs):
    hours, counted = Hours.of(mine), seconds(mine)
    for moment in range(-5, 66):
        passed = sum(second < moment for second in counted)
        assert hours.elapsed_s(-5, moment) == passed
        assert hours.elapsed_s(moment, -5) == -passed
        assert hours.holds(moment) == any(begin <= moment <= close for begin, close in mine)
    both = hours.common(Hours.of(theirs))
    assert seconds(zip(both.opens, both.closes, strict=True)) == counted & seconds(theirs)
    assert both == Hours.of(theirs).common(hours)


@pytest.mark.parametrize("pairs", [[(2, 2)], [(3, 2)], [(0, 5), (4, 6)], [(5, 6), (0, 1)]])
def test_hours_that_end_early_or_overlap_cannot_exist(pairs):
    with pytest.raises(AssertionError):
        Hours.of(pairs)
