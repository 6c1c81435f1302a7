"""Where each field of a payload stands in an EPCIS event: one table for writing and for reading. Pure.

What is no id is withheld and named in `tepat:withheld`: free text may hold a name, and a name never leaves by
this door.
"""

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import Any

from tepat.custody import events
from tepat.exchange.epcis.ids import Ids, Thing, is_uuid, uuid_of, uuid_uri
from tepat.exchange.epcis.words import PREFIX

_HASH = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?")
_HASH_START = "sha256-"
YES = "ya"
WITHHELD = f"{PREFIX}:withheld"


class WithheldError(Exception):
    """This value does not leave the office."""


@dataclass(frozen=True)
class Slot:
    """One field's place and form.

    Args:
        where: ``source`` or ``destination`` and ``transaction`` with their type, ``bizLocation``, or the name
            of an extension.
        write: Gives what stands there; a list only of what concerns the objects of this event.
        read: Gives the payload's value back.
        many: A list, whose parts come together from all events of one fact.
    """

    where: str
    write: Callable[[Any, Ids, Container[str]], Any]
    read: Callable[[Any, Ids], Any]
    many: bool = False


def person(where: str) -> Slot:
    """Return the slot of a random id."""
    return Slot(where, lambda value, _ids, _objects: _uuid(value), lambda value, _: uuid_of(value))


def thing(where: str, kind: Thing) -> Slot:
    """Return the slot of something that we have an id of our own for."""
    return Slot(where, lambda value, ids, _: ids.uri(kind, value), lambda value, ids: ids.text(kind, value))


def word(where: str) -> Slot:
    """Return the slot of a word from a fixed list, or of a whole number."""
    return Slot(where, lambda value, _ids, _objects: value, lambda value, _: value)


def yes(where: str) -> Slot:
    """Return the slot of a yes; no is not said."""
    return Slot(where, lambda _value, _ids, _objects: YES, lambda value, _: value == YES)


def sha256(where: str) -> Slot:
    """Return the slot of a hash."""
    return Slot(where, lambda value, _ids, _objects: _sha256(value), lambda value, _: _unhashed(value))


def moment(where: str) -> Slot:
    """Return the slot of a planned moment."""
    return Slot(where, lambda value, _ids, _objects: _moment(value), lambda value, _: value)


def withheld(where: str) -> Slot:
    """Return the slot of free text, which never leaves."""
    return Slot(where, lambda _value, _ids, _objects: _refuse(), lambda _value, _ids: "")


def objects(where: str) -> Slot:
    """Return the slot of a list of objects."""
    return Slot(
        where,
        lambda value, ids, mine: [ids.uri("objek", each) for each in value if each in mine],
        lambda value, ids: tuple(ids.text("objek", each) for each in value),
        many=True,
    )


def seals_put_on(where: str) -> Slot:
    """Return the slot of the numbers of seals by object."""
    return Slot(where, _seals, _seals_back, many=True)


def seals_read(where: str) -> Slot:
    """Return the slot of the readings of seals."""
    return Slot(where, _readings, _readings_back, many=True)


def _refuse() -> None:
    raise WithheldError


def _uuid(value: str) -> str:
    if not is_uuid(value):
        raise WithheldError
    return uuid_uri(value)


def _sha256(value: str) -> str:
    if not _HASH.fullmatch(value):
        raise WithheldError
    return _HASH_START + value


def _unhashed(value: str) -> str:
    return value.removeprefix(_HASH_START)


def _moment(value: str) -> str:
    if not _MOMENT.fullmatch(value):
        raise WithheldError
    return value


def _numbers(numbers: Sequence[str], ids: Ids) -> list[str]:
    return [ids.uri("segel", number) for number in numbers]


def _seals(value: dict[str, Sequence[str]], ids: Ids, mine: Container[str]) -> list[dict[str, Any]]:
    return [
        {f"{PREFIX}:object": ids.uri("objek", each), f"{PREFIX}:seals": _numbers(numbers, ids)}
        for each, numbers in value.items()
        if each in mine
    ]


def _seals_back(value: list[dict[str, Any]], ids: Ids) -> dict[str, tuple[str, ...]]:
    return {
        ids.text("objek", each[f"{PREFIX}:object"]): tuple(
            ids.text("segel", one) for one in each[f"{PREFIX}:seals"]
        )
        for each in value
    }


def _readings(value: Sequence[events.SealRead], ids: Ids, mine: Container[str]) -> list[dict[str, Any]]:
    return [_reading(each, ids) for each in value if each.object in mine]


def _reading(one: events.SealRead, ids: Ids) -> dict[str, Any]:
    said: dict[str, Any] = {f"{PREFIX}:object": ids.uri("objek", one.object)}
    if one.numbers is None:
        said[f"{PREFIX}:unread"] = YES
    else:
        said[f"{PREFIX}:seals"] = _numbers(one.numbers, ids)
    for name, value, write in (("photo", one.photo, _sha256), ("second", one.second, _uuid)):
        try:
            said |= {f"{PREFIX}:{name}": write(value)} if value else {}
        except WithheldError:
            said.setdefault(WITHHELD, []).append(name)
    return said


def _readings_back(value: list[dict[str, Any]], ids: Ids) -> tuple[events.SealRead, ...]:
    return tuple(
        events.SealRead(
            object=ids.text("objek", each[f"{PREFIX}:object"]),
            numbers=None
            if f"{PREFIX}:unread" in each
            else tuple(ids.text("segel", number) for number in each[f"{PREFIX}:seals"]),
            photo=_unhashed(each.get(f"{PREFIX}:photo", "")),
            second=uuid_of(each[f"{PREFIX}:second"]) if f"{PREFIX}:second" in each else "",
        )
        for each in value
    )
