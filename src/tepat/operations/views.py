"""Cadangan, Pemeriksaan, Mode Latihan: whether what the office has can be lost, and where it may practise."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.copies import FRESH_MAX, STALE_MAX, CopyAge, age_of_last_copy, finished, spoken
from tepat.common.errors import NotAllowed, Refused
from tepat.common.frame import Frame, frame_of
from tepat.common.jobs import ask_job
from tepat.common.messages import Message, say
from tepat.common.models import Account, Event, Job, Tps
from tepat.common.permissions import Permission
from tepat.common.quantities import decimal_comma, grouped
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Kind, Table
from tepat.operations.backup import read_manifest
from tepat.operations.doctor import examine
from tepat.operations.jobs import COPY_TASK, DRILL_TASK
from tepat.operations.restore import DRILLS

READ, RUN = Permission.JOBS_READ, Permission.COPIES_RUN
TASKS = {"salin": COPY_TASK, "latih": DRILL_TASK}
TASK_WORDS = {COPY_TASK: "Menyalin", DRILL_TASK: "Melatih pemulihan"}
COPIES_SHOWN_MAX = 200
DRILLS_SHOWN_MAX = 20
DRILL_FRESH = timedelta(days=7)


@dataclass(frozen=True)
class DrillRecord:
    """One drill as its record says; one that cannot be read is not good.

    Args:
        copy: The name of the copy.
        drilled_at: When, or None where it cannot be read.
        good: Whether all of the copy came back.
        duration_ms: How long it took, in milliseconds.
        data_age_s: The age of the copy at the drill, in seconds.
        faults: What was wrong.
    """

    copy: str
    drilled_at: datetime | None
    good: bool
    duration_ms: int = 0
    data_age_s: int = 0
    faults: tuple[str, ...] = ()


def drills(folder: Path) -> list[DrillRecord]:
    """Return the last drills beside the copies of a folder, newest first."""
    files = sorted((folder / DRILLS).glob("*.json"), reverse=True)[:DRILLS_SHOWN_MAX]
    return [_drill_of(file) for file in files]


def _drill_of(file: Path) -> DrillRecord:
    try:
        told = json.loads(file.read_bytes())
        return DrillRecord(
            copy=str(told["copy"]),
            drilled_at=datetime.fromisoformat(told["drilled_at"]),
            good=told["good"] is True,
            duration_ms=int(told["duration_ms"]),
            data_age_s=int(told["data_age_s"]),
            faults=tuple(str(fault) for fault in told["faults"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return DrillRecord(file.stem, None, good=False, faults=("catatan latihan ini tidak terbaca",))


def drill_state(last: DrillRecord | None, at: datetime) -> tuple[str, str]:
    """Return how restoring stands: a state's key and a sentence.

    Args:
        last: The newest drill, or None.
        at: This moment.
    """
    if last is None:
        return "belum", "Belum pernah dilatih. Salinan yang belum dicoba belum tentu dapat dipulihkan."
    if not last.good:
        return "gawat", f"Gagal: {last.faults[0] if last.faults else 'tanpa keterangan'}"
    assert last.drilled_at is not None, last
    age = max(at - last.drilled_at, timedelta(0))
    if age > DRILL_FRESH:
        return "perhatikan", f"Berhasil {spoken(age)}. Latih lagi tiap minggu dan sebelum H-7."
    return "aman", f"Berhasil {spoken(age)}, {decimal_comma(last.duration_ms / 1000, 1)} detik."


@screen(READ)
def copies(request: HttpRequest) -> HttpResponse:
    """How old the last copy is, whether it can be restored, and every copy there is."""
    return _copies_page(request, frame_of(request, READ), None)


def _copies_page(request: HttpRequest, frame: Frame, refused: Message | None) -> HttpResponse:
    folder, at = settings.BACKUPS_DIR, now()
    age: CopyAge = age_of_last_copy(folder, at)
    drilled = drills(folder)
    state, says = drill_state(drilled[0] if drilled else None, at)
    asked = frame.visible(Job.objects.filter(task__in=TASKS.values()), "area_code")
    last: Job | None = asked.first()
    may_run = frame.may(RUN)
    context = {
        "frame": frame,
        "judul": f"Cadangan, {frame.office.name}",
        "age": age,
        "age_state": age.state.lower(),
        "drill_state": state,
        "drill_says": says,
        "fresh_hours": int(FRESH_MAX.total_seconds()) // 3600,
        "stale_hours": int(STALE_MAX.total_seconds()) // 3600,
        "copies": _copies_table(frame, folder),
        "drills": _drills_table(frame, drilled),
        "folder": str(folder) if may_run else "",
        "job": last if last and not last.ended else None,
        "job_word": TASK_WORDS[last.task] if last else "",
        "failed_job": last if last and last.state == Job.State.FAILED else None,
        "may_run": may_run,
        "refused": refused,
    }
    return answer(request, "operations/cadangan.html", context, status=409 if refused else 200)


def _copies_table(frame: Frame, folder: Path) -> Table:
    rows = [_copy_row(copy) for copy in reversed(finished(folder)[-COPIES_SHOWN_MAX:])]
    return Table(
        id="salinan",
        title="Salinan yang ada",
        columns=(
            Column("Salinan", Kind.CODE),
            Column("Dibuat", Kind.MOMENT),
            Column("Keadaan", Kind.STATE),
            Column("Baris", Kind.COUNT),
            Column("Peristiwa", Kind.COUNT),
            Column("Dokumen", Kind.COUNT),
            Column("Besar (MB)", Kind.COUNT),
            Column("Buku"),
        ),
        rows=rows,
        note="Hanya salinan yang utuh punya daftar; yang terpotong tidak terhitung.",
        empty="Belum ada salinan. Tekan Salin sekarang, atau jalankan tepat backup tiap hari.",
        zone=frame.zone,
    )


def _copy_row(copy: Path) -> list[Any]:
    try:
        told = read_manifest(copy)
        size = told["database"]["size"] + sum(each["size"] for each in told["documents"])
        return [
            copy.name,
            datetime.fromisoformat(told["made_at"]),
            Cell("aman", word="UTUH"),
            sum(told["rows"].values()),
            told["ledger"]["events"],
            len(told["documents"]),
            -(-size // 2**20),
            f"{told['mode']}, {told['engine']}",
        ]
    except (Refused, KeyError, TypeError, ValueError):
        return [copy.name, None, Cell("gawat", word="TIDAK TERBACA"), None, None, None, None, None]


def _drills_table(frame: Frame, found: list[DrillRecord]) -> Table:
    rows = [
        [
            each.drilled_at,
            Cell("aman", word="BERHASIL") if each.good else Cell("gawat", word="GAGAL"),
            each.copy,
            spoken(timedelta(seconds=each.data_age_s)).replace(" lalu", "") if each.drilled_at else None,
            f"{decimal_comma(each.duration_ms / 1000, 1)} detik" if each.drilled_at else None,
            "; ".join(each.faults[:3]) or "–",
        ]
        for each in found
    ]
    return Table(
        id="latihan-pemulihan",
        title="Latihan pemulihan",
        columns=(
            Column("Dilatih", Kind.MOMENT),
            Column("Hasil", Kind.STATE),
            Column("Salinan", Kind.CODE),
            Column("Umur data waktu itu"),
            Column("Lama"),
            Column("Temuan"),
        ),
        rows=rows,
        note="Latihan memulihkan salinan di samping kantor yang berjalan dan tidak mengubah apa pun.",
        empty="Belum pernah dilatih.",
        zone=frame.zone,
    )


@require_POST
@screen(RUN)
def ask_copy(request: HttpRequest, work: str) -> HttpResponse:
    """Ask the worker for a copy or for a drill."""
    frame = frame_of(request, READ)
    frame.actor.require(RUN, frame.office.area_code)
    if work not in TASKS:
        raise NotAllowed("COMMON-NOT-FOUND")
    try:
        _ask(frame, work)
    except Refused as error:
        return _copies_page(request, frame, say(error.code, error.facts))
    return redirect("cadangan")


def _ask(frame: Frame, work: str) -> None:
    open_states = (Job.State.WAITING, Job.State.RUNNING)
    there = Job.objects.filter(task__in=TASKS.values(), state__in=open_states).first()
    if there:
        raise Refused("JOB-ALREADY-ASKED", state=there.state)
    if work == "latih" and not finished(settings.BACKUPS_DIR):
        raise Refused("COPY-NONE", folder=str(settings.BACKUPS_DIR))
    ask_job(
        by=frame.actor,
        at=now(),
        task_path=TASKS[work],
        arguments={},
        area_code=frame.office.area_code,
    )


@screen(READ)
def copy_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The progress of a copy or drill, as a piece of the page; says when it has ended."""
    frame = frame_of(request, READ)
    job = load_or_refuse(Job, pk, by=frame.actor, permission=READ)
    page = render(request, "operations/kemajuan.html", {"job": job})
    if job.ended:
        page.headers["X-Selesai"] = "ya"
    return page


