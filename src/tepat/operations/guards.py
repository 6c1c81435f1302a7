"""The triggers of every stage, which a sound database has."""

from django.db.backends.base.base import BaseDatabaseWrapper

from tepat.common import immutability
from tepat.custody import guarding
from tepat.distribution import freezing
from tepat.publication import triggers

GUARDS = (immutability.GUARD, guarding.GUARD, freezing.GUARD, triggers.GUARD)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of triggers that a database should have and has not."""
    return [name for guard in GUARDS for name in guard.missing(connection)]
