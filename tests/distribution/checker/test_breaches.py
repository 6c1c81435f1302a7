"""Each fault alone in a plan that is otherwise right: found, and for the right reason only."""

import msgspec
import pytest

from tepat.common.messages import table
from tepat.distribution.documents import sha256
from tepat.distribution.plans import Trip

MONEY = {"CHECK-COST-LINES", "CHECK-COST-QUANTITY", "CHECK-COST-AMOUNT", "CHECK-COST-PRICE", "CHECK-TOTAL"}
ELSEWHERE = {  # in test_files.py and test_edges.py
    "CHECK-MATRIX-NAME",
    "CHECK-MATRIX-MISSING",
    "CHECK-MATRIX-TOO-LARGE",
    "CHECK-MATRIX-CHANGED",
    "CHECK-MATRIX-SHAPE",
    "CHECK-NO-ROAD",
}
LOW_BED = {"length_mm": 2000, "width_mm": 1850, "height_mm": 1190, "layers_max": 3}
LEFT = {"unit": "B-002", "code": "TEST", "reason": "kendaraan habis"}
B_002 = {"id": "B-002", "kind": "tps", "place": "B", "boxes": 5, "volume_ml": 1, "weight_g": 1, "tps": "002"}
T1_LATER = {"id": "R3", "vehicle": "T1", "origin": "G2", "driver": "S1", "in_charge": "I1", "deputy": "D1"}
P1_AGAIN = {"id": "R3", "vehicle": "P1", "origin": "K", "driver": "S2", "in_charge": "I2", "deputy": "D2"}
P2_BESIDE = {"id": "R3", "vehicle": "P2", "origin": "K", "driver": "S3", "in_charge": "I3", "deputy": "D3"}


def clock(day, text):
    hours, minutes, *seconds = text.split(":")
    return f"2024-02-{day}T{int(hours) - 7:02d}:{minutes}:{(seconds or ['00'])[0]}Z"


def added(*items):
    return lambda old: [*old, *items]


def without(number):
    return lambda old: [one for at, one in enumerate(old) if at != number]


def empty_trip(who, day, load, depart):
    clocks = {"load_at": clock(day, load), "depart_at": clock(day, depart), "return_at": clock(day, depart)}
    return {"stops": [], "distance_m": 0, "escort": None, "date": f"2024-02-{day}"} | who | clocks


def trip_with(unit, where, clocks, distance_m):
    load, depart, arrive, done, back = (clock(12, text) for text in clocks)
    stop = {"place": where, "arrive_at": arrive, "unload_at": arrive, "done_at": done, "units": [unit]}
    trip = {"date": "2024-02-12", "load_at": load, "depart_at": depart, "return_at": back, "stops": [stop]}
    return P2_BESIDE | {"escort": None, "distance_m": distance_m} | trip


def r2(day, *times):
    """The clocks of R2: load, depart, then arrive, unload and done at A and at B, home."""
    names = ["load_at", "depart_at"]
    names += [f"stops.{stop}.{name}_at" for stop in (0, 1) for name in ("arrive", "unload", "done")]
    changes = zip([*names, "return_at"], times, strict=True)
    return {f"plan.trips.1.{name}": clock(day, text) for name, text in changes}


