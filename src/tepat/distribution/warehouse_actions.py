"""What changes in choosing a warehouse: candidates as the office surveys them, and kept comparisons."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import ProtectedError

from tepat.common import ledger
from tepat.common.acting import Actor, action, load_or_refuse
from tepat.common.actions import Contact, add_person
from tepat.common.documents import KeptFile, add_document
from tepat.common.errors import Refused
from tepat.common.models import Area, Place
from tepat.common.permissions import Permission
from tepat.distribution.fleet_actions import FROM_LIST, NO_POINT, warehouse_code
from tepat.distribution.models import PlanVersion, ProblemFile, WarehouseSurvey
from tepat.distribution.warehouse_models import WarehouseChoice

CANDIDATE_SAVED = ledger.kind("warehouse.surveyed")
CANDIDATE_STRUCK = ledger.kind("warehouse.struck")
CHOICE_KEPT = ledger.kind("warehouse.compared")

FROM_FORM = "survei kantor"


@dataclass(frozen=True)
class CandidateGiven:
    """What a visit found; None is not yet known. Money is for the whole time, measures are millimetres."""

    usable_m2: int
    address: str = ""
    desa_code: str = ""
    lat: float | None = None
    lon: float | None = None
    stack_mm: int | None = None
    rent_rupiah: int | None = None
    repair_rupiah: int | None = None
    gate_class: str = ""
    gate_width_mm: int | None = None
    gate_height_mm: int | None = None
    road_class: str = ""
    docks: int | None = None
    guards: int | None = None
    flood: bool | None = None
    flood_history: str = ""
    cctv: bool | None = None
    fire_extinguisher: bool | None = None


PLACED = ("desa_code", "lat", "lon")
"""What belongs to the place, not to its survey."""


@action(Permission.REGISTER_EDIT, area="area_code")
def save_candidate(
    *,
    by: Actor,
    at: datetime,
    area_code: str,
    name: str,
    given: CandidateGiven,
    contact: Contact | None = None,
) -> WarehouseSurvey:
    """Keep what is known of a candidate warehouse; the same name is the same candidate.

    Args:
        by: Who writes.
        at: When.
        area_code: The office's area.
        name: What the office calls it.
        given: What the survey found.
        contact: The owner or whoever has the key, for the vault; None leaves whoever is known.

    Raises:
        Refused: CANDIDATE-NO-NAME, CANDIDATE-NO-FLOOR, CANDIDATE-HALF-POINT, CANDIDATE-FREE,
            CANDIDATE-OTHER-AREA.
        NotAllowed: The actor may not write contacts.
    """
    called = " ".join(name.split())[:120]
    _require(called, given)
    area = Area.objects.filter(code=given.desa_code or area_code, valid_to__isnull=True).first()
    if area is None or not f"{area.code}.".startswith(f"{area_code}."):
        raise Refused("CANDIDATE-OTHER-AREA", name=called, desa=given.desa_code)
    known = given.lat is not None
    place, _ = Place.objects.update_or_create(
        code=warehouse_code(area_code, called),
        defaults={
            "kind": Place.Kind.GUDANG,
            "name": called,
            "area": area,
            "lat": given.lat,
            "lon": given.lon,
            "position_source": FROM_LIST if known else NO_POINT,
        },
    )
    facts = {field: value for field, value in asdict(given).items() if field not in PLACED}
    row, new = WarehouseSurvey.objects.update_or_create(
        place=place,
        defaults=facts | {"area_code": area_code, "source": FROM_FORM, "listed_at": at},
    )
    if contact is not None and (row.contact is None or row.contact.shown_name != contact.name.strip()):
        row.contact = add_person(by=by, at=at, contact=contact)
        row.save(update_fields=["contact"])
    payload: dict[str, Any] = {"name": called, "new": new, **facts, "point": known}
    about = ledger.About(objects=(f"tempat:{place.code}",), place=area_code)
    ledger.record(CANDIDATE_SAVED, payload, by=by, at=at, about=about)
    return row


def _require(name: str, given: CandidateGiven) -> None:
    if not name:
        raise Refused("CANDIDATE-NO-NAME")
    if given.usable_m2 <= 0:
        raise Refused("CANDIDATE-NO-FLOOR", name=name)
    if (given.lat is None) != (given.lon is None):
        raise Refused("CANDIDATE-HALF-POINT", name=name)
    if given.rent_rupiah == 0 and not given.repair_rupiah and not given.guards:
        raise Refused("CANDIDATE-FREE", name=name)


@action(Permission.REGISTER_EDIT)
def strike_candidate(*, by: Actor, at: datetime, candidate: int) -> str:
    """Strike out a candidate that nothing hangs on; what was computed with it stays. Return its name.

    Raises:
        NotAllowed: No such candidate in the actor's area.
        Refused: IMPORT-ROW-IN-USE.
    """
    row = load_or_refuse(WarehouseSurvey, candidate, by=by, permission=Permission.REGISTER_EDIT, lock=True)
    place = row.place
    name, code, area_code = place.name, place.code, row.area_code
    try:
        row.delete()
        place.delete()
    except ProtectedError as used:
        raise Refused("IMPORT-ROW-IN-USE", count=len(used.protected_objects)) from used
    about = ledger.About(objects=(f"tempat:{code}",), place=area_code)
    ledger.record(CANDIDATE_STRUCK, {"name": name}, by=by, at=at, about=about)
    return name


@action(Permission.PLAN_EDIT)
def keep_choice(
    *, by: Actor, at: datetime, problem: int, file: KeptFile, winner: str, plan: int | None = None
) -> WarehouseChoice:
    """Keep a comparison beside its problem; the same one twice is kept once.

    Args:
        by: Who asked for it.
        at: When.
        problem: The row of the problem with all candidates.
        file: The report, already in the documents store.
        winner: The cheapest set's short name; empty where no set serves everything.
        plan: The row of its plan, where it was kept.

    Raises:
        NotAllowed: No such problem or plan in the actor's area.
    """
    row = load_or_refuse(ProblemFile, problem, by=by, permission=Permission.PLAN_EDIT)
    kept = load_or_refuse(PlanVersion, plan, by=by, permission=Permission.PLAN_EDIT) if plan else None
    add_document(by=by, at=at, file=file, label=f"Pilihan gudang, {row.title}", area_code=row.area_code)
    choice, _ = WarehouseChoice.objects.get_or_create(
        problem=row,
        sha256=file.sha256,
        defaults={
            "plan": kept,
            "area_code": row.area_code,
            "winner": winner,
            "made_at": at,
            "made_by": by.person,
        },
    )
    about = ledger.About(objects=(f"masalah:{row.sha256}",), place=row.area_code, evidence=(file.sha256,))
    ledger.record(CHOICE_KEPT, {"winner": winner, "sha256": file.sha256}, by=by, at=at, about=about)
    return choice
