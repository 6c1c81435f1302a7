"""A first answer by filling vehicles exactly along one tour; a lot may straddle two rounds, a unit never.

Packing, not the order of stops, is where money is lost: lots of 50 boxes fill trucks of 120 badly unless
they may be split where the tour wants it (docs/decisions/0007-solving.md).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from tepat.distribution.routing import ORIGIN, Cargo, FleetGroup, Halt, Part, Route
from tepat.solvers.loads import Piece, Room, Round, Travel
from tepat.solvers.tours import tour

STARTS_MAX = 12
"""Points of the tour at which filling is tried to begin."""

KEEP_WHOLE_SHARES = (1.0, 0.95, 0.88)
"""A round filled beyond this share is closed rather than split a lot for its rest; each is tried."""


Stock = dict[int, tuple[Cargo, ...]]
"""What is left of each lot."""


@dataclass
class DayOfRounds:
    """One vehicle-day: its group and rounds, and the seconds left."""

    group: int
    left_s: int
    rounds: list[Round] = field(default_factory=list)


@dataclass(frozen=True)
class Filling:
    """A first answer: rounds by vehicle-day, and what found no room."""

    days: tuple[DayOfRounds, ...]
    left: tuple[Piece, ...]


def fill(part: Part, seed: int = 0) -> Filling:
    """Return a first answer for a part: the cheapest vehicles first, each kind until its hours are used up.

    Args:
        part: What to route.
        seed: Shifts the points at which filling begins, so that two searches start apart.
    """
    travel = Travel(part)
    stock: Stock = {index: lot.cargo for index, lot in enumerate(part.lots)}
    days: list[DayOfRounds] = []
    for members in _kinds(part, travel):
        group = replace(part.groups[members[0]], count=sum(part.groups[each].count for each in members))
        lots = [index for index, cargo in stock.items() if cargo and members[0] in part.lots[index].groups]
        if not lots or not group.count:
            continue
        rounds = _best_rounds(travel, group, {index: stock[index] for index in lots}, seed)
        packed = _pack(travel, group, rounds)
        _date(travel, members, packed)
        days += packed
        carried = {
            each.unit for day in packed for round_ in day.rounds for piece in round_ for each in piece.cargo
        }
        stock = {
            index: tuple(each for each in cargo if each.unit not in carried) for index, cargo in stock.items()
        }
    left = tuple(Piece(index, cargo) for index, cargo in stock.items() if cargo)
    return Filling(tuple(days), left)


def first_answer(part: Part) -> tuple[tuple[Route, ...], tuple[str, ...]]:
    """Return the first answer as routes and units left: what remains when every search broke down."""
    return answer_of(fill(part))


def answer_of(filling: Filling) -> tuple[tuple[Route, ...], tuple[str, ...]]:
    """Return a filling as routes and units left."""
    routes = tuple(Route(day.group, tuple(halts(round_) for round_ in day.rounds)) for day in filling.days)
    return routes, tuple(each.unit for piece in filling.left for each in piece.cargo)


def halts(round_: Round) -> tuple[Halt, ...]:
    """Return a round's halts, pieces of one lot joined into one."""
    units: dict[int, list[str]] = {}
    for piece in round_:
        units.setdefault(piece.lot, []).extend(each.unit for each in piece.cargo)
    return tuple(Halt(lot, tuple(each)) for lot, each in units.items())


