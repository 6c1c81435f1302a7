"""What may be asked about: a part of a plan by what an office calls it."""

import re
from datetime import date
from typing import Literal

from msgspec import Struct

from tepat.common.errors import Refused
from tepat.distribution.case import Case
from tepat.distribution.plans import Plan

SubjectKind = Literal["rencana", "perjalanan", "kendaraan", "set", "tempat", "gudang", "tanggal", "jalur"]

PATH_OF = "jalur:"
"""What stands before the id of a PPK when its kecamatan's path is asked about."""

INDONESIAN_DATE = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")


class Subject(Struct, frozen=True):
    """A part of a plan.

    Args:
        kind: What it is.
        id: Its id; of a date ``2024-02-10``, of a kecamatan's path the id of its PPK, of the whole plan its
            strategy.
    """

    kind: SubjectKind
    id: str


def subject_of(case: Case, plan: Plan, asked: str | None) -> Subject:
    """Return what is asked about.

    Args:
        case: The plan's problem and strategy.
        plan: The plan.
        asked: The id of a trip, vehicle, set or place, a date (``2024-02-10`` or ``10-02-2024``), or
            ``jalur:`` and the id of a PPK; None for the whole plan.

    Raises:
        Refused: SOLVE-NOT-IN-PLAN.
    """
    if asked is None:
        return Subject("rencana", plan.strategy)
    found = _by_id(case, plan, asked) or _by_words(case, asked)
    if found is None:
        raise Refused("SOLVE-NOT-IN-PLAN", subject=asked)
    return found


def _by_id(case: Case, plan: Plan, asked: str) -> Subject | None:
    if any(trip.id == asked for trip in plan.trips):
        return Subject("perjalanan", asked)
    if asked in case.vehicle:
        return Subject("kendaraan", asked)
    if asked in case.unit:
        return Subject("set", asked)
    if asked in case.place:
        return Subject("gudang" if case.place[asked].kind == "gudang" else "tempat", asked)
    return None


def _by_words(case: Case, asked: str) -> Subject | None:
    ppk = asked.removeprefix(PATH_OF)
    if ppk != asked and ppk in case.place and case.place[ppk].kind == "ppk":
        return Subject("jalur", ppk)
    day = _date(asked)
    return Subject("tanggal", day.isoformat()) if day is not None and day in case.weather else None


def _date(text: str) -> date | None:
    found = INDONESIAN_DATE.fullmatch(text)
    try:
        if found is not None:
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text)
    except ValueError:
        return None
