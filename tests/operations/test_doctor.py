"""The doctor, the rehearsal and the commands, in this process: each finding says what to do."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db.utils import OperationalError
from tests.conftest import take_away
from typer.testing import CliRunner

from tepat.cli import app
from tepat.common import immutability
from tepat.common.copies import MANIFEST
from tepat.common.documents import path_of
from tepat.common.errors import Refused
from tepat.common.home import secret_key
from tepat.common.models import Account, Area, Document, Event, LedgerIdentity, Place, Post, Tps
from tepat.common.register import load_register
from tepat.operations import doctor, rehearsal
from tepat.operations.doctor import Check, examine
from tepat.publication.background import tick


@pytest.fixture
def magelang(db, system, now, own_home):
    """A small office."""
    own_home.mkdir(parents=True, mode=0o700)
    return load_register("33.71", ["pemilu-2024"], by=system, at=now)


def states(at) -> dict[str, str]:
    return {check.name: check.state for check in examine(at)}


def copied(at) -> None:
    folder = settings.BACKUPS_DIR / "a"
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_text(json.dumps({"made_at": at.isoformat()}))


def test_a_healthy_office_is_well(magelang, now):
    copied(now)
    tick(now)
    found = states(now)
    found.pop("Jurnal", None)
    assert {name for name, state in found.items() if state != "AMAN"} <= {"Ruang disk"}


def test_every_finding_that_is_not_well_says_what_to_do(db, now, own_home):
    checks = examine(now)
    assert all(check.todo for check in checks if check.state != "AMAN")
    assert {check.name for check in checks if check.state == "GAWAT"} >= {"Folder kantor", "Salinan terakhir"}


def test_a_folder_that_others_may_read_and_an_old_copy_are_noticed(magelang, own_home, now):
    own_home.chmod(0o755)
    copied(now - timedelta(days=2))
    found = states(now)
    assert (found["Hak folder"], found["Salinan terakhir"]) == ("PERHATIKAN", "PERHATIKAN")


@pytest.mark.parametrize("left", ["", "pendek", " " * 64])
def test_an_emptied_or_shortened_key_is_serious_and_says_how_to_get_a_new_one(
    magelang, own_home, now, monkeypatch, left
):
    monkeypatch.delenv("TEPAT_SECRET_KEY", raising=False)
    secret_key(own_home)
    assert states(now)["Kunci rahasia"] == "AMAN"
    file = own_home / "kunci-rahasia"
    file.write_text(left)
    found = next(check for check in examine(now) if check.name == "Kunci rahasia")
    assert found.state == "GAWAT"
    assert f"{len(left.strip())} huruf" in found.text
    assert "Hapus berkas itu" in found.todo
    file.unlink()
    secret_key(own_home)
    assert states(now)["Kunci rahasia"] == "AMAN"


def test_a_key_that_others_may_read_or_a_weak_one_from_outside_is_noticed(
    magelang, own_home, now, monkeypatch
):
    monkeypatch.delenv("TEPAT_SECRET_KEY", raising=False)
    secret_key(own_home)
    (own_home / "kunci-rahasia").chmod(0o644)
    assert states(now)["Kunci rahasia"] == "PERHATIKAN"
    monkeypatch.setenv("TEPAT_SECRET_KEY", "rahasia")
    assert states(now)["Kunci rahasia"] == "PERHATIKAN"
    monkeypatch.setenv("TEPAT_SECRET_KEY", "k" * 64)
    assert states(now)["Kunci rahasia"] == "AMAN"


def test_lost_documents_and_lost_triggers_are_serious(magelang, now):
    path_of(Document.objects.get().sha256).unlink()
    take_away(immutability.GUARD)
    found = states(now)
    assert (found["Dokumen"], found["Pengaman buku peristiwa"]) == ("GAWAT", "GAWAT")


def test_a_changed_event_is_serious(magelang, now):
    take_away(immutability.GUARD)
    Event.objects.filter(kind="register.loaded").update(payload={})
    assert states(now)["Buku peristiwa"] == "GAWAT"


def test_a_check_that_breaks_is_itself_a_finding(monkeypatch, db, now):
    def broken(_at):
        """Database."""
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(doctor, "LOOKS", (broken,))
    assert examine(now) == [
        Check("Database", "GAWAT", "Penyimpanan database penuh atau gagal ditulis.", doctor.BROKEN)
    ]


def test_a_process_of_the_other_mode_is_serious(magelang, now, settings):
    settings.LATIHAN = True
    assert states(now)["Buku peristiwa"] == "GAWAT"


def test_a_rehearsal_takes_the_register_and_counts_on_after_it(magelang, system, now, settings, tmp_path):
    file = tmp_path / "register.jsonl"
    rehearsal.write_register(file)
    with pytest.raises(AssertionError, match="only a rehearsal"):
        rehearsal.take_register(by=system, at=now, file=file)
    take_away(immutability.GUARD)
    LedgerIdentity.objects.update(mode="latihan")
    Tps.objects.all().delete()
    Place.objects.all().delete()
    settings.LATIHAN = True
    counts = rehearsal.take_register(by=system, at=now, file=file)
    assert (counts["tps"], counts["places"]) == (353, 17 + 3 + 1)
    assert Tps.objects.exclude(desa__level="desa").count() == 0
    place = Place.objects.create(
        code="gudang-2",
        kind="gudang",
        name="Gudang 2",
        area=Area.objects.get(code="33.71"),
        position_source="contoh",
    )
    assert place.pk > 21
    assert Event.objects.get(kind="rehearsal.register-copied").mode == "latihan"


def test_no_office_no_rehearsal(db):
    with pytest.raises(Refused) as refused:
        rehearsal.copy_register()
    assert refused.value.code == "OFFICE-NONE"


def run(*arguments: str, **environment: str):
    return CliRunner().invoke(app, list(arguments), env=environment, catch_exceptions=True)


def test_setting_up_loads_an_area_and_then_knows_it(db):
    first = run("siapkan", "--area", "33.71", "--election", "pemilu-2024", "--json")
    assert json.loads(first.stdout)["register"]["tps"] == {"pemilu-2024": 353}
    assert "sudah dimuat" in run("siapkan", "--area", "33.71", "--election", "pemilu-2024").stdout


def test_an_account_holds_its_post_in_the_office_s_area(magelang):
    done = run(
        "akun", "sari", "--role", "gudang", "--name", "Sari", TEPAT_KATA_SANDI="kuda baterai staples benar"
    )
    assert done.exit_code == 0, done.output
    account = Account.objects.get(username="sari")
    assert Post.objects.get(person=account.person).area_code == "33.71"
    assert account.person.shown_name == "Sari"


def test_an_account_that_fails_leaves_no_person(magelang):
    done = run("akun", "sari", "--role", "gudang", "--name", "Sari", TEPAT_KATA_SANDI="pendek")
    assert done.exception.code == "ACCOUNT-PASSWORD"
    assert not Post.objects.exists()


def test_the_doctor_answers_json_and_exits_honestly(magelang):
    done = run("doctor", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["good"] is False


def test_the_reference_tables_are_whole(now):
    assert [check.state for check in doctor._tables(now)] == ["AMAN"]


def test_every_operation_s_sentence_has_its_three_parts():
    from tepat.common.messages import table

    for code, sentences in table().items():
        for language, parts in sentences.items():
            assert len(parts) <= 3, (code, language)
            assert parts[0], (code, language)


def test_the_documents_name_every_setting():
    root = Path(__file__).parent.parent.parent
    text = (root / "docs" / "operations.md").read_text(encoding="utf-8")
    import re

    for source in ("settings.py", "common/home.py", "operations/commands.py"):
        code = (root / "src" / "tepat" / source).read_text(encoding="utf-8")
        for name in set(re.findall(r"\"(TEPAT_[A-Z_]+|DATABASE_URL)\"", code)):
            assert f"`{name}`" in text, name
