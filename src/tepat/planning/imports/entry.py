"""One row of a list on its way to a record."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tepat.planning.imports.sheets import address


@dataclass
class Entry:
    """One row of a list on its way to a record.

    Args:
        sheet: The sheet's name.
        row: From 0.
        values: What is understood, by field.
        cells: Addresses by field.
        open: Fields that a person must settle, with the readings of the cell.
        vault: Names and contacts.
        blank: Numbers of voters whose column the list has, but not this row.
        tentative: The desa that is probably meant, for comparing rows.
        text: A place as it was written, by field.
    """

    sheet: str
    row: int
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    open: dict[str, tuple[Decimal, ...]] = field(default_factory=dict)
    vault: dict[str, str] = field(default_factory=dict)
    blank: set[str] = field(default_factory=set)
    tentative: str | None = None
    text: dict[str, str] = field(default_factory=dict)

    @property
    def desa(self) -> str | None:
        """The desa's code, sure or tentative."""
        return self.values.get("desa_code") or self.tentative

    @property
    def first_cell(self) -> str:
        """The address of its leftmost known cell."""
        own = [cell for cell in self.cells.values() if cell.endswith(str(self.row + 1))]
        return min(own, key=lambda cell: (len(cell), cell), default=address(self.row, 0))
