"""Every screen, full, empty and in error, at two sizes: axe finds nothing, nothing overflows or complains."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
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
    "distribusi-rencana-ketahanan": [1],
    "distribusi-rencana-sunting": [2],
    "distribusi-rencana-beda": [2],
    "distribusi-rencana-halangan": "halangan",
    "distribusi-gudang-calon": "calon-gudang",
    "distribusi-rencana-kertas": [1, "rab"],
    "petugas-rencana": [1],
    "petugas-surat": [1],
    "petugas-kursi": "kursi",
    "petugas-orang": "petugas",
    "pemberitahuan-satu": "pemberitahuan",
    "distribusi-rencana-perjalanan": [1, "T-001"],
    "distribusi-rencana-mengapa": [1, f"{AREA}.01.1003"],
    # Known only once it is made: the name under which `prepare.py` wrote it down.
    "kebutuhan-impor-satu": "impor",
    "dokumen-kertas": "kertas",
    "dokumen-balik": "tak-dikenal",
    "orang-satu": "orang",
    "orang-hapus": "orang",
    "peristiwa-satu": "peristiwa",
    "pengawasan-satu": "catatan",
    "pengepakan-kecamatan": [f"{AREA}.03"],
    "pengepakan-wilayah": [f"{AREA}.03.1001"],
    "pengepakan-set": "set",
    "pengepakan-kertas": "set",
    "pengepakan-buka": "kotak-tersegel",
    "pengepakan-meja-satu": "meja",
    "pengepakan-periksa-satu": "periksa",
    "serah-terima-kotak": "kotak",
    "serah-terima-tawaran": "tawaran",
    "serah-terima-kartu-satu": "kartu",
    "serah-terima-nampan-satu": "nampan",
    "kesiapan-kecamatan": [f"{AREA}.03"],
    "garis-waktu-kotak": "kotak",
    "garis-waktu-tps": "tps",
    "garis-waktu-orang": "pembawa",
    "garis-waktu-perjalanan": "perjalanan",
    "pengembalian-kecamatan": [f"{AREA}.03"],
    "pengembalian-rencana": [f"{AREA}.03"],
    "pengembalian-pulang": "pulang",
    "kertas-peristiwa": "peristiwa-selisih",
    "kertas-lapangan-satu": "lembar",
    "serah-terima-terima": "tawaran-gudang",
    "penggantian-satu": "penggantian",
}
# The same screens once more, with other things of the same kind: what went wrong with them shows there.
OTHERS = [
    ("pengepakan-set", "set-dibuka"),
    ("pengepakan-set", "set-lengkap"),
    ("serah-terima-kotak", "kotak-sengketa"),
    ("serah-terima-kotak", "kotak-dicari"),
    ("serah-terima-kotak", "kotak-basah"),
    ("serah-terima-tawaran", "tawaran-selisih"),
    ("garis-waktu-kotak", "kotak-sengketa"),
    ("garis-waktu-kotak", "kotak-basah"),
    ("dokumen-balik", "balik"),
    ("dokumen-balik", "disisihkan"),
]
# The page on phones and what it sends stand in no office frame: their own browser tests look at them.
NO_OFFICE_SCREENS = ("lapangan",)
# Whoever else than the head of KUL may open a screen.
WHO = {"masuk": None, "orang-hapus": "sekretaris"}
# Not pages to look at: answers in JSON, files, forms that only take a POST, pieces of a page, ways to a page.
NOT_SCREENS = {
    "keluar",
    "bahasa",
    "kebutuhan-unduh",
    "distribusi-rencana-hitung",
    "distribusi-rencana-kemajuan",
    "distribusi-rencana-hentikan",
    "distribusi-rencana-langkah",
    "distribusi-rencana-contoh",
    "distribusi-hujan-hitung",
    "distribusi-rencana-ketahanan-hitung",
    "distribusi-rencana-sunting-ubah",
    "distribusi-rencana-sunting-langkah",
    "distribusi-rencana-halangan-susun",
    "distribusi-rencana-halangan-pilih",
    "distribusi-gudang-hitung",
    "distribusi-gudang-hentikan",
    "distribusi-gudang-coret",
    "distribusi-rencana-mengapa-hitung",
    "distribusi-rencana-mengapa-hentikan",
    "distribusi-rencana-kertas-cetak",
    "petugas-susun",
    "petugas-surat-cetak",
    "petugas-kartu",
    "pemberitahuan-jam",
    "pemberitahuan-beri-tahu",
    "pemberitahuan-akui",
    "pemberitahuan-telepon",
    "dokumen-cetak",
    "dokumen-kemajuan",
    "dokumen-hentikan",
    "dokumen-balik-gambar",
    "dokumen-sisihkan",
    "dokumen-ambil",
    "orang-ubah",
    "cadangan-minta",
    "cadangan-kemajuan",
    "pengepakan-siapkan",
    "pengepakan-set-segel",
    "pengepakan-set-pulang",
    "pengepakan-set-selesai",
    "pengepakan-set-keluarkan",
    "pengepakan-meja-kirim",
    "pengepakan-meja-selesai",
    "serah-terima-tarik",
    "serah-terima-selisih",
    "nampan-terima",
    "kertas-lapangan-cetak",
    "kertas-lapangan-bawa",
    "kertas-lapangan-konfirmasi",
    "pengembalian-batal",
}


def _routes() -> dict[str, Any]:
    from django.urls import get_resolver

    return {pattern.name: pattern for pattern in get_resolver().url_patterns if pattern.name}


def _is_file(pattern: Any) -> bool:
    return bool(re.search(r"\.(json|jsonl|xlsx|csv|pdf|tlog-proof|zip|js|jpg)$", str(pattern.pattern)))


def _screens() -> list[str]:
    """Return the names of all screens that can be looked at."""
    return sorted(
        name
        for name, pattern in _routes().items()
        if name not in NOT_SCREENS
        and not name.startswith(NO_OFFICE_SCREENS)
        and not _is_file(pattern)
        and (name in EXAMPLES or not pattern.pattern.converters)
    )


def _path(name: str, site: Site, given: str = "") -> str:
    """Return the path of a screen; `given` names another of the things that were made for it."""
    from django.urls import reverse

    example = given or EXAMPLES.get(name, [])
    if isinstance(example, str):
        found = json.loads((site.home / "contoh.json").read_text(encoding="utf-8"))[example]
        example = found if isinstance(found, list) else [found]
    return reverse(name, args=example)


def test_no_screen_is_left_out() -> None:
    """A new screen with a thing in its address needs an example here, or a word why it is no screen."""
    missing = [
        name
        for name, pattern in _routes().items()
        if pattern.pattern.converters
        and name not in EXAMPLES
        and name not in NOT_SCREENS
        and not name.startswith(NO_OFFICE_SCREENS)
        and not _is_file(pattern)
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


@pytest.mark.parametrize("name", _screens())
def test_full(enter: Enter, full_site: Site, name: str) -> None:
    visitor = enter(full_site, WHO.get(name, "kasubbag"))
    answer = visitor.go(_path(name, full_site))
    assert answer.status == 200
    visitor.page.get_by_role("main").wait_for()
    look(visitor, f"penuh-{name}")


@pytest.mark.parametrize("subject", ["rencana", "T-001", "GUDANG-1", f"jalur:{AREA}.01"])
def test_reasons_of_other_things(enter: Enter, full_site: Site, subject: str) -> None:
    """The same screen for the whole plan, for a trip whose question broke down, a warehouse and a path."""
    visitor = enter(full_site, "kasubbag")
    assert visitor.go(f"/distribusi/rencana/1/mengapa/{subject}/").status == 200
    look(visitor, f"penuh-distribusi-rencana-mengapa-{subject.replace(':', '-')}")


@pytest.mark.parametrize("name", [name for name in _screens() if name not in EXAMPLES])
def test_empty(enter: Enter, empty_site: Site, name: str) -> None:
    """Before anything is imported, each screen says what is missing and what to do; none breaks."""
    visitor = enter(empty_site, WHO.get(name, "kasubbag"))
    answer = visitor.go(_path(name, empty_site))
    assert answer.status == 200
    look(visitor, f"kosong-{name}")


@pytest.mark.parametrize(("name", "given"), OTHERS, ids=[given + " " + name for name, given in OTHERS])
def test_the_same_screen_with_another_thing(enter: Enter, full_site: Site, name: str, given: str) -> None:
    visitor = enter(full_site, "kasubbag")
    assert visitor.go(_path(name, full_site, given)).status == 200
    look(visitor, f"penuh-{name}-{given}")


def test_readiness_at_the_alarm_names_whom_to_call(enter: Enter, full_site: Site) -> None:
    """At H-1 12.00, as it was known then: the TPS without a receipt, each with a person and a number."""
    visitor = enter(full_site, "kasubbag")
    visitor.go(f"/kesiapan/kecamatan/{AREA}.03/?per=2024-02-13T12:00&diketahui=saat-itu")
    rows = visitor.page.locator("table").first.locator("tbody tr")
    assert rows.count() > 0
    assert all("0800-0000-" in text for text in rows.all_inner_texts())
    look(visitor, "penuh-kesiapan-alarm")


@pytest.mark.parametrize("kind", ["strategi", "pengawalan", "petikan", "jadwal"])
def test_every_paper_of_a_plan(enter: Enter, full_site: Site, kind: str) -> None:
    """The RAB is looked at above; the others stand beside it."""
    visitor = enter(full_site, "kasubbag")
    assert visitor.go(f"/distribusi/rencana/1/kertas/{kind}/").status == 200
    look(visitor, f"penuh-kertas-{kind}")


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
    "set-lain": ("/pengepakan/set/999999/", 404),
    "meja-lain": ("/pengepakan/meja/1/", 409),
    "kotak-lain": ("/serah-terima/kotak/999999-999-9/", 404),
    "tawaran-lain": ("/serah-terima/tawaran/00000000-0000-0000-0000-000000000000/", 404),
    "kesiapan-lain": ("/kesiapan/kecamatan/99.99.99/", 404),
    "garis-waktu-lain": ("/garis-waktu/kotak/999999-999-9/", 404),
    "perjalanan-tidak-ada": ("/garis-waktu/perjalanan/T-9999/", 404),
    "pengembalian-lain": ("/pengembalian/kecamatan/99.99.99/", 404),
    "lembar-lain": ("/pengembalian/kertas/ZZZZZZZZZZ/", 404),
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


def test_a_page_that_is_not_ours_is_set_aside_and_taken_back(enter: Enter, full_site: Site) -> None:
    visitor = enter(full_site, "kasubbag", size=(360, 640))
    visitor.go(_path("dokumen-balik", full_site))
    reason = visitor.page.get_by_label("Apa sebenarnya halaman ini?")
    reason.fill("foto lantai")
    visitor.page.get_by_role("button", name="Sisihkan halaman ini").click()
    assert visitor.page.get_by_text("Halaman disisihkan.").is_visible()
    row = visitor.page.locator("#disisihkan").get_by_role("row", name=re.compile("foto lantai"))
    look(visitor, "disisihkan")
    row.get_by_role("link").click()
    visitor.page.get_by_role("button", name="Kembalikan ke antrean").click()
    assert visitor.page.get_by_text("Halaman kembali ke antrean.").is_visible()


def test_each_uploaded_file_says_what_became_of_it(enter: Enter, full_site: Site, tmp_path: Path) -> None:
    """What is no picture is refused beside what is kept; the page says which is which."""
    broken, blank = tmp_path / "rusak.jpg", tmp_path / "kosong.png"
    broken.write_bytes(b"MZ...")
    Image.new("L", (300, 400), "white").save(blank)
    visitor = enter(full_site, "kasubbag")
    visitor.go("/distribusi/dokumen/unggah/")
    visitor.page.locator("input[type=file]").set_input_files([broken, blank])
    visitor.page.get_by_role("button", name="Unggah", exact=True).click()
    assert visitor.page.get_by_text("Kode: PAPER-UNREADABLE").is_visible()
    assert visitor.page.get_by_text("1 halaman tanpa kode QR yang terbaca").is_visible()
    look(visitor, "galat-unggah")


def test_a_weak_password_is_refused_in_words(enter: Enter, full_site: Site) -> None:
    visitor = enter(full_site, "kasubbag")
    visitor.go("/sandi/")
    visitor.page.get_by_label("Kata sandi sekarang").fill("bukan ini sama sekali")
    visitor.page.get_by_label("Kata sandi baru", exact=True).fill("pendek")
    visitor.page.get_by_label("Kata sandi baru, sekali lagi").fill("pendek")
    visitor.page.get_by_role("button", name="Ganti kata sandi").click()
    assert visitor.page.get_by_text("Kata sandi sekarang tidak cocok").is_visible()
    look(visitor, "galat-sandi")


def test_a_new_password_is_shown_once(enter: Enter, full_site: Site) -> None:
    visitor = enter(full_site, "kasubbag")
    path = _path("orang-satu", full_site, "orang-lain")
    visitor.go(path)
    visitor.page.get_by_role("button", name="Buat kata sandi baru").click()
    assert visitor.page.get_by_text("Kata sandi baru untuk dewi").is_visible()
    look(visitor, "sandi-baru")
    visitor.go(path)
    assert visitor.page.get_by_text("Kata sandi baru untuk").count() == 0


def test_rehearsal_shows_that_it_is_one(enter: Enter, rehearsal_site: Site) -> None:
    visitor = enter(rehearsal_site, "kasubbag")
    visitor.go("/")
    assert visitor.page.get_by_text("Mode Latihan").first.is_visible()
    mark = "getComputedStyle(document.body, '::after').content"
    assert visitor.page.evaluate(mark) == '"LATIHAN"'
    look(visitor, "latihan-beranda")
