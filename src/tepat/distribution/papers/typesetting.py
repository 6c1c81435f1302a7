"""Papers to PDF: Typst lays them out once to count the pages of each, then again with the QR of every page."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

from tepat.distribution.papers.codes import PageCode
from tepat.distribution.papers.content import Book, Paper

TEMPLATES = resources.files(__package__) / "templates"


def typeset(book: Book, papers: list[Paper]) -> bytes:
    """Return one PDF with all these papers, which are of one kind.

    Args:
        book: The plan they belong to.
        papers: What `content` made; not empty. `pages` is added to each.

    Returns:
        The PDF's bytes; the same papers give the same text and codes.
    """
    assert papers, "nothing to print"
    for paper in papers:
        paper.update(qr=[], checks=[], pages=0)
    counted = {row["id"]: row["pages"] for row in _query(book, papers)}
    for paper in papers:
        pages = counted[paper["id"]]
        codes = [_page_code(book, paper["id"], page, pages).text() for page in range(1, pages + 1)]
        paper.update(pages=pages, qr=[qr_svg(code) for code in codes], checks=[code.rsplit(":", 1)[1] for code in codes])
    return _compile(book, papers)


def qr_svg(text: str) -> str:
    """Return a QR code as an SVG picture; error correction Q, so that a quarter of it may be lost."""
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    return str(zxingcpp.write_barcode_to_svg(code, add_quiet_zones=True))


def _page_code(book: Book, document: str, page: int, pages: int) -> PageCode:
    return PageCode(book.problem.office.code, book.problem.election.code.upper(), document, page, pages)


def _inputs(book: Book, papers: list[Paper]) -> dict[str, str]:
    import msgspec

    content = {"settings": msgspec.to_builtins(book.settings), "watermark": book.watermark, "papers": papers}
    return {"content": json.dumps(content, ensure_ascii=False)}


def _template(papers: list[Paper]) -> Path:
    return Path(str(TEMPLATES)) / f"{papers[0]['kind']}.typ"


def _query(book: Book, papers: list[Paper]) -> list[dict[str, Any]]:
    import typst

    answer = typst.query(str(_template(papers)), "<ends>", field="value", root=str(TEMPLATES), sys_inputs=_inputs(book, papers))
    rows: list[dict[str, Any]] = json.loads(answer)
    return rows


def _compile(book: Book, papers: list[Paper]) -> bytes:
    import typst

    pdf: bytes = typst.compile(str(_template(papers)), root=str(TEMPLATES), format="pdf", sys_inputs=_inputs(book, papers))
    return pdf
