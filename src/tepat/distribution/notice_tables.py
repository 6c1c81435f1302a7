"""What a new schedule changes, as a table. Pure."""

from zoneinfo import ZoneInfo

from tepat.common.tables import Cell, Column, Kind, Table
from tepat.distribution.rules_notice import Change


def change_table(change: Change, zone: ZoneInfo) -> Table:
    """Return the halts that are new and those that no longer hold, place by place."""
    marked = [(halt, "aman", "BARU") for halt in change.new]
    marked += [(halt, "perhatikan", "TIDAK BERLAKU LAGI") for halt in change.gone]
    return Table(
        id="perubahan",
        title="Yang berubah dari jadwal sebelumnya",
        columns=(
            Column("Tujuan"),
            Column("Perubahan", Kind.STATE),
            Column("Berangkat", Kind.MOMENT),
            Column("Tiba", Kind.MOMENT),
            Column("Kendaraan"),
            Column("Dari"),
            Column("Kotak", Kind.COUNT),
            Column("Pengawal"),
        ),
        rows=[
            [
                halt.place,
                Cell(state, word=word),
                halt.depart_at,
                halt.arrive_at,
                halt.vehicle,
                halt.origin,
                halt.boxes,
                halt.escort or None,
            ]
            for halt, state, word in sorted(marked, key=lambda one: (one[0].place, one[2], one[0]))
        ],
        empty="Tidak ada yang berubah di wilayah ini.",
        zone=zone,
    )
