"""Blora, 14 February 2024: the problem holds every box, on real days, with enough vehicles."""

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tepat.common.areas import load_area, reference
from tepat.common.samples import sample_tps
from tepat.distribution import documents
from tepat.distribution.building import Built, Choices, build_problem, columns_of, problem_from_needs
from tepat.distribution.building.baseline import known_area
from tepat.distribution.building.difficult import noted_model
from tepat.distribution.building.fleet import Load, type_settings, work_s
from tepat.distribution.checker import load_matrices
from tepat.distribution.checker.sanity import problem_findings
from tepat.distribution.problems import Problem, Strategy
from tepat.planning.needs import compute_needs
from tepat.planning.rulesets import load_rule_set


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return build_problem(load_area("blora"), "pemilu-2024", out=tmp_path_factory.mktemp("blora"))


@pytest.fixture(scope="module")
def problem(built) -> Problem:
    return built.problem


def strategy(problem: Problem, name: str) -> Strategy:
    return next(one for one in problem.strategies if one.name == name)


def kecamatan_rows() -> list[dict[str, str]]:
    text = reference("blora_kecamatan.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_tps_sets_hold_the_14885_boxes_that_were_sent_and_the_ppk_sets_32_more(problem):
    boxes = {
        kind: sum(unit.boxes for unit in problem.units if unit.kind == kind) for kind in ("tps", "pps", "ppk")
    }
    assert boxes == {"tps": 14_885, "pps": 0, "ppk": 32}
    assert sum(boxes.values()) == 14_917


def test_each_tps_pps_and_ppk_has_one_unit_and_its_booths_stand_outside_the_boxes(problem):
    counts = {kind: sum(unit.kind == kind for unit in problem.units) for kind in ("tps", "pps", "ppk")}
    assert counts == {"tps": 2_977, "pps": 295, "ppk": 16}
    booths = sum(loose.count for unit in problem.units for loose in unit.loose if loose.item == "BILIK")
    assert booths == 11_908


def test_the_voters_of_all_sets_are_the_published_704285(problem):
    assert sum(unit.voters for unit in problem.units) == 704_285


def test_boxes_of_every_kecamatan_are_those_of_the_real_days(problem):
    parent = {place.id: place.parent for place in problem.places}
    for row in kecamatan_rows():
        boxes = sum(u.boxes for u in problem.units if u.kind == "tps" and parent[u.place] == row["kode_kec"])
        assert boxes == int(row["kotak_tps_2024"]), row["kecamatan"]


def test_places_are_three_warehouses_sixteen_ppk_and_295_pps(problem):
    kinds = [place.kind for place in problem.places]
    assert [kinds.count(kind) for kind in ("gudang", "ppk", "pps")] == [3, 16, 295]
    towns = {place.id: place.code[:8] for place in problem.places if place.kind == "gudang"}
    assert towns["GUDANG-1"] == "33.16.09", "the known warehouse stands in the town of Blora"
    assert towns["GUDANG-3"] == "33.16.05", "the second town is Cepu"
    assert problem.places[0].name == "Gedung PKPRI Blora"


def test_every_pps_says_that_its_point_is_not_the_office(problem):
    assert all("bukan kantor desa" in place.note for place in problem.places if place.kind == "pps")


def test_the_law_ends_at_midnight_of_h_minus_1_in_wib_and_the_target_six_hours_before(problem):
    assert problem.office.time_zone == "Asia/Jakarta"
    assert problem.law_at == datetime(2024, 2, 13, 17, tzinfo=UTC)
    assert problem.target_at == datetime(2024, 2, 13, 11, tzinfo=UTC)
    assert [day.date for day in problem.days] == [date(2024, 2, d) for d in range(8, 14)]


def test_the_baseline_has_the_days_and_destinations_of_the_reference_table(problem):
    real = strategy(problem, "nyata-2024")
    assert real.baseline
    parent = {place.id: place.parent for place in problem.places if place.kind == "pps"}
    for row in kecamatan_rows():
        code, day = row["kode_kec"], date.fromisoformat(row["tanggal_distribusi_2024"])
        assert real.date_by_place[code] == day
        direct = row["tujuan_distribusi_2024"].startswith("PPS")
        for pps in (pps for pps, ppk in parent.items() if ppk == code):
            assert real.path_by_place.get(pps, real.path) == ("langsung" if direct else "lewat-ppk")
            assert (real.date_by_place.get(pps) == day) is direct


def test_all_strategies_are_there_and_only_one_is_the_baseline(problem):
    assert [one.name for one in problem.strategies] == [
        "lewat-ppk",
        "langsung-pps",
        "campuran",
        "penyedia-per-kotak",
        "langsung-gudang-2",
        "langsung-gudang-3",
        "nyata-2024",
    ]
    assert [one.name for one in problem.strategies if one.baseline] == ["nyata-2024"]


def first_leg(built: Built, one: Strategy, day: date | None = None) -> list[Load]:
    """What a strategy brings from its warehouse, to the PPS or the PPK; only on one date if given."""
    problem, truck = built.problem, built.matrices["truk", "kering"]
    row = {place: at for at, place in enumerate(truck.places)}
    parent = {place.id: place.parent for place in problem.places}
    boxes: Counter[str] = Counter()
    for unit in problem.units:
        direct = unit.kind == "ppk" or one.path_by_place.get(unit.place, one.path) == "langsung"
        boxes[unit.place if direct else parent[unit.place]] += unit.boxes
    return [
        Load(count, int(truck.duration_s[row[one.warehouses[0]], row[place]]))
        for place, count in boxes.items()
        if day is None or one.date_by_place[place] == day
    ]


def cdd_seconds(problem: Problem, one: Strategy, dates: set[date]) -> int:
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles if vehicle.id in set(one.vehicles)}
    return sum(
        int((span.closes_at - span.opens_at).total_seconds())
        for vehicle in vehicles.values()
        if vehicle.type in {"truk-cdd", "penyedia-cdd"}
        for span in problem.hours[vehicle.hours]
        if span.opens_at.astimezone(ZoneInfo("Asia/Jakarta")).date() in dates
    )


