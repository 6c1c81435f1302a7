"""Where an office screen stands that belongs to no election: which office, who reads, and in which areas."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from tepat.common.acting import Actor
from tepat.common.errors import Refused
from tepat.common.models import Area, LedgerIdentity, Office, VaultEntry
from tepat.common.models.people import ERASED
from tepat.common.permissions import Permission
from tepat.common.screens import actor_at

ID_SHOWN = 8
SYSTEM = "sistem"


@dataclass(frozen=True)
class Frame:
    """The frame in which such a screen reads.

    Args:
        office: The office of this cell.
        actor: Who reads.
        areas: The area codes in which the permission of this screen holds; an empty code is the nation.
    """

    office: Office
    actor: Actor
    areas: tuple[str, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return self.office.zone

    @property
    def whole_office(self) -> bool:
        """Whether this person reads for the whole office, and so also what lies in no area."""
        code = self.office.area_code
        return any(not scope or code == scope or code.startswith(scope + ".") for scope in self.areas)

    def may(self, permission: Permission) -> bool:
        """Return whether this person has a permission for the whole office."""
        return self.actor.may(permission, self.office.area_code)

    def visible[Q_: QuerySet[Any]](self, rows: Q_, field: str) -> Q_:
        """Return the rows whose area code (in this field) lies in an area this person may read."""
        return rows.filter(lies_in(field, self.areas))


def frame_of(request: HttpRequest, permission: Permission) -> Frame:
    """Return the frame of this screen.

    Raises:
        Refused: SCREEN-NO-OFFICE before an office is set up.
    """
    office = Office.objects.first()
    if office is None:
        raise Refused("SCREEN-NO-OFFICE")
    actor = actor_at(request)
    return Frame(office, actor, actor.areas(permission))


def lies_in(field: str, areas: Collection[str]) -> Q:
    """Return the condition that an area code lies in one of these areas; an empty code is the nation."""
    if any(not code for code in areas):
        return ~Q(pk__in=())  # true, and stays true in an "or", where an empty condition would vanish
    inside = Q(pk__in=())
    for code in areas:
        inside |= Q(**{field: code}) | Q(**{f"{field}__startswith": code + "."})
    return inside


def names_of(people: Iterable[UUID], *, shown: bool) -> dict[UUID, str]:
    """Return the names that stand beside ids; none where this person may not read them.

    Args:
        people: Random ids, as events and notes hold them.
        shown: Whether the reader may read names.
    """
    ids = set(people)
    names = dict.fromkeys(LedgerIdentity.objects.values_list("system_person", flat=True), SYSTEM)
    if shown:
        entries = VaultEntry.objects.filter(person_id__in=ids).values_list("person_id", "name")
        names |= {person: name or ERASED for person, name in entries}
    return {person: name for person, name in names.items() if person in ids}


def area_words(codes: Iterable[str]) -> dict[str, str]:
    """Return areas in words, such as ``Kecamatan Blora``, by code; the nation is the empty code."""
    wanted = set(codes)
    rows = Area.objects.filter(code__in=wanted).order_by("valid_from")
    words = {area.code: area_word(area) for area in rows}
    return {"": "seluruh Indonesia", **{code: code for code in wanted if code}, **words}


def area_word(area: Area) -> str:
    """Return one area in words, its kind first."""
    kind = area.kind if area.level in {Area.Level.DESA, Area.Level.KABKOTA} else area.level
    return f"{kind.capitalize()} {area.name}".strip()


def area_choices(areas: Collection[str], office: Office) -> list[tuple[str, str]]:
    """Return the areas of the office within these areas as choices, wide ones first in each branch."""
    rows = Area.objects.filter(
        lies_in("code", areas), lies_in("code", (office.area_code,)), valid_to__isnull=True
    )
    return [(area.code, f"{area.code} {area_word(area)}") for area in rows.order_by("code")]


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which a day begins in the office's zone."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def day_ends(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which a day ends in the office's zone."""
    return day_begins(day + timedelta(days=1), zone)
