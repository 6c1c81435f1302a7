"""The needs of this office's register: the list as columns, the rules as the office set them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tepat.common.models import Area, Election, Tps
from tepat.common.samples import CONTOH, PERKIRAAN
from tepat.planning.columns import TpsColumns, columns
from tepat.planning.models import RuleSetting
from tepat.planning.needs import Needs, compute_needs
from tepat.planning.rules import Overrides
from tepat.planning.rulesets import load_rule_set
from tepat.planning.scope import Scope

FROM_LIST = "daftar"
FIELDS = ("id", "desa__code", "number", "dpt", "dptb", "voters", "dapil", "source_kind")


@dataclass(frozen=True)
class OfficeNeeds:
    """Needs with the rows they were computed from, in the same order.

    Args:
        needs: What the engine answered.
        tps_ids: The TPS rows.
        desa: For each TPS its desa code.
        names: Names of areas by code.
        voters_kinds: Where the voters come from: ``daftar`` is the office's own list.
    """

    needs: Needs
    tps_ids: tuple[int, ...]
    desa: tuple[str, ...]
    names: dict[str, str]
    voters_kinds: frozenset[str]

    @property
    def contoh(self) -> bool:
        """Whether any voters are not the office's own list."""
        return bool(self.voters_kinds - {FROM_LIST})

    @property
    def voters_remark(self) -> str:
        """What must be said beside a number that rests on these voters; empty for the office's own list.

        Only where all of them are made from a published total do they add up to it.
        """
        if not self.contoh:
            return ""
        some = "sebagian TPS" if FROM_LIST in self.voters_kinds else "per TPS"
        if PERKIRAAN in self.voters_kinds:
            return f"pemilih {some} diperkirakan dari rata-rata nasional, bukan daftar resmi"
        end = "; jumlahnya sama dengan angka terbit" if self.voters_kinds == {CONTOH} else ""
        return f"pemilih {some} bukan daftar resmi{end}"

    @cached_property
    def place_of(self) -> dict[int, int]:
        """Where each TPS row stands in the columns."""
        return {pk: place for place, pk in enumerate(self.tps_ids)}


def office_needs(scope: Scope) -> OfficeNeeds:
    """Return the needs of all TPS that this person may read, under the chosen election's rules."""
    rows: Sequence[tuple[Any, ...]] = list(
        scope.visible(Tps.objects.filter(election=scope.election), "desa__code")
        .order_by("desa__code", "number")
        .values_list(*FIELDS)
    )
    area_code = scope.office.area_code
    names = dict(Area.objects.in_area(area_code).filter(valid_to__isnull=True).values_list("code", "name"))
    return OfficeNeeds(
        needs=compute_needs(
            _columns(rows), load_rule_set(scope.election.rule_set), settings_of(scope.election, area_code)
        ),
        tps_ids=tuple(row[0] for row in rows),
        desa=tuple(row[1] for row in rows),
        names=names,
        voters_kinds=frozenset(row[7] for row in rows),
    )


def needs_in_area(election: Election, area_code: str) -> Needs:
    """Return the needs of all TPS in an area, whoever asks; for work in the background."""
    rows: Sequence[tuple[Any, ...]] = list(
        Tps.objects.in_area(area_code)
        .filter(election=election)
        .order_by("desa__code", "number")
        .values_list(*FIELDS)
    )
    return compute_needs(_columns(rows), load_rule_set(election.rule_set), settings_of(election, area_code))


def settings_of(election: Election, area_code: str) -> Overrides:
    """Return what the office set differently from the rule set."""
    rows = RuleSetting.objects.filter(election=election, area_code=area_code)
    return Overrides(params=dict(rows.values_list("param", "value")))


def _columns(rows: Sequence[tuple[Any, ...]]) -> TpsColumns:
    ballots = list(dict.fromkeys(ballot for row in rows for ballot in row[5]))
    dapil = list(dict.fromkeys(ballot for row in rows for ballot in row[6]))
    return columns(
        [row[1] for row in rows],
        [row[2] for row in rows],
        [row[3] for row in rows],
        dptb=[row[4] for row in rows],
        voters={ballot.lower(): [row[5].get(ballot, row[3]) for row in rows] for ballot in ballots},
        dapil={ballot.lower(): [row[6].get(ballot, "") for row in rows] for ballot in dapil},
    )
