"""What the office keeps of a stress test: its report, beside the plan."""

from datetime import datetime

from tepat.common import ledger
from tepat.common.acting import Actor, action, load_or_refuse
from tepat.common.documents import KeptFile, add_document
from tepat.common.permissions import Permission
from tepat.distribution.models import PlanVersion
from tepat.distribution.stress.report import Terms
from tepat.distribution.stress_models import StressTest

STRESS_KEPT = ledger.kind("plan.stress-tested")


@action(Permission.PLAN_EDIT)
def keep_stress_test(*, by: Actor, at: datetime, plan: int, file: KeptFile, terms: Terms) -> StressTest:
    """Keep the report of a stress test beside its plan; the same one twice is kept once.

    Args:
        by: Who asked for it.
        at: When.
        plan: The plan's row.
        file: The report, already in the documents store.
        terms: How it was made.

    Raises:
        NotAllowed: No such plan in the actor's area.
    """
    row = load_or_refuse(PlanVersion, plan, by=by, permission=Permission.PLAN_EDIT)
    add_document(
        by=by,
        at=at,
        file=file,
        label=f"Uji ketahanan, rencana versi {row.number}",
        area_code=row.area_code,
    )
    kept, _ = StressTest.objects.get_or_create(
        plan=row,
        sha256=file.sha256,
        defaults={
            "area_code": row.area_code,
            "replays": terms.replays,
            "seed": terms.seed,
            "hold_percent": terms.hold_percent,
            "made_at": at,
            "made_by": by.person,
        },
    )
    about = ledger.About(objects=(f"rencana:{row.pk}",), place=row.area_code, evidence=(file.sha256,))
    payload = {"number": row.number, "replays": terms.replays, "seed": terms.seed, "sha256": file.sha256}
    ledger.record(STRESS_KEPT, payload, by=by, at=at, about=about)
    return kept
