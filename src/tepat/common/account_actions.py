"""Contacts and sign-ins of people: what the office changes about somebody who is already there."""

import secrets
from datetime import datetime
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tepat.common import ledger
from tepat.common.acting import Actor, action
from tepat.common.actions import Contact
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Account, Person, Post, VaultEntry
from tepat.common.permissions import Permission

CONTACT_CHANGED = ledger.kind("person.contact-changed")
PASSWORD_RESET = ledger.kind("account.password-reset")
PASSWORD_CHANGED = ledger.kind("account.password-changed")
ACCOUNT_BLOCKED = ledger.kind("account.blocked")
ACCOUNT_OPENED = ledger.kind("account.opened")

# Read out on the telephone without a mistake: no 0/o, 1/l/i, no u/v.
PASSWORD_LETTERS = "abcdefghjkmnpqrstwxyz23456789"  # noqa: S105 -- an alphabet
PASSWORD_GROUPS, GROUP_LENGTH = 4, 4


def new_password() -> str:
    """Return a random password of 77 bits, in groups that can be read out."""
    groups = (
        "".join(secrets.choice(PASSWORD_LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(PASSWORD_GROUPS)
    )
    return "-".join(groups)


def within_reach(person: UUID, *, by: Actor, permission: Permission) -> Person:
    """Return somebody whom this actor may change: every post of theirs lies in the actor's areas.

    Raises:
        NotAllowed: No such person, or one who also holds a post elsewhere.
    """
    found = Person.objects.filter(pk=person).first()
    if found is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    for area_code in Post.objects.filter(person_id=person).values_list("area_code", flat=True).distinct():
        by.require(permission, area_code)
    return found


def _account_of(person: UUID, by: Actor) -> Account:
    within_reach(person, by=by, permission=Permission.PEOPLE_EDIT)
    if VaultEntry.objects.filter(person_id=person, erased_at__isnull=False).exists():
        raise Refused("PERSON-ERASED")
    account = Account.objects.select_for_update().filter(person_id=person).first()
    if account is None:
        raise Refused("ACCOUNT-NONE")
    return account


def _about(person: UUID) -> ledger.About:
    return ledger.About(objects=(f"orang:{person}",))


@action(Permission.PEOPLE_EDIT)
def change_contact(*, by: Actor, at: datetime, person: UUID, contact: Contact) -> VaultEntry:
    """Correct a name or contact in the vault; the ledger learns that it changed, not what it says.

    Raises:
        NotAllowed: No such person within the actor's areas.
        Refused: PERSON-ERASED; an erased name does not come back.
    """
    within_reach(person, by=by, permission=Permission.PEOPLE_EDIT)
    entry = VaultEntry.objects.select_for_update().get(person_id=person)
    if entry.erased_at:
        raise Refused("PERSON-ERASED")
    entry.name, entry.phone = contact.name.strip(), contact.phone.strip()
    entry.address = contact.address.strip()
    entry.save()
    ledger.record(CONTACT_CHANGED, {}, by=by, at=at, about=_about(person))
    return entry


@action(Permission.PEOPLE_EDIT)
def reset_password(*, by: Actor, at: datetime, person: UUID, password: str) -> Account:
    """Give somebody a new password; every session that is open with the old one ends.

    Raises:
        NotAllowed: No such person within the actor's areas.
        Refused: ACCOUNT-NONE, PERSON-ERASED.
    """
    account = _account_of(person, by)
    account.set_password(password)
    account.save(update_fields=["password"])
    ledger.record(PASSWORD_RESET, {}, by=by, at=at, about=_about(person))
    return account


@action(Permission.PUBLIC_READ)
def change_own_password(*, by: Actor, at: datetime, old: str, new: str) -> Account:
    """Change one's own password; every other session that is open with the old one ends.

    It asks for no permission but one's own account and its present password.

    Args:
        by: Whose account it is.
        at: When.
        old: The present password.
        new: The one from now on.

    Raises:
        Refused: ACCOUNT-NONE, PASSWORD-WRONG, PASSWORD-SAME, PASSWORD-WEAK.
    """
    account = Account.objects.select_for_update().filter(person_id=by.person).first()
    if account is None:
        raise Refused("ACCOUNT-NONE")
    if not account.check_password(old):
        raise Refused("PASSWORD-WRONG")
    if old == new:
        raise Refused("PASSWORD-SAME")
    try:
        validate_password(new, account)
    except ValidationError as weak:
        raise Refused("PASSWORD-WEAK", reason=" ".join(weak.messages)) from weak
    account.set_password(new)
    account.save(update_fields=["password"])
    ledger.record(PASSWORD_CHANGED, {}, by=by, at=at, about=_about(by.person))
    return account


@action(Permission.PEOPLE_EDIT)
def set_account_open(*, by: Actor, at: datetime, person: UUID, is_open: bool) -> Account:
    """Block a sign-in, or open it again; a blocked person is out at the next page.

    Raises:
        NotAllowed: No such person within the actor's areas.
        Refused: ACCOUNT-NONE, PERSON-ERASED, ACCOUNT-OWN where somebody would lock themselves out.
    """
    account = _account_of(person, by)
    if person == by.person:
        raise Refused("ACCOUNT-OWN")
    account.is_active = is_open
    account.save(update_fields=["is_active"])
    ledger.record(ACCOUNT_OPENED if is_open else ACCOUNT_BLOCKED, {}, by=by, at=at, about=_about(person))
    return account
