"""The needs as one JSON document: totals, levels, the other rounding, findings; each number explained."""

from collections.abc import Mapping, Sequence
from typing import Any

from tepat.planning.changes import TpsChange
from tepat.planning.explain import explain, explain_boxes
from tepat.planning.findings import Finding
from tepat.planning.needs import Needs
from tepat.planning.rules import LEVELS, Item
from tepat.planning.silog import not_in_silog

SCHEMA_VERSION = 1


def needs_document(needs: Needs, findings: Sequence[Finding], *, ppk_source: str) -> dict[str, Any]:
    """Return the needs as plain values.

    Args:
        needs: The needs.
        findings: What is wrong with the list.
        ppk_source: How the PPK were counted, in words.
    """
    rules, totals = needs.rule_set, needs.totals()
    return {
        "schema_version": SCHEMA_VERSION,
        "election": _election(needs),
        "list": _list(needs, ppk_source),
        "boxes_tps": _boxes(needs, "tps"),
        "boxes_ppk": _boxes(needs, "ppk"),
        "boxes_total": _boxes(needs, "tps") + _boxes(needs, "ppk"),
        "boxes_explanation": explain_boxes(needs),
        "booths": totals.get("BILIK", 0),
        "totals": totals,
        "allocation": needs.totals("alokasi"),
        "levels": {
            level: {item.code: totals[item.code] for item in rules.items if item.level == level}
            for level in LEVELS
        },
        "kab_alternative": {
            code: {"total": once, "difference": totals[code] - once}
            for code, once in needs.rounded_per_kab().items()
        },
        "items": [_item(needs, item) for item in rules.items],
        "params": {
            name: {"value": param.value, "mark": param.mark, "source": param.source}
            for name, param in rules.params.items()
        },
        "not_in_silog": [row.as_document() for row in not_in_silog(needs)],
        "findings": [finding.as_document() for finding in findings],
    }


def refused_document(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the document of a list that cannot be used: only what is wrong with it."""
    return {
        "schema_version": SCHEMA_VERSION,
        "totals": None,
        "findings": [finding.as_document() for finding in findings],
    }


def changes_document(changes: Sequence[TpsChange]) -> list[dict[str, Any]]:
    """Return the differences between two lists as plain values."""
    return [
        {
            "desa": change.tps[0],
            "tps": change.tps[1],
            "kind": change.kind,
            "voters_before": change.voters_before,
            "voters_after": change.voters_after,
            "reopens_box": change.reopens_box,
            "items": {
                row.item: {"before": row.before, "after": row.after, "difference": row.difference}
                for row in change.items
            },
        }
        for change in changes
    ]


def _boxes(needs: Needs, level: str) -> int:
    return sum(needs.total(item.code) for item in needs.rule_set.items if item.is_box and item.level == level)


def _election(needs: Needs) -> Mapping[str, Any]:
    rules = needs.rule_set
    return {
        "code": rules.code,
        "name": rules.name,
        "polling_date": rules.polling_date.isoformat() if rules.polling_date else None,
        "valid_from": rules.valid_from.isoformat(),
        "valid_to": rules.valid_to.isoformat(),
        "law": rules.law,
        "ballots": [ballot.code for ballot in rules.ballots],
        "tps_limit": rules.tps_limit,
        "tps_limit_mark": rules.tps_limit_mark,
    }


def _list(needs: Needs, ppk_source: str) -> Mapping[str, Any]:
    tps = needs.tps
    return {
        "tps": len(tps),
        "voters": int(tps.dpt.sum()),
        "dptb": int(tps.dptb.sum()),
        "desa": len(tps.desa_codes),
        "kecamatan": len(tps.kecamatan.names),
        "ppk": needs.ppk_count,
        "ppk_source": ppk_source,
    }


def _item(needs: Needs, item: Item) -> dict[str, Any]:
    deadline = item.deadline_on(needs.rule_set.polling_date) if needs.rule_set.polling_date else None
    return {
        "code": item.code,
        "name": item.name,
        "unit": item.unit,
        "class": item.item_class,
        "level": item.level,
        "units": needs.units(item.level, item.ballot),
        "total": needs.total(item.code),
        "allocation": needs.total(item.code, "alokasi"),
        "wave": item.wave,
        "deadline_days": item.deadline_days,
        "deadline_date": deadline.isoformat() if deadline else None,
        "owner": item.owner,
        "placement": item.placement,
        "in_silog": item.in_silog,
        "editable": item.editable,
        "mark": item.mark,
        "source": item.source,
        "explanation": explain(needs, item.code).as_document(),
    }
