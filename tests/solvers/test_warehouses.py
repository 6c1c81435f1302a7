"""`tepat plan warehouses` and its proofs, as an office runs them."""

import json
from fractions import Fraction

import pytest
from msgspec.structs import replace
from tests.distribution.small import Size, npy, small_problem
from tests.solvers.test_bounding import optimum, tiny_haul
from tests.solvers.test_commands import run

from tepat.distribution.case import open_case
from tepat.distribution.checker import check
from tepat.distribution.documents import read_plan, read_problem, write
from tepat.distribution.legs import build_legs
from tepat.distribution.routing import Budget
from tepat.distribution.warehouses.choosing import Terms
from tepat.distribution.warehouses.comparing import compare_warehouses
from tepat.distribution.warehouses.joining import boxes_by_owner, join
from tepat.distribution.warehouses.sets import problem_of_set, template_of
from tepat.distribution.warehouses.warmth import WarmEngine, old_days, warm_routes
from tepat.solvers.bounding.shares import _share
from tepat.solvers.exact_fill import first_answer
from tepat.solvers.pyvrp_engine import PyvrpEngine
from tepat.solvers.splitting.compiling import HAVE_COMPILER

SIZE = Size(ppk=2, pps_per_ppk=2, tps_max=8, trucks=4)
PAIR = ("GUDANG-1", "GUDANG-2")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gudang")
    problem, matrices = small_problem(2, SIZE)
    write(problem, folder / "problem.json")
    for matrix in problem.matrices:
        (folder / matrix.file).write_bytes(npy(matrices[matrix.vehicle_class, matrix.weather]))
    return folder


@pytest.fixture(scope="module")
def done(folder):
    return run(folder, "warehouses", "problem.json", "--iterations", "20", "--out", "hasil", "--json")


def test_every_set_stands_in_the_answer_and_nothing_else_is_printed(done):
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert {each["name"] for each in report["sets"]} == {"gudang-1", "gudang-2", "gudang-1+2"}
    assert all(each["state"] == "dihitung" for each in report["sets"])
    assert "DJANGO False" in done.stderr


def test_each_routed_set_lies_in_a_folder_that_can_be_checked(folder, done):
    assert done.returncode == 0
    for each in json.loads(done.stdout)["sets"]:
        own = folder / "hasil" / each["name"]
        problem, plan = read_problem(own / "problem.json"), read_plan(own / "plan.json")
        assert plan.totals.cost_rupiah == each["cost_rupiah"]
        assert set(problem.strategies[0].warehouses) == set(each["members"])
        assert run(own, "check", "problem.json", "plan.json").returncode == 0


def test_the_same_command_gives_the_same_sets(folder, done):
    again = run(folder, "warehouses", "problem.json", "--iterations", "20", "--json")
    before, after = json.loads(done.stdout), json.loads(again.stdout)
    for report in (before, after):
        for each in report["sets"]:
            del each["seconds"]
    assert before == after


def test_people_read_a_table_and_sentences(folder):
    told = run(folder, "warehouses", "problem.json", "--iterations", "5", "--sets", "1")
    assert told.returncode == 0, told.stderr
    assert "lebih murah daripada" in told.stdout
    assert "Contoh: semua angka" in told.stdout


def test_three_at_a_time_are_refused_in_words(folder):
    told = run(folder, "warehouses", "problem.json", "--iterations", "5", "--sets", "3")
    assert told.returncode == 2
    assert "--sets 1 atau --sets 2" in told.stderr


@pytest.mark.parametrize("seed", range(12))
def test_the_shares_of_all_drops_are_never_above_the_cheapest_plan_there_is(seed):
    haul = tiny_haul(seed)
    best = optimum(haul)
    if best is None:
        pytest.skip("these vehicles cannot carry it")
    shares = [_share(haul, replace(drop, name=f"{drop.place}|||")) for drop in haul.drops]
    floor = sum(each.boxes * each.box_micro + each.visits_micro for each in shares)
    assert Fraction(best) * Fraction(1, 4) < floor <= best


