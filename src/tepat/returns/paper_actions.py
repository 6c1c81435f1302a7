"""What changes with field papers: printed, photographed, and written down later as the event they tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from tepat.common import ledger
from tepat.common.acting import Actor, action, load_or_refuse
from tepat.common.documents import KeptFile, path_of
from tepat.common.errors import Refused
from tepat.common.identity import event_id
from tepat.common.models import Document, Election, Event
from tepat.common.permissions import Permission
from tepat.custody import holdings
from tepat.custody.actions import ACCEPTED, require_objects, require_person, require_post, states_now
from tepat.custody.events import Accepted, list_hash
from tepat.custody.models import Offer
from tepat.returns.models import FieldPaper, PaperPhoto

PRINTED = ledger.kind("returns.papers-printed")
PHOTO_RECEIVED = ledger.kind("returns.paper-photo-received")
SHEETS_PER_PRINT_MAX = 100
# A time written by hand is as exact as somebody's watch and memory.
WRITTEN_UNCERTAINTY_S = 15 * 60
ABOUT_LENGTH_MAX = 200


@dataclass(frozen=True)
class Sheet:
    """One printed field paper, as its row will say.

    Args:
        id: The paper's id, which its QR carries.
        kind: A value of `FieldPaper.Kind`.
        running: Its running number.
        number: Its number in the series.
        about: What it is about, in words.
        event: The event whose minutes it is, or None.
        first_page: Its first page in the file, from 1.
        pages: Its pages.
    """

    id: str
    kind: str
    running: int
    number: str
    about: str
    event: UUID | None
    first_page: int
    pages: int


@action(Permission.DOCUMENTS_ADD, area="area_code")
def keep_sheets(
    *, by: Actor, at: datetime, area_code: str, election: str, file: KeptFile, sheets: tuple[Sheet, ...]
) -> int:
    """Keep what was printed: the PDF, and one line for each paper that now has to come back.

    Args:
        by: Who printed.
        at: When.
        area_code: Whose people use the papers.
        election: The election's code.
        file: The PDF, safe in the store.
        sheets: Its papers; not empty.

    Returns:
        How many papers.

    Raises:
        Refused: FIELD-PAPER-MANY, FIELD-PAPER-NUMBER where somebody printed at the same moment.
    """
    assert sheets, "nothing printed"
    assert path_of(file.sha256).stat().st_size == file.size, file
    if len(sheets) > SHEETS_PER_PRINT_MAX:
        raise Refused("FIELD-PAPER-MANY", count=len(sheets), limit=SHEETS_PER_PRINT_MAX)
    row = Election.objects.get(code=election)
    made = [
        FieldPaper(
            id=sheet.id,
            election=row,
            area_code=area_code,
            kind=sheet.kind,
            running=sheet.running,
            number=sheet.number,
            about=sheet.about[:ABOUT_LENGTH_MAX],
            event=sheet.event,
            file=file.sha256,
            first_page=sheet.first_page,
            pages=sheet.pages,
            printed_at=at,
            printed_by=by.person,
        )
        for sheet in sheets
    ]
    try:
        with transaction.atomic():
            FieldPaper.objects.bulk_create(made)
    except IntegrityError as taken:
        raise Refused("FIELD-PAPER-NUMBER", number=sheets[0].number) from taken
    _name(file, f"Kertas lapangan {sheets[0].number}", area_code, by=by, at=at)
    about = ledger.About(
        objects=tuple(f"kertas:{sheet.id}" for sheet in sheets), place=area_code, evidence=(file.sha256,)
    )
    payload = {"kind": sheets[0].kind, "count": len(sheets), "sha256": file.sha256}
    ledger.record(PRINTED, payload, by=by, at=at, about=about)
    return len(sheets)


def _name(file: KeptFile, label: str, area_code: str, *, by: Actor, at: datetime) -> None:
    """Name a file in the store; the same file twice keeps its first row."""
    row = Document(
        sha256=file.sha256,
        size=file.size,
        media_type=file.media_type,
        label=label,
        area_code=area_code,
        added_at=at,
        added_by=by.person,
    )
    Document.objects.bulk_create([row], ignore_conflicts=True)


@action(Permission.DOCUMENTS_ADD)
def receive_photo(*, by: Actor, at: datetime, paper: str, page: int, file: KeptFile) -> PaperPhoto:
    """Keep the photo of a signed field paper; the same photo twice has one effect.

    Args:
        by: Who brings it.
        at: When.
        paper: The paper's id, from its QR.
        page: Its page.
        file: The photo, safe in the store.

    Raises:
        Refused: FIELD-PAPER-UNKNOWN, also for papers outside the actor's area.
    """
    row = own_paper(by, paper)
    assert 1 <= page <= row.pages, (page, row.pages)
    made, new = PaperPhoto.objects.get_or_create(
        paper=row, page=page, sha256=file.sha256, defaults={"received_at": at, "received_by": by.person}
    )
    _name(file, f"Kertas kembali {row.number}", row.area_code, by=by, at=at)
    about = ledger.About(objects=(f"kertas:{row.pk}",), place=row.area_code, evidence=(file.sha256,))
    ledger.record(PHOTO_RECEIVED, {"page": page, "new": new}, by=by, at=at, about=about)
    return made


def own_paper(by: Actor, paper: str) -> FieldPaper:
    """Return a field paper that this person may bring back; one answer for unknown ones and other areas.

    Raises:
        Refused: FIELD-PAPER-UNKNOWN.
    """
    row = FieldPaper.objects.filter(pk=paper).first()
    if row is None or not by.may(Permission.DOCUMENTS_ADD, row.area_code):
        raise Refused("FIELD-PAPER-UNKNOWN", paper=paper)
    return row


@dataclass(frozen=True)
class Written:
    """What stands on a signed sheet.

    Args:
        giver: Who gave.
        receiver: Who received.
        post: At which post they received it.
        objects: What was received.
        written_at: The moment written on the sheet.
    """

    giver: UUID
    receiver: UUID
    post: str
    objects: tuple[str, ...]
    written_at: datetime


@action(Permission.CUSTODY_ACT)
def write_down(*, by: Actor, at: datetime, photo: int, written: Written) -> Event:
    """Write down later what a photographed sheet says: a receipt on paper, with both times kept.

    The moment is the one written on the sheet, give or take a quarter of an hour; that it was recorded later
    stays visible. Where the giver's offer of exactly these things is known it is answered by this; otherwise
    the receipt stays one-sided, because no phone of the giver says so.

    Args:
        by: Who writes it down; neither giver nor receiver need be there.
        at: When.
        photo: The photo's row.
        written: What the sheet says.

    Raises:
        NotAllowed: No such photo in the actor's area.
        Refused: FIELD-PAPER-NOTED, FIELD-PAPER-TIME, FIELD-PAPER-NOT-BLANK, CUSTODY-NO-OBJECTS,
            CUSTODY-TOO-MANY, CUSTODY-POST, CUSTODY-PERSON, CUSTODY-SAME-PERSON, CUSTODY-UNKNOWN-OBJECTS.
    """
    row = load_or_refuse(PaperPhoto, photo, by=by, permission=Permission.CUSTODY_ACT, lock=True)
    if row.paper.kind != FieldPaper.Kind.BLANK:
        raise Refused("FIELD-PAPER-NOT-BLANK", number=row.paper.number)
    if row.event:
        raise Refused("FIELD-PAPER-NOTED", number=row.paper.number)
    if written.written_at > at:
        raise Refused("FIELD-PAPER-TIME")
    _check(by, written)
    answered = _offer_of(written)
    payload = Accepted(
        offer=str(answered.pk) if answered else str(event_id()),
        list_hash=answered.list_hash if answered else list_hash(written.objects),
        giver=str(written.giver),
        receiver=str(written.receiver),
        post=written.post,
        proof="kertas",
    )
    about = ledger.About(
        objects=tuple(sorted(set(written.objects))),
        place=row.area_code,
        evidence=(row.sha256,),
        occurred_at=written.written_at,
        occurred_uncertainty_s=WRITTEN_UNCERTAINTY_S,
    )
    event = ledger.record(ACCEPTED, msgspec.to_builtins(payload), by=by, at=at, about=about)
    row.event = event.pk
    row.save(update_fields=["event"])
    return event


@action(Permission.CUSTODY_ACT)
def confirm_written(*, by: Actor, at: datetime, photo: int, signed: tuple[bool, bool]) -> Event:
    """Confirm from the same sheet that both signed it: the receipt on paper is two-sided from then on.

    Args:
        by: A second person of the office: not who wrote it down, and neither giver nor receiver.
        at: When.
        photo: The photo's row, from which a receipt was written down.
        signed: Whether the giver's and the receiver's signature stand on it, and what was written down does.

    Raises:
        NotAllowed: No such photo in the actor's area.
        Refused: FIELD-PAPER-NOT-NOTED, FIELD-PAPER-CONFIRMED, FIELD-PAPER-SECOND, FIELD-PAPER-SIGNATURES.
    """
    row = load_or_refuse(PaperPhoto, photo, by=by, permission=Permission.CUSTODY_ACT, lock=True)
    receipt = Event.objects.filter(pk=row.event, kind=ACCEPTED).first() if row.event else None
    if receipt is None:
        raise Refused("FIELD-PAPER-NOT-NOTED", number=row.paper.number)
    if row.confirmed:
        raise Refused("FIELD-PAPER-CONFIRMED", number=row.paper.number)
    said = msgspec.convert(ledger.read(receipt), Accepted)
    if str(by.person) in {str(receipt.actor), said.giver, said.receiver}:
        raise Refused("FIELD-PAPER-SECOND")
    if not all(signed):
        raise Refused("FIELD-PAPER-SIGNATURES", number=row.paper.number)
    payload = msgspec.structs.replace(said, confirms=str(receipt.pk))
    about = ledger.About(
        objects=tuple(receipt.objects_named),
        place=receipt.place,
        evidence=(row.sha256,),
        occurred_at=receipt.occurred_at,
        occurred_uncertainty_s=receipt.occurred_uncertainty_s,
    )
    event = ledger.record(ACCEPTED, msgspec.to_builtins(payload), by=by, at=at, about=about)
    row.confirmed = event.pk
    row.save(update_fields=["confirmed"])
    return event


def _check(by: Actor, written: Written) -> None:
    require_objects(written.objects)
    if len(set(written.objects)) > ledger.OBJECTS_MAX:
        raise Refused("CUSTODY-TOO-MANY", count=len(set(written.objects)), limit=ledger.OBJECTS_MAX)
    require_post(written.post, by, Permission.CUSTODY_ACT)
    for person in (written.giver, written.receiver):
        require_person(person)
    if written.giver == written.receiver:
        raise Refused("CUSTODY-SAME-PERSON")
    unknown = _unknown(written.objects)
    if unknown:
        raise Refused("CUSTODY-UNKNOWN-OBJECTS", count=len(unknown), labels=", ".join(unknown[:5]))


def _unknown(objects: Sequence[str]) -> list[str]:
    states = states_now(objects)
    return [name for name in objects if states[name].status == "belum_ada"]


def _offer_of(written: Written) -> Offer | None:
    """Return the giver's open offer of exactly these things to this post."""
    holdings.refresh()
    open_ones = Offer.objects.filter(
        state=Offer.State.OPEN, giver=str(written.giver), to_post=written.post, offered_us__isnull=False
    )
    wanted = sorted(set(written.objects))
    return next((row for row in open_ones if row.objects_named == wanted), None)
