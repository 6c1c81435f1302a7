"""Who holds what now: the projection of the events, folded again for whatever has a new one.

`refresh` folds what is dirty; `rebuild` drops all and folds all, to the same bytes (`digest`). Both read the
ledger alone, and beside it which identities were revoked. No name and no salt is read, so that erasing a
person changes nothing.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
import rfc8785
from django.db import transaction
from django.db.models import QuerySet

from tepat.common import ledger
from tepat.common.models import Event, Office
from tepat.custody import indexing
from tepat.custody.events import KINDS, Accepted
from tepat.custody.facts import Fact, fact_of
from tepat.custody.models import ConfirmedEvent, Device, Dirty, Holding, ObjectEvent, Offer
from tepat.custody.offers import OfferNow, fold_offer, offer_of_key
from tepat.custody.parties import area_of_object, area_of_post, is_offer, offer_key
from tepat.custody.rules import History, State, fold, fold_each

CHUNK = 400
REFRESH_MAX = 20_000
CUSTODY_KINDS = tuple(KINDS)
ENVELOPE = (
    *("id", "kind", "kind_version", "occurred_at", "occurred_uncertainty_s", "recorded_at", "actor"),
    *("device", "counter", "objects_named", "place", "payload"),
)


def refresh(*, most: int = REFRESH_MAX) -> int:
    """Fold what has a new event and write it down; return how many objects and offers were folded.

    Safe at any moment and more than once at a time: the rows that are folded are those whose mark this
    transaction takes away.

    Args:
        most: No more than these at once, so that no write takes long.
    """
    done = 0
    while done < most:
        with transaction.atomic():
            rows = Dirty.objects.select_for_update(skip_locked=_skips()).order_by("object_id")
            keys = list(rows.values_list("object_id", flat=True)[: min(CHUNK, most - done)])
            if not keys:
                break
            Dirty.objects.filter(object_id__in=keys).delete()
            _project(keys)
        done += len(keys)
    return done


def _skips() -> bool:
    return bool(transaction.get_connection().features.has_select_for_update_skip_locked)


def refold(keys: Sequence[str]) -> None:
    """Fold some objects or offers now, inside the transaction of whoever must know how they stand."""
    for some in _chunks(keys):
        _project(some)


def refold_offer(offer: str) -> None:
    """Fold one offer now."""
    refold([offer_key(offer)])


def rebuild() -> int:
    """Drop the index and both projections and make them again from the ledger; return how many there are."""
    with transaction.atomic():
        for model in (ObjectEvent, Dirty, Holding, Offer):
            model._default_manager.all().delete()
        batch: list[Event] = []
        for event in Event.objects.order_by("recorded_at", "id").iterator(CHUNK):
            batch.append(event)
            if len(batch) == CHUNK:
                indexing.index(batch)
                batch = []
        indexing.index(batch)
        done = 0
        for keys in _chunks(list(Dirty.objects.order_by("object_id").values_list("object_id", flat=True))):
            _project(keys)
            done += len(keys)
        Dirty.objects.all().delete()
    return done


def digest() -> str:
    """Return one hash over both projections: equal for equal bytes."""
    sha = hashlib.sha256()
    for model in (Holding, Offer):
        names = [field.attname for field in model._meta.concrete_fields]
        for row in model._default_manager.order_by("pk").values(*names).iterator(CHUNK):
            sha.update(rfc8785.dumps({name: _plain(value) for name, value in row.items()}))
            sha.update(b"\n")
    return sha.hexdigest()


def _plain(value: Any) -> Any:
    simple = value is None or isinstance(value, (str, bool, list, dict))
    return value if simple else str(value)


def facts_of(keys: Sequence[str]) -> dict[str, list[Fact]]:
    """Return the custody facts of objects or offers, by id; the order is nobody's promise."""
    # The kind is asked of the events: joined in here, SQLite begins with the kind and walks the whole ledger.
    links = ObjectEvent.objects.filter(object_id__in=keys)
    named = defaultdict(list)
    for key, event in links.values_list("object_id", "event_id"):
        named[key].append(event)
    facts = _read({event for events in named.values() for event in events})
    return {key: [facts[event] for event in named.get(key, ()) if event in facts] for key in keys}


