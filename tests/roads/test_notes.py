from datetime import date

import numpy as np
import pytest

from tepat.common.areas import load_area
from tepat.common.errors import Refused
from tepat.roads.contoh import notes_for
from tepat.roads.layers import Layered
from tepat.roads.notes import NO_NOTES, parse_notes, read_notes
from tepat.roads.office import OfficePair
from tepat.roads.places import Place
from tepat.roads.travel import ModelRoads, travel
from tepat.roads.ways import ways_for

HEAD = 'schema = "tepat/road-notes"\nschema_version = 1\n'
DAY = date(2024, 2, 11)
WEST, MIDDLE, EAST, NORTH = (
    Place("barat", -7.0, 111.0, "Barat", "33.16.01.2001"),
    Place("tengah", -7.0, 111.1, "Tengah", "33.16.02.2001"),
    Place("timur", -7.0, 111.2, "Timur", "33.16.02.2002"),
    Place("utara", -6.8, 111.1, "Utara", "33.16.03.2001"),
)
PLACES = (WEST, MIDDLE, EAST, NORTH)


def _notes(text):
    return parse_notes(HEAD + text, file="catatan.toml")


def _travel(text, *, vehicle_class="truk", weather="kering", on_date=DAY, places=PLACES, office=()):
    notes = _notes(text) if isinstance(text, str) else text
    return travel(
        places, vehicle_class, weather, provider=Layered(ModelRoads(), on_date, notes=notes, office=office)
    )


def _note(rest, kind="tutup"):
    return f'[[note]]\nid = "n"\nkind = "{kind}"\nsource = "Dishub, 1 Februari 2024"\n{rest}\n'


def _plain(vehicle_class="truk", weather="kering"):
    return travel(PLACES, vehicle_class, weather, provider=ModelRoads())


@pytest.mark.parametrize("which", ['places = ["timur"]', 'areas = ["33.16.02.2002"]'])
def test_a_closed_place_has_no_road_in_or_out_and_the_others_keep_theirs(which):
    matrix = _travel(_note(which))
    assert matrix.between("timur", "barat") is None
    assert matrix.between("barat", "timur") is None
    assert matrix.between("timur", "timur") == (0, 0)
    assert matrix.between("barat", "tengah") == _plain().between("barat", "tengah")
    assert matrix.provenance == {"model": 6, "tutup": 6}
    assert [finding.code for finding in matrix.findings] == ["ROADS-PLACE-CLOSED"]


def test_places_without_a_code_are_counted_where_notes_go_by_area():
    bare = Place("tanpa-kode", -7.0, 111.3)
    matrix = _travel(_note('areas = ["33.16.02"]'), places=(*PLACES, bare))
    assert matrix.between("barat", "tanpa-kode") is not None
    assert "1 tempat tidak punya kode wilayah" in matrix.findings[-1].text


def test_a_kecamatans_code_covers_its_desa_and_no_other_code_that_begins_alike():
    matrix = _travel(_note('areas = ["33.16.02"]'))
    assert matrix.between("barat", "tengah") is None
    assert matrix.between("barat", "utara") is not None
    assert _travel(_note('areas = ["33.16.0"]')).provenance == {"model": 12}


def test_no_trucks_leaves_motorcycles_through():
    text = _note('places = ["timur"]\nclasses = ["truk"]')
    assert _travel(text).between("barat", "timur") is None
    assert _travel(text, vehicle_class="motor").between("barat", "timur") == _plain("motor").between(
        "barat", "timur"
    )


@pytest.mark.parametrize(
    ("on_date", "closed"),
    [
        (date(2024, 2, 9), False),
        (date(2024, 2, 10), True),
        (date(2024, 2, 12), True),
        (date(2024, 2, 13), False),
    ],
)
def test_a_note_counts_from_its_first_to_its_last_day(on_date, closed):
    text = _note('places = ["timur"]\nvalid_from = 2024-02-10\nvalid_to = 2024-02-12')
    matrix = _travel(text, on_date=on_date)
    assert (matrix.between("barat", "timur") is None) == closed
    assert any(f.code == "ROADS-NOTES-EXPIRED" for f in matrix.findings) == (on_date > date(2024, 2, 12))


def test_a_note_for_the_rain_counts_in_the_rain_only():
    text = _note('places = ["timur"]\nonly_when = "hujan"')
    assert _travel(text).between("barat", "timur") is not None
    assert _travel(text, weather="hujan").between("barat", "timur") is None


def test_a_closed_line_leads_traffic_round_over_another_place():
    """A bridge between west and middle is gone: the drive goes over the north, at the price of that way."""
    matrix = _travel(_note("line = [[111.05, -7.1], [111.05, -6.95]]"))
    plain = _plain()
    over_north = tuple(
        a + b for a, b in zip(plain.between("barat", "utara"), plain.between("utara", "tengah"), strict=True)
    )
    assert matrix.between("barat", "tengah") == over_north
    assert matrix.between("barat", "utara") == plain.between("barat", "utara")
    assert matrix.provenance == {"model": 8, "memutar": 4}


