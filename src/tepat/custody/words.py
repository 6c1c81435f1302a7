"""Custody in words that a tired person reads. Pure."""

from collections.abc import Mapping

from tepat.custody.events import read_counts
from tepat.custody.parties import WORDS, read_post

KIND_WORDS: dict[str, str] = {
    "custody.registered": "Disegel dan dicatat",
    "custody.offered": "Ditawarkan",
    "custody.accepted": "Diterima",
    "custody.refused": "Ditolak penerima",
    "custody.withdrawn": "Tawaran ditarik",
    "custody.count-differs": "Selisih ditandatangani",
    "custody.seen": "Dipindai",
    "custody.settled": "Sengketa ditetapkan",
    "custody.taken-over": "Diambil alih wakil",
    "custody.present": "Kehadiran dicatat",
    "custody.departed": "Berangkat",
    "custody.arrived": "Tiba",
    "packing.sealed": "Disegel",
    "packing.opened": "Dibuka",
}
STATUS_WORDS = {
    "belum_ada": "Belum ada bukti",
    "dipegang": "Dipegang",
    "ditawarkan": "Ditawarkan, menunggu",
    "belum_terlihat": "Belum terlihat",
    "sengketa": "Sengketa",
}
# A state of the house's four, for shape and colour.
STATUS_STATES = {
    "belum_ada": "belum",
    "dipegang": "aman",
    "ditawarkan": "perhatikan",
    "belum_terlihat": "gawat",
    "sengketa": "gawat",
}
REASON_WORDS = {
    "basah": "basah",
    "rusak": "rusak",
    "salah": "salah kirim",
    "segel-rusak": "segel rusak",
    "segel-beda": "nomor segel beda",
    "terbuka": "terbuka",
    "lain": "lain",
}

# Why something lies in the tray that somebody may still take in after looking: who signed it is sure, only
# the dates of the card or the post do not fit.
LATE_CODES = ("FIELD-EXPIRED", "FIELD-REPLACED", "FIELD-NOT-YOURS")


def post_word(post: str, areas: Mapping[str, str] | None = None) -> str:
    """Return a post as people say it, such as ``PPS Kunden`` or ``KPPS TPS 001 Kunden``.

    Args:
        post: Such as ``pps:33.16.09.1015``.
        areas: Names of areas and warehouses by code, where they are known (`post_names.post_names`).
    """
    found = read_post(post)
    if found is None:
        return post
    if found.kind == "gudang":
        return _warehouse_word((areas or {}).get(found.key, found.key))
    where = (areas or {}).get(found.area_code, found.area_code) if found.area_code else found.key
    if found.tps:
        return f"KPPS TPS {found.tps:03d} {where}"
    return f"{WORDS[found.kind]} {where}"


def _warehouse_word(name: str) -> str:
    """Return a warehouse by its name; by its code where that is all that is known, the word said once."""
    bare = name.removeprefix("gudang-")
    return bare if bare.lower().startswith("gudang") else f"{WORDS['gudang']} {bare}"


def tps_word(label: str) -> str:
    """Return a label in words, such as ``TPS 001, kotak 3``."""
    parts = label.split("-")
    if len(parts) != 3:
        return label
    unit = parts[1] if parts[1].isalpha() else f"TPS {parts[1]}"
    return f"{unit}, {'bundel' if parts[2].isalpha() else 'kotak'} {parts[2]}"


def read_words(payload: object) -> str:
    """Return how the objects of an event were read, such as ``2 dari 50 diketik``, or empty.

    Args:
        payload: The event's payload; one that says nothing of it is from before it was asked.
    """
    counts = read_counts(getattr(payload, "how", ""))
    read = counts["s"] + counts["t"]
    return f"{counts['t']} dari {read} diketik" if counts["t"] else ""
