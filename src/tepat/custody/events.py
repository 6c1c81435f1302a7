"""What custody events say: one strict struct a kind, read by server, simulator and checkers.

A payload knows people by random ids only. docs/decisions/0009-custody.md says what each does to the holder.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import Any, Literal
from uuid import UUID

import msgspec
import rfc8785

REASON_LENGTH_MAX = 200
# As many runs as an event may have objects.
_HOW = re.compile(r"(?:[1-9]\d{0,2}[stu]){0,500}")
SEALS_PER_OBJECT_MAX = 12

type Reason = Literal["basah", "rusak", "salah", "segel-rusak", "segel-beda", "terbuka", "lain"]
type Proof = Literal["perangkat", "kartu-pin", "kartu", "tanda-tangan", "kertas"]
type Presence = Literal["ppk", "panwascam", "pkd", "polri"]
# How it is known that the second person was there: by nothing, by the card scanned at that moment or when
# the two sat down, by the signed paper; empty in events from before it was asked.
type SecondProof = Literal["", "tanpa-bukti", "kartu", "kartu-giliran", "kertas"]


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every payload is: frozen, and without fields that nobody knows."""


class Registered(Payload, frozen=True):
    """`custody.registered`: the objects are closed and in somebody's hands."""

    holder: str
    post: str


class Offered(Payload, frozen=True):
    """`custody.offered`: the actor gives, the event's objects are the list, its id is the offer's."""

    to_post: str
    list_hash: str
    to_person: str = ""
    leg: str = ""
    expected_at: str = ""  # when the leg's plan has the receipt, UTC; the gap detector's grace begins here
    how: str = ""  # `how_read`


class RefusedObject(Payload, frozen=True):
    """One object that the receiver did not take, and why."""

    object: str
    reason: Reason
    note: str = ""
    photo: str = ""  # SHA-256


class SealRead(Payload, frozen=True):
    """The seals that were read on one object; `numbers` None: not read, which is no match."""

    object: str
    numbers: tuple[str, ...] | None = None
    photo: str = ""
    second: str = ""  # the second person where it differs


class Accepted(Payload, frozen=True):
    """`custody.accepted`: the receiver took the event's objects but for the missing and the refused ones."""

    offer: str
    list_hash: str
    giver: str
    receiver: str
    post: str
    missing: tuple[str, ...] = ()
    refused: tuple[RefusedObject, ...] = ()
    extra: tuple[str, ...] = ()  # taken, but not on the offered list
    seals: tuple[SealRead, ...] = ()
    proof: Proof = "perangkat"
    one_phone: bool = False  # "satu HP": confirmed on the giver's phone
    pin: Literal["", "tersegel", "benar", "salah", "lupa"] = ""
    how: str = ""  # `how_read`
    confirms: str = ""  # the receipt on paper that a second person of the office found signed by both


class Refused(Payload, frozen=True):
    """`custody.refused`: the receiver took nothing of this offer."""

    offer: str
    list_hash: str
    giver: str
    receiver: str
    post: str
    refused: tuple[RefusedObject, ...]


class Withdrawn(Payload, frozen=True):
    """`custody.withdrawn`: the giver takes an offer back before anybody accepted it."""

    offer: str


class CountDiffers(Payload, frozen=True):
    """`custody.count-differs`: both sign a difference as it is, about the event's objects."""

    offer: str
    offered: int
    counted: int
    giver: str
    receiver: str
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


class Seen(Payload, frozen=True):
    """`custody.seen`: somebody scanned the objects in the hands of `with_person`."""

    with_person: str
    post: str
    purpose: Literal["periksa", "temuan"] = "periksa"
    how: str = ""  # `how_read`


class Settled(Payload, frozen=True):
    """`custody.settled`: a third person scanned it physically; it is in the hands of `holder`."""

    holder: str
    post: str
    note: str = ""


class TakenOver(Payload, frozen=True):
    """`custody.taken-over`: a deputy takes over what the person in charge held."""

    from_person: str
    to_person: str
    post: str
    reason: str = ""


class Present(Payload, frozen=True):
    """`custody.present`: somebody is there, confirms it, and holds nothing."""

    presence: Presence
    person: str = ""
    absent: bool = False
    offer: str = ""
    leg: str = ""


class Moved(Payload, frozen=True):
    """`custody.departed` and `custody.arrived`: a trip leaves a place or comes to one."""

    trip: str
    leg: str = ""


