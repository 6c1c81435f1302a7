"""One small kecamatan, worked out by hand: two vehicles, two days, one break, one PPS served directly."""

import copy
import json
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest

from tepat.distribution.checker import check
from tepat.distribution.documents import sha256
from tepat.distribution.plans import Plan
from tepat.distribution.problems import Problem

WIB = timedelta(hours=7)


def moment(text):
    """UTC text of a local moment of February 2024, such as "11 07:00" or "11 12:54:50"."""
    day, clock = text.split()
    hours, minutes, *seconds = (int(part) for part in clock.split(":"))
    local = datetime(2024, 2, int(day), tzinfo=UTC) + timedelta(hours=hours, minutes=minutes)
    local += timedelta(seconds=seconds[0] if seconds else 0)
    return (local - WIB).strftime("%Y-%m-%dT%H:%M:%SZ")


def hours(*spans):
    found = []
    for span in spans:
        day, clocks = span.split()
        opens, closes = clocks.split("-")
        found.append({"opens_at": moment(f"{day} {opens}"), "closes_at": moment(f"{day} {closes}")})
    return found


def place(name, kind, **facts):
    base = {"id": name, "kind": kind, "code": name, "name": f"Tempat {name}", "lat": -7.0, "lon": 111.4}
    return base | {"hours": "buka", "access": ["truk", "pikap"]} | facts


def unit(name, where, boxes, kind="tps"):
    tps = name.rpartition("-")[2] if kind == "tps" else ""
    size = {"boxes": boxes, "volume_ml": boxes * 100_000, "weight_g": boxes * 10_000}
    return {"id": name, "kind": kind, "place": where, "tps": tps, "voters": 200 if tps else 0} | size


def price(name, basis, rupiah, *applies_to):
    return {
        "id": name,
        "label": f"Biaya {name}",
        "basis": basis,
        "unit": "satuan",
        "rupiah": rupiah,
        "applies_to": list(applies_to),
        "payer": "KPU kabupaten",
        "account": "521",
        "contoh": True,
    }


def vehicle_type(name, vehicle_class, boxes, load_fixed_s, load_s, unload_s):
    return {
        "id": name,
        "name": name,
        "vehicle_class": vehicle_class,
        "boxes_max": boxes,
        "volume_ml_max": boxes * 120_000,
        "weight_g_max": boxes * 15_000,
        "load_fixed_s": load_fixed_s,
        "load_s_per_box": load_s,
        "unload_s_per_box": unload_s,
        "owner": "penyedia",
    }


def vehicle(name, kind, home, number):
    return {
        "id": name,
        "type": kind,
        "home": home,
        "hours": "kerja",
        "dates": ["2024-02-11", "2024-02-12"],
        "driver": f"S{number}",
        "in_charge": f"I{number}",
        "deputy": f"D{number}",
    }


def matrix(vehicle_class, weather):
    facts = {"file": f"{vehicle_class}-{weather}.npy", "sha256": "0" * 64, "source": "model"}
    band = {"error_low_percent": 30, "error_high_percent": 60}
    return {"vehicle_class": vehicle_class, "weather": weather} | facts | band


