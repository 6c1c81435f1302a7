"""Impor in a real browser: the messy example goes in, its questions are answered, its TPS stand there."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import PASSWORD, ROOT, Enter, Site, Visitor, _environment, served
from tests.browser.test_every_screen import look

ROUNDS_MAX = 6
PREPARE = f"""
from tepat.common import start
start.django()
from tepat.common.acting import system_actor
from tepat.common.actions import Contact, add_account, add_person, give_post
from tepat.common.clock import now
from tepat.common.permissions import Role
from tepat.common.register import load_register
by, at = system_actor(), now()
load_register("33.16", ["pemilu-2024"], by=by, at=at)
person = add_person(by=by, at=at, contact=Contact("Kepala Bagian"))
give_post(by=by, at=at, person=person.pk, role=Role.KUL, area_code="33.16")
add_account(by=by, at=at, person=person.pk, username="kabag", password={PASSWORD!r})
"""


@pytest.fixture(scope="module")
def blora_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Kabupaten Blora with its register of Pemilu 2024; large enough for the messy example."""
    with served(tmp_path_factory.mktemp("blora"), "nothing") as site:
        env = _environment(site.home)
        made = subprocess.run(
            [sys.executable, "-c", PREPARE],
            env=env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert made.returncode == 0, made.stderr[-3000:]
        yield site


def counts(page: Any) -> dict[str, int]:
    """Return what the page counts: findings that block and that ask."""
    figures = page.locator("dl.figur").first.locator("div").all()
    read = {box.locator("dt").inner_text(): box.locator("dd").inner_text() for box in figures}
    return {word: int(read[word].replace(".", "")) for word in ("MENGHALANGI", "BERTANYA")}


class Clerk:
    """Answers questions as somebody would who has the file open beside the page."""

    def __init__(self, page: Any, file: Path) -> None:
        from openpyxl import load_workbook

        self.page, self.book = page, load_workbook(file)

    def answer_all(self) -> int:
        """Answer each question on the page once; return how many there were."""
        questions = self.page.locator("ol.pertanyaan > li").all()
        for question in questions:
            place = question.locator("strong").inner_text()
            self._answer(question, place)
        self.page.get_by_role("button", name="Simpan jawaban dan periksa lagi").click()
        return len(questions)

    def _answer(self, question: Any, place: str) -> None:
        proposed = question.locator("label.pilihan", has_text="(usul)")
        right = question.locator("input[value=pakai]")
        typed = self._typed(question.inner_text(), place)
        if typed:
            question.get_by_role("textbox").fill(typed)
        elif proposed.count():
            proposed.first.locator("input").check()
        elif right.count():
            right.check()
        else:
            question.locator("input[type=radio]").first.check()

    def _typed(self, text: str, place: str) -> str:
        """Return what only the office can know: which desa it is, the missing number, the dapil."""
        sheet, cell = place.split("!")
        column, row = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()
        if "Wanarejeki Contoh" in text:
            absent = self.page.get_by_text(re.compile(r"1 desa di Kecamatan " + sheet)).first.inner_text()
            return str(absent.rpartition(": ")[2].rstrip(". "))
        if "Isian nomor TPS kosong" in text:
            return str(self._at(sheet, column, int(row) - 1) + 1)
        if "Dapil untuk" in text:
            return str(self._at(sheet, column, int(row) + 1))
        if "berisi rumus" in text:
            return str(self._at(sheet, "D", int(row)) + self._at(sheet, "E", int(row)))
        return ""

    def _at(self, sheet: str, column: str, row: int) -> Any:
        return self.book[sheet][f"{column}{row}"].value


def ask_for_the_file(visitor: Visitor, folder: Path) -> Path:
    """Download the messy example as the page offers it."""
    visitor.go("/kebutuhan/impor/")
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name="Unduh contoh berkas berantakan").click()
    file = folder / "daftar.xlsx"
    download.value.save_as(file)
    return file


def test_the_messy_example_is_answered_and_its_tps_stand_in_the_register(
    enter: Enter, blora_site: Site, tmp_path: Path
) -> None:
    visitor = enter(blora_site, "kabag")
    page = visitor.page
    file = ask_for_the_file(visitor, tmp_path)
    page.get_by_label("Berkas", exact=True).set_input_files(file)
    page.get_by_role("button", name="Periksa berkas").click()
    page.get_by_role("heading", name="Yang perlu dijawab atau diperbaiki").wait_for()
    before = counts(page)
    assert before["MENGHALANGI"] > 10
    assert before["BERTANYA"] > 5
    assert page.get_by_role("button", name="Terima seluruh daftar").count() == 0
    findings = page.locator("#temuan")
    for word in (
        "Kolom NIK dibuang",
        "Titik di luar desanya",
        "Titik tampak salah tulis",
        "Desa salah tulis",
    ):
        assert findings.get_by_text(word).count(), word
    assert not re.search(r"\d{16}", page.content())
    look(visitor, "impor-temuan")
    visitor.page.set_viewport_size({"width": 1366, "height": 768})

    clerk = Clerk(page, file)
    for _ in range(ROUNDS_MAX):
        if not page.locator("ol.pertanyaan").count():
            break
        clerk.answer_all()
    left = page.locator("ol.pertanyaan > li").all_inner_texts()
    assert left == []
    assert counts(page) == {"MENGHALANGI": 0, "BERTANYA": 0}
    assert page.get_by_text("Tidak ada yang menghalangi.").is_visible()
    look(visitor, "impor-siap")
    visitor.page.set_viewport_size({"width": 1366, "height": 768})
    page.get_by_role("button", name="Terima seluruh daftar").click()
    assert page.get_by_text(re.compile("Daftar diterima seluruhnya: ")).is_visible()
    assert page.locator("#sudah-diterima tbody tr").count() == 1

    visitor.go("/kebutuhan/tps/?cari=Soko")  # the desa that the file called by another name
    rows = page.locator("#tps tbody tr").all_inner_texts()
    assert rows
    assert all("Soko" in row and "contoh" not in row for row in rows)
    page.locator("#tps tbody tr").first.get_by_role("link").click()
    assert page.get_by_text(re.compile("daftar kantor, impor")).first.is_visible()
    assert visitor.complaints == []


def test_a_cell_that_the_list_does_not_have_is_refused_in_words(
    enter: Enter, blora_site: Site, tmp_path: Path
) -> None:
    visitor = enter(blora_site, "kabag")
    page = visitor.page
    visitor.go("/kebutuhan/impor/")
    page.get_by_role("button", name="Periksa contoh yang berantakan").click()
    page.get_by_label("Sel", exact=True).fill("F9999")
    page.get_by_label("Isi yang benar", exact=True).fill("200")
    page.get_by_role("button", name="Simpan isi sel").click()
    alert = page.get_by_role("alert")
    assert "F9999 tidak dipakai" in alert.inner_text()
    look(visitor, "impor-sel-salah")
    page.get_by_role("button", name="Buang berkas ini").click()
    assert page.get_by_text("Berkas dibuang. Register tidak berubah.").is_visible()
