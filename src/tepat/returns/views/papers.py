"""Kertas lapangan: blank sheets printed beforehand, minutes of events, and their photos that come back."""

import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.documents import keep, path_of
from tepat.common.errors import NotAllowed, Refused, TepatError
from tepat.common.event_words import event_word
from tepat.common.frame import Frame, area_choices, names_of
from tepat.common.messages import Message, say
from tepat.common.models import Event, Post
from tepat.common.permissions import Permission, Role
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Table
from tepat.common.tables import Kind as Of
from tepat.custody.models import Holding
from tepat.custody.parties import label_of
from tepat.custody.views.shared import words_of
from tepat.distribution.ending_models import Ending
from tepat.distribution.papers.reading import page_picture, read_scan
from tepat.planning.scope import Scope, scope_of
from tepat.returns.forms import BlankForm, ConfirmForm, WrittenForm, photos_in
from tepat.returns.minutes import Kind, Words, papers_for
from tepat.returns.models import FieldPaper, PaperPhoto
from tepat.returns.paper_actions import confirm_written, own_paper, receive_photo, write_down
from tepat.returns.printing import pdf_of, print_blank, print_minutes, print_replacement

READ, ADD, ACT = Permission.DOCUMENTS_READ, Permission.DOCUMENTS_ADD, Permission.CUSTODY_ACT
PEOPLE_IN = ("giver", "receiver", "second", "first", "driver", "escort")
PAPERS_SHOWN_MAX = 2_000
PEOPLE_SHOWN_MAX = 2_000


@screen(READ)
def board(request: HttpRequest) -> HttpResponse:
    """Which field papers have not come back; print blank sheets, and bring photos."""
    scope = scope_of(request, READ)
    rows = scope.visible(FieldPaper.objects.filter(election=scope.election), "area_code")
    papers = list(
        rows.prefetch_related("photos").order_by("-printed_at", "kind", "running")[:PAPERS_SHOWN_MAX]
    )
    waiting = [paper for paper in papers if _missing(paper)]
    context = {
        "scope": scope,
        "judul": f"Kertas lapangan, {scope.election.name}",
        "form": BlankForm(areas=_areas(scope)) if scope.actor.has(ADD) else None,
        "may_add": scope.actor.has(ADD),
        "tables": [
            _table(scope, "belum-kembali", "Kertas belum kembali", waiting),
            _table(scope, "semua", "Semua kertas lapangan", papers),
        ],
    }
    return answer(request, "returns/kertas.html", context)


def _missing(paper: FieldPaper) -> list[int]:
    here = {photo.page for photo in paper.photos.all()}
    return [page for page in range(1, paper.pages + 1) if page not in here]


def _areas(scope: Scope) -> list[tuple[str, str]]:
    return area_choices(scope.actor.areas(ADD), scope.office)


def _table(scope: Scope, name: str, title: str, papers: list[FieldPaper]) -> Table:
    return Table(
        id=name,
        title=title,
        columns=(
            Column("Nomor"),
            Column("Jenis"),
            Column("Tentang"),
            Column("Dicetak", Of.MOMENT),
            Column("Keadaan", Of.STATE),
            Column("Dicatat", Of.TEXT),
            Column("Dokumen", Of.CODE),
        ),
        rows=[
            [
                Cell(paper.number, href=reverse("kertas-lapangan-satu", args=[paper.pk])),
                paper.get_kind_display(),
                paper.about,
                paper.printed_at,
                _state(paper),
                _noted(paper),
                paper.pk,
            ]
            for paper in papers
        ],
        note="Kertas yang belum kembali bukan berarti hilang: belum ada buktinya.",
        empty="Tidak ada.",
        zone=scope.zone,
    )


def _state(paper: FieldPaper) -> Cell:
    missing = _missing(paper)
    if not missing:
        return Cell("aman", word="KEMBALI")
    if len(missing) < paper.pages:
        return Cell("perhatikan", word="SEBAGIAN", note=f"kurang halaman {', '.join(map(str, missing))}")
    return Cell("belum", word="BELUM ADA")


def _noted(paper: FieldPaper) -> str | None:
    if paper.kind != FieldPaper.Kind.BLANK:
        return None
    if any(photo.event for photo in paper.photos.all()):
        return "sudah dicatat"
    return "belum dicatat" if paper.photos.all() else None


@require_POST
@screen(ADD)
def print_sheets(request: HttpRequest) -> HttpResponse:
    """Print numbered blank sheets for an area."""
    scope = scope_of(request, ADD)
    form = BlankForm(request.POST, areas=_areas(scope))
    if not form.is_valid():
        raise Refused("FIELD-PAPER-FORM")
    area = form.cleaned_data["area_code"]
    words = dict(_areas(scope))[area].partition(" ")[2]
    papers = print_blank(
        by=scope.actor,
        at=now(),
        office=scope.office,
        election=scope.election,
        area=(area, words),
        count=form.cleaned_data["count"],
    )
    return _pdf(path_of(papers[0].file).read_bytes(), f"lembar-darurat-{papers[0].running}.pdf")


