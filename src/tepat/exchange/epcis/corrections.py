"""Which events turned out to be wrong, and which events say it right. Pure.

A claim is wrong when a third person, who scanned the box, found it with somebody else. An event of a revoked
identity is wrong until somebody confirms it. The event itself stays; it is said again with an error
declaration, as the standard has it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from tepat.custody.facts import Fact
from tepat.custody.rules_states import Flag, History
from tepat.exchange.epcis.events import Correction, Writer, event_ids
from tepat.exchange.epcis.parts import NotWritableError
from tepat.exchange.epcis.words import REVOKED

if TYPE_CHECKING:
    from tepat.custody import events as custody

WRONG = "incorrect_data"


@dataclass(frozen=True)
class Refutation:
    """One claim on one object that a settling found to be wrong.

    Args:
        event: The event that made the claim.
        object: The object.
        settled: The event that ended it.
    """

    event: str
    object: str
    settled: str


def refutations(history: History, settled: Mapping[str, Fact]) -> list[Refutation]:
    """Return the claims on one object that were found to be wrong.

    Args:
        history: Of the object.
        settled: The `custody.settled` events about it, by id.
    """
    places = {moment.event: place for place, moment in enumerate(history.moments)}
    open_claims = sorted(history.claims, key=lambda claim: places[claim.event])
    found = []
    for place, moment in enumerate(history.moments):
        if moment.kind != "custody.settled" or Flag.NOT_THIRD in moment.flags:
            continue
        payload = cast("custody.Settled", settled[moment.event].payload)
        ended = [claim for claim in open_claims if places[claim.event] < place]
        open_claims = [claim for claim in open_claims if places[claim.event] >= place]
        found += [
            Refutation(claim.event, history.object_id, moment.event)
            for claim in ended
            if claim.claimant != payload.holder
        ]
    return found


def corrections(
    refuted: Iterable[Refutation], settled: Mapping[str, Fact], writer: Writer
) -> dict[str, Correction]:
    """Return what is to be declared wrong, by event.

    Args:
        refuted: Of any objects.
        settled: The settlings that they name, by id.
        writer: Gives the settlings their EPCIS ids.
    """
    by_event: dict[str, list[Refutation]] = defaultdict(list)
    for each in refuted:
        by_event[each.event].append(each)
    return {
        event: Correction(
            reason=WRONG,
            declared_us=max(settled[each.settled].recorded_us for each in some),
            objects=frozenset(each.object for each in some),
            by=_ids_of(some, settled, writer),
        )
        for event, some in by_event.items()
    }


def _ids_of(some: Sequence[Refutation], settled: Mapping[str, Fact], writer: Writer) -> tuple[str, ...]:
    found: list[str] = []
    for one in dict.fromkeys(each.settled for each in some):
        about = [each.object for each in some if each.settled == one]
        try:
            found += event_ids(writer.events(settled[one]), about, writer.ids)
        except NotWritableError:
            continue
    return tuple(dict.fromkeys(found))


def revoked(revoked_us: int) -> Correction:
    """Return what is declared about an event of a revoked identity.

    Args:
        revoked_us: When it was revoked, microseconds since 1970.
    """
    return Correction(reason=REVOKED, declared_us=revoked_us)
