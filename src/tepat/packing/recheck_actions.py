"""The blind re-check: a sample is drawn, each box is counted by somebody who did not close it."""

from dataclasses import dataclass
from datetime import datetime

from tepat.common import ledger
from tepat.common.acting import Actor, action, load_or_refuse
from tepat.common.errors import Refused
from tepat.common.models import Election
from tepat.common.permissions import Permission
from tepat.packing.models import PackedObject, Recheck, RecheckLine
from tepat.packing.sampling import SAMPLE_MAX, SEED_LENGTH_MAX, sample

DRAWN = ledger.kind("packing.recheck-drawn")
CHECKED = ledger.kind("packing.rechecked")

SHEETS_MAX = 10_000
Result = RecheckLine.Result


@action(Permission.PACKING_CHECK, area="area_code")
def draw_recheck(*, by: Actor, at: datetime, area_code: str, election: str, seed: str, size: int) -> Recheck:
    """Draw a sample of the boxes that are closed and not sealed yet.

    A sealed box is not drawn: looking into it would be an opening, with its minutes.

    Args:
        by: Who draws.
        at: When.
        area_code: The office's area.
        election: The election's code.
        seed: What decides the sample, such as numbers a supervisor named.
        size: How many boxes.

    Raises:
        Refused: RECHECK-SEED, RECHECK-SIZE, RECHECK-NOTHING.
    """
    plain = " ".join(seed.split())
    if not 0 < len(plain) <= SEED_LENGTH_MAX:
        raise Refused("RECHECK-SEED", most=SEED_LENGTH_MAX)
    if not 0 < size <= SAMPLE_MAX:
        raise Refused("RECHECK-SIZE", most=SAMPLE_MAX)
    row = Election.objects.get(code=election)
    closed = PackedObject.objects.in_area(area_code).filter(
        election=row, is_box=True, state=PackedObject.State.CLOSED
    )
    by_code = dict(closed.values_list("code", "pk"))
    if not by_code:
        raise Refused("RECHECK-NOTHING")
    drawn = sample(by_code, seed=plain, size=size)
    recheck = Recheck.objects.create(
        election=row,
        area_code=area_code,
        seed=plain,
        population=len(by_code),
        size=len(drawn),
        drawn_at=at,
        drawn_by=by.person,
    )
    RecheckLine.objects.bulk_create(
        RecheckLine(recheck=recheck, object_id=by_code[code], rank=rank)
        for rank, code in enumerate(drawn, start=1)
    )
    payload = {"seed": plain, "population": len(by_code), "size": len(drawn)}
    about = ledger.About(objects=(f"periksa-ulang:{recheck.pk}",), place=area_code)
    ledger.record(DRAWN, payload, by=by, at=at, about=about)
    return recheck


@dataclass(frozen=True)
class Found:
    """What a checker read and counted, without having seen what was expected.

    Args:
        sheets: Ballots counted, in sheets.
        mark: The dapil mark read on the ballots; empty where they have none.
        whole: Whether the rest of the contents was there.
        note: What else was seen.
    """

    sheets: int
    mark: str
    whole: bool
    note: str = ""


@action(Permission.PACKING_CHECK)
def note_recheck(*, by: Actor, at: datetime, line: int, found: Found) -> RecheckLine:
    """Note what was found in one box of a sample; the comparison is made here, not by the checker.

    Raises:
        NotAllowed: No such box of a sample in the actor's area.
        Refused: RECHECK-DONE, RECHECK-OWN, RECHECK-COUNT.
    """
    row = load_or_refuse(RecheckLine, line, by=by, permission=Permission.PACKING_CHECK, lock=True)
    box = row.object
    if row.result != Result.WAITING:
        raise Refused("RECHECK-DONE", box=box.code)
    packers = {
        person for pair in box.lines.values_list("session__first", "session__second") for person in pair
    }
    if by.person in packers | {box.closed_by}:
        raise Refused("RECHECK-OWN", box=box.code)
    if not 0 <= found.sheets <= SHEETS_MAX:
        raise Refused("RECHECK-COUNT", most=SHEETS_MAX)
    faults = faults_of(box, found)
    row.result = Result.WRONG if faults else Result.RIGHT
    row.found, row.faults = found.__dict__, faults
    row.checked_at, row.checked_by = at, by.person
    row.save()
    payload = {"box": box.code, "found": found.__dict__, "faults": faults}
    about = ledger.About(
        objects=(box.object_id, f"periksa-ulang:{row.recheck_id}"), place=row.recheck.area_code
    )
    ledger.record(CHECKED, payload, by=by, at=at, about=about)
    return row


def faults_of(box: PackedObject, found: Found) -> list[str]:
    """Return in words what differs between a box and what was found in it."""
    faults = []
    if box.ballot and found.mark.strip().upper() != box.mark:
        faults.append(f"dapil {found.mark.strip() or 'kosong'}, seharusnya {box.mark or 'tanpa dapil'}")
    if found.sheets != box.sheets:
        faults.append(f"{found.sheets} lembar surat suara, seharusnya {box.sheets}")
    if not found.whole:
        faults.append("isi lain tidak lengkap")
    return faults
