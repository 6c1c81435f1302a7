"""What a paper of a plan consists of: words, tables, who signs; the same on screen, in Excel and in print."""

from collections.abc import Sequence
from dataclasses import dataclass

from tepat.common.tables import Table
from tepat.distribution.comparison import Column
from tepat.distribution.papers.content import Book
from tepat.distribution.papers.settings import KINDS, PLAN_SERIES

PLAN_KINDS = {kind: KINDS[kind] for kind in PLAN_SERIES if kind != "surat-tugas"}
"""Papers that a plan as a whole has; they are sent, and nobody waits for them to come back."""


@dataclass(frozen=True)
class Source:
    """What papers are made from.

    Args:
        book: The checked plan with its problem and the office's settings.
        columns: The strategies to compare, this plan's among them.
        version: The plan's number in the office; None outside of one.
        minutes: Number and date of the pleno's minutes, or empty.
        reason: Why the pleno chose it, or empty.
    """

    book: Book
    columns: Sequence[Column] = ()
    version: int | None = None
    minutes: str = ""
    reason: str = ""


@dataclass(frozen=True)
class PlanDocument:
    """One paper of a plan.

    Args:
        kind: A key of `PLAN_KINDS`.
        part: What tells it from the others of its kind, such as ``dishub``; may be empty.
        title: Its heading.
        to: For whom.
        lead: Sentences above the tables.
        tables: Its tables.
        signers: Posts that sign.
        wide: Whether it lies on its side.
    """

    kind: str
    part: str
    title: str
    to: str
    lead: tuple[str, ...]
    tables: tuple[Table, ...]
    signers: tuple[str, ...] = ()
    wide: bool = False
