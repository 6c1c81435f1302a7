"""Answers in sentences, the same on paper, on the screen and on the command line."""

from collections import Counter

from tepat.common.quantities import grouped, rupiah
from tepat.distribution.reasons.next_best import NextBest
from tepat.distribution.reasons.smallest import PAIRS_MAX, PAIRS_SEARCHED_MAX, Remedy, Way
from tepat.distribution.reasons.trying import Outcome, Tried

LINES_SHOWN_MAX = 3
"""Lines of the bill named after a price; the rest is in the number."""

OUTCOME_WORDS: dict[Outcome, str] = {
    "ditemukan": "ditemukan",
    "mustahil": "terbukti mustahil",
    "tidak-ditemukan": "tidak ditemukan",
}


def price_words(amount: int) -> str:
    """Return a difference of the bill in words: dearer, cheaper, or the same."""
    if amount == 0:
        return "dengan biaya yang sama"
    return f"tambahan {rupiah(amount)}" if amount > 0 else f"lebih murah {rupiah(-amount)}"


def signed(number: int) -> str:
    """Return a difference with its sign, such as ``+3`` or ``−6``."""
    return f"{'+' if number > 0 else '−'}{grouped(abs(number))}"


def lines_words(tried: Tried) -> str:
    """Return the lines of the bill that make a difference, the largest first."""
    shown = [
        f"{line.label} {'+' if line.rupiah > 0 else '−'}{rupiah(abs(line.rupiah))}"
        for line in tried.lines[:LINES_SHOWN_MAX]
    ]
    return "; ".join(shown)


def next_best_sentences(found: NextBest) -> tuple[str, ...]:
    """Return first what the next best costs, then what to think of it."""
    good = [tried for tried in found.tried if tried.outcome == "ditemukan"]
    count = len(found.tried)
    if not good:
        said = [_nothing_found(found)]
    else:
        best = good[0]
        price = price_words(best.rupiah or 0)
        said = [f"Pilihan lain termurah dari {count} yang dihitung: {best.says}, {price}{_beside(best)}."]
        if (best.rupiah or 0) < 0:
            said.append(
                "Jadi rencana ini belum yang termurah: pencarian yang lebih lama, atau pilihan itu, "
                "menghematnya."
            )
    said.append(
        f"Tiap pilihan dihitung {found.effort} untuk tiap lingkungannya: sekitarnya disusun ulang, yang lain "
        "tetap, lalu diperiksa. "
        "Yang ditemukan belum tentu yang termurah; rencana ini tidak berubah."
    )
    if found.untried:
        said.append(f"{found.untried} pilihan lain tidak dihitung karena batas {count} pilihan tercapai.")
    return tuple(said)


def _nothing_found(found: NextBest) -> str:
    counted = Counter(tried.outcome for tried in found.tried)
    impossible = counted["mustahil"]
    if impossible == len(found.tried):
        return f"Tidak ada pilihan lain: {impossible} dari {impossible} yang dihitung terbukti mustahil."
    return (
        f"Tidak satu pun dari {len(found.tried)} pilihan lain ditemukan, masing-masing dalam {found.effort}; "
        f"{impossible} terbukti mustahil, yang lain bukan bukti bahwa mustahil."
    )


def _beside(tried: Tried) -> str:
    """Return what else changes with an alternative, in brackets; empty if nothing does."""
    parts = [lines_words(tried)] if tried.lines else []
    if tried.handovers:
        parts.append(f"{signed(tried.handovers)} serah terima")
    if tried.guard_nights:
        parts.append(f"{signed(tried.guard_nights)} malam jaga")
    if tried.moved:
        parts.append(f"{grouped(tried.moved)} set berpindah kendaraan atau tanggal")
    return f" ({'; '.join(parts)})" if parts else ""


def way_sentence(way: Way) -> str:
    """Return what a set of decisions costs."""
    said = f"{_capital(way.tried.says)}: {price_words(way.tried.rupiah or 0)}{_beside(way.tried)}."
    if way.unpriced:
        said += f" Daftar harga tidak memuat harga untuk: {', '.join(way.unpriced)}."
    return said


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def remedy_sentences(found: Remedy) -> tuple[str, ...]:
    """Return first what serves what is left, the cheapest first; then what was tried besides."""
    count, tries = grouped(len(found.units)), len(found.ways) + len(found.others)
    if found.size is None:
        said = [_helpless(found, count, tries)]
    elif found.size == 0:
        (way,) = found.ways
        price = f"{price_words(way.tried.rupiah or 0)}{_beside(way.tried)}"
        first = f"{count} set yang tertinggal ternyata muat tanpa mengubah apa pun: {price}."
        said = [f"{first} Hitung ulang rencananya."]
    else:
        first = "satu keputusan cukup" if found.size == 1 else f"{found.size} keputusan bersama-sama cukup"
        said = [
            f"Untuk {count} set yang tertinggal {first}; {len(found.ways)} cara, yang termurah lebih dahulu."
        ]
        said += [way_sentence(way) for way in found.ways]
        said.append(f"Setiap bagian dari cara itu sudah dicoba dan tidak cukup. {_counted(found)}")
    said.append(
        f"Tiap cara dihitung {found.effort} untuk tiap lingkungannya, lalu diperiksa; rencana ini tetap."
    )
    if found.untried:
        limit = f"batas {PAIRS_MAX} pasangan, {PAIRS_SEARCHED_MAX} di antaranya dicari,"
        said.append(f"{found.untried} pasangan lain tidak dicoba karena {limit} tercapai.")
    return tuple(said)


def _helpless(found: Remedy, count: str, tries: int) -> str:
    best = max(found.others, key=lambda way: way.tried.served, default=None)
    said = (
        f"Belum ditemukan cara untuk {count} set yang tertinggal, dari {tries} yang dicoba. {_counted(found)}"
    )
    if best is not None and best.tried.served:
        said += f" Yang paling banyak menolong: {best.tried.says}, {best.tried.served} dari {count} set."
    return said


def _counted(found: Remedy) -> str:
    counted = Counter(way.tried.outcome for way in found.others)
    return (
        f"Terbukti tidak menolong: {counted['mustahil']}; tidak ditemukan, tanpa bukti bahwa mustahil: "
        f"{counted['tidak-ditemukan']}."
    )
