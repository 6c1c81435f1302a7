"""The event hash of CBV 2.0: one id for one content, whoever computes it. Pure.

Equal to the public `epcis-event-hash-generator` 1.9.3, which is the yardstick of the tests. That tool turns
anything that reads as a number into a number ("0012" into 12), takes any text that equals a CBV word for that
word, and rewrites whatever looks like a GS1 key. Where it would do so, or where its answer hangs on something
else in the document, `event_hash` answers None: not to be told. Our own events never come near.

Source: CBV 2.0, EPCIS event hash id; RFC 6920 for the form.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from tepat.exchange.epcis.ids import looks_like_gs1
from tepat.exchange.epcis.words import CBV, TERMS

_BEFORE_LISTS = (
    "eventTime",
    "eventTimeZoneOffset",
    "certificationInfo",
    "parentID",
    "epcList",
    "inputEPCList",
)
_MIDDLE = ("childEPCs", "quantityList", "childQuantityList", "inputQuantityList", "outputEPCList")
_END = ("outputQuantityList", "action", "transformationID", "bizStep", "disposition")
_LAST = ("persistentDisposition", "readPoint", "bizLocation")
ORDER = (*_BEFORE_LISTS, *_MIDDLE, *_END, *_LAST)
PAIRS = {"bizTransactionList": "BTT-", "sourceList": "SDT-", "destinationList": "SDT-"}
_COMMENTS = frozenset({"comment", "rdfs:comment"})
_LEFT_OUT = frozenset({"type", "eventID", "recordTime", "errorDeclaration"}) | _COMMENTS
_WORDS = {"bizStep": "BizStep-", "disposition": "Disp-"}
NUMBER_WORD_LENGTH = 9  # "infinity" is the longest word that reads as a number
_QUANTITY = ("epcClass", "quantity", "uom")


class UntellableError(Exception):
    """The public tool's answer is not defined by this event alone."""


def event_hash(event: Mapping[str, Any], prefixes: Mapping[str, str]) -> str | None:
    """Return the hash of an event as its id; None where it can't be told.

    Args:
        event: As it stands in the document, extensions with their prefixes.
        prefixes: The namespaces that the document declares, by prefix.
    """
    try:
        said = _said(event, prefixes)
    except (UntellableError, TypeError, ValueError, AttributeError, KeyError, OverflowError, RecursionError):
        return None
    return f"ni:///sha-256;{hashlib.sha256(said.encode()).hexdigest()}?ver=CBV2.0"


def _said(event: Mapping[str, Any], prefixes: Mapping[str, str]) -> str:
    """Return the text that is hashed: standard fields in their order, then all else sorted."""
    if "sensorElementList" in event:
        raise UntellableError
    parts = [f"eventType={event['type']}"]
    parts += [_standard(name, event[name], prefixes) for name in ORDER if name in event]
    rest = [
        _pairs(name, value, prefixes) if name in PAIRS else _other(name, value, prefixes)
        for name, value in event.items()
        if name not in _LEFT_OUT and name not in ORDER
    ]
    flat = [one for each in rest for one in each]
    return "".join(parts) + "".join(sorted(flat))


def _standard(name: str, value: Any, prefixes: Mapping[str, str]) -> str:
    if name == "eventTime":
        return f"eventTime={_moment(value)}"
    if name in _WORDS:
        return f"{name}={_word(value, _WORDS[name])}"
    if name == "persistentDisposition":
        return _persistent(value)
    if name in {"readPoint", "bizLocation"}:
        if set(value) != {"id"}:
            raise UntellableError
        return f"{name}id={_value(value['id'], prefixes)}"
    if name.endswith("uantityList"):
        return _listed(name, ["quantityElement" + _quantity(one, prefixes) for one in value])
    if isinstance(value, list):
        inner = name if name == "certificationInfo" else "epc"
        return _listed("" if inner == name else name, [f"{inner}={_value(one, prefixes)}" for one in value])
    return f"{name}={_value(value, prefixes)}"


def _listed(name: str, values: Iterable[str]) -> str:
    found = sorted(values)
    return name + "".join(found) if found else ""


def _quantity(element: Mapping[str, Any], prefixes: Mapping[str, str]) -> str:
    if set(element) - set(_QUANTITY):
        raise UntellableError
    return "".join(f"{name}={_value(element[name], prefixes)}" for name in _QUANTITY if name in element)


def _persistent(value: Mapping[str, Any]) -> str:
    if set(value) - {"set", "unset"}:
        raise UntellableError
    names = [name for name in ("set", "unset") if value.get(name)]
    said = [_listed("", [f"{name}={_word(one, 'Disp-')}" for one in value[name]]) for name in names]
    return "persistentDisposition" + "".join(said)


def _pairs(name: str, values: Iterable[Mapping[str, Any]], prefixes: Mapping[str, str]) -> list[str]:
    """Return a list of typed values: each pair in the order in which the document has it."""
    said = []
    for pair in values:
        if len(pair) != 2 or "type" not in pair:
            raise UntellableError
        said.append(
            "".join(
                f"{key}={_word(value, PAIRS[name]) if key == 'type' else _value(value, prefixes)}"
                for key, value in pair.items()
            )
        )
    return [_listed(name, said)] if said else []


def _other(name: str, value: Any, prefixes: Mapping[str, str]) -> list[str]:
    """Return an extension: one text for each value, what is within it sorted."""
    full = _name(name, prefixes)
    if isinstance(value, list):
        if any(isinstance(one, list) for one in value):
            raise UntellableError
        return [one for each in value for one in _other(name, each, prefixes)]
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if key not in _COMMENTS}
        return [
            full + "".join(sorted(one for key, each in kept.items() for one in _other(key, each, prefixes)))
        ]
    said = _value(value, prefixes)
    return [f"{full}={said}" if said else full]


def _name(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    if not colon or prefix not in prefixes or local.endswith("List") or name.startswith(("@", "#")):
        raise UntellableError
    return f"{{{prefixes[prefix]}}}{local}"


def _word(value: str, start: str) -> str:
    return f"{CBV}{start}{value}" if value in TERMS else _value(value, {})


def _moment(text: str) -> str:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or at.microsecond % 1000:
        raise UntellableError
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _value(value: Any, prefixes: Mapping[str, str]) -> str:
    if isinstance(value, str):
        text = value.strip()
    elif isinstance(value, int | float) and not isinstance(value, bool):
        text = str(value)
    else:
        raise UntellableError
    if text in TERMS or looks_like_gs1(text):
        raise UntellableError
    prefix, colon, local = text.partition(":")
    if colon and prefix in prefixes:
        text = prefixes[prefix] + local
    may_be_number = len(text) < NUMBER_WORD_LENGTH or not text[0].isalpha()
    return _number(text) if may_be_number else text


def _number(text: str) -> str:
    """Return a number without what changes nothing in it, as the public tool does; other text as it is."""
    try:
        number = float(text)
    except ValueError:
        return text
    if number != number:  # noqa: PLR0124 -- only what is no number differs from itself
        return text
    return str(int(number)) if int(number) == number else str(number)
