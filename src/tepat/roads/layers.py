"""The office's knowledge over any provider of times: slow, hard and closed places, and its own figures.

The order is fixed: base with closed and slow roads → slow places → ways into hard areas → the office's own
figures → closed places. So the office's figure beats every estimate, and a closed place beats every figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tepat.common.quantities import kilometres
from tepat.roads.matrix import (
    NO_ROAD,
    ORIGINS,
    ErrorBand,
    Finding,
    Matrix,
    Table,
    VehicleClass,
    Weather,
)
from tepat.roads.model import SPEEDS, straight_m
from tepat.roads.notes import NO_NOTES, Note, RoadNotes, covers, named_places
from tepat.roads.office import OfficePair
from tepat.roads.places import Place
from tepat.roads.travel import RoadProvider
from tepat.roads.ways import Access, accesses, gates, portals

STRAIGHT_SHARE_MIN = 0.95
"""No road is shorter than this share of the straight line between its ends; points may be a little off."""


@dataclass
class _Draft:
    """Tables in the making."""

    places: tuple[Place, ...]
    duration_s: Table
    distance_m: Table
    origin: NDArray[np.uint8]
    findings: list[Finding]

    def lose(self, mask: NDArray[np.bool_]) -> None:
        """Take the road from these pairs."""
        mask = mask & ~np.eye(len(self.places), dtype=bool)
        self.duration_s[mask] = NO_ROAD
        self.distance_m[mask] = NO_ROAD
        self.origin[mask] = ORIGINS.index("tutup")


@dataclass(frozen=True)
class Layered:
    """A provider with the office's knowledge over it.

    Args:
        base: Where the figures come from: the model, or a road map.
        notes: What is closed, slow, or reached by certain ways only.
        on_date: The day of the drive; expired notes don't count.
        office: The office's own figures.
    """

    base: RoadProvider
    on_date: date
    notes: RoadNotes = NO_NOTES
    office: tuple[OfficePair, ...] = ()

    def matrix(
        self,
        places: Sequence[Place],
        vehicle_class: VehicleClass,
        weather: Weather,
        *,
        barriers: Sequence[Note] = (),
    ) -> Matrix:
        """Return the base's matrix with all that holds on the day in it."""
        holding = tuple(n for n in self.notes.note if n.holds(self.on_date, vehicle_class, weather))
        found = accesses(self.notes.hard_area, vehicle_class, weather, self.on_date)
        found = tuple(a for a in found if any(covers(a.area.areas, place.area) for place in places))
        base = self.base.matrix(
            (*places, *gates(found)), vehicle_class, weather, barriers=(*barriers, *holding)
        )
        draft = _draft(base, tuple(places))
        _slow_places(draft, holding)
        _open_ways(draft, base, found)
        _office_figures(draft, self.office, vehicle_class, weather)
        _closed_places(draft, holding)
        expired = sum(n.valid_to is not None and n.valid_to < self.on_date for n in self.notes.note)
        if expired:
            draft.findings.append(
                Finding("ROADS-NOTES-EXPIRED", {"count": expired, "date": f"{self.on_date:%d-%m-%Y}"})
            )
        draft.findings += _without_area(places, self.notes)
        return _finished(draft, base)


def _without_area(places: Sequence[Place], notes: RoadNotes) -> list[Finding]:
    """Name places that notes by area can't find, so that a missing column is not a missing note."""
    by_area = any(note.areas for note in notes.note) or bool(notes.hard_area)
    count = sum(not place.area for place in places)
    return [Finding("ROADS-PLACES-WITHOUT-AREA", {"count": count})] if by_area and count else []


def _draft(base: Matrix, places: tuple[Place, ...]) -> _Draft:
    count = len(places)
    return _Draft(
        places=places,
        duration_s=base.duration_s[:count, :count].copy(),
        distance_m=base.distance_m[:count, :count].copy(),
        origin=base.origin[:count, :count].copy(),
        findings=list(base.findings),
    )


def _slow_places(draft: _Draft, notes: Sequence[Note]) -> None:
    """Drive the last stretch before a slow place at its speed."""
    slow = [note for note in notes if note.kind == "lambat" and (note.places or note.areas)]
    if not slow:
        return
    straight = straight_m(draft.places)
    slowness = np.ones(straight.shape)
    for note in slow:
        assert note.speed_percent is not None, note.id
        named = named_places(note, draft.places).astype(np.float64)
        reach = note.reach_m * (named[:, None] + named[None, :])
        share = np.minimum(1, np.divide(reach, straight, out=np.sign(reach), where=straight > 0))
        slowness = np.maximum(slowness, 1 + share * (100 / note.speed_percent - 1))
    road = draft.duration_s != NO_ROAD
    draft.duration_s[road] = np.rint(draft.duration_s * slowness).astype(np.int32)[road]


