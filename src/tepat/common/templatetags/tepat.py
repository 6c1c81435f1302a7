"""What templates say in the office's words: numbers, moments, states, tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tepat.common import quantities, tables
from tepat.common.acting import Actor
from tepat.common.clock import now
from tepat.common.context import Countdown
from tepat.common.messages import say
from tepat.common.models import Election, Office
from tepat.common.permissions import Permission
from tepat.common.screens import actor_at
from tepat.common.story import COUNTDOWN as STORY_COUNTDOWN
from tepat.common.story import ELECTION, STEPS, TITLE, Step
from tepat.common.tables import NUMBERS, STATES, Cell, Kind, Table

register = template.Library()

ROWS_PER_PAGE_MAX = 350
# Longer than this, a table scrolls in a window of its own, under its head.
ROWS_AT_ONCE = 30
# A shape for each state, so that nobody has to tell colours apart.
SHAPES = {
    "aman": '<circle cx="8" cy="8" r="7"/>'
    '<path d="M4.5 8.2l2.4 2.4 4.6-5" stroke="#fff" stroke-width="2" fill="none"/>',
    "perhatikan": '<path d="M8 1l7.5 14H.5z"/><path d="M8 6v4.2M8 12v1.4" stroke="#fff" stroke-width="1.8"/>',
    "gawat": '<path d="M4.9.8h6.2l4.1 4.1v6.2l-4.1 4.1H4.9L.8 11.1V4.9z"/>'
    '<path d="M5 5l6 6M11 5l-6 6" stroke="#fff" stroke-width="1.9"/>',
    "belum": '<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6" '
    'stroke-dasharray="3 2.2"/>',
}


@register.filter
def ribuan(value: int | None) -> str:
    """Return a count as ``14.885``."""
    return tables.UNKNOWN if value is None else quantities.grouped(value)


@register.filter
def rupiah(value: int | None) -> str:
    """Return an amount as ``Rp1.250.000``."""
    return tables.UNKNOWN if value is None else quantities.rupiah(value)


@register.filter
def tanggal(value: date | None) -> str:
    """Return a date as ``Selasa, 13 Feb 2024``."""
    return tables.UNKNOWN if value is None else tables.long_date(value)


@register.filter
def saat(value: datetime | None, zone: ZoneInfo) -> str:
    """Return a moment as ``13 Feb 2024 14.05 WIB``."""
    return tables.UNKNOWN if value is None else tables.moment(value, zone)


@register.simple_tag
def tanda(state: str, word: str = "") -> SafeString:
    """Return a state as shape, colour and word."""
    shape = mark_safe(SHAPES[state])  # noqa: S308 -- our own constant
    return format_html(
        '<span class="tanda {}"><svg viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">{}</svg>'
        "{}</span>",
        state,
        shape,
        word or STATES[state],
    )


@register.inclusion_tag("bagian/pesan.html")
def pesan(kind: str, code: str, **facts: Any) -> dict[str, Any]:
    """Show a sentence of the message table: ``baik``, ``ingat`` or ``gagal``."""
    return {"kind": kind, "message": say(code, facts), "focus": False}


@register.inclusion_tag("bagian/tabel.html", takes_context=True)
def tabel(context: Context, table: Table) -> dict[str, Any]:
    """Show a table with its downloads, a page at a time."""
    request: HttpRequest = context["request"]
    parameter = f"h_{table.id}"
    pages = 1 if table.passing else max(1, -(-len(table.rows) // ROWS_PER_PAGE_MAX))
    asked = request.GET.get(parameter, "1")
    page = min(int(asked), pages) if asked.isascii() and asked.isdigit() and int(asked) else 1
    rows = table.rows[(page - 1) * ROWS_PER_PAGE_MAX : page * ROWS_PER_PAGE_MAX]
    return {
        "request": request,
        "table": table,
        "heads": [(column, "angka" if column.kind in NUMBERS else "") for column in table.columns],
        "rows": [_cells(row, table) for row in rows],
        "totals": _totals(table),
        "tall": len(rows) > ROWS_AT_ONCE,
        "first": (page - 1) * ROWS_PER_PAGE_MAX + 1,
        "last": (page - 1) * ROWS_PER_PAGE_MAX + len(rows),
        "count": len(table.rows),
        "pages": pages,
        "page": page,
        "before": _address(request, **{parameter: page - 1}) if page > 1 else "",
        "after": _address(request, **{parameter: page + 1}) if page < pages else "",
        "downloads": [
            (word, _address(request, unduh=form, tabel=table.id, **{parameter: None}))
            for word, form in (("Excel", "xlsx"), ("CSV", "csv"), ("Cetak", "cetak"))
        ],
    }


def _totals(table: Table) -> list[dict[str, Any]]:
    """Return the last line; where there is nothing to add up, nothing stands."""
    blank = {"text": "", "href": "", "why": None, "note": "", "class": "", "best": False, "unknown": False}
    shown = _cells(table.totals, table) if table.totals else []
    return [blank if cell["unknown"] else cell for cell in shown]


def _cells(row: Any, table: Table) -> list[dict[str, Any]]:
    pairs = ((tables.cell(value), column) for value, column in zip(row, table.columns, strict=True))
    return [_cell(content, tables.kind_of(content, column), table) for content, column in pairs]


def _cell(content: Cell, kind: Kind, table: Table) -> dict[str, Any]:
    text = content.word or tables.shown(content.value, kind, table.zone)
    state = kind is Kind.STATE and content.value is not None
    classes = (
        "angka"
        if kind in NUMBERS
        else "rapat"
        if kind in {Kind.MOMENT, Kind.CLOCK, Kind.CODE, Kind.DATE}
        else ""
    )
    return {
        "text": tanda(str(content.value), content.word) if state else text,
        "href": content.href,
        "why": content.why,
        "note": content.note,
        "class": f"{classes} terbaik".strip() if content.best else classes,
        "best": content.best,
        "unknown": content.value is None,
    }


def _address(request: HttpRequest, **changes: Any) -> str:
    asked = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            asked.pop(name, None)
        else:
            asked[name] = str(value)
    return f"?{asked.urlencode()}"


@register.inclusion_tag("bagian/tabel_cetak.html")
def tabel_utuh(table: Table) -> dict[str, Any]:
    """Show all rows of a table, for paper."""
    return {
        "table": table,
        "heads": [(column, "angka" if column.kind in NUMBERS else "") for column in table.columns],
        "rows": [_cells(row, table) for row in table.rows],
        "totals": _totals(table),
    }


@dataclass(frozen=True)
class Door:
    """One screen in the menu.

    Args:
        name: The name of its address.
        word: What the menu says.
        permission: Who sees it.
        whole: Whether the permission must hold for the whole office: a part of it would find nothing there.
    """

    name: str
    word: str
    permission: Permission
    whole: bool = False


# The verbs of the office's work, in its order. A screen that is not built has no address and is not shown.
MENU: tuple[tuple[str, tuple[Door, ...]], ...] = (
    (
        "Hitung",
        (
            Door("kebutuhan-wilayah", "Wilayah", Permission.REGISTER_READ),
            Door("kebutuhan-tps", "Daftar TPS", Permission.REGISTER_READ),
            Door("kebutuhan-tempat", "Gudang, PPK, PPS", Permission.REGISTER_READ),
            Door("kebutuhan-impor", "Impor daftar", Permission.LIST_PREVIEW),
            Door("kebutuhan", "Kebutuhan", Permission.NEEDS_READ),
            Door("kebutuhan-aksesibilitas", "Aksesibilitas", Permission.REGISTER_READ),
        ),
    ),
    (
        "Rencanakan",
        (
            Door("distribusi-gudang", "Pilih gudang", Permission.PLAN_READ, whole=True),
            Door("distribusi-rencana", "Rencana & perbandingan", Permission.PLAN_READ, whole=True),
            Door("distribusi-hujan", "Rencana hari hujan", Permission.PLAN_READ, whole=True),
            Door("distribusi-kiriman", "Kiriman untuk wilayah", Permission.PLAN_READ),
            Door("petugas", "Petugas", Permission.PLAN_READ),
            Door("pemberitahuan", "Pemberitahuan jadwal", Permission.PLAN_READ),
            Door("distribusi-harga", "Daftar harga", Permission.PLAN_READ, whole=True),
        ),
    ),
    (
        "Kemas",
        (
            Door("pengepakan", "Pengepakan", Permission.PACKING_READ),
            Door("pengepakan-meja", "Meja kemas", Permission.PACKING_DO, whole=True),
            Door("pengepakan-karton", "Karton surat suara", Permission.PACKING_READ),
            Door("pengepakan-label", "Label", Permission.PACKING_DO, whole=True),
            Door("pengepakan-segel", "Segel", Permission.PACKING_READ),
            Door("pengepakan-periksa", "Periksa ulang", Permission.PACKING_READ),
            Door("pengepakan-telusur", "Telusur salah dapil", Permission.PACKING_READ),
        ),
    ),
    (
        "Serahkan",
        (
            Door("serah-terima", "Serah terima", Permission.CUSTODY_READ),
            Door("penggantian", "Penggantian", Permission.CUSTODY_READ),
            Door("kesiapan", "Kesiapan", Permission.CUSTODY_READ),
            Door("tugas-saya", "Tugas saya", Permission.FIELD_USE),
            Door("pengembalian", "Pengembalian", Permission.CUSTODY_READ),
            Door("kertas-lapangan", "Kertas lapangan", Permission.DOCUMENTS_READ),
            Door("serah-terima-kartu", "Kartu & perangkat", Permission.CARDS_ISSUE),
            Door("serah-terima-nampan", "Nampan", Permission.CUSTODY_READ),
        ),
    ),
    (
        "Buktikan",
        (
            Door("dokumen", "Dokumen", Permission.DOCUMENTS_READ),
            Door("peristiwa", "Buku peristiwa", Permission.RECORDS_READ),
            Door("pengawasan", "Pengawasan", Permission.NOTES_READ),
            Door("publikasi-log", "Catatan terbuka", Permission.RECORDS_READ),
        ),
    ),
    (
        "Kantor",
        (
            Door("cari", "Cari", Permission.REGISTER_READ),
            Door("kantor", "Kantor & pemilihan", Permission.REGISTER_READ),
            Door("orang", "Orang & jabatan", Permission.PEOPLE_READ),
            Door("cadangan", "Cadangan", Permission.JOBS_READ),
            Door("pemeriksaan", "Pemeriksaan", Permission.COPIES_RUN),
            Door("latihan", "Mode Latihan", Permission.REGISTER_READ),
            Door("sandi", "Sandi saya", Permission.PUBLIC_READ),
        ),
    ),
)


@register.inclusion_tag("bagian/menu.html", takes_context=True)
def menu_utama(context: Context) -> dict[str, Any]:
    """Show the screens that exist and that this person may open."""
    request: HttpRequest = context["request"]
    actor = actor_at(request)
    here = request.resolver_match.view_name if request.resolver_match else ""
    office: Office | None = context.get("office")
    groups = []
    for verb, doors in MENU:
        shown = [_door(door, here) for door in doors if _opens(door, actor, office)]
        if built := [entry for entry in shown if entry["href"]]:
            groups.append({"verb": verb, "doors": built})
    search = reverse("cari") if actor.has(Permission.REGISTER_READ) else ""
    return {"groups": groups, "home": here == "beranda", "search": search}


def _opens(door: Door, actor: Actor, office: Office | None) -> bool:
    if door.whole and office is not None:
        return actor.may(door.permission, office.area_code)
    return actor.has(door.permission)


def _door(door: Door, here: str) -> dict[str, Any]:
    try:
        address = reverse(door.name)
    except NoReverseMatch:
        address = ""
    return {"href": address, "word": door.word, "current": door.name == _nearest(here)}


def _nearest(here: str) -> str:
    """Return the menu's screen that a screen is or lies behind: of several names the longest."""
    names = (door.name for _, doors in MENU for door in doors)
    return max((name for name in names if here == name or here.startswith(f"{name}-")), key=len, default="")


