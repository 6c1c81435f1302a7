"""The rupiah of each strategy as one bar of its legs, drawn on the server as SVG. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from tepat.common.quantities import rupiah
from tepat.distribution.comparison import LEGS, Column

BAR_X = 250
BAR_WIDTH = 430
ROW_HEIGHT = 34
WIDTH = 820
COLORS = ("#5b6770", "#12464a", "#8c5a12", "#6b4fa0", "#2a7873")


@dataclass(frozen=True)
class Piece:
    """One leg of one strategy."""

    x: int
    width: int
    color: str
    title: str


@dataclass(frozen=True)
class Bar:
    """One strategy."""

    title: str
    y: int
    text_y: int
    pieces: tuple[Piece, ...]
    end_x: int
    total: str


@dataclass(frozen=True)
class Bars:
    """The whole drawing and its legend."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    legend: tuple[tuple[str, str], ...]


def cost_bars(columns: Sequence[Column]) -> Bars:
    """Return the drawing; every bar on the same scale.

    Args:
        columns: The comparison's columns.
    """
    most = max((column.cost_rupiah for column in columns), default=1) or 1
    bars = tuple(_bar(column, number, most) for number, column in enumerate(columns))
    legend = tuple(zip(COLORS, LEGS.values(), strict=True))
    return Bars(WIDTH, len(bars) * ROW_HEIGHT + 6, bars, legend)


def _bar(column: Column, number: int, most: int) -> Bar:
    pieces, before = [], 0
    for color, (leg, title) in zip(COLORS, LEGS.items(), strict=True):
        amount = column.legs.get(leg, 0)
        start = BAR_X + before * BAR_WIDTH // most
        before += amount
        end = BAR_X + before * BAR_WIDTH // most
        if end > start:
            pieces.append(Piece(start, end - start, color, f"{column.title}, {title}: {rupiah(amount)}"))
    y = number * ROW_HEIGHT + 4
    end_x = BAR_X + before * BAR_WIDTH // most + 8
    return Bar(column.title, y, y + 18, tuple(pieces), end_x, rupiah(column.cost_rupiah))