PROBLEM = {
    "schema": "tepat/problem",
    "schema_version": 1,
    "id": "kecil",
    "title": "Satu kecamatan kecil",
    "contoh": ["semuanya"],
    "office": {"code": "33.16", "name": "Contoh", "time_zone": "Asia/Jakarta"},
    "election": {"code": "pemilu-2024", "name": "Pemilu 2024", "polling_date": "2024-02-14"},
    "law_at": moment("14 00:00"),
    "target_at": moment("13 18:00"),
    "days": [
        {"date": "2024-02-11"},
        {"date": "2024-02-12"},
        {"date": "2024-02-13", "weather": "hujan"},
    ],
    "hours": {
        "kerja": hours("11 07:00-12:00", "11 12:45-17:00", "12 07:00-12:00", "12 12:45-17:00"),
        "buka": hours("11 06:00-22:00", "12 06:00-22:00"),
        "ppk": hours("11 06:00-12:00", "11 12:45-22:00", "12 06:00-22:00"),
        "siang": hours("11 13:30-16:00"),
        "serah": hours("13 07:00-12:00", "13 13:00-24:00", "14 00:00-06:00"),
    },
    "places": [
        place("G", "gudang", docks=1),
        place("K", "ppk", hours="ppk", stop_s=600, docks=1),
        place("A", "pps", parent="K", stop_s=300),
        place("B", "pps", parent="K", stop_s=300),
        place("C", "pps", parent="K", stop_s=300, hours="siang"),
        place("G2", "gudang"),
    ],
    "matrices": [matrix("truk", "kering"), matrix("pikap", "kering")],
    "vehicle_types": [
        vehicle_type("TRUK", "truk", 30, 600, 10, 20),
        vehicle_type("PIKAP", "pikap", 20, 300, 15, 30),
    ],
    "vehicles": [
        vehicle("T1", "TRUK", None, 1),
        vehicle("P1", "PIKAP", "K", 2),
        vehicle("P2", "PIKAP", "K", 3),
        vehicle("T9", "TRUK", "G2", 4),
    ],
    "people": [{"id": f"{post}{number}", "label": "petugas"} for post in "SID" for number in range(1, 5)],
    "escorts": [{"id": "E1", "label": "Polsek"}, {"id": "E2", "label": "Polsek", "phone": "0296"}],
    "units": [
        unit("A-001", "A", 5),
        unit("A-002", "A", 5),
        unit("B-001", "B", 5),
        unit("C-001", "C", 5),
        unit("PPS-A", "A", 1, "pps"),
        unit("PPK-K", "K", 2, "ppk"),
    ],
    "last_mile": {"hours": "serah", "teams": 2, "handover_s": 3600},
    "prices": [
        price("sewa-truk", "vehicle_day", 1_400_000, "TRUK"),
        price("sewa-pikap", "vehicle_day", 450_000, "PIKAP"),
        price("km-truk", "vehicle_km", 5_500, "TRUK"),
        price("km-pikap", "vehicle_km", 2_500, "PIKAP"),
        price("kotak-pikap", "vehicle_box", 100, "PIKAP"),
        price("bongkar-ppk", "unload_box", 500, "ppk"),
        price("bongkar-pps", "unload_box", 300, "pps"),
        price("jaga-ppk", "guard_night", 200_000, "ppk"),
        price("jaga-pps", "guard_night", 100_000, "pps"),
        price("simpan", "box_night", 10),
        price("gudang-1", "warehouse", 5_000_000, "G"),
        price("gudang-2", "warehouse", 4_000_000, "G2"),
        price("kawal-gudang", "escort_trip", 250_000, "gudang"),
        price("kawal-ppk", "escort_trip", 150_000, "ppk"),
        price("antar", "tps_delivery", 20_000),
        price("serah", "handover", 1_000),
    ],
    "rules": {"rest_s_min": 28_800},
    "strategies": [
        {
            "name": "campuran",
            "title": "Campuran",
            "warehouses": ["G"],
            "path": "lewat-ppk",
            "path_by_place": {"C": "langsung"},
            "vehicles": ["T1", "P1", "P2"],
            "dates_by_origin": {"gudang": ["2024-02-11"], "ppk": ["2024-02-11", "2024-02-12"]},
            "date_by_place": {"K": "2024-02-11"},
        },
    ],
}


def stop(where, arrive, unload, done, *units):
    clocks = {"arrive_at": moment(arrive), "unload_at": moment(unload), "done_at": moment(done)}
    return {"place": where, "units": list(units)} | clocks


def delivery(name, start, done):
    return {"unit": name, "team": 1, "start_at": moment(start), "done_at": moment(done)}


