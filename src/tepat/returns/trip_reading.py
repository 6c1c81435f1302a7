"""What a trip from a PPK to the warehouse is planned from, read from the tables; and how far each trip is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tepat.common.frame import lies_in
from tepat.common.models import Election, Event, Office, Place
from tepat.custody.facts import microseconds
from tepat.custody.models import ObjectEvent
from tepat.custody.parties import label_of, read_post
from tepat.custody.planned import PlannedLeg
from tepat.distribution.building.fleet import TypeSettings, type_settings
from tepat.distribution.office_registers import own_vehicles
from tepat.distribution.own_fleet import OwnVehicle, example_type
from tepat.packing.models import PackedObject
from tepat.planning.rulesets import load_rule_set
from tepat.returns.models import Recap, ReturnTrip
from tepat.returns.reading import SetRow
from tepat.returns.rules_returns import BACK, Thing, spot_of
from tepat.returns.rules_trips import Cargo, TripState, trip_state

MG_PER_G = 1_000
VEHICLES_MAX = 200
MOVES = ("custody.departed", "custody.arrived")
LOADING, UNLOADING = "muat", "gudang"
# A trip that is over is not looked at for ever.
KEPT = timedelta(days=60)


@dataclass(frozen=True)
class FleetVehicle:
    """One vehicle of the office's list with the measures that a load is made for.

    Args:
        own: As the list has it.
        like: The example type that says what the list leaves out.
    """

    own: OwnVehicle
    like: TypeSettings

    @property
    def word(self) -> str:
        """The vehicle as a person picks it from a list."""
        return f"{self.own.plate}, {self.own.vehicle_class}, {self.own.boxes_max} kotak"

    @property
    def volume_ml(self) -> int:
        """Volume of its bed."""
        return self.own.volume_ml or self.like.volume_ml_max

    @property
    def weight_g(self) -> int:
        """What it may carry."""
        return self.own.weight_g or self.like.weight_g_max

    @property
    def days(self) -> frozenset[date]:
        """Dates on which it can be had; empty: all."""
        return frozenset(self.own.days)


def fleet(area_code: str) -> list[FleetVehicle]:
    """Return the office's vehicles that carry boxes, large ones first."""
    types = type_settings()
    found = [FleetVehicle(own, types[example_type(own)]) for own in own_vehicles(area_code)]
    carrying = [one for one in found if one.own.vehicle_class != "motor"]
    return sorted(carrying, key=lambda one: (-one.own.boxes_max, one.own.plate))[:VEHICLES_MAX]


def warehouses(office: Office) -> dict[str, Place | None]:
    """Return the office's warehouses by their posts; one of which only the name is known where none is."""
    rows = Place.objects.in_area(office.area_code).filter(kind=Place.Kind.GUDANG).select_related("area")
    found: dict[str, Place | None] = {f"gudang:{row.code}": row for row in rows}
    return found or {f"gudang:gudang-{office.area_code}": None}


def waiting_at(rows: Collection[SetRow], kecamatan: str, *, polling_us: int) -> list[Thing]:
    """Return what lies at a PPK, undisputed and not offered to anybody."""
    ppk = f"ppk:{kecamatan}"
    return [
        thing
        for row in rows
        if row.kecamatan == kecamatan
        for thing in row.things
        if thing.status == "dipegang"
        and spot_of(thing, ppk=ppk, polling_us=polling_us, level=row.level) == BACK[0]
    ]


def planned_things(election: Election) -> set[str]:
    """Return what a trip that was not called off is to carry."""
    rows = ReturnTrip.objects.filter(election=election, cancelled_at__isnull=True)
    return {name for things in rows.values_list("things", flat=True) for name in things}


