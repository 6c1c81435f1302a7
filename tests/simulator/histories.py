"""Blora's boxes from the warehouse to the TPS and back, made by seed, with faults planted on request.

Each planted fault is told beside the facts, so that a test can ask whether it was found, and nothing else.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from tepat.custody.events import list_hash, read_payload
from tepat.custody.facts import Fact, microseconds, moment_of

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
POLLING_US = microseconds("2024-02-14T00:00:00Z")
NOW_US = POLLING_US + 10 * DAY_US


class Fault(StrEnum):
    """What can be planted on one box."""

    NO_RECEIPT = "penerimaan hilang"
    TWO_CLAIMS = "dua klaim"
    ONE_SIDED = "sepihak"
    STALE = "basi"
    LATE = "terlambat diterima"
    FOREIGN_DEVICE = "perangkat asing"
    MISSING = "kotak hilang"
    REFUSED = "kotak ditolak"
    WRONG_SEAL = "segel beda"
    WRONG_CLOCK = "jam salah"


@dataclass
class Draft:
    """One event in the making."""

    kind: str
    payload: dict[str, Any]
    at_us: int
    actor: str
    device: str
    objects: list[str]
    place: str = ""
    id: str = ""
    counter: int = 0
    uncertainty_s: int = 0
    revoked: bool = False
    of: "Draft | None" = None


@dataclass
class World:
    """The facts, and what was planted on which box.

    Args:
        facts: In the order in which they were made.
        planted: By object.
        boxes: Every object.
        now_us: Until when they are looked at.
    """

    facts: list[Fact]
    planted: dict[str, Fault]
    boxes: list[str]
    now_us: int = NOW_US


@dataclass
class Maker:
    """Makes one kabupaten's history; a fault changes the drafts before they become facts."""

    seed: int
    drafts: list[Draft] = field(default_factory=list)
    by_box: dict[str, list[Draft]] = field(default_factory=lambda: defaultdict(list))
    rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)

    def add(self, kind: str, payload: dict[str, Any], at_us: int, by: str, boxes: Iterable[str]) -> Draft:
        draft = Draft(kind, payload, at_us, by, f"hp-{by}", list(boxes))
        self.drafts.append(draft)
        for box in draft.objects:
            self.by_box[box].append(draft)
        return draft

    def hand_over(
        self, boxes: list[str], giver: str, receiver: str, post: str, at_us: int, seals: str
    ) -> None:
        """Offer at `at_us`, planned an hour later, accepted after half an hour."""
        offer = self.add(
            "custody.offered",
            {"to_post": post, "leg": f"{giver}>{post}", "expected_at": _iso(at_us + HOUR_US)},
            at_us,
            giver,
            boxes,
        )
        read = [{"object": box, "numbers": [f"{seals}{box}"]} for box in boxes]
        receipt = {"giver": giver, "receiver": receiver, "post": post, "seals": read}
        self.add("custody.accepted", receipt, at_us + 30 * MINUTE_US, receiver, boxes).of = offer

    def village(self, desa: str, boxes_by_tps: dict[str, list[str]], trip: str) -> None:
        """Let one village's boxes go out on a trip and come back."""
        boxes = [box for each in boxes_by_tps.values() for box in each]
        driver, pps, ppk = f"supir-{trip}", f"pps-{desa}", f"ppk-{desa[:2]}"
        start = POLLING_US - 3 * DAY_US
        for own in boxes_by_tps.values():
            numbers = {box: [f"K{box}"] for box in own}
            self.add("packing.sealed", {"seals": numbers, "second": "joko"}, start - DAY_US, "sari", own)
        registered = {"holder": "sari", "post": "gudang:1"}
        self.add("custody.registered", registered, start - DAY_US + MINUTE_US, "sari", boxes)
        self.hand_over(boxes, "sari", driver, f"angkutan:{trip}", start, "K")
        self.add("custody.departed", {"trip": trip}, start + HOUR_US, driver, boxes)
        self.add("custody.arrived", {"trip": trip}, start + 3 * HOUR_US, driver, boxes)
        self.hand_over(boxes, driver, pps, f"pps:{desa}", start + 3 * HOUR_US + MINUTE_US, "K")
        self.add(
            "custody.seen", {"with_person": pps, "post": f"pps:{desa}"}, start + 30 * HOUR_US, pps, boxes
        )
        for place, (tps, own) in enumerate(boxes_by_tps.items()):
            kpps = f"kpps-{desa}-{tps}"
            early = start + 2 * DAY_US + place * MINUTE_US
            self.hand_over(own, pps, kpps, f"kpps:{desa}-{tps}", early, "K")
            opened = {"second": f"saksi-{tps}", "reason": "hari H", "panwascam": True, "polri": True}
            opened["planned"] = True
            self.add("packing.opened", opened, POLLING_US, kpps, own)
            back = {"seals": {box: [f"B{box}"] for box in own}, "second": f"saksi-{tps}"}
            late = POLLING_US + 14 * HOUR_US + place * MINUTE_US
            self.add("packing.sealed", back | {"seal_set": "kembali"}, late, kpps, own)
            self.hand_over(own, kpps, pps, f"pps:{desa}", late + HOUR_US, "B")
        self.hand_over(boxes, pps, ppk, f"ppk:{desa[:2]}", POLLING_US + 20 * HOUR_US, "B")
        self.hand_over(boxes, ppk, "sari", "gudang:1", POLLING_US + 6 * DAY_US, "B")

    # Faults

    def plant(self, box: str, fault: Fault) -> None:
        """Plant one fault on one box, at a hand-over drawn by the generator."""
        receipts = [draft for draft in self.by_box[box] if draft.kind == "custody.accepted"]
        receipt = self.rng.choice(receipts)
        getattr(self, f"_{fault.name.lower()}")(box, receipt)

    def _drop_after(self, box: str, draft: Draft) -> None:
        """Let nothing be known of the box after a draft."""
        mine = self.by_box[box]
        kept = mine.index(draft) + 1
        for later in mine[kept:]:
            later.objects.remove(box)
        del mine[kept:]

    def _alone(self, box: str, draft: Draft) -> Draft:
        """Give the box an event of its own in place of the common one."""
        assert draft.of is None or draft.of in self.by_box[box]
        own = replace(draft, objects=[box], payload=dict(draft.payload))
        draft.objects.remove(box)
        self.drafts.insert(self.drafts.index(draft), own)
        mine = self.by_box[box]
        mine[mine.index(draft)] = own
        return own

    def _no_receipt(self, box: str, receipt: Draft) -> None:
        assert receipt.of is not None
        self._drop_after(box, receipt.of)

    def _two_claims(self, box: str, receipt: Draft) -> None:
        self._drop_after(box, receipt)
        payload = receipt.payload | {"receiver": "citra", "post": "pps:990001", "seals": []}
        second = self.add("custody.accepted", payload, receipt.at_us + 20 * MINUTE_US, "citra", [box])
        second.of = receipt.of

    def _one_sided(self, box: str, receipt: Draft) -> None:
        assert receipt.of is not None
        self.by_box[box].remove(receipt.of)
        receipt.of.objects.remove(box)

    def _stale(self, box: str, _: Draft) -> None:
        first = next(draft for draft in self.by_box[box] if draft.kind == "custody.accepted")
        self._drop_after(box, first)

    def _late(self, box: str, _: Draft) -> None:
        mine = self.by_box[box]
        quiet = [
            draft
            for draft, later in zip(mine, [*mine[1:], None], strict=True)
            if draft.of and (later is None or later.at_us - draft.at_us > 6 * HOUR_US)
        ]
        self._alone(box, self.rng.choice(quiet)).at_us += self.rng.randrange(3, 6) * HOUR_US

    def _foreign_device(self, box: str, receipt: Draft) -> None:
        payload = receipt.payload | {"receiver": "orang-asing", "seals": []}
        at_us = receipt.at_us - 10 * MINUTE_US
        stranger = self.add("custody.accepted", payload, at_us, "orang-asing", [box])
        stranger.of, stranger.revoked = receipt.of, True

    def _missing(self, box: str, receipt: Draft) -> None:
        self._drop_after(box, receipt)
        receipt.payload["missing"] = [*receipt.payload.get("missing", []), box]

    def _refused(self, box: str, receipt: Draft) -> None:
        self._drop_after(box, receipt)
        refused = {"object": box, "reason": "basah", "photo": "ab" * 32}
        receipt.payload["refused"] = [*receipt.payload.get("refused", []), refused]

    def _wrong_seal(self, box: str, receipt: Draft) -> None:
        for reading in receipt.payload["seals"]:
            if reading["object"] == box:
                reading["numbers"] = [f"X{box}"]

    def _wrong_clock(self, box: str, receipt: Draft) -> None:
        """Let the receiver's phone be hours off: the estimate is wrong, within what it admits."""
        own = self._alone(box, receipt)
        wrong_s = self.rng.randrange(2, 9) * 3600
        own.at_us += self.rng.choice((-1, 1)) * wrong_s * 1_000_000
        own.uncertainty_s = wrong_s

    # Facts

    def facts(self) -> list[Fact]:
        """Return the drafts as facts: ids, counters and hashes of lists are made here."""
        rng = random.Random(f"{self.seed} id")
        counters: dict[str, int] = defaultdict(int)
        drafts = [draft for draft in self.drafts if draft.objects]
        truth = sorted(range(len(drafts)), key=lambda i: (_made_us(drafts[i]), i))
        for i in truth:
            draft = drafts[i]
            draft.id = f"{rng.getrandbits(64):016x}"
            counters[draft.device] += 1
            draft.counter = counters[draft.device]
        for draft in drafts:
            if draft.kind == "custody.offered":
                draft.payload["list_hash"] = list_hash(draft.objects)
            elif draft.of is not None:
                draft.payload["list_hash"] = draft.of.payload.get("list_hash", "")
                draft.payload["offer"] = draft.of.id or "tak-pernah-tiba"
        return [_fact(drafts[i]) for i in truth]


