"""What stands in the log for each event, and the numbers that make a missing one visible. Pure.

An entry is the RFC 8785 form of the event's commitment, just as its stored leaf hash covers it, and one pair
of numbers for each object that it names: the object's own running number from 1, and the log's number of the
entry before with this object (-1 for the first). Who holds an object's last entry therefore knows how many
there are and where; leaving one out breaks the chain.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tepat.publication.tlog import ENTRY_BYTES_MAX, leaf_hash

OBJECT_LENGTH_MAX = 200

PARTS = frozenset({"commitment", "numbers"})
COMMITTED = frozenset(
    {"id", "kind", "kind_version", "occurred_at", "occurred_uncertainty_s", "recorded_at", "actor", "device"}
    | {"counter", "mode", "objects", "place", "payload_hash", "evidence"},
)
NONE_BEFORE = -1


@dataclass(frozen=True)
class Place:
    """Where an object stands: how many entries name it, and the last of them."""

    count: int = 0
    last: int = NONE_BEFORE


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 form of plain values without fractions, whose keys are ASCII.

    Python's own writer, sorted and without spaces, gives the same bytes for these ten times faster.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _no_fraction(text: str) -> Any:
    raise ValueError(f"pecahan: {text[:20]}")


def objects_of(commitment: Mapping[str, Any]) -> list[str]:
    """Return the objects that a commitment names, each once, in its order."""
    return list(dict.fromkeys(commitment["objects"]))


def entry_bytes(commitment: Mapping[str, Any], places: Mapping[str, Place]) -> bytes:
    """Return the entry of an event.

    Args:
        commitment: As `ledger.commitment` returns it.
        places: Where its objects stand before it; an unknown one is new.

    Raises:
        ValueError: It or the name of an object is longer than it may be.
    """
    if any(len(name) > OBJECT_LENGTH_MAX for name in commitment["objects"]):
        raise ValueError(f"nama objek lebih dari {OBJECT_LENGTH_MAX} huruf")
    before = [places.get(name, Place()) for name in objects_of(commitment)]
    numbers = [[place.count + 1, place.last] for place in before]
    raw = canonical({"commitment": dict(commitment), "numbers": numbers})
    if len(raw) > ENTRY_BYTES_MAX:
        raise ValueError(f"{len(raw)} byte")
    return raw


@dataclass(frozen=True)
class Entry:
    """An entry as read.

    Args:
        commitment: The event without personal data.
        numbers: By object: its running number, and the entry before.
    """

    commitment: dict[str, Any]
    numbers: dict[str, tuple[int, int]]

    @property
    def event_leaf(self) -> str:
        """The leaf hash that the office's ledger keeps with the event, in hexadecimal."""
        return leaf_hash(canonical(self.commitment)).hex()


def read_entry(raw: bytes) -> Entry:
    """Return what an entry says.

    Raises:
        ValueError: It is not an entry written as above, to the byte.
    """
    try:
        whole = json.loads(raw, parse_float=_no_fraction, parse_constant=_no_fraction)
        again = canonical(whole)
    except (ValueError, RecursionError) as broken:
        raise ValueError("bukan JSON baku") from broken
    if again != raw or not isinstance(whole, dict) or whole.keys() != PARTS:
        raise ValueError("susunan entri tidak baku")
    commitment, numbers = whole["commitment"], whole["numbers"]
    if (
        not isinstance(commitment, dict)
        or commitment.keys() != COMMITTED
        or not _texts(commitment["objects"])
    ):
        raise ValueError("isi entri tidak lengkap")
    names = objects_of(commitment)
    if not _pairs(numbers) or len(numbers) != len(names):
        raise ValueError("nomor objek tidak lengkap")
    return Entry(commitment, {name: (pair[0], pair[1]) for name, pair in zip(names, numbers, strict=True)})


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _pairs(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(type(part) is int for part in pair)
        for pair in value
    )


@dataclass
class Chain:
    """The numbers of all objects while entries are gone through from the first on.

    Args:
        places: Where each object stands.
        seen: Ids of the events so far.
    """

    places: dict[str, Place] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def take(self, number: int, entry: Entry) -> str:
        """Take the next entry; return what is wrong with its numbers, or nothing."""
        fault = ""
        if str(entry.commitment["id"]) in self.seen:
            fault = "peristiwa yang sama dua kali"
        self.seen.add(str(entry.commitment["id"]))
        for name, (count, before) in entry.numbers.items():
            place = self.places.get(name, Place())
            if (count, before) != (place.count + 1, place.last):
                fault = fault or _gap(name, place, count, before)
            self.places[name] = Place(count, number)
        return fault


def _gap(name: str, place: Place, count: int, before: int) -> str:
    return (
        f"{name} bernomor {count} sesudah entri {before}, seharusnya {place.count + 1} "
        f"sesudah entri {place.last}"
    )


def moved(places: Mapping[str, Place], names: Iterable[str], number: int) -> dict[str, Place]:
    """Return where objects stand once entry `number` names them."""
    return {name: Place(places.get(name, Place()).count + 1, number) for name in names}
