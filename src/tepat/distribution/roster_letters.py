"""Letters of duty (*surat tugas*): one for each person of a roster, numbered, printed in bulk as a job.

A letter with other duties is another paper with another number; the same duties printed again keep theirs.
"""

import hashlib
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Max

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.errors import Refused
from tepat.common.frame import area_words, names_of
from tepat.common.jobs import advance, asker
from tepat.common.models import Job
from tepat.common.permissions import Permission
from tepat.common.tables import long_date, short_date
from tepat.distribution.models import PlanVersion, PrintedPaper
from tepat.distribution.paper_actions import keep_printed
from tepat.distribution.paper_jobs import book_of, kept_file
from tepat.distribution.papers import Book, print_batches
from tepat.distribution.papers.codes import document_id
from tepat.distribution.papers.content import Paper
from tepat.distribution.papers.typesetting import Sheet
from tepat.distribution.roster.shapes import PART_SHORT, PART_WORDS, Seat
from tepat.distribution.roster.terms import answer_by
from tepat.distribution.roster_rows import Roster, roster_of
from tepat.distribution.roster_tables import place_names

TASK = "tepat.distribution.roster_letters.print_letters"
KIND = "surat-tugas"
OFFICE_GROUP = "kantor"
WORKERS = 2
ANSWER = "Nyatakan kesediaan selambatnya {day} pukul {clock}, di layar Tugas saya atau lewat telepon kantor."
BRING = "Bawa kartu QR Anda. Yang tidak dapat datang segera menelepon kantor: wakilnya naik menggantikan."


class Cancelled(Exception):  # noqa: N818 - not an error: somebody pressed the button
    """The job was cancelled while it ran."""


@dataclass(frozen=True)
class Duties:
    """What one person does.

    Args:
        person: The random id.
        seats: Their seats, the earliest first.
        beside: For each seat who stands beside: their seat and id.
    """

    person: str
    seats: tuple[Seat, ...]
    beside: tuple[tuple[tuple[Seat, str], ...], ...]

    @property
    def digest(self) -> str:
        """Return what tells these duties from others."""
        said = [
            (seat.id, seat.place, seat.start_s, seat.end_s, [(other.id, who) for other, who in beside])
            for seat, beside in zip(self.seats, self.beside, strict=True)
        ]
        return hashlib.sha256(repr(said).encode()).hexdigest()

    @property
    def group(self) -> str:
        """Return whose file it stands in: the kecamatan of the first duty, or the office."""
        parts = self.seats[0].area_code.split(".")
        return ".".join(parts[:3]) if len(parts) > 2 else OFFICE_GROUP


def duties_of(roster: Roster) -> list[Duties]:
    """Return everybody with duties, by place and time of the first one."""
    own: dict[str, list[Seat]] = defaultdict(list)
    meets: dict[tuple[str, int], list[tuple[Seat, str]]] = defaultdict(list)
    for seat in roster.seats:
        if who := roster.given.get(seat.id):
            own[who].append(seat)
            meets[seat.trip, seat.halt].append((seat, who))
    made = []
    for who, seats in own.items():
        seats.sort(key=lambda seat: (seat.start_s, seat.id))
        beside = [tuple(pair for pair in meets[seat.trip, seat.halt] if pair[1] != who) for seat in seats]
        made.append(Duties(who, tuple(seats), tuple(beside)))
    return sorted(made, key=lambda one: (one.group, one.seats[0].start_s, one.person))


def written_to(roster: Roster) -> list[Duties]:
    """Return who gets a letter: everybody but the police, who come by an order of their own."""
    return [one for one in duties_of(roster) if one.seats[0].part != "pengawal"]


def print_letters(job: Job, *, plan: int) -> dict[str, Any]:
    """Print the letters of a plan's roster and keep them; a second run of the same job changes nothing.

    Args:
        job: The job's row; who asked for it needs the right to print.
        plan: The plan's row.

    Returns:
        How many letters, pages and files.

    Raises:
        Cancelled: Somebody stopped the job.
        NotAllowed: No such plan in the asker's area.
        Refused: ROSTER-NO-LETTERS, PAPER-NOT-ACCEPTED.
    """

    def tell(done: int, every: int) -> None:
        words = f"Surat tugas: {done} dari {every}"
        if not advance(job.pk, now(), done=done, total=every, message=words):
            raise Cancelled

    by = asker(job)
    row = load_or_refuse(PlanVersion, plan, by=by, permission=Permission.PAPERS_PRINT)
    book = book_of(row)
    papers = letters(row, book, at=job.asked_at)
    with tempfile.TemporaryDirectory(prefix="tepat-tugas-") as name:
        sheaves = print_batches(Sheet.of(book), papers, Path(name), workers=WORKERS, progress=tell)
        files = tuple(kept_file(sheaf, row) for sheaf in sheaves)
    keep_printed(by=by, at=now(), plan=row.pk, draft=not row.frozen, files=files)
    lines = [line for file in files for line in file.lines]
    return {
        "plan": row.pk,
        "papers": len(lines),
        "pages": sum(line.pages for line in lines),
        "files": len(files),
    }


