"""What became of one offer, whatever order its events came in. Pure."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from tepat.custody.events import Accepted, CountDiffers, Offered, Refused, Withdrawn, list_hash
from tepat.custody.facts import Fact
from tepat.custody.parties import is_offer


class OfferNow(msgspec.Struct, frozen=True, kw_only=True):
    """One offer and its answer; `offered_us` None: only an answer has arrived."""

    id: str
    giver: str
    to_post: str
    to_person: str = ""
    from_post: str = ""
    place: str = ""
    leg: str = ""
    offered_us: int | None = None
    expected_at: str = ""
    answered_us: int | None = None
    receiver: str = ""
    objects: tuple[str, ...]
    list_hash: str
    taken: int = 0
    missing: tuple[str, ...] = ()
    refused: tuple[dict[str, str], ...] = ()
    extra: tuple[str, ...] = ()
    differs: bool = False
    state: str = "terbuka"

    def columns(self) -> dict[str, Any]:
        """Return it as the columns of its row."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found | {"id": UUID(self.id), "objects_named": found.pop("objects")}


def fold_offer(key: str, facts: Iterable[Fact]) -> OfferNow | None:
    """Return what became of an offer; None where its id is no id or nothing of weight is known.

    The first answer by time decides; an acceptance goes before a refusal, a withdrawal counts only where
    nobody has answered before it. A second acceptance by another person is a second claim, and kept.

    Args:
        key: As the index has it (`parties.offer_key`).
        facts: What makes or answers it, in any order.
    """
    offer_id = offer_of_key(key)
    counted = sorted((fact for fact in facts if not fact.revoked), key=lambda fact: (fact.at_us, fact.id))
    made = next((fact for fact in counted if isinstance(fact.payload, Offered) and fact.id == offer_id), None)
    accepted = [fact for fact in counted if isinstance(fact.payload, Accepted)]
    refused = [fact for fact in counted if isinstance(fact.payload, Refused)]
    base = _base(offer_id, made, accepted or refused)
    if base is None:
        return None
    base = msgspec.structs.replace(
        base, differs=any(isinstance(fact.payload, CountDiffers) for fact in counted)
    )
    withdrawn = next((fact for fact in counted if isinstance(fact.payload, Withdrawn)), None)
    if accepted and (withdrawn is None or accepted[0].at_us <= withdrawn.at_us):
        return _accepted(base, accepted)
    if withdrawn and not (refused and refused[0].at_us < withdrawn.at_us):
        return msgspec.structs.replace(base, state="ditarik", answered_us=withdrawn.at_us)
    return _refused(base, refused[0]) if refused else base


def offer_of_key(key: str) -> str:
    """Return the id of an offer from its key in the index, or empty where that is none."""
    if not is_offer(key):
        return ""
    try:
        return str(UUID(key.partition(":")[2]))
    except ValueError:
        return ""


def _base(offer_id: str, made: Fact | None, answers: list[Fact]) -> OfferNow | None:
    if not offer_id:
        return None
    if made is not None:
        said = made.payload
        assert isinstance(said, Offered)
        return OfferNow(
            id=offer_id,
            giver=made.actor,
            to_post=said.to_post,
            to_person=said.to_person,
            place=made.place,
            leg=said.leg,
            offered_us=made.at_us,
            expected_at=said.expected_at,
            objects=tuple(sorted(set(made.objects))),
            list_hash=list_hash(made.objects),
        )
    if not answers:
        return None
    answer = answers[0]
    assert isinstance(answer.payload, (Accepted, Refused))
    return OfferNow(
        id=offer_id,
        giver=answer.payload.giver,
        to_post=answer.payload.post,
        place=answer.place,
        objects=tuple(sorted(set(answer.objects))),
        list_hash=answer.payload.list_hash,
    )


def _accepted(base: OfferNow, accepted: list[Fact]) -> OfferNow:
    first = accepted[0]
    said = first.payload
    assert isinstance(said, Accepted)
    refused = {entry.object for entry in said.refused}
    left = set(said.missing) | refused
    receivers = {fact.payload.receiver for fact in accepted if isinstance(fact.payload, Accepted)}
    taken = set(first.objects) - left
    state = (
        "dua-klaim" if len(receivers) > 1 else "sebagian" if left or set(base.objects) - taken else "diterima"
    )
    return msgspec.structs.replace(
        base,
        answered_us=first.at_us,
        receiver=said.receiver,
        taken=len(taken),
        missing=tuple(sorted(said.missing)),
        refused=tuple(msgspec.to_builtins(entry) for entry in said.refused),
        extra=tuple(sorted(said.extra)),
        state=state,
    )


def _refused(base: OfferNow, answer: Fact) -> OfferNow:
    said = answer.payload
    assert isinstance(said, Refused)
    return msgspec.structs.replace(
        base,
        answered_us=answer.at_us,
        receiver=said.receiver,
        refused=tuple(msgspec.to_builtins(entry) for entry in said.refused),
        state="ditolak",
    )
