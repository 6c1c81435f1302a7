"""Adds to the field office one kecamatan where more goes on: spare cards, seals, two trucks, a planned trip.

Its PPS receive different numbers of boxes, so that a test finds its own task by its number.
"""

import os
from datetime import timedelta
from pathlib import Path

AREA, KECAMATAN = "33.71", "33.71.03"
ELECTION = "pemilu-2024"
BOXES_PER_TPS = 5
# Who stands where, and which boxes come to them: from TPS, to TPS, and in how many offers.
RECEIVERS = {
    "gita": ("33.71.03.1003", ((1, 2),)),
    "maya": ("33.71.03.1003", ((3, 5),)),
    "nani": ("33.71.03.1003", ((6, 9),)),
    "hadi": ("33.71.03.1004", ((1, 1),)),
    "indra": ("33.71.03.1006", ((1, 2),)),
    "ani": ("33.71.03.1002", ((1, 22), (23, 43))),
    "tono": ("33.71.03.1002", ()),
}
# On the table of Indra's village, and on no offer.
NOT_NAMED = "kotak:pemilu-2024:031006-003-1"
ON_TRIP = ("33.71.03.1001", "33.71.03.1005")


def kecamatan(people, sari, by, at):
    """Make it; return whose boxes are whose, and what else its tests must know."""
    from tepat.common.permissions import Role
    from tepat.custody.actions import register_objects

    boxes = {}
    for name, (village, offers) in RECEIVERS.items():
        people[name] = _person(name.title(), Role.PPS, village, by, at)
        boxes[name] = [box for first, last in offers for box in boxes_of(village, first, last)]
        register_objects(by=by, at=at, objects=boxes[name], hands=sari) if offers else None
    register_objects(by=by, at=at, objects=[NOT_NAMED], hands=sari)
    for name in ("wahyu", "wati"):
        people[name] = _person(name.title(), Role.PPK, KECAMATAN, by, at)
    people["lina"] = _person("Lina", Role.KPPS, "33.71.03.1006", by, at)
    seals = _seal(boxes["hadi"], people, at)
    _offer(boxes, sari, at)
    trip = _trip(people, sari, by, at)
    return boxes, {"seals": seals, "trip": trip}


def boxes_of(village, first, last):
    """Return the boxes of some TPS of a village."""
    label = village.removeprefix(f"{AREA}.").replace(".", "")
    return [
        f"kotak:{ELECTION}:{label}-{tps:03d}-{box}"
        for tps in range(first, last + 1)
        for box in range(1, BOXES_PER_TPS + 1)
    ]


def spares(by, at):
    """Issue two spare cards to the PPK; return their codes and numbers."""
    from tepat.custody.identity_actions import issue_spares

    dates = {"valid_from": at - timedelta(days=1), "valid_to": at + timedelta(days=60)}
    issued = issue_spares(by=by, at=at, area_code=KECAMATAN, count=2, **dates)
    return [{"code": one.code, "number": one.number} for one in issued]


def _person(name, role, area, by, at):
    from tepat.common.actions import Contact, add_person, give_post

    person = add_person(by=by, at=at, contact=Contact(name))
    give_post(by=by, at=at, person=person.pk, role=role, area_code=area)
    return person.pk


def _seal(boxes, people, at):
    """Put a seal on each box; return the numbers by box."""
    from tepat.common.acting import action, actor_of
    from tepat.common.permissions import Permission
    from tepat.custody import events
    from tepat.custody.actions import write_events

    numbers = {name: (f"S{number:06d}",) for number, name in enumerate(boxes, start=100)}
    sealed = events.Sealed(seals=numbers, second=str(people["wahyu"]))

    @action(Permission.PACKING_DO)
    def put_on(*, by, at):
        write_events("packing.sealed", sealed, boxes, by=by, at=at)

    put_on(by=actor_of(people["sari"], at), at=at)
    return {name: numbers[name][0] for name in boxes}


def _offer(boxes, sari, at):
    from tepat.common.acting import actor_of
    from tepat.custody.actions import To, offer

    giver = actor_of(sari.person, at)
    for name, (village, offers) in RECEIVERS.items():
        for number, (first, last) in enumerate(offers):
            some = [box for box in boxes[name] if box in boxes_of(village, first, last)]
            leg = f"{name}-{number}:{village}"
            offer(by=giver, at=at, objects=some, to=To(f"pps:{village}", leg=leg, place=village))


