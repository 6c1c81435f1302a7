"""Our own documents back as facts: all but what was withheld. Pure.

Lists come back sorted: an acceptance is several EPCIS events, and the order across them is not written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec

from tepat.custody import events as custody
from tepat.custody.facts import Fact, microseconds
from tepat.exchange.epcis.fields import FIELDS
from tepat.exchange.epcis.ids import Ids, uuid_of
from tepat.exchange.epcis.slots import Slot
from tepat.exchange.epcis.words import PREFIX, REVOKED

_SIDES = {"source": "sourceList", "destination": "destinationList"}
_NOTHING: dict[type, Any] = {str: "", bool: False, int: 0}


class NotOursError(Exception):
    """The document was not written by Tepat, or was changed since."""


def facts(events: Iterable[Mapping[str, Any]], ids: Ids) -> Iterator[Fact]:
    """Return the facts of a document of ours, in its order.

    Args:
        events: Its event list.
        ids: How the office that wrote it names its things.

    Raises:
        NotOursError: An event is not as Tepat writes it.
    """
    for event_id, group in groupby(events, key=lambda event: event.get(f"{PREFIX}:event")):
        try:
            yield _fact(uuid_of(event_id or ""), list(group), ids)
        except (KeyError, ValueError, TypeError, msgspec.ValidationError) as wrong:
            raise NotOursError(str(wrong)) from wrong


def _fact(event_id: str, group: Sequence[Mapping[str, Any]], ids: Ids) -> Fact:
    original = [each for each in group if "errorDeclaration" not in each and _own(each, "corrects") is None]
    declared = [each["errorDeclaration"].get("reason") for each in group if "errorDeclaration" in each]
    first = original[0]
    kind = _own(first, "kind")
    named = {uri for each in original for uri in each.get("epcList") or each.get("childEPCs") or ()}
    named |= {each["parentID"] for each in original if _own(each, "parentNamed")}
    at_us = microseconds(first["eventTime"]) + (_own(first, "remainder_us") or 0)
    device, place = _own(first, "device"), first.get("readPoint")
    return Fact(
        id=event_id,
        kind=kind,
        payload=_payload(kind, original, ids),
        at_us=at_us,
        uncertainty_s=_own(first, "uncertainty_s") or 0,
        recorded_us=microseconds(first["recordTime"]) if "recordTime" in first else 0,
        actor=uuid_of(_own(first, "actor")) if _own(first, "actor") else "",
        device=ids.text("perangkat", device) if device else "",
        counter=_own(first, "counter") or 0,
        objects=tuple(sorted(ids.text("objek", uri) for uri in named)),
        place=ids.text("tempat", place["id"]) if place else "",
        revoked=REVOKED in declared,
    )


def _own(event: Mapping[str, Any], name: str) -> Any:
    return event.get(f"{PREFIX}:{name}")


def _payload(kind: str, group: Sequence[Mapping[str, Any]], ids: Ids) -> custody.Payload:
    struct = custody.KINDS[kind]
    plain: dict[str, Any] = {}
    for name, slot in FIELDS[kind].items():
        value = _slot(slot, group, ids)
        if value is not None:
            plain[name] = value
    if kind == "custody.accepted":
        unseen = [each for each in group if _own(each, "part") == "belum-terlihat"]
        plain["missing"] = sorted(ids.text("objek", uri) for each in unseen for uri in each["epcList"])
    if kind in {"custody.accepted", "custody.refused"}:
        plain["refused"] = _refused(group, ids)
    for field in msgspec.structs.fields(struct):
        if field.required and field.name not in plain:
            plain[field.name] = _NOTHING.get(field.type, {})
    return msgspec.convert(msgspec.to_builtins(plain), struct)


def _slot(slot: Slot, group: Sequence[Mapping[str, Any]], ids: Ids) -> Any:
    if not slot.many:
        value = _at(group[0], slot.where)
        return None if value is None else slot.read(value, ids)
    parts = [slot.read(value, ids) for each in group if (value := _at(each, slot.where)) is not None]
    if not parts:
        return None
    if isinstance(parts[0], dict):
        return {key: value for part in parts for key, value in part.items()}
    together = dict.fromkeys(one for part in parts for one in part)
    return sorted(together, key=lambda one: one if isinstance(one, str) else one.object)


def _at(event: Mapping[str, Any], where: str) -> Any:
    side, _, kind = where.partition(":")
    if side in _SIDES:
        wanted = kind or "possessing_party"
        return _typed(event.get(_SIDES[side], ()), wanted, side)
    if side == "transaction":
        return _typed(event.get("bizTransactionList", ()), kind, "bizTransaction")
    if side == "bizLocation":
        return event["bizLocation"]["id"] if "bizLocation" in event else None
    return _own(event, where)


def _typed(pairs: Iterable[Mapping[str, Any]], kind: str, name: str) -> Any:
    return next((pair[name] for pair in pairs if pair.get("type") == kind), None)


def _refused(group: Sequence[Mapping[str, Any]], ids: Ids) -> list[dict[str, str]]:
    found = []
    for each in group:
        if _own(each, "part") != "ditolak":
            continue
        photos = {one[f"{PREFIX}:object"]: one[f"{PREFIX}:photo"] for one in _own(each, "photos") or ()}
        found += [
            {
                "object": ids.text("objek", uri),
                "reason": _own(each, "reason"),
                "photo": photos.get(uri, "").removeprefix("sha256-"),
            }
            for uri in each["epcList"]
        ]
    return sorted(found, key=lambda one: one["object"])
