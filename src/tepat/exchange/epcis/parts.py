"""What each kind of custody event is in EPCIS: one or more events, each about some of its objects. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from tepat.custody import events
from tepat.custody.facts import Fact

type Role = Literal["", "diterima", "belum-terlihat", "ditolak"]
type Kind = Literal["ObjectEvent", "AggregationEvent", "TransactionEvent"]


class NotWritableError(Exception):
    """This event has no place in an EPCIS document; the argument says why, in Indonesian."""


@dataclass(frozen=True)
class Part:
    """One EPCIS event about some of a fact's objects.

    Args:
        kind: Its type in EPCIS.
        action: ``ADD``, ``OBSERVE`` or ``DELETE``.
        step: What is being done, as CBV calls it.
        disposition: How the objects are afterwards, or empty where the event does not say it.
        objects: Which objects.
        role: What became of them, where one answer says different things of different objects.
        parent: The set that they are put into or taken out of, or empty.
        parent_named: The fact names the set as well.
        reason: Why they were refused, or empty.
        refused: The refusals.
        receipt: It is a receipt: the event is named as one.
        arrived: The objects are at the post afterwards.
    """

    kind: Kind
    action: Literal["ADD", "OBSERVE", "DELETE"]
    step: str
    disposition: str = ""
    objects: tuple[str, ...] = ()
    role: Role = ""
    parent: str = ""
    parent_named: bool = False
    reason: str = ""
    refused: tuple[events.RefusedObject, ...] = ()
    receipt: bool = False
    arrived: bool = False

    @property
    def named(self) -> tuple[str, ...]:
        """What the fact names of this part: its objects, and the set where it is named itself."""
        return (*self.objects, self.parent) if self.parent_named else self.objects


# What is wet or broken is damaged, what belongs elsewhere was not expected here.
REFUSED_AS: dict[str, str] = {
    "basah": "damaged",
    "rusak": "damaged",
    "salah": "mismatch_instance",
    "segel-rusak": "non_conformant",
    "segel-beda": "non_conformant",
    "terbuka": "container_open",
    "lain": "non_conformant",
}


def parts_of(fact: Fact) -> list[Part]:
    """Return the EPCIS events of a fact, without their details.

    Args:
        fact: Any custody or packing event.

    Raises:
        NotWritableError: It is about nothing that EPCIS knows.
    """
    parts = _PARTS[fact.kind](fact)
    if not parts:
        raise NotWritableError("tidak menyebut kotak mana pun")
    return parts


def set_of(object_id: str) -> str:
    """Return the set to which a labelled box or bundle belongs; empty for what has no label of ours."""
    kind, _, rest = object_id.partition(":")
    election, _, code = rest.partition(":")
    unit, dash, slot = code.rpartition("-")
    if kind not in {"kotak", "bundel"} or not election or not dash or "-" not in unit or len(slot) != 1:
        return ""
    return f"set:{election}:{unit}"


def _registered(fact: Fact) -> list[Part]:
    return _about(fact, Part("ObjectEvent", "ADD", "commissioning", "active"))


def _offered(fact: Fact) -> list[Part]:
    return _about(fact, Part("TransactionEvent", "ADD", "staging_outbound", "in_progress"))


def _accepted(fact: Fact) -> list[Part]:
    """Return what was taken, what nobody found, and what was refused.

    A receipt of more boxes than one event may name is several events with one payload; each speaks of those
    that it names.
    """
    payload = cast("events.Accepted", fact.payload)
    missing = tuple(each for each in payload.missing if each in fact.objects)
    refused = [each for each in payload.refused if each.object in fact.objects]
    away = {*missing, *(each.object for each in refused)}
    taken = tuple(each for each in fact.objects if each not in away)
    step = "receiving" if payload.post.startswith("gudang:") else "accepting"
    parts = []
    if taken:
        whole = Part("ObjectEvent", "OBSERVE", step, "in_progress", taken, "diterima")
        parts.append(replace(whole, receipt=True, arrived=True))
    if missing:
        # Nobody saw them: an event about the delivery note, not about the objects.
        unseen = Part("TransactionEvent", "OBSERVE", "inspecting", "mismatch_instance", missing)
        parts.append(replace(unseen, role="belum-terlihat", receipt=True))
    return parts + _refusals(refused)


def _refused(fact: Fact) -> list[Part]:
    payload = cast("events.Refused", fact.payload)
    refused = [each for each in payload.refused if each.object in fact.objects]
    named = {each.object for each in refused}
    others = tuple(each for each in fact.objects if each not in named)
    whole = [Part("ObjectEvent", "OBSERVE", "inspecting", REFUSED_AS["lain"], others)] if others else []
    return whole + _refusals(refused)


def _refusals(refused: Iterable[events.RefusedObject]) -> list[Part]:
    by_reason: dict[str, list[events.RefusedObject]] = defaultdict(list)
    for each in refused:
        by_reason[each.reason].append(each)
    return [
        Part(
            "ObjectEvent",
            "OBSERVE",
            "inspecting",
            REFUSED_AS[reason],
            tuple(dict.fromkeys(each.object for each in some)),
            "ditolak",
            reason=reason,
            refused=tuple(some),
        )
        for reason, some in by_reason.items()
    ]


def _withdrawn(fact: Fact) -> list[Part]:
    # What the offer listed is no longer in it; the objects stay where they are.
    return [Part("TransactionEvent", "DELETE", "void_shipping", "in_progress", fact.objects)]


def _count_differs(fact: Fact) -> list[Part]:
    return [Part("TransactionEvent", "OBSERVE", "inspecting", "mismatch_quantity", fact.objects)]


def _seen(fact: Fact) -> list[Part]:
    find = cast("events.Seen", fact.payload).purpose == "temuan"
    disposition = "mismatch_instance" if find else ""
    return _about(fact, Part("ObjectEvent", "OBSERVE", "inspecting", disposition))


def _settled(fact: Fact) -> list[Part]:
    return _about(fact, Part("ObjectEvent", "OBSERVE", "inspecting", "conformant"))


def _taken_over(fact: Fact) -> list[Part]:
    return _about(fact, Part("ObjectEvent", "OBSERVE", "accepting", "in_progress"))


def _present(fact: Fact) -> list[Part]:
    if fact.objects:
        return _about(fact, Part("ObjectEvent", "OBSERVE", "other"))
    offer = cast("events.Present", fact.payload).offer
    return [Part("TransactionEvent", "OBSERVE", "other")] if offer else []


def _departed(fact: Fact) -> list[Part]:
    return [Part("TransactionEvent", "OBSERVE", "departing", "in_transit", fact.objects)]


def _arrived(fact: Fact) -> list[Part]:
    return [Part("TransactionEvent", "OBSERVE", "arriving", "in_transit", fact.objects)]


def _sealed(fact: Fact) -> list[Part]:
    return _by_set(fact.objects, "ADD", "packing", "container_closed")


def _opened(fact: Fact) -> list[Part]:
    return _by_set(fact.objects, "DELETE", "unpacking", "container_open")


def _by_set(
    objects: Sequence[str], action: Literal["ADD", "DELETE"], step: str, disposition: str
) -> list[Part]:
    """Return one event a set, a set that is named itself included; what has no label of ours is in none."""
    sets: dict[str, list[str]] = defaultdict(list)
    for each in objects:
        sets[set_of(each)].append(each)
    alone = tuple(each for each in sets.pop("", []) if each not in sets)
    parts = [
        Part("AggregationEvent", action, step, disposition, tuple(some), parent=parent)
        for parent, some in sets.items()
    ]
    named = set(objects)
    parts = [replace(part, parent_named=part.parent in named) for part in parts]
    return parts + ([Part("ObjectEvent", "OBSERVE", step, disposition, alone)] if alone else [])


def _about(fact: Fact, part: Part) -> list[Part]:
    """Return a part about all objects of a fact; none where it has none."""
    return [replace(part, objects=fact.objects)] if fact.objects else []


_PARTS: dict[str, Callable[[Fact], list[Part]]] = {
    "custody.registered": _registered,
    "custody.offered": _offered,
    "custody.accepted": _accepted,
    "custody.refused": _refused,
    "custody.withdrawn": _withdrawn,
    "custody.count-differs": _count_differs,
    "custody.seen": _seen,
    "custody.settled": _settled,
    "custody.taken-over": _taken_over,
    "custody.present": _present,
    "custody.departed": _departed,
    "custody.arrived": _arrived,
    "packing.sealed": _sealed,
    "packing.opened": _opened,
}
