"""A small plan drawn by hand ("contoh"): a direct trip to a PPS, one to a PPK, one onward from the PPK."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.conftest import NOW
from tests.distribution.small import npy, small_problem

from tepat.distribution import documents
from tepat.distribution.documents import sha256
from tepat.distribution.papers import Book, paper_settings, print_sheaves
from tepat.distribution.plans import Delivery, Plan, Solver, Stop, Totals, Trip
from tepat.distribution.problems import Problem
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.solvers.pyvrp_engine import PyvrpEngine

START = datetime(2024, 2, 10, 0, 0, tzinfo=UTC)


def minutes(number):
    return START + timedelta(minutes=number)


def trip(problem, name, origin, place, units):
    vehicle = problem.vehicles[0]
    return Trip(
        id=name,
        vehicle=vehicle.id,
        date=START.date(),
        origin=origin,
        load_at=minutes(0),
        depart_at=minutes(30),
        stops=(
            Stop(
                place=place, arrive_at=minutes(70), unload_at=minutes(75), done_at=minutes(100), units=units
            ),
        ),
        return_at=minutes(150),
        distance_m=25_300,
        driver=vehicle.driver,
        in_charge=vehicle.in_charge,
        deputy=vehicle.deputy,
        escort=vehicle.escort,
    )


@pytest.fixture(scope="session")
def book():
    problem = small_problem(1)[0]
    warehouse = next(place.id for place in problem.places if place.kind == "gudang")
    pps = next(place for place in problem.places if place.kind == "pps")
    units = tuple(unit.id for unit in problem.units if unit.place == pps.id)
    trips = (
        trip(problem, "T-001", warehouse, pps.id, units),
        trip(problem, "T-002", warehouse, pps.parent, units),
        trip(problem, "T-003", pps.parent, pps.id, units),
    )
    deliveries = tuple(
        Delivery(unit=unit.id, team=1, start_at=minutes(4000), done_at=minutes(4020))
        for unit in problem.units
        if unit.kind == "tps" and unit.place == pps.id
    )
    plan = Plan(
        schema="tepat/plan",
        schema_version=1,
        problem_id=problem.id,
        problem_sha256=sha256(problem),
        strategy=problem.strategies[0].name,
        solver=Solver(name="tangan", version="1", seed=0, iterations=0, seconds=None),
        trips=trips,
        deliveries=deliveries,
        unserved=(),
        costs=(),
        totals=Totals(
            cost_rupiah=0,
            distance_m=0,
            vehicle_days=1,
            trips=3,
            handovers=3,
            guard_nights=0,
            units_served=0,
            units_unserved=0,
            last_ppk_at=None,
            last_pps_at=None,
            last_kpps_at=None,
            slack_s=None,
        ),
    )
    return Book(problem, plan, sha256(plan), paper_settings(problem.office.name))


NAMES = {"PPK-1": ("33.16.09", "Blora"), "PPK-2": ("33.16.05", "Cepu")}
CODES = {
    "PPS-1.1": ("33.16.09.1015", "Kunden"),
    "PPS-1.2": ("33.16.09.1016", "Tegalgunung"),
    "PPS-1.3": ("33.16.09.1017", "Jetis"),
    "PPS-1.4": ("33.16.09.1018", "Bangkle"),
    "PPS-2.1": ("33.16.05.1014", "Cepu"),
    "PPS-2.2": ("33.16.05.1013", "Balun"),
    "PPS-2.3": ("33.16.05.1012", "Tambakromo"),
    "PPS-2.4": ("33.16.05.1011", "Ngelo"),
}


@dataclass(frozen=True)
class Made:
    """A problem on real area codes with its folder and an accepted plan of it."""

    problem: Problem
    plan: Plan
    folder: Path


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Solve a small problem that lies in Blora's areas ("contoh"), once for all tests."""
    problem, matrices = small_problem(9)
    places = tuple(
        replace(place, code=known[0], name=f"{place.kind.upper()} {known[1]}")
        if (known := {**NAMES, **CODES}.get(place.id))
        else place
        for place in problem.places
    )
    code = {place.id: place.code for place in places}
    units = tuple(
        replace(unit, id=f"TPS-{code[unit.place]}-{unit.id[-3:]}", tps=unit.id[-3:])
        if unit.kind == "tps"
        else unit
        for unit in problem.units
    )
    problem = replace(problem, places=places, units=units)
    plan = solve(problem, "langsung", matrices, engine=PyvrpEngine(), seed=1, budget=Budget(iterations=20))
    folder = tmp_path_factory.mktemp("rencana")
    documents.write(problem, folder / "problem.json")
    documents.write(plan, folder / "plan-langsung.json")
    for (vehicle_class, weather), table in matrices.items():
        (folder / f"{vehicle_class}-{weather}.npy").write_bytes(npy(table))
    return Made(problem, plan, folder)


@pytest.fixture(scope="session")
def sheaves(request, made, tmp_path_factory):
    """Print the plan's papers as drafts, once for each size that a test asks for; A4 unless it asks."""
    size = getattr(request, "param", "a4")
    office = replace(paper_settings(made.problem.office.name), size=size)
    book = Book(made.problem, made.plan, sha256(made.plan), office, draft=True)
    return print_sheaves(book, {}, tmp_path_factory.mktemp(f"lembar-{size}"))


@pytest.fixture
def office(db):
    """Set up Blora with the areas and TPS of the small problem."""
    from tepat.common.models import Area, Election, Office

    Office.objects.create(code="33.16", name="Kabupaten Blora", area_code="33.16", time_zone="Asia/Jakarta")
    election = Election.objects.create(
        code="pemilu-2024",
        name="Pemilu 2024",
        kind="pemilu",
        polling_date=date(2024, 2, 14),
        rule_set="pemilu-2024",
    )
    for code, name in [("33.16", "Blora"), *NAMES.values(), *CODES.values()]:
        level = {5: "kabkota", 8: "kecamatan", 13: "desa"}[len(code)]
        parent = code.rpartition(".")[0] if level != "kabkota" else ""
        Area.objects.create(
            code=code, level=level, name=name, parent_code=parent, valid_from=date(2020, 1, 1), source="uji"
        )
    return election


@pytest.fixture
def tps(office, made):
    """Register the TPS of the plan, each with 240 voters."""
    from tepat.common.models import Area, Tps

    areas = {area.code: area for area in Area.objects.filter(level="desa")}
    for unit in made.problem.units:
        if unit.kind == "tps":
            code, _, number = unit.id.removeprefix("TPS-").rpartition("-")
            Tps.objects.create(
                election=office,
                desa=areas[code],
                number=int(number),
                dpt=240,
                source="uji",
                source_kind="daftar",
            )


@pytest.fixture
def plan(office, made, system):
    """Keep the plan as a checked draft."""
    from tepat.distribution.keeping import keep_folder

    (row,) = keep_folder(made.folder, by=system, at=NOW)
    return row


@pytest.fixture
def printed(plan, sheaves, system):
    """Keep the printed papers of the plan."""
    from tepat.distribution.paper_actions import keep_printed
    from tepat.distribution.paper_jobs import kept_file

    files = tuple(kept_file(sheaf, plan) for sheaf in sheaves)
    keep_printed(by=system, at=NOW, plan=plan.pk, draft=True, files=files)
    return plan
