"""Seals on, seals off: two people, no number twice, and what replaces a number where none is printed. Pure.

Outbound seals (``keluar``) close a box in the warehouse; return seals (``kembali``) close it after the count.
They are separate sets: a number of one never counts for the other.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tepat.common.errors import Refused
from tepat.custody.events import SEALS_PER_OBJECT_MAX

SEAL_LENGTH_MAX = 24
REASON_LENGTH_MIN = 10
REASON_LENGTH_MAX = 400
SEAL_SETS = ("keluar", "kembali")
CARD_LENGTH_MAX = 40
_CARD = re.compile(r"(?:TK1:(\d{4}):)?([0-9A-Z]{4})\s?([0-9A-Z]{4})", re.ASCII)
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9./-]*")


@dataclass(frozen=True)
class Sealing:
    """Seals that two people put on one box.

    Args:
        code: The box's label code.
        numbers: The seals' printed numbers, as `seal_number` returns them.
        photo: SHA-256 of a photo; needed where a seal has no printed number.
        unnumbered: Whether the seals have no printed number.
    """

    code: str
    numbers: tuple[str, ...] = ()
    photo: str = ""
    unnumbered: bool = False


def seal_number(text: str) -> str:
    """Return a seal's number as it is compared: capitals, no spaces.

    Raises:
        Refused: SEAL-UNREADABLE.
    """
    plain = "".join(text.upper().split())
    if len(plain) > SEAL_LENGTH_MAX or not _NUMBER.fullmatch(plain):
        raise Refused("SEAL-UNREADABLE", number=text.strip()[:SEAL_LENGTH_MAX] or "(kosong)")
    return plain


def check_sealing(sealing: Sealing, *, state: str, used: Mapping[str, str], people: tuple[str, str]) -> None:
    """Refuse seals that prove nothing.

    Args:
        sealing: The seals of one box.
        state: The box's state; only a closed box is sealed.
        used: The boxes that known seal numbers of this election lie on, by number, those of this very
            sealing left out.
        people: Who seals, and the second person; ids.

    Raises:
        Refused: SEAL-BOX-NOT-CLOSED, SEAL-ONE-PERSON, SEAL-NONE, SEAL-MANY, SEAL-TWICE, SEAL-USED,
            SEAL-NO-PHOTO.
    """
    if state != "tertutup":
        raise Refused("SEAL-BOX-NOT-CLOSED", box=sealing.code)
    check_two(people)
    check_seals(sealing, used)


def check_seals(sealing: Sealing, used: Mapping[str, str]) -> None:
    """Refuse seals that are none, too many, or known elsewhere; `check_sealing` asks for more.

    Raises:
        Refused: SEAL-NONE, SEAL-MANY, SEAL-TWICE, SEAL-USED, SEAL-NO-PHOTO.
    """
    if sealing.unnumbered:
        if not sealing.photo:
            raise Refused("SEAL-NO-PHOTO", box=sealing.code)
        return
    _check_numbers(sealing, used)


def _check_numbers(sealing: Sealing, used: Mapping[str, str]) -> None:
    if not sealing.numbers:
        raise Refused("SEAL-NONE", box=sealing.code)
    if len(sealing.numbers) > SEALS_PER_OBJECT_MAX:
        raise Refused("SEAL-MANY", box=sealing.code, most=SEALS_PER_OBJECT_MAX)
    for number in sealing.numbers:
        if sealing.numbers.count(number) > 1:
            raise Refused("SEAL-TWICE", number=number, box=sealing.code)
        if number in used:
            raise Refused("SEAL-USED", number=number, box=sealing.code, other=used[number])


def check_two(people: tuple[str, str]) -> None:
    """Refuse one person in both places.

    Raises:
        Refused: SEAL-ONE-PERSON.
    """
    first, second = people
    if not second or first == second:
        raise Refused("SEAL-ONE-PERSON")


def card_number(text: str, *, office: str) -> str:
    """Return the number of a person's card that was scanned or typed.

    Args:
        text: Its QR, or its number with or without the space.
        office: This office's area code, such as ``33.16``.

    Raises:
        Refused: SECOND-CARD.
    """
    found = _CARD.fullmatch(text.strip().upper()) if len(text) <= CARD_LENGTH_MAX else None
    if found is None or found[1] not in {None, office.replace(".", "")}:
        raise Refused("SECOND-CARD", text=text.strip()[:CARD_LENGTH_MAX] or "(kosong)")
    return found[2] + found[3]


def repeated(sealings: Iterable[Sealing]) -> dict[str, tuple[str, ...]]:
    """Return the seal numbers that stand on more than one box, with those boxes."""
    where: dict[str, list[str]] = {}
    for sealing in sealings:
        for number in sealing.numbers:
            where.setdefault(number, []).append(sealing.code)
    return {number: tuple(codes) for number, codes in where.items() if len(set(codes)) > 1}


def check_opening(*, state: str, code: str, reason: str, people: tuple[str, str]) -> str:
    """Refuse an opening that nobody could answer for; return its reason without blanks.

    Args:
        state: The box's state; only a sealed one is opened.
        code: Its label code.
        reason: Why, in words.
        people: Who opens, and the second person; ids.

    Raises:
        Refused: OPEN-NOT-SEALED, SEAL-ONE-PERSON, OPEN-NO-REASON.
    """
    if state != "tersegel":
        raise Refused("OPEN-NOT-SEALED", box=code)
    check_two(people)
    return check_reason(reason)


def check_reason(reason: str) -> str:
    """Return a reason without needless blanks.

    Raises:
        Refused: OPEN-NO-REASON.
    """
    plain = " ".join(reason.split())
    if not REASON_LENGTH_MIN <= len(plain) <= REASON_LENGTH_MAX:
        raise Refused("OPEN-NO-REASON", least=REASON_LENGTH_MIN, most=REASON_LENGTH_MAX)
    return plain
