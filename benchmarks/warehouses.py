"""Which warehouse: every set of Blora's candidates over some seeds, and twenty made-up candidates pruned.

`python -m benchmarks.warehouses problem.json [SECONDS [SEED…]]` prints a row for each set and seed.
`python -m benchmarks.warehouses --twenty [SECONDS]` builds Blora with twenty candidates (contoh) first.
"""

import sys
import tempfile
import time
from pathlib import Path

from msgspec.structs import replace

from tepat.common.areas import load_area
from tepat.distribution.building import Choices, build_problem
from tepat.distribution.building.places import ALL_CLASSES
from tepat.distribution.building.prices import read_price_list, with_lines_for
from tepat.distribution.checker import load_matrices
from tepat.distribution.documents import read_problem
from tepat.distribution.problems import Place, WarehouseFacts
from tepat.distribution.routing import Budget
from tepat.distribution.warehouses.choosing import Terms
from tepat.distribution.warehouses.comparing import compare_warehouses
from tepat.distribution.warehouses.sets import candidates_of, template_of
from tepat.solvers.bounding.shares import shares_of
from tepat.solvers.pyvrp_engine import PyvrpEngine

BLORA = "33.16"
TWENTY = 20
SECONDS = 10.0
SEEDS = (1, 2, 3)


def main(file: Path, seconds: float, seeds: tuple[int, ...]) -> None:
    problem = read_problem(file)
    matrices = load_matrices(problem, file.parent)
    template = template_of(problem)
    begun, worked = time.perf_counter(), time.process_time()
    shares = {place.id: shares_of(problem, template, place.id, matrices) for place in candidates_of(problem)}
    wall, cpu = time.perf_counter() - begun, time.process_time() - worked
    print(f"floors of {len(shares)} candidates: {wall:.1f} s, {cpu:.1f} s of processor time\n")
    for seed in seeds:
        begun = time.perf_counter()
        report = compare_warehouses(
            problem,
            matrices,
            Terms(template, Budget(seconds=seconds), seed=seed),
            engine=PyvrpEngine(),
            shares=shares,
        ).report
        print(f"seed {seed}: {time.perf_counter() - begun:.1f} s")
        print("| set | state | Rp M | floor Rp M | places | s |")
        print("|---|---|---|---|---|---|")
        for each in report.sets:
            if each.state == "dilewati":
                continue
            bill = "" if each.cost_rupiah is None else f"{each.cost_rupiah / 1e6:.1f}"
            floor = "" if each.floor_rupiah is None else f"{each.floor_rupiah / 1e6:.1f}"
            places = "+".join(str(len(held.places)) for held in each.holdings)
            print(f"| {each.name} | {each.state} | {bill} | {floor} | {places} | {each.seconds} |")
        skipped = [each for each in report.sets if each.state == "dilewati"]
        print(f"\n{len(report.sets)} sets, {len(skipped)} skipped\n", flush=True)


def twenty(folder: Path) -> Path:
    """Build Blora with twenty candidates spread over its kecamatan, rents from cheap to dear."""
    area = load_area(BLORA)
    located = [desa for desa in area.desa if desa.lat is not None and desa.lon is not None]
    chosen = located[:: len(located) // TWENTY][:TWENTY]
    places = tuple(
        Place(
            id=f"GUDANG-{number}",
            kind="gudang",
            code=desa.code,
            name=f"Calon {number} ({desa.name}, contoh)",
            lat=desa.lat or 0.0,
            lon=desa.lon or 0.0,
            hours="gudang",
            access=ALL_CLASSES,
            docks=4,
            warehouse=WarehouseFacts(
                usable_m2=1300 + 37 * (number * 7 % TWENTY), gate_class="truk", guards=4
            ),
            note="contoh",
        )
        for number, desa in enumerate(chosen, 1)
    )
    prices = with_lines_for(read_price_list(), TWENTY)
    varied = tuple(
        replace(price, rupiah=price.rupiah * (80 + 5 * (number * 3 % 9)) // 100)
        if price.basis == "warehouse"
        else price
        for number, price in enumerate(prices.prices)
    )
    build_problem(
        area,
        "pemilu-2024",
        out=folder,
        choices=Choices(warehouses=places, price_list=replace(prices, prices=varied)),
    )
    return folder / "problem.json"


if __name__ == "__main__":
    given = sys.argv[2:]
    spent = float(given[0]) if given else SECONDS
    if sys.argv[1] == "--twenty":
        with tempfile.TemporaryDirectory() as name:
            main(twenty(Path(name)), spent, SEEDS[:1])
    else:
        main(Path(sys.argv[1]), spent, tuple(int(each) for each in given[1:]) or SEEDS)
