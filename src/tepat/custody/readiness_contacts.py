"""Whom to call about some things: who holds them, else the PPS of the village, else the PPK."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from tepat.common.acting import Actor
from tepat.common.models import Post, VaultEntry
from tepat.common.permissions import Permission, Role, covers

ID_SHOWN = 8


@dataclass(frozen=True)
class Contact:
    """Somebody to call: by name and number where the reader may know them.

    Args:
        person: The random id, or empty where nobody is on record.
        role: In what role, in words.
        name: From the vault, or empty.
        phone: From the vault, or empty.
    """

    person: str = ""
    role: str = ""
    name: str = ""
    phone: str = ""

    @property
    def shown(self) -> str:
        """The name, or the beginning of the id for those who may not read names."""
        return self.name or (f"orang {self.person[:ID_SHOWN]}" if self.person else "belum ada petugas")


@dataclass(frozen=True)
class CallBook:
    """Who is to be called: by person for those who hold something, by area for committees; the warehouse."""

    by_person: Mapping[str, Contact] = field(default_factory=dict)
    by_area: Mapping[str, Contact] = field(default_factory=dict)
    warehouse: Contact = Contact()

    def contact(self, area_code: str, holders: Sequence[str]) -> Contact:
        """Return the person in charge of some things at this moment.

        Args:
            area_code: The desa to which they belong.
            holders: Who answers for them.
        """
        for holder in holders:
            if holder in self.by_person:
                return self.by_person[holder]
        if holders:
            return Contact(holders[0])
        kecamatan = area_code.rpartition(".")[0]
        return self.by_area.get(area_code) or self.by_area.get(kecamatan) or Contact()


def call_book(
    wanted: Iterable[tuple[str, Sequence[str]]], at: datetime, reader: Actor, office: str
) -> CallBook:
    """Return whom to call about some things.

    Names are for those who may read names of the whole office and for those who hand over themselves;
    telephone numbers only for whoever may read contacts in that person's area.

    Args:
        wanted: For each thing its desa and who holds it.
        at: The moment at which posts are held.
        reader: Who reads.
        office: The office's area code.
    """
    listed = list(wanted)
    named = reader.may(Permission.PEOPLE_READ, office) or reader.has(Permission.CUSTODY_ACT)
    phones = reader.areas(Permission.PEOPLE_READ)
    desa = {area_code for area_code, _ in listed}
    kecamatan = {code.rpartition(".")[0] for code in desa}
    committees = Q(role=Role.PPS.name, area_code__in=desa) | Q(
        role=Role.PPK.name, area_code__in=kecamatan | desa
    )
    holders = _ids(holder for _, some in listed for holder in some)
    packers = Q(role=Role.GUDANG.name, area_code=office)
    posts = Post.objects.held_at(at).filter(committees | packers | Q(person__in=holders))
    columns = posts.values_list(
        "person_id", "role", "area_code", "person__vault__name", "person__vault__phone"
    )
    by_person: dict[str, Contact] = {}
    by_area: dict[str, Contact] = {}
    warehouse = Contact()
    # Whoever has a telephone comes first, then by id, so that the list is the same each time.
    for who, role, area, name, phone in sorted(columns, key=lambda each: (not each[4], str(each[0]))):
        may = _may_call(phones, area)
        contact = Contact(
            str(who), Role[role].value, (name or "") if named else "", (phone or "") if may else ""
        )
        by_person.setdefault(str(who), contact)
        if role in {Role.PPS.name, Role.PPK.name}:
            by_area.setdefault(area, contact)
        if role == Role.GUDANG.name and not warehouse.person:
            warehouse = contact
    for who, name, phone in _without_post(holders - {UUID(known) for known in by_person}):
        whole = _may_call(phones, office)
        by_person[str(who)] = Contact(str(who), "", name if named else "", phone if whole else "")
    return CallBook(by_person, by_area, warehouse)


def _without_post(people: set[UUID]) -> Iterable[tuple[UUID, str, str]]:
    """Return holders whose post has ended since: what they hold has not."""
    return VaultEntry.objects.filter(person__in=people).values_list("person_id", "name", "phone")


def _may_call(scopes: Collection[str], area_code: str) -> bool:
    return any(covers(scope, area_code) for scope in scopes)


def _ids(texts: Iterable[str]) -> set[UUID]:
    found = set()
    for text in texts:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found
