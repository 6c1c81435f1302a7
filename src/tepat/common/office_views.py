"""Kantor: the office's name and zone, and every election that it holds, side by side."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tepat.common.actions import set_office
from tepat.common.clock import now
from tepat.common.errors import Refused
from tepat.common.finding import Found, find
from tepat.common.forms import OfficeForm
from tepat.common.frame import Frame, area_words, frame_of, lies_in
from tepat.common.messages import Message, say
from tepat.common.models import Area, Election, Place, Tps
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Kind, Table
from tepat.common.zones import SHORT

READ, EDIT = Permission.REGISTER_READ, Permission.OFFICE_EDIT
SEARCH_LENGTH_MAX = 60
FOUND_MAX = 200


@screen(READ)
def office(request: HttpRequest) -> HttpResponse:
    """The office and its elections side by side; whoever may, changes name and zone."""
    frame = frame_of(request, READ)
    form: OfficeForm | None = None
    if frame.may(EDIT):
        known = {"name": frame.office.name, "time_zone": frame.office.time_zone}
        form = OfficeForm(request.POST if request.method == "POST" else None, initial=known)
    refused: Message | None = None
    if request.method == "POST":
        frame.actor.require(EDIT, frame.office.area_code)
        assert form is not None
        if form.is_valid():
            refused = _set(frame, form)
            if refused is None:
                messages.success(
                    request, "Pengaturan kantor tersimpan. Waktu yang sudah tercatat tidak berubah."
                )
                return redirect("kantor")
    context = {
        "frame": frame,
        "judul": frame.office.name,
        "area": area_words([frame.office.area_code])[frame.office.area_code],
        "zone_word": SHORT.get(frame.office.time_zone, ""),
        "table": _elections_table(frame),
        "form": form,
        "refused": refused,
    }
    wrong = refused or (form is not None and form.is_bound and form.errors)
    return answer(request, "common/kantor.html", context, status=409 if wrong else 200)


def _set(frame: Frame, form: OfficeForm) -> Message | None:
    try:
        set_office(
            by=frame.actor,
            at=now(),
            area_code=frame.office.area_code,
            name=form.cleaned_data["name"],
            time_zone=form.cleaned_data["time_zone"],
        )
    except Refused as error:
        return say(error.code, error.facts)
    return None


def _elections_table(frame: Frame) -> Table:
    """Elections as columns: what is compared stands side by side."""
    elections = list(Election.objects.all())
    sums = [_sums(frame, election) for election in elections]
    lines: list[tuple[str, Kind, list[Any]]] = [
        ("Hari pemungutan", Kind.DATE, [election.polling_date for election in elections]),
        ("TPS", Kind.COUNT, [each["tps"] for each in sums]),
        ("di antaranya TPS lokasi khusus", Kind.COUNT, [each["special"] for each in sums]),
        ("Pemilih di DPT", Kind.COUNT, [each["voters_all"] for each in sums]),
        ("TPS terbesar, pemilih", Kind.COUNT, [each["voters_most"] for each in sums]),
        ("Desa/kelurahan dengan TPS", Kind.COUNT, [each["desa"] for each in sums]),
        ("Aturan yang dipakai", Kind.TEXT, [election.rule_set for election in elections]),
    ]
    return Table(
        id="pemilihan",
        title="Pemilihan di kantor ini",
        columns=(Column("Ukuran"), *(Column(election.name, Kind.TEXT) for election in elections)),
        rows=[
            [word, *(Cell(value, kind=kind) for value in values)] for word, kind, values in lines if elections
        ],
        note="Pemilihan berdiri berdampingan di desa yang sama; yang satu tidak mengubah yang lain.",
        contoh=_contoh(frame),
        empty="Belum ada pemilihan. Minta pengelola memuat register.",
        zone=frame.zone,
        across=True,
    )


def _sums(frame: Frame, election: Election) -> dict[str, int | None]:
    rows = frame.visible(Tps.objects.filter(election=election), "desa__code")
    return rows.aggregate(
        tps=Count("id"),
        special=Count("id", filter=Q(special=True)),
        voters_all=Sum("dpt"),
        voters_most=Max("dpt"),
        desa=Count("desa", distinct=True),
    )


def _contoh(frame: Frame) -> str:
    rows = frame.visible(Tps.objects.exclude(source_kind="daftar"), "desa__code")
    return "pemilih per TPS belum dari daftar kantor" if rows.exists() else ""


@screen(READ)
def search(request: HttpRequest) -> HttpResponse:
    """Find a TPS, desa, kecamatan or place, and what the stages find: boxes, people, trips."""
    frame = frame_of(request, READ)
    asked = request.GET.get("q", "").strip()[:SEARCH_LENGTH_MAX]
    found = find(frame, asked) if asked else []
    exact = [one for one in found if one.exact]
    if len(exact) == 1:
        return redirect(exact[0].href)
    rows = (
        [
            *_of_stages(found),
            *_areas_found(frame, asked),
            *_tps_found(frame, asked),
            *_places_found(frame, asked),
        ]
        if asked
        else []
    )
    table = Table(
        id="temuan",
        title=f"Temuan untuk “{asked}”",
        columns=(Column("Yang ditemukan"), Column("Jenis"), Column("Kode", Kind.CODE), Column("Pemilihan")),
        rows=rows,
        note=f"Paling banyak {FOUND_MAX} baris tiap jenis.",
        empty="Tidak ada yang cocok. Coba nama desa, 33.16.09.1015, kode kotak, atau “TPS 3 Kunden”.",
        zone=frame.zone,
    )
    context = {"frame": frame, "judul": "Pencarian", "asked": asked, "table": table}
    return answer(request, "common/cari.html", context)


def _of_stages(found: list[Found]) -> list[list[Any]]:
    return [[Cell(one.text, href=one.href, note=one.note), one.kind, one.code or None, None] for one in found]


def _areas_found(frame: Frame, asked: str) -> list[list[Any]]:
    rows = frame.visible(
        Area.objects.filter(
            Q(name__icontains=asked) | Q(code__startswith=asked),
            valid_to__isnull=True,
            level__in=(Area.Level.DESA, Area.Level.KECAMATAN),
        ).filter(lies_in("code", (frame.office.area_code,))),
        "code",
    )
    return [
        [Cell(area.name, href=_area_link(area)), area.level, area.code, None] for area in rows[:FOUND_MAX]
    ]


def _area_link(area: Area) -> str:
    if area.level == Area.Level.KECAMATAN:
        return f"{reverse('kebutuhan-wilayah')}?kecamatan={area.code}"
    return f"{reverse('kebutuhan-tps')}?desa={area.code}"


def _tps_found(frame: Frame, asked: str) -> list[list[Any]]:
    number, rest = _number_in(asked)
    if number is None:
        return []
    rows = Tps.objects.filter(number=number).select_related("desa", "election")
    if rest:
        rows = rows.filter(Q(desa__name__icontains=rest) | Q(desa__code__startswith=rest))
    return [
        [
            Cell(str(tps), href=reverse("kebutuhan-tps-satu", args=[tps.pk])),
            "TPS",
            tps.desa.code,
            tps.election.name,
        ]
        for tps in frame.visible(rows, "desa__code")[:FOUND_MAX]
    ]


def _number_in(asked: str) -> tuple[int | None, str]:
    """Return the TPS number in ``TPS 3 Kunden``, ``003 kunden``, ``Kunden 3``, and the rest."""
    words = [word for word in asked.replace("-", " ").split() if word.lower() != "tps"]
    numbers = [word for word in words if word.isascii() and word.isdigit() and int(word) < 32768]
    if len(numbers) != 1:
        return None, ""
    return int(numbers[0]), " ".join(word for word in words if word not in numbers)


def _places_found(frame: Frame, asked: str) -> list[list[Any]]:
    rows = Place.objects.filter(Q(name__icontains=asked) | Q(code__icontains=asked)).select_related("area")
    return [
        [
            Cell(place.name, href=reverse("kebutuhan-tempat-satu", args=[place.pk])),
            place.kind,
            place.code,
            None,
        ]
        for place in frame.visible(rows, "area__code")[:FOUND_MAX]
    ]
