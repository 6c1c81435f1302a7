"""Papers to PDF: Typst lays them out once to count their pages, then again with each page's QR."""

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from tepat.distribution.papers.codes import PageCode
from tepat.distribution.papers.content import Book, Paper
from tepat.distribution.papers.settings import PaperSettings

TEMPLATES = Path(str(resources.files(__package__) / "templates"))
OF_PLAN = dict.fromkeys(
    ("strategi", "rab", "pengawalan", "petikan", "jadwal", "survei-gudang", "banding-gudang"), "rencana"
)
"""Kinds of paper that share one layout."""

ONE_PAGE_KINDS = ("tanda-terima", "surat-tugas")


@dataclass(frozen=True)
class Sheet:
    """What all papers of one print share; small, so that it can be sent to another process.

    Args:
        office: The office's area code.
        election: The election's code.
        watermark: LATIHAN, CONTOH or nothing.
        settings: The office's paper settings.
    """

    office: str
    election: str
    watermark: str
    settings: PaperSettings

    @classmethod
    def of(cls, book: Book) -> "Sheet":
        """Return the sheet for a plan's papers."""
        return cls(book.problem.office.code, book.problem.election.code, book.watermark, book.settings)


def typeset(sheet: Sheet, papers: list[Paper]) -> tuple[bytes, list[int]]:
    """Return one PDF with all these papers, which are of one kind.

    Args:
        sheet: What they share.
        papers: What `content` made; not empty.

    Returns:
        The PDF, the same bytes for the same papers, and the pages of each paper in their order.
    """
    assert papers, "nothing to print"
    assert len({paper["kind"] for paper in papers}) == 1, "papers of one kind only"
    if papers[0]["kind"] in ONE_PAGE_KINDS:
        pdf = _compile(sheet, [_coded(sheet, paper, 1) for paper in papers])
        if _page_count(pdf) == len(papers):
            return pdf, [1] * len(papers)
    counted = _pages(sheet, [_coded(sheet, paper, 0) for paper in papers])
    pdf = _compile(sheet, [_coded(sheet, paper, counted[paper["id"]]) for paper in papers])
    return pdf, [counted[paper["id"]] for paper in papers]


def qr_svg(text: str) -> str:
    """Return a QR code as an SVG picture; error correction Q, so that a quarter of it may be lost."""
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    return str(zxingcpp.write_barcode_to_svg(code, add_quiet_zones=True))


def _coded(sheet: Sheet, paper: Paper, pages: int) -> Paper:
    codes = [
        PageCode(sheet.office, sheet.election.upper(), paper["id"], page, pages).text()
        for page in range(1, pages + 1)
    ]
    return paper | {
        "pages": pages,
        "qr": [qr_svg(code) for code in codes],
        "checks": [code.rsplit(":", 1)[1] for code in codes],
    }


def _arguments(sheet: Sheet, papers: list[Paper]) -> dict[str, Any]:
    content = {
        "settings": msgspec.to_builtins(sheet.settings),
        "watermark": sheet.watermark,
        "papers": papers,
    }
    return {
        "input": str(TEMPLATES / f"{OF_PLAN.get(papers[0]['kind'], papers[0]['kind'])}.typ"),
        "root": str(TEMPLATES),
        "ignore_system_fonts": True,  # the font comes with Typst: the same paper on every machine
        "sys_inputs": {"content": json.dumps(content, ensure_ascii=False)},
    }


def _pages(sheet: Sheet, papers: list[Paper]) -> dict[str, int]:
    import typst

    answer = typst.query(selector="<ends>", field="value", **_arguments(sheet, papers))
    return {row["id"]: row["pages"] for row in json.loads(answer)}


def _compile(sheet: Sheet, papers: list[Paper]) -> bytes:
    import typst

    # Without tags a page has 5 kB instead of 16; on a screen the tables say the same.
    pdf: bytes = typst.compile(format="pdf", pdf_tags=False, **_arguments(sheet, papers))
    return pdf


def _page_count(pdf: bytes) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)
