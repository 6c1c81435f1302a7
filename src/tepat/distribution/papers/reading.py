"""A paper that comes back: its scan or photo is matched by the QR, never by text recognition."""

import io
from pathlib import PurePath
from typing import Any

import msgspec

from tepat.common.errors import Refused
from tepat.distribution.papers.codes import PageCode, parse

SCAN_BYTES_MAX = 40_000_000
SCAN_PAGES_MAX = 400
SCAN_DPI = 200
POINTS_PER_INCH = 72


class ReadPage(msgspec.Struct, frozen=True):
    """One page of a scan: what its QR says, or None where none could be read.

    Args:
        page: The page in the file, from 1.
        code: The matched code.
    """

    page: int
    code: PageCode | None


def read_scan(raw: bytes, *, name: str) -> list[ReadPage]:
    """Return what stands on each page of a photo or PDF.

    Args:
        raw: The file's bytes: JPG, PNG or PDF.
        name: Its name, for error sentences.

    Raises:
        Refused: PAPER-UNREADABLE, PAPER-TOO-LARGE.
    """
    if len(raw) > SCAN_BYTES_MAX:
        raise Refused("PAPER-TOO-LARGE", file=name, size=f"{len(raw)} bita", limit=f"{SCAN_BYTES_MAX} bita")
    pictures = _pdf_pages(raw, name) if raw.startswith(b"%PDF") else [_picture(raw, name)]
    return [ReadPage(order, _code(picture)) for order, picture in enumerate(pictures, start=1)]


def missing_pages(found: list[PageCode]) -> dict[str, list[int]]:
    """Return, for each paper seen, the pages that are still missing; an empty list means that it is whole."""
    pages: dict[str, set[int]] = {}
    wanted: dict[str, int] = {}
    for code in found:
        pages.setdefault(code.document, set()).add(code.page)
        wanted[code.document] = code.pages
    return {
        document: [page for page in range(1, wanted[document] + 1) if page not in seen]
        for document, seen in pages.items()
    }


def _code(picture: Any) -> PageCode | None:
    import zxingcpp

    for barcode in zxingcpp.read_barcodes(
        picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    ):
        code = parse(barcode.text)
        if code is not None:
            return code
    return None


def _picture(raw: bytes, name: str) -> Any:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(raw)) as picture:
            return picture.convert("L")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise Refused("PAPER-UNREADABLE", file=PurePath(name).name) from error


def _pdf_pages(raw: bytes, name: str) -> list[Any]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        raise Refused("PAPER-UNREADABLE", file=PurePath(name).name) from error
    with document:
        if len(document) > SCAN_PAGES_MAX:
            raise Refused(
                "PAPER-TOO-LARGE",
                file=name,
                size=f"{len(document)} halaman",
                limit=f"{SCAN_PAGES_MAX} halaman",
            )
        return [page.render(scale=SCAN_DPI / POINTS_PER_INCH, grayscale=True).to_pil() for page in document]
