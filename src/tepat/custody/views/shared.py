"""What the custody screens share: names, places, moments in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from tepat.common.frame import Frame, lies_in, names_of
from tepat.common.permissions import Permission
from tepat.common.tables import UNKNOWN, Cell, Column, Kind
from tepat.custody.facts import moment_of
from tepat.custody.models import Holding, Offer
from tepat.custody.parties import label_of
from tepat.custody.post_names import post_names
from tepat.custody.words import STATUS_STATES, STATUS_WORDS, post_word, tps_word

READ = Permission.CUSTODY_READ
ID_SHOWN = 8


@dataclass(frozen=True)
class Words:
    """Names of people and areas for one screen.

    Args:
        people: Names by id; empty for those who may not read them.
        areas: Areas and warehouses in words, by code.
    """

    people: dict[str, str]
    areas: dict[str, str]

    def person(self, person: str) -> str:
        """Return somebody by name, or by the beginning of the id for those who may not read names."""
        return self.people.get(person) or (f"orang {person[:ID_SHOWN]}" if person else UNKNOWN)

    def post(self, post: str) -> str:
        """Return a post in words."""
        return post_word(post, self.areas)


def words_of(frame: Frame, people: Iterable[str], posts: Iterable[str]) -> Words:
    """Return the words for these people and posts.

    Names are shown where the reader may read names of people in the whole office, or stands at a post: a
    hand-over between people who may not know each other's names would be none.
    """
    ids = {UUID(person) for person in people if person}
    shown = frame.may(Permission.PEOPLE_READ) or frame.actor.has(Permission.CUSTODY_ACT)
    names = {str(person): name for person, name in names_of(ids, shown=shown).items()}
    return Words(names, post_names(posts))


def visible_holdings(frame: Frame) -> QuerySet[Holding]:
    """Return the objects that belong to the reader's areas; all of them for the whole office."""
    return Holding.objects.filter(lies_in("area_code", frame.areas) | _unplaced(frame))


def visible_offers(frame: Frame) -> QuerySet[Offer]:
    """Return the offers to posts in the reader's areas; all of them for the whole office."""
    return Offer.objects.filter(lies_in("area_code", frame.areas) | _unplaced(frame))


def known_offers(frame: Frame) -> QuerySet[Offer]:
    """Return the offers of the reader's areas, and those in which the reader is giver or receiver."""
    me = str(frame.actor.person)
    return Offer.objects.filter(
        lies_in("area_code", frame.areas) | _unplaced(frame) | Q(giver=me) | Q(receiver=me)
    )


def _unplaced(frame: Frame) -> Q:
    return Q(area_code="") if frame.whole_office else Q(pk__in=())


STANDING_COLUMNS = (
    Column("Kotak", Kind.CODE),
    Column("Keadaan", Kind.STATE),
    Column("Penanggung jawab"),
    Column("Pos"),
    Column("Sejak", Kind.MOMENT),
    Column("Bukti terakhir", Kind.MOMENT),
)


def object_cell(name: str) -> Cell:
    """Return a box with its address and what it is."""
    label = label_of(name)
    return Cell(label, href=reverse("serah-terima-kotak", args=[label]), note=tps_word(label))


def state_cell(status: str, note: str = "") -> Cell:
    """Return a status as shape, colour and word."""
    return Cell(STATUS_STATES[status], word=STATUS_WORDS[status].upper(), note=note)


def at(moment_us: int | None) -> datetime | None:
    """Return microseconds as a moment."""
    return moment_of(moment_us) if moment_us else None
