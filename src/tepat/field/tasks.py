"""What a device has to give and to receive today: from open offers, and from the published plan."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from tepat.common.frame import lies_in
from tepat.common.models import Area, Dapil, Office, Place, VaultEntry
from tepat.common.permissions import Role
from tepat.custody import holdings
from tepat.custody.models import Card, Device, Holding, Invitation, ObjectEvent, Offer, TrayItem
from tepat.custody.parties import PREFIXES, label_of, read_post, unit_label
from tepat.custody.rules import State
from tepat.custody.words import post_word
from tepat.field import wire
from tepat.field.homeward import home_legs
from tepat.field.planned import Leg, legs_for

HELD_SHOWN_MAX = 600
CARDS_SHOWN_MAX = 300
OBJECTS_SHOWN_MAX = 400
DAYS_AROUND = 1
DAPIL_BALLOT = "DPRDK"
DEPARTED, ARRIVED = "custody.departed", "custody.arrived"


def tasks_for(device: Device, *, at: datetime) -> wire.Tasks:
    """Return what a device needs for today.

    Args:
        device: Who asks; may still belong to nobody.
        at: When.
    """
    office = Office.objects.get()
    zone = ZoneInfo(office.time_zone)
    today = at.astimezone(zone).date()
    holdings.refresh()
    tasks = _offers(device) if device.person_id else []
    tasks += _planned(device, office, today, tasks)
    held = _held(device)
    shown = {name for task in tasks for name in task.objects} | set(held)
    return wire.Tasks(
        received_at=wire.moment(at),
        tasks=tasks[: wire.TASKS_MAX],
        held=held,
        cards=_cards(device, at),
        day=today.isoformat(),
        refused_devices=_refused(device),
        areas=_areas(office),
        seals=_seals(shown),
    )


def _offers(device: Device) -> list[wire.Task]:
    """Return the open offers to this post or person."""
    rows = Offer.objects.filter(state=Offer.State.OPEN)
    mine = rows.filter(to_post=device.post) if device.post else _several(rows, device)
    names, words = _names({row.giver for row in mine}), _post_words({row.from_post for row in mine})
    return [
        wire.Task(
            direction="terima",
            other=wire.Party(
                post=row.from_post,
                word=words[row.from_post],
                person=row.giver,
                name=names.get(row.giver, ""),
            ),
            count=row.count,
            objects=row.objects_named[:OBJECTS_SHOWN_MAX],
            leg=row.leg,
            place=row.place,
            expected_at=row.expected_at,
            offer=wire.OpenOffer(
                id=str(row.pk), list_hash=row.list_hash, objects=row.objects_named[:OBJECTS_SHOWN_MAX]
            ),
        )
        for row in mine.order_by("offered_us", "pk")[: wire.TASKS_MAX]
        if row.giver != str(device.person_id)
    ]


def _several(rows: QuerySet[Offer], device: Device) -> QuerySet[Offer]:
    """Return the offers to a role that stands at several posts, such as a driver's trips."""
    prefix = PREFIXES.get(Role[device.role], "")
    found = rows.filter(to_post__startswith=f"{prefix}:")
    return found.filter(lies_in("area_code", (device.area_code,))) if prefix == "kpps" else found


def _names(people: Iterable[str]) -> dict[str, str]:
    ids = [UUID(person) for person in people if person]
    found = VaultEntry.objects.filter(person_id__in=ids).values_list("person_id", "name")
    return {str(person): name for person, name in found}


def _post_words(posts: Iterable[str]) -> dict[str, str]:
    """Return posts as people say them, such as ``PPS Kunden``."""
    read = [found for post in set(posts) if (found := read_post(post))]
    codes = {found.area_code for found in read}
    areas = dict(Area.objects.filter(code__in=codes, valid_to__isnull=True).values_list("code", "name"))
    places = dict(Place.objects.filter(code__in=[found.key for found in read]).values_list("code", "name"))
    return {post: _said_of(post, areas, places) for post in posts}


def _said_of(post: str, areas: dict[str, str], places: dict[str, str]) -> str:
    kind, _, key = post.partition(":")
    return places.get(key, f"Gudang {key}") if kind == "gudang" else post_word(post, areas)


def _planned(device: Device, office: Office, today: date, tasks: Sequence[wire.Task]) -> list[wire.Task]:
    """Return what the published plan expects of this post, but for what is offered or done already."""
    days = {today + timedelta(days=shift) for shift in range(-DAYS_AROUND, DAYS_AROUND + 1)}
    legs = [*legs_for(device, days), *home_legs(device, office, days)]
    offered = {task.leg for task in tasks if task.leg}
    objects = _objects_of([unit for leg in legs for unit in leg.units], office)
    firsts = [objects[unit][0] for leg in legs for unit in leg.units[:1] if objects.get(unit)]
    moved = _moved([*firsts, *(leg.objects[0] for leg in legs if leg.objects)])
    found = []
    for leg in legs:
        named = [*leg.objects, *(name for unit in leg.units for name in objects.get(unit, ()))]
        if leg.id in offered or (named and _done(leg, named, device)):
            continue
        found.append(
            wire.Task(
                direction=leg.direction,
                other=wire.Party(post=leg.other_post, word=leg.other_word),
                count=len(named) or leg.boxes,
                objects=named[:OBJECTS_SHOWN_MAX],
                leg=leg.id,
                trip=leg.trip,
                place=leg.place,
                expected_at=wire.moment(leg.at),
                place_word=leg.place_word,
                vehicle=leg.vehicle,
                paper=leg.paper,
                departed_at=moved.get((leg.trip, ""), ""),
                arrived_at=moved.get((leg.trip, leg.id), ""),
            )
        )
    return found


