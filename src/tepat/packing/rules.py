"""The checklist at a packing table: what a scan means for the box that lies open. Pure.

The page of the table applies the same rules in the browser (`frontend/src/kemas-aturan.ts`), so that a wrong
dapil stops the work without a server; a test holds both to the same answers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tepat.packing.codes import BUNDLES, Code

SCAN_COUNT_MAX = 100_000


class Outcome(StrEnum):
    """What a scan comes to; those from `WRONG_DAPIL` on change nothing and stop the work."""

    BOX = "kotak"
    TAKEN = "masuk"
    CLOSED = "tutup"
    WRONG_DAPIL = "PACK-WRONG-DAPIL"
    WRONG_BALLOT = "PACK-WRONG-BALLOT"
    WRONG_TPS = "PACK-WRONG-TPS"
    TOO_MANY = "PACK-TOO-MANY"
    BALLOT_BY_LOT = "PACK-BALLOT-BY-LOT"
    NOT_IN_BOX = "PACK-NOT-IN-BOX"
    NO_BOX = "PACK-NO-BOX"
    BOX_UNKNOWN = "PACK-BOX-UNKNOWN"
    BOX_CLOSED = "PACK-BOX-CLOSED"
    INCOMPLETE = "PACK-INCOMPLETE"
    NO_COUNT = "PACK-NO-COUNT"


GOOD = frozenset({Outcome.BOX, Outcome.TAKEN, Outcome.CLOSED})


@dataclass(frozen=True)
class Box:
    """A box or bundle at the table.

    Args:
        code: Its label's code.
        ballot: Its ballot, or empty.
        mark: The mark of its dapil; empty where its ballot is the same everywhere.
        needs: What it must hold, quantities by goods.
        packed: What was scanned into it.
        closed: Whether it was closed.
    """

    code: str
    ballot: str
    mark: str
    needs: Mapping[str, int]
    packed: Mapping[str, int] = field(default_factory=dict)
    closed: bool = False

    @property
    def unit(self) -> str:
        """Its set."""
        return self.code.rpartition("-")[0]

    @property
    def is_box(self) -> bool:
        """Whether it is a box, which is sealed; a bundle is tied."""
        return self.code[-1] not in BUNDLES

    @property
    def begun(self) -> bool:
        """Whether anything lies in it."""
        return bool(self.packed)

    def left(self, item: str) -> int:
        """Return how many of some goods are still missing."""
        return self.needs.get(item, 0) - self.packed.get(item, 0)

    def missing(self) -> dict[str, int]:
        """Return what is still missing, by goods."""
        return {item: self.left(item) for item in self.needs if self.left(item) > 0}


@dataclass(frozen=True)
class Bench:
    """What a table knows: its boxes, and the one that lies open.

    Args:
        boxes: Boxes and bundles by code.
        current: The code of the open one, or empty.
    """

    boxes: Mapping[str, Box]
    current: str = ""

    def set_open(self) -> bool:
        """Whether the set of the open box has been begun and is not finished."""
        unit = self.current.rpartition("-")[0]
        own = [box for box in self.boxes.values() if box.unit == unit]
        return any(box.begun for box in own) and not all(box.closed for box in own)


@dataclass(frozen=True)
class Verdict:
    """What a scan came to.

    Args:
        outcome: The outcome; a stop's value is its message's code.
        box: The box it is about, or empty.
        item: The goods, or empty.
        count: How many were taken.
        facts: What its sentence names.
    """

    outcome: Outcome
    box: str = ""
    item: str = ""
    count: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether the work goes on."""
        return self.outcome in GOOD


def judge(bench: Bench, code: Code, count: int | None = None) -> Verdict:
    """Return what a scan means.

    Args:
        bench: The table.
        code: What was scanned.
        count: How many were put in, where fewer than what is missing; None for all of it.
    """
    if code.kind == "kotak":
        return _label(bench, code.text)
    box = bench.boxes.get(bench.current)
    if box is None:
        return Verdict(Outcome.NO_BOX)
    if box.closed:
        return Verdict(Outcome.BOX_CLOSED, box.code, facts={"box": box.code})
    if code.kind == "lot":
        wrong = _wrong_lot(box, code)
        return wrong or _goods(box, f"SS-{code.ballot}", count)
    if code.text.startswith("SS-"):
        # Only a carton's label says which dapil it is.
        return Verdict(Outcome.BALLOT_BY_LOT, box.code, facts={"item": code.text})
    return _goods(box, code.text, count)


def _label(bench: Bench, text: str) -> Verdict:
    if text == bench.current:
        return _close(bench.boxes[text])
    if bench.current and bench.set_open() and text.rpartition("-")[0] != bench.current.rpartition("-")[0]:
        facts = {"found": text.rpartition("-")[0], "open": bench.current.rpartition("-")[0]}
        return Verdict(Outcome.WRONG_TPS, bench.current, facts=facts)
    if text not in bench.boxes:
        return Verdict(Outcome.BOX_UNKNOWN, facts={"box": text})
    return Verdict(Outcome.BOX, text)


def _close(box: Box) -> Verdict:
    if box.closed:
        return Verdict(Outcome.BOX_CLOSED, box.code, facts={"box": box.code})
    missing = box.missing()
    if missing:
        return Verdict(
            Outcome.INCOMPLETE, box.code, facts={"box": box.code, "missing": ",".join(sorted(missing))}
        )
    return Verdict(Outcome.CLOSED, box.code)


def _wrong_lot(box: Box, code: Code) -> Verdict | None:
    facts = {"box": box.code, "found": code.text}
    if code.ballot != box.ballot:
        return Verdict(Outcome.WRONG_BALLOT, box.code, facts={**facts, "wanted": box.ballot or "–"})
    if code.mark != (box.mark or "0"):
        return Verdict(Outcome.WRONG_DAPIL, box.code, facts={**facts, "wanted": box.mark, "given": code.mark})
    return None


def _goods(box: Box, item: str, count: int | None) -> Verdict:
    facts = {"box": box.code, "item": item}
    if item not in box.needs:
        return Verdict(Outcome.NOT_IN_BOX, box.code, item, facts=facts)
    left = box.left(item)
    taken = left if count is None else count
    if count is not None and not 0 < count <= SCAN_COUNT_MAX:
        return Verdict(Outcome.NO_COUNT, box.code, item, facts=facts)
    if left <= 0 or taken > left:
        return Verdict(Outcome.TOO_MANY, box.code, item, facts={**facts, "left": str(max(left, 0))})
    return Verdict(Outcome.TAKEN, box.code, item, taken)


def after(bench: Bench, verdict: Verdict) -> Bench:
    """Return the table once a verdict took effect; a stop leaves it as it was.

    Args:
        bench: The table before.
        verdict: What `judge` said of a scan at this table.
    """
    if not verdict.good:
        return bench
    if verdict.outcome is Outcome.BOX:
        return replace(bench, current=verdict.box)
    box = bench.boxes[verdict.box]
    if verdict.outcome is Outcome.CLOSED:
        changed = replace(box, closed=True)
    else:
        packed = {**box.packed, verdict.item: box.packed.get(verdict.item, 0) + verdict.count}
        changed = replace(box, packed=packed)
    return replace(bench, boxes={**bench.boxes, box.code: changed})


def complete(boxes: Iterable[Box]) -> bool:
    """Return whether everything of a set is in its boxes and bundles and all are closed."""
    every = list(boxes)
    return bool(every) and all(box.closed and not box.missing() for box in every)
