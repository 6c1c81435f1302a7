"""Petugas in the browser: a gap leads to its seat, the deputy moves up by keyboard, somebody is called."""

import json

from tests.browser.conftest import Enter, Site
from tests.browser.test_every_screen import look


def found(site: Site, name: str) -> list[object]:
    listed: list[object] = json.loads((site.home / "contoh.json").read_text(encoding="utf-8"))[name]
    return listed


def test_a_gap_is_closed_from_the_list_by_keyboard(enter: Enter, full_site: Site) -> None:
    plan, seat = found(full_site, "kursi")
    visitor = enter(full_site, "kasubbag")
    visitor.go(f"/distribusi/rencana/{plan}/petugas/")
    gaps = visitor.page.locator("#celah tbody tr")
    before = gaps.count()
    assert "GAWAT" in gaps.first.inner_text()
    gaps.first.get_by_role("link").first.focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(f"**/petugas/tugas/{seat}/")
    rise = visitor.page.get_by_role("button", name="Wakil naik menggantikan")
    rise.focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.get_by_text("Wakil naik menggantikan. Pilih wakil baru").wait_for()
    look(visitor, "petugas-wakil-naik")
    visitor.go(f"/distribusi/rencana/{plan}/petugas/")
    words = gaps.all_inner_texts()
    assert len(words) == before  # the deputy's seat is empty instead
    assert sum("berhalangan" in text for text in words) < before - 1
    assert any("Belum ada wakil penanggung jawab" in text for text in words)


def test_somebody_is_called_on_a_small_screen(enter: Enter, full_site: Site) -> None:
    plan, person = found(full_site, "petugas")
    visitor = enter(full_site, "kasubbag", size=(360, 640))
    visitor.go(f"/distribusi/rencana/{plan}/petugas/orang/{person}/")
    visitor.page.get_by_role("button", name="Sudah ditelepon: siap bertugas").click()
    assert visitor.page.get_by_text("lewat telepon, dicatat oleh Kasubbag").is_visible()
    look(visitor, "petugas-ditelepon")
