"""The register of people as a list changes it: posts by random ids here, names and contacts in the vault.

A list only adds. Who left a post is ended one by one: a name missing from a list proves nothing.
Posts in the office itself are never given by a list: they carry the rights to change things.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from tepat.common import identity, ledger
from tepat.common.actions import PERSON_ADDED, POST_GIVEN
from tepat.common.models import Office, Person, Post, VaultEntry
from tepat.common.permissions import Permission, Role
from tepat.planning.import_registers import Frame, Key, Planned, Rows, Writing, fingerprint
from tepat.planning.imports.engine import Record
from tepat.planning.imports.findings import BLOCKS, Finding, finding
from tepat.planning.imports.kinds_people import PEOPLE
from tepat.planning.imports.preview import Changes

ROLES = {
    "pps": Role.PPS,
    "ppk": Role.PPK,
    "kpps": Role.KPPS,
    "warehouse": Role.GUDANG,
    "driver": Role.PENGEMUDI,
    "police": Role.POLRI,
}
NAME_LENGTH_MAX, PHONE_LENGTH_MAX, ADDRESS_LENGTH_MAX = 120, 40, 200
DESA_CODE_LENGTH = 13
NEEDS_DESA = frozenset({"pps", "kpps"})


@dataclass(frozen=True)
class PeopleRegister:
    """People with posts in one office's area."""

    kind: str = PEOPLE.name
    needs_election: bool = False
    permissions: tuple[Permission, ...] = (Permission.LIST_ACCEPT, Permission.PEOPLE_EDIT)
    document_label: str = ""

    def read(self, frame: Frame) -> Rows:
        """Return who holds which post where, by plain name, role and area."""
        posts = Post.objects.filter(area_code__startswith=frame.area_code, held_to__isnull=True)
        return {
            (_plain(post.person.shown_name), post.role, post.area_code): {"role": post.role}
            for post in posts.select_related("person__vault")
        }

    def lock(self, frame: Frame) -> None:
        """Hold the office's row: one list at a time."""
        Office.objects.select_for_update().get(pk=frame.office.pk)

    def faults(self, records: Sequence[Record], frame: Frame) -> list[Finding]:
        """Return rows whose post a list cannot give, or that name no place."""
        del frame
        found = []
        for record in records:
            post = record.values.get("post")
            where = (record.sheet, record.cells.get("post", ""))
            if post == "office":
                found.append(finding("office_post", *where, severity=BLOCKS, row=record.row))
            elif post in NEEDS_DESA and not record.values.get("desa_code"):
                found.append(finding("post_without_desa", *where, severity=BLOCKS, row=record.row))
            elif post == "ppk" and not record.values.get("kecamatan_code"):
                found.append(finding("post_without_kecamatan", *where, severity=BLOCKS, row=record.row))
        return found

    def plan(self, records: Sequence[Record], frame: Frame, *, whole_list: bool) -> Planned:
        """Return who would be new; nobody is changed or removed by a list."""
        del whole_list
        current = self.read(frame)
        after: dict[Key, dict[str, Any]] = {}
        names: dict[Key, Mapping[str, str]] = {}
        known: list[Key] = []
        for record in records:
            if record.values.get("post") in {None, "office"}:
                continue
            role, area_code = _role(record.values), _area(record.values, frame)
            key: Key = (record.sheet, record.row)
            if (_plain(record.vault.get("name", "")), role.name, area_code) in current:
                known.append(key)
                continue
            held = {name: record.values.get(name) for name in ("from_date", "until_date")}
            after[key] = {"role": role.name, "area_code": area_code, **held}
            names[key] = record.vault
        return Planned(
            changes=Changes(added=tuple(after), changed=(), removed=(), unchanged=tuple(known)),
            after=after,
            base=fingerprint(current),
            names=names,
            notes=(
                (
                    "Nama dan kontak hanya masuk ke brankas nama; berkas ringkas dan catatan peristiwa "
                    "tidak memuatnya."
                ),
            ),
        )

    def write(self, writing: Writing) -> None:
        """Add the people with their posts, an event for each."""
        for at, (key, values) in enumerate(writing.planned.after.items()):
            if at == len(writing.planned.after) // 2:
                writing.step("setengah baris")
            person = add_to_vault(writing, writing.planned.names.get(key, {}))
            give_listed_post(writing, person, values)


def add_to_vault(writing: Writing, names: Mapping[str, str]) -> Person:
    """Add somebody with a random id, the name and contacts in the vault only; leaves its event."""
    person = Person.objects.create(id=identity.person_id(), created_at=writing.at)
    VaultEntry.objects.create(
        person=person,
        name=names.get("name", "").strip()[:NAME_LENGTH_MAX],
        phone=names.get("phone", "").strip()[:PHONE_LENGTH_MAX],
        address=names.get("email", "").strip()[:ADDRESS_LENGTH_MAX],
    )
    about = ledger.About(objects=(f"orang:{person.id}",))
    ledger.record(PERSON_ADDED, {}, by=writing.by, at=writing.at, about=about)
    return person


def give_listed_post(writing: Writing, person: Person, values: Mapping[str, Any]) -> Post:
    """Give a post from its first day, or from now, to the end of its last; leaves its event."""
    zone = writing.frame.office.zone

    def midnight(day: Any, days: int) -> datetime:
        return datetime.combine(day + timedelta(days=days), time(), tzinfo=zone)

    first, last = values.get("from_date"), values.get("until_date")
    held_from = midnight(first, 0) if first else writing.at
    held_to = midnight(last, 1) if last else None
    if held_to is not None and held_to <= held_from:
        held_from = held_to - timedelta(days=1)
    post = Post.objects.create(
        person=person,
        role=values["role"],
        area_code=values["area_code"],
        held_from=held_from,
        held_to=held_to,
    )
    until = held_to.isoformat() if held_to else None
    about = ledger.About(objects=(f"orang:{person.id}", f"jabatan:{post.pk}"), place=post.area_code)
    payload = {"role": post.role, "held_to": until}
    ledger.record(POST_GIVEN, payload, by=writing.by, at=writing.at, about=about)
    return post


def _role(values: Mapping[str, Any]) -> Role:
    if values["post"] == "supervisor":
        if values.get("desa_code"):
            return Role.PKD
        return Role.PANWASCAM if values.get("kecamatan_code") else Role.BAWASLU
    return ROLES[values["post"]]


def _area(values: Mapping[str, Any], frame: Frame) -> str:
    """Return where a post is held: the desa or kecamatan that the list names, else the office's area."""
    if values["post"] == "ppk":
        return str(values.get("kecamatan_code") or frame.area_code)
    return str(values.get("desa_code") or values.get("kecamatan_code") or frame.area_code)


def _plain(name: str) -> Hashable:
    return " ".join(name.casefold().split())
