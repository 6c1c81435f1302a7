"""Our totals beside SILOG's, or beside what was received. A difference is named, never evened out."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tepat.common.errors import Refused
from tepat.common.quantities import grouped
from tepat.planning.needs import Needs
from tepat.planning.rules import Item

Against = Literal["silog", "diterima"]
Status = Literal["sama", "beda", "tidak ada di sana", "tidak dikenal di sini"]

TOTALS_BYTES_MAX = 1_000_000
TOTAL_MAX = 10_000_000_000
SMALL_DIFFERENCE_MAX = 5
OWNERS: Mapping[Against, str] = {"silog": "operator SILOG", "diterima": "tim gudang"}


@dataclass(frozen=True)
class Difference:
    """One row of the reconciliation.

    Args:
        item: The item's code.
        name: Its name, or the code where we do not know it.
        ours: Our number; None where we have none.
        theirs: Their number; None where they have none.
        status: Whether the two agree.
        reason: The likely reason, or empty where they agree; a guess that somebody has to check.
        owner: Who has to settle it.
    """

    item: str
    name: str
    ours: int | None
    theirs: int | None
    status: Status
    reason: str
    owner: str

    @property
    def difference(self) -> int | None:
        """Theirs less ours; None where one of them is missing."""
        return None if self.ours is None or self.theirs is None else self.theirs - self.ours

    def as_document(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return {**self.__dict__, "difference": self.difference}


def reconcile(needs: Needs, theirs: Mapping[str, int], against: Against = "silog") -> tuple[Difference, ...]:
    """Return every item with both numbers; those that differ first, in the order of the papers.

    Args:
        needs: Our needs.
        theirs: Their totals by item code.
        against: ``silog`` for totals in SILOG, ``diterima`` for goods counted on arrival.
    """
    rows = []
    for item in needs.rule_set.items:
        ours = needs.total(item.code)
        if item.code in theirs:
            rows.append(_compared(needs, item, ours, theirs[item.code], against))
        elif ours:
            reason = (
                "belum diisi" if item.in_silog or against == "diterima" else "tidak ada barisnya di SILOG"
            )
            rows.append(
                Difference(
                    item.code, item.name, ours, None, "tidak ada di sana", reason, owner=OWNERS[against]
                ),
            )
    known = {item.code for item in needs.rule_set.items}
    for code in sorted(theirs.keys() - known):
        reason = "kode barang lain, atau barang pemilihan lain"
        rows.append(
            Difference(
                code, code, None, theirs[code], "tidak dikenal di sini", reason, owner=OWNERS[against]
            ),
        )
    return tuple(sorted(rows, key=lambda row: row.status == "sama"))


def _compared(needs: Needs, item: Item, ours: int, theirs: int, against: Against) -> Difference:
    if ours == theirs:
        return Difference(item.code, item.name, ours, theirs, "sama", "", owner="")
    reason = next(_reasons(needs, item, ours, theirs), "belum diketahui; bandingkan rincian per kecamatan")
    return Difference(item.code, item.name, ours, theirs, "beda", reason, owner=OWNERS[against])


def _reasons(needs: Needs, item: Item, ours: int, theirs: int) -> Iterator[str]:
    """Yield likely reasons, the most telling first."""
    difference = theirs - ours
    if needs.rounded_per_kab().get(item.code) == theirs:
        yield "cadangan dibulatkan sekali per kabupaten/kota, bukan per TPS"
    if needs.total(item.code, "alokasi") == theirs:
        yield "mengikuti alokasi (DPT + DPTb + cadangan), bukan kebutuhan cetak"
    yield from _sums_reasons(needs, item, ours, theirs)
    if abs(difference) <= SMALL_DIFFERENCE_MAX:
        more = "lebih" if difference > 0 else "kurang"
        yield f"{more} {abs(difference)} dari aturan: hitung ulang barangnya, lalu periksa salinannya"
    each = needs.column(item.code)
    if isinstance(each, int) and each and difference % each == 0:
        count = abs(difference) // each
        yield f"sama dengan {grouped(count)} {item.level.upper()} {'lebih' if difference > 0 else 'kurang'}"
    if sorted(str(ours)) == sorted(str(theirs)):
        yield "angka-angkanya sama, urutannya tertukar"


def _sums_reasons(needs: Needs, item: Item, ours: int, theirs: int) -> Iterator[str]:
    boxes = sum(needs.total(other.code) for other in needs.rule_set.items if other.is_box)
    if item.is_box and theirs == boxes:
        yield f"mereka menghitung semua kotak bersama, TPS dan PPK: {grouped(boxes)}"
    for other in needs.rule_set.items:
        if item.ballot and other.ballot == item.ballot and other.code.startswith("SS-PSU"):
            extra = needs.total(other.code)
            if extra and theirs == ours + extra:
                yield f"mereka menghitung surat suara PSU ({grouped(extra)}) bersama"
    if item.formula.rounds and theirs == int(needs.tps.voters_for(item.ballot).sum()):
        yield "hanya DPT, tanpa cadangan"


def read_totals(raw: bytes) -> dict[str, int]:
    """Return the totals of a CSV file with the columns ``item`` and ``jumlah``.

    Args:
        raw: The file, UTF-8, separated by comma or semicolon.

    Raises:
        Refused: NEEDS-TOTALS-INVALID, naming the line.
    """
    if len(raw) > TOTALS_BYTES_MAX:
        raise Refused("NEEDS-LIST-TOO-LARGE", size=len(raw), most=TOTALS_BYTES_MAX)
    try:
        text = raw.decode("utf-8-sig")
        separator = ";" if ";" in text.partition("\n")[0] else ","
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused("NEEDS-TOTALS-INVALID", line=1) from error
    totals: dict[str, int] = {}
    if not rows or [cell.strip().lower() for cell in rows[0][:2]] != ["item", "jumlah"]:
        raise Refused("NEEDS-TOTALS-INVALID", line=1)
    for line, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        code, amount = (cell.strip() for cell in (*row, "", "")[:2])
        usable = amount.isascii() and amount.isdecimal() and len(amount) <= len(str(TOTAL_MAX))
        if not code or not usable or code in totals:
            raise Refused("NEEDS-TOTALS-INVALID", line=line)
        totals[code] = int(amount)
    return totals
