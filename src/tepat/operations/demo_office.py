"""The demo's own office in the demo's folder: its register, people with posts, the plans just made."""

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tepat.distribution.models import PlanVersion, ProblemFile

PASSWORD_FILE = "sandi-contoh.txt"  # noqa: S105 - the name of a file
ACCOUNTS = (
    ("kul", "KUL", "Contoh Kasubbag KUL"),
    ("operator", "OPERATOR", "Contoh Operator"),
    ("sekretaris", "SEKRETARIS", "Contoh Sekretaris"),
    ("komisioner", "KOMISIONER", "Contoh Komisioner"),
    ("bawaslu", "BAWASLU", "Contoh Bawaslu"),
)
ELECTIONS = ("pemilu-2024", "pilkada-2024")
CUSTODY_TASK = "tepat.operations.demo_custody.make_custody"
ROSTER_TASK = "tepat.operations.demo_roster.make_roster"
CUSTODY_STRATEGY = "langsung-pps"
# The kecamatan of an office that the example of custody shows.
CUSTODY_SHOWN = {"33.16": "33.16.09"}

Tell = Callable[[str], None]


def open_demo_office(out: Path, area: str, *, at: datetime, tell: Tell) -> None:
    """Make the office, or find it as an earlier demo left it, and hand it the plans of this run.

    Every step finds what an earlier run, whole or broken off, has already done.

    Args:
        out: The demo's folder, with `problem.json` and the plans.
        area: The area's code.
        at: This moment.
        tell: Hears what was made and what was there.
    """
    from tepat.common import start

    start.django()
    from tepat.common.acting import system_actor
    from tepat.distribution.keeping import keep_folder
    from tepat.distribution.models import PlanVersion
    from tepat.operations.backup import make_copy
    from tepat.operations.clocks import clock_fault
    from tepat.operations.migrating import migrate

    migrate()
    if fault := clock_fault(at):
        tell(f"Perhatikan: {fault}. Betulkan jam komputer ini.")
    _load(area, at, tell)
    before = PlanVersion.objects.count()
    plans = keep_folder(out, by=system_actor(), at=at)
    new = PlanVersion.objects.count() - before
    tell(f"Rencana di kantor contoh: {new} baru, {len(plans) - new} sudah ada.")
    if plans:
        ask_for_rain(plans[0].problem, at, tell)
    make_copy(at)
    _open_accounts(out, area, at)
    if plans:
        ask_for_custody(plans[0].problem, at, tell)
        ask_for_roster(plans[0].problem, at, tell)
    names = ", ".join(username for username, _, _ in ACCOUNTS)
    tell(f"\nMasuk sebagai {names}; kata sandi: {_password(out)}")


def _load(area: str, at: datetime, tell: Tell) -> None:
    from tepat.common.acting import system_actor
    from tepat.common.register import load_register, loaded_elections

    there = {kind.code for kind in loaded_elections(area)}
    missing = [code for code in ELECTIONS if code not in there]
    if missing:
        load_register(area, missing, by=system_actor(), at=at)
        tell(f"Kantor contoh: register dimuat ({', '.join(missing)}).")
    else:
        tell("Kantor contoh yang sudah ada dipakai lagi.")


def ask_for_rain(dry: "ProblemFile", at: datetime, tell: Tell) -> None:
    """Have the rainy plan computed while the screens are already open, where the office has hard roads."""
    from tepat.common.acting import system_actor
    from tepat.common.jobs import ask_job
    from tepat.common.models import Job
    from tepat.distribution.rain import TASK, rain_arguments, rain_variant
    from tepat.roads.contoh import notes_for

    if not notes_for(dry.area_code).hard_area or rain_variant(dry) is not None:
        return
    arguments = rain_arguments(dry)
    asked = Job.objects.filter(task=TASK, arguments__problem=dry.pk)
    if arguments is None or asked.filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).exists():
        return
    ask_job(by=system_actor(), at=at, task_path=TASK, arguments=arguments, area_code=dry.area_code)
    tell("Rencana hari hujan dihitung sesudah layar terbuka.")


def ask_for_custody(dry: "ProblemFile", at: datetime, tell: Tell) -> None:
    """Have the example of custody made while the screens are already open, once for each office."""
    from tepat.common.acting import system_actor
    from tepat.common.jobs import ask_job
    from tepat.common.models import Job
    from tepat.common.story import ELECTION

    kecamatan, plan = CUSTODY_SHOWN.get(dry.area_code), custody_plan(dry)
    if kecamatan is None or plan is None or dry.election.code != ELECTION:
        return
    states = (Job.State.WAITING, Job.State.RUNNING, Job.State.DONE)
    if Job.objects.filter(task=CUSTODY_TASK, state__in=states).exists():
        return
    arguments = {"plan": plan.pk, "kecamatan": kecamatan}
    ask_job(by=system_actor(), at=at, task_path=CUSTODY_TASK, arguments=arguments, area_code=dry.area_code)
    tell("Contoh pengepakan dan serah terima dibuat sesudah layar terbuka.")


def ask_for_roster(dry: "ProblemFile", at: datetime, tell: Tell) -> None:
    """Have the example roster made while the screens are already open, once for each office."""
    from tepat.common.acting import system_actor
    from tepat.common.jobs import ask_job
    from tepat.common.models import Job

    plan = custody_plan(dry)
    states = (Job.State.WAITING, Job.State.RUNNING, Job.State.DONE)
    if plan is None or Job.objects.filter(task=ROSTER_TASK, state__in=states).exists():
        return
    ask_job(
        by=system_actor(), at=at, task_path=ROSTER_TASK, arguments={"plan": plan.pk}, area_code=dry.area_code
    )
    tell("Contoh petugas disusun sesudah layar terbuka.")


def custody_plan(dry: "ProblemFile") -> "PlanVersion | None":
    """Return the plan that the example of custody follows; None where no direct one is whole."""
    from tepat.distribution.models import PlanVersion

    whole = dry.plans.filter(status=PlanVersion.Status.ACCEPTED, strategy=CUSTODY_STRATEGY)
    return whole.order_by("number").first()


def _open_accounts(out: Path, area: str, at: datetime) -> None:
    from django.db import transaction

    from tepat.common.acting import system_actor
    from tepat.common.actions import Contact, add_account, add_person, give_post
    from tepat.common.models import Account
    from tepat.common.permissions import Role

    by, password = system_actor(), _password(out)
    for username, role, name in ACCOUNTS:
        if Account.objects.filter(username=username).exists():
            continue
        with transaction.atomic():
            person = add_person(by=by, at=at, contact=Contact(name=name))
            give_post(by=by, at=at, person=person.pk, role=Role[role], area_code=area)
            add_account(by=by, at=at, person=person.pk, username=username, password=password)


def _password(out: Path) -> str:
    """Return the demo's password, made once and kept beside its results for its owner only."""
    file = out / PASSWORD_FILE
    if not file.exists() or not file.read_text(encoding="utf-8").strip():
        draft = out / f".{PASSWORD_FILE}.baru"
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_text(f"contoh-{secrets.token_hex(4)}\n", encoding="utf-8")
        draft.replace(file)
    return file.read_text(encoding="utf-8").strip()
