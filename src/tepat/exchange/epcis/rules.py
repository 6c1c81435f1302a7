"""What an EPCIS event must be, beyond what the public JSON Schema asks. Pure.

The schema lets pass what makes an event worthless: a quantity below nothing, children without a parent, a
business step that exists nowhere once formats are not checked. These rules are stricter and stand by
themselves; what passes here passes the schema with its format checks, which the tests hold, but for sensor
reports: nothing here makes or reads one, and they are looked at in outline.

Source: EPCIS 2.0 §7.4 (event types), CBV 2.0 §7 (words).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tepat.exchange.epcis import forms, words
from tepat.exchange.epcis.forms import Fault, Path
from tepat.exchange.epcis.hashing import event_hash

_OBJECT_LISTS = ("epcList", "quantityList")
_CHILD_LISTS = ("childEPCs", "childQuantityList")
_INPUTS = ("inputEPCList", "inputQuantityList")
_OUTPUTS = ("outputEPCList", "outputQuantityList")
HASH_START, HASH_END = "ni:///sha-256;", "?ver=CBV2.0"

type Check = Callable[[Any, Path], Iterator[Fault]]


def faults_of(event: Any, prefixes: Mapping[str, str] | None = None) -> list[Fault]:
    """Return what is wrong with one event, in no particular order; nothing for a good one.

    Args:
        event: As it stands in the document.
        prefixes: The namespaces that the document declares, by prefix; None: not known, no hash is checked.
    """
    if not isinstance(event, dict):
        return [forms.shape((), "tabel")]
    kind = event.get("type")
    known = words.FIELDS.get(kind) if isinstance(kind, str) else None
    if known is None:
        return [Fault(("type",) if "type" in event else (), "EPCIS-TYPE", {"value": forms.shown(kind)})]
    needed = ("eventTime", "eventTimeZoneOffset", *(["action"] if "action" in known else []))
    found = list(forms.fields(event, (), known, needed=needed, own=True))
    for name, value in event.items():
        check = _CHECKS.get(name)
        if check is not None:
            found += check(value, (name,))
    found += _whole(event, str(kind))
    found += _error_named(event)
    if prefixes is not None and not found:
        found += _hashed(event, prefixes)
    return found


def _whole(event: dict[str, Any], kind: str) -> Iterator[Fault]:
    """Find what one type of event lacks as a whole."""
    action = event.get("action")
    if kind in {"AggregationEvent", "AssociationEvent"}:
        yield from _family(event, kind, action)
    elif kind == "TransactionEvent" and not event.get("bizTransactionList"):
        yield Fault((), "EPCIS-FIELD-MISSING", {"field": "bizTransactionList"})
    elif not _has_objects(event, kind, action):
        yield _no_objects(kind)
    if "ilmd" in event and kind == "ObjectEvent" and action != "ADD":
        yield Fault(("ilmd",), "EPCIS-ILMD", {})


def _has_objects(event: dict[str, Any], kind: str, action: Any) -> bool:
    if kind == "TransformationEvent":
        return "transformationID" in event or (_any(event, _INPUTS) and _any(event, _OUTPUTS))
    if kind == "TransactionEvent":
        return action == "DELETE" or any(name in event for name in _OBJECT_LISTS)
    return _any(event, _OBJECT_LISTS) or ("sensorElementList" in event and "readPoint" in event)


def _family(event: dict[str, Any], kind: str, action: Any) -> Iterator[Fault]:
    """Find children without a parent, and a parent without children."""
    if "parentID" not in event and (action != "OBSERVE" or kind == "AssociationEvent"):
        yield Fault((), "EPCIS-PARENT", {"type": kind})
    if action != "DELETE" and not _any(event, _CHILD_LISTS):
        yield _no_objects(kind)


def _no_objects(kind: str) -> Fault:
    return Fault((), "EPCIS-NO-OBJECTS", {"type": kind})


def _any(event: dict[str, Any], names: tuple[str, ...]) -> bool:
    return any(event.get(name) for name in names)


def _error_named(event: dict[str, Any]) -> Iterator[Fault]:
    if "errorDeclaration" in event and "eventID" not in event:
        yield Fault(("errorDeclaration",), "EPCIS-ERROR-UNNAMED", {})


def _hashed(event: dict[str, Any], prefixes: Mapping[str, str]) -> Iterator[Fault]:
    """Find an id that is a hash, and not this event's."""
    given = event.get("eventID", "")
    if given.startswith(HASH_START) and given.endswith(HASH_END):
        own = event_hash(event, prefixes)
        if own is not None and own != given:
            yield Fault(("eventID",), "EPCIS-HASH", {"value": forms.shown(own)})


