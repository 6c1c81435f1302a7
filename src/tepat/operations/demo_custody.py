"""The demo shows custody: one kecamatan packed, driven and handed over, with faults planted on purpose.

Made after the screens have opened, by the same actions as in life, with people called "Contoh …" and at the
moments of the published plan of February 2024. A run that broke off goes on where it stopped.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace as with_other

from tepat.common.acting import Actor, actor_of, system_actor
from tepat.common.clock import now
from tepat.common.documents import add_document, keep
from tepat.common.jobs import advance
from tepat.common.models import Document, Job, Office, Post
from tepat.common.permissions import Role
from tepat.custody import holdings
from tepat.custody.parties import label_of, unit_label
from tepat.distribution.actions import Minutes, forward_plan, propose_plan, publish_plan
from tepat.distribution.archive import plan_of, problem_of
from tepat.distribution.models import PlanVersion, PrintedPaper
from tepat.distribution.paper_actions import keep_printed
from tepat.distribution.paper_jobs import kept_file, open_book
from tepat.distribution.papers import print_sheaves
from tepat.distribution.papers.checklist import checklists
from tepat.operations.demo_faults import Faults, Halt, halts_of, plant
from tepat.operations.demo_packing import Packing, Told, seal_of
from tepat.operations.demo_people import (
    People,
    area_names,
    call_everybody,
    driver,
    find_or_make,
    hand_out_cards,
    kpps,
    wanted_people,
)
from tepat.operations.demo_returns import Homeward
from tepat.operations.demo_trips import Hauling
from tepat.packing.models import PackedObject
from tepat.planning.office_needs import needs_in_area

if TYPE_CHECKING:
    from tepat.distribution.plans import Delivery, Plan
    from tepat.distribution.problems import Problem

APPOINTED_BEFORE = timedelta(days=21)
DECIDED_BEFORE, CALLED_BEFORE, PRINTED_BEFORE = timedelta(days=4), timedelta(days=3), timedelta(days=2)
PACKING_FROM = time(7, 30)
FOLDING = "Contoh serah terima: siapa memegang apa"
PRINTING = "Contoh serah terima: tanda terima dicetak"
REASON = "Contoh: rencana ini dipakai untuk menunjukkan serah terima."


def make_custody(job: Job, *, plan: int, kecamatan: str) -> dict[str, Any]:
    """Make the example.

    Args:
        job: The job's row.
        plan: The plan's row.
        kecamatan: The kecamatan that is shown.

    Returns:
        How many sets were packed, how many trips drove, how many sets went on to a KPPS.
    """

    def tell(done: int, total: int, message: str) -> None:
        advance(job.pk, now(), done=done, total=total, message=message)

    return make_example(PlanVersion.objects.get(pk=plan), kecamatan, tell)


def make_example(row: PlanVersion, kecamatan: str, tell: Told) -> dict[str, Any]:
    """Pack, drive and hand over one kecamatan of a plan; what is there already is left as it is.

    Args:
        row: A direct plan; the pleno's decision is noted if it has none.
        kecamatan: The kecamatan's code.
        tell: Hears of progress.

    Returns:
        As `make_custody`.
    """
    example = _Example.of(row, kecamatan)
    kul = holder_of(Role.KUL)
    tell(0, 1, "Contoh serah terima: petugas dan rencana")
    publish(row, at=example.starts_at - DECIDED_BEFORE)
    people = example.people()
    packing = Packing(row.area_code, kecamatan, row.problem.election.code, people, example.starts_at)
    packing.prepare()
    objects, seals = packed_in(row, kecamatan, example.plan)
    halts = halts_of(example.plan, example.problem, objects)
    deliveries = [each for each in example.plan.deliveries if each.unit in objects]
    faults = plant(halts, objects, [each.unit for each in deliveries])
    carriers = [driver(halt.trip.vehicle) for halt in halts]
    carriers += [example.receiver(faults.one_sided)] if faults.one_sided else []
    by = system_actor()
    hand_out_cards(people, list(dict.fromkeys(carriers)), by=by, at=example.starts_at)
    call_everybody(people, by=kul, at=example.starts_at - CALLED_BEFORE)
    packing.run(tell)
    packing.begin_beside(kul, at=now())
    photos = photos_of(faults, row.area_code, by=by, at=example.starts_at)
    hauling = Hauling(people, example.names, objects, seals, photos, faults)
    # Folded together, many objects cost far less than each on its own at its next hand-over.
    for hand_over in (partial(hauling.haul, halts, tell), partial(hauling.deliver, deliveries, halts, tell)):
        while holdings.refresh():
            tell(0, 1, FOLDING)
        hand_over()
    while holdings.refresh():
        tell(1, 1, FOLDING)
    homeward = example.homeward(people, objects, faults)
    homeward.bring([each.unit for each in deliveries], tell)
    while holdings.refresh():
        tell(1, 1, FOLDING)
    at = example.starts_at - PRINTED_BEFORE
    print_receipts(row, deliveries, by=kul, at=at, tell=tell)
    trips = {halt.trip.id for halt in halts}
    return {"sets": len(objects), "trips": len(trips), "delivered": len(deliveries)}


@dataclass(frozen=True)
class _Example:
    """What the example follows."""

    row: PlanVersion
    kecamatan: str
    problem: "Problem"
    plan: "Plan"
    names: dict[str, str]
    halts: list[Halt]
    starts_at: datetime

    @classmethod
    def of(cls, row: PlanVersion, kecamatan: str) -> "_Example":
        problem, plan = problem_of(row.problem.sha256), plan_of(row.sha256)
        inside = {unit.id: (unit.id,) for unit in problem.units if lies_in_kecamatan(unit.id, kecamatan)}
        halts = halts_of(plan, problem, inside)
        first = min(halt.trip.load_at for halt in halts)
        zone = Office.objects.get().zone
        starts_at = datetime.combine(first.astimezone(zone).date() - timedelta(days=1), PACKING_FROM, zone)
        return cls(row, kecamatan, problem, plan, area_names(kecamatan), halts, starts_at)

    def people(self) -> People:
        """Return the people; they hold their posts well before."""
        tps = [tps_of(each.unit) for each in self.deliveries()]
        wanted = wanted_people(
            self.row.area_code, self.kecamatan, [halt.trip.vehicle for halt in self.halts], tps
        )
        at = self.starts_at - APPOINTED_BEFORE
        return find_or_make(self.row.area_code, wanted, by=system_actor(), at=at)

    def deliveries(self) -> "list[Delivery]":
        """Return the last legs in the kecamatan."""
        return [each for each in self.plan.deliveries if lies_in_kecamatan(each.unit, self.kecamatan)]

    def homeward(self, people: People, objects: dict[str, list[str]], faults: Faults) -> Homeward:
        """Return the way back in the night after polling."""
        election, zone = self.row.problem.election, Office.objects.get().zone
        return Homeward(people, self.names, objects, faults, election.polling_date, zone)

    def receiver(self, unit: str) -> str:
        """Return the name of a set's KPPS."""
        return kpps(self.names, *tps_of(unit))


