"""What limits a trip or a vehicle's day, with numbers: how much is used, how much there is, what is left."""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct, structs

from tepat.common.quantities import clock, decimal_comma, grouped
from tepat.distribution.case import Case, clock_text
from tepat.distribution.errands import arrival_dues
from tepat.distribution.plans import Plan, Stop, Trip
from tepat.distribution.reasons.subjects import SubjectKind
from tepat.distribution.working_time import second

FULL_PERCENT = 95
"""A vehicle loaded to this share counts as full."""

TIGHT_S = 1800
"""Less than this left of a shift, of receiving hours or before a due moment counts as tight."""


class Limit(Struct, frozen=True, kw_only=True):
    """One thing that could bind.

    Args:
        name: What it is.
        used: How much of it is used, or when.
        limit: How much of it there is, or until when.
        left: What is left.
        binds: Whether it is full or tight, or leaves no choice.
    """

    name: str
    used: str
    limit: str
    left: str
    binds: bool = False


class Explanation(Struct, frozen=True, kw_only=True):
    """What binds one subject.

    Args:
        subject: Its id.
        kind: As `Subject`.
        binds: The names of what is full, tight or decided.
        says: Sentences, the most important first.
        limits: What could bind it, with numbers.
    """

    subject: str
    kind: SubjectKind
    binds: tuple[str, ...]
    says: tuple[str, ...]
    limits: tuple[Limit, ...] = ()


def trip_limits(case: Case, plan: Plan, trip: Trip) -> tuple[Limit, ...]:
    """Return what limits a trip."""
    return (
        *_room(case, trip),
        *_hours(case, plan, trip.vehicle, trip.date),
        *_receiving(case, trip.stops),
        *_dues(case, trip.stops),
        *_access(case, trip),
        *_escort(case, plan, trip),
        *_docks(case, plan, trip),
        *_bonds(case, trip),
    )


def vehicle_limits(case: Case, plan: Plan, vehicle: str) -> tuple[Limit, ...]:
    """Return the working hours of each date on which a vehicle drives."""
    days = sorted({trip.date for trip in plan.trips if trip.vehicle == vehicle})
    return tuple(limit for day in days for limit in _hours(case, plan, vehicle, day))


def fill_percent(case: Case, trip: Trip) -> dict[str, float]:
    """Return how full a trip leaves its origin, in percent of the vehicle's boxes, volume and weight."""
    return {name: 100 * used / max(1, limit) for name, used, limit in _loads(case, trip)}


def day_left_s(case: Case, plan: Plan, vehicle: str, day: date) -> int:
    """Return the working seconds of a vehicle's date in which it does nothing for the plan."""
    shift = case.shift(case.vehicle[vehicle], day)
    if shift is None:
        return 0
    trips = [trip for trip in plan.trips if trip.vehicle == vehicle and trip.date == day]
    busy = sum(shift.worked(second(trip.return_at)) - shift.worked(second(trip.load_at)) for trip in trips)
    return shift.length_s - busy


def _loads(case: Case, trip: Trip) -> tuple[tuple[str, int, int], ...]:
    kind = case.type_of(trip.vehicle)
    units = [case.unit[unit] for stop in trip.stops for unit in stop.units]
    return (
        ("kotak", sum(unit.boxes for unit in units), kind.boxes_max),
        ("volume", sum(unit.volume_ml for unit in units), kind.volume_ml_max),
        ("berat", sum(unit.weight_g for unit in units), kind.weight_g_max),
    )


def _room(case: Case, trip: Trip) -> Iterator[Limit]:
    units = {"kotak": ("kotak", 1), "volume": ("liter", 1000), "berat": ("kg", 1000)}
    for name, used, limit in _loads(case, trip):
        unit, per = units[name]
        share = decimal_comma(100 * used / max(1, limit), 1)
        yield Limit(
            name=f"muatan ({name})",
            used=f"{grouped(used // per)} {unit} ({share}%)",
            limit=f"{grouped(limit // per)} {unit}",
            left=f"{grouped((limit - used) // per)} {unit}",
            binds=100 * used >= FULL_PERCENT * limit,
        )


def _hours(case: Case, plan: Plan, vehicle: str, day: date) -> Iterator[Limit]:
    shift = case.shift(case.vehicle[vehicle], day)
    if shift is None:
        return
    left_s = day_left_s(case, plan, vehicle, day)
    yield Limit(
        name=f"jam {day:%d-%m}",
        used=clock(shift.length_s - left_s),
        limit=clock(shift.length_s),
        left=clock(left_s),
        binds=left_s < TIGHT_S,
    )


def _receiving(case: Case, stops: Sequence[Stop]) -> Iterator[Limit]:
    """Yield the stop that is nearest to the end of its place's hours."""
    ends: list[tuple[int, int, str]] = []
    for stop in stops:
        done = second(stop.done_at)
        closes = max(
            (end for start, end in case.opening[case.place[stop.place].hours] if start <= done), default=done
        )
        ends.append((closes - done, closes, stop.place))
    if ends:
        left_s, closes, place = min(ends)
        yield Limit(
            name=f"jam terima {case.place[place].name}",
            used=f"selesai {clock_text(closes - left_s, case.zone)}",
            limit=f"tutup {clock_text(closes, case.zone)}",
            left=clock(left_s),
            binds=left_s < TIGHT_S,
        )