AT_NOON = ("12:15", "12:54", "13:04", "13:04", "13:14:30", "13:29:30", "13:29:30", "13:37", "13:48:40")
AS_IT_IS = ("08:00", "08:09", "08:19", "08:19", "08:29:30", "08:44:30", "08:44:30", "08:52", "09:03:40")
TOO_SOON = ("08:00", "08:09", "08:19", "08:18:59", "08:29:29", "08:44:29", "08:44:29", "08:51:59", "09:03:39")
TOO_LONG = ("08:00", "08:09", "08:19", "08:19", "08:29:31", "08:44:31", "08:44:31", "08:52:01", "09:03:41")
SLOW_ROAD = ("08:00", "08:09", "08:19", "08:19", "08:29:30", "08:44:31", "08:44:31", "08:52:01", "09:03:41")
NO_WAIT_AT_C = {
    "plan.trips.0.stops.1.unload_at": clock(11, "13:14:50"),
    "plan.trips.0.stops.1.done_at": clock(11, "13:21:30"),
    "plan.trips.0.return_at": clock(11, "14:11:30"),
}
ONLY_A = {
    "plan.trips.1.depart_at": clock(12, "08:07:45"),
    "plan.trips.1.stops": lambda old: [
        old[0]
        | {
            "arrive_at": clock(12, "08:17:45"),
            "unload_at": clock(12, "08:17:45"),
            "done_at": clock(12, "08:28:15"),
        }
    ],
    "plan.trips.1.return_at": clock(12, "08:58:15"),
    "plan.trips.1.distance_m": 20_000,
}
EMPTY_HALT = {
    "plan.trips.1.stops": lambda old: [
        *old,
        {
            "place": "B",
            "units": [],
            "arrive_at": clock(12, "08:52"),
            "unload_at": clock(12, "08:52"),
            "done_at": clock(12, "08:57"),
        },
    ],
    "plan.trips.1.return_at": clock(12, "09:08:40"),
}
SWAPPED = {
    "plan.trips.1.stops.0.units": ["B-001", "A-002", "PPS-A"],
    "plan.trips.1.stops.1.units": ["A-001"],
}
A_TWICE = trip_with("A-001", "A", ("10:00", "10:06:15", "10:16:15", "10:23:45", "10:53:45"), 20_000)
PPK_SET_AGAIN = trip_with("PPK-K", "K", ("10:00", "10:05:30", "10:05:30", "10:16:30", "10:16:30"), 0)
MORNING = {"opens_at": clock(12, "07:00"), "closes_at": clock(12, "12:00")}
OUTSIDE = "2024-02-11T07:00:00"
S = "problem.strategies.0."