def test_every_strategy_has_a_quarter_more_cdd_hours_than_its_bare_first_leg_takes(built, problem):
    """Sanity, not proof: full CDD trips, one place at a time, against the hours of the CDD alone."""
    for one in problem.strategies:
        needed = work_s(first_leg(built, one), type_settings()["truk-cdd"])
        had = cdd_seconds(problem, one, set(one.dates_by_origin["gudang"]))
        assert had >= needed * 5 // 4, (one.name, had // 3600, needed // 3600)


def test_every_day_of_the_baseline_has_a_quarter_more_cdd_hours_than_its_kecamatan_take(built, problem):
    real = strategy(problem, "nyata-2024")
    boxes = []
    for day in real.dates_by_origin["gudang"]:
        loads = first_leg(built, real, day)
        boxes.append(sum(load.boxes for load in loads))
        needed = work_s(loads, type_settings()["truk-cdd"])
        assert cdd_seconds(problem, real, {day}) >= needed * 5 // 4, day
    assert boxes == [3_345 + 8, 3_910 + 8, 3_175 + 8, 4_455 + 8], "published TPS boxes, and two for each PPK"


def test_ppk_vehicles_can_carry_their_kecamatan_on_in_two_days(built, problem):
    truck = built.matrices["truk", "kering"]
    row = {place: at for at, place in enumerate(truck.places)}
    for ppk in (place for place in problem.places if place.kind == "ppk"):
        loads = [
            Load(
                sum(u.boxes for u in problem.units if u.place == p.id),
                int(truck.duration_s[row[ppk.id], row[p.id]]),
            )
            for p in problem.places
            if p.parent == ppk.id
        ]
        pickups = sum(v.home == ppk.id and v.type == "pikap-ppk" for v in problem.vehicles)
        assert pickups * 2 * 9 * 3600 >= work_s(loads, type_settings()["pikap-ppk"]), ppk.name