class Sealed(Payload, frozen=True):
    """`packing.sealed`: seals on the event's objects, put there by the actor and a second person."""

    seals: dict[str, tuple[str, ...]]
    second: str
    seal_set: Literal["keluar", "kembali"] = "keluar"
    unnumbered: tuple[str, ...] = ()  # seals without a printed number: label, photo and two names
    second_proof: SecondProof = ""
    first: str = ""  # who put them on, where the actor only wrote it down from paper


class Opened(Payload, frozen=True):
    """`packing.opened`: opened by two people, for a reason; Panwascam and police there or not."""

    second: str
    reason: str
    panwascam: bool
    polri: bool
    planned: bool = False  # by KPPS on polling day before witnesses, or at the recapitulation
    second_proof: SecondProof = ""
    first: str = ""  # who opened it, where the actor only wrote it down from paper


KINDS: dict[str, type[Payload]] = {
    "custody.registered": Registered,
    "custody.offered": Offered,
    "custody.accepted": Accepted,
    "custody.refused": Refused,
    "custody.withdrawn": Withdrawn,
    "custody.count-differs": CountDiffers,
    "custody.seen": Seen,
    "custody.settled": Settled,
    "custody.taken-over": TakenOver,
    "custody.present": Present,
    "custody.departed": Moved,
    "custody.arrived": Moved,
    "packing.sealed": Sealed,
    "packing.opened": Opened,
}


def read_payload(kind: str, payload: Any) -> Payload:
    """Return a payload as its struct.

    Args:
        kind: A key of `KINDS`.
        payload: Plain values, as stored or as sent.

    Raises:
        msgspec.ValidationError: It is not what this kind says; the message names the field.
    """
    return msgspec.convert(payload, KINDS[kind])


def read_sent(kind: str, payload: Any) -> Payload:
    """Return a payload that has just been sent; what was once taken in is read by `read_payload`, as it is.

    Args:
        kind: A key of `KINDS`.
        payload: Plain values, as sent.

    Raises:
        msgspec.ValidationError: As `read_payload`; or somebody who stood beside the actor is named by
            anything but a random id, how things were read is no list of runs, or a phone confirms a paper.
    """
    found = read_payload(kind, payload)
    if not _HOW.fullmatch(getattr(found, "how", "")):
        raise msgspec.ValidationError("how bukan daftar cara membaca")
    if isinstance(found, Accepted) and found.confirms:
        raise msgspec.ValidationError("confirms hanya dari kantor")
    for name, said in _second_people(found):
        if said and not _is_id(said):
            raise msgspec.ValidationError(f"{name} bukan id orang")
    return found


def _second_people(payload: Payload) -> Iterator[tuple[str, str]]:
    """Yield who stood beside the actor, with the field that says so."""
    if isinstance(payload, Accepted):
        yield from (("seals.second", one.second) for one in payload.seals)
    if isinstance(payload, (Sealed, Opened)):
        yield "second", payload.second
        yield "first", payload.first


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def list_hash(objects: Iterable[str]) -> str:
    """Return the hash of a list of objects, whatever its order: what an acceptance names.

    Args:
        objects: Object ids; one that is named twice counts once.
    """
    return hashlib.sha256(rfc8785.dumps(sorted(set(objects)))).hexdigest()


def how_read(objects: Iterable[str], *, typed: Collection[str], unread: Collection[str] = ()) -> str:
    """Return how each object of an event was read, as runs such as ``48s2t``.

    ``s`` is scanned from the label's QR, ``t`` typed, ``u`` not read at all. An event that says nothing of it
    is from before it was asked.

    Args:
        objects: In the order of the event.
        typed: Those of them that were typed.
        unread: Those that nobody read: missing, or taken over from a plan.
    """
    hand, none = set(typed), set(unread)
    letters = ["u" if name in none else "t" if name in hand else "s" for name in objects]
    return "".join(f"{len(list(run))}{letter}" for letter, run in groupby(letters))


def read_counts(how: str) -> dict[str, int]:
    """Return how many objects were scanned (``s``), typed (``t``) and not read (``u``); none of it unknown.

    Args:
        how: As `how_read` writes it.
    """
    found = dict.fromkeys("stu", 0)
    for count, letter in re.findall(r"(\d+)([stu])", how):
        found[letter] += int(count)
    return found