def _dues(case: Case, stops: Sequence[Stop]) -> Iterator[Limit]:
    """Yield the stop that is nearest to the moment by which its sets must lie there."""
    dues = arrival_dues(case)
    ends = []
    for stop in stops:
        own = [second(at) for unit in stop.units if (at := case.unit[unit].due_at) is not None]
        here = any(case.unit[unit].place == stop.place for unit in stop.units)
        common = [dues[stop.place]] if here and stop.place in dues else []
        if own or common:
            due = min([*own, *common])
            ends.append((due - second(stop.done_at), due, stop.place))
    if ends:
        left_s, due, place = min(ends)
        yield Limit(
            name=f"batas tiba {case.place[place].name}",
            used=f"selesai {clock_text(due - left_s, case.zone)}",
            limit=clock_text(due, case.zone),
            left=clock(left_s) if left_s >= 0 else f"lewat {clock(-left_s)}",
            binds=left_s < TIGHT_S,
        )


def _access(case: Case, trip: Trip) -> Iterator[Limit]:
    """Yield the places of a trip that do not admit every class that the strategy drives."""
    classes = {case.type_of(vehicle).vehicle_class for vehicle in case.strategy.vehicles}
    for stop in trip.stops:
        place = case.place[stop.place]
        if not classes <= set(place.access):
            yield Limit(
                name=f"jalan ke {place.name}",
                used=case.type_of(trip.vehicle).vehicle_class,
                limit=", ".join(place.access),
                left="",
                binds=True,
            )


def _escort(case: Case, plan: Plan, trip: Trip) -> Iterator[Limit]:
    """Yield how many escorts are at work that date, where every trip needs one."""
    if not case.problem.rules.escort_required:
        return
    busy = {each.escort for each in plan.trips if each.date == trip.date and each.escort is not None}
    there = len(case.problem.escorts)
    yield Limit(
        name=f"pengawal {trip.date:%d-%m}",
        used=grouped(len(busy)),
        limit=grouped(there),
        left=grouped(there - len(busy)),
        binds=len(busy) >= there,
    )


def _docks(case: Case, plan: Plan, trip: Trip) -> Iterator[Limit]:
    """Yield how many vehicles load beside a trip at most, where docks count."""
    docks = case.place[trip.origin].docks
    if not case.problem.rules.docks_apply or docks is None:
        return
    loads = [
        (second(each.load_at), second(each.depart_at))
        for each in plan.trips
        if each.origin == trip.origin and each.date == trip.date
    ]
    start, end = second(trip.load_at), second(trip.depart_at)
    moments = [start, *(opens for opens, _ in loads if start <= opens < end)]
    most = max(sum(opens <= at < closes for opens, closes in loads) for at in moments)
    yield Limit(
        name=f"tempat bongkar muat {case.place[trip.origin].name}",
        used=grouped(most),
        limit=grouped(docks),
        left=grouped(docks - most),
        binds=most >= docks,
    )


def _bonds(case: Case, trip: Trip) -> Iterator[Limit]:
    """Yield pins, fixed dates and locks: what somebody decided."""
    units = [unit for stop in trip.stops for unit in stop.units]
    held = [unit for unit in units if unit in case.pin]
    if held:
        reasons = sorted({case.pin[unit].reason or "tanpa alasan tertulis" for unit in held})
        yield Limit(
            name="sematan", used=f"{len(held)} set", limit="; ".join(reasons[:3]), left="", binds=True
        )
    fixed = [stop.place for stop in trip.stops if stop.place in case.strategy.date_by_place]
    if fixed:
        yield Limit(
            name="tanggal", used=f"{len(fixed)} tempat", limit=f"{trip.date:%d-%m-%Y}", left="", binds=True
        )
    if any(lock.trip == trip.id for lock in case.problem.locks):
        yield Limit(name="kunci", used=trip.id, limit="tidak boleh berubah", left="", binds=True)


def stop_limits(case: Case, plan: Plan, trip: Trip, place: str) -> tuple[Limit, ...]:
    """Return what limits a trip, as far as one of its stops has to do with it."""
    stops = [stop for stop in trip.stops if stop.place == place]
    alone = structs.replace(trip, stops=tuple(stops))
    return (
        *_room(case, trip),
        *_hours(case, plan, trip.vehicle, trip.date),
        *_receiving(case, stops),
        *_dues(case, stops),
        *_access(case, alone),
        *_escort(case, plan, trip),
        *_docks(case, plan, trip),
        *_bonds(case, alone),
    )


def binding(limits: Sequence[Limit]) -> tuple[str, ...]:
    """Return the names of the limits that bind, each once."""
    return tuple(dict.fromkeys(limit.name for limit in limits if limit.binds))
