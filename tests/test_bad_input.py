"""What a newcomer or a nasty user types: one sentence, the right exit code, and nothing half-written."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import utils as django_db

from tepat.common.command_answers import answer_to
from tepat.common.outlines import Point, metres_outside
from tepat.common.whole_files import reason_of, require_writable, write_whole
from tepat.roads.places import Place
from tepat.roads.travel import elsewhere

ROADS = Path(__file__).parent / "data/roads"
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
import tepat.cli
tepat.cli.main()
"""

# Python leaves Ctrl+C alone where a shell in the background ignores SIGINT: the test asks for it.
STOPPED = """
import os, signal, tepat.cli
signal.signal(signal.SIGINT, signal.default_int_handler)
tepat.cli.app.command("x")(lambda: os.kill(os.getpid(), signal.SIGINT))
tepat.cli.main()
"""


@pytest.fixture
def tepat(tmp_path):
    def run(*arguments, program="from tepat.cli import main; main()"):
        return subprocess.run(
            [sys.executable, "-c", program, *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=os.environ | {"TEPAT_HOME": str(tmp_path / "kantor")},
        )

    return run


@pytest.mark.parametrize(
    ("typed", "code", "named"),
    [
        (["nosuch"], "USAGE-NO-COMMAND", "nosuch"),
        (["plan", "slove"], "USAGE-NO-COMMAND", "Mungkin maksudnya solve"),
        (["plan", "check", "x"], "USAGE-MISSING", "plan.json"),
        (["plan", "check", "a", "b", "c"], "USAGE-TOO-MANY", "c."),
        (["plan", "check", "a", "b", "--jsn"], "USAGE-NO-OPTION", "--json"),
        (["plan", "solve", "x", "--seed"], "USAGE-NO-VALUE", "--seed"),
        (["plan", "solve", "x", "--seed", "dua"], "USAGE-BAD-VALUE", "harus bilangan bulat"),
        (["demo", "--port", "80"], "USAGE-BAD-VALUE", "paling kecil 1024"),
        (["demo", "--no-serve=ya"], "USAGE-TAKES-NO-VALUE", "--no-serve"),
        (["roads", "import", "x.osm.pbf", "--margin-km", "-5"], "USAGE-BAD-VALUE", "paling kecil 0"),
    ],
)
def test_a_command_typed_wrongly_is_one_indonesian_sentence(tepat, typed, code, named):
    done = tepat(*typed)
    assert done.returncode == 2
    assert not done.stdout
    assert done.stderr.strip().endswith(f"[{code}]")
    assert named in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_result_that_cannot_be_written_is_told_before_the_search(tepat, tmp_path):
    done = tepat(
        "plan", "solve", "x", "--strategy", "a", "--iterations", 1, "--out", tmp_path / "tidak/ada.json"
    )
    assert done.returncode == 2
    assert done.stderr.endswith("[COMMAND-FILE]\n")
    assert str(tmp_path / "tidak") in done.stderr


@pytest.mark.parametrize("typo", [["33.99"], ["33.73", "--election", "pilkada"]])
def test_a_typo_never_takes_away_an_earlier_result(tepat, tmp_path, typo):
    (tmp_path / "hasil").mkdir()
    (tmp_path / "hasil/summary.json").write_text("{}")
    done = tepat("demo", *typo, "--no-serve", "--out", "hasil")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert (tmp_path / "hasil/summary.json").read_text() == "{}"


def test_a_full_disk_is_told_and_leaves_no_half_file(tepat, tmp_path):
    tps = tmp_path / "tps.csv"
    tps.write_text("tps,desa,voters\n" + "".join(f"{n:03},33.16.01.2001,250\n" for n in range(1, 400)))
    out = tmp_path / "kebutuhan.csv"
    out.write_text("yang lama")
    done = tepat("needs", "--election", "pemilu-2024", "--tps", tps, "--out", out, program=LIMITED)
    assert done.returncode == 2
    assert "melebihi batas" in done.stderr
    assert out.read_text() == "yang lama"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["kebutuhan.csv", "tps.csv"]


def test_a_full_disk_is_not_blamed_on_the_extract(tepat, tmp_path):
    pytest.importorskip("osrm")
    extract = ROADS / "liechtenstein.osm.pbf"
    done = tepat("roads", "import", extract, "--out", tmp_path / "jalan", program=LIMITED)
    assert done.returncode == 2
    assert done.stderr.strip().endswith("[ROADS-NOT-WRITTEN]")
    assert not (tmp_path / "jalan/jalan.json").exists()


def test_stopping_a_command_says_what_is_safe(tepat, tmp_path):
    done = tepat("x", program=STOPPED)
    assert done.returncode == 128 + signal.SIGINT
    assert done.stderr.strip().endswith("[COMMAND-STOPPED]")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (sqlite3.OperationalError("disk I/O error"), "STORE-FULL"),
        (sqlite3.DatabaseError("file is not a database"), "STORE-DAMAGED"),
        (django_db.OperationalError("database is locked"), "STORE-BUSY"),
        (django_db.OperationalError("no such table: common_office"), "STORE-NOT-PREPARED"),
        (django_db.OperationalError("attempt to write a readonly database"), "STORE-READ-ONLY"),
        (MemoryError(), "COMMAND-MEMORY"),
        (OSError(errno.ENOSPC, "No space left on device", "x.json"), "COMMAND-FILE"),
    ],
)
def test_what_the_machine_refuses_has_a_sentence(error, code):
    answer = answer_to(error)
    assert answer is not None
    assert answer.code == code
    assert str(answer).endswith(f"[{code}]")


