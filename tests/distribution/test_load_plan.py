"""How boxes stand in a vehicle: each once, within its bed, none behind or under one that leaves later."""

from collections import Counter
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.distribution.screens import STRATEGIES
from tests.distribution.small import small_problem

from tepat.distribution import documents
from tepat.distribution.building.fleet import type_settings
from tepat.distribution.load_picture import load_picture
from tepat.distribution.load_plan import bed_of, grid_of, load_plan, stop_letter
from tepat.distribution.load_tables import finding, load_table, too_high_table
from tepat.distribution.plans import Stop, Trip
from tepat.distribution.problems import Bed, Unit

AT = datetime(2024, 2, 10, tzinfo=UTC)


def bed(rows, columns, layers, *, height_mm=None, layers_max=None):
    """A bed with room to spare that is not enough for one more box."""
    return Bed(
        length_mm=rows * 400 + 399,
        width_mm=columns * 400 + 399,
        height_mm=height_mm if height_mm is not None else layers * 600 + 599,
        layers_max=layers_max if layers_max is not None else layers,
    )


def loaded(boxes_by_stop, bed_given, problem=small_problem(1)[0]):  # noqa: B008 -- read only
    """A trip with these boxes at its stops, one list of sets for each, in a vehicle with this bed."""
    units, stops = [], []
    for number, sets in enumerate(boxes_by_stop):
        names = tuple(f"SET-{number}-{at}" for at in range(len(sets)))
        units += [
            Unit(id=name, kind="tps", place="PPS-1.1", boxes=boxes, volume_ml=1, weight_g=1)
            for name, boxes in zip(names, sets, strict=True)
        ]
        stops.append(Stop(place="PPS-1.1", arrive_at=AT, unload_at=AT, done_at=AT, units=names))
    vehicle = problem.vehicles[0]
    kinds = tuple(
        replace(kind, bed=bed_given) if kind.id == vehicle.type else kind for kind in problem.vehicle_types
    )
    trip = Trip(
        id="T-001",
        vehicle=vehicle.id,
        date=AT.date(),
        origin="GUDANG-1",
        load_at=AT,
        depart_at=AT,
        stops=tuple(stops),
        return_at=AT,
        distance_m=0,
        driver=None,
        in_charge=None,
        deputy=None,
        escort=None,
    )
    return trip, replace(problem, units=tuple(units), vehicle_types=kinds)


def faults(load, trip, problem):
    """Say what is wrong with how a load stands; computed anew, without the planner's own order."""
    boxes = Counter((box.unit, box.box) for box in load.boxes)
    units = {unit.id: unit for unit in problem.units}
    wanted = {
        (unit, box) for stop in trip.stops for unit in stop.units for box in range(1, units[unit].boxes + 1)
    }
    places = {(box.row, box.column, box.layer): box for box in load.boxes}
    found = [f"{box}: {count} times" for box, count in boxes.items() if count > 1]
    found += [f"{box}: not there" for box in wanted - set(boxes)]
    found += ["two boxes in one place"] if len(places) < len(load.boxes) else []
    for (row, column, layer), box in places.items():
        inside = row < load.grid.rows and column < load.grid.columns
        found += [] if inside and layer < load.grid.layers else [f"{box}: outside the bed"]
        found += [] if not layer or (row, column, layer - 1) in places else [f"{box}: in the air"]
        found += [
            f"{box}: blocked by {other}"
            for (r, c, above), other in places.items()
            if (r > row or ((r, c) == (row, column) and above > layer)) and other.stop > box.stop
        ]
    return found


LOADS = st.lists(st.lists(st.integers(0, 7), min_size=1, max_size=4), min_size=1, max_size=6)


