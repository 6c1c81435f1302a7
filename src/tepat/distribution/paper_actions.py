"""What changes with papers: the office's settings, what was printed, what came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from tepat.common import ledger
from tepat.common.acting import Actor, action, load_or_refuse
from tepat.common.documents import KeptFile, path_of
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Document
from tepat.common.permissions import Permission
from tepat.distribution.models import PaperSetting, PlanVersion, PrintedPaper, ReturnedPage, ReturnedScan
from tepat.distribution.paper_rows import complete_papers
from tepat.distribution.papers.codes import PageCode
from tepat.distribution.papers.reading import ReadPage
from tepat.distribution.papers.settings import PaperSettings

SETTINGS_SET = ledger.kind("papers.settings-set")
PRINTED = ledger.kind("papers.printed")
SCAN_RECEIVED = ledger.kind("papers.scan-received")

ROWS_AT_ONCE = 500
NAME_LENGTH_MAX = 120


@action(Permission.OFFICE_EDIT, area="area_code")
def set_papers(*, by: Actor, at: datetime, area_code: str, settings: PaperSettings) -> PaperSetting:
    """Set what the office decided about its papers; the next print uses it, printed papers stay.

    Raises:
        Refused: PAPER-SETTING-SAME.
    """
    values = msgspec.json.decode(msgspec.json.encode(settings))
    known = PaperSetting.objects.filter(area_code=area_code).first()
    if known and known.values == values:
        raise Refused("PAPER-SETTING-SAME")
    row, _ = PaperSetting.objects.update_or_create(
        area_code=area_code, defaults={"values": values, "set_at": at, "set_by": by.person}
    )
    about = ledger.About(objects=(f"setelan-kertas:{area_code}",), place=area_code)
    payload = {"before": known.values if known else None, "after": values}
    ledger.record(SETTINGS_SET, payload, by=by, at=at, about=about)
    return row


@dataclass(frozen=True)
class PaperLine:
    """One printed paper, as its row will say.

    Args:
        id: The paper's id.
        kind: The kind of paper.
        running: Its running number.
        number: Its number in the office's series.
        day: The day of the hand-over.
        about: What it is about, in words.
        area_code: Whose people read it.
        trip: The trip, or empty.
        place: The place, or empty.
        unit: The set, or empty.
        first_page: Its first page in the file, from 1.
        pages: Its pages.
    """

    id: str
    kind: str
    running: int
    number: str
    day: date
    about: str
    area_code: str
    trip: str
    place: str
    unit: str
    first_page: int
    pages: int


@dataclass(frozen=True)
class PrintedFile:
    """One PDF in the documents store with its papers."""

    file: KeptFile
    label: str
    group: str
    lines: tuple[PaperLine, ...]


@action(Permission.PAPERS_PRINT)
def keep_printed(
    *, by: Actor, at: datetime, plan: int, draft: bool, files: tuple[PrintedFile, ...]
) -> PlanVersion:
    """Keep what was printed: the files and one line for each paper; the same print twice is kept once.

    Args:
        by: Who printed.
        at: When.
        plan: The plan.
        draft: Whether the papers carry the watermark of a draft.
        files: The PDFs, already in the documents store.

    Raises:
        NotAllowed: No such plan in the actor's area.
        Refused: PAPER-NOT-ACCEPTED; PLAN-NOT-IN-STATE where the plan was published while it was printed.
    """
    row = load_or_refuse(PlanVersion, plan, by=by, permission=Permission.PAPERS_PRINT, lock=True)
    if row.status != PlanVersion.Status.ACCEPTED:
        raise Refused("PAPER-NOT-ACCEPTED", number=row.number)
    if draft == row.frozen:
        raise Refused("PLAN-NOT-IN-STATE", number=row.number, state=PlanVersion.State(row.state).label)
    known = dict(row.papers.values_list("id", "page_totals"))
    made = [
        _paper(line, printed, row, draft=draft, at=at, totals=known.get(line.id, []))
        for printed in files
        for line in printed.lines
    ]
    _name_files(by, at, files, row.area_code)
    PrintedPaper.objects.bulk_create(
        made,
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["number", "file", "first_page", "pages", "page_totals", "group", "printed_at"],
    )
    payload = {
        "plan": row.number,
        "draft": draft,
        "papers": _count(made),
        "pages": sum(paper.pages for paper in made),
        "new": sum(paper.id not in known for paper in made),
    }
    evidence = tuple(sorted({printed.file.sha256 for printed in files}))
    about = ledger.About(objects=(f"rencana:{row.pk}",), place=row.area_code, evidence=evidence)
    ledger.record(PRINTED, payload, by=by, at=at, about=about)
    return row


def _paper(
    line: PaperLine, printed: PrintedFile, plan: PlanVersion, *, draft: bool, at: datetime, totals: list[int]
) -> PrintedPaper:
    return PrintedPaper(
        id=line.id,
        plan=plan,
        election=plan.problem.election,
        area_code=line.area_code,
        kind=line.kind,
        draft=draft,
        running=line.running,
        number=line.number,
        day=line.day,
        about=line.about,
        trip=line.trip,
        place=line.place,
        unit=line.unit,
        group=printed.group,
        file=printed.file.sha256,
        first_page=line.first_page,
        pages=line.pages,
        page_totals=sorted({*totals, line.pages}),
        printed_at=at,
    )


def _name_files(by: Actor, at: datetime, files: Sequence[PrintedFile], area_code: str) -> None:
    """Name the files in the store; who may print need not be one who may add documents of others."""
    for printed in files:
        assert path_of(printed.file.sha256).stat().st_size == printed.file.size, printed.file
    rows = [_document(by, at, printed.file, printed.label, area_code) for printed in files]
    Document.objects.bulk_create(rows, ignore_conflicts=True)


def _document(by: Actor, at: datetime, file: KeptFile, label: str, area_code: str) -> Document:
    return Document(
        sha256=file.sha256,
        size=file.size,
        media_type=file.media_type,
        label=label,
        area_code=area_code,
        added_at=at,
        added_by=by.person,
    )


def _count(papers: Sequence[PrintedPaper]) -> dict[str, int]:
    kinds = [paper.kind for paper in papers]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def recognise(
    *, by: Actor, plan: PlanVersion, name: str, read: Sequence[ReadPage]
) -> dict[int, tuple[PrintedPaper, PageCode]]:
    """Return which paper each page of a scan shows; pages without a code are left out.

    Args:
        by: Who brings it.
        plan: The plan whose papers are open on the screen.
        name: The file's name, for sentences.
        read: What `read_scan` found.

    Raises:
        Refused: PAPER-OTHER-OFFICE, PAPER-OTHER-ELECTION, PAPER-OTHER-PLAN, PAPER-UNKNOWN-DOCUMENT; the last
            also for papers outside the actor's area.
    """
    office, election = plan.area_code, plan.problem.election
    found: dict[int, tuple[PrintedPaper, PageCode]] = {}
    for page in read:
        code = page.code
        if code is None:
            continue
        said: dict[str, Any] = {"file": name, "page": page.page}
        if code.office != office:
            raise Refused("PAPER-OTHER-OFFICE", **said, found=code.office, office=office)
        if code.election != election.code.upper():
            raise Refused("PAPER-OTHER-ELECTION", **said, found=code.election.lower(), election=election.name)
        paper = own_paper(by, code.document)
        if paper.plan_id != plan.pk or paper.draft == plan.frozen:
            raise Refused("PAPER-OTHER-PLAN", **said, found=_print_of(paper), plan=_plan_words(plan))
        found[page.page] = paper, code
    return found


def _plan_words(plan: PlanVersion) -> str:
    return f"rencana versi {plan.number}{'' if plan.frozen else ' (draf)'}"


def _print_of(paper: PrintedPaper) -> str:
    return f"rencana versi {paper.plan.number}{' (draf)' if paper.draft else ''}"


def own_paper(by: Actor, document: str) -> PrintedPaper:
    """Return a paper that this person may bring back; one answer for unknown ids and for other areas.

    Raises:
        Refused: PAPER-UNKNOWN-DOCUMENT.
    """
    try:
        return load_or_refuse(PrintedPaper, document, by=by, permission=Permission.DOCUMENTS_ADD)
    except NotAllowed as hidden:
        if hidden.code != "COMMON-NOT-FOUND":
            raise
        raise Refused("PAPER-UNKNOWN-DOCUMENT", document=document) from hidden


@dataclass(frozen=True)
class Scan:
    """A file that came back, read and safe in the store.

    Args:
        file: What `keep` returned.
        name: Its name.
        read: What stands on its pages.
    """

    file: KeptFile
    name: str
    read: tuple[ReadPage, ...]


@action(Permission.DOCUMENTS_ADD, area="area_code")
def receive_scan(*, by: Actor, at: datetime, area_code: str, plan: int, scan: Scan) -> ReturnedScan:
    """Keep a scan and match its pages by their QR; the same file twice has one effect.

    Args:
        by: Who brings it.
        at: When.
        area_code: The area of the post that brings it.
        plan: The plan whose papers are open on the screen.
        scan: The file.

    Raises:
        NotAllowed: No papers of such a plan in the actor's area.
        Refused: Those of `recognise`.
    """
    version = plan_of_papers(by, plan)
    found = recognise(by=by, plan=version, name=scan.name, read=scan.read)
    file = scan.file
    assert path_of(file.sha256).stat().st_size == file.size, file
    before = complete_papers({paper.pk for paper, _ in found.values()})
    kept, new = ReturnedScan.objects.get_or_create(
        sha256=file.sha256,
        defaults={
            "election": version.problem.election,
            "area_code": area_code,
            "name": scan.name[:NAME_LENGTH_MAX],
            "pages": len(scan.read),
            "received_at": at,
            "received_by": by.person,
        },
    )
    if new:
        Document.objects.bulk_create(
            [_document(by, at, file, f"Dokumen kembali, {version}"[:200], area_code)], ignore_conflicts=True
        )
        ReturnedPage.objects.bulk_create(
            [_page(kept, page.page, found.get(page.page), by=by, at=at) for page in scan.read]
        )
    papers = sorted({paper.pk for paper, _ in found.values()})
    closed = sorted(complete_papers(papers) - before)
    payload = {"sha256": file.sha256, "new": new, "pages": len(scan.read), "matched": len(found)}
    objects = (f"rencana:{version.pk}", *(f"kertas:{paper}" for paper in papers))
    about = ledger.About(objects=objects, place=area_code, evidence=(file.sha256,))
    ledger.record(SCAN_RECEIVED, payload | {"closed": closed}, by=by, at=at, about=about)
    return kept


def plan_of_papers(by: Actor, plan: int) -> PlanVersion:
    """Return a plan of which this person may bring papers back: the office's, or one with papers of the area.

    Raises:
        NotAllowed: COMMON-NOT-FOUND.
    """
    found = PlanVersion.objects.filter(pk=plan).select_related("problem__election").first()
    if found is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    areas = found.papers.order_by().values_list("area_code", flat=True).distinct()
    if not any(by.may(Permission.DOCUMENTS_ADD, area) for area in (found.area_code, *areas)):
        raise NotAllowed("COMMON-NOT-FOUND")
    return found


def _page(
    scan: ReturnedScan, page: int, found: tuple[PrintedPaper, PageCode] | None, *, by: Actor, at: datetime
) -> ReturnedPage:
    if found is None:
        return ReturnedPage(scan=scan, page=page)
    paper, code = found
    return ReturnedPage(
        scan=scan,
        page=page,
        paper=paper,
        paper_page=code.page,
        paper_pages=code.pages,
        matched_at=at,
        matched_by=by.person,
    )
