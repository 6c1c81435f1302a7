import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tepat.common.areas import load_area
from tepat.common.errors import Refused
from tepat.roads.matrix import VEHICLE_CLASSES, ErrorBand
from tepat.roads.model import ERROR_BANDS, error_band, model_matrix, road_m, road_s, straight_m
from tepat.roads.places import PLACES_MAX, Place
from tepat.roads.travel import ModelRoads, travel

degrees = st.tuples(st.floats(-8, -6), st.floats(110, 113))
some_places = st.lists(degrees, min_size=1, max_size=12).map(
    lambda found: [Place(f"p{n}", lat, lon) for n, (lat, lon) in enumerate(found)]
)


def test_great_circle_of_one_degree_of_latitude_is_111_km():
    assert straight_m([Place("a", -7, 111), Place("b", -8, 111)])[0, 1] == pytest.approx(111_195, abs=1)


def test_published_straight_lines_from_kecamatan_blora_to_the_295_desa():
    """facts: median 18.0 km, longest 45.0 km from the centre of kecamatan Blora."""
    area = load_area("blora")
    desa = [Place(d.code, d.lat, d.lon) for d in area.desa]
    inside = [place for place in desa if place.id.startswith("33.16.09.")]
    centre = Place("pusat", float(np.mean([p.lat for p in inside])), float(np.mean([p.lon for p in inside])))
    straight = straight_m([centre, *desa])[0, 1:]
    assert float(np.median(straight)) == pytest.approx(18_000, rel=0.05)
    assert float(straight.max()) == pytest.approx(45_000, rel=0.05)


@given(some_places, st.sampled_from(VEHICLE_CLASSES), st.sampled_from(("kering", "hujan")))
def test_the_model_is_symmetric_whole_and_never_shorter_than_the_straight_line(
    places, vehicle_class, weather
):
    matrix = travel(places, vehicle_class, weather, provider=ModelRoads())
    assert matrix.duration_s.dtype == matrix.distance_m.dtype == np.int32
    assert np.array_equal(matrix.duration_s, matrix.duration_s.T)
    assert np.array_equal(matrix.distance_m, matrix.distance_m.T)
    assert (matrix.distance_m >= straight_m(places) - 1).all()
    assert sum(matrix.provenance.values()) == len(places) * (len(places) - 1)


@given(some_places, st.sampled_from(VEHICLE_CLASSES))
def test_rain_never_makes_a_drive_shorter_in_time(places, vehicle_class):
    dry = model_matrix(places, vehicle_class, "kering")
    wet = model_matrix(places, vehicle_class, "hujan")
    assert (wet.duration_s >= dry.duration_s).all()
    assert np.array_equal(wet.distance_m, dry.distance_m)


@given(st.lists(st.floats(0, 200_000), min_size=2, max_size=50), st.sampled_from(VEHICLE_CLASSES))
def test_farther_is_never_nearer_by_road_nor_quicker(straight, vehicle_class):
    sorted_road = road_m(np.array(sorted(straight)))
    assert (np.diff(sorted_road) >= 0).all()
    assert (np.diff(road_s(sorted_road, vehicle_class, "kering")) >= 0).all()


@pytest.mark.parametrize(
    ("straight", "road"),
    [(1_000, 1_750), (5_000, 7_750), (10_000, 14_200), (30_000, 39_600), (200_000, 250_000)],
)
def test_circuity_at_its_points(straight, road):
    assert road_m(np.array([float(straight)]))[0] == pytest.approx(road)


@pytest.mark.parametrize(
    ("vehicle_class", "weather", "minutes"),
    [
        ("truk", "kering", 75.33),
        ("truk", "hujan", 100.44),
        ("pikap", "kering", 62.58),
        ("motor", "kering", 61.53),
    ],
)
def test_forty_kilometres_of_road_worked_by_hand(vehicle_class, weather, minutes):
    """4 km village + 16 km kabupaten + 20 km main road: a truck 4/18 + 16/30 + 20/40 h."""
    assert road_s(np.array([40_000.0]), vehicle_class, weather)[0] / 60 == pytest.approx(minutes, abs=0.01)


def test_the_same_places_give_the_same_bytes():
    places = [Place(d.code, d.lat, d.lon) for d in load_area("blora").desa]
    first, second = (model_matrix(places, "truk", "kering").to_bytes() for _ in range(2))
    assert first == second


def test_the_error_band_goes_with_the_distance_and_is_said():
    near = error_band(straight_m([Place("a", -7, 111), Place("b", -7.005, 111)]))
    far = error_band(straight_m([Place("a", -7, 111), Place("b", -7.3, 111)]))
    assert near == ErrorBand(50, 130)
    assert far == ErrorBand(30, 80)
    assert far.sentence == "perkiraan, −30% sampai +80%"
    assert ErrorBand(20, 20).sentence == "perkiraan, ±20%"
    assert ErrorBand(0, 0).sentence == "angka kantor"


@pytest.mark.parametrize("vehicle_class", ["pikap", "motor"])
def test_four_of_five_drives_in_balikpapan_lie_in_the_band(balikpapan, vehicle_class):
    """The only routable Indonesian network at hand; 2 to 10 km apart."""
    ends = np.load(next(balikpapan.folder.glob("ruas-*")) / "ruas.npz")["ends"] / 1e7
    chosen = ends[np.random.default_rng(7).choice(len(ends), 120, replace=False)]
    places = [Place(str(n), lat, lon) for n, (lon, lat, _, _) in enumerate(chosen)]
    model = model_matrix(places, vehicle_class, "kering")
    roads = balikpapan.matrix(places, vehicle_class, "kering")
    straight = straight_m(places)
    for number, (nearest, low, high) in enumerate(ERROR_BANDS[1:3], start=1):
        farthest = ERROR_BANDS[number + 1][0]
        pairs = (straight >= nearest) & (straight < farthest) & (roads.duration_s > 0)
        ratio = roads.duration_s[pairs] / model.duration_s[pairs]
        assert np.mean((ratio >= 1 - low / 100) & (ratio <= 1 + high / 100)) >= 0.8


def test_the_model_needs_numpy_and_no_map_engine_no_geometry_and_no_django():
    """11,119.5 m × 1.4144 = 15,727 m; 4 km at 18 km/h and the rest at 30 km/h = 2,207 s."""
    code = """
import sys
for name in ("osrm", "osmium", "shapely", "django"):
    sys.modules[name] = None
from tepat.roads.places import Place
from tepat.roads.travel import ModelRoads, travel
places = [Place("a", -7, 111), Place("b", -7.1, 111)]
print(*travel(places, "truk", "kering", provider=ModelRoads()).between("a", "b"))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "2207 15727\n"


def test_no_places_too_many_and_the_same_one_twice_are_refused():
    for places, expected in (
        ([], "ROADS-NO-PLACES"),
        ([Place(str(n), -7, 111) for n in range(PLACES_MAX + 1)], "ROADS-TOO-MANY-PLACES"),
        ([Place("a", -7, 111), Place("a", -7.1, 111)], "ROADS-DUPLICATE-PLACE"),
    ):
        with pytest.raises(Refused) as refused:
            travel(places, "truk", "kering", provider=ModelRoads())
        assert refused.value.code == expected
        assert str(refused.value)
