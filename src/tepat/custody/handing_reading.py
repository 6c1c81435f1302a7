"""What the office's own hand-over screens read: scanned codes, people at a post, a card, where to look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.core.cache import cache
from django.db.models import QuerySet

from tepat.common.acting import Actor, actor_of
from tepat.common.errors import Refused
from tepat.common.models import Election
from tepat.common.models import Post as HeldPost
from tepat.common.permissions import Permission, covers
from tepat.custody import identities, planned
from tepat.custody.events import Proof
from tepat.custody.models import Card, Holding, Offer
from tepat.custody.parties import PREFIXES, label_of, read_post
from tepat.custody.searching import Stop, Suspect, search_places

SCANNED_MAX = 2_000
PEOPLE_AT_POST_MAX = 200
PIN_TRIES_MAX = 5
PIN_TRIES_S = 900
KINDS = ("kotak", "bundel")


@dataclass(frozen=True)
class Scanned:
    """What was scanned, as objects.

    Args:
        objects: Known objects, each once, in the order of scanning.
        unknown: Codes that no object has.
        twice: How many scans named an object that was scanned before.
        typed: Those of the objects whose line is a code as a person types it, not the text of its QR.
    """

    objects: tuple[str, ...]
    unknown: tuple[str, ...]
    twice: int = 0
    typed: tuple[str, ...] = ()


def label_typed(text: str) -> str:
    """Return a label as it is kept from what was typed or scanned: a QR text, or a code in any case.

    The check letter at the end is dropped; whoever prints the label has checked it.
    """
    code = text.strip().upper().rpartition(":")[2].replace(" ", "")
    parts = code.split("-")
    if len(parts) == 3 and len(parts[2]) == 2:
        parts[2] = parts[2][0]
    return "-".join(parts)


def read_scans(text: str, rows: QuerySet[Holding]) -> Scanned:
    """Return what a scanner wrote, a code a line, as objects.

    Args:
        text: As the scanner typed it.
        rows: The objects that the reader may see.

    Raises:
        Refused: CUSTODY-TOO-MANY.
    """
    lines = [line for line in text.replace(",", "\n").split("\n") if line.strip()]
    codes = [label_typed(line) for line in lines]
    if len(codes) > SCANNED_MAX:
        raise Refused("CUSTODY-TOO-MANY", count=len(codes), limit=SCANNED_MAX)
    labels = list(dict.fromkeys(codes))
    known = objects_of(labels, rows)
    # A scanner writes the whole text of the QR, election and all; people type the code alone.
    scanned = {code for code, line in zip(codes, lines, strict=True) if ":" in line}
    return Scanned(
        objects=tuple(known[label] for label in labels if label in known),
        unknown=tuple(label for label in labels if label not in known),
        twice=len(codes) - len(labels),
        typed=tuple(known[label] for label in labels if label in known and label not in scanned),
    )


def objects_of(labels: Sequence[str], rows: QuerySet[Holding]) -> dict[str, str]:
    """Return the objects with these labels; where two elections share one, that of the later election."""
    elections = list(Election.objects.order_by("polling_date").values_list("code", flat=True))
    wanted = [f"{kind}:{election}:{label}" for election in elections for label in labels for kind in KINDS]
    there = {
        name for some in _chunks(wanted) for name in rows.filter(pk__in=some).values_list("pk", flat=True)
    }
    return {label_of(name): name for name in wanted if name in there}


def held_for(leg: planned.PlannedLeg, person: str) -> list[str]:
    """Return what a person holds of a planned leg and has not offered."""
    if not leg.labels:
        return []
    rows = Holding.objects.filter(holder=person, offer="").order_by("pk")
    prefixes = tuple(leg.labels)
    return [name for name in rows.values_list("pk", flat=True) if label_of(name).startswith(prefixes)]


def people_at(post: str, at: datetime) -> list[UUID]:
    """Return who stands at a post at a moment, by the register of posts.

    Drivers have another trip each day: for a trip all of them are returned.
    """
    found = read_post(post)
    if found is None:
        return []
    roles = [role.name for role, prefix in PREFIXES.items() if prefix == found.kind]
    held = HeldPost.objects.held_at(at).filter(role__in=roles).select_related("place")
    people = [
        row.person_id
        for row in held.order_by("pk")
        if (not found.area_code or row.area_code == found.area_code)
        and (found.kind != "gudang" or row.place is None or row.place.code == found.key)
    ]
    return list(dict.fromkeys(people))[:PEOPLE_AT_POST_MAX]


def stands_at_post(actor: Actor, post: str) -> bool:
    """Return whether somebody is on duty at a post: by a role whose post it is, over its area."""
    found = read_post(post)
    if found is None:
        return False
    return any(
        PREFIXES.get(held.role) == found.kind
        and (not found.area_code or covers(held.area_code, found.area_code))
        for held in actor.standings
    )


@dataclass(frozen=True)
class Shown:
    """Somebody who showed a card on another person's screen.

    Args:
        person: Whose card it is.
        proof: By what the person is known.
        pin: ``benar``; ``lupa`` where the PIN was forgotten; empty on the own screen.
    """

    person: UUID
    proof: Proof
    pin: Literal["", "benar", "lupa"]


def read_card(text: str, pin: str, *, at: datetime) -> Shown:
    """Return who shows a card; the PIN goes no further than here.

    Args:
        text: The card's QR, or its number typed.
        pin: Six digits, or empty where it was forgotten.
        at: When.

    Raises:
        Refused: CUSTODY-CARD, CUSTODY-PIN, CUSTODY-PIN-TRIES.
    """
    number = text.strip().upper().rpartition(":")[2]
    card = Card.objects.valid_at(at).filter(pk=number).first()
    if card is None:
        raise Refused("CUSTODY-CARD", number=number[:12])
    if not pin:
        return Shown(UUID(str(card.person_id)), "kartu", "lupa")
    tries = f"pin-{number}"
    if int(cache.get(tries, 0)) >= PIN_TRIES_MAX:
        raise Refused("CUSTODY-PIN-TRIES", limit=PIN_TRIES_MAX, minutes=PIN_TRIES_S // 60)
    if not identities.pin_fits(card, pin):
        cache.add(tries, 0, PIN_TRIES_S)
        cache.incr(tries)
        raise Refused("CUSTODY-PIN")
    cache.delete(tries)
    return Shown(UUID(str(card.person_id)), "kartu-pin", "benar")


def receiver_at(person: UUID, post: str, at: datetime) -> None:
    """Check that somebody may receive at a post.

    Raises:
        Refused: CUSTODY-NOT-AT-POST.
    """
    actor = actor_of(person, at)
    if not (actor.has(Permission.CUSTODY_ACT) and stands_at_post(actor, post)):
        raise Refused("CUSTODY-NOT-AT-POST", post=post)


def places_to_look(offer: Offer, missing: Iterable[str]) -> dict[str, tuple[Suspect, ...]]:
    """Return where to look for what a count did not find, by object; empty without a planned trip."""
    leg = planned.leg_of(offer.leg)
    if leg is None:
        return {}
    trip = offer.leg.partition(":")[0]
    given = Offer.objects.filter(leg__startswith=f"{trip}:").exclude(pk=offer.pk)
    taken: dict[str, list[str]] = {}
    aboard: list[str] = []
    for row in given:
        gone = {*row.missing, *(entry["object"] for entry in row.refused)}
        here = [label_of(name) for name in row.objects_named if name not in gone]
        if row.to_post in leg.before and row.answered_us:
            taken.setdefault(row.to_post, []).extend(here)
        elif row.to_post == f"angkutan:{trip}":
            aboard += here
    unloaded = {label for labels in taken.values() for label in labels}
    stops = [Stop(post, tuple(taken.get(post, ()))) for post in leg.before]
    left = [label for label in aboard if label not in unloaded]
    return {
        name: search_places(stops, label_of(name), loaded_at=leg.loaded_at, co_loaded=left)
        for name in missing
    }


def _chunks(values: Sequence[str], size: int = 400) -> Iterable[Sequence[str]]:
    return (values[start : start + size] for start in range(0, len(values), size))
