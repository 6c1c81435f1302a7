"""A box's time in words, gaps first. Pure.

The time of a past election does not run on until today. A box's way has ended when it is back in a
warehouse after polling, or when its election is over: `OVER_DAYS` after polling, for the register knows no
other end, and by then results are settled and boxes are opened or stored. From then on the last state stands
as it was after the last event, told as "sejak …" and not in days; having nothing to show for it any more is
no fault then. What was never answered or found stays a gap, a search or a dispute since its beginning.
"""

from collections.abc import Iterable, Sequence

import msgspec

from tepat.custody.rules import History
from tepat.custody.tiling import DAY_S, SECOND_US, Kind, Segment

MINUTE_US = 60_000_000
OVER_DAYS = 60
# What is no clean holding, the worst first: the reader sees it before anything else.
TROUBLES: tuple[Kind, ...] = ("dispute", "missing", "gap", "one_sided", "stale")
KIND_WORDS: dict[Kind, str] = {
    "owned": "Dipegang",
    "offered": "Ditawarkan, menunggu penerima",
    "gap": "Celah: dilepas, belum diterima",
    "one_sided": "Sepihak: baru satu pihak yang mencatat",
    "stale": "Dipegang, lama tanpa bukti",
    "missing": "Belum terlihat pada hitungan",
    "dispute": "Sengketa: lebih dari satu yang mengaku",
}
# A state of the house's four, for shape and colour.
KIND_STATES: dict[Kind, str] = {
    "owned": "aman",
    "offered": "perhatikan",
    "gap": "gawat",
    "one_sided": "perhatikan",
    "stale": "belum",
    "missing": "gawat",
    "dispute": "gawat",
}


class Stretch(msgspec.Struct, frozen=True):
    """The same stretch of time of one object, or of several that travelled together.

    Args:
        objects: Which objects.
        segment: The stretch; its cause is that of the first of them.
    """

    objects: tuple[str, ...]
    segment: Segment

    @property
    def rank(self) -> tuple[int, int, int, tuple[str, ...]]:
        """The worst first; sure before doubtful; of two alike the longer one."""
        segment = self.segment
        worst = TROUBLES.index(segment.kind) + len(TROUBLES) * segment.doubtful
        return worst, segment.from_us - segment.to_us, segment.from_us, self.objects


def has_ended(history: History, *, polling_us: int, now_us: int) -> bool:
    """Return whether a box's way has ended.

    Args:
        history: Its history.
        polling_us: When polling began, in microseconds since 1970.
        now_us: This moment.
    """
    if now_us > polling_us + OVER_DAYS * DAY_S * SECOND_US:
        return True
    state = history.state
    back = state.post.startswith("gudang:") and state.since_us > polling_us
    return back and state.status == "dipegang"


def ended(segments: Sequence[Segment], *, last_us: int) -> tuple[Segment, ...]:
    """Return the time of a box whose way has ended: it stops at the last event.

    Args:
        segments: Its time until now.
        last_us: The last event.
    """
    kept = list(segments)
    if len(kept) > 1 and kept[-1].kind == "stale" and kept[-1].from_us >= last_us:
        kept.pop()
    if not kept:
        return ()
    final = kept.pop()
    to_us = max(last_us, final.from_us + 1)
    return (*kept, msgspec.structs.replace(final, to_us=to_us, last=True))


def together(tilings: Iterable[tuple[str, Sequence[Segment]]]) -> list[Stretch]:
    """Return the time of some objects, with what is alike for several told once, by time.

    Args:
        tilings: Each object with its segments.
    """
    alike: dict[Segment, list[str]] = {}
    first: dict[Segment, Segment] = {}
    for name, segments in tilings:
        for segment in segments:
            key = msgspec.structs.replace(segment, cause="")
            alike.setdefault(key, []).append(name)
            first.setdefault(key, segment)
    found = [Stretch(tuple(sorted(names)), first[key]) for key, names in alike.items()]
    return sorted(found, key=lambda each: (each.segment.from_us, each.segment.to_us, each.objects))


def troubles(tilings: Iterable[tuple[str, Sequence[Segment]]]) -> list[Stretch]:
    """Return what was not clean in the time of some objects, the worst first.

    Args:
        tilings: Each object with its segments.
    """
    unclean = [each for each in together(tilings) if each.segment.kind in TROUBLES]
    return sorted(unclean, key=lambda each: each.rank)


def length_words(length_us: int) -> str:
    """Return a length of time as people say it, such as ``2 hari 3 jam`` or ``45 menit``.

    Args:
        length_us: In microseconds.
    """
    minutes = length_us // MINUTE_US
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} hari {hours} jam" if hours else f"{days} hari"
    if hours:
        return f"{hours} jam {rest} menit" if rest else f"{hours} jam"
    return f"{rest} menit" if rest else "kurang dari 1 menit"


def lasting_words(segment: Segment) -> str:
    """Return how long a segment lasted; of the last one of an ended way since when it stands."""
    length_us = segment.to_us - segment.from_us
    if not segment.last:
        return length_words(length_us)
    if length_us < MINUTE_US:
        return "sejak itu"
    return f"sejak itu, tercatat {length_words(length_us)}"


def segment_words(segment: Segment) -> str:
    """Return what a segment is, in words; a gap that a wrong clock may have made is said to be doubtful."""
    return (
        f"{KIND_WORDS[segment.kind]} (mungkin, jam tidak pasti)"
        if segment.doubtful
        else KIND_WORDS[segment.kind]
    )


def slots_word(labels: Iterable[str]) -> str:
    """Return boxes and bundles of one set in words, such as ``kotak 1, 2, 3; bundel A``.

    Args:
        labels: Such as ``091015-001-3``.
    """
    slots = sorted(label.rpartition("-")[2] for label in labels)
    parts = (
        ("kotak", [slot for slot in slots if slot.isdigit()]),
        ("bundel", [slot for slot in slots if not slot.isdigit()]),
    )
    return "; ".join(f"{word} {', '.join(some)}" for word, some in parts if some)