@register.inclusion_tag("bagian/keadaan.html", takes_context=True)
def keadaan(context: Context) -> dict[str, Any]:
    """Show office, election, role, the age of the last copy, the server's clock and the days to go."""
    request: HttpRequest = context["request"]
    office: Office | None = context.get("office")
    actor = actor_at(request)
    always = {"request": request, "csrf_token": context.get("csrf_token"), "office": office}
    if not request.user.is_authenticated:
        return always
    roles = dict.fromkeys(standing.role.value for standing in actor.standings)
    role = ", ".join(roles) or "belum punya jabatan"
    if office is None:
        return {**always, "role": role}
    election = _election(request)
    at = now().astimezone(office.zone)
    return {
        **always,
        "election": election,
        "role": role,
        "backup": context.get("backup"),
        "clock": f"{tables.short_date(at.date())} {at:%H.%M} {tables.zone_name(at)}",
        "countdown": _countdown(request, election, at.date()),
    }


def _countdown(request: HttpRequest, election: Election | None, today: date) -> str:
    """Return the days to go; while the story is told, those of the story, and it says so."""
    if story_number(request):
        return f"{STORY_COUNTDOWN} (cerita)"
    return Countdown(election.name, election.polling_date, today).text if election else ""


def _election(request: HttpRequest) -> Election | None:
    chosen = Election.objects.filter(code=request.session.get("pemilihan", "")).first()
    return chosen or Election.objects.first()


