"""Areas with another zone, another number of ballots, few desa, or desa without a point on the map."""

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tepat.common.areas import load_area
from tepat.common.errors import Refused
from tepat.common.samples import sample_tps
from tepat.distribution.building import Choices, build_problem, columns_of, problem_from_needs
from tepat.distribution.building.fleet import Counts
from tepat.distribution.building.places import AccessNote
from tepat.distribution.checker.sanity import problem_findings
from tepat.planning.needs import compute_needs
from tepat.planning.rulesets import load_rule_set


def built(code: str, election: str = "pemilu-2024", choices: Choices | None = None):
    area = load_area(code)
    tps = sample_tps(area, election)
    needs = compute_needs(columns_of(tps), load_rule_set(election))
    return area, tps, problem_from_needs(area, election, needs, choices)


@pytest.mark.parametrize(
    ("code", "election", "zone", "boxes_per_tps"),
    [
        pytest.param("33.71", "pemilu-2024", "Asia/Jakarta", 5, id="Kota Magelang"),
        pytest.param("33.76", "pilkada-2024", "Asia/Jakarta", 2, id="Kota Tegal, Pilkada"),
        pytest.param("31.01", "pemilu-2024", "Asia/Jakarta", 4, id="Kepulauan Seribu, no DPRD kabupaten"),
        pytest.param("53.20", "pemilu-2024", "Asia/Makassar", 5, id="Sabu Raijua"),
        pytest.param("91.71", "pemilu-2024", "Asia/Jayapura", 5, id="Kota Jayapura"),
    ],
)
def test_every_tps_is_a_unit_or_named_as_set_aside(code, election, zone, boxes_per_tps):
    _, tps, result = built(code, election)
    problem = result.problem
    units = [unit for unit in problem.units if unit.kind == "tps"]
    assert len(units) + sum(aside.tps for aside in result.aside) == len(tps)
    assert {unit.boxes for unit in units} == {boxes_per_tps}
    assert problem.office.time_zone == zone
    assert [f.code for f in problem_findings(problem) if f.severity == "breach"] == []
    assert not any(one.baseline for one in problem.strategies)


def test_desa_without_a_point_are_named_with_their_tps_and_never_dropped():
    area = load_area("33.71")
    lost = area.desa[0]
    blind = replace(area, desa=(replace(lost, lat=None, lon=None, point=""), *area.desa[1:]))
    tps = sample_tps(blind, "pemilu-2024")
    needs = compute_needs(columns_of(tps), load_rule_set("pemilu-2024"))
    result = problem_from_needs(blind, "pemilu-2024", needs)
    assert [(aside.desa, aside.tps, aside.ppk) for aside in result.aside] == [
        ((lost.name,), lost.tps + lost.tps_special, False)
    ]
    assert lost.name in result.problem.contoh[0]
    assert lost.code not in {place.id for place in result.problem.places}
    assert not any(unit.place == lost.code for unit in result.problem.units)


def test_a_kecamatan_without_any_point_loses_its_ppk_too_and_says_so():
    area = load_area("33.71")
    code = area.desa[0].kecamatan
    desa = tuple(replace(d, lat=None, lon=None) if d.kecamatan == code else d for d in area.desa)
    blind = replace(area, desa=desa)
    needs = compute_needs(columns_of(sample_tps(blind, "pemilu-2024")), load_rule_set("pemilu-2024"))
    result = problem_from_needs(blind, "pemilu-2024", needs)
    assert [(aside.code, aside.ppk) for aside in result.aside] == [(code, True)]
    assert "set PPK-nya" in result.problem.contoh[0]
    assert f"PPK-{code}" not in {unit.id for unit in result.problem.units}


def test_an_area_without_any_point_is_refused_with_the_number_of_desa():
    area = load_area("33.71")
    blind = replace(area, desa=tuple(replace(desa, lat=None, lon=None) for desa in area.desa))
    needs = compute_needs(columns_of(sample_tps(blind, "pemilu-2024")), load_rule_set("pemilu-2024"))
    with pytest.raises(Refused, match="BUILD-NO-POINT") as refused:
        problem_from_needs(blind, "pemilu-2024", needs)
    assert refused.value.facts["desa"] == 17


MAGELANG = load_area("33.71")
MAGELANG_NEEDS = compute_needs(columns_of(sample_tps(MAGELANG, "pemilu-2024")), load_rule_set("pemilu-2024"))


def with_points(codes: set[str]):
    desa = tuple(d if d.code in codes else replace(d, lat=None, lon=None) for d in MAGELANG.desa)
    return replace(MAGELANG, desa=desa)


