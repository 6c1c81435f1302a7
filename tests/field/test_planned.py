"""Tasks from a published plan: what comes to a village, what its PPK watches, what goes on to the KPPS."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.conftest import NOW, make_somebody

AREA, STRATEGY = "33.71", "langsung-pps"


@pytest.fixture(scope="session")
def solved(tmp_path_factory):
    """Kota Magelang's problem with one plan."""
    from tepat.common.areas import load_area
    from tepat.distribution import documents
    from tepat.distribution.building import build_problem
    from tepat.distribution.checker import load_matrices
    from tepat.distribution.routing import Budget
    from tepat.distribution.solving import solve
    from tepat.solvers.pyvrp_engine import PyvrpEngine

    folder = tmp_path_factory.mktemp("magelang-lapangan")
    problem = build_problem(load_area(AREA), "pemilu-2024", out=folder).problem
    matrices = load_matrices(problem, folder)
    plan = solve(problem, STRATEGY, matrices, engine=PyvrpEngine(), seed=1, budget=Budget(iterations=5))
    documents.write(plan, folder / f"plan-{STRATEGY}.json")
    return folder, plan


@pytest.fixture
def published(db, system, solved):
    """The plan, published by the pleno."""
    from tepat.common.permissions import Role
    from tepat.common.register import load_register
    from tepat.distribution.actions import Minutes, forward_plan, propose_plan, publish_plan
    from tepat.distribution.keeping import keep_folder

    folder, plan = solved
    load_register(AREA, ["pemilu-2024"], by=system, at=NOW - timedelta(days=90))
    (row,) = keep_folder(folder, by=system, at=NOW)
    by = {
        role: make_somebody(role.name.title(), role, AREA).actor
        for role in (Role.KUL, Role.SEKRETARIS, Role.KOMISIONER)
    }
    propose_plan(by=by[Role.KUL], at=NOW, plan=row.pk)
    forward_plan(by=by[Role.SEKRETARIS], at=NOW, plan=row.pk)
    minutes = Minutes("12/PL.02/3371/2024", date(2024, 1, 31), "termurah")
    publish_plan(by=by[Role.KOMISIONER], at=NOW, plan=row.pk, minutes=minutes)
    return plan


@pytest.fixture
def office(published):
    """The office is the one of the plan."""
    return published


@pytest.fixture
def stop(published):
    """A trip's stop at a PPS."""
    return next(
        (trip, halt)
        for trip in published.trips
        for halt in trip.stops
        if any(unit.startswith("TPS-") for unit in halt.units)
    )


def village_of(stop):
    return next(unit for unit in stop.units if unit.startswith("TPS-")).split("-")[1]


def on_the_day(clock, trip):
    clock["now"] = trip.depart_at - timedelta(hours=1)


@pytest.fixture
def people(stop):
    from tepat.common.permissions import Role

    village = village_of(stop[1])
    return {
        "pps": make_somebody("Ani", Role.PPS, village),
        "ppk": make_somebody("Wahyu", Role.PPK, village.rpartition(".")[0]),
        "gudang": make_somebody("Sari", Role.GUDANG, AREA),
    }


def test_a_village_knows_what_comes_with_which_vehicle_and_when(stop, people, with_phone, clock):
    phone = with_phone(people["pps"])
    on_the_day(clock, stop[0])
    legs = [task for task in phone.tasks()[1]["tasks"] if task["trip"] == stop[0].id]
    (task,) = legs
    assert task["direction"] == "terima"
    assert task["other"]["post"] == f"angkutan:{stop[0].id}"
    assert task["leg"] == f"{stop[0].id}:{stop[1].place}"
    assert task["count"] > 0
    assert task["vehicle"]


def test_the_ppk_watches_and_holds_nothing(stop, people, with_phone, clock):
    phone = with_phone(people["ppk"])
    on_the_day(clock, stop[0])
    tasks = [task for task in phone.tasks()[1]["tasks"] if task["leg"] == f"{stop[0].id}:{stop[1].place}"]
    assert [task["direction"] for task in tasks] == ["hadir"]


def test_registered_boxes_are_named_and_gone_once_they_are_held(stop, people, with_phone, clock):
    unit = next(unit for unit in stop[1].units if unit.startswith("TPS-"))
    village, number = village_of(stop[1]), unit.rpartition("-")[2]
    label = village.removeprefix(AREA + ".").replace(".", "") + f"-{number}"
    boxes = [f"kotak:pemilu-2024:{label}-{box}" for box in range(1, 6)]
    giver, phone = with_phone(people["gudang"]), with_phone(people["pps"])
    on_the_day(clock, stop[0])
    giver.sends(giver.registers(boxes))
    (task,) = [task for task in phone.tasks()[1]["tasks"] if task["trip"] == stop[0].id]
    assert set(boxes) <= set(task["objects"])
    offer = giver.offers(phone.bound["post"], boxes, leg=task["leg"])
    giver.sends(offer)
    phone.sends(phone.accepts(offer))
    assert [one for one in phone.tasks()[1]["tasks"] if one["trip"] == stop[0].id] == []


def test_a_village_hands_on_to_its_kpps_on_the_day_before(published, stop, people, with_phone, clock):
    phone = with_phone(people["pps"])
    village = village_of(stop[1])
    delivery = next(one for one in published.deliveries if one.unit.startswith(f"TPS-{village}-"))
    clock["now"] = delivery.start_at
    found = [task for task in phone.tasks()[1]["tasks"] if task["leg"] == f"antar:{delivery.unit}"]
    assert [task["direction"] for task in found] == ["serahkan"]
    assert found[0]["other"]["post"] == f"kpps:{village}-{delivery.unit.rpartition('-')[2]}"


def test_nothing_is_asked_of_a_village_on_another_day(published, people, with_phone, clock):
    phone = with_phone(people["pps"])
    first = min(trip.date for trip in published.trips)
    clock["now"] = NOW
    assert NOW.astimezone(ZoneInfo("Asia/Jakarta")).date() < first - timedelta(days=1)
    assert phone.tasks()[1]["tasks"] == []


def test_the_answer_is_small_enough_for_a_slow_line(stop, people, with_phone, clock):
    import json

    phone = with_phone(people["pps"])
    on_the_day(clock, stop[0])
    answer = phone.tasks()[1]
    assert len(json.dumps(answer)) < 20_000
    assert all(area["name"] for area in answer["areas"].values())
