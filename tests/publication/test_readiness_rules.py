"""Kesiapan: never green without evidence, and the right TPS are chased first."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tepat.custody.facts import microseconds
from tepat.publication.rules_readiness import (
    GRACE_US,
    Clock,
    Evidence,
    Hands,
    Leg,
    Packed,
    Papers,
    Seals,
    assess,
    handed,
    papers,
    person,
    risk,
    seals,
    vehicle,
    where,
    worst,
)


def us(day, hour, minute=0):
    """Return a moment in WIB of February 2024."""
    return microseconds(datetime(2024, 2, day, hour, minute, tzinfo=UTC)) - 7 * 3_600_000_000


ALARM, LAW = us(13, 12), us(14, 0)
LEG = Leg("T-1", "CDD-1", us(11, 8), us(11, 11), us(13, 10), ("in_charge", "deputy", "driver"))


def at(moment_us):
    return Clock(moment_us, ALARM, LAW)


WHOLE = Evidence(
    packed=Packed("lengkap"),
    seals=Seals(boxes=5, sealed=5, read=5),
    hands=Hands(objects=7, received=7, stage="kpps", since_us=us(13, 9)),
    papers=Papers(printed=1, back=1),
    leg=LEG,
    committee=3,
    reachable=1,
)


def test_a_tps_with_all_evidence_is_green_in_all_six():
    found = assess(WHOLE, at(ALARM))
    assert [aspect.level for aspect in found.aspects] == ["aman"] * 6
    assert found.level == "aman"


def test_a_tps_of_which_nothing_is_known_is_grey_and_never_green():
    found = assess(Evidence(), at(us(1, 8)))
    assert [aspect.level for aspect in found.aspects] == ["belum"] * 6
    assert found.level == "belum"


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        pytest.param([], "belum", id="nothing at all"),
        pytest.param(["aman", "perhatikan"], "perhatikan", id="one to look at"),
        pytest.param(["aman", "perhatikan", "belum"], "belum", id="no evidence outweighs a remark"),
        pytest.param(["belum", "gawat", "aman"], "gawat", id="grave outweighs all"),
    ],
)
def test_the_worst_aspect_is_the_state_of_the_tps(levels, expected):
    assert worst(levels) == expected


@pytest.mark.parametrize(
    ("hands", "moment", "expected"),
    [
        pytest.param(Hands(5), us(12, 8), ("belum", "belum diterima"), id="H-2, nothing yet"),
        pytest.param(Hands(5, received=3), us(12, 8), ("perhatikan", "3 dari 5 diterima"), id="H-2, a part"),
        pytest.param(Hands(5), ALARM, ("gawat", "belum diterima"), id="H-1 noon, planned for 10.00"),
        pytest.param(Hands(5), LAW - 1, ("gawat", "belum diterima"), id="last minute of H-1"),
        pytest.param(Hands(5, 5), LAW, ("aman", "diterima KPPS"), id="received before the law's end"),
        pytest.param(Hands(5, 5, one_sided=1), ALARM, ("perhatikan", "sepihak"), id="one side only"),
        pytest.param(Hands(5, 4, disputed=1), us(12, 8), ("gawat", "1 sengketa"), id="in dispute"),
        pytest.param(Hands(5, 4, missing=1), us(12, 8), ("gawat", "1 belum terlihat"), id="not seen"),
        pytest.param(Hands(5, 3, refused=2), us(12, 8), ("gawat", "2 ditolak"), id="two wet boxes refused"),
        pytest.param(Hands(5, 4, elsewhere=1), us(12, 8), ("gawat", "1 di TPS lain"), id="at another TPS"),
    ],
)
def test_the_receipt_of_the_kpps(hands, moment, expected):
    found = handed(hands, LEG, at(moment))
    assert (found.level, found.words) == expected


def test_after_noon_a_tps_that_is_planned_for_later_is_not_late_yet():
    later = msgspec.structs.replace(LEG, receive_us=us(13, 15))
    assert handed(Hands(5), later, at(us(13, 16))).level == "perhatikan"
    assert handed(Hands(5), later, at(us(13, 16) + 1)).level == "gawat"
    assert handed(Hands(5), later, at(LAW)).level == "gawat"


@pytest.mark.parametrize(
    ("found", "stage", "expected"),
    [
        pytest.param(
            Seals(5, 5), "gudang", ("aman", "5 tersegel"), id="in the warehouse nobody read them yet"
        ),
        pytest.param(Seals(5, 5, read=3), "pps", ("perhatikan", "2 belum dibaca"), id="unread is no match"),
        pytest.param(Seals(5, 5, read=4, differs=1), "pps", ("gawat", "1 beda nomor"), id="another number"),
        pytest.param(Seals(5, 4), "gudang", ("perhatikan", "4 dari 5 tersegel"), id="one is missing"),
        pytest.param(Seals(5, 4, opened=1), "pps", ("gawat", "1 dibuka di luar rencana"), id="opened"),
        pytest.param(Seals(5, 0), "gudang", ("belum", "belum disegel"), id="none"),
    ],
)
def test_seals(found, stage, expected):
    said = seals(found, Hands(7, stage=stage))
    assert (said.level, said.words) == expected


@pytest.mark.parametrize(
    ("leg", "stage", "moment", "level"),
    [
        pytest.param(None, "gudang", us(9, 8), "belum", id="no published plan"),
        pytest.param(Leg(), "gudang", us(9, 8), "gawat", id="the plan leaves it behind"),
        pytest.param(LEG, "gudang", us(9, 8), "aman", id="vehicle and driver named"),
        pytest.param(LEG, "gudang", us(11, 9, 1), "gawat", id="should have left an hour ago"),
        pytest.param(LEG, "angkutan", us(11, 9, 1), "aman", id="on its way"),
        pytest.param(LEG, "angkutan", us(11, 12, 1), "gawat", id="should have arrived an hour ago"),
        pytest.param(LEG, "pps", us(13, 9), "aman", id="has arrived"),
    ],
)
def test_the_vehicle(leg, stage, moment, level):
    assert vehicle(Evidence(hands=Hands(5, stage=stage), leg=leg), at(moment)).level == level


def test_example_vehicles_are_no_evidence_of_a_vehicle():
    leg = msgspec.structs.replace(LEG, example=True)
    assert vehicle(Evidence(hands=Hands(5, stage="gudang"), leg=leg), at(us(9, 8))).level == "perhatikan"


def test_who_answers_for_it():
    assert person(Evidence()).level == "belum"
    assert person(Evidence(leg=LEG)).level == "gawat"
    alone = msgspec.structs.replace(LEG, crew=("in_charge",))
    assert person(Evidence(leg=alone, committee=3, reachable=3)).words == "tanpa wakil"
    assert person(Evidence(leg=LEG, committee=3)).words == "PPS tanpa nomor telepon"
    named = person(Evidence(leg=LEG, committee=3, reachable=1, ready=2))
    assert (named.level, named.words) == ("perhatikan", "1 dari 3 belum menyatakan siap")
    assert person(Evidence(leg=LEG, committee=3, reachable=1, ready=3)).level == "aman"


def test_a_printed_paper_is_green_only_once_it_came_back():
    received = Hands(5, 5)
    assert papers(Papers(), Hands(5), at(us(9, 8))).level == "belum"
    assert papers(Papers(), Hands(5), at(ALARM)).level == "gawat"
    assert papers(Papers(2), received, at(ALARM)).level == "perhatikan"
    assert papers(Papers(2, 1), received, at(ALARM)).words == "1 dari 2 halaman kembali"
    assert papers(Papers(2, 2), received, at(ALARM)).level == "aman"


def test_those_in_dispute_are_called_first_then_the_farthest_back_then_the_largest():
    def place(hands, voters):
        return risk(Evidence(hands=hands, leg=LEG), voters=voters, clock=at(ALARM))

    asked = {
        "sengketa": place(Hands(5, disputed=1, stage="kpps"), 100),
        "ditolak": place(Hands(5, refused=1, stage="pps"), 100),
        "di gudang": place(Hands(5, stage="gudang"), 100),
        "di PPS, besar": place(Hands(5, stage="pps"), 280),
        "di PPS, kecil": place(Hands(5, stage="pps"), 90),
    }
    assert sorted(asked, key=asked.__getitem__) == list(asked)
    assert where(Hands(5, disputed=1, stage="kpps")) == "sengketa"
    assert where(Hands(5, stage="ppk")) == "di PPK"


counts = st.integers(0, 9)
hands_made = st.builds(
    Hands,
    objects=counts,
    received=counts,
    disputed=counts,
    missing=counts,
    refused=counts,
    one_sided=counts,
    elsewhere=counts,
    stage=st.sampled_from(["", "gudang", "angkutan", "ppk", "pps", "kpps"]),
)
evidence_made = st.builds(
    Evidence,
    packed=st.builds(
        Packed, st.sampled_from(["", "belum", "dikepak", "lengkap"]), st.booleans(), st.booleans()
    ),
    seals=st.builds(Seals, counts, counts, counts, counts, counts),
    hands=hands_made,
    papers=st.builds(Papers, counts, counts),
    leg=st.none() | st.just(LEG) | st.just(Leg()),
    committee=counts,
    reachable=counts,
)


@given(evidence_made, st.integers(us(1, 0), us(15, 0)))
def test_green_needs_its_evidence(evidence, moment):
    found, hands = assess(evidence, at(moment)), evidence.hands
    if found.hands.level == "aman":
        assert hands.whole
        assert not (hands.disputed)
        assert not (hands.missing)
        assert not (hands.refused)
        assert not (hands.elsewhere)
        assert not (hands.one_sided)
    if found.packed.level == "aman":
        assert evidence.packed.state == "lengkap"
    if found.seals.level == "aman":
        assert evidence.seals.sealed
    if found.papers.level == "aman":
        assert evidence.papers.back >= evidence.papers.printed > 0
    if found.vehicle.level == "aman":
        assert hands.stage in {"pps", "kpps"} or (evidence.leg and evidence.leg.trip)
    assert found.level == worst(aspect.level for aspect in found.aspects)


@given(hands_made, st.integers(us(1, 0), us(15, 0)), st.integers(0, 48))
def test_time_alone_never_makes_a_missing_receipt_better(hands, moment, hours):
    """Let the order of worsening be: no evidence or a part, then late."""
    before = handed(hands, LEG, at(moment)).level
    after = handed(hands, LEG, at(moment + hours * GRACE_US)).level
    assert not (before == "gawat" and after != "gawat")
