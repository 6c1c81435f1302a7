"""What people do on the screens: with keys alone, with a thumb, without scripts, on paper."""

import io
import re
from typing import Any

from tests.browser.conftest import Enter, Site


def test_first_key_leads_past_the_menu(enter: Enter, full_site: Site) -> None:
    visitor = enter(full_site, "kasubbag")
    visitor.go("/kebutuhan/")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.textContent") == "Langsung ke isi"
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "isi"


def test_a_number_opens_its_derivation_by_key(enter: Enter, full_site: Site) -> None:
    visitor = enter(full_site, "kasubbag")
    visitor.go("/kebutuhan/")
    row = visitor.page.get_by_role("row", name=re.compile("^Kotak suara TPS"))
    number = row.locator("summary").first
    number.focus()
    visitor.page.keyboard.press("Enter")
    said = row.locator(".uraian").first
    assert said.is_visible()
    tps = visitor.page.locator(".figur dd").first.inner_text()
    assert f"5 kotak × {tps} TPS" in said.inner_text()
    assert "Sumber:" in said.inner_text()


def test_a_slash_leads_to_the_search_field_from_every_screen(enter: Enter, full_site: Site) -> None:
    visitor = enter(full_site, "kasubbag")
    focused = "document.activeElement.id"
    for path in ("/", "/kebutuhan/tps/", "/distribusi/rencana/1/", "/distribusi/dokumen/", "/sandi/"):
        visitor.go(path)
        visitor.page.keyboard.press("/")
        assert visitor.page.evaluate(focused) == "cari-menu", path
    visitor.page.keyboard.type("TPS 1/Rejowinangun")
    assert visitor.page.locator("#cari-menu").input_value() == "TPS 1/Rejowinangun"
    visitor.page.locator("#cari-menu").fill("Rejowinangun")
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    assert visitor.page.get_by_role("heading", name="Temuan untuk “Rejowinangun”").is_visible()


def test_a_slash_is_a_letter_where_one_types_and_finds_a_folded_menu_s_search(
    enter: Enter, full_site: Site
) -> None:
    visitor = enter(full_site, "kasubbag", size=(683, 384))
    visitor.go("/sandi/")
    field = visitor.page.get_by_label("Kata sandi sekarang")
    field.focus()
    visitor.page.keyboard.press("/")
    assert field.input_value() == "/"
    visitor.page.locator("h1").click()
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("/")
    assert visitor.page.url.endswith("/kantor/cari/")
    visitor.page.keyboard.press("/")
    assert visitor.page.evaluate("document.activeElement.id") == "q"


def test_the_menu_opens_under_a_thumb(enter: Enter, full_site: Site) -> None:
    visitor = enter(full_site, "kasubbag", size=(360, 640))
    visitor.go("/")
    menu = visitor.page.get_by_role("navigation", name="Menu utama")
    assert not menu.is_visible()
    visitor.page.get_by_role("button", name="Menu").click()
    menu.get_by_role("link", name="Daftar TPS").click()
    assert visitor.page.get_by_role("heading", level=1).inner_text().startswith("Daftar TPS")


def test_nothing_is_smaller_than_a_finger(enter: Enter, full_site: Site) -> None:
    """Buttons, fields and links that stand alone are at least 44 px high."""
    script = """(selector) => [...document.querySelectorAll(selector)]
      .filter((one) => one.offsetParent && !['checkbox', 'radio', 'hidden'].includes(one.type))
      .filter((one) => one.getBoundingClientRect().height < 44)
      .map((one) => one.outerHTML.slice(0, 90))"""
    targets = ".tombol, .unduh a, .menu a, .halaman a, .tombol-menu, .isian input, .isian select"
    visitor = enter(full_site, "kasubbag", size=(360, 640))
    for path in ("/", "/kebutuhan/", "/kebutuhan/tps/", "/distribusi/rencana/", "/distribusi/rencana/1/"):
        visitor.go(path)
        assert visitor.page.evaluate(script, targets) == [], path


