"""Makes an office for the browser tests in TEPAT_HOME; run as a program, as in life.

prepare.py full | empty | field | practice | nothing

Where a thing has an address of its own that is not known beforehand, `contoh.json` in TEPAT_HOME says it.
"""

import io
import json
import os
import sys
from pathlib import Path

AREA = "33.71"
PASSWORD = "kuda baterai staples benar"
PEOPLE = (
    ("kasubbag", "KUL", AREA),
    ("sekretaris", "SEKRETARIS", AREA),
    ("komisioner", "KOMISIONER", AREA),
    ("budi", "PPS", f"{AREA}.01.1003"),
    ("dewi", "PANWASCAM", f"{AREA}.01"),
)
LIST = """No;Kelurahan;TPS;DPT
1;Kemirirejo;001;1.205
2;Kemirirejo;002;240
3;Kemiri Rejo;003;tiga ratus
4;Tidak Ada;001;250
;Jumlah;;1.995
"""
STRATEGIES = ("lewat-ppk", "langsung-pps", "langsung-gudang-2")


def main(kind: str, plans: Path) -> None:
    """Make the office; `full` has Kota Magelang's register and plans, `empty` only its name."""
    from tepat.common import start

    start.django()
    from django.core.management import call_command

    from tepat.common.acting import system_actor
    from tepat.common.clock import now
    from tepat.common.register import load_register

    call_command("migrate", verbosity=0, interactive=False)
    by, at = system_actor(), now()
    if kind == "full":
        load_register(AREA, ["pemilu-2024", "pilkada-2024"], by=by, at=at)
        _plans(plans, by, at)
    elif kind == "empty":
        _name_only(by, at)
    elif kind == "field":
        from prepare_field import field

        field(plans.parent, by, at)
    elif kind == "practice":
        from prepare_field import practice

        practice(plans.parent, by, at)
    people = {name: _person(name, role, area, by, at) for name, role, area in PEOPLE}
    if kind == "full":
        from prepare_custody import custody
        from prepare_warehouses import warehouses

        found = _papers(by, at) | _list(by, at) | _records(people, at) | custody(by, at) | _notice()
        found |= _setback(by, at)
        found |= _roster(by, at)
        found |= warehouses(by, at)
        _reasons(by, at)
        Path(os.environ["TEPAT_HOME"], "contoh.json").write_text(json.dumps(found), encoding="utf-8")


def _name_only(by, at):
    from django.db import transaction

    from tepat.common.actions import add_election, set_office

    with transaction.atomic():
        set_office(by=by, at=at, area_code=AREA, name="KPU Kota Magelang", time_zone="Asia/Jakarta")
        add_election(by=by, at=at, code="pemilu-2024")


def _person(name, role, area, by, at):
    from tepat.common.actions import Contact, add_account, add_person, give_post
    from tepat.common.permissions import Role

    person = add_person(by=by, at=at, contact=Contact(name.title()))
    give_post(by=by, at=at, person=person.pk, role=Role[role], area_code=area)
    add_account(by=by, at=at, person=person.pk, username=name, password=PASSWORD)
    return person.pk


def _plans(folder, by, at):
    """Solve a few strategies of a small city; the same plans every time."""
    from tepat.common.areas import load_area
    from tepat.distribution import documents
    from tepat.distribution.building import build_problem
    from tepat.distribution.checker import load_matrices
    from tepat.distribution.keeping import keep_folder
    from tepat.distribution.routing import Budget
    from tepat.distribution.solving import solve
    from tepat.solvers.pyvrp_engine import PyvrpEngine

    problem = build_problem(load_area(AREA), "pemilu-2024", out=folder).problem
    matrices = load_matrices(problem, folder)
    for name in STRATEGIES:
        plan = solve(problem, name, matrices, engine=PyvrpEngine(), seed=1, budget=Budget(iterations=10))
        documents.write(plan, folder / f"plan-{name}.json")
    keep_folder(folder, by=by, at=at)


