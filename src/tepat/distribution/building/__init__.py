"""From an area and its needs to `problem.json` and its travel matrices; no Django, no server.

`problem_from_needs` makes the problem in memory, `build_problem` also makes the needs of an example list and
writes the files. Ids: warehouses ``GUDANG-n``; a PPK is its kecamatan's code, a PPS its desa's; units
``TPS-<desa>-<nnn>``, ``PPS-<desa>``, ``PPK-<kecamatan>``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from tepat.common.areas import Area
from tepat.common.elections import election_kind
from tepat.common.errors import Refused
from tepat.common.samples import SampleTps, sample_tps
from tepat.common.whole_files import reason_of
from tepat.distribution import documents
from tepat.distribution.building.baseline import KnownArea, known_area
from tepat.distribution.building.calendar import Calendar, last_mile, make_calendar
from tepat.distribution.building.contoh import contoh_sentences
from tepat.distribution.building.difficult import difficult_desa
from tepat.distribution.building.fleet import Counts, Load, type_settings
from tepat.distribution.building.motor_pool import make_fleet
from tepat.distribution.building.places import AccessNote, Aside, Ground, ppk_places, pps_places, survey
from tepat.distribution.building.prices import PriceList, prices_for, read_price_list
from tepat.distribution.building.strategies import Scene, strategies
from tepat.distribution.building.units import boxes_by_desa, example_goods, units_of
from tepat.distribution.building.warehouses import NamedWarehouse, warehouse_places
from tepat.distribution.problems import (
    PROBLEM_VERSION,
    Election,
    MatrixFile,
    Office,
    Place,
    Problem,
    Rules,
    VehicleClass,
    Weather,
)
from tepat.planning.columns import TpsColumns, columns
from tepat.planning.needs import Needs, compute_needs
from tepat.planning.rulesets import load_rule_set
from tepat.roads.matrix import WEATHERS, Matrix
from tepat.roads.places import Place as RoadPlace
from tepat.roads.travel import ModelRoads, RoadProvider, travel

PROBLEM_FILE = "problem.json"


@dataclass(frozen=True)
class Choices:
    """What an office may set; everything else follows from area, election and needs.

    Args:
        price_list: Its prices; None = the examples.
        fleet: Its numbers of vehicles; None = what is known of the area, else computed from the demand.
        provider: Its source of travel times; None = the model without a map and without road notes.
        access: What is known of the way to a desa, by desa code; beside the road notes that come with Tepat.
        weather: Days with other weather than ``kering``.
        voters_sources: How real the voters are: ``contoh``, ``perkiraan``; empty for the office's own list.
        rules: The office's switches.
        warehouses: Its own candidate warehouses, ``GUDANG-1`` and on; none = the examples.
    """

    price_list: PriceList | None = None
    fleet: Counts | None = None
    provider: RoadProvider | None = None
    access: Mapping[str, AccessNote] = field(default_factory=dict)
    weather: Mapping[date, Weather] = field(default_factory=dict)
    voters_sources: frozenset[str] = frozenset()
    rules: Rules = field(default_factory=Rules)
    warehouses: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Built:
    """A problem with its matrices, not yet written.

    Args:
        problem: The document.
        matrices: By vehicle class and weather, in the order of the problem's places.
        aside: What has no point on the map; also named in ``problem.contoh``.
    """

    problem: Problem
    matrices: Mapping[tuple[VehicleClass, Weather], Matrix]
    aside: tuple[Aside, ...]

    def write(self, folder: Path) -> Path:
        """Write the matrices, then the problem, each whole or not at all; return the problem's path.

        Raises:
            Refused: BUILD-CANNOT-WRITE.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for matrix in self.matrices.values():
                matrix.save(folder)
            documents.write(self.problem, folder / PROBLEM_FILE)
        except OSError as error:
            raise Refused("BUILD-CANNOT-WRITE", folder=folder, reason=reason_of(error)) from error
        return folder / PROBLEM_FILE


