"""The engine in its child process: it answers, and outlives a child that hangs, crashes or babbles."""

import os
import subprocess
import sys
import threading
from importlib.metadata import version

import pytest
from msgspec.structs import replace
from tests.distribution.small import Size, small_problem

from tepat.distribution.case import open_case
from tepat.distribution.legs import build_legs
from tepat.distribution.routing import Budget, SearchStopped
from tepat.solvers.pyvrp_engine import PyvrpEngine
from tepat.solvers.splitting.compiling import HAVE_COMPILER

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
UNCOMPILED = """
from tepat.solvers import child

child.HAVE_COMPILER = False
child.ready = lambda: False
child.main()
"""
CUT_OFF = """
import os
from tepat.solvers import child
from tepat.solvers.splitting import search

told = search._Search._note

def note(self, book):
    told(self, book)
    if self.iterations > 35:
        os.abort()

child.NEWS_EVERY_S = 0.0
search._Search._note = note
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


def test_a_stopped_search_gives_no_answer_and_leaves_no_child():
    (part,) = parts()
    engine = PyvrpEngine(command=(sys.executable, "-c", ENDLESS))
    threading.Timer(0.5, engine.stop).start()
    with pytest.raises(SearchStopped):
        engine.route([part], seed=1, budget=Budget(seconds=600))
    words = ["ps", "--ppid", str(os.getpid()), "-o", "args="]
    assert ENDLESS not in subprocess.run(words, capture_output=True, text=True, check=False).stdout
    with pytest.raises(SearchStopped):
        engine.route([part], seed=1, budget=Budget(iterations=1))


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
    assert min(bests) == min(each.best_rupiah for each in told if each.share == 1.0)


LARGE = Size(ppk=6, pps_per_ppk=10, tps_max=8, trucks=4)


def parts_in_hours():
    return [
        replace(part, lots=tuple(replace(lot, closes_s=part.groups[0].closes_s - 600) for lot in part.lots))
        for part in parts(size=LARGE)
    ]


@pytest.mark.skipif(not HAVE_COMPILER, reason="needs the extra cepat")
def test_the_engine_names_the_searches_whose_answers_it_gave():
    engine = PyvrpEngine()
    engine.route(parts(size=LARGE), seed=1, budget=Budget(iterations=2))
    assert engine.name == "belah"
    assert engine.version.startswith("1/numba-")
    engine.route(parts_in_hours(), seed=1, budget=Budget(iterations=2))
    assert (engine.name, engine.version) == ("pyvrp", version("pyvrp"))
    engine.route([*parts(size=LARGE), *parts()], seed=1, budget=Budget(iterations=2))
    assert engine.name == "belah+pyvrp"


def test_without_the_compiler_pyvrp_searches():
    engine = PyvrpEngine(command=(sys.executable, "-c", UNCOMPILED))
    some = parts(size=LARGE)
    answers = engine.route(some, seed=1, budget=Budget(iterations=2))
    assert engine.name == "pyvrp"
    assert [carried(answer) for answer in answers] == [units(part) for part in some]


@pytest.mark.skipif(not HAVE_COMPILER, reason="needs the extra cepat")
def test_a_search_cut_off_still_gives_the_best_it_had_told_of():
    (part,) = parts(size=LARGE)
    engine = PyvrpEngine(command=(sys.executable, "-c", CUT_OFF))
    (answer,) = engine.route([part], seed=1, budget=Budget(iterations=40))
    assert answer.outcome == "stopped"
    assert carried(answer) == units(part)
    assert engine.name == "belah"
