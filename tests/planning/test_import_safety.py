"""People go to the vault, a killed process leaves nothing half done, and no NIK reaches the disk."""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys

import openpyxl
import pytest
from tests.planning.acceptance import (
    AREA,
    HEADER,
    IMPORT,
    NIK,
    as_csv,
    as_xlsx,
    kept_files,
    listed,
    number,
    pemilu,
    settle,
)

from tepat.common.errors import Refused
from tepat.common.models import Document, Event, Person, Post, Tps, VaultEntry
from tepat.planning.import_actions import STEPS
from tepat.planning.import_drafts import (
    Opening,
    open_draft,
    read_draft,
)
from tepat.planning.imports.messy import write_messy_workbook

PEOPLE_HEADER = ("Nama", "No HP", "Jabatan", "Kecamatan", "Desa", "NIK")
PEOPLE = (
    ("Sri Wahyuni", "081234567001", "Ketua PPS", "Magelang Utara", "Wates", NIK),
    ("Joko Susilo", "081234567002", "PPK", "Magelang Utara", "", "3316054107900013"),
    ("Agus Setiawan", "081234567003", "PKD", "Magelang Utara", "Wates", "3316054107900014"),
)


def test_people_go_to_the_vault_and_their_posts_to_the_register(upload, accept, own_home):
    data = as_xlsx(PEOPLE, PEOPLE_HEADER)
    draft = upload(data, kind="people")
    settle(draft)
    before = Event.objects.count()
    stored = accept(draft)
    assert stored.added == 3
    posts = {
        (post.role, post.area_code): post.person for post in Post.objects.filter(held_from=draft.made_at)
    }
    assert set(posts) == {("PPS", "33.16.05.1017"), ("PPK", "33.16.05"), ("PKD", "33.16.05.1017")} or {
        role for role, _ in posts
    } == {"PPS", "PPK", "PKD"}
    entry = VaultEntry.objects.get(
        person=next(person for (role, _), person in posts.items() if role == "PPS")
    )
    assert (entry.name, entry.phone) == ("Sri Wahyuni", "081234567001")
    assert Event.objects.count() == before + 3 * 2 + 1 + 1
    for event in Event.objects.all():
        assert "Wahyuni" not in json.dumps(event.payload)
    assert "Wahyuni" not in "".join(
        path.read_text() for path in (own_home / "dokumen").rglob("*") if path.is_file()
    )
    people = (Person.objects.count(), Event.objects.count())
    again = upload(data, kind="people")
    settle(again)
    assert accept(again) == stored
    assert (Person.objects.count(), Event.objects.count()) == people


def test_a_list_gives_no_post_in_the_office(upload, accept):
    row = ("Sri Wahyuni", "081234567001", "Operator", "", "", "")
    draft = upload(as_xlsx([*PEOPLE, row], PEOPLE_HEADER), kind="people")
    found = [one for one in read_draft(draft).findings if one.kind == "office_post"]
    assert [(one.severity, one.cell) for one in found] == [("blocks", "C5")]
    with pytest.raises(Refused):
        accept(draft)
    settle(draft, {found[0].place: "buang"})
    assert accept(draft).added == 3


CHILD = """
import os, signal, sys
from tepat.common import start
start.django()
from datetime import datetime, UTC
from pathlib import Path
from tepat.common.acting import system_actor
from tepat.common.models import Election
from tepat.planning.import_actions import Acceptance, accept_list
from tepat.planning.import_commands import read_file, _options
from tepat.planning.import_registers import frame_of
file, where = sys.argv[1:]
def step(name):
    if name == where:
        os.kill(os.getpid(), signal.SIGKILL)
election = Election.objects.get(code="pemilu-2024")
result = read_file("tps", Path(file), "33.71", _options("pemilu-2024"))
accept_list(result, Acceptance("uji"), frame_of("33.71", election), by=system_actor(),
            at=datetime(2024, 2, 1, tzinfo=UTC), step=step)
"""


@pytest.fixture(scope="module")
def office_home(tmp_path_factory):
    """An office in a folder of its own, on a real file, as `tepat siapkan` makes it."""
    home = tmp_path_factory.mktemp("kantor-mati")
    run("-m", "tepat", "siapkan", "--area", AREA, "--election", "pemilu-2024", home=home)
    return home


def run(*arguments, home, check=True):
    environment = {**os.environ, "TEPAT_HOME": str(home), "DATABASE_URL": ""}
    return subprocess.run(
        [sys.executable, *arguments], env=environment, check=check, capture_output=True, text=True
    )


def counted(home):
    """Rows that an acceptance leaves, read from the database's own file."""
    (database,) = home.glob("*.sqlite3")
    with sqlite3.connect(database) as connection:
        ask = lambda sql: connection.execute(sql).fetchone()[0]  # noqa: E731
        return (
            ask("SELECT count(*) FROM common_tps WHERE source_kind = 'daftar'"),
            ask("SELECT count(*) FROM planning_listimport"),
            ask("SELECT count(*) FROM common_event WHERE kind = 'register.list-accepted'"),
            ask("SELECT count(*) FROM common_document WHERE label LIKE 'Berkas ringkas%'"),
            ask("SELECT sum(dpt) FROM common_tps"),
        )


