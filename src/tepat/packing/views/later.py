"""Papers of polling day, written down afterwards: boxes opened as planned, return seals put on."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.errors import TepatError
from tepat.common.messages import Message, say
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.packing import tables
from tepat.packing.label_rows import names_of_office
from tepat.packing.later_actions import note_opening, note_return_seals
from tepat.packing.later_forms import NotedOpeningForm, NotedSealForm
from tepat.packing.models import PackedObject, PackingSet, Seal
from tepat.packing.people import on_duty
from tepat.packing.views.sets import keep_photo
from tepat.planning.scope import Scope, scope_of

DO = Permission.PACKING_DO
Later = PackedObject.Later


@screen(DO)
def later(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what a paper says of one set's boxes after they were sent."""
    scope = scope_of(request, DO)
    row = load_or_refuse(PackingSet, pk, by=scope.actor, permission=DO)
    asked = request.POST.get("langkah", "")
    opening, sealing = _forms(request, scope, row, asked)
    refused: Message | None = None
    if request.method == "POST":
        form = sealing if asked == "segel" else opening
        if form.is_valid():
            try:
                done = _seal(scope, row, sealing) if form is sealing else _open(scope, row, opening)
            except TepatError as error:
                refused = say(error.code, error.facts)
            else:
                messages.success(request, done)
                return redirect("pengepakan-kertas", pk=pk)
    names = names_of_office(row.election, scope.office.area_code)
    context = {
        "scope": scope,
        "row": row,
        "name": tables.set_name(row, names),
        "judul": f"Catat dari kertas, set {row.unit}",
        "opening_form": opening,
        "sealing_form": sealing,
        "waiting": [str(seal) for seal in Seal.objects.filter(object__set=row, waiting=True)],
        "sent": row.state == PackingSet.State.COMPLETE,
        "people": on_duty(row.area_code, now()),
        "refused": refused,
    }
    failed = refused is not None or bool(opening.errors or sealing.errors)
    return answer(request, "packing/kertas.html", context, status=409 if failed else 200)


def _forms(
    request: HttpRequest, scope: Scope, row: PackingSet, asked: str
) -> tuple[NotedOpeningForm, NotedSealForm]:
    boxes = list(row.packed.filter(is_box=True))
    more: dict[str, Any] = {"people": on_duty(row.area_code, now()), "zone": scope.zone}
    shut = [box for box in boxes if box.later != Later.OPENED]
    open_now = [box for box in boxes if box.later == Later.OPENED]
    opening = NotedOpeningForm(
        *((request.POST, request.FILES) if asked == "buka" else ()),
        boxes=shut,
        prefix="buka",
        initial={"happened_date": row.election.polling_date},
        **more,
    )
    sealing = NotedSealForm(
        *((request.POST, request.FILES) if asked == "segel" else ()),
        boxes=open_now,
        prefix="segel",
        initial={"happened_date": row.election.polling_date},
        **more,
    )
    return opening, sealing


def _open(scope: Scope, row: PackingSet, form: NotedOpeningForm) -> str:
    opening = form.opening()
    paper = form.paper(_photo(form, scope, row))
    note_opening(by=scope.actor, at=now(), packing_set=row.pk, opening=opening, paper=paper, key=form.key())
    return f"Pembukaan {len(opening.boxes)} kotak dicatat dari kertas."


def _seal(scope: Scope, row: PackingSet, form: NotedSealForm) -> str:
    sealings = form.sealings()
    paper = form.paper(_photo(form, scope, row))
    note_return_seals(
        by=scope.actor, at=now(), packing_set=row.pk, sealings=sealings, paper=paper, key=form.key()
    )
    return f"Segel pulang {len(sealings)} kotak dicatat dari kertas."


def _photo(form: NotedOpeningForm | NotedSealForm, scope: Scope, row: PackingSet) -> str:
    photo = form.cleaned_data["photo"]
    return keep_photo(photo, scope, row, f"Kertas {row.unit}") if photo else ""
