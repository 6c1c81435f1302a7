"""Who held which of Blora's boxes: folding and tiling a whole history, and one more event.

`python -m benchmarks custody`. The history is made by seed (tests/simulator/histories.py): 14,885 boxes from
the warehouse to the TPS and back, with planted faults of each kind. Beside it the plain way of the same rule:
each box by itself looks through the whole list of events, measured on a few boxes and reckoned up.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec
from benchmarks.measuring import Runs, measured, show
from tests.simulator.histories import Fault, World, make_world

from tepat.custody.events import read_payload
from tepat.custody.facts import Fact, fact_of, moment_of
from tepat.custody.rules import History, fold, fold_all, fold_each
from tepat.custody.tiling import Tolerances, faults_of, tile, totals

VILLAGES, TPS, PER_TPS = 229, 13, 5  # 14,885 boxes
REPEATS = 5
TRUCK = 215
PLAIN_SAMPLE = 20


def envelopes(world: World) -> list[dict[str, object]]:
    """Return the facts as a database gives them back."""
    return [
        {
            "id": fact.id,
            "kind": fact.kind,
            "payload": msgspec.to_builtins(fact.payload),
            "occurred_at": moment_of(fact.at_us),
            "occurred_uncertainty_s": fact.uncertainty_s,
            "recorded_at": moment_of(fact.recorded_us),
            "actor": fact.actor,
            "device": fact.device,
            "counter": fact.counter,
            "objects": list(fact.objects),
            "place": fact.place,
        }
        for fact in world.facts
    ]


def tiled(histories: Mapping[str, History], now_us: int) -> None:
    """Tile every box, and take the figures."""
    tolerances = Tolerances()
    totals([tile(each, now_us=now_us, tolerances=tolerances) for each in histories.values()])


def proved(histories: Mapping[str, History], now_us: int) -> int:
    """Return how many boxes have not exactly one accountable person at each instant."""
    tolerances, faulty = Tolerances(), 0
    for each in histories.values():
        began = next((moment.at_us for moment in each.moments if moment.holder), now_us)
        segments = tile(each, now_us=now_us, tolerances=tolerances)
        faulty += bool(faults_of(segments, from_us=began, to_us=now_us))
    return faulty


def by_object(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    """Return the facts of each object, as the index of the database gives them."""
    about: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        for object_id in fact.objects:
            about[object_id].append(fact)
    return about


def one_more(what: str, about: Mapping[str, list[Fact]], objects: list[str], known: int) -> Runs:
    """Measure one more event about some boxes of which so many events are known: they are folded again."""
    last = about[objects[0]][known - 1]
    payload = read_payload("custody.seen", {"with_person": last.actor, "post": "gudang:1"})
    seen = msgspec.structs.replace(
        last, id="more", kind="custody.seen", payload=payload, at_us=last.at_us + 1, device=""
    )
    after = {each: [*about[each][:known], seen] for each in objects}
    return measured(f"one more event: {what}", lambda: fold_each(after), 20)


def main() -> None:
    world = make_world(1, villages=VILLAGES, tps=TPS, per_tps=PER_TPS, faults=dict.fromkeys(Fault, 20))
    pairs = sum(len(fact.objects) for fact in world.facts)
    print(f"{len(world.boxes):,} boxes, {len(world.facts):,} events, {pairs:,} times a box in an event\n")
    stored = envelopes(world)
    histories = fold_all(world.facts)
    about = by_object(world.facts)
    sound = [box for box in world.boxes if box not in world.planted]
    plain = measured(
        f"the plain way, {PLAIN_SAMPLE} boxes of {len(world.boxes):,}",
        lambda: [
            fold([fact for fact in world.facts if box in fact.objects], object_id=box)
            for box in world.boxes[:PLAIN_SAMPLE]
        ],
        1,
    )
    runs = [
        measured("events read: envelopes to facts", lambda: [fact_of(each) for each in stored], REPEATS),
        measured("all boxes folded", lambda: fold_all(world.facts), REPEATS),
        measured("all boxes tiled", lambda: tiled(histories, world.now_us), REPEATS),
        measured("proof: one person at each instant", lambda: proved(histories, world.now_us), 1),
        one_more("5 boxes back at the end of their way", about, sound[:PER_TPS], 19),
        one_more(f"a truck of {TRUCK} boxes arrives at a PPS", about, sound[:TRUCK], 6),
        one_more(f"{TRUCK} boxes back at the end of their way", about, sound[:TRUCK], 19),
        plain,
    ]
    show(runs)
    whole_s = plain.clock_s[0] * len(world.boxes) / PLAIN_SAMPLE
    print(f"\nthe plain way, all boxes: about {whole_s:,.0f} s")
    print(f"boxes without exactly one accountable person: {proved(histories, world.now_us)}")


if __name__ == "__main__":
    main()
