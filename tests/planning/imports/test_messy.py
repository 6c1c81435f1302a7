"""The messy workbook: all that was planted is found at its cell, and nothing else."""

from collections import Counter

import pytest

from tepat.common.samples import sample_tps
from tepat.planning.imports.messy import pages_of, workbook_bytes, write_messy_workbook


@pytest.mark.parametrize("seed", [1, 2])
def test_every_planted_fault_is_named_at_its_cell_and_nothing_else(blora, read, tmp_path, seed: int) -> None:
    path = tmp_path / "kotor.xlsx"
    planted = write_messy_workbook(path, blora, seed)
    result = read(path.read_bytes(), compare_tps=True)
    wanted = Counter((fault.kind, fault.sheet, fault.cell) for fault in planted)
    found = Counter((one.kind, one.sheet, one.cell) for one in result.findings)
    assert found == wanted
    assert len({fault.kind for fault in planted}) >= 33
    assert all(one.message for one in result.findings)


def test_the_same_seed_gives_the_same_bytes(blora, tmp_path) -> None:
    first, second, other = (tmp_path / name for name in ("a.xlsx", "b.xlsx", "c.xlsx"))
    assert write_messy_workbook(first, blora, 7) == write_messy_workbook(second, blora, 7)
    write_messy_workbook(other, blora, 8)
    assert first.read_bytes() == second.read_bytes() != other.read_bytes()


def test_a_clean_workbook_raises_no_finding_and_gives_blora_as_it_was(blora, read) -> None:
    result = read(workbook_bytes(pages_of(blora)), compare_tps=True, expected={"dpt": 704_285, "tps": 2_977})
    assert result.findings == ()
    assert result.acceptable
    sample = {(tps.desa, tps.number): tps.dpt for tps in sample_tps(blora, "pemilu-2024")}
    assert {(r.values["desa_code"], r.values["tps"]): r.values["dpt"] for r in result.records} == sample
