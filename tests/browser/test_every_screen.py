"""Every screen, full, empty and in error, at two sizes: axe finds nothing, nothing overflows or complains."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import Enter, Site, Visitor

SIZES = {"kantor": (1366, 768), "hp": (360, 640)}
AREA = "33.71"

# Addresses that need a thing to show; a screen that is missing here fails the test below.
EXAMPLES = {
    "kebutuhan-kecamatan": [f"{AREA}.01"],
    "kebutuhan-desa": [f"{AREA}.01.1003"],
    "kebutuhan-tps-satu": [1],
    "kebutuhan-tempat-satu": [1],
    "distribusi-rencana-satu": [1],
    "distribusi-rencana-perjalanan": [1, "T-001"],
    "distribusi-rencana-mengapa": [1, f"{AREA}.01.1003"],
}
# Not pages to look at: answers in JSON, files, forms that only take a POST, pieces of a page, ways to a page.
NOT_SCREENS = {
    "keluar",
    "bahasa",
    "kebutuhan-unduh",
    # Has no address before a file is given: tests/planning/test_import_screens.py.
    "kebutuhan-impor-satu",
    "distribusi-rencana-hitung",
    "distribusi-rencana-kemajuan",
    "distribusi-rencana-hentikan",
    "distribusi-rencana-langkah",
    "distribusi-rencana-contoh",
    "dokumen-cetak",
    "dokumen-kemajuan",
    "dokumen-hentikan",
    "dokumen-balik-gambar",
    # Have no address before papers are printed and came back: tests/distribution/papers/test_screens.py.
    "dokumen-kertas",
    "dokumen-balik",
}


def _routes() -> dict[str, Any]:
    from django.urls import get_resolver

    return {pattern.name: pattern for pattern in get_resolver().url_patterns if pattern.name}


def _is_file(pattern: Any) -> bool:
    return bool(re.search(r"\.(json|jsonl|xlsx|csv|pdf)$", str(pattern.pattern)))


def _screens() -> dict[str, str]:
    """Return the path of every screen by its name."""
    from django.urls import reverse

    paths = {}
    for name, pattern in _routes().items():
        if name in NOT_SCREENS or _is_file(pattern):
            continue
        if not pattern.pattern.converters:
            paths[name] = reverse(name)
        elif name in EXAMPLES:
            paths[name] = reverse(name, args=EXAMPLES[name])
    return paths


def test_no_screen_is_left_out() -> None:
    """A new screen with a thing in its address needs an example here, or a word why it is no screen."""
    missing = [
        name
        for name, pattern in _routes().items()
        if pattern.pattern.converters
        and name not in EXAMPLES
        and name not in NOT_SCREENS
        and not _is_file(pattern)
        and name.startswith(("kebutuhan", "distribusi"))
    ]
    assert missing == []


def look(visitor: Visitor, label: str) -> None:
    """Assert that the page is sound in both windows, and keep pictures of it where TEPAT_SHOTS says."""
    for size, (width, height) in SIZES.items():
        visitor.page.set_viewport_size({"width": width, "height": height})
        if folder := os.environ.get("TEPAT_SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            visitor.page.screenshot(path=f"{folder}/{label}-{size}.png", full_page=True)
        assert visitor.faults() == [], size
        assert visitor.overflow_px() <= 0, size
    assert visitor.complaints == []
    assert visitor.hosts == {visitor.site.address.removeprefix("http://")}


@pytest.mark.parametrize("name", sorted(_screens()))
def test_full(enter: Enter, full_site: Site, name: str) -> None:
    visitor = enter(full_site, None if name == "masuk" else "kasubbag")
    answer = visitor.go(_screens()[name])
    assert answer.status == 200
    visitor.page.get_by_role("main").wait_for()
    look(visitor, f"penuh-{name}")


@pytest.mark.parametrize("name", sorted(name for name in _screens() if name not in EXAMPLES))
def test_empty(enter: Enter, empty_site: Site, name: str) -> None:
    """Before anything is imported, each screen says what is missing and what to do; none breaks."""
    visitor = enter(empty_site, None if name == "masuk" else "kasubbag")
    answer = visitor.go(_screens()[name])
    assert answer.status == 200
    look(visitor, f"kosong-{name}")


def test_before_there_is_an_office(enter: Enter, bare_site: Site) -> None:
    visitor = enter(bare_site, "kasubbag")
    visitor.go("/")
    assert visitor.page.get_by_text("Kantor belum disiapkan.").is_visible()
    look(visitor, "baru-beranda")
    assert visitor.go("/kebutuhan/").status == 409
    look(visitor, "baru-kebutuhan")


ERRORS = {
    "tidak-ada": ("/kebutuhan/desa/99.99.99.9999/", 404),
    "bukan-tabel": ("/kebutuhan/tps/?unduh=xlsx&tabel=tidak-ada", 409),
    "tempat-lain": ("/kebutuhan/tempat/999999/", 404),
    "perjalanan-lain": ("/distribusi/rencana/1/perjalanan/T-9999/", 404),
    "mengapa-lain": ("/distribusi/rencana/1/mengapa/entah/", 409),
}


@pytest.mark.parametrize("name", ERRORS)
def test_error(enter: Enter, full_site: Site, name: str) -> None:
    """What is not there is said in words, with a code, and the way back is open."""
    path, status = ERRORS[name]
    visitor = enter(full_site, "kasubbag")
    assert visitor.go(path).status == status
    assert visitor.page.get_by_text(re.compile("Kode: [A-Z]+-")).is_visible()
    look(visitor, f"galat-{name}")


def test_refused_form(enter: Enter, full_site: Site) -> None:
    """A point far outside its desa is refused with the distance; what was typed stays in the form."""
    visitor = enter(full_site, "kasubbag")
    visitor.go("/kebutuhan/tempat/1/")
    visitor.page.get_by_label("Lintang").fill("-6,2")
    visitor.page.get_by_label("Bujur").fill("106,8")
    visitor.page.get_by_label("Cara kami tahu").fill("uji")
    visitor.page.get_by_role("button", name="Simpan letak").click()
    alert = visitor.page.get_by_role("alert")
    assert re.search(r"Titik itu \d+,\d km di luar", alert.inner_text())
    assert visitor.page.get_by_label("Lintang").input_value() == "-6,2"
    look(visitor, "galat-letak")


def test_rehearsal_shows_that_it_is_one(enter: Enter, rehearsal_site: Site) -> None:
    visitor = enter(rehearsal_site, "kasubbag")
    visitor.go("/")
    assert visitor.page.get_by_text("Mode Latihan").first.is_visible()
    mark = "getComputedStyle(document.body, '::after').content"
    assert visitor.page.evaluate(mark) == '"LATIHAN"'
    look(visitor, "latihan-beranda")
