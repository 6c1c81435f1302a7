"""What a finding says beside its code: the numbers, the choice there was; and bounds that are no fault."""

import pytest


def facts(verdict, code):
    return next(finding.facts for finding in verdict.findings if finding.code == code)


def test_a_set_may_be_loaded_again_the_moment_it_is_unloaded(judge, documents, at):
    problem, plan = documents()
    trip = plan["trips"][1]
    trip |= {"date": "2024-02-11", "load_at": at("11 12:54:50"), "depart_at": at("11 13:03:50")}
    first, second = trip["stops"]
    first |= {"arrive_at": at("11 13:13:50"), "unload_at": at("11 13:13:50"), "done_at": at("11 13:24:20")}
    second |= {"arrive_at": at("11 13:39:20"), "unload_at": at("11 13:39:20"), "done_at": at("11 13:46:50")}
    trip["return_at"] = at("11 13:58:30")
    found = {finding.code for finding in judge(problem, plan).findings}
    assert found == {"CHECK-COST-QUANTITY", "CHECK-COST-AMOUNT", "CHECK-TOTAL"}, "other nights, nothing else"


def test_a_ppk_set_is_said_to_go_straight_to_its_ppk(judge, documents, at):
    problem, plan = documents()
    stop = {"place": "K", "units": ["PPK-K"], "arrive_at": at("12 10:05:30"), "unload_at": at("12 10:05:30")}
    clocks = {"load_at": at("12 10:00"), "depart_at": at("12 10:05:30"), "return_at": at("12 10:16:30")}
    crew = {"driver": "S3", "in_charge": "I3", "deputy": "D3", "escort": None}
    trip = {"id": "R3", "vehicle": "P2", "date": "2024-02-12", "origin": "K", "distance_m": 0}
    plan["trips"].append(trip | clocks | crew | {"stops": [stop | {"done_at": at("12 10:16:30")}]})
    assert facts(judge(problem, plan), "CHECK-PATH")["path"] == "langsung"


def test_the_path_of_a_set_is_that_of_its_pps(judge, changed):
    verdict = judge(*changed({"problem.strategies.0.path_by_place": {}}))
    assert facts(verdict, "CHECK-PATH") == {
        "unit": "C-001",
        "trip": "R1",
        "place": "C",
        "expected": "C",
        "origin": "G",
        "path": "lewat-ppk",
    }


@pytest.mark.parametrize(
    ("pin", "wanted"),
    [
        ({"vehicle": "P2"}, "P2"),
        ({"date": "2024-02-13"}, "13-02-2024"),
        ({"vehicle": "T1", "date": "2024-02-12"}, "T1, 12-02-2024"),
    ],
)
def test_a_broken_pin_says_what_was_promised(pin, wanted, judge, changed):
    verdict = judge(*changed({"problem.pins": [{"unit": "A-001", "reason": "janji camat"} | pin]}))
    assert facts(verdict, "CHECK-PIN")["expected"] == wanted
    assert "janji camat" in verdict.findings[0].message.text


@pytest.mark.parametrize(("open_ones", "known"), [(["G2"], "G2"), ([], "tidak ada")])
def test_the_open_warehouses_are_named(open_ones, known, judge, changed):
    verdict = judge(*changed({"problem.strategies.0.warehouses": open_ones}))
    assert facts(verdict, "CHECK-WAREHOUSE")["known"] == known


def test_rest_of_exactly_the_least_is_enough(judge, changed):
    """R1 is back on the 11th at 14.26.40; R2 loads on the 12th at 8.00.00: 17 h 33 min 20 s = 63,200 s."""
    rested = {"problem.rules.rest_s_min": 63_200, "plan.trips.1.driver": "S1"}
    assert judge(*changed(rested)).accepted
    tired = judge(*changed(rested | {"problem.rules.rest_s_min": 63_201}))
    assert (facts(tired, "CHECK-REST")["found"], facts(tired, "CHECK-REST")["expected"]) == (63_200, 63_201)


@pytest.mark.parametrize(("load", "codes"), [("09:03:40", set()), ("09:03:39", {"CHECK-PERSON-OVERLAP"})])
def test_a_person_may_leave_again_the_moment_they_are_back(load, codes, judge, documents, at):
    problem, plan = documents()
    seconds = int(load.rpartition(":")[2])
    depart = f"12 09:08:{seconds}"
    clocks = {"load_at": at(f"12 {load}"), "depart_at": at(depart), "return_at": at(depart)}
    crew = {"driver": "S2", "in_charge": "I3", "deputy": "D3", "escort": None}
    trip = {"id": "R3", "vehicle": "P2", "date": "2024-02-12", "origin": "K", "stops": [], "distance_m": 0}
    plan["trips"].append(trip | clocks | crew)
    found = {finding.code for finding in judge(problem, plan).findings}
    assert found & {"CHECK-PERSON-OVERLAP", "CHECK-REST"} == codes


@pytest.mark.parametrize(
    ("metres", "amount"), [(18_001, 45_003), (18_000, 45_000), (17_999, 44_998), (17_998, 44_995)]
)
def test_kilometres_are_rounded_half_up(metres, amount, read, documents, matrices):
    from tepat.distribution.checker.money import bill
    from tepat.distribution.checker.reading import Reading

    table = matrices["pikap", "kering"].copy()
    table[1, 3, 1] = metres - 12_000
    problem, plan = read(*documents())
    lines = bill(Reading(problem, plan, matrices | {("pikap", "kering"): table}))
    assert {line.price: line.amount_rupiah for line in lines}["km-pikap"] == amount


def test_a_set_half_way_or_carried_twice_is_told_by_its_place(judge, changed):
    half = judge(*changed({"plan.trips.1.stops.1.units": []}))
    assert facts(half, "CHECK-HALF-WAY") == {"unit": "B-001", "place": "B"}
    not_begun = judge(*changed({"plan.trips.0.stops.0.units": ["A-001", "A-002", "PPS-A", "PPK-K"]}))
    assert facts(not_begun, "CHECK-HALF-WAY") == {"unit": "B-001", "place": "K"}
    twice = judge(*changed({"plan.trips.0.stops.1.units": ["C-001", "C-001"]}))
    assert facts(twice, "CHECK-TWICE") == {"unit": "C-001", "place": "C", "count": 2, "trips": "R1, R1"}


@pytest.mark.parametrize(("access", "told"), [(["pikap", "motor"], "pikap, motor"), ([], "tidak ada")])
def test_who_may_go_there_is_told(access, told, judge, changed):
    verdict = judge(*changed({"problem.places.0.access": access}))
    assert facts(verdict, "CHECK-ACCESS")["access"] == told
    pinned = judge(*changed({"problem.pins": [{"unit": "A-001", "vehicle": "P2"}]}))
    assert facts(pinned, "CHECK-PIN")["reason"] == "-"
