"""The papers of a plan as a whole, from what the office keeps: read on the screen, printed by kind."""

import tempfile
from datetime import datetime
from pathlib import Path

import msgspec

from tepat.common.acting import Actor
from tepat.common.tables import short_date
from tepat.distribution.comparison import Column
from tepat.distribution.models import PlanVersion, PrintedPaper
from tepat.distribution.paper_actions import keep_printed
from tepat.distribution.paper_jobs import book_of, kept_file, open_book
from tepat.distribution.papers import Book, print_batches
from tepat.distribution.papers.typesetting import Sheet
from tepat.distribution.plan_papers import Source, papers_of_plan
from tepat.distribution.versions import latest_plans


def source_of(row: PlanVersion) -> Source:
    """Return what the papers of a stored plan are made from."""
    return _source(row, book_of(row))


def _source(row: PlanVersion, book: Book) -> Source:
    beside = {plan.strategy: plan for plan in latest_plans(row.problem)} | {row.strategy: row}
    columns = [msgspec.convert(plan.column, Column) for plan in beside.values()]
    minutes = f"{row.minutes_number}, {short_date(row.minutes_date)}" if row.minutes_date else ""
    return Source(book, columns, row.number, minutes, row.reason)


def print_kind(*, by: Actor, at: datetime, row: PlanVersion, kind: str) -> str:
    """Print all papers of one kind of a plan, keep them, and return the file's SHA-256.

    Args:
        by: Who prints.
        at: When.
        row: The plan; checked once more before anything is printed.
        kind: A key of `PLAN_KINDS`.

    Raises:
        NotAllowed: No such plan in the actor's area.
        Refused: PAPER-NOT-ACCEPTED, PLAN-NOT-IN-STATE.
    """
    source = _source(row, open_book(row))
    with tempfile.TemporaryDirectory(prefix="tepat-kertas-") as name:
        sheaves = print_batches(Sheet.of(source.book), papers_of_plan(source, kind), Path(name))
        files = tuple(kept_file(sheaf, row) for sheaf in sheaves)
    keep_printed(by=by, at=at, plan=row.pk, draft=not row.frozen, files=files)
    return files[0].file.sha256


def printed_of(row: PlanVersion, kind: str) -> list[PrintedPaper]:
    """Return the printed papers of one kind that hold for a plan."""
    return list(PrintedPaper.objects.filter(plan=row, kind=kind, draft=not row.frozen))
