"""One set: its boxes, seals on, complete; seals off with minutes; goods taken out again."""

import io
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.documents import add_document, keep
from tepat.common.errors import Refused, TepatError
from tepat.common.frame import names_of
from tepat.common.messages import Message, say
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.packing import tables
from tepat.packing.forms import OpeningForm, ReturnSealForm, SealForm, TakeOutForm
from tepat.packing.history import history_table, people_of
from tepat.packing.label_rows import names_of_office
from tepat.packing.models import Opening, PackedObject, PackingSet, Seal
from tepat.packing.people import packers
from tepat.packing.scan_actions import take_out
from tepat.packing.seal_actions import (
    OpeningNote,
    complete_set,
    give_return_seals,
    open_box,
    ready,
    seal_boxes,
)
from tepat.planning.scope import Scope, scope_of

READ = Permission.PACKING_READ
DO = Permission.PACKING_DO
SEALS_SHOWN_MAX = 2000

type Forms = dict[str, Any]


@screen(READ)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One set with its next step."""
    scope = scope_of(request, READ)
    row = load_or_refuse(PackingSet, pk, by=scope.actor, permission=READ)
    return _page(request, scope, row, {}, None)


def _page(
    request: HttpRequest, scope: Scope, row: PackingSet, forms: Forms, refused: Message | None
) -> HttpResponse:
    names = names_of_office(row.election, scope.office.area_code)
    packed = list(row.packed.all())
    may = scope.actor.may(DO, row.area_code)
    colleagues = packers(row.area_code, now(), without=scope.actor.person) if may else []
    to_seal = tables.boxes_of(row, PackedObject.State.CLOSED)
    inside = [
        (f"{each.pk}:{item}", f"{each.code}: {names.of_goods(item)[0]}")
        for each in packed
        for item in each.packed
    ]
    loose = [pair for pair in inside if _loose(pair[0], packed)]
    openings = Opening.objects.filter(object__set=row, noted_at__isnull=True).select_related("object")
    context = {
        "scope": scope,
        "row": row,
        "name": tables.set_name(row, names),
        "judul": f"Set {row.unit}",
        "state": tables.SET_STATES[row.state],
        "table": tables.contents_table(row, lambda box: reverse("pengepakan-buka", args=[box])),
        "whole": tables.contents_of(row, names),
        "kit": [(names.of_goods(item), count) for item, count in row.kit],
        "seal_form": forms.get("seal") or SealForm(boxes=to_seal, colleagues=colleagues),
        "to_seal": to_seal if may else [],
        "return_form": forms.get("return") or ReturnSealForm(colleagues=colleagues),
        "may_give_return": may and row.level == "tps" and _has_boxes_as_sent(packed),
        "take_form": forms.get("take") or TakeOutForm(items=loose),
        "may_take": may and bool(loose),
        "may_complete": may and ready(row),
        "openings": openings,
        "history": history_table(row, names_of(people_of(row), shown=may), scope.zone),
        "may_note": may and row.state == PackingSet.State.COMPLETE,
        "refused": refused,
        "may_pack": may,
    }
    failed = refused is not None or any(form.errors for form in forms.values())
    return answer(request, "packing/set.html", context, status=409 if failed else 200)


def _has_boxes_as_sent(packed: list[PackedObject]) -> bool:
    """Return whether nothing is known yet of what became of a set's boxes after they left."""
    return any(each.is_box for each in packed) and not any(each.later for each in packed)


def _loose(key: str, packed: list[PackedObject]) -> bool:
    pk = int(key.partition(":")[0])
    return any(each.pk == pk and each.state != PackedObject.State.SEALED for each in packed)


def _load(request: HttpRequest, pk: int) -> tuple[Scope, PackingSet]:
    scope = scope_of(request, DO)
    return scope, load_or_refuse(PackingSet, pk, by=scope.actor, permission=DO)


def _answered(request: HttpRequest, pk: int, forms: Forms, work: Callable[[], str]) -> HttpResponse:
    """Do what a form asks; a refusal is shown on the page with what was filled in."""
    scope, row = _load(request, pk)
    form = next(iter(forms.values()), None)
    if form is not None and not form.is_valid():
        return _page(request, scope, row, forms, None)
    try:
        done = work()
    except TepatError as error:
        return _page(request, scope, row, forms, say(error.code, error.facts))
    messages.success(request, done)
    return redirect("pengepakan-set", pk=pk)


@require_POST
@screen(DO)
def seal(request: HttpRequest, pk: int) -> HttpResponse:
    """Put seals on closed boxes; the set is complete once nothing is missing."""
    scope, row = _load(request, pk)
    colleagues = packers(row.area_code, now(), without=scope.actor.person)
    boxes = tables.boxes_of(row, PackedObject.State.CLOSED)
    form = SealForm(request.POST, request.FILES, boxes=boxes, colleagues=colleagues)

    def work() -> str:
        photo = _photo(form, scope, row)
        sealings = form.sealings(photo)
        at = now()
        seal_boxes(
            by=scope.actor,
            at=at,
            packing_set=row.pk,
            sealings=sealings,
            second=form.second_person(at),
            card=form.card_text(),
            key=form.key(),
        )
        count = f"{len(sealings)} kotak tersegel."
        fresh = PackingSet.objects.get(pk=row.pk)
        if ready(fresh):
            complete_set(by=scope.actor, at=at, packing_set=row.pk)
            return f"{count} Set {row.unit} lengkap; Anda memegang tanggung jawabnya sampai diserahkan."
        return count

    return _answered(request, pk, {"seal": form}, work)


