"""Roads that end, clocks at a break, and what the corridor of rules can and cannot tell."""

import numpy as np
import pytest

from tepat.distribution.checker import check
from tepat.distribution.checker.corridor import rules


def corridor(judge, documents, **changes):
    """Rows by id after setting fields of the problem (and `plan` fields under that key)."""
    problem, plan = documents()
    plan |= changes.pop("plan", {})
    return {row.id: row for row in judge(problem | changes, plan).rules}


@pytest.mark.parametrize("layer", [0, 1])
def test_a_leg_without_a_road_is_named(layer, read, documents, matrices):
    problem, plan = read(*documents())
    table = matrices["pikap", "kering"].copy()
    table[:, 2, 3] = -1
    if layer:
        table = np.where(table < 0, np.int32(-1), table)
    findings = check(problem, plan, matrices | {("pikap", "kering"): table}).findings
    assert [finding.code for finding in findings] == ["CHECK-NO-ROAD"]
    assert findings[0].where == {"trip": "R2", "place": "B"}


def test_a_matrix_of_another_problem_is_our_own_mistake(read, documents):
    with pytest.raises(AssertionError):
        check(*read(*documents()), {("truk", "kering"): np.zeros((2, 2, 2), dtype=np.int32)})


def test_a_moment_at_a_break_may_stand_at_either_edge(judge, documents, at):
    problem, plan = documents()
    trip = plan["trips"][1]
    trip["date"] = "2024-02-12"
    late = {
        "08:09": "12:00",
        "08:19": "12:55",
        "08:29:30": "13:05:30",
        "08:44:30": "13:20:30",
        "08:52": "13:28",
    }
    trip["load_at"] = at("12 11:51")
    trip["return_at"] = at("12 13:39:40")
    stops = trip["stops"]
    stops[0] |= {"arrive_at": at("12 " + late["08:19"]), "unload_at": at("12 " + late["08:19"])}
    stops[0]["done_at"] = at("12 " + late["08:29:30"])
    stops[1] |= {"arrive_at": at("12 " + late["08:44:30"]), "unload_at": at("12 " + late["08:44:30"])}
    stops[1]["done_at"] = at("12 " + late["08:52"])
    plan["totals"]["last_pps_at"] = stops[1]["done_at"]
    for edge in ("12:00", "12:20", "12:45"):
        trip["depart_at"] = at(f"12 {edge}")
        assert judge(problem, plan).accepted, edge
    trip["depart_at"] = at("12 12:46")
    assert not judge(problem, plan).accepted


def test_three_trips_of_one_vehicle_are_seen_to_overlap_beyond_their_neighbour(judge, documents, at):
    problem, plan = documents()
    empty = {
        "stops": [],
        "distance_m": 0,
        "date": "2024-02-12",
        "origin": "K",
        "vehicle": "P1",
        "escort": None,
    }
    crew = {"driver": "S2", "in_charge": "I2", "deputy": "D2"}
    for name, load, depart in (("R3", "08:10", "08:15"), ("R4", "09:00", "09:05"), ("R5", "09:05", "09:10")):
        clocks = {
            "load_at": at(f"12 {load}"),
            "depart_at": at(f"12 {depart}"),
            "return_at": at(f"12 {depart}"),
        }
        plan["trips"].append({"id": name} | empty | crew | clocks)
    found = [
        (one.facts["trip"], one.facts["other_trip"])
        for one in judge(problem, plan).findings
        if one.code == "CHECK-OVERLAP"
    ]
    assert found == [("R3", "R2"), ("R4", "R2")]


def test_the_rows_of_the_accepted_plan(judge, documents):
    rows = corridor(judge, documents)
    assert list(rows) == [rule.id for rule in rules()]
    unknown = {name for name, row in rows.items() if row.verdict == "unknown"}
    assert {name for name, row in rows.items() if row.verdict == "breached"} == set()
    assert unknown == {
        "ppk-supervises",
        "escort-switch",
        "polri",
        "docks",
        "stores",
        "warehouse",
        "flood",
        "gate",
        "prices",
        "travel-times",
        "counts",
        "notices",
        "two-people",
        "guards",
        "bawaslu",
    }
    assert rows["law-h1"].source == "UU 7/2017 pasal 341"
    assert rows["law-h1"].detail.endswith("yang terakhir 13-02-2024 pukul 13.30.")
    assert rows["polri"].detail.startswith("1 perjalanan tanpa pengawal, 1 dengan pengawal")
    assert rows["rest"].title == "Istirahat petugas di antara dua hari tugas"
    assert rows["prices"].detail == "14 dari 14 baris memakai harga contoh; total bukan anggaran."
    assert all("{" not in row.detail + row.source for row in rows.values())


