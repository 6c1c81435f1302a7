"""What binds a plan, or a trip, vehicle, place or set of it, read from the plan; nothing is solved here."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tepat.common.quantities import clock, decimal_comma, grouped, kilometres
from tepat.distribution.case import Case, clock_text
from tepat.distribution.errands import arrival_dues
from tepat.distribution.error_bands import NONE, bands_of
from tepat.distribution.plans import Plan, Stop, Trip
from tepat.distribution.problems import Unit
from tepat.distribution.reasons.limits import (
    FULL_PERCENT,
    TIGHT_S,
    Explanation,
    Limit,
    binding,
    day_left_s,
    fill_percent,
    stop_limits,
    trip_limits,
    vehicle_limits,
)
from tepat.distribution.reasons.subjects import SubjectKind, subject_of
from tepat.distribution.reasons.wider import explain_day, explain_path, explain_warehouse
from tepat.distribution.working_time import second

if TYPE_CHECKING:
    from datetime import date


def explain(case: Case, plan: Plan, asked: str | None = None) -> Explanation:
    """Return what binds a subject of a plan, or the plan as a whole.

    Args:
        case: The problem under the plan's strategy.
        plan: The plan.
        asked: As `subject_of`.

    Raises:
        Refused: SOLVE-NOT-IN-PLAN.
    """
    subject = subject_of(case, plan, asked)
    tellers: dict[SubjectKind, Callable[[Case, Plan, str], Explanation]] = {
        "rencana": _whole,
        "perjalanan": _trip,
        "kendaraan": _vehicle,
        "set": _unit,
        "tempat": _place,
        "tanggal": explain_day,
        "gudang": explain_warehouse,
        "jalur": explain_path,
    }
    return tellers[subject.kind](case, plan, subject.id)


def _whole(case: Case, plan: Plan, name: str) -> Explanation:
    fills = [fill_percent(case, trip) for trip in plan.trips]
    full = sum(max(fill.values()) >= FULL_PERCENT for fill in fills)
    pairs = {(trip.vehicle, trip.date) for trip in plan.trips}
    left = {pair: day_left_s(case, plan, *pair) for pair in pairs}
    tight = sum(each < TIGHT_S for each in left.values())
    says = [
        (
            f"{len(plan.trips)} perjalanan pada {len(pairs)} hari kendaraan; "
            f"{plan.totals.units_served} set terlayani, {plan.totals.units_unserved} tertinggal."
        ),
        (
            f"{full} perjalanan berangkat terisi {FULL_PERCENT}% atau lebih; rata-rata kotak "
            f"{decimal_comma(_mean([fill['kotak'] for fill in fills]), 1)}%."
        ),
        (
            f"{tight} hari kendaraan menyisakan kurang dari {clock(TIGHT_S)} jam kerja; rata-rata sisa "
            f"{clock(int(_mean(list(left.values()))))}."
        ),
    ]
    says += [f"{count} set tertinggal: {reason}" for reason, count in _reasons(plan)]
    binds = []
    if fills and full * 2 >= len(fills):
        binds.append("muatan")
    if left and tight * 2 >= len(left):
        binds.append("jam")
    return Explanation(subject=name, kind="rencana", binds=tuple(binds), says=tuple(says))


def _reasons(plan: Plan) -> list[tuple[str, int]]:
    """Return the reasons for what is left, one sentence for each code."""
    counted = Counter(each.code for each in plan.unserved)
    first = {each.code: each.reason for each in reversed(plan.unserved)}
    return [(first[code], count) for code, count in counted.most_common()]


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def _trip(case: Case, plan: Plan, name: str) -> Explanation:
    trip = next(each for each in plan.trips if each.id == name)
    fill = fill_percent(case, trip)
    left_s = day_left_s(case, plan, trip.vehicle, trip.date)
    waits_s = sum(int((stop.unload_at - stop.arrive_at).total_seconds()) for stop in trip.stops)
    boxes = sum(case.unit[unit].boxes for stop in trip.stops for unit in stop.units)
    limits = trip_limits(case, plan, trip)
    says = [
        _lead(case, trip, limits),
        (
            f"{trip.vehicle} dari {case.place[trip.origin].name}, {len(trip.stops)} tempat, {boxes} kotak, "
            f"{kilometres(trip.distance_m)}."
        ),
        "Terisi " + ", ".join(f"{name} {decimal_comma(share, 1)}%" for name, share in fill.items()) + ".",
        f"Sisa jam kerja kendaraan itu pada tanggal yang sama {clock(left_s)}; menunggu {clock(waits_s)}.",
    ]
    spare = [unit for unit in _neighbours(case, plan, trip) if _fits(case, trip, unit)]
    if spare:
        says.append(f"Ruangnya cukup untuk satu dari {len(spare)} set lain yang menuju tempat yang sama.")
    return Explanation(
        subject=trip.id, kind="perjalanan", binds=binding(limits), says=tuple(says), limits=limits
    )


def _neighbours(case: Case, plan: Plan, trip: Trip) -> list[Unit]:
    """Return the units that other trips from the same origin bring to this trip's places."""
    places = {stop.place for stop in trip.stops}
    return [
        case.unit[unit]
        for other in plan.trips
        if other.id != trip.id and other.origin == trip.origin
        for stop in other.stops
        if stop.place in places
        for unit in stop.units
    ]


