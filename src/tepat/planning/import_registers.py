"""What a list is written into: one register for each kind of list, under one way of accepting.

A register says what stands in it now, what a list would make of it, and writes that. It knows no files and no
answers; `import_actions` knows no columns. Registers of later stages hook in by `add_register`.
"""

import hashlib
import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from tepat.common.acting import Actor
from tepat.common.errors import Refused
from tepat.common.models import Election, Office
from tepat.common.permissions import Permission
from tepat.planning.imports.engine import Record
from tepat.planning.imports.findings import Finding
from tepat.planning.imports.preview import Changes

type Key = tuple[Hashable, ...]
type Rows = Mapping[Key, Mapping[str, Any]]
type Step = Callable[[str], None]


@dataclass(frozen=True)
class Frame:
    """Whose list it is.

    Args:
        office: The office of this cell.
        election: The election, or None for lists that belong to none.
    """

    office: Office
    election: Election | None

    @property
    def area_code(self) -> str:
        """The office's area."""
        return self.office.area_code


@dataclass(frozen=True)
class Planned:
    """What accepting a list would do, worked out before anything is written.

    Args:
        changes: Added, changed, removed, unchanged, by key.
        after: The rows of the list as they would stand, by key.
        base: Hash of the register that this was worked out from.
        document: The whole register as a file once the list is in, or empty where none is kept.
        notes: What a person should know before accepting.
        names: Names and contacts by key, for the vault; never in a document or an event.
    """

    changes: Changes
    after: Rows
    base: str
    document: bytes = b""
    notes: tuple[str, ...] = ()
    names: Mapping[Key, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Writing:
    """One acceptance while it is written, inside its transaction.

    Args:
        by: Who accepts.
        at: When.
        frame: Whose list it is.
        planned: What is to be done.
        whole_list: Rows that the list does not have are removed.
        source: What a row says of where it comes from.
        step: Called half-way; tests stop the process here.
    """

    by: Actor
    at: datetime
    frame: Frame
    planned: Planned
    whole_list: bool
    source: str
    step: Step


class Register(Protocol):
    """One kind of list's place in the database."""

    @property
    def kind(self) -> str:
        """The kind of list."""
        ...

    @property
    def needs_election(self) -> bool:
        """Whether its lists belong to an election."""
        ...

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """What a person needs to accept one."""
        ...

    @property
    def document_label(self) -> str:
        """What the whole list is called in the documents store."""
        ...

    def read(self, frame: Frame) -> Rows:
        """Return what stands in the register now, by the key of the list's kind."""
        ...

    def lock(self, frame: Frame) -> None:
        """Keep other acceptances of this kind waiting until the transaction ends."""
        ...

    def faults(self, records: Sequence[Record], frame: Frame) -> list[Finding]:
        """Return what this register cannot take, beside what the file itself has wrong."""
        ...

    def plan(self, records: Sequence[Record], frame: Frame, *, whole_list: bool) -> Planned:
        """Return what accepting these rows would do."""
        ...

    def write(self, writing: Writing) -> None:
        """Write what was planned; the caller's transaction makes it all or nothing."""
        ...


_registers: dict[str, Register] = {}


def add_register(register: Register) -> None:
    """Let lists of a kind be accepted into a register."""
    assert register.kind not in _registers or type(_registers[register.kind]) is type(register), register.kind
    _registers[register.kind] = register


def register_of(kind: str) -> Register:
    """Return the register for a kind of list; KeyError for none is a defect of the wiring."""
    return _registers[kind]


def fingerprint(rows: Rows) -> str:
    """Return a hash of rows that is equal for equal rows, whatever their order."""
    lines = sorted(
        json.dumps([key, value], ensure_ascii=False, sort_keys=True, default=str)
        for key, value in rows.items()
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def frame_of(area_code: str, election: Election | None) -> Frame:
    """Return whose list it is.

    Raises:
        Refused: IMPORT-NO-REGISTER before there is an office.
    """
    office = Office.objects.filter(area_code=area_code).first()
    if office is None:
        raise Refused("IMPORT-NO-REGISTER")
    return Frame(office, election)
