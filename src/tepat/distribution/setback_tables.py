"""Both ways of going on after a setback, side by side, and what each of them moves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tepat.common.tables import Cell, Column, Kind, Table, moment
from tepat.distribution.edit_tables import VERDICTS, differences_table, signed
from tepat.distribution.setbacks import Answer

TITLES = {"tetap": "Yang lain tetap", "termurah": "Termurah"}


def happened(arguments: Mapping[str, Any], zone: ZoneInfo) -> str:
    """Return what was asked for, in words."""
    lost = ", ".join(arguments["lost"]) or "tidak ada kendaraan yang hilang"
    return f"Keadaan {moment(datetime.fromisoformat(arguments['at']), zone)}; tidak jalan lagi: {lost}."


def sides_table(answers: Sequence[Answer], zone: ZoneInfo) -> Table:
    """Return both answers as columns."""
    rows: list[list[Any]] = [
        [
            "Pemeriksa",
            *(
                Cell(VERDICTS[one.status][0], word=VERDICTS[one.status][1], kind=Kind.STATE)
                for one in answers
            ),
        ],
        ["Biaya seluruhnya", *(Cell(one.cost_rupiah, kind=Kind.RUPIAH) for one in answers)],
        ["Selisih biaya", *(signed(one.changes.cost_rupiah) for one in answers)],
        ["Set yang belum berangkat", *(Cell(one.changes.units, kind=Kind.COUNT) for one in answers)],
        ["Dipindah tanpa harus", *(Cell(one.changes.moved, kind=Kind.COUNT) for one in answers)],
        ["Tertinggal", *(Cell(one.changes.unserved, kind=Kind.COUNT) for one in answers)],
    ]
    return Table(
        id="dua-cara",
        title="Dua cara melanjutkan",
        columns=(Column("Ukuran"), *(Column(TITLES[one.way]) for one in answers)),
        rows=rows,
        note="Perjalanan yang sudah mulai dimuat tidak diubah. “Dipindah tanpa harus”: set yang tidak ada "
        "hubungannya dengan kendaraan yang hilang, tetapi datang dengan kendaraan atau tanggal lain.",
        zone=zone,
        across=True,
    )


def moves_table(one: Answer, zone: ZoneInfo) -> Table:
    """Return what one answer changes, place by place."""
    table = differences_table(one.found, zone)
    return replace(table, id=f"beda-{one.way}", title=f"{TITLES[one.way]}: yang berubah di tiap tempat")
