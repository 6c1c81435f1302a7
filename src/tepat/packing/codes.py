"""Label codes, their check letter and the QR payloads: written, read and refused. Pure.

A label of a box or bundle says ``091015-001-3`` and a check letter; that of a carton of ballots (*lot*)
``DPRDK-3-0007``; the sheet of goods on a packing table ``TINTA``. In the QR of a rehearsal's label an ``L``
stands before everything: none of its labels is taken for a real one, nor the reverse. The check letter is a
weighted sum modulo 23 over a common value of each character: weights of neighbours differ, so that one wrong
character and two neighbours swapped always change it.

Source:
    docs/decisions/0009-custody.md
"""

import re
from dataclasses import dataclass
from typing import Literal

from tepat.common.errors import Refused

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # 23, a prime; without I, O and Q, which are read as 1 and 0
VALUES = {letter: value for value, letter in enumerate(LETTERS)} | {
    # Other values than A to H, which stand in the place of a box's digit and of a dapil's number.
    str(digit): 8 + digit
    for digit in range(10)
}
# Names of goods have them; there the check letter only has to tell the goods of one list apart.
VALUES |= {"I": 18, "O": 19, "Q": 20}
MODULUS = len(LETTERS)
VERSION = "1"
BUNDLES = "ABCDEFGH"
BALLOTS = ("PPWP", "DPR", "DPD", "DPRDP", "DPRDK", "PGUB", "PBUP")
SCAN_LENGTH_MAX = 120
GOODS_LENGTH_MAX = 22  # with its check letter: weights repeat beyond
LOT_NUMBER_MAX = 9999

type Kind = Literal["kotak", "lot", "barang"]
PREFIXES: dict[str, Kind] = {"T": "kotak", "L": "lot", "B": "barang"}
REHEARSAL = "L"  # before the prefix: a carton's own prefix is an L too

_OBJECT = re.compile(r"(\d\d)(\d{4})(\d{3}|PPS|PPK)([1-9A-H])([A-Z])", re.ASCII)
_LOT = re.compile(rf"({'|'.join(BALLOTS)})-(\d{{1,2}}|[A-H])-(\d{{4}})([A-Z])", re.ASCII)
# No goods are named like a carton, so that a slip in a carton's code never names goods.
_GOODS = re.compile(rf"(?!(?:{'|'.join(BALLOTS)})-)([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*)\.([A-Z])")
_PAYLOAD = re.compile(r"(L?)([TLB])(\d+):([0-9]{4}):([A-Z0-9-]+):([A-Z0-9.-]+)", re.ASCII)


@dataclass(frozen=True)
class Code:
    """What was scanned or typed, once it is known to be one of ours.

    Args:
        kind: ``kotak`` (a box or a bundle), ``lot`` or ``barang``.
        text: The code without its check letter, such as ``091015-001-3``, ``DPRDK-3-0007`` or ``TINTA``.
    """

    kind: Kind
    text: str

    @property
    def checked(self) -> str:
        """The code as people type it, with its check letter."""
        return checked(self.text) if self.kind != "barang" else f"{self.text}.{check_letter(self.text)}"

    @property
    def unit(self) -> str:
        """The set that a box belongs to, such as ``091015-001``."""
        assert self.kind == "kotak", self
        return self.text.rpartition("-")[0]

    @property
    def ballot(self) -> str:
        """The ballot in a lot, such as ``DPRDK``."""
        assert self.kind == "lot", self
        return self.text.split("-")[0]

    @property
    def mark(self) -> str:
        """The dapil mark of a lot; ``0`` where the ballot is the same everywhere."""
        assert self.kind == "lot", self
        return self.text.split("-")[1]


def check_letter(text: str) -> str:
    """Return the check letter of a code.

    Args:
        text: Letters, digits and hyphens; hyphens do not count.
    """
    characters = [character for character in text if character != "-"]
    assert 0 < len(characters) < MODULUS - 1, text
    total = sum((place + 2) * VALUES[character] for place, character in enumerate(reversed(characters)))
    return LETTERS[-total % MODULUS]


def checked(text: str) -> str:
    """Return a code with its check letter behind it."""
    return text + check_letter(text)


def unit_code(area_code: str, tps: int | None = None) -> str:
    """Return the code of a set: ``091015-001`` of a TPS, ``091015-PPS``, ``090000-PPK``.

    Args:
        area_code: The desa's code, or the kecamatan's for a PPK.
        tps: The TPS's number, or None for the set of the PPS or PPK.
    """
    parts = area_code.split(".")
    assert len(parts) in {3, 4}, area_code
    if len(parts) == 3:
        assert tps is None, tps
        return f"{parts[2]}0000-PPK"
    return f"{parts[2]}{parts[3]}-{'PPS' if tps is None else f'{tps:03d}'}"