def test_a_process_killed_at_any_step_leaves_nothing_half_done(office_home, tmp_path):
    file = tmp_path / "daftar.csv"
    rows = [number(row, 250) for row in listed() if row[1].startswith("33.71.02")]
    file.write_bytes(as_csv(rows))
    before = counted(office_home)
    assert before[:4] == (0, 0, 0, 0)
    for where in STEPS:
        killed = run("-c", CHILD, str(file), where, home=office_home, check=False)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert counted(office_home) == before, where
    run("-c", CHILD, str(file), "-", home=office_home)
    after = counted(office_home)
    assert after[:4] == (len(rows), 1, 1, 1)
    run("-c", CHILD, str(file), "-", home=office_home)
    assert counted(office_home) == after


def test_the_command_stores_and_the_dry_run_touches_no_database(office_home, tmp_path):
    file = tmp_path / "daftar.csv"
    file.write_bytes(as_csv([number(row, 240) for row in listed()[:4]]))
    nowhere = tmp_path / "tidak-ada"
    dry = run(
        "-m",
        "tepat",
        "import",
        "tps",
        str(file),
        "--area",
        AREA,
        "--dry-run",
        "--json",
        home=nowhere,
        check=False,
    )
    assert json.loads(dry.stdout)["rows"] == 4
    assert not nowhere.exists()
    before = counted(office_home)
    answers = [
        part
        for one in json.loads(dry.stdout)["findings"]
        if one["severity"] == "asks"
        for part in ("--answer", f"{one['sheet']}!{one['cell']}=pakai")
    ]
    done = run(*IMPORT, str(file), *answers, home=office_home)
    assert "4 berubah" in done.stdout
    assert counted(office_home)[1] == before[1] + 1


def everything_in(home):
    """All bytes under an office's folder: documents, the database and its journal."""
    return b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())


def test_neither_the_original_nor_a_nik_reaches_disk_or_database(office_home, tmp_path):
    file = tmp_path / "daftar.xlsx"
    header = (*HEADER, "NIK Ketua", "Nama Ketua KPPS", "Lokasi TPS")
    names = ("Sri Wahyuni", "Joko Susilo", "Agus Setiawan", "Siti Rahayu", "Bambang Hartono", "Dwi Lestari")
    rows = [
        [*row, str(int(NIK) + at), name, f"Rumah Bapak {name} {int(NIK) + at}"]
        for at, (row, name) in enumerate(zip(listed()[10:16], names, strict=True))
    ]
    file.write_bytes(as_xlsx(rows, header))
    dry = run(
        "-m",
        "tepat",
        "import",
        "tps",
        str(file),
        "--area",
        AREA,
        "--dry-run",
        "--json",
        home=office_home,
        check=False,
    )
    answers = [
        part
        for one in json.loads(dry.stdout)["findings"]
        if one["severity"] == "asks"
        for part in ("--answer", f"{one['sheet']}!{one['cell']}=pakai")
    ]
    assert run(*IMPORT, str(file), *answers, home=office_home).returncode == 0
    there = everything_in(office_home)
    assert b"daftar kantor, impor" in there
    assert str(int(NIK))[:12].encode() not in there
    assert not any(name.encode() in there for name in names)
    assert file.read_bytes()[:200] not in there


def test_a_draft_keeps_no_nik_either(upload, own_home, tmp_path):
    file = tmp_path / "kotor.xlsx"
    before = kept_files(own_home)
    write_messy_workbook(file, "33.16", 1)
    draft = upload(file.read_bytes())
    assert b"Nama Ketua" not in bytes(draft.content)
    kept = bytes(draft.content).decode() + json.dumps(draft.layout)
    niks = [
        str(cell)
        for sheet in openpyxl.load_workbook(io.BytesIO(file.read_bytes()))
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell is not None and len(str(cell)) == 16 and str(cell).isdigit()
    ]
    assert niks
    assert not any(nik in kept for nik in niks)
    assert kept_files(own_home) == before


def test_the_election_s_own_list_is_another_register(upload, accept, operator, now):
    rows = [number(row, 400)[:8] for row in listed("pilkada-2024")[:3]]
    opening = Opening("tps", "pilkada-2024", "daftar uji")
    draft = open_draft(as_csv(rows, HEADER[:8]), opening, by=operator, at=now, area_code=AREA)
    settle(draft)
    accept(draft)
    assert Tps.objects.filter(election__code="pilkada-2024", source_kind="daftar").count() == 3
    assert not pemilu().filter(source_kind="daftar").exists()
    assert Document.objects.filter(label__startswith="Daftar TPS Pilkada 2024, daftar uji").count() == 1
