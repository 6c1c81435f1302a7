"""Papers of a plan as a whole: strategy paper, RAB, escort plan, extracts, schedule. Pure; no Django.

Each is a `PlanDocument`, whose tables are those of the screen, of Excel and of the printed page.
"""

from tepat.common.tables import Column, Kind, Table, Value, cell, kind_of, shown
from tepat.distribution.papers.content import Paper
from tepat.distribution.plan_papers.document import PLAN_KINDS, PlanDocument, Source
from tepat.distribution.plan_papers.money import bill_paper, strategy_paper
from tepat.distribution.plan_papers.movements import escort_paper, extracts
from tepat.distribution.plan_papers.schedule import schedule_paper

__all__ = [
    "PLAN_KINDS",
    "PlanDocument",
    "Source",
    "documents_of",
    "paper_of",
    "papers_of_plan",
    "printed_table",
]

RIGHT = frozenset({Kind.COUNT, Kind.RUPIAH, Kind.METRES, Kind.SECONDS})
BROAD = frozenset({Kind.TEXT, Kind.STATE})


def documents_of(source: Source, kind: str) -> list[PlanDocument]:
    """Return the papers of one kind; only extracts are more than one.

    Args:
        source: What they are made from.
        kind: A key of `PLAN_KINDS`.
    """
    if kind == "petikan":
        return list(extracts(source))
    makers = {
        "strategi": strategy_paper,
        "rab": bill_paper,
        "pengawalan": escort_paper,
        "jadwal": schedule_paper,
    }
    return [makers[kind](source)]


def papers_of_plan(source: Source, kind: str) -> list[Paper]:
    """Return the papers of one kind as typesetting takes them."""
    return [paper_of(source, made, order) for order, made in enumerate(documents_of(source, kind), 1)]


def paper_of(source: Source, made: PlanDocument, order: int) -> Paper:
    """Return one paper with its number and id.

    Args:
        source: What it is made from.
        made: The paper.
        order: Its place among those of its kind, from 1.
    """
    book = source.book
    day = min((trip.date for trip in book.plan.trips), default=book.problem.election.polling_date)
    title = next(one.title for one in book.problem.strategies if one.name == book.plan.strategy)
    return book.head(made.kind, order, day, made.part) | {
        "area": book.problem.office.code,
        "about": f"{PLAN_KINDS[made.kind]}, untuk {made.to}"[:200],
        "group": made.kind,
        "title": made.title,
        "wide": made.wide,
        "facts": [
            ("Untuk", made.to),
            ("Pemilihan", book.problem.election.name),
            ("Rencana", (f"versi {source.version}, " if source.version else "") + title),
            ("Berita acara pleno", source.minutes or "belum ditetapkan"),
        ],
        "lead": list(made.lead),
        "tables": [printed_table(table) for table in made.tables],
        "signers": list(made.signers),
    }


def printed_table(table: Table) -> Paper:
    """Return a table as typesetting takes it."""
    lines = [*table.rows, *([table.totals] if table.totals else [])]
    return {
        "title": table.title,
        "note": " ".join(part for part in (table.note, table.contoh and f"Contoh: {table.contoh}.") if part),
        "heads": [column.title + (f" ({column.hint})" if column.hint else "") for column in table.columns],
        "broad": [column.kind in BROAD for column in table.columns],
        "right": [
            column.kind in RIGHT or (table.across and at > 0) for at, column in enumerate(table.columns)
        ],
        "rows": [[_text(value, column, table) for value, column in _pairs(line, table)] for line in lines],
        "summed": bool(table.totals),
        "empty": "" if table.rows else table.empty,
    }


def _pairs(line: object, table: Table) -> list[tuple[Value, Column]]:
    assert isinstance(line, list | tuple), line
    return list(zip(line, table.columns, strict=True))


def _text(value: Value, column: Column, table: Table) -> str:
    held = cell(value)
    if held.value is None:
        return ""
    if held.note and kind_of(held, column) is Kind.METRES:
        return held.note
    return held.word or shown(held.value, kind_of(held, column), table.zone)
