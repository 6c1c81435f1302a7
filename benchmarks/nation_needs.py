"""The whole nation's needs: 83,731 desa, 820,161 TPS, all items of Pemilu 2024, on one core.

    python -m benchmarks.nation_needs [--repeats N]

Beside it stands the plain way, one TPS after the other in Python, which has to give the same numbers at each
TPS. Voters are the national mean with a fixed variation ("contoh"); TPS per desa are real (14 Feb 2024).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tepat.planning.columns import TpsColumns
    from tepat.planning.rules import RuleSet

TPS_EXPECTED = 820_161
DESA_EXPECTED = 83_731


def nation() -> TpsColumns:
    """Return the nation's TPS as columns, built from the table of TPS per desa."""
    import numpy as np

    from tepat.common.areas import dotted, rows
    from tepat.planning.columns import TpsColumns

    codes, counts, specials = [], [], []
    for row in rows("tps_per_desa_pemilu2024.csv.gz"):
        first = row["tps_khusus_dari"]
        codes.append(dotted(row["kode_kpu"]))
        counts.append(int(row["tps_reguler"]))
        specials.append(int(row["tps_khusus_sampai"]) - int(first) + 1 if first else 0)
    regular, special = np.array(counts), np.array(specials)
    size = regular + special
    index = np.repeat(np.arange(len(codes), dtype=np.int32), size)
    place = np.arange(size.sum()) - np.repeat(size.cumsum() - size, size) + 1
    over = place - regular[index]
    number = np.where(over > 0, 900 + over, place).astype(np.int32)
    dpt = 247 + (index.astype(np.int64) * 7_919 + number * 104_729) % 97 - 48
    return TpsColumns(tuple(codes), index, number, dpt, dpt % 3)


def plain(tps: TpsColumns, rules: RuleSet) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Return the totals by going through the TPS one by one, each formula written out by hand."""
    params = {name: param.value for name, param in rules.params.items()}
    rows = []
    for item in (item for item in rules.items if item.level == "tps"):
        text = item.formula.text
        fixed = params[text] if text in params else int(text) if text.isdecimal() else None
        rows.append((item.code, text, item.ballot, item.formula.rounds, fixed))
    totals = dict.fromkeys((row[0] for row in rows), 0)
    allocated: dict[str, list[int]] = {row[0]: [] for row in rows}
    each = zip(tps.desa_index.tolist(), tps.dpt.tolist(), tps.dptb.tolist(), strict=True)
    for desa, d, t in each:
        jakarta = tps.desa_codes[desa].startswith("31")
        e = 4 if jakarta else 5
        reserve = math.ceil(d * 2 / 100) if d * 2 % 100 else d * 2 // 100
        values = {"d": d, "e": e, "2*e": 2 * e}
        for code, text, ballot, rounds, fixed in rows:
            if rounds:
                held = not (jakarta and ballot == "dprdk")
                printed = d + reserve if held else 0
                allocated[code].append(d + t + reserve if held else 0)
            else:
                printed = values[text] if fixed is None else fixed
            totals[code] += printed
    return totals, allocated


def once() -> dict[str, float]:
    """Measure one run in this process: loading, the first computation, and the plain way where asked for."""
    from tepat.planning.needs import compute_needs
    from tepat.planning.rulesets import load_rule_set

    rules = load_rule_set("pemilu-2024")
    began = time.perf_counter()
    tps = nation()
    built, built_cpu = time.perf_counter(), time.process_time()
    needs = compute_needs(tps, rules)
    totals, allocation = needs.totals(), needs.totals("alokasi")
    by_kecamatan = needs.by_kecamatan("alokasi")
    once_per_kab = needs.rounded_per_kab()
    done, done_cpu = time.perf_counter(), time.process_time()
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert len(tps) == TPS_EXPECTED
    assert len(tps.desa_codes) == DESA_EXPECTED
    assert all(int(column.sum()) == allocation[code] for code, column in by_kecamatan.items())
    assert once_per_kab["SS-PPWP"] < totals["SS-PPWP"]
    found = {
        "columns_s": built - began,
        "needs_s": done - built,
        "needs_cpu_s": done_cpu - built_cpu,
        "peak_mb": memory_mb,
        "items": len(totals),
    }
    if "--plain" in sys.argv:
        began = time.perf_counter()
        expected, allocated = plain(tps, rules)
        found["plain_s"] = time.perf_counter() - began
        assert {code: totals[code] for code in expected} == expected
        for item in needs.tps_items:
            if item.formula.rounds:
                assert needs.per_tps(item.code, "alokasi").tolist() == allocated[item.code]
    return found


def spread(values: list[float]) -> str:
    """Return the median with the smallest and the largest."""
    return f"{statistics.median(values):.3f} ({min(values):.3f}–{max(values):.3f})"


def main() -> None:
    """Run each repeat in a process of its own, so that nothing is warm and the peak memory is its own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--plain", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(once()))
        return
    one_core = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    runs = []
    for repeat in range(arguments.repeats):
        command = [
            sys.executable,
            "-m",
            "benchmarks.nation_needs",
            "--one",
            *(["--plain"] if not repeat else []),
        ]
        done = subprocess.run(command, check=True, capture_output=True, env=one_core)
        runs.append(json.loads(done.stdout))
    print(
        f"{TPS_EXPECTED:,} TPS, {runs[0]['items']} items, {arguments.repeats} processes; median (least–most)"
    )
    lines = {
        "needs_s": "s     needs, totals, kecamatan, other rounding",
        "needs_cpu_s": "s     processor time of that",
        "columns_s": "s     columns from the national table",
        "peak_mb": "MB    peak memory",
    }
    for name, meaning in lines.items():
        print(f"{spread([run[name] for run in runs]):>28} {meaning}")
    print(f"{runs[0]['plain_s']:>28.1f} s     row by row in plain Python, same numbers at every TPS")


if __name__ == "__main__":
    main()
