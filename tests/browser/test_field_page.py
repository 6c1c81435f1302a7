"""The field page in a real browser before the real server: what a tired official does with wet hands."""

import re
from pathlib import Path
from typing import Any

from tests.browser.conftest import Site
from tests.browser.field_phone import (
    LONG_REST,
    OpenPhone,
    Thumb,
    airplane,
    arrived,
    bind,
    boxes,
    camera_film,
    counted,
    film_of,
    label,
    ledger_events,
    person,
    photo_arrived,
    receive_all,
    shown,
    type_boxes,
    typed,
    wait_sent,
)

TAPS_MAX = 6
REFUSING_TAPS_MAX = 8


def test_fifty_boxes_without_signal(phone: OpenPhone, field_site: Site) -> None:
    """Airplane mode, a reload and a new page in between, and the office has it once."""
    me, mine = person(field_site, "pps0"), boxes(field_site, "pps0")
    visitor = phone()
    bind(visitor, me["code"])
    airplane(visitor)
    thumb = Thumb(visitor)
    thumb("link", re.compile("Terima 50 kotak"))
    thumb("button", "Ketik kode")
    type_boxes(visitor, mine[:30])
    counted(visitor, "30 dari 50")
    visitor.page.reload()
    counted(visitor, "30 dari 50")
    thumb("button", "Ketik kode")
    type_boxes(visitor, [*mine[30:], mine[0]])
    counted(visitor, "50 dari 50")
    thumb("button", "Selesai hitung")
    thumb("button", "Terima 50 kotak")
    visitor.page.get_by_text("Sah dan tersimpan di HP ini.").wait_for()
    assert thumb.taps <= TAPS_MAX
    page = visitor.page.context.new_page()
    visitor.page.close()
    visitor.page = page
    visitor.go("/lapangan/")
    page.get_by_text(re.compile("1 tersimpan di HP ini, belum terkirim")).wait_for()
    assert ledger_events(field_site, "custody.accepted", me["person"]) == []
    airplane(visitor, on=False)
    wait_sent(visitor)
    accepted = arrived(field_site, "custody.accepted", me["person"])
    assert [sorted(one["objects"]) for one in accepted] == [sorted(mine)]
    assert accepted[0]["payload"]["missing"] == accepted[0]["payload"]["refused"] == []


def test_a_lost_answer_is_asked_for_again(phone: OpenPhone, field_site: Site) -> None:
    """The office has the event, the phone does not know it: it sends again, and nothing doubles."""
    me, mine = person(field_site, "pps1"), boxes(field_site, "pps1")
    visitor = phone()
    bind(visitor, me["code"])
    lost = []

    def lose(route: Any) -> None:
        lost.append(route.fetch().status)
        route.abort()

    # The page's own requests pass the service worker untouched; there they are caught.
    visitor.page.context.route("**/lapangan/kirim/", lose)
    receive_all(visitor, mine)
    visitor.page.get_by_text(re.compile("1 tersimpan di HP ini")).wait_for()
    visitor.page.wait_for_timeout(1500)
    assert lost[:1] == [200]
    visitor.page.context.unroute_all()
    visitor.go("/lapangan/#/simpan")
    visitor.page.get_by_role("button", name="Kirim sekarang").tap()
    wait_sent(visitor)
    arrived(field_site, "custody.accepted", me["person"])


def test_two_wet_boxes_are_refused(phone: OpenPhone, field_site: Site, tmp_path: Path) -> None:
    me, mine = person(field_site, "pps2"), boxes(field_site, "pps2")
    wet = mine[:2]
    visitor = phone(camera_film(tmp_path / "kamera.mjpeg", [label(box) for box in wet], rest=LONG_REST))
    bind(visitor, me["code"])
    airplane(visitor)
    thumb = Thumb(visitor)
    thumb("link", re.compile("Terima 50 kotak"))
    thumb("button", "Ketik kode")
    type_boxes(visitor, mine[2:])
    before = thumb.taps
    thumb("button", "Kurang / Rusak / Salah")
    thumb("button", "Basah")
    counted(visitor, "2 ditolak")
    thumb("button", "Ambil foto")
    visitor.page.get_by_text("Foto tersimpan").wait_for()
    thumb("button", "Selesai menolak")
    assert thumb.taps - before <= REFUSING_TAPS_MAX
    thumb("button", "Selesai hitung")
    thumb("button", "Terima 48 kotak, tolak 2")
    visitor.page.get_by_text("2 kotak: ").wait_for()
    airplane(visitor, on=False)
    wait_sent(visitor)
    (accepted,) = arrived(field_site, "custody.accepted", me["person"])
    assert accepted["payload"]["how"] == "2s48t", "two by the camera, the others typed"
    refused = accepted["payload"]["refused"]
    assert {(one["object"], one["reason"]) for one in refused} == {(box, "basah") for box in wet}
    assert photo_arrived(field_site, refused[0]["photo"])


