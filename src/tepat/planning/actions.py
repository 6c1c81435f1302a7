"""What changes in planning: positions, what was seen at a TPS, numbers of the rules, totals of others."""

from dataclasses import dataclass
from datetime import datetime

from tepat.common import ledger
from tepat.common.acting import Actor, action, load_or_refuse
from tepat.common.documents import KeptFile, add_document, path_of
from tepat.common.errors import Refused
from tepat.common.models import AreaShape, Election, Place, Tps
from tepat.common.permissions import Permission
from tepat.common.quantities import decimal_comma, grouped, kilometres
from tepat.planning.maps import INDONESIA, outside_m
from tepat.planning.models import OutsideTotals, RuleSetting
from tepat.planning.reconcile import read_totals
from tepat.planning.rules import Overrides, with_overrides
from tepat.planning.rulesets import load_rule_set

PLACE_CORRECTED = ledger.kind("register.place-corrected")
ACCESSIBILITY_NOTED = ledger.kind("register.accessibility-noted")
PARAMETER_SET = ledger.kind("needs.parameter-set")
TOTALS_GIVEN = ledger.kind("needs.outside-totals-given")

DEGREES_E6 = 1_000_000
# Polygons and phones both err: nearer than this counts as inside.
OUTSIDE_TOLERANCE_M = 150


@dataclass(frozen=True)
class Position:
    """Where a place is said to be.

    Args:
        lat_e6: Latitude in millionths of a degree.
        lon_e6: Longitude in millionths of a degree.
        source: How it is known.
        outside_confirmed: Whether the person said that it really lies outside its area.
    """

    lat_e6: int
    lon_e6: int
    source: str
    outside_confirmed: bool = False


@dataclass(frozen=True)
class Seen:
    """What was seen at a TPS; None is "not looked at"."""

    step_free: bool | None
    low_table: bool | None
    abtn: bool | None


@dataclass(frozen=True)
class Setting:
    """A number the office sets, and where it comes from."""

    value: int
    source: str


@action(Permission.REGISTER_EDIT)
def correct_place(*, by: Actor, at: datetime, place: int, position: Position) -> Place:
    """Say where a place really is; plans that exist keep the position they were made with.

    Args:
        by: Who says it.
        at: When.
        place: The place's row.
        position: Where, and how that is known.

    Raises:
        NotAllowed: No such place in the actor's area.
        Refused: PLACE-OUT-OF-RANGE, PLACE-OUTSIDE-AREA (unless confirmed).
    """
    row = load_or_refuse(Place, place, by=by, permission=Permission.REGISTER_EDIT, lock=True)
    lat, lon = position.lat_e6 / DEGREES_E6, position.lon_e6 / DEGREES_E6
    west, south, east, north = INDONESIA
    if not (west <= lon <= east and south <= lat <= north):
        raise Refused("PLACE-OUT-OF-RANGE", lat=decimal_comma(lat, 5), lon=decimal_comma(lon, 5))
    away_m = _away_m(row, lat, lon)
    if away_m > OUTSIDE_TOLERANCE_M and not position.outside_confirmed:
        distance = f"{grouped(away_m)} m" if away_m < 1000 else kilometres(away_m)
        raise Refused("PLACE-OUTSIDE-AREA", distance=distance, area=row.area.name, place=row.name)
    row.lat, row.lon, row.position_source = lat, lon, position.source
    row.save(update_fields=["lat", "lon", "position_source"])
    payload = {
        "lat_e6": position.lat_e6,
        "lon_e6": position.lon_e6,
        "source": position.source,
        "outside_m": away_m,
    }
    about = ledger.About(objects=(f"tempat:{row.code}",), place=row.area.code)
    ledger.record(PLACE_CORRECTED, payload, by=by, at=at, about=about)
    return row


def _away_m(place: Place, lat: float, lon: float) -> int:
    shape = AreaShape.objects.filter(area=place.area).first()
    return outside_m(shape.polygon, lat, lon) if shape else 0