def test_the_search_itself_serves_a_place_from_the_warehouse_beside_it():
    problem, matrices = small_problem(2, SIZE)
    row = {place.id: at for at, place in enumerate(problem.places)}
    # PPS-1.1 lies at the door of the second warehouse; from all else it is an hour and 400 km.
    at, door = row["PPS-1.1"], row["GUDANG-2"]
    near = {key: table.copy() for key, table in matrices.items()}
    for table in near.values():
        for layer, far in ((0, 3_600), (1, 400_000)):
            table[layer, at, :] = table[layer, :, at] = far
            table[layer, at, door] = table[layer, door, at] = 60
            table[layer, at, at] = 0
    legs = {}
    for each in PAIR:
        own = problem_of_set(problem, template_of(problem), (each,))
        legs[each] = build_legs(open_case(own, own.strategies[0].name, near)).legs
    joined = join(legs)
    (answer,) = PyvrpEngine().route([joined.part], seed=1, budget=Budget(iterations=300))
    boxes = boxes_by_owner(joined, answer)["PPS-1.1"]
    assert boxes.get("GUDANG-2", 0) > boxes.get("GUDANG-1", 0)


def test_plans_of_every_set_pass_the_checker():
    problem, matrices = small_problem(4, SIZE)
    terms = Terms(template_of(problem), Budget(iterations=30))
    answered = compare_warehouses(problem, matrices, terms, engine=PyvrpEngine(), shares={})
    assert set(answered.found) == {"gudang-1", "gudang-2", "gudang-1+2"}
    for own, plan in answered.found.values():
        assert check(own, plan, matrices).status == "accepted"


def large():
    """Return a case and its part, large enough for the splitting search."""
    problem, matrices = small_problem(1, Size(ppk=8, pps_per_ppk=8, tps_max=10, trucks=9))
    case = open_case(problem, "langsung", matrices)
    return case, build_legs(case).legs[0].part


def units(part):
    return {each.unit for lot in part.lots for each in lot.cargo}


@pytest.mark.skipif(not HAVE_COMPILER, reason="the extra cepat is not installed")
def test_a_search_begun_from_an_answer_is_never_dearer_than_it():
    _, part = large()
    engine = PyvrpEngine()
    (cold,) = engine.route([part], seed=1, budget=Budget(iterations=40))
    assert engine.name == "belah"
    assert not cold.left
    (warm,) = engine.route([replace(part, start=cold.routes)], seed=2, budget=Budget(iterations=1))
    assert priced(part, warm) <= priced(part, cold)


@pytest.mark.skipif(not HAVE_COMPILER, reason="the extra cepat is not installed")
def test_a_start_that_carries_half_still_ends_with_everything_carried():
    _, part = large()
    routes, _ = first_answer(part)
    half = replace(part, start=routes[: len(routes) // 2])
    (answer,) = PyvrpEngine().route([half], seed=1, budget=Budget(iterations=40))
    carried = [
        unit for route in answer.routes for round_ in route.rounds for halt in round_ for unit in halt.units
    ]
    assert not answer.left
    assert sorted(carried) == sorted(units(part))


def priced(part, answer):
    from tepat.solvers.loads import Piece, Travel

    travel, total = Travel(part), 0.0
    for route in answer.routes:
        group = part.groups[route.group]
        total += group.day_rupiah
        for round_ in route.rounds:
            own = {each.unit: each for halt in round_ for each in part.lots[halt.lot].cargo}
            pieces = [Piece(halt.lot, tuple(own[unit] for unit in halt.units)) for halt in round_]
            boxes = sum(piece.boxes for piece in pieces)
            total += group.round_rupiah + group.km_rupiah * travel.distance_m(pieces, group) / 1000
            total += group.box_rupiah * boxes
            total += group.nights * sum(map(travel.night_rupiah, pieces))
    return total


def test_old_days_become_routes_of_the_same_vehicles_and_units():
    problem, matrices = small_problem(2, SIZE)
    terms = Terms(template_of(problem), Budget(iterations=10), 1)
    answered = compare_warehouses(problem, matrices, terms, engine=PyvrpEngine(), shares={})
    own, plan = answered.found["gudang-1"]
    case = open_case(own, plan.strategy, matrices)
    part = build_legs(case).legs[0].part
    routes = warm_routes(part, old_days(case, plan), range(len(part.groups)))
    carried = {unit for route in routes for round_ in route.rounds for halt in round_ for unit in halt.units}
    assert carried == units(part)
    for position, group in enumerate(part.groups):
        assert sum(route.group == position for route in routes) <= group.count


def test_a_warm_engine_without_days_changes_nothing():
    problem, matrices = small_problem(2, SIZE)
    part = build_legs(open_case(problem, "langsung", matrices)).legs[0].part
    engine = PyvrpEngine()
    warm = WarmEngine(engine, ())
    budget = Budget(iterations=10)
    assert warm.route([part], seed=1, budget=budget) == engine.route([part], seed=1, budget=budget)
    assert (warm.name, warm.version) == (engine.name, engine.version)
