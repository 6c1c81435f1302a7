"""The rows that every stage shares."""

from tepat.common.models.ledger import ActionReceipt, Event, EventSalt, LedgerIdentity
from tepat.common.models.people import Account, Person, Post, SignInFailure, VaultEntry
from tepat.common.models.places import Area, AreaShape, Dapil, Election, Office, Place, Tps
from tepat.common.models.storage import Document, Job
from tepat.common.models.supervision import SupervisorNote

__all__ = [
    "Account",
    "ActionReceipt",
    "Area",
    "AreaShape",
    "Dapil",
    "Document",
    "Election",
    "Event",
    "EventSalt",
    "Job",
    "LedgerIdentity",
    "Office",
    "Person",
    "Place",
    "Post",
    "SignInFailure",
    "SupervisorNote",
    "Tps",
    "VaultEntry",
]