@pytest.mark.parametrize("defect", [KeyError("x"), AssertionError("x"), django_db.IntegrityError("UNIQUE")])
def test_a_defect_of_ours_stays_loud(defect):
    assert answer_to(defect) is None


def test_a_file_is_there_whole_or_not_at_all(tmp_path):
    write_whole(tmp_path / "a", b"satu")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder") as refused:
        write_whole(tmp_path / "folder", b"dua")
    assert reason_of(refused.value) == "itu folder, bukan berkas"
    assert (tmp_path / "a").read_bytes() == b"satu"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a", "folder"]


def test_a_result_is_not_promised_where_it_cannot_go(tmp_path):
    (tmp_path / "berkas").write_bytes(b"")
    require_writable(tmp_path / "baru.json")
    for place in (tmp_path, tmp_path / "tidak/ada", tmp_path / "berkas/ada"):
        with pytest.raises(OSError, match=r"berkas|directory"):
            require_writable(place)


def test_a_point_outside_its_desa_is_found_where_a_polygon_can_tell():
    inside, far = Point("33.16.01.2001", -7.2526, 111.3459), Point("33.16.01.2001", -7.0, 111.4)
    unknown = Point("94.01.01.2001", -7.0, 111.4)
    found = metres_outside([far, unknown])
    assert 15_000 < found[far] < 60_000
    assert unknown not in found
    assert Point("33.16", inside.lat, inside.lon) not in metres_outside(
        [Point("33.16", inside.lat, inside.lon)]
    )


def test_two_offices_being_prepared_at_once_both_end_well(tmp_path):
    environment = os.environ | {"TEPAT_HOME": str(tmp_path / "kantor")}
    command = [sys.executable, "-c", "from tepat.cli import main; main()", "siapkan", "--json"]
    both = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    answers = [each.communicate() for each in both]
    assert [each.returncode for each in both] == [0, 0], answers


def test_an_account_is_not_made_for_an_area_nobody_knows(tepat, monkeypatch):
    monkeypatch.setenv("TEPAT_KATA_SANDI", "Kunci-Panjang-2024x")
    assert tepat("siapkan", "--area", "33.73").returncode == 0
    done = tepat("akun", "budi", "--role", "PPS", "--name", "Budi", "--area", "99.99.99.9999")
    assert done.returncode == 2
    assert done.stderr.strip().endswith("[ACCOUNT-AREA]")
    assert tepat("akun", "budi", "--role", "PPS", "--name", "Budi", "--area", "33.73.01.1001").returncode == 0


def test_a_pdf_is_no_list(tepat, tmp_path):
    (tmp_path / "daftar.csv").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n")
    done = tepat("import", "tps", "daftar.csv", "--dry-run")
    assert done.returncode == 2
    assert "berkas PDF" in done.stderr
    assert done.stderr.strip().endswith("[IMPORT-FILE-NO-TABLE]")


def test_a_decimal_comma_never_becomes_another_place(tepat, tmp_path):
    (tmp_path / "tempat.csv").write_text("id,lat,lon\nA,47,14,9,52\n")
    done = tepat("roads", "matrix", "tempat.csv", "--class", "truk", "--out", "m.csv")
    assert done.returncode == 2
    assert "[ROADS-ROW-WIDTH]" in done.stderr
    assert not (tmp_path / "m.csv").exists()


def test_a_matrix_names_the_places_that_lie_elsewhere():
    places = (Place("A", -7.0, 111.4, "Balai", "33.16.01.2001"), Place("B", -7.0, 111.4))
    (finding,) = elsewhere(places)
    assert "Balai" in finding.text
    assert "33.16.01.2001" in finding.text
