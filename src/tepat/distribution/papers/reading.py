"""A paper that comes back: its scan or photo is matched by the QR, never by text recognition."""

import io
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import msgspec

from tepat.common.errors import Refused
from tepat.distribution.papers.codes import PageCode, parse

SCAN_BYTES_MAX = 40 * 1024 * 1024
SCAN_PAGES_MAX = 200
SCAN_PIXELS_MAX = 120_000_000  # a telephone's picture has 12 to 108 million
SCAN_DPI = 200
SIDE_PIXELS_MAX = 4000  # 13 for each millimetre of A4: a QR module has 7
POINTS_PER_INCH = 72
SHOWN_PIXELS_MAX = 1400
SHOWN_QUALITY = 80
MEBIBYTE = 1024 * 1024


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
        size, limit = (f"{count // MEBIBYTE} MB" for count in (len(raw), SCAN_BYTES_MAX))
        raise Refused("PAPER-TOO-LARGE", file=name, size=size, limit=limit)
    return [ReadPage(order, _code(picture)) for order, picture in enumerate(_pictures(raw, name), start=1)]


def page_picture(raw: bytes, page: int, *, name: str) -> bytes:
    """Return one page of a scan as a JPEG that a screen can show, whatever was sent.

    Args:
        raw: The file's bytes: JPG, PNG or PDF.
        page: The page, from 1.
        name: The file's name, for error sentences.

    Raises:
        Refused: PAPER-UNREADABLE, PAPER-TOO-LARGE.
    """
    picture = next(shown for order, shown in enumerate(_pictures(raw, name), start=1) if order == page)
    picture.thumbnail((SHOWN_PIXELS_MAX, SHOWN_PIXELS_MAX))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=SHOWN_QUALITY)
    return out.getvalue()


def _pictures(raw: bytes, name: str) -> Iterator[Any]:
    """Yield the pages one after another, so that a thick file does not lie in memory whole."""
    return _pdf_pages(raw, name) if raw.startswith(b"%PDF") else iter([_picture(raw, name)])


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
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(raw), formats=("JPEG", "PNG")) as picture:
            width, height = picture.size
            if width * height > SCAN_PIXELS_MAX:
                limit = f"{SCAN_PIXELS_MAX // 1_000_000} juta titik"
                size = f"{width * height // 1_000_000} juta titik"
                raise Refused("PAPER-TOO-LARGE", file=name, size=size, limit=limit)
            picture.draft("L", (SIDE_PIXELS_MAX, SIDE_PIXELS_MAX))
            return ImageOps.exif_transpose(picture).convert("L")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused("PAPER-UNREADABLE", file=PurePath(name).name) from error


def _pdf_pages(raw: bytes, name: str) -> Iterator[Any]:
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
        for page in document:
            scale = min(SCAN_DPI / POINTS_PER_INCH, SIDE_PIXELS_MAX / max(1, *page.get_size()))
            yield page.render(scale=scale, grayscale=True).to_pil()
