"""What happened to the seals of one set: put on, opened, by whom, and how it is known; oldest first."""

from collections.abc import Mapping
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from tepat.common.tables import Cell, Column, Kind, Table, Value
from tepat.packing.models import Opening, PackingSet, Seal
from tepat.packing.people import NAMELESS

PROOFS = {
    "tanpa-bukti": "hadir tanpa bukti kartu",
    "kartu": "kartunya dipindai",
    "kartu-giliran": "kartunya dipindai saat mulai giliran",
    "kertas": "menurut kertas",
}
ON_PAPER = "nama kedua di kertas"

type People = Mapping[UUID, str]


def proof_words(proof: str) -> str:
    """Return in words how the second person's presence is known; empty where it was never asked."""
    words = PROOFS.get(proof, "")
    return f"petugas kedua {words}" if words and proof != "kertas" else words


def pair_words(first: UUID, second: UUID | None, people: People) -> str:
    """Return two people in words."""
    other = ON_PAPER if second is None else people.get(second, NAMELESS)
    return f"{people.get(first, NAMELESS)} dan {other}"


def people_of(row: PackingSet) -> set[UUID]:
    """Return everybody whom the history of a set names."""
    pairs = [
        *Seal.objects.filter(object__set=row).values_list("first", "second"),
        *Opening.objects.filter(object__set=row).values_list("first", "second"),
    ]
    return {person for pair in pairs for person in pair if person is not None}


def history_table(row: PackingSet, people: People, zone: ZoneInfo) -> Table:
    """Return what happened to the seals of a set.

    Args:
        row: The set.
        people: Names by id; empty where they may not be read.
        zone: The office's zone.
    """
    lines = [*_sealings(row, people), *_openings(row, people)]
    return Table(
        id="riwayat",
        title="Riwayat segel",
        columns=(
            Column("Waktu", Kind.MOMENT),
            Column("Kotak", Kind.CODE),
            Column("Kejadian"),
            Column("Segel"),
            Column("Petugas"),
            Column("Dicatat kemudian", Kind.MOMENT),
        ),
        rows=sorted(lines, key=lambda line: (str(line[0]), str(line[1]))),
        zone=zone,
        empty="Belum ada segel yang dicatat.",
    )


def _sealings(row: PackingSet, people: People) -> list[list[Value | Cell]]:
    seals = Seal.objects.filter(object__set=row).select_related("object")
    every = sorted(seals, key=lambda seal: (*_together(seal), seal.number))
    return [_sealing(list(group), people) for _, group in groupby(every, key=_together)]


def _together(seal: Seal) -> tuple[str, str, str, bool]:
    return (seal.put_at.isoformat(), seal.object.code, seal.seal_set, seal.waiting)


def _sealing(seals: list[Seal], people: People) -> list[Value | Cell]:
    one = seals[0]
    if one.waiting:
        what = "Segel untuk pulang disertakan"
    else:
        what = "Disegel untuk pulang" if one.seal_set == Seal.SealSet.BACK else "Disegel"
    return [
        one.put_at,
        one.object.code,
        what,
        ", ".join(str(seal) for seal in seals),
        Cell(pair_words(one.first, one.second, people), note=proof_words(one.second_proof)),
        one.noted_at,
    ]


def _openings(row: PackingSet, people: People) -> list[list[Value | Cell]]:
    rows = Opening.objects.filter(object__set=row).select_related("object")
    return [
        [
            each.opened_at,
            each.object.code,
            Cell(f"Dibuka: {each.reason}", note=witnesses(each)),
            ", ".join(number or "tanpa nomor" for number in each.old_seals) or "–",
            Cell(pair_words(each.first, each.second, people), note=proof_words(each.second_proof)),
            each.noted_at,
        ]
        for each in rows
    ]


def witnesses(opening: Opening) -> str:
    """Return in words who of Panwascam and the police was there."""
    there = {True: "hadir", False: "tidak hadir"}
    return f"Panwascam {there[opening.panwascam]}, polisi {there[opening.polri]}"
