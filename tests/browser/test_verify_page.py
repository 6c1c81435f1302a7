"""The verify page in a real browser, from a file, without a network: accepts, rejects, finds a TPS."""

import base64
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import ROOT, _axe, _environment

TPS = "TPS-33.71.01.1003-001"
MAKE = """
import sys
from tepat.common import start
start.django()
from tepat.common import ledger
from tepat.common.acting import action, system_actor
from tepat.common.clock import now
from tepat.common.permissions import Permission
from tepat.publication.actions import trust_witness
from tepat.publication.publishing import publish
from pathlib import Path
NOTED = ledger.kind("uji.browser-noted")

@action(Permission.REGISTER_EDIT)
def note(*, by, at):
    for n in range(600):
        about = ledger.About(objects=(f"kotak:{n % 40}", "TPS-33.71.01.1003-001"), place="33.71.01.1003")
        ledger.record(NOTED, {"n": n}, by=by, at=at, about=about)

by = system_actor()
note(by=by, at=now())
trust_witness(by=by, at=now(), vkey=sys.argv[2])
publish(Path(sys.argv[1]), by=by, at=now(), proofs=["kotak:7"])
"""


@dataclass(frozen=True)
class Folder:
    """A published folder with its keys, as they are printed outside it."""

    path: Path
    key: str
    witness: str


