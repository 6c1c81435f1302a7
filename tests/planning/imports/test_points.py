"""Points of a list: what cannot be right is named at its cell, and never stored unasked."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tepat.planning.imports.numbers import read_degrees
from tepat.planning.imports.privacy import has_nik

CABEAN = "33.16.05.2003"
HEADER = ["Kode Desa", "TPS", "Jumlah", "Dapil", "Lintang", "Bujur"]


@pytest.fixture
def home(blora) -> tuple[float, float]:
    """A point proved inside Cabean."""
    return next((place.lat, place.lon) for place in blora.desa if place.code == CABEAN)


@pytest.fixture
def far(blora) -> tuple[float, float]:
    """A point inside another desa of Blora, far from Cabean."""
    return next((place.lat, place.lon) for place in blora.desa if place.code == "33.16.01.2009")


def listed(*points: tuple[Any, Any]) -> list[list[Any]]:
    return [HEADER, *([CABEAN, at, 236, "x", *point] for at, point in enumerate(points, 1))]


def told(result) -> list[tuple[str, str, str]]:
    return [(one.kind, one.cell, one.severity) for one in result.findings]


def points(result) -> list[tuple[float | None, float | None]]:
    return [(record.values.get("lat"), record.values.get("lon")) for record in result.records]


def test_points_with_dot_comma_and_degree_sign_are_read(read, home) -> None:
    lat, lon = home
    comma = (str(lat).replace(".", ","), str(lon).replace(".", ","))
    words = (f"{-lat:.6f}".replace(".", ",") + "° LS", f"{lon:.6f}° BT")
    result = read(listed(home, comma, words, (None, None), ("-", "belum ada")))
    assert result.findings == ()
    assert result.acceptable
    known = (round(lat, 6), round(lon, 6))
    assert points(result) == [known, known, known, (None, None), (None, None)]


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [
        ("-7,0167", "-7.0167"),
        ("-7.016", "-7.016"),
        (-7.016, "-7.016"),
        ("7°01'00\" LS", "-7.016667"),
        ("111° 24′ 3,6″ BT", "111.401"),
        ("1°30' LU", "1.5"),
        ("0°30' LS", "-0.5"),
        ("7,0167 S", "-7.0167"),
    ],
)
def test_degrees_as_people_write_them(cell: Any, degrees: str) -> None:
    assert str(read_degrees(cell).value) == degrees


@given(st.integers(-11_000_000, 6_000_000))
def test_degrees_written_with_a_comma_come_back(lat_e6: int) -> None:
    text = f"{lat_e6 / 1_000_000:.6f}".replace(".", ",")
    value = read_degrees(text).value
    assert value is not None
    assert round(value * 1_000_000) == lat_e6


def test_a_point_outside_its_desa_is_asked_about_and_stored_only_when_confirmed(read, home, far) -> None:
    rows = listed(home, far)
    asked = read(rows)
    assert told(asked) == [("outside_desa", "E3", "asks")]
    (one,) = asked.findings
    assert "Cabean (Kec. Cepu, 33.16.05.2003)" in one.message
    assert " km di luar" in one.message
    assert one.proposal == "tanpa titik"
    assert not asked.acceptable
    left_out = read(rows, answers={one.place: "tanpa titik"})
    assert told(left_out) == [("outside_desa", "E3", "note")]
    assert left_out.acceptable
    assert points(left_out)[1] == (None, None)
    kept = read(rows, answers={one.place: "pakai"})
    assert kept.acceptable
    assert points(kept)[1] == pytest.approx(far, abs=1e-6)
    assert points(read(rows, take_proposals=True))[1] == (None, None)


def test_a_point_in_its_desa_by_answer_settles_the_question(read, home, far) -> None:
    rows = listed(home, (home[0], far[1]))
    (one,) = read(rows).findings
    result = read(rows, answers={"Daftar!F3": str(home[1])})
    assert one.kind == "outside_desa"
    assert result.findings == ()
    assert points(result)[1] == points(result)[0]


def test_swapped_columns_are_one_question_for_the_sheet(read, home) -> None:
    lat, lon = home
    rows = listed((lon, lat), (lon, lat), (lon, lat))
    asked = read(rows)
    assert told(asked) == [("point_mistake", "F2", "asks")]
    (one,) = asked.findings
    assert one.also == ("F3", "F4")
    assert "tertukar" in one.message
    mended = read(rows, answers={one.place: "pakai"})
    assert mended.acceptable
    assert points(mended) == [(round(lat, 6), round(lon, 6))] * 3
    without = read(rows, answers={one.place: "tanpa titik"})
    assert without.acceptable
    assert points(without) == [(None, None)] * 3


def test_a_lost_minus_is_put_back_when_confirmed(read, home) -> None:
    lat, lon = home
    rows = listed((-lat, lon), (lon, -lat))
    asked = read(rows)
    assert told(asked) == [("point_mistake", "F2", "asks"), ("point_mistake", "F3", "asks")]
    result = read(rows, take_proposals=True)
    assert result.acceptable
    assert points(result) == [(round(lat, 6), round(lon, 6))] * 2


def test_zero_zero_is_no_point(read, home) -> None:
    result = read(listed((0, 0), home, ("0", "0,0"), (0, None)))
    assert told(result) == [("zero_point", "E2", "note")]
    assert result.findings[0].also == ("E4", "E5")
    assert result.acceptable
    assert points(result)[0] == points(result)[2] == points(result)[3] == (None, None)


@pytest.mark.parametrize(
    ("point", "area"),
    [
        ((48.85, 2.35), "di luar Indonesia"),
        ((-6966700, 111411000), "di luar Indonesia"),
        ((-6.2, 106.8), "di luar kabupaten/kota ini"),
    ],
)
def test_a_point_far_away_blocks_until_it_is_mended_or_left_out(read, home, point, area: str) -> None:
    rows = listed(home, point)
    result = read(rows)
    assert told(result) == [("outside_area", "E3", "blocks")]
    assert area in result.findings[0].message
    assert told(read(rows, answers={"Daftar!E3": "pakai"})) == [("outside_area", "E3", "blocks")]
    left_out = read(rows, answers={"Daftar!E3": "tanpa titik"})
    assert left_out.acceptable
    assert points(left_out)[1] == (None, None)


def test_half_a_point_is_asked_about(read, home) -> None:
    rows = listed(home, (home[0], None), (None, home[1]))
    asked = read(rows)
    assert told(asked) == [("missing_value", "F3", "asks"), ("missing_value", "E4", "asks")]
    result = read(rows, take_proposals=True)
    assert result.acceptable
    assert points(result)[1:] == [(None, None)] * 2
    filled = read(rows, answers={"Daftar!F3": str(home[1]), "Daftar!E4": str(home[0])})
    assert filled.findings == ()


def test_a_list_with_one_of_the_two_columns_is_asked_about_once(read, home) -> None:
    rows = [row[:5] for row in listed(home, home)]
    asked = read(rows)
    assert told(asked) == [("missing_value", "E2", "asks")]
    result = read(rows, take_proposals=True)
    assert result.acceptable
    assert points(result) == [(None, None)] * 2


def test_what_is_no_number_is_named_and_can_be_left_out(read, home) -> None:
    rows = listed(home, ("depan balai desa", home[1]), *[home] * 3)
    assert told(read(rows)) == [("unreadable_number", "E3", "blocks")]
    result = read(rows, answers={"Daftar!E3": "tanpa titik"})
    assert result.acceptable
    assert points(result)[1] == (None, None)


def test_without_a_polygon_only_the_surroundings_are_held(read, blora) -> None:
    """The Special Region of Yogyakarta has no polygons here: its desa cannot be told apart."""
    from tests.planning.imports.conftest import as_csv

    from tepat.common.areas import boundaries, load_area
    from tepat.planning.imports.desa_register import DesaRegister
    from tepat.planning.imports.engine import read_import
    from tepat.planning.imports.entries import ImportOptions
    from tepat.planning.imports.kinds import KINDS

    sleman = load_area("34.04")
    assert boundaries(sleman.code) is None
    known = [place for place in sleman.desa if place.lat is not None]
    rows = [HEADER, [known[0].code, 1, 236, "x", known[-1].lat, known[-1].lon]]
    result = read_import(as_csv(rows), KINDS["tps"], DesaRegister.of_area(sleman), ImportOptions())
    assert result.findings == ()


@pytest.mark.parametrize("kind", ["warehouses"])
def test_a_warehouse_outside_its_desa_is_asked_about(read, forms, home, far, kind: str) -> None:
    header = ["Nama Gudang", "Luas", "Kecamatan", "Desa", "Lat", "Long"]
    rows = [header, ["A", 1200, "Cepu", "Cabean", *home], ["B", 900, "Cepu", "Cabean", *far]]
    asked = read(rows, kind)
    assert told(asked) == [("outside_desa", "E3", "asks")]
    result = read(rows, kind, take_proposals=True)
    assert result.acceptable
    assert points(result)[1] == (None, None)
    assert points(read(rows, kind, answers={"Daftar!E3": "pakai"}))[1] == pytest.approx(far, abs=1e-6)


def test_all_the_digits_of_a_phone_are_no_nik(read, forms, home) -> None:
    """In a CSV a coordinate is text, and as long as a NIK; the column must not be thrown away."""
    assert not has_nik("-7.016712345678901")
    assert not has_nik("111,4112345678901")
    assert has_nik("3316054107900012")
    assert has_nik("3316.054107900012")
    long = (f"{home[0]:.6f}123456789", f"{home[1]:.6f}1234567")
    result = read(forms["csv"](listed(home, long), ";"))
    assert result.findings == ()
    assert points(result)[1] == (round(float(long[0]), 6), round(float(long[1]), 6))


ACCESS = ["Kode Desa", "TPS", "Jumlah", "Dapil", "Tanpa Tangga", "Akses Kursi Roda", "Meja Rendah", "ABTN"]


def test_accessibility_is_read_and_a_dash_is_unknown(read) -> None:
    rows = [ACCESS, [CABEAN, 1, 236, "x", "ya", "tidak", "ada", "tidak tersedia"]]
    rows.append([CABEAN, 2, 236, "x", "-", "?", "belum dilihat", None])
    result = read(rows)
    assert result.findings == ()
    names = ("step_free", "wheelchair_entrance", "low_table", "abtn")
    assert [result.records[0].values[name] for name in names] == [True, False, True, False]
    assert not set(names) & result.records[1].values.keys()


def test_an_unknown_word_of_accessibility_is_named(read) -> None:
    rows = [ACCESS, [CABEAN, 1, 236, "x", "ya", "lumayan", "2", "ya"]]
    result = read(rows)
    assert told(result) == [("unreadable_value", "F2", "blocks"), ("unreadable_value", "G2", "blocks")]
    assert "lumayan" in result.findings[0].message


def test_disabilities_in_one_word(read) -> None:
    header = ["Kode Desa", "TPS", "Jumlah", "Dapil", "Tunadaksa", "Tunagrahita", "Tunarungu", "Tunanetra"]
    result = read([[*header, "ABTN"], [CABEAN, 1, 236, "x", 1, 2, 3, 4, "ya"]])
    assert result.findings == ()
    values = result.records[0].values
    assert [values[f"disability_{name}"] for name in ("fisik", "intelektual", "rungu", "netra")] == [
        1,
        2,
        3,
        4,
    ]
    assert values["abtn"] is True
