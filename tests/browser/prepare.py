"""Makes an office for the browser tests in TEPAT_HOME; run as a program, as in life.

prepare.py full | empty | nothing
"""

import sys
from pathlib import Path

AREA = "33.71"
PASSWORD = "kuda baterai staples benar"
PEOPLE = (
    ("kasubbag", "KUL", AREA),
    ("sekretaris", "SEKRETARIS", AREA),
    ("komisioner", "KOMISIONER", AREA),
    ("budi", "PPS", f"{AREA}.01.1003"),
)
STRATEGIES = ("lewat-ppk", "langsung-pps", "langsung-gudang-2")


def main(kind: str, plans: Path) -> None:
    """Make the office; `full` has Kota Magelang's register and plans, `empty` only its name."""
    from tepat.common import start

    start.django()
    from django.core.management import call_command

    from tepat.common.acting import system_actor
    from tepat.common.clock import now
    from tepat.common.register import load_register

    call_command("migrate", verbosity=0, interactive=False)
    by, at = system_actor(), now()
    if kind == "full":
        load_register(AREA, ["pemilu-2024", "pilkada-2024"], by=by, at=at)
        _plans(plans, by, at)
    elif kind == "empty":
        _name_only(by, at)
    for name, role, area in PEOPLE:
        _person(name, role, area, by, at)


def _name_only(by, at):
    from django.db import transaction

    from tepat.common.actions import add_election, set_office

    with transaction.atomic():
        set_office(by=by, at=at, area_code=AREA, name="KPU Kota Magelang", time_zone="Asia/Jakarta")
        add_election(by=by, at=at, code="pemilu-2024")


def _person(name, role, area, by, at):
    from tepat.common.actions import Contact, add_account, add_person, give_post
    from tepat.common.permissions import Role

    person = add_person(by=by, at=at, contact=Contact(name.title()))
    give_post(by=by, at=at, person=person.pk, role=Role[role], area_code=area)
    add_account(by=by, at=at, person=person.pk, username=name, password=PASSWORD)


def _plans(folder, by, at):
    """Solve a few strategies of a small city; the same plans every time."""
    from tepat.common.areas import load_area
    from tepat.distribution import documents
    from tepat.distribution.building import build_problem
    from tepat.distribution.checker import load_matrices
    from tepat.distribution.keeping import keep_folder
    from tepat.distribution.routing import Budget
    from tepat.distribution.solving import solve
    from tepat.solvers.pyvrp_engine import PyvrpEngine

    problem = build_problem(load_area(AREA), "pemilu-2024", out=folder).problem
    matrices = load_matrices(problem, folder)
    for name in STRATEGIES:
        plan = solve(problem, name, matrices, engine=PyvrpEngine(), seed=1, budget=Budget(iterations=10))
        documents.write(plan, folder / f"plan-{name}.json")
    keep_folder(folder, by=by, at=at)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
