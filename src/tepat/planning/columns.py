"""The TPS of an office, or of the nation, as columns: the shape in which needs are computed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tepat.planning.formulas import Counts

Index = NDArray[np.int32]
KECAMATAN_CHARACTERS = len("33.16.01")
KAB_CHARACTERS = len("33.16")
PROVINCE_CHARACTERS = len("33")
NO_DAPIL = -1
_DESA_CODE = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}")


@dataclass(frozen=True)
class Grouping:
    """Which group each TPS belongs to.

    Args:
        names: The groups' names or codes.
        index: For each TPS the place of its group in ``names``; `NO_DAPIL` for none.
    """

    names: tuple[str, ...]
    index: Index

    def sums(self, column: Counts | int) -> Counts:
        """Return the sum of a column, or of one number for each TPS, within each group."""
        member = self.index >= 0
        index = self.index if member.all() else self.index[member]
        if isinstance(column, int):
            return np.bincount(index, minlength=len(self.names)).astype(np.int64) * column
        weights = column if index is self.index else column[member]
        # Sums stay far below 2**53, where floating point is still exact.
        return np.rint(np.bincount(index, weights=weights, minlength=len(self.names))).astype(np.int64)


@dataclass(frozen=True)
class TpsColumns:
    """TPS as columns, one entry per TPS in every array.

    Args:
        desa_codes: The desa codes that occur, each once.
        desa_index: For each TPS the place of its desa in ``desa_codes``.
        number: TPS numbers; special ones from 901.
        dpt: Voters on the DPT, in people.
        dptb: Voters on the DPTb, in people.
        voters: Per-ballot DPT voters by ballot code, where they differ from ``dpt`` (special TPS).
        dptb_voters: Per-ballot DPTb voters by ballot code, where they differ from ``dptb``.
        dapil: The dapil of each TPS by ballot code, where known.
    """

    desa_codes: tuple[str, ...]
    desa_index: Index
    number: NDArray[np.int32]
    dpt: Counts
    dptb: Counts
    voters: Mapping[str, Counts] = field(default_factory=dict)
    dptb_voters: Mapping[str, Counts] = field(default_factory=dict)
    dapil: Mapping[str, Grouping] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """State that all columns are equally long and nothing is negative."""
        size = len(self.dpt)
        assert all(len(column) == size for column in (self.desa_index, self.number, self.dptb))
        assert all(len(column) == size for column in (*self.voters.values(), *self.dptb_voters.values()))
        assert all(len(grouping.index) == size for grouping in self.dapil.values())
        people = [self.dpt, self.dptb, *self.voters.values(), *self.dptb_voters.values()]
        assert not any(column.size and int(column.min()) < 0 for column in people)

    def __len__(self) -> int:
        """Return the number of TPS."""
        return len(self.dpt)

    @cached_property
    def desa(self) -> Grouping:
        """The desa of each TPS: one PPS each."""
        return Grouping(self.desa_codes, self.desa_index)

    @cached_property
    def kecamatan(self) -> Grouping:
        """The kecamatan of each TPS: one PPK each. Empty where desa are not given by code."""
        places: dict[str, int] = {}
        by_desa = [
            places.setdefault(code[:KECAMATAN_CHARACTERS], len(places)) if is_desa_code(code) else NO_DAPIL
            for code in self.desa_codes
        ]
        return Grouping(tuple(places), np.array(by_desa, dtype=np.int32)[self.desa_index])

    @cached_property
    def kab(self) -> Grouping:
        """The kabupaten or kota of each TPS."""
        return self._upper(KAB_CHARACTERS)

    @cached_property
    def province(self) -> Grouping:
        """The province of each TPS."""
        return self._upper(PROVINCE_CHARACTERS)

    def _upper(self, characters: int) -> Grouping:
        """Return the areas above the kecamatan; a kecamatan that is not known (-1) has none either."""
        places: dict[str, int] = {}
        kecamatan = self.kecamatan
        above = [places.setdefault(code[:characters], len(places)) for code in kecamatan.names]
        return Grouping(tuple(places), np.array([*above, NO_DAPIL], dtype=np.int32)[kecamatan.index])

    def voters_for(self, ballot: str) -> Counts:
        """Return the DPT voters of one ballot; the whole DPT where no other number is known."""
        return self.voters.get(ballot, self.dpt)

    def dptb_for(self, ballot: str) -> Counts:
        """Return the DPTb voters of one ballot."""
        return self.dptb_voters.get(ballot, self.dptb)

    @cached_property
    def labels(self) -> list[str]:
        """Every TPS as people write it, in the order of the list."""
        return [self.label(place) for place in range(len(self))]

    def label(self, place: int) -> str:
        """Return a TPS as people write it, such as ``33.16.01.2001 TPS 003``."""
        return f"{self.desa_codes[self.desa_index[place]]} TPS {self.number[place]:03d}"


def is_desa_code(text: str) -> bool:
    """Whether a text is an official desa code such as ``33.16.01.2001``."""
    return _DESA_CODE.fullmatch(text) is not None


def group(names: Sequence[str]) -> Grouping:
    """Return a grouping from one name per TPS; an empty name is no group.

    Args:
        names: One name for each TPS.
    """
    places: dict[str, int] = {}
    index = [places.setdefault(name, len(places)) if name else NO_DAPIL for name in names]
    return Grouping(tuple(places), np.array(index, dtype=np.int32))


def columns(  # noqa: PLR0913 - one argument per column of the list
    desa: Sequence[str],
    number: Sequence[int],
    dpt: Sequence[int],
    *,
    dptb: Sequence[int] | None = None,
    voters: Mapping[str, Sequence[int]] | None = None,
    dptb_voters: Mapping[str, Sequence[int]] | None = None,
    dapil: Mapping[str, Sequence[str]] | None = None,
) -> TpsColumns:
    """Return columns from plain sequences, one entry per TPS.

    Args:
        desa: Desa codes.
        number: TPS numbers.
        dpt: DPT voters, in people.
        dptb: DPTb voters; none where absent.
        voters: Per-ballot DPT voters by ballot code.
        dptb_voters: Per-ballot DPTb voters by ballot code.
        dapil: Dapil names by ballot code; an empty name is a TPS without dapil.
    """
    by_desa = group(desa)
    assert all(desa), "every TPS has a desa"
    return TpsColumns(
        desa_codes=by_desa.names,
        desa_index=by_desa.index,
        number=np.array(number, dtype=np.int32),
        dpt=_people(dpt),
        dptb=_people(dptb) if dptb is not None else np.zeros(len(dpt), dtype=np.int64),
        voters={ballot.lower(): _people(column) for ballot, column in (voters or {}).items()},
        dptb_voters={ballot: _people(column) for ballot, column in (dptb_voters or {}).items()},
        dapil={ballot.lower(): group(names) for ballot, names in (dapil or {}).items()},
    )


class ListedTps(Protocol):
    """A TPS as a row: of a sample, a register or a database."""

    @property
    def desa(self) -> str:
        """The desa code."""

    @property
    def number(self) -> int:
        """The TPS number."""

    @property
    def dpt(self) -> int:
        """DPT voters."""

    @property
    def dptb(self) -> int:
        """DPTb voters."""

    @property
    def voters(self) -> Mapping[str, int]:
        """DPT voters by ballot code; a ballot that is missing counts the whole DPT."""

    @property
    def dapil(self) -> Mapping[str, str]:
        """Dapil by ballot code; a ballot that is missing has none."""


def columns_of(rows: Sequence[ListedTps]) -> TpsColumns:
    """Return columns from rows, in their order.

    Args:
        rows: TPS of one election.
    """
    ballots = sorted({ballot for row in rows for ballot in row.voters})
    with_dapil = sorted({ballot for row in rows for ballot in row.dapil})
    return columns(
        [row.desa for row in rows],
        [row.number for row in rows],
        [row.dpt for row in rows],
        dptb=[row.dptb for row in rows],
        voters={ballot: [row.voters.get(ballot, row.dpt) for row in rows] for ballot in ballots},
        dapil={ballot: [row.dapil.get(ballot, "") for row in rows] for ballot in with_dapil},
    )


def _people(column: Any) -> Counts:
    return np.asarray(column, dtype=np.int64)
