"""Pengepakan: how far every kecamatan and desa is, and whether the pace suffices."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tepat.common.acting import ANONYMOUS
from tepat.common.clock import now
from tepat.common.errors import NotAllowed
from tepat.common.permissions import Permission
from tepat.common.quantities import grouped
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.packing import tables
from tepat.packing.actions import prepare_sets
from tepat.packing.label_rows import names_of_office
from tepat.packing.models import PackedObject, PackingSet
from tepat.packing.progress import KECAMATAN_CHARACTERS, box_states, by_area, pace
from tepat.planning.scope import Scope, scope_of

READ = Permission.PACKING_READ
DO = Permission.PACKING_DO
DESA_CHARACTERS = len("33.16.09.1015")


def sets_of(scope: Scope) -> Any:
    """Return the sets of the chosen election that this person may see."""
    return scope.visible(PackingSet.objects.filter(election=scope.election), "area_code")


def may_pack(scope: Scope) -> bool:
    """Return whether this person packs for the whole office."""
    assert scope.actor is not ANONYMOUS
    return scope.actor.may(DO, scope.office.area_code)


@screen(READ)
def overview(request: HttpRequest) -> HttpResponse:
    """How far packing is, kecamatan by kecamatan."""
    scope = scope_of(request, READ)
    rows = sets_of(scope)
    names = names_of_office(scope.election, scope.office.area_code)
    at = now().astimezone(scope.zone)
    every = by_area(rows, KECAMATAN_CHARACTERS)
    boxes = scope.visible(PackedObject.objects.filter(election=scope.election, is_box=True), "set__area_code")
    context = {
        "scope": scope,
        "judul": f"Pengepakan, {scope.election.name}",
        "sets": rows.count(),
        "complete": sum(each.complete for each in every.values()),
        "changed": sum(each.changed for each in every.values()),
        "boxes": box_states(boxes),
        "box_count": boxes.count(),
        "pace": pace(rows, today=at.date(), polling=scope.election.polling_date, zone=scope.zone),
        "table": tables.progress_table(
            every.values(),
            names.areas,
            lambda code: reverse("pengepakan-kecamatan", args=[code]),
            id_="kecamatan",
            title="Kemajuan tiap kecamatan",
        ),
        "may_pack": may_pack(scope),
    }
    return answer(request, "packing/pengepakan.html", context)


@require_POST
@screen(DO)
def prepare(request: HttpRequest) -> HttpResponse:
    """Make or renew all sets from the needs."""
    scope = scope_of(request, DO)
    done = prepare_sets(
        by=scope.actor, at=now(), area_code=scope.office.area_code, election=scope.election.code
    )
    words = [f"{grouped(done.sets)} set dengan {grouped(done.objects)} kotak dan bundel siap"]
    words += [f"{grouped(done.new)} baru"] if done.new else []
    words += [f"{grouped(done.updated)} disesuaikan"] if done.updated else []
    words += [f"{grouped(done.removed)} tidak ada lagi di daftar"] if done.removed else []
    words += [f"{grouped(done.changed)} yang sudah dikepak kebutuhannya berubah"] if done.changed else []
    messages.success(request, "; ".join(words) + ".")
    return redirect("pengepakan")


@screen(READ)
def kecamatan(request: HttpRequest, code: str) -> HttpResponse:
    """How far the desa of one kecamatan are."""
    scope = scope_of(request, READ)
    rows = sets_of(scope).in_area(code)
    if len(code) != KECAMATAN_CHARACTERS or not rows.exists():
        raise NotAllowed("COMMON-NOT-FOUND")
    names = names_of_office(scope.election, scope.office.area_code)
    every = by_area(rows, DESA_CHARACTERS)
    context = {
        "scope": scope,
        "judul": f"Pengepakan {names.areas.get(code, code)}",
        "name": names.areas.get(code, code),
        "table": tables.progress_table(
            every.values(),
            {**names.areas, code: f"PPK {names.areas.get(code, code)}"},
            lambda area: reverse("pengepakan-wilayah", args=[area]),
            id_="desa",
            title="Kemajuan tiap desa",
        ),
    }
    return answer(request, "packing/kecamatan.html", context)


@screen(READ)
def area(request: HttpRequest, code: str) -> HttpResponse:
    """The sets of one desa, or that of a PPK, one by one."""
    scope = scope_of(request, READ)
    rows = sets_of(scope).filter(area_code=code).order_by("level", "tps_number").prefetch_related("packed")
    if not rows.exists():
        raise NotAllowed("COMMON-NOT-FOUND")
    names = names_of_office(scope.election, scope.office.area_code)
    context = {
        "scope": scope,
        "judul": f"Set {names.areas.get(code, code)}",
        "name": names.areas.get(code, code),
        "kecamatan": code[:KECAMATAN_CHARACTERS],
        "kecamatan_name": names.areas.get(code[:KECAMATAN_CHARACTERS], ""),
        "table": tables.sets_table(rows, names, lambda pk: reverse("pengepakan-set", args=[pk]), scope.zone),
        "may_pack": may_pack(scope),
        "code": code,
    }
    return answer(request, "packing/wilayah.html", context)
