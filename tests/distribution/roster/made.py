"""Made-up rosters ("contoh"): seats and people for tests, and random ones for properties."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from tepat.common.permissions import Role
from tepat.distribution.roster.shapes import Candidate, Held, Seat, Terms

DAY = date(2024, 2, 10)
HOUR = 3600
TERMS = Terms(rest_s_min=8 * HOUR, day_s_max=12 * HOUR)
OFFICE, PPK, PPS, OTHER_PPS = "33.16", "33.16.09", "33.16.09.1015", "33.16.09.1016"
PLACES = {OFFICE: "gudang", PPK: "ppk", PPS: "pps", OTHER_PPS: "pps"}


def at(hour: float, day: int = 0) -> int:
    """Return an hour of a day as seconds since 1970."""
    begin = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC) + timedelta(days=day)
    return int(begin.timestamp() + hour * HOUR)


def seat(name, part="penerima", place=PPS, hours=(8.0, 9.0), day=0, trip="T-001", halt=1, licence=""):
    return Seat(
        id=name,
        part=part,
        trip=trip,
        halt=halt,
        place=place,
        area_code=place,
        kind=PLACES[place],
        day=DAY + timedelta(days=day),
        start_s=at(hours[0], day),
        end_s=at(hours[1], day),
        turn=f"{place}:{day}" if halt else f"{trip}:{day}",
        licence=licence,
    )


def person(name, role=Role.PPS, area=PPS, away=(), licence="", until=None):
    return Candidate(name, (Held(role, area, 0, until),), licence, frozenset(away))


def straight(one: str, other: str) -> int | None:
    """Return half an hour between any two places; no road leads to the other PPS from the office."""
    return None if {one, other} == {OFFICE, OTHER_PPS} else HOUR // 2


ROLES = (
    (Role.GUDANG, OFFICE),
    (Role.OPERATOR, OFFICE),
    (Role.PPK, PPK),
    (Role.PPS, PPS),
    (Role.PPS, OTHER_PPS),
    (Role.PENGEMUDI, OFFICE),
    (Role.POLRI, OFFICE),
)
CREW = ("penanggung-jawab", "wakil", "pengemudi", "pengawal")


@st.composite
def trips(draw):
    """Draw trips of two days with their halts, as `seats_of` would make them."""
    made = []
    for number in range(draw(st.integers(1, 6))):
        trip, day = f"T-{number}", draw(st.integers(0, 1))
        begin, length = draw(st.integers(5, 18)), draw(st.integers(1, 8))
        origin = draw(st.sampled_from((OFFICE, PPK)))
        vehicle = draw(st.integers(0, 2))
        for part in draw(st.sets(st.sampled_from(CREW), min_size=2)):
            licence = draw(st.sampled_from(("", "A", "B1", "C"))) if part == "pengemudi" else ""
            made.append(
                Seat(
                    id=f"{trip}:{part}",
                    part=part,
                    trip=trip,
                    halt=0,
                    place=origin,
                    area_code=origin,
                    kind=PLACES[origin],
                    day=DAY + timedelta(days=day),
                    start_s=at(begin, day),
                    end_s=at(begin + length, day),
                    turn=f"{vehicle}:{day}",
                    licence=licence,
                )
            )
        for halt in range(1, draw(st.integers(0, 2)) + 1):
            place = draw(st.sampled_from((PPS, OTHER_PPS, PPK)))
            arrives = begin + length * halt / 4
            stay = (arrives, arrives + draw(st.sampled_from((0.0, 0.5, 1.0))))
            made += [
                seat(f"{trip}:{halt}:{part}", part, place, stay, day, trip, halt)
                for part in ("penerima", "wakil-penerima")
            ]
    return tuple(sorted(made, key=lambda one: one.id))


@st.composite
def staff(draw):
    """Draw up to fourteen people with a post or two."""
    made = []
    for number in range(draw(st.integers(0, 14))):
        posts = draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=2, unique=True))
        until = draw(st.sampled_from((None, None, at(0, 1), at(12))))
        held = tuple(Held(role, area, 0, until) for role, area in posts)
        away = draw(st.sampled_from((frozenset(), frozenset({DAY}))))
        licence = draw(st.sampled_from(("", "A", "B1", "B2", "C")))
        made.append(Candidate(f"orang-{number:02d}", held, licence, away, draw(st.booleans())))
    return tuple(made)
