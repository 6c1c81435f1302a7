"""The log on the command line: publish, witness, verify."""

import json
import os

import pytest
from tests.publication.readers import LATER
from typer.testing import CliRunner

from tepat.cli import app
from tepat.common.errors import Refused
from tepat.publication.folders import KEY
from tepat.publication.models import Checkpoint
from tepat.publication.publishing import publish


@pytest.fixture
def run():
    def command(*words):
        done = CliRunner().invoke(app, list(map(str, words)))
        return done.exit_code, done.output, done.exception

    return command


def test_the_commands_from_publishing_over_a_witness_to_checking(office, system, run, tmp_path, monkeypatch):
    monkeypatch.setenv("TEPAT_HOME", str(tmp_path / "saksi-lain"))
    folder = tmp_path / "terbit"
    code, said, _ = run("publish", folder, "--asal", "kpu-blora/uji", "--json")
    assert code == 0, said
    vkey = json.loads(said)["vkey"]
    made = json.loads(run("witness", "init", "--nama", "redaksi", "--json")[1])
    assert run("witness", "add", "--kunci", made["vkey"])[0] == 0
    assert run("publish", folder)[0] == 0
    code, said, _ = run("witness", "cosign", folder, "--kunci", vkey)
    assert (code, "redaksi menyaksikan" in said) == (0, True)
    assert run("witness", "add", folder / "checkpoint.saksi-redaksi")[1].startswith("Saksi baru: tidak ada")
    assert run("publish", folder)[0] == 0
    words = ("verify", folder, "--kunci", vkey, "--saksi", made["vkey"], "--minimal", "1")
    code, said, _ = run(*words)
    assert (code, "TIDAK" in said, "COCOK" in said) == (0, False, True), said
    assert json.loads(run(*words, "--json")[1])["witnesses"] == ["redaksi"]
    (folder / "BACA-SAYA.txt").write_text("x")
    code, said, _ = run(*words)
    assert (code, "BACA-SAYA.txt: isinya berubah" in said) == (1, True)


@pytest.mark.parametrize("words", [["/tidak/ada"], [os.devnull], ["."]])
def test_what_cannot_be_read_is_used_wrongly(run, words, published):
    code, _said, trouble = run("verify", *words, "--kunci", (published / KEY).read_text())
    assert code != 0
    assert isinstance(trouble, Refused)


def test_a_proof_file_is_checked_by_itself(published, system, run, tmp_path):
    publish(published, by=system, at=LATER, proofs=["kotak:7"])
    file = next((published / "bukti").rglob("1.tlog-proof"))
    vkey = (published / KEY).read_text().strip()
    assert run("verify", file, "--kunci", vkey)[0] == 0
    text = file.read_text()
    file.write_text(text.replace("index ", "index 1"))
    assert run("verify", file, "--kunci", vkey)[0] == 1
    file.write_text("bukan bukti")
    assert isinstance(run("verify", file, "--kunci", vkey)[2], Refused)


def test_the_name_is_given_once(published, run, tmp_path):
    assert isinstance(run("publish", tmp_path / "x", "--asal", "lain/nama")[2], Refused)
    assert Checkpoint.objects.values_list("origin", flat=True).distinct().get().startswith("kpu-kabupaten")
