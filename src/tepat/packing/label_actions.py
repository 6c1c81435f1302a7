"""That labels were printed is an event: a second print of one box is how a wrong label gets about."""

from dataclasses import dataclass
from datetime import datetime

from tepat.common import ledger
from tepat.common.acting import Actor, action
from tepat.common.permissions import Permission

PRINTED = ledger.kind("packing.labels-printed")


@dataclass(frozen=True)
class PrintedLabels:
    """One print.

    Args:
        what: Which labels on what paper, in words.
        count: How many.
        sha256: The hash of the PDF.
    """

    what: str
    count: int
    sha256: str


@action(Permission.PACKING_DO, area="area_code")
def note_labels(*, by: Actor, at: datetime, area_code: str, election: str, printed: PrintedLabels) -> int:
    """Note a print of labels; return how many there were.

    Args:
        by: Who printed.
        at: When.
        area_code: Whose labels: the office, a kecamatan or a desa.
        election: The election's code.
        printed: What was printed.
    """
    payload = {
        "election": election,
        "what": printed.what,
        "count": printed.count,
        "sha256": printed.sha256,
    }
    about = ledger.About(objects=(f"pemilihan:{election}",), place=area_code)
    ledger.record(PRINTED, payload, by=by, at=at, about=about)
    return printed.count