def lies_in_kecamatan(unit: str, kecamatan: str) -> bool:
    """Return whether a planned set belongs to a kecamatan."""
    code = unit.split("-")[1]
    return code == kecamatan or code.startswith(f"{kecamatan}.")


def tps_of(unit: str) -> tuple[str, int]:
    """Return desa and number of a planned set such as ``TPS-33.16.09.1015-001``."""
    _, code, number = unit.split("-")
    return code, int(number)


def publish(row: PlanVersion, *, at: datetime) -> None:
    """Take a plan the way to the pleno, each step by whoever holds that post in the demo's office."""
    steps = {
        PlanVersion.State.DRAFT: (Role.KUL, propose_plan, {}),
        PlanVersion.State.PROPOSED: (Role.SEKRETARIS, forward_plan, {}),
        PlanVersion.State.FORWARDED: (
            Role.KOMISIONER,
            publish_plan,
            {"minutes": Minutes("CONTOH/PP.08.1-BA/2024", at.date(), REASON)},
        ),
    }
    row.refresh_from_db()
    while row.state != PlanVersion.State.PUBLISHED:
        role, step, more = steps[PlanVersion.State(row.state)]
        step(by=holder_of(role), at=at, plan=row.pk, **more)
        row.refresh_from_db()


def holder_of(role: Role) -> Actor:
    """Return who holds a post of the demo's office now, as an actor."""
    at = now()
    return actor_of(Post.objects.held_at(at).filter(role=role.name).order_by("pk")[0].person_id, at)


