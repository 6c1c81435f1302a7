"""The problem of this office: its register, its needs, its prices, as `problem.json` with the matrices."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import msgspec

from tepat.common.areas import load_area
from tepat.common.models import Election, Tps
from tepat.distribution.building import Built, Choices, problem_from_needs
from tepat.distribution.building.difficult import noted_model
from tepat.distribution.building.prices import PriceList, read_price_list, with_lines_for
from tepat.distribution.building.warehouses import CANDIDATES_MAX
from tepat.distribution.models import PriceSetting
from tepat.distribution.office_registers import own_vehicles, own_warehouses
from tepat.distribution.own_fleet import with_own_fleet, with_own_warehouses
from tepat.distribution.problems import Problem, Weather
from tepat.planning.office_needs import needs_in_area

DAYS_BEFORE_MAX = 14


@dataclass(frozen=True)
class Wishes:
    """What a person asks of a new problem.

    Args:
        wet: All days are taken as rainy.
        heed_notes: Notes on hard roads count in the travel times.
        warehouses_max: How many candidate warehouses are compared.
    """

    wet: bool = False
    heed_notes: bool = False
    warehouses_max: int = CANDIDATES_MAX


def build_office_problem(area_code: str, election: str, wishes: Wishes, *, out: Path) -> Built:
    """Build the problem from the register and write it with its matrices.

    Args:
        area_code: The office's area.
        election: The election's code.
        wishes: What was asked.
        out: The folder it is written to.

    Raises:
        Refused: BUILD-NO-TPS, BUILD-NO-POINT, BUILD-UNKNOWN-DESA, BUILD-CANNOT-WRITE.
    """
    row = Election.objects.get(code=election)
    kinds = (
        Tps.objects.in_area(area_code).filter(election=row).values_list("source_kind", flat=True).distinct()
    )
    choices = Choices(
        price_list=office_prices(row, area_code),
        provider=noted_model(area_code, row.polling_date) if wishes.heed_notes else None,
        weather=_weather(row.polling_date) if wishes.wet else {},
        voters_sources=frozenset(kind for kind in kinds if kind != "daftar"),
    )
    area = load_area(area_code)
    warehouses = own_warehouses(area, wishes.warehouses_max)
    listed = with_lines_for(choices.price_list or read_price_list(), len(warehouses.places))
    choices = replace(choices, warehouses=warehouses.places, price_list=listed)
    built = problem_from_needs(area, election, needs_in_area(row, area_code), choices)
    problem = with_own_warehouses(built.problem, warehouses.money, warehouses.unused)
    problem = with_own_fleet(problem, own_vehicles(area_code))
    built = replace(built, problem=_titled(problem, wishes))
    built.write(out)
    return built


def _titled(problem: Problem, wishes: Wishes) -> Problem:
    """Return a problem that says in its titles what it supposes, so that no paper of it misleads."""
    supposed = [
        *(["hari hujan"] if wishes.wet else []),
        *(["dengan catatan jalan sulit"] if wishes.heed_notes else []),
    ]
    if not supposed:
        return problem
    words = ", ".join(supposed)
    return msgspec.structs.replace(
        problem,
        title=f"{problem.title} ({words})",
        strategies=tuple(
            msgspec.structs.replace(strategy, title=f"{strategy.title} ({words})")
            for strategy in problem.strategies
        ),
    )


def _weather(polling_date: date) -> dict[date, Weather]:
    return {polling_date - timedelta(days=days): "hujan" for days in range(1, DAYS_BEFORE_MAX)}


def office_prices(election: Election, area_code: str) -> PriceList:
    """Return the price list with what the office set itself; those lines are no longer examples."""
    listed = read_price_list()
    own = {row.price: row for row in PriceSetting.objects.filter(election=election, area_code=area_code)}
    prices = tuple(
        msgspec.structs.replace(price, rupiah=own[price.id].rupiah, source=own[price.id].source, contoh=False)
        if price.id in own
        else price
        for price in listed.prices
    )
    return msgspec.structs.replace(listed, prices=prices)
