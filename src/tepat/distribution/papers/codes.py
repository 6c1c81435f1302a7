"""The name of a printed paper: its id, its running number and the QR text on each page."""

import hashlib
from datetime import date

import msgspec

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U, so that a typed code is not misread
ID_LENGTH = 10
CHECK_LENGTH = 2
PREFIX = "TEPAT1"
MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


class PageCode(msgspec.Struct, frozen=True):
    """What the QR of one printed page says.

    Args:
        office: The office's area code.
        election: The election's code, in capitals.
        document: The paper's id.
        page: This page, from 1.
        pages: All pages of the paper.
    """

    office: str
    election: str
    document: str
    page: int
    pages: int

    def text(self) -> str:
        """Return the QR text; capitals and digits only, so that the code stays small."""
        body = f"{PREFIX}:{self.office}:{self.election}:{self.document}:{self.page}/{self.pages}"
        return f"{body}:{check(body)}"


def check(body: str) -> str:
    """Return the short check of a text, two letters that a person can read out."""
    return _letters(hashlib.sha256(body.encode()).digest(), CHECK_LENGTH)


def document_id(*parts: str) -> str:
    """Return the id of a paper: the same parts give the same id, other parts another one."""
    return _letters(hashlib.sha256("\x1f".join(parts).encode()).digest(), ID_LENGTH)


def parse(text: str) -> PageCode | None:
    """Return what a scanned text says, or None where it is not one of our codes or its check fails."""
    body, _, given = text.rpartition(":")
    parts = body.split(":")
    if len(parts) != 5 or parts[0] != PREFIX or check(body) != given:
        return None
    page, slash, pages = parts[4].partition("/")
    if not (slash and page.isdigit() and pages.isdigit()):
        return None
    return PageCode(parts[1], parts[2], parts[3], int(page), int(pages))


def number(pattern: str, *, running: int, code: str, day: date) -> str:
    """Return a paper's number in the office's series, such as ``17/BAST-LOG/33.16/II/2024``."""
    return pattern.format(n=running, code=code, month=MONTHS[day.month - 1], year=day.year)


def _letters(digest: bytes, length: int) -> str:
    value = int.from_bytes(digest[:8], "big")
    return "".join(ALPHABET[value >> (5 * place) & 31] for place in range(length))
