"""What the minutes of opening a sealed box say (*berita acara pembukaan*); `returns` prints them."""

from dataclasses import dataclass

from tepat.common.frame import area_words, names_of
from tepat.packing.ballots import ballot_words
from tepat.packing.codes import Code
from tepat.packing.history import ON_PAPER, PROOFS
from tepat.packing.models import Opening, Seal
from tepat.packing.people import NAMELESS

KECAMATAN_LENGTH = len("33.16.01")
CLOSE = (
    "Kotak dibuka oleh dua petugas yang menandatangani di bawah ini. Sesudah diperiksa, kotak ditutup dan "
    "disegel kembali dengan segel yang baru; nomor segel lama tidak dipakai lagi."
)


@dataclass(frozen=True)
class OpeningMinutes:
    """What is particular to the minutes of one opening.

    Args:
        parties: Who opened it, by role.
        facts: What is known, by name; empty where it is written by hand.
        signers: Who signs.
        close: The sentence before the signatures.
    """

    parties: list[tuple[str, str]]
    facts: list[tuple[str, str]]
    signers: list[str]
    close: str = CLOSE


def minutes_of(opening: Opening) -> OpeningMinutes:
    """Return what the minutes of an opening say; names are shown to whoever may print them."""
    names = names_of([person for person in (opening.first, opening.second) if person], shown=True)
    first = names.get(opening.first, NAMELESS)
    second = names.get(opening.second, NAMELESS) if opening.second else ON_PAPER
    proof = PROOFS.get(opening.second_proof, "")
    old = ", ".join(number or "tanpa nomor" for number in opening.old_seals) or "–"
    there = {"Panwascam": opening.panwascam, "Polisi": opening.polri}
    return OpeningMinutes(
        parties=[("Petugas pertama", first), ("Petugas kedua", f"{second} ({proof})" if proof else second)],
        facts=[
            ("Kotak", Code("kotak", opening.object.code).checked),
            ("Jenis", _what(opening)),
            ("Untuk", _unit(opening)),
            ("Alasan dibuka", opening.reason),
            ("Segel sebelum dibuka", old),
            ("Segel sesudah ditutup", _new_seals(opening)),
            *((who, "hadir" if here else "tidak hadir") for who, here in there.items()),
            ("Keadaan isi", ""),
            ("Tindakan", ""),
        ],
        signers=[
            f"Petugas pertama: {first}",
            f"Petugas kedua: {second}",
            *(who if here else f"{who} (tidak hadir)" for who, here in there.items()),
        ],
    )


def _what(opening: Opening) -> str:
    box = opening.object
    words = ballot_words(box.ballot, box.area_code) if box.ballot else None
    return f"{words.name} ({words.colour})" if words else "kotak rekapitulasi"


def _unit(opening: Opening) -> str:
    box = opening.object
    areas = area_words([box.area_code, box.area_code[:KECAMATAN_LENGTH]])
    unit = f"TPS {box.set.tps_number:03d}" if box.set.tps_number else box.set.get_level_display()
    return ", ".join([unit, *(word for key, word in sorted(areas.items(), reverse=True) if key)])


def _new_seals(opening: Opening) -> str:
    """Return the seals that were put on after this opening and before the next one."""
    seals = opening.object.seals.filter(seal_set=Seal.SealSet.OUT, put_at__gt=opening.opened_at)
    later = opening.object.openings.filter(opened_at__gt=opening.opened_at).order_by("opened_at").first()
    if later:
        seals = seals.filter(put_at__lt=later.opened_at)
    return ", ".join(str(seal) for seal in seals)
