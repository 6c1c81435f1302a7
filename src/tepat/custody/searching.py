"""Where a box could have been left that a count did not find: the places to look at, the likeliest first."""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec
from rapidfuzz.distance import OSA

SIMILAR_SIGNS = 2  # labels that differ in so many signs are taken for one another

# How much each reason weighs; only their order means something.
SIMILAR_SCORE, PER_SIGN_SCORE, SET_SCORE, ABOARD_SCORE, ABOARD_SIMILAR_SCORE = 90, 10, 65, 60, 30
STOP_SCORE, LATER_STOP_SCORE, LOADED_SCORE = 10, 9, 5

type Why = Literal["label mirip", "satu set", "dibongkar di sini", "belum terhitung", "tempat muat"]


class Stop(msgspec.Struct, frozen=True):
    """One stop of the trip.

    Args:
        place: Its code.
        unloaded: What was taken there, by the receipts.
    """

    place: str
    unloaded: tuple[str, ...] = ()


class Suspect(msgspec.Struct, frozen=True):
    """A place to look at.

    Args:
        place: Its code; empty for the vehicle itself.
        score: The higher, the likelier.
        why: The reasons, the strongest first.
        similar: What was taken there with a label like the missing one's, the most similar first.
    """

    place: str
    score: int
    why: tuple[Why, ...]
    similar: tuple[str, ...] = ()


def search_places(
    stops: Sequence[Stop], code: str, *, loaded_at: str, co_loaded: Iterable[str] = ()
) -> tuple[Suspect, ...]:
    """Return where to look for a missing object.

    A label that is like the missing one and was taken at an earlier stop weighs most: the two were mistaken
    for each other. Then where other boxes of the same set were taken, then the vehicle, then each earlier
    stop, the last one first, then where it was loaded.

    Args:
        stops: The trip's stops before the one that misses it, in order.
        code: The missing object's id or label.
        loaded_at: Where the trip was loaded.
        co_loaded: What else was on the vehicle and has not been unloaded: there a similar label may have been
            scanned in place of the missing one.

    Returns:
        Each place once, the likeliest first; of equals, the later stop first.
    """
    taken: dict[str, list[str]] = {}
    order: dict[str, int] = {}
    for place, stop in enumerate(stops):
        taken.setdefault(stop.place, []).extend(stop.unloaded)
        order[stop.place] = place
    suspects = [_suspect(place, codes, code, order[place]) for place, codes in taken.items()]
    aboard = _similar(co_loaded, code)
    suspects.append(
        Suspect("", ABOARD_SCORE + ABOARD_SIMILAR_SCORE * bool(aboard), ("belum terhitung",), aboard)
    )
    if loaded_at not in taken:
        suspects.append(Suspect(loaded_at, LOADED_SCORE, ("tempat muat",)))
    return tuple(sorted(suspects, key=lambda each: (-each.score, -order.get(each.place, -1), each.place)))


def _suspect(place: str, unloaded: Sequence[str], code: str, order: int) -> Suspect:
    similar = _similar(unloaded, code)
    same_set = any(_set_of(each) == _set_of(code) for each in unloaded)
    why: list[Why] = []
    score = STOP_SCORE + min(order, LATER_STOP_SCORE)
    if similar and _set_of(similar[0]) != _set_of(code):
        why.append("label mirip")
        score += SIMILAR_SCORE - PER_SIGN_SCORE * OSA.distance(similar[0], code)
    if same_set:
        why.append("satu set")
        score += SET_SCORE
    why.append("dibongkar di sini")
    return Suspect(place, score, tuple(why), similar)


def _similar(codes: Iterable[str], code: str) -> tuple[str, ...]:
    """Return the labels that are taken for the given one: first those of other sets, then the nearest."""
    near = [(OSA.distance(each, code, score_cutoff=SIMILAR_SIGNS), each) for each in set(codes) - {code}]
    kept = [(_set_of(each) == _set_of(code), far, each) for far, each in near if far <= SIMILAR_SIGNS]
    return tuple(each for _, _, each in sorted(kept))


def _set_of(code: str) -> str:
    """Return the set of a label: all before its last part."""
    return code.rpartition("-")[0]
