"""When something occurred, from a phone whose clock may be wrong: an interval, never a lie.

A phone says when by its own clock. At sending it says what its clock shows then, and the server knows what
time it was: so the phone's error at sending is known, and if the clock ran on undisturbed in between, the
event lies as long before the receipt as the phone counted. Where the phone was heard before, its error of
then is known as well: if the two differ, the clock was set in between, before or after the event, and both
are possible. If neither is possible, only this is known: after what the phone had heard, and before the
receipt.

What nobody can see: a clock that was wrong at the event and right both before and after it.
"""

from datetime import datetime, tzinfo

import msgspec

from tepat.custody.facts import moment_of

SECOND_US = 1_000_000
TRANSIT_S = 60  # what a batch may take from the phone's clock reading to the server's on a thin line
SLEW_S = 5  # so much may a clock go back without having been set
SAID_S = 60  # a shorter interval or a smaller error is not worth a word
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400


def estimate(
    claimed_us: int,
    sent_claimed_us: int,
    received_us: int,
    not_before_us: int,
    *,
    error_before_us: int | None = None,
) -> tuple[int, int]:
    """Return when an event occurred, and how wrong that may be.

    Args:
        claimed_us: What the phone's clock showed at the event.
        sent_claimed_us: What the phone's clock showed at sending.
        received_us: When the server received it, by its own clock.
        not_before_us: What the phone had last heard from the server before the event, by the server's clock.
        error_before_us: The phone's error when it was last heard before the event (its clock less the
            server's), if known.

    Returns:
        The moment in microseconds, never after the receipt and never before what the phone had heard, and the
        seconds by which it may be wrong either way.
    """
    low_us = min(not_before_us, received_us)
    error_us = sent_claimed_us - received_us
    possible = []
    if claimed_us - sent_claimed_us <= SLEW_S * SECOND_US:
        possible.append(_with_error(claimed_us, error_us, low_us, received_us))
    if error_before_us is not None:
        possible.append(_with_error(claimed_us, error_before_us, low_us, received_us))
    spans = [span for span in possible if span is not None] or [(low_us, received_us)]
    first_us, last_us = min(span[0] for span in spans), max(span[1] for span in spans)
    occurred_us = (first_us + last_us) // 2
    return occurred_us, -(-max(last_us - occurred_us, occurred_us - first_us) // SECOND_US)


def _with_error(claimed_us: int, error_us: int, low_us: int, high_us: int) -> tuple[int, int] | None:
    """Return when it was if the clock was wrong by so much, as far as that is possible."""
    last_us = claimed_us - error_us
    first_us = last_us - TRANSIT_S * SECOND_US
    if last_us < low_us or first_us > high_us:
        return None
    return max(first_us, low_us), min(last_us, high_us)


class Said(msgspec.Struct, frozen=True):
    """What a person reads of a moment.

    Args:
        first: Where the interval begins.
        last: Where it ends; the same as `first` where it is known to the minute.
        error_s: How far the phone's clock was ahead, in seconds; 0 where it was right.
        text: "13.25", "antara 13.10–13.40" or "antara 13.10–13.40 (jam HP salah +3 j)"; with dates where
            the two ends are not of one day.
    """

    first: datetime
    last: datetime
    error_s: int
    text: str


def say_interval(occurred_us: int, uncertainty_s: int, *, zone: tzinfo, error_s: int = 0) -> Said:
    """Return a moment as people read it.

    Args:
        occurred_us: In microseconds since 1970.
        uncertainty_s: How wrong it may be either way, in seconds.
        zone: The office's zone.
        error_s: How far the phone's clock was ahead (less than 0: behind), in seconds.
    """
    first = moment_of(occurred_us - uncertainty_s * SECOND_US).astimezone(zone)
    last = moment_of(occurred_us + uncertainty_s * SECOND_US).astimezone(zone)
    if uncertainty_s <= SAID_S:
        first = last = moment_of(occurred_us).astimezone(zone)
    error_s = error_s if abs(error_s) > SAID_S else 0
    text = f"{first:%H.%M}"
    if first.date() != last.date():
        text = f"antara {first:%d/%m/%Y %H.%M}–{last:%d/%m/%Y %H.%M}"
    elif first != last:
        text = f"antara {first:%H.%M}–{last:%H.%M}"
    return Said(first, last, error_s, f"{text} (jam HP salah {_said(error_s)})" if error_s else text)


def _said(error_s: int) -> str:
    sign, size = "+" if error_s > 0 else "−", abs(error_s)
    for unit_s, name in ((365 * DAY_S, "tahun"), (DAY_S, "hari"), (HOUR_S, "j")):
        if size >= unit_s:
            return f"{sign}{round(size / unit_s)} {name}"
    return f"{sign}{round(size / MINUTE_S)} mnt"
