"""The people of the demo's hand-overs: invented posts without invented names, each called "Contoh …"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tepat.common.acting import Actor, Standing
from tepat.common.actions import Contact, add_person, give_post
from tepat.common.models import Area, Post
from tepat.common.permissions import Role
from tepat.custody.duty_actions import note_ready
from tepat.custody.identity_actions import Wanted, issue_cards
from tepat.custody.models import Card
from tepat.custody.readiness_duties import called_numbers
from tepat.operations.demo_phone import Phone, bound_phone

TABLES = 4
CARD_DAYS_BEFORE, CARD_DAYS_AFTER = 10, 20
OFFICE_CARDS, DISTRICT_CARDS = (Role.GUDANG, Role.PENGEMUDI), (Role.PPK, Role.PPS, Role.KPPS)
CHIEF = "Contoh Kepala Gudang"
# No network gives out 0800-0000; it shows where a number stands and reaches nobody.
PHONE = "0800-0000-{number:04d}"


@dataclass(frozen=True)
class Somebody:
    """One of them.

    Args:
        name: As the vault has it; how the demo finds them again.
        role: Their role.
        area_code: Where.
    """

    name: str
    role: Role
    area_code: str


@dataclass
class People:
    """The people by name, and the phones of those who carry one.

    Args:
        office: The office's area code.
        ids: Random ids by name.
        posts: Who they are, by name.
        cards: The numbers of their cards, by name.
        phones: By name; empty where an earlier run, broken off, has bound them.
    """

    office: str
    ids: dict[str, UUID] = field(default_factory=dict)
    posts: dict[str, Somebody] = field(default_factory=dict)
    cards: dict[str, str] = field(default_factory=dict)
    phones: dict[str, Phone] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """Return somebody as an actor with the one post they hold."""
        who = self.posts[name]
        return Actor(self.ids[name], (Standing(who.role, who.area_code),))


def packer(number: int) -> str:
    """Return the name of one of those who pack; two sit at each table."""
    return f"Contoh Petugas Gudang {number}"


def driver(vehicle: str) -> str:
    """Return the name of who answers for a vehicle."""
    return f"Contoh Pengemudi {vehicle}"


def ppk(names: Mapping[str, str], code: str) -> str:
    """Return the name of the PPK of a kecamatan."""
    return f"Contoh PPK {names[code]}"


def pps(names: Mapping[str, str], code: str) -> str:
    """Return the name of the PPS of a desa."""
    return f"Contoh PPS {names[code]}"


def kpps(names: Mapping[str, str], code: str, number: int) -> str:
    """Return the name of the KPPS of a TPS."""
    return f"Contoh KPPS {names[code]} {number:03d}"


def area_names(kecamatan: str) -> dict[str, str]:
    """Return the names of a kecamatan and its desa, by code."""
    rows = Area.objects.filter(code__startswith=kecamatan, valid_to__isnull=True)
    return dict(rows.values_list("code", "name"))


def wanted_people(
    office: str, kecamatan: str, vehicles: Iterable[str], tps: Iterable[tuple[str, int]]
) -> list[Somebody]:
    """Return everybody whom the hand-overs of a kecamatan need.

    Args:
        office: The office's area code.
        kecamatan: The kecamatan.
        vehicles: The vehicles that come there.
        tps: Its TPS, by desa and number.
    """
    names, listed = area_names(kecamatan), sorted(set(tps))
    wanted = [Somebody(CHIEF, Role.GUDANG, office)]
    wanted += [Somebody(packer(number), Role.GUDANG, office) for number in range(1, 2 * TABLES + 1)]
    wanted += [Somebody(driver(vehicle), Role.PENGEMUDI, office) for vehicle in sorted(set(vehicles))]
    wanted.append(Somebody(ppk(names, kecamatan), Role.PPK, kecamatan))
    wanted += [
        Somebody(pps(names, code), Role.PPS, code) for code in dict.fromkeys(code for code, _ in listed)
    ]
    wanted += [Somebody(kpps(names, code, number), Role.KPPS, code) for code, number in listed]
    return wanted


def find_or_make(office: str, wanted: Sequence[Somebody], *, by: Actor, at: datetime) -> People:
    """Return the people, those that an earlier run has made as they are.

    Args:
        office: The office's area code.
        wanted: Whom.
        by: Who appoints them.
        at: From when they hold their posts.
    """
    known = Post.objects.filter(person__vault__name__startswith="Contoh ")
    there = dict(known.values_list("person__vault__name", "person_id"))
    people = People(office)
    with transaction.atomic():
        for number, who in enumerate(wanted, 1):
            people.posts[who.name] = who
            people.ids[who.name] = there.get(who.name) or _make(who, number, by=by, at=at)
    return people


def _make(who: Somebody, number: int, *, by: Actor, at: datetime) -> UUID:
    contact = Contact(name=who.name, phone=PHONE.format(number=number))
    person: UUID = add_person(by=by, at=at, contact=contact).pk
    give_post(by=by, at=at, person=person, role=who.role, area_code=who.area_code)
    return person


def hand_out_cards(people: People, carriers: Sequence[str], *, by: Actor, at: datetime) -> None:
    """Issue everybody's card once, and bind the phones of some; a later run finds cards and goes without.

    Args:
        people: Whose.
        carriers: Names of those who carry a phone.
        by: Who issues.
        at: When the first hand-over comes.
    """
    cards = Card.objects.filter(person__in=set(people.ids.values()))
    if not cards.exists():
        start, end = at - timedelta(days=CARD_DAYS_BEFORE), at + timedelta(days=CARD_DAYS_AFTER)
        areas = dict.fromkeys(who.area_code for who in people.posts.values() if who.role is Role.PPK)
        with transaction.atomic():
            given = issue_cards(by=by, at=start, wanted=Wanted(people.office, OFFICE_CARDS, start, end))
            for area in areas:
                given += issue_cards(by=by, at=start, wanted=Wanted(area, DISTRICT_CARDS, start, end))
            codes = {card.name: card.code for card in given}
            for name in carriers:
                people.phones[name] = bound_phone(codes[name], at=start)
    names = {person: name for name, person in people.ids.items()}
    people.cards = {names[person]: number for person, number in cards.values_list("person_id", "number")}


def call_everybody(people: People, *, by: Actor, at: datetime) -> None:
    """Let the office call each PPS without a phone and note that it is ready; the last one does not answer.

    Args:
        people: Whose cards are handed out.
        by: Who calls.
        at: When.
    """
    committees = sorted(name for name, who in people.posts.items() if who.role is Role.PPS)
    known = called_numbers(at)
    with transaction.atomic():
        for name in committees[:-1]:
            if name not in people.phones and people.cards[name] not in known:
                note_ready(by=by, at=at, number=people.cards[name])
