"""Whatever is changed by hand, in whatever order, the clocks, the bill and the sets are right."""

from hypothesis import given
from hypothesis import strategies as st
from tests.distribution.editing.scenes import carried, codes, scene

from tepat.common.errors import Refused
from tepat.distribution.checker import check
from tepat.distribution.editing.changes import Move, OwnTrip, SwapStops, ToTrip


def possible(chosen, changes):
    try:
        chosen.edit(*changes)
    except Refused:
        return False
    return True


def one_move(plan, numbers):
    which, stop_at, share, where_to, position = numbers
    trip = plan.trips[which % len(plan.trips)]
    stop = trip.stops[stop_at % len(trip.stops)]
    units = stop.units[: 1 + share % len(stop.units)]
    target = plan.trips[where_to % len(plan.trips)]
    if share % 3 == 0:
        to = OwnTrip(vehicle=target.vehicle, date=target.date)
    else:
        to = ToTrip(trip=target.id, position=1 + position % 9)
    if share % 7 == 1 and target.id != trip.id:
        other = target.stops[position % len(target.stops)]
        return SwapStops(trip=trip.id, place=stop.place, other_trip=target.id, other_place=other.place)
    return Move(trip=trip.id, place=stop.place, units=units, to=to)


CLOCKS_AND_MONEY = (
    "CHECK-LOADING",
    "CHECK-DRIVE",
    "CHECK-UNLOAD",
    "CHECK-HOURS",
    "CHECK-DISTANCE",
    "CHECK-COST",
    "CHECK-TOTAL",
    "CHECK-LOAD-",
    "CHECK-OVERLAP",
    "CHECK-ONWARD",
    "CHECK-DELIVERY",
    "CHECK-TEAM",
    "CHECK-TWICE",
    "CHECK-MISSING",
    "CHECK-EMPTY",
    "CHECK-PROBLEM-HASH",
    "CHECK-UNKNOWN",
)


@given(
    seed=st.integers(0, 7),
    strategy=st.sampled_from(["langsung", "lewat-ppk", "campuran"]),
    numbers=st.lists(st.tuples(*[st.integers(0, 10_000)] * 5), min_size=1, max_size=4),
)
def test_whatever_is_moved_no_clock_no_rupiah_and_no_set_is_ever_wrong(seed, strategy, numbers):
    """Too much on a truck is the person's to decide, and said; a wrong second would be our mistake."""
    chosen = scene(seed, strategy)
    done = []
    for each in numbers:
        change = one_move(chosen.edit(*done).plan, each)
        if possible(chosen, [*done, change]):
            done.append(change)
    found = chosen.edit(*done)
    assert carried(found.plan) == carried(chosen.plan)
    wrong = {code for code in codes(found) if code.startswith(CLOCKS_AND_MONEY)}
    assert wrong - {"CHECK-LOAD-HEIGHT"} == set()
    assert found.verdict == check(found.problem, found.plan, chosen.matrices)
