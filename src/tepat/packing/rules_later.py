"""What papers of polling day say about boxes that were sent: opened as planned, sealed to go back. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tepat.common.errors import Refused


class Step(StrEnum):
    """What happened to a box."""

    OPENED = "buka"
    SEALED = "segel"


class Occasion(StrEnum):
    """Why a box that was sent was opened."""

    POLLING = "pemungutan"
    RECAP = "rekapitulasi"
    OTHER = "lain"


REASONS = {Occasion.POLLING: "pemungutan suara", Occasion.RECAP: "rekapitulasi"}


@dataclass(frozen=True)
class Sent:
    """A box as it is known before a paper is written down.

    Args:
        code: Its label's code.
        sealed: Whether it was sealed in the warehouse and its set was complete.
        later: ``""`` as sent, ``dibuka``, or ``pulang``: return seals are on.
        last_at: When its last known seal or opening was.
    """

    code: str
    sealed: bool
    later: str
    last_at: datetime


def check_later(box: Sent, step: Step, *, happened_at: datetime, at: datetime) -> None:
    """Refuse what cannot have happened to a box, as far as it is known.

    Args:
        box: The box.
        step: What the paper says.
        happened_at: When, as the paper says; in the office's zone, for the sentence.
        at: Now.

    Raises:
        Refused: LATER-NOT-SENT, LATER-OPEN, LATER-CLOSED, LATER-TIME.
    """
    if not box.sealed:
        raise Refused("LATER-NOT-SENT", box=box.code)
    if step is Step.OPENED and box.later == "dibuka":
        raise Refused("LATER-OPEN", box=box.code)
    if step is Step.SEALED and box.later != "dibuka":
        raise Refused("LATER-CLOSED", box=box.code)
    # A paper names the minute, no second.
    if not box.last_at.replace(second=0, microsecond=0) <= happened_at <= at:
        zone = happened_at.tzinfo
        last, now = box.last_at.astimezone(zone), at.astimezone(zone)
        raise Refused(
            "LATER-TIME", box=box.code, given=_words(happened_at), last=_words(last), now=_words(now)
        )


def _words(at: datetime) -> str:
    return f"{at:%d-%m-%Y %H.%M}"
