"""Which TPS lacks what its voters with disabilities need; what nobody looked at is its own state."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tepat.common.models import Tps

KINDS = ("fisik", "intelektual", "mental", "wicara", "rungu", "netra")
ORDER = {"gawat": 0, "belum": 1, "perhatikan": 2, "aman": 3}


@dataclass(frozen=True)
class Gap:
    """One TPS with voters with disabilities.

    Args:
        tps: The row.
        name: As people write it.
        code: The desa's code.
        by_kind: Voters by kind of disability.
        step_free: No stairs on the way in; None where nobody looked.
        low_table: A table low enough; None where nobody looked.
        abtn: The aid for the blind is there; None where nobody looked.
        state: ``gawat`` where something needed is missing, ``belum`` where it is not known, ``perhatikan``
            where only something that nobody on the list needs is missing or unknown, ``aman`` otherwise.
        lacking: What is missing or unknown, in words.
        contoh: Whether the numbers are not real.
    """

    tps: int
    name: str
    code: str
    by_kind: dict[str, int]
    step_free: bool | None
    low_table: bool | None
    abtn: bool | None
    state: str
    lacking: str
    contoh: bool

    @property
    def voters(self) -> int:
        """All voters with a disability, in people."""
        return sum(self.by_kind.values())

    @property
    def blind(self) -> int:
        """Blind voters, in people."""
        return self.by_kind["netra"]

    @property
    def physical(self) -> int:
        """Voters with a physical disability, in people."""
        return self.by_kind["fisik"]


def gaps(rows: Iterable["Tps"]) -> list[Gap]:
    """Return the TPS that have voters with disabilities, the worst state and the most voters first."""
    found = [_gap(tps) for tps in rows if tps.disabled_voters]
    return sorted(found, key=lambda gap: (ORDER[gap.state], -gap.voters, gap.code, gap.name))


def needed(by_kind: dict[str, int]) -> tuple[str, ...]:
    """Return which of the three provisions the voters on the list need.

    Args:
        by_kind: Voters by kind of disability.

    Source:
        UU 7/2017 pasal 350 ayat (2): TPS easy to reach, also with a disability; ABTN for blind voters.
    """
    wanted = ["step_free", "low_table"] if by_kind["fisik"] else []
    return (*wanted, "abtn") if by_kind["netra"] else tuple(wanted)


WORDS = {"step_free": "jalan tanpa tangga", "low_table": "meja rendah", "abtn": "ABTN"}


def _gap(tps: "Tps") -> Gap:
    by_kind = {kind: int(getattr(tps, f"voters_{kind}")) for kind in KINDS}
    has = {"step_free": tps.step_free, "low_table": tps.low_table, "abtn": tps.abtn}
    wanted = needed(by_kind)
    missing = [WORDS[name] for name in wanted if has[name] is False]
    unknown = [WORDS[name] for name in wanted if has[name] is None]
    other = [name for name in WORDS if name not in wanted and has[name] is not True]
    state = "gawat" if missing else "belum" if unknown else "perhatikan" if other else "aman"
    parts = [f"tidak ada: {', '.join(missing)}"] if missing else []
    parts += [f"belum dilihat: {', '.join(unknown)}"] if unknown else []
    return Gap(
        tps=tps.pk,
        name=f"TPS {tps.number:03d} {tps.desa.name}",
        code=tps.desa.code,
        by_kind=by_kind,
        step_free=tps.step_free,
        low_table=tps.low_table,
        abtn=tps.abtn,
        state=state,
        lacking="; ".join(parts),
        contoh=tps.source_kind != "daftar" or tps.accessibility_source == "contoh",
    )