def _trip(people, sari, by, at):
    """Publish a plan of today and tomorrow, and let a driver take over what the first truck carries."""
    from tepat.common.acting import actor_of
    from tepat.common.permissions import Role
    from tepat.custody.actions import Count, Hands, To, accept, offer, register_objects

    people["fajar"] = _person("Fajar", Role.PENGEMUDI, AREA, by, at)
    people["joko"] = _person("Joko", Role.PPS, ON_TRIP[0], by, at)
    plan = _published(str(people["fajar"]), by, at)
    trip = next(one for one in plan.trips if one.driver == str(people["fajar"]))
    units = [unit for stop in trip.stops for unit in stop.units if unit.startswith("TPS-")]
    aboard = [box for unit in units for box in _boxes_of_unit(unit)]
    register_objects(by=by, at=at, objects=aboard, hands=sari)
    post = f"angkutan:{trip.id}"
    to = To(post, people["fajar"], f"{trip.id}:muat", trip.depart_at, AREA)
    (given,) = offer(by=actor_of(sari.person, at), at=at, objects=aboard, to=to)
    driver = actor_of(people["fajar"], at)
    accept(by=driver, at=at, offer_id=given, hands=Hands(people["fajar"], post, AREA), count=Count())
    mine = [unit for unit in units if unit.startswith(f"TPS-{ON_TRIP[0]}-")]
    return {"id": trip.id, "boxes": [box for unit in mine for box in _boxes_of_unit(unit)]}


def _boxes_of_unit(unit):
    _, village, number = unit.split("-")
    return boxes_of(village, int(number), int(number))


def _published(driver, by, at):
    """Solve two villages of an election whose polling day is two days from now; the pleno publishes it."""
    from unittest.mock import patch

    from msgspec.structs import replace

    from tepat.common.areas import load_area
    from tepat.common.elections import election_kind
    from tepat.common.samples import sample_tps
    from tepat.distribution import building, documents
    from tepat.distribution.checker import load_matrices
    from tepat.distribution.keeping import keep_folder
    from tepat.distribution.problems import Person
    from tepat.distribution.routing import Budget
    from tepat.distribution.solving import solve
    from tepat.solvers.pyvrp_engine import PyvrpEngine

    folder = Path(os.environ["TEPAT_HOME"], "rencana")
    listed = [row for row in sample_tps(AREA, ELECTION) if row.desa in ON_TRIP]
    kind = _soon(election_kind(ELECTION), at)
    with patch.object(building, "election_kind", lambda _: kind):
        built = building.build_problem(load_area(AREA), ELECTION, out=folder, tps=listed)
    days = tuple(kind.polling_date - timedelta(days=before) for before in (2, 1))
    vehicles = tuple(replace(one, driver=driver, dates=days) for one in built.problem.vehicles)
    known = (*built.problem.people, Person(id=driver, label="pengemudi"))
    problem = replace(built.problem, vehicles=vehicles, people=known)
    documents.write(problem, folder / "problem.json")
    plan = solve(
        problem,
        "langsung-pps",
        load_matrices(problem, folder),
        engine=PyvrpEngine(),
        seed=1,
        budget=Budget(iterations=5),
    )
    documents.write(plan, folder / "plan-langsung-pps.json")
    (row,) = keep_folder(folder, by=by, at=at)
    _publish(row, by, at)
    return plan


def _soon(kind, at):
    """Return the kind of election, voted on two days from now at the office."""
    from dataclasses import replace
    from zoneinfo import ZoneInfo

    today = at.astimezone(ZoneInfo("Asia/Jakarta")).date()
    return replace(kind, polling_date=today + timedelta(days=2))


def _publish(row, by, at):
    from tepat.common.acting import actor_of
    from tepat.common.permissions import Role
    from tepat.distribution.actions import Minutes, forward_plan, propose_plan, publish_plan

    roles = (Role.KUL, Role.SEKRETARIS, Role.KOMISIONER)
    kul, secretary, member = (actor_of(_person(role.value, role, AREA, by, at), at) for role in roles)
    propose_plan(by=kul, at=at, plan=row.pk)
    forward_plan(by=secretary, at=at, plan=row.pk)
    minutes = Minutes("12/PL.02/3371/2024", at.date(), "termurah")
    publish_plan(by=member, at=at, plan=row.pk, minutes=minutes)
