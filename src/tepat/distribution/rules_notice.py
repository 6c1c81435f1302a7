"""When supervisors have to know of a schedule, what of it is new to them, and how a notice stands. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tepat.common.quantities import clock
from tepat.distribution.plans import Plan
from tepat.distribution.problems import Problem


@dataclass(frozen=True, order=True)
class Halt:
    """What a supervisor needs to know of one halt; two that are equal are the same to them.

    Args:
        depart_at: When the vehicle leaves its origin.
        arrive_at: When it comes.
        vehicle: Its name.
        origin: The name of the place it comes from.
        place: The name of the place.
        area_code: Where that lies.
        boxes: How many boxes are left there.
        sets: Which sets.
        escort: Who escorts it, or empty.
    """

    depart_at: datetime
    arrive_at: datetime
    vehicle: str
    origin: str
    place: str
    area_code: str
    boxes: int
    sets: tuple[str, ...]
    escort: str


def halts_of(problem: Problem, plan: Plan) -> frozenset[Halt]:
    """Return every halt of a plan."""
    places = {place.id: place for place in problem.places}
    units = {unit.id: unit for unit in problem.units}
    escorts = {escort.id: escort.label for escort in problem.escorts}
    return frozenset(
        Halt(
            depart_at=trip.depart_at,
            arrive_at=stop.arrive_at,
            vehicle=trip.vehicle,
            origin=places[trip.origin].name,
            place=places[stop.place].name,
            area_code=places[stop.place].code,
            boxes=sum(units[unit].boxes for unit in stop.units),
            sets=tuple(sorted(stop.units)),
            escort=escorts.get(trip.escort or "", ""),
        )
        for trip in plan.trips
        for stop in trip.stops
    )


@dataclass(frozen=True)
class Change:
    """What a new schedule changes in one area.

    Args:
        new: Halts that did not stand in the one before.
        gone: Halts that no longer hold.
    """

    new: tuple[Halt, ...]
    gone: tuple[Halt, ...]

    def departure_after(self, told_at: datetime) -> datetime | None:
        """Return the first departure that is other than was known; None where nothing changed.

        What no longer holds and had already left when it was told is past: nobody could still attend it.

        Args:
            told_at: When the supervisors are told.
        """
        still = (halt.depart_at for halt in self.gone if halt.depart_at > told_at)
        return min((*(halt.depart_at for halt in self.new), *still), default=None)


def change_in(area_code: str, before: Iterable[Halt], after: Iterable[Halt]) -> Change:
    """Return what changes in one area; before the first schedule everything is new.

    Args:
        area_code: The area of the supervisor.
        before: Halts of the schedule that held.
        after: Halts of the new one.
    """
    known = {halt for halt in before if inside(halt.area_code, area_code)}
    now = {halt for halt in after if inside(halt.area_code, area_code)}
    return Change(tuple(sorted(now - known)), tuple(sorted(known - now)))


def inside(code: str, area_code: str) -> bool:
    """Return whether a code lies in an area."""
    return f"{code}.".startswith(f"{area_code}.")


def kecamatan_of(halts: Iterable[Halt], office: str) -> tuple[str, ...]:
    """Return the kecamatan of an office that halts lie in, in the order of their codes."""
    found = {".".join(halt.area_code.split(".")[:3]) for halt in halts if inside(halt.area_code, office)}
    return tuple(sorted(code for code in found if code.count(".") == 2))


@dataclass(frozen=True)
class Timing:
    """When a notice was given, against when it had to be.

    Args:
        given_at: When.
        departure_at: The first departure it is about; None: nothing changed.
        hours: By how many hours before it.
    """

    given_at: datetime
    departure_at: datetime | None
    hours: int

    @property
    def due_at(self) -> datetime | None:
        """The last moment at which it was still in time."""
        return self.departure_at - timedelta(hours=self.hours) if self.departure_at else None

    @property
    def late_s(self) -> int:
        """Seconds that it came too late; 0 where it was in time."""
        return 0 if self.due_at is None else max(0, int((self.given_at - self.due_at).total_seconds()))

    @property
    def words(self) -> str:
        """How it was, in words."""
        if self.departure_at is None:
            return "tidak ada yang berubah di wilayah ini"
        ahead_s = int((self.departure_at - self.given_at).total_seconds())
        if ahead_s < 0:
            return f"diberikan {clock(-ahead_s)} sesudah berangkat; seharusnya {self.hours} jam sebelumnya"
        if self.late_s:
            return f"diberikan {clock(ahead_s)} sebelum berangkat; seharusnya {self.hours} jam"
        return f"diberikan {clock(ahead_s)} sebelum berangkat"

    @property
    def mark(self) -> tuple[str, str]:
        """State and word."""
        return ("gawat", f"TERLAMBAT {clock(self.late_s)}") if self.late_s else ("aman", "TEPAT WAKTU")
