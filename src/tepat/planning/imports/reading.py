"""Bytes of a file to a `Book`: what it really is, whatever its name says, and nothing too large.

The kind of file is told by its first bytes, because pictures and web pages are sent around as ``.xlsx``.
"""

import io
import zipfile
from typing import NoReturn

from tepat.common.errors import Refused
from tepat.common.quantities import grouped
from tepat.planning.imports.reading_csv import read_csv
from tepat.planning.imports.sheets import Book

FILE_BYTES_MAX = 25_000_000
UNZIPPED_BYTES_MAX = 60_000_000
ZIP_RATIO_MAX = 150  # office files pack 5 to 40 times; a zip bomb a thousand times
ZIP_RATIO_FREE_BYTES = 5_000_000  # small parts may pack as well as they like
ZIP_MEMBERS_MAX = 5_000
SHEETS_MAX = 300
ROWS_MAX = 50_000
COLUMNS_MAX = 250

PDF = b"%PDF"  # may hold text only
PICTURES = {
    b"\x89PNG": "gambar PNG",
    b"\xff\xd8\xff": "foto JPEG",
    b"GIF8": "gambar GIF",
    b"BM": "gambar BMP",
    PDF: "berkas PDF",
    b"RIFF": "gambar atau suara",
    b"II*\x00": "gambar TIFF",
    b"MM\x00*": "gambar TIFF",
    b"Rar!": "arsip RAR",
    b"7z\xbc\xaf": "arsip 7z",
    b"\x1f\x8b": "arsip gzip",
    b"MZ": "program Windows",
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_OLE = "EncryptedPackage".encode("utf-16-le")
WORD_OLE = "WordDocument".encode("utf-16-le")
TEXT_PROBE_BYTES = 4096


def read_book(data: bytes) -> Book:
    """Return the sheets of a file.

    Args:
        data: The whole file.

    Returns:
        Its sheets with values, merged ranges and hidden parts as far as the kind of file tells them.

    Raises:
        Refused: IMPORT-FILE-… when it is too large, empty, protected, broken or no table at all.
    """
    if len(data) > FILE_BYTES_MAX:
        raise Refused("IMPORT-FILE-TOO-LARGE", size=grouped(len(data)), limit=grouped(FILE_BYTES_MAX))
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise Refused("IMPORT-FILE-EMPTY")
    book = _by_first_bytes(data)
    _keep_within_limits(book)
    if all(sheet.empty for sheet in book.sheets):
        raise Refused("IMPORT-FILE-EMPTY")
    return book


def _by_first_bytes(data: bytes) -> Book:
    if data.startswith(b"PK\x03\x04"):
        return _read_zip(data)
    if data.startswith(OLE):
        return _read_ole(data)
    for magic, what in PICTURES.items():
        if data.startswith(magic) and (magic == PDF or _is_binary(data)):
            raise Refused("IMPORT-FILE-NO-TABLE", what=what)
    head = data[:TEXT_PROBE_BYTES].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table")):
        raise Refused("IMPORT-FILE-NO-TABLE", what="halaman web")
    if head.startswith((b"<?xml", b"{\\rtf")):
        raise Refused("IMPORT-FILE-NO-TABLE", what="dokumen XML atau RTF")
    if _is_binary(data):
        raise Refused("IMPORT-FILE-NO-TABLE", what="berkas biner yang tidak dikenal")
    return read_csv(data)


def _is_binary(data: bytes) -> bool:
    """Return whether bytes are no text: control characters where a text has none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    head = data[:TEXT_PROBE_BYTES]
    control = sum(byte < 32 and byte not in b"\t\r\n\x1b\x0c" for byte in head)
    return control * 100 > len(head)


def _read_zip(data: bytes) -> Book:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {member.filename for member in archive.infolist()}
            _refuse_bomb(archive, len(data))
            locked = any(member.flag_bits & 1 for member in archive.infolist())
            manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
            mimetype = archive.read("mimetype") if "mimetype" in names and not locked else b""
    except Refused:
        raise
    except Exception as error:
        raise Refused("IMPORT-FILE-BROKEN") from error
    if locked or b"encryption-data" in manifest:
        raise Refused("IMPORT-FILE-PASSWORD")
    return _read_office(data, names, mimetype)


def _read_office(data: bytes, names: set[str], mimetype: bytes) -> Book:
    if "xl/workbook.xml" in names:
        from tepat.planning.imports.reading_xlsx import read_xlsx

        return read_xlsx(data)
    if "xl/workbook.bin" in names:
        return _read_calamine(data, "xlsb")
    if b"spreadsheet" in mimetype or ("content.xml" in names and b"opendocument" not in mimetype):
        return _read_calamine(data, "ods")
    if any(name.startswith("word/") for name in names) or b"opendocument.text" in mimetype:
        raise Refused("IMPORT-FILE-NO-TABLE", what="dokumen Word")
    if any(name.startswith("ppt/") for name in names):
        raise Refused("IMPORT-FILE-NO-TABLE", what="salindia PowerPoint")
    if "[Content_Types].xml" in names:
        raise Refused("IMPORT-FILE-BROKEN")
    raise Refused("IMPORT-FILE-NO-TABLE", what="arsip ZIP")


def _refuse_bomb(archive: zipfile.ZipFile, packed: int) -> None:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    bomb = any(
        member.file_size > ZIP_RATIO_FREE_BYTES
        and member.file_size > ZIP_RATIO_MAX * max(1, member.compress_size)
        for member in members
    )
    if len(members) > ZIP_MEMBERS_MAX or unpacked > UNZIPPED_BYTES_MAX or bomb:
        raise Refused("IMPORT-FILE-BOMB", packed=grouped(packed), unpacked=grouped(unpacked))


def _read_ole(data: bytes) -> Book:
    if ENCRYPTED_OLE in data:
        raise Refused("IMPORT-FILE-PASSWORD")
    if WORD_OLE in data:
        raise Refused("IMPORT-FILE-NO-TABLE", what="dokumen Word")
    return _read_calamine(data, "xls")


def _read_calamine(data: bytes, form: str) -> Book:
    from tepat.planning.imports.reading_calamine import read_calamine

    return read_calamine(data, form)


def _keep_within_limits(book: Book) -> None:
    if len(book.sheets) > SHEETS_MAX:
        _refuse_size("lembar", len(book.sheets), SHEETS_MAX, "-")
    for sheet in book.sheets:
        if len(sheet.rows) > ROWS_MAX:
            _refuse_size("baris", len(sheet.rows), ROWS_MAX, sheet.name)
        if sheet.width > COLUMNS_MAX:
            _refuse_size("kolom", sheet.width, COLUMNS_MAX, sheet.name)


def _refuse_size(what: str, count: int, limit: int, sheet: str) -> NoReturn:
    raise Refused(
        "IMPORT-TABLE-TOO-LARGE", what=what, count=grouped(count), limit=grouped(limit), sheet=sheet
    )
