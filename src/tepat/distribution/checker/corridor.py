"""*Koridor aturan*: each legal or office rule with its source: met, breached, or not to be told."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from tepat.common.quantities import grouped
from tepat.distribution.checker.reading import Reading
from tepat.distribution.checker.verdict import Finding, RuleResult, RuleVerdict
from tepat.distribution.problems import Place, WarehouseFacts

PEMILU_LAW = "UU 7/2017 pasal 341"
PILKADA_LAW = "UU Pilkada (Perppu 1/2014) pasal 78"
SAMPLE = "contoh"
"""The house's mark of what is not real; a place whose note bears it has not been surveyed."""


@dataclass(frozen=True)
class Rule:
    """One row of corridor.toml."""

    id: str
    title: str
    source: str
    breached_by: frozenset[str]
    how: str | None
    details: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What a rule's own function can tell; `verdict` None leaves it to the findings."""

    verdict: RuleVerdict | None
    facts: dict[str, Any]


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rows of the corridor in their order."""
    table = tomllib.loads(resources.files(__package__).joinpath("corridor.toml").read_text(encoding="utf-8"))
    return tuple(
        Rule(
            id=row["id"],
            title=row["title"],
            source=row["source"],
            breached_by=frozenset(row.get("breached_by", ())),
            how=row.get("how"),
            details={verdict: row[verdict] for verdict in ("met", "breached", "unknown") if verdict in row},
        )
        for row in table["rule"]
    )


def corridor(reading: Reading, findings: Sequence[Finding]) -> tuple[RuleResult, ...]:
    """Return every rule with its verdict on this plan.

    Args:
        reading: The plan and its problem.
        findings: All findings of the other checks.
    """
    counted = Counter(finding.code for finding in findings)
    return tuple(_row(rule, reading, counted) for rule in rules())


def _row(rule: Rule, reading: Reading, counted: Counter[str]) -> RuleResult:
    answer = ANSWERS[rule.how](reading) if rule.how else Answer(None, {})
    breaches = sum(counted[code] for code in rule.breached_by)
    verdict: RuleVerdict
    if breaches and "breached" in rule.details:
        verdict = "breached"
    elif answer.verdict is not None:
        verdict = answer.verdict
    else:
        verdict = "met" if rule.breached_by else "unknown"
    facts = {"n": breaches, "law": _law(reading)} | answer.facts
    facts = {key: grouped(value) if isinstance(value, int) else value for key, value in facts.items()}
    return RuleResult(
        id=rule.id,
        title=rule.title,
        source=rule.source.format_map(facts),
        verdict=verdict,
        detail=rule.details[verdict].format_map(facts),
    )


def _law(reading: Reading) -> str:
    code = reading.problem.election.code.lower()
    if code.startswith("pilkada"):
        return PILKADA_LAW
    return PEMILU_LAW if code.startswith("pemilu") else f"{PEMILU_LAW}; {PILKADA_LAW}"


def _written(reading: Reading, moment: int | None) -> str:
    return "belum ada" if moment is None else reading.local(moment).strftime("%d-%m-%Y pukul %H.%M")


def _late(reading: Reading, limit: int) -> tuple[int, dict[str, Any]]:
    tps = [unit.id for unit in reading.problem.units if unit.kind == "tps"]
    in_time = {
        one.unit.id for one in reading.handed if one.done_at <= limit and one.unit.id in reading.last_visits
    }
    late = sum(unit not in in_time for unit in tps)
    last_at = _written(reading, max((one.done_at for one in reading.handed), default=None))
    return late, {"tps": len(tps), "late": late, "last_at": last_at}


def _delivered(reading: Reading) -> Answer:
    late, facts = _late(reading, reading.law_at)
    return Answer("breached" if late else "met", facts | {"law_at": _written(reading, reading.law_at)})


def _target(reading: Reading) -> Answer:
    late, facts = _late(reading, reading.target_at)
    return Answer("breached" if late else "met", facts | {"target_at": _written(reading, reading.target_at)})


def _ppk_sets(reading: Reading) -> Answer:
    sets = [unit.id for unit in reading.problem.units if unit.kind == "ppk"]
    late = sum(unit not in reading.last_visits or unit in reading.unserved for unit in sets)
    facts = {"ppk": len(sets), "late": late}
    return Answer(("breached" if late else "met") if sets else "unknown", facts)


def _crew(reading: Reading) -> Answer:
    trips = reading.plan.trips
    missing = sum(trip.driver is None or trip.deputy is None for trip in trips)
    return Answer("unknown" if missing else "met", {"trips": len(trips), "missing": missing})


def _rest(reading: Reading) -> Answer:
    hours, seconds = divmod(reading.problem.rules.rest_s_min, 3600)
    return Answer(None, {"rest_h": f"{hours},{seconds * 10 // 3600}" if seconds else str(hours)})


def _bare(reading: Reading) -> dict[str, Any]:
    phones = {escort.id: escort.phone for escort in reading.problem.escorts}
    escorts = [trip.escort for trip in reading.plan.trips]
    silent = sum(escort is not None and not phones.get(escort) for escort in escorts)
    return {"trips": len(escorts), "bare": escorts.count(None), "silent": silent}


def _escort_switch(reading: Reading) -> Answer:
    return Answer("met" if reading.problem.rules.escort_required else "unknown", _bare(reading))


def _polri(reading: Reading) -> Answer:
    facts = _bare(reading)
    return Answer("unknown" if facts["bare"] or facts["silent"] else "met", facts)


def _docks(reading: Reading) -> Answer:
    return Answer("met" if reading.problem.rules.docks_apply else "unknown", {})


def _stores(reading: Reading) -> Answer:
    receiving = [place for place in reading.problem.places if place.kind != "gudang"]
    known = sum(place.boxes_max is not None for place in receiving)
    verdict: RuleVerdict = "met" if known == len(receiving) else "unknown"
    return Answer(verdict, {"known": known, "places": len(receiving)})


def _warehouse(reading: Reading) -> Answer:
    lacks, gaps = [], []
    for place, facts in _open_warehouses(reading):
        if facts is None:
            gaps.append(place.name)
            continue
        guarded = None if facts.guards is None else facts.guards > 0
        for title, there in (("CCTV", facts.cctv), ("APAR", facts.fire_extinguisher), ("penjaga", guarded)):
            if there is None:
                gaps.append(f"{title} {place.name}")
            elif not there:
                lacks.append(f"{title} {place.name}")
    verdict: RuleVerdict = "breached" if lacks else "unknown" if gaps else "met"
    names = ", ".join(place.name for place, _ in _open_warehouses(reading))
    return Answer(verdict, {"lacks": ", ".join(lacks), "gaps": ", ".join(gaps), "names": names})


def _flood(reading: Reading) -> Answer:
    floods = (
        f"{place.name}: {facts.flood if facts and facts.flood else 'belum ada'}"
        for place, facts in _open_warehouses(reading, surveyed=False)
    )
    return Answer("unknown", {"floods": "; ".join(floods) or "tidak ada gudang"})


def _open_warehouses(
    reading: Reading, *, surveyed: bool = True
) -> Iterator[tuple[Place, WarehouseFacts | None]]:
    """The open warehouses and what is known of each; an example is no survey where that matters."""
    for warehouse in reading.strategy.warehouses:
        place = reading.places[warehouse]
        known = place.warehouse if not surveyed or SAMPLE not in place.note.lower() else None
        yield place, known


def _gate(reading: Reading) -> Answer:
    gates = _open_warehouses(reading)
    unknown = [place.name for place, facts in gates if facts is None or facts.gate_class is None]
    return Answer("unknown" if unknown else "met", {"names": ", ".join(unknown)})


def _payer(reading: Reading) -> Answer:
    lines = reading.plan.costs
    gaps = [line.label or line.price for line in lines if not (line.payer.strip() and line.account.strip())]
    return Answer("breached" if gaps else "met", {"lines": len(lines), "gaps": ", ".join(gaps)})


def _prices(reading: Reading) -> Answer:
    lines = reading.plan.costs
    samples = sum(line.contoh for line in lines)
    return Answer("unknown" if samples else "met", {"lines": len(lines), "samples": samples})


def _travel_times(reading: Reading) -> Answer:
    matrices = reading.problem.matrices
    low = max((matrix.error_low_percent for matrix in matrices), default=0)
    high = max((matrix.error_high_percent for matrix in matrices), default=0)
    sources = sorted({matrix.source for matrix in matrices})
    exact = bool(matrices) and sources == ["kantor"] and not (low or high)
    return Answer(
        "met" if exact else "unknown",
        {"sources": ", ".join(sources) or "tidak ada", "low": low, "high": high},
    )


def _guards(reading: Reading) -> Answer:
    nights = reading.plan.totals.guard_nights
    return Answer("unknown" if nights else "met", {"nights": nights})


ANSWERS: dict[str, Callable[[Reading], Answer]] = {
    "delivered": _delivered,
    "target": _target,
    "ppk_sets": _ppk_sets,
    "crew": _crew,
    "rest": _rest,
    "escort_switch": _escort_switch,
    "polri": _polri,
    "docks": _docks,
    "stores": _stores,
    "warehouse": _warehouse,
    "flood": _flood,
    "gate": _gate,
    "payer": _payer,
    "prices": _prices,
    "travel_times": _travel_times,
    "guards": _guards,
}