def _photo(form: SealForm, scope: Scope, row: PackingSet) -> str:
    photo = form.cleaned_data["photo"]
    return keep_photo(photo, scope, row, f"Segel {row.unit}") if photo else ""


def keep_photo(photo: Any, scope: Scope, row: PackingSet, label: str) -> str:
    """Keep a photo of a set's seals or papers; return its hash.

    Raises:
        Refused: SEAL-NO-PHOTO, and those of keeping a document.
    """
    kept = keep(io.BytesIO(photo.read()))
    if kept.media_type not in {"image/jpeg", "image/png"}:
        raise Refused("SEAL-NO-PHOTO", box=row.unit)
    add_document(by=scope.actor, at=now(), file=kept, label=label, area_code=row.area_code)
    return kept.sha256


@require_POST
@screen(DO)
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a set is complete."""
    scope, row = _load(request, pk)

    def work() -> str:
        complete_set(by=scope.actor, at=now(), packing_set=row.pk)
        return f"Set {row.unit} lengkap; Anda memegang tanggung jawabnya sampai diserahkan."

    return _answered(request, pk, {}, work)


@require_POST
@screen(DO)
def return_seals(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the seals for the way back."""
    scope, row = _load(request, pk)
    colleagues = packers(row.area_code, now(), without=scope.actor.person)
    form = ReturnSealForm(request.POST, colleagues=colleagues)

    def work() -> str:
        numbers = tuple(form.cleaned_data["numbers"].split())
        at = now()
        give_return_seals(
            by=scope.actor,
            at=at,
            packing_set=row.pk,
            numbers=numbers,
            second=form.second_person(at),
            card=form.card_text(),
            key=form.key(),
        )
        return f"{len(numbers)} segel untuk pulang dicatat."

    return _answered(request, pk, {"return": form}, work)


@require_POST
@screen(DO)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take goods out of a box that is not sealed."""
    scope, row = _load(request, pk)
    items = [
        (f"{each.pk}:{item}", item)
        for each in row.packed.exclude(state=PackedObject.State.SEALED)
        for item in each.packed
    ]
    form = TakeOutForm(request.POST, items=items)

    def work() -> str:
        box, _, item = form.cleaned_data["item"].partition(":")
        taken = take_out(
            by=scope.actor,
            at=now(),
            packed=int(box),
            item=item,
            reason=form.cleaned_data["reason"],
            key=form.key(),
        )
        return f"Dikeluarkan dari {taken.code}. Isi lagi dan tutup kotaknya di meja."

    return _answered(request, pk, {"take": form}, work)


@screen(DO)
def opening(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a sealed box: two people, a reason, who was there; the minutes follow."""
    scope = scope_of(request, DO)
    box = load_or_refuse(PackedObject, pk, by=scope.actor, permission=DO)
    colleagues = packers(box.area_code, now(), without=scope.actor.person)
    form = OpeningForm(request.POST or None, colleagues=colleagues)
    refused: Message | None = None
    if request.method == "POST" and form.is_valid():
        asked, at = form.cleaned_data, now()
        try:
            note = OpeningNote(
                second=form.second_person(at),
                reason=asked["reason"],
                panwascam=asked["panwascam"] == "ada",
                polri=asked["polri"] == "ada",
                card=form.card_text(),
            )
            opened = open_box(by=scope.actor, at=at, packed=box.pk, note=note, key=form.key())
        except TepatError as error:
            refused = say(error.code, error.facts)
        else:
            messages.success(request, f"Pembukaan kotak {box.code} dicatat. Cetak berita acaranya di bawah.")
            return redirect(f"{reverse('pengepakan-set', args=[opened.object.set_id])}#pembukaan")
    context = {
        "scope": scope,
        "box": box,
        "form": form,
        "refused": refused,
        "judul": f"Buka kotak {box.code}",
    }
    failed = refused is not None or bool(form.is_bound and form.errors)
    return answer(request, "packing/buka.html", context, status=409 if failed else 200)


@screen(READ)
def seals(request: HttpRequest) -> HttpResponse:
    """The register of seals; a number shows where it lies."""
    scope = scope_of(request, READ)
    asked = "".join(request.GET.get("nomor", "").upper().split())[:24]
    rows = scope.visible(Seal.objects.filter(election=scope.election), "object__set__area_code")
    count = rows.count()
    if asked:
        rows = rows.filter(number__startswith=asked)
    shown = list(rows.select_related("object").order_by("-put_at", "number")[:SEALS_SHOWN_MAX])
    people = names_of(
        [person for seal_ in shown for person in (seal_.first, seal_.second) if person],
        shown=scope.actor.has(Permission.PEOPLE_READ) or scope.actor.has(DO),
    )
    context = {
        "scope": scope,
        "judul": "Segel",
        "asked": asked,
        "count": count,
        "limit": SEALS_SHOWN_MAX if len(shown) == SEALS_SHOWN_MAX else 0,
        "table": tables.seals_table(shown, people, scope.zone),
    }
    return answer(request, "packing/segel.html", context)
