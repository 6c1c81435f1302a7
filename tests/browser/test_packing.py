"""The packing table in a real browser: a scanner that types, a red stop at once, a server that is away."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from tests.browser.conftest import ROOT, Enter, Site, Visitor, _environment, served
from tests.browser.test_every_screen import look

from tepat.packing.codes import Code, payload

DESA = "33.71.01.1003"
BOX, NEXT, BUNDLE = "011003-001-5", "011003-002-5", "011003-001-A"
SEALED, OTHER, THIRD, FOURTH = (f"011003-{tps:03d}-5" for tps in (3, 4, 5, 6))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A city of its own, so that nobody else's test sees its sets."""
    with served(tmp_path_factory.mktemp("kemas"), "nothing") as found:
        yield found


@pytest.fixture(scope="module")
def session(site: Site) -> int:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "browser" / "prepare_packing.py")],
        env=_environment(site.home),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return int(done.stdout)


@pytest.fixture
def table(enter: Enter, site: Site, session: int) -> Visitor:
    """Sari in front of the table's screen."""
    visitor = enter(site, "sari")
    visitor.go(f"/pengepakan/meja/{session}/?wilayah={DESA}")
    ready(visitor)
    return visitor


def ready(visitor: Visitor) -> None:
    """Wait until the field listens; it takes nothing before."""
    visitor.page.locator("#pindai:focus").wait_for()


def scan(visitor: Visitor, code: str, kind: Any = "kotak") -> None:
    """Type as a scanner does: into whatever has the focus, then Enter."""
    text = payload(Code(kind, code), office="33.71", election="pemilu-2024")
    visitor.page.keyboard.type(text)
    visitor.page.keyboard.press("Enter")


def stop(visitor: Visitor) -> Any:
    return visitor.page.get_by_role("alertdialog")


def saved(visitor: Visitor) -> None:
    visitor.page.get_by_text("Semua tersimpan di server.").wait_for()


def dapil(visitor: Visitor) -> tuple[str, str]:
    """Return the mark that the open box wants, and another one."""
    right = visitor.page.locator(".meja-dapil strong").inner_text()
    return right, "2" if right == "1" else "1"


def test_a_wrong_dapil_fills_the_screen_and_only_a_hand_takes_it_away(table: Visitor) -> None:
    scan(table, BOX)
    _, wrong = dapil(table)
    scan(table, f"DPRDK-{wrong}-0001", "lot")
    assert stop(table).is_visible()
    assert table.page.locator("#henti-judul").inner_text() == "SALAH DAPIL"
    box = stop(table).bounding_box()
    assert (box["width"], box["height"]) == (1366, 768)
    look(table, "kemas-salah-dapil")
    scan(table, f"DPRDK-{wrong}-0001", "lot")  # a scanner's Enter must not wave it away
    assert stop(table).is_visible()
    table.page.keyboard.press("Escape")
    assert stop(table).is_hidden()
    table.page.locator("#pindai:focus").wait_for()
    saved(table)


def test_the_focus_comes_back_to_the_scanner(table: Visitor) -> None:
    table.page.locator("h1").click()
    scan(table, BOX)
    assert table.page.get_by_text("Kotak 5: DPRD KOTA · HIJAU").is_visible()


def test_without_a_server_the_work_goes_on_and_arrives_later(table: Visitor) -> None:
    page = table.page
    scan(table, BOX)
    right, wrong = dapil(table)
    page.context.set_offline(True)
    scan(table, f"DPRDK-{wrong}-0001", "lot")
    assert stop(table).is_visible()
    page.keyboard.press("Escape")
    scan(table, f"DPRDK-{right}-0001", "lot")
    scan(table, NEXT)
    assert page.locator("#henti-judul").inner_text() == "SALAH TPS"
    page.keyboard.press("Escape")
    scan(table, BOX)
    assert page.locator("#henti-judul").inner_text() == "BELUM LENGKAP"
    page.keyboard.press("Escape")
    for item in ("F-CHASIL", "KTG-JUMBO"):
        scan(table, item, "barang")
    assert page.get_by_text("LENGKAP – pindai label kotak sekali lagi").is_visible()
    scan(table, BOX)
    assert page.get_by_text("TERTUTUP").is_visible()
    page.get_by_text("belum terkirim, sejak").wait_for()
    page.context.set_offline(False)
    saved(table)
    table.complaints[:] = [each for each in table.complaints if "ERR_INTERNET_DISCONNECTED" not in each]
    page.reload()
    ready(table)
    scan(table, BOX)
    assert page.get_by_text("TERTUTUP").is_visible()
    look(table, "kemas-tertutup")


def test_what_was_not_sent_survives_a_reload(table: Visitor) -> None:
    """The queue lies in the browser: the page comes back, the scans are sent once."""
    page = table.page
    scan(table, BUNDLE)
    page.route("**/kirim/", lambda route: route.abort())
    scan(table, "BILIK", "barang")
    page.get_by_text("belum terkirim").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    page.unroute("**/kirim/")
    page.reload()
    saved(table)
    page.reload()
    ready(table)
    scan(table, BUNDLE)
    assert page.locator(".meja-isi .ada").count() == 1
    table.complaints[:] = [each for each in table.complaints if "ERR_FAILED" not in each]
    assert table.complaints == []


def airplane(visitor: Visitor, *, on: bool = True) -> None:
    """Take the network away, or give it back; what the browser says of it is no complaint."""
    visitor.page.context.set_offline(on)
    visitor.complaints[:] = [each for each in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in each]