@given(st.sets(st.sampled_from([desa.code for desa in MAGELANG.desa]), min_size=1))
@settings(max_examples=25, deadline=None)
def test_whatever_points_are_known_nothing_is_lost_and_nothing_stands_twice(codes):
    result = problem_from_needs(with_points(codes), "pemilu-2024", MAGELANG_NEEDS)
    problem = result.problem
    tps = sum(unit.kind == "tps" for unit in problem.units)
    assert tps + sum(aside.tps for aside in result.aside) == 353
    ppk = sum(unit.kind == "ppk" for unit in problem.units)
    assert ppk + sum(aside.ppk for aside in result.aside) == 3
    assert [f.code for f in problem_findings(problem) if f.severity == "breach"] == []
    warehouses = [place.code for place in problem.places if place.kind == "gudang"]
    assert len(warehouses) == len(set(warehouses)) == min(3, len(codes))


def test_with_one_point_there_is_one_warehouse_and_nothing_to_mix_or_to_compare_it_with():
    problem = problem_from_needs(with_points({"33.71.01.1003"}), "pemilu-2024", MAGELANG_NEEDS).problem
    assert [one.name for one in problem.strategies] == ["lewat-ppk", "langsung-pps", "penyedia-per-kotak"]
    rents = [price.id for price in problem.prices if price.basis == "warehouse"]
    assert rents == ["gudang-1-sewa", "gudang-1-perbaikan", "gudang-1-penjaga"]


def test_an_office_with_its_own_list_is_not_told_that_its_voters_are_examples(tmp_path):
    own = build_problem(MAGELANG, "pemilu-2024", out=tmp_path, needs=MAGELANG_NEEDS).problem
    sample = build_problem(MAGELANG, "pemilu-2024", out=tmp_path).problem
    assert not any("bukan DPT" in sentence for sentence in own.contoh)
    assert any("bukan DPT" in sentence for sentence in sample.contoh)
    assert any("tidak mengenal laut" in sentence for sentence in own.contoh)


def test_a_list_of_another_area_is_refused():
    needs = compute_needs(columns_of(sample_tps("33.73", "pemilu-2024")), load_rule_set("pemilu-2024"))
    with pytest.raises(Refused, match="BUILD-UNKNOWN-DESA"):
        problem_from_needs(load_area("33.71"), "pemilu-2024", needs)


def test_an_empty_list_is_refused(tmp_path):
    with pytest.raises(Refused, match="BUILD-NO-TPS"):
        build_problem(load_area("33.71"), "pemilu-2024", out=tmp_path, tps=[])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    in_the_way = tmp_path / "berkas"
    in_the_way.write_text("x")
    with pytest.raises(Refused, match="BUILD-CANNOT-WRITE"):
        build_problem(load_area("33.71"), "pemilu-2024", out=in_the_way)


def test_what_the_office_sets_stands_in_the_problem():
    counts = Counts(cdd=2, cde=0, pikap=1, reserve=0, carrier_cdd=1, carrier_pikap=0)
    desa = load_area("33.71").desa[0].code
    access = {desa: AccessNote("Gang sempit.", ("pikap", "motor"))}
    _, _, result = built("33.71", choices=Choices(fleet=counts, access=access))
    problem = result.problem
    assert sorted(v.id for v in problem.vehicles if v.home is None) == [
        "CDD-01",
        "CDD-02",
        "PENYEDIA-CDD-01",
        "PIKAP-01",
    ]
    place = next(place for place in problem.places if place.id == desa)
    assert place.access == ("pikap", "motor")
    assert place.note.endswith("Gang sempit.")


def test_a_pilkada_is_paid_from_the_regional_grant_and_a_pemilu_from_the_state_budget():
    accounts = {
        election: {price.account.split()[0] for price in built("33.71", election)[2].problem.prices}
        for election in ("pemilu-2024", "pilkada-2024")
    }
    assert accounts == {"pemilu-2024": {"DIPA"}, "pilkada-2024": {"Hibah"}}


def test_a_larger_demand_gets_a_larger_fleet():
    small, large = (
        sum(v.home is None for v in built(code)[2].problem.vehicles) for code in ("33.71", "33.74")
    )
    assert small < large


def test_building_needs_no_django(tmp_path):
    program = (
        "import sys; from pathlib import Path; from tepat.common.areas import load_area; "
        "from tepat.distribution.building import build_problem; "
        f"build_problem(load_area('33.71'), 'pemilu-2024', out=Path({str(tmp_path)!r})); "
        "sys.exit(3 if 'django' in sys.modules else 0)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".npy"}
