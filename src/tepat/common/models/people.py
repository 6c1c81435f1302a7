"""People are random ids with posts; names and contacts lie in the vault and can be erased."""

from datetime import datetime
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from tepat.common import identity
from tepat.common.permissions import Role

ERASED = "dihapus"


class Person(models.Model):
    """Somebody, known to events and projections by this id alone."""

    id = models.UUIDField(primary_key=True, default=identity.person_id, editable=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)

    @property
    def shown_name(self) -> str:
        """The name from the vault, or ``dihapus`` once it was erased."""
        entry = getattr(self, "vault", None)
        return entry.name if entry and entry.name else ERASED


class VaultEntry(models.Model):
    """The erasable part of a person: name and contacts. Nothing else may copy them."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="vault")
    name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "vault entries"
        constraints = (
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(name="", phone="", address=""),
                name="vault_erased_is_empty",
            ),
        )

    def __str__(self) -> str:
        return ERASED if self.erased_at else "terisi"


class PostRows(models.QuerySet["Post"]):
    def held_at(self, moment: datetime) -> Self:
        """Return the posts that are held at a moment."""
        return self.filter(Q(held_from__lte=moment) & (Q(held_to__isnull=True) | Q(held_to__gt=moment)))


class Post(models.Model):
    """A role held by a person in an area for a time, such as PPS of one desa until the end of the term."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=30, choices=[(role.name, role.value) for role in Role])
    area_code = models.CharField(max_length=13, blank=True, help_text="empty: the nation")
    place = models.ForeignKey(
        "common.Place",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
    )
    election = models.ForeignKey("common.Election", on_delete=models.PROTECT, null=True, blank=True)
    held_from = models.DateTimeField()
    held_to = models.DateTimeField(null=True, blank=True)

    objects = PostRows.as_manager()

    class Meta:
        ordering = ("area_code", "role", "held_from")
        constraints = (
            models.CheckConstraint(
                condition=Q(held_to__isnull=True) | Q(held_to__gt=F("held_from")),
                name="post_ends_after_it_began",
            ),
        )

    def __str__(self) -> str:
        return f"{Role[self.role].value} {self.area_code}"


class AccountRows(BaseUserManager["Account"]):
    """Sign-in names."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return an account by its sign-in name, whatever the case."""
        return self.get(username__iexact=username)


class Account(AbstractBaseUser):
    """How a person signs in. The sign-in name is part of the vault: it goes when the name goes."""

    username = models.CharField(max_length=60, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)

    objects = AccountRows()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["person"]

    def __str__(self) -> str:
        return self.username


class SignInFailure(models.Model):
    """A wrong password, kept as long as it counts; the name only as a hash."""

    name_hash = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name_hash[:8]} {self.at:%H:%M}"
