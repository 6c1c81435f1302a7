"""Schedule notices as they are: the setting, who has to be told, what changed, how each stands."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from tepat.distribution.archive import plan_of, problem_of
from tepat.distribution.models import PlanVersion
from tepat.distribution.notice_models import HOURS_DEFAULT, NoticeSetting, ScheduleNotice
from tepat.distribution.rules_notice import Change, Halt, Timing, change_in, halts_of, kecamatan_of

Recipient = ScheduleNotice.Recipient


def notice_hours(area_code: str) -> int:
    """Return the office's `jam_pemberitahuan`."""
    row = NoticeSetting.objects.filter(area_code=area_code).first()
    return row.hours if row else HOURS_DEFAULT


def schedule_before(plan: PlanVersion) -> PlanVersion | None:
    """Return the published schedule of the same office and election that a published plan supersedes."""
    rows = PlanVersion.objects.filter(
        area_code=plan.area_code,
        problem__election=plan.problem.election,
        state=PlanVersion.State.PUBLISHED,
    ).exclude(pk=plan.pk)
    if plan.published_at:
        same_moment = Q(published_at=plan.published_at, number__lt=plan.number)
        rows = rows.filter(Q(published_at__lt=plan.published_at) | same_moment)
    return rows.order_by("-published_at", "-number").first()


def schedule_now(area_code: str, election: str) -> PlanVersion | None:
    """Return the published schedule that holds now."""
    rows = PlanVersion.objects.filter(
        area_code=area_code, problem__election__code=election, state=PlanVersion.State.PUBLISHED
    )
    return rows.order_by("-published_at", "-number").first()


def halts_of_plan(plan: PlanVersion | None) -> frozenset[Halt]:
    """Return the halts of a stored plan; none where there is no plan."""
    return halts_of(problem_of(plan.problem.sha256), plan_of(plan.sha256)) if plan else frozenset()


def recipients(office: str, halts: Iterable[Halt]) -> list[tuple[Recipient, str]]:
    """Return who is told: Bawaslu, and the Panwascam of each kecamatan that these halts lie in."""
    panwascam = [(Recipient.PANWASCAM, code) for code in kecamatan_of(halts, office)]
    return [(Recipient.BAWASLU, office), *panwascam]


def change_of(notice: ScheduleNotice) -> Change:
    """Return what a notice tells anew."""
    return change_in(notice.area_code, halts_of_plan(notice.supersedes), halts_of_plan(notice.plan))


def timing_of(notice: ScheduleNotice) -> Timing:
    """Return when a notice was given, against when it had to be."""
    return Timing(notice.given_at, notice.departure_at, notice.hours)


def answer_mark(notice: ScheduleNotice, at: datetime, *, holds: bool) -> tuple[str, str]:
    """Return state and word of a notice's acknowledgement.

    Args:
        notice: The notice.
        at: Now.
        holds: Whether its schedule still holds; one that does not waits for nothing.
    """
    if notice.acknowledged_at:
        return "aman", "DIAKUI"
    if notice.phoned_at:
        return "aman", "LEWAT TELEPON"
    left = notice.departure_at is not None and notice.departure_at <= at
    return ("gawat" if left and holds else "perhatikan"), "BELUM DIAKUI"