def letters(row: PlanVersion, book: Book, *, at: datetime) -> list[Paper]:
    """Return one letter for each person of a plan's roster.

    Args:
        row: The plan.
        book: The plan opened for printing.
        at: When they are written; their date.

    Raises:
        Refused: ROSTER-NO-LETTERS.
    """
    roster = roster_of(row)
    listed = written_to(roster)
    if not listed:
        raise Refused("ROSTER-NO-LETTERS", number=row.number)
    day = book.local(at).date()
    known = dict(PrintedPaper.objects.filter(plan=row, kind=KIND).values_list("pk", "running"))
    given = PrintedPaper.objects.filter(election=row.problem.election, kind=KIND, draft=False)
    last = (given.aggregate(last=Max("running"))["last"] or 0) if row.frozen else 0
    writer = _Writer(roster, book, day, basis_of(row))
    papers = []
    for one in listed:
        key = letter_id(book, one)
        if key not in known:
            last += 1
        papers.append(writer.letter(one, known.get(key, last)))
    return papers


def letter_id(book: Book, one: Duties) -> str:
    """Return the id of a letter, as `Book.head` makes it."""
    parts = (book.problem.id, book.plan_sha256, KIND, one.person, one.digest)
    return document_id(*parts, *(("DRAF",) if book.draft else ()))


def basis_of(row: PlanVersion) -> str:
    """Return by what people are sent, in words."""
    if row.minutes_date is None:
        return f"rencana distribusi versi {row.number}, belum ditetapkan"
    minutes = f"berita acara {row.minutes_number}, {short_date(row.minutes_date)}"
    return f"rencana distribusi versi {row.number}, {minutes}"


class _Writer:
    """Writes letters of one roster."""

    def __init__(self, roster: Roster, book: Book, day: date, basis: str) -> None:
        self.roster, self.book, self.day, self.basis = roster, book, day, basis
        self.places = place_names(roster)
        ids = {UUID(who) for who in roster.given.values()}
        self.names: Mapping[str, str] = {str(who): name for who, name in names_of(ids, shown=True).items()}
        self.people = {person.id: person for person in roster.people}
        held = {post.area_code for person in roster.people for post in person.held}
        self.areas = area_words(held)

    def letter(self, one: Duties, running: int) -> Paper:
        """Return one person's letter with its running number."""
        order = running - self.book.last.get(KIND, 0)
        head = self.book.head(KIND, order, self.day, one.person, one.digest)
        area = one.seats[0].area_code
        deadline = answer_by(self.book.problem.election.polling_date, self.book.zone_info)
        return head | {
            "area": area,
            "about": f"Surat tugas, {len(one.seats)} tugas, {self.areas.get(area, area)}"[:200],
            "group": one.group,
            "lead": "Sekretaris menugaskan:",
            "name": self.names.get(one.person, ""),
            "post": self.post(one.person),
            "election": self.book.problem.election.name,
            "basis": self.basis,
            "rows": [self.row(*pair) for pair in zip(one.seats, one.beside, strict=True)],
            "notes": [ANSWER.format(day=long_date(deadline.date()), clock=f"{deadline:%H.%M}"), BRING],
            "signers": [f"Sekretaris {self.book.problem.office.name}"],
        }

    def post(self, person: str) -> str:
        """Return somebody's post, in words."""
        found = self.people.get(person)
        held = found.held[0] if found else None
        return f"{held.role.value} {self.areas.get(held.area_code, held.area_code)}" if held else "–"

    def row(self, seat: Seat, meets: Sequence[tuple[Seat, str]]) -> Sequence[str]:
        """Return one duty as a line."""
        beside = [f"{self.names.get(who, '')} ({PART_SHORT[other.part]})" for other, who in meets]
        start, end = (datetime.fromtimestamp(one, self.book.zone_info) for one in (seat.start_s, seat.end_s))
        return (
            short_date(seat.day),
            self.book.span(start, end),
            PART_WORDS[seat.part],
            f"{self.places[seat.place]}, perjalanan {seat.trip}",
            ", ".join(beside) or "–",
        )


def letters_stand(row: PlanVersion, roster: Roster) -> dict[str, Any]:
    """Return how many letters a roster has, how many are printed as duties are now, and their files."""
    book = book_of(row)
    ids = {letter_id(book, one) for one in written_to(roster)}
    printed = list(PrintedPaper.objects.filter(plan=row, kind=KIND, draft=not row.frozen))
    files = {paper.file: paper.group for paper in printed if paper.pk in ids}
    return {
        "letters": len(ids),
        "printed": sum(paper.pk in ids for paper in printed),
        "outdated": sum(paper.pk not in ids for paper in printed),
        "files": sorted(files.items(), key=lambda pair: pair[1]),
    }
