"""A list is accepted whole or not at all, once, and nothing private of it ever reaches disk or database."""

import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from datetime import timedelta
from functools import cache

import openpyxl
import pytest

from tepat.common.acting import actor_of
from tepat.common.actions import Contact, add_person, give_post
from tepat.common.areas import load_area
from tepat.common.documents import path_of
from tepat.common.errors import NotAllowed, Refused
from tepat.common.ledger import faults
from tepat.common.models import Dapil, Document, Event, EventSalt, Person, Post, Tps, VaultEntry
from tepat.common.permissions import Role
from tepat.common.register import load_register
from tepat.common.samples import sample_tps
from tepat.planning.import_actions import STEPS, Acceptance, accept_list, plan_import
from tepat.planning.import_drafts import (
    DRAFTS_MAX,
    Opening,
    answer_draft,
    drop_draft,
    open_draft,
    read_draft,
    set_expectations,
)
from tepat.planning.import_reading import proposals
from tepat.planning.import_registers import frame_of
from tepat.planning.imports.messy import write_messy_workbook
from tepat.planning.lists import read_tps_list
from tepat.planning.models import ImportDraft, ListImport, RememberedColumns
from tepat.planning.needs import compute_needs
from tepat.planning.rulesets import load_rule_set

AREA = "33.71"
HEADER = ("Kecamatan", "Kode Desa", "Desa", "TPS", "L", "P", "L+P", "DPTb", "Dapil")
IMPORT = ("-m", "tepat", "import", "tps", "--area", AREA)
NIK = "3316054107900012"
RUTAN = ("33.71.03.1002", 901)


@cache
def listed(election="pemilu-2024"):
    """Rows of a whole clean list of Kota Magelang, as the register has them."""
    area = load_area(AREA)
    desa = {place.code: place for place in area.desa}
    rows = []
    for tps in sample_tps(area, election):
        place = desa[tps.desa]
        half = tps.dpt // 2
        dapil = tps.dapil.get("DPRDK", "")
        rows.append(
            [
                *(area.kecamatan[place.kecamatan], tps.desa, place.name, tps.number),
                *(half, tps.dpt - half, tps.dpt, tps.dptb, dapil),
            ]
        )
    return tuple(rows)


