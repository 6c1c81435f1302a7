"""The elections Tepat knows by name: which ballots a voter gets, on which day, and where the law differs.

Quantities and their rules stand in the planning rule sets; these are the facts that the register needs.
"""

from dataclasses import dataclass
from datetime import date

from tepat.common.errors import Refused

PEMILU = "pemilu"
PILKADA = "pilkada"


@dataclass(frozen=True)
class ElectionKind:
    """One election event as the register knows it.

    Args:
        code: The stable code, such as ``pemilu-2024``; also the code of its rule set.
        kind: ``pemilu`` or ``pilkada``.
        name: As written on papers.
        polling_date: H, the local date of polling.
        ballots: Ballot codes in the office's order.
        voters_per_tps_max: The ceiling of one TPS, in voters.
        source: Where ballots and ceiling come from.
    """

    code: str
    kind: str
    name: str
    polling_date: date
    ballots: tuple[str, ...]
    voters_per_tps_max: int
    source: str


KINDS: dict[str, ElectionKind] = {
    kind.code: kind
    for kind in (
        ElectionKind(
            code="pemilu-2024",
            kind=PEMILU,
            name="Pemilu 2024",
            polling_date=date(2024, 2, 14),
            ballots=("PPWP", "DPR", "DPD", "DPRDP", "DPRDK"),
            voters_per_tps_max=300,
            source="UU 7/2017; batas 300 pemilih belum diverifikasi",
        ),
        ElectionKind(
            code="pilkada-2024",
            kind=PILKADA,
            name="Pilkada 2024",
            polling_date=date(2024, 11, 27),
            ballots=("PGUB", "PBUP"),
            voters_per_tps_max=600,
            source="UU Pilkada; batas 600 pemilih (TPS Todanan, 601 pemilih, dipecah)",
        ),
    )
}

# Jakarta has no DPRD kabupaten/kota and elects no bupati; in Yogyakarta the governor is not elected.
BALLOTS_NOT_HELD: dict[str, frozenset[str]] = {
    "31": frozenset({"DPRDK", "PBUP"}),
    "34": frozenset({"PGUB"}),
}


def election_kind(code: str) -> ElectionKind:
    """Return an election by its code.

    Raises:
        Refused: COMMON-UNKNOWN-ELECTION.
    """
    kind = KINDS.get(code.strip().lower())
    if kind is None:
        raise Refused("COMMON-UNKNOWN-ELECTION", election=code, known=", ".join(KINDS))
    return kind


def ballots_held(code: str, area_code: str) -> tuple[str, ...]:
    """Return the ballots an election has in an area.

    Args:
        code: The election.
        area_code: Any official code; its first two digits are the province.

    Raises:
        Refused: COMMON-UNKNOWN-ELECTION.
    """
    missing = BALLOTS_NOT_HELD.get(area_code[:2], frozenset())
    return tuple(ballot for ballot in election_kind(code).ballots if ballot not in missing)