def test_a_line_that_nothing_passes_cuts_the_area_in_two():
    matrix = _travel(_note("line = [[111.05, -7.5], [111.05, -6.5]]"))
    assert matrix.unreachable == 6
    assert matrix.between("barat", "utara") is None
    assert matrix.between("tengah", "timur") is not None


def test_nobody_is_led_round_through_a_closed_place():
    text = _note("line = [[111.05, -7.1], [111.05, -6.95]]") + _note('places = ["utara"]').replace(
        '"n"', '"m"'
    )
    assert _travel(text).between("barat", "tengah") is None


def test_a_closed_polygon_around_a_place_closes_it():
    matrix = _travel(_note("polygon = [[111.15, -7.05], [111.25, -7.05], [111.25, -6.95], [111.15, -6.95]]"))
    assert matrix.between("timur", "tengah") is None
    assert matrix.between("barat", "tengah") == _plain().between("barat", "tengah")


def test_in_a_slow_polygon_the_share_inside_is_driven_at_the_speed_left():
    """Half of the way from west to middle at half the speed takes one and a half times as long."""
    text = _note(
        "polygon = [[111.0, -7.05], [111.05, -7.05], [111.05, -6.95], [111.0, -6.95]]\nspeed_percent = 50",
        "lambat",
    )
    seconds, metres = _travel(text).between("barat", "tengah")
    assert (seconds, metres) == (
        round(_plain().between("barat", "tengah")[0] * 1.5),
        _plain().between("barat", "tengah")[1],
    )


def test_the_last_stretch_before_a_slow_place_is_driven_at_its_speed():
    straight = 2 * 6_371_009 * np.arcsin(np.cos(np.radians(7)) * np.sin(np.radians(0.05)))
    seconds, _ = _travel(_note('places = ["barat"]\nspeed_percent = 25\nreach_m = 5000', "lambat")).between(
        "barat", "tengah"
    )
    assert seconds == pytest.approx(
        _plain().between("barat", "tengah")[0] * (1 + 5_000 / straight * 3), abs=1
    )


def test_a_note_on_a_way_of_the_map_is_said_to_be_lost_on_the_model():
    matrix = _travel(_note("ways = [123]"))
    assert [finding.code for finding in matrix.findings] == ["ROADS-NOTE-NEEDS-MAP"]
    assert matrix.provenance == {"model": 12}


def test_the_offices_figure_beats_a_slow_note_and_a_closed_place_beats_the_offices_figure():
    pair = OfficePair("barat", "timur", 600, 9_000)
    slow = _note('places = ["timur"]\nspeed_percent = 10', "lambat")
    assert _travel(slow, office=(pair,)).between("barat", "timur") == (600, 9_000)
    assert _travel(_note('places = ["timur"]'), office=(pair,)).between("barat", "timur") is None


# Kradenan, the office's own hard case


@pytest.fixture(scope="module")
def blora():
    return [Place(d.code, d.lat, d.lon, d.name, d.code) for d in load_area("blora").desa]


GATE, FOREST = (
    "33.16.03.2006",
    ("33.16.03.2001", "33.16.03.2002", "33.16.03.2003", "33.16.03.2004", "33.16.03.2005"),
)


def test_the_five_villages_are_those_of_kradenan_by_code_and_name():
    names = {desa.code: desa.name for desa in load_area("blora").desa}
    (area,) = notes_for("33.16").hard_area
    assert area.areas == FOREST
    assert [names[code] for code in area.areas] == ["Megeri", "Nglebak", "Getas", "Nginggil", "Ngrawoh"]
    assert notes_for("33.74") is NO_NOTES


@pytest.mark.parametrize(
    ("vehicle_class", "weather", "plan", "metres"),
    [
        ("truk", "kering", "rencana_a", 40_000),
        ("motor", "kering", "rencana_a", 40_000),
        ("pikap", "kering", "rencana_b", 122_000),
        ("truk", "hujan", "rencana_b", 122_000),
        ("pikap", "hujan", "rencana_b", 122_000),
        ("motor", "hujan", "rencana_b", 122_000),
    ],
)
def test_through_the_forest_when_dry_and_by_the_other_province_in_the_rain(
    blora, vehicle_class, weather, plan, metres
):
    """F27: 40 km and 7 h for trucks and motorcycles, impassable after rain; the way round is 122 km."""
    matrix = _travel(notes_for("33.16"), vehicle_class=vehicle_class, weather=weather, places=blora)
    for desa in FOREST:
        there, back = matrix.between(GATE, desa), matrix.between(desa, GATE)
        assert there == back
        assert there[1] == metres
        assert there[0] == 7 * 3600 if plan == "rencana_a" else there[0] < 7 * 3600
    assert matrix.provenance[plan] == 2 * len(FOREST) * (len(blora) - len(FOREST))
    assert matrix.unreachable == 0
    used = [finding for finding in matrix.findings if finding.code == "ROADS-WAY-USED"]
    assert len(used) == 1
    assert "goasentono" in used[0].text
    assert ("(contoh)" in used[0].text) == (plan == "rencana_b")