@register.inclusion_tag("bagian/cerita.html", takes_context=True)
def cerita(context: Context) -> dict[str, Any]:
    """Show where in the guided story one is; ``?cerita=2`` opens a step, 0 closes the story."""
    request: HttpRequest = context["request"]
    number = story_number(request)
    steps = story_steps(
        has_plan=bool(request.session.get("cerita_rencana", True)),
        places=request.session.get("cerita_tempat", {}),
    )
    here = next((step for step in steps if step["number"] == number), None)
    after = next((step for step in steps if step["number"] > number), None)
    return {"here": here, "after": after, "count": len(steps), "title": TITLE} if here else {"here": None}


def story_number(request: HttpRequest) -> int:
    """Return the step of the story that is told, 0 for none; what the address asks for is remembered."""
    asked = request.GET.get("cerita", "")
    if asked.isascii() and asked.isdigit():
        request.session["cerita"] = int(asked)
    return int(request.session.get("cerita", 0))


def story_steps(*, has_plan: bool, places: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the steps that can be told, numbered, each with its address.

    Args:
        has_plan: Whether there is a plan.
        places: The addresses of what was looked up in the office, by the words of `story.PLACES`.
    """
    told: list[dict[str, Any]] = []
    for step in STEPS:
        address = _story_address(step, places)
        if not address or (step.needs == "rencana" and not has_plan):
            continue
        number = len(told) + 1
        query = urlencode({"pemilihan": ELECTION, **step.query, "cerita": number})
        anchor = f"#{step.anchor}" if step.anchor else ""
        href = f"{address}{'&' if '?' in address else '?'}{query}{anchor}"
        told.append({"number": number, "title": step.title, "text": step.text, "href": href})
    return told


def _story_address(step: Step, places: Mapping[str, str]) -> str:
    """Return where a step's screen is, or empty where it can not be told."""
    found = places.get(step.place, "")
    if step.place and not found:
        return ""
    if not step.name:
        return found
    try:
        return reverse(step.name)
    except NoReverseMatch:
        return ""