def test_text_at_twice_its_size(enter: Enter, full_site: Site) -> None:
    """A window of half the width is what 200 % on an office laptop leaves."""
    visitor = enter(full_site, "kasubbag", size=(683, 384))
    for path in ("/", "/kebutuhan/", "/distribusi/rencana/", "/distribusi/rencana/1/", "/distribusi/harga/"):
        visitor.go(path)
        assert visitor.overflow_px() <= 0, path


def test_all_is_there_without_scripts(enter: Enter, full_site: Site) -> None:
    visitor = enter(full_site, "kasubbag", scripts=False)
    visitor.go("/kebutuhan/tps/")
    visitor.page.get_by_label("Cari desa atau kode").fill("33.71.01.1003")
    visitor.page.get_by_role("button", name="Saring").click()
    rows = visitor.page.locator("#tps tbody tr")
    assert rows.count() > 0
    assert all("33.71.01.1003" in text for text in rows.all_inner_texts())
    visitor.go("/distribusi/rencana/1/")
    assert visitor.page.locator("#tempat tbody tr").count() == 20


def _map_ready(page: Any) -> None:
    page.locator("[data-peta-siap]").wait_for(timeout=30_000)


def test_the_map_comes_after_its_table(enter: Enter, full_site: Site) -> None:
    visitor = enter(full_site, "kasubbag")
    visitor.go("/distribusi/rencana/1/")
    _map_ready(visitor.page)
    engine_at, loaded_at = visitor.page.evaluate(
        """() => [performance.getEntriesByType('resource').find((one) => one.name.includes('/peta-'))
                    .startTime,
                  performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd]"""
    )
    assert engine_at >= loaded_at
    drawn = visitor.page.evaluate("document.querySelector('canvas.maplibregl-canvas').width")
    assert drawn > 0
    assert visitor.hosts == {visitor.site.address.removeprefix("http://")}
    assert visitor.complaints == []


def test_every_place_of_the_map_stands_in_its_table(enter: Enter, full_site: Site) -> None:
    visitor = enter(full_site, "kasubbag")
    visitor.go("/distribusi/rencana/1/")
    contents = visitor.page.evaluate(
        "async () => (await fetch(document.querySelector('[data-peta]').dataset.peta)).json()"
    )
    named = {one["properties"]["name"] for one in contents["places"]["features"]}
    warehouses = {
        one["properties"]["name"]
        for one in contents["places"]["features"]
        if one["properties"]["kind"] == "gudang"
    }
    listed = set(visitor.page.locator("#tempat tbody th").all_inner_texts())
    assert named - warehouses == listed


def test_the_map_zooms_with_keys(enter: Enter, full_site: Site) -> None:
    visitor = enter(full_site, "kasubbag")
    visitor.go("/kebutuhan/wilayah/")
    _map_ready(visitor.page)
    label = visitor.page.locator(".peta-label").first
    before = label.bounding_box()
    visitor.page.get_by_role("button", name="Perbesar peta").focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_timeout(300)
    assert label.bounding_box() != before


def test_a_table_goes_to_excel_and_csv(enter: Enter, full_site: Site) -> None:
    from openpyxl import load_workbook

    visitor = enter(full_site, "kasubbag")
    visitor.go("/kebutuhan/wilayah/")
    shown = visitor.page.locator("#kecamatan tbody tr").count()
    with visitor.page.expect_download() as download:
        visitor.page.locator("#kecamatan").get_by_role("link", name=re.compile("^Excel")).click()
    sheet = load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    heads = [cell.value for cell in next(row for row in sheet.iter_rows() if row[1].value == "Kode")]
    assert "TPS Pemilu 2024" in heads
    first = next(row for row in sheet.iter_rows() if row[1].value == "33.71.01")
    assert isinstance(first[heads.index("TPS Pemilu 2024")].value, int)
    with visitor.page.expect_download() as download:
        visitor.page.locator("#kecamatan").get_by_role("link", name=re.compile("^CSV")).click()
    text = download.value.path().read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert len(text.decode("utf-8-sig").splitlines()) == 1 + shown + 1


