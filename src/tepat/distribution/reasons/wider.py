"""What binds a date, a warehouse, or the path of a kecamatan: what the plan does there, with numbers."""

from collections import Counter
from datetime import date

from msgspec.structs import replace

from tepat.common.quantities import clock, grouped, kilometres, rupiah
from tepat.distribution.case import Case
from tepat.distribution.costing import Ledger
from tepat.distribution.plans import Plan, Trip
from tepat.distribution.reasons.limits import (
    FULL_PERCENT,
    TIGHT_S,
    Explanation,
    Limit,
    binding,
    day_left_s,
    fill_percent,
)
from tepat.distribution.reasons.widening import PATH_WORDS


def explain_day(case: Case, plan: Plan, name: str) -> Explanation:
    """Return what a plan does on a date: how many vehicles, how full, how much time is left."""
    day = date.fromisoformat(name)
    trips = [trip for trip in plan.trips if trip.date == day]
    at_work = sorted({trip.vehicle for trip in trips})
    could = [
        vehicle
        for vehicle in case.strategy.vehicles
        if day in case.vehicle[vehicle].dates and case.shift(case.vehicle[vehicle], day) is not None
    ]
    left = [day_left_s(case, plan, vehicle, day) for vehicle in at_work]
    full = sum(max(fill_percent(case, trip).values()) >= FULL_PERCENT for trip in trips)
    says = [
        (
            f"{day:%d-%m-%Y}: {len(trips)} perjalanan dengan {len(at_work)} kendaraan, "
            f"{_boxes(case, trips)} kotak, jalan {case.weather[day]}."
        ),
        (
            f"{full} perjalanan berangkat terisi {FULL_PERCENT}% atau lebih; "
            f"{sum(each < TIGHT_S for each in left)} kendaraan menyisakan kurang dari {clock(TIGHT_S)}."
        ),
    ]
    kinds = [
        "gudang" if kind == "gudang" else "PPK"
        for kind, dates in case.strategy.dates_by_origin.items()
        if day in dates
    ]
    says.append(
        f"Strategi ini membolehkan berangkat pada tanggal itu dari {' dan '.join(kinds)}."
        if kinds
        else "Strategi ini tidak memberangkatkan kendaraan pada tanggal itu."
    )
    limits = (
        Limit(
            name="kendaraan",
            used=grouped(len(at_work)),
            limit=grouped(len(could)),
            left=grouped(len(could) - len(at_work)),
            binds=bool(at_work) and len(at_work) >= len(could),
        ),
        *_docks(case, trips),
    )
    return Explanation(subject=name, kind="tanggal", binds=binding(limits), says=tuple(says), limits=limits)


def _boxes(case: Case, trips: list[Trip]) -> str:
    return grouped(sum(case.unit[unit].boxes for trip in trips for stop in trip.stops for unit in stop.units))


def _docks(case: Case, trips: list[Trip]) -> list[Limit]:
    """Return the docks of the origins of a date's trips, where docks count."""
    if not case.problem.rules.docks_apply:
        return []
    found = []
    for origin in dict.fromkeys(trip.origin for trip in trips):
        docks = case.place[origin].docks
        if docks is None:
            continue
        mine = [trip for trip in trips if trip.origin == origin]
        most = max(sum(other.load_at <= trip.load_at < other.depart_at for other in mine) for trip in mine)
        found.append(
            Limit(
                name=f"tempat bongkar muat {case.place[origin].name}",
                used=grouped(most),
                limit=grouped(docks),
                left=grouped(docks - most),
                binds=most >= docks,
            )
        )
    return found


def explain_warehouse(case: Case, plan: Plan, name: str) -> Explanation:
    """Return what leaves a warehouse, and what it costs to keep it open."""
    place, trips = case.place[name], [trip for trip in plan.trips if trip.origin == name]
    rent = case.rupiah_for("warehouse", name)
    if name not in case.strategy.warehouses:
        says = [
            f"{place.name} tidak dibuka oleh strategi ini; membukanya {rupiah(rent)} menurut daftar harga."
        ]
        return Explanation(subject=name, kind="gudang", binds=("strategi",), says=tuple(says))
    far = max((trip.distance_m for trip in trips), default=0)
    says = [
        (
            f"{place.name}: {len(trips)} perjalanan, {_boxes(case, trips)} kotak, "
            f"{kilometres(sum(trip.distance_m for trip in trips))}; perjalanan terjauh {kilometres(far)}."
        ),
        f"Membukanya {rupiah(rent)} menurut daftar harga.",
    ]
    limits = tuple(_docks(case, trips))
    return Explanation(subject=name, kind="gudang", binds=binding(limits), says=tuple(says), limits=limits)


def explain_path(case: Case, plan: Plan, name: str) -> Explanation:
    """Return by which path the PPS of a kecamatan are served, with hand-overs and guarded nights."""
    inside = {place.id for place in case.problem.places if place.kind == "pps" and place.parent == name}
    units = [unit for unit in case.problem.units if unit.place in inside]
    counted = Counter(case.path(unit) for unit in units)
    here = inside | {name}
    stops = [stop for trip in plan.trips for stop in trip.stops if stop.place in here]
    kept = tuple(trip for trip in plan.trips if any(stop.place in here for stop in trip.stops))
    nights = Ledger(
        case,
        tuple(_only(trip, here) for trip in kept),
        tuple(each for each in plan.deliveries if case.unit[each.unit].place in inside),
    ).guard_nights
    own = [unit for unit in units if unit.id in case.pin and case.pin[unit.id].path is not None]
    paths = ", ".join(f"{count} set {PATH_WORDS[path]}" for path, count in sorted(counted.items()))
    area = case.place[name].name.removeprefix("PPK ")
    says = [
        f"Kecamatan {area}, {len(inside)} PPS: {paths or 'tidak ada set'}.",
        f"{len(stops)} serah terima di PPK dan PPS, {nights['ppk'] + nights['pps']} malam jaga.",
    ]
    binds = ["strategi"]
    if any(place in case.strategy.path_by_place for place in inside):
        says.append("Strategi mengecualikan tempat di kecamatan ini dari jalurnya yang umum.")
    if own:
        says.append(f"{len(own)} set memakai jalur yang disematkan.")
        binds.append("sematan")
    return Explanation(subject=name, kind="jalur", binds=tuple(binds), says=tuple(says))


def _only(trip: Trip, places: set[str]) -> Trip:

    return replace(trip, stops=tuple(stop for stop in trip.stops if stop.place in places))