@pytest.mark.parametrize(
    ("code", "law"),
    [
        ("pilkada-2024", "UU Pilkada (Perppu 1/2014) pasal 78"),
        ("pemilihan-2031", "UU 7/2017 pasal 341; UU Pilkada (Perppu 1/2014) pasal 78"),
    ],
)
def test_the_law_is_that_of_the_election(code, law, judge, documents):
    election = {"code": code, "name": code, "polling_date": "2024-02-14"}
    assert corridor(judge, documents, election=election)["law-h1"].source == law


def test_undelivered_sets_breach_the_law_and_the_target(judge, documents):
    rows = corridor(judge, documents, plan={"deliveries": []})
    assert rows["law-h1"].verdict == rows["office-target"].verdict == "breached"
    assert rows["law-h1"].detail.startswith("4 dari 4 set TPS")


def test_switches_that_are_on_are_judged(judge, documents):
    problem, plan = documents()
    problem["rules"] |= {"docks_apply": True, "escort_required": True, "rest_s_min": 30_600}
    plan["trips"][1]["escort"] = "E2"
    for escort in problem["escorts"]:
        escort["phone"] = "0296"
    rows = {row.id: row for row in judge(problem, plan).rules}
    assert [rows[name].verdict for name in ("docks", "escort-switch", "polri")] == ["met"] * 3
    assert rows["rest"].source == "Aturan kantor: paling sedikit 8,5 jam"
    plan["trips"][1]["escort"] = None
    rows = {row.id: row for row in judge(problem, plan).rules}
    assert rows["escort-switch"].verdict == "breached"
    assert rows["escort-switch"].detail == "Saklar menyala; 1 perjalanan tanpa pengawal yang dikenal."


GOOD = {"cctv": True, "fire_extinguisher": True, "guards": 2, "flood": "genangan 2021"}


@pytest.mark.parametrize(
    ("facts", "note", "verdict", "words"),
    [
        ({}, "", "unknown", "CCTV Tempat G, APAR Tempat G, penjaga Tempat G"),
        (GOOD, "", "met", "Tempat G punya ketiganya"),
        (GOOD, "Calon gudang (contoh)", "unknown", "Belum disurvei: Tempat G"),
        (GOOD | {"fire_extinguisher": False, "guards": 0}, "", "breached", "APAR Tempat G, penjaga Tempat G"),
    ],
)
def test_the_warehouse_is_judged_by_its_survey(facts, note, verdict, words, judge, documents):
    problem, plan = documents()
    problem["places"][0] |= {"warehouse": facts | {"gate_class": "truk"}, "note": note}
    rows = {row.id: row for row in judge(problem, plan).rules}
    assert rows["warehouse"].verdict == verdict
    assert words in rows["warehouse"].detail
    assert rows["gate"].verdict == ("unknown" if note else "met")
    assert rows["flood"].verdict == "unknown"
    assert rows["flood"].detail == f"Catatan survei: Tempat G: {facts.get('flood', 'belum ada')}."


def test_missing_crew_payers_and_ppk_sets_are_told(judge, documents):
    problem, plan = documents()
    plan["trips"][0]["deputy"] = None
    plan["costs"][0]["payer"] = " "
    plan["costs"][1] |= {"account": "", "label": ""}
    rows = {row.id: row for row in judge(problem, plan).rules}
    assert rows["crew"].verdict == "unknown"
    assert rows["payer"].detail == "Tanpa pembayar atau akun: Biaya sewa-truk, sewa-pikap."
    plan["unserved"] = [{"unit": "PPK-K", "code": "X", "reason": "tertinggal"}]
    rows = {row.id: row for row in judge(problem, plan).rules}
    assert rows["ppk-sets"].verdict == "breached"
    problem["units"] = [unit for unit in problem["units"] if unit["kind"] != "ppk"]
    plan["unserved"] = []
    for trip in plan["trips"]:
        for stop in trip["stops"]:
            stop["units"] = [unit for unit in stop["units"] if unit != "PPK-K"]
    rows = {row.id: row for row in judge(problem, plan).rules}
    assert rows["ppk-sets"].verdict == "unknown"


