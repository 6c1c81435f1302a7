"""What one election event needs, as data: ballots, items, formulas, marks and sources."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal, get_args

from tepat.common.errors import Refused
from tepat.planning.formulas import MEANINGS, WHOLE_NUMBER_MAX, Formula, parse_formula

Level = Literal["tps", "pps", "ppk", "kab", "dapil", "prov"]
Class = Literal["utama", "dukungan", "lainnya"]
Placement = Literal["kotak", "luar", "mendahului", "setempat"]
Mark = Literal["A", "B", "B*", "C", "D"]

LEVELS: tuple[Level, ...] = get_args(Level)
MARKS: tuple[Mark, ...] = get_args(Mark)
VERIFIED_MARKS = frozenset({"A", "B"})
SPECIAL_TPS_FROM = 901
DEADLINE_DAYS_MAX = 120


@dataclass(frozen=True)
class Param:
    """A number in a formula that nobody could verify, or that differs from place to place.

    Args:
        name: As the formulas write it.
        value: Its value now.
        mark: How certain it is.
        source: Where it comes from.
    """

    name: str
    value: int
    mark: Mark
    source: str


@dataclass(frozen=True)
class Ballot:
    """One election in which a voter gets one ballot.

    Args:
        code: Such as ``dprdk``.
        name: Such as ``DPRD kabupaten/kota``.
        by_dapil: Whether its sheets differ from dapil to dapil.
    """

    code: str
    name: str
    by_dapil: bool


@dataclass(frozen=True)
class AreaException:
    """An area that does not hold some of the ballots, such as DKI Jakarta without a DPRD kabupaten/kota.

    Args:
        prefix: The start of the area codes it covers, such as ``31``.
        without: Codes of the ballots that are not held there.
        mark: How certain it is.
        source: Where it comes from.
    """

    prefix: str
    without: frozenset[str]
    mark: Mark
    source: str


@dataclass(frozen=True)
class Item:
    """One kind of goods and the rule for how many of it one unit gets.

    Args:
        code: Such as ``SS-PPWP``.
        name: As the office calls it.
        unit: What is counted, such as ``lembar``.
        item_class: ``utama``, ``dukungan`` or ``lainnya``.
        level: The kind of unit the formula is for.
        formula: The print or procurement need (*kebutuhan cetak*) of one unit.
        allocation: What one unit is given (*alokasi*); as the formula where nothing else is said.
        rule: The rule in one sentence for people.
        ballot: The ballot it belongs to, or empty; decides whose voters ``d`` counts and where it is needed.
        wave: Procurement wave: ``tahap 1``, ``tahap 2``, ``kab`` (bought by the office) or ``kpps``.
        deadline_days: Days before H on which it has to be with its last holder.
        owner: Who has to see to it.
        mark: How certain the quantity is.
        source: Where the quantity comes from.
        editable: Whether the office may change the formula.
        placement: ``kotak`` inside a box, ``luar`` with the boxes but outside them, ``mendahului`` ahead of
            them, ``setempat`` never transported.
        is_box: Whether it is itself a ballot box.
        weight_mg: Weight of one, in milligrams.
        volume_ml: Volume of one as it travels, in millilitres; an assembled box for boxes.
        physical_mark: How certain weight and volume are; ``contoh`` where nobody has measured them.
        in_silog: Whether SILOG is thought to have a line for it.
    """

    code: str
    name: str
    unit: str
    item_class: Class
    level: Level
    formula: Formula
    allocation: Formula
    rule: str
    ballot: str
    wave: str
    deadline_days: int
    owner: str
    mark: Mark
    source: str
    editable: bool
    placement: Placement
    is_box: bool
    weight_mg: int
    volume_ml: int
    physical_mark: str
    in_silog: bool

    @property
    def verified(self) -> bool:
        """Whether the quantity rests on a source that fits; otherwise screens add "belum diverifikasi"."""
        return self.mark in VERIFIED_MARKS

    def deadline_on(self, polling_date: date) -> date:
        """Return the last day on which it may reach its last holder."""
        return polling_date - timedelta(days=self.deadline_days)


@dataclass(frozen=True)
class RuleSet:
    """All rules of one election event.

    Args:
        code: Such as ``pemilu-2024``.
        name: As people call it.
        polling_date: H, or None where it is not fixed yet.
        valid_from: First polling day these rules serve.
        valid_to: Last polling day these rules serve, repeated votes included.
        law: The legal basis in one sentence.
        tps_limit: Most voters one TPS may have.
        tps_limit_mark: How certain that is.
        tps_limit_source: Where it comes from.
        ballots: The elections held on H, in the order of the papers.
        exceptions: Areas that hold fewer.
        params: Numbers that formulas read by name.
        items: The goods, in the order of the papers.
    """

    code: str
    name: str
    polling_date: date | None
    valid_from: date
    valid_to: date
    law: str
    tps_limit: int
    tps_limit_mark: Mark
    tps_limit_source: str
    ballots: tuple[Ballot, ...]
    exceptions: tuple[AreaException, ...]
    params: Mapping[str, Param]
    items: tuple[Item, ...]

    def item(self, code: str) -> Item:
        """Return an item by its code.

        Raises:
            Refused: NEEDS-UNKNOWN-ITEM.
        """
        for item in self.items:
            if item.code == code:
                return item
        raise Refused("NEEDS-UNKNOWN-ITEM", item=code, election=self.name)

    def ballots_at(self, area_code: str) -> frozenset[str]:
        """Return the codes of the ballots held in the area of a code; an empty code means no exception."""
        held = {ballot.code for ballot in self.ballots}
        for exception in self.exceptions:
            if area_code.startswith(exception.prefix):
                held -= exception.without
        return frozenset(held)

    def serves(self, polling_date: date) -> bool:
        """Whether these rules are in force on a polling day."""
        return self.valid_from <= polling_date <= self.valid_to


@dataclass(frozen=True)
class Overrides:
    """What one office set differently from the rule set.

    Args:
        params: Values by parameter name.
        formulas: Formulas by item code, for items marked editable.
        placements: Placements by item code, such as ABTN that came late and travels outside the box.
        deadline_days: Deadlines by item code, in days before H.
        tps_limit: Another limit of voters for one TPS.
    """

    params: Mapping[str, int] = field(default_factory=dict)
    formulas: Mapping[str, str] = field(default_factory=dict)
    placements: Mapping[str, Placement] = field(default_factory=dict)
    deadline_days: Mapping[str, int] = field(default_factory=dict)
    tps_limit: int | None = None


def with_overrides(rule_set: RuleSet, overrides: Overrides) -> RuleSet:
    """Return the rule set as the office set it; what it set itself says so in its source.

    Args:
        rule_set: The rules of the event.
        overrides: What the office set.

    Raises:
        Refused: NEEDS-UNKNOWN-PARAM, NEEDS-UNKNOWN-ITEM, NEEDS-NOT-EDITABLE, NEEDS-FORMULA-INVALID,
            NEEDS-FORMULA-NAME, NEEDS-NUMBER-OUT-OF-RANGE.
    """
    params = dict(rule_set.params)
    for name, value in overrides.params.items():
        if name not in params:
            raise Refused("NEEDS-UNKNOWN-PARAM", param=name, known=", ".join(sorted(params)))
        _in_range(name, value, WHOLE_NUMBER_MAX)
        params[name] = replace(params[name], value=value, source="ditetapkan kantor")
    items = {item.code: item for item in rule_set.items}
    for code in [*overrides.formulas, *overrides.placements, *overrides.deadline_days]:
        items[code] = _overridden(rule_set.item(code), overrides, params)
    changed = replace(rule_set, params=params, items=tuple(items.values()))
    if overrides.tps_limit is None:
        return changed
    _in_range("batas pemilih per TPS", overrides.tps_limit, WHOLE_NUMBER_MAX)
    return replace(changed, tps_limit=overrides.tps_limit, tps_limit_source="ditetapkan kantor")


def _overridden(item: Item, overrides: Overrides, params: Mapping[str, Param]) -> Item:
    if item.code in overrides.formulas:
        if not item.editable:
            raise Refused("NEEDS-NOT-EDITABLE", item=item.name, source=item.source)
        formula = parse_formula(overrides.formulas[item.code])
        check_names(item.code, formula, params)
        item = replace(item, formula=formula, allocation=formula, source="ditetapkan kantor", mark="D")
    if item.code in overrides.placements:
        if overrides.placements[item.code] not in get_args(Placement):
            raise Refused("NEEDS-RULESET-INVALID", place=item.code, field="placement")
        item = replace(item, placement=overrides.placements[item.code])
    days = overrides.deadline_days.get(item.code, item.deadline_days)
    _in_range(f"tenggat {item.code}", days, DEADLINE_DAYS_MAX)
    return replace(item, deadline_days=days)


def _in_range(name: str, value: int, most: int) -> None:
    if not 0 <= value <= most:
        raise Refused("NEEDS-NUMBER-OUT-OF-RANGE", name=name, value=value, most=most)


def check_names(code: str, formula: Formula, params: Iterable[str]) -> None:
    """Refuse a formula that reads a name nobody defines.

    Raises:
        Refused: NEEDS-FORMULA-NAME.
    """
    unknown = formula.names - set(MEANINGS) - set(params)
    if unknown:
        raise Refused("NEEDS-FORMULA-NAME", item=code, formula=formula.text, name=min(unknown))
