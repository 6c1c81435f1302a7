"""The demo packs: every set of a kecamatan scanned, sealed by two, complete, and in one person's hands."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Max

from tepat.common.acting import Actor
from tepat.common.models import Place
from tepat.operations.demo_people import CHIEF, TABLES, People, packer
from tepat.packing.actions import (
    NewLots,
    add_lots,
    add_table,
    close_session,
    open_session,
    prepare_sets,
)
from tepat.packing.codes import Code
from tepat.packing.models import BallotLot, PackedObject, PackingSession, PackingSet, PackingTable
from tepat.packing.rules_seals import Sealing
from tepat.packing.scan_actions import SCANS_AT_ONCE_MAX, Scan, take_scans
from tepat.packing.seal_actions import complete_set, seal_boxes

LOT_SHEETS = 2_000
ORIGIN, BESIDE = "kiriman contoh, sudah disortir", "kiriman contoh untuk mencoba meja"
TABLE = "Meja contoh {number}"
SCANS = UUID("5e6f2f6a-9d0b-5c3e-8d57-3f0c8f1f7a10")
SCAN_EVERY = timedelta(seconds=4)
PACKED_IN = timedelta(hours=11)
HALF_SCANS = 12  # the first box open, most of its goods in it

type Told = Callable[[int, int, str], None]
type Said = tuple[str, str, int | None]


@dataclass
class Packing:
    """The packing of one kecamatan.

    Args:
        office: The office's area code.
        kecamatan: The kecamatan.
        election: The election's code.
        people: Who packs.
        starts_at: When the first set is begun.
    """

    office: str
    kecamatan: str
    election: str
    people: People
    starts_at: datetime
    used: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    cartons: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def prepare(self) -> None:
        """Prepare the sets of the whole office, once."""
        if not PackingSet.objects.filter(election__code=self.election).exists():
            chief = self.people.actor(CHIEF)
            prepare_sets(by=chief, at=self.starts_at, area_code=self.office, election=self.election)

    def run(self, tell: Told) -> None:
        """Pack everything that is not packed yet; each set is one transaction.

        Args:
            tell: Hears how many sets are done, of how many.
        """
        rows = PackingSet.objects.in_area(self.kecamatan).filter(election__code=self.election)
        sets = list(rows.prefetch_related("packed").order_by("area_code", "level", "tps_number"))
        self._lots(sets, ORIGIN, at=self.starts_at - timedelta(hours=20))
        if all(row.registered_at for row in sets):
            return
        sessions = [self._sit_down(number) for number in range(1, TABLES + 1)]
        each = PACKED_IN / max(1, len(sets))
        for place, row in enumerate(sets):
            scans = list(self._scans(row))
            if row.registered_at is None:
                self._pack(row, scans, sessions[place % TABLES], at=self.starts_at + each * (place + 1))
            if place % 10 == 0:
                tell(place, len(sets), f"Contoh serah terima: set {row.unit} dikepak dan disegel")
        for number, session in enumerate(sessions, 1):
            first = self.people.actor(packer(2 * number - 1))
            close_session(by=first, at=self.starts_at + PACKED_IN + each, session=session.pk)

    def begin_beside(self, by: Actor, *, at: datetime) -> None:
        """Sit somebody down at a table of their own: one set of another kecamatan closed, the next half done.

        Args:
            by: Who tries the table.
            at: This moment.
        """
        if PackingSession.objects.filter(first=by.person, closed_at__isnull=True).exists():
            return
        rows = PackingSet.objects.filter(election__code=self.election, level=PackingSet.Level.TPS)
        waiting = rows.filter(state=PackingSet.State.WAITING).exclude(area_code__startswith=self.kecamatan)
        sets = list(waiting.prefetch_related("packed").order_by("area_code", "tps_number")[:2])
        if len(sets) < 2:
            return
        began = at - SCAN_EVERY * SCANS_AT_ONCE_MAX
        with transaction.atomic():
            self._lots(sets, BESIDE, at=began)
            table = table_of(self.people, self.office, TABLE.format(number=TABLES + 1), began)
            second = self.people.ids[packer(1)]
            session = open_session(by=by, at=began, table=table.pk, election=self.election, second=second)
            whole, half = (tuple(self._scans(row)) for row in sets)
            for row, said in zip(sets, (whole, half[:HALF_SCANS]), strict=True):
                take_scans(by=by, at=at, session=session.pk, scans=scans_of(row.unit, said, at=at))

    def _lots(self, sets: Sequence[PackingSet], origin: str, *, at: datetime) -> None:
        """Bring in as many cartons of each ballot as the sets will use, and use those."""
        needed: dict[tuple[str, str], int] = defaultdict(int)
        for row in sets:
            for box in row.packed.all():
                if box.ballot:
                    needed[box.ballot, box.mark] += box.sheets
        known = BallotLot.objects.filter(election__code=self.election, origin=origin)
        there = set(known.values_list("ballot", "mark"))
        for (ballot, mark), sheets in sorted(needed.items()):
            if (ballot, mark) not in there:
                lots = NewLots(ballot, mark, -(-sheets // LOT_SHEETS), LOT_SHEETS, origin)
                add_lots(
                    by=self.people.actor(CHIEF),
                    at=at,
                    area_code=self.office,
                    election=self.election,
                    lots=lots,
                )
        self.cartons.clear()
        self.used.clear()
        for ballot, mark, code in known.values_list("ballot", "mark", "code").order_by("number"):
            self.cartons[ballot, mark].append(code)

    def _sit_down(self, number: int) -> PackingSession:
        """Return the session of a table, as an earlier run left it or a new one."""
        table = table_of(self.people, self.office, TABLE.format(number=number), self.starts_at)
        open_now = PackingSession.objects.filter(table=table, closed_at__isnull=True).first()
        return open_now or open_session(
            by=self.people.actor(packer(2 * number - 1)),
            at=self.starts_at,
            table=table.pk,
            election=self.election,
            second=self.people.ids[packer(2 * number)],
            card=self.people.cards[packer(2 * number)],
        )

    def _scans(self, row: PackingSet) -> Iterator[Said]:
        """Yield what is scanned for one set: the box that lies open, the label that is read, how many."""
        current = ""
        for box in row.packed.all():
            label = Code("kotak", box.code).checked
            yield current, label, None
            current = box.code
            for item, _ in box.contents:
                if item == f"SS-{box.ballot}":
                    yield from self._ballots(box)
                else:
                    yield current, Code("barang", item).checked, None
            yield current, label, None

    def _ballots(self, box: PackedObject) -> Iterator[Said]:
        """Yield the ballots of a box out of one carton, or the rest of one and then the next."""
        kind, left = (box.ballot, box.mark), box.sheets
        while left:
            carton, taken = divmod(self.used[kind], LOT_SHEETS)
            count = min(left, LOT_SHEETS - taken)
            yield box.code, Code("lot", self.cartons[kind][carton]).checked, count
            self.used[kind] += count
            left -= count

    def _pack(self, row: PackingSet, said: Sequence[Said], session: PackingSession, *, at: datetime) -> None:
        names = {person: name for name, person in self.people.ids.items()}
        by, card = self.people.actor(names[session.first]), self.people.cards[names[session.second]]
        with transaction.atomic():
            scans = scans_of(row.unit, said, at=at)
            for start in range(0, len(scans), SCANS_AT_ONCE_MAX):
                part = scans[start : start + SCANS_AT_ONCE_MAX]
                answers = take_scans(by=by, at=at, session=session.pk, scans=part)
                stopped = [answer.text for answer in answers if answer.answer == "ditolak"]
                assert not stopped, stopped
            sealings = tuple(Sealing(box.code, (seal_of(box),)) for box in row.packed.all() if box.is_box)
            if sealings:
                sealed_at = at + timedelta(minutes=4)
                seal_boxes(
                    by=by,
                    at=sealed_at,
                    packing_set=row.pk,
                    sealings=sealings,
                    second=session.second,
                    card=card,
                )
            complete_set(by=self.people.actor(CHIEF), at=at + timedelta(minutes=9), packing_set=row.pk)


def scans_of(unit: str, said: Sequence[Said], *, at: datetime) -> tuple[Scan, ...]:
    """Return what was scanned as a table sends it, the last just before it is sent.

    Args:
        unit: The set.
        said: The box that lay open, the text that was read and how many, in order.
        at: When it is sent.
    """
    return tuple(
        Scan(uuid5(SCANS, f"{unit}:{place}"), box, text, count, at - SCAN_EVERY * (len(said) - place))
        for place, (box, text, count) in enumerate(said)
    )


def seal_of(box: PackedObject) -> str:
    """Return the number of the seal that the demo puts on a box: once in the office."""
    return f"C{box.pk:06d}"


def table_of(people: People, office: str, name: str, at: datetime) -> PackingTable:
    """Return a table by its name; set up where it is not there."""
    known = PackingTable.objects.filter(area_code=office, name=name).first()
    if known is not None:
        return known
    warehouse = Place.objects.in_area(office).filter(kind=Place.Kind.GUDANG).aggregate(first=Max("pk"))
    made: PackingTable = add_table(
        by=people.actor(CHIEF), at=at, area_code=office, name=name, place=warehouse["first"]
    )
    return made
