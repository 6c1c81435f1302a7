"""The app that every other one stands on."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


class CommonConfig(AppConfig):
    name = "tepat.common"
    verbose_name = "Umum"

    def ready(self) -> None:
        """After each migration, say which ledger this database is, once and for ever."""
        post_migrate.connect(name_ledger, sender=self, dispatch_uid="tepat-ledger-identity")


def name_ledger(*, using: str, **_: Any) -> None:
    """Write the identity of a new database: the office's ledger or a rehearsal's."""
    from tepat.common.models import LedgerIdentity, Person
    from tepat.common.models.ledger import REAL, REHEARSAL

    identity, new = LedgerIdentity.objects.using(using).get_or_create(
        id=1,
        defaults={"mode": REHEARSAL if settings.LATIHAN else REAL},
    )
    if new:
        from tepat.common.clock import now

        Person.objects.using(using).create(id=identity.system_person, created_at=now())
