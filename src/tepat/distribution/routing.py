"""The solver port: one echelon of a plan, cut free of dates, people and papers.

A part is one origin, the lots that leave it and the groups of equal vehicle-days that may carry them. Time
is working
time: seconds since the start of a vehicle's shift in which it may work, breaks taken out. An engine may
    split a lot between routes, never a unit.
"""

from collections.abc import Callable, Sequence
from typing import Literal, Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Table = NDArray[np.int32]

ORIGIN = 0
"""The row of a part's matrices that is its origin."""

PARTS_MAX = 2_000
"""Parts in one call of an engine."""

Outcome = Literal["found", "partial", "stopped"]


class Cargo(Struct, frozen=True):
    """One unit as an engine sees it: what it takes in boxes, millilitres and grams."""

    unit: str
    boxes: int
    volume_ml: int
    weight_g: int


class Lot(Struct, frozen=True, kw_only=True):
    """All cargo of a part for one place.

    Args:
        place: Row of the place in the part's matrices.
        cargo: The units, in the order in which they are best kept together.
        stop_s: Seconds once per stop, whatever is unloaded.
        groups: The fleet groups (by position) that may bring it.
        opens_s: First second of working time at which unloading may begin.
        closes_s: Last second at which it may end.
        night_rupiah: Price of one night of the whole lot under guard at its place.
        guard_rupiah: What of it is paid from the first delivery on, however much of the lot is still to come.
    """

    place: int
    cargo: tuple[Cargo, ...]
    stop_s: int
    groups: tuple[int, ...]
    opens_s: int
    closes_s: int
    night_rupiah: int = 0
    guard_rupiah: int = 0


class FleetGroup(Struct, frozen=True, kw_only=True):
    """Vehicle-days that differ in nothing a route can notice.

    Args:
        name: For people who read a progress line.
        count: How many vehicle-days there are.
        boxes_max: Upright boxes on one trip.
        volume_ml_max: Millilitres on one trip.
        weight_g_max: Grams on one trip.
        load_fixed_s: Seconds of loading once per trip.
        load_s_per_box: Seconds of loading for each box.
        unload_s_per_box: Seconds of unloading for each box.
        opens_s: Working second at which the first trip may be loaded.
        closes_s: Working second at which the last trip must be back.
        day_rupiah: Price of one vehicle-day.
        km_rupiah: Price of one kilometre.
        box_rupiah: Price of one box delivered.
        matrix: Which of the part's matrices it drives by.
        round_rupiah: Price of one round, such as its escort's.
        nights: Nights that goods brought by it lie under guard.
    """

    name: str
    count: int
    boxes_max: int
    volume_ml_max: int
    weight_g_max: int
    load_fixed_s: int
    load_s_per_box: int
    unload_s_per_box: int
    opens_s: int
    closes_s: int
    day_rupiah: int
    km_rupiah: int
    box_rupiah: int
    matrix: int
    round_rupiah: int = 0
    nights: int = 0


class Halt(Struct, frozen=True):
    """A stop at a lot's place and the units left there."""

    lot: int
    units: tuple[str, ...]


class Route(Struct, frozen=True):
    """What one vehicle-day of a group does: its rounds, each from the origin and back."""

    group: int
    rounds: tuple[tuple[Halt, ...], ...]


class Part(Struct, frozen=True, kw_only=True):
    """What an engine routes in one go.

    Args:
        name: Shown in progress lines.
        rows: Rows of each matrix; row 0 is the origin.
        matrices: Each int32 little-endian, shape (2, rows, rows): seconds and metres, -1 = no road.
        lots: What leaves the origin.
        groups: What may carry it.
        start: Routes that a search may begin from, of a like part that was answered before; units that are
            on none of them begin as left behind. Empty: the search finds its own beginning.
    """

    name: str
    rows: int
    matrices: tuple[bytes, ...]
    lots: tuple[Lot, ...]
    groups: tuple[FleetGroup, ...]
    start: tuple[Route, ...] = ()

    def table(self, matrix: int) -> Table:
        """Return one matrix as an array of shape (2, rows, rows)."""
        return np.frombuffer(self.matrices[matrix], dtype="<i4").reshape(2, self.rows, self.rows)


class Answer(Struct, frozen=True, kw_only=True):
    """An engine's answer for one part.

    Args:
        routes: Never more of a group than it has vehicle-days.
        left: Units that no route carries.
        outcome: ``found`` (all carried), ``partial``, or ``stopped`` (the search hung, ran out of memory or
            crashed; `routes` then holds the best it had told of).
        message: Why it was stopped, in words; empty otherwise.
    """

    routes: tuple[Route, ...]
    left: tuple[str, ...]
    outcome: Outcome
    message: str = ""


class Budget(Struct, frozen=True):
    """How long to search: iterations for each part (the same answer each time), or seconds in all."""

    iterations: int | None = None
    seconds: float | None = None


class Progress(Struct, frozen=True, kw_only=True):
    """How far a search is.

    Args:
        part: The part being searched.
        parts_done: Searches finished.
        parts: Searches in all.
        share: How much of this search's budget is used, 0 to 1.
        best_rupiah: The engine's own figure for the part; None before a whole answer.
        trouble: What broke down, in words; empty as long as all is well.
    """

    part: str
    parts_done: int
    parts: int
    share: float
    best_rupiah: int | None = None
    trouble: str = ""


Listener = Callable[[Progress], None]


class SearchStopped(Exception):  # noqa: N818 - not an error: the caller asked for it
    """A search that its caller ended; there is no answer, and nobody waits for one."""


class RoutingEngine(Protocol):
    """Whoever can route parts. Parts are independent; the answers come in their order."""

    @property
    def name(self) -> str:
        """What the plan names as its maker."""
        ...

    @property
    def version(self) -> str:
        """The maker's version; with seed and iterations it fixes the answer."""
        ...

    def route(
        self, parts: Sequence[Part], *, seed: int, budget: Budget, progress: Listener | None = None
    ) -> tuple[Answer, ...]:
        """Return one answer per part; a search that breaks down is an answer too, never an exception.

        Raises:
            SearchStopped: The caller ended the search, by whatever means this engine gives for it.
        """
        ...
