"""Field papers to PDF, with the same letterhead, numbers and QR as the papers of the plan."""

import io
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import accumulate
from uuid import UUID

from django.conf import settings
from django.db.models import Max

from tepat.common.acting import Actor
from tepat.common.documents import keep, path_of
from tepat.common.errors import Refused
from tepat.common.event_words import event_word
from tepat.common.models import Election, Event, Office
from tepat.distribution.ending_actions import number_minutes
from tepat.distribution.ending_models import Ending
from tepat.distribution.ending_paper import content_of
from tepat.distribution.paper_jobs import office_papers
from tepat.distribution.papers.typesetting import Sheet as Letterhead
from tepat.distribution.papers.typesetting import typeset
from tepat.packing.minutes import minutes_of as opening_minutes
from tepat.packing.models import Opening
from tepat.returns.minutes import Kind, Paper, Words, blank_sheet, head, minutes_of, papers_for
from tepat.returns.models import FieldPaper, ReturnTrip
from tepat.returns.paper_actions import SHEETS_PER_PRINT_MAX, Sheet, keep_sheets
from tepat.returns.trip_paper import trip_part

SHORT = 200


def print_blank(
    *, by: Actor, at: datetime, office: Office, election: Election, area: tuple[str, str], count: int
) -> list[FieldPaper]:
    """Print numbered blank sheets for an area and keep them.

    Args:
        by: Who prints.
        at: When.
        office: The office.
        election: The election.
        area: The area's code, and in words.
        count: How many.

    Raises:
        Refused: FIELD-PAPER-MANY, FIELD-PAPER-NUMBER.
    """
    if not 0 < count <= SHEETS_PER_PRINT_MAX:
        raise Refused("FIELD-PAPER-MANY", count=count, limit=SHEETS_PER_PRINT_MAX)
    local, first = at.astimezone(office.zone), _next(election, Kind.BLANK)
    papers = [
        blank_sheet(running, code=office.area_code, election=election.code, at=local, place=area[1])
        for running in range(first, first + count)
    ]
    return _keep(
        papers, Kind.BLANK, area[0], None, f"lembar darurat {area[1]}", _Ways(by, at, office, election)
    )


def print_minutes(
    *, by: Actor, at: datetime, office: Office, event: Event, kind: Kind, words: Words
) -> FieldPaper:
    """Print the minutes of an event, once; the second time the same paper is returned.

    Args:
        by: Who prints.
        at: When.
        office: The office.
        event: The event.
        kind: One of `papers_for`.
        words: How people, posts and moments are written.

    Raises:
        Refused: FIELD-PAPER-NO-MINUTES, FIELD-PAPER-NUMBER.
    """
    known = FieldPaper.objects.filter(event=event.pk, kind=kind).first()
    if known:
        return known
    if kind not in papers_for(event):
        raise Refused("FIELD-PAPER-NO-MINUTES", event=event_word(event.kind))
    election = election_of(event)
    running = _next(election, kind)
    opening = head(
        kind,
        running,
        code=office.area_code,
        election=election.code,
        at=event.occurred_at.astimezone(office.zone),
        about=str(event.pk),
    )
    paper = minutes_of(event, kind, opening, words) | _particular(event, kind, words)
    about = f"{Kind(kind).label}, {len(event.objects_named)} kotak dan bundel"[:SHORT]
    area = event.place or office.area_code
    return _keep([paper], kind, area, event.pk, about, _Ways(by, at, office, election))[0]


def _particular(event: Event, kind: Kind, words: Words) -> Paper:
    """Return what the minutes of an opening and the letter of a trip say beside the event itself."""
    if kind is Kind.RETURN:
        return trip_part(ReturnTrip.objects.get(event=event.pk), words)
    openings = list(Opening.objects.filter(event=event.pk).select_related("object__set")[:2])
    if kind is not Kind.OPENING or len(openings) != 1:
        return {}
    return asdict(opening_minutes(openings[0])) | {"rows": []}


def print_replacement(*, by: Actor, at: datetime, office: Office, offer: UUID) -> FieldPaper:
    """Print the minutes of a refusal and its replacement, once; the second time the same paper is returned.

    Args:
        by: Who prints.
        at: When.
        office: The office.
        offer: The refused offer.

    Raises:
        NotAllowed: No such ending in the actor's area.
        Refused: FIELD-PAPER-NUMBER.
    """
    known = FieldPaper.objects.filter(event=offer, kind=Kind.REPLACEMENT).first()
    if known:
        return known
    ending = Ending.objects.get(pk=offer)
    if not ending.number:
        ending = number_minutes(by=by, at=at, offer=offer, key=f"ba-{offer}")
    paper = content_of(ending, office) | {"running": ending.running}
    election = _election_among(ending.objects_refused) or Election.objects.order_by("polling_date").last()
    assert election is not None, "an office with boxes has an election"
    ways = _Ways(by, at, office, election)
    area = ending.area_code or office.area_code
    about = f"{len(ending.refused)} ditolak di {paper['to']}"[:SHORT]
    return _keep([paper], Kind.REPLACEMENT, area, offer, about, ways)[0]


def election_of(event: Event) -> Election:
    """Return the election whose objects an event names.

    Raises:
        Refused: FIELD-PAPER-NO-MINUTES.
    """
    found = _election_among(event.objects_named)
    if found is None:
        raise Refused("FIELD-PAPER-NO-MINUTES", event=event_word(event.kind))
    return found


def _election_among(objects: Sequence[str]) -> Election | None:
    codes = {name.split(":")[1] for name in objects if name.count(":") == 2}
    return Election.objects.filter(code__in=codes).order_by("-polling_date").first()


class _Ways:
    """Who prints, when, for which office and election."""

    def __init__(self, by: Actor, at: datetime, office: Office, election: Election) -> None:
        self.by, self.at, self.office, self.election = by, at, office, election

    @property
    def letterhead(self) -> Letterhead:
        """What the papers share."""
        return Letterhead(
            self.office.area_code,
            self.election.code,
            "LATIHAN" if settings.LATIHAN else "",
            office_papers(self.office.area_code, self.office.name),
        )


def _next(election: Election, kind: Kind) -> int:
    rows = FieldPaper.objects.filter(election=election, kind=kind)
    return (rows.aggregate(last=Max("running"))["last"] or 0) + 1


def _keep(
    papers: Sequence[Paper], kind: Kind, area: str, event: UUID | None, about: str, ways: _Ways
) -> list[FieldPaper]:
    pdf, pages = typeset(ways.letterhead, list(papers))
    file = keep(io.BytesIO(pdf))
    starts = accumulate(pages, initial=1)
    sheets = tuple(
        Sheet(paper["id"], kind.value, paper["running"], paper["number"], about, event, first, count)
        for paper, first, count in zip(papers, starts, pages, strict=False)
    )
    keep_sheets(
        by=ways.by,
        at=ways.at,
        area_code=area,
        election=ways.election.code,
        file=file,
        sheets=sheets,
    )
    rows = FieldPaper.objects.in_bulk([sheet.id for sheet in sheets])
    return [rows[sheet.id] for sheet in sheets]


def pdf_of(paper: FieldPaper) -> bytes:
    """Return the pages of one paper alone."""
    import pypdfium2

    out = io.BytesIO()
    with pypdfium2.PdfDocument(path_of(paper.file)) as whole, pypdfium2.PdfDocument.new() as part:
        part.import_pages(whole, range(paper.first_page - 1, paper.first_page - 1 + paper.pages))
        part.save(out)
    return out.getvalue()
