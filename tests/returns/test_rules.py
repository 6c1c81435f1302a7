"""The way back from the TPS: results first, and nothing is home without evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tepat.returns.rules_returns import BACK, Hours, Thing, set_back, spot_of, too_early

PPK, PPS, KPPS = "ppk:33.16.09", "pps:33.16.09.1015", "kpps:33.16.09.1015-001"
H, LIMIT = 1_000, 2_000
NIGHT, MORNING = Hours(1_500, H, LIMIT), Hours(LIMIT, H, LIMIT)


def box(number, post, since=1_200, status="dipegang", **more):
    name = f"kotak:pemilu-2024:091015-001-{number}"
    return Thing(
        name, critical=True, status=status, post=post, since_us=since, holder=f"orang {post}", **more
    )


def booths(post, since=1_200, status="dipegang"):
    name = "bundel:pemilu-2024:091015-001-A"
    return Thing(name, critical=False, status=status, post=post, since_us=since, holder=f"orang {post}")


@pytest.mark.parametrize(
    ("thing", "spot"),
    [
        pytest.param(box(1, PPK), "ppk", id="at its PPK since the night"),
        pytest.param(box(1, PPK, since=900), "belum", id="at the PPK since before polling: never went out"),
        pytest.param(box(1, PPS, since=900), "belum", id="the village had it before polling"),
        pytest.param(box(1, PPS), "pps", id="back at the village"),
        pytest.param(box(1, KPPS, since=900), "kpps", id="still with the KPPS"),
        pytest.param(box(1, "ppk:33.16.05"), "pps", id="another PPK is no home"),
        pytest.param(box(1, "gudang:1"), "lewat", id="past the PPK"),
        pytest.param(box(1, "angkutan:PULANG-33.16.09-1"), "lewat", id="on a planned trip home"),
        pytest.param(box(1, "angkutan:T-0214-03"), "jalan", id="on another vehicle"),
        pytest.param(box(1, PPK, status="sengketa"), "masalah", id="in dispute"),
        pytest.param(box(1, "", since=0, status="belum_ada"), "belum", id="nothing is known"),
    ],
)
def test_where_a_thing_is(thing, spot):
    assert spot_of(thing, ppk=PPK, polling_us=H) == spot


def test_a_set_is_home_when_all_of_it_is():
    found = set_back([box(1, PPK), box(2, PPK), booths(PPK)], ppk=PPK, hours=MORNING)
    assert (found.level, found.whole, found.spot, found.holders) == ("aman", True, "ppk", ())


def test_after_six_a_box_with_results_is_grave_and_booths_are_not():
    results = set_back([box(1, PPK), box(2, PPS), booths(PPK)], ppk=PPK, hours=MORNING)
    assert (results.level, results.critical_back, results.critical) == ("gawat", 1, 2)
    only_booths = set_back([box(1, PPK), box(2, PPK), booths(PPS)], ppk=PPK, hours=MORNING)
    assert only_booths.level == "perhatikan"
    assert set_back([box(1, PPK), box(2, PPS)], ppk=PPK, hours=NIGHT).level == "perhatikan"


def test_a_set_of_which_nothing_came_back_is_grey_in_the_night_and_grave_in_the_morning():
    silent = [box(1, PPS, since=900), booths(PPS, since=900)]
    assert set_back(silent, ppk=PPK, hours=NIGHT).level == "belum"
    assert set_back(silent, ppk=PPK, hours=MORNING).level == "gawat"
    assert set_back([], ppk=PPK, hours=NIGHT).level == "belum"


def test_who_holds_the_results_is_called_first():
    found = set_back([booths(KPPS), box(2, PPS)], ppk=PPK, hours=MORNING)
    assert found.holders == (f"orang {PPS}", f"orang {KPPS}")


def test_results_missing_come_before_booths_missing():
    results = set_back([box(1, PPS), booths(PPK)], ppk=PPK, hours=MORNING)
    only_booths = set_back([box(1, PPK), booths(KPPS)], ppk=PPK, hours=MORNING)
    assert results.urgency < only_booths.urgency


def test_one_sided_is_home_but_to_be_looked_at():
    assert set_back([box(1, PPK, one_sided=True)], ppk=PPK, hours=MORNING).level == "perhatikan"


def test_what_left_the_ppk_before_the_recapitulation_ended_is_named():
    gone = box(1, "gudang:1", since=1_800)
    assert too_early([gone, box(2, PPK)], ppk=PPK, polling_us=H, recap_ended_us=0) == [gone.object_id]
    assert too_early([gone], ppk=PPK, polling_us=H, recap_ended_us=1_900) == [gone.object_id]
    assert too_early([gone], ppk=PPK, polling_us=H, recap_ended_us=1_700) == []


things = st.builds(
    Thing,
    object_id=st.uuids().map(str),
    critical=st.booleans(),
    status=st.sampled_from(["belum_ada", "dipegang", "ditawarkan", "sengketa", "belum_terlihat"]),
    post=st.sampled_from(["", PPK, PPS, KPPS, "ppk:33.16.05", "gudang:1", "angkutan:1"]),
    since_us=st.integers(0, 3_000),
    holder=st.sampled_from(["", "a", "b"]),
    one_sided=st.booleans(),
)


@given(st.lists(things, max_size=8), st.sampled_from([NIGHT, MORNING]))
def test_green_means_that_each_thing_is_home_with_evidence(some, hours):
    found = set_back(some, ppk=PPK, hours=hours)
    home = [spot_of(thing, ppk=PPK, polling_us=H) in BACK for thing in some]
    assert found.whole == (bool(some) and all(home))
    if found.level == "aman":
        assert found.whole
        assert all(thing.since_us >= H for thing in some)
    assert found.back + sum(not each for each in home) == found.things


def at_post(name, post, since):
    return Thing(name, critical=True, status="dipegang", post=post, since_us=since, holder="orang")


PPS_SET, PPK_SET = "kotak:pemilu-2024:091015-PPS-1", "kotak:pemilu-2024:090000-PPK-1"


@pytest.mark.parametrize(
    ("level", "post", "since", "spot"),
    [
        pytest.param(
            "pps", PPS, 900, "pps", id="a PPS set at its PPS since before polling is known to be there"
        ),
        pytest.param("pps", PPK, 900, "belum", id="a PPS set at the PPK since before polling never went out"),
        pytest.param("pps", PPK, 1_200, "ppk", id="a PPS set back at its PPK"),
        pytest.param("ppk", PPK, 900, "ppk", id="a PPK set at its PPK, since whenever"),
        pytest.param("ppk", "gudang:1", 900, "belum", id="a PPK set that never left the warehouse"),
        pytest.param("ppk", "ppk:33.16.05", 900, "belum", id="a PPK set at another PPK is not home"),
        pytest.param("ppk", "gudang:1", 1_200, "lewat", id="a PPK set past its PPK"),
    ],
)
def test_where_the_sets_of_pps_and_ppk_are(level, post, since, spot):
    thing = at_post(PPS_SET if level == "pps" else PPK_SET, post, since)
    assert spot_of(thing, ppk=PPK, polling_us=H, level=level) == spot


def test_a_ppk_set_that_stayed_at_its_ppk_is_no_line_of_the_morning():
    found = set_back([at_post(PPK_SET, PPK, 900)], ppk=PPK, hours=MORNING, level="ppk")
    assert (found.whole, found.level) == (True, "aman")