def build_problem(
    area: Area,
    election: str,
    *,
    out: Path,
    tps: Sequence[SampleTps] | None = None,
    needs: Needs | None = None,
    choices: Choices | None = None,
) -> Built:
    """Build an area's problem and write it to a folder as `problem.json` with its matrices beside it.

    Args:
        area: The kabupaten or kota.
        election: ``pemilu-2024`` or ``pilkada-2024``.
        out: The folder; made if it is not there.
        tps: The list of TPS; None = the example list. Not read where needs are given.
        needs: The needs of the office's own list.
        choices: What the office set.

    Raises:
        Refused: COMMON-UNKNOWN-ELECTION, NEEDS-UNKNOWN-ELECTION, BUILD-NO-TPS, BUILD-NO-POINT,
            BUILD-UNKNOWN-DESA, BUILD-CANNOT-WRITE.
    """
    set_by_office = choices or Choices()
    if needs is None:
        listed = sample_tps(area, election) if tps is None else tps
        needs = compute_needs(columns_of(listed), load_rule_set(election))
        set_by_office = replace(set_by_office, voters_sources=frozenset(row.voters_source for row in listed))
    built = problem_from_needs(area, election, needs, set_by_office)
    built.write(out)
    return built


def columns_of(tps: Sequence[SampleTps]) -> TpsColumns:
    """Return a list of TPS as the columns that needs are computed from."""
    ballots = sorted({ballot for row in tps for ballot in row.voters})
    return columns(
        [row.desa for row in tps],
        [row.number for row in tps],
        [row.dpt for row in tps],
        dptb=[row.dptb for row in tps],
        voters={ballot.lower(): [row.voters.get(ballot, 0) for row in tps] for ballot in ballots},
        dapil={ballot.lower(): [row.dapil.get(ballot, "") for row in tps] for ballot in ballots},
    )


def problem_from_needs(area: Area, election: str, needs: Needs, choices: Choices | None = None) -> Built:
    """Return an area's problem in memory.

    Args:
        area: The kabupaten or kota.
        election: ``pemilu-2024`` or ``pilkada-2024``.
        needs: The needs of its list of TPS.
        choices: What the office set.

    Raises:
        Refused: COMMON-UNKNOWN-ELECTION, BUILD-NO-TPS, BUILD-NO-POINT, BUILD-UNKNOWN-DESA.
    """
    chosen = choices or Choices()
    kind = election_kind(election)
    known = known_area(area.code, election)
    ground = _ground(area, kind.name, needs)
    boxes = boxes_by_desa(needs)
    calendar = make_calendar(area.province, kind.polling_date, weather=chosen.weather)
    places = _places(ground, boxes, known, chosen)
    matrices = _matrices(places, chosen)
    files = tuple(_file(matrix) for matrix in matrices.values())
    scene = _scene(places, boxes, matrices["truk", "kering"], calendar, known, chosen)
    mile = last_mile(max(ground.tps[desa.code] for desa in ground.located))
    problem = Problem(
        schema="tepat/problem",
        schema_version=PROBLEM_VERSION,
        id=f"{area.code}-{kind.code}",
        title=f"Distribusi {kind.name}, {area.name}",
        contoh=contoh_sentences(
            voters_sources=chosen.voters_sources,
            goods=example_goods(needs),
            matrices=files,
            last_mile=mile,
            aside=ground.aside,
            notes_unused=chosen.provider is None and bool(difficult_desa(area.code)),
        ),
        office=Office(code=area.code, name=f"KPU {area.name}", time_zone=calendar.zone.key),
        election=Election(code=kind.code, name=kind.name, polling_date=kind.polling_date),
        law_at=calendar.law_at,
        target_at=calendar.target_at,
        days=calendar.days,
        hours=calendar.hours,
        places=places,
        matrices=files,
        vehicle_types=tuple(scene.fleet.types.values()),
        vehicles=scene.fleet.vehicles,
        people=tuple(scene.fleet.people),
        escorts=tuple(scene.fleet.escorts),
        units=units_of(needs, [place.id for place in places], calendar.law_at),
        last_mile=mile,
        prices=prices_for(
            chosen.price_list or read_price_list(),
            office=area.name,
            kind=kind.kind,
            warehouses=[place for place in places if place.kind == "gudang"],
        ),
        rules=chosen.rules,
        strategies=strategies(scene),
    )
    return Built(problem=problem, matrices=matrices, aside=ground.aside)


