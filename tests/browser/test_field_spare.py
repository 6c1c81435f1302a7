"""A phone is lost at night: a spare card of the PPK makes another phone of it, without any signal."""

from pathlib import Path

from tests.browser.conftest import Site, Visitor
from tests.browser.field_phone import (
    OpenPhone,
    Thumb,
    airplane,
    arrived,
    bind,
    boxes,
    camera_film,
    film_of,
    kept,
    known,
    label,
    person,
    shown,
    wait_sent,
)

TAPS_MAX = 12


def test_a_spare_card_works_without_signal(phone: OpenPhone, field_site: Site, tmp_path: Path) -> None:
    """The new phone works at once, the office believes it later, and the old phone is refused."""
    gita, spare = person(field_site, "gita"), known(field_site)["spares"][0]
    ppk, old = phone(), phone()
    bind(ppk, person(field_site, "wahyu")["code"])
    bind(old, gita["code"])
    film = camera_film(tmp_path / "pengganti.mjpeg", ["kosong"])
    new = phone(film)
    new.go("/lapangan/")
    kept(new)
    for one in (ppk, old, new):
        airplane(one)
    thumb = Thumb(ppk)
    _activate(ppk, spare["number"], thumb)
    film_of(film, shown(ppk))
    _take_over(new, spare, thumb)
    assert thumb.taps <= TAPS_MAX
    new.page.get_by_text("Gita, PPS").wait_for()
    box = boxes(field_site, "gita")[0]
    _look_after(new, box)

    # Only the new phone finds signal: it carries the PPK's word to the office, and its own.
    airplane(new, on=False)
    wait_sent(new)
    (seen,) = arrived(field_site, "custody.seen", gita["person"])
    assert seen["objects"] == [box]
    (activated,) = arrived(field_site, "identity.spare-activated", person(field_site, "wahyu")["person"])
    assert activated["payload"]["person"] == gita["person"]
    new.page.reload()
    new.page.get_by_text("Gita, PPS").wait_for()

    airplane(old, on=False)
    old.go("/lapangan/#/")
    old.page.get_by_role("button", name="Periksa tugas baru").tap()
    old.page.get_by_text("HP ini sudah diganti dengan kartu cadangan").wait_for()
    airplane(ppk, on=False)
    ppk.go("/lapangan/#/simpan")
    ppk.page.get_by_role("button", name="Kirim sekarang").tap()
    wait_sent(ppk)
    arrived(field_site, "identity.spare-activated", person(field_site, "wahyu")["person"])
    _driver(ppk, phone, field_site, tmp_path / "sopir.mjpeg")


def _driver(ppk: Visitor, phone: OpenPhone, field_site: Site, film: Path) -> None:
    """The phone of a driver, who stands at no single post: the card takes his role."""
    fajar, spare = person(field_site, "fajar"), known(field_site)["spares"][1]
    new = phone(camera_film(film, ["kosong"]))
    new.go("/lapangan/")
    kept(new)
    airplane(ppk)
    airplane(new)
    thumb = Thumb(ppk)
    ppk.page.get_by_role("link", name="Tugas").tap()
    _activate(ppk, spare["number"], thumb, "Fajar, PENGEMUDI")
    film_of(film, shown(ppk))
    _take_over(new, spare, thumb)
    new.page.get_by_text("Fajar, PENGEMUDI").wait_for()
    airplane(new, on=False)
    wait_sent(new)
    activated = arrived(field_site, "identity.spare-activated", person(field_site, "wahyu")["person"], 2)
    said = {"number": spare["number"], "person": fajar["person"], "post": "PENGEMUDI"}
    assert said in [one["payload"] for one in activated]


def _activate(ppk: Visitor, number: str, thumb: Thumb, whose: str = "Gita, PPS Rejowinangun Utara") -> None:
    name = whose.partition(",")[0]
    ppk.page.get_by_role("link", name="Aktifkan kartu cadangan").tap()
    ppk.page.get_by_label("Nomor pada kartu cadangan").fill(number.lower())
    chosen = ppk.page.get_by_label("Menjadi kartu milik")
    chosen.select_option(label=whose)
    ppk.page.get_by_role("button", name="Aktifkan").tap()
    thumb.taps += 4
    ppk.page.get_by_text(f"Kartu {number} kini milik {name}.").wait_for()


def _take_over(new: Visitor, spare: dict[str, str], thumb: Thumb) -> None:
    new.page.get_by_label("Atau ketik kode di kartu").fill(spare["code"])
    new.page.get_by_role("button", name="Lanjut").tap()
    new.page.get_by_role("button", name="Kartu cadangan, tanpa sinyal").tap()
    new.page.get_by_role("button", name="Pindai kode di HP PPK").tap()
    new.page.get_by_text(f"Nomor pada kartu harus {spare['number']}.").wait_for(timeout=30_000)
    assert new.faults() == []
    new.page.get_by_role("button", name="Nomornya sama").tap()
    new.page.get_by_role("heading", name="Tugas hari ini").wait_for()
    thumb.taps += 5


def _look_after(new: Visitor, box: str) -> None:
    new.page.get_by_role("link", name="Pindai", exact=True).tap()
    field = new.page.get_by_label("Atau ketik kode label")
    field.fill(label(box))
    field.press("Enter")
    new.page.locator(".hitungan", has_text="1 kotak terlihat").wait_for()
    new.page.get_by_role("button", name="Simpan pemeriksaan").tap()
    new.page.get_by_text("2 tersimpan di HP ini, belum terkirim").wait_for()