def _roster(by, at):
    """Give the first plan its people; one of them cannot come, one seat is empty."""
    from datetime import UTC, datetime, timedelta
    from uuid import UUID

    from tepat.distribution.models import PlanVersion
    from tepat.distribution.roster_actions import Note, note_availability, set_seat
    from tepat.distribution.roster_proposals import propose_and_keep
    from tepat.distribution.roster_rows import roster_of
    from tepat.operations.demo_people import find_or_make
    from tepat.operations.demo_roster import wanted

    row = PlanVersion.objects.get(pk=1)
    held = datetime(2024, 1, 5, tzinfo=UTC)
    find_or_make(AREA, wanted(roster_of(row)), by=by, at=held)
    propose_and_keep(by=by, at=held + timedelta(days=20), row=row)
    roster = roster_of(row)
    first = next(seat for seat in roster.seats if seat.part == "penanggung-jawab")
    ill = UUID(roster.given[first.id])
    note_availability(by=by, at=at, area_code=AREA, person=ill, note=Note("", (first.day,)))
    empty = next(seat for seat in roster.seats if seat.part == "wakil-penerima")
    set_seat(by=by, at=at, plan=row.pk, seat=empty.id, person=None)
    return {"petugas": [row.pk, str(ill)], "kursi": [row.pk, first.id]}


class _FirstAnswer:
    """An engine that fills vehicles and never searches: a question is answered at once."""

    name, version = "isi-penuh", "1"

    def route(self, parts, *, seed, budget, progress=None):
        from tepat.distribution.routing import Answer
        from tepat.solvers.exact_fill import first_answer

        del seed, budget, progress
        found = [first_answer(part) for part in parts]
        return tuple(
            Answer(routes=routes, left=left, outcome="partial" if left else "found") for routes, left in found
        )


def _reasons(by, at):
    """Answer a question about the first plan, as the job would, and let one about a trip break down."""
    import msgspec

    from tepat.common.models import Job
    from tepat.distribution.archive import case_of, plan_of
    from tepat.distribution.models import PlanVersion
    from tepat.distribution.reason_questions import OTHERS, TASK
    from tepat.distribution.reasons.next_best import next_best
    from tepat.distribution.reasons.subjects import subject_of
    from tepat.distribution.reasons.trying import Search
    from tepat.distribution.routing import Budget

    row = PlanVersion.objects.get(pk=1)
    plan = plan_of(row.sha256)
    case = case_of(row.problem.sha256, plan.strategy)
    search = Search(_FirstAnswer(), Budget(iterations=1))
    found = next_best(case, plan, subject_of(case, plan, f"{AREA}.01.1003"), search)
    terms = {"task": TASK, "area_code": AREA, "asked_by": by.person, "asked_at": at}
    Job.objects.create(
        **terms,
        state=Job.State.DONE,
        arguments={"plan": row.pk, "subject": f"{AREA}.01.1003", "question": OTHERS},
        answer=msgspec.to_builtins(found),
    )
    Job.objects.create(
        **terms,
        state=Job.State.FAILED,
        arguments={"plan": row.pk, "subject": "T-001", "question": OTHERS},
        message="Berhenti 3 kali sebelum selesai; minta lagi atau hubungi pengelola.",
    )


def _papers(by, at):
    """Print the papers of the first plan's first trip; one page comes back, one is blank, one is not ours."""
    import tempfile
    from dataclasses import replace

    from msgspec.structs import replace as with_other

    from tepat.distribution.models import PlanVersion, PrintedPaper
    from tepat.distribution.page_actions import set_page_aside
    from tepat.distribution.paper_actions import keep_printed
    from tepat.distribution.paper_jobs import kept_file, open_book
    from tepat.distribution.papers import print_sheaves

    row = PlanVersion.objects.get(pk=1)
    book = open_book(row)
    trips = book.plan.trips[:1]
    first = {unit for stop in trips[0].stops for unit in stop.units}
    given = [each for each in book.plan.deliveries if each.unit in first][:2]
    few = replace(book, plan=with_other(book.plan, trips=trips, deliveries=tuple(given)))
    with tempfile.TemporaryDirectory() as folder:
        sheaves = print_sheaves(few, {}, Path(folder))
        keep_printed(
            by=by, at=at, plan=row.pk, draft=True, files=tuple(kept_file(sheaf, row) for sheaf in sheaves)
        )
    paper = PrintedPaper.objects.filter(kind="bast").first()
    kept = [
        _bring(row, name, picture, by, at)
        for name, picture in (
            ("bast-kunci.jpg", _page_of(paper)),
            ("buram.jpg", _blank("gainsboro")),
            ("lembar-kosong.jpg", _blank("white")),
        )
    ]
    set_page_aside(by=by, at=at, page=kept[2], reason="lembar kosong yang ikut terpindai")
    return {"kertas": paper.pk, "balik": kept[0], "tak-dikenal": kept[1], "disisihkan": kept[2]}