def close_box(visitor: Visitor, box: str) -> None:
    """Fill the box of the DPRD Kota and close it."""
    scan(visitor, box)
    right, _ = dapil(visitor)
    scan(visitor, f"DPRDK-{right}-0001", "lot")
    for item in ("F-CHASIL", "KTG-JUMBO"):
        scan(visitor, item, "barang")
    scan(visitor, box)
    visitor.page.get_by_text("TERTUTUP – pasang segelnya").wait_for()


def seal(visitor: Visitor, number: str) -> None:
    """Scan a seal: what a manufacturer printed on it, no code of ours."""
    visitor.page.keyboard.type(number)
    visitor.page.keyboard.press("Enter")


def test_a_seal_used_twice_is_refused_at_the_table_also_offline(table: Visitor) -> None:
    page = table.page
    close_box(table, SEALED)
    seal(table, "zx-001")
    scan(table, NEXT)  # the seals of this box come first
    assert page.locator("#henti-judul").inner_text() == "SEGEL BELUM DICATAT"
    page.keyboard.press("Escape")
    seal(table, "zx-002")
    look(table, "kemas-segel-dipindai")
    scan(table, SEALED)
    page.get_by_text("TERSEGEL", exact=True).wait_for()
    saved(table)
    page.reload()
    ready(table)
    airplane(table)
    close_box(table, OTHER)
    seal(table, "ZX-002")
    assert page.locator("#henti-judul").inner_text() == "SEGEL SUDAH DIPAKAI"
    page.keyboard.press("Escape")
    seal(table, "ZX-003")
    scan(table, OTHER)
    page.get_by_text("TERSEGEL", exact=True).wait_for()
    page.get_by_role("button", name="Tinggalkan set ini").click()
    close_box(table, THIRD)
    seal(table, "zx-003")
    assert OTHER in page.locator("#henti-kejadian").inner_text()
    airplane(table, on=False)
    saved(table)
    airplane(table, on=False)
    look(table, "kemas-segel-dua-kali")
    page.keyboard.press("Escape")
    table.go("/pengepakan/segel/?nomor=ZX-003")
    assert page.get_by_role("row").filter(has_text=OTHER).count() == 1


def test_the_table_is_loaded_anew_without_a_network(table: Visitor) -> None:
    """What was sent, what was not, and the seals of the open box: all of it is still there."""
    page = table.page
    page.locator("[data-muat-ulang=bisa]").wait_for()
    scan(table, THIRD)
    seal(table, "ZY-001")
    airplane(table)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    ready(table)
    assert page.get_by_role("list", name="Segel yang belum dicatat").inner_text() == "ZY-001"
    scan(table, THIRD)
    page.get_by_role("button", name="Tinggalkan set ini").click()
    close_box(table, FOURTH)
    page.get_by_text("Teruskan bekerja; halaman ini tetap ada walau dimuat ulang.").wait_for()
    page.reload()
    ready(table)
    page.get_by_text("belum terkirim, sejak").wait_for()
    assert page.get_by_text("TERTUTUP – pasang segelnya").is_visible()
    page.get_by_role("button", name="Tinggalkan set ini").click()
    scan(table, THIRD)
    assert page.get_by_text("TERSEGEL", exact=True).is_visible()
    page.select_option("#wilayah", index=0)
    page.get_by_role("button", name="Ganti").click()
    page.get_by_text("wilayah itu belum pernah dibuka di komputer ini").wait_for()
    page.get_by_role("button", name="Tutup giliran").click()
    assert page.locator("#henti-judul").inner_text() == "Belum terkirim"
    page.keyboard.press("Escape")
    airplane(table, on=False)
    saved(table)
    page.reload()
    ready(table)
    airplane(table, on=False)
    assert table.complaints == []


@pytest.mark.parametrize(
    "path",
    [
        "/pengepakan/",
        "/pengepakan/kecamatan/33.71.01/",
        f"/pengepakan/wilayah/{DESA}/",
        "/pengepakan/set/1/",
        "/pengepakan/meja/",
        "/pengepakan/karton/",
        "/pengepakan/label/",
        "/pengepakan/telusur/?kode=011003-001-1",
    ],
)
def test_each_screen_is_sound_with_something_in_it(enter: Enter, site: Site, session: int, path: str) -> None:
    visitor = enter(site, "sari")
    visitor.go(path)
    look(visitor, f"kemas-{path.strip('/').replace('/', '-')}")


def test_a_scanner_fills_seals_without_sending_the_form(enter: Enter, site: Site, session: int) -> None:
    """Its Enter makes room for the next seal; a second Enter goes on."""
    visitor = enter(site, "sari")
    visitor.go(f"/pengepakan/wilayah/{DESA}/")
    visitor.page.get_by_role("link", name="TPS 001").click()
    field = visitor.page.get_by_label("Nomor segel kotak 5")
    field.click()
    for number in ("A100", "A101"):
        visitor.page.keyboard.type(number)
        visitor.page.keyboard.press("Enter")
    assert field.input_value() == "A100 A101 "
    visitor.page.keyboard.press("Enter")
    assert visitor.page.get_by_label("Petugas kedua").first.evaluate("el => el === document.activeElement")
    visitor.page.get_by_label("Petugas kedua").first.select_option(label="Joko")
    visitor.page.get_by_role("button", name="Catat segel").first.click()
    visitor.page.get_by_text("1 kotak tersegel.").wait_for()
    look(visitor, "kemas-set-tersegel")


def test_labels_come_as_a_file_twice(enter: Enter, site: Site, session: int) -> None:
    visitor = enter(site, "sari")
    visitor.go("/pengepakan/label/")
    visitor.page.get_by_label("Untuk").select_option(DESA)
    for _ in range(2):
        with visitor.page.expect_download() as download:
            visitor.page.get_by_role("button", name="Buat PDF").first.click()
        assert download.value.path().read_bytes().startswith(b"%PDF")
