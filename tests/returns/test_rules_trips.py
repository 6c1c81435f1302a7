"""The load of each trip home: results first, full vehicles, nothing twice, nothing left unnamed."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tepat.returns.rules_trips import LAST_DEPARTURE_AT, Cargo, Truck, plan_runs, trip_state

EIGHT = datetime(2024, 2, 20, 8, 0, tzinfo=UTC)
CDD = Truck("K 1", boxes_max=120, volume_ml=12_000_000, weight_g=4_000_000, drive_s=3_600, load_s_per_box=10)
PICKUP = Truck("K 2", boxes_max=20, volume_ml=2_000_000, weight_g=800_000, drive_s=3_600)


def box(number, *, critical=False, is_box=True, volume_ml=96_000, weight_g=8_000):
    return Cargo(f"kotak:{number:04d}", f"set-{number // 5:03d}", critical, is_box, volume_ml, weight_g)


def runs_of(cargo, trucks, **more):
    return plan_runs(cargo, trucks, **{"first_at": EIGHT, "things_max": 500} | more)


def test_blora_cepu_goes_home_in_nine_loads_of_120():
    cargo = [box(number, critical=number % 5 == 0) for number in range(1_075)]
    runs, left = runs_of(cargo, [CDD])
    assert left == []
    assert [len(run.cargo) for run in runs] == [120] * 8 + [115]
    first = [one.critical for run in runs for one in run.cargo]
    assert first == sorted(first, reverse=True), "what carries results goes first"


def test_the_smallest_vehicle_that_takes_all_is_enough():
    (run,), _ = runs_of([box(number) for number in range(15)], [CDD, PICKUP])
    assert run.truck is PICKUP
    assert (run.depart_at, run.arrive_at) == (EIGHT, EIGHT + timedelta(hours=1))


def test_volume_and_weight_bind_as_well_as_places():
    booths = [box(n, is_box=False, volume_ml=1_000_000) for n in range(3)]
    assert [len(run.cargo) for run in runs_of(booths, [PICKUP])[0]] == [2, 1]
    heavy = [box(n, weight_g=500_000) for n in range(3)]
    assert [len(run.cargo) for run in runs_of(heavy, [PICKUP])[0]] == [1, 1, 1]


def test_a_vehicle_comes_back_unloads_and_leaves_again_and_goes_on_the_next_day():
    slow = Truck("K 3", 1, 10**9, 10**9, drive_s=2 * 3600, load_s_per_box=600, unload_s_per_box=600)
    runs, _ = runs_of([box(number) for number in range(3)], [slow])
    assert [run.depart_at for run in runs] == [
        EIGHT,
        EIGHT + timedelta(hours=4, minutes=20),
        EIGHT + timedelta(days=1),
    ]


def test_a_vehicle_is_had_on_its_days_only_and_what_finds_no_room_is_named():
    one_day = Truck("K 4", 2, 10**9, 10**9, drive_s=8 * 3600, days=frozenset({date(2024, 2, 21)}))
    runs, left = runs_of([box(number) for number in range(3)], [one_day])
    assert [run.depart_at for run in runs] == [EIGHT + timedelta(days=1)]
    assert [one.object_id for one in left] == ["kotak:0002"]
    assert runs_of([box(1, volume_ml=10**10)], [CDD, PICKUP])[0] == []


THINGS = st.tuples(st.booleans(), st.booleans(), st.integers(1, 3_000_000), st.integers(1, 900_000))
VEHICLES = st.tuples(st.integers(1, 30), st.integers(1, 24))


@given(st.lists(THINGS, max_size=60), st.lists(VEHICLES, min_size=1, max_size=4), st.integers(1, 10))
def test_every_thing_rides_once_or_is_left_and_no_vehicle_is_overloaded(things, vehicles, things_max):
    cargo = [
        box(n, critical=critical, is_box=is_box, volume_ml=volume_ml, weight_g=weight_g)
        for n, (critical, is_box, volume_ml, weight_g) in enumerate(things)
    ]
    trucks = [
        Truck(f"K {n}", boxes, boxes * 96_000, 800_000, quarters * 900)
        for n, (boxes, quarters) in enumerate(vehicles)
    ]
    runs, left = runs_of(cargo, trucks, things_max=things_max)
    ridden = [one.object_id for run in runs for one in run.cargo] + [one.object_id for one in left]
    assert sorted(ridden) == [one.object_id for one in cargo]
    for run in runs:
        truck = run.truck
        assert 0 < len(run.cargo) <= things_max
        assert sum(one.is_box for one in run.cargo) <= truck.boxes_max
        assert sum(one.volume_ml for one in run.cargo) <= truck.volume_ml
        assert sum(one.weight_g for one in run.cargo) <= truck.weight_g
        assert run.depart_at.time() <= LAST_DEPARTURE_AT
    for truck in trucks:
        own = [run for run in runs if run.truck is truck]
        there_and_back = timedelta(seconds=2 * truck.drive_s)
        assert all(b.depart_at >= a.depart_at + there_and_back for a, b in pairwise(own))


def test_the_states_of_a_trip():
    def said(**more):
        nothing = {
            "things": 3,
            "aboard": 0,
            "received": 0,
            "departed": False,
            "arrived": False,
            "cancelled": False,
        }
        return trip_state(**nothing | more)

    assert said() == "direncanakan"
    assert said(aboard=1) == said(departed=True) == "berangkat"
    assert said(aboard=3, arrived=True) == said(aboard=2, received=1) == "tiba"
    assert said(received=3, departed=True) == "diterima"
    assert said(cancelled=True) == "batal"
