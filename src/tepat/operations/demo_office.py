"""The demo's own office in the demo's folder: its register, people with posts, the plans just made."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tepat.common.permissions import Role

PASSWORD_FILE = "sandi-contoh.txt"  # noqa: S105 - the name of a file
ACCOUNTS = (
    ("kul", "KUL", "Contoh Kasubbag KUL"),
    ("operator", "OPERATOR", "Contoh Operator"),
    ("sekretaris", "SEKRETARIS", "Contoh Sekretaris"),
    ("komisioner", "KOMISIONER", "Contoh Komisioner"),
    ("bawaslu", "BAWASLU", "Contoh Bawaslu"),
)
ELECTIONS = ("pemilu-2024", "pilkada-2024")


def open_demo_office(out: Path, area: str) -> None:
    """Make the office, or find it as an earlier demo left it, and hand it the plans of this run.

    Args:
        out: The demo's folder, with `problem.json` and the plans.
        area: The area's code.
    """
    from tepat.common import start

    start.django()
    from tepat.common.acting import system_actor
    from tepat.common.areas import load_area
    from tepat.common.clock import now
    from tepat.common.models import Account
    from tepat.common.permissions import Role
    from tepat.common.register import load_register, loaded_elections
    from tepat.distribution.keeping import keep_folder
    from tepat.operations.backup import make_copy
    from tepat.operations.migrating import migrate

    migrate()
    loaded = load_area(area)
    there = {kind.code for kind in loaded_elections(loaded.code)}
    missing = [code for code in ELECTIONS if code not in there]
    if missing:
        load_register(loaded.code, missing, by=system_actor(), at=now())
    keep_folder(out, by=system_actor(), at=now())
    make_copy(now())
    password = _password(out)
    for username, role, name in ACCOUNTS:
        if not Account.objects.filter(username=username).exists():
            _add(username, Role[role], name, password, loaded.code)
    names = ", ".join(username for username, _, _ in ACCOUNTS)
    print(f"\nMasuk sebagai {names}; kata sandi: {password}")  # noqa: T201 - for the person at the terminal


def _add(username: str, role: "Role", name: str, password: str, area: str) -> None:
    from django.db import transaction

    from tepat.common.acting import system_actor
    from tepat.common.actions import Contact, add_account, add_person, give_post
    from tepat.common.clock import now

    by, at = system_actor(), now()
    with transaction.atomic():
        person = add_person(by=by, at=at, contact=Contact(name=name))
        give_post(by=by, at=at, person=person.pk, role=role, area_code=area)
        add_account(by=by, at=at, person=person.pk, username=username, password=password)


def _password(out: Path) -> str:
    """Return the demo's password, made once and kept beside its results for its owner only."""
    file = out / PASSWORD_FILE
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(f"contoh-{secrets.token_hex(4)}\n", encoding="utf-8")
    return file.read_text(encoding="utf-8").strip()
