"""Who has said yes to the duties of a plan, and who is still to be told."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from tepat.common.frame import names_of
from tepat.common.models import Election
from tepat.custody.readiness_duties import acknowledged_since
from tepat.distribution.models import PlanVersion
from tepat.distribution.roster.terms import answer_by
from tepat.distribution.roster_models import RosterPerson
from tepat.distribution.roster_tables import Answer

WAITS = Answer("belum", "BELUM MENJAWAB")
LATE = Answer("gawat", "LEWAT BATAS", "sudah lewat H-14: telepon sekarang")
BY_CARD = Answer("aman", "SIAP", "dengan kartunya")


def answers_of(row: PlanVersion, at: datetime, zone: ZoneInfo, *, named: bool) -> dict[str, Answer]:
    """Return by person how they answered to their duties as they are now.

    A card that was bound to a phone, or whose owner was called, counts as well: after the last change.

    Args:
        row: The plan.
        at: Now.
        zone: The office's zone.
        named: Whether the reader may read names.
    """
    rows = list(RosterPerson.objects.filter(plan=row))
    by_card = acknowledged_since({one.person_id: one.changed_at for one in rows if not one.answered_at}, at)
    late = at > answer_by(row.problem.election.polling_date, zone)
    writers = names_of({one.answered_by for one in rows if one.answered_by}, shown=named)
    found = {}
    for one in rows:
        if one.answered_at:
            how = RosterPerson.How(one.answered_how).label
            by = writers.get(one.answered_by, "") if one.answered_by else ""
            phoned = one.answered_how == RosterPerson.How.PHONED
            note = f"{how}, dicatat oleh {by or 'kantor'}" if phoned else how
            found[str(one.person_id)] = Answer("aman", "SIAP", note)
        elif one.person_id in by_card:
            found[str(one.person_id)] = BY_CARD
        else:
            found[str(one.person_id)] = LATE if late else WAITS
    return found


def answered(people: Collection[UUID], election: Election, at: datetime) -> set[UUID]:
    """Return which of some people have said yes to their duties of an election as they are.

    Args:
        people: Whom.
        election: The election.
        at: The moment; what was said later does not count.
    """
    rows = RosterPerson.objects.filter(plan__problem__election=election, answered_at__lte=at)
    return set(rows.order_by().values_list("person_id", flat=True)) & set(people)


def waiting(answers: Mapping[str, Answer]) -> int:
    """Return how many people have not said yes."""
    return sum(one.state != "aman" for one in answers.values())
