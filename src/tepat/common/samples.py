"""TPS with voters where no list is at hand: deterministic, marked, adding up to what was published.

How many TPS a desa had in Pemilu 2024 is real. Voters per TPS are ``contoh`` where the total of the area was
published and the parts add up to it, ``perkiraan`` where even the total is estimated from the national mean.
TPS per desa of Pilkada 2024, dapil, disabilities, accessibility are ``contoh`` everywhere. Nothing is random:
the variation comes from a hash of desa code and number, so that every machine makes the same list.
"""

import csv
import hashlib
import heapq
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tepat.common.areas import Area, Desa, load_area
from tepat.common.elections import PEMILU, ElectionKind, ballots_held, election_kind
from tepat.common.quantities import ceil_div

CONTOH = "contoh"
PERKIRAAN = "perkiraan"

# The list of Pemilu 2024 and its TPS, both at home; the TPS of Pilkada 2024 for about as many voters.
NATION_VOTERS = 203_056_748
NATION_TPS = {"pemilu-2024": 820_161, "pilkada-2024": 435_296}

DISABILITIES = ("fisik", "intelektual", "mental", "wicara", "rungu", "netra")
# Blora, Pemilu 2024: 2,569 voters of 704,285; elsewhere the same rates.
BLORA_DISABILITIES = {
    "fisik": 1000,
    "intelektual": 155,
    "mental": 574,
    "wicara": 418,
    "rungu": 95,
    "netra": 327,
}
BLORA_VOTERS = 704_285

SPECIAL_FIRST_NUMBER = 901
DAPIL_TPS = 600  # one example dapil of DPRD kabupaten/kota for about so many TPS of Pemilu 2024
DAPIL_MIN = 3


@dataclass(frozen=True)
class Published:
    """What an office or the press published about one area and election.

    Args:
        voters: Voters on the whole list.
        source: Who published it.
        tps: TPS in all, special ones included; None where the table of Pemilu 2024 has them.
        special_voters: Voters of the special TPS for each ballot, or empty; the largest is their DPT.
    """

    voters: int
    source: str
    tps: int | None = None
    special_voters: dict[str, int] = field(default_factory=dict)


PUBLISHED: dict[tuple[str, str], Published] = {
    # TPS 901, a detention house: 51 on the list; voters from elsewhere get no ballot of the bupati (contoh).
    ("33.16", "pemilu-2024"): Published(
        BLORA_VOTERS,
        "KPU Blora, DPT (kabardaring.com, 2023-06-20)",
        2_977,
        {"PPWP": 51, "DPR": 51, "DPD": 51, "DPRDP": 51, "DPRDK": 51},
    ),
    ("33.16", "pilkada-2024"): Published(
        702_257,
        "KPU Blora, DPS (beritaku.net, 2024-08-11)",
        1_453,
        {"PGUB": 202, "PBUP": 174},
    ),
    ("33.73", "pemilu-2024"): Published(146_267, "KPU Salatiga, DPT (jateng.solopos.com)"),
    ("33.76", "pilkada-2024"): Published(212_277, "KPU Kota Tegal, DPT (radartegal.disway.id)", 377),
}


@dataclass(frozen=True)
class SampleTps:
    """One polling station of one election.

    Args:
        election: The election's code.
        desa: The desa's official code.
        number: 1 and up; special ones 901 and up.
        dpt: Voters on the list.
        dptb: Voters moved in.
        voters: Voters for each ballot held here; less than `dpt` where some get fewer ballots.
        dapil: Dapil for each ballot held here.
        disabilities: Voters with each of the six disabilities.
        step_free: No stairs on the way in; None where unknown.
        low_table: A table low enough for a wheelchair; None where unknown.
        voters_source: ``contoh`` or ``perkiraan``.
    """

    election: str
    desa: str
    number: int
    dpt: int
    dptb: int
    voters: dict[str, int]
    dapil: dict[str, str]
    disabilities: dict[str, int]
    step_free: bool | None
    low_table: bool | None
    voters_source: str

    @property
    def special(self) -> bool:
        """Whether this is a TPS lokasi khusus."""
        return self.number >= SPECIAL_FIRST_NUMBER


def spread(*parts: object, low: int, high: int) -> int:
    """Return a whole number from low to high, both possible, that depends on nothing but the parts."""
    digest = hashlib.sha256(":".join(str(part) for part in parts).encode()).digest()
    return low + int.from_bytes(digest[:8], "big") % (high - low + 1)


