"""Gudang, PPK, PPS: where they are, how that is known, and its correction."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.errors import Refused
from tepat.common.messages import say
from tepat.common.models import Place
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Kind, Table
from tepat.planning import maps
from tepat.planning.actions import correct_place
from tepat.planning.forms import PlaceForm
from tepat.planning.scope import scope_of

READ = Permission.REGISTER_READ


@screen(READ)
def places(request: HttpRequest) -> HttpResponse:
    """Gudang, PPK, PPS: where they are and how we know it."""
    scope = scope_of(request, READ)
    kinds = dict(Place.Kind.choices)
    kind = request.GET.get("jenis", "")
    rows = scope.visible(Place.objects.select_related("area"), "area__code")
    if kind in kinds:
        rows = rows.filter(kind=kind)
    listed = [
        [
            Cell(place.name, href=reverse("kebutuhan-tempat-satu", args=[place.pk])),
            place.kind.upper() if place.kind != "gudang" else "Gudang",
            place.area.code,
            f"{place.lat:.5f}" if place.lat is not None else None,
            f"{place.lon:.5f}" if place.lon is not None else None,
            place.position_source,
        ]
        for place in rows
    ]
    missing = sum(row[3] is None for row in listed)
    table = Table(
        id="tempat",
        title="Tempat",
        columns=(
            Column("Tempat"),
            Column("Jenis"),
            Column("Kode wilayah", Kind.CODE),
            Column("Lintang", Kind.CODE),
            Column("Bujur", Kind.CODE),
            Column("Cara kami tahu"),
        ),
        rows=listed,
        empty="Belum ada tempat.",
        zone=scope.zone,
    )
    context = {
        "scope": scope,
        "judul": "Gudang, PPK, PPS",
        "table": table,
        "missing": missing,
        "kinds": kinds,
        "kind": kind,
        "map_address": f"{reverse('kebutuhan-tempat-peta')}?jenis={kind}",
    }
    return answer(request, "planning/tempat.html", context)


COLORS = {"gudang": "#0b3235", "ppk": "#b4690e", "pps": "#2a7873"}


@screen(READ)
def places_map(request: HttpRequest) -> JsonResponse:
    """What the map of places shows."""
    scope = scope_of(request, READ)
    kind = request.GET.get("jenis", "")
    contents = maps.MapContents()
    for shape in maps.shapes(scope.office.area_code, "kecamatan"):
        contents.shapes.append((shape, maps.Fill("#f7f8f5", shape.name)))
    for place in scope.visible(Place.objects.exclude(lat=None), "area__code"):
        if (kind and place.kind != kind) or place.lat is None or place.lon is None:
            continue
        label = place.name if place.kind == "gudang" else None
        text = f"{place.name} – {place.position_source}"
        contents.dots.append(
            maps.Dot(place.lat, place.lon, place.name, place.kind, COLORS[place.kind], text, label)
        )
    return JsonResponse(contents.as_json())


@screen(READ)
def place_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One place; whoever may, corrects where it is."""
    scope = scope_of(request, READ)
    place = load_or_refuse(Place, pk, by=scope.actor, permission=READ)
    may_edit = scope.actor.may(Permission.REGISTER_EDIT, place.area_code)
    form = PlaceForm(request.POST or None, initial={"lat": place.lat, "lon": place.lon})
    refused = None
    if request.method == "POST" and form.is_valid():
        try:
            correct_place(by=scope.actor, at=now(), place=place.pk, position=form.position())
        except Refused as error:
            refused = say(error.code, error.facts)
        else:
            messages.success(request, f"Letak {place.name} tersimpan. Rencana yang sudah ada tidak berubah.")
            return redirect("kebutuhan-tempat-satu", pk=place.pk)
    context = {
        "scope": scope,
        "place": place,
        "judul": place.name,
        "form": form if may_edit else None,
        "refused": refused,
    }
    return render(request, "planning/tempat_satu.html", context, status=409 if refused else 200)
