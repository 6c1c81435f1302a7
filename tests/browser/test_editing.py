"""A plan changed by hand in a real browser: with mouse, finger or keys alone, and without scripts."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.browser.conftest import Enter, Site, Visitor
from tests.browser.test_every_screen import look

PLAN = 3
HOME = f"/distribusi/rencana/{PLAN}/sunting/"


@pytest.fixture
def clerk(enter: Enter, full_site: Site) -> Iterator[Any]:
    """Return a way to the editing page; afterwards the draft is thrown away."""
    opened: list[Visitor] = []

    def come(**more: Any) -> Visitor:
        visitor = enter(full_site, "kasubbag", **more)
        visitor.go(HOME)
        opened.append(visitor)
        return visitor

    yield come
    page = opened[-1].page
    opened[-1].go(HOME)
    drop = page.get_by_role("button", name="Buang suntingan")
    if drop.count():
        drop.click()


def cards(page: Any) -> Any:
    return page.locator("[data-trip][data-asal]")


def names(card: Any) -> list[str]:
    return [text.removeprefix("⠿").strip() for text in card.locator(".pegangan").all_inner_texts()]


def steps(page: Any) -> int:
    """Return how many changes the page counts."""
    return int(page.locator("#perubahan tbody tr").count())


def drag(page: Any, start: Any, end: Any) -> None:
    """Drag with the mouse from the middle of one thing to the middle of another."""
    start.scroll_into_view_if_needed()
    a = start.bounding_box()
    page.mouse.move(a["x"] + a["width"] / 2, a["y"] + a["height"] / 2)
    page.mouse.down()
    b = end.bounding_box()
    page.mouse.move(b["x"] + b["width"] / 2, b["y"] + b["height"] / 2, steps=8)
    with page.expect_navigation():
        page.mouse.up()


def long_card(page: Any) -> Any:
    """Return the first trip with three stops or more."""
    every = cards(page)
    for number in range(every.count()):
        if every.nth(number).locator(".perhentian").count() > 2:
            return every.nth(number)
    raise AssertionError("no trip with three stops")


def test_a_stop_dragged_with_the_mouse_changes_its_turn(clerk: Any) -> None:
    page = clerk().page
    card = long_card(page)
    before = names(card)
    drag(page, card.locator(".seret").nth(0), card.locator(".perhentian").nth(1))
    assert page.get_by_role("alert").count() == 0
    assert names(long_card(page))[:2] == [before[1], before[0]]
    assert steps(page) == 1
    assert re.search(r"[+−]Rp[\d.]+", page.locator("#putusan").inner_text())
    page.get_by_role("button", name="Batalkan yang terakhir").click()
    assert names(long_card(page)) == before
    page.get_by_role("button", name="Ulangi").click()
    assert names(long_card(page))[:2] == [before[1], before[0]]


def test_a_stop_moves_by_arrow_keys_once_it_is_chosen(clerk: Any) -> None:
    page = clerk().page
    card = long_card(page)
    before = names(card)
    handle = card.locator(".pegangan").first
    handle.focus()
    page.keyboard.press("ArrowDown")
    assert steps(page) == 0
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-current')") == "true"
    with page.expect_navigation():
        page.keyboard.press("ArrowDown")
    assert names(long_card(page))[1] == before[0]
    with page.expect_navigation():
        page.keyboard.press("ArrowDown")
    assert names(long_card(page))[2] == before[0]
    assert page.evaluate("document.activeElement.getAttribute('aria-current')") == "true"
    assert steps(page) == 2


def test_a_finger_drags_by_the_grip(clerk: Any, full_site: Site) -> None:
    """On a phone the page scrolls under the finger, but not under the grip."""
    visitor = clerk(size=(360, 640))
    page = visitor.page
    card = long_card(page)
    before = names(card)
    grip = card.locator(".seret").nth(0)
    grip.scroll_into_view_if_needed()
    a, b = grip.bounding_box(), card.locator(".perhentian").nth(1).bounding_box()
    session = page.context.new_cdp_session(page)

    def touch(kind: str, box: Any) -> None:
        points = [] if box is None else [{"x": box["x"] + 20, "y": box["y"] + box["height"] / 2}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", a)
    touch("touchMove", {**a, "y": a["y"] + 12})
    touch("touchMove", b)
    with page.expect_navigation():
        touch("touchEnd", None)
    assert names(long_card(page))[:2] == [before[1], before[0]]


def test_everything_works_without_scripts(clerk: Any) -> None:
    visitor = clerk(scripts=False)
    page = visitor.page
    card = long_card(page)
    name = names(card)[0]
    card.locator(".pegangan").first.click()
    assert page.locator("#seret").is_hidden()
    page.get_by_label("Perhentian ke- (kosong: terakhir)").fill("2")
    page.get_by_role("button", name="Pindahkan").click()
    assert names(long_card(page))[1] == name
    page.get_by_label("Harus dengan kendaraan").select_option(index=0)
    page.get_by_role("button", name="Sematkan").click()
    assert page.get_by_text("Kode: EDIT-").is_visible()
    assert steps(page) == 1


def test_a_broken_pin_is_said_and_the_screens_hold(clerk: Any) -> None:
    visitor = clerk()
    page = visitor.page
    look(visitor, "sunting-awal")
    card = long_card(page)
    vehicle = card.locator("h3").inner_text().partition("· ")[2]
    card.locator(".pegangan").first.click()
    page.get_by_label("Harus dengan kendaraan").wait_for()
    look(visitor, "sunting-terpilih")
    options = page.get_by_label("Harus dengan kendaraan").locator("option").all()
    other = next(
        one.get_attribute("value")
        for one in options[1:]
        if one.get_attribute("value") != vehicle and "LOKAL" not in one.inner_text()
    )
    page.get_by_label("Harus dengan kendaraan").select_option(other)
    page.get_by_label("Alasan").fill("jembatan sempit")
    page.get_by_role("button", name="Sematkan").click()
    page.get_by_text("MELANGGAR ATURAN").wait_for()
    look(visitor, "sunting-melanggar")
    page.get_by_role("button", name="Simpan sebagai versi baru").click()
    assert page.get_by_text("Kode: EDIT-BREACHED").is_visible()
    look(visitor, "sunting-ditolak")
    page.locator("h3 a").first.click()
    page.get_by_role("button", name=re.compile("^Kunci ")).wait_for()
    look(visitor, "sunting-perjalanan")


def test_a_saved_draft_is_a_version_and_says_what_differs(clerk: Any) -> None:
    visitor = clerk()
    page = visitor.page
    card = long_card(page)
    drag(page, card.locator(".seret").nth(0), card.locator(".perhentian").nth(1))
    page.get_by_role("button", name="Simpan sebagai versi baru").click()
    assert page.get_by_role("heading", name="Beda antarversi").is_visible()
    assert page.get_by_text("Tersimpan sebagai versi").is_visible()
    assert page.locator("#beda tbody tr").count() > 0
    look(visitor, "beda-tersimpan")