def apportion(total: int, weights: Sequence[int], *, ceiling: int | None = None) -> list[int]:
    """Split a whole number by weights into parts that add up to it (largest remainder; ties to the earlier).

    Args:
        total: What is split.
        weights: One for each part, not all 0 unless the total is 0.
        ceiling: No part may be larger; what does not fit goes to the others.

    Returns:
        One part for each weight.
    """
    assert total >= 0, total
    assert ceiling is None or total <= ceiling * len(weights), (total, ceiling, len(weights))
    parts = [0] * len(weights)
    open_parts, left = list(range(len(weights))), total
    while left:
        weight_sum = sum(weights[i] for i in open_parts)
        assert weight_sum > 0, weights
        shares = {i: divmod(left * weights[i], weight_sum) for i in open_parts}
        over = [] if ceiling is None else [i for i in open_parts if shares[i][0] >= ceiling]
        if ceiling is not None and over:
            for i in over:
                parts[i] = ceiling
            left -= ceiling * len(over)
            open_parts = [i for i in open_parts if i not in set(over)]
            continue
        for i in open_parts:
            parts[i] = shares[i][0]
        rest = left - sum(share for share, _ in shares.values())
        for i in sorted(open_parts, key=lambda i: (-shares[i][1], i))[:rest]:
            parts[i] += 1
        break
    assert sum(parts) == total, (parts, total)
    return parts


def tps_for_voters(voters: Sequence[int], *, total: int, voters_max: int) -> list[int]:
    """Return how many TPS each desa gets of a known total (Sainte-Laguë, above the least the ceiling allows).

    Args:
        voters: Voters of each desa.
        total: TPS to give out.
        voters_max: The ceiling of one TPS.
    """
    counts = [max(1, ceil_div(count, voters_max)) for count in voters]
    assert sum(counts) <= total, (sum(counts), total)
    queue = [(-count / (2 * counts[i] + 1), i) for i, count in enumerate(voters)]
    heapq.heapify(queue)
    for _ in range(total - sum(counts)):
        _, i = queue[0]
        counts[i] += 1
        heapq.heapreplace(queue, (-voters[i] / (2 * counts[i] + 1), i))
    return counts


def sample_tps(area: Area | str, election: str) -> list[SampleTps]:
    """Return every polling station of an area for an election, in the order of desa code and number.

    Args:
        area: An area as loaded, or its code.
        election: ``pemilu-2024`` or ``pilkada-2024``.

    Raises:
        Refused: COMMON-UNKNOWN-AREA, COMMON-UNKNOWN-ELECTION.
    """
    loaded = load_area(area) if isinstance(area, str) else area
    kind = election_kind(election)
    desa = [place for place in loaded.desa if place.tps or place.tps_special]
    slots = _pemilu_slots(loaded, desa) if kind.kind == PEMILU else _pilkada_slots(loaded, desa, kind)
    return _dress(loaded, kind, slots)


def sample_csv(rows: Iterable[SampleTps]) -> str:
    """Return a list as CSV: `tps,desa,voters,dptb`, then dapil and voters for each ballot."""
    listed = list(rows)
    ballots = list(listed[0].voters) if listed else []
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(
        [
            "tps",
            "desa",
            "voters",
            "dptb",
            *[f"dapil_{b}" for b in ballots],
            *[f"voters_{b}" for b in ballots],
        ],
    )
    for tps in listed:
        dapil, voters = ([kept[b] for b in ballots] for kept in (tps.dapil, tps.voters))
        writer.writerow([f"{tps.number:03d}", tps.desa, tps.dpt, tps.dptb, *dapil, *voters])
    return sheet.getvalue()


@dataclass(frozen=True)
class _Slot:
    desa: Desa
    number: int
    dpt: int


