"""Where the rows of a list say they are: points that cannot be right, and what they probably mean.

A point is never mended in silence and never holds up a list for good: what is doubtful is asked about, and
the answer "tanpa titik" keeps the row and leaves the point out.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from tepat.common.outlines import Point, metres_outside
from tepat.common.quantities import kilometres
from tepat.planning.imports.desa_register import DesaRegister
from tepat.planning.imports.entries import ImportOptions
from tepat.planning.imports.entry import Entry
from tepat.planning.imports.findings import ASKS, KEEP, NO_POINT, Finding, finding

AREA_MARGIN_DEGREES = 0.3
"""About 33 km: the register knows one point of each desa, not the outline of the whole area."""

LABELS = {"lat": "lintang", "lon": "bujur"}

type Pair = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A span of latitudes and longitudes, in degrees."""

    south: float
    north: float
    west: float
    east: float

    def holds(self, point: Pair) -> bool:
        """Return whether a point lies in it."""
        return self.south <= point[0] <= self.north and self.west <= point[1] <= self.east


INDONESIA = Box(-11.2, 6.3, 94.8, 141.2)
ALIKE: tuple[tuple[str, Callable[[Pair], Pair]], ...] = (
    ("lintang dan bujurnya tampak tertukar", lambda point: (point[1], point[0])),
    ("tanda minus pada lintangnya tampak hilang", lambda point: (-point[0], point[1])),
    (
        "lintang dan bujurnya tampak tertukar dan tanda minusnya hilang",
        lambda point: (-point[1], point[0]),
    ),
)


def box_of(register: DesaRegister) -> Box | None:
    """Return the surroundings of an office's desa, None where no desa has a known point."""
    known = [(p.lat, p.lon) for p in register.desa.values() if p.lat is not None and p.lon is not None]
    if not known:
        return None
    lats, lons = [lat for lat, _ in known], [lon for _, lon in known]
    margin = AREA_MARGIN_DEGREES
    return Box(min(lats) - margin, max(lats) + margin, min(lons) - margin, max(lons) + margin)


def check_points(
    entries: Sequence[Entry], register: DesaRegister, options: ImportOptions
) -> Iterator[Finding]:
    """Yield what is wrong with the points of rows; leave out of the rows what is no point.

    Args:
        entries: All rows, sheet by sheet; rows without a point are passed over.
        register: The valid desa.
        options: With the answers.
    """
    box = box_of(register)
    for _, rows in groupby(entries, key=lambda entry: entry.sheet):
        listed = [entry for entry in rows if LABELS.keys() & entry.cells.keys()]
        if listed:
            yield from _Sheet(register, box, options).check(listed)


