"""What changes on the way back: a recapitulation has ended."""

from datetime import datetime

from tepat.common import ledger
from tepat.common.acting import Actor, action
from tepat.common.errors import Refused
from tepat.common.models import Election, Office
from tepat.common.permissions import Permission
from tepat.returns.models import Recap

RECAP_ENDED = ledger.kind("returns.recap-ended")
NUMBER_LENGTH_MAX = 80
KECAMATAN_PARTS = 3


@action(Permission.CUSTODY_ACT, area="area_code")
def end_recap(*, by: Actor, at: datetime, area_code: str, election: str, minutes_number: str) -> Recap:
    """Say that the recapitulation of a PPK has ended: its boxes may go on to the warehouse.

    Args:
        by: The PPK, or the office.
        at: When.
        area_code: The kecamatan.
        election: The election's code.
        minutes_number: The number of the minutes (D.HASIL KECAMATAN).

    Raises:
        NotAllowed: Outside the actor's area.
        Refused: RETURNS-NO-KECAMATAN, RETURNS-RECAP-ENDED, RETURNS-RECAP-EARLY, RETURNS-RECAP-NUMBER.
    """
    if area_code.count(".") != KECAMATAN_PARTS - 1:
        raise Refused("RETURNS-NO-KECAMATAN", area=area_code)
    number = " ".join(minutes_number.split())[:NUMBER_LENGTH_MAX]
    if not number:
        raise Refused("RETURNS-RECAP-NUMBER")
    row = Election.objects.get(code=election)
    zone = Office.objects.get().zone
    if at.astimezone(zone).date() < row.polling_date:
        raise Refused("RETURNS-RECAP-EARLY", day=row.polling_date.isoformat())
    known = Recap.objects.select_for_update().filter(election=row, area_code=area_code).first()
    if known:
        raise Refused("RETURNS-RECAP-ENDED", number=known.minutes_number)
    made = Recap.objects.create(
        election=row, area_code=area_code, minutes_number=number, ended_at=at, ended_by=by.person
    )
    about = ledger.About(objects=(f"ppk:{area_code}",), place=area_code)
    ledger.record(RECAP_ENDED, {"election": election, "minutes": number}, by=by, at=at, about=about)
    return made
