"""What happens beside the straight way: one phone for two, a copy, a wrong clock, no storage."""

import gzip
import re
from pathlib import Path

import pytest
from tests.browser.conftest import ROOT, Site, Visitor
from tests.browser.field_phone import (
    PIN,
    OpenPhone,
    airplane,
    arrived,
    bind,
    boxes,
    counted,
    draw,
    person,
    receive_all,
    type_boxes,
    wait_sent,
)

BUILD = ROOT / "src" / "tepat" / "static" / "app" / "lapangan"
PAGE_BYTES_MAX = 30 * 1024
SIZES = {"hp": (360, 640), "kantor": (1366, 768)}


def test_a_card_is_for_one_phone(phone: OpenPhone, field_site: Site) -> None:
    card = person(field_site, "pps9")
    first = phone()
    bind(first, card["code"])
    assert first.page.get_by_text("Budi 9").is_visible()
    second = phone()
    second.go(f"/lapangan/#kode={card['code']}")
    second.page.get_by_label("PIN, 6 angka").fill(PIN)
    second.page.get_by_label("PIN sekali lagi").fill("402719")
    second.page.get_by_role("button", name="Daftarkan HP ini").tap()
    second.page.get_by_text("Kedua PIN tidak sama.").wait_for()
    second.page.get_by_label("PIN sekali lagi").fill(PIN)
    second.page.get_by_role("button", name="Daftarkan HP ini").tap()
    second.page.get_by_text("sudah diikat pada HP lain").wait_for()
    assert second.faults() == []


def test_one_phone_for_two(phone: OpenPhone, field_site: Site) -> None:
    """The KPPS has no phone: card and PIN on the PPS's, in airplane mode; another signs with the finger."""
    giver, mine = person(field_site, "pps5"), boxes(field_site, "pps5")
    visitor = phone()
    bind(visitor, giver["code"])
    airplane(visitor)
    receive_all(visitor, mine)
    _give_to(visitor, "KPPS TPS 001", mine[:5])
    visitor.page.get_by_role("button", name=re.compile("^Eko 1")).tap()
    visitor.page.get_by_label("PIN Eko 1").fill("12")
    visitor.page.get_by_role("button", name="Terima 5 kotak").tap()
    visitor.page.get_by_text("PIN harus 6 angka.").wait_for()
    visitor.page.get_by_label("PIN Eko 1").fill(PIN)
    visitor.page.get_by_role("button", name="Terima 5 kotak").tap()
    visitor.page.get_by_text("(satu HP)").wait_for()

    _give_to(visitor, "KPPS TPS 002", mine[5:10])
    visitor.page.get_by_role("button", name=re.compile("^Eko 2")).tap()
    visitor.page.get_by_role("button", name="Lupa PIN").tap()
    draw(visitor)
    visitor.page.get_by_role("button", name="Terima 5 kotak").tap()
    visitor.page.get_by_text("(satu HP)").wait_for()

    airplane(visitor, on=False)
    wait_sent(visitor)
    accepted = arrived(field_site, "custody.accepted", giver["person"], 3)
    one_phone = [one["payload"] for one in accepted if one["payload"]["one_phone"]]
    said = {(one["post"][-3:], one["proof"], one["pin"]) for one in one_phone}
    assert said == {("001", "kartu-pin", "tersegel"), ("002", "tanda-tangan", "lupa")}
    assert {one["receiver"] for one in one_phone} == {
        person(field_site, "eko1")["person"],
        person(field_site, "eko2")["person"],
    }


def _give_to(visitor: Visitor, word: str, some: list[str]) -> None:
    visitor.go("/lapangan/#/")
    visitor.page.get_by_role("link", name="Serahkan yang ada pada saya").tap()
    visitor.page.get_by_role("link", name=re.compile(word)).tap()
    visitor.page.get_by_role("link", name="Penerima tanpa HP (satu HP)").tap()
    type_boxes(visitor, some)
    counted(visitor, f"{len(some)} dari {len(some)}")
    visitor.page.get_by_role("button", name="Selesai hitung").tap()
    visitor.page.get_by_role("link", name="Lanjut: penerima menegaskan").tap()
    visitor.page.get_by_role("heading", name="Siapa yang menerima?").wait_for()


def test_a_copy_reaches_the_office_by_another_phone(
    phone: OpenPhone, field_site: Site, tmp_path: Path
) -> None:
    """The first phone's data is wiped before it found signal; what it had signed is there all the same."""
    me = person(field_site, "pps6")
    lost = phone()
    bind(lost, me["code"])
    airplane(lost)
    receive_all(lost, boxes(field_site, "pps6"))
    lost.page.get_by_role("link", name="Tersimpan", exact=True).tap()
    with lost.page.expect_download() as download:
        lost.page.get_by_role("button", name="Salin ke berkas").tap()
    copy = tmp_path / "salinan.json"
    download.value.save_as(copy)
    lost.page.evaluate("indexedDB.deleteDatabase('tepat-lapangan')")

    other = phone()
    bind(other, person(field_site, "pps7")["code"])
    other.go("/lapangan/#/simpan")
    other.page.get_by_label("Buka berkas salinan").set_input_files(copy)
    other.page.get_by_text("1 catatan disalin ke HP ini.").wait_for()
    wait_sent(other)
    arrived(field_site, "custody.accepted", me["person"])
    other.page.get_by_label("Buka berkas salinan").set_input_files(copy)
    other.page.get_by_text("1 sudah ada.").wait_for()
    (tmp_path / "lain.json").write_text('{"name": "lain"}')
    other.page.get_by_label("Buka berkas salinan").set_input_files(tmp_path / "lain.json")
    other.page.get_by_text("Berkas itu bukan salinan dari halaman ini.").wait_for()