def line(name, quantity, rupiah, amount):
    facts = {"label": f"Biaya {name}", "payer": "KPU kabupaten", "account": "521", "contoh": True}
    return {"price": name, "quantity": quantity, "rupiah": rupiah, "amount_rupiah": amount} | facts


# R1: 18 boxes for K and 5 for C. Loading 600 s + 23 × 10 s = 830 s from 11.00.00: 11.13.50. To K 2,400 s:
# 11.53.50. Unloading 600 s + 18 × 20 s = 960 s: 370 s until noon, 590 s from 12.45: 12.54.50. To C 1,200 s:
# 13.14.50, opens 13.30. Unloading 300 s + 5 × 20 s = 400 s: 13.36.40. Home 3,000 s: 14.26.40.
# Metres: 20,000 + 10,000 + 25,000.
# R2: 16 boxes. Loading 300 s + 16 × 15 s = 540 s from 8.00.00: 8.09.00. To A 600 s: 8.19.00. Unloading
# 300 s + 11 × 30 s = 630 s: 8.29.30. To B 900 s: 8.44.30. Unloading 300 s + 5 × 30 s = 450 s: 8.52.00.
# Home 700 s: 9.03.40. Metres: 5,000 + 7,000 + 6,001.
# C-001: an hour from 11.30 with the pause from 12 to 13: 13.30.
# Nights at K, B-001, PPS-A the 11th; PPK-K the 11th to 13th: 3. At A: the 12th, PPS-A the 12th
# and 13th: 2. At B: 1. At C: the 11th and 12th: 2.
# Box-nights: K 5 + 5 + 5 + 1 + 2 × 3 = 22; A 5 + 5 + 1 × 2 = 12; B 5; C 5 × 2 = 10: 49.
# km-pikap: 18,001 m × Rp2,500/km = Rp45,002.50, rounded up to Rp45,003. Hand-overs: 4 stops + 4 deliveries.
PLAN = {
    "schema": "tepat/plan",
    "schema_version": 1,
    "problem_id": "kecil",
    "problem_sha256": "",
    "strategy": "campuran",
    "solver": {"name": "tangan", "version": "1", "seed": 0, "iterations": None, "seconds": None},
    "trips": [
        {
            "id": "R1",
            "vehicle": "T1",
            "date": "2024-02-11",
            "origin": "G",
            "load_at": moment("11 11:00"),
            "depart_at": moment("11 11:13:50"),
            "stops": [
                stop(
                    "K",
                    "11 11:53:50",
                    "11 11:53:50",
                    "11 12:54:50",
                    "A-001",
                    "A-002",
                    "B-001",
                    "PPS-A",
                    "PPK-K",
                ),
                stop("C", "11 13:14:50", "11 13:30", "11 13:36:40", "C-001"),
            ],
            "return_at": moment("11 14:26:40"),
            "distance_m": 55_000,
            "driver": "S1",
            "in_charge": "I1",
            "deputy": "D1",
            "escort": "E1",
            "load_order": ["C-001", "PPK-K", "PPS-A", "B-001", "A-002", "A-001"],
        },
        {
            "id": "R2",
            "vehicle": "P1",
            "date": "2024-02-12",
            "origin": "K",
            "load_at": moment("12 08:00"),
            "depart_at": moment("12 08:09"),
            "stops": [
                stop("A", "12 08:19", "12 08:19", "12 08:29:30", "A-001", "A-002", "PPS-A"),
                stop("B", "12 08:44:30", "12 08:44:30", "12 08:52", "B-001"),
            ],
            "return_at": moment("12 09:03:40"),
            "distance_m": 18_001,
            "driver": "S2",
            "in_charge": "I2",
            "deputy": "D2",
            "escort": None,
        },
    ],
    "deliveries": [
        delivery("A-001", "13 08:00", "13 09:00"),
        delivery("A-002", "13 09:00", "13 10:00"),
        delivery("B-001", "13 08:00", "13 09:00"),
        delivery("C-001", "13 11:30", "13 13:30"),
    ],
    "unserved": [],
    "costs": [
        line("sewa-truk", 1, 1_400_000, 1_400_000),
        line("sewa-pikap", 1, 450_000, 450_000),
        line("km-truk", 55_000, 5_500, 302_500),
        line("km-pikap", 18_001, 2_500, 45_003),
        line("kotak-pikap", 16, 100, 1_600),
        line("bongkar-ppk", 18, 500, 9_000),
        line("bongkar-pps", 21, 300, 6_300),
        line("jaga-ppk", 3, 200_000, 600_000),
        line("jaga-pps", 5, 100_000, 500_000),
        line("simpan", 49, 10, 490),
        line("gudang-1", 1, 5_000_000, 5_000_000),
        line("kawal-gudang", 1, 250_000, 250_000),
        line("antar", 4, 20_000, 80_000),
        line("serah", 8, 1_000, 8_000),
    ],
    "totals": {
        "cost_rupiah": 8_652_893,
        "distance_m": 73_001,
        "vehicle_days": 2,
        "trips": 2,
        "handovers": 8,
        "guard_nights": 8,
        "units_served": 6,
        "units_unserved": 0,
        "last_ppk_at": moment("11 12:54:50"),
        "last_pps_at": moment("12 08:52"),
        "last_kpps_at": moment("13 13:30"),
        "slack_s": 16_200,
    },
}


