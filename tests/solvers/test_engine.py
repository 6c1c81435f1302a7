"""The engine in its child process: it answers, and outlives a child that hangs, crashes or babbles."""

import sys

import pytest
from tests.distribution.small import Size, small_problem

from tepat.distribution.case import open_case
from tepat.distribution.legs import build_legs
from tepat.distribution.routing import Budget
from tepat.solvers.pyvrp_engine import PyvrpEngine

ENDLESS = "import time; time.sleep(600)"
SUDDEN = "import os; os.abort()"
BABBLE = """
import sys
sys.stdout.buffer.write(b'\\x05\\x00\\x00\\x00hello')
sys.stdout.flush()
sys.stdin.buffer.read()
"""
TROUBLED = """
from tepat.solvers import child

def out_of_memory(*_):
    raise MemoryError

child.route = out_of_memory
child.main()
"""


def parts(strategy="langsung", size=None):
    problem, matrices = small_problem(1, size)
    return [leg.part for leg in build_legs(open_case(problem, strategy, matrices)).legs]


def units(part):
    return {each.unit for lot in part.lots for each in lot.cargo}


def carried(answer):
    return {
        unit for route in answer.routes for round_ in route.rounds for halt in round_ for unit in halt.units
    }


def test_each_part_gets_its_answer_in_order():
    some = parts("lewat-ppk")
    answers = PyvrpEngine().route(some, seed=1, budget=Budget(iterations=20))
    assert [carried(answer) for answer in answers] == [units(part) for part in some]
    assert {answer.outcome for answer in answers} == {"found"}


def test_no_parts_need_no_process():
    assert PyvrpEngine(command=("/tidak/ada",)).route([], seed=1, budget=Budget(iterations=1)) == ()


@pytest.mark.parametrize("program", [ENDLESS, SUDDEN, BABBLE, TROUBLED])
def test_a_broken_child_leaves_the_first_answer_and_a_reason(program):
    (part,) = parts()
    engine = PyvrpEngine(command=(sys.executable, "-c", program), silence_s_max=2.0)
    told = []
    (answer,) = engine.route([part], seed=1, budget=Budget(iterations=10), progress=told.append)
    assert answer.outcome == "stopped"
    assert answer.message
    assert carried(answer) == units(part)
    assert any(each.trouble for each in told)


def test_a_program_that_cannot_be_started_is_a_reason_too():
    (part,) = parts()
    (answer,) = PyvrpEngine(command=("/tidak/ada",)).route([part], seed=1, budget=Budget(iterations=10))
    assert answer.outcome == "stopped"
    assert carried(answer) == units(part)


def test_progress_is_told_and_ends_at_the_whole():
    (part,) = parts()
    told = []
    PyvrpEngine().route([part], seed=1, budget=Budget(iterations=50), progress=told.append)
    assert told[-1].parts_done == told[-1].parts
    assert told[-1].share == 1.0
    assert told[-1].best_rupiah > 0


def test_a_search_never_ends_dearer_than_it_began():
    (part,) = parts(size=Size(ppk=3, pps_per_ppk=6, tps_max=15, trucks=2))
    told = []
    PyvrpEngine().route([part], seed=1, budget=Budget(iterations=300), progress=told.append)
    bests = [each.best_rupiah for each in told if each.best_rupiah is not None]
    assert min(bests) == min(bests[-2:])
