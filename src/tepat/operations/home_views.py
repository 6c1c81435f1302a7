"""Beranda: where the office stands, what comes next, and the guided story."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tepat.common.clock import now
from tepat.common.copies import age_of_last_copy
from tepat.common.models import Office, Place, Tps
from tepat.common.permissions import Permission
from tepat.common.quantities import grouped
from tepat.common.screens import actor_at, screen
from tepat.common.story import AREA, ELECTION, TITLE
from tepat.common.tables import moment
from tepat.common.templatetags.tepat import story_steps
from tepat.distribution.archive import plan_of, problem_of
from tepat.distribution.area_deliveries import places_in, published_plan
from tepat.distribution.models import PlanVersion
from tepat.distribution.views.plans import problems_of
from tepat.operations.story_places import places_told
from tepat.planning.accessibility import gaps
from tepat.planning.scope import Scope, scope_of


@dataclass(frozen=True)
class Stage:
    """How one part of the work stands.

    Args:
        name: What it is.
        state: ``aman``, ``perhatikan``, ``gawat`` or ``belum``.
        says: With the numbers.
        href: Where to go on.
        link: What the link says.
    """

    name: str
    state: str
    says: str
    href: str
    link: str


@screen(Permission.REGISTER_READ)
def home(request: HttpRequest) -> HttpResponse:
    """Show every stage with its state and the next step."""
    office = Office.objects.first()
    if office is None:
        return render(request, "operations/beranda_kosong.html", {"actor": actor_at(request)})
    scope = scope_of(request, Permission.REGISTER_READ)
    stages = [
        _list_stage(scope),
        _places_stage(scope),
        _access_stage(scope),
        _plan_stage(scope),
        _copy_stage(scope),
    ]
    whole = scope.actor.may(Permission.PLAN_READ, office.area_code)
    has_plan = whole and PlanVersion.objects.filter(problem__election__code=ELECTION).exists()
    request.session["cerita_rencana"] = has_plan
    example = Tps.objects.filter(election__code=ELECTION, source_kind="contoh")
    told = office.area_code == AREA and example.exists()
    places = places_told(scope.actor, office) if told else {}
    request.session["cerita_tempat"] = places
    context: dict[str, Any] = {
        "scope": scope,
        "stages": [stage for stage in stages if stage],
        "steps": story_steps(has_plan=has_plan, places=places) if told else [],
        "story": TITLE,
    }
    return render(request, "operations/beranda.html", context)


def _list_stage(scope: Scope) -> Stage:
    rows = scope.visible(Tps.objects.filter(election=scope.election), "desa__code")
    count, real = rows.count(), rows.filter(source_kind="daftar").count()
    href = reverse("kebutuhan-tps")
    name = f"Daftar TPS {scope.election.name}"
    if not count:
        return Stage(name, "gawat", "Belum ada TPS. Impor daftar dahulu.", href, "Buka daftar TPS")
    if real == count:
        return Stage(name, "aman", f"{grouped(count)} TPS dari daftar kantor.", href, "Buka daftar TPS")
    says = f"{grouped(count)} TPS; {grouped(count - real)} masih contoh. Ganti dengan daftar KPU."
    return Stage(name, "perhatikan", says, href, "Buka daftar TPS")


def _places_stage(scope: Scope) -> Stage:
    rows = scope.visible(Place.objects.all(), "area__code")
    count, missing = rows.count(), rows.filter(lat=None).count()
    guessed = rows.filter(position_source__in=("titik dalam desa", "pusat wilayah", "contoh")).count()
    href, link = reverse("kebutuhan-tempat"), "Koreksi letak"
    if not count:
        return Stage("Letak gudang, PPK, PPS", "belum", "Belum ada tempat.", href, "Buka daftar tempat")
    if missing:
        says = f"{grouped(missing)} dari {grouped(count)} tempat belum punya letak."
        return Stage("Letak gudang, PPK, PPS", "gawat", says, href, link)
    if guessed:
        says = (
            f"{grouped(guessed)} dari {grouped(count)} tempat memakai titik wilayah, bukan letak sebenarnya."
        )
        return Stage("Letak gudang, PPK, PPS", "perhatikan", says, href, link)
    says = f"{grouped(count)} tempat punya letak yang dikoreksi."
    return Stage("Letak gudang, PPK, PPS", "aman", says, href, link)


def _access_stage(scope: Scope) -> Stage:
    rows = scope.visible(Tps.objects.filter(election=scope.election), "desa__code").select_related("desa")
    found = gaps(rows)
    lacking = sum(gap.state == "gawat" for gap in found)
    unseen = sum(gap.state == "belum" for gap in found)
    state = "gawat" if lacking else "belum" if unseen or not found else "aman"
    says = f"{grouped(lacking)} TPS kekurangan yang dibutuhkan pemilihnya; {grouped(unseen)} belum dilihat."
    return Stage("Aksesibilitas", state, says, reverse("kebutuhan-aksesibilitas"), "Lihat celahnya")


def _plan_stage(scope: Scope) -> Stage | None:
    if not scope.actor.has(Permission.PLAN_READ):
        return None
    if not scope.actor.may(Permission.PLAN_READ, scope.office.area_code):
        return _delivery_stage(scope)
    rows = scope.visible(PlanVersion.objects.filter(problem__election=scope.election), "area_code")
    href, link = reverse("distribusi-rencana"), "Buka perbandingan"
    published = rows.filter(state=PlanVersion.State.PUBLISHED).first()
    if published:
        says = f"Ditetapkan: versi {published.number}, {published.title}."
        return Stage("Rencana distribusi", "aman", says, href, link)
    if count := rows.count():
        says = f"{grouped(count)} rencana diperiksa, belum ada yang ditetapkan pleno."
        return Stage("Rencana distribusi", "perhatikan", says, href, link)
    return Stage("Rencana distribusi", "belum", "Belum ada rencana.", href, "Hitung rencana")


def _delivery_stage(scope: Scope) -> Stage:
    """How the plan stands for somebody who reads it for a part of the office only."""
    name, href, link = "Kiriman untuk wilayah Anda", reverse("distribusi-kiriman"), "Buka kiriman"
    published = published_plan(scope.election)
    if published is None:
        return Stage(name, "belum", "Rencana belum ditetapkan pleno.", href, link)
    problem, plan = problem_of(published.problem.sha256), plan_of(published.sha256)
    inside = places_in(problem, scope.actor.areas(Permission.PLAN_READ))
    arrivals = [stop.arrive_at for trip in plan.trips for stop in trip.stops if stop.place in inside]
    if not arrivals:
        return Stage(name, "belum", "Rencana yang ditetapkan tidak memuat wilayah Anda.", href, link)
    says = f"{grouped(len(arrivals))} kedatangan; yang pertama {moment(min(arrivals), scope.zone)}."
    return Stage(name, "aman", says, href, link)


def _copy_stage(scope: Scope) -> Stage:
    copy = age_of_last_copy(settings.BACKUPS_DIR, now())
    href = reverse("cadangan") if scope.actor.has(Permission.JOBS_READ) else ""
    says = f"Salinan terakhir: {copy.text}."
    return Stage("Salinan data", copy.state.lower(), says, href, "Buka cadangan")


@screen(Permission.PLAN_READ)
def example_trip(request: HttpRequest) -> HttpResponse:
    """Lead to one trip of the newest plan that goes straight to the PPS, or of the newest at all."""
    scope = scope_of(request, Permission.PLAN_READ)
    for problem in problems_of(scope):
        plans = sorted(
            problem.plans.all(), key=lambda plan: (not plan.strategy.startswith("langsung"), plan.number)
        )
        for plan in plans:
            trips = plan_of(plan.sha256).trips
            if trips:
                most = max(trips, key=lambda trip: (len(trip.stops), trip.id))
                address = reverse("distribusi-rencana-perjalanan", args=[plan.pk, most.id])
                step = request.GET.get("cerita", "")
                return redirect(f"{address}?cerita={step}" if step.isdigit() else address)
    return redirect("distribusi-rencana")
