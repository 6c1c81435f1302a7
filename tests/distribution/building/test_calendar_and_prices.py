"""Days, hours, breaks and the price list."""

from datetime import date, datetime, time

import pytest

from tepat.common.areas import upper_areas
from tepat.common.errors import Refused
from tepat.distribution.building.calendar import calendar_settings, last_mile, make_calendar, zone_of
from tepat.distribution.building.contoh import contoh_sentences
from tepat.distribution.building.fleet import Load, ppk_pickups, type_settings, warehouse_counts, work_s
from tepat.distribution.building.prices import read_price_list
from tepat.distribution.problems import MatrixFile

H = date(2024, 2, 14)


def local(calendar, hours: str, day: date) -> list[str]:
    found = []
    for span in calendar.hours[hours]:
        opens, closes = (at.astimezone(calendar.zone) for at in (span.opens_at, span.closes_at))
        if opens.date() == day:
            found.append(f"{opens:%H.%M}-{closes:%H.%M}")
    return found


def test_every_province_has_exactly_one_zone():
    provinces = {code for code, row in upper_areas().items() if row["level"] == "provinsi"}
    listed = [code for codes in calendar_settings().zones.values() for code in codes]
    assert len(listed) == len(set(listed))
    assert set(listed) == provinces
    assert (zone_of("33"), zone_of("73"), zone_of("91")) == ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


def test_a_vehicle_rests_at_noon_and_on_friday_from_half_past_eleven_to_one():
    calendar = make_calendar("33", H)
    assert local(calendar, "armada", date(2024, 2, 8)) == ["07.00-12.00", "12.45-17.00"]
    assert local(calendar, "armada", date(2024, 2, 9)) == ["07.00-11.30", "13.00-17.00"]
    assert local(calendar, "armada-panjang", date(2024, 2, 9)) == [
        "07.00-11.30",
        "13.00-18.00",
        "18.30-22.00",
    ]


def test_ppk_vehicles_stop_at_noon_on_h_minus_1_and_kpps_get_their_goods_that_day_only():
    calendar = make_calendar("33", H)
    assert local(calendar, "armada-ppk", date(2024, 2, 13)) == ["07.00-12.00"]
    assert local(calendar, "kpps", date(2024, 2, 13)) == ["07.00-12.00", "12.45-18.00", "18.30-00.00"]
    assert {span.opens_at.astimezone(calendar.zone).date() for span in calendar.hours["kpps"]} == {
        date(2024, 2, 13)
    }


def test_ppk_cepu_could_finish_unloading_at_22_as_it_did():
    calendar = make_calendar("33", H)
    assert local(calendar, "ppk", date(2024, 2, 8)) == ["06.00-22.00"]
    assert local(calendar, "armada-panjang", date(2024, 2, 8))[-1].endswith("22.00")


def test_the_same_local_hours_lie_two_hours_earlier_in_papua():
    west, east = make_calendar("33", H), make_calendar("91", H)
    assert (west.law_at - east.law_at).total_seconds() == 2 * 3600
    assert local(west, "armada", H.replace(day=8)) == local(east, "armada", H.replace(day=8))


def test_holidays_friday_and_quiet_days_are_noted_by_day():
    notes = {day.date.day: day.note for day in make_calendar("33", H).days}
    assert notes[8] == "Libur: Isra Mikraj"
    assert notes[9] == "Cuti bersama Imlek; Jumat: jeda salat 11.30–13.00"
    assert notes[13] == "Masa tenang"


def test_the_weather_of_a_day_is_the_offices():
    calendar = make_calendar("33", H, weather={date(2024, 2, 12): "hujan"})
    assert [day.weather for day in calendar.days] == ["kering"] * 4 + ["hujan", "kering"]


def test_the_target_is_18_local_time():
    calendar = make_calendar("73", H)
    assert calendar.target_at.astimezone(calendar.zone) == datetime.combine(
        date(2024, 2, 13), time(18), tzinfo=calendar.zone
    )


@pytest.mark.parametrize(("tps", "teams"), [(1, 3), (51, 3), (52, 4), (400, 24)])
def test_a_pps_has_three_teams_unless_the_largest_could_not_be_done_in_time(tps, teams):
    assert last_mile(tps).teams == teams


