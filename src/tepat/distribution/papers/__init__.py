"""The papers of a checked plan: surat jalan, BAST and tanda terima, each page found by its two QR codes."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import accumulate, groupby
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext
from pathlib import Path

from tepat.common.whole_files import write_whole
from tepat.distribution.papers.content import Book, Contents, Paper, bast, surat_jalan, tanda_terima
from tepat.distribution.papers.settings import PaperSettings, paper_settings
from tepat.distribution.papers.typesetting import Sheet, typeset

__all__ = [
    "Book",
    "PaperSettings",
    "Placed",
    "Sheaf",
    "paper_settings",
    "papers_of",
    "print_batches",
    "print_papers",
    "print_sheaves",
]


@dataclass(frozen=True)
class Placed:
    """Where a paper stands in its PDF.

    Args:
        paper: What stands on it.
        first_page: Its first page in the file, from 1.
        pages: How many pages it has.
    """

    paper: Paper
    first_page: int
    pages: int


@dataclass(frozen=True)
class Sheaf:
    """One PDF with papers of one kind.

    Args:
        file: Where it lies.
        kind: The kind of its papers.
        group: What they share: the day, or the kecamatan of receipts.
        papers: The papers in their order.
    """

    file: Path
    kind: str
    group: str
    papers: tuple[Placed, ...]


def papers_of(book: Book, contents: Contents) -> list[Paper]:
    """Return all papers of a plan, in the order of their numbers.

    Args:
        book: A plan that the checker accepted.
        contents: The goods of each TPS set, for the checklists; see `content.tanda_terima`.
    """
    return [*surat_jalan(book), *bast(book), *tanda_terima(book, contents)]


def print_papers(
    book: Book,
    contents: Contents,
    folder: Path,
    *,
    workers: int = 2,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Path]:
    """Print all papers of a plan and return the PDF files, sorted by name; see `print_sheaves`."""
    sheaves = print_sheaves(book, contents, folder, workers=workers, progress=progress)
    return [sheaf.file for sheaf in sheaves]


def print_sheaves(
    book: Book,
    contents: Contents,
    folder: Path,
    *,
    workers: int = 2,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Sheaf]:
    """Print all papers of a plan: one PDF per kind and day, receipts one PDF per kecamatan.

    Args:
        book: A plan that the checker accepted.
        contents: The goods of each TPS set.
        folder: Where the PDFs go; made when missing. A file appears whole or not at all.
        workers: Processes that typeset side by side.
        progress: Called with printed and all papers; what it raises stops the printing.

    Returns:
        The PDFs, sorted by name.
    """
    papers = papers_of(book, contents)
    return print_batches(Sheet.of(book), papers, folder, workers=workers, progress=progress)


def print_batches(
    sheet: Sheet,
    papers: list[Paper],
    folder: Path,
    *,
    workers: int = 1,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Sheaf]:
    """Print these papers: one PDF for each kind and group; see `print_sheaves`."""
    folder.mkdir(parents=True, exist_ok=True)
    batches = list(_batches(papers))
    every = sum(len(papers) for papers in batches)
    done, sheaves = 0, []
    # Typst keeps all it ever laid out in memory: each file gets a process of its own.
    pool = ProcessPoolExecutor(workers, mp_context=_context(), max_tasks_per_child=1)
    try:
        waiting = {
            pool.submit(_print, sheet, papers, folder / _name(papers)): papers
            for papers in sorted(batches, key=len, reverse=True)
        }
        for future in as_completed(waiting):
            sheaves.append(_sheaf(waiting[future], folder, future.result()))
            done += len(waiting[future])
            progress(done, every)
    finally:
        pool.shutdown(cancel_futures=True)
    return sorted(sheaves, key=lambda sheaf: sheaf.file)


def _context() -> BaseContext:
    """Return the cheapest way to start clean processes that this system has."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    server = get_context("forkserver")
    server.set_forkserver_preload([__name__, "typst", "zxingcpp"])
    return server


def _batches(papers: list[Paper]) -> Iterator[list[Paper]]:
    def key(paper: Paper) -> tuple[str, str]:
        return paper["kind"], paper["group"]

    for _, members in groupby(sorted(papers, key=key), key=key):
        yield list(members)


def _name(papers: list[Paper]) -> str:
    return f"{papers[0]['kind']}-{papers[0]['group']}.pdf"


def _print(sheet: Sheet, papers: list[Paper], file: Path) -> list[int]:
    pdf, pages = typeset(sheet, papers)
    write_whole(file, pdf)
    return pages


def _sheaf(papers: list[Paper], folder: Path, pages: list[int]) -> Sheaf:
    starts = accumulate(pages, initial=1)
    placed = [Placed(paper, first, count) for paper, first, count in zip(papers, starts, pages, strict=False)]
    return Sheaf(folder / _name(papers), papers[0]["kind"], papers[0]["group"], tuple(placed))