def _made_us(draft: Draft) -> int:
    """Return when it was really made: a wrong clock's estimate is no order."""
    return draft.of.at_us + 30 * MINUTE_US if draft.of and draft.uncertainty_s else draft.at_us


def _fact(draft: Draft) -> Fact:
    return Fact(
        id=draft.id,
        kind=draft.kind,
        payload=read_payload(draft.kind, draft.payload),
        at_us=draft.at_us,
        uncertainty_s=draft.uncertainty_s,
        recorded_us=draft.at_us,
        actor=draft.actor,
        device=draft.device,
        counter=draft.counter,
        objects=tuple(draft.objects),
        place=draft.place,
        revoked=draft.revoked,
    )


def _iso(at_us: int) -> str:
    return moment_of(at_us).isoformat()


def make_world(
    seed: int, *, villages: int = 3, tps: int = 4, per_tps: int = 5, faults: Mapping[Fault, int] | None = None
) -> World:
    """Return a kabupaten's history.

    Args:
        seed: The same seed gives the same world.
        villages: How many.
        tps: TPS in each village.
        per_tps: Boxes of each TPS.
        faults: How many boxes get which fault; each box one at most.
    """
    rng = random.Random(seed)
    maker = Maker(seed)
    boxes = []
    for village in range(villages):
        desa = f"{village // 20 + 1:02}{village % 20 + 1:04}"
        by_tps = {
            f"{number:03}": [f"kotak:{desa}-{number:03}-{box}" for box in range(1, per_tps + 1)]
            for number in range(1, tps + 1)
        }
        boxes += [box for each in by_tps.values() for box in each]
        maker.village(desa, by_tps, f"{village // 3:03}")
    wanted = [fault for fault, count in (faults or {}).items() for _ in range(count)]
    planted = dict(zip(rng.sample(boxes, len(wanted)), wanted, strict=True))
    for box, fault in planted.items():
        maker.plant(box, fault)
    return World(maker.facts(), planted, boxes)