def test_the_work_of_one_full_cdd_trip_is_loading_driving_both_ways_and_unloading():
    """30 min loading, 2 × 20 min, 5 min at the stop and 120 × 15 s: 105 minutes."""
    assert work_s([Load(120, 1200)], type_settings()["truk-cdd"]) == 6_300
    assert work_s([Load(60, 1200)], type_settings()["truk-cdd"]) == 3_300, (
        "half a truck, and two stops to fill it"
    )
    assert work_s([Load(120, -1)], type_settings()["truk-cdd"]) == 0, (
        "no vehicle helps where there is no road"
    )


def test_a_fleet_has_at_least_one_truck_and_a_ppk_one_pickup():
    assert warehouse_counts([], 30_000).cdd == 1
    assert ppk_pickups([Load(5, 60)], 30_000) == 1


def test_published_boxes_of_each_type_fit_upright_in_its_bed():
    assert {kind.id: kind.boxes_max for kind in type_settings().values()} == {
        "truk-cdd": 10 * 4 * 3,
        "truk-cde": 6 * 4 * 2,
        "pikap": 5 * 4,
        "engkel-ppk": 5 * 3 * 2,
        "pikap-ppk": 5 * 4,
        "penyedia-cdd": 10 * 4 * 3,
        "penyedia-pikap": 5 * 4,
    }


PRICES = """
[accounts.kpu]
payer = "KPU"
pemilu = "DIPA"
pilkada = "Hibah"

[[prices]]
id = "a"
label = "A"
basis = "handover"
unit = "kali"
rupiah = 5
account = "kpu"
source = "kontrak"
"""


def test_the_office_may_bring_its_own_price_list(tmp_path):
    file = tmp_path / "harga.toml"
    file.write_text(PRICES + "contoh = false\n", encoding="utf-8")
    (price,) = read_price_list(file).prices
    assert (price.rupiah, price.contoh) == (5, False)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("rupiah = 5", "rupiah = -5"), "rupiah"),
        (("rupiah = 5", 'rupiah = "lima"'), "rupiah"),
        (('account = "kpu"', 'account = "kas"'), "akun kas tidak ada"),
        (('basis = "handover"', 'basis = "salah"'), "basis"),
        (('unit = "kali"', 'unit = "kali"\nper = "m2"'), "hanya untuk satu gudang"),
        (("[[prices]]", "[[prices"), "harga.toml"),
        (('label = "A"', 'label = "A"\nlabel_lain = "B"'), "label_lain"),
    ],
)
def test_a_wrong_price_list_is_refused_by_name(tmp_path, change, says):
    file = tmp_path / "harga.toml"
    file.write_text(PRICES.replace(*change), encoding="utf-8")
    with pytest.raises(Refused, match="BUILD-PRICES-UNREADABLE") as refused:
        read_price_list(file)
    assert says in str(refused.value)


def test_a_price_that_stands_twice_is_refused(tmp_path):
    file = tmp_path / "harga.toml"
    file.write_text(PRICES + PRICES[PRICES.index("[[prices]]") :], encoding="utf-8")
    with pytest.raises(Refused, match="dua kali"):
        read_price_list(file)


def test_a_missing_price_list_is_refused(tmp_path):
    with pytest.raises(Refused, match="BUILD-PRICES-UNREADABLE"):
        read_price_list(tmp_path / "tidak-ada.toml")


def test_an_office_that_measured_its_goods_and_lists_its_voters_reads_neither_as_contoh():
    matrix = MatrixFile(
        vehicle_class="truk",
        weather="kering",
        file="a.npy",
        sha256="a",
        source="osrm",
        error_low_percent=30,
        error_high_percent=80,
    )
    sentences = contoh_sentences(
        voters_sources=frozenset(),
        goods=(),
        matrices=(matrix,),
        last_mile=last_mile(10),
        aside=(),
        notes_unused=False,
    )
    assert not any("Pemilih" in sentence or "Berat" in sentence for sentence in sentences)
    assert "Waktu tempuh dapat meleset: −30% sampai +80%." in sentences