BREACHES = [
    ("CHECK-VERSION", {"plan.schema_version": 2}),
    ("CHECK-STRATEGY", {"plan.strategy": "terbang"}),
    ("CHECK-TRIP-TWICE", {"plan.trips.1.id": "R1"}),
    ("CHECK-UNSERVED-TWICE", {"problem.units": added(B_002), "plan.unserved": [LEFT, LEFT]}),
    ("CHECK-UNKNOWN-VEHICLE", {"plan.trips.0.vehicle": "X"}),
    ("CHECK-UNKNOWN-PLACE", {"plan.trips.0.origin": "X"}),
    ("CHECK-UNKNOWN-PLACE", {"plan.trips.0.stops.0.place": "X"}),
    ("CHECK-UNKNOWN-UNIT", {"plan.trips.0.stops.1.units": ["X"]}),
    ("CHECK-UNKNOWN-UNIT", {"plan.deliveries.0.unit": "X"}),
    ("CHECK-UNKNOWN-UNIT", {"plan.unserved": [LEFT]}),
    ("CHECK-MOMENT", {"plan.trips.0.load_at": OUTSIDE}),
    ("CHECK-MOMENT", {"plan.trips.0.stops.0.done_at": OUTSIDE}),
    ("CHECK-MOMENT", {"plan.deliveries.0.done_at": "2024-02-13T02:00:00.25Z"}),
    ("CHECK-MOMENT", {"plan.totals.last_pps_at": OUTSIDE}),
    ("CHECK-VEHICLE", {f"{S}vehicles": ["T1", "P2"]}),
    ("CHECK-HOME", {"problem.vehicles.1.home": "G"}),
    ("CHECK-WAREHOUSE", {f"{S}warehouses": ["G2"]}),
    ("CHECK-WAREHOUSE", {"problem.vehicles.1.home": None}),
    ("CHECK-WAREHOUSE", {"problem.vehicles.0.home": "G", f"{S}warehouses": []}),
    ("CHECK-EMPTY-TRIP", {"plan.trips": added(empty_trip(P2_BESIDE, 12, "10:00", "10:05"))}),
    ("CHECK-EMPTY-STOP", EMPTY_HALT),
    ("CHECK-NO-MATRIX", {"problem.days.1.weather": "hujan"}),
    ("CHECK-ACCESS", {"problem.places.0.access": ["pikap"]}),
    ("CHECK-ACCESS", {"problem.places.3.access": ["truk"]}),
    ("CHECK-GATE", {"problem.places.0.warehouse": {"gate_class": "pikap"}}),
    ("CHECK-MISSING", {"problem.units": added(B_002)}),
    (
        "CHECK-BOTH",
        {"plan.unserved": [LEFT | {"unit": "A-001"}]},
        "CHECK-UNSERVED",
        "CHECK-DELIVERY-UNSERVED",
    ),
    ("CHECK-PLACE", SWAPPED),
    ("CHECK-PATH", {f"{S}path_by_place": {}}),
    ("CHECK-PATH", {"plan.trips": added(PPK_SET_AGAIN)}),
    ("CHECK-PATH", {"problem.pins": [{"unit": "A-001", "path": "langsung"}]}),
    ("CHECK-TWICE", {"plan.trips": added(A_TWICE)}),
    ("CHECK-HALF-WAY", ONLY_A),
    ("CHECK-UNIT-ORIGIN", {"problem.units.0.origin": "G2"}),
    ("CHECK-ONWARD-EARLY", {"plan.trips.1.date": "2024-02-11"} | r2(11, *AS_IT_IS)),
    (
        "CHECK-DELIVERY-KIND",
        {
            "plan.deliveries": added(
                {"unit": "PPS-A", "team": 2, "start_at": clock(13, "08:00"), "done_at": clock(13, "09:00")}
            )
        },
    ),
    ("CHECK-DELIVERY-TWICE", {"plan.deliveries": lambda old: [*old, old[0] | {"team": 2}]}),
    (
        "CHECK-DELIVERY-UNSERVED",
        {
            "problem.units": added(B_002),
            "plan.unserved": [LEFT],
            "plan.deliveries": lambda old: [*old, old[2] | {"unit": "B-002", "team": 2}],
        },
        "CHECK-UNSERVED",
    ),
    ("CHECK-NO-DELIVERY", {"plan.deliveries": without(0)}),
    ("CHECK-UNSERVED", {"problem.units": added(B_002), "plan.unserved": [LEFT]}),
    (
        "CHECK-UNSERVED-REASON",
        {"problem.units": added(B_002), "plan.unserved": [LEFT | {"reason": " "}]},
        "CHECK-UNSERVED",
    ),
    (
        "CHECK-UNSERVED-REASON",
        {"problem.units": added(B_002), "plan.unserved": [LEFT | {"code": ""}]},
        "CHECK-UNSERVED",
    ),
    ("CHECK-PIN", {"problem.pins": [{"unit": "A-001", "vehicle": "P2"}]}),
    ("CHECK-PIN", {"problem.pins": [{"unit": "A-001", "date": "2024-02-13"}]}),
    ("CHECK-PIN", {"problem.pins": [{"unit": "A-001", "vehicle": "T1", "date": "2024-02-12"}]}),
    ("CHECK-LOCK-MISSING", {"problem.locks": [{"trip": "R0", "sha256": "0" * 64}]}),
    ("CHECK-LOCK-CHANGED", {"problem.locks": [{"trip": "R1", "sha256": "0" * 64}]}),
    ("CHECK-BOXES", {"problem.vehicle_types.0.boxes_max": 22}),
    ("CHECK-LOAD-HEIGHT", {"problem.vehicle_types.0.bed": LOW_BED}),
    ("CHECK-VOLUME", {"problem.vehicle_types.0.volume_ml_max": 2_299_999}),
    ("CHECK-WEIGHT", {"problem.vehicle_types.0.weight_g_max": 229_999}),
    ("CHECK-LOAD-ORDER", {"plan.trips.0.load_order": without(0)}),
    ("CHECK-LOAD-ORDER", {"plan.trips.0.load_order": added("A-001")}),
    ("CHECK-LOAD-BLOCKED", {"plan.trips.0.load_order": lambda old: [*old[1:], old[0]]}),
    ("CHECK-STORE", {"problem.places.1.boxes_max": 17}),
    ("CHECK-STORE", {"problem.places.2.boxes_max": 10}),
    ("CHECK-DATE-TRIP", {"plan.trips.1.date": "2024-02-11"}),
    ("CHECK-DATE-DAY", {"problem.days": without(1)}),
    ("CHECK-DATE-VEHICLE", {"problem.vehicles.1.dates": ["2024-02-11"]}),
    ("CHECK-DATE-ORIGIN", {f"{S}dates_by_origin.ppk": ["2024-02-11"]}),
    ("CHECK-DATE-ORIGIN", {f"{S}dates_by_origin": {"ppk": ["2024-02-12"]}}),
    ("CHECK-DATE-PLACE", {f"{S}date_by_place.K": "2024-02-12"}),
    ("CHECK-HOURS-VEHICLE", r2(12, *AT_NOON)),
    ("CHECK-HOURS-ORIGIN", {"problem.places.0.hours": "siang"}),
    ("CHECK-HOURS-PLACE", NO_WAIT_AT_C),
    ("CHECK-HOURS-PLACE", {"problem.hours.ppk.0.closes_at": clock(11, "11:55")}),
    ("CHECK-HOURS-PLACE", {"problem.hours.ppk.1.closes_at": clock(11, "12:50")}),
    ("CHECK-LOADING", {"plan.trips.1.load_at": clock(12, "07:59:59")}),
    ("CHECK-LOADING", {"plan.trips.1.load_at": clock(12, "08:09:01")}),
    ("CHECK-DRIVE", r2(12, *SLOW_ROAD)),
    ("CHECK-DRIVE", {"plan.trips.1.return_at": clock(12, "09:03:39")}),
    ("CHECK-DRIVE", {"plan.trips.1.return_at": clock(12, "08:51:59")}),
    ("CHECK-DISTANCE", {"plan.trips.0.distance_m": 55_001}),
    ("CHECK-UNLOAD-EARLY", r2(12, *TOO_SOON)),
    ("CHECK-UNLOADING", r2(12, *TOO_LONG)),
    ("CHECK-OVERLAP", {"plan.trips": added(empty_trip(P1_AGAIN, 12, "09:00", "09:05"))}, "CHECK-EMPTY-TRIP"),
    (
        "CHECK-TWO-ORIGINS",
        {f"{S}warehouses": ["G", "G2"], "plan.trips": added(empty_trip(T1_LATER, 11, "15:00", "15:10"))},
        "CHECK-EMPTY-TRIP",
    ),
    (
        "CHECK-DOCKS",
        {
            "problem.rules.docks_apply": True,
            "plan.trips": added(empty_trip(P2_BESIDE, 12, "08:08:59", "08:13:59")),
        },
        "CHECK-EMPTY-TRIP",
    ),
    ("CHECK-NOT-READY", {"problem.units.0.ready_at": clock(11, "11:00:01")}),
    ("CHECK-DUE", {"problem.units.0.due_at": clock(12, "08:29:29")}),
    ("CHECK-TEAM", {"plan.deliveries.3.team": 3}),
    ("CHECK-TEAM", {"plan.deliveries.3.team": 0}),
    (
        "CHECK-TEAM-OVERLAP",
        {
            "plan.deliveries.1.start_at": clock(13, "08:59:59"),
            "plan.deliveries.1.done_at": clock(13, "09:59:59"),
        },
    ),
    ("CHECK-DELIVERY", {"plan.deliveries.3.done_at": clock(13, "13:30:01")}),
    ("CHECK-DELIVERY", {"plan.deliveries.3.done_at": clock(13, "11:29:59")}),
    (
        "CHECK-DELIVERY-HOURS",
        {
            "plan.deliveries.3.start_at": clock(13, "12:30"),
            "plan.deliveries.3.done_at": clock(13, "14:00"),
        },
    ),
    (
        "CHECK-DELIVERY-EARLY",
        {
            "problem.hours.serah": lambda old: [MORNING, *old],
            "plan.deliveries.0.start_at": clock(12, "07:29:30"),
            "plan.deliveries.0.done_at": clock(12, "08:29:30"),
        },
    ),
    (
        "CHECK-LAW",
        {
            "plan.deliveries.3.start_at": clock(13, "23:30"),
            "plan.deliveries.3.done_at": "2024-02-13T17:30:00Z",
        },
    ),
    (
        "CHECK-TARGET",
        {
            "plan.deliveries.3.start_at": clock(13, "17:00:01"),
            "plan.deliveries.3.done_at": clock(13, "18:00:01"),
        },
    ),
    ("CHECK-NO-DRIVER", {"plan.trips.0.driver": None}),
    ("CHECK-NO-DEPUTY", {"plan.trips.0.deputy": None}),
    ("CHECK-NO-HOLDER", {"plan.trips.0.in_charge": None}),
    ("CHECK-PERSON", {"plan.trips.0.driver": "X"}),
    ("CHECK-PERSON-TWICE", {"plan.trips.0.deputy": "S1"}),
    (
        "CHECK-PERSON-OVERLAP",
        {"plan.trips": added(empty_trip(P2_BESIDE | {"deputy": "I2"}, 12, "09:00", "09:05"))},
        "CHECK-EMPTY-TRIP",
    ),
    ("CHECK-REST", {"problem.rules.rest_s_min": 63_201, "plan.trips.1.driver": "S1"}),
    ("CHECK-NO-ESCORT", {"problem.rules.escort_required": True}),
    ("CHECK-ESCORT", {"plan.trips.0.escort": "X"}),
    (
        "CHECK-ESCORT-OVERLAP",
        {
            "plan.trips.1.escort": "E1",
            "plan.trips": added(empty_trip(P2_BESIDE | {"escort": "E1"}, 12, "09:00", "09:05")),
        },
        "CHECK-EMPTY-TRIP",
    ),
]