@action(Permission.ACCESSIBILITY_EDIT)
def note_accessibility(*, by: Actor, at: datetime, tps: int, seen: Seen, source: str) -> Tps:
    """Write down what was seen at a TPS.

    Args:
        by: Who writes it.
        at: When.
        tps: The TPS's row.
        seen: What was seen.
        source: Which post saw it, and when; no names.

    Raises:
        NotAllowed: No such TPS in the actor's area.
        Refused: ACCESSIBILITY-NOTHING-CHANGED.
    """
    row = load_or_refuse(Tps, tps, by=by, permission=Permission.ACCESSIBILITY_EDIT, lock=True)
    before = (row.step_free, row.low_table, row.abtn, row.accessibility_source)
    after = (seen.step_free, seen.low_table, seen.abtn, source)
    if before == after:
        raise Refused("ACCESSIBILITY-NOTHING-CHANGED")
    row.step_free, row.low_table, row.abtn, row.accessibility_source = after
    row.save(update_fields=["step_free", "low_table", "abtn", "accessibility_source"])
    payload = {"step_free": seen.step_free, "low_table": seen.low_table, "abtn": seen.abtn, "source": source}
    about = ledger.About(
        objects=(f"tps:{row.election.code}:{row.desa.code}:{row.number:03d}",), place=row.desa.code
    )
    ledger.record(ACCESSIBILITY_NOTED, payload, by=by, at=at, about=about)
    return row


@action(Permission.NEEDS_EDIT, area="area_code")
def set_parameter(
    *, by: Actor, at: datetime, area_code: str, election: str, param: str, setting: Setting
) -> RuleSetting:
    """Set one number of the rules for this office and election.

    Args:
        by: Who sets it.
        at: When.
        area_code: The office's area.
        election: The election's code.
        param: The parameter's name.
        setting: The number and where it comes from.

    Raises:
        Refused: NEEDS-UNKNOWN-PARAM, NEEDS-NUMBER-OUT-OF-RANGE, NEEDS-SETTING-SAME.
    """
    row = Election.objects.get(code=election)
    rules = load_rule_set(row.rule_set)
    with_overrides(rules, Overrides(params={param: setting.value}))
    now_set = RuleSetting.objects.filter(election=row, area_code=area_code, param=param).first()
    before = now_set.value if now_set else rules.params[param].value
    if now_set and (now_set.value, now_set.source) == (setting.value, setting.source):
        raise Refused("NEEDS-SETTING-SAME", param=param, value=setting.value)
    stored, _ = RuleSetting.objects.update_or_create(
        election=row,
        area_code=area_code,
        param=param,
        defaults={"value": setting.value, "source": setting.source, "set_at": at},
    )
    payload = {"param": param, "before": before, "after": setting.value, "source": setting.source}
    about = ledger.About(objects=(f"pemilihan:{election}",), place=area_code)
    ledger.record(PARAMETER_SET, payload, by=by, at=at, about=about)
    return stored


@action(Permission.DOCUMENTS_ADD, area="area_code")
def give_totals(
    *, by: Actor, at: datetime, area_code: str, election: str, against: str, file: KeptFile
) -> OutsideTotals:
    """Keep the totals that SILOG shows, or that were counted on arrival, to be held against ours.

    Args:
        by: Who gives them.
        at: When.
        area_code: The office's area.
        election: The election's code.
        against: ``silog`` or ``diterima``.
        file: A CSV with ``item`` and ``jumlah``, already in the documents store.

    Raises:
        Refused: NEEDS-TOTALS-INVALID, NEEDS-LIST-TOO-LARGE.
    """
    totals = read_totals(path_of(file.sha256).read_bytes())
    row = Election.objects.get(code=election)
    label = f"Jumlah {OutsideTotals.Against(against).label}, {row.name}"
    add_document(by=by, at=at, file=file, label=label, area_code=area_code)
    stored = OutsideTotals.objects.create(
        election=row, area_code=area_code, against=against, totals=totals, document=file.sha256, given_at=at
    )
    about = ledger.About(objects=(f"pemilihan:{election}",), place=area_code, evidence=(file.sha256,))
    ledger.record(TOTALS_GIVEN, {"against": against, "items": len(totals)}, by=by, at=at, about=about)
    return stored
