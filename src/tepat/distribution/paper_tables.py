"""The tables of the papers' screens: which came back, which files can be downloaded."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from tepat.common.quantities import decimal_comma
from tepat.common.tables import Cell, Column, Kind, Table, Value
from tepat.distribution.models import PrintedPaper, ReturnedPage
from tepat.distribution.paper_rows import PaperState, Returned

type Row = list[Value | Cell]

SHOWN: dict[PaperState, tuple[str, str]] = {
    "lengkap": ("aman", "LENGKAP"),
    "sebagian": ("perhatikan", "SEBAGIAN"),
    "belum": ("belum", "BELUM ADA"),
}
STATE_ORDER: tuple[PaperState, ...] = ("lengkap", "sebagian", "belum")
PAGES_NAMED_MAX = 12


def state_cell(found: Returned) -> Cell:
    """Return the state of a paper as shape, word and what is missing."""
    state, word = SHOWN[found.state]
    return Cell(state, word=word, note=missing_words(found) if found.state == "sebagian" else "")


def missing_words(found: Returned) -> str:
    """Return the missing pages in words, such as ``kurang halaman 2, 3``."""
    named = ", ".join(str(page) for page in found.missing[:PAGES_NAMED_MAX])
    more = len(found.missing) - PAGES_NAMED_MAX
    return f"kurang halaman {named}{f' dan {more} lagi' if more > 0 else ''}"


def summary_table(
    papers: Sequence[PrintedPaper],
    returned: Mapping[str, Returned],
    link: Callable[[date, str], str],
    zone: ZoneInfo,
) -> Table:
    """Return how many papers of each day and kind came back."""
    counts: dict[tuple[date, str], Counter[str]] = {}
    for paper in papers:
        counts.setdefault((paper.day, paper.kind), Counter())[returned[paper.pk].state] += 1
    rows: list[Row] = [
        [
            Cell(day, href=link(day, kind)),
            PrintedPaper.Kind(kind).label,
            count.total(),
            *(count[state] for state in STATE_ORDER),
            _group_state(count),
        ]
        for (day, kind), count in sorted(counts.items())
    ]
    every = Counter(returned[paper.pk].state for paper in papers)
    return Table(
        id="ringkas",
        title="Per hari dan jenis",
        columns=(
            Column("Hari", Kind.DATE),
            Column("Jenis"),
            Column("Dicetak", Kind.COUNT),
            Column("Lengkap", Kind.COUNT),
            Column("Sebagian", Kind.COUNT),
            Column("Belum ada", Kind.COUNT),
            Column("Keadaan", Kind.STATE),
        ),
        rows=rows,
        totals=["Jumlah", None, every.total(), *(every[state] for state in STATE_ORDER), None],
        zone=zone,
    )


def _group_state(count: Counter[str]) -> Cell:
    shared = next((each for each in STATE_ORDER if count[each] == count.total()), None)
    state, word = SHOWN[shared or "sebagian"]
    return Cell(state, word=word)


def papers_table(
    papers: Sequence[PrintedPaper],
    returned: Mapping[str, Returned],
    link: Callable[[str], str],
    zone: ZoneInfo,
) -> Table:
    """Return one line for each paper."""
    rows: list[Row] = [
        [
            Cell(paper.number, href=link(paper.pk)),
            PrintedPaper.Kind(paper.kind).label,
            paper.day,
            paper.about,
            paper.pages,
            len(returned[paper.pk].here),
            state_cell(returned[paper.pk]),
            paper.pk,
        ]
        for paper in papers
    ]
    return Table(
        id="dokumen",
        title="Dokumen satu per satu",
        columns=(
            Column("Nomor"),
            Column("Jenis"),
            Column("Hari", Kind.DATE),
            Column("Tentang"),
            Column("Halaman", Kind.COUNT),
            Column("Sudah kembali", Kind.COUNT),
            Column("Keadaan", Kind.STATE),
            Column("Dokumen", Kind.CODE),
        ),
        rows=rows,
        note="Yang dicetak tetapi belum kembali bukan berarti hilang: belum ada buktinya.",
        empty="Tidak ada dokumen yang cocok dengan saringan.",
        zone=zone,
    )


def files_table(
    papers: Sequence[PrintedPaper],
    names: Mapping[str, str],
    sizes: Mapping[str, int],
    link: Callable[[str], str],
    zone: ZoneInfo,
) -> Table:
    """Return the PDFs of a print.

    Args:
        papers: Their papers.
        names: Names of areas by code, for files that belong to a kecamatan.
        sizes: Bytes by hash.
        link: The address of a file.
        zone: The office's zone.
    """
    files: dict[tuple[str, str, str], list[PrintedPaper]] = {}
    for paper in papers:
        files.setdefault((paper.kind, paper.group, paper.file), []).append(paper)
    rows: list[Row] = [
        [
            Cell(PrintedPaper.Kind(kind).label, href=link(file)),
            names.get(group) or _day_or_text(group),
            len(inside),
            sum(paper.pages for paper in inside),
            f"{decimal_comma(sizes.get(file, 0) / 1_000_000, 1)} MB",
        ]
        for (kind, group, file), inside in sorted(files.items())
    ]
    return Table(
        id="berkas",
        title="Unduh PDF untuk dicetak",
        columns=(
            Column("Jenis"),
            Column("Hari atau kecamatan", Kind.DATE),
            Column("Dokumen", Kind.COUNT),
            Column("Halaman", Kind.COUNT),
            Column("Ukuran"),
        ),
        rows=rows,
        zone=zone,
    )


def _day_or_text(group: str) -> date | str:
    try:
        return date.fromisoformat(group)
    except ValueError:
        return group


def unmatched_table(pages: Sequence[ReturnedPage], link: Callable[[int], str], zone: ZoneInfo) -> Table:
    """Return the pages that came back and that no QR told."""
    rows: list[Row] = [
        [Cell(page.scan.name, href=link(page.pk)), page.page, page.scan.pages, page.scan.received_at]
        for page in pages
    ]
    return Table(
        id="belum-cocok",
        title="Menunggu dicocokkan",
        columns=(
            Column("Berkas"),
            Column("Halaman", Kind.COUNT),
            Column("dari", Kind.COUNT),
            Column("Diterima", Kind.MOMENT),
        ),
        rows=rows,
        note="Buka satu, baca kaki halamannya, lalu ketik nomor dokumennya.",
        empty="Semua halaman yang masuk sudah dikenali.",
        zone=zone,
    )


def aside_table(pages: Sequence[ReturnedPage], link: Callable[[int], str], zone: ZoneInfo) -> Table:
    """Return the pages that were set aside as none of the office's papers, the newest first."""
    rows: list[Row] = [
        [Cell(page.scan.name, href=link(page.pk)), page.page, page.aside_reason, page.aside_at]
        for page in pages
    ]
    return Table(
        id="disisihkan",
        title="Disisihkan: bukan dokumen kami",
        columns=(
            Column("Berkas"),
            Column("Halaman", Kind.COUNT),
            Column("Sebenarnya"),
            Column("Disisihkan", Kind.MOMENT),
        ),
        rows=rows,
        note="Berkasnya tetap tersimpan. Buka satu untuk melihatnya atau mengembalikannya ke antrean.",
        empty="Belum ada halaman yang disisihkan.",
        zone=zone,
    )
