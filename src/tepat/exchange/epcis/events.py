"""Facts as EPCIS events: standard fields where the standard has one, `tepat:` for what it has not. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from tepat.custody.facts import Fact, moment_of
from tepat.exchange.epcis.fields import FIELDS
from tepat.exchange.epcis.hashing import event_hash
from tepat.exchange.epcis.ids import Ids, is_uuid, uuid_uri
from tepat.exchange.epcis.parts import NotWritableError, Part, parts_of
from tepat.exchange.epcis.slots import WITHHELD, YES, WithheldError
from tepat.exchange.epcis.words import NAMESPACE, PREFIX

PREFIXES = {PREFIX: NAMESPACE}
MILLISECOND_US = 1000

type Event = dict[str, Any]

_SIDES = {"source": "sourceList", "destination": "destinationList"}


@dataclass(frozen=True)
class Correction:
    """What is to be declared wrong about one event.

    Args:
        reason: A CBV word or a URI.
        declared_us: Since when that is known, microseconds since 1970.
        objects: About which objects it was wrong; None: all of it.
        by: The ids of the EPCIS events that say it right.
    """

    reason: str
    declared_us: int
    objects: frozenset[str] | None = None
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Writer:
    """Writes facts of one office.

    Args:
        ids: How it names its things.
        zone: Its time zone.
    """

    ids: Ids
    zone: tzinfo

    def events(self, fact: Fact, correction: Correction | None = None) -> list[Event]:
        """Return a fact as EPCIS events, each with its id; declarations of error follow what they declare.

        Args:
            fact: A custody or packing event.
            correction: What is to be declared wrong about it.

        Raises:
            NotWritableError: It has no place in an EPCIS document.
        """
        parts = parts_of(fact)
        listed = frozenset(each for part in parts for each in part.named)
        events = [
            self._event(fact, part, _Mine(frozenset(part.named), listed, first=part is parts[0]))
            for part in parts
        ]
        if correction is not None:
            for part, event in list(zip(parts, events, strict=True)):
                events += self._declared(fact, part, event, correction)
        return events

    def _declared(self, fact: Fact, part: Part, event: Event, correction: Correction) -> list[Event]:
        """Return the event again as an error, and what is left of it without what was wrong."""
        wrong = correction.objects
        if wrong is not None and wrong.isdisjoint(part.objects):
            return []
        right = () if wrong is None else tuple(each for each in part.objects if each not in wrong)
        corrected = []
        if right:
            kept = tuple(each for each in part.refused if each.object in right)
            rest = replace(part, objects=right, refused=kept)
            mine = _Mine(frozenset(right), frozenset(), first=False)
            corrected = [self._event(fact, rest, mine, corrects=event["eventID"])]
        declaration: dict[str, Any] = {
            "declarationTime": _utc(correction.declared_us),
            "reason": correction.reason,
        }
        if said_right := [*(each["eventID"] for each in corrected), *correction.by]:
            declaration["correctiveEventIDs"] = said_right
        return [{**event, "errorDeclaration": declaration}, *corrected]

    def _event(self, fact: Fact, part: Part, mine: "_Mine", *, corrects: str = "") -> Event:
        event = self._frame(fact, part) | self._objects(part)
        if fact.place:
            event["readPoint"] = {"id": self.ids.uri("tempat", fact.place)}
        self._fill(event, fact, part, mine)
        if part.kind == "TransactionEvent" and "bizTransactionList" not in event:
            raise NotWritableError("tanpa tawaran atau perjalanan")
        event |= self._envelope(fact, part)
        if corrects:
            event[f"{PREFIX}:corrects"] = corrects
        event_id = event_hash(event, PREFIXES)
        if event_id is None:
            raise NotWritableError("ada kode yang dapat disangka kunci GS1 atau angka")
        standard = {name: value for name, value in event.items() if ":" not in name}
        return {"type": part.kind, "eventID": event_id, **standard, **event}

    def _frame(self, fact: Fact, part: Part) -> Event:
        when = _local(fact.at_us - fact.at_us % MILLISECOND_US, self.zone)
        event: Event = {"type": part.kind, "eventTime": when, "eventTimeZoneOffset": when[-6:]}
        if fact.recorded_us:
            event["recordTime"] = _utc(fact.recorded_us)
        event |= {"action": part.action, "bizStep": part.step}
        if part.disposition:
            event["disposition"] = part.disposition
        return event

    def _objects(self, part: Part) -> Event:
        uris = [self.ids.uri("objek", each) for each in dict.fromkeys(part.objects)]
        if part.kind == "AggregationEvent":
            return {"parentID": self.ids.uri("objek", part.parent), "childEPCs": uris}
        return {"epcList": uris}

    def _fill(self, event: Event, fact: Fact, part: Part, mine: "_Mine") -> None:
        """Put each field of the payload where `FIELDS` says."""
        if fact.kind == "custody.offered":
            _put(event, "transaction:desadv", _own_id(fact))
        withheld = []
        for name, slot in FIELDS[fact.kind].items():
            try:
                if _says(value := getattr(fact.payload, name)):
                    _put(event, slot.where, slot.write(value, self.ids, mine))
            except WithheldError:
                withheld.append(name)
        if part.receipt:
            _put(event, "transaction:recadv", _own_id(fact))
        if part.arrived:
            event["bizLocation"] = {"id": self.ids.uri("pos", getattr(fact.payload, "post", ""))}
        withheld += self._refused(event, part) if part.refused else []
        if withheld:
            event[WITHHELD] = sorted(set(withheld))

    def _refused(self, event: Event, part: Part) -> list[str]:
        """Say why objects were refused, and which photos show it; return what is withheld."""
        event[f"{PREFIX}:reason"] = part.reason
        photos = [
            {
                f"{PREFIX}:object": self.ids.uri("objek", each.object),
                f"{PREFIX}:photo": f"sha256-{each.photo}",
            }
            for each in part.refused
            if _is_hash(each.photo)
        ]
        if photos:
            event[f"{PREFIX}:photos"] = photos
        hidden = ["note"] if any(each.note for each in part.refused) else []
        odd = any(each.photo and not _is_hash(each.photo) for each in part.refused)
        return hidden + (["photo"] if odd else [])

    def _envelope(self, fact: Fact, part: Part) -> Event:
        said: dict[str, Any] = {"event": _own_id(fact), "kind": fact.kind, "part": part.role}
        said["parentNamed"] = YES if part.parent_named else ""
        said["actor"] = uuid_uri(fact.actor) if is_uuid(fact.actor) else ""
        said["device"] = self.ids.uri("perangkat", fact.device) if fact.device else ""
        said |= {
            "counter": fact.counter,
            "uncertainty_s": fact.uncertainty_s,
            "remainder_us": fact.at_us % MILLISECOND_US,
        }
        return {f"{PREFIX}:{name}": value for name, value in said.items() if value}


@dataclass(frozen=True)
class _Mine:
    """The objects that a part speaks of; the first part also of those that none lists."""

    objects: frozenset[str]
    listed: frozenset[str]
    first: bool

    def __contains__(self, each: object) -> bool:
        return each in self.objects or (self.first and each not in self.listed)


def _says(value: Any) -> bool:
    """Return whether a field says anything; a count of zero does."""
    return bool(value) or (isinstance(value, int) and not isinstance(value, bool))


def _own_id(fact: Fact) -> str:
    if not is_uuid(fact.id):
        raise NotWritableError("id peristiwanya bukan id acak")
    return uuid_uri(fact.id)


def _put(event: Event, where: str, value: Any) -> None:
    side, _, kind = where.partition(":")
    if side in _SIDES:
        event.setdefault(_SIDES[side], []).append({"type": kind or "possessing_party", side: value})
    elif side == "transaction":
        event.setdefault("bizTransactionList", []).append({"type": kind, "bizTransaction": value})
    elif side == "bizLocation":
        event["bizLocation"] = {"id": value}
    elif value != []:
        event[f"{PREFIX}:{where}"] = value


def _is_hash(text: str) -> bool:
    return len(text) == 64 and not text.strip("0123456789abcdef")


def _local(at_us: int, zone: tzinfo) -> str:
    """Return a moment in the office's zone, with milliseconds; in UTC where the zone's offset has seconds."""
    at = moment_of(at_us).astimezone(zone)
    offset = at.utcoffset()
    if offset is None or offset % timedelta(minutes=1):
        at = at.astimezone(UTC)
    return at.isoformat(timespec="milliseconds")


def _utc(at_us: int) -> str:
    return moment_of(at_us).isoformat(timespec="microseconds").replace("+00:00", "Z")


def event_ids(events: Iterable[Event], objects: Iterable[str], ids: Ids) -> tuple[str, ...]:
    """Return the ids of those events that are about any of some objects, each once.

    Args:
        events: As `Writer.events` returns them.
        objects: Our ids.
        ids: How the office names its things.
    """
    wanted = {ids.uri("objek", each) for each in objects}
    return tuple(
        dict.fromkeys(
            each["eventID"]
            for each in events
            if wanted.intersection(each.get("epcList") or each.get("childEPCs") or ())
        )
    )


def moment_text(at: datetime) -> str:
    """Return a moment as documents write their creation date."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
