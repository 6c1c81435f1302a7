"""One object's hands while its history is walked: holder, claims, offers and search.

What each kind of event does with them is `rules_effects.py`; what it all means is `rules.py`.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from tepat.custody.facts import Fact, microseconds
from tepat.custody.rules_order import SECOND_US
from tepat.custody.rules_states import (
    Claim,
    ClaimReason,
    Flag,
    Missing,
    Moment,
    OfferOutcome,
    OpenOffer,
    Outcome,
    Refusal,
    State,
    Status,
)

if TYPE_CHECKING:
    from tepat.custody import events

PLANS_REMEMBERED_MAX = 10_000

_FLAG_PLACE = {flag: place for place, flag in enumerate(Flag)}


def in_order(flags: set[Flag]) -> tuple[Flag, ...]:
    """Return flags in the order of `Flag`."""
    return tuple(sorted(flags, key=_FLAG_PLACE.__getitem__))


@lru_cache(maxsize=PLANS_REMEMBERED_MAX)
def expected_us(text: str) -> int:
    """Return a planned moment in microseconds; 0 without one, and for what is no moment.

    Args:
        text: ISO 8601; without a zone it is UTC.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return 0
    return microseconds(at if at.tzinfo else at.replace(tzinfo=UTC))


class Hands:
    """How one object stands, while its history is walked.

    Args:
        object_id: Which object.
        offers: Every offer of it that has arrived, by id.
        signed: Receipts on paper that a second person of the office found signed by both.
    """

    __slots__ = (
        "_answered_by",
        "_offered_us",
        "_past",
        "_settled_us",
        "_successors",
        "_term_flags",
        "all_claims",
        "all_flags",
        "at_us",
        "claims",
        "evidence",
        "flags",
        "givers",
        "holder",
        "last_evidence_us",
        "missing",
        "moments",
        "object_id",
        "offer",
        "offers",
        "one_sided",
        "outcome",
        "place",
        "post",
        "refused",
        "signed",
        "since_us",
        "status",
        "status_since_us",
    )

    def __init__(self, object_id: str, offers: Mapping[str, Fact], signed: Collection[str] = ()) -> None:
        self.object_id = object_id
        self.signed = signed
        self.holder = self.post = self.place = ""
        self.status: Status = "belum_ada"
        self.since_us = self.status_since_us = self.last_evidence_us = self.at_us = 0
        self.offer: OpenOffer | None = None
        self.claims: tuple[Claim, ...] = ()
        self.missing: Missing | None = None
        self.refused: Refusal | None = None
        self.one_sided = self.evidence = False
        self.moments: list[Moment] = []
        self.all_claims: list[Claim] = []
        self.flags: set[Flag] = set()
        self.all_flags: set[Flag] = set()
        self.offers = offers
        self.outcome: dict[str, tuple[Outcome, str]] = {}
        self.givers: dict[str, str] = {id_: offer.actor for id_, offer in offers.items()}
        self._term_flags: set[Flag] = set()
        self._offered_us: dict[str, int] = {}
        self._answered_by: dict[str, set[str]] = {}
        self._successors: dict[str, str] = {}
        self._past: set[str] = set()
        self._settled_us = 0

    # Before and after each event

    def begin(self, fact: Fact, at_us: int) -> None:
        """Begin with one event, which occurred at `at_us`."""
        self.at_us = at_us
        self.flags = set()
        self.evidence = fact.kind not in ("custody.present", "custody.count-differs", "custody.withdrawn")

    def end(self, fact: Fact, holder_before: str) -> None:
        """Work out how it stands after the event, and note the moment."""
        if self.evidence:
            self.last_evidence_us = self.at_us
            if fact.place and fact.kind != "custody.offered":
                self.place = fact.place
        if self.holder != holder_before:
            self.since_us = self.at_us
            self._term_flags = set()
        status = self._status()
        if status != self.status or self.holder != holder_before:
            self.status_since_us = self.at_us
        self.status = status
        if self.flags:
            self._term_flags |= self.flags
            self.all_flags |= self.flags
        offer = self.offer
        self.moments.append(
            Moment(
                self.at_us,
                fact.id,
                fact.kind,
                fact.actor,
                self.holder,
                self.post,
                self.place,
                status,
                self.one_sided,
                "" if offer is None else offer.id,
                0 if offer is None else offer.at_us,
                0 if offer is None else offer.expected_us,
                self.evidence,
                fact.uncertainty_s,
                in_order(self.flags) if self.flags else (),
            )
        )

    def _status(self) -> Status:
        if self.claims:
            return "sengketa"
        if self.missing is not None:
            return "belum_terlihat"
        if self.offer is not None:
            return "ditawarkan"
        return "dipegang" if self.holder else "belum_ada"

    def state(self) -> State:
        """Return how it stands now, but for its seals."""
        return State(
            holder=self.holder,
            post=self.post,
            place=self.place,
            status=self.status,
            since_us=self.since_us,
            status_since_us=self.status_since_us,
            last_evidence_us=self.last_evidence_us,
            offer=self.offer,
            claims=self.claims,
            missing=self.missing,
            refused=self.refused,
            one_sided=self.one_sided,
            flags=in_order(self._term_flags) if self._term_flags else (),
        )

    def outcomes(self) -> tuple[OfferOutcome, ...]:
        """Return what became of each offer, in the order of the offers."""
        return tuple(OfferOutcome(offer, *self.outcome[offer]) for offer in self.outcome)

    # Holders

    def take(self, person: str, post: str, *, offer: str = "") -> None:
        """Make another person the holder, undisputed; what the former one still offers is void.

        Args:
            person: The new holder.
            post: At which post.
            offer: The offer by which, or empty.
        """
        self._past.add(self.holder)
        self._successors.pop(person, None)
        self.holder, self.post = person, post
        self.claims, self.missing, self.refused = (), None, None
        self.one_sided = False
        for each, (outcome, _) in self.outcome.items():
            if each == offer or outcome not in ("terbuka", "belum_terlihat"):
                continue
            if outcome == "terbuka" and self.givers[each] == person:
                self._offered_us[each] = self.at_us  # offered before it was held: it counts from now on
            else:
                self.outcome[each] = ("gugur", "")
        self._offer_again()

    def take_over(self, deputy: str, post: str) -> None:
        """Make a deputy the holder, in the former holder's place: open offers and disputes go on."""
        self._successors.pop(deputy, None)
        self._successors[self.holder] = deputy
        for offer, (outcome, _) in self.outcome.items():
            if outcome == "terbuka" and self.givers[offer] == self.holder:
                self.givers[offer] = deputy
        self.holder, self.post = deputy, post
        self.claims = tuple(claim for claim in self.claims if claim.claimant != deputy)
        self._offer_again()

    def settle(self, fact: Fact, person: str, post: str) -> None:
        """End dispute and search: it is in this person's hands."""
        for offer, (outcome, event) in self.outcome.items():
            if outcome in ("sengketa", "belum_terlihat"):
                taken = person in self._answered_by[offer]
                self.outcome[offer] = ("diterima", event) if taken else ("gugur", fact.id)
        self._settled_us = self.at_us
        if person != self.holder:
            self.take(person, post)
        self.claims, self.missing = (), None

    def answers_now(self, person: str) -> str:
        """Return who answers for what a person gave: themselves, or the deputy who took over."""
        while person != self.holder and person in self._successors:
            person = self._successors[person]
        return person

    def has_held(self, person: str) -> bool:
        """Return whether a person held it before the holder of now."""
        return person in self._past

    def claim(self, fact: Fact, claimant: str, post: str, reason: ClaimReason) -> bool:
        """Note a claim; return whether it stands.

        One whose time may lie before the last settling says nothing that a third person has not looked at.
        """
        if self._settled_us and fact.at_us - fact.uncertainty_s * SECOND_US < self._settled_us:
            self.flags.add(Flag.BEFORE_SETTLING)
            return False
        claim = Claim(fact.id, claimant, post, reason, self.at_us)
        self.all_claims.append(claim)
        if all(each.claimant != claimant for each in self.claims):
            self.claims = (*self.claims, claim)
        self.missing = None
        return True

    # Offers

    def offered(self, fact: Fact) -> None:
        """Note an offer; it is open if its giver is the holder, or as soon as that is so."""
        self.outcome.setdefault(fact.id, ("terbuka", ""))
        self._offered_us[fact.id] = self.at_us
        if self.givers[fact.id] != self.holder:
            self.flags.add(Flag.NOT_HELD)
        elif self.outcome[fact.id][0] == "terbuka":
            self.offer = self._open(fact)

    def _offer_again(self) -> None:
        """Find the holder's last open offer."""
        self.offer = None
        for offer, (outcome, _) in self.outcome.items():
            if outcome == "terbuka" and self.givers[offer] == self.holder:
                self.offer = self._open(self.offers[offer])

    def _open(self, fact: Fact) -> OpenOffer:
        payload = cast("events.Offered", fact.payload)
        return OpenOffer(
            id=fact.id,
            giver=self.givers[fact.id],
            to_post=payload.to_post,
            to_person=payload.to_person,
            leg=payload.leg,
            expected_us=expected_us(payload.expected_at),
            at_us=self._offered_us[fact.id],
            list_hash=payload.list_hash,
        )

    def decide(self, offer: str, outcome: Outcome, fact: Fact, by: str) -> None:
        """Note what became of an offer, if it has arrived.

        Args:
            offer: Its id.
            outcome: What became of it, for this object.
            fact: What decided it.
            by: Who.
        """
        if offer not in self.offers:
            return
        self.outcome[offer] = (outcome, fact.id)
        self._answered_by.setdefault(offer, set()).add(by)
        if self.offer is not None and self.offer.id == offer:
            self._offer_again()

    def outcome_of(self, offer: str) -> Outcome:
        """Return what became of an offer so far."""
        return self.outcome.get(offer, ("terbuka", ""))[0]

    def giver_of(self, offer: str, named: str) -> str:
        """Return who gives by an offer now: its maker while they hold it, else who answers for it.

        Args:
            offer: Its id.
            named: Whom the receipt names; it counts while the offer has not arrived.
        """
        made = self.offers.get(offer)
        if made is not None and made.actor == self.holder:
            return made.actor
        return self.answers_now(self.givers.get(offer, named))
