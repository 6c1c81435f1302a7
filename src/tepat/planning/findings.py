"""What is wrong with a list of TPS, each fault named at its line, in the user's words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tepat.common.messages import say
from tepat.common.quantities import grouped
from tepat.planning.columns import NO_DAPIL, TpsColumns
from tepat.planning.needs import held_at
from tepat.planning.rules import SPECIAL_TPS_FROM, RuleSet

Severity = Literal["menahan", "catatan"]
FINDINGS_MAX = 1_000


@dataclass(frozen=True)
class Finding:
    """One fault.

    Args:
        code: The message's key.
        severity: ``menahan`` where somebody has to decide before the list is used; ``catatan`` otherwise.
        facts: What its sentence shows.
        line: The line in the file, from 1, or None.
        column: The column in the file, or empty.
        tps: The TPS, or empty.
    """

    code: str
    severity: Severity
    facts: Mapping[str, Any] = field(default_factory=dict)
    line: int | None = None
    column: str = ""
    tps: str = ""

    @property
    def message(self) -> str:
        """The sentence for people."""
        return say(self.code, self.facts).text

    def as_document(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return {
            "code": self.code,
            "severity": self.severity,
            "line": self.line,
            "column": self.column,
            "tps": self.tps,
            "message": self.message,
        }


def check_list(tps: TpsColumns, rules: RuleSet) -> tuple[Finding, ...]:
    """Return what an office should look at before it uses a list, worst first within each kind.

    Args:
        tps: The list.
        rules: The rules of the event, with its limit of voters per TPS.

    Returns:
        At most `FINDINGS_MAX` per kind; where there are more, a last one says how many.
    """
    kinds = (_over_limit, _without_dapil, _more_ballots_than_voters, _empty, _without_area, _dapil_not_given)
    return tuple(finding for kind in kinds for finding in _limited(kind(tps, rules)))


def _limited(findings: Iterator[Finding]) -> Iterator[Finding]:
    kept = list(islice(findings, FINDINGS_MAX))
    yield from kept
    more = sum(1 for _ in findings)
    if more:
        yield Finding("NEEDS-FINDING-MORE", kept[0].severity, {"count": grouped(more), "like": kept[0].code})


def _places(which: NDArray[np.bool_]) -> list[int]:
    return [int(place) for place in np.flatnonzero(which)]


def _over_limit(tps: TpsColumns, rules: RuleSet) -> Iterator[Finding]:
    for place in _places(tps.dpt > rules.tps_limit):
        facts = {
            "tps": tps.label(place),
            "voters": grouped(int(tps.dpt[place])),
            "limit": grouped(rules.tps_limit),
            "election": rules.name,
            "source": f"{rules.tps_limit_source} [{rules.tps_limit_mark}]",
        }
        yield Finding("NEEDS-TPS-OVER-LIMIT", "menahan", facts, column="voters", tps=tps.label(place))


def _without_dapil(tps: TpsColumns, rules: RuleSet) -> Iterator[Finding]:
    for ballot in rules.ballots:
        if not ballot.by_dapil or ballot.code not in tps.dapil:
            continue
        missing = tps.dapil[ballot.code].index == NO_DAPIL
        for place in _places(missing & held_at(tps, rules, ballot.code)):
            facts = {"tps": tps.label(place), "ballot": ballot.name}
            yield Finding("NEEDS-TPS-WITHOUT-DAPIL", "menahan", facts, column="dapil", tps=tps.label(place))


def _more_ballots_than_voters(tps: TpsColumns, rules: RuleSet) -> Iterator[Finding]:
    for ballot in rules.ballots:
        voters = tps.voters_for(ballot.code)
        for place in _places(voters > tps.dpt):
            facts = {
                "tps": tps.label(place),
                "ballot": ballot.name,
                "voters": grouped(int(voters[place])),
                "dpt": grouped(int(tps.dpt[place])),
            }
            column = f"voters_{ballot.code}"
            yield Finding("NEEDS-TPS-BALLOT-ABOVE-DPT", "menahan", facts, column=column, tps=tps.label(place))


def _empty(tps: TpsColumns, rules: RuleSet) -> Iterator[Finding]:
    del rules
    for place in _places(tps.dpt == 0):
        special = int(tps.number[place]) >= SPECIAL_TPS_FROM
        code = "NEEDS-TPS-EMPTY-SPECIAL" if special else "NEEDS-TPS-EMPTY"
        yield Finding(code, "catatan", {"tps": tps.label(place)}, column="voters", tps=tps.label(place))


def _without_area(tps: TpsColumns, rules: RuleSet) -> Iterator[Finding]:
    del rules
    stray = int(np.count_nonzero(tps.kecamatan.index < 0))
    if stray:
        yield Finding("NEEDS-TPS-WITHOUT-CODE", "catatan", {"count": grouped(stray)}, column="desa")


def _dapil_not_given(tps: TpsColumns, rules: RuleSet) -> Iterator[Finding]:
    missing = [
        ballot.name
        for ballot in rules.ballots
        if ballot.by_dapil and ballot.code not in tps.dapil and np.any(held_at(tps, rules, ballot.code))
    ]
    if missing:
        yield Finding("NEEDS-DAPIL-NOT-GIVEN", "catatan", {"ballots": ", ".join(missing)}, column="dapil")
