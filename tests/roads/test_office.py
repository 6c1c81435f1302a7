from datetime import date

import numpy as np
import pytest

from tepat.common.errors import Refused
from tepat.roads.layers import Layered
from tepat.roads.matrix import ErrorBand
from tepat.roads.office import read_office_matrix
from tepat.roads.places import Place
from tepat.roads.travel import ModelRoads, travel

PLACES = (Place("G", -6.97, 111.42), Place("P", -7.14, 111.6), Place("D", -7.26, 111.25))
IDS = [place.id for place in PLACES]
DAY = date(2024, 2, 10)


def _read(folder, text):
    file = folder / "kantor.csv"
    file.write_text(text)
    return read_office_matrix(file, IDS)


def _travel(rows, vehicle_class="truk", weather="kering"):
    return travel(PLACES, vehicle_class, weather, provider=Layered(ModelRoads(), DAY, office=rows))


def test_the_offices_figure_replaces_one_direction_only_and_is_counted(tmp_path):
    model = travel(PLACES, "truk", "kering", provider=ModelRoads())
    matrix = _travel(_read(tmp_path, "dari,ke,menit,km\nG,P,62.5,34.2\n"))
    assert matrix.between("G", "P") == (3_750, 34_200)
    assert matrix.between("P", "G") == model.between("P", "G")
    assert matrix.provenance == {"model": 5, "kantor": 1}
    assert matrix.source == "model"
    assert matrix.error_band == model.error_band


def test_told_that_it_is_the_same_both_ways_it_counts_twice(tmp_path):
    matrix = _travel(_read(tmp_path, "dari;ke;menit;km;dua_arah\nG;P;62,5;34,2;ya\n"))
    assert matrix.between("G", "P") == matrix.between("P", "G") == (3_750, 34_200)
    assert matrix.provenance == {"model": 4, "kantor": 2}


def test_the_figure_for_a_class_or_a_weather_beats_the_general_one(tmp_path):
    rows = _read(
        tmp_path,
        "dari,ke,menit,km,kelas,cuaca\nG,P,50,30,motor,\nG,P,60,34,,\nG,P,200,34,truck,hujan\n",
    )
    assert _travel(rows, "motor").between("G", "P") == (3_000, 30_000)
    assert _travel(rows, "truk").between("G", "P") == (3_600, 34_000)
    assert _travel(rows, "truk", "hujan").between("G", "P") == (12_000, 34_000)


def test_a_dry_figure_is_slowed_by_the_rain(tmp_path):
    rows = _read(tmp_path, "dari,ke,menit,km\nG,P,60,34\n")
    assert _travel(rows, "truk", "hujan").between("G", "P") == (4_800, 34_000)


def test_the_office_may_say_that_there_is_no_road(tmp_path):
    matrix = _travel(_read(tmp_path, "dari,ke,menit,km\nG,D,tutup,\n"))
    assert matrix.between("G", "D") is None
    assert matrix.between("D", "G") is not None
    assert matrix.provenance == {"model": 5, "tutup": 1}


def test_a_matrix_filled_in_whole_is_the_offices_and_no_estimate(tmp_path):
    lines = [f"{a},{b},60,40" for a in IDS for b in IDS if a != b]
    matrix = _travel(_read(tmp_path, "dari,ke,menit,km\n" + "\n".join(lines)))
    assert matrix.source == "kantor"
    assert matrix.error_band == ErrorBand(0, 0)
    assert matrix.sentence == "angka kantor"
    assert np.count_nonzero(matrix.duration_s) == 6


def test_a_road_shorter_than_the_straight_line_is_kept_and_pointed_out(tmp_path):
    matrix = _travel(_read(tmp_path, "dari,ke,menit,km\nG,P,30,9\n"))
    assert matrix.between("G", "P") == (1_800, 9_000)
    (finding,) = matrix.findings
    assert finding.code == "ROADS-SHORTER-THAN-STRAIGHT"
    assert "baris 2" in finding.text


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("dari,ke,menit\nG,P,1\n", "ROADS-NO-COLUMN", '"km"'),
        ("dari,ke,menit,km\nG,X,60,30\n", "ROADS-UNKNOWN-PLACE", '"X" di baris 2'),
        ("dari,ke,menit,km\nG,G,60,30\n", "ROADS-PAIR-OF-ONE", "Baris 2"),
        ("dari,ke,menit,km\nG,P,60,30\nG,P,61,30\n", "ROADS-PAIR-TWICE", "baris 3"),
        ("dari,ke,menit,km,dua_arah\nG,P,60,30,ya\nP,G,61,30,\n", "ROADS-PAIR-TWICE", "baris 2"),
        ("dari,ke,menit,km\nG,P,satu jam,30\n", "ROADS-NO-NUMBER", "satu jam"),
        ("dari,ke,menit,km\nG,P,-5,30\n", "ROADS-NO-NUMBER", "-5"),
        ("dari,ke,menit,km\nG,P,60,1.205\n", "ROADS-AMBIGUOUS-NUMBER", "ribuan atau desimal"),
        ("dari,ke,menit,km\nG,P,5,30\n", "ROADS-TOO-FAST", "120 km/jam"),
        ("dari,ke,menit,km\nG,P,0,30\n", "ROADS-TOO-FAST", "0 menit"),
        ("dari,ke,menit,km\nG,P,99999,30\n", "ROADS-NUMBER-TOO-LARGE", "10080"),
        ("dari,ke,menit,km,kelas\nG,P,60,30,perahu\n", "ROADS-UNKNOWN-WORD", "perahu"),
        ("dari,ke,menit,km,cuaca\nG,P,60,30,salju\n", "ROADS-UNKNOWN-WORD", "kering, hujan"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, text, code, said):
    with pytest.raises(Refused) as refused:
        _read(tmp_path, text)
    assert refused.value.code == code
    assert said in str(refused.value)
