"""Histories of the simulator with ids as the office has them: random ids of people and events, labels."""

from typing import Any
from uuid import NAMESPACE_OID, uuid5
from zoneinfo import ZoneInfo

import msgspec
from tests.simulator.histories import Fault, make_world

from tepat.custody.events import read_payload
from tepat.custody.facts import Fact
from tepat.exchange.epcis.events import Writer
from tepat.exchange.epcis.ids import DEFAULT_BASE, ids_of

WRITER = Writer(ids_of(DEFAULT_BASE, "33.16"), ZoneInfo("Asia/Jakarta"))
PEOPLE = {
    "holder",
    "giver",
    "receiver",
    "to_person",
    "from_person",
    "with_person",
    "first",
    "second",
    "person",
    "offer",
}


def uuid(name: str) -> str:
    return str(uuid5(NAMESPACE_OID, name))


def label(box: str) -> str:
    return box.replace("kotak:", "kotak:pemilu-2024:") if box.count(":") == 1 else box


def real(fact: Fact) -> Fact:
    payload = read_payload(fact.kind, _real(msgspec.to_builtins(fact.payload)))
    return msgspec.structs.replace(
        fact,
        id=uuid(fact.id),
        actor=uuid(fact.actor),
        objects=tuple(label(each) for each in fact.objects),
        payload=payload,
    )


def _real(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {
            label(name) if name.startswith("kotak:") else name: _real(each, name)
            for name, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_real(each, key) for each in value]
    if not isinstance(value, str) or not value:
        return value
    if key in PEOPLE:
        return uuid(value)
    return label(value) if value.startswith("kotak:") else value


def world(seed: int = 1, *, faults: int = 2, **size: int) -> list[Fact]:
    made = make_world(seed, faults=dict.fromkeys(Fault, faults), **size)
    return [real(fact) for fact in made.facts]


def in_order(fact: Fact) -> Fact:
    """A fact with its lists sorted, as it comes back from a document."""
    payload: dict[str, Any] = msgspec.to_builtins(fact.payload)
    for name, value in payload.items():
        if isinstance(value, list | tuple):
            payload[name] = sorted(value, key=lambda one: one if isinstance(one, str) else one["object"])
    return msgspec.structs.replace(
        fact, objects=tuple(sorted(set(fact.objects))), payload=read_payload(fact.kind, payload)
    )
