"""The way back read from the tables: each set with its things, as custody has them at one moment."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import cast

from tepat.common.frame import lies_in
from tepat.common.models import Election, Office
from tepat.custody.facts import microseconds
from tepat.custody.rules import State
from tepat.custody.timeline_states import Instant, standings
from tepat.packing.codes import object_id
from tepat.packing.models import PackedObject
from tepat.returns.models import Recap
from tepat.returns.rules_returns import (
    BACK,
    Hours,
    SetBack,
    SetLevel,
    Thing,
    set_back,
    spot_of,
    too_early,
)

LIMIT_AT = time(6)
POLLING_AT = time(7)
RESULTS = "F-CHASIL"
ROWS_AT_ONCE = 4_000
KECAMATAN_PARTS = 3


type _Key = tuple[str, int, str, SetLevel]


@dataclass(frozen=True)
class SetRow:
    """The set of one TPS, PPS or PPK on its way back.

    Args:
        area_code: Its desa; of a PPK's set the kecamatan.
        number: Its TPS, or 0.
        unit: Its code.
        level: Whose set it is.
        things: Its boxes and bundles.
        found: How it stands.
    """

    area_code: str
    number: int
    unit: str
    level: SetLevel
    things: tuple[Thing, ...]
    found: SetBack

    @property
    def kecamatan(self) -> str:
        """The kecamatan of its PPK."""
        return kecamatan_of(self.area_code)

    @property
    def word(self) -> str:
        """Which set of its area, as people say it."""
        return f"{self.number:03d}" if self.level == "tps" else self.level.upper()


def kecamatan_of(area_code: str) -> str:
    """Return the kecamatan of a desa, or of itself."""
    return ".".join(area_code.split(".")[:KECAMATAN_PARTS])


def hours_of(election: Election, office: Office, at: datetime) -> Hours:
    """Return the moments against which the way back is held."""
    polling = datetime.combine(election.polling_date, POLLING_AT, office.zone)
    limit = datetime.combine(election.polling_date + timedelta(days=1), LIMIT_AT, office.zone)
    return Hours(microseconds(at), microseconds(polling), microseconds(limit))


def sets_on_the_way(
    election: Election, areas: Collection[str], instant: Instant, hours: Hours
) -> list[SetRow]:
    """Return every set of some areas on its way back: those of TPS, PPS and PPK.

    Args:
        election: The election.
        areas: Area codes; an empty one is the nation.
        instant: The moment; live or past.
        hours: The moments against which it is held.
    """
    states = standings(election.code, areas, instant, arrivals=False).states
    rows = PackedObject.objects.filter(lies_in("set__area_code", areas), election=election)
    columns = rows.order_by("set__area_code", "code").values_list(
        "set__area_code", "set__tps_number", "set__unit", "set__level", "code", "is_box", "contents"
    )
    found: dict[_Key, list[tuple[str, bool, bool]]] = defaultdict(list)
    for area, number, unit, level, code, is_box, contents in columns.iterator(ROWS_AT_ONCE):
        carries = any(item == RESULTS for item, *_ in contents)
        key = (area, number or 0, unit, cast("SetLevel", level))
        found[key].append((object_id(election.code, code), is_box, carries))
    return [_row(key, things, states, hours) for key, things in found.items()]


def _row(
    key: _Key, things: list[tuple[str, bool, bool]], states: Mapping[str, State], hours: Hours
) -> SetRow:
    area, number, unit, level = key
    known = any(carries for _, _, carries in things)
    # Where no box is known to carry results, each box may.
    made = tuple(
        _thing(name, states.get(name, State()), critical=carries if known else is_box)
        for name, is_box, carries in things
    )
    found = set_back(made, ppk=f"ppk:{kecamatan_of(area)}", hours=hours, level=level)
    return SetRow(area, number, unit, level, made, found)


def _thing(name: str, state: State, *, critical: bool) -> Thing:
    return Thing(
        name, critical, state.status, state.post, state.since_us, state.holder, one_sided=state.one_sided
    )


def not_back(rows: Collection[SetRow]) -> list[SetRow]:
    """Return the sets that are not at their PPK, results first."""
    away = [row for row in rows if not row.found.whole]
    return sorted(away, key=lambda row: (row.found.urgency, row.area_code, row.number))


def recaps_of(election: Election) -> dict[str, Recap]:
    """Return the recapitulations that ended, by kecamatan."""
    return {row.area_code: row for row in Recap.objects.filter(election=election)}


@dataclass(frozen=True)
class Load:
    """What lies at a PPK and may go on to the warehouse: one load of the planned trip.

    Args:
        area_code: The kecamatan.
        boxes: Boxes there.
        bundles: Bundles there.
        sets: Sets they belong to.
        gone: Things that are past the PPK already.
        early: Things that left before the recapitulation had ended.
        recap: The recapitulation, if it ended.
    """

    area_code: str
    boxes: int
    bundles: int
    sets: int
    gone: int
    early: int
    recap: Recap | None


def loads(rows: Collection[SetRow], recaps: Mapping[str, Recap], hours: Hours) -> list[Load]:
    """Return what lies at each PPK, by kecamatan."""
    by_kecamatan: dict[str, list[SetRow]] = defaultdict(list)
    for row in rows:
        by_kecamatan[row.kecamatan].append(row)
    return [_load(code, mine, recaps.get(code), hours) for code, mine in sorted(by_kecamatan.items())]


def _load(code: str, rows: list[SetRow], recap: Recap | None, hours: Hours) -> Load:
    ppk = f"ppk:{code}"
    spots = [
        (row.unit, thing, spot_of(thing, ppk=ppk, polling_us=hours.polling_us, level=row.level))
        for row in rows
        for thing in row.things
    ]
    here = [(unit, thing) for unit, thing, spot in spots if spot == BACK[0]]
    ended_us = microseconds(recap.ended_at) if recap else 0
    early = too_early(
        (thing for _, thing, _ in spots), ppk=ppk, polling_us=hours.polling_us, recap_ended_us=ended_us
    )
    return Load(
        area_code=code,
        boxes=sum(thing.object_id.startswith("kotak:") for _, thing in here),
        bundles=sum(not thing.object_id.startswith("kotak:") for _, thing in here),
        sets=len({unit for unit, _ in here}),
        gone=sum(spot == BACK[1] for _, _, spot in spots),
        early=len(early),
        recap=recap,
    )
