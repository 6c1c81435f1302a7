"""One box's story in few words: a small language in which tests tell what happened."""

from dataclasses import dataclass, field
from typing import Any

from tepat.custody.events import list_hash, read_payload
from tepat.custody.facts import Fact, microseconds
from tepat.custody.rules import History, fold

MINUTE_US = 60_000_000
START_US = microseconds("2024-02-12T01:00:00Z")
BOX = "kotak:pemilu-2024:091015-001-3"
POSTS = {
    "sari": "gudang:1",
    "supir": "angkutan:1",
    "budi": "pps:33.16.09.1015",
    "citra": "pps:33.16.05.1014",
    "ketua": "kpps:33.16.09.1015-001",
    "joko": "gudang:1",
}


@dataclass
class Story:
    """Events about one box, made one minute after another unless told otherwise."""

    box: str = BOX
    facts: list[Fact] = field(default_factory=list)
    minute: int = 0

    def add(self, kind: str, payload: dict[str, Any], by: str, **envelope: Any) -> str:
        self.minute = envelope.pop("at", self.minute + 1)
        fact = Fact(
            id=envelope.pop("id", f"e{len(self.facts) + 1}"),
            kind=kind,
            payload=read_payload(kind, payload),
            at_us=START_US + self.minute * MINUTE_US,
            actor=by,
            objects=envelope.pop("objects", (self.box,)),
            **envelope,
        )
        self.facts.append(fact)
        return fact.id

    def registered(self, holder: str = "sari", **envelope: Any) -> str:
        payload = {"holder": holder, "post": POSTS[holder]}
        return self.add("custody.registered", payload, envelope.pop("by", holder), **envelope)

    def offered(self, giver: str, to: str, **envelope: Any) -> str:
        extra = {key: envelope.pop(key) for key in ("to_person", "leg", "expected_at") if key in envelope}
        payload = {"to_post": POSTS[to], "list_hash": list_hash([self.box]), **extra}
        return self.add("custody.offered", payload, giver, **envelope)

    def accepted(self, offer: str, giver: str, receiver: str, **more: Any) -> str:
        envelope = {
            key: more.pop(key)
            for key in ("at", "id", "device", "counter", "uncertainty_s", "revoked", "place", "objects")
            if key in more
        }
        by = more.pop("by", receiver)
        payload = {
            "offer": offer,
            "list_hash": list_hash([self.box]),
            "giver": giver,
            "receiver": receiver,
            "post": POSTS[receiver],
        } | more
        return self.add("custody.accepted", payload, by, **envelope)

    def refused(self, offer: str, giver: str, receiver: str, **envelope: Any) -> str:
        payload = {
            "offer": offer,
            "list_hash": list_hash([self.box]),
            "giver": giver,
            "receiver": receiver,
            "post": POSTS[receiver],
            "refused": [{"object": self.box, "reason": "basah", "photo": "ab" * 32}],
        }
        return self.add("custody.refused", payload, receiver, **envelope)

    def seen(self, by: str, with_person: str, **envelope: Any) -> str:
        payload = {"with_person": with_person, "post": POSTS[with_person]}
        return self.add("custody.seen", payload, by, **envelope)

    def settled(self, by: str, holder: str, **envelope: Any) -> str:
        return self.add("custody.settled", {"holder": holder, "post": POSTS[holder]}, by, **envelope)

    def taken_over(self, person: str, deputy: str, **envelope: Any) -> str:
        payload = {"from_person": person, "to_person": deputy, "post": POSTS[person]}
        return self.add("custody.taken-over", payload, deputy, **envelope)

    def sealed(self, *numbers: str, by: str = "sari", **envelope: Any) -> str:
        extra = {key: envelope.pop(key) for key in ("seal_set", "second", "unnumbered") if key in envelope}
        payload = {"seals": {self.box: list(numbers)}, "second": "joko"} | extra
        return self.add("packing.sealed", payload, by, **envelope)

    def opened(self, by: str, *, second: str = "saksi", planned: bool = False, **envelope: Any) -> str:
        payload = {"second": second, "reason": "cek", "panwascam": True, "polri": False, "planned": planned}
        return self.add("packing.opened", payload, by, **envelope)

    def handed(self, giver: str, receiver: str) -> str:
        """Offer and accept; return the offer."""
        offer = self.offered(giver, receiver)
        self.accepted(offer, giver, receiver)
        return offer

    def history(self) -> History:
        return fold(self.facts, object_id=self.box)
