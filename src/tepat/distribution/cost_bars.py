"""The rupiah of each strategy as one bar of its legs, for a drawing that is as wide as the page. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from tepat.common.quantities import rupiah
from tepat.distribution.comparison import LEGS, Column

WIDTH = 1000
COLORS = ("#5b6770", "#12464a", "#8c5a12", "#6b4fa0", "#2a7873")


@dataclass(frozen=True)
class Piece:
    """One leg of one strategy, in thousandths of the longest bar."""

    x: int
    width: int
    color: str
    title: str


@dataclass(frozen=True)
class Bar:
    """One strategy."""

    title: str
    total: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Bars:
    """All bars on one scale, and what their colours mean."""

    bars: tuple[Bar, ...]
    legend: tuple[tuple[str, str], ...]


def cost_bars(columns: Sequence[Column]) -> Bars:
    """Return the bars of a comparison.

    Args:
        columns: Its columns.
    """
    most = max((column.cost_rupiah for column in columns), default=1) or 1
    legend = tuple(zip(COLORS, LEGS.values(), strict=True))
    return Bars(tuple(_bar(column, most) for column in columns), legend)


def _bar(column: Column, most: int) -> Bar:
    pieces, before = [], 0
    for color, (leg, title) in zip(COLORS, LEGS.items(), strict=True):
        amount = column.legs.get(leg, 0)
        start, before = before * WIDTH // most, before + amount
        end = before * WIDTH // most
        if end > start:
            pieces.append(Piece(start, end - start, color, f"{title}: {rupiah(amount)}"))
    return Bar(column.title, rupiah(column.cost_rupiah), tuple(pieces))