def object_code(unit: str, slot: str) -> str:
    """Return a label's code, such as ``091015-001-3``: slot ``1``–``9`` is a box, ``A``–``H`` a bundle."""
    assert slot in {*"123456789", *BUNDLES}, slot
    return f"{unit}-{slot}"


def object_id(election: str, code: str) -> str:
    """Return the object id under which custody knows a box or bundle."""
    kind = "bundel" if code[-1] in BUNDLES else "kotak"
    return f"{kind}:{election}:{code}"


def set_id(election: str, unit: str) -> str:
    """Return the object id of a set."""
    return f"set:{election}:{unit}"


def lot_code(ballot: str, mark: str, number: int) -> str:
    """Return the code of a carton of ballots."""
    assert ballot in BALLOTS, ballot
    assert 0 < number <= LOT_NUMBER_MAX, number
    return f"{ballot}-{mark or '0'}-{number:04d}"


def payload(code: Code, *, office: str, election: str, rehearsal: bool = False) -> str:
    """Return the QR text of a label: capitals, digits and ``:.-`` only, so that the code stays small.

    Args:
        code: What the label is for.
        office: The office's area code, such as ``33.16``.
        election: The election's code, such as ``pemilu-2024``.
        rehearsal: Whether it is a label of a rehearsal.
    """
    prefix = next(prefix for prefix, kind in PREFIXES.items() if kind == code.kind)
    drill = REHEARSAL if rehearsal else ""
    return f"{drill}{prefix}{VERSION}:{office.replace('.', '')}:{election.upper()}:{code.checked}"


def read(text: str, *, office: str, election: str, rehearsal: bool = False) -> Code:
    """Return what a scanned or typed text says.

    Args:
        text: A QR payload, or a code typed with its check letter; case does not matter, nor do spaces and
            hyphens in a box's code.
        office: This office's area code.
        election: The election that is being packed.
        rehearsal: Whether this is a rehearsal.

    Raises:
        Refused: CODE-UNKNOWN, CODE-VERSION, CODE-REHEARSAL, CODE-REAL, CODE-OTHER-OFFICE,
            CODE-OTHER-ELECTION, CODE-CHECK.
    """
    plain = text.strip().upper()
    shown = text.strip()[:40] or "(kosong)"
    if len(text) > SCAN_LENGTH_MAX:
        raise Refused("CODE-UNKNOWN", text=shown)
    if ":" not in plain:
        return _typed(plain, shown)
    found = _PAYLOAD.fullmatch(plain)
    if found is None:
        raise Refused("CODE-UNKNOWN", text=shown)
    drill, prefix, version, given_office, given_election, body = found.groups()
    _of_this_mode(drill, version, rehearsal=rehearsal)
    if given_office != office.replace(".", ""):
        raise Refused("CODE-OTHER-OFFICE", office=_dotted(given_office), own=office)
    if given_election != election.upper():
        raise Refused("CODE-OTHER-ELECTION", election=given_election, own=election.upper())
    code = _typed(body, shown)
    if code.kind != PREFIXES[prefix]:
        raise Refused("CODE-UNKNOWN", text=shown)
    return code


def _of_this_mode(drill: str, version: str, *, rehearsal: bool) -> None:
    if version != VERSION:
        raise Refused("CODE-VERSION", version=version, known=VERSION)
    if bool(drill) != rehearsal:
        raise Refused("CODE-REHEARSAL" if drill else "CODE-REAL")


def _typed(plain: str, shown: str) -> Code:
    if found := _LOT.fullmatch(plain):
        ballot, mark, number, letter = found.groups()
        return _sure(Code("lot", f"{ballot}-{mark}-{number}"), letter, shown)
    if len(plain) <= GOODS_LENGTH_MAX and (found := _GOODS.fullmatch(plain)):
        return _sure(Code("barang", found[1]), found[2], shown)
    # Only a box's code has a fixed length; in a carton's, a blank in the place of a digit would pass unseen.
    compact = "".join(plain.split()).replace("-", "")
    found = _OBJECT.fullmatch(compact) or _OBJECT.fullmatch(_digits_meant(compact))
    if found is None:
        raise Refused("CODE-UNKNOWN", text=shown)
    kecamatan, desa, unit, slot, letter = found.groups()
    # A PPK lies in no desa, a TPS and a PPS lie in one: 0000 is no desa.
    if (unit == "PPK") != (desa == "0000"):
        raise Refused("CODE-UNKNOWN", text=shown)
    return _sure(Code("kotak", f"{kecamatan}{desa}-{unit}-{slot}"), letter, shown)


def _digits_meant(compact: str) -> str:
    """Return a typed code with O and I read as the digits they were taken for."""
    return compact.translate({ord("O"): "0", ord("I"): "1"})


def _sure(code: Code, letter: str, shown: str) -> Code:
    if check_letter(code.text) != letter:
        raise Refused("CODE-CHECK", text=shown)
    return code


def _dotted(office: str) -> str:
    return f"{office[:2]}.{office[2:]}"
