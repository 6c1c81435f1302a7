"""`python -m tepat.solvers.splitting` compiles the search ahead of its first use."""

import sys

import numpy as np

from tepat.distribution.routing import Cargo, FleetGroup, Lot, Part
from tepat.solvers.exact_fill import first_answer
from tepat.solvers.splitting.compiling import HAVE_COMPILER, compile_by, ready

ITERATIONS = 2


def _part() -> Part:
    """Return a small made-up part whose search uses every move."""
    places = np.array([[0, 0], [9, 1], [8, 3], [2, 9]]) * 1_000
    metres = np.abs(places[:, None] - places[None]).sum(axis=2)
    group = FleetGroup(
        name="contoh",
        count=2,
        boxes_max=20,
        volume_ml_max=10**9,
        weight_g_max=10**9,
        load_fixed_s=600,
        load_s_per_box=0,
        unload_s_per_box=10,
        opens_s=0,
        closes_s=36_000,
        day_rupiah=500_000,
        km_rupiah=4_000,
        box_rupiah=0,
        matrix=0,
        nights=1,
    )
    lots = tuple(
        Lot(
            place=place,
            cargo=tuple(Cargo(f"{place}-{number}", 5, 1, 1) for number in range(5)),
            stop_s=300,
            groups=(0,),
            opens_s=0,
            closes_s=10**9,
        )
        for place in (1, 2, 3)
    )
    table = np.stack([metres // 10, metres]).astype("<i4")
    return Part(name="contoh", rows=4, matrices=(table.tobytes(),), lots=lots, groups=(group,))


def _run() -> None:
    sys.dont_write_bytecode = False  # Numba itself is a second slower to import without its bytecode
    from tepat.solvers.splitting.search import Found, improve

    part = _part()
    routes, left = first_answer(part)
    improve(
        part,
        Found(routes, left, 0),
        seed=0,
        share=lambda iterations: iterations / (4 * ITERATIONS),
        tell=lambda *_: None,
    )


if __name__ == "__main__" and HAVE_COMPILER and not ready():
    compile_by(_run)
