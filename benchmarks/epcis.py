"""EPCIS of a whole history: written from the ledger and checked again, with the most memory that it took.

python -m benchmarks.epcis [EVENTS] [RUNS]

The history is the simulator's, made by seed, with ids as an office has them; each event is about one box, so
that there are as many as one wants. Both commands run in processes of their own, on a tenth of the events
and on all: what memory grows with shows there.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

import msgspec
from benchmarks.measuring import Runs, measured, show
from tests.exchange.worlds import WRITER, uuid, world

from tepat.custody.events import Payload, read_payload
from tepat.custody.facts import Fact, moment_of

EVENTS, RUNS = 200_000, 3
TENTH = 10
VILLAGES, TPS = 229, 13  # 14,885 boxes
SAMPLE = 20_000
CHUNK = 5_000


def one_box_each(facts: Iterable[Fact], most: int) -> Iterator[Fact]:
    """Return the facts again, one for each box that they name, each recorded at a moment of its own."""
    made = 0
    for fact in facts:
        for place, box in enumerate(fact.objects):
            if made == most:
                return
            made += 1
            yield msgspec.structs.replace(
                fact,
                id=uuid(f"{fact.id} {place}"),
                objects=(box,),
                payload=about(fact, box),
                device="",
                counter=0,
                recorded_us=fact.recorded_us + made,
            )


def about(fact: Fact, box: str) -> Payload:
    """Return what a fact says, with the seals of one box only."""
    plain = msgspec.to_builtins(fact.payload)
    seals = plain.get("seals")
    if isinstance(seals, dict):
        plain["seals"] = {box: seals[box]}
    elif seals:
        plain["seals"] = [each for each in seals if each["object"] == box]
    return read_payload(fact.kind, plain)


def fill(facts: list[Fact]) -> None:
    """Put the facts into an office's ledger in this process's home."""
    from django.core.management import call_command

    from tepat.common import ledger
    from tepat.common.bulk import insert
    from tepat.common.models import Event, Office

    call_command("migrate", verbosity=0, interactive=False)
    Office.objects.create(code="33.16", name="KPU Blora", area_code="33.16", time_zone="Asia/Jakarta")
    for start in range(0, len(facts), CHUNK):
        rows = []
        for fact in facts[start : start + CHUNK]:
            row = Event(
                id=UUID(fact.id),
                kind=fact.kind,
                kind_version=1,
                occurred_at=moment_of(fact.at_us),
                occurred_uncertainty_s=fact.uncertainty_s,
                recorded_at=moment_of(fact.recorded_us),
                actor=UUID(fact.actor),
                counter=0,
                mode="resmi",
                objects_named=list(fact.objects),
                payload=msgspec.to_builtins(fact.payload),
                payload_hash="0" * 64,
                evidence=[],
            )
            row.leaf_hash = ledger.leaf_hash(row)
            rows.append(row)
        insert(rows)


# What a process used before exec counts on after it: a small one starts the command, so that ours does not.
LAUNCH = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
sys.exit(done.returncode)
"""


@dataclass
class Run:
    """Runs a command and keeps what its last run took and said."""

    environment: dict[str, str]
    memory_mb: int = 0
    answer: str = ""

    def __call__(self, *words: str) -> None:
        command = [sys.executable, "-c", LAUNCH, sys.executable, "-m", "tepat", *words, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment, check=True)
        self.answer, memory_mb = done.stdout.strip().rsplit("\n", 1)
        self.memory_mb = int(memory_mb)


def commands(count: int, runs: int) -> list[Runs]:
    """Measure both commands on an office with so many events, in a home of its own."""
    with tempfile.TemporaryDirectory() as room:
        home = {"TEPAT_HOME": str(Path(room) / "kantor")}
        subprocess.run(
            [sys.executable, "-m", "benchmarks.epcis", "--fill", str(count)],
            env=os.environ | home,
            check=True,
        )
        file, run = str(Path(room) / "riwayat.jsonld"), Run(os.environ | home)
        wrote = measured("", partial(run, "export", "epcis", "--out", file), runs)
        told = json.loads(run.answer)
        size, memory = f"{told['bytes'] / 1e6:,.0f} MB", f"most memory {run.memory_mb} MB"
        wrote.what = f"`tepat export epcis` of {count:,} events, {size}, {memory}"
        checked = measured("", partial(run, "export", "epcis", "--check", file), runs)
        checked.what = f"`--check` of {told['written']:,} EPCIS events, most memory {run.memory_mb} MB"
        return [wrote, checked]


def write(facts: list[Fact]) -> None:
    """Write facts and forget them."""
    for fact in facts:
        WRITER.events(fact)


def history() -> list[Fact]:
    """Return Blora's history."""
    return world(1, faults=0, villages=VILLAGES, tps=TPS)


def main(events: int, runs: int) -> None:
    """Measure all of it and print one table."""
    known = history()
    pairs = sum(len(fact.objects) for fact in known)
    print(f"14,885 boxes, {len(known):,} events, {pairs:,} times a box in an event\n")
    single = list(one_box_each(known, SAMPLE))
    rows = [
        measured(f"facts to EPCIS and hash: {len(single):,} about one box", partial(write, single), runs),
        measured(f"facts to EPCIS and hash: {len(known):,} about many", partial(write, known), runs),
    ]
    for count in (events // TENTH, events):
        rows += commands(count, runs)
    show(rows)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--fill"]:
        from tepat.common import start

        start.django()
        fill(list(one_box_each(history(), int(sys.argv[2]))))
    else:
        given = [int(word) for word in sys.argv[1:]]
        main(*given, *(EVENTS, RUNS)[len(given) :])