def travel():
    """Seconds and metres between G, K, A, B, C, G2; the hand-made plan uses the ones named here."""
    table = np.full((2, 6, 6), 1_800, dtype=np.int32)
    table[1] = 15_000
    for row in range(6):
        table[:, row, row] = 0
    for (start, end), seconds, metres in (
        ((0, 1), 2_400, 20_000),
        ((1, 4), 1_200, 10_000),
        ((4, 0), 3_000, 25_000),
        ((1, 2), 600, 5_000),
        ((2, 3), 900, 7_000),
        ((3, 1), 700, 6_001),
    ):
        table[:, start, end] = seconds, metres
    return table


@pytest.fixture(scope="session")
def at():
    return moment


@pytest.fixture(scope="session")
def matrices():
    return {("truk", "kering"): travel(), ("pikap", "kering"): travel()}


@pytest.fixture(scope="session")
def documents():
    """Fresh copies of the two documents, as JSON has them."""
    return lambda: (copy.deepcopy(PROBLEM), copy.deepcopy(PLAN))


@pytest.fixture(scope="session")
def read():
    """Two documents as objects, the plan signed with the problem's hash unless it names one itself."""

    def reads(problem_document, plan_document):
        problem = msgspec.convert(problem_document, Problem)
        signed = {"problem_sha256": plan_document["problem_sha256"] or sha256(problem)}
        return problem, msgspec.convert(plan_document | signed, Plan)

    return reads


@pytest.fixture(scope="session")
def judge(read, matrices):
    """The verdict on two documents."""
    return lambda problem, plan: check(*read(problem, plan), matrices)


def put(documents, path, change):
    *parents, last = path.split(".")
    here = documents
    for name in parents:
        here = here[int(name) if isinstance(here, list) else name]
    last = int(last) if isinstance(here, list) else last
    here[last] = change(here[last]) if callable(change) else change


@pytest.fixture(scope="session")
def changed(documents):
    """Fresh documents with changes by path: a value, or what to make of the old one."""

    def changes_them(changes):
        problem, plan = documents()
        for path, change in changes.items():
            put({"problem": problem, "plan": plan}, path, change)
        return problem, plan

    return changes_them


@pytest.fixture(scope="session")
def readable():
    """Asserts that every finding has its whole sentence and survives JSON."""

    def asserts(verdict):
        for finding in verdict.findings:
            row = json.loads(json.dumps(finding.as_json()))
            assert row["code"] in row["message"]
            assert "{" not in row["message"]
            assert row["where"] == {key: row["facts"][key] for key in row["where"]}

    return asserts
