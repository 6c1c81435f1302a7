"""The sequencer beside the worker: numbers what was committed, signs now and then, stops nothing else."""

from datetime import datetime, timedelta

from tepat.common.acting import system_actor
from tepat.common.models import LedgerIdentity, Office
from tepat.publication.actions import erase_again, note_erasures, number_all, sign_head
from tepat.publication.guarding import current_state
from tepat.publication.models import Checkpoint

SIGN_EVERY = timedelta(minutes=10)


def tick(at: datetime) -> int:
    """Do one round: erase again what a restored copy brought back, number, and sign if it is time.

    Args:
        at: This moment.

    Returns:
        How many events got a number.

    Raises:
        Refused: As `number_events` and `sign_head`.
    """
    if not LedgerIdentity.objects.exists() or not Office.objects.exists():
        return 0
    by = system_actor()
    note_erasures()
    erase_again(by=by, at=at)
    done = number_all(by=by, at=at)
    last = Checkpoint.objects.order_by("-id").first()
    if last is None or (at - last.at >= SIGN_EVERY and last.size < current_state().size):
        sign_head(by=by, at=at)
    return done