def named(cases):
    return [
        pytest.param(*case[:2], set(case[2:]), id=f"{case[0]}-{number}") for number, case in enumerate(cases)
    ]


@pytest.mark.parametrize(("code", "changes", "also"), named(BREACHES))
def test_a_fault_is_found_for_its_own_reason(code, changes, also, judge, changed, readable):
    verdict = judge(*changed(changes))
    found = {finding.code for finding in verdict.findings}
    assert found - MONEY == {code} | also
    readable(verdict)
    if not found & MONEY:
        weights = {finding.severity for finding in verdict.findings}
        assert verdict.accepted == (weights == {"warning"})


def test_every_other_code_has_its_fault_here():
    codes = {code for code in table() if code.startswith("CHECK-") and not code.startswith("CHECK-PROBLEM-")}
    assert {case[0] for case in BREACHES} == codes - MONEY - ELSEWHERE


def test_a_plan_that_names_what_it_leaves_is_incomplete_not_accepted(judge, changed):
    problem, plan = changed(
        {"problem.units": added(B_002), "plan.unserved": [LEFT], "plan.totals.units_unserved": 1},
    )
    verdict = judge(problem, plan)
    assert [finding.code for finding in verdict.findings] == ["CHECK-UNSERVED"]
    assert verdict.status == "incomplete"
    assert "kendaraan habis" in verdict.findings[0].message.text


def test_a_lock_that_is_kept_says_nothing(judge, documents):
    problem, plan = documents()
    kept = sha256(msgspec.convert(plan["trips"][0], Trip))
    problem["locks"] = [{"trip": "R1", "sha256": kept}]
    problem["pins"] = [{"unit": "A-001", "vehicle": "P1", "date": "2024-02-12", "reason": "janji"}]
    assert judge(problem, plan).accepted


def test_the_law_is_told_with_both_moments_in_local_time(judge, changed):
    changes = {
        "plan.deliveries.3.start_at": clock(13, "23:30"),
        "plan.deliveries.3.done_at": "2024-02-13T17:30:00Z",
    }
    verdict = judge(*changed(changes))
    late = next(finding for finding in verdict.findings if finding.code == "CHECK-LAW")
    assert late.message.happened == (
        "Set C-001 diterima KPPS 14-02-2024 pukul 00.30, "
        "1.800 detik setelah batas undang-undang 14-02-2024 pukul 00.00."
    )
    assert late.facts["done_at"].isoformat() == "2024-02-14T00:30:00+07:00"
