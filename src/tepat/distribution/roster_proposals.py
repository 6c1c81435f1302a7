"""A proposal for a stored plan: computed outside of any transaction, then kept by the action."""

import io
import json
from datetime import datetime

from tepat.common.acting import Actor
from tepat.common.documents import keep
from tepat.distribution.models import PlanVersion
from tepat.distribution.roster.assigning import propose
from tepat.distribution.roster_actions import keep_proposal
from tepat.distribution.roster_rows import roster_of


def propose_and_keep(*, by: Actor, at: datetime, row: PlanVersion) -> dict[str, str]:
    """Propose who does what around what was fixed by hand, keep it, and return it by seat.

    Args:
        by: Who asks.
        at: When.
        row: The plan.

    Raises:
        NotAllowed, Refused: Those of `keep_proposal`.
    """
    roster = roster_of(row)
    given = propose(roster.question)
    plain = {"schema": "tepat/roster", "plan_sha256": row.sha256, "seats": given}
    file = keep(io.BytesIO(json.dumps(plain, sort_keys=True, indent=1).encode()))
    keep_proposal(by=by, at=at, plan=row.pk, before=roster.given, given=given, file=file)
    return given