def _page_of(paper):
    """Return the first page of a paper as a photo."""
    import pypdfium2

    from tepat.common.documents import path_of

    with pypdfium2.PdfDocument(path_of(paper.file)) as pdf:
        return pdf[paper.first_page - 1].render(scale=2).to_pil().convert("L")


def _blank(color):
    from PIL import Image

    return Image.new("L", (620, 877), color)


def _bring(plan, name, picture, by, at):
    """Bring one picture back, and return the row of its page."""
    from tepat.common.documents import keep
    from tepat.distribution.paper_actions import Scan, receive_scan
    from tepat.distribution.papers.reading import read_scan

    raw = io.BytesIO()
    picture.save(raw, "JPEG")
    read = tuple(read_scan(raw.getvalue(), name=name))
    scan = Scan(keep(io.BytesIO(raw.getvalue())), name, read)
    kept = receive_scan(by=by, at=at, area_code=AREA, plan=plan.pk, scan=scan)
    return kept.read_pages.get().pk


def _list(by, at):
    """Leave a list on its way in, with faults and questions."""
    from tepat.planning.import_drafts import Opening, open_draft

    opening = Opening(kind="tps", election="pemilu-2024", label="Daftar TPS yang belum diterima")
    return {"impor": str(open_draft(LIST.encode(), opening, by=by, at=at, area_code=AREA).pk)}


def _records(people, at):
    """Let the supervisor ask for something, and name a person and an event to look at."""
    from datetime import timedelta

    from tepat.common.acting import actor_of
    from tepat.common.actions import NoteText, write_note
    from tepat.common.models import Event

    due = (at + timedelta(days=3)).date()
    note = NoteText("Gudang belum punya alat pemadam api ringan.", "gudang-33.71", due)
    row = write_note(by=actor_of(people["dewi"], at), at=at, area_code=f"{AREA}.01", note=note)
    return {
        "orang": str(people["budi"]),
        "orang-lain": str(people["dewi"]),
        "catatan": row.pk,
        "peristiwa": str(Event.objects.filter(kind="papers.printed").get().pk),
    }


def _setback(by, at):
    """Leave both ways of going on from the published plan, for its page."""
    from datetime import timedelta

    from tepat.common.models import Job
    from tepat.distribution.archive import plan_of
    from tepat.distribution.models import PlanVersion
    from tepat.distribution.setbacks import TASK
    from tepat.solvers import edit_jobs

    edit_jobs.REPLAN_S = 1
    row = PlanVersion.objects.filter(state=PlanVersion.State.PUBLISHED).first()
    trips = sorted(plan_of(row.sha256).trips, key=lambda trip: trip.load_at)
    asked = {
        "plan": row.pk,
        "at": (trips[0].load_at - timedelta(minutes=1)).isoformat(),
        "lost": [trips[-1].vehicle],
    }
    common = {"task": TASK, "arguments": asked, "area_code": AREA, "asked_by": by.person, "asked_at": at}
    job = Job.objects.create(state=Job.State.RUNNING, **common)
    answer = edit_jobs.replan_day(job, **asked)
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, answer=answer, finished_at=at)
    return {"halangan": row.pk}


def _notice():
    """Name a notice of the schedule that the example published."""
    from tepat.distribution.notice_models import ScheduleNotice

    return {"pemberitahuan": ScheduleNotice.objects.earliest("pk").pk}


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
