"""What changes with the notices of a schedule: given at publication, acknowledged, noted after a call."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tepat.common import ledger
from tepat.common.acting import Actor, action, load_or_refuse
from tepat.common.errors import NotAllowed, Refused
from tepat.common.permissions import Permission, Role
from tepat.common.tables import moment
from tepat.distribution.archive import problem_of
from tepat.distribution.models import PlanVersion
from tepat.distribution.notice_models import HOURS_MAX, NOTE_LENGTH_MAX, NoticeSetting, ScheduleNotice
from tepat.distribution.notices import halts_of_plan, notice_hours, recipients, schedule_before, timing_of
from tepat.distribution.rules_notice import change_in

GIVEN = ledger.kind("notice.given")
ACKNOWLEDGED = ledger.kind("notice.acknowledged")
PHONED = ledger.kind("notice.phoned")
HOURS_SET = ledger.kind("notice.hours-set")

ROLES = {ScheduleNotice.Recipient.BAWASLU: Role.BAWASLU, ScheduleNotice.Recipient.PANWASCAM: Role.PANWASCAM}


def give_notices(*, by: Actor, at: datetime, plan: PlanVersion) -> list[ScheduleNotice]:
    """Tell the supervisors of a published plan, inside the action that calls; nobody is told twice.

    Args:
        by: Who publishes or tells.
        at: When.
        plan: A published plan.
    """
    before = schedule_before(plan)
    known, now = halts_of_plan(before), halts_of_plan(plan)
    told = set(plan.notices.values_list("area_code", flat=True))
    made = []
    for recipient, area_code in recipients(plan.area_code, known | now):
        if area_code in told:
            continue
        change = change_in(area_code, known, now)
        made.append(
            ScheduleNotice(
                plan=plan,
                supersedes=before,
                area_code=area_code,
                recipient=recipient,
                given_at=at,
                given_by=by.person,
                hours=notice_hours(plan.area_code),
                departure_at=change.departure_after(at),
                halts=len(change.new) + len(change.gone),
            )
        )
    ScheduleNotice.objects.bulk_create(made)
    payload = {
        "plan": plan.number,
        "supersedes": before.number if before else None,
        "hours": notice_hours(plan.area_code),
        "to": [{"area": row.area_code, "late_s": timing_of(row).late_s, "halts": row.halts} for row in made],
    }
    _record(GIVEN, payload, plan, by=by, at=at, place=plan.area_code)
    return made


@action(Permission.SCHEDULE_TELL)
def tell_supervisors(*, by: Actor, at: datetime, plan: int) -> PlanVersion:
    """Tell the supervisors of a schedule that was published before there were notices.

    Raises:
        NotAllowed: No such plan in the actor's area.
        Refused: NOTICE-NOT-PUBLISHED, NOTICE-ALL-TOLD.
    """
    row = load_or_refuse(PlanVersion, plan, by=by, permission=Permission.SCHEDULE_TELL, lock=True)
    if not row.frozen:
        raise Refused("NOTICE-NOT-PUBLISHED", number=row.number)
    if row.notices.exists():
        raise Refused("NOTICE-ALL-TOLD", number=row.number)
    give_notices(by=by, at=at, plan=row)
    return row


@action(Permission.SCHEDULE_ACKNOWLEDGE)
def acknowledge_notice(*, by: Actor, at: datetime, notice: int) -> ScheduleNotice:
    """Say that a schedule has arrived; each supervisor for its own notice, also after a telephone call.

    Raises:
        NotAllowed: No such notice in the actor's area, or one of another supervisor.
        Refused: NOTICE-ACKNOWLEDGED.
    """
    row = load_or_refuse(ScheduleNotice, notice, by=by, permission=Permission.SCHEDULE_ACKNOWLEDGE, lock=True)
    if not may_acknowledge(by, row):
        raise NotAllowed("COMMON-NOT-ALLOWED", permission=Permission.SCHEDULE_ACKNOWLEDGE.value)
    if row.acknowledged_at:
        raise Refused("NOTICE-ACKNOWLEDGED", at=_said(row, row.acknowledged_at))
    row.acknowledged_at, row.acknowledged_by = at, by.person
    row.save(update_fields=["acknowledged_at", "acknowledged_by"])
    payload = {"plan": row.plan.number, "late_s": timing_of(row).late_s, "after_call": bool(row.phoned_at)}
    _record(ACKNOWLEDGED, payload, row.plan, by=by, at=at, place=row.area_code)
    return row


def may_acknowledge(by: Actor, notice: ScheduleNotice) -> bool:
    """Return whether a notice is this person's own: the right post in just this area."""
    role = ROLES[ScheduleNotice.Recipient(notice.recipient)]
    return any(held.role is role and held.area_code == notice.area_code for held in by.standings)


@action(Permission.SCHEDULE_TELL)
def note_call(*, by: Actor, at: datetime, notice: int, note: str) -> ScheduleNotice:
    """Write down that a supervisor was told by telephone; it stays beside what they say themselves.

    Args:
        by: Who wrote it down.
        at: When.
        notice: The notice.
        note: Which post was reached, and what was said; no names.

    Raises:
        NotAllowed: No such notice in the actor's area.
        Refused: NOTICE-NO-NOTE, NOTICE-ACKNOWLEDGED, NOTICE-PHONED.
    """
    row = load_or_refuse(ScheduleNotice, notice, by=by, permission=Permission.SCHEDULE_TELL, lock=True)
    if not note.strip():
        raise Refused("NOTICE-NO-NOTE")
    if row.acknowledged_at:
        raise Refused("NOTICE-ACKNOWLEDGED", at=_said(row, row.acknowledged_at))
    if row.phoned_at:
        raise Refused("NOTICE-PHONED", at=_said(row, row.phoned_at))
    row.phoned_at, row.phoned_by = at, by.person
    row.phoned_note = note.strip()[:NOTE_LENGTH_MAX]
    row.save(update_fields=["phoned_at", "phoned_by", "phoned_note"])
    payload = {"plan": row.plan.number, "late_s": timing_of(row).late_s, "note": row.phoned_note}
    _record(PHONED, payload, row.plan, by=by, at=at, place=row.area_code)
    return row


@action(Permission.OFFICE_EDIT, area="area_code")
def set_notice_hours(*, by: Actor, at: datetime, area_code: str, hours: int) -> NoticeSetting:
    """Set how many hours before departure supervisors are told; notices that were given keep theirs.

    Raises:
        Refused: NOTICE-HOURS, NOTICE-HOURS-SAME.
    """
    if not 1 <= hours <= HOURS_MAX:
        raise Refused("NOTICE-HOURS", hours=hours, most=HOURS_MAX)
    before = notice_hours(area_code)
    if before == hours:
        raise Refused("NOTICE-HOURS-SAME", hours=hours)
    row, _ = NoticeSetting.objects.update_or_create(
        area_code=area_code, defaults={"hours": hours, "set_at": at, "set_by": by.person}
    )
    about = ledger.About(objects=(f"jam-pemberitahuan:{area_code}",), place=area_code)
    ledger.record(HOURS_SET, {"before": before, "after": hours}, by=by, at=at, about=about)
    return row


def _said(notice: ScheduleNotice, at: datetime) -> str:
    return moment(at, ZoneInfo(problem_of(notice.plan.problem.sha256).office.time_zone))


def _record(
    kind: str, payload: dict[str, Any], plan: PlanVersion, *, by: Actor, at: datetime, place: str
) -> None:
    about = ledger.About(objects=(f"rencana:{plan.pk}",), place=place, evidence=(plan.sha256,))
    ledger.record(kind, payload, by=by, at=at, about=about)
