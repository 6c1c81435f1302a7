import csv
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from tepat.common.errors import Refused
from tepat.roads.commands import app
from tepat.roads.matrix import load_tables

EXTRACTS = Path(__file__).parents[1] / "data" / "roads"
PLACES = """id,lat,lon,name,area
G,-6.961976,111.416684,Gudang,33.16.09.1016
M,-7.363745,111.445412,Megeri,33.16.03.2001
"""


@pytest.fixture
def places(tmp_path):
    file = tmp_path / "tempat.csv"
    file.write_text(PLACES)
    return file


def _run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


def test_a_matrix_is_written_with_a_sidecar_that_names_its_places(places, tmp_path):
    out = tmp_path / "truk.npy"
    done = _run("matrix", places, "--class", "truck", "--out", out)
    assert done.exit_code == 0
    assert "2 tempat, truk, kering: perkiraan, −30% sampai +80%" in done.stdout
    sidecar = json.loads(out.with_suffix(".json").read_text())
    assert sidecar["places"] == ["G", "M"]
    assert sidecar["vehicle_class"] == "truk"
    duration_s, distance_m = load_tables(out, places=2, sha256=sidecar["sha256"])
    assert duration_s[0, 1] > 0
    assert distance_m[0, 1] > 44_000


def test_a_csv_holds_one_line_per_drive_with_what_it_comes_from(places, tmp_path):
    kantor = tmp_path / "kantor.csv"
    kantor.write_text("dari,ke,menit,km\nG,M,tutup,\nM,G,150,66\n")
    out = tmp_path / "matriks.csv"
    done = _run("matrix", places, "--class", "motor", "--override", kantor, "--out", out, "--json")
    assert json.loads(done.stdout)["provenance"] == {"kantor": 1, "tutup": 1}
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert rows == [
        {"dari": "G", "ke": "M", "detik": "", "meter": "", "asal": "tutup"},
        {"dari": "M", "ke": "G", "detik": "9000", "meter": "66000", "asal": "kantor"},
    ]
    assert not out.with_suffix(".json").exists()


def test_notes_and_weather_reach_the_matrix(places, tmp_path):
    from tepat.roads import contoh

    notes = Path(contoh.__file__).with_name("blora_catatan_jalan.toml")
    options = ("--class", "truk", "--notes", notes, "--date", "2024-02-11", "--json")
    dry = json.loads(_run("matrix", places, "--out", tmp_path / "a.npy", *options).stdout)
    wet = json.loads(
        _run("matrix", places, "--out", tmp_path / "b.npy", "--weather", "hujan", *options).stdout
    )
    assert dry["provenance"] == {"rencana_a": 2}
    assert wet["provenance"] == {"rencana_b": 2}
    assert "122,0 km" in wet["findings"][0]["message"]


def test_an_extract_is_imported_and_asked(tmp_path):
    folder = tmp_path / "jalan"
    done = _run("import", EXTRACTS / "balikpapan_kota_drive.osm.pbf", "--out", folder)
    assert done.exit_code == 0
    assert "1.449 ruas jalan" in done.stdout
    assert "ROADS-EXTRACT-POOR" in done.stdout
    index = json.loads(
        _run("import", EXTRACTS / "balikpapan_kota_drive.osm.pbf", "--out", folder, "--json").stdout
    )
    assert set(index["graphs"]) == {"truk", "pikap", "motor"}
    places = tmp_path / "tempat.csv"
    places.write_text("id,lat,lon\na,-1.2700,116.8300\nb,-1.2600,116.8500\nlaut,-1.4,116.9\n")
    done = _run("matrix", places, "--class", "truk", "--roads", folder, "--out", tmp_path / "m.npy", "--json")
    summary = json.loads(done.stdout)
    assert summary["source"] == "osrm"
    assert summary["provenance"] == {"osrm": 2, "tutup": 4}
    assert [finding["code"] for finding in summary["findings"]] == [
        "ROADS-EXTRACT-POOR",
        "ROADS-NO-ROAD-NEAR",
    ]
    tables = np.load(tmp_path / "m.npy")
    assert (tables[:, 2, :2] == -1).all()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--class", "perahu", "--out", "m.npy"), "ROADS-UNKNOWN-CLASS"),
        (("--class", "truk", "--out", "m.xlsx"), "ROADS-OUT-SUFFIX"),
        (("--class", "truk", "--out", "m.npy", "--weather", "salju"), "ROADS-UNKNOWN-WEATHER"),
        (("--class", "truk", "--out", "m.npy", "--notes", "x.toml", "--date", "besok"), "ROADS-UNKNOWN-DATE"),
        (("--class", "truk", "--out", "m.npy", "--roads", "tiada"), "ROADS-NOT-A-FOLDER"),
        (("--class", "truk", "--out", "tempat.csv/m.npy"), "ROADS-NOT-WRITTEN"),
    ],
)
def test_wrong_options_are_refused_in_words(places, tmp_path, monkeypatch, options, code):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused) as refused:
        _run("matrix", places, *options)
    assert refused.value.code == code
    assert str(refused.value)


def test_an_unknown_area_is_refused(tmp_path):
    with pytest.raises(Refused, match="COMMON-UNKNOWN-AREA"):
        _run("import", EXTRACTS / "liechtenstein.osm.pbf", "--area", "99.99", "--out", tmp_path)