def _open_ways(draft: _Draft, base: Matrix, found: Sequence[Access]) -> None:
    """Lead all traffic between a hard area and the rest over its gate and the way that is open."""
    if not found:
        return
    ends = portals(draft.places, found)
    across = ends.group[:, None] != ends.group[None, :]
    over = np.ix_(ends.portal, ends.portal)
    shut = (ends.duration_s[:, None] == NO_ROAD) | (ends.duration_s[None, :] == NO_ROAD)
    shut |= base.duration_s[over] == NO_ROAD
    duration_s = ends.duration_s[:, None] + base.duration_s[over] + ends.duration_s[None, :]
    distance_m = ends.distance_m[:, None] + base.distance_m[over] + ends.distance_m[None, :]
    draft.duration_s[across] = duration_s[across]
    draft.distance_m[across] = distance_m[across]
    plans = np.array(
        [ORIGINS.index("model"), *(ORIGINS.index(access.plan) for access in found)], dtype=np.uint8
    )
    plan = plans[ends.group + 1]
    draft.origin[across] = np.maximum(plan[:, None], plan[None, :])[across]
    draft.lose(across & shut)
    draft.findings += [access.finding for access in found]


def _office_figures(
    draft: _Draft, office: Sequence[OfficePair], vehicle_class: VehicleClass, weather: Weather
) -> None:
    """Put the office's own figures in, the general ones first, so that the particular ones win."""
    row_of = {place.id: row for row, place in enumerate(draft.places)}
    straight = straight_m(draft.places) if office else None
    for pair in sorted(office, key=lambda known: known.precision):
        if not pair.fits(vehicle_class, weather) or not {pair.origin, pair.destination} <= row_of.keys():
            continue
        at = row_of[pair.origin], row_of[pair.destination]
        draft.duration_s[at], draft.distance_m[at] = (
            office_seconds(pair, vehicle_class, weather),
            pair.distance_m,
        )
        draft.origin[at] = ORIGINS.index("tutup" if pair.duration_s == NO_ROAD else "kantor")
        assert straight is not None
        if NO_ROAD < pair.distance_m < straight[at] * STRAIGHT_SHARE_MIN:
            facts = {"origin": pair.origin, "destination": pair.destination, "line": pair.line}
            lengths = {"found": kilometres(pair.distance_m), "straight": kilometres(round(straight[at]))}
            draft.findings.append(Finding("ROADS-SHORTER-THAN-STRAIGHT", facts | lengths))


def office_seconds(pair: OfficePair, vehicle_class: VehicleClass, weather: Weather) -> int:
    """Return the office's figure in seconds; without a weather it is for the dry, and the wet slows it."""
    if pair.duration_s != NO_ROAD and weather == "hujan" and pair.weather is None:
        return -(-pair.duration_s * 100 // SPEEDS[vehicle_class].wet_percent)
    return pair.duration_s


def _closed_places(draft: _Draft, notes: Sequence[Note]) -> None:
    for note in notes:
        if note.kind != "tutup" or not (note.places or note.areas):
            continue
        named = named_places(note, draft.places)
        if named.any():
            draft.lose(named[:, None] | named[None, :])
            facts = {"note": note.id, "count": int(named.sum()), "text": note.text or note.source}
            draft.findings.append(Finding("ROADS-PLACE-CLOSED", facts))


def _finished(draft: _Draft, base: Matrix) -> Matrix:
    apart = ~np.eye(len(draft.places), dtype=bool)
    known = draft.origin[apart & (draft.duration_s != NO_ROAD)]
    all_office = known.size > 0 and bool((known == ORIGINS.index("kantor")).all())
    return Matrix(
        places=tuple(place.id for place in draft.places),
        duration_s=draft.duration_s,
        distance_m=draft.distance_m,
        vehicle_class=base.vehicle_class,
        weather=base.weather,
        source="kantor" if all_office else base.source,
        error_band=ErrorBand(0, 0) if all_office else base.error_band,
        origin=draft.origin,
        findings=tuple(draft.findings),
    )