def test_from_the_town_the_way_adds_to_the_drive_to_its_gate(blora):
    plain = travel(blora, "truk", "kering", provider=ModelRoads())
    matrix = _travel(notes_for("33.16"), places=blora)
    town = "33.16.09.1016"
    to_gate = plain.between(town, GATE)
    assert matrix.between(town, "33.16.03.2003") == pytest.approx(
        (to_gate[0] + 25_200, to_gate[1] + 40_000), abs=1
    )
    assert matrix.between(town, GATE) == to_gate


def test_both_plans_of_a_desa_can_be_shown_side_by_side():
    (area,) = notes_for("33.16").hard_area
    dry, wet = ways_for(area, "truk", "kering"), ways_for(area, "truk", "hujan")
    assert [(way.plan, way.distance_m) for way in dry] == [("rencana_a", 40_000), ("rencana_b", 122_000)]
    assert [way.plan for way in wet] == ["rencana_b"]
    assert dry[0].duration_s == 25_200


AREA = """[[hard_area]]
id = "pulau"
areas = ["33.16.02.2002"]
gate_lat = -7.0
gate_lon = 111.1
gate_name = "Tengah"
source = "kantor"
"""
WAYS = """[[hard_area.ways]]
id = "pendek"
distance_m = 20000
duration_s = 14400
passable_when = ["kering"]
[[hard_area.ways]]
id = "jauh"
distance_m = 60000
duration_s = 7200
passable_when = ["kering"]
"""


def test_the_office_may_ask_for_the_quickest_way_instead_of_the_first():
    assert _travel(AREA + WAYS).between("tengah", "timur") == (14_400, 20_000)
    assert _travel(AREA + 'choose = "tercepat"\n' + WAYS).between("tengah", "timur") == (7_200, 60_000)


def test_without_an_open_way_the_area_has_no_road_and_that_is_said():
    matrix = _travel(AREA + WAYS, weather="hujan")
    assert matrix.between("tengah", "timur") is None
    assert matrix.provenance == {"model": 6, "tutup": 6}
    assert [finding.code for finding in matrix.findings] == ["ROADS-NO-WAY"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[note", "catatan.toml"),
        (_note(""), "tidak menyebut tempat"),
        (_note('places = ["a"]\nkelas = ["truk"]'), "kelas"),
        (_note('places = ["a"]\nclasses = ["perahu"]'), "perahu"),
        (_note('places = ["a"]', "lambat"), "speed_percent"),
        (_note('places = ["a"]\nspeed_percent = 50'), "speed_percent"),
        (_note('places = ["a"]\nspeed_percent = 50\nspeed_km_h = 8', "lambat"), "speed_km_h"),
        (_note('places = ["a"]\nvalid_from = 2024-02-12\nvalid_to = 2024-02-10'), "lebih awal"),
        (_note('places = ["a"]\nvalid_from = 2024-02-12T10:00:00'), "valid_from"),
        (_note("line = [[111.0, -7.0]]"), "1 titik"),
        (_note("polygon = [[111.0, -7.0], [111.1, -7.0]]"), "2 titik"),
        (_note("line = [[111.0, -97.0], [111.0, -7.0]]"), "line"),
        (_note('places = ["a"]') * 2, "dua kali"),
        (AREA + WAYS + (AREA + WAYS).replace("pulau", "pulau2"), "sudah ada di pulau"),
        (AREA, "ways"),
    ],
)
def test_a_wrong_note_is_refused_with_its_reason(text, said):
    with pytest.raises(Refused) as refused:
        _notes(text)
    assert refused.value.code == "ROADS-NOTES-UNREADABLE"
    assert said in str(refused.value)


def test_another_version_and_an_unreadable_file_are_refused(tmp_path):
    file = tmp_path / "catatan.toml"
    with pytest.raises(Refused, match="ROADS-FILE-UNREADABLE"):
        read_notes(file)
    file.write_text(HEAD.replace("1", "2"))
    with pytest.raises(Refused) as refused:
        read_notes(file)
    assert "versi 2" in str(refused.value)
    file.write_bytes(b"\xff")
    with pytest.raises(Refused, match="UTF-8"):
        read_notes(file)
    file.write_text(HEAD)
    assert read_notes(file).note == ()
