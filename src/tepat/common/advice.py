"""How a *saran perbaikan* stands: waiting, due soon, overdue, answered in time or late. Pure."""

from dataclasses import dataclass
from datetime import date

SOON_DAYS = 1


@dataclass(frozen=True)
class AdviceState:
    """One state with its word.

    Args:
        key: ``aman``, ``perhatikan``, ``gawat`` or ``belum``; empty for a note that has no state.
        word: What stands beside the colour.
        open: Whether the office still owes an answer.
        overdue: Whether it owes it since before today.
    """

    key: str
    word: str
    open: bool = False
    overdue: bool = False


def advice_state(due: date | None, answered: date | None, today: date) -> AdviceState:
    """Return how one note stands; the last day counts as in time.

    Args:
        due: The day by which the office answers; None for a note that waits for nothing.
        answered: The day of the answer, or None.
        today: Today in the office's zone.
    """
    if due is None:
        return AdviceState("", "catatan")
    if answered is not None:
        late = (answered - due).days
        return (
            AdviceState("perhatikan", f"DIJAWAB, LAMBAT {late} HARI")
            if late > 0
            else AdviceState("aman", "DIJAWAB")
        )
    left = (due - today).days
    if left < 0:
        return AdviceState("gawat", f"LEWAT {-left} HARI", open=True, overdue=True)
    if left <= SOON_DAYS:
        return AdviceState("perhatikan", "JAWAB HARI INI" if left == 0 else f"TINGGAL {left} HARI", open=True)
    return AdviceState("belum", f"{left} HARI LAGI", open=True)