def _pdf(raw: bytes, name: str) -> HttpResponse:
    file = HttpResponse(raw, content_type="application/pdf")
    file.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    file.headers["Cache-Control"] = "private, no-store"
    return file


@require_POST
@screen(ADD)
def bring(request: HttpRequest) -> HttpResponse:
    """Take photos of signed sheets; each says by its QR which paper it is."""
    scope = scope_of(request, ADD)
    last: FieldPaper | None = None
    for file in photos_in(request.FILES):
        try:
            last = _take(scope, file)
        except TepatError as error:
            said = say(error.code, error.facts)
            messages.error(request, f"{file.name}: {said.text}")
        else:
            messages.success(request, f"{file.name}: {last.get_kind_display()} {last.number} sudah kembali.")
    if last and last.kind == FieldPaper.Kind.BLANK:
        return redirect("kertas-lapangan-satu", pk=last.pk)
    return redirect("kertas-lapangan")


def _take(scope: Scope, file: UploadedFile[Any]) -> FieldPaper:
    """Read the QR first, so that nothing is kept that is refused.

    Raises:
        Refused: FIELD-PAPER-NO-QR, FIELD-PAPER-UNKNOWN, and those of reading a scan.
    """
    name = (file.name or "foto")[:80]
    raw = file.read()
    codes = [page.code for page in read_scan(raw, name=name) if page.code]
    if not codes:
        raise Refused("FIELD-PAPER-NO-QR", file=name)
    papers = [(own_paper(scope.actor, code.document), code.page) for code in codes]
    kept = keep(io.BytesIO(raw))
    for paper, page in papers:
        receive_photo(by=scope.actor, at=now(), paper=paper.pk, page=page, file=kept)
    return papers[0][0]


@screen(READ)
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """One field paper with its photos; whoever may writes down here what a signed sheet says."""
    scope = scope_of(request, READ)
    paper = load_or_refuse(FieldPaper, pk, by=scope.actor, permission=READ)
    photos = list(paper.photos.all())
    open_ones = [photo for photo in photos if not photo.event]
    form: WrittenForm | None = None
    may_act = paper.kind == FieldPaper.Kind.BLANK and scope.actor.may(ACT, paper.area_code)
    if may_act and open_ones:
        form = WrittenForm(
            request.POST if request.method == "POST" else None,
            people=_people(paper.area_code),
            zone=scope.zone,
        )
    refused: Message | None = None
    if request.method == "POST":
        scope.actor.require(ACT, paper.area_code)
        if form is not None and form.is_valid():
            refused = _write(scope, open_ones[0], form)
            if refused is None:
                messages.success(request, "Dicatat kemudian. Jam di lembar dan jam pencatatan tersimpan.")
                return redirect("kertas-lapangan-satu", pk=pk)
    context = {
        "scope": scope,
        "judul": f"{paper.get_kind_display()} {paper.number}",
        "paper": paper,
        "state": _state(paper),
        "photos": photos,
        "form": form,
        "refused": refused,
        "receipts": _receipts(scope, photos, may_act=may_act),
    }
    wrong = refused or (form is not None and form.is_bound and form.errors)
    return answer(request, "returns/kertas_satu.html", context, status=409 if wrong else 200)


@dataclass(frozen=True)
class _Receipt:
    """A receipt that was written down from a photo, as the second person of the office looks at it."""

    photo: PaperPhoto
    giver: str
    receiver: str
    post: str
    things: str
    form: ConfirmForm | None


def _receipts(scope: Scope, photos: list[PaperPhoto], *, may_act: bool) -> list[_Receipt]:
    events = Event.objects.in_bulk([photo.event for photo in photos if photo.event])
    found = []
    for photo in photos:
        event = events.get(photo.event) if photo.event else None
        if event is None:
            continue
        said, words = event.payload, _words(scope, event)
        sides = {str(event.actor), said["giver"], said["receiver"]}
        may = may_act and photo.confirmed is None and str(scope.actor.person) not in sides
        things = ", ".join(label_of(name) for name in event.objects_named)
        sides_words = words.person(said["giver"]), words.person(said["receiver"]), words.post(said["post"])
        found.append(_Receipt(photo, *sides_words, things, ConfirmForm() if may else None))
    return found


