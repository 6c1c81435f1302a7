"""Berkas bukti: one click, one ZIP about a box or a TPS, checkable by anybody."""

from django.http import HttpRequest, HttpResponse

from tepat.common.clock import now
from tepat.common.errors import NotAllowed
from tepat.common.frame import Frame, frame_of, lies_in
from tepat.common.models import Election, Place
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.custody.models import Holding
from tepat.custody.parties import label_of
from tepat.custody.timeline_search import label_typed
from tepat.custody.views.shared import Words, words_of
from tepat.packing.codes import set_id
from tepat.publication.evidence import Subject, make_pack

READ = Permission.RECORDS_READ


@screen(READ)
def pack(request: HttpRequest, code: str) -> HttpResponse:
    """The evidence pack of one box, or of all boxes of one TPS."""
    frame = frame_of(request, READ)
    subject = subject_of(frame, label_typed(code))
    made = make_pack(subject, frame.office, at=now(), words=_words(frame, subject))
    file = HttpResponse(made.content, content_type="application/zip")
    file.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    file.headers["Cache-Control"] = "private, no-store"
    return file


def subject_of(frame: Frame, label: str) -> Subject:
    """Return what a pack is about; the newest election that has this label.

    Raises:
        NotAllowed: COMMON-NOT-FOUND, also for what lies outside the reader's areas.
    """
    ending = f":{label}" if label.count("-") == 2 else f":{label}-"
    rows = Holding.objects.filter(lies_in("area_code", frame.areas), object_id__contains=ending)
    names = [name for name in rows.values_list("object_id", flat=True) if _fits(name, label)]
    if not label or not names:
        raise NotAllowed("COMMON-NOT-FOUND")
    election = Election.objects.filter(code__in={name.split(":")[1] for name in names}).last()
    if election is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    mine = tuple(sorted(name for name in names if name.split(":")[1] == election.code))
    whole_set = (set_id(election.code, label),) if label.count("-") == 1 else ()
    return Subject(label, mine, whole_set, election.name)


def _fits(name: str, label: str) -> bool:
    own = label_of(name)
    return label in {own, own.rpartition("-")[0]}


def _words(frame: Frame, subject: Subject) -> Words:
    """Return posts in words and no names: a pack leaves the office and can't be taken back."""
    rows = Holding.objects.filter(pk__in=subject.objects).exclude(area_code="")
    codes = set(rows.values_list("area_code", flat=True))
    codes |= {code.rpartition(".")[0] for code in codes}
    posts = {f"{kind}:{code}" for kind in ("ppk", "pps") for code in codes}
    stores = Place.objects.in_area(frame.office.area_code).filter(kind=Place.Kind.GUDANG)
    posts |= {f"gudang:{code}" for code in stores.values_list("code", flat=True)}
    return Words({}, words_of(frame, (), posts).areas)
