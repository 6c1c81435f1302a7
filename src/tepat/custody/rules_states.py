"""The words of custody's answers: state, claims, seals and moments of one object."""

from enum import StrEnum
from typing import Literal

import msgspec

type Status = Literal["belum_ada", "dipegang", "ditawarkan", "belum_terlihat", "sengketa"]
type ClaimReason = Literal["rantai putus", "dua klaim", "temuan", "daftar beda"]
type SealSet = Literal["keluar", "kembali"]
type Outcome = Literal["terbuka", "diterima", "ditolak", "belum_terlihat", "sengketa", "ditarik", "gugur"]


class Flag(StrEnum):
    """What is to be known about a moment without changing who is accountable."""

    ONE_PHONE = "satu HP"
    PIN_FORGOTTEN = "PIN lupa"
    PIN_WRONG = "PIN salah"
    PIN_UNCHECKED = "PIN belum diperiksa"
    ON_PAPER = "dari kertas"
    BOTH_SIGNED = "kertas, dua tanda tangan"
    SEAL_UNREAD = "segel belum dibaca"
    SEAL_DIFFERS = "segel beda"
    SEAL_UNWITNESSED = "segel beda tanpa saksi"
    SEAL_UNKNOWN = "segel tidak tercatat"
    SEAL_REPLACED = "segel diganti tanpa dibuka"
    OPEN = "terbuka"
    OPENED_UNPLANNED = "dibuka di luar rencana"
    ALONE = "satu orang"
    NOT_REGISTERED = "belum terdaftar"
    NOT_LISTED = "di luar daftar"
    OTHER_POST = "pos lain"
    OTHER_RECEIVER = "penerima lain"
    OTHER_GIVER = "pemberi beda"
    NOT_HELD = "bukan pemegang"
    TOO_LATE = "terlambat"
    WITH_RECEIVER = "sudah di tangan penerima"
    NOT_THIRD = "bukan orang ketiga"
    UNDISPUTED = "tanpa sengketa"
    BEFORE_SETTLING = "mungkin sebelum penetapan"
    REVOKED = "identitas dicabut"


class OpenOffer(msgspec.Struct, frozen=True, gc=False):
    """An offer of the holder that nobody has answered yet.

    Args:
        id: The offer's event.
        giver: Who answers for it now: who made it, or who took over from them.
        to_post: The post that it is for.
        to_person: The person that it is for, or empty.
        leg: The leg of the plan, or empty.
        expected_us: When the plan has the receipt; 0 without a plan.
        at_us: When it was made.
        list_hash: The hash of the offered list.
    """

    id: str
    giver: str
    to_post: str
    to_person: str
    leg: str
    expected_us: int
    at_us: int
    list_hash: str


class Claim(msgspec.Struct, frozen=True, gc=False):
    """Somebody says they have it, without a chain to the holder.

    Args:
        event: What says so.
        claimant: In whose hands it is said to be.
        post: At which post.
        reason: Why it is no hand-over.
        at_us: When.
    """

    event: str
    claimant: str
    post: str
    reason: ClaimReason
    at_us: int


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """The last refusal, until somebody takes the object after all."""

    event: str
    offer: str
    by: str
    reason: str
    note: str
    photo: str
    at_us: int


class Missing(msgspec.Struct, frozen=True, gc=False):
    """A count did not find it: since when, in which event, of which offer, who counted."""

    event: str
    offer: str
    counted_by: str
    at_us: int


class SealState(msgspec.Struct, frozen=True, gc=False):
    """One set of seals of one object.

    Args:
        seal_set: Outbound or return.
        expected: The numbers that were put on, sorted; empty when none is known.
        unnumbered: A seal without a printed number was put on.
        sealed_us: When; 0 when no sealing has arrived.
        sealed_by: Who put them on.
        second: The second person.
        read: The numbers of the last reading, sorted; None: never read.
        read_us: When; 0 when never.
        match: Whether the last reading is what was put on; None: not read, or nothing to compare with.
        opened_us: When it was opened; 0 while closed.
        planned: Whether that opening was planned; None while closed.
    """

    seal_set: SealSet
    expected: tuple[str, ...] = ()
    unnumbered: bool = False
    sealed_us: int = 0
    sealed_by: str = ""
    second: str = ""
    read: tuple[str, ...] | None = None
    read_us: int = 0
    match: bool | None = None
    opened_us: int = 0
    planned: bool | None = None


class Moment(msgspec.Struct, frozen=True, gc=False):
    """How things stand from one event on.

    Args:
        at_us: When, never before the moment that it follows.
        event: The event that caused it.
        kind: Its kind.
        actor: Who said it.
        holder: Who is accountable from here on; empty before the first registration.
        post: At which post.
        place: Where it was last, or empty.
        status: The state from here on.
        one_sided: The holder took it, and the offer has not arrived.
        offer: The open offer's id, or empty.
        offered_us: Since when it is offered; 0 when it is not.
        expected_us: When the plan has the receipt of the open offer; 0 without.
        evidence: Whether it shows that the object is there.
        uncertainty_s: How wrong the time may be either way.
        flags: What is to be known, in the order of `Flag`.
    """

    at_us: int
    event: str
    kind: str
    actor: str
    holder: str
    post: str
    place: str
    status: Status
    one_sided: bool
    offer: str
    offered_us: int
    expected_us: int
    evidence: bool
    uncertainty_s: int
    flags: tuple[Flag, ...]


class State(msgspec.Struct, frozen=True, gc=False):
    """How one object stands after its last event.

    Args:
        holder: Who is accountable; empty before the first registration.
        post: At which post.
        place: Where it was last, or empty.
        status: Held, offered, not seen, in dispute, or not there yet.
        since_us: Since when this person is accountable.
        status_since_us: Since when it has this status.
        last_evidence_us: When something last showed that it is there.
        offer: The holder's open offer.
        claims: The open claims; more than none is a dispute.
        missing: The count that did not find it.
        refused: The last refusal that has not ended in a receipt.
        one_sided: The holder took it, and the offer has not arrived.
        flags: The flags of this person's time, in the order of `Flag`.
        seals: The outbound and the return set, as far as known.
    """

    holder: str = ""
    post: str = ""
    place: str = ""
    status: Status = "belum_ada"
    since_us: int = 0
    status_since_us: int = 0
    last_evidence_us: int = 0
    offer: OpenOffer | None = None
    claims: tuple[Claim, ...] = ()
    missing: Missing | None = None
    refused: Refusal | None = None
    one_sided: bool = False
    flags: tuple[Flag, ...] = ()
    seals: tuple[SealState, ...] = ()


class OfferOutcome(msgspec.Struct, frozen=True, gc=False):
    """What became of one offer, for one object; `event` is what decided it, or empty."""

    offer: str
    outcome: Outcome
    event: str


class History(msgspec.Struct, frozen=True, gc=False):
    """Everything about one object.

    Args:
        object_id: Which.
        moments: One for each event that counts, in order.
        state: How it stands after the last.
        claims: Every claim that was ever made, in order; they are kept for ever.
        outcomes: What became of each offer, in the order of the offers.
        flags: Every flag of every moment, in the order of `Flag`.
        left_out: Events of revoked identities, which do not count, by time.
    """

    object_id: str
    moments: tuple[Moment, ...]
    state: State
    claims: tuple[Claim, ...]
    outcomes: tuple[OfferOutcome, ...]
    flags: tuple[Flag, ...]
    left_out: tuple[str, ...]