def _fits(case: Case, trip: Trip, unit: Unit) -> bool:
    kind = case.type_of(trip.vehicle)
    units = [case.unit[each] for stop in trip.stops for each in stop.units] + [unit]
    return (
        sum(each.boxes for each in units) <= kind.boxes_max
        and sum(each.volume_ml for each in units) <= kind.volume_ml_max
        and sum(each.weight_g for each in units) <= kind.weight_g_max
    )


def _vehicle(case: Case, plan: Plan, name: str) -> Explanation:
    by_date: dict[date, list[Trip]] = defaultdict(list)
    for trip in plan.trips:
        if trip.vehicle == name:
            by_date[trip.date].append(trip)
    allowed = name in case.strategy.vehicles
    says = [] if allowed else [f"{name} tidak termasuk kendaraan strategi ini."]
    if allowed and not by_date:
        says.append(f"{name} tidak dipakai: rencana ini cukup tanpa kendaraan itu.")
    bands = bands_of(case.problem, plan)
    for day, trips in sorted(by_date.items()):
        left_s = day_left_s(case, plan, name, day)
        back = clock_text(second(trips[-1].return_at), case.zone)
        metres = sum(trip.distance_m for trip in trips)
        says.append(
            f"{day:%d-%m-%Y}: {len(trips)} perjalanan, {kilometres(metres)}, kembali {back}"
            f"{bands.back[trips[-1].id].aside}, "
            f"sisa {clock(left_s)} jam kerja."
        )
    limits = vehicle_limits(case, plan, name)
    return Explanation(subject=name, kind="kendaraan", binds=binding(limits), says=tuple(says), limits=limits)


def _visits(plan: Plan, place: str) -> list[tuple[Trip, Stop]]:
    return [(trip, stop) for trip in plan.trips for stop in trip.stops if stop.place == place]


