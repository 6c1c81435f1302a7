"""Who may sit where, and which two seats nobody can hold together. Pure."""

from tepat.common.permissions import Role, covers
from tepat.distribution.roster.shapes import Candidate, Held, Part, Seat, Terms, Travel

LICENCE_ALSO: dict[str, frozenset[str]] = {
    "A": frozenset({"A", "B1", "B2"}),
    "B1": frozenset({"B1", "B2"}),
    "C": frozenset({"C"}),
}
"""Licences with which a vehicle of each licence may be driven. Source: UU 22/2009 pasal 84."""

_NEVER = frozenset[Role]()
_OFFICE_CREW = (frozenset({Role.GUDANG}), frozenset({Role.OPERATOR}))
_PPK_CREW = (frozenset({Role.PPK}), frozenset({Role.GUDANG, Role.OPERATOR}))
_PPK, _PPS = (frozenset({Role.PPK}), _NEVER), (frozenset({Role.PPS}), _NEVER)

DOERS: dict[tuple[Part, str], tuple[frozenset[Role], frozenset[Role]]] = {
    ("penanggung-jawab", "gudang"): _OFFICE_CREW,
    ("wakil", "gudang"): _OFFICE_CREW,
    ("penanggung-jawab", "ppk"): _PPK_CREW,
    ("wakil", "ppk"): _PPK_CREW,
    ("pengemudi", "gudang"): (frozenset({Role.PENGEMUDI}), _NEVER),
    ("pengemudi", "ppk"): (frozenset({Role.PENGEMUDI}), _NEVER),
    ("pengawal", "gudang"): (frozenset({Role.POLRI}), _NEVER),
    ("pengawal", "ppk"): (frozenset({Role.POLRI}), _NEVER),
    ("penerima", "ppk"): _PPK,
    ("wakil-penerima", "ppk"): _PPK,
    ("penerima", "pps"): _PPS,
    # The PPK supervises its PPS, and may stand beside the one who receives; it does not receive for them.
    ("wakil-penerima", "pps"): (frozenset({Role.PPS}), frozenset({Role.PPK})),
}
"""By part and kind of place: the roles that do it, and those that may where none of the first is free."""


def choice(seat: Seat, person: Candidate) -> int | None:
    """Return whether somebody holds a post for all of a seat: 0 first choice, 1 second, None not."""
    held = [one for one in person.held if _holds(one, seat)]
    for number, roles in enumerate(DOERS[seat.part, seat.kind]):
        if any(one.role in roles for one in held):
            return number
    return None


def _holds(held: Held, seat: Seat) -> bool:
    during = held.from_s <= seat.start_s and (held.to_s is None or seat.end_s <= held.to_s)
    return during and covers(held.area_code, seat.area_code)


def nearness(seat: Seat, person: Candidate) -> int:
    """Return how close the post of somebody lies to a seat: the parts of its area code, more is closer."""
    return max((len(one.area_code) for one in person.held if _holds(one, seat)), default=0)


def may_drive(seat: Seat, person: Candidate) -> bool:
    """Return whether the licence on record suffices; one that nobody noted is asked for, not refused."""
    return not seat.licence or not person.licence or person.licence in LICENCE_ALSO[seat.licence]


def why_not(seat: Seat, person: Candidate) -> str:
    """Return why somebody cannot sit in a seat at all: ``jabatan``, ``pergi``, ``sim``; or empty."""
    if choice(seat, person) is None:
        return "jabatan"
    if seat.day in person.away:
        return "pergi"
    return "" if may_drive(seat, person) else "sim"


def conflict(one: Seat, other: Seat, terms: Terms, travel: Travel) -> str:
    """Return why nobody can hold two seats together; empty where somebody can.

    Args:
        one: A seat.
        other: Another one.
        terms: Rest and hours.
        travel: The way between two places.

    Returns:
        ``serah-terima``: they stand on both sides of one hand-over, or twice on one; ``sekaligus``: at the
        same time; ``jalan``: not enough time for the way; ``istirahat``: not enough rest between two dates;
        ``jam``: too long a day.
    """
    first, second = (one, other) if (one.start_s, one.end_s) <= (other.start_s, other.end_s) else (other, one)
    if one.trip == other.trip and (one.halt == other.halt or not one.halt or not other.halt):
        return "serah-terima"
    if second.start_s < first.end_s:
        return "sekaligus"
    free_s = second.start_s - first.end_s
    if first.day != second.day:
        return "istirahat" if free_s < terms.rest_s_min else ""
    way_s = 0 if first.place == second.place else travel(first.place, second.place)
    if way_s is None or free_s < way_s:
        return "jalan"
    return "jam" if max(first.end_s, second.end_s) - first.start_s > terms.day_s_max else ""
