"""The printing job of the office screens: an accepted plan, checked again, becomes PDFs and lines."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.db.models import Max

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.documents import keep
from tepat.common.errors import Refused
from tepat.common.jobs import advance, asker
from tepat.common.models import Job
from tepat.common.permissions import Permission
from tepat.distribution.archive import matrices_of, plan_of, problem_of
from tepat.distribution.checker import check
from tepat.distribution.models import PaperSetting, PlanVersion, PrintedPaper
from tepat.distribution.paper_actions import PaperLine, PrintedFile, keep_printed
from tepat.distribution.papers import Book, Placed, Sheaf, print_sheaves
from tepat.distribution.papers.checklist import checklists
from tepat.distribution.papers.content import Contents
from tepat.distribution.papers.settings import KINDS, PaperSettings, paper_settings, settings_from
from tepat.planning.office_needs import needs_in_area

WORKERS = 2


class Cancelled(Exception):  # noqa: N818 - not an error: somebody pressed the button
    """The job was cancelled while it ran."""


def print_plan_papers(job: Job, *, plan: int) -> dict[str, Any]:
    """Print all papers of an accepted plan and keep them; a second run of the same job changes nothing.

    Args:
        job: The job's row; who asked for it needs the right to print.
        plan: The plan's row.

    Returns:
        How many papers, pages, bytes and files, and how many sets have other boxes now than in the plan.

    Raises:
        NotAllowed: No such plan in the asker's area.
        Refused: PAPER-NOT-ACCEPTED, and those of reading the stored problem.
    """
    by = asker(job)
    row = load_or_refuse(PlanVersion, plan, by=by, permission=Permission.PAPERS_PRINT)
    draft = not row.frozen
    _tell(job, 0, 1, "Memeriksa rencana sekali lagi")
    book = open_book(row)
    contents = checklists(needs_in_area(row.problem.election, row.area_code))
    with tempfile.TemporaryDirectory(prefix="tepat-kertas-") as name:
        sheaves = print_sheaves(
            book,
            contents,
            Path(name),
            workers=WORKERS,
            progress=lambda done, every: _tell(job, done, every, f"Mencetak: {done} dari {every} dokumen"),
        )
        files = tuple(kept_file(sheaf, row) for sheaf in sheaves)
    keep_printed(by=by, at=now(), plan=row.pk, draft=draft, files=files)
    lines = [line for printed in files for line in printed.lines]
    return {
        "plan": row.pk,
        "papers": len(lines),
        "pages": sum(line.pages for line in lines),
        "bytes": sum(printed.file.size for printed in files),
        "files": len(files),
        "changed": changed_sets(book, contents),
    }


def open_book(row: PlanVersion) -> Book:
    """Return a stored plan opened for printing, checked once more.

    Raises:
        Refused: PAPER-NOT-ACCEPTED.
    """
    problem, plan = problem_of(row.problem.sha256), plan_of(row.sha256)
    if not check(problem, plan, matrices_of(row.problem.sha256)).accepted:
        raise Refused("PAPER-NOT-ACCEPTED", number=row.number)
    return book_of(row)


def book_of(row: PlanVersion) -> Book:
    """Return a stored plan opened for reading, with the numbers that its papers carry or will carry."""
    problem, plan = problem_of(row.problem.sha256), plan_of(row.sha256)
    own = PrintedPaper.objects.filter(plan=row, draft=False)
    others = PrintedPaper.objects.filter(election=row.problem.election, draft=False).exclude(plan=row)
    highest = others.order_by().values_list("kind").annotate(Max("running"))
    before = own.order_by().values_list("kind", "pk", "number", "running")
    last = dict(highest)
    for kind, _, _, running in before:
        last[kind] = min(last.get(kind, running), running - 1)
    return Book(
        problem,
        plan,
        row.sha256,
        office_papers(row.area_code, problem.office.name),
        rehearsal=django_settings.LATIHAN,
        draft=not row.frozen,
        issued={pk: number for _, pk, number, _ in before},
        last={} if not row.frozen else last,
    )


def office_papers(area_code: str, office: str) -> PaperSettings:
    """Return the office's own settings, or the defaults with its name."""
    stored = PaperSetting.objects.filter(area_code=area_code).first()
    return settings_from(stored.values) if stored else paper_settings(office)


def changed_sets(book: Book, contents: Contents) -> int:
    """Return how many TPS sets have other boxes by today's needs (their first line) than in the plan."""
    planned = {unit.id: unit.boxes for unit in book.problem.units if unit.kind == "tps"}
    return sum(1 for key, goods in contents.items() if planned.get(key) != goods[0][1])


def kept_file(sheaf: Sheaf, row: PlanVersion) -> PrintedFile:
    """Put one printed PDF into the documents store."""
    with sheaf.file.open("rb") as stream:
        file = keep(stream)
    label = f"{KINDS[sheaf.kind]} {sheaf.group}, rencana versi {row.number}"
    return PrintedFile(file, label, sheaf.group, tuple(_line(placed) for placed in sheaf.papers))


def _line(placed: Placed) -> PaperLine:
    paper = placed.paper
    return PaperLine(
        id=paper["id"],
        kind=paper["kind"],
        running=paper["running"],
        number=paper["number"],
        day=date.fromisoformat(paper["on"]),
        about=paper["about"],
        area_code=paper["area"],
        trip=paper.get("trip", ""),
        place=paper.get("place", ""),
        unit=paper.get("unit", ""),
        first_page=placed.first_page,
        pages=placed.pages,
    )


def _tell(job: Job, done: int, total: int, message: str) -> None:
    if not advance(job.pk, now(), done=done, total=total, message=message):
        raise Cancelled
