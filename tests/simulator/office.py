"""Server and phones in memory: what survives a kill, what does not, and what travels between them.

The server has what is durable (log, contacts, revocations) and what a kill drops (the projection).
A phone keeps what it has signed until the server has acknowledged it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import msgspec

from tepat.custody.clocks import estimate
from tepat.custody.events import read_payload
from tepat.custody.facts import Fact
from tepat.custody.rules import History, fold, fold_all


class Step(StrEnum):
    """After which step of an intake the server is killed."""

    BEFORE_COMMIT = "sebelum commit"
    AFTER_COMMIT = "sesudah commit"
    AFTER_PROJECTION = "sesudah proyeksi"


class KilledError(Exception):
    """The server is gone; nobody knows how far it came."""


class DiskFullError(Exception):
    """The server refuses the whole batch."""


@dataclass(frozen=True)
class Statement:
    """What a phone has signed.

    Args:
        id: The event's id.
        kind: Its kind.
        payload: Plain values.
        claimed_us: What the phone's clock showed.
        heard_us: What the phone had last heard from the server.
        device: Which phone.
        counter: The phone's running number.
        actor: Who says it.
        objects: What it is about.
    """

    id: str
    kind: str
    payload: dict[str, Any]
    claimed_us: int
    heard_us: int
    device: str
    counter: int
    actor: str
    objects: tuple[str, ...]


@dataclass
class Server:
    """An office's server."""

    log: list[Fact] = field(default_factory=list)
    contacts: dict[str, dict[int, int]] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    disk_full: bool = False
    histories: dict[str, History] = field(default_factory=dict)

    def receive(
        self, batch: Sequence[Statement], sent_us: int, now_us: int, die: Step | None = None
    ) -> list[str]:
        """Take in a batch; return what is acknowledged, after the commit.

        Raises:
            DiskFullError: Nothing was taken.
            KilledError: After the given step.
        """
        if self.disk_full:
            raise DiskFullError
        known = {fact.id for fact in self.log}
        fresh = {each.id: each for each in batch if each.id not in known}
        facts = [self._fact(each, sent_us, now_us) for each in fresh.values()]
        if die is Step.BEFORE_COMMIT:
            self._kill()
        self.log += facts
        for each in batch:
            self.contacts.setdefault(each.device, {})[now_us] = sent_us - now_us
        if die is Step.AFTER_COMMIT:
            self._kill()
        self._project({object_id for fact in facts for object_id in fact.objects})
        if die is Step.AFTER_PROJECTION:
            self._kill()
        return [each.id for each in batch]

    def hear(self, device: str, sent_us: int, now_us: int) -> None:
        """Note a phone's clock at a contact without events."""
        self.contacts.setdefault(device, {})[now_us] = sent_us - now_us

    def revoke(self, device: str) -> None:
        """Revoke an identity: all that it said is left out from now on."""
        self.revoked.add(device)
        self._project({each for fact in self.log if fact.device == device for each in fact.objects})

    def restart(self) -> None:
        """Begin again from what is durable."""
        self.histories = fold_all(self.facts())

    def facts(self) -> list[Fact]:
        """Return the log as the rules see it."""
        return [
            msgspec.structs.replace(fact, revoked=True) if fact.device in self.revoked else fact
            for fact in self.log
        ]

    def _kill(self) -> None:
        self.histories = {}
        self.restart()
        raise KilledError

    def _project(self, touched: set[str]) -> None:
        facts = self.facts()
        for object_id in touched:
            about = [fact for fact in facts if object_id in fact.objects]
            self.histories[object_id] = fold(about, object_id=object_id)

    def _fact(self, said: Statement, sent_us: int, now_us: int) -> Fact:
        error_us = self.contacts.get(said.device, {}).get(said.heard_us)
        at_us, uncertainty_s = estimate(
            said.claimed_us, sent_us, now_us, said.heard_us, error_before_us=error_us
        )
        return Fact(
            id=said.id,
            kind=said.kind,
            payload=read_payload(said.kind, said.payload),
            at_us=at_us,
            uncertainty_s=uncertainty_s,
            recorded_us=now_us,
            actor=said.actor,
            device=said.device,
            counter=said.counter,
            objects=said.objects,
        )


@dataclass
class Phone:
    """One person's phone.

    Args:
        device: Its identity.
        person: Whose.
        heard_us: The server's time when it last heard an answer.
        offset_us: How far its clock is ahead.
        queue: What is signed and not acknowledged.
        counter: Its running number.
        jumps: How often its clock was set since it last heard.
    """

    device: str
    person: str
    heard_us: int
    offset_us: int = 0
    queue: list[Statement] = field(default_factory=list)
    counter: int = 0
    jumps: int = 0

    def sign(
        self, kind: str, payload: dict[str, Any], objects: Sequence[str], now_us: int, *, actor: str = ""
    ) -> str:
        """Sign an event and keep it; return its id."""
        self.counter += 1
        said = Statement(
            id=f"{self.device}/{self.counter}",
            kind=kind,
            payload=payload,
            claimed_us=now_us + self.offset_us,
            heard_us=self.heard_us,
            device=self.device,
            counter=self.counter,
            actor=actor or self.person,
            objects=tuple(objects),
        )
        self.queue.append(said)
        return said.id

    def hear(self, acknowledged: Sequence[str], now_us: int) -> None:
        """Take in the server's answer; only what is acknowledged leaves the phone."""
        gone = set(acknowledged)
        self.queue = [each for each in self.queue if each.id not in gone]
        self.heard_us, self.jumps = now_us, 0
