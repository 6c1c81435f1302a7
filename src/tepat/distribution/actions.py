"""What changes in distribution: kept problems and checked plans, the way to the pleno, prices."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.db.models import Max

from tepat.common import ledger
from tepat.common.acting import Actor, action, load_or_refuse
from tepat.common.documents import KeptFile, add_document, path_of
from tepat.common.errors import Refused
from tepat.common.models import Election
from tepat.common.permissions import Permission
from tepat.distribution.archive import matrices_of
from tepat.distribution.building.prices import RUPIAH_MAX, read_price_list
from tepat.distribution.checker import Verdict, check
from tepat.distribution.comparison import compare
from tepat.distribution.documents import decode_plan, decode_problem
from tepat.distribution.models import PlanVersion, PriceSetting, ProblemFile
from tepat.distribution.notice_actions import give_notices
from tepat.distribution.problems import Problem

PROBLEM_KEPT = ledger.kind("plan.problem-kept")
PLAN_KEPT = ledger.kind("plan.kept")
PLAN_MOVED = ledger.kind("plan.moved")
PLAN_PUBLISHED = ledger.kind("plan.published")
PRICE_SET = ledger.kind("plan.price-set")

FINDINGS_KEPT_MAX = 500
State = PlanVersion.State


@action(Permission.PLAN_EDIT, area="area_code")
def keep_problem(
    *,
    by: Actor,
    at: datetime,
    area_code: str,
    file: KeptFile,
    matrices: tuple[KeptFile, ...],
    variant_of: int | None = None,
) -> ProblemFile:
    """Keep a problem with its matrices; the same one twice is kept once.

    Args:
        by: Who keeps it.
        at: When.
        area_code: The office's area.
        file: `problem.json`, already in the documents store.
        matrices: Its travel matrices, already there.
        variant_of: The problem beside which it is kept as a "what if"; None = for itself.

    Raises:
        NotAllowed: No such other problem in the actor's area.
        Refused: DIST-UNREADABLE, DIST-VERSION, PLAN-OTHER-AREA, CHECK-MATRIX-MISSING.
    """
    problem = decode_problem(path_of(file.sha256).read_bytes())
    if problem.office.code != area_code:
        raise Refused("PLAN-OTHER-AREA", area=problem.office.name, area_code=problem.office.code)
    beside = None
    if variant_of is not None:
        beside = load_or_refuse(ProblemFile, variant_of, by=by, permission=Permission.PLAN_EDIT)
    known = ProblemFile.objects.filter(sha256=file.sha256).first()
    for kept, label in [
        (file, problem.title),
        *((matrix, f"Waktu tempuh, {problem.title}") for matrix in matrices),
    ]:
        add_document(by=by, at=at, file=kept, label=label, area_code=area_code)
    matrices_of(file.sha256)
    row = known or ProblemFile.objects.create(
        election=Election.objects.get(code=problem.election.code),
        area_code=area_code,
        sha256=file.sha256,
        title=problem.title,
        made_at=at,
        made_by=by.person,
        variant_of=beside,
    )
    about = ledger.About(objects=(f"masalah:{file.sha256}",), place=area_code, evidence=(file.sha256,))
    payload = {"sha256": file.sha256, "new": known is None}
    if beside is not None:
        payload["variant_of"] = beside.sha256
    ledger.record(PROBLEM_KEPT, payload, by=by, at=at, about=about)
    return row


@dataclass(frozen=True)
class CheckedPlan:
    """A plan and what the checker said of it, worked out before any transaction.

    Args:
        file: `plan.json`, in the documents store.
        strategy: The strategy's name.
        title: The strategy's title.
        status: ``accepted`` or ``incomplete``.
        verdict: Summary, findings, corridor of rules.
        column: Its column in the comparison.
    """

    file: KeptFile
    strategy: str
    title: str
    status: str
    verdict: dict[str, Any]
    column: dict[str, Any]


def keep_plan(*, by: Actor, at: datetime, problem: int, file: KeptFile) -> PlanVersion:
    """Check a plan and keep it as the next draft; one that breaches a rule is refused and leaves no row.

    Args:
        by: Who keeps it.
        at: When.
        problem: The problem it answers.
        file: `plan.json`, already in the documents store.

    Raises:
        NotAllowed: No such problem in the actor's area.
        Refused: DIST-UNREADABLE, SOLVE-OTHER-PROBLEM, PLAN-BREACHED.
    """
    row = load_or_refuse(ProblemFile, problem, by=by, permission=Permission.PLAN_EDIT)
    asked = decode_problem(path_of(row.sha256).read_bytes())
    plan = decode_plan(path_of(file.sha256).read_bytes())
    matrices = matrices_of(row.sha256)
    column = compare(asked, {plan.strategy: plan}, matrices).columns[0]
    verdict = check(asked, plan, matrices)
    if verdict.status == "breached":
        first = next(finding for finding in verdict.findings if finding.severity == "breach")
        count = verdict.summary()["breaches"]
        raise Refused("PLAN-BREACHED", strategy=plan.strategy, count=count, first=first.message.happened)
    checked = CheckedPlan(
        file=file,
        strategy=plan.strategy,
        title=_title(asked, plan.strategy),
        status=verdict.status,
        verdict=_verdict(verdict),
        column=msgspec.to_builtins(column),
    )
    stored: PlanVersion = _store_plan(by=by, at=at, problem=problem, checked=checked)
    return stored


@action(Permission.PLAN_EDIT)
def _store_plan(*, by: Actor, at: datetime, problem: int, checked: CheckedPlan) -> PlanVersion:
    """Write the row of a plan that `keep_plan` has checked; the same plan twice is kept once."""
    row = load_or_refuse(ProblemFile, problem, by=by, permission=Permission.PLAN_EDIT, lock=True)
    label = f"Rencana {checked.strategy}, {row.title}"
    add_document(by=by, at=at, file=checked.file, label=label, area_code=row.area_code)
    last = PlanVersion.objects.filter(area_code=row.area_code).aggregate(last=Max("number"))["last"]
    kept, new = PlanVersion.objects.get_or_create(
        problem=row,
        sha256=checked.file.sha256,
        defaults={
            "area_code": row.area_code,
            "number": (last or 0) + 1,
            "strategy": checked.strategy,
            "title": checked.title,
            "status": checked.status,
            "verdict": checked.verdict,
            "column": checked.column,
            "made_at": at,
            "made_by": by.person,
        },
    )
    payload = {"number": kept.number, "strategy": kept.strategy, "status": kept.status, "new": new}
    _record(PLAN_KEPT, payload, kept, by=by, at=at)
    return kept


def _title(problem: Problem, strategy: str) -> str:
    return next(known.title for known in problem.strategies if known.name == strategy)


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "summary": verdict.summary(),
        "findings": [finding.as_json() for finding in verdict.findings[:FINDINGS_KEPT_MAX]],
        "rules": [rule.as_json() for rule in verdict.rules],
    }


def _record(kind: str, payload: dict[str, Any], plan: PlanVersion, *, by: Actor, at: datetime) -> None:
    objects = (f"rencana:{plan.pk}", f"masalah:{plan.problem.sha256}")
    about = ledger.About(objects=objects, place=plan.area_code, evidence=(plan.sha256,))
    ledger.record(kind, payload, by=by, at=at, about=about)


@action(Permission.PLAN_PROPOSE)
def propose_plan(*, by: Actor, at: datetime, plan: int) -> PlanVersion:
    """Hand a draft from KUL to the sekretaris.

    Raises:
        NotAllowed: No such plan in the actor's area.
        Refused: PLAN-NOT-IN-STATE, PLAN-INCOMPLETE.
    """
    row = _locked(plan, by, Permission.PLAN_PROPOSE, State.DRAFT)
    if row.status != PlanVersion.Status.ACCEPTED:
        raise Refused("PLAN-INCOMPLETE", number=row.number, unserved=row.verdict["summary"]["incomplete"])
    return _move(row, State.PROPOSED, by=by, at=at)


@action(Permission.PLAN_REVIEW)
def forward_plan(*, by: Actor, at: datetime, plan: int) -> PlanVersion:
    """Hand a plan from the sekretaris to the pleno.

    Raises:
        NotAllowed: No such plan in the actor's area.
        Refused: PLAN-NOT-IN-STATE.
    """
    row = _locked(plan, by, Permission.PLAN_REVIEW, State.PROPOSED)
    return _move(row, State.FORWARDED, by=by, at=at)


@action(Permission.PLAN_READ)
def return_plan(*, by: Actor, at: datetime, plan: int, reason: str) -> PlanVersion:
    """Send a plan back to KUL with a reason: the sekretaris what lies there, the pleno what lies there.

    Raises:
        NotAllowed: No such plan in the actor's area, or not this person's turn.
        Refused: PLAN-NOT-IN-STATE, PLAN-NO-REASON.
    """
    row = load_or_refuse(PlanVersion, plan, by=by, permission=Permission.PLAN_READ, lock=True)
    needed = {State.PROPOSED: Permission.PLAN_REVIEW, State.FORWARDED: Permission.PLAN_PUBLISH}
    if row.state not in needed:
        raise Refused("PLAN-NOT-IN-STATE", number=row.number, state=State(row.state).label)
    by.require(needed[State(row.state)], row.area_code)
    if not reason.strip():
        raise Refused("PLAN-NO-REASON")
    row.returned_reason = reason.strip()
    return _move(row, State.DRAFT, by=by, at=at)


@dataclass(frozen=True)
class Minutes:
    """What the pleno decided.

    Args:
        number: The number of the minutes (berita acara pleno).
        date: Their date.
        reason: Why this plan and not another.
    """

    number: str
    date: date
    reason: str


@action(Permission.PLAN_PUBLISH)
def publish_plan(*, by: Actor, at: datetime, plan: int, minutes: Minutes) -> PlanVersion:
    """Publish what the pleno decided and tell the supervisors; from here on this version never changes.

    Raises:
        NotAllowed: No such plan in the actor's area.
        Refused: PLAN-NOT-IN-STATE, PLAN-NO-MINUTES, PLAN-MINUTES-FUTURE.
    """
    row = _locked(plan, by, Permission.PLAN_PUBLISH, State.FORWARDED)
    if not minutes.number.strip() or not minutes.reason.strip():
        raise Refused("PLAN-NO-MINUTES")
    if minutes.date > at.date():
        raise Refused("PLAN-MINUTES-FUTURE", date=minutes.date.strftime("%d-%m-%Y"))
    row.minutes_number, row.minutes_date = minutes.number.strip(), minutes.date
    row.reason = minutes.reason.strip()
    row.state, row.published_at, row.published_by = State.PUBLISHED, at, by.person
    row.save()
    payload = {
        "number": row.number,
        "strategy": row.strategy,
        "sha256": row.sha256,
        "minutes_number": row.minutes_number,
        "minutes_date": minutes.date.isoformat(),
        "reason": row.reason,
    }
    _record(PLAN_PUBLISHED, payload, row, by=by, at=at)
    give_notices(by=by, at=at, plan=row)
    return row


def _locked(plan: int, by: Actor, permission: Permission, state: State) -> PlanVersion:
    row = load_or_refuse(PlanVersion, plan, by=by, permission=permission, lock=True)
    if row.state != state:
        raise Refused("PLAN-NOT-IN-STATE", number=row.number, state=State(row.state).label)
    return row


def _move(row: PlanVersion, state: State, *, by: Actor, at: datetime) -> PlanVersion:
    before, row.state = row.state, state
    row.save(update_fields=["state", "returned_reason"])
    payload = {"number": row.number, "from": str(before), "to": str(state), "reason": row.returned_reason}
    _record(PLAN_MOVED, payload, row, by=by, at=at)
    return row


@dataclass(frozen=True)
class PriceGiven:
    """A price the office set: rupiah for one, and where it comes from."""

    rupiah: int
    source: str


@action(Permission.PLAN_EDIT, area="area_code")
def set_price(
    *, by: Actor, at: datetime, area_code: str, election: str, price: str, given: PriceGiven
) -> PriceSetting:
    """Set one price for problems that are made from now on; plans that exist keep theirs.

    Raises:
        Refused: PRICE-UNKNOWN, PRICE-OUT-OF-RANGE, PRICE-NO-SOURCE, PRICE-SAME.
    """
    listed = {line.id: line for line in read_price_list().prices}
    if price not in listed:
        raise Refused("PRICE-UNKNOWN", price=price)
    if not 0 <= given.rupiah <= RUPIAH_MAX:
        raise Refused("PRICE-OUT-OF-RANGE", price=listed[price].label, most=RUPIAH_MAX)
    if not given.source.strip():
        raise Refused("PRICE-NO-SOURCE", price=listed[price].label)
    row = Election.objects.get(code=election)
    known = PriceSetting.objects.filter(election=row, area_code=area_code, price=price).first()
    if known and (known.rupiah, known.source) == (given.rupiah, given.source.strip()):
        raise Refused("PRICE-SAME", price=listed[price].label)
    stored, _ = PriceSetting.objects.update_or_create(
        election=row,
        area_code=area_code,
        price=price,
        defaults={"rupiah": given.rupiah, "source": given.source.strip(), "set_at": at},
    )
    before = known.rupiah if known else listed[price].rupiah
    payload = {"price": price, "before": before, "after": given.rupiah, "source": given.source.strip()}
    about = ledger.About(objects=(f"harga:{price}", f"pemilihan:{election}"), place=area_code)
    ledger.record(PRICE_SET, payload, by=by, at=at, about=about)
    return stored
