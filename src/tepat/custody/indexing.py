"""What custody does with every event of the ledger, in the same transaction: find it again by its objects."""

from collections.abc import Iterable, Sequence

from tepat.common import ledger
from tepat.common.bulk import insert_values
from tepat.common.models import Event
from tepat.custody.events import KINDS
from tepat.custody.models import OBJECT_LENGTH_MAX, Dirty, ObjectEvent
from tepat.custody.parties import offer_key

for _kind in KINDS:
    ledger.kind(_kind)
# Not about an object, and still to be read when one is folded.
PIN_CHECKED = ledger.kind("identity.pin-checked")
FOLDED = frozenset({*KINDS, PIN_CHECKED})
# A set is a name for its boxes and bundles: events may name it, and nobody holds it.
SETS = "set:"


def keys_of(event: Event) -> list[str]:
    """Return under what an event is found: its objects, and the offer that it makes or answers."""
    keys = [name for name in event.objects_named if len(name) <= OBJECT_LENGTH_MAX]
    if event.kind == PIN_CHECKED:
        return [*keys, pin_key(str(event.payload["event"]))]
    offer = offer_of(event)
    return list(dict.fromkeys([*keys, offer_key(offer)] if offer else keys))


def pin_key(event_id: str) -> str:
    """Return under what the opened PIN of a receipt is found."""
    return f"pin:{event_id}"


def offer_of(event: Event) -> str:
    """Return the id of the offer that an event makes or answers, or empty."""
    if event.kind == "custody.offered":
        return str(event.id)
    if event.kind.startswith("custody."):
        return str(event.payload.get("offer") or "").lower()
    return ""


def index(events: Sequence[Event]) -> None:
    """Keep where each event is found, and mark what has to be folded again."""
    keys = [(event, keys_of(event)) for event in events]
    insert_values(ObjectEvent, [(key, event.id) for event, some in keys for key in some])
    mark(key for event, some in keys if event.kind in FOLDED for key in some if not key.startswith(SETS))


def mark(keys: Iterable[str]) -> None:
    """Mark objects and offers to be folded again."""
    insert_values(Dirty, [(key, True) for key in sorted(set(keys))], again="again")


def mark_events(events: Iterable[Event]) -> None:
    """Mark everything that some events are about, because what is thought of them has changed."""
    mark(key for event in events for key in keys_of(event))
