"""The papers of a checked plan: surat jalan, BAST and tanda terima, each page found by its two QR codes."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path

from tepat.distribution.papers.content import Book, Contents, Paper, bast, surat_jalan, tanda_terima
from tepat.distribution.papers.settings import PaperSettings, paper_settings
from tepat.distribution.papers.typesetting import Sheet, typeset

__all__ = ["Book", "PaperSettings", "paper_settings", "papers_of", "print_papers"]


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
    """Print all papers of a plan: one PDF per kind and day, receipts one PDF per kecamatan.

    Args:
        book: A plan that the checker accepted.
        contents: The goods of each TPS set.
        folder: Where the PDFs go; made when missing. A file appears whole or not at all.
        workers: Processes that typeset side by side.
        progress: Called with printed and all papers.

    Returns:
        The files, sorted by name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    batches = list(_batches(papers_of(book, contents)))
    every = sum(len(papers) for _, papers in batches)
    done, files = 0, []
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting = {
            pool.submit(_print, Sheet.of(book), papers, folder / f"{name}.pdf"): len(papers)
            for name, papers in batches
        }
        for future in as_completed(waiting):
            files.append(future.result())
            done += waiting[future]
            progress(done, every)
    return sorted(files)


def _batches(papers: list[Paper]) -> Iterator[tuple[str, list[Paper]]]:
    def key(paper: Paper) -> tuple[str, str]:
        return paper["kind"], paper["group"]

    for (kind, group), members in groupby(sorted(papers, key=key), key=key):
        yield f"{kind}-{group}", list(members)


def _print(sheet: Sheet, papers: list[Paper], file: Path) -> Path:
    temporary = file.with_suffix(".baru")
    temporary.write_bytes(typeset(sheet, papers))
    temporary.replace(file)
    return file
