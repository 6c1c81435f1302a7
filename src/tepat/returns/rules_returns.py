"""The way back: which set is at its PPK again, which is not, and how grave that is. Pure.

A thing is back when its PPK holds it, undisputed, since polling began; on to the warehouse is back too. The
PPK's own set is at home there, since whenever; a PPS's set went as far as the PPS and comes back from it.
What carries results comes first: a set is grave while a box with C.HASIL is missing after the hour, and only
to be looked at while booths are.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

type Level = Literal["aman", "perhatikan", "gawat", "belum"]
type Spot = Literal["ppk", "lewat", "pps", "kpps", "jalan", "masalah", "belum"]
type SetLevel = Literal["tps", "pps", "ppk"]

# From the farthest away to home.
SPOTS: tuple[Spot, ...] = ("masalah", "belum", "kpps", "pps", "jalan", "ppk", "lewat")
BACK: tuple[Spot, ...] = ("ppk", "lewat")
SPOT_WORDS: dict[Spot, str] = {
    "masalah": "sengketa atau dicari",
    "belum": "belum ada bukti kembali",
    "kpps": "di KPPS",
    "pps": "di PPS",
    "jalan": "di kendaraan",
    "ppk": "di PPK",
    "lewat": "menuju gudang atau sudah di sana",
}
HOME_TRIP = "PULANG-"
"""How the trips from a PPK to the warehouse are called: what is on one has passed its PPK."""

# As far out as a set of each level goes: there it is known to be, since whenever.
_FARTHEST: dict[SetLevel, Spot] = {"tps": "kpps", "pps": "pps", "ppk": "ppk"}
_KINDS: dict[str, Spot] = {"kpps": "kpps", "pps": "pps", "ppk": "ppk", "angkutan": "jalan", "gudang": "lewat"}


class Thing(msgspec.Struct, frozen=True):
    """One box or bundle, as custody has it.

    Args:
        object_id: Which.
        critical: It carries results.
        status: Custody's word for its state.
        post: Where it is, or empty.
        since_us: Since when, in microseconds since 1970.
        holder: Who answers for it.
        one_sided: Only one of two has said so.
    """

    object_id: str
    critical: bool
    status: str = "belum_ada"
    post: str = ""
    since_us: int = 0
    holder: str = ""
    one_sided: bool = False


class Hours(msgspec.Struct, frozen=True):
    """The moments against which the way back is held, in microseconds since 1970.

    Args:
        at_us: The moment at which one looks.
        polling_us: When polling began: what is somewhere since before has not come back.
        limit_us: H+1 06.00: by then each set is at its PPK.
    """

    at_us: int
    polling_us: int
    limit_us: int


class SetBack(msgspec.Struct, frozen=True):
    """How one set stands on its way back.

    Args:
        things: Boxes and bundles of it.
        back: Of these at the PPK or past it.
        critical: Boxes with results.
        critical_back: Of these back.
        spot: Where the farthest of what is not back is; where the set is once all is.
        one_sided: Of these back by one side's word.
        holders: Who answers for what is not back, the critical first.
        level: How grave it is.
    """

    things: int
    back: int
    critical: int
    critical_back: int
    spot: Spot
    one_sided: int
    holders: tuple[str, ...]
    level: Level

    @property
    def whole(self) -> bool:
        """Whether all of it is back."""
        return 0 < self.things == self.back

    @property
    def urgency(self) -> tuple[int, int, int]:
        """The place among those that are not back: results first, then the farthest away."""
        return self.critical_back - self.critical, SPOTS.index(self.spot), self.back - self.things


def spot_of(thing: Thing, *, ppk: str, polling_us: int, level: SetLevel = "tps") -> Spot:
    """Return where a thing is on its way back.

    Args:
        thing: The thing.
        ppk: The post of its PPK.
        polling_us: When polling began, in microseconds since 1970.
        level: Whose set it belongs to.
    """
    if thing.status in {"sengketa", "belum_terlihat"}:
        return "masalah"
    kind, _, key = thing.post.partition(":")
    spot = "lewat" if kind == "angkutan" and key.startswith(HOME_TRIP) else _KINDS.get(kind, "belum")
    # Another kecamatan's PPK is no home.
    if spot == "ppk" and thing.post != ppk:
        spot = "pps"
    if spot == "kpps" or spot == _FARTHEST[level]:
        return spot
    return "belum" if thing.since_us < polling_us else spot


def set_back(things: Iterable[Thing], *, ppk: str, hours: Hours, level: SetLevel = "tps") -> SetBack:
    """Return how a set stands on its way back.

    Args:
        things: Its boxes and bundles.
        ppk: The post of its PPK.
        hours: The moments against which it is held.
        level: Whose set it is.
    """
    polling_us = hours.polling_us
    each = [(thing, spot_of(thing, ppk=ppk, polling_us=polling_us, level=level)) for thing in things]
    away = [(thing, spot) for thing, spot in each if spot not in BACK]
    away.sort(key=lambda pair: (not pair[0].critical, SPOTS.index(pair[1]), pair[0].object_id))
    back = [thing for thing, spot in each if spot in BACK]
    critical = sum(thing.critical for thing, _ in each)
    critical_back = sum(thing.critical for thing in back)
    spots = [spot for _, spot in away] or [spot for _, spot in each] or ["belum"]
    return SetBack(
        things=len(each),
        back=len(back),
        critical=critical,
        critical_back=critical_back,
        spot=min(spots, key=SPOTS.index),
        one_sided=sum(thing.one_sided for thing in back),
        holders=tuple(dict.fromkeys(thing.holder for thing, _ in away if thing.holder)),
        level=_level(each, critical_missing=critical - critical_back, hours=hours),
    )


def _level(each: list[tuple[Thing, Spot]], *, critical_missing: int, hours: Hours) -> Level:
    spots = [spot for _, spot in each]
    if "masalah" in spots:
        return "gawat"
    if not each or all(spot == "belum" for spot in spots):
        return "belum" if hours.at_us < hours.limit_us else "gawat"
    if all(spot in BACK for spot in spots):
        return "perhatikan" if any(thing.one_sided for thing, _ in each) else "aman"
    return "gawat" if hours.at_us >= hours.limit_us and critical_missing else "perhatikan"


def too_early(things: Iterable[Thing], *, ppk: str, polling_us: int, recap_ended_us: int) -> list[str]:
    """Return what left its PPK before the recapitulation there had ended.

    Args:
        things: What belongs to the PPK.
        ppk: The post of the PPK.
        polling_us: When polling began.
        recap_ended_us: When its recapitulation ended; 0 while it has not.
    """
    return [
        thing.object_id
        for thing in things
        if spot_of(thing, ppk=ppk, polling_us=polling_us) == "lewat"
        and (not recap_ended_us or thing.since_us < recap_ended_us)
    ]
