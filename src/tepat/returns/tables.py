"""The tables of the way back: per PPK, what is not back, set by set, and the loads to the warehouse."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from tepat.common.tables import Cell, Column, Kind, Table
from tepat.custody.readiness_contacts import CallBook
from tepat.returns.reading import Load, SetRow
from tepat.returns.rules_returns import SPOT_WORDS, Level

ORDER: tuple[Level, ...] = ("gawat", "belum", "perhatikan", "aman")
NO_NUMBER = "–"


def _worst(rows: Sequence[SetRow]) -> Level:
    return min((row.found.level for row in rows), key=ORDER.index, default="belum")


def district_table(
    rows: Sequence[SetRow], loads: Sequence[Load], names: Mapping[str, str], zone: ZoneInfo, query: str
) -> Table:
    """Return one line for each PPK: how much of what left is back.

    Args:
        rows: Every set.
        loads: What lies at each PPK.
        names: Kecamatan by code.
        zone: The office's zone.
        query: What was asked of the moment, to go along.
    """
    lines: list[list[Any]] = []
    for load in loads:
        mine = [row for row in rows if row.kecamatan == load.area_code]
        link = f"{reverse('pengembalian-kecamatan', args=[load.area_code])}{query}"
        lines.append(
            [
                Cell(names.get(load.area_code, load.area_code), href=link),
                Cell("gawat", word="KELUAR TERLALU DINI") if load.early else Cell(_worst(mine)),
                len(mine),
                sum(row.found.whole for row in mine),
                sum(row.found.critical_back for row in mine),
                sum(row.found.critical for row in mine),
                *(sum(row.found.spot == spot for row in mine) for spot in ("pps", "kpps", "jalan")),
                sum(row.found.spot in {"belum", "masalah"} for row in mine),
                load.recap.ended_at if load.recap else None,
            ]
        )
    totals = ["Jumlah", None, *(sum(int(line[at]) for line in lines) for at in range(2, 10)), None]
    return Table(
        id="ppk",
        title="Per PPK",
        note="Kotak hasil: kotak yang memuat C.HASIL. Set belum kembali ditulis menurut yang terjauh.",
        columns=(
            Column("PPK"),
            Column("Keadaan", Kind.STATE),
            Column("Set", Kind.COUNT),
            Column("Utuh di PPK", Kind.COUNT),
            Column("Kotak hasil di PPK", Kind.COUNT),
            Column("dari", Kind.COUNT),
            Column("Di PPS", Kind.COUNT),
            Column("Di KPPS", Kind.COUNT),
            Column("Di jalan", Kind.COUNT),
            Column("Tanpa bukti atau dicari", Kind.COUNT),
            Column("Rekapitulasi selesai", Kind.MOMENT),
        ),
        rows=lines,
        totals=totals if lines else (),
        empty="Belum ada set yang disiapkan di wilayah Anda.",
        zone=zone,
    )


def missing_table(rows: Sequence[SetRow], book: CallBook, names: Mapping[str, str], zone: ZoneInfo) -> Table:
    """Return the sets that are not at their PPK, each with who holds them, results first."""
    return Table(
        id="belum-kembali",
        title="Belum di PPK",
        note="Yang memuat hasil di atas. Sampai diterima PPK, pemegangnya tetap bertanggung jawab.",
        columns=(
            Column("Wilayah"),
            Column("Set", Kind.CODE),
            Column("Keadaan", Kind.STATE),
            Column("Di mana"),
            Column("Kotak hasil", Kind.TEXT),
            Column("Semua", Kind.TEXT),
            Column("Pemegang"),
            Column("Telepon", Kind.CODE),
        ),
        rows=[_missing(row, book, names) for row in rows],
        empty="Semua set sudah di PPK.",
        zone=zone,
    )


def _missing(row: SetRow, book: CallBook, names: Mapping[str, str]) -> list[Any]:
    contact = book.contact(row.area_code, row.found.holders)
    link = reverse("garis-waktu-orang", args=[contact.person]) if contact.person else ""
    return [
        names.get(row.area_code, row.area_code),
        _set(row),
        Cell(row.found.level),
        SPOT_WORDS[row.found.spot],
        f"{row.found.critical_back} dari {row.found.critical}",
        f"{row.found.back} dari {row.found.things}",
        Cell(contact.shown, href=link, note=contact.role),
        contact.phone or NO_NUMBER,
    ]


def _set(row: SetRow) -> Cell:
    return Cell(row.word, href=reverse("garis-waktu-tps", args=[row.unit]))


def board_table(rows: Sequence[SetRow], names: Mapping[str, str], zone: ZoneInfo) -> Table:
    """Return one line for each set of a PPK: the list to tick off in the night."""
    return Table(
        id="papan",
        title="Set demi set",
        columns=(
            Column("Wilayah"),
            Column("Set", Kind.CODE),
            Column("Keadaan", Kind.STATE),
            Column("Kotak hasil", Kind.TEXT),
            Column("Semua", Kind.TEXT),
            Column("Di mana"),
        ),
        rows=[
            [
                names.get(row.area_code, row.area_code),
                _set(row),
                Cell(row.found.level, note="sepihak" if row.found.one_sided else ""),
                f"{row.found.critical_back} dari {row.found.critical}",
                f"{row.found.back} dari {row.found.things}",
                SPOT_WORDS[row.found.spot],
            ]
            for row in rows
        ],
        empty="Tidak ada set di sini.",
        zone=zone,
    )


def loads_table(
    rows: Sequence[Load], names: Mapping[str, str], name: Callable[[str], str], zone: ZoneInfo
) -> Table:
    """Return what lies at each PPK and whether it may go on to the warehouse.

    Args:
        rows: What lies at each PPK.
        names: Kecamatan by code.
        name: Returns a person's name, or what may be shown of it.
        zone: The office's zone.
    """
    return Table(
        id="muatan",
        title="Muatan PPK ke gudang",
        note="Kotak tinggal di PPK sampai rekapitulasinya selesai; sesudah itu perjalanannya direncanakan.",
        columns=(
            Column("PPK"),
            Column("Boleh berangkat", Kind.STATE),
            Column("Kotak", Kind.COUNT),
            Column("Bundel", Kind.COUNT),
            Column("Set", Kind.COUNT),
            Column("Menuju/di gudang", Kind.COUNT),
            Column("Berita acara rekapitulasi"),
            Column("Dicatat oleh"),
        ),
        rows=[
            [
                names.get(row.area_code, row.area_code),
                _may_leave(row),
                row.boxes,
                row.bundles,
                row.sets,
                row.gone,
                row.recap.minutes_number if row.recap else None,
                name(str(row.recap.ended_by)) if row.recap else None,
            ]
            for row in rows
        ],
        totals=[
            "Jumlah",
            None,
            *(sum(getattr(row, part) for row in rows) for part in ("boxes", "bundles", "sets", "gone")),
            None,
            None,
        ]
        if rows
        else (),
        empty="Belum ada yang kembali ke PPK.",
        zone=zone,
    )


def _may_leave(row: Load) -> Cell:
    if row.early:
        return Cell("gawat", word="KELUAR TERLALU DINI", note=f"{row.early} kotak atau bundel")
    if row.recap is None:
        return Cell("perhatikan", word="TUNGGU REKAPITULASI")
    return Cell("aman", word="BOLEH") if row.boxes + row.bundles else Cell("belum", word="TIDAK ADA ISI")