def test_a_table_goes_to_paper(enter: Enter, full_site: Site) -> None:
    """On paper the head of a table repeats on every page, and no row is lost."""
    import pypdfium2

    visitor = enter(full_site, "kasubbag")
    visitor.go("/kebutuhan/tps/?unduh=cetak&tabel=tps&kertas=f4")
    rows = visitor.page.locator("tbody tr").count()
    pdf = pypdfium2.PdfDocument(io.BytesIO(visitor.page.pdf(prefer_css_page_size=True)))
    pages = [pdf[number].get_textpage().get_text_range() for number in range(len(pdf))]
    assert len(pages) > 1
    width, height = pdf[0].get_size()
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (215, 330)
    assert all("Kode desa" in page for page in pages)
    assert sum(len(re.findall(r"33\.71\.\d\d\.\d{4}", page)) for page in pages) == rows


def test_a_plan_walks_from_kul_to_the_pleno(enter: Enter, full_site: Site) -> None:
    """Draft → sekretaris → pleno → published with minutes; each sees only their own step."""
    path = "/distribusi/rencana/3/"  # the second one is the published one of the example of custody
    kul = enter(full_site, "kasubbag")
    kul.go(path)
    assert kul.page.get_by_role("button", name="Tetapkan rencana").count() == 0
    kul.page.get_by_role("button", name="Ajukan ke sekretaris").click()
    assert kul.page.get_by_text("Rencana diajukan ke sekretaris.").is_visible()

    secretary = enter(full_site, "sekretaris")
    secretary.go(path)
    secretary.page.get_by_role("button", name="Teruskan ke pleno").click()
    assert secretary.page.get_by_role("button", name="Teruskan ke pleno").count() == 0

    commissioner = enter(full_site, "komisioner")
    commissioner.go(path)
    commissioner.page.get_by_label("Nomor berita acara pleno").fill("12/PL.02/3371/2024")
    commissioner.page.get_by_label("Tanggal berita acara").fill("2024-02-05")
    commissioner.page.get_by_label("Alasan memilih rencana ini").fill(
        "termurah, dan serah terima paling sedikit"
    )
    commissioner.page.get_by_role("button", name="Tetapkan rencana").click()
    assert commissioner.page.get_by_text("Ditetapkan dengan berita acara 12/PL.02/3371/2024").is_visible()
    assert (
        commissioner.page.get_by_role("button")
        .filter(has_text=re.compile("Ajukan|Teruskan|Tetapkan"))
        .count()
        == 0
    )


def test_pps_sees_the_own_desa_only(enter: Enter, full_site: Site) -> None:
    visitor = enter(full_site, "budi", size=(360, 640))
    visitor.go("/kebutuhan/tps/")
    codes = set(visitor.page.locator("#tps tbody tr td:nth-of-type(3)").all_inner_texts())
    assert codes == {"33.71.01.1003"}
    assert visitor.go("/distribusi/rencana/1/").status == 404


def test_alternatives_are_asked_for_and_stopped_with_keys_alone(enter: Enter, full_site: Site) -> None:
    visitor = enter(full_site, "kasubbag")
    visitor.go("/distribusi/rencana/1/mengapa/GUDANG-1/")
    button = visitor.page.get_by_role("button", name="Hitung pilihan lain dan biayanya")
    button.focus()
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    assert visitor.page.get_by_role("heading", name="Sedang dihitung").is_visible()
    assert visitor.page.get_by_role("button", name="Hitung pilihan lain").count() == 0
    visitor.page.get_by_role("button", name="Hentikan hitungan").focus()
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    assert visitor.page.get_by_role("heading", name="Sedang dihitung").count() == 0
    assert button.is_visible()