def print_receipts(
    row: PlanVersion, deliveries: "Sequence[Delivery]", *, by: Actor, at: datetime, tell: Told
) -> None:
    """Print the receipts with which the KPPS of the example take over their sets, once."""
    if PrintedPaper.objects.filter(plan=row, draft=False).exists():
        return
    book = open_book(row)
    few = replace(book, plan=with_other(book.plan, trips=(), deliveries=tuple(deliveries)))
    contents = checklists(needs_in_area(row.problem.election, row.area_code))
    with TemporaryDirectory(prefix="tepat-kertas-") as folder:
        tell(0, len(deliveries), PRINTING)
        sheaves = print_sheaves(
            few, contents, Path(folder), progress=lambda done, every: tell(done, every, PRINTING)
        )
        files = tuple(kept_file(sheaf, row) for sheaf in sheaves)
    keep_printed(by=by, at=at, plan=row.pk, draft=False, files=files)


def packed_in(row: PlanVersion, kecamatan: str, plan: "Plan") -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return the objects of each planned set that is packed, and the seal on each box.

    Args:
        row: The plan's row.
        kecamatan: The kecamatan.
        plan: The plan.
    """
    rows = PackedObject.objects.in_area(kecamatan).filter(election=row.problem.election)
    by_label: dict[str, list[str]] = defaultdict(list)
    seals = {}
    for box in rows.order_by("-is_box", "code"):
        by_label[label_of(box.object_id).rpartition("-")[0] + "-"].append(box.object_id)
        if box.is_box:
            seals[box.object_id] = seal_of(box)
    units = [unit for trip in plan.trips for stop in trip.stops for unit in stop.units]
    labels = {unit: unit_label(unit, row.area_code) for unit in units}
    return {unit: by_label[label] for unit, label in labels.items() if label in by_label}, seals


def photos_of(faults: Faults, area_code: str, *, by: Actor, at: datetime) -> dict[str, str]:
    """Keep a drawn picture for each thing that is photographed, and return its SHA-256 by object."""
    shown = dict.fromkeys(faults.wet, "basah") | {faults.other_seal: "segel berbeda"}
    found = {}
    for name, word in sorted(shown.items()):
        if name:
            file = keep(BytesIO(_drawn(["CONTOH", f"kotak {label_of(name)}", word])))
            label = f"Foto contoh: kotak {label_of(name)}, {word}"
            if not Document.objects.filter(sha256=file.sha256).exists():
                add_document(by=by, at=at, file=file, label=label, area_code=area_code)
            found[name] = file.sha256
    return found


def _drawn(lines: Sequence[str]) -> bytes:
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (640, 480), "#d9c7a3")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((60, 90, 580, 400), fill="#c9a66b", outline="#5b4523", width=6)
    for place, line in enumerate(lines):
        pen.text((90, 130 + 80 * place), line, fill="#2b1d08", font=ImageFont.load_default(44))
    out = BytesIO()
    picture.save(out, "JPEG", quality=70)
    return out.getvalue()
