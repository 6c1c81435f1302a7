"""Kesiapan: whether a TPS would be ready if polling were tomorrow, in six aspects. Pure.

Each aspect has one of four states. *Belum ada bukti* is a state of its own: nothing is *aman* because nobody
reported anything. The worst aspect is the TPS's own state; what has no evidence weighs more than what only
needs looking at.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

HOUR_US = 3_600_000_000
GRACE_US = HOUR_US  # how late something planned may be before it is called late

type Level = Literal["aman", "perhatikan", "gawat", "belum"]
type SetState = Literal["", "belum", "dikepak", "lengkap"]
type Stage = Literal["", "gudang", "angkutan", "ppk", "pps", "kpps"]

ORDER: tuple[Level, ...] = ("gawat", "belum", "perhatikan", "aman")
# How far a set has come; what lies nearer to the warehouse is chased first.
STAGES: tuple[Stage, ...] = ("", "gudang", "angkutan", "ppk", "pps", "kpps")


class Aspect(msgspec.Struct, frozen=True):
    """One state, and why in a few words."""

    level: Level
    words: str = ""


class Clock(msgspec.Struct, frozen=True):
    """The moments against which readiness is held, in microseconds since 1970.

    Args:
        at_us: The moment at which one looks.
        alarm_us: H-1 12.00: from then on each TPS without a receipt is chased.
        law_us: The end of H-1: by then KPPS must have it.
    """

    at_us: int
    alarm_us: int
    law_us: int


class Packed(msgspec.Struct, frozen=True):
    """What packing knows of a set; no state: the set was never prepared."""

    state: SetState = ""
    needs_changed: bool = False
    reopened: bool = False


class Seals(msgspec.Struct, frozen=True):
    """The outbound seals of a set's boxes, counted.

    Args:
        boxes: Boxes of the set.
        sealed: Of these with a seal on record.
        read: Of these whose last reading is what was put on.
        differs: Of these whose last reading is something else.
        opened: Of these opened out of plan and not sealed again.
    """

    boxes: int = 0
    sealed: int = 0
    read: int = 0
    differs: int = 0
    opened: int = 0


class Leg(msgspec.Struct, frozen=True):
    """How the published plan brings a set to its PPS, and on to its KPPS.

    Args:
        trip: The last trip that carries it, or empty where the plan leaves it behind.
        vehicle: In words.
        depart_us: When that trip leaves.
        arrive_us: When it is unloaded at the PPS.
        receive_us: When the KPPS has it by the plan; 0 without.
        crew: Which of in_charge, deputy, driver the plan names.
        example: The vehicles of the plan are examples, not the office's own.
    """

    trip: str = ""
    vehicle: str = ""
    depart_us: int = 0
    arrive_us: int = 0
    receive_us: int = 0
    crew: tuple[str, ...] = ()
    example: bool = False


class Papers(msgspec.Struct, frozen=True):
    """The receipt paper of a set: printed pages, and those that came back signed."""

    printed: int = 0
    back: int = 0


class Hands(msgspec.Struct, frozen=True):
    """Where the objects of a set are, counted.

    Args:
        objects: Boxes and bundles of the set.
        received: Of these taken by its KPPS, undisputed.
        disputed: Of these in dispute.
        missing: Of these that a count did not find.
        refused: Of these refused and not taken since.
        one_sided: Of these held without the other side's word.
        elsewhere: Of these in the hands of another KPPS.
        stage: The farthest back of them.
        since_us: When the last of them was received; 0 while not all are.
    """

    objects: int = 0
    received: int = 0
    disputed: int = 0
    missing: int = 0
    refused: int = 0
    one_sided: int = 0
    elsewhere: int = 0
    stage: Stage = ""
    since_us: int = 0

    @property
    def whole(self) -> bool:
        """Whether the KPPS has taken all of it."""
        return 0 < self.objects == self.received


class Evidence(msgspec.Struct, frozen=True):
    """All that is known about one TPS at one moment.

    Args:
        packed: From packing.
        seals: From packing and the readings at hand-overs.
        hands: From custody.
        papers: From the papers.
        leg: From the published plan; None before there is one.
        committee: People of the PPS on record.
        reachable: Of these with a telephone.
        ready: Of these who have acknowledged their duty: by their own phone, or called by the office.
    """

    packed: Packed = Packed()
    seals: Seals = Seals()
    hands: Hands = Hands()
    papers: Papers = Papers()
    leg: Leg | None = None
    committee: int = 0
    reachable: int = 0
    ready: int = 0


class Readiness(msgspec.Struct, frozen=True):
    """The six aspects of one TPS, in the order of the board."""

    packed: Aspect
    seals: Aspect
    person: Aspect
    vehicle: Aspect
    papers: Aspect
    hands: Aspect

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        """All six."""
        return (self.packed, self.seals, self.person, self.vehicle, self.papers, self.hands)

    @property
    def level(self) -> Level:
        """The worst of them."""
        return worst(aspect.level for aspect in self.aspects)


def worst(levels: Iterable[Level]) -> Level:
    """Return the worst of some states; *belum ada bukti* where there are none."""
    return min(levels, key=ORDER.index, default="belum")


def assess(evidence: Evidence, clock: Clock) -> Readiness:
    """Return how ready a TPS is.

    Args:
        evidence: What is known.
        clock: The moments against which it is held.

    Source:
        UU 7/2017 pasal 341: KPPS have everything one day before polling at the latest (docs/regulations.md).
    """
    return Readiness(
        packed=packed(evidence.packed),
        seals=seals(evidence.seals, evidence.hands),
        person=person(evidence),
        vehicle=vehicle(evidence, clock),
        papers=papers(evidence.papers, evidence.hands, clock),
        hands=handed(evidence.hands, evidence.leg, clock),
    )


def packed(found: Packed) -> Aspect:
    """Return whether the set is complete."""
    if not found.state:
        return Aspect("belum", "set belum disiapkan")
    if found.needs_changed:
        return Aspect("gawat", "kebutuhan berubah")
    if found.state == "lengkap":
        return Aspect("aman", "lengkap")
    if found.reopened:
        return Aspect("gawat", "dibuka, belum lengkap lagi")
    return Aspect("perhatikan", "sedang dikepak") if found.state == "dikepak" else Aspect("belum", "kosong")


def seals(found: Seals, hands: Hands) -> Aspect:
    """Return whether the seals are on, and are what they were; unread is no match."""
    if not found.sealed:
        return Aspect("belum", "belum disegel")
    if found.opened:
        return Aspect("gawat", f"{found.opened} dibuka di luar rencana")
    if found.differs:
        return Aspect("gawat", f"{found.differs} beda nomor")
    if found.sealed < found.boxes:
        return Aspect("perhatikan", f"{found.sealed} dari {found.boxes} tersegel")
    if hands.stage in {"", "gudang"}:
        return Aspect("aman", f"{found.sealed} tersegel")
    if found.read < found.boxes:
        return Aspect("perhatikan", f"{found.boxes - found.read} belum dibaca")
    return Aspect("aman", f"{found.read} cocok")


def person(found: Evidence) -> Aspect:
    """Return whether somebody answers for it on the way and at the village, with a deputy, and is ready.

    Nobody is ready because a list names them: only who has said so is.
    """
    if found.hands.whole:
        return Aspect("aman", "KPPS")
    if not found.committee:
        return Aspect("gawat", "PPS tanpa petugas") if found.leg else Aspect("belum", "PJ belum ada")
    if found.leg is None:
        return Aspect("perhatikan", "tanpa rencana")
    if found.leg.trip and "in_charge" not in found.leg.crew:
        return Aspect("gawat", "perjalanan tanpa PJ")
    return _committee(found, found.leg.crew)


def _committee(found: Evidence, crew: tuple[str, ...]) -> Aspect:
    if "deputy" not in crew:
        return Aspect("perhatikan", "tanpa wakil")
    if not found.reachable:
        return Aspect("perhatikan", "PPS tanpa nomor telepon")
    if found.ready < found.committee:
        silent = found.committee - found.ready
        return Aspect("perhatikan", f"{silent} dari {found.committee} belum menyatakan siap")
    return Aspect("aman", "PJ dan wakil, siap")


def vehicle(found: Evidence, clock: Clock) -> Aspect:
    """Return whether a vehicle brings it, and is in time."""
    stage, leg = found.hands.stage, found.leg
    if stage in {"pps", "kpps"}:
        return Aspect("aman", "sudah tiba")
    if leg is None:
        return Aspect("belum", "tanpa rencana")
    if not leg.trip:
        return Aspect("gawat", "tidak ada di rencana")
    if clock.at_us > leg.arrive_us + GRACE_US:
        return Aspect("gawat", f"{leg.vehicle}: terlambat tiba")
    if stage in {"", "gudang"} and clock.at_us > leg.depart_us + GRACE_US:
        return Aspect("gawat", f"{leg.vehicle}: belum berangkat")
    if leg.example:
        return Aspect("perhatikan", "kendaraan contoh")
    if "driver" not in leg.crew:
        return Aspect("perhatikan", f"{leg.vehicle}: tanpa pengemudi")
    return Aspect("aman", leg.vehicle)


def papers(found: Papers, hands: Hands, clock: Clock) -> Aspect:
    """Return whether the receipt paper was printed and came back signed."""
    if not found.printed:
        late = clock.at_us >= clock.alarm_us
        return Aspect("gawat" if late else "belum", "belum dicetak")
    if found.back >= found.printed:
        return Aspect("aman", "sudah kembali")
    if found.back:
        return Aspect("perhatikan", f"{found.back} dari {found.printed} halaman kembali")
    return Aspect("perhatikan", "belum kembali" if hands.whole else "dicetak")


def handed(found: Hands, leg: Leg | None, clock: Clock) -> Aspect:
    """Return whether the KPPS has taken all of it."""
    troubles = (
        (found.disputed, "sengketa"),
        (found.missing, "belum terlihat"),
        (found.elsewhere, "di TPS lain"),
        (found.refused, "ditolak"),
    )
    words = ", ".join(f"{count} {word}" for count, word in troubles if count)
    if words:
        return Aspect("gawat", words)
    if found.whole:
        return Aspect("perhatikan", "sepihak") if found.one_sided else Aspect("aman", "diterima KPPS")
    part = f"{found.received} dari {found.objects} diterima" if found.received else "belum diterima"
    if clock.at_us >= clock.law_us:
        return Aspect("gawat", part)
    if clock.at_us >= clock.alarm_us:
        planned_us = leg.receive_us if leg else 0
        return Aspect("perhatikan" if clock.at_us <= planned_us + GRACE_US else "gawat", part)
    return Aspect("perhatikan" if found.received else "belum", part)


class Risk(msgspec.Struct, frozen=True, order=True):
    """In which order TPS without a receipt are chased: the smaller, the earlier.

    Args:
        trouble: 0 in dispute or missing, 1 refused or at another TPS, 2 nothing wrong that is known.
        stage: How far it has come: 0 never registered, 5 a part is with the KPPS.
        late_us: How early it should have been there; what is due first comes first.
        voters: Voters, negative: of two alike the larger one first.
    """

    trouble: int
    stage: int
    late_us: int
    voters: int


def risk(evidence: Evidence, *, voters: int, clock: Clock) -> Risk:
    """Return the place of a TPS among those that are chased.

    Args:
        evidence: What is known.
        voters: Voters on its list.
        clock: For the time by which it is due without a plan: the end of H-1.
    """
    hands = evidence.hands
    trouble = 0 if hands.disputed or hands.missing else 1 if hands.refused or hands.elsewhere else 2
    due_us = evidence.leg.receive_us if evidence.leg and evidence.leg.receive_us else clock.law_us
    return Risk(trouble, STAGES.index(hands.stage), due_us, -voters)


STAGE_WORDS: dict[Stage, str] = {
    "": "belum tercatat",
    "gudang": "masih di gudang",
    "angkutan": "di kendaraan",
    "ppk": "di PPK",
    "pps": "di PPS",
    "kpps": "sebagian di KPPS",
}


def where(hands: Hands) -> str:
    """Return where a set is, in words."""
    if hands.disputed or hands.missing:
        return "sengketa" if hands.disputed else "dicari"
    return STAGE_WORDS[hands.stage]