def _kinds(part: Part, travel: Travel) -> list[list[int]]:
    """Return the groups that differ only in date and number, fewest nights first; the cheapest kind first."""
    kinds: dict[tuple[FleetGroup, tuple[int, ...]], list[int]] = defaultdict(list)
    for position, group in enumerate(part.groups):
        lots = tuple(index for index, lot in enumerate(part.lots) if position in lot.groups)
        kinds[replace(group, count=0, nights=0), lots].append(position)
    places = sorted(part.lots, key=lambda lot: (travel.seconds[0][ORIGIN][lot.place], lot.place))
    if not places:
        return []
    middle = part.lots.index(places[len(places) // 2])

    def per_box(group: FleetGroup) -> float:
        full = Piece(middle, (Cargo("", group.boxes_max, 0, 0),))
        return travel.round_rupiah((full,), group) / max(1, group.boxes_max)

    ranked = sorted(kinds, key=lambda key: (per_box(key[0]), kinds[key]))
    return [
        sorted(kinds[key], key=lambda position: (part.groups[position].nights, position)) for key in ranked
    ]


def _date(travel: Travel, members: Sequence[int], days: Sequence[DayOfRounds]) -> None:
    """Give each vehicle-day a group with a date: those whose goods are dearest to guard go last."""
    dear = sorted(
        range(len(days)),
        key=lambda index: (
            -sum(travel.night_rupiah(piece) for round_ in days[index].rounds for piece in round_),
            index,
        ),
    )
    room = [position for position in members for _ in range(travel.part.groups[position].count)]
    for index, position in zip(dear, room, strict=False):
        days[index].group = position


def _best_rounds(travel: Travel, group: FleetGroup, stock: Stock, seed: int) -> list[Round]:
    """Return the cheapest set of rounds over several starts, directions and willingness to split."""
    full, rest = _full_rounds(group, stock)
    if not rest:
        return full
    lots = sorted(rest)
    rows = [ORIGIN, *(travel.part.lots[index].place for index in lots)]
    seconds = travel.seconds_array[group.matrix][rows][:, rows].astype(float)
    order = [lots[row - 1] for row in tour(seconds)]
    step = max(1, len(order) // STARTS_MAX)
    best: tuple[float, list[Round]] | None = None
    for start in range(seed % step, len(order), step):
        turned = order[start:] + order[:start]
        for way in (turned, turned[::-1]):
            for keep in KEEP_WHOLE_SHARES:
                rounds = _along(way, rest, group, keep)
                cost = sum(travel.round_rupiah(each, group) for each in rounds)
                if best is None or cost < best[0]:
                    best = (cost, rounds)
    assert best is not None
    return full + best[1]


def _full_rounds(group: FleetGroup, stock: Stock) -> tuple[list[Round], Stock]:
    """Return rounds that one lot fills alone, and the rest of each lot."""
    full: list[Round] = []
    rest: Stock = {}
    for index, cargo in stock.items():
        left = cargo
        while left:
            taken = Room(group).prefix(left)
            if len(taken) == len(left):
                rest[index] = left
                break
            if not taken:
                left = left[1:]
                continue
            full.append((Piece(index, taken),))
            left = left[len(taken) :]
    return full, rest


def _along(order: Sequence[int], stock: Stock, group: FleetGroup, keep_whole: float) -> list[Round]:
    """Return rounds filled one after another along a tour."""
    rounds: list[Round] = []
    current: list[Piece] = []
    room = Room(group)
    for index in order:
        left = stock[index]
        while left:
            tried = Room(group)
            tried.boxes, tried.volume_ml, tried.weight_g = room.boxes, room.volume_ml, room.weight_g
            taken = tried.prefix(left)
            filled = 1 - room.boxes / max(1, group.boxes_max)
            if len(taken) < len(left) and current and (filled >= keep_whole or not taken):
                rounds.append(tuple(current))
                current, room = [], Room(group)
                continue
            if not taken:
                left = left[1:]
                continue
            current.append(Piece(index, taken))
            room = tried
            left = left[len(taken) :]
    if current:
        rounds.append(tuple(current))
    return rounds


def _pack(travel: Travel, group: FleetGroup, rounds: Sequence[Round]) -> list[DayOfRounds]:
    """Pack rounds into vehicle-days, longest first, each where it leaves least time; the rest is not packed.

    The days have no group yet.
    """
    timed = sorted(
        ((travel.duration_s(each, group), index) for index, each in enumerate(rounds)), reverse=True
    )
    days: list[DayOfRounds] = []
    for duration_s, index in timed:
        open_days = [day for day in days if day.left_s >= duration_s]
        if open_days:
            day = min(open_days, key=lambda each: each.left_s)
        elif len(days) < group.count and group.closes_s - group.opens_s >= duration_s:
            day = DayOfRounds(-1, group.closes_s - group.opens_s)
            days.append(day)
        else:
            continue
        day.rounds.append(rounds[index])
        day.left_s -= duration_s
    return days
