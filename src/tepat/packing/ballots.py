"""What a ballot is called on labels: its name, the word of its colour, the mark of its dapil. Pure."""

import re
import string
from collections.abc import Iterable
from dataclasses import dataclass

from tepat.common.errors import Refused

NUMBER = re.compile(r".*[\s-](\d{1,2}|[IVX]{1,4})", re.ASCII)
_TENS, _ONES = ("", "X"), ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
ROMAN = {ten + one: 10 * tens + ones for tens, ten in enumerate(_TENS) for ones, one in enumerate(_ONES)}
DAPIL_NUMBER_MAX = 15  # no area of any ballot has more
LETTER_MARKS = string.ascii_uppercase[:8]
CITY_FROM = 71  # kabupaten are numbered from 01, cities from 71


@dataclass(frozen=True)
class BallotWords:
    """One ballot as people know it.

    Args:
        code: Such as ``DPRDK``.
        name: Short, as it stands on a label.
        colour: The official colour as a word.
    """

    code: str
    name: str
    colour: str


# PKPU 14/2023 (Pemilu), Kep. KPU 1337/2024 (Pilkada); the texts themselves were not read.
_WORDS = {
    words.code: words
    for words in (
        BallotWords("PPWP", "PRESIDEN DAN WAKIL PRESIDEN", "ABU-ABU"),
        BallotWords("DPR", "DPR", "KUNING"),
        BallotWords("DPD", "DPD", "MERAH"),
        BallotWords("DPRDP", "DPRD PROVINSI", "BIRU"),
        BallotWords("DPRDK", "DPRD KABUPATEN/KOTA", "HIJAU"),
        BallotWords("PGUB", "GUBERNUR DAN WAKIL GUBERNUR", "MERAH MARUN"),
        BallotWords("PBUP", "BUPATI DAN WAKIL BUPATI", "BIRU MUDA"),
    )
}
_CITY = {
    "DPRDK": BallotWords("DPRDK", "DPRD KOTA", "HIJAU"),
    "PBUP": BallotWords("PBUP", "WALI KOTA DAN WAKIL WALI KOTA", "HIJAU TOSCA"),
}
_KABUPATEN = {"DPRDK": BallotWords("DPRDK", "DPRD KABUPATEN", "HIJAU")}


def ballot_words(ballot: str, area_code: str) -> BallotWords:
    """Return a ballot's name and the word of its colour.

    Args:
        ballot: Such as ``PBUP``.
        area_code: Any code in the kabupaten or city, which decides bupati or wali kota.

    Source:
        PKPU 14/2023; Kep. KPU 1337/2024.
    """
    city = int(area_code.split(".")[1]) >= CITY_FROM
    return (_CITY if city else _KABUPATEN).get(ballot) or _WORDS[ballot]


def dapil_marks(dapil: Iterable[str], area_code: str) -> dict[str, str]:
    """Return the large mark of each dapil of one ballot: its official number, else a letter by their order.

    A letter says that the number is not known; it is never taken for one.

    Args:
        dapil: The dapil of one ballot in the office's area, as the list has them.
        area_code: The office's area; its own codes are no dapil numbers.

    Raises:
        Refused: PACK-DAPIL-MANY where there are more unnumbered dapil than letters.
    """
    known = sorted(set(dapil) - {""})
    numbers = {name: _number(name, area_code) for name in known}
    if all(numbers.values()) and len(set(numbers.values())) == len(known):
        return numbers
    if len(known) > len(LETTER_MARKS):
        raise Refused("PACK-DAPIL-MANY", count=len(known), most=len(LETTER_MARKS))
    return dict(zip(known, LETTER_MARKS, strict=False))


def _number(name: str, area_code: str) -> str:
    """Return the official number that ends a dapil's name, as ``DPRDK-33.16-3-contoh`` or ``Blora 3``."""
    found = NUMBER.fullmatch(name.removesuffix("-contoh").strip())
    if found is None or found[1] in area_code.split("."):
        return ""
    value = ROMAN.get(found[1]) or (int(found[1]) if found[1].isdigit() else 0)
    return str(value) if 0 < value <= DAPIL_NUMBER_MAX else ""
