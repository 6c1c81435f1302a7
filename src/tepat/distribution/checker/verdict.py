"""What the checker answers: findings with their numbers, the corridor of rules, and one status."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from tepat.common.messages import Message, say
from tepat.common.quantities import grouped

Severity = Literal["breach", "incomplete", "warning"]
Status = Literal["accepted", "incomplete", "breached"]
RuleVerdict = Literal["met", "breached", "unknown"]

WHERE = ("trip", "vehicle", "place", "unit", "person", "escort", "price")
"""The facts that say where: ids of the documents."""

INCOMPLETE = frozenset({"CHECK-UNSERVED", "CHECK-NO-DELIVERY"})
WARNINGS = frozenset(
    {
        "CHECK-TARGET",
        "CHECK-NO-DRIVER",
        "CHECK-NO-DEPUTY",
        "CHECK-GATE",
        "CHECK-PROBLEM-ACCESS",
        "CHECK-PROBLEM-WINDOWS",
        "CHECK-PROBLEM-TARGET",
    },
)
"""Codes that are not a breach; every other code is one."""


def severity(code: str) -> Severity:
    """Return how much a finding with this code weighs."""
    if code in INCOMPLETE:
        return "incomplete"
    return "warning" if code in WARNINGS else "breach"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or that a person should know.

    Args:
        code: Stable, ``CHECK-…``; its sentence is in `common/messages/distribution_checker.toml`.
        severity: ``breach``, ``incomplete`` or ``warning``.
        facts: Ids, whole numbers, and moments in the office's time zone.
    """

    code: str
    severity: Severity
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def where(self) -> dict[str, str]:
        """The ids of the trip, place, unit … that it is about."""
        return {key: self.facts[key] for key in WHERE if key in self.facts}

    @property
    def message(self) -> Message:
        """The sentence, in Indonesian."""
        return say(self.code, {key: _written(value) for key, value in self.facts.items()})

    def as_json(self) -> dict[str, Any]:
        """Return what `tepat plan check` prints for it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message.text,
            "where": self.where,
            "facts": {key: _plain(value) for key, value in self.facts.items()},
        }


@dataclass(frozen=True)
class RuleResult:
    """One row of the *koridor aturan*.

    Args:
        id: Stable name of the rule.
        title: The rule, in Indonesian.
        source: The law, or whose rule it is.
        verdict: ``met``, ``breached``, or ``unknown``: this plan cannot tell.
        detail: Why, with numbers, in Indonesian.
    """

    id: str
    title: str
    source: str
    verdict: RuleVerdict
    detail: str

    def as_json(self) -> dict[str, str]:
        """Return what `tepat plan check` prints for it."""
        return {
            "rule": self.id,
            "verdict": self.verdict,
            "title": self.title,
            "source": self.source,
            "detail": self.detail,
        }


@dataclass(frozen=True)
class Verdict:
    """The checker's answer about one plan.

    Args:
        findings: In the order of the checks.
        rules: The corridor; empty where the plan could not be read as a plan for this problem.
    """

    findings: tuple[Finding, ...]
    rules: tuple[RuleResult, ...]

    @property
    def status(self) -> Status:
        """``breached`` with any breach; else ``incomplete`` with anything left behind; else ``accepted``."""
        found = {finding.severity for finding in self.findings}
        if "breach" in found:
            return "breached"
        return "incomplete" if "incomplete" in found else "accepted"

    @property
    def accepted(self) -> bool:
        """Whether the plan may be used."""
        return self.status == "accepted"

    def summary(self) -> dict[str, Any]:
        """Return the last line that `tepat plan check` prints: the status and what was counted."""
        severities = Counter(finding.severity for finding in self.findings)
        verdicts = Counter(rule.verdict for rule in self.rules)
        return {
            "status": self.status,
            "breaches": severities["breach"],
            "incomplete": severities["incomplete"],
            "warnings": severities["warning"],
            "rules_met": verdicts["met"],
            "rules_breached": verdicts["breached"],
            "rules_unknown": verdicts["unknown"],
        }


def found(code: str, **facts: Any) -> Finding:
    """Return a finding with the weight that its code has."""
    return Finding(code=code, severity=severity(code), facts=facts)


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%d-%m-%Y pukul %H.%M" + (".%S" if value.second else ""))
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    return grouped(value) if isinstance(value, int) else value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
