"""The lists without a list: they add up to what was published, and are the same on every machine."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tepat.common.areas import load_area
from tepat.common.elections import ballots_held
from tepat.common.errors import Refused
from tepat.common.samples import (
    BLORA_DISABILITIES,
    DISABILITIES,
    apportion,
    example_dapil,
    sample_csv,
    sample_tps,
    tps_for_voters,
)


@pytest.mark.parametrize(
    ("election", "tps", "voters", "limit"),
    [("pemilu-2024", 2977, 704_285, 300), ("pilkada-2024", 1453, 702_257, 600)],
)
def test_blora_adds_up_to_the_published_totals(election, tps, voters, limit):
    rows = sample_tps("blora", election)
    assert (len(rows), sum(row.dpt for row in rows)) == (tps, voters)
    assert max(row.dpt for row in rows) <= limit
    assert min(row.dpt for row in rows) > 0


def test_blora_disabilities_add_up_to_2569_by_category():
    rows = sample_tps("blora", "pemilu-2024")
    assert {name: sum(row.disabilities[name] for row in rows) for name in DISABILITIES} == BLORA_DISABILITIES
    assert sum(BLORA_DISABILITIES.values()) == 2569
    assert all(sum(row.disabilities.values()) <= row.dpt for row in rows)


@pytest.mark.parametrize("election", ["pemilu-2024", "pilkada-2024"])
def test_each_tps_stands_once_and_every_desa_of_blora_has_some(election):
    rows = sample_tps("blora", election)
    assert len({(row.desa, row.number) for row in rows}) == len(rows)
    assert {row.desa for row in rows} == {desa.code for desa in load_area("blora").desa}


@pytest.mark.parametrize("election", ["pemilu-2024", "pilkada-2024"])
def test_the_one_special_tps_is_901_in_kunden(election):
    assert [(row.desa, row.number) for row in sample_tps("blora", election) if row.special] == [
        ("33.16.09.1015", 901)
    ]


def test_the_special_tps_of_pilkada_has_fewer_ballots_of_the_bupati():
    (special,) = [row for row in sample_tps("blora", "pilkada-2024") if row.special]
    assert special.voters["PBUP"] < special.voters["PGUB"] == special.dpt


def test_tps_of_pemilu_by_kecamatan_are_the_real_ones():
    rows = sample_tps("blora", "pemilu-2024")
    assert sum(row.desa.startswith("33.16.05.") for row in rows) == 241
    assert sum(row.desa.startswith("33.16.09.") for row in rows) == 310


def test_other_areas_are_estimates_and_say_so():
    rows = sample_tps("33.71", "pemilu-2024")
    assert {row.voters_source for row in rows} == {"perkiraan"}
    assert len(rows) == 353
    assert sum(row.dpt for row in rows) == round(353 * 203_056_748 / 820_161)


def test_jakarta_has_no_dprd_kabupaten_and_no_bupati():
    assert "DPRDK" not in sample_tps("31.71", "pemilu-2024")[0].voters
    assert ballots_held("pilkada-2024", "31.71") == ("PGUB",)
    assert ballots_held("pilkada-2024", "34.04") == ("PBUP",)


def test_every_ballot_of_every_tps_has_a_dapil():
    for row in sample_tps("blora", "pemilu-2024"):
        assert set(row.dapil) == set(row.voters) == {"PPWP", "DPR", "DPD", "DPRDP", "DPRDK"}


def test_dapil_group_whole_kecamatan_and_are_marked():
    groups = example_dapil(load_area("blora"))
    assert set(groups.values()) == {1, 2, 3, 4, 5}
    assert all(row.dapil["DPRDK"].endswith("contoh") for row in sample_tps("blora", "pemilu-2024"))


def test_the_list_is_the_same_on_every_machine():
    text = sample_csv(sample_tps("blora", "pemilu-2024"))
    assert text == sample_csv(sample_tps("blora", "pemilu-2024"))
    assert hashlib.sha256(text.encode()).hexdigest() == (
        "fd7c4b10913e8b113c14db20a713d18388bb7e4ccf33f07da50dedc677b6d77b"
    )


def test_an_unknown_election_is_refused_with_the_known_ones():
    with pytest.raises(Refused) as refused:
        sample_tps("blora", "pemilu-1955")
    assert refused.value.code == "COMMON-UNKNOWN-ELECTION"
    assert "pemilu-2024" in str(refused.value)


@given(
    total=st.integers(0, 100_000),
    weights=st.lists(st.integers(1, 10_000), min_size=1, max_size=50),
    room=st.one_of(st.none(), st.integers(0, 5000)),
)
def test_apportioned_parts_add_up_and_keep_the_ceiling(total, weights, room):
    ceiling = None if room is None else total // len(weights) + 1 + room
    parts = apportion(total, weights, ceiling=ceiling)
    assert sum(parts) == total
    assert all(part >= 0 for part in parts)
    assert ceiling is None or max(parts) <= ceiling


@given(
    voters=st.lists(st.integers(1, 20_000), min_size=1, max_size=60),
    spare=st.integers(0, 300),
    limit=st.integers(100, 600),
)
def test_tps_given_out_add_up_and_no_desa_bursts(voters, spare, limit):
    least = sum(-(-count // limit) for count in voters)
    counts = tps_for_voters(voters, total=least + spare, voters_max=limit)
    assert sum(counts) == least + spare
    assert all(count * limit >= people for count, people in zip(counts, voters, strict=True))
