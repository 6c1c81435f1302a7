"""What is not sent yet survives a browser that is closed without signal; a second copy goes by pictures."""

import re
from pathlib import Path
from typing import Any

from tests.browser.conftest import FLAGS, Site, Visitor
from tests.browser.field_phone import (
    OpenPhone,
    airplane,
    arrived,
    bind,
    boxes,
    browser_path,
    counted,
    film_of,
    ledger_events,
    person,
    shown,
    type_boxes,
    wait_sent,
)


def test_a_browser_that_was_closed_keeps_everything(
    browser: Any, phone: OpenPhone, field_site: Site, tmp_path: Path
) -> None:
    """Without signal: a count half done, a receipt that waits; another phone reads it and brings it in."""
    me, mine = person(field_site, "maya"), boxes(field_site, "maya")
    first = _open(browser, field_site, tmp_path / "profil")
    bind(first, me["code"])
    airplane(first)
    first.page.get_by_role("link", name=re.compile("Terima 15 kotak")).tap()
    type_boxes(first, mine[:9])
    counted(first, "9 dari 15")
    first.page.context.close()

    second = _open(browser, field_site, tmp_path / "profil", offline=True)
    second.go("/lapangan/")
    second.page.get_by_role("link", name=re.compile("Terima 15 kotak.*9 terhitung")).tap()
    counted(second, "9 dari 15")
    type_boxes(second, mine[9:])
    second.page.get_by_role("button", name="Selesai hitung").tap()
    second.page.get_by_role("button", name="Terima 15 kotak").tap()
    second.page.get_by_role("heading", name="Tanda terima").wait_for()
    second.page.context.close()

    third = _open(browser, field_site, tmp_path / "profil", offline=True)
    third.go("/lapangan/#/simpan")
    third.page.get_by_text("1 catatan belum terkirim.").wait_for()
    third.page.get_by_role("button", name="Tunjukkan kode ke HP lain").tap()
    film = film_of(tmp_path / "salinan.mjpeg", shown(third))
    assert ledger_events(field_site, "custody.accepted", me["person"]) == []
    _carry(phone(film), field_site)
    (accepted,) = arrived(field_site, "custody.accepted", me["person"])
    assert sorted(accepted["objects"]) == sorted(mine)
    airplane(third, on=False)
    third.page.get_by_role("button", name="Kirim sekarang").tap()
    wait_sent(third)
    arrived(field_site, "custody.accepted", me["person"])
    assert third.complaints == []
    third.page.context.close()


def _open(browser: Any, site: Site, profile: Path, *, offline: bool = False) -> Visitor:
    context = browser.browser_type.launch_persistent_context(
        str(profile),
        executable_path=browser_path(),
        args=list(FLAGS),
        viewport={"width": 360, "height": 640},
        device_scale_factor=2,
        has_touch=True,
        is_mobile=True,
        offline=offline,
    )
    visitor = Visitor(context.pages[0], site)
    visitor.page.set_default_timeout(15_000)
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    return visitor


def _carry(other: Visitor, site: Site) -> None:
    bind(other, person(site, "joko")["code"])
    other.go("/lapangan/#/simpan")
    other.page.get_by_role("button", name="Pindai kode dari HP lain").tap()
    other.page.get_by_text("1 catatan disalin ke HP ini.").wait_for(timeout=30_000)
    wait_sent(other)
