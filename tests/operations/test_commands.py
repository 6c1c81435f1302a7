"""The commands of an office's keeper, run as the keeper runs them: as processes, on a home of their own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("TEPAT", "DATABASE", "DJANGO"))
    }
    return {**kept, "TEPAT_HOME": str(home), **more}


def tepat(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tepat", *arguments]
    return subprocess.run(command, env=environment(home, **more), capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Path:
    """Blora's Kota Magelang: small, so that a copy of it is quick. Made once, copied for each test."""
    home = tmp_path_factory.mktemp("kantor") / "tepat"
    done = tepat(home, "siapkan", "--area", "33.71", "--election", "pemilu-2024", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["register"]["tps"] == {"pemilu-2024": 353}
    return home


@pytest.fixture
def home(office, tmp_path) -> Path:
    shutil.copytree(office, tmp_path / "tepat")
    return tmp_path / "tepat"


def test_setting_up_twice_changes_nothing(home):
    done = tepat(home, "siapkan", "--area", "33.71", "--election", "pemilu-2024")
    assert (done.returncode, "sudah dimuat" in done.stdout) == (0, True)


def test_copy_drill_lose_everything_restore(home, tmp_path):
    elsewhere = tmp_path / "piringan lain"
    made = json.loads(tepat(home, "backup", "--json", TEPAT_BACKUPS=str(elsewhere)).stdout)
    drilled = tepat(home, "restore", "--drill", "--json", TEPAT_BACKUPS=str(elsewhere))
    assert drilled.returncode == 0, drilled.stderr
    assert json.loads(drilled.stdout)["in_ledger"] is True
    shutil.rmtree(home)
    back = tepat(home, "restore", "--from", made["folder"])
    assert back.returncode == 0, back.stderr
    seen = tepat(home, "doctor", "--json", TEPAT_BACKUPS=str(elsewhere))
    assert seen.returncode == 0, seen.stdout
    assert (home / "kunci-rahasia").exists() == (Path(made["folder"]) / "kunci-rahasia").exists()
    again = json.loads(tepat(home, "backup", "--json", TEPAT_BACKUPS=str(elsewhere)).stdout)
    assert again["events"] == made["events"]
    assert again["documents"] == made["documents"] == 1


def test_restoring_over_an_office_needs_a_word_and_keeps_what_was_there(home):
    made = json.loads(tepat(home, "backup", "--json").stdout)
    refused = tepat(home, "restore", "--from", made["folder"])
    assert (refused.returncode, "RESTORE-NOT-EMPTY" in refused.stderr) == (2, True)
    assert "Traceback" not in refused.stderr
    done = tepat(home, "restore", "--from", made["folder"], "--sisihkan")
    assert done.returncode == 0, done.stderr
    (aside,) = home.glob("diganti-*")
    assert (aside / "tepat.sqlite3").is_file()
    assert (aside / "dokumen").is_dir()


def test_a_drill_of_a_damaged_copy_answers_no(home):
    made = json.loads(tepat(home, "backup", "--json").stdout)
    database = Path(made["folder"]) / "database.sqlite3"
    database.write_bytes(database.read_bytes()[:-4096])
    done = tepat(home, "restore", "--drill")
    assert done.returncode == 1
    assert "GAGAL" in done.stdout
    assert "database.sqlite3: isi berubah" in done.stderr


def test_restore_without_saying_what_is_used_wrongly(home):
    done = tepat(home, "restore")
    assert (done.returncode, "RESTORE-FROM-WHAT" in done.stderr) == (2, True)


def test_the_doctor_says_no_without_a_copy_and_yes_with_one(home):
    before = tepat(home, "doctor")
    assert before.returncode == 1
    assert "belum pernah" in before.stdout
    tepat(home, "backup")
    assert tepat(home, "doctor").returncode == 0


def test_the_doctor_on_an_empty_machine_gives_sentences_and_no_traceback(tmp_path):
    done = tepat(tmp_path / "kosong", "doctor")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    assert "tepat siapkan" in done.stdout


def test_the_doctor_notices_missing_triggers_and_damaged_files(home):
    import sqlite3

    tepat(home, "backup")
    with sqlite3.connect(home / "tepat.sqlite3") as database:
        database.execute("DROP TRIGGER event_no_delete")
    database.close()
    next(path for path in (home / "dokumen").rglob("*") if path.is_file()).unlink()
    done = json.loads(tepat(home, "doctor", "--json").stdout)
    bad = {check["name"] for check in done["checks"] if check["state"] == "GAWAT"}
    assert bad == {"Pengaman buku peristiwa", "Dokumen"}


def test_a_rehearsal_has_the_register_and_not_the_ledger(home):
    made = tepat(home, "latihan", "siapkan", "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["tps"] == 353
    seen = tepat(home, "doctor", "--json", TEPAT_LATIHAN="1")
    names = {check["name"]: check for check in json.loads(seen.stdout)["checks"]}
    assert names["Buku peristiwa"]["state"] == "AMAN"
    assert "latihan.sqlite3" in names["Database"]["text"]
    code = (
        "from tepat.common import start; start.django()\n"
        "from tepat.common.models import Event, LedgerIdentity, Document\n"
        "from django.conf import settings\n"
        "print(LedgerIdentity.objects.get().mode, *sorted(Event.objects.values_list('kind', flat=True)), "
        "Document.objects.count(), settings.DOCUMENTS_DIR.parent.name)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(home, TEPAT_LATIHAN="1"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["latihan", "rehearsal.register-copied", "0", "latihan"]


def test_the_real_database_under_the_rehearsal_s_name_is_noticed(home):
    shutil.copy(home / "tepat.sqlite3", home / "latihan.sqlite3")
    seen = tepat(home, "doctor", "--json", TEPAT_LATIHAN="1")
    ledger = [check for check in json.loads(seen.stdout)["checks"] if check["name"] == "Buku peristiwa"]
    assert (seen.returncode, ledger[0]["state"]) == (1, "GAWAT")


def test_a_rehearsal_is_not_prepared_from_a_rehearsal(home):
    done = tepat(home, "latihan", "siapkan", TEPAT_LATIHAN="1")
    assert (done.returncode, "REHEARSAL-FROM-REAL" in done.stderr) == (2, True)


def test_an_account_is_made_and_a_wrong_role_is_named(home):
    good = tepat(
        home,
        "akun",
        "dewi",
        "--role",
        "panwascam",
        "--name",
        "Dewi",
        TEPAT_KATA_SANDI="kuda baterai staples benar",
    )
    assert (good.returncode, "Panwascam" in good.stdout) == (0, True)
    bad = tepat(
        home, "akun", "x", "--role", "raja", "--name", "X", TEPAT_KATA_SANDI="kuda baterai staples benar"
    )
    assert (bad.returncode, "KUL" in bad.stderr) == (2, True)


def test_the_worker_stops_when_nothing_waits(home):
    done = tepat(home, "pekerja", "--sekali")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", ["siapkan", "backup", "restore", "doctor", "latihan", "akun", "pekerja"])
def test_every_command_has_help_in_indonesian(command, tmp_path):
    done = tepat(tmp_path, command, "--help")
    assert done.returncode == 0
    assert not (tmp_path / "tepat.sqlite3").exists()
