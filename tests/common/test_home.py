"""Where files lie, which database is opened, and the one secret."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest

from tepat.common import databases, zones
from tepat.common.copies import MANIFEST, age_of_last_copy, spoken
from tepat.common.home import home_of, is_yes, secret_key


@pytest.mark.parametrize(
    ("environ", "platform", "wanted"),
    [
        ({"TEPAT_HOME": "/srv/tepat"}, "linux", Path("/srv/tepat")),
        ({"XDG_DATA_HOME": "/d"}, "linux", Path("/d/tepat")),
        ({}, "linux", Path.home() / ".local/share/tepat"),
        ({}, "darwin", Path.home() / "Library/Application Support/Tepat"),
        ({"LOCALAPPDATA": "/l"}, "win32", Path("/l/Tepat")),
    ],
)
def test_the_home_follows_the_platform_and_tepat_home_wins(environ, platform, wanted):
    assert home_of(environ, platform=platform) == wanted


def test_the_secret_is_made_once_even_by_many_at_once_and_only_its_owner_reads_it(tmp_path):
    with ThreadPool(8) as pool:
        keys = set(pool.map(lambda _: secret_key(tmp_path / "kantor"), range(16)))
    assert len(keys) == 1
    file = tmp_path / "kantor" / "kunci-rahasia"
    assert file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "kantor").stat().st_mode & 0o777 == 0o700
    assert [entry.name for entry in (tmp_path / "kantor").iterdir()] == ["kunci-rahasia"]


def test_without_a_url_it_is_a_durable_sqlite_in_the_home(tmp_path):
    place = databases.database("", home=tmp_path)
    assert place["NAME"] == str(tmp_path / "tepat.sqlite3")
    assert place["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        assert pragma in place["OPTIONS"]["init_command"]


def test_a_url_is_postgresql(tmp_path):
    place = databases.database("postgres://kpu:p%40ss@db.kantor:6432/tepat?sslmode=require", home=tmp_path)
    assert {key: place[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")} == {
        "NAME": "tepat",
        "USER": "kpu",
        "PASSWORD": "p@ss",
        "HOST": "db.kantor",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize("url", ["mysql://x/y", "postgres://host", "tepat"])
def test_any_other_url_is_refused(url, tmp_path):
    with pytest.raises(ValueError, match="postgres://"):
        databases.database(url, home=tmp_path)


def test_a_rehearsal_never_opens_the_real_ledger(tmp_path):
    real = "postgres://kpu@db/tepat"
    assert databases.database("", home=tmp_path, rehearsal=True)["NAME"].endswith("latihan.sqlite3")
    assert databases.database(real, home=tmp_path, rehearsal=True)["NAME"] == "tepat_latihan"
    own = databases.database(real, home=tmp_path, rehearsal=True, rehearsal_url="postgres://kpu@db/coba")
    assert own["NAME"] == "coba"
    with pytest.raises(ValueError, match="real ledger"):
        databases.database(real, home=tmp_path, rehearsal=True, rehearsal_url=real)


def test_pure_modules_and_help_need_no_django():
    code = (
        "import sys; import tepat.cli, tepat.common.samples, tepat.common.areas, tepat.common.permissions, "
        "tepat.common.home, tepat.common.messages, tepat.common.copies; "
        "sys.exit(1 if 'django' in sys.modules or 'numpy' in sys.modules else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_importing_the_settings_writes_nothing(tmp_path):
    home = tmp_path / "belum ada"
    environment = {**os.environ, "TEPAT_HOME": str(home)}
    code = "import tepat.settings"
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
    assert not home.exists()


@pytest.mark.parametrize(
    ("text", "wanted"), [("1", True), ("ya", True), ("TRUE", True), ("0", False), ("", False)]
)
def test_yes_and_no(text, wanted):
    assert is_yes(text) is wanted
    assert is_yes(None) is False


@pytest.mark.parametrize(
    ("code", "zone", "short"),
    [
        ("33.16", "Asia/Jakarta", "WIB"),
        ("61.01", "Asia/Pontianak", "WIB"),
        ("51.71", "Asia/Makassar", "WITA"),
        ("96.05", "Asia/Jayapura", "WIT"),
    ],
)
def test_each_province_has_its_zone(code, zone, short):
    assert zones.zone_of(code) == zone
    assert zones.SHORT[zone] == short


NOW = datetime(2024, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "state", "text"),
    [
        (timedelta(seconds=5), "AMAN", "baru saja"),
        (timedelta(minutes=12), "AMAN", "12 menit lalu"),
        (timedelta(hours=24), "AMAN", "24 jam lalu"),
        (timedelta(hours=25), "PERHATIKAN", "25 jam lalu"),
        (timedelta(hours=73), "GAWAT", "3 hari lalu"),
    ],
)
def test_the_age_of_the_last_copy_has_a_word(tmp_path, age, state, text):
    for name, made in (("a", NOW - timedelta(days=30)), ("b", NOW - age)):
        (tmp_path / name).mkdir()
        (tmp_path / name / MANIFEST).write_text(f'{{"made_at": "{made.isoformat()}"}}')
    (tmp_path / ".sedang-x").mkdir()
    (tmp_path / "c").mkdir()
    found = age_of_last_copy(tmp_path, NOW)
    assert (found.state, found.text, found.made_at) == (state, text, NOW - age)


def test_never_copied_is_serious(tmp_path):
    assert age_of_last_copy(tmp_path / "tidak ada", NOW).state == "GAWAT"
    assert age_of_last_copy(tmp_path, NOW).text == "belum pernah"


def test_a_clock_that_went_back_is_no_negative_age():
    assert spoken(timedelta(0)) == "baru saja"