@given(LOADS, st.integers(1, 8), st.integers(1, 5), st.integers(1, 4))
def test_what_fits_stands_whole_and_every_stop_can_be_reached(boxes, rows, columns, layers):
    trip, problem = loaded(boxes, bed(rows, columns, layers))
    load = load_plan(trip, problem)
    total = sum(map(sum, boxes))
    assert load.aboard == total
    assert load.too_many == max(0, total - rows * columns * layers)
    if not load.too_many:
        assert faults(load, trip, problem) == []
        assert load.layers == -(-total // (rows * columns))
        assert finding(load) is None


def test_four_boxes_by_hand():
    """Two places across, two layers: what leaves last is at the left, what leaves first beside it."""
    trip, problem = loaded([[1], [2]], bed(1, 2, 2))
    load = load_plan(trip, problem)
    stand = {(box.row, box.column, box.layer): stop_letter(box.stop) for box in load.boxes}
    assert stand == {(0, 0, 0): "B", (0, 0, 1): "B", (0, 1, 0): "A"}


def test_the_load_stands_no_higher_than_it_must():
    trip, problem = loaded([[5], [5]], bed(5, 2, 3))
    assert load_plan(trip, problem).layers == 1


@pytest.mark.parametrize(
    ("measures", "stand"),
    [
        pytest.param(bed(10, 4, 3, height_mm=1799), 80, id="a-millimetre-too-low"),
        pytest.param(bed(10, 4, 3, layers_max=1), 40, id="one-layer-under-the-branches"),
        pytest.param(bed(10, 4, 3, height_mm=599), 0, id="no-box-stands-upright"),
    ],
)
def test_a_load_above_the_height_limit_is_told_in_words(measures, stand):
    trip, problem = loaded([[60], [40]], measures)
    load = load_plan(trip, problem)
    assert (load.grid.boxes, load.too_many) == (stand, 100 - stand)
    message = finding(load)
    assert message.code == "LOAD-TOO-HIGH"
    assert f"{100 - stand} dari 100 kotak" in message.happened
    assert sum(load.is_over(box) for box in load.boxes) > 0
    table = load_table(load, trip, problem, None)
    assert table.totals[2] == 100


def test_a_bed_in_which_no_box_stands_has_no_picture_but_a_finding():
    trip, problem = loaded([[2]], Bed(length_mm=399, width_mm=900, height_mm=900, layers_max=1))
    load = load_plan(trip, problem)
    assert load_picture(load, said="") == ""
    assert "2 dari 2 kotak" in finding(load).happened


@pytest.mark.parametrize("kind", type_settings().values(), ids=lambda kind: kind.id)
def test_a_type_of_tepat_holds_just_the_boxes_that_stand_in_it(kind):
    assert grid_of(kind.bed).boxes == kind.boxes_max


def test_an_unmeasured_bed_is_that_of_the_like_example_and_says_so():
    truck, pickup = small_problem(1)[0].vehicle_types
    assert (truck.bed, pickup.bed) == (None, None)
    assert grid_of(bed_of(truck)).boxes == 120
    assert grid_of(bed_of(pickup)).boxes == 20
    assert all(bed_of(kind).contoh and bed_of(kind).source.startswith("contoh") for kind in (truck, pickup))
    motor = replace(pickup, vehicle_class="motor", boxes_max=2)
    assert grid_of(bed_of(motor)).boxes == 2


def test_a_problem_without_beds_keeps_its_bytes():
    """Plans name the hash of their problem: one that was kept before beds were known must not change."""
    problem = small_problem(1)[0]
    raw = documents.encode(problem)
    assert b'"bed"' not in raw
    assert documents.encode(documents.decode_problem(raw)) == raw


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_trip_of_magelang_stands_within_the_height(solved, strategy):
    problem = documents.read_problem(solved / "problem.json")
    plan = documents.read_plan(solved / f"plan-{strategy}.json")
    assert len(plan.trips) > 10
    for trip in plan.trips:
        load = load_plan(trip, problem)
        assert faults(load, trip, problem) == [], trip.id
        assert finding(load) is None
    assert too_high_table(plan, problem, str, None).rows == []


def test_the_picture_letters_every_box_and_says_where_the_limit_is():
    trip, problem = loaded([[3], [4]], bed(2, 2, 2))
    load = load_plan(trip, problem)
    picture = ET.fromstring(load_picture(load, said="tujuh kotak & pintu"))
    words = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    seen_from_above = words[words.index("Lapis 1 (di lantai), dilihat dari atas") :]
    assert (seen_from_above.count("A"), seen_from_above.count("B")) == (3, 4)
    assert "batas" in words
    assert picture.get("aria-label") == "tujuh kotak & pintu"


def test_letters_go_on_after_z():
    assert [stop_letter(number) for number in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
