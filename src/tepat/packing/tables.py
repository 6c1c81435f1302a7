"""The tables of the packing screens."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from tepat.common.quantities import grouped
from tepat.common.tables import Cell, Column, Kind, Table, Value
from tepat.packing.history import pair_words, proof_words
from tepat.packing.label_words import Names
from tepat.packing.models import BallotLot, PackedObject, PackingSet, Seal
from tepat.packing.progress import Progress
from tepat.packing.tracing import Suspect
from tepat.packing.whereabouts import away

STATES = {
    "belum": "belum",
    "diisi": "perhatikan",
    "tertutup": "perhatikan",
    "tersegel": "aman",
    "dibuka": "gawat",
}
SET_STATES = {"belum": "belum", "dikepak": "perhatikan", "lengkap": "aman"}

type Href = Callable[[str], str]


def set_name(row: PackingSet, names: Names) -> str:
    """Return a set as people say it, such as ``TPS 001 Kel. Kunden``."""
    area = names.areas.get(row.area_code, row.area_code)
    return f"TPS {row.tps_number:03d} {area}" if row.tps_number else f"{row.get_level_display()} {area}"


def progress_table(
    every: Iterable[Progress], names: Mapping[str, str], href: Href, *, id_: str, title: str
) -> Table:
    """Return how far each area is, with its state as a word."""
    rows = list(every)
    return Table(
        id=id_,
        title=title,
        columns=(
            Column("Wilayah"),
            Column("Keadaan", Kind.STATE),
            Column("Lengkap", Kind.COUNT),
            Column("Sedang dikepak", Kind.COUNT),
            Column("Belum", Kind.COUNT),
            Column("Semua set", Kind.COUNT),
            Column("Selesai", Kind.BASIS_POINTS),
        ),
        rows=[
            [
                Cell(names.get(each.code, each.code), href=href(each.code)),
                Cell(each.state, word=each.word),
                each.states["lengkap"],
                each.states["dikepak"],
                each.states["belum"],
                each.total,
                each.share_basis_points,
            ]
            for each in rows
        ],
        totals=[
            "Jumlah",
            None,
            *(sum(each.states[state] for each in rows) for state in ("lengkap", "dikepak", "belum")),
            sum(each.total for each in rows),
            sum(each.complete for each in rows) * 10_000 // max(1, sum(each.total for each in rows)),
        ],
        empty="Set belum disiapkan dari kebutuhan.",
    )


def sets_table(rows: Iterable[PackingSet], names: Names, href: Href, zone: ZoneInfo) -> Table:
    """Return the sets of a desa, one line each, with the state of every box."""
    return Table(
        id="set",
        title="Set satu per satu",
        columns=(
            Column("Set"),
            Column("Kode", Kind.CODE),
            Column("Keadaan", Kind.STATE),
            Column("Kotak dan bundel"),
            Column("Lengkap pada", Kind.MOMENT),
        ),
        rows=[
            [
                Cell(set_name(row, names), href=href(str(row.pk))),
                row.unit,
                _set_state(row),
                _in_states(row),
                row.completed_at,
            ]
            for row in rows
        ],
        zone=zone,
        empty="Belum ada set di sini.",
    )


def _in_states(row: PackingSet) -> str:
    """Return how many boxes and bundles are in each state, such as ``2 tersegel, 4 belum diisi``."""
    counts = Counter(each.get_state_display().lower() for each in row.packed.all())
    return ", ".join(f"{count} {word}" for word, count in counts.items())


def _set_state(row: PackingSet) -> Cell:
    word = row.get_state_display().upper()
    if row.needs_changed:
        return Cell("gawat", word="KEBUTUHAN BERUBAH", note=word.lower())
    return Cell(SET_STATES[row.state], word=word)


def contents_table(row: PackingSet, href: Href) -> Table:
    """Return the boxes of one set: what each must hold, what is missing, its seals.

    A seal is opened here only while the box is at the office.
    """
    lines: list[list[Value | Cell]] = []
    gone = away([each.object_id for each in row.packed.all()])
    for each in row.packed.all():
        missing = each.as_box().missing()
        seals = [str(seal) for seal in each.seals.all() if seal.removed_at is None and not seal.waiting]
        lines.append(
            [
                Cell(
                    f"{'Kotak' if each.is_box else 'Bundel'} {each.slot}",
                    note=" ".join(part for part in (each.ballot, each.mark and f"dapil {each.mark}") if part),
                ),
                each.code,
                Cell(
                    STATES[each.state],
                    word=(each.get_later_display() if each.later else each.get_state_display()).upper(),
                ),
                each.sheets if each.ballot else None,
                len(each.contents),
                len(missing),
                ", ".join(seals) or ("–" if each.is_box else "tidak disegel"),
                Cell("Buka segel", href=href(str(each.pk)))
                if each.state == "tersegel" and not each.later and each.object_id not in gone
                else None,
            ]
        )
    return Table(
        id="isi",
        title="Kotak dan bundel",
        columns=(
            Column("Kotak"),
            Column("Kode", Kind.CODE),
            Column("Keadaan", Kind.STATE),
            Column("Surat suara", Kind.COUNT, hint="lembar"),
            Column("Macam isi", Kind.COUNT),
            Column("Masih kurang", Kind.COUNT, hint="macam"),
            Column("Segel"),
            Column("Tindakan"),
        ),
        rows=lines,
    )


def contents_of(row: PackingSet, names: Names) -> list[tuple[str, list[tuple[str, str, int]]]]:
    """Return the whole contents of each box: the words of its state, then goods, needed and missing."""
    return [
        (
            f"{'Kotak' if each.is_box else 'Bundel'} {each.slot}",
            [
                (
                    names.of_goods(item)[0],
                    f"{grouped(count)} {names.of_goods(item)[1]}",
                    each.as_box().left(item),
                )
                for item, count in each.contents
            ],
        )
        for each in row.packed.all()
    ]


def lots_table(lots: Iterable[BallotLot], used: Mapping[int, int], zone: ZoneInfo) -> Table:
    """Return the cartons of ballots with what is left of each by the scans."""
    return Table(
        id="karton",
        title="Karton surat suara",
        columns=(
            Column("Kode", Kind.CODE),
            Column("Jenis"),
            Column("Dapil"),
            Column("Lembar", Kind.COUNT),
            Column("Dipakai", Kind.COUNT),
            Column("Sisa", Kind.COUNT),
            Column("Asal"),
            Column("Diterima", Kind.MOMENT),
        ),
        rows=[
            [
                lot.code,
                lot.ballot,
                lot.mark or "semua sama",
                lot.sheets,
                used.get(lot.pk, 0),
                _left(lot.sheets - used.get(lot.pk, 0)),
                lot.origin,
                lot.received_at,
            ]
            for lot in lots
        ],
        zone=zone,
        empty="Belum ada karton yang didaftarkan.",
    )


def _left(sheets: int) -> Cell:
    return Cell(sheets, note="lebih dari isi karton: hitung ulang" if sheets < 0 else "")


def seals_table(seals: Iterable[Seal], people: Mapping[UUID, str], zone: ZoneInfo) -> Table:
    """Return the register of seals."""
    return Table(
        id="segel",
        title="Segel",
        columns=(
            Column("Nomor", Kind.CODE),
            Column("Kotak", Kind.CODE),
            Column("Untuk"),
            Column("Keadaan", Kind.STATE),
            Column("Dipasang", Kind.MOMENT),
            Column("Petugas"),
        ),
        rows=[
            [
                str(seal),
                seal.object.code,
                seal.get_seal_set_display(),
                _seal_state(seal),
                seal.put_at,
                Cell(pair_words(seal.first, seal.second, people), note=proof_words(seal.second_proof)),
            ]
            for seal in seals
        ],
        zone=zone,
        empty="Belum ada segel yang dicatat.",
    )


def _seal_state(seal: Seal) -> Cell:
    if seal.removed_at:
        planned = seal.removed_as_planned
        return Cell(
            "aman" if planned else "gawat", word="DIBUKA SESUAI RENCANA" if planned else "SUDAH DIBUKA"
        )
    if seal.waiting:
        return Cell("belum", word="DIBAWA UNTUK PULANG")
    return Cell("aman", word="TERPASANG", note="" if seal.number else "foto dan dua nama")


def suspects_table(suspects: Iterable[Suspect], names: Names, href: Href, zone: ZoneInfo) -> Table:
    """Return the sets that may have the same fault."""
    return Table(
        id="telusur",
        title="Set yang perlu diperiksa",
        columns=(
            Column("Set"),
            Column("Kode", Kind.CODE),
            Column("Urutan", Kind.STATE),
            Column("Karton yang sama"),
            Column("Meja yang sama, dalam satu jam"),
            Column("Dikepak", Kind.MOMENT),
            Column("Keadaan set"),
        ),
        rows=[
            [
                Cell(set_name(each.packing_set, names), href=href(str(each.packing_set.pk))),
                each.packing_set.unit,
                _urgency(each),
                ", ".join(each.lots) or "–",
                ", ".join(each.tables) or "–",
                each.nearest_at,
                each.packing_set.get_state_display(),
            ]
            for each in suspects
        ],
        zone=zone,
        empty="Tidak ada set lain dari karton yang sama, atau dari meja yang sama dalam satu jam.",
    )


def _urgency(suspect: Suspect) -> Cell:
    if suspect.both:
        return Cell("gawat", word="PERIKSA DULU")
    return Cell("perhatikan", word="KARTON SAMA" if suspect.lots else "MEJA SAMA")


def boxes_of(row: PackingSet, state: str) -> list[PackedObject]:
    """Return the boxes of a set that are in a state; bundles left out."""
    return [each for each in row.packed.all() if each.is_box and each.state == state]