def cargo_of(election: Election, things: Collection[Thing]) -> list[Cargo]:
    """Return things with their measures, from what packing put in and what goods measure."""
    goods = {item.code: item for item in load_rule_set(election.rule_set).items}
    boxes = {str(item.level): item for item in goods.values() if item.is_box}
    critical = {thing.object_id: thing.critical for thing in things}
    rows = PackedObject.objects.filter(election=election).select_related("set")
    found = []
    for row in rows.order_by("code").iterator(2_000):
        if row.object_id not in critical:
            continue
        inside = [(goods[code], count) for code, count in row.contents if code in goods]
        weight_mg = sum(item.weight_mg * count for item, count in inside)
        volume_ml = sum(item.volume_ml * count for item, count in inside)
        if row.is_box:
            box = boxes.get(row.set.level) or boxes["tps"]
            weight_mg, volume_ml = weight_mg + box.weight_mg, box.volume_ml
        found.append(
            Cargo(
                row.object_id,
                row.set.unit,
                critical[row.object_id],
                row.is_box,
                volume_ml,
                -(-weight_mg // MG_PER_G),
            )
        )
    return found


@dataclass(frozen=True)
class TripNow:
    """How far a trip is.

    Args:
        trip: The trip.
        state: One of the words of `TripState`.
        aboard: Things in the vehicle's hands.
        received: Things received at a warehouse.
        departed_at: When its driver's phone said that it left.
        arrived_at: When it said that it came.
    """

    trip: ReturnTrip
    state: TripState
    aboard: int
    received: int
    departed_at: datetime | None = None
    arrived_at: datetime | None = None


def trips_now(trips: Sequence[ReturnTrip], posts: Mapping[str, tuple[str, int]]) -> list[TripNow]:
    """Return how far each trip is.

    Args:
        trips: The trips.
        posts: For each thing where it is, and since when.
    """
    moved = _moves(trips)
    return [_now(trip, posts, moved.get(trip.pk, {})) for trip in trips]


def posts_in(rows: Collection[SetRow]) -> dict[str, tuple[str, int]]:
    """Return for each thing where it is, and since when."""
    return {thing.object_id: (thing.post, thing.since_us) for row in rows for thing in row.things}


def _now(trip: ReturnTrip, posts: Mapping[str, tuple[str, int]], moved: Mapping[str, datetime]) -> TripNow:
    here = [posts.get(name, ("", 0)) for name in trip.things]
    planned_us = microseconds(trip.planned_at)
    aboard = sum(post == trip.post for post, _ in here)
    received = sum(post.startswith("gudang:") and since_us >= planned_us for post, since_us in here)
    departed_at, arrived_at = moved.get(MOVES[0]), moved.get(MOVES[1])
    state = trip_state(
        things=len(trip.things),
        aboard=aboard,
        received=received,
        departed=departed_at is not None,
        arrived=arrived_at is not None,
        cancelled=trip.cancelled_at is not None,
    )
    return TripNow(trip, state, aboard, received, departed_at, arrived_at)


def _moves(trips: Sequence[ReturnTrip]) -> dict[str, dict[str, datetime]]:
    """Return what drivers' phones said of trips, by trip and kind; the first word counts."""
    first = {trip.things[0] for trip in trips if trip.things}
    ids = ObjectEvent.objects.filter(object_id__in=first, event__kind__in=MOVES).values("event_id")
    known = {trip.pk for trip in trips}
    found: dict[str, dict[str, datetime]] = {}
    for event in Event.objects.filter(pk__in=ids).order_by("occurred_at"):
        trip = event.payload.get("trip", "")
        if trip in known:
            found.setdefault(trip, {}).setdefault(event.kind, event.occurred_at)
    return found


def return_legs() -> list[PlannedLeg]:
    """Return the legs of every planned trip home: loading at the PPK, unloading at the warehouse."""
    last = ReturnTrip.objects.order_by("-depart_at").values_list("depart_at", flat=True).first()
    if last is None:
        return []
    rows = ReturnTrip.objects.filter(cancelled_at__isnull=True, depart_at__gte=last - KEPT)
    return [leg for trip in rows for leg in legs_of(trip)]


def legs_of(trip: ReturnTrip) -> tuple[PlannedLeg, PlannedLeg]:
    """Return the two changes of hands of one trip."""
    ppk = f"ppk:{trip.area_code}"
    labels = tuple(label_of(name) for name in trip.things)
    post = read_post(trip.to_post)
    where = post.key if post else trip.to_post
    loading = PlannedLeg(
        id=f"{trip.pk}:{LOADING}",
        word=f"muat {trip.pk}, {trip.vehicle}, PPK {trip.area_code}",
        from_post=ppk,
        to_post=trip.post,
        labels=labels,
        at=trip.depart_at,
        place=trip.area_code,
        loaded_at=ppk,
    )
    unloading = PlannedLeg(
        id=f"{trip.pk}:{UNLOADING}",
        word=f"{trip.pk} ke {where}",
        from_post=trip.post,
        to_post=trip.to_post,
        labels=labels,
        at=trip.arrive_at,
        loaded_at=ppk,
    )
    return loading, unloading


def recap_of(election: Election, kecamatan: str) -> Recap | None:
    """Return the recapitulation of a PPK, if it ended."""
    return Recap.objects.filter(election=election, area_code=kecamatan).first()


def trips_in(election: Election, areas: Collection[str]) -> list[ReturnTrip]:
    """Return the trips from the PPK of some areas; an empty code is the nation."""
    rows = ReturnTrip.objects.filter(lies_in("area_code", areas), election=election)
    return list(rows.select_related("driver", "escort"))
