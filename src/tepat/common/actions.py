"""Offices, elections, people and supervisors' notes: the actions that every stage needs."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tepat.common import identity, ledger
from tepat.common.acting import Actor, action, load_or_refuse
from tepat.common.elections import election_kind
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Account, Election, Office, Person, Post, SupervisorNote, VaultEntry
from tepat.common.permissions import Permission, Role, covers
from tepat.common.tables import short_date

OFFICE_SET = ledger.kind("office.set")
ELECTION_ADDED = ledger.kind("election.added")
PERSON_ADDED = ledger.kind("person.added")
PERSON_ERASED = ledger.kind("person.erased")
POST_GIVEN = ledger.kind("post.given")
POST_ENDED = ledger.kind("post.ended")
ACCOUNT_ADDED = ledger.kind("account.added")
NOTE_WRITTEN = ledger.kind("note.written")
ADVICE_ANSWERED = ledger.kind("advice.answered")

# Bawaslu appoints its own people; the office only opens their accounts. These two are nobody's to give.
NOT_GIVEN = frozenset({Role.SISTEM, Role.PUBLIK})


@dataclass(frozen=True)
class Contact:
    """What goes to the vault and nowhere else.

    Args:
        name: The person's name.
        phone: A telephone number, or empty.
        address: A postal or mail address, or empty.
    """

    name: str
    phone: str = ""
    address: str = ""


@action(Permission.OFFICE_EDIT, area="area_code")
def set_office(*, by: Actor, at: datetime, area_code: str, name: str, time_zone: str) -> Office:
    """Name the office of this cell, or change its name or zone.

    Raises:
        Refused: OFFICE-OTHER where this cell already belongs to another area; OFFICE-ZONE.
    """
    other = Office.objects.exclude(area_code=area_code).first()
    if other:
        raise Refused("OFFICE-OTHER", office=other.name, area=area_code)
    try:
        office, _ = Office.objects.update_or_create(
            code=area_code,
            defaults={"name": name, "area_code": area_code, "time_zone": time_zone},
        )
    except ValidationError as unknown:
        raise Refused("OFFICE-ZONE", zone=time_zone) from unknown
    about = ledger.About(objects=(f"kantor:{area_code}",), place=area_code)
    ledger.record(OFFICE_SET, {"name": name, "time_zone": time_zone}, by=by, at=at, about=about)
    return office


@action(Permission.REGISTER_EDIT)
def add_election(*, by: Actor, at: datetime, code: str) -> Election:
    """Open an election event; one that is already there is returned as it is.

    Raises:
        Refused: COMMON-UNKNOWN-ELECTION.
    """
    kind = election_kind(code)
    election, _ = Election.objects.get_or_create(
        code=kind.code,
        defaults={
            "name": kind.name,
            "kind": kind.kind,
            "polling_date": kind.polling_date,
            "rule_set": kind.code,
        },
    )
    about = ledger.About(objects=(f"pemilihan:{kind.code}",))
    ledger.record(ELECTION_ADDED, {"polling_date": kind.polling_date.isoformat()}, by=by, at=at, about=about)
    return election


@action(Permission.PEOPLE_EDIT)
def add_person(*, by: Actor, at: datetime, contact: Contact) -> Person:
    """Add somebody: a random id for the ledger, the name for the vault."""
    person = Person.objects.create(id=identity.person_id(), created_at=at)
    VaultEntry.objects.create(
        person=person, name=contact.name.strip(), phone=contact.phone.strip(), address=contact.address.strip()
    )
    ledger.record(PERSON_ADDED, {}, by=by, at=at, about=ledger.About(objects=(f"orang:{person.id}",)))
    return person


@action(Permission.PEOPLE_EDIT, area="area_code")
def give_post(
    *, by: Actor, at: datetime, person: UUID, role: Role, area_code: str, held_to: datetime | None = None
) -> Post:
    """Give somebody a role in an area from now on.

    Raises:
        Refused: POST-NOT-GIVEN for roles that nobody holds by appointment; POST-OWN for a post of one's own.
        NotAllowed: No such person, or outside the actor's area.
    """
    if role in NOT_GIVEN:
        raise Refused("POST-NOT-GIVEN", role=role.value)
    if person == by.person:
        raise Refused("POST-OWN", role=role.value)
    if not Person.objects.filter(pk=person).exists():
        raise NotAllowed("COMMON-NOT-FOUND")
    post = Post.objects.create(
        person_id=person, role=role.name, area_code=area_code, held_from=at, held_to=held_to
    )
    about = ledger.About(objects=(f"orang:{person}", f"jabatan:{post.pk}"), place=area_code)
    until = held_to.isoformat() if held_to else None
    ledger.record(POST_GIVEN, {"role": role.name, "held_to": until}, by=by, at=at, about=about)
    return post


@action(Permission.PEOPLE_EDIT)
def end_post(*, by: Actor, at: datetime, post: int) -> Post:
    """End a post now; what was done under it stays."""
    held = load_or_refuse(Post, post, by=by, permission=Permission.PEOPLE_EDIT, lock=True)
    if held.held_to and held.held_to <= at:
        raise Refused("POST-ENDED", role=Role[held.role].value)
    held.held_to = at
    held.save(update_fields=["held_to"])
    about = ledger.About(objects=(f"orang:{held.person_id}", f"jabatan:{held.pk}"), place=held.area_code)
    ledger.record(POST_ENDED, {"role": held.role}, by=by, at=at, about=about)
    return held


@action(Permission.PEOPLE_EDIT)
def add_account(*, by: Actor, at: datetime, person: UUID, username: str, password: str) -> Account:
    """Let somebody sign in.

    Raises:
        NotAllowed: No such person.
        Refused: ACCOUNT-TAKEN, ACCOUNT-PASSWORD, PERSON-ERASED.
    """
    holder = Person.objects.filter(pk=person).first()
    if holder is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    if VaultEntry.objects.filter(person=holder, erased_at__isnull=False).exists():
        raise Refused("PERSON-ERASED")
    taken = Account.objects.filter(username__iexact=username).exists() or hasattr(holder, "account")
    if taken:
        raise Refused("ACCOUNT-TAKEN", username=username)
    account = Account(username=username.lower(), person=holder)
    try:
        validate_password(password, account)
    except ValidationError as weak:
        raise Refused("ACCOUNT-PASSWORD", reason=" ".join(weak.messages)) from weak
    account.set_password(password)
    account.save(force_insert=True)
    ledger.record(ACCOUNT_ADDED, {}, by=by, at=at, about=ledger.About(objects=(f"orang:{person}",)))
    return account


@action(Permission.PEOPLE_ERASE)
def erase_person(*, by: Actor, at: datetime, person: UUID) -> VaultEntry:
    """Erase a name, the contacts and the sign-in; the ledger keeps the random id and stays whole.

    Raises:
        NotAllowed: No such person, or one who holds a post outside the actor's areas.
        Refused: PERSON-ERASED.
    """
    entry = VaultEntry.objects.select_for_update().filter(person_id=person).first()
    if entry is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    for area_code in Post.objects.filter(person_id=person).values_list("area_code", flat=True):
        by.require(Permission.PEOPLE_ERASE, area_code)
    if entry.erased_at:
        raise Refused("PERSON-ERASED")
    entry.name = entry.phone = entry.address = ""
    entry.erased_at = at
    entry.save()
    for account in Account.objects.filter(person_id=person):
        account.username = f"{secrets.token_hex(8)}"
        account.is_active = False
        account.set_unusable_password()
        account.save()
    ledger.record(PERSON_ERASED, {}, by=by, at=at, about=ledger.About(objects=(f"orang:{person}",)))
    return entry


@dataclass(frozen=True)
class NoteText:
    """What a supervisor writes.

    Args:
        text: The note.
        subject: What it is about: an object's id or a screen; may be empty.
        answer_due_date: The day by which the office answers; its presence makes the note a *saran perbaikan*.
    """

    text: str
    subject: str = ""
    answer_due_date: date | None = None


def _text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@action(Permission.NOTES_WRITE, area="area_code")
def write_note(*, by: Actor, at: datetime, area_code: str, note: NoteText) -> SupervisorNote:
    """Write a supervisor's own note or *saran perbaikan*; the ledger holds its hash, not its words.

    Raises:
        Refused: NOTE-EMPTY; NOTE-DUE-PAST where the answer would have been due before today.
    """
    if not note.text.strip():
        raise Refused("NOTE-EMPTY")
    due = note.answer_due_date
    office = Office.objects.first()
    today = at.astimezone(office.zone if office else UTC).date()
    if due and due < today:
        raise Refused("NOTE-DUE-PAST", due=short_date(due), today=short_date(today))
    kind = SupervisorNote.Kind.ADVICE if due else SupervisorNote.Kind.NOTE
    row = SupervisorNote.objects.create(
        kind=kind,
        area_code=area_code,
        subject=note.subject,
        text=note.text.strip(),
        written_by=by.person,
        written_at=at,
        answer_due_date=due,
    )
    payload = {
        "kind": kind,
        "text": _text_hash(row.text),
        "answer_due_date": due.isoformat() if due else None,
    }
    about = ledger.About(objects=(f"catatan:{row.pk}",), place=area_code)
    ledger.record(NOTE_WRITTEN, payload, by=by, at=at, about=about)
    return row


@action(Permission.ADVICE_ANSWER)
def answer_advice(*, by: Actor, at: datetime, note: int, answer: str) -> SupervisorNote:
    """Answer a *saran perbaikan* for the office; late or not is kept.

    Raises:
        NotAllowed: No such note in the actor's area.
        Refused: NOTE-EMPTY, NOTE-NOT-ADVICE, NOTE-ANSWERED.
    """
    row = load_or_refuse(SupervisorNote, note, by=by, permission=Permission.ADVICE_ANSWER, lock=True)
    if row.kind != SupervisorNote.Kind.ADVICE:
        raise Refused("NOTE-NOT-ADVICE")
    if row.answered_at:
        raise Refused("NOTE-ANSWERED", at=f"{row.answered_at:%d-%m-%Y}")
    if not answer.strip():
        raise Refused("NOTE-EMPTY")
    row.answer, row.answered_by, row.answered_at = answer.strip(), by.person, at
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    about = ledger.About(objects=(f"catatan:{row.pk}",), place=row.area_code)
    ledger.record(ADVICE_ANSWERED, {"answer": _text_hash(row.answer)}, by=by, at=at, about=about)
    return row


def shown_to(by: Actor, area_code: str) -> bool:
    """Return whether this person may read the names of people in an area."""
    return any(covers(scope, area_code) for scope in by.areas(Permission.PEOPLE_READ))