def _run(home: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        env=_environment(home),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Kota Magelang's log with 600 events of one TPS, cosigned by Bawaslu."""
    home = tmp_path_factory.mktemp("terbit")
    folder = home / "catatan"
    _run(home, str(ROOT / "tests/browser/prepare.py"), "empty", str(home / "rencana"))
    made = json.loads(_run(home, "-m", "tepat", "witness", "init", "--nama", "bawaslu", "--json"))
    _run(home, "-c", MAKE, str(folder), made["vkey"])
    key = (folder / "kunci-log.vkey").read_text().strip()
    _run(home, "-m", "tepat", "witness", "cosign", str(folder), "--kunci", key)
    _run(home, "-m", "tepat", "publish", str(folder))
    return Folder(folder, key, made["vkey"])


@pytest.fixture
def folder(original: Folder, tmp_path: Path) -> Folder:
    """A copy of it, to be spoiled."""
    return Folder(shutil.copytree(original.path, tmp_path / "catatan"), original.key, original.witness)


@pytest.fixture(params=[(1366, 768), (360, 640)], ids=["kantor", "hp"])
def size(request: Any) -> tuple[int, int]:
    """The window's size."""
    return request.param


@pytest.fixture
def page(browser: Any) -> Any:
    """A browser without network that tells of everything it would have fetched."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    made = context.new_page()
    made.asked = []
    made.complaints = []
    made.on("request", lambda one: made.asked.append(one.url))
    made.on("pageerror", lambda error: made.complaints.append(str(error)))
    made.on("console", lambda said: made.complaints.append(said.text) if said.type == "error" else None)
    yield made
    outside = [url for url in made.asked if not url.startswith(("file://", "blob:", "data:"))]
    assert outside == []
    assert made.complaints == []
    context.close()


def check(page: Any, folder: Folder, *, key: str = "", witness: bool = True) -> str:
    """Open the page, choose the folder, give the keys, press the button; return what it says."""
    page.goto((folder.path / "verify.html").as_uri())
    page.get_by_label("Kunci kantor").fill(key or folder.key)
    if witness:
        page.get_by_text("Kunci saksi").click()
        page.get_by_label("Satu kunci setiap baris").fill(folder.witness)
        page.get_by_label("Paling sedikit").fill("1")
    page.get_by_label("Folder catatan terbuka").set_input_files(folder.path)
    page.get_by_role("button", name="Periksa").click()
    page.locator("#hasil").wait_for(timeout=60_000)
    return str(page.locator("#hasil").inner_text())


def test_it_accepts_the_folder_and_finds_the_tps(page: Any, folder: Folder, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    said = check(page, folder)
    assert "✓ COCOK" in said, said
    assert "Disaksikan bawaslu" in said
    assert page.locator("#peringatan").is_hidden()
    page.get_by_label("Kode TPS, desa, atau kotak").fill(TPS.lower())
    assert "600 entri" in page.locator("#jumlah").inner_text()
    assert f"{TPS} (ke-1)" in page.locator("#baris tr").first.inner_text()
    page.get_by_label("Kode TPS, desa, atau kotak").fill("kotak:7")
    assert "15 entri" in page.locator("#jumlah").inner_text()
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) == 0
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": _axe() + ";0"})
    faults = page.evaluate("async () => (await axe.run(document)).violations.map((one) => one.id)")
    assert faults == []


def test_the_folders_own_key_is_offered_but_said_to_prove_no_origin(page: Any, folder: Folder) -> None:
    page.goto((folder.path / "verify.html").as_uri())
    page.get_by_label("Folder catatan terbuka").set_input_files(folder.path)
    page.wait_for_function("document.getElementById('kunci').value !== ''")
    page.get_by_role("button", name="Periksa").click()
    page.locator("#hasil").wait_for(timeout=60_000)
    assert "COCOK" in page.locator("#putusan").inner_text()
    assert page.locator("#peringatan").is_visible()


def _flip(file: Path, at: int) -> None:
    raw = bytearray(file.read_bytes())
    raw[at] ^= 1
    file.write_bytes(raw)


SPOILED = {
    "entri": (lambda at: _flip(at / "tile/entries/001", 900), "Entri 25"),
    "petak": (lambda at: _flip(at / "tile/0/000", 40), "Entri 1 tidak cocok"),
    "petak-atas": (lambda at: _flip(next((at / "tile/1").rglob("000.p/*")), 3), "tile/1/"),
    "akar": (
        lambda at: _flip(at / "checkpoint", at.joinpath("checkpoint").read_bytes().index(b"\n6") + 8),
        "",
    ),
    "hilang": (lambda at: (at / "tile/entries/000").unlink(), "hilang"),
    "berkas": (lambda at: (at / "BACA-SAYA.txt").write_text("palsu"), "BACA-SAYA.txt berubah"),
    "tambahan": (lambda at: (at / "baru.html").write_text("palsu"), "baru.html tidak ada di daftar"),
}


@pytest.mark.parametrize("fault", SPOILED)
def test_it_rejects_what_was_changed_and_names_it(page: Any, folder: Folder, fault: str) -> None:
    spoil, named = SPOILED[fault]
    spoil(folder.path)
    said = check(page, folder, witness=False)
    assert "✗ TIDAK COCOK" in said
    assert named in said
    assert "Bawaslu" in said


def test_without_the_browsers_own_cryptography_it_says_the_same(page: Any, folder: Folder) -> None:
    page.add_init_script("Object.defineProperty(window, 'crypto', {value: {}})")
    assert "✓ COCOK" in check(page, folder)
    signature = (folder.path / "checkpoint").read_text().index("— ") + 70
    text = (folder.path / "checkpoint").read_text()
    swapped = "B" if text[signature] == "A" else "A"
    (folder.path / "checkpoint").write_text(text[:signature] + swapped + text[signature + 1 :])
    assert "Tanda tangan kantor pada checkpoint tidak sah" in check(page, folder)


def test_another_offices_key_and_a_broken_one_are_refused(page: Any, folder: Folder) -> None:
    name, _, material = folder.witness.split("+", 2)
    assert "bukan bawaslu" in check(page, folder, key=folder.witness, witness=False)
    page.get_by_label("Kunci kantor").fill(f"{name}+00000000+{material}")
    page.get_by_role("button", name="Periksa").click()
    assert "Kunci tidak terbaca" in page.locator("#kabar").inner_text()


def test_a_proof_is_checked_by_itself(page: Any, folder: Folder, tmp_path: Path) -> None:
    proof = folder.path / "bukti/kotak_7/15.tlog-proof"
    page.goto((folder.path / "verify.html").as_uri())
    page.get_by_label("Kunci kantor").fill(folder.key)
    page.get_by_label("atau satu berkas bukti").set_input_files(proof)
    page.get_by_role("button", name="Periksa").click()
    page.locator("#hasil").wait_for()
    assert "✓ COCOK" in page.locator("#hasil").inner_text()
    assert "kotak:7 (ke-15)" in page.locator("#baris").inner_text()
    lines = proof.read_text().split("\n")
    entry = base64.b64decode(lines[1].removeprefix("extra ")).replace(b"[15,", b"[14,")
    lines[1] = f"extra {base64.b64encode(entry).decode()}"
    changed = tmp_path / "palsu.tlog-proof"
    changed.write_text("\n".join(lines))
    page.get_by_label("atau satu berkas bukti").set_input_files(changed)
    page.get_by_role("button", name="Periksa").click()
    page.get_by_text("TIDAK COCOK").wait_for()
    assert "tidak ada dalam catatan" in page.locator("#hasil").inner_text()