def _total_voters(area: Area, election: str) -> int:
    known = PUBLISHED.get((area.code, election))
    if known:
        return known.voters
    tps = sum(place.tps + place.tps_special for place in area.desa)
    return (2 * tps * NATION_VOTERS // NATION_TPS["pemilu-2024"] + 1) // 2


def _special_voters(area: Area, election: str) -> int | None:
    known = PUBLISHED.get((area.code, election))
    return max(known.special_voters.values()) if known and known.special_voters else None


def _pemilu_slots(area: Area, desa: Sequence[Desa]) -> list[_Slot]:
    election = "pemilu-2024"
    total, special = _total_voters(area, election), _special_voters(area, election)
    varied = (area.code, election) in PUBLISHED
    keys = [(place, number) for place in desa for number in range(1, place.tps + 1)]
    extra = [(place, SPECIAL_FIRST_NUMBER + n) for place in desa for n in range(place.tps_special)]
    if special is None:
        keys, extra = [*keys, *extra], []
    bounds = {"low": 800, "high": 1200} if varied else {"low": 1000, "high": 1000}
    weights = [spread("pemilih", place.code, number, **bounds) for place, number in keys]
    ceiling = election_kind(election).voters_per_tps_max
    counts = apportion(total - (special or 0) * len(extra), weights, ceiling=ceiling)
    slots = [_Slot(place, number, count) for (place, number), count in zip(keys, counts, strict=True)]
    slots += [_Slot(place, number, special or 0) for place, number in extra]
    return sorted(slots, key=lambda slot: (slot.desa.code, slot.number))


def _pilkada_slots(area: Area, desa: Sequence[Desa], kind: ElectionKind) -> list[_Slot]:
    """Give each desa the share of voters it had in the Pemilu, then TPS by voters: the same people."""
    before: dict[str, int] = {}
    for slot in _pemilu_slots(area, desa):
        if slot.number < SPECIAL_FIRST_NUMBER:
            before[slot.desa.code] = before.get(slot.desa.code, 0) + slot.dpt
    regular = [place for place in desa if place.tps]
    special = _special_voters(area, kind.code)
    extra = [place for place in desa if place.tps_special] if special is not None else []
    total = _total_voters(area, kind.code) - (special or 0) * len(extra)
    voters = apportion(total, [before[place.code] for place in regular])
    counts = tps_for_voters(
        voters, total=_pilkada_tps(area, kind, voters) - len(extra), voters_max=kind.voters_per_tps_max
    )
    slots = []
    for place, people, tps in zip(regular, voters, counts, strict=True):
        weights = [spread("pilkada", place.code, n, low=950, high=1050) for n in range(1, tps + 1)]
        parts = apportion(people, weights, ceiling=kind.voters_per_tps_max)
        slots += [_Slot(place, number, part) for number, part in enumerate(parts, 1)]
    slots += [_Slot(place, SPECIAL_FIRST_NUMBER, special or 0) for place in extra]
    return sorted(slots, key=lambda slot: (slot.desa.code, slot.number))


def _pilkada_tps(area: Area, kind: ElectionKind, voters: Sequence[int]) -> int:
    known = PUBLISHED.get((area.code, kind.code))
    least = sum(max(1, ceil_div(count, kind.voters_per_tps_max)) for count in voters)
    if known and known.tps:
        return known.tps
    return max(least, sum(voters) * NATION_TPS[kind.code] // NATION_VOTERS)


def example_dapil(area: Area) -> dict[str, int]:
    """Return an example dapil of DPRD kabupaten/kota by kecamatan: neighbours by code, about equal in TPS."""
    size = dict.fromkeys(sorted(area.kecamatan), 0)
    for place in area.desa:
        size[place.kecamatan] = size.get(place.kecamatan, 0) + place.tps
    total = sum(size.values())
    groups = min(len(size), max(DAPIL_MIN, (total + DAPIL_TPS // 2) // DAPIL_TPS))
    dapil, seen = {}, 0
    for code, tps in size.items():
        middle = 2 * seen + tps
        dapil[code] = min(groups, 1 + (middle * groups // (2 * total) if total else 0))
        seen += tps
    return dapil


def _dapil_of(area: Area, ballots: Sequence[str], number: int) -> dict[str, str]:
    everywhere = {
        "PPWP": "ID",
        "DPR": f"DPR-{area.province}-contoh",
        "DPD": area.province,
        "DPRDP": f"DPRDP-{area.province}-contoh",
        "DPRDK": f"DPRDK-{area.code}-{number}-contoh",
        "PGUB": area.province,
        "PBUP": area.code,
    }
    return {ballot: everywhere[ballot] for ballot in ballots}


def _dress(area: Area, kind: ElectionKind, slots: Sequence[_Slot]) -> list[SampleTps]:
    """Add what a TPS has beside its list: dapil, ballots, disabilities, accessibility."""
    ballots = ballots_held(kind.code, area.code)
    known = PUBLISHED.get((area.code, kind.code))
    special_voters = known.special_voters if known else {}
    groups = example_dapil(area)
    disabled = _disabilities(area, slots)
    rows = []
    for at, slot in enumerate(slots):
        special = slot.number >= SPECIAL_FIRST_NUMBER
        voters = {b: special_voters.get(b, slot.dpt) if special else slot.dpt for b in ballots}
        key = (kind.code, slot.desa.code, slot.number)
        rows.append(
            SampleTps(
                election=kind.code,
                desa=slot.desa.code,
                number=slot.number,
                dpt=slot.dpt,
                dptb=0 if special else (0, 0, 0, 0, 0, 0, 1, 2)[spread("dptb", *key, low=0, high=7)],
                voters=voters,
                dapil=_dapil_of(area, ballots, groups[slot.desa.kecamatan]),
                disabilities={name: disabled[name][at] for name in DISABILITIES},
                step_free=(True, True, False, None)[spread("tangga", *key, low=0, high=3)],
                low_table=(True, False, None)[spread("meja", *key, low=0, high=2)],
                voters_source=CONTOH if known else PERKIRAAN,
            ),
        )
    return rows


def _disabilities(area: Area, slots: Sequence[_Slot]) -> dict[str, list[int]]:
    """Spread the six counts over the TPS by voters, moved by the hash so that not every TPS looks alike."""
    people = sum(slot.dpt for slot in slots)
    counts = {}
    for name, blora in BLORA_DISABILITIES.items():
        total = blora if area.code == "33.16" else (2 * blora * people // BLORA_VOTERS + 1) // 2
        weights = [
            slot.dpt * spread("disabilitas", name, slot.desa.code, slot.number, low=0, high=1000)
            for slot in slots
        ]
        counts[name] = apportion(total, weights) if sum(weights) else [0] * len(slots)
    return counts