class _Sheet:
    """The points of one sheet, with the answers given to its cells."""

    def __init__(self, register: DesaRegister, box: Box | None, options: ImportOptions) -> None:
        self.register, self.box, self.answers = register, box, options.answers

    def check(self, rows: Sequence[Entry]) -> Iterator[Finding]:
        yield from self._zeros(rows)
        yield from self._halves(rows)
        whole = [entry for entry in rows if _point(entry)]
        for what, mend in ALIKE:
            group = [entry for entry in whole if self._means(entry, mend)]
            if group:
                yield self._ask_mistake(group, what, mend)
                if self._answer(group[0], "lon") not in {KEEP, NO_POINT}:
                    whole = [entry for entry in whole if entry not in group]
        yield from self._outside([entry for entry in whole if _point(entry)])
        for entry in rows:
            if NO_POINT in {self._answer(entry, name) for name in LABELS}:
                _leave_out(entry)

    def _answer(self, entry: Entry, name: str) -> str | None:
        return self.answers.get(f"{entry.sheet}!{entry.cells.get(name, '')}")

    def _zeros(self, rows: Sequence[Entry]) -> Iterator[Finding]:
        """Take 0,0 for what it is: a form nobody filled in."""
        zeros = []
        for entry in rows:
            numbers = [entry.values[name] for name in LABELS if name in entry.values]
            if numbers and not any(numbers) and not LABELS.keys() & entry.open.keys():
                zeros.append(entry)
                _leave_out(entry)
        if zeros:
            name = next(name for name in LABELS if name in zeros[0].cells)
            yield _of_group("zero_point", zeros, name)

    def _halves(self, rows: Sequence[Entry]) -> Iterator[Finding]:
        for name, other in (("lat", "lon"), ("lon", "lat")):
            half = [e for e in rows if name in e.values and other not in e.values.keys() | e.open.keys()]
            alone = [entry for entry in half if other not in entry.cells]
            if alone:  # the list has no such column at all: one question for the whole sheet
                facts = {"label": LABELS[other], "proposed": NO_POINT}
                if self._answer(alone[0], name) == NO_POINT:
                    for entry in alone:
                        _leave_out(entry)
                yield _of_group("missing_value", alone, name, proposal=NO_POINT, severity=ASKS, **facts)
            for entry in half:
                if other in entry.cells and self._answer(entry, name) != NO_POINT:
                    yield finding(
                        "missing_value",
                        entry.sheet,
                        entry.cells[other],
                        field=other,
                        proposal=NO_POINT,
                        severity=ASKS,
                        label=LABELS[other],
                        proposed=NO_POINT,
                    )

    def _means(self, entry: Entry, mend: Callable[[Pair], Pair]) -> bool:
        """Return whether a point is far away as written and at home when mended."""
        point = _point(entry)
        return bool(point and self.box and not self.box.holds(point) and self.box.holds(mend(point)))

    def _ask_mistake(self, group: Sequence[Entry], what: str, mend: Callable[[Pair], Pair]) -> Finding:
        """Ask once for all rows with the same mistake; the answer stands at the first row's longitude."""
        point = _point(group[0])
        assert point, group[0]
        found = _of_group(
            "point_mistake",
            group,
            "lon",
            proposal=KEEP,
            value=_shown(point),
            what=what,
            mended=_shown(mend(point)),
        )
        answer = self._answer(group[0], "lon")
        for entry in group:
            own = _point(entry)
            if answer == KEEP and own:
                entry.values["lat"], entry.values["lon"] = mend(own)
            elif answer == NO_POINT:
                _leave_out(entry)
        return found

    def _outside(self, rows: Sequence[Entry]) -> Iterator[Finding]:
        at_home: list[tuple[Entry, Point]] = []
        for entry in rows:
            point = _point(entry)
            assert point, entry
            home = "Indonesia" if not INDONESIA.holds(point) else "kabupaten/kota ini"
            if not INDONESIA.holds(point) or (self.box and not self.box.holds(point)):
                yield finding(
                    "outside_area",
                    entry.sheet,
                    entry.cells["lat"],
                    field="lat",
                    proposal=NO_POINT,
                    value=_shown(point),
                    area=home,
                )
            elif code := entry.values.get("desa_code"):
                at_home.append((entry, Point(code, *point)))
        outside = metres_outside(there for _, there in at_home)
        for entry, there in at_home:
            if there in outside:
                yield finding(
                    "outside_desa",
                    entry.sheet,
                    entry.cells["lat"],
                    field="lat",
                    proposal=NO_POINT,
                    value=_shown((there.lat, there.lon)),
                    desa=self.register.name(there.code),
                    distance=kilometres(outside[there]),
                )


def _of_group(kind: str, rows: Sequence[Entry], name: str, **facts: Any) -> Finding:
    """Return one finding for rows of one sheet, at the first of them."""
    cells = [entry.cells[name] for entry in rows]
    return finding(kind, rows[0].sheet, cells[0], field=name, also=tuple(cells[1:]), count=len(rows), **facts)


def _point(entry: Entry) -> Pair | None:
    lat, lon = entry.values.get("lat"), entry.values.get("lon")
    return (lat, lon) if lat is not None and lon is not None else None


def _leave_out(entry: Entry) -> None:
    for name in LABELS:
        entry.values.pop(name, None)


def _shown(point: Pair) -> str:
    return "; ".join(f"{degrees:.6f}".rstrip("0").rstrip(".").replace(".", ",") for degrees in point)
