"""One change by hand in plans of Blora, from what was asked to the checker's word and the new bill.

"The tenth move" makes the nine before it again each time, as after a restart; the screen remembers them.

python -m benchmarks.edit_plan [RUNS]
"""

import re
import sys
import tempfile
import urllib.parse
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks.demo_office import Visitor, served_blora
from benchmarks.measuring import Runs, blora, measured, show

from tepat.common.errors import Refused
from tepat.distribution.checker import check
from tepat.distribution.editing.applying import edited
from tepat.distribution.editing.changes import Change, Move, PinUnits, Repaired, SwapVehicles, ToTrip
from tepat.distribution.editing.differences import differences
from tepat.distribution.plans import Plan
from tepat.distribution.problems import Problem
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.solvers.pyvrp_engine import PyvrpEngine

RUNS = 11
STRATEGIES = ("langsung-pps", "lewat-ppk")
ITERATIONS = 20
BEFORE = 9


def no_documents(_: Repaired) -> tuple[Problem, Plan]:
    """Nothing here was repaired."""
    raise AssertionError


def orders(plan: Plan) -> list[Change]:
    """Return stops sent to the end of their own trips: nearly all of these fit their day."""
    return [
        Move(
            trip=trip.id,
            place=trip.stops[0].place,
            units=trip.stops[0].units,
            to=ToTrip(trip=trip.id, position=len(trip.stops)),
        )
        for trip in plan.trips
        if len(trip.stops) > 1
    ]


def main(runs: int) -> None:
    """Measure a move, a swap of vehicles and a pin, on a straight plan and one over the PPK."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        problem, matrices = blora(Path(folder))
        for name in STRATEGIES:
            plan = solve(
                problem, name, matrices, engine=PyvrpEngine(), seed=1, budget=Budget(iterations=ITERATIONS)
            )

            def change(changes: Sequence[Change], plan: Plan = plan) -> None:
                edited((problem, plan), matrices, changes, no_documents)

            def fits(one: Change, plan: Plan = plan) -> bool:
                try:
                    edited((problem, plan), matrices, [one], no_documents)
                except Refused:
                    return False
                return True

            moves = [one for one in orders(plan)[: 4 * BEFORE] if fits(one)][: BEFORE + 1]
            first = plan.trips[0]
            other = next(
                trip for trip in plan.trips if trip.vehicle != first.vehicle and trip.origin == first.origin
            )
            swap = SwapVehicles(trip=first.id, other_trip=other.id)
            goal = {unit.id: unit.place for unit in problem.units}
            last, stop = next(
                (trip, stop)
                for trip in plan.trips
                for stop in trip.stops
                if goal[stop.units[0]] == stop.place
            )
            pin = PinUnits(units=stop.units[:1], vehicle=last.vehicle, reason="ukuran")
            what = f"`{name}`, {len(plan.trips)} trips"
            rows.append(measured(f"{what}: the checker alone", partial(check, problem, plan, matrices), runs))
            rows.append(measured(f"{what}: one move", partial(change, moves[:1]), runs))
            rows.append(measured(f"{what}: the tenth move", partial(change, moves), runs))
            if fits(swap):
                rows.append(measured(f"{what}: two vehicles swapped", partial(change, [swap]), runs))
            rows.append(measured(f"{what}: a pin", partial(change, [pin]), runs))
            new = edited((problem, plan), matrices, moves, no_documents)
            pair = (problem, plan), (new.problem, new.plan)
            rows.append(measured(f"{what}: the differences in words", partial(differences, *pair), runs))
    with tempfile.TemporaryDirectory() as folder, served_blora(Path(folder)) as visitor:
        rows.append(screens(visitor, runs))
    show(rows)


def screens(visitor: Visitor, runs: int) -> Runs:
    """Return the runs of one move on the screen: the form is sent, the page comes back, once a move.

    Beside the clock stands the processor time of this visitor, not of the server.
    """
    path = f"{visitor.plan()}sunting/"
    seen = Runs("`langsung-pps` on the screen: a form sent, the page back")
    page = visitor.read(path)
    while len(seen.clock_s) < runs:
        stop = re.search(r'data-trip="([^"]+)" data-place="([^"]+)" data-nomor="1" data-set="([^"]+)"', page)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        revision = re.search(r'name="revisi" value="(\d+)"', page)
        assert stop, page
        assert token, page
        assert revision, page
        form = {
            "csrfmiddlewaretoken": token[1],
            "revisi": revision[1],
            "apa": "pindah",
            "trip": stop[1],
            "place": stop[2],
            "units": stop[3].split(" "),
            "tujuan": stop[1],
            "posisi": "2",
        }
        answers: list[str] = []
        seen.once(partial(send, visitor, f"{path}ubah/", form, answers))
        page = answers[0]
    return seen


def send(visitor: Visitor, path: str, form: dict[str, str | list[str]], answers: list[str]) -> None:
    """Send a form and note the page that answers it."""
    posted = urllib.parse.urlencode(form, doseq=True).encode()
    with visitor.opener.open(visitor.address + path, posted, timeout=60) as answer:
        answers.append(answer.read().decode())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
