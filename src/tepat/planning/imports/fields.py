"""What a column of a list is, and what a list is: the words the declarative tables are written in."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Type(StrEnum):
    """How the text of a cell is read."""

    COUNT = "count"
    TPS = "tps"
    KECAMATAN = "kecamatan"
    DESA = "desa"
    DESA_CODE = "desa_code"
    DAPIL = "dapil"
    YES_NO = "yes_no"
    TEXT = "text"
    CODE = "code"
    RUPIAH = "rupiah"
    MEASURE = "measure"
    DATE = "date"
    DEGREES = "degrees"
    CHOICE = "choice"


NUMERIC = frozenset({Type.COUNT, Type.RUPIAH, Type.MEASURE})
PLACE = frozenset({Type.KECAMATAN, Type.DESA, Type.DESA_CODE})
NOT_FILLED = NUMERIC | {Type.TPS, Type.CODE}


@dataclass(frozen=True, eq=False)  # compared by identity: each stands once in its table
class Field:
    """One column that a list may have.

    Args:
        name: The key in a record; units last.
        label: As a person calls it.
        type: How its cells are read.
        synonyms: Headers that mean it, in the shape of `headings.plain`.
        required: A row without it cannot be used.
        minimum: The least it may be.
        maximum: The most it may be; None where only the election says it.
        scale: A measure is multiplied by this: litres to millilitres, kilograms to grams.
        domain: The group it belongs to; a header that speaks of another group never means it.
        choices: For a choice: what is stored, and the words for it.
        vault: Names and contacts: kept apart, never in the reduced file.
        no_people: A text that names a firm or an office; what looks like a person is masked.
    """

    name: str
    label: str
    type: Type
    synonyms: tuple[str, ...]
    required: bool = False
    minimum: int = 0
    maximum: int | None = None
    scale: int = 1
    domain: str = ""
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    vault: bool = False
    no_people: bool = False


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of list.

    Args:
        name: ``tps``, ``vehicles``, ``warehouses`` or ``people``.
        label: As a person calls the list.
        fields: Its columns.
        core: Fields of which a row of the list has at least one; a row without any is no row of it.
        anchor: The field whose column tells the list from a recapitulation.
        key: The fields that name a record.
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    core: tuple[str, ...]
    anchor: str
    key: tuple[str, ...]

    def field(self, name: str) -> Field:
        """Return a field by its name, KeyError for none."""
        return self.by_name[name]

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Fields by name."""
        return {field.name: field for field in self.fields}

    def named(self, fields: Sequence[str], *types: Type) -> list[str]:
        """Return those of some field names that are of certain types."""
        return [name for name in fields if name in self.by_name and self.by_name[name].type in types]
