"""What a person decides about a page that no QR told: which paper it is, or that it is none of ours."""

from dataclasses import dataclass
from datetime import datetime

from tepat.common import ledger
from tepat.common.acting import Actor, action, load_or_refuse
from tepat.common.errors import Refused
from tepat.common.permissions import Permission
from tepat.distribution.models import PrintedPaper, ReturnedPage
from tepat.distribution.paper_actions import own_paper
from tepat.distribution.paper_rows import complete_papers
from tepat.distribution.papers.codes import PageCode

PAGE_MATCHED = ledger.kind("papers.page-matched")
PAGE_SET_ASIDE = ledger.kind("papers.page-set-aside")
PAGE_TAKEN_BACK = ledger.kind("papers.page-taken-back")

REASON_LENGTH_LEAST = 4
REASON_LENGTH_MAX = 200
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", " ": None, "-": None})


@dataclass(frozen=True)
class Typed:
    """What a person read at the foot of a page.

    Args:
        document: The paper's id.
        page: The page's number.
        check: The two letters of the check.
    """

    document: str
    page: int
    check: str

    def clean(self) -> "Typed":
        """Return it as it was printed: capitals, without spaces, letters that look like digits as digits."""
        document, check = (text.upper().translate(MISREAD) for text in (self.document, self.check))
        return Typed(document, self.page, check)


@action(Permission.DOCUMENTS_ADD)
def match_page(*, by: Actor, at: datetime, page: int, typed: Typed) -> ReturnedPage:
    """Match a page that no QR told, by what stands at its foot; one that was set aside comes back by it.

    Args:
        by: Who read the foot.
        at: When.
        page: The page's row.
        typed: What stands there.

    Raises:
        NotAllowed: No such page in the actor's area.
        Refused: PAPER-PAGE-MATCHED, PAPER-UNKNOWN-DOCUMENT, PAPER-OTHER-ELECTION, PAPER-CHECK-WRONG.
    """
    row = load_or_refuse(ReturnedPage, page, by=by, permission=Permission.DOCUMENTS_ADD, lock=True)
    if row.paper is not None:
        raise Refused("PAPER-PAGE-MATCHED", paper=str(row.paper))
    given = typed.clean()
    paper = own_paper(by, given.document)
    election = paper.election
    if election != row.scan.election:
        said = {"file": row.scan.name, "page": row.page}
        raise Refused("PAPER-OTHER-ELECTION", **said, found=election.name, election=row.scan.election.name)
    pages = _pages_checked(paper, given)
    before = complete_papers({paper.pk})
    row.paper, row.paper_page, row.paper_pages = paper, given.page, pages
    row.typed, row.matched_at, row.matched_by = True, at, by.person
    row.aside_reason, row.aside_at, row.aside_by = "", None, None
    row.save()
    closed = sorted(complete_papers({paper.pk}) - before)
    payload = {"paper": paper.pk, "page": given.page, "pages": pages, "closed": closed}
    objects = (f"kertas:{paper.pk}", f"rencana:{paper.plan_id}")
    about = ledger.About(objects=objects, place=paper.area_code, evidence=(row.scan.sha256,))
    ledger.record(PAGE_MATCHED, payload, by=by, at=at, about=about)
    return row


def _pages_checked(paper: PrintedPaper, typed: Typed) -> int:
    """Return how many pages the paper had in the print that this page is from, which its check proves."""
    office, election = paper.plan.area_code, paper.election.code.upper()
    for pages in sorted(paper.page_totals, reverse=True):
        code = PageCode(office, election, paper.pk, typed.page, pages).text()
        if 1 <= typed.page <= pages and code.endswith(f":{typed.check}"):
            return int(pages)
    raise Refused("PAPER-CHECK-WRONG", document=typed.document, page=typed.page, check=typed.check)


@action(Permission.DOCUMENTS_ADD)
def set_page_aside(*, by: Actor, at: datetime, page: int, reason: str) -> ReturnedPage:
    """Take a page that is none of the office's papers out of the queue; the file and its line stay.

    Args:
        by: Who looked at it.
        at: When.
        page: The page's row.
        reason: What it is instead, in words.

    Raises:
        NotAllowed: No such page in the actor's area.
        Refused: PAPER-PAGE-MATCHED, PAPER-PAGE-ASIDE, PAPER-ASIDE-REASON.
    """
    row = load_or_refuse(ReturnedPage, page, by=by, permission=Permission.DOCUMENTS_ADD, lock=True)
    said = " ".join(reason.split())
    if row.paper is not None:
        raise Refused("PAPER-PAGE-MATCHED", paper=str(row.paper))
    if row.aside_at:
        raise Refused("PAPER-PAGE-ASIDE", reason=row.aside_reason)
    if len(said) < REASON_LENGTH_LEAST or len(said) > REASON_LENGTH_MAX:
        raise Refused("PAPER-ASIDE-REASON", least=REASON_LENGTH_LEAST, limit=REASON_LENGTH_MAX)
    row.aside_reason, row.aside_at, row.aside_by = said, at, by.person
    row.save(update_fields=["aside_reason", "aside_at", "aside_by"])
    ledger.record(PAGE_SET_ASIDE, {"page": row.page, "reason": said}, by=by, at=at, about=_about(row))
    return row


@action(Permission.DOCUMENTS_ADD)
def take_page_back(*, by: Actor, at: datetime, page: int) -> ReturnedPage:
    """Put a page that was set aside by mistake back into the queue.

    Args:
        by: Who found the mistake.
        at: When.
        page: The page's row.

    Raises:
        NotAllowed: No such page in the actor's area.
        Refused: PAPER-PAGE-WAITING where it is not set aside.
    """
    row = load_or_refuse(ReturnedPage, page, by=by, permission=Permission.DOCUMENTS_ADD, lock=True)
    if row.aside_at is None:
        raise Refused("PAPER-PAGE-WAITING")
    before = row.aside_reason
    row.aside_reason, row.aside_at, row.aside_by = "", None, None
    row.save(update_fields=["aside_reason", "aside_at", "aside_by"])
    ledger.record(PAGE_TAKEN_BACK, {"page": row.page, "reason": before}, by=by, at=at, about=_about(row))
    return row


def _about(page: ReturnedPage) -> ledger.About:
    scan = page.scan
    return ledger.About(objects=(f"pindaian:{scan.pk}",), place=scan.area_code, evidence=(scan.sha256,))