def test_a_wrong_box_stops(phone: OpenPhone, field_site: Site) -> None:
    """Full screen, with what to do, without signal; and the count goes on where it was."""
    mine, other = boxes(field_site, "pps3"), boxes(field_site, "pps4")
    visitor = phone()
    bind(visitor, person(field_site, "pps3")["code"])
    airplane(visitor)
    visitor.page.get_by_role("link", name=re.compile("Terima 50 kotak")).tap()
    type_boxes(visitor, mine[:1])
    counted(visitor, "1 dari 50")
    field = visitor.page.get_by_label("Kode di label")
    stops = {
        typed(other[0]): "SALAH DESA",
        label(mine[1], office="3316"): "KOTAK KANTOR LAIN",
        label(mine[1]).replace("PEMILU-2024", "PILKADA-2024"): "PEMILIHAN LAIN",
        label(mine[1]).replace("T1:", "T9:"): "LABEL BELUM DIKENAL",
        typed(mine[1].replace("-001-2", "-088-2")): "SALAH TPS",
        typed(mine[1].replace("-001-2", "-001-9")): "TIDAK ADA DI DAFTAR",
    }
    for text, title in stops.items():
        field.fill(text)
        field.press("Enter")
        stop = visitor.page.get_by_role("alertdialog", name=title)
        stop.wait_for()
        size = stop.bounding_box()
        assert (size["width"], size["height"]) == (360, 640)
        assert visitor.faults() == []
        visitor.page.get_by_role("button", name="Mengerti").tap()
    counted(visitor, "1 dari 50")
    wrong_letter = typed(mine[1])[:-1] + ("A" if typed(mine[1])[-1] != "A" else "B")
    field.fill(wrong_letter)
    field.press("Enter")
    visitor.page.get_by_text("huruf terakhir atau susunannya tidak cocok").wait_for()
    # The same box again is no news, and no alarm.
    field.fill(typed(mine[0]))
    field.press("Enter")
    counted(visitor, "1 dari 50")
    assert visitor.page.get_by_role("alertdialog").count() == 0


def test_labels_are_read_by_the_camera(phone: OpenPhone, field_site: Site, tmp_path: Path) -> None:
    """The browser here has no detector of its own: the bundled one reads, in its worker."""
    mine = boxes(field_site, "pps4")[:12]
    visitor = phone(camera_film(tmp_path / "kamera.mjpeg", [label(box) for box in mine]))
    bind(visitor, person(field_site, "pps4")["code"])
    airplane(visitor)
    visitor.page.get_by_role("link", name=re.compile("Terima 50 kotak")).tap()
    visitor.page.locator(".hitungan", has_text="12 dari 50").wait_for(timeout=30_000)
    assert visitor.page.locator(".kamera").get_attribute("data-pembaca") == "bawaan"


def test_two_phones_without_signal(phone: OpenPhone, field_site: Site, tmp_path: Path) -> None:
    """Offer, count that differs, receipt and the giver's signature, from screen to camera and back."""
    giver, receiver = person(field_site, "sari"), person(field_site, "pps10")
    mine = boxes(field_site, "pps10")
    back = camera_film(tmp_path / "sari.mjpeg", ["kosong"])
    sari = phone(back)
    bind(sari, giver["code"])
    budi = phone(tmp_path / "budi.mjpeg")
    bind(budi, receiver["code"])
    for one in (sari, budi):
        airplane(one)
    sari.page.get_by_role("link", name="Serahkan yang ada pada saya").tap()
    sari.page.get_by_role("link", name=re.compile("PPS Kramat Selatan")).tap()
    sari.page.get_by_role("button", name="Tunjukkan tawaran").tap()
    film_of(tmp_path / "budi.mjpeg", shown(sari))

    budi.page.get_by_role("link", name="Terima dengan memindai tawaran").tap()
    counted(budi, "0 dari 50")
    type_boxes(budi, mine[1:])
    counted(budi, "49 dari 50")
    budi.page.get_by_role("button", name="Selesai hitung").tap()
    budi.page.get_by_text("Hitungan berbeda: 1 kotak belum terlihat").wait_for()
    budi.page.get_by_role("button", name="Laporkan selisih").tap()
    budi.page.get_by_role("button", name="Tunjukkan ke pengantar").tap()
    film_of(back, shown(budi))

    sari.page.get_by_role("button", name="Pindai tanda terima").tap()
    sari.page.get_by_role("heading", name="Selisih 1 kotak").wait_for(timeout=30_000)
    sari.page.get_by_role("button", name="Tanda tangani selisih").tap()
    sari.page.get_by_role("heading", name="Selisih").wait_for()
    # Only Sari finds signal: she carries Budi's receipt to the office as well.
    airplane(sari, on=False)
    wait_sent(sari)
    (accepted,) = arrived(field_site, "custody.accepted", receiver["person"])
    (offered,) = [
        one for one in ledger_events(field_site, "custody.offered", giver["person"]) if one["counter"]
    ]
    assert accepted["payload"]["offer"].replace("-", "") == offered["id"].replace("-", "")
    assert accepted["payload"]["missing"] == [mine[0]]
    signed = ledger_events(field_site, "custody.count-differs")
    named = [one for one in signed if one["payload"]["missing"] == [mine[0]]]
    assert len({one["actor"] for one in named}) == 2
    airplane(budi, on=False)
    budi.page.get_by_role("link", name="Kembali ke tugas").tap()
    wait_sent(budi)
    assert len(ledger_events(field_site, "custody.accepted", receiver["person"])) == 1
