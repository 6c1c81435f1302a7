"""What the worker does for custody: folds what has a new event, compares PINs that came sealed."""

from datetime import datetime

from tepat.custody import holdings
from tepat.custody.models import Dirty, PinToCheck
from tepat.custody.pin_actions import check_pins


def fold(_at: datetime) -> int:
    """Fold what has a new event; return how many objects and offers were folded.

    It asks first whether there is any: on SQLite each transaction takes the one writer's place.
    """
    return holdings.refresh() if Dirty.objects.exists() else 0


def compare_pins(at: datetime) -> int:
    """Compare the PINs that wait; return how many there were."""
    return check_pins(at=at) if PinToCheck.objects.exists() else 0