def test_a_wrong_clock_is_said_and_does_no_harm(phone: OpenPhone, field_site: Site) -> None:
    me = person(field_site, "pps8")
    visitor = phone()
    visitor.page.add_init_script(
        "const real = Date.now; Date.now = () => real() + 3 * 3600e3;"
        "const D = Date; globalThis.Date = class extends D {"
        "constructor(...a) { if (a.length) { super(...a); } else { super(D.now()); } } };"
    )
    bind(visitor, me["code"])
    visitor.page.get_by_text("Jam HP ini 3 jam lebih cepat dari jam kantor.").wait_for()
    receive_all(visitor, boxes(field_site, "pps8"))
    wait_sent(visitor)
    arrived(field_site, "custody.accepted", me["person"])


def test_without_storage_it_says_so(phone: OpenPhone) -> None:
    visitor = phone()
    visitor.page.add_init_script("indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); };")
    visitor.go("/lapangan/")
    visitor.page.get_by_role("heading", name="HP ini tidak dapat menyimpan").wait_for()
    assert visitor.page.get_by_text("Serah terima tetap dapat berjalan di kertas").is_visible()
    assert visitor.faults() == []


def test_presence_is_noted_and_holds_nothing(phone: OpenPhone, field_site: Site) -> None:
    me = person(field_site, "dewi")
    visitor = phone()
    bind(visitor, me["code"])
    assert visitor.page.get_by_role("link", name="Terima dengan memindai tawaran").count() == 0
    visitor.page.get_by_role("link", name="Catat kehadiran saya").tap()
    visitor.page.get_by_role("button", name="Saya hadir").tap()
    visitor.page.get_by_role("heading", name="Kehadiran").wait_for()
    wait_sent(visitor)
    (present,) = arrived(field_site, "custody.present", me["person"])
    assert present["payload"]["presence"] == "panwascam"


@pytest.mark.parametrize("size", SIZES)
def test_every_screen_is_sound(phone: OpenPhone, field_site: Site, size: str) -> None:
    """Axe finds nothing, nothing overflows, and what a thumb needs is 48 px high."""
    visitor = phone()
    width, height = SIZES[size]
    visitor.page.set_viewport_size({"width": width, "height": height})
    visitor.go("/lapangan/")
    _sound(visitor, "HP ini belum terdaftar")
    # Whose phone it is does not matter here: one that is bound already keeps its card.
    spare = {"hp": "eko1", "kantor": "eko3"}[size]
    visitor.go(f"/lapangan/#kode={person(field_site, spare)['code']}")
    _sound(visitor, "Daftarkan HP ini")
    bind(visitor, person(field_site, spare)["code"])
    for address, title in (
        ("#/", "Tugas hari ini"),
        ("#/terima/tawaran", "Terima dari pengantar"),
        ("#/periksa-terima/tawaran", "Periksa hitungan"),
        ("#/serah-baru", "Serahkan kepada siapa?"),
        ("#/pindai", "Pindai kotak"),
        ("#/bukti", "Bukti"),
        ("#/simpan", "Tersimpan di HP ini"),
        ("#/hadir/sini", "Kehadiran"),
        ("#/terima/tidak-ada", "Tugas ini tidak ada lagi"),
    ):
        visitor.go(f"/lapangan/{address}")
        _sound(visitor, title)


def _sound(visitor: Visitor, title: str) -> None:
    visitor.page.get_by_role("heading", name=title).wait_for()
    assert visitor.faults() == [], title
    assert visitor.overflow_px() <= 0, title
    small = visitor.page.evaluate(
        """() => [...document.querySelectorAll('a, button, input, select, summary')]
          .filter((one) => one.offsetParent && !one.classList.contains('hanya-pembaca'))
          .filter((one) => one.getBoundingClientRect().height < 48)
          .map((one) => one.outerHTML.slice(0, 90))"""
    )
    assert small == [], title


def test_no_call_that_chrome_87_gets_wrong() -> None:
    """Its `?.` fails beside a spread; the build leaves `?.` as it is."""
    built = (BUILD / "lapangan.js").read_text(encoding="utf-8")
    assert "?." in built
    assert re.findall(r"\?\.[\w$.]*\([^()]*\.\.\.", built) == []


def test_the_page_is_small() -> None:
    """Everything but the two QR libraries: 30 KiB as a phone fetches it."""
    names = ("lapangan.js", "lapangan.css", "sw.js")
    page = sum((BUILD / f"{name}.gz").stat().st_size for name in names)
    shell = ROOT / "src" / "tepat" / "templates" / "field" / "lapangan.html"
    assert page + len(gzip.compress(shell.read_bytes())) <= PAGE_BYTES_MAX
    others = {path.name.split("-")[0] for path in BUILD.glob("*.js")} - set(names)
    assert others == {"pembaca", "tulis.js"}
