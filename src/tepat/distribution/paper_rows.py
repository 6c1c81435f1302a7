"""Which papers came back: for each printed paper the pages that are here and those that are missing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from django.db.models import QuerySet

from tepat.distribution.models import PlanVersion, PrintedPaper, ReturnedPage
from tepat.distribution.papers.settings import PLAN_SERIES

type PaperState = Literal["lengkap", "sebagian", "belum"]


@dataclass(frozen=True)
class Returned:
    """What came back of one paper.

    Args:
        here: The pages that are here, from 1.
        missing: Those that are missing.
    """

    here: tuple[int, ...]
    missing: tuple[int, ...]

    @property
    def state(self) -> PaperState:
        """Whole, partly or not at all."""
        if not self.missing:
            return "lengkap"
        return "sebagian" if self.here else "belum"


def returned_of(pages: int, found: Iterable[tuple[int, int]]) -> Returned:
    """Return what came back of a paper; pages of different prints of it are not mixed.

    Args:
        pages: Its pages in the newest print.
        found: For each page that came back its number and the pages of the print that it is from.
    """
    prints: dict[int, set[int]] = {pages: set()}
    for page, total in found:
        prints.setdefault(total, set()).add(page)
    choices = [
        Returned(tuple(sorted(here)), tuple(page for page in range(1, total + 1) if page not in here))
        for total, here in prints.items()
    ]
    return min(choices, key=lambda choice: (bool(choice.missing), not choice.here, len(choice.missing)))


def returned_by_paper(papers: Iterable[PrintedPaper]) -> dict[str, Returned]:
    """Return what came back of each of these papers of one plan."""
    rows = list(papers)
    found: dict[str, list[tuple[int, int]]] = {paper.pk: [] for paper in rows}
    matched = ReturnedPage.objects.filter(paper__plan__in={paper.plan_id for paper in rows})
    for paper, page, pages in matched.order_by().values_list("paper_id", "paper_page", "paper_pages"):
        if paper in found:
            assert page is not None
            assert pages is not None
            found[paper].append((page, pages))
    return {paper.pk: returned_of(paper.pages, found[paper.pk]) for paper in rows}


def complete_papers(ids: Collection[str]) -> set[str]:
    """Return which of these papers came back whole."""
    papers = PrintedPaper.objects.filter(pk__in=ids)
    return {key for key, found in returned_by_paper(papers).items() if found.state == "lengkap"}


def current_papers(plan: PlanVersion) -> QuerySet[PrintedPaper]:
    """Return the papers of a plan that hold: of a published one not those of its time as a draft.

    Papers of the plan as a whole are not among them (`plan_papers`): nobody waits for them to come back.
    """
    return PrintedPaper.objects.filter(plan=plan, draft=not plan.frozen).exclude(kind__in=PLAN_SERIES)


def waiting_pages() -> QuerySet[ReturnedPage]:
    """Return the pages that nobody recognised yet and that nobody set aside."""
    return ReturnedPage.objects.filter(paper__isnull=True, aside_at__isnull=True)


def aside_pages() -> QuerySet[ReturnedPage]:
    """Return the pages that were set aside as none of the office's papers."""
    return ReturnedPage.objects.filter(aside_at__isnull=False)