def test_measured_times_real_prices_and_known_stores_are_met(judge, documents):
    problem, plan = documents()
    for matrix in problem["matrices"]:
        matrix |= {"source": "kantor", "error_low_percent": 0, "error_high_percent": 0}
    for price in [*problem["prices"], *plan["costs"]]:
        price["contoh"] = False
    for place in problem["places"]:
        place["boxes_max"] = 500
    plan["totals"]["guard_nights"] = 0
    rows = {row.id: row for row in judge(problem, plan).rules}
    assert [rows[name].verdict for name in ("travel-times", "prices", "stores", "guards")] == ["met"] * 4


def test_a_plan_that_serves_nobody_is_read_too(judge, documents):
    problem, plan = documents()
    plan |= {"trips": [], "deliveries": [], "costs": []}
    plan["unserved"] = [
        {"unit": unit["id"], "code": "X", "reason": "belum ada kendaraan"} for unit in problem["units"]
    ]
    problem["prices"] = []
    problem["strategies"][0]["warehouses"] = []
    for field in (
        "cost_rupiah",
        "distance_m",
        "vehicle_days",
        "trips",
        "handovers",
        "guard_nights",
        "units_served",
    ):
        plan["totals"][field] = 0
    plan["totals"] |= {"units_unserved": 6, "slack_s": None}
    plan["totals"] |= {"last_ppk_at": None, "last_pps_at": None, "last_kpps_at": None}
    verdict = judge(problem, plan)
    assert verdict.status == "incomplete"
    assert {finding.code for finding in verdict.findings} == {"CHECK-UNSERVED"}


def test_goods_that_are_ready_and_in_time_say_nothing(judge, documents, at):
    problem, plan = documents()
    problem["units"][0] |= {"origin": "G", "ready_at": at("11 11:00"), "due_at": at("12 08:29:30")}
    problem["places"][1]["boxes_max"] = 18
    assert judge(problem, plan).accepted


@pytest.mark.parametrize(("done", "codes"), [("12:00", []), ("12:20", ["CHECK-HOURS-PLACE"]), ("12:45", [])])
def test_unloading_ends_while_the_place_is_open(done, codes, judge, documents, at):
    """R1 ten minutes and ten seconds earlier than 11.00: K is done when the break begins."""
    problem, plan = documents()
    trip = plan["trips"][0]
    trip |= {"load_at": at("11 10:50:10"), "depart_at": at("11 11:04")}
    trip["stops"][0] |= {
        "arrive_at": at("11 11:44"),
        "unload_at": at("11 11:44"),
        "done_at": at(f"11 {done}"),
    }
    trip["stops"][1]["arrive_at"] = at("11 13:05")
    plan["totals"]["last_ppk_at"] = at(f"11 {done}")
    assert [finding.code for finding in judge(problem, plan).findings] == codes


def test_work_that_takes_no_time_is_no_breach(judge, documents, at):
    problem, plan = documents()
    problem["vehicle_types"][1] |= {"load_fixed_s": 0, "load_s_per_box": 0, "unload_s_per_box": 0}
    problem["places"][2]["stop_s"] = problem["places"][3]["stop_s"] = 0
    trip = plan["trips"][1]
    trip |= {"depart_at": at("12 08:00"), "return_at": at("12 08:36:40")}
    for stop, clock in zip(trip["stops"], ("12 08:10", "12 08:25"), strict=True):
        stop |= {"arrive_at": at(clock), "unload_at": at(clock), "done_at": at(clock)}
    plan["totals"]["last_pps_at"] = at("12 08:25")
    assert [finding.code for finding in judge(problem, plan).findings] == []


def test_a_date_that_is_wrong_in_every_way_is_told_once(judge, documents):
    problem, plan = documents()
    del problem["days"][1]
    problem["vehicles"][1]["dates"] = []
    problem["strategies"][0]["dates_by_origin"]["ppk"] = []
    findings = judge(problem, plan).findings
    assert [finding.code for finding in findings] == ["CHECK-DATE-DAY"]
    assert findings[0].facts["known"] == "11-02-2024, 13-02-2024"
    problem["days"].append({"date": "2024-02-12"})
    findings = judge(problem, plan).findings
    assert [finding.facts["known"] for finding in findings] == ["tidak ada"]


@pytest.mark.parametrize(("limit", "done"), [("target_at", "13 18:00"), ("law_at", "14 00:00")])
def test_a_delivery_that_ends_at_the_limit_is_in_time(limit, done, judge, documents, at):
    problem, plan = documents()
    day, hour = done.split(":")[0].split()
    start = f"13 {(int(hour) or 24) - 1:02d}:00"
    plan["deliveries"][3] |= {"start_at": at(start), "done_at": at(done)}
    plan["totals"] |= {"last_kpps_at": at(done), "slack_s": 0 if day == "13" else -21_600}
    late = [finding.code for finding in judge(problem, plan).findings]
    assert late == ([] if limit == "target_at" else ["CHECK-TARGET"])


