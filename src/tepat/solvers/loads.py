"""What rounds take: room in a vehicle, seconds and rupiah, for the search's own first answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tepat.distribution.routing import ORIGIN, Cargo, FleetGroup, Part

SECONDS, METRES = 0, 1
NO_ROAD_FACTOR = 2
"""A leg without a road counts as this many times the longest shift: no route with one is in time."""


@dataclass(frozen=True)
class Piece:
    """A part of a lot that travels together."""

    lot: int
    cargo: tuple[Cargo, ...]

    @property
    def boxes(self) -> int:
        """Its boxes."""
        return sum(each.boxes for each in self.cargo)

    @property
    def volume_ml(self) -> int:
        """Its volume in millilitres."""
        return sum(each.volume_ml for each in self.cargo)

    @property
    def weight_g(self) -> int:
        """Its weight in grams."""
        return sum(each.weight_g for each in self.cargo)


Round = tuple[Piece, ...]


class Room:
    """The room left in a vehicle while a round is being filled."""

    def __init__(self, group: FleetGroup) -> None:
        self.boxes = group.boxes_max
        self.volume_ml = group.volume_ml_max
        self.weight_g = group.weight_g_max

    def holds(self, cargo: Cargo) -> bool:
        """Tell whether one more unit fits."""
        return (
            cargo.boxes <= self.boxes
            and cargo.volume_ml <= self.volume_ml
            and cargo.weight_g <= self.weight_g
        )

    def take(self, cargo: Cargo) -> None:
        """Load one unit."""
        self.boxes -= cargo.boxes
        self.volume_ml -= cargo.volume_ml
        self.weight_g -= cargo.weight_g

    def prefix(self, cargo: Iterable[Cargo]) -> tuple[Cargo, ...]:
        """Load as many units from the front as fit, and return them."""
        taken = []
        for each in cargo:
            if not self.holds(each):
                break
            self.take(each)
            taken.append(each)
        return tuple(taken)


class Travel:
    """Seconds and metres of each matrix of a part, as plain lists for quick look-up."""

    def __init__(self, part: Part) -> None:
        longest_s = max((group.closes_s for group in part.groups), default=0)
        self.part = part
        self.no_road_s = NO_ROAD_FACTOR * max(1, longest_s)
        tables = [part.table(matrix) for matrix in range(len(part.matrices))]
        self.seconds_array = [
            np.where(table[SECONDS] < 0, self.no_road_s, table[SECONDS]) for table in tables
        ]
        self.metres_array = [
            np.where(table[METRES] < 0, 10 * self.no_road_s, table[METRES]) for table in tables
        ]
        self.seconds: list[list[list[int]]] = [array.tolist() for array in self.seconds_array]
        self.metres: list[list[list[int]]] = [array.tolist() for array in self.metres_array]

    def duration_s(self, pieces: Sequence[Piece], group: FleetGroup) -> int:
        """Return the working seconds of a round, loading included."""
        drive, lots = self.seconds[group.matrix], self.part.lots
        total = group.load_fixed_s
        per_box_s = group.load_s_per_box + group.unload_s_per_box
        row = ORIGIN
        for piece in pieces:
            lot = lots[piece.lot]
            if lot.place != row:
                total += drive[row][lot.place] + lot.stop_s
            total += piece.boxes * per_box_s
            row = lot.place
        return total + drive[row][ORIGIN]

    def distance_m(self, pieces: Sequence[Piece], group: FleetGroup) -> int:
        """Return the metres of a round."""
        metres, lots = self.metres[group.matrix], self.part.lots
        rows = [ORIGIN, *(lots[piece.lot].place for piece in pieces), ORIGIN]
        return sum(metres[start][end] for start, end in pairwise(rows))

    def night_rupiah(self, piece: Piece) -> float:
        """Return a piece's share of its lot's price of a night."""
        return (
            self.part.lots[piece.lot].night_rupiah * len(piece.cargo) / len(self.part.lots[piece.lot].cargo)
        )

    def round_rupiah(self, pieces: Sequence[Piece], group: FleetGroup) -> float:
        """Return what a round costs with its share of the vehicle-day."""
        shift_s = max(1, group.closes_s - group.opens_s)
        share = group.day_rupiah * self.duration_s(pieces, group) / shift_s
        boxes = sum(piece.boxes for piece in pieces)
        share += group.nights * sum(map(self.night_rupiah, pieces))
        share += group.round_rupiah
        return share + group.km_rupiah * self.distance_m(pieces, group) / 1000 + group.box_rupiah * boxes