def _read(ids: set[Any]) -> dict[Any, Fact]:
    """Return facts by event id; what no version of ours can read is left to the tray and the doctor."""
    rows: list[Event] = []
    for some in _chunks(list(ids)):
        rows += Event.objects.filter(pk__in=some, kind__in=CUSTODY_KINDS).only(*ENVELOPE)
    doubted = _doubted(rows)
    pins = _pin_results([row for row in rows if row.payload.get("pin") == "tersegel"])
    found = {}
    for row in rows:
        envelope = {name: getattr(row, name) for name in ENVELOPE} | {"payload": ledger.read(row)}
        fact = fact_of(envelope, revoked=row.id in doubted)
        if row.id in pins and isinstance(fact.payload, Accepted):
            checked = msgspec.structs.replace(fact.payload, pin=pins[row.id])
            fact = msgspec.structs.replace(fact, payload=checked)
        found[row.id] = fact
    return found


def _doubted(rows: Sequence[Event]) -> set[Any]:
    """Return the events of revoked devices that nobody has confirmed."""
    devices = {row.device for row in rows if row.device}
    revoked = set(
        Device.objects.filter(pk__in=devices, revoked_at__isnull=False).values_list("pk", flat=True)
    )
    events = [row.id for row in rows if row.device in revoked]
    confirmed = set(ConfirmedEvent.objects.filter(pk__in=events).values_list("pk", flat=True))
    return set(events) - confirmed


def _pin_results(rows: Sequence[Event]) -> dict[Any, Any]:
    """Return what the office found when it opened the sealed PIN of a receipt, by event id."""
    if not rows:
        return {}
    keys = {indexing.pin_key(str(row.id)): row.id for row in rows}
    links = ObjectEvent.objects.filter(object_id__in=keys, event__kind=indexing.PIN_CHECKED)
    pairs = links.values_list("object_id", "event__payload").order_by("event__recorded_at", "event_id")
    return {keys[key]: payload["pin"] for key, payload in pairs}


def _project(keys: Sequence[str]) -> None:
    facts = facts_of(keys)
    office = Office.objects.values_list("area_code", flat=True).first() or ""
    objects = [key for key in keys if not is_offer(key)]
    histories = fold_each({key: facts[key] for key in objects if facts[key]})
    holdings = [_holding(history, office) for history in histories.values()]
    offers = [_offer(fold_offer(key, facts[key])) for key in keys if is_offer(key) and facts[key]]
    Holding.objects.filter(pk__in=objects).delete()
    Holding.objects.bulk_create(holdings)
    made = [offer for offer in offers if offer]
    Offer.objects.filter(pk__in=[offer_id for key in keys if (offer_id := offer_of_key(key))]).delete()
    Offer.objects.bulk_create(made)


def _holding(history: History, office: str) -> Holding:
    state = history.state
    return Holding(
        object_id=history.object_id,
        area_code=area_of_object(history.object_id, office),
        status=state.status,
        holder=state.holder,
        post=state.post,
        place=state.place,
        since_us=state.since_us or None,
        last_evidence_us=state.last_evidence_us or None,
        offer=state.offer.id if state.offer else "",
        to_post=state.offer.to_post if state.offer else "",
        one_sided=state.one_sided,
        claims=len(state.claims),
        refused=state.refused is not None,
        flags=[str(flag) for flag in state.flags],
        state=canonical(state),
    )


def _offer(now: OfferNow | None) -> Offer | None:
    if now is None:
        return None
    return Offer(area_code=area_of_post(now.to_post), **now.columns())


def canonical(state: State) -> str:
    """Return a state as text, the same for the same state."""
    return rfc8785.dumps(msgspec.to_builtins(state)).decode()


def state_of(objects: Sequence[str]) -> dict[str, State]:
    """Return the state of objects as projected; call `refresh` first where it must be of this moment."""
    found = {}
    for some in _chunks(objects):
        for pk, text in Holding.objects.filter(pk__in=some).values_list("pk", "state"):
            found[pk] = msgspec.json.decode(text.encode(), type=State)
    return {key: found.get(key, State()) for key in objects}


def history_of(object_id: str) -> History:
    """Return the whole history of one object, folded from the ledger now."""
    return fold(facts_of([object_id])[object_id], object_id=object_id)


def held_by(person: str) -> QuerySet[Holding]:
    """Return what a person is accountable for."""
    return Holding.objects.filter(holder=str(person)).order_by("object_id")


def offers_to(post: str) -> QuerySet[Offer]:
    """Return the open offers to a post."""
    return Offer.objects.filter(to_post=post, state=Offer.State.OPEN).order_by("offered_us", "pk")


def offer_facts(offer: str) -> list[Fact]:
    """Return the facts that make or answer an offer."""
    key = offer_key(offer)
    return facts_of([key])[key]


def _chunks[T](values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


def dirty_of(objects: Iterable[str]) -> bool:
    """Return whether any of these objects has an event that its projection has not read."""
    return any(Dirty.objects.filter(pk__in=some).exists() for some in _chunks(list(objects)))