def _moved(objects: Iterable[str]) -> dict[tuple[str, str], str]:
    """Return when drivers left, by trip and nothing, and arrived, by trip and leg; the last word counts.

    Args:
        objects: One object of each leg, by which the events are found.
    """
    rows = ObjectEvent.objects.filter(object_id__in=set(objects), event__kind__in=(DEPARTED, ARRIVED))
    found = {}
    for row in rows.select_related("event").order_by("event__occurred_at"):
        event = row.event
        leg = "" if event.kind == DEPARTED else event.payload["leg"]
        found[event.payload["trip"], leg] = wire.moment(event.occurred_at)
    return found


def _objects_of(units: Sequence[str], office: Office) -> dict[str, list[str]]:
    """Return the registered objects of planned units, by the beginnings of their labels."""
    wanted = {label: unit for unit in units if (label := unit_label(unit, office.area_code))}
    areas = {unit.partition("-")[2].partition("-")[0] for unit in units}
    found: dict[str, list[str]] = defaultdict(list)
    rows = Holding.objects.filter(area_code__in=areas).order_by("object_id")
    for name in rows.values_list("object_id", flat=True):
        label = label_of(name)
        unit = wanted.get(label[: label.rfind("-") + 1])
        if unit:
            found[unit].append(name)
    return found


def _done(leg: Leg, objects: Sequence[str], device: Device) -> bool:
    """Return whether a leg has nothing left to do: its offer is answered, or all is where it should go."""
    rows = Holding.objects.filter(pk__in=objects[:OBJECTS_SHOWN_MAX])
    if leg.direction == "serahkan":
        return not rows.filter(holder=str(device.person_id)).exists()
    if leg.direction == "terima":
        open_ones = (Offer.State.OPEN, Offer.State.WITHDRAWN)
        answered = Offer.objects.filter(leg=leg.id).exclude(state__in=open_ones)
        return answered.exists() or not rows.exclude(post=_own_post(leg, device)).exists()
    return False


def _own_post(leg: Leg, device: Device) -> str:
    """Return where a leg ends for who receives it; drivers and KPPS stand at several posts."""
    last_mile = f"kpps:{leg.units[0].removeprefix('TPS-')}" if leg.units else ""
    return device.post or (f"angkutan:{leg.trip}" if leg.trip else last_mile)


def _held(device: Device) -> list[str]:
    if device.person_id is None:
        return []
    rows = holdings.held_by(str(device.person_id)).values_list("object_id", flat=True)
    return list(rows[:HELD_SHOWN_MAX])


def _cards(device: Device, at: datetime) -> list[wire.KnownCard]:
    """Return the cards that may be shown here: of this area's people, of those above it, and of drivers."""
    cards = Card.objects.valid_at(at).select_related("person__vault")
    above = device.area_code.rpartition(".")[0]
    inside = cards.filter(lies_in("area_code", (device.area_code,)))
    near = inside | cards.filter(role=Role.PPK.name, area_code=above) | cards.filter(role=Role.PENGEMUDI.name)
    return [
        wire.KnownCard(
            card=card.pk,
            person=str(card.person_id),
            name=card.person.shown_name,
            post=card.post,
            role=card.role,
        )
        for card in near.distinct().order_by("area_code", "role", "pk")[:CARDS_SHOWN_MAX]
    ]


def _refused(device: Device) -> int:
    """Return how many phones were refused in this area: its person in charge must know.

    A second phone on a card that has one, and an old phone that still sends after a spare card replaced it.
    """
    here = lies_in("area_code", (device.area_code,))
    second = Invitation.objects.filter(here, second_tries__gt=0).count()
    replaced = TrayItem.objects.filter(here, code="FIELD-REPLACED", taken_in_at=None)
    return second + replaced.values("device").distinct().count()


def _areas(office: Office) -> dict[str, wire.AreaWords]:
    """Return the office's desa and PPK by the first six digits of their labels, each with its dapil."""
    dapil = _dapil_of()
    found = {}
    cut = len(office.area_code) + 1
    for area in Area.objects.filter(
        lies_in("code", (office.area_code,)), valid_to__isnull=True, level__in=("kecamatan", "desa")
    ):
        key = area.code[cut:].replace(".", "").ljust(6, "0")
        name = f"PPK {area.name}" if area.level == "kecamatan" else area.name
        kecamatan = area.code if area.level == "kecamatan" else area.parent_code
        found[key] = wire.AreaWords(name=name, dapil=dapil.get(area.code) or dapil.get(kecamatan, ""))
    return found


def _dapil_of() -> dict[str, str]:
    """Return the name of the kabupaten's dapil by desa, and by the kecamatan that it lies in."""
    rows = Dapil.objects.filter(ballot=DAPIL_BALLOT).order_by("pk").values_list("areas__code", "name")
    named = {code: name for code, name in rows if code}
    return {code.rpartition(".")[0]: name for code, name in named.items()} | named


def _seals(objects: Iterable[str]) -> dict[str, list[str]]:
    """Return the numbers that each object's seals should have, of the set that was put on last."""
    found = {}
    for name, state in holdings.state_of(sorted(objects)).items():
        numbers = _expected(state)
        if numbers:
            found[name] = numbers
    return found


def _expected(state: State) -> list[str]:
    closed = [seals for seals in state.seals if seals.expected and not seals.opened_us]
    latest = max(closed, key=lambda seals: seals.sealed_us, default=None)
    return list(latest.expected) if latest else []
