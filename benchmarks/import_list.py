"""A list of Blora's 2,977 TPS from the file's bytes to findings and preview.

Once clean, and once the messy workbook of the demonstration with all its faults named.

python -m benchmarks.import_list [RUNS]
"""

import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import measured, show

from tepat.common.areas import load_area, successors
from tepat.common.samples import sample_tps
from tepat.planning.imports.desa_register import DesaRegister
from tepat.planning.imports.engine import ImportResult, read_import
from tepat.planning.imports.entries import ImportOptions
from tepat.planning.imports.kinds import import_kind
from tepat.planning.imports.messy import pages_of, workbook_bytes, write_messy_workbook
from tepat.planning.imports.preview import Changes, preview

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

RUNS = 5
ELECTION = "pemilu-2024"


def main(runs: int) -> None:
    """Read both workbooks against the register of the same TPS with other voters."""
    area = load_area("blora")
    kind, register = import_kind("tps"), DesaRegister.of_area(area, successors())
    current: Mapping[tuple[Hashable, ...], Mapping[str, Any]] = {
        (tps.desa, tps.number): {"dpt": tps.dpt + 1} for tps in sample_tps(area, ELECTION)
    }
    options = ImportOptions(voters_max=300, dapil_needed=True, compare_tps=True)

    def read(data: bytes) -> tuple[ImportResult, Changes]:
        result = read_import(data, kind, register, options)
        return result, preview(result.records, current, kind)

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "berantakan.xlsx"
        write_messy_workbook(file, area, 1)
        books = {"clean": workbook_bytes(pages_of(area)), "messy": file.read_bytes()}
    rows = []
    for name, data in books.items():
        result, changes = read(data)
        counts = result.counts
        found = f"{counts['blocks']} block, {counts['asks']} ask, {counts['note']} note"
        what = f"{name} XLSX of {len(data) // 1000} kB, {len(result.records):,} rows: {found}"
        assert changes.changed
        rows.append(measured(what, partial(read, data), runs))
    show(rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