@require_POST
@screen(ACT)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm, as a second person of the office, that both signed the sheet of this photo."""
    scope = scope_of(request, ACT)
    photo = load_or_refuse(PaperPhoto, pk, by=scope.actor, permission=ACT)
    form = ConfirmForm(request.POST)
    form.is_valid()
    asked = form.cleaned_data
    signed = bool(asked.get("giver_signed")), bool(asked.get("receiver_signed"))
    confirm_written(by=scope.actor, at=now(), photo=photo.pk, signed=signed, key=form.key())
    messages.success(request, "Dikonfirmasi dari kertas: serah terima ini sekarang dua pihak.")
    return redirect("kertas-lapangan-satu", pk=photo.paper_id)


def _write(scope: Scope, photo: PaperPhoto, form: WrittenForm) -> Message | None:
    try:
        write_down(
            by=scope.actor,
            at=now(),
            photo=photo.pk,
            written=form.written(photo.paper.election.code),
            key=form.key(),
        )
    except Refused as error:
        return say(error.code, error.facts)
    return None


def _people(area_code: str) -> list[tuple[str, str]]:
    """Return who may have given or received there: posts of the kecamatan, the warehouse, and holders."""
    kecamatan = ".".join(area_code.split(".")[:3])
    posts = Post.objects.held_at(now()).filter(area_code__startswith=kecamatan)
    crew = Post.objects.held_at(now()).filter(role__in=(Role.GUDANG.name, Role.PENGEMUDI.name))
    roles = {post.person_id: post for post in [*crew[:PEOPLE_SHOWN_MAX], *posts[:PEOPLE_SHOWN_MAX]]}
    holders = Holding.objects.filter(area_code__startswith=kecamatan).exclude(holder="")
    others = {UUID(text) for text in holders.values_list("holder", flat=True).distinct()[:PEOPLE_SHOWN_MAX]}
    names = names_of({*roles, *others}, shown=True)
    choices = [
        (str(who), f"{names.get(who, str(who)[:8])}{f', {roles[who]}' if who in roles else ''}")
        for who in {*roles, *others}
    ]
    return sorted(choices, key=lambda choice: choice[1].lower())


@screen(READ)
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo of a signed sheet, as a picture that a screen can show."""
    scope = scope_of(request, READ)
    photo = load_or_refuse(PaperPhoto, pk, by=scope.actor, permission=READ)
    raw = path_of(photo.sha256).read_bytes()
    page = photo.page if raw.startswith(b"%PDF") else 1
    shown = HttpResponse(page_picture(raw, page, name=photo.paper.number), content_type="image/jpeg")
    shown.headers["Cache-Control"] = "private, no-store"
    return shown


@screen(READ)
def sheet_pdf(request: HttpRequest, pk: str) -> HttpResponse:
    """The PDF of one field paper, to be printed again."""
    scope = scope_of(request, READ)
    paper = load_or_refuse(FieldPaper, pk, by=scope.actor, permission=READ)
    return _pdf(pdf_of(paper), f"{paper.kind}-{paper.running}.pdf")


@screen(READ)
def of_event(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The minutes that an event calls for: printed on demand, signed by hand, brought back as a photo."""
    scope = scope_of(request, READ)
    event = Event.objects.filter(pk=pk).first()
    area_code = event.place or scope.office.area_code if event else ""
    if event is None or not scope.actor.may(READ, area_code):
        raise NotAllowed("COMMON-NOT-FOUND")
    kinds = papers_for(event)
    if request.method == "POST":
        scope.actor.require(ADD, area_code)
        kind = next((each for each in kinds if each.value == request.POST.get("jenis")), None)
        if kind is None:
            raise Refused("FIELD-PAPER-NO-MINUTES", event=event_word(event.kind))
        paper = print_minutes(
            by=scope.actor, at=now(), office=scope.office, event=event, kind=kind, words=_words(scope, event)
        )
        return _pdf(pdf_of(paper), f"{paper.kind}-{paper.running}.pdf")
    known = {paper.kind: paper for paper in FieldPaper.objects.filter(event=pk)}
    context = {
        "scope": scope,
        "judul": "Berita acara kejadian",
        "event": event,
        "word": event_word(event.kind),
        "kinds": [(kind.value, Kind(kind).label, known.get(kind)) for kind in kinds],
        "may_print": scope.actor.may(ADD, area_code),
    }
    return answer(request, "returns/kertas_peristiwa.html", context)


@require_POST
@screen(Permission.PACKING_DO)
def replacement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The minutes of a refusal and its replacement; the first print gives them number and line."""
    scope = scope_of(request, Permission.PACKING_DO)
    ending = Ending.objects.filter(pk=pk).first()
    if ending is None or not scope.actor.may(ADD, ending.area_code or scope.office.area_code):
        raise NotAllowed("COMMON-NOT-FOUND")
    paper = print_replacement(by=scope.actor, at=now(), office=scope.office, offer=pk)
    return _pdf(pdf_of(paper), f"ba-penggantian-{paper.running}.pdf")


def _words(scope: Scope, event: Event) -> Words:
    payload = event.payload
    people = {payload.get(part, "") for part in PEOPLE_IN} | {str(event.actor)}
    posts = {payload.get("post", ""), payload.get("to_post", ""), f"ppk:{event.place}"}
    found = words_of(Frame(scope.office, scope.actor, scope.areas), people, posts)
    return Words(found.person, found.post, scope.zone)