def _place(case: Case, plan: Plan, name: str) -> Explanation:
    place = case.place[name]
    visits = _visits(plan, name)
    boxes = sum(case.unit[unit].boxes for _, stop in visits for unit in stop.units)
    largest = max(
        (case.type[case.vehicle[each].type].boxes_max for each in case.strategy.vehicles), default=0
    )
    says = [_lead(case, trip, stop_limits(case, plan, trip, name)) for trip, _ in visits]
    says += [
        (
            f"{place.name}: {boxes} kotak dengan {len(visits)} kedatangan; "
            f"boleh dimasuki {', '.join(place.access)}."
        )
    ]
    each_limits = [(trip, stop_limits(case, plan, trip, name)) for trip, _ in visits]
    limits = tuple(limit for trip, found in each_limits for limit in _named(trip, found))
    binds = [each for _, found in each_limits for each in binding(found)]
    if boxes > largest:
        says.append(
            f"Kebutuhannya melebihi kendaraan terbesar strategi ini ({largest} kotak): "
            "perlu lebih dari satu perjalanan."
        )
        binds.append("muatan")
    fixed = case.strategy.date_by_place.get(name)
    if fixed is not None:
        says.append(f"Strategi menetapkan tanggal {fixed:%d-%m-%Y}.")
        binds.append("tanggal")
    due = arrival_dues(case).get(name)
    if due is not None:
        says.append(
            f"Agar semua set terserahkan pada waktunya, tiba paling lambat {clock_text(due, case.zone)}."
        )
    bands = bands_of(case.problem, plan)
    for trip, stop in visits:
        arrived = clock_text(second(stop.done_at), case.zone)
        off = bands.done[trip.id][trip.stops.index(stop)].aside
        says.append(
            f"{trip.id} ({trip.vehicle}) dari {case.place[trip.origin].name}: "
            f"{len(stop.units)} set, selesai {arrived}{off}."
        )
    left = [each for each in plan.unserved if case.unit[each.unit].place == name]
    says += [f"{each.unit} tertinggal: {each.reason}" for each in left]
    return Explanation(
        subject=name, kind="tempat", binds=tuple(dict.fromkeys(binds)), says=tuple(says), limits=limits
    )


def _lead(case: Case, trip: Trip, limits: Sequence[Limit]) -> str:
    """Return in one sentence when and by what a trip goes, with whom, and what binds it."""
    tight = [f"{limit.name} {limit.used}, batas {limit.limit}" for limit in limits if limit.binds]
    others = len({stop.place for stop in trip.stops}) - 1
    beside = f" bersama {others} tempat lain" if others else ""
    return (
        f"Berangkat {trip.date:%d-%m-%Y} dengan {trip.vehicle} ({case.type_of(trip.vehicle).name}, {trip.id})"
        f"{beside}; yang mengikat: {'; '.join(tight) or 'tidak ada yang penuh atau sempit'}."
    )


def _named(trip: Trip, limits: Sequence[Limit]) -> list[Limit]:
    """Return limits with the trip and its vehicle before each, since a place may have many visits."""
    return [replace(limit, name=f"{trip.id} {trip.vehicle}: {limit.name}") for limit in limits]


def _unit(case: Case, plan: Plan, name: str) -> Explanation:
    unit = case.unit[name]
    says = [
        (
            f"{unit.id} untuk {case.place[unit.place].name}: {unit.boxes} kotak, "
            f"{grouped(unit.weight_g // 1000)} kg."
        )
    ]
    binds = [f"jalur {case.path(unit)}"]
    says.append(_path_reason(case, unit))
    bands = bands_of(case.problem, plan)
    for trip in plan.trips:
        for stop, off in zip(trip.stops, bands.done[trip.id], strict=True):
            if unit.id in stop.units:
                done = f"{clock_text(second(stop.done_at), case.zone)}{off.aside}"
                says.append(
                    f"{trip.id} ({trip.vehicle}): {case.place[trip.origin].name} ke "
                    f"{case.place[stop.place].name}, selesai {done}."
                )
    for delivery in plan.deliveries:
        if delivery.unit == unit.id:
            off = bands.delivery.get(unit.id, NONE)
            done = f"{clock_text(second(delivery.done_at), case.zone)}{off.aside}"
            says.append(f"Regu {delivery.team} menyerahkannya kepada KPPS, selesai {done}.")
    for each in plan.unserved:
        if each.unit == unit.id:
            binds.append(each.code)
            says.append(each.reason)
    return Explanation(subject=unit.id, kind="set", binds=tuple(binds), says=tuple(says))


def _path_reason(case: Case, unit: Unit) -> str:
    """Return which rule chose the unit's path."""
    path = case.path(unit)
    if case.place[unit.place].kind == "ppk":
        return "Set PPK selalu langsung ke PPK."
    pin = case.pin.get(unit.id)
    if pin is not None and pin.path is not None:
        return f"Jalur {path} karena disematkan: {pin.reason or 'tanpa alasan tertulis'}."
    if unit.place in case.strategy.path_by_place:
        return f"Jalur {path} karena strategi mengecualikan tempat ini."
    return f"Jalur {path} karena itulah jalur strategi {case.strategy.name}."