def test_a_delivery_may_begin_the_moment_the_set_is_there_and_take_no_time(judge, documents, at):
    problem, plan = documents()
    problem["last_mile"]["handover_s"] = 0
    morning = {"opens_at": at("12 07:00"), "closes_at": at("12 12:00")}
    problem["hours"]["serah"] = [morning, *problem["hours"]["serah"]]
    for delivery in plan["deliveries"]:
        delivery["done_at"] = delivery["start_at"]
    plan["deliveries"][2] |= {"start_at": at("12 08:52"), "done_at": at("12 08:52")}
    plan["totals"] |= {"last_kpps_at": at("13 11:30"), "slack_s": 23_400}
    findings = judge(problem, plan).findings
    money = {"CHECK-COST-QUANTITY", "CHECK-COST-AMOUNT", "CHECK-COST-LINES", "CHECK-TOTAL"}
    assert {finding.code for finding in findings} <= money, "B-001 stays one night less"


def test_a_crowded_dock_and_a_full_store_are_told_once_each(judge, documents, at):
    problem, plan = documents()
    problem["rules"]["docks_apply"] = True
    problem["places"][2]["boxes_max"] = 0
    crew = {"driver": "S3", "in_charge": "I3", "deputy": "D3", "escort": None}
    clocks = {"load_at": at("12 08:00"), "depart_at": at("12 08:05"), "return_at": at("12 08:05")}
    trip = (
        {"vehicle": "P2", "date": "2024-02-12", "origin": "K", "stops": [], "distance_m": 0} | crew | clocks
    )
    plan["trips"] += [trip | {"id": "R3"}, trip | {"id": "R4"}]
    found = [
        finding for finding in judge(problem, plan).findings if finding.code in {"CHECK-DOCKS", "CHECK-STORE"}
    ]
    assert [(one.code, one.facts["place"], one.facts["found"]) for one in found] == [
        ("CHECK-STORE", "A", 1),
        ("CHECK-DOCKS", "K", 2),
    ]


def test_a_vehicle_may_leave_a_dock_as_the_next_one_comes(judge, documents, at):
    problem, plan = documents()
    problem["rules"]["docks_apply"] = True
    crew = {"driver": "S3", "in_charge": "I3", "deputy": "D3", "escort": None}
    clocks = {"load_at": at("12 08:09"), "depart_at": at("12 08:14"), "return_at": at("12 08:14")}
    trip = (
        {"vehicle": "P2", "date": "2024-02-12", "origin": "K", "stops": [], "distance_m": 0} | crew | clocks
    )
    plan["trips"].append(trip | {"id": "R3"})
    assert "CHECK-DOCKS" not in {finding.code for finding in judge(problem, plan).findings}


def test_a_full_vehicle_is_not_too_full(judge, documents):
    problem, plan = documents()
    problem["vehicle_types"][0] |= {"boxes_max": 23, "volume_ml_max": 2_300_000, "weight_g_max": 230_000}
    assert judge(problem, plan).accepted


@pytest.mark.parametrize(
    ("gate", "vehicle_class", "passes"),
    [
        ("truk", "truk", True),
        ("truk", "pikap", True),
        ("pikap", "pikap", True),
        ("pikap", "truk", False),
        ("motor", "pikap", False),
        ("motor", "motor", True),
    ],
)
def test_a_gate_lets_through_what_is_not_larger(
    gate, vehicle_class, passes, judge, documents, matrices, read
):
    problem, plan = documents()
    problem["places"][0]["warehouse"] = {"gate_class": gate}
    problem["vehicle_types"][0]["vehicle_class"] = vehicle_class
    table = matrices["truk", "kering"]
    verdict = check(*read(problem, plan), {(one, "kering"): table for one in ("truk", "pikap", "motor")})
    assert ("CHECK-GATE" in {finding.code for finding in verdict.findings}) is not passes
    assert {row.id: row.verdict for row in verdict.rules}["gate"] == ("met" if passes else "breached")


def test_a_set_loaded_twice_too_early_is_told_once(judge, documents, at):
    problem, plan = documents()
    problem["units"][0]["ready_at"] = at("13 00:00")
    assert [finding.code for finding in judge(problem, plan).findings] == ["CHECK-NOT-READY"]