def test_the_largest_pps_hands_over_before_the_target(problem):
    """43 TPS for 3 teams at half an hour each: 15 rounds, done at 15.15 with the break."""
    largest = max(sum(u.place == p.id and u.kind == "tps" for u in problem.units) for p in problem.places)
    mile = problem.last_mile
    rounds = -(-largest // mile.teams)
    assert (largest, mile.teams, rounds * mile.handover_s) == (43, 3, 27_000)


def test_no_single_unit_is_larger_than_the_smallest_vehicle(problem):
    for kind in problem.vehicle_types:
        assert all(
            unit.boxes <= kind.boxes_max
            and unit.volume_ml <= kind.volume_ml_max
            and unit.weight_g <= kind.weight_g_max
            for unit in problem.units
        ), kind.id


def test_a_full_cdd_of_sets_is_bound_by_boxes_not_by_volume_or_weight(problem):
    cdd = next(kind for kind in problem.vehicle_types if kind.id == "truk-cdd")
    heaviest = sorted(
        (unit for unit in problem.units if unit.kind == "tps"), key=lambda unit: -unit.weight_g
    )[:24]
    assert sum(unit.boxes for unit in heaviest) == cdd.boxes_max
    assert sum(unit.volume_ml for unit in heaviest) <= cdd.volume_ml_max
    assert sum(unit.weight_g for unit in heaviest) <= cdd.weight_g_max // 2


def test_every_price_names_payer_account_and_source_and_warehouse_rent_follows_the_floor(problem):
    assert all(price.payer and price.account and price.source for price in problem.prices)
    size = problem.places[0].warehouse.usable_m2
    rent = next(price for price in problem.prices if price.id == "gudang-1-sewa")
    assert (size, rent.rupiah) == (1_350, 33_750_000)
    assert next(price for price in problem.prices if price.id == "kotak-penyedia").rupiah == 27_000


def test_no_crew_member_or_escort_belongs_to_two_vehicles(problem):
    crew = [person for v in problem.vehicles for person in (v.driver, v.in_charge, v.deputy)]
    assert len(crew) == len(set(crew)) == len(problem.people)
    escorts = [v.escort for v in problem.vehicles if v.escort]
    assert len(escorts) == len(set(escorts)) == len(problem.escorts)
    assert all(escort.phone is None for escort in problem.escorts)


def test_the_checker_finds_nothing_wrong_with_the_problem_or_its_matrices(tmp_path, problem, built):
    assert problem_findings(problem) == ()
    built.write(tmp_path)
    read = documents.read_problem(tmp_path / "problem.json")
    assert read == problem
    assert set(load_matrices(read, tmp_path)) == {(m.vehicle_class, m.weather) for m in problem.matrices}


def test_building_twice_gives_the_same_bytes(tmp_path, problem):
    again = build_problem(load_area("33.16"), "pemilu-2024", out=tmp_path)
    assert documents.encode(again.problem) == documents.encode(problem)
    assert (tmp_path / "problem.json").read_bytes() == documents.encode(problem)


def test_the_forest_of_kradenan_is_named_at_its_pps_and_heeded_on_demand(problem):
    """Seven hours over the forest road: the note is of 2014, so the office decides whether it counts."""
    noted = {place.code for place in problem.places if "hutan jati" in place.note}
    assert noted == {f"33.16.03.200{n}" for n in range(1, 6)}
    assert any("belum dipakai dalam waktu tempuh" in sentence for sentence in problem.contoh)
    area = load_area("33.16")
    needs = compute_needs(columns_of(sample_tps(area, "pemilu-2024")), load_rule_set("pemilu-2024"))
    heeded = problem_from_needs(
        area, "pemilu-2024", needs, Choices(provider=noted_model("33.16", date(2024, 2, 9)))
    )
    plain = from_town(problem_from_needs(area, "pemilu-2024", needs), "33.16.03.2003")
    assert from_town(heeded, "33.16.03.2003") > plain + 5 * 3600
    assert not any("belum dipakai" in sentence for sentence in heeded.problem.contoh)


def from_town(built: Built, place: str) -> int:
    matrix = built.matrices["truk", "kering"]
    return int(matrix.duration_s[0, matrix.places.index(place)])


def test_what_is_known_of_blora_is_of_that_election_only():
    assert known_area("33.16", "pemilu-2024") is not None
    assert known_area("33.16", "pilkada-2024") is None
    assert known_area("33.71", "pemilu-2024") is None
