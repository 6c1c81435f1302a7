"""The office's own vehicles take the place of the example fleet, with their own measures and prices."""

from datetime import date

import pytest

from tepat.common.areas import load_area
from tepat.common.samples import sample_tps
from tepat.distribution.building import columns_of, problem_from_needs
from tepat.distribution.checker.sanity import problem_findings
from tepat.distribution.own_fleet import OwnVehicle, with_own_fleet
from tepat.planning.needs import compute_needs
from tepat.planning.rulesets import load_rule_set

OWN = (
    OwnVehicle("K 1234 AB", "truk", 100, rent_rupiah=1_250_000, rupiah_per_km=4_900, owner="CV Maju"),
    OwnVehicle("K 1235 AB", "truk", 100, rent_rupiah=1_250_000, rupiah_per_km=4_900, owner="CV Maju"),
    OwnVehicle("K 8 C", "pikap", 18, driver="11111111-1111-4111-8111-111111111111"),
    OwnVehicle("K 9 D", "motor", 2),
)


@pytest.fixture(scope="module")
def problem():
    area = load_area("33.71")
    needs = compute_needs(columns_of(sample_tps(area, "pemilu-2024")), load_rule_set("pemilu-2024"))
    return problem_from_needs(area, "pemilu-2024", needs).problem


@pytest.fixture(scope="module")
def own(problem):
    return with_own_fleet(problem, OWN)


def test_an_empty_list_leaves_the_examples(problem):
    assert with_own_fleet(problem, ()) is problem


def test_the_problem_is_as_sane_as_before(problem, own):
    assert problem_findings(own) == problem_findings(problem)


def test_strategies_drive_the_listed_vehicles_and_no_example_of_the_office(problem, own):
    direct = next(one for one in own.strategies if one.name == "langsung-pps")
    assert set(direct.vehicles) == {"K-1234-AB", "K-1235-AB", "K-8-C"}
    over = next(one for one in own.strategies if one.name == "lewat-ppk")
    assert {name for name in over.vehicles if not name.startswith("PPK-")} == set(direct.vehicles)
    carrier = next(one for one in own.strategies if one.name == "penyedia-per-kotak")
    assert carrier == next(one for one in problem.strategies if one.name == "penyedia-per-kotak")


def test_each_listed_rent_is_a_real_price_and_what_is_not_listed_stays_an_example(own):
    by_vehicle = {vehicle.id: vehicle for vehicle in own.vehicles}

    def price(vehicle, basis):
        kind = by_vehicle[vehicle].type
        (line,) = [one for one in own.prices if one.basis == basis and kind in one.applies_to]
        return line.rupiah, line.contoh

    assert price("K-1234-AB", "vehicle_day") == (1_250_000, False)
    assert price("K-1234-AB", "vehicle_km") == (4_900, False)
    assert price("K-8-C", "vehicle_day") == (450_000, True)
    assert by_vehicle["K-1234-AB"].type == by_vehicle["K-1235-AB"].type
    assert by_vehicle["K-8-C"].driver == OWN[2].driver


def test_what_cannot_be_used_is_said(own):
    assert any("1 kendaraan tanpa waktu tempuh" in line for line in own.contoh)
    assert any("Armada dari daftar kantor (3 kendaraan)" in line for line in own.contoh)


def test_days_limit_when_a_vehicle_can_be_had(problem):
    day = date(2024, 2, 11)
    limited = with_own_fleet(problem, [OwnVehicle("K 1 A", "truk", 90, days=(day, date(2030, 1, 1)))])
    assert next(one for one in limited.vehicles if one.id == "K-1-A").dates == (day,)
