"""What changes with the ending of a refusal: opened by it, planned by people, closed by a receipt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from tepat.common import ledger
from tepat.common.acting import Actor, action, known, system_actor
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Office
from tepat.common.permissions import Permission
from tepat.custody.facts import moment_of
from tepat.custody.models import Offer
from tepat.distribution.ending_models import Ending
from tepat.distribution.endings import new_refusals, receipts_of
from tepat.distribution.papers.codes import number
from tepat.packing.models import PackedObject

OPENED = ledger.kind("ending.opened")
PLANNED = ledger.kind("ending.planned")
NUMBERED = ledger.kind("ending.minutes-numbered")
CLOSED = ledger.kind("ending.closed")

PLAN = Permission.PACKING_DO
SERIES = "{n}/BA-PG/{code}/{month}/{year}"
ENDINGS_AT_ONCE_MAX = 500
VEHICLE_LENGTH_MAX = 80


def tick(at: datetime) -> int:
    """Open an ending for each new refusal and close those whose receipt has come; return how many."""
    if not Office.objects.exists():
        return 0
    by = system_actor()
    done = 0
    for row in new_refusals()[:ENDINGS_AT_ONCE_MAX]:
        _open(by=by, at=at, offer=row, key=f"penggantian-{row.pk}")
        done += 1
    waiting = list(Ending.objects.filter(closed_at__isnull=True)[:ENDINGS_AT_ONCE_MAX])
    for ending, receipts in zip(waiting, receipts_of(waiting).values(), strict=True):
        if set(receipts) >= set(ending.objects_refused):
            last = max(one.at for one in receipts.values())
            _close(by=by, at=at, ending=ending, received_at=last, key=f"penggantian-selesai-{ending.pk}")
            done += 1
    return done


@action(PLAN)
def _open(*, by: Actor, at: datetime, offer: Offer) -> Ending:
    made, _ = Ending.objects.get_or_create(
        offer=offer.pk,
        defaults={
            "area_code": offer.area_code,
            "to_post": offer.to_post,
            "refused_at": moment_of(offer.answered_us or 0),
            "opened_at": at,
            "refused": offer.refused,
        },
    )
    reasons = sorted({entry["reason"] for entry in offer.refused})
    _record(OPENED, made, {"offer": str(offer.pk), "count": len(offer.refused), "reasons": reasons}, by, at)
    return made


@action(PLAN)
def _close(*, by: Actor, at: datetime, ending: Ending, received_at: datetime) -> Ending:
    Ending.objects.filter(pk=ending.pk).update(closed_at=received_at)
    _record(CLOSED, ending, {"offer": str(ending.pk), "received_at": ledger.moment(received_at)}, by, at)
    ending.refresh_from_db()
    return ending


@dataclass(frozen=True)
class Replacement:
    """How a refusal is to end.

    Args:
        replaced: What comes instead of a refused object; one that is packed again under its own label is left
            out.
        trip: A trip of the published plan that takes it along, or empty.
        vehicle: A vehicle beside the plan, or empty.
        driver: Who drives it, or None.
        depart_at: When it leaves, or None.
    """

    replaced: Mapping[str, str]
    trip: str = ""
    vehicle: str = ""
    driver: UUID | None = None
    depart_at: datetime | None = None


@action(PLAN)
def plan_ending(*, by: Actor, at: datetime, offer: UUID, replacement: Replacement) -> Ending:
    """Say what comes instead and by what; may be said again until the receipt closes it.

    Args:
        by: Who decides.
        at: When.
        offer: The refused offer.
        replacement: How it is to end.

    Raises:
        NotAllowed: No such ending in the actor's area.
        Refused: ENDING-CLOSED, ENDING-NO-TRIP, ENDING-NO-SUCH-BOX, CUSTODY-PERSON.
    """
    ending = _load(offer, by)
    if ending.closed_at:
        raise Refused("ENDING-CLOSED")
    own = replacement.vehicle and replacement.driver and replacement.depart_at
    if not replacement.trip and not own:
        raise Refused("ENDING-NO-TRIP")
    if replacement.driver and not known(replacement.driver):
        raise Refused("CUSTODY-PERSON")
    strange = {*replacement.replaced} - {*ending.objects_refused}
    there = set(
        PackedObject.objects.filter(object_id__in=list(replacement.replaced.values())).values_list(
            "object_id", flat=True
        )
    )
    missing = strange | ({*replacement.replaced.values()} - there)
    if missing:
        raise Refused("ENDING-NO-SUCH-BOX", label=min(missing).rpartition(":")[2])
    said: dict[str, Any] = {
        "replaced": dict(replacement.replaced),
        "trip": replacement.trip,
        "vehicle": "" if replacement.trip else replacement.vehicle[:VEHICLE_LENGTH_MAX],
        "driver_id": None if replacement.trip else replacement.driver,
        "depart_at": None if replacement.trip else replacement.depart_at,
    }
    Ending.objects.filter(pk=offer).update(**said, planned_at=at, planned_by=by.person)
    payload: dict[str, object] = {
        "offer": str(offer),
        "replaced": said["replaced"],
        "trip": replacement.trip,
        "vehicle": said["vehicle"],
        "driver": str(said["driver_id"] or ""),
        "depart_at": ledger.moment(said["depart_at"]) if said["depart_at"] else "",
    }
    _record(PLANNED, ending, payload, by, at)
    ending.refresh_from_db()
    return ending


@action(PLAN)
def number_minutes(*, by: Actor, at: datetime, offer: UUID) -> Ending:
    """Give the minutes of a refusal their number in the office's series; once given it stays.

    Args:
        by: Who prints them.
        at: When; month and year of the number are those of the office's day.
        offer: The refused offer.

    Raises:
        NotAllowed: No such ending in the actor's area.
        Refused: ENDING-NUMBERED where they have one.
    """
    ending = _load(offer, by)
    if ending.running is not None:
        raise Refused("ENDING-NUMBERED", number=ending.number)
    office = Office.objects.get()
    running = (Ending.objects.aggregate(last=Max("running"))["last"] or 0) + 1
    day = at.astimezone(office.zone).date()
    ending.running, ending.numbered_at = running, at
    ending.number = number(SERIES, running=running, code=office.area_code, day=day)
    ending.save(update_fields=["running", "number", "numbered_at"])
    _record(NUMBERED, ending, {"offer": str(offer), "number": ending.number}, by, at)
    return ending


def _load(offer: UUID, by: Actor) -> Ending:
    ending = Ending.objects.select_for_update().filter(pk=offer).first()
    if ending is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    by.require(PLAN, ending.area_code or None)
    return ending


def _record(kind: str, ending: Ending, payload: dict[str, object], by: Actor, at: datetime) -> None:
    objects = (f"penggantian:{ending.pk}", *ending.objects_refused)[: ledger.OBJECTS_MAX]
    ledger.record(kind, payload, by=by, at=at, about=ledger.About(objects, ending.area_code))