def _action(value: Any, path: Path) -> Iterator[Fault]:
    if not (isinstance(value, str) and value in words.ACTIONS):
        yield Fault(path, "EPCIS-WORD", {"field": "action", "value": forms.shown(value)})


def _certificates(value: Any, path: Path) -> Iterator[Fault]:
    return forms.uris(value, path) if isinstance(value, list) else forms.uri(value, path)


def _error(value: Any, path: Path) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield forms.shape(path, "tabel")
        return
    known = frozenset({"declarationTime", "reason", "correctiveEventIDs"})
    yield from forms.fields(value, path, known, needed=("declarationTime",), own=True)
    if "declarationTime" in value:
        yield from forms.moment(value["declarationTime"], (*path, "declarationTime"))
    if "reason" in value:
        yield from forms.word(value["reason"], (*path, "reason"), words.ERROR_REASONS)
    if "correctiveEventIDs" in value:
        yield from forms.uris(value["correctiveEventIDs"], (*path, "correctiveEventIDs"))


def _sensors(value: Any, path: Path) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield forms.shape(path, "daftar")
        return
    for at, one in enumerate(value):
        reports = one.get("sensorReport") if isinstance(one, dict) else None
        if not isinstance(reports, list) or not reports:
            yield forms.shape((*path, at), "tabel dengan sensorReport")
            continue
        for place, report in enumerate(reports):
            if not isinstance(report, dict) or not isinstance(report.get("type"), str):
                yield forms.shape((*path, at, "sensorReport", place), "tabel dengan type")


def _ilmd(value: Any, path: Path) -> Iterator[Fault]:
    if isinstance(value, dict):
        yield from forms.fields(value, path, frozenset(), needed=(), own=True)
    else:
        yield forms.shape(path, "tabel")


def _of(known: frozenset[str]) -> Check:
    return lambda value, path: forms.word(value, path, known)


def _listed(name: str, known: frozenset[str], *, typed: bool) -> Check:
    return lambda value, path: forms.pairs(value, path, name, known, typed=typed)


_CHECKS: dict[str, Check] = {
    "eventID": forms.uri,
    "eventTime": forms.moment,
    "recordTime": forms.moment,
    "eventTimeZoneOffset": forms.offset,
    "certificationInfo": _certificates,
    "errorDeclaration": _error,
    "action": _action,
    "bizStep": _of(words.BIZ_STEPS),
    "disposition": _of(words.DISPOSITIONS),
    "persistentDisposition": forms.dispositions,
    "readPoint": forms.place,
    "bizLocation": forms.place,
    "parentID": forms.uri,
    "transformationID": forms.uri,
    "epcList": forms.uris,
    "childEPCs": forms.uris,
    "inputEPCList": forms.uris,
    "outputEPCList": forms.uris,
    "quantityList": forms.quantities,
    "childQuantityList": forms.quantities,
    "inputQuantityList": forms.quantities,
    "outputQuantityList": forms.quantities,
    "bizTransactionList": _listed("bizTransaction", words.TRANSACTIONS, typed=False),
    "sourceList": _listed("source", words.PARTIES, typed=True),
    "destinationList": _listed("destination", words.PARTIES, typed=True),
    "sensorElementList": _sensors,
    "ilmd": _ilmd,
}