def as_csv(rows, header=HEADER):
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def as_xlsx(rows, header=HEADER):
    book = openpyxl.Workbook()
    for row in [header, *rows]:
        book.active.append(list(row))
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def number(row, dpt):
    """Give a row another number of voters."""
    return [*row[:4], dpt // 2, dpt - dpt // 2, dpt, *row[7:]]


@pytest.fixture
def magelang(db, system, now):
    """A small office, so that many tests can have one."""
    return load_register(AREA, ["pemilu-2024", "pilkada-2024"], by=system, at=now - timedelta(days=100))


@pytest.fixture
def operator(magelang, system, now):
    """The head of the KUL section in Magelang."""
    start = now - timedelta(days=99)
    person = add_person(by=system, at=start, contact=Contact(name="Kasubbag"))
    give_post(by=system, at=start, person=person.pk, role=Role.KUL, area_code=AREA)
    return actor_of(person.pk, now)


@pytest.fixture
def upload(operator, now):
    def upload(data, kind="tps", **said):
        election = "pemilu-2024" if kind == "tps" else ""
        opening = Opening(kind=kind, election=election, label="daftar uji", **said)
        return open_draft(data, opening, by=operator, at=now, area_code=AREA)

    return upload


@pytest.fixture
def accept(operator, now):
    def accept(draft, **more):
        result = read_draft(draft)
        frame = frame_of(AREA, draft.election)
        planned = plan_import(result, frame, whole_list=draft.whole_list)
        said = {"base": planned.base, "whole_list": draft.whole_list, "answers": draft.answers} | more
        by, at = said.pop("by", operator), said.pop("at", now)
        step = said.pop("step", lambda _: None)
        acceptance = Acceptance("daftar uji", draft=draft.pk, **said)
        return accept_list(result, acceptance, frame, by=by, at=at, step=step)

    return accept


def pemilu():
    return Tps.objects.filter(election__code="pemilu-2024")


def kept_files(home):
    return sorted(file.name for file in (home / "dokumen").rglob("*") if file.is_file())


def test_a_clean_list_changes_what_it_says_and_becomes_the_office_s_own(upload, accept, operator):
    rows = list(listed())
    rows[0] = number(rows[0], 271)
    last = rows[3]
    rows.insert(4, [*number(last, 150)[:3], 77, *number(last, 150)[4:]])
    draft = upload(as_csv(rows), expected={"dpt": sum(row[6] for row in rows), "tps": 354})
    answer_draft(by=operator, at=draft.made_at, draft=draft.pk, answers=proposals(read_draft(draft).findings))
    draft.refresh_from_db()
    gap = next(one for one in read_draft(draft).findings if one.kind == "tps_gap")
    answer_draft(by=operator, at=draft.made_at, draft=draft.pk, answers={gap.place: "pakai"})
    draft.refresh_from_db()
    stored = accept(draft)
    assert (stored.added, stored.changed, stored.removed, stored.unchanged) == (1, 1, 0, 352)
    changed = pemilu().get(desa__code=rows[0][1], number=rows[0][3])
    assert (changed.dpt, set(changed.voters.values())) == (271, {271})
    new = pemilu().get(number=77)
    neighbour = pemilu().get(desa__code=last[1], number=last[3])
    assert (new.dpt, new.dapil) == (150, neighbour.dapil)
    assert set(pemilu().values_list("source_kind", flat=True)) == {"daftar"}
    assert set(Tps.objects.exclude(election__code="pemilu-2024").values_list("source_kind", flat=True)) != {
        "daftar"
    }
    assert not ImportDraft.objects.exists()


def test_the_event_names_hashes_and_counts_and_no_person(upload, accept):
    draft = upload(as_csv([number(row, 200) for row in listed()[:5]]))
    settle(draft)
    stored = accept(draft)
    event = Event.objects.get(kind="register.list-accepted")
    assert event.payload["reduced"] == stored.reduced == Document.objects.get(pk=stored.reduced).sha256
    assert event.payload["original"] == stored.original
    assert [event.payload[name] for name in ("added", "changed", "removed", "unchanged")] == [0, 5, 0, 0]
    assert set(event.evidence) == {stored.reduced, event.payload["list"]}
    assert faults([event], dict(EventSalt.objects.values_list("event_id", "salt"))) == []
    assert (
        json.loads(path_of(stored.reduced).read_bytes().splitlines()[0])["original_sha256"] == stored.original
    )


def settle(draft, answers=None):
    """Answer what a draft still asks: its proposals, and that gaps and missing desa are as they are."""
    found = read_draft(draft).findings
    given = proposals(found) | {
        one.place: "pakai" for one in found if one.kind in {"tps_gap", "part_over_voters"}
    }
    draft.answers = {**draft.answers, **given, **(answers or {})}
    draft.save()


def test_what_the_list_does_not_say_stays(upload, accept):
    row = next(row for row in listed() if row[3] == 1)
    before = pemilu().get(desa__code=row[1], number=1)
    draft = upload(as_csv([[*number(row, 123)[:7], row[8]]], (*HEADER[:7], "Dapil")))
    settle(draft)
    accept(draft)
    after = pemilu().get(pk=before.pk)
    assert (after.dpt, after.dptb) == (123, before.dptb)
    assert after.disabled_voters == before.disabled_voters
    assert (after.step_free, after.accessibility_source) == (before.step_free, before.accessibility_source)
    assert pemilu().filter(source_kind="daftar").count() == 1


def test_tps_are_removed_only_where_the_file_is_the_whole_list(upload, accept):
    rows = [row for row in listed() if row[1] == listed()[0][1]]
    part = upload(as_csv(rows[:-1]))
    settle(part)
    assert accept(part).removed == 0
    assert pemilu().count() == 353
    whole = upload(as_csv([row for row in listed() if row != rows[-1]]), whole_list=True)
    settle(whole)
    assert accept(whole).removed == 1
    assert not pemilu().filter(desa__code=rows[-1][1], number=rows[-1][3]).exists()


def test_a_register_that_changed_since_the_preview_refuses_and_keeps_everything(upload, accept, own_home):
    draft = upload(as_csv([number(row, 200) for row in listed()[:5]]))
    settle(draft)
    frame = frame_of(AREA, draft.election)
    seen = plan_import(read_draft(draft), frame, whole_list=False).base
    pemilu().filter(desa__code=RUTAN[0]).update(dptb=9)
    with pytest.raises(Refused) as refused:
        accept(draft, base=seen)
    assert refused.value.code == "IMPORT-REGISTER-CHANGED"
    assert (ListImport.objects.count(), ImportDraft.objects.count()) == (0, 1)
    assert not pemilu().filter(source_kind="daftar").exists()


def test_a_change_between_planning_and_writing_is_caught_inside_the_transaction(upload, accept):
    draft = upload(as_csv([number(row, 200) for row in listed()[:5]]))
    settle(draft)

    def meddle(step):
        if step == STEPS[0]:
            pemilu().filter(desa__code=RUTAN[0]).update(dptb=9)

    with pytest.raises(Refused) as refused:
        accept(draft, step=meddle)
    assert refused.value.code == "IMPORT-REGISTER-CHANGED"
    assert not ListImport.objects.exists()


def test_the_same_list_twice_has_one_effect(upload, accept):
    data = as_csv([number(row, 200) for row in listed()[:5]])
    first = upload(data)
    settle(first)
    stored = accept(first)
    events = Event.objects.count()
    second = upload(data)
    settle(second)
    assert accept(second) == stored
    assert (ListImport.objects.count(), Event.objects.count(), ImportDraft.objects.count()) == (1, events, 0)


def test_an_older_list_can_be_accepted_again_after_a_newer_one(upload, accept):
    row = listed()[0]
    for dpt in (200, 210, 200):
        draft = upload(as_csv([number(row, dpt)]))
        settle(draft)
        accept(draft)
        assert pemilu().get(desa__code=row[1], number=row[3]).dpt == dpt
    assert ListImport.objects.count() == 3


def test_what_blocks_or_asks_is_never_accepted(upload, accept):
    rows = [list(row) for row in listed()[:3]]
    rows[1][6] = "1.205"
    draft = upload(as_csv(rows))
    with pytest.raises(Refused) as refused:
        accept(draft)
    assert refused.value.code == "IMPORT-NOT-ACCEPTABLE"
    assert not ListImport.objects.exists()


def test_a_changed_list_is_compared_with_the_one_before_it(upload, accept):
    rows = list(listed())
    first = upload(as_csv(rows))
    settle(first)
    accept(first)
    rows[0] = number(rows[0], 290)
    second = upload(as_csv(rows))
    settle(second)
    accept(second)
    documents = Document.objects.filter(label__startswith="Daftar TPS Pemilu 2024")
    assert documents.count() == 2  # the first list says what the register said: the same bytes, one file
    rules = load_rule_set("pemilu-2024")
    totals = set()
    for document in documents:
        read = read_tps_list(path_of(document.sha256).read_bytes(), rules)
        assert read.findings == ()
        totals.add(int(compute_needs(read.columns, rules).tps.dpt.sum()))
    assert totals == {87_396, 87_396 + 290 - listed()[0][6]}


def test_the_special_tps_grows_from_51_to_202_and_keeps_its_ballots_while_it_is_the_same(upload, accept):
    row = next(row for row in listed() if (row[1], row[3]) == RUTAN)
    before = pemilu().get(desa__code=RUTAN[0], number=901).voters
    same = upload(as_csv([row]))
    settle(same)
    accept(same)
    assert pemilu().get(desa__code=RUTAN[0], number=901).voters == before
    header = (*HEADER, "Pemilih PPWP", "Pemilih DPRD Kabupaten")
    more = upload(as_csv([[*number(row, 202), 202, 40]], header))
    settle(more)
    accept(more)
    after = pemilu().get(desa__code=RUTAN[0], number=901)
    assert (after.dpt, after.voters["PPWP"], after.voters["DPRDK"]) == (202, 202, 40)


def test_a_dapil_nobody_knew_is_added_with_its_kecamatan(upload, accept):
    row = [*listed()[0][:8], "Blora 9"]
    draft = upload(as_csv([row]))
    settle(draft)
    accept(draft)
    dapil = Dapil.objects.get(code="Blora 9")
    assert (dapil.ballot, [area.code for area in dapil.areas.all()]) == ("DPRDK", [row[1][:8]])


def test_columns_once_accepted_are_remembered(upload, accept):
    header = (*HEADER[:6], "Banyaknya", *HEADER[7:])
    draft = upload(as_csv(listed()[:3], header))
    settle(draft)
    accept(draft)
    (remembered,) = RememberedColumns.objects.all()
    assert {"column": "D", "field": "tps"}.items() <= next(
        one for one in remembered.mapping["columns"] if one["column"] == "D"
    ).items()
    again = upload(as_csv(listed()[3:6], header))
    mapping = next(sheet["mapping"] for sheet in again.layout["sheets"])
    assert {one["source"] for one in mapping["columns"]} == {"remembered"}


def test_answers_are_kept_masked_and_can_be_taken_back(upload, operator, now):
    rows = [list(row) for row in listed()[:3]]
    rows[1][6] = "1.205"
    draft = upload(as_csv(rows))
    kept = answer_draft(by=operator, at=now, draft=draft.pk, answers={"Daftar!G3": f"nik {NIK}", "x!A1": "1"})
    assert NIK not in json.dumps(kept.answers)
    kept = answer_draft(by=operator, at=now, draft=draft.pk, answers={"x!A1": ""})
    assert list(kept.answers) == ["Daftar!G3"]


def test_a_hidden_sheet_counts_only_when_the_person_says_so(upload, operator, now):
    book = openpyxl.Workbook()
    rows = list(listed())
    for row in [HEADER, *rows[:3]]:
        book.active.append(row)
    hidden = book.create_sheet("Lama")
    for row in [HEADER, *rows[3:5]]:
        hidden.append(row)
    hidden.sheet_state = "hidden"
    packed = io.BytesIO()
    book.save(packed)
    draft = upload(packed.getvalue())
    assert len(read_draft(draft).records) == 3
    assert "hidden_sheet" in {one.kind for one in read_draft(draft).findings}
    for answer, count in (("pakai", 5), ("lewati", 3)):
        draft = answer_draft(by=operator, at=now, draft=draft.pk, answers={"Lama!A1": answer})
        result = read_draft(draft)
        assert len(result.records) == count
        assert "asks" not in {one.severity for one in result.findings if one.kind == "hidden_sheet"}


def test_only_the_right_people_preview_and_accept(upload, accept, budi, dewi, now):
    draft = upload(as_csv(listed()[:3]))
    settle(draft)
    opening = Opening("tps", "pemilu-2024", "x")
    for somebody in (budi, dewi):
        with pytest.raises(NotAllowed):
            open_draft(as_csv(listed()[:3]), opening, by=somebody.actor, at=now, area_code=AREA)
        with pytest.raises(NotAllowed):
            drop_draft(by=somebody.actor, at=now, draft=draft.pk)
        with pytest.raises(NotAllowed):
            accept(draft, by=somebody.actor)
    assert ImportDraft.objects.count() == 1


def test_drafts_are_limited_and_old_ones_go(upload, operator, now):
    drafts = [upload(as_csv(listed()[:1])) for _ in range(DRAFTS_MAX)]
    with pytest.raises(Refused) as refused:
        upload(as_csv(listed()[:1]))
    assert refused.value.code == "IMPORT-DRAFTS-FULL"
    ImportDraft.objects.filter(pk=drafts[0].pk).update(made_at=now - timedelta(days=30))
    upload(as_csv(listed()[:1]))
    assert not ImportDraft.objects.filter(pk=drafts[0].pk).exists()


def test_expected_totals_can_be_set_later(upload, operator, now):
    draft = upload(as_csv(listed()[:3]))
    draft = set_expectations(by=operator, at=now, draft=draft.pk, expected={"tps": 4}, whole_list=True)
    assert "expected_total_differs" in {one.kind for one in read_draft(draft).findings}
    assert draft.whole_list


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
