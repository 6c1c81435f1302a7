"""The office's ledger as an EPCIS document: read page by page, so that a long history needs no more memory.

No transaction is held open while a document is written: on SQLite it would keep the field's phones waiting.
The ledger only grows, and what is recorded after the beginning is left for the next document.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet

from tepat.common import ledger
from tepat.common.errors import Refused
from tepat.common.models import Event, Office
from tepat.common.permissions import covers
from tepat.custody import holdings
from tepat.custody.facts import Fact, fact_of, microseconds
from tepat.custody.models import ConfirmedEvent, Device, ObjectEvent
from tepat.custody.parties import area_of_object
from tepat.custody.rules import fold
from tepat.exchange.epcis import corrections, streams, words
from tepat.exchange.epcis.events import Correction, Writer, moment_text
from tepat.exchange.epcis.ids import ids_of
from tepat.exchange.epcis.parts import NotWritableError

KINDS = frozenset(holdings.CUSTODY_KINDS)
PAGE = 500
SETTLED_PAGE = 400
LEFT_OUT_MAX = 20


@dataclass
class Export:
    """One document in the making; the counts are right when it has been written.

    Args:
        at: When it is made; what is recorded later is not in it.
        base: The base of the ids.
        area: Only events about objects of this area; empty: of the whole office.
        objects: Only events about these objects; none: about all.
        progress: Told after each page how many events of the ledger have been read.
        written: How many EPCIS events stand in it.
        read: How many events of the ledger.
        declared: How many declarations of error.
        left_out: Events that have no place in a document, with the reason: the first of them.
        left_out_count: How many in all.
    """

    at: datetime
    base: str
    area: str = ""
    objects: tuple[str, ...] = ()
    progress: Callable[[int], None] = lambda _: None
    written: int = 0
    read: int = 0
    declared: int = 0
    left_out: dict[str, str] = field(default_factory=dict)
    left_out_count: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def document(self) -> Iterator[bytes]:
        """Return the document, piece by piece.

        Raises:
            Refused: EPCIS-BASE.
        """
        office = Office.objects.get()
        writer = Writer(ids_of(self.base, office.area_code), office.zone)
        header: dict[str, Any] = {
            "@context": words.OWN_CONTEXT,
            "type": "EPCISDocument",
            "schemaVersion": words.SCHEMA_VERSION,
            "creationDate": moment_text(self.at),
            "sender": writer.ids.root,
            f"{words.PREFIX}:mode": ledger.mode(),
        }
        return streams.write(header, self._events(writer, office.area_code))

    def _events(self, writer: Writer, office: str) -> Iterator[dict[str, Any]]:
        refuted = self._refuted(writer)
        for page in self._pages():
            wanted = [row for row in page if self._is_about(row, office)]
            doubted = _doubted(wanted)
            for row in wanted:
                revoked_us = doubted.get(row.id)
                correction = refuted.get(str(row.id))
                if revoked_us is not None:
                    correction = corrections.revoked(revoked_us)
                yield from self._written(row, writer, correction)
            self.progress(self.read)

    def _written(self, row: Event, writer: Writer, correction: Correction | None) -> Iterator[dict[str, Any]]:
        self.read += 1
        try:
            fact = fact_of(_envelope(row))
            events = writer.events(fact, correction)
        except (NotWritableError, msgspec.ValidationError) as why:
            self.left_out_count += 1
            if len(self.left_out) < LEFT_OUT_MAX:
                self.left_out[str(row.id)] = (
                    str(why) if isinstance(why, NotWritableError) else "isinya tidak terbaca"
                )
            return
        self.kinds[row.kind] += 1
        self.written += len(events)
        self.declared += sum("errorDeclaration" in event for event in events)
        yield from events

    def _is_about(self, row: Event, office: str) -> bool:
        return not self.area or any(
            covers(self.area, area_of_object(each, office)) for each in row.objects_named
        )

    def _pages(self) -> Iterator[Sequence[Event]]:
        """Read the ledger in its order, a page at a time.

        The kinds are picked out here: asked for them, SQLite sorts all that is left for each page.
        """
        rows = self._rows()
        last: tuple[datetime, UUID] | None = None
        while True:
            onward = rows
            if last is not None:
                later = Q(recorded_at__gt=last[0]) | Q(recorded_at=last[0], id__gt=last[1])
                onward = rows.filter(later, recorded_at__gte=last[0])
            page = list(onward[:PAGE])
            if not page:
                return
            yield [row for row in page if row.kind in KINDS]
            last = (page[-1].recorded_at, page[-1].id)

    def _rows(self) -> QuerySet[Event]:
        rows = Event.objects.filter(recorded_at__lte=self.at)
        if self.objects:
            named = ObjectEvent.objects.filter(object_id__in=self.objects)
            rows = rows.filter(pk__in=named.values("event_id"))
        return rows.only(*holdings.ENVELOPE).order_by("recorded_at", "id")

    def _refuted(self, writer: Writer) -> dict[str, Correction]:
        """Return what settlings found to be wrong, by event; only settled objects are read."""
        settled = Event.objects.filter(kind="custody.settled", recorded_at__lte=self.at)
        names: set[str] = set()
        for listed in settled.values_list("objects_named", flat=True).iterator(PAGE):
            names.update(listed)
        found: list[corrections.Refutation] = []
        settlings: dict[str, Fact] = {}
        wanted = sorted(names)
        for start in range(0, len(wanted), SETTLED_PAGE):
            about = holdings.facts_of(wanted[start : start + SETTLED_PAGE])
            for object_id, facts in about.items():
                own = {fact.id: fact for fact in facts if fact.kind == "custody.settled"}
                refuted = corrections.refutations(fold(facts, object_id=object_id), own)
                found += refuted
                settlings |= {each.settled: own[each.settled] for each in refuted}
        return corrections.corrections(found, settlings, writer)


def _envelope(row: Event) -> dict[str, Any]:
    return {name: getattr(row, name) for name in holdings.ENVELOPE} | {"payload": ledger.read(row)}


def _doubted(rows: Sequence[Event]) -> dict[UUID, int]:
    """Return the events of revoked identities that nobody has confirmed, with when it was revoked."""
    named = {row.device for row in rows if row.device}
    devices = Device.objects.filter(pk__in=named, revoked_at__isnull=False)
    revoked = dict(devices.values_list("pk", "revoked_at"))
    if not revoked:
        return {}
    events = {row.id: revoked[row.device] for row in rows if row.device in revoked}
    confirmed = set(ConfirmedEvent.objects.filter(pk__in=events).values_list("pk", flat=True))
    return {event: microseconds(at) for event, at in events.items() if event not in confirmed}


def objects_of(code: str) -> tuple[str, ...]:
    """Return the objects that a label's code or an id names.

    Raises:
        Refused: CUSTODY-NO-SUCH-BOX.
    """
    wanted = code.strip()
    named = Q(object_id=wanted) | Q(object_id__endswith=f":{wanted}")
    found = ObjectEvent.objects.filter(named).values_list("object_id", flat=True).distinct() if wanted else ()
    if not found:
        raise Refused("CUSTODY-NO-SUCH-BOX", label=wanted[:40])
    return tuple(sorted(found))


def own_area(area: str) -> str:
    """Return an area of this office.

    Raises:
        Refused: EPCIS-AREA.
    """
    office = Office.objects.get().area_code
    if not covers(office, area):
        raise Refused("EPCIS-AREA", area=area[:40], office=office)
    return area
