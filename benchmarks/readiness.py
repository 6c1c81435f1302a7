"""Kesiapan of the whole of Blora, at moments long past, on a history that has gone on since.

python -m benchmarks.readiness [RUNS]

Blora's register; every box packed, driven, handed over and brought back (tests/simulator/histories.py),
written straight into an office of its own. A past moment is asked each time as if nobody had asked before.
"""

import hashlib
import os
import sys
import tempfile
import uuid
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from benchmarks.measuring import measured, show
from tests.simulator.histories import Maker

from tepat.custody.facts import Fact, moment_of

AREA, ELECTION, PER_TPS, RUNS = "33.16", "pemilu-2024", 5, 5
NOON = datetime(2024, 2, 13, 5, tzinfo=UTC)  # H-1 12.00
LATER = datetime(2024, 3, 1, tzinfo=UTC)
ROWS_AT_ONCE = 500
PEOPLE = frozenset({"offer", "giver", "receiver", "holder", "second", "with_person", "to_person"})


def named(text: str) -> str:
    """Return the random id of somebody in the history, the same each time."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, text))


def with_ids(value: Any, key: str = "") -> Any:
    """Return a payload in which people and offers are named by ids, as a ledger has them."""
    if isinstance(value, dict):
        return {name: with_ids(part, name) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [with_ids(part) for part in value]
    return named(value) if key in PEOPLE and value else value


def history() -> tuple[dict[str, dict[str, list[str]]], list[Fact]]:
    """Return the boxes of each desa's TPS, and everything that happened to them."""
    from tepat.common.models import Tps

    maker, boxes = Maker(1), {}
    rows = Tps.objects.filter(election__code=ELECTION).order_by("desa__code", "number")
    for code, number in rows.values_list("desa__code", "number"):
        kecamatan, desa = code.split(".")[2:]
        unit = f"{kecamatan}{desa}-{number:03d}"
        some = [f"kotak:{ELECTION}:{unit}-{box}" for box in range(1, PER_TPS + 1)]
        boxes.setdefault(code, {})[f"{number:03d}"] = some
    for place, (code, by_tps) in enumerate(boxes.items()):
        maker.village(code, by_tps, f"{place // 3:03}")
    return boxes, maker.facts()


def fill() -> int:
    """Make the office; return how many events it has."""
    from django.core.management import call_command
    from django.db import transaction

    from tepat.common.acting import system_actor
    from tepat.common.models import Event
    from tepat.common.register import load_register
    from tepat.custody import holdings

    call_command("migrate", verbosity=0, interactive=False)
    load_register(AREA, [ELECTION], by=system_actor(), at=LATER)
    boxes, facts = history()
    with transaction.atomic():
        Event.objects.bulk_create([event_of(fact) for fact in facts], batch_size=ROWS_AT_ONCE)
        pack(boxes, moment_of(facts[0].at_us))
    holdings.rebuild()
    return len(facts)


def event_of(fact: Fact) -> Any:
    """Return a fact as a row of the ledger; nobody asks for its proofs here."""
    from tepat.common.models import Event

    return Event(
        id=named(fact.id),
        kind=fact.kind,
        kind_version=1,
        occurred_at=moment_of(fact.at_us),
        occurred_uncertainty_s=fact.uncertainty_s,
        recorded_at=moment_of(fact.recorded_us),
        actor=named(fact.actor),
        device=fact.device,
        counter=fact.counter,
        mode="resmi",
        objects_named=list(fact.objects),
        place=fact.place,
        payload=with_ids(msgspec.to_builtins(fact.payload)),
        payload_hash="0" * 64,
        leaf_hash=hashlib.sha256(fact.id.encode()).hexdigest(),
        evidence=[],
    )


def pack(boxes: dict[str, dict[str, list[str]]], at: datetime) -> None:
    """Write the sets with their boxes."""
    from tepat.common.models import Election
    from tepat.custody.parties import label_of
    from tepat.packing.models import PackedObject, PackingSet

    election, done = Election.objects.get(), {"completed_at": at, "registered_at": at}
    for code, by_tps in boxes.items():
        for number, names in by_tps.items():
            unit = label_of(names[0]).rpartition("-")[0]
            row = PackingSet.objects.create(
                election=election,
                area_code=code,
                level="tps",
                tps_number=int(number),
                unit=unit,
                state="lengkap",
                **done,
            )
            PackedObject.objects.bulk_create(
                PackedObject(
                    set=row,
                    election=election,
                    code=label_of(name),
                    object_id=name,
                    slot=name[-1],
                    is_box=True,
                    state="tersegel",
                )
                for name in names
            )


def ask(at: datetime | None, areas: tuple[str, ...]) -> int:
    """Ask for the board at a moment, None is now, as if nobody had asked before; return its TPS."""
    from tepat.common.models import Election, Office
    from tepat.custody import timeline_states
    from tepat.publication.readiness import board

    timeline_states._past.cache_clear()  # noqa: SLF001 -- the first time is what is measured
    instant = timeline_states.Instant(at, at)
    return len(board(Election.objects.get(), Office.objects.get(), areas, instant, now=LATER))


def main(runs: int) -> None:
    """Measure all of it and print one table."""
    with tempfile.TemporaryDirectory() as room:
        os.environ["TEPAT_HOME"] = str(Path(room) / "kantor")
        from tepat.common import start

        start.django()
        print(f"{fill():,} events\n")
        moments = {
            "H-1 12.00": NOON,
            "H-2 12.00": NOON - timedelta(days=1),
            "polling begins": NOON + timedelta(hours=19),
        }
        rows = [measured(f"Blora, {what}", partial(ask, at, (AREA,)), runs) for what, at in moments.items()]
        rows.append(measured("one kecamatan, H-1 12.00", partial(ask, NOON, (f"{AREA}.09",)), runs))
    show(rows)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*given, *(RUNS,)[len(given) :])
