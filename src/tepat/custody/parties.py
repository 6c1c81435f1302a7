"""Posts and labels as custody writes them: who stands where, and to which area a thing belongs. Pure."""

import re
from dataclasses import dataclass

from tepat.common.permissions import Role

# kotak:pemilu-2024:091015-001-3 and its like; what is written otherwise belongs to the whole office.
_LABEL = re.compile(r"^[a-z]+:[^:]+:(\d{2})(\d{4})-(\d{3}|PPS|PPK)(?:-[0-9A-Z])?$")
_COMMITTEE = re.compile(r"^(ppk|pps|kpps):(\d{2}\.\d{2}\.\d{2}(?:\.\d{4})?)(?:-(\d{3}))?$")
_AREA_PARTS = {"ppk": 3, "pps": 4, "kpps": 4}
OTHERS = ("gudang", "angkutan")
WORDS = {"gudang": "Gudang", "ppk": "PPK", "pps": "PPS", "kpps": "KPPS", "angkutan": "Perjalanan"}

# What a role's posts are called; a role without one holds nothing.
PREFIXES: dict[Role, str] = {
    Role.GUDANG: "gudang",
    Role.KUL: "gudang",
    Role.OPERATOR: "gudang",
    Role.PPK: "ppk",
    Role.PPS: "pps",
    Role.KPPS: "kpps",
    Role.PENGEMUDI: "angkutan",
    Role.PENYEDIA: "angkutan",
}


@dataclass(frozen=True, slots=True)
class Post:
    """A post taken apart.

    Args:
        kind: ``gudang``, ``ppk``, ``pps``, ``kpps`` or ``angkutan``.
        key: What stands after the colon.
        area_code: Its area, or empty where the post does not say it.
        tps: The number of the KPPS's TPS, or 0.
    """

    kind: str
    key: str
    area_code: str = ""
    tps: int = 0


def read_post(text: str) -> Post | None:
    """Return a post taken apart, or None where it is none.

    Args:
        text: Such as ``pps:33.16.09.1015``, ``kpps:33.16.09.1015-001``, ``angkutan:T-0214-03``.
    """
    kind, colon, key = text.partition(":")
    if colon and key and kind in OTHERS:
        return Post(kind, key)
    found = _COMMITTEE.match(text)
    if not found or len(found[2].split(".")) != _AREA_PARTS[found[1]]:
        return None
    if (found[3] is not None) != (found[1] == "kpps"):
        return None
    return Post(found[1], key, found[2], int(found[3] or 0))


def area_of_post(text: str) -> str:
    """Return the area of a post, or empty where the post does not say it."""
    post = read_post(text)
    return post.area_code if post else ""


def area_of_object(object_id: str, office: str) -> str:
    """Return the area to which a labelled object belongs, wherever it is; empty for any other object.

    Args:
        object_id: Such as ``kotak:pemilu-2024:091015-001-3``.
        office: The office's area code, such as ``33.16``.
    """
    found = _LABEL.match(object_id)
    if not found:
        return ""
    kecamatan, desa, unit = found.groups()
    return f"{office}.{kecamatan}" if unit == "PPK" else f"{office}.{kecamatan}.{desa}"


def label_of(object_id: str) -> str:
    """Return an object as people call it: its label, without what stands before it."""
    return object_id.rpartition(":")[2]


def unit_label(unit: str, office: str) -> str:
    """Return how the labels of a planned unit begin, such as ``091015-001-``; empty for an unknown unit.

    Args:
        unit: Such as ``TPS-33.16.09.1015-001``, ``PPS-33.16.09.1015``, ``PPK-33.16.09``.
        office: The office's area code.
    """
    kind, _, rest = unit.partition("-")
    code, _, number = rest.partition("-")
    parts = code.removeprefix(office + ".").split(".")
    if kind == "PPK" and len(parts) == 1:
        return f"{parts[0]}0000-PPK-"
    if kind == "PPS" and len(parts) == 2:
        return f"{parts[0]}{parts[1]}-PPS-"
    if kind == "TPS" and len(parts) == 2 and number:
        return f"{parts[0]}{parts[1]}-{number}-"
    return ""


def is_offer(object_id: str) -> bool:
    """Return whether an id of the index is an offer's (`offer_key`)."""
    return object_id.startswith("tawaran:")


def offer_key(offer: str) -> str:
    """Return under what the events about an offer are found."""
    return f"tawaran:{offer}"