@screen(RUN)
def checks(request: HttpRequest) -> HttpResponse:
    """What `tepat doctor` finds, worst first."""
    frame = frame_of(request, RUN)
    order = {"GAWAT": 0, "PERHATIKAN": 1, "AMAN": 2}
    found = sorted(examine(now()), key=lambda check: order[check.state])
    table = Table(
        id="pemeriksaan",
        title="Pemeriksaan",
        columns=(
            Column("Yang diperiksa"),
            Column("Keadaan", Kind.STATE),
            Column("Temuan"),
            Column("Langkah"),
        ),
        rows=[
            [each.name, each.state.lower(), each.text, each.todo.replace("`", "") or None] for each in found
        ],
        note="Sama dengan perintah tepat doctor.",
        zone=frame.zone,
    )
    bad = sum(each.state == "GAWAT" for each in found)
    look = sum(each.state == "PERHATIKAN" for each in found)
    context = {
        "frame": frame,
        "judul": f"Pemeriksaan, {frame.office.name}",
        "table": table,
        "state": "gawat" if bad else "perhatikan" if look else "aman",
        "says": f"{bad} gawat, {look} perlu diperhatikan, {len(found) - bad - look} aman.",
    }
    return answer(request, "operations/pemeriksaan.html", context)


@screen(Permission.REGISTER_READ)
def rehearsal(request: HttpRequest) -> HttpResponse:
    """How an office practises: a ledger of its own, opened by one command."""
    frame = frame_of(request, Permission.REGISTER_READ)
    context = {
        "frame": frame,
        "rehearsing": settings.LATIHAN,
        "tps": grouped(Tps.objects.count()),
        "events": grouped(Event.objects.count()),
        "accounts": grouped(Account.objects.count()),
        "copies_link": reverse("cadangan") if frame.actor.has(READ) else "",
    }
    return render(request, "operations/latihan.html", context)
