"""The nouns of a roster: seats, people who may fill them, and how long anybody may work. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tepat.common.permissions import Role

type Part = Literal["penanggung-jawab", "penerima", "pengemudi", "pengawal", "wakil", "wakil-penerima"]

PART_WORDS: dict[Part, str] = {
    "penanggung-jawab": "Penanggung jawab di jalan",
    "penerima": "Penerima",
    "pengemudi": "Pengemudi",
    "pengawal": "Pengawal",
    "wakil": "Wakil penanggung jawab",
    "wakil-penerima": "Wakil penerima",
}
"""The parts of a roster in words; those that nothing can move without come first."""

PART_SHORT: dict[Part, str] = {
    "penanggung-jawab": "PJ",
    "penerima": "penerima",
    "pengemudi": "pengemudi",
    "pengawal": "pengawal",
    "wakil": "wakil",
    "wakil-penerima": "wakil",
}
"""The same in a word, for beside a name."""

DEPUTY_OF: dict[Part, Part] = {"penanggung-jawab": "wakil", "penerima": "wakil-penerima"}

SEATS_MAX = 20_000
PEOPLE_MAX = 10_000

type Travel = Callable[[str, str], int | None]
"""Seconds from one place to another by the quickest vehicle of the plan; None where no road leads."""


@dataclass(frozen=True)
class Seat:
    """One person is needed for one part of one trip, or at one halt of it.

    Args:
        id: Its name within the plan, such as ``T-001:wakil`` or ``T-001:2:penerima``.
        part: What is done.
        trip: The trip.
        halt: The halt's number within the trip, from 1; 0 for who travels with it.
        place: Where it begins and ends, by the plan's id.
        area_code: Whose people do it.
        kind: ``gudang``, ``ppk`` or ``pps``.
        day: The local date of the trip.
        start_s: When it begins, in seconds since 1970.
        end_s: When it ends.
        turn: What one person best does as a whole: a vehicle's day, or a place's.
        licence: The driving licence that is needed, or empty.
        wanted: Whom the plan itself names, or empty.
    """

    id: str
    part: Part
    trip: str
    halt: int
    place: str
    area_code: str
    kind: str
    day: date
    start_s: int
    end_s: int
    turn: str
    licence: str = ""
    wanted: str = ""

    @property
    def length_s(self) -> int:
        """How long it lasts."""
        return self.end_s - self.start_s


@dataclass(frozen=True)
class Held:
    """A post that somebody holds.

    Args:
        role: The role.
        area_code: Where.
        from_s: Since when, in seconds since 1970.
        to_s: Until when; None: it has no end.
    """

    role: Role
    area_code: str
    from_s: int
    to_s: int | None = None


@dataclass(frozen=True)
class Candidate:
    """Somebody of the office's people.

    Args:
        id: The random id.
        held: The posts.
        licence: The driving licence on record: ``A``, ``B1``, ``B2``, ``C``, or empty where nobody noted it.
        away: Local dates on which the person cannot come.
        phone: Whether a telephone is on record.
        rank: The place in the office's register: equal people are taken in its order, not by random ids.
    """

    id: str
    held: tuple[Held, ...]
    licence: str = ""
    away: frozenset[date] = field(default_factory=frozenset)
    phone: bool = True
    rank: int = 0


@dataclass(frozen=True)
class Terms:
    """How long people work.

    Args:
        rest_s_min: Rest between the duties of two dates.
        day_s_max: From the first to the last duty of one date.
    """

    rest_s_min: int
    day_s_max: int
