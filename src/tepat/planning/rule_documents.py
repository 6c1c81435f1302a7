"""Reads the document of one election event into a `RuleSet`; names the row and the field that are wrong."""

from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from tepat.common.errors import Refused
from tepat.planning.formulas import parse_formula
from tepat.planning.rules import (
    LEVELS,
    MARKS,
    AreaException,
    Ballot,
    Class,
    Item,
    Param,
    Placement,
    RuleSet,
    check_names,
)

ITEMS_MAX = 500


def read_rule_set(document: Mapping[str, Any], goods: Mapping[str, Mapping[str, Any]]) -> RuleSet:
    """Return the rule set that a document describes.

    Args:
        document: One election event, as its TOML file holds it.
        goods: What each kind of goods is (name, unit, weight …) by code; an event may say otherwise.

    Raises:
        Refused: NEEDS-RULESET-INVALID, NEEDS-FORMULA-INVALID, NEEDS-FORMULA-NAME.
    """
    head = _Row("election", document.get("election", {}))
    params = {
        name: _param(name, _Row(f"params.{name}", row)) for name, row in document.get("params", {}).items()
    }
    ballots = tuple(
        Ballot(row.text("code"), row.text("name"), by_dapil=row.flag("by_dapil"))
        for row in (_Row("ballots", entry) for entry in document.get("ballots", []))
    )
    rows = document.get("items", [])
    if not 0 < len(rows) <= ITEMS_MAX:
        raise Refused("NEEDS-RULESET-INVALID", place="items", field=f"1–{ITEMS_MAX}")
    items = tuple(
        _item(_Row(str(row.get("code")), {**goods.get(row.get("code", ""), {}), **row})) for row in rows
    )
    _check_items(items, params, {ballot.code for ballot in ballots})
    return RuleSet(
        code=head.text("code"),
        name=head.text("name"),
        polling_date=head.day("polling_date") if "polling_date" in head.row else None,
        valid_from=head.day("valid_from"),
        valid_to=head.day("valid_to"),
        law=head.text("law"),
        tps_limit=head.whole("tps_limit"),
        tps_limit_mark=head.one_of("tps_limit_mark", MARKS),
        tps_limit_source=head.text("tps_limit_source"),
        ballots=ballots,
        exceptions=tuple(
            AreaException(
                prefix=row.text("prefix"),
                without=frozenset(row.row.get("without", [])),
                mark=row.one_of("mark", MARKS),
                source=row.text("source"),
            )
            for row in (_Row("exceptions", entry) for entry in document.get("exceptions", []))
        ),
        params=params,
        items=items,
    )


def _param(name: str, row: "_Row") -> Param:
    return Param(name, row.whole("value"), mark=row.one_of("mark", MARKS), source=row.text("source"))


def _item(row: "_Row") -> Item:
    formula = parse_formula(row.text("formula"))
    return Item(
        code=row.text("code"),
        name=row.text("name"),
        unit=row.text("unit"),
        item_class=row.one_of("class", get_args(Class)),
        level=row.one_of("level", LEVELS),
        formula=formula,
        allocation=parse_formula(row.text("allocation")) if "allocation" in row.row else formula,
        rule=row.text("rule"),
        ballot=row.text("ballot") if "ballot" in row.row else "",
        wave=row.text("wave"),
        deadline_days=row.whole("deadline_days"),
        owner=row.text("owner"),
        mark=row.one_of("mark", MARKS),
        source=row.text("source"),
        editable=row.flag("editable"),
        placement=row.one_of("placement", get_args(Placement)),
        is_box=row.flag("is_box"),
        weight_mg=row.whole("weight_mg"),
        volume_ml=row.whole("volume_ml"),
        physical_mark=row.one_of("physical_mark", (*MARKS, "contoh")),
        in_silog=row.flag("in_silog"),
    )


def _check_items(items: tuple[Item, ...], params: Mapping[str, Param], ballots: set[str]) -> None:
    seen: set[str] = set()
    for item in items:
        if item.code in seen:
            raise Refused("NEEDS-RULESET-INVALID", place=item.code, field="code")
        seen.add(item.code)
        check_names(item.code, item.formula, params)
        check_names(item.code, item.allocation, params)
        if item.ballot and item.ballot not in ballots:
            raise Refused("NEEDS-RULESET-INVALID", place=item.code, field="ballot")


class _Row:
    """One table of the document; each reader names the place and the field that are wrong."""

    def __init__(self, place: str, row: Mapping[str, Any]) -> None:
        self.place = place
        self.row = row

    def refuse(self, name: str) -> Refused:
        return Refused("NEEDS-RULESET-INVALID", place=self.place, field=name)

    def text(self, name: str) -> str:
        value = self.row.get(name)
        if not isinstance(value, str) or not value:
            raise self.refuse(name)
        return value

    def whole(self, name: str) -> int:
        value = self.row.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.refuse(name)
        return value

    def flag(self, name: str) -> bool:
        value = self.row.get(name, False)
        if not isinstance(value, bool):
            raise self.refuse(name)
        return value

    def day(self, name: str) -> date:
        value = self.row.get(name)
        if not isinstance(value, date):
            raise self.refuse(name)
        return value

    def one_of[T: str](self, name: str, choices: tuple[T, ...]) -> T:
        value = self.row.get(name)
        for choice in choices:
            if choice == value:
                return choice
        raise self.refuse(name)