def _ground(area: Area, election: str, needs: Needs) -> Ground:
    tps = needs.tps.desa
    count = dict(zip(tps.names, map(int, tps.sums(1)), strict=True))
    if not count:
        raise Refused("BUILD-NO-TPS", area=area.name, election=election)
    unknown = sorted(count.keys() - {desa.code for desa in area.desa})
    if unknown:
        raise Refused("BUILD-UNKNOWN-DESA", area=area.name, count=len(unknown), desa=unknown[0])
    ground = survey(area, count)
    if not ground.located:
        raise Refused("BUILD-NO-POINT", area=area.name, desa=len(count))
    return ground


def _places(
    ground: Ground, boxes: Mapping[str, int], known: KnownArea | None, chosen: Choices
) -> tuple[Place, ...]:
    named = known.warehouse if known else None
    warehouse = NamedWarehouse(named.name, named.note) if named else None
    return (
        *(chosen.warehouses or warehouse_places(ground, sum(boxes.values()), warehouse)),
        *ppk_places(ground),
        *pps_places(ground, {**difficult_desa(ground.area.code), **chosen.access}),
    )


def _matrices(places: Sequence[Place], chosen: Choices) -> dict[tuple[VehicleClass, Weather], Matrix]:
    """Return a matrix for each class that a vehicle type has, dry and wet: the weather stays a switch."""
    points = [RoadPlace(place.id, place.lat, place.lon, place.name, place.code) for place in places]
    classes = dict.fromkeys(settings.vehicle_class for settings in type_settings().values())
    provider = chosen.provider or ModelRoads()
    return {
        (vehicle_class, weather): travel(points, vehicle_class, weather, provider=provider)
        for vehicle_class in classes
        for weather in WEATHERS
    }


def _file(matrix: Matrix) -> MatrixFile:
    digest = documents.sha256(matrix.to_bytes())
    return MatrixFile(
        vehicle_class=matrix.vehicle_class,
        weather=matrix.weather,
        file=f"{digest}.npy",
        sha256=digest,
        source=matrix.source,
        error_low_percent=matrix.error_band.low_percent,
        error_high_percent=matrix.error_band.high_percent,
    )


def _scene(
    places: tuple[Place, ...],
    boxes: Mapping[str, int],
    truck: Matrix,
    calendar: Calendar,
    known: KnownArea | None,
    chosen: Choices,
) -> Scene:
    row = {place: at for at, place in enumerate(truck.places)}
    baseline = known.baseline if known else None
    pps = [place for place in places if place.kind == "pps"]
    from_warehouse = [Load(boxes[place.id], int(truck.duration_s[0, row[place.id]])) for place in pps]
    from_ppk: dict[str, list[Load]] = {place.id: [] for place in places if place.kind == "ppk"}
    for place in pps:
        assert place.parent is not None, place.id
        drive_s = int(truck.duration_s[row[place.parent], row[place.id]])
        from_ppk[place.parent].append(Load(boxes[place.id], drive_s))
    counts = chosen.fleet or (known.fleet if known else None)
    return Scene(
        places=places,
        fleet=make_fleet(calendar, from_warehouse, from_ppk, counts=counts, baseline=baseline),
        calendar=calendar,
        distance_m=lambda place: int(truck.distance_m[0, row[place]]),
        baseline=baseline,
    )
